"""The functions of ``orm.attributes``: the same programs on both libraries."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import pytest
from library import Library


class Setting:
    """The libraries' names, a model whose values change in place, and a session with a row."""

    def __init__(self, root: str) -> None:
        lib = self.lib = Library(root)
        sql, orm = lib.sql, lib.orm
        self.attributes: Any = importlib.import_module(f"{root}.orm.attributes")
        base = orm.declarative_base()

        class User(base):  # type: ignore[misc, valid-type]
            __tablename__ = "users"
            id = sql.Column(sql.Integer, primary_key=True)
            name = sql.Column(sql.String(20))
            settings = sql.Column(sql.JSON)
            version = sql.Column(sql.Integer, nullable=False)
            posts = orm.relationship("Post", back_populates="author", order_by="Post.id")
            __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

        class Post(base):  # type: ignore[misc, valid-type]
            __tablename__ = "posts"
            id = sql.Column(sql.Integer, primary_key=True)
            author_id = sql.Column(sql.ForeignKey("users.id"))
            author = orm.relationship("User", back_populates="posts")

        self.User, self.Post = User, Post
        self.engine = lib.engine()
        base.metadata.create_all(self.engine)
        self.session = orm.Session(self.engine)
        self.session.add(User(id=1, name="ann", settings={"a": 1}, posts=[Post(id=1), Post(id=2)]))
        self.session.commit()
        self.user = self.session.get(User, 1)
        self.sent = lib.statements(self.engine)

    def error(self, function: Callable[[], Any]) -> Any:
        try:
            return function()
        except Exception as error:
            return type(error).__name__

    def history(self, key: str, **options: Any) -> Any:
        found = self.attributes.get_history(self.user, key, **options)
        return [[getattr(one, "id", one) for one in part] for part in found]


def flagging_writes_what_changed_in_place(s: Setting) -> Any:
    s.user.settings["b"] = 2
    yield s.user in s.session.dirty
    s.session.flush()
    yield len(s.sent)
    s.attributes.flag_modified(s.user, "settings")
    yield s.user in s.session.dirty, s.session.is_modified(s.user), s.history("settings")
    s.session.commit()
    yield s.user.settings, s.user.version


def flagging_twice_or_after_a_change(s: Setting) -> Any:
    s.user.name = "bob"
    s.attributes.flag_modified(s.user, "name")
    yield s.history("name")
    s.session.flush()
    s.attributes.flag_modified(s.user, "name")
    s.attributes.flag_modified(s.user, "name")
    yield s.history("name")
    s.user.name = "cyd"
    yield s.history("name")
    s.session.rollback()
    yield s.user.name, s.history("name"), s.user in s.session.dirty


def flagging_what_is_not_there(s: Setting) -> Any:
    s.session.expire(s.user, ["name"])
    yield s.error(lambda: s.attributes.flag_modified(s.user, "name"))
    yield s.error(lambda: s.attributes.flag_modified(s.user, "nothing"))


def flagging_new_and_detached_objects(s: Setting) -> Any:
    fresh = s.User(id=2, name="new")
    s.attributes.flag_modified(fresh, "name")
    yield s.lib.states(fresh)
    s.session.add(fresh)
    s.attributes.flag_modified(fresh, "name")
    s.session.flush()
    yield fresh.version
    s.session.expunge(s.user)
    s.user.settings["c"] = 3
    s.attributes.flag_modified(s.user, "settings")
    s.session.add(s.user)
    s.session.commit()
    yield s.user.settings


def flagging_a_collection(s: Setting) -> Any:
    yield len(s.user.posts)
    s.attributes.flag_modified(s.user, "posts")
    yield s.user in s.session.dirty, s.history("posts")
    s.session.commit()
    yield len(s.user.posts)


def an_object_that_is_dirty_without_a_change(s: Setting) -> Any:
    seen: list[Any] = []
    s.lib.sql.event.listen(
        s.session, "before_flush", lambda session, *rest: seen.append(list(session.dirty))
    )
    s.attributes.flag_dirty(s.user)
    yield s.user in s.session.dirty, s.session.is_modified(s.user)
    s.session.flush()
    yield seen == [[s.user]], [sql for sql, _ in s.sent], s.user in s.session.dirty


def listeners_hear_of_a_flag(s: Setting) -> Any:
    heard: list[Any] = []
    s.lib.sql.event.listen(s.User.name, "modified", lambda target, _: heard.append(target.name))
    s.user.name = "bob"
    yield list(heard)
    s.attributes.flag_modified(s.user, "name")
    yield heard


def reading_writing_and_deleting(s: Setting) -> Any:
    s.attributes.set_attribute(s.user, "name", "bob")
    yield s.attributes.get_attribute(s.user, "name"), s.history("name")
    post = s.Post(id=9)
    s.session.add(post)
    s.attributes.set_attribute(post, "author", s.user)
    yield [one.id for one in s.user.posts]
    s.attributes.del_attribute(s.user, "name")
    yield s.history("name")
    for function in (s.attributes.get_attribute, s.attributes.del_attribute):
        yield s.error(lambda function=function: function(s.user, "nothing"))


def values_as_if_they_were_loaded(s: Setting) -> Any:
    s.attributes.set_committed_value(s.user, "name", "loaded")
    s.attributes.set_committed_value(s.user, "posts", [])
    yield s.user.name, s.user.posts, s.user in s.session.dirty, s.history("name")
    s.session.commit()
    yield s.user.name, len(s.user.posts)


def histories(s: Setting) -> Any:
    off, without = s.attributes.PASSIVE_OFF, s.attributes.PASSIVE_NO_INITIALIZE
    s.session.expire(s.user)
    yield s.history("name", passive=without), s.history("posts", passive=without)
    yield s.history("name"), s.history("posts", passive=off)
    s.user.posts = [*s.user.posts[1:], s.Post(id=7)]
    yield s.history("posts")
    found = s.attributes.get_history(s.user, "posts")
    yield found.has_changes(), found.empty(), len(found.sum()), type(found).__name__
    yield s.error(lambda: s.attributes.get_history(s.user, "nothing"))


def the_other_names(s: Setting) -> Any:
    a = s.attributes
    yield isinstance(s.User.name, a.InstrumentedAttribute)
    yield isinstance(s.User.posts, a.QueryableAttribute)
    yield a.instance_state(s.user) == s.lib.sql.inspect(s.user), a.instance_dict(s.user)["name"]


PROGRAMS = [
    flagging_writes_what_changed_in_place,
    flagging_twice_or_after_a_change,
    flagging_what_is_not_there,
    flagging_new_and_detached_objects,
    flagging_a_collection,
    an_object_that_is_dirty_without_a_change,
    listeners_hear_of_a_flag,
    reading_writing_and_deleting,
    values_as_if_they_were_loaded,
    histories,
    the_other_names,
]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_attribute_functions(program: Callable[[Setting], Any]) -> None:
    found = []
    for root in ("ormolu", "sqlalchemy"):
        setting = Setting(root)
        found.append(list(program(setting)))
        setting.session.close()
    assert found[0] == found[1]
