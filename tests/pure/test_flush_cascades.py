"""Which objects an operation reaches along relationships."""

from __future__ import annotations

import pytest

from ormolu import exc
from ormolu.orm.flush.cascades import cascade_delete_plan, reachable
from ormolu.orm.instances.state import STATE
from ormolu.orm.mapping import registry, relationship
from ormolu.orm.session.core import SessionBase
from ormolu.schema import Column, ForeignKey, MetaData, Table
from ormolu.types import Integer


class Node:
    """Has children, which follow it everywhere."""


class Leaf:
    """Has no relationship."""


mappers = registry()
metadata = MetaData()
node = Table(
    "node",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("parent_id", Integer, ForeignKey("node.id")),
)
mappers.map_imperatively(
    Node,
    node,
    properties={
        "children": relationship(Node, back_populates="parent", cascade="all"),
        "parent": relationship(
            Node, back_populates="children", remote_side=[node.c.id], cascade=""
        ),
    },
)
mappers.map_imperatively(Leaf, Table("leaf", metadata, Column("id", Integer, primary_key=True)))


def outcome(plan):
    """Run a plan that must need nothing."""
    with pytest.raises(StopIteration) as stop:
        next(plan)
    return stop.value.value


def persist(session, obj):
    obj.__dict__[STATE] = session._membership.shared(type(obj).__mapper__)


def test_a_class_without_relationships_reaches_nothing():
    assert reachable(Leaf(), "save-update") == []


def test_an_unmapped_object_is_refused_by_the_name_of_its_class():
    with pytest.raises(exc.UnmappedInstanceError, match="object"):
        reachable(object(), "save-update")


def test_nearest_objects_come_first_and_each_once():
    leaf = Node()
    root = Node(children=[Node(children=[leaf]), Node()])
    first, second = root.children
    assert reachable(root, "save-update") == [first, second, leaf]


def test_a_relationship_without_the_cascade_is_not_followed():
    root = Node(children=[Node()])
    assert reachable(root.children[0], "save-update") == []


def test_a_circle_ends():
    a, b = Node(), Node()
    a.children.append(b)
    b.children.append(a)
    assert reachable(a, "save-update") == [b]


def test_a_long_chain_needs_no_recursion():
    root = node = Node()
    for _ in range(5000):
        child = Node()
        node.children.append(child)
        node = child
    assert len(reachable(root, "save-update")) == 5000


def test_deleting_reaches_persistent_children_and_leaves_pending_ones():
    session = SessionBase()
    kept, pending = Node(id=2, children=[]), Node(children=[])
    root = Node(id=1, children=[kept, pending])
    persist(session, root)
    persist(session, kept)
    session.add(pending)
    assert outcome(cascade_delete_plan(session, root)) == [kept]
