"""INSERT, UPDATE and DELETE have SQLAlchemy's text and binds, in every dialect."""

from __future__ import annotations

from typing import Any

import dml_cases as cases
import pytest
import sqlalchemy
from sqlalchemy.dialects import mysql, postgresql, sqlite

import ormolu
import ormolu.dialects.mysql
import ormolu.dialects.postgresql
from ormolu.dialects.sqlite import SQLiteDialect

DIALECTS: dict[str, tuple[Any, Any]] = {
    "default": (None, None),
    "sqlite": (sqlite.dialect(), SQLiteDialect()),
    "postgresql": (
        postgresql.dialect(),  # type: ignore[no-untyped-call]
        ormolu.dialects.postgresql.dialect(),
    ),
    "mysql": (mysql.dialect(), ormolu.dialects.mysql.dialect()),
}
#: SQLAlchemy drops these CTEs, and returns a column though MySQL has no RETURNING.
DIFFERENT_IN_MYSQL = {
    "insert: with a cte",
    "insert: value from a cte",
    "insert: return defaults and more",
}
ALL = {
    f"{group}: {name}": build
    for group, found in (
        ("insert", cases.INSERTS),
        ("update", cases.UPDATES),
        ("delete", cases.DELETES),
    )
    for name, build in found.items()
}


def build(sa: Any, case: cases.Build) -> Any:
    metadata = sa.MetaData()
    t = sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(30)),
        sa.Column("v", sa.Integer, default=7),
        sa.Column("made", sa.Integer, default=lambda: 3, onupdate=lambda: 4),
        sa.Column("sql", sa.Integer, default=sa.func.f(1), onupdate=sa.func.g(2)),
        sa.Column("served", sa.Integer, server_default="5", server_onupdate=sa.FetchedValue()),
        sa.Column("flag", sa.Boolean),
        sa.Column("doc", sa.JSON),
        sa.Column("Big", sa.Integer),
        sa.Column("named", sa.Integer, key="keyed"),
    )
    u = sa.Table(
        "u",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("tid", sa.Integer, sa.ForeignKey("t.id")),
        sa.Column("v", sa.Integer),
    )
    return case(sa, t, u)


def compiled(sa: Any, case: cases.Build, dialect: Any, **options: Any) -> tuple[str, Any]:
    found = build(sa, case).compile(dialect=dialect, **options)
    return str(found), found.params


@pytest.mark.parametrize(
    ("name", "dialect"),
    [
        (name, dialect)
        for name in ALL
        for dialect in DIALECTS
        if dialect != "mysql" or name not in DIFFERENT_IN_MYSQL
    ],
)
def test_text_and_binds_are_sqlalchemys(name: str, dialect: str) -> None:
    theirs, ours = DIALECTS[dialect]
    assert compiled(ormolu, ALL[name], ours) == compiled(sqlalchemy, ALL[name], theirs)


@pytest.mark.parametrize("dialect", [name for name in DIALECTS if name != "sqlite"])
@pytest.mark.parametrize("name", cases.NOT_IN_SQLITE)
def test_text_of_what_sqlite_lacks(name: str, dialect: str) -> None:
    theirs, ours = DIALECTS[dialect]
    case = cases.NOT_IN_SQLITE[name]
    assert compiled(ormolu, case, ours) == compiled(sqlalchemy, case, theirs)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", cases.KEYED)
def test_text_for_parameters_is_sqlalchemys(name: str, dialect: str) -> None:
    theirs, ours = DIALECTS[dialect]
    case, keys = cases.KEYED[name]
    expected, binds = compiled(sqlalchemy, case, theirs, column_keys=keys)
    text, names = compiled(ormolu, case, ours, column_keys=keys)
    assert (text, list(names)) == (expected, list(binds))


@pytest.mark.parametrize("name", cases.ONLY_IN_MYSQL)
def test_an_update_of_several_tables(name: str) -> None:
    case = cases.ONLY_IN_MYSQL[name]
    theirs, ours = DIALECTS["mysql"]
    assert compiled(ormolu, case, ours) == compiled(sqlalchemy, case, theirs)
    with pytest.raises(ormolu.exc.CompileError, match="additional tables in the SET clause"):
        compiled(ormolu, case, DIALECTS["sqlite"][1])


@pytest.mark.parametrize(
    ("case", "error"),
    [
        (lambda sa, t, u: sa.insert(u).values(zork=1), "CompileError"),
        (lambda sa, t, u: sa.update(u).values(zork=1), "CompileError"),
        (lambda sa, t, u: sa.insert(u).values([{"v": 1}]).values(v=1), "InvalidRequestError"),
        (lambda sa, t, u: sa.insert(u).values(v=1).values([{"v": 1}]), "InvalidRequestError"),
        (lambda sa, t, u: sa.insert(u).values({"v": 1}, {"v": 2}), "ArgumentError"),
        (lambda sa, t, u: sa.insert(u).values({"v": 1}, id=2), "ArgumentError"),
        (lambda sa, t, u: sa.update(u).values([{"v": 1}]), "InvalidRequestError"),
        (lambda sa, t, u: sa.update(u).ordered_values(("v", 1)).values(v=2), "InvalidRequestError"),
        (lambda sa, t, u: sa.update(u).values(v=2).ordered_values(("v", 1)), "ArgumentError"),
        (
            lambda sa, t, u: sa.insert(u).from_select(["v"], sa.select(u.c.v)).values(v=1),
            "InvalidRequestError",
        ),
        (
            lambda sa, t, u: sa.insert(u).values(v=1).from_select(["v"], sa.select(u.c.v)),
            "InvalidRequestError",
        ),
        (lambda sa, t, u: sa.insert(u).from_select(["v"], 5), "ArgumentError"),
        (lambda sa, t, u: sa.update(u).values({5: 1}), "ArgumentError"),
        (lambda sa, t, u: sa.update(u).filter_by(zork=1), "InvalidRequestError"),
        (lambda sa, t, u: sa.insert(5), "ArgumentError"),
        (lambda sa, t, u: sa.insert("t"), "ArgumentError"),
        (lambda sa, t, u: sa.update(sa.select(u)), "ArgumentError"),
        (lambda sa, t, u: sa.insert(t.join(u)), "CompileError"),
        (lambda sa, t, u: sa.insert(u).returning("v"), "ArgumentError"),
        (
            lambda sa, t, u: sa.update(u).returning(u.c.v, sort_by_parameter_order=True),
            "ArgumentError",
        ),
        (
            lambda sa, t, u: sa.insert(u).returning(u.c.v).return_defaults(),
            "CompileError",
        ),
        (
            lambda sa, t, u: sa.insert(u).return_defaults().returning(u.c.v),
            "InvalidRequestError",
        ),
        (lambda sa, t, u: sa.insert(u).params(v=1), "NotImplementedError"),
        (lambda sa, t, u: sa.insert(u).with_dialect_options(foo=1), "TypeError"),
        (lambda sa, t, u: sa.insert(u).with_dialect_options(sqlite_foo=1), "ArgumentError"),
    ],
)
def test_misuse_raises_what_sqlalchemy_raises(case: cases.Build, error: str) -> None:
    for library, dialect in ((sqlalchemy, sqlite.dialect()), (ormolu, SQLiteDialect())):
        with pytest.raises(Exception) as caught:  # the class is compared
            str(build(library, case).compile(dialect=dialect))
        assert caught.type.__name__ == error


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("values", [{"id": 5, "v": 6}, {"v": 6}, {}])
def test_an_insert_written_out_returns_a_key_that_it_does_not_give(
    values: dict[str, int], dialect: str
) -> None:
    theirs, ours = DIALECTS[dialect]
    texts = [
        str(
            build(sa, lambda sa, t, u: sa.insert(u).values(values)).compile(
                dialect=found, compile_kwargs={"literal_binds": True}
            )
        )
        for sa, found in ((sqlalchemy, theirs), (ormolu, ours))
    ]
    assert texts[1] == texts[0]
