"""Core INSERT, UPDATE and DELETE through a connection: defaults, generated keys, counts."""

from __future__ import annotations

from typing import Any

import pytest

from ormolu import exc, func
from ormolu.engine import Engine, ExecutionContext
from ormolu.schema import Column, MetaData, Table
from ormolu.testing import count_queries
from ormolu.types import Boolean, Integer, String

metadata = MetaData()


def shout(context: ExecutionContext) -> str:
    return str(context.get_current_parameters()["name"]).upper()


crew = Table(
    "crew",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(20)),
    Column("rank", Integer, default=5),
    Column("loud", String(20), default=shout),
    Column("active", Boolean, default=True),
)


@pytest.fixture(autouse=True)
def tables(engine: Engine) -> None:
    metadata.create_all(engine)


def test_defaults_and_the_generated_key(engine: Engine) -> None:
    with engine.begin() as connection:
        result = connection.execute(crew.insert().values(name="Neil"))
        assert result.inserted_primary_key == (1,)
        assert result.inserted_primary_key.id == 1
        assert result.is_insert
        assert connection.execute(crew.insert(), {"name": "Buzz", "rank": 1}).lastrowid == 2
        rows = connection.execute(crew.select().order_by(crew.c.id)).all()
    assert rows == [(1, "Neil", 5, "NEIL", True), (2, "Buzz", 1, "BUZZ", True)]
    assert rows[0].active is True
    assert rows[0]._mapping[crew.c.name] == "Neil"


def test_many_sets_are_one_statement(engine: Engine) -> None:
    with engine.begin() as connection, count_queries(engine) as seen:
        result = connection.execute(crew.insert(), [{"name": "Neil"}, {"name": "Buzz"}])
        assert result.rowcount == 2
        assert seen.count == 1
        with pytest.raises(exc.InvalidRequestError, match="executemany call"):
            _ = result.inserted_primary_key
        assert result.inserted_primary_key_rows == [(None,), (None,)]
        assert connection.scalars(crew.select().with_only_columns(crew.c.loud)).all() == [
            "NEIL",
            "BUZZ",
        ]


def test_returning_gives_rows_for_every_set(engine: Engine) -> None:
    with engine.begin() as connection:
        statement = crew.insert().returning(crew.c.id, crew.c.active)
        rows: Any = connection.execute(statement, [{"name": "Neil"}, {"name": "Buzz"}]).all()
        assert rows == [(1, True), (2, True)]
        updated = crew.update().where(crew.c.id == 2).values(rank=9).returning(crew.c.rank)
        assert connection.execute(updated).scalar_one() == 9


def test_counts_of_update_and_delete(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(crew.insert(), [{"name": "Neil"}, {"name": "Buzz"}])
        result = connection.execute(crew.update().values(rank=1))
        assert result.rowcount == 2
        with pytest.raises(exc.InvalidRequestError, match=r"not an insert\(\)"):
            _ = result.inserted_primary_key
        gone = connection.execute(crew.delete().where(crew.c.name.in_(["Neil", "Nobody"])))
        assert gone.rowcount == 1


def test_statements_of_equal_shape_share_their_compiled_form(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(crew.insert(), [{"name": "Neil"}, {"name": "Buzz"}])
        before = len(engine.core.cache)
        found = [
            connection.execute(crew.select().where(crew.c.id == ident)).one().name
            for ident in (1, 2)
        ]
        assert found == ["Neil", "Buzz"]
        assert len(engine.core.cache) == before + 1


def test_a_value_its_type_refuses_names_the_statement(engine: Engine) -> None:
    with engine.connect() as connection:
        with pytest.raises(exc.StatementError, match=r"INSERT INTO crew"):
            connection.execute(crew.insert().values(name="Neil", active="maybe"))
        assert connection.scalar("SELECT count(*) FROM crew") == 0
        with pytest.raises(exc.CompileError, match="Unconsumed column names: nickname"):
            connection.execute(crew.insert(), {"nickname": "x"})
        with pytest.raises(exc.StatementError, match=r"builtins.KeyError.*'name'"):
            connection.execute(crew.insert())


def test_ddl_in_a_transaction_is_rolled_back(engine: Engine) -> None:
    metadata.drop_all(engine)
    with engine.connect() as connection:
        metadata.create_all(connection)
        connection.rollback()
        assert connection.scalar("SELECT count(*) FROM sqlite_master") == 0


def test_the_keys_of_many_rows_come_back_when_they_are_given_or_made_in_sql(
    engine: Engine,
) -> None:
    places = Table(
        "places",
        MetaData(),
        Column("code", String, primary_key=True, default=func.upper("new")),
        Column("number", Integer, primary_key=True),
    )
    with engine.begin() as connection, count_queries(engine) as seen:
        given = connection.execute(crew.insert(), [{"id": 7, "name": "a"}, {"id": 9, "name": "b"}])
        assert given.inserted_primary_key_rows == [(7,), (9,)]
        places.create(connection)
        seen.clear()
        made = connection.execute(places.insert(), [{"number": 1}, {"number": 2}])
        assert made.inserted_primary_key_rows == [("NEW", 1), ("NEW", 2)]
        assert (made.rowcount, seen.count) == (2, 1)
        assert not made.returns_rows


def test_rows_come_in_the_order_of_their_parameters(engine: Engine) -> None:
    statement = crew.insert().returning(crew.c.name, sort_by_parameter_order=True)
    with engine.begin() as connection, count_queries(engine) as seen:
        names = [f"name {i}" for i in range(20)]
        rows = connection.scalars(statement, [{"name": name} for name in names]).all()
        assert rows == names
        assert seen.count == 1  # the generated key is returned too, and taken off again
