"""Whatever its name and whatever its value: what is stored in SQLite is what comes back.

``HYPOTHESIS_PROFILE=search`` looks longer, ``random_search.py`` at a million examples.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from awkward_names import NAMES, TEXT, suppose
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import ormolu as orm
from ormolu import exc

SEARCH = os.environ.get("HYPOTHESIS_PROFILE") == "search"
ENGINE = orm.create_engine("sqlite://")

#: A bind may hold any text that can be encoded; SQL text holds no NUL.
VALUES = st.one_of(TEXT, st.text(st.characters(exclude_categories=["Cs"]), max_size=12))


def examples(number: int) -> settings:
    return settings(
        max_examples=number * 25 if SEARCH else number,
        derandomize=not SEARCH,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )


def table_of(names: tuple[str, ...]) -> Any:
    """A table and its columns of these names; SQLite tells names apart without regard to case."""
    suppose(len({name.casefold() for name in names}) == len(names))
    suppose(not names[0].casefold().startswith("sqlite_"))
    columns = (orm.Column(name, orm.String) for name in names[1:])
    return orm.Table(names[0], orm.MetaData(), *columns)


@examples(120)
@given(names=st.tuples(NAMES, NAMES, NAMES), label=NAMES, value=VALUES, other=VALUES)
@example(names=('a"b', "x%(y)s", ":c"), label="?", value="\0", other="it's")
@example(names=("select", "order", "__[POSTCOMPILE_x]"), label="%", value="%s", other="\\")
@example(names=("t", "a b", "a_b"), label="a.b", value="x", other="y")
@example(names=("t", "_", "["), label="a.b", value="x", other="y")
def test_rows_come_back_whatever_the_names(
    names: tuple[str, ...], label: str, value: str, other: str
) -> None:
    table = table_of(names)
    first, second = table.columns
    with ENGINE.connect() as connection:
        table.create(connection)
        connection.execute(table.insert(), {first.key: value, second.key: other})
        connection.execute(table.insert().values({first: other, second: value}))
        query = orm.select(first, second.label(label)).where(first.in_([value])).limit(1)
        assert connection.execute(query).one() == (value, other)
        alias = table.alias(label)
        connection.execute(orm.update(table).values({first: value}).where(second == value))
        assert connection.scalars(orm.select(alias.c[first.key])).all() == [value, value]
        connection.execute(orm.delete(table).where(first == value))
        assert connection.scalar(orm.select(orm.func.count()).select_from(table)) == 0
        connection.rollback()


@examples(120)
@given(value=TEXT, other=TEXT)
@example(value="\\", other="'")
@example(value="''", other="%(x)s")
def test_literals_are_the_values_they_stand_for(value: str, other: str) -> None:
    statement = orm.select(orm.literal(value), orm.literal(value) == other)
    text = str(statement.compile(ENGINE, compile_kwargs={"literal_binds": True}))
    with ENGINE.connect() as connection:
        assert connection.exec_driver_sql(text).one() == (value, value == other)


@examples(80)
@given(value=TEXT, names=st.tuples(NAMES, NAMES))
def test_server_defaults_are_the_values_they_stand_for(value: str, names: tuple[str, ...]) -> None:
    table = table_of(names)
    (column,) = table.columns
    made = orm.Table(
        names[0],
        orm.MetaData(),
        orm.Column("id", orm.Integer, primary_key=True),
        orm.Column(f"{column.name}z", orm.String, server_default=value),
    )
    with ENGINE.connect() as connection:
        made.create(connection)
        connection.execute(made.insert(), {"id": 1})
        assert connection.execute(orm.select(made)).one() == (1, value)
        connection.rollback()


@examples(80)
@given(value=NAMES, part=st.one_of(TEXT, st.sampled_from("%_/\\")))
def test_autoescape_finds_exactly_the_text(value: str, part: str) -> None:
    column = orm.literal(value + part + value)
    with ENGINE.connect() as connection:
        query = orm.select(
            column.contains(part, autoescape=True),
            column.startswith(value, autoescape=True),
            column.endswith(value, autoescape=True),
        )
        assert connection.execute(query).one() == (1, 1, 1)


@examples(40)
@given(before=TEXT, after=TEXT)
def test_a_name_with_a_nul_is_refused(before: str, after: str) -> None:
    name = f"{before}\0{after}"
    table = orm.Table("t", orm.MetaData(), orm.Column(name, orm.String))
    with ENGINE.connect() as connection, pytest.raises(exc.CompileError, match="NUL"):
        table.create(connection)
