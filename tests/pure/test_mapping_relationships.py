"""Relationships: joins from foreign keys, directions, reverse sides, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from ormolu import exc
from ormolu.orm.instances.attributes import Mapped
from ormolu.orm.mapping.aliased import aliased
from ormolu.orm.mapping.cascade import CascadeOptions
from ormolu.orm.mapping.declarative import DeclarativeBase
from ormolu.orm.mapping.joins import MANYTOMANY, MANYTOONE, ONETOMANY
from ormolu.orm.mapping.properties import mapped_column
from ormolu.orm.mapping.registry import configure_mappers
from ormolu.orm.mapping.relationship import backref, relationship
from ormolu.schema import Column, ForeignKey, Table
from ormolu.types import Integer


def base() -> Any:
    return type("Base", (DeclarativeBase,), {})


def two_classes(parent: dict[str, Any], child: dict[str, Any]) -> tuple[Any, Any]:
    """A `Parent` and a `Child` with a foreign key to it, and more in each body."""
    Base = base()
    foreign = {"parent_id": mapped_column(ForeignKey("parent.id"))}
    return (
        type("Parent", (Base,), {"__tablename__": "parent", **key(), **parent}),
        type("Child", (Base,), {"__tablename__": "child", **key(), **foreign, **child}),
    )


def key() -> dict[str, Any]:
    return {"id": mapped_column(Integer, primary_key=True)}


@pytest.fixture(autouse=True)
def no_leftovers() -> Any:
    """A refused mapping would be tried again by the next test's configuration."""
    before = _registries()
    yield
    for each in [r for r in _registries() if r._needs_configure and r not in before]:
        each.dispose()
        each._needs_configure = False


def _registries() -> list[Any]:
    from_module = configure_mappers.__globals__["_registries"]
    return list(from_module)


def test_directions_and_pairs_follow_the_foreign_key() -> None:
    parent, child = two_classes(
        {"children": relationship("Child", back_populates="parent")},
        {"parent": relationship("Parent", back_populates="children")},
    )
    one, many = parent.__mapper__.relationships.children, child.__mapper__.relationships.parent
    assert (one.direction, many.direction) == (ONETOMANY, MANYTOONE)
    assert (one.uselist, many.uselist) == (True, False)
    assert many.uses_get
    assert one.back is many
    assert many.back is one
    parent_id, foreign = parent.__table__.c["id"], child.__table__.c["parent_id"]
    assert one.local_remote_pairs == [(parent_id, foreign)]
    assert many.local_remote_pairs == [(foreign, parent_id)]
    assert one.synchronize_pairs == many.synchronize_pairs == [(parent_id, foreign)]


def test_backref_makes_the_other_side() -> None:
    parent, child = two_classes({"children": relationship("Child", backref="parent")}, {})
    configure_mappers()
    one = parent(children=[child()])
    assert one.children[0].parent is one
    assert child.__mapper__.relationships.parent.direction is MANYTOONE


def test_backref_name_works_as_constructor_keyword_before_first_use() -> None:
    parent, child = two_classes({"children": relationship("Child", backref="parent")}, {})
    one = parent()
    assert child(parent=one).parent is one
    assert len(one.children) == 1


def test_self_reference_goes_by_remote_side() -> None:
    class Node(base()):
        __tablename__ = "node"
        id: Mapped[int] = mapped_column(primary_key=True)
        parent_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
        children = relationship("Node", backref=backref("parent", remote_side=[id.column]))

    relationships = Node.__mapper__.relationships
    assert relationships.children.direction is ONETOMANY
    assert relationships.parent.direction is MANYTOONE
    assert relationships.parent.uses_get
    root = Node(children=[Node()])
    assert root.children[0].parent is root


def test_both_sides_in_one_direction_are_refused() -> None:
    class Node(base()):
        __tablename__ = "node"
        id: Mapped[int] = mapped_column(primary_key=True)
        parent_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
        children = relationship("Node", back_populates="parent")
        parent = relationship("Node", back_populates="children")

    with pytest.raises(exc.ArgumentError, match=r"both of the same direction.*remote_side"):
        configure_mappers()


def test_association_table_gives_two_joins() -> None:
    Base = base()
    link = Table(
        "link",
        Base.metadata,
        Column("left_id", ForeignKey("left.id"), primary_key=True),
        Column("right_id", ForeignKey("right.id"), primary_key=True),
    )

    class Left(Base):
        __tablename__ = "left"
        id: Mapped[int] = mapped_column(primary_key=True)
        rights: Mapped[list[Right]] = relationship(secondary="link", backref="lefts")

    class Right(Base):
        __tablename__ = "right"
        id: Mapped[int] = mapped_column(primary_key=True)

    rel = Left.__mapper__.relationships.rights
    assert rel.direction is MANYTOMANY
    assert rel.secondary is link
    assert rel.synchronize_pairs == [(Left.__table__.c["id"], link.c["left_id"])]
    assert rel.secondary_synchronize_pairs == [(Right.__table__.c["id"], link.c["right_id"])]
    assert Right.__mapper__.relationships.lefts.back is rel


def test_no_foreign_key_names_the_tables() -> None:
    Base = base()
    type("A", (Base,), {"__tablename__": "a", **key(), "bs": relationship("B")})
    type("B", (Base,), {"__tablename__": "b", **key()})
    with pytest.raises(exc.NoForeignKeysError, match=r"A\.bs.*tables 'a' and 'b'"):
        configure_mappers()


def test_two_foreign_keys_are_ambiguous_until_one_is_chosen() -> None:
    more = {"other_id": mapped_column(ForeignKey("parent.id"))}
    two_classes({"children": relationship("Child")}, dict(more))
    with pytest.raises(exc.AmbiguousForeignKeysError, match=r"Parent\.children.*foreign_keys"):
        configure_mappers()


def test_chosen_foreign_key_decides_the_join() -> None:
    more = {"other_id": mapped_column(ForeignKey("parent.id"))}
    parent, child = two_classes(
        {"children": relationship("Child", foreign_keys="Child.other_id")}, more
    )
    pairs = parent.__mapper__.relationships.children.local_remote_pairs
    assert pairs == [(parent.__table__.c["id"], child.__table__.c["other_id"])]


def test_given_condition_may_say_more_than_the_foreign_key() -> None:
    parent, _ = two_classes(
        {
            "children": relationship(
                "Child",
                primaryjoin="and_(Parent.id == Child.parent_id, Child.id > 5)",
                viewonly=True,
            )
        },
        {},
    )
    rel = parent.__mapper__.relationships.children
    assert rel.direction is ONETOMANY
    assert len(rel.local_remote_pairs) == 1


def test_unknown_class_name_is_named_with_those_there_are() -> None:
    two_classes({"children": relationship("Chidl")}, {})
    with pytest.raises(exc.InvalidRequestError, match=r"'Chidl'.*Parent\.children.*Child, Parent"):
        configure_mappers()


def test_back_populates_must_name_a_relationship_of_the_target() -> None:
    two_classes({"children": relationship("Child", back_populates="nope")}, {})
    with pytest.raises(exc.InvalidRequestError, match="has no property 'nope'"):
        configure_mappers()


def test_delete_orphan_belongs_on_the_one_side() -> None:
    two_classes({}, {"parent": relationship("Parent", cascade="all, delete-orphan")})
    with pytest.raises(exc.ArgumentError, match="single_parent=True"):
        configure_mappers()


def test_cascades_are_parsed_with_clear_refusals() -> None:
    cascade = CascadeOptions("all, delete-orphan")
    assert cascade.delete
    assert cascade.delete_orphan
    assert cascade.refresh_expire
    assert CascadeOptions("none") == frozenset()
    with pytest.raises(exc.ArgumentError, match="'deleet'"):
        CascadeOptions("deleet")
    with pytest.raises(exc.ArgumentError, match="viewonly"):
        relationship("X", viewonly=True, cascade="all")
    assert relationship("X").cascade == {"save-update", "merge"}


def test_unknown_loading_is_refused() -> None:
    with pytest.raises(exc.ArgumentError, match="lazy='selectn'"):
        relationship("X", lazy="selectn")


def test_comparison_with_an_object_compares_foreign_keys() -> None:
    parent, child = two_classes(
        {"children": relationship("Child", back_populates="parent")},
        {"parent": relationship("Parent", back_populates="children")},
    )
    condition = child.parent == parent(id=3)
    assert condition.left.value == 3
    assert condition.right is child.__table__.c["parent_id"]
    contains = parent.children.contains(child(parent_id=7))
    assert contains.left is parent.__table__.c["id"]
    assert contains.right.value == 7
    with pytest.raises(exc.InvalidRequestError, match="contains"):
        _ = parent.children == child()
    with pytest.raises(exc.InvalidRequestError, match=r"Use has\(\)"):
        child.parent.any()
    with pytest.raises(exc.InvalidRequestError, match=r"Use any\(\)"):
        parent.children.has()


def test_alias_has_attributes_of_its_own() -> None:
    parent, _ = two_classes({"children": relationship("Child")}, {})
    one, two = aliased(parent), aliased(parent)
    assert one.id is one.id
    assert one.id.expression is not two.id.expression
    assert one.id.expression.table is one._sa_aliased.selectable
    assert one.children.parent is one._sa_aliased
    with pytest.raises(AttributeError, match="nope"):
        _ = one.nope
