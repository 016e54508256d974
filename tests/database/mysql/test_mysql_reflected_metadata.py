"""Tables made of what a server says: `MetaData.reflect`, ``autoload_with``, and round trips."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy
import sqlalchemy.schema
from mysql_schemas import ALIKE, BEYOND, Statements, created_by, make_schema, other_of, raw

import ormolu.schema
from backends.programs import MySQLOfTheRun
from ormolu import MetaData, Table, create_engine, inspect
from ormolu.dialects.mysql.reflection.describe import DESCRIBERS
from ormolu.engine import Engine
from ormolu.exc import InvalidRequestError, SAWarning, UnreflectableTableError
from ormolu.ext.asyncio import create_async_engine


@pytest.fixture
def engine(mysql_url: str) -> Iterator[Engine]:
    engine = create_engine(mysql_url)
    yield engine
    engine.dispose()


def with_driver(url: str, driver: str) -> str:
    return f"mysql+{driver}://{url.partition('://')[2]}"


def everything(connection: Any) -> dict[str, str]:
    """All that can be said of all tables, as text."""
    inspector = inspect(connection)
    return {what: repr(getattr(inspector, f"get_multi_{what}")()) for what in DESCRIBERS}


def test_every_driver_reads_the_same(mysql_url: str, engine: Engine) -> None:
    make_schema(mysql_url, ALIKE)
    with engine.connect() as connection:
        expected = everything(connection)
    other = create_engine(with_driver(mysql_url, "pymysql"))
    with other.connect() as connection:
        assert everything(connection) == expected
    other.dispose()

    async def read(driver: str) -> None:
        engine = create_async_engine(with_driver(mysql_url, driver))
        async with engine.connect() as connection:
            assert await connection.run_sync(everything) == expected
            metadata = MetaData()
            await connection.run_sync(metadata.reflect)
            assert {"child", "parent"} <= metadata.tables.keys()
        await engine.dispose()

    for driver in ("asyncmy", "aiomysql"):
        asyncio.run(read(driver))


def questions(connection: Any) -> int:
    """How many statements the server has received of this connection."""
    return int(connection.exec_driver_sql("SHOW SESSION STATUS LIKE 'Questions'").one()[1])


def test_a_schema_is_read_by_a_constant_number_of_queries(mysql_url: str, engine: Engine) -> None:
    counts = []
    with engine.connect() as connection:
        for number in range(30):
            previous = f"t{number - 1}" if number else "t0"
            connection.exec_driver_sql(
                f"CREATE TABLE t{number} (id INT PRIMARY KEY, x INT CHECK (x > 0), KEY (x), "
                "ä VARCHAR(9) DEFAULT (concat('ö')) CHECK (ä <> 'ü'), "
                f"FOREIGN KEY (x) REFERENCES {previous} (id))"
            )
            if number in (1, 29):
                before = questions(connection)
                metadata = MetaData()
                metadata.reflect(connection)
                counts.append(questions(connection) - before - 1)
                assert len(metadata.tables) == number + 1
    assert counts == [7, 7]


def test_foreign_keys_lead_into_other_schemas(mysql_url: str, engine: Engine) -> None:
    make_schema(mysql_url, ALIKE)
    other = other_of(mysql_url)
    metadata = MetaData()
    metadata.reflect(engine, only=["child"])
    assert set(metadata.tables) == {"child", "parent", f"{other}.far"}
    child, parent = metadata.tables["child"], metadata.tables["parent"]
    far = metadata.tables[f"{other}.far"]
    assert child.c.far_x.references(far.c.x)
    assert child.c.pcode.references(parent.c.code)
    assert child.c.self.references(child.c.id)
    back = MetaData()
    back.reflect(engine, schema=other)
    own = engine.url.database
    assert {f"{other}.far", f"{other}.Odd Far", f"{own}.parent"} == set(back.tables)
    assert MetaData(schema=other).schema == other
    assert Table("far", MetaData(), schema=other, autoload_with=engine).c.keys() == ["id", "x"]
    with pytest.raises(InvalidRequestError, match="absent"):
        MetaData().reflect(engine, only=["absent"])


def test_reflected_tables_are_written_as_sqlalchemy_writes_them(
    mysql_url: str, engine: Engine
) -> None:
    make_schema(mysql_url, ALIKE)
    theirs = sqlalchemy.create_engine(mysql_url)
    ours, other = MetaData(), sqlalchemy.MetaData()
    ours.reflect(engine)
    other.reflect(theirs)
    theirs.dispose()
    assert ours.tables.keys() == other.tables.keys()
    for name, table in ours.tables.items():
        assert texts(table, ormolu.schema, engine.dialect) == texts(
            other.tables[name], sqlalchemy.schema, theirs.dialect
        )


def texts(table: Any, schema: Any, dialect: Any) -> list[str]:
    """The DDL of a table and its indexes: the parts of each table, and its options, in no order."""
    text = str(schema.CreateTable(table).compile(dialect=dialect)).strip()
    *parts, options = text.replace(", \n", "\n").split("\n")
    indexes = [str(schema.CreateIndex(index).compile(dialect=dialect)) for index in table.indexes]
    return [*sorted(parts), *sorted(options[1:].split()), *sorted(indexes)]


def test_views_are_reflected_and_broken_ones_are_skipped(mysql_url: str, engine: Engine) -> None:
    with raw(mysql_url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (id INT PRIMARY KEY, x INT)")
        cursor.execute("CREATE TABLE gone (id INT)")
        cursor.execute("CREATE VIEW good AS SELECT id, x FROM t")
        cursor.execute("CREATE VIEW broken AS SELECT id FROM gone")
        cursor.execute("DROP TABLE gone")
    metadata = MetaData()
    with pytest.warns(SAWarning, match="Skipping table broken"):
        metadata.reflect(engine, views=True)
    assert set(metadata.tables) == {"t", "good"}
    assert metadata.tables["good"].c.keys() == ["id", "x"]
    with pytest.raises(UnreflectableTableError, match="'broken'"):
        Table("broken", MetaData(), autoload_with=engine)
    inspector = inspect(engine)
    assert inspector.has_table("broken")
    assert "gone" in inspector.get_view_definition("broken")


#: Of a type that isn't known; or counting by an index that is created after the table.
NOT_MADE_AGAIN = ("places", "vectors", "counted")
#: What no keyword of a `Table` stands for, or the server writes in another way.
LOST = (
    " /*!80016 NOT ENFORCED */",
    *(" /*!80023 INVISIBLE */", " /*!80000 INVISIBLE */"),
    *(" IGNORED", " INVISIBLE", " USING HASH", " USING BTREE", " WITH SYSTEM VERSIONING"),
    " ON UPDATE NO ACTION",
    *(" COMMENT 'ixc'", " COMMENT 'hey'", " AUTO_INCREMENT=50"),
)


@pytest.mark.parametrize("statements", [ALIKE, BEYOND], ids=["alike", "beyond"])
def test_what_is_reflected_is_created_as_it_was(
    mysql_url: str, engine: Engine, statements: Statements
) -> None:
    make_schema(mysql_url, statements)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        metadata = MetaData()
        metadata.reflect(engine)
    known = [t for t in metadata.sorted_tables if t.name not in NOT_MADE_AGAIN]
    tables = [table for table in known if table.schema is None]
    before = {table.name: created_by(mysql_url, table.name) for table in tables}
    with engine.begin() as connection:
        connection.exec_driver_sql("SET foreign_key_checks = 0")
        metadata.drop_all(connection, tables=tables)
        metadata.create_all(connection, tables=tables)
    for name, lines in before.items():
        assert comparable(created_by(mysql_url, name)) == comparable(lines)


def comparable(lines: list[str]) -> list[str]:
    """The lines of a table, in no order: constraints of columns become the table's."""
    found = []
    for line in lines:
        line = line.rstrip(",")
        for word in LOST:
            line = line.replace(word, "")
        if " CHECK (" in line:
            line, _, condition = line.partition(" CHECK ")
            found.append(condition)
        if not line.startswith("  CONSTRAINT `CONSTRAINT_"):
            found.append(line)
    return sorted(found)


def test_names_that_the_server_folds(start_server: Callable[..., Any]) -> None:
    server = start_server(MySQLOfTheRun, settings={"lower-case-table-names": 1})
    server.execute("CREATE DATABASE folded")
    engine = create_engine(server.url(database="folded"))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE Parent (Id INT PRIMARY KEY)")
        connection.exec_driver_sql(
            "CREATE TABLE Child (Id INT REFERENCES Parent (Id), KEY Ix (Id))"
        )
        inspector = inspect(connection)
        assert inspector.get_table_names() == ["child", "parent"]
        assert inspector.has_table("CHILD")
        for name in ("child", "Child"):
            assert [column["name"] for column in inspector.get_columns(name)] == ["Id"]
            assert [index["name"] for index in inspector.get_indexes(name)] == ["Ix"]
            (key,) = inspector.get_foreign_keys(name)
            assert (key["referred_schema"], key["referred_table"]) == (None, "parent")
        found = inspector.get_multi_pk_constraint(filter_names=["PARENT"])
        assert found == {(None, "PARENT"): {"name": None, "constrained_columns": ["Id"]}}
        metadata = MetaData()
        metadata.reflect(connection)
        assert set(metadata.tables) == {"child", "parent"}
    engine.dispose()
