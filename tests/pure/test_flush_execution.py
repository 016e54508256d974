"""A flush against a scripted driver: the SQL it sends, and what becomes of the objects."""

from __future__ import annotations

import itertools
import sqlite3

import pytest

from ormolu import event, exc
from ormolu.io.drivers import Outcome
from ormolu.io.loops import run_sync
from ormolu.orm.flush import flush_plan
from ormolu.orm.instances.state import DELETED, PENDING, PERSISTENT, phase_of
from ormolu.orm.mapping import registry, relationship
from ormolu.orm.session.core import SessionBase
from ormolu.orm.session.transaction import SessionTransactionOrigin, TransactionCore
from ormolu.schema import Column, ForeignKey, MetaData, Table
from ormolu.sql import func
from ormolu.sql.text import text
from ormolu.testing import ScriptedDriver, scripted_core
from ormolu.types import Integer, String


class User:
    """Has posts."""


class Post:
    """Belongs to a user."""


class Stamp:
    """Has every kind of default."""


class Doc:
    """Has a version."""


class Pair:
    """Has a composite key."""


mappers = registry()
metadata = MetaData()
mappers.map_imperatively(
    User,
    Table(
        "users",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("name", String, nullable=False),
        Column("email", String),
    ),
    properties={"posts": relationship(Post, back_populates="user")},
)
mappers.map_imperatively(
    Post,
    Table(
        "posts",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("user_id", Integer, ForeignKey("users.id")),
    ),
    properties={"user": relationship(User, back_populates="posts")},
)
mappers.map_imperatively(
    Stamp,
    Table(
        "stamps",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("scalar", Integer, default=7),
        Column("made", String, default=lambda context: str(context.current_parameters["scalar"])),
        Column("server", Integer, server_default=text("9")),
        Column("expression", String, default=func.lower("X")),
        Column("touched", Integer, onupdate=lambda: 5),
    ),
)
docs = Table(
    "docs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("body", String),
    Column("version", Integer),
)
mappers.map_imperatively(Doc, docs, version_id_col=docs.c.version)
mappers.map_imperatively(
    Pair,
    Table(
        "pairs",
        metadata,
        Column("a", Integer, primary_key=True),
        Column("b", Integer, primary_key=True),
        Column("c", Integer),
    ),
)


def session_on(*replies):
    """A session whose connection answers with `replies`."""
    session = SessionBase()
    driver = ScriptedDriver(replies)
    session._core = scripted_core(driver)
    session._transaction = TransactionCore(session, SessionTransactionOrigin.AUTOBEGIN)
    driver.calls.clear()
    return session, driver


def make(cls, **values):
    obj = cls()
    for name, value in values.items():
        setattr(obj, name, value)
    return obj


def loaded(session, cls, **values):
    """An object as a query would have left it."""
    obj = make(cls, **values)
    mapper = cls.__mapper__
    obj.__dict__["_sa_instance_state"] = session._membership.shared(mapper)
    key = tuple(values[name] for name in mapper.pk_keys)
    session._identity.add(mapper, key if len(key) > 1 else key[0], obj)
    return obj


def add(session, *objects):
    for obj in objects:
        session.add(obj)


def flush(session):
    run_sync(flush_plan(session))


def key(value):
    return Outcome(None, None, 1, value)


def test_a_session_with_nothing_to_do_sends_nothing():
    session, driver = session_on()
    flush(session)
    assert driver.calls == []


def test_one_object_learns_its_key_from_lastrowid():
    session, driver = session_on(key(5))
    user = make(User, name="ann")
    add(session, user)
    flush(session)
    assert driver.calls == [
        ("execute", "INSERT INTO users (name, email) VALUES (?, ?)", ("ann", None))
    ]
    assert user.id == 5
    assert user.email is None
    assert phase_of(user) is PERSISTENT
    assert session._identity.get(User.__mapper__, 5) is user
    assert not session._new


def test_many_objects_are_one_statement_and_keys_are_given_in_ascending_order():
    session, driver = session_on([(3,), (1,), (2,)])
    users = [make(User, name=name) for name in "abc"]
    add(session, *users)
    flush(session)
    sql = "INSERT INTO users (name, email) VALUES (?, ?), (?, ?), (?, ?) RETURNING id"
    assert driver.calls == [("fetchall", sql, ("a", None, "b", None, "c", None))]
    assert [user.id for user in users] == [1, 2, 3]


def test_a_large_batch_is_cut_into_statements_of_bounded_length():
    rowids = itertools.count(1)

    def answer(sql, params):
        return [(next(rowids),) for _ in range(sql.count("(?, ?)"))]

    session, driver = session_on(*[answer] * 3)
    users = [make(User, name=str(i)) for i in range(450)]
    add(session, *users)
    flush(session)
    assert [sql.count("(?, ?)") for sql in driver.statements] == [200, 200, 50]
    assert [user.id for user in users] == list(range(1, 451))


def test_given_keys_need_nothing_back_and_use_executemany():
    session, driver = session_on()
    pairs = [make(Pair, a=1, b=2), make(Pair, a=1, b=3)]
    add(session, *pairs)
    flush(session)
    assert driver.calls == [
        (
            "executemany",
            "INSERT INTO pairs (a, b, c) VALUES (?, ?, ?)",
            [(1, 2, None), (1, 3, None)],
        )
    ]
    assert session._identity.get(Pair.__mapper__, (1, 3)) is pairs[1]


def test_given_and_generated_keys_keep_the_order_of_addition():
    session, driver = session_on(key(1), key(9), key(10))
    users = [make(User, name="a"), make(User, name="b", id=9), make(User, name="c")]
    add(session, *users)
    flush(session)
    assert [user.id for user in users] == [1, 9, 10]
    assert [call[2] for call in driver.calls] == [("a", None), (9, "b", None), ("c", None)]


def test_defaults_of_every_kind():
    session, driver = session_on([(1, 9, "x")])
    stamp = make(Stamp, scalar=None)
    add(session, stamp)
    flush(session)
    assert driver.calls == [
        (
            "fetchall",
            "INSERT INTO stamps (scalar, made, expression, touched) VALUES (?, ?, lower(?), ?) "
            "RETURNING id, server, expression",
            (7, "7", "X", None),
        )
    ]
    assert (stamp.scalar, stamp.made, stamp.server, stamp.expression) == (7, "7", 9, "x")


def test_a_child_gets_the_key_its_parent_was_given():
    session, driver = session_on(key(4), [(1,), (2,)])
    user = make(User, name="ann", posts=[Post(), Post()])
    add(session, user)
    flush(session)
    assert driver.calls[1][1:] == (
        "INSERT INTO posts (user_id) VALUES (?), (?) RETURNING id",
        (4, 4),
    )
    assert [post.user_id for post in user.posts] == [4, 4]


def test_updates_of_equal_columns_are_one_executemany_in_key_order():
    session, driver = session_on()
    second = loaded(session, User, id=2, name="b", email=None)
    first = loaded(session, User, id=1, name="a", email=None)
    second.name, first.name = "B", "A"
    flush(session)
    assert driver.calls == [
        ("executemany", "UPDATE users SET name=? WHERE users.id = ?", [("A", 1), ("B", 2)])
    ]
    assert not session._modified


def test_columns_stand_in_the_order_of_the_table_whatever_was_set_first():
    session, driver = session_on(key(None))
    user = loaded(session, User, id=1, name="a", email=None)
    user.email, user.name = "e", "b"
    flush(session)
    assert driver.calls[0][1:] == (
        "UPDATE users SET name=?, email=? WHERE users.id = ?",
        ("b", "e", 1),
    )


def test_an_equal_value_sends_nothing_and_leaves_the_object_clean():
    session, driver = session_on()
    user = loaded(session, User, id=1, name="a", email=None)
    user.name = "b"
    user.name = "a"
    flush(session)
    assert driver.calls == []
    assert not session._modified


def test_a_changed_key_is_looked_up_under_the_old_one():
    session, driver = session_on(Outcome(None, None, 1, None))
    pair = loaded(session, Pair, a=1, b=2, c=3)
    pair.b = 5
    flush(session)
    assert driver.calls[0][1:] == (
        "UPDATE pairs SET b=? WHERE pairs.a = ? AND pairs.b = ?",
        (5, 1, 2),
    )
    assert session._identity.get(Pair.__mapper__, (1, 5)) is pair
    assert session._identity.get(Pair.__mapper__, (1, 2)) is None


def test_an_expression_stands_in_the_text_and_its_value_is_loaded_later():
    session, driver = session_on(Outcome(None, None, 1, None))
    pair = loaded(session, Pair, a=1, b=2, c=3)
    pair.c = Pair.c + 1
    flush(session)
    assert driver.statements == [
        "UPDATE pairs SET c=(pairs.c + ?) WHERE pairs.a = ? AND pairs.b = ?"
    ]
    assert "c" not in pair.__dict__


def test_onupdate_is_written_with_the_change():
    session, driver = session_on(Outcome(None, None, 1, None))
    stamp = loaded(session, Stamp, id=1, scalar=1, touched=None)
    stamp.scalar = 2
    flush(session)
    assert driver.calls[0][1:] == (
        "UPDATE stamps SET scalar=?, touched=? WHERE stamps.id = ?",
        (2, 5, 1),
    )
    assert stamp.touched == 5


def test_a_version_is_counted_and_checked():
    session, driver = session_on(key(1), Outcome(None, None, 1, None))
    doc = make(Doc, body="x")
    add(session, doc)
    flush(session)
    assert doc.version == 1
    doc.body = "y"
    flush(session)
    assert driver.calls[1][1:] == (
        "UPDATE docs SET body=?, version=? WHERE docs.id = ? AND docs.version = ?",
        ("y", 2, 1, 1),
    )
    assert doc.version == 2


def test_a_row_that_is_gone_is_stale_data_and_the_object_is_named():
    session, _ = session_on(Outcome(None, None, 0, None))
    user = loaded(session, User, id=1, name="a", email=None)
    user.name = "b"
    message = (
        r"UPDATE statement on table 'users' expected to update 1 row\(s\); 0 were matched.*id=1"
    )
    with pytest.raises(exc.StaleDataError, match=message):
        flush(session)
    assert session._modified


def test_deletes_are_one_executemany_in_key_order():
    session, driver = session_on()
    pairs = [loaded(session, Pair, a=a, b=1, c=None) for a in (2, 1)]
    for pair in pairs:
        session._mark_deleted(pair)
    flush(session)
    assert driver.calls == [
        ("executemany", "DELETE FROM pairs WHERE pairs.a = ? AND pairs.b = ?", [(1, 1), (2, 1)])
    ]
    assert [phase_of(pair) for pair in pairs] == [DELETED, DELETED]
    assert session._identity.get(Pair.__mapper__, (1, 1)) is None


def test_deleting_what_is_gone_already_is_a_warning():
    session, _ = session_on(Outcome(None, None, 0, None))
    session._mark_deleted(loaded(session, Pair, a=1, b=1, c=None))
    with pytest.warns(exc.SAWarning, match=r"expected to delete 1 row\(s\); 0 were matched"):
        flush(session)


def test_a_failed_flush_takes_its_keys_back_and_names_the_object():
    failure = sqlite3.IntegrityError("UNIQUE constraint failed: posts.user_id")
    session, _ = session_on(key(4), failure)
    post = Post()
    user = make(User, name="ann", posts=[post])
    add(session, user)
    with pytest.raises(exc.IntegrityError, match=r"while inserting <Post user_id=4>: the UNIQUE"):
        flush(session)
    assert "id" not in user.__dict__
    assert "user_id" not in post.__dict__
    assert phase_of(user) is PENDING
    assert set(map(id, session._new.values())) == {id(user), id(post)}


def test_the_row_without_a_required_value_is_found_in_its_batch():
    session, _ = session_on(sqlite3.IntegrityError("NOT NULL constraint failed: users.name"))
    good, bad = make(User, name="a"), make(User, email="b")
    add(session, good, bad)
    with pytest.raises(
        exc.IntegrityError, match=r"<User email='b'>: users\.name is None"
    ) as caught:
        flush(session)
    assert caught.value.objects == (bad,)


def test_the_rows_with_one_unique_value_are_found_in_their_batch():
    session, _ = session_on(sqlite3.IntegrityError("UNIQUE constraint failed: users.email"))
    users = [make(User, name=n, email=e) for n, e in (("a", "x"), ("b", "y"), ("c", "x"))]
    add(session, *users)
    with pytest.raises(exc.IntegrityError) as caught:
        flush(session)
    assert caught.value.objects == (users[0], users[2])


def test_a_key_that_nobody_makes_is_named():
    session, _ = session_on()
    add(session, make(Pair, c=1))
    with pytest.raises(exc.FlushError, match="<Pair c=1> has a NULL identity key"):
        flush(session)


def test_handlers_run_around_the_row_and_may_set_values():
    seen = []

    def before(mapper, connection, target):
        target.c = 8

    def after(mapper, connection, target):
        seen.append(target.c)

    session, driver = session_on()
    session._transaction.connections[0] = FakeEntry(session._core)
    session._public_connection = lambda entry: "connection"
    event.listen(Pair, "before_insert", before)
    event.listen(Pair, "after_insert", after)
    try:
        add(session, make(Pair, a=1, b=1))
        flush(session)
    finally:
        event.remove(Pair, "before_insert", before)
        event.remove(Pair, "after_insert", after)
    assert driver.calls[0][2] == (1, 1, 8)
    assert seen == [8]


class FakeEntry:
    """Stands for a connection enlisted in the session's transaction."""

    def __init__(self, core):
        self.core = core
