"""What isn't supported is a ``NotImplementedError``, as in SQLAlchemy, and says what is."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
import sqlalchemy

import ormolu


def library(sa: Any) -> Any:
    orm = importlib.import_module(f"{sa.__name__}.orm")
    sql = importlib.import_module(f"{sa.__name__}.sql")

    class Base(orm.DeclarativeBase):  # type: ignore[misc]
        pass

    class User(Base):
        __tablename__ = "users"

        id = orm.mapped_column(sa.Integer, primary_key=True)
        posts = orm.relationship("Post", back_populates="author")

    class Post(Base):
        __tablename__ = "posts"

        id = orm.mapped_column(sa.Integer, primary_key=True)
        author_id = orm.mapped_column(sa.ForeignKey("users.id"))
        author = orm.relationship("User", back_populates="posts")

    class Hint(sql.SyntaxExtension, sa.ClauseElement):  # type: ignore[misc]
        _traverse_internals: ClassVar[list[Any]] = []

    engine = sa.create_engine("sqlite://")
    t = sa.table("t", sa.column("x", sa.Integer))
    return SimpleNamespace(sa=sa, orm=orm, User=User, Post=Post, Hint=Hint, engine=engine, t=t)


def connected(lib: Any, use: Callable[[Any], Any]) -> Any:
    with lib.engine.connect() as connection:
        return use(connection)


def in_session(lib: Any) -> Any:
    with lib.orm.Session(lib.engine, twophase=True) as session:
        return session.connection()


def selected_next_value(sa: Any) -> Any:
    return sa.select(sa.Sequence("s").next_value())


LIBRARIES = [library(ormolu), library(sqlalchemy)]
NO_TWO_PHASE = r"'sqlite' dialect has no two-phase transactions; use begin\(\)"
NO_OPERATOR = r"Relationship Post\.author has no operator '{}'; it has ==, .*foreign key"
OF_COLUMN = r"Operator 'getitem' is not supported on this expression: 'x' of type NullType\(\)"

REFUSED: dict[str, tuple[Callable[[Any], Any], str]] = {
    "two-phase": (lambda lib: connected(lib, lambda c: c.begin_twophase()), NO_TWO_PHASE),
    "recover": (lambda lib: connected(lib, lambda c: c.recover_twophase()), NO_TWO_PHASE),
    "prepared": (lambda lib: connected(lib, lambda c: c.commit_prepared("x")), NO_TWO_PHASE),
    "rolled back": (lambda lib: connected(lib, lambda c: c.rollback_prepared("x")), NO_TWO_PHASE),
    "two-phase session": (in_session, NO_TWO_PHASE),
    "next value": (
        lambda lib: connected(lib, lambda c: c.scalar(lib.sa.Sequence("s"))),
        "Dialect 'sqlite' does not support sequence increments: 's' .* Integer primary key",
    ),
    "selected next value": (
        lambda lib: connected(lib, lambda c: c.scalar(selected_next_value(lib.sa))),
        "'s' has no next value there; leave it out",
    ),
    "comments": (
        lambda lib: lib.sa.inspect(lib.engine).get_table_comment("t"),
        r"'sqlite' dialect has no get_table_comment\(\)",
    ),
    "sequences": (
        lambda lib: lib.sa.inspect(lib.engine).get_sequence_names(),
        r"'sqlite' dialect has no get_sequence_names\(\)",
    ),
    "materialized views": (
        lambda lib: lib.sa.inspect(lib.engine).get_materialized_view_names(),
        r"'sqlite' dialect has no get_materialized_view_names\(\)",
    ),
    "generic of no kind": (
        lambda lib: lib.sa.types.NullType().as_generic(),
        r"NullType has no generic type: .* allow_nulltype=True",
    ),
    "contains": (
        lambda lib: lib.sa.column("x", lib.sa.ARRAY(lib.sa.Integer)).contains([1]),
        r"ARRAY\.contains\(\) is an operator of PostgreSQL: .*dialects\.postgresql\.ARRAY",
    ),
    "index": (lambda lib: lib.sa.column("x")[0], OF_COLUMN),
    "iteration": (lambda lib: list(lib.sa.column("x")), OF_COLUMN),
    "parameters of an INSERT": (
        lambda lib: lib.sa.insert(lib.t).params(x=1),
        r"use stmt\.values\(\*\*parameters\)",
    ),
    "extension of a SELECT": (
        lambda lib: lib.sa.select(lib.t).ext(lib.Hint()),
        r"Hint cannot be applied to select: it has no method apply_to_select\(\)",
    ),
    "extension of an INSERT": (
        lambda lib: lib.sa.insert(lib.t).ext(lib.Hint()),
        r"it has no method apply_to_insert\(\)",
    ),
    "extension of an UPDATE": (
        lambda lib: lib.sa.update(lib.t).ext(lib.Hint()),
        r"it has no method apply_to_update\(\)",
    ),
    "extension of a DELETE": (
        lambda lib: lib.sa.delete(lib.t).ext(lib.Hint()),
        r"it has no method apply_to_delete\(\)",
    ),
    "related in": (
        lambda lib: lib.Post.author.in_([1]),
        r"in_\(\) is not yet supported .* For Post\.author, use in_\(\) against the set of foreign",
    ),
    "related not in": (
        lambda lib: lib.Post.author.not_in([1]),
        r"not_in\(\) is not yet supported .* use not_in\(\) against the set of foreign",
    ),
    "related <": (lambda lib: lib.Post.author < 5, NO_OPERATOR.format("lt")),
    "related <=": (lambda lib: lib.Post.author <= 5, NO_OPERATOR.format("le")),
    "related >": (lambda lib: lib.Post.author > 5, NO_OPERATOR.format("gt")),
    "related >=": (lambda lib: lib.Post.author >= 5, NO_OPERATOR.format("ge")),
    "related +": (lambda lib: lib.Post.author + 5, NO_OPERATOR.format("add")),
    "5 + related": (lambda lib: 5 + lib.Post.author, NO_OPERATOR.format("add")),
    "not related": (lambda lib: ~lib.Post.author, NO_OPERATOR.format("inv")),
    "related like": (lambda lib: lib.Post.author.like("x"), NO_OPERATOR.format("like_op")),
    "related descending": (lambda lib: lib.Post.author.desc(), NO_OPERATOR.format("desc_op")),
    "collection descending": (lambda lib: lib.User.posts.desc(), r"User\.posts has no operator"),
    "related item": (lambda lib: lib.Post.author[0], NO_OPERATOR.format("getitem")),
}


@pytest.mark.parametrize(("program", "says"), REFUSED.values(), ids=REFUSED)
def test_it_is_not_implemented_here_nor_there(program: Callable[[Any], Any], says: str) -> None:
    ours, theirs = LIBRARIES
    with pytest.raises(NotImplementedError):
        program(theirs)
    with pytest.raises(NotImplementedError, match=says):
        program(ours)
