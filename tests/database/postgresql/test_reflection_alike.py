"""One database is described alike by both libraries, and by every driver."""

from __future__ import annotations

import asyncio
import re
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import reflection_schema
import sqlalchemy

import ormolu
from ormolu.engine.reflection import ObjectKind, ObjectScope
from ormolu.ext.asyncio import create_async_engine

DESCRIBED = [
    "columns",
    "pk_constraint",
    "foreign_keys",
    "indexes",
    "unique_constraints",
    "check_constraints",
    "table_comment",
    "table_options",
]
NAMES = [
    "get_table_names",
    "get_view_names",
    "get_materialized_view_names",
    "get_foreign_table_names",
    "get_sequence_names",
    "get_enums",
    "get_domains",
]
KINDS = ["TABLE", "VIEW", "MATERIALIZED_VIEW", "ANY"]
SOME = ["parent", "child", "indexed", "simple_view", "stored_view", "abroad", "missing"]
TEMPORARY = """
CREATE TEMPORARY TABLE briefly (id serial PRIMARY KEY, up integer REFERENCES briefly);
CREATE TEMPORARY TABLE parent (id serial PRIMARY KEY, only_here integer);
CREATE TEMPORARY VIEW brief_view AS SELECT * FROM briefly;
"""
#: SQLAlchemy drops the order of indexed expressions.
SORTED_EXPRESSIONS = ("ix_ops_expr",)
#: SQLAlchemy shows a default argument of JSON and HSTORE.
_TEXT_TYPE = re.compile(r"(as)?text_type=Text\(\)")

Inspectors = tuple[Any, Any]


@pytest.fixture(scope="module")
def engines() -> Iterator[Callable[[str], tuple[Any, Any]]]:
    """A factory of an engine of SQLAlchemy and one of ormolu, made for a module's first test."""
    made: dict[str, tuple[Any, Any]] = {}

    def engines_of(url: str) -> tuple[Any, Any]:
        if url not in made:
            theirs = sqlalchemy.create_engine(with_driver(url, "psycopg"))
            made[url] = theirs, ormolu.create_engine(url)
        return made[url]

    yield engines_of
    for pair in made.values():
        for engine in pair:
            engine.dispose()


@pytest.fixture
def connections(
    described_url: str, engines: Callable[[str], tuple[Any, Any]]
) -> Iterator[tuple[Any, Any]]:
    """A connection of SQLAlchemy and one of ormolu."""
    theirs, ours = engines(described_url)
    with theirs.connect() as one, ours.connect() as other:
        yield one, other


@pytest.fixture
def inspectors(connections: tuple[Any, Any]) -> Inspectors:
    return sqlalchemy.inspect(connections[0]), ormolu.inspect(connections[1])


def with_driver(url: str, driver: str) -> str:
    return url.replace("postgresql://", f"postgresql+{driver}://", 1)


def plain(found: Any) -> Any:
    """A description as plain values: types and expressions by their text."""
    if isinstance(found, dict):
        return {key: plain(value) for key, value in found.items()}
    if isinstance(found, (list, tuple)):
        return type(found)([plain(value) for value in found])
    if found is None or isinstance(found, (str, int)):
        return found
    return _TEXT_TYPE.sub("", repr(found))


def asked(inspector: Any, method: str, *args: Any, **options: Any) -> Any:
    """What an inspector says, or the class of what it raises, and what it warns of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            found = plain(getattr(inspector, method)(*args, **options))
        except (sqlalchemy.exc.SQLAlchemyError, ormolu.exc.SQLAlchemyError) as error:
            found = type(error).__name__, str(error)
    # The catalogue has no order of its own; where a list has one, it is the same.
    if isinstance(found, list) and all(isinstance(item, str) for item in found):
        found.sort()
    return found, sorted(str(warning.message) for warning in caught)


def assert_alike(inspectors: Inspectors, method: str, *args: Any, **options: Any) -> None:
    theirs, ours = inspectors
    assert asked(ours, method, *args, **options) == asked(theirs, method, *args, **options)


def assert_several_alike(inspectors: Inspectors, what: str, **options: Any) -> None:
    """Compare table by table, since a difference of the whole can't be read."""
    method = f"get_multi_{what}"
    kind, scope = options.pop("kind", "TABLE"), options.pop("scope", "DEFAULT")
    (theirs, warned), (ours, also_warned) = (
        asked(
            inspector,
            method,
            kind=enums.ObjectKind[kind],
            scope=enums.ObjectScope[scope],
            **options,
        )
        for inspector, enums in zip(
            inspectors, (sqlalchemy.engine.reflection, ormolu.engine.reflection), strict=True
        )
    )
    for table in theirs:
        assert ours.get(table) == theirs[table], table
    assert ours.keys() == theirs.keys()
    assert also_warned == warned


@pytest.mark.parametrize("what", DESCRIBED)
def test_all_tables_are_described_alike(inspectors: Inspectors, what: str) -> None:
    for kind in KINDS:
        for schema in reflection_schema.SCHEMAS:
            assert_several_alike(inspectors, what, kind=kind, schema=schema)


@pytest.mark.parametrize("what", DESCRIBED)
def test_single_tables_are_described_alike(inspectors: Inspectors, what: str) -> None:
    for table in SOME:
        assert_alike(inspectors, f"get_{what}", table)
        assert_alike(inspectors, f"get_{what}", table, schema="other")
    assert_alike(inspectors, f"get_{what}", "pg_class")
    assert_several_alike(inspectors, what, filter_names=SOME)
    assert_several_alike(inspectors, what, filter_names=SOME, kind="ANY")


def test_system_tables_are_described_alike(inspectors: Inspectors) -> None:
    for table in ("pg_class", "pg_index", "pg_type"):
        assert_alike(inspectors, "get_columns", table, schema="pg_catalog")
        assert_alike(inspectors, "get_pk_constraint", table, schema="pg_catalog")
        assert_alike(inspectors, "get_indexes", table, schema="pg_catalog")


@pytest.mark.parametrize("method", NAMES)
def test_names_are_listed_alike(inspectors: Inspectors, method: str) -> None:
    for schema in (*reflection_schema.SCHEMAS, "information_schema", "nowhere"):
        assert_alike(inspectors, method, schema=schema)


@pytest.mark.parametrize("method", ["get_enums", "get_domains"])
def test_types_of_all_schemas_are_listed_alike(inspectors: Inspectors, method: str) -> None:
    assert_alike(inspectors, method, schema="*")


def test_schemas_are_listed_alike(inspectors: Inspectors) -> None:
    assert_alike(inspectors, "get_schema_names")
    for name in ("other", "pg_catalog", "nowhere"):
        assert_alike(inspectors, "has_schema", name)


def test_things_are_found_alike(inspectors: Inspectors) -> None:
    for schema in (*reflection_schema.SCHEMAS, "pg_catalog"):
        for name in ("parent", "simple_view", "stored_view", "abroad", "pg_class", "Odd (Table"):
            assert_alike(inspectors, "has_table", name, schema=schema)
        for name in ("mood", "positive", "colour", "parent", "int4", "missing"):
            assert_alike(inspectors, "has_type", name, schema=schema)
        for name in ("counter", "Odd Seq", "plain_types_id_seq", "parent"):
            assert_alike(inspectors, "has_sequence", name, schema=schema)
    assert_alike(inspectors, "has_type", "colour", schema="*")
    assert_alike(inspectors, "has_multi_table", ["parent", "missing"])
    for index in ("parent_xy", "parent_pkey", "missing"):
        assert_alike(inspectors, "has_index", "parent", index)
    assert_alike(inspectors, "has_index", "missing", "parent_xy")


def test_numbers_of_tables_are_alike(inspectors: Inspectors) -> None:
    assert_alike(inspectors, "get_table_oid", "parent")
    assert_alike(inspectors, "get_table_oid", "parent", schema="other")
    assert_alike(inspectors, "get_table_oid", "missing", schema="other")


@pytest.mark.parametrize("view", ["simple_view", "stored_view", "counting", "parent", "missing"])
def test_views_are_defined_alike(inspectors: Inspectors, view: str) -> None:
    assert_alike(inspectors, "get_view_definition", view)
    assert_alike(inspectors, "get_view_definition", "view", schema="other")


@pytest.mark.parametrize("scope", ["DEFAULT", "TEMPORARY", "ANY"])
def test_temporary_tables_are_described_alike(connections: tuple[Any, Any], scope: str) -> None:
    for connection in connections:
        for statement in TEMPORARY.strip().split("\n"):
            connection.exec_driver_sql(statement)
    inspectors = sqlalchemy.inspect(connections[0]), ormolu.inspect(connections[1])
    for what in DESCRIBED:
        assert_several_alike(inspectors, what, kind="ANY", scope=scope)
    for method in ("get_temp_table_names", "get_temp_view_names", "get_table_names"):
        assert_alike(inspectors, method)
    for table in ("briefly", "parent", "brief_view"):
        assert_alike(inspectors, "get_columns", table)
        assert_alike(inspectors, "has_table", table)
    assert_alike(inspectors, "get_foreign_keys", "briefly")
    assert_alike(inspectors, "get_foreign_keys", "child")
    assert_alike(inspectors, "get_sequence_names")


@pytest.mark.parametrize("path", ["other", "other, public", "public, other", "''"])
def test_the_search_path_decides_alike(connections: tuple[Any, Any], path: str) -> None:
    for connection in connections:
        connection.exec_driver_sql(f"SET search_path TO {path}")
    inspectors = sqlalchemy.inspect(connections[0]), ormolu.inspect(connections[1])
    for schema in (None, "public", "other"):
        for what in DESCRIBED:
            assert_several_alike(inspectors, what, schema=schema)
        for method in NAMES:
            assert_alike(inspectors, method, schema=schema)


def test_the_search_path_can_be_ignored_alike(connections: tuple[Any, Any]) -> None:
    for connection in connections:
        connection.exec_driver_sql("SET search_path TO public, other")
    inspectors = sqlalchemy.inspect(connections[0]), ormolu.inspect(connections[1])
    for table, schema in (("child", None), ("child", "public"), ("set_columns", None)):
        options = {"schema": schema, "postgresql_ignore_search_path": True}
        assert_alike(inspectors, "get_foreign_keys", table, **options)
    assert_several_alike(inspectors, "foreign_keys", postgresql_ignore_search_path=True)


# -- tables


def told(table: Any) -> dict[str, Any]:
    """What a reflected table is made of, as plain values."""
    columns = {}
    for column in table.columns:
        default = column.server_default
        columns[column.key] = {
            "type": plain(column.type),
            "flags": (column.nullable, column.primary_key, column.unique, column.index),
            "default": str(getattr(default, "arg", type(default).__name__)),
            "comment": column.comment,
            "refers to": sorted(key.target_fullname for key in column.foreign_keys),
        }
    constraints = [
        (
            type(constraint).__name__,
            constraint.name,
            [column.key for column in constraint.columns],
            constraint.comment,
            str(getattr(constraint, "sqltext", "")),
            getattr(constraint, "ondelete", None),
            getattr(constraint, "match", None),
        )
        for constraint in table.constraints
        if type(constraint).__name__ != "ExcludeConstraint"
    ]
    indexes = [
        (index.name, bool(index.unique), [str(part) for part in index.expressions])
        for index in table.indexes
        if index.name not in SORTED_EXPRESSIONS
    ]
    return {
        "columns": columns,
        "constraints": sorted(constraints, key=str),
        "indexes": sorted(indexes),
        "comment": table.comment,
        "place": (table.schema, table.fullname),
    }


@pytest.mark.parametrize("schema", reflection_schema.SCHEMAS)
@pytest.mark.filterwarnings("ignore:Did not recognize type")
@pytest.mark.filterwarnings("ignore:Can't validate argument 'dialect_options'")  # NOT VALID, there
def test_tables_are_made_alike(connections: tuple[Any, Any], schema: str | None) -> None:
    tables = []
    for library, connection in zip((sqlalchemy, ormolu), connections, strict=True):
        metadata = library.MetaData()
        metadata.reflect(connection, schema=schema, views=True)
        tables.append({name: told(table) for name, table in metadata.tables.items()})
    theirs, ours = tables
    for name in theirs:
        assert ours[name] == theirs[name], name
    assert ours.keys() == theirs.keys()


# -- the drivers


def everything(connection: Any) -> dict[str, Any]:
    """All answers of an inspector, by question."""
    inspector = ormolu.inspect(connection)
    answers: dict[str, Any] = {}
    for schema in reflection_schema.SCHEMAS:
        for what in DESCRIBED:
            question = f"get_multi_{what}"
            kinds: dict[str, Any] = {"kind": ObjectKind.ANY, "scope": ObjectScope.ANY}
            answers[f"{question} {schema}"] = asked(inspector, question, schema, **kinds)
        for question in NAMES:
            answers[f"{question} {schema}"] = asked(inspector, question, schema)
    for question, *args in (
        ("get_schema_names",),
        ("get_temp_table_names",),
        ("get_exclude_constraints", "excluded"),
        ("get_view_definition", "stored_view"),
        ("get_table_oid", "parent"),
        ("get_columns", "missing"),
        ("has_table", "parent"),
        ("has_type", "mood"),
        ("has_sequence", "counter"),
        ("has_index", "indexed", "ix_a"),
    ):
        answers[f"{question} {args}"] = asked(inspector, question, *args)
    return answers


def asked_async(url: str, program: Callable[[Any], Any]) -> Any:
    async def run() -> Any:
        engine = create_async_engine(url)
        try:
            async with engine.connect() as connection:
                return await connection.run_sync(program)
        finally:
            await engine.dispose()

    return asyncio.run(run())


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg_async"])
def test_every_driver_gives_the_same_answers(described_url: str, driver: str) -> None:
    engine = ormolu.create_engine(described_url)
    with engine.connect() as connection:
        expected = everything(connection)
    engine.dispose()
    answers = asked_async(with_driver(described_url, driver), everything)
    for question, answer in expected.items():
        assert answers[question] == answer, question


def test_an_engine_gives_the_inspector_of_postgresql(described_url: str) -> None:
    engine = ormolu.create_engine(described_url)
    inspector: Any = ormolu.inspect(engine)
    assert type(inspector).__name__ == "PGInspector"
    assert inspector is ormolu.inspect(inspector)
    assert inspector.get_enums(schema="other")[0]["labels"] == ["red"]
    assert isinstance(inspector, ormolu.Inspector)
    engine.dispose()
