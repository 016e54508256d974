"""The unit of work as data: what is collected, and the order of the actions."""

from __future__ import annotations

import itertools

import pytest

from ormolu import exc
from ormolu.orm.flush import preview
from ormolu.orm.flush.actions import (
    DeleteLinks,
    DeleteRows,
    InsertLinks,
    InsertRows,
    PostUpdateRows,
    UpdateRows,
)
from ormolu.orm.flush.planner import order, plan
from ormolu.orm.flush.work import collect
from ormolu.orm.instances.state import STATE
from ormolu.orm.mapping import registry, relationship
from ormolu.orm.session.core import SessionBase
from ormolu.schema import Column, ForeignKey, MetaData, Table
from ormolu.types import Integer, String


class Post:
    """Has an author and tags."""


class Author:
    """Has posts, which can be without it, and badges, which can't."""


class Badge:
    """Belongs to one author."""


class Tag:
    """Is on many posts."""


class Node:
    """Has children of its own kind."""


class Widget:
    """Has entries, one of which is its favourite."""


class Entry:
    """Belongs to a widget."""


class Plain:
    """Has no relationship, only a foreign key."""


mappers = registry()
metadata = MetaData()


def table(name, *columns):
    return Table(name, metadata, Column("id", Integer, primary_key=True), *columns)


def refers(name, target):
    return Column(name, Integer, ForeignKey(target))


post_tag = Table(
    "post_tag",
    metadata,
    Column("post_id", Integer, ForeignKey("post.id"), primary_key=True),
    Column("tag_id", Integer, ForeignKey("tag.id"), primary_key=True),
)
node = table("node", refers("parent_id", "node.id"))
widget = table("widget", refers("favourite_id", "entry.id"))
entry = table("entry", refers("widget_id", "widget.id"))
mappers.map_imperatively(
    Post,
    table("post", refers("author_id", "author.id"), Column("title", String)),
    properties={
        "author": relationship(Author, back_populates="posts"),
        "tags": relationship(Tag, secondary=post_tag, back_populates="posts"),
    },
)
mappers.map_imperatively(
    Author,
    table("author", Column("name", String)),
    properties={
        "posts": relationship(Post, back_populates="author"),
        "badges": relationship(Badge, cascade="all, delete-orphan"),
    },
)
mappers.map_imperatively(Badge, table("badge", refers("author_id", "author.id")))
mappers.map_imperatively(
    Tag,
    table("tag"),
    properties={"posts": relationship(Post, secondary=post_tag, back_populates="tags")},
)
mappers.map_imperatively(
    Node,
    node,
    properties={
        "children": relationship(Node, back_populates="parent"),
        "parent": relationship(Node, back_populates="children", remote_side=[node.c.id]),
    },
)
mappers.map_imperatively(
    Widget,
    widget,
    properties={
        "favourite": relationship(Entry, foreign_keys=[widget.c.favourite_id], post_update=True),
        "entries": relationship(Entry, foreign_keys=[entry.c.widget_id], back_populates="widget"),
    },
)
mappers.map_imperatively(
    Entry,
    entry,
    properties={
        "widget": relationship(Widget, foreign_keys=[entry.c.widget_id], back_populates="entries")
    },
)
mappers.map_imperatively(Plain, table("plain", refers("author_id", "author.id")))


def persist(session, *objects):
    """Make objects clean and persistent, as if they had been loaded."""
    for obj in objects:
        mapper = type(obj).__mapper__
        obj.__dict__[STATE] = session._membership.shared(mapper)
        session._identity.add(mapper, obj.id, obj)


def shape(actions):
    return [(type(a), [*a.objects] if hasattr(a, "objects") else [*a.pairs]) for a in actions]


def test_nothing_to_do_is_an_empty_plan():
    assert plan(collect(SessionBase())) == []


def test_objects_without_relationships_are_one_insert_in_order_of_addition():
    session = SessionBase()
    plains = [Plain() for _ in range(3)]
    for each in plains:
        session.add(each)
    work = collect(session)
    assert shape(plan(work)) == [(InsertRows, plains)]
    assert not work.syncs


def test_a_parent_is_inserted_first_whichever_was_added_first():
    session = SessionBase()
    post = Post(title="t")
    session.add(post)
    author = Author(name="a")
    post.author = author
    actions = plan(collect(session))
    assert shape(actions) == [(InsertRows, [author]), (InsertRows, [post])]


def test_the_foreign_key_is_a_symbol_for_the_key_of_the_parent():
    session = SessionBase()
    author = Author(name="a", posts=[Post(title="t")])
    session.add(author)
    insert = plan(collect(session))[1]
    assert {pairs for sync in insert.syncs for pairs in sync.pairs} == {("id", "author_id")}
    assert repr(insert) == "InsertRows(post: <Post title='t'>; author_id = Author.id)" or repr(
        insert
    ).startswith("InsertRows(post: <Post title='t'>; author_id = Author.id; ")


def test_tables_are_ordered_by_foreign_keys_that_no_relationship_follows():
    mappers = [Plain.__mapper__, Author.__mapper__]
    assert [group for group, _ in order(mappers)] == [(mappers[1],), (mappers[0],)]


def test_the_order_of_mappers_is_found_once():
    mappers = {Post.__mapper__, Author.__mapper__}
    assert order(mappers) is order(mappers)


def test_rows_of_a_tree_are_inserted_round_by_round():
    session = SessionBase()
    leaf, other = Node(), Node()
    middle = Node(children=[leaf])
    root = Node(children=[middle, other])
    session.add(leaf)
    session.add(root)
    assert [set(map(id, a.objects)) for a in plan(collect(session))] == [
        {id(root)},
        {id(middle), id(other)},
        {id(leaf)},
    ]


def test_a_deep_chain_is_planned_without_recursion():
    session = SessionBase()
    nodes = [Node() for _ in range(3000)]
    for parent, child in itertools.pairwise(nodes):
        child.parent = parent
    session.add(nodes[-1])
    actions = plan(collect(session))
    assert [action.objects[0] for action in actions] == nodes


def test_two_rows_that_need_each_other_are_refused_by_name():
    session = SessionBase()
    a, b = Node(id=1), Node(id=2)
    a.parent, b.parent = b, a
    session.add(a)
    with pytest.raises(exc.CircularDependencyError, match=r"<Node id=1.*post_update=True"):
        plan(collect(session))


def test_post_update_writes_the_foreign_key_when_both_rows_exist():
    session = SessionBase()
    widget = Widget(entries=[Entry(), Entry()])
    widget.favourite = widget.entries[0]
    session.add(widget)
    assert [type(a) for a in plan(collect(session))] == [InsertRows, InsertRows, PostUpdateRows]


def test_a_pair_of_many_to_many_is_linked_once_though_both_sides_know_it():
    session = SessionBase()
    post, tag = Post(), Tag()
    post.tags.append(tag)
    session.add(post)
    links = [a for a in plan(collect(session)) if isinstance(a, InsertLinks)]
    assert [len(action.pairs) for action in links] == [1]


def test_links_come_after_the_rows_and_go_before_them():
    session = SessionBase()
    post, tag = Post(id=1), Tag(id=1)
    post.tags, tag.posts = [tag], [post]
    persist(session, post, tag)
    session._mark_deleted(post)
    kinds = [type(a) for a in plan(collect(session))]
    assert kinds == [DeleteLinks, DeleteRows]


def test_a_removed_child_is_cleared():
    session = SessionBase()
    post = Post(id=1, author_id=1)
    author = Author(id=1, posts=[post])
    persist(session, author, post)
    author.posts.remove(post)
    work = collect(session)
    cleared = [(sync.sources, sync.targets) for sync in work.syncs.values() if sync.targets]
    assert ([None], [post]) in cleared
    assert [type(a) for a in plan(work)] == [UpdateRows, UpdateRows]


def test_a_child_that_moved_to_another_parent_is_not_cleared():
    session = SessionBase()
    post = Post(id=1, author_id=1)
    first, second = Author(id=1, posts=[post]), Author(id=2, posts=[])
    persist(session, first, second, post)
    second.posts.append(post)
    sources = {id(s) for sync in collect(session).syncs.values() for s in sync.sources}
    assert sources == {id(second)}


def test_an_orphan_is_deleted_and_not_updated():
    session = SessionBase()
    badge = Badge(id=1, author_id=1)
    author = Author(id=1, badges=[badge])
    persist(session, author, badge)
    author.badges.remove(badge)
    actions = plan(collect(session))
    assert shape(actions)[-1] == (DeleteRows, [badge])
    assert all(badge not in a.objects for a in actions[:-1])


def test_children_of_a_deleted_parent_are_cleared_before_it_goes():
    session = SessionBase()
    post = Post(id=1, author_id=1)
    author = Author(id=1, posts=[post], badges=[])
    persist(session, author, post)
    session._mark_deleted(author)
    assert shape(plan(collect(session))) == [(UpdateRows, [post]), (DeleteRows, [author])]


def test_children_are_deleted_before_their_parents():
    session = SessionBase()
    post, author = Post(id=1, author_id=1), Author(id=1, badges=[])
    author.posts = [post]
    persist(session, author, post)
    session._mark_deleted(author)
    session._mark_deleted(post)
    assert shape(plan(collect(session))) == [(DeleteRows, [post]), (DeleteRows, [author])]


def test_a_tree_is_deleted_from_its_leaves():
    session = SessionBase()
    leaf = Node(id=3, parent_id=2, children=[])
    middle = Node(id=2, parent_id=1, children=[leaf])
    root = Node(id=1, children=[middle])
    for node in (root, middle, leaf):
        persist(session, node)
        session._mark_deleted(node)
    assert [a.objects for a in plan(collect(session))] == [[leaf], [middle], [root]]


def test_setting_an_equal_value_is_no_change():
    session = SessionBase()
    author = Author(id=1, name="a")
    persist(session, author)
    author.name = "b"
    author.name = "".join(["a"])
    assert preview(session) == []


def test_the_preview_lists_what_a_flush_would_do():
    session = SessionBase()
    author = Author(id=1, name="a", posts=[], badges=[])
    persist(session, author)
    author.name = "b"
    session.add(Tag())
    assert sorted(map(repr, preview(session))) == [
        "InsertRows(tag: <Tag>)",
        "UpdateRows(author: <Author id=1, name='b'>)",
    ]


def test_only_the_chosen_objects_are_collected():
    session = SessionBase()
    first, second = Plain(), Plain()
    session.add(first)
    session.add(second)
    assert shape(plan(collect(session, [second]))) == [(InsertRows, [second])]


def test_a_related_object_outside_the_session_is_skipped_with_a_warning():
    session = SessionBase()
    post = Post(id=1, author_id=None)
    persist(session, post)
    post.author = author = Author()
    session.expunge(author)
    with pytest.warns(exc.SAWarning, match=r"<Author> not in session.*Post.author"):
        work = collect(session)
    assert not [s for s in work.syncs.values() if s.targets]


def test_a_warning_names_the_object_and_a_long_list_is_cut():
    session = SessionBase()
    for i in range(5):
        session.add(Plain(id=i))
    (action,) = preview(session)
    assert repr(action) == (
        "InsertRows(plain: <Plain id=0>, <Plain id=1>, <Plain id=2>, … 5 objects)"
    )
