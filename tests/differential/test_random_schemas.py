"""Random schemas: the same DDL on each database, and the same description of it on SQLite."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given, settings
from random_choices import BYTES, DIALECTS, OURS, THEIRS, Choices, Namespace
from random_schemas import Schemas
from test_reflection import OF_A_TABLE, asked


def build(lib: Namespace, data: bytes, on_sqlite: bool) -> Any:
    """The MetaData, or the class of what refuses it."""
    try:
        return Schemas(lib, Choices(data), on_sqlite).metadata()
    except lib.sa.exc.SQLAlchemyError as error:
        return type(error).__name__


def ddl(lib: Namespace, metadata: Any, dialect: str) -> Any:
    """What `create_all()` and `drop_all()` send.

    The indexes of a table, and the constraints that close a cycle, come in the order of a set in
    SQLAlchemy, and so in any order here. Which of these constraints come before one that can't be
    written is then chance.
    """
    sent: list[str] = []

    def note(statement: Any, *args: Any, **options: Any) -> None:
        sent.append(str(statement.compile(dialect=engine.dialect)))

    engine = lib.sa.create_mock_engine(f"{dialect}://", note)
    for plan in (metadata.create_all, metadata.drop_all):
        try:
            plan(engine, checkfirst=False)
        except lib.sa.exc.SQLAlchemyError as error:
            sent.append(type(error).__name__)
    if any("ALTER" in text for text in sent):
        refused = "CompileError" in sent
        return sorted(text for text in sent if not (refused and "ALTER" in text))
    runs = groupby(sent, lambda text: re.match("CREATE .*INDEX ", text) is not None)
    return [text for indexes, run in runs for text in (sorted(run) if indexes else run)]


def check_text(data: bytes) -> None:
    expected, metadata = build(THEIRS, data, False), build(OURS, data, False)
    if isinstance(expected, str) or isinstance(metadata, str):
        assert metadata == expected
        return
    for dialect in DIALECTS:
        if dialect != "default":
            assert ddl(OURS, metadata, dialect) == ddl(THEIRS, expected, dialect)


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning", "ignore::ormolu.exc.SAWarning")
@given(data=BYTES)
def test_random_ddl_is_sqlalchemys(data: bytes) -> None:
    check_text(data)


def copied(lib: Namespace, metadata: Any) -> Any:
    """The same tables in another ``MetaData`` and schema."""
    copy = lib.sa.MetaData()
    for table in metadata.tables.values():
        table.to_metadata(copy, schema="moved")
    return copy


def lines_of(texts: list[str]) -> list[list[str]]:
    """The texts and their lines in any order, since SQLAlchemy copies a set of constraints.

    It copies no prefixes.
    """
    plain = [text.replace("/* first */ ", "") for text in texts]
    return sorted(sorted(line.rstrip(", ") for line in text.split("\n")) for text in plain)


def check_copies(data: bytes) -> None:
    expected, metadata = build(THEIRS, data, False), build(OURS, data, False)
    if not isinstance(expected, str) and not isinstance(metadata, str):
        theirs = ddl(THEIRS, copied(THEIRS, expected), "postgresql")
        assert lines_of(ddl(OURS, copied(OURS, metadata), "postgresql")) == lines_of(theirs)


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning", "ignore::ormolu.exc.SAWarning")
@settings(max_examples=60)
@given(data=BYTES)
def test_copies_of_random_tables_are_sqlalchemys(data: bytes) -> None:
    check_copies(data)


class Database:
    """A database in memory that both libraries open."""

    def __init__(self) -> None:
        url = "sqlite:///file:random_schemas?mode=memory&cache=shared&uri=true"
        self.theirs = THEIRS.sa.create_engine(url, poolclass=THEIRS.sa.pool.StaticPool)
        self.ours = OURS.sa.create_engine(url, poolclass=OURS.sa.pool.StaticPool)

    def described(self, lib: Namespace) -> Any:
        engine = self.ours if lib is OURS else self.theirs
        return {
            (table, method): asked(engine, lib.sa.inspect, method, table)
            for table in sorted(lib.sa.inspect(engine).get_table_names())
            for method in OF_A_TABLE
        }


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    made = Database()
    yield made
    made.theirs.dispose()
    made.ours.dispose()


def reflected(lib: Namespace, engine: Any) -> Any:
    """The text of the tables that are in the database, constraints in any order."""
    metadata = lib.sa.MetaData()
    metadata.reflect(engine)
    texts = {}
    for name, table in metadata.tables.items():
        text = str(lib.schema.CreateTable(table).compile(engine))
        texts[name] = sorted(line.rstrip(",") for line in text.split("\n"))
    return texts


def check_reflection(database: Database, data: bytes) -> None:
    metadata = build(OURS, data, True)
    if isinstance(metadata, str):
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                metadata.create_all(database.ours)
            except OURS.sa.exc.SQLAlchemyError:
                return
            assert database.described(OURS) == database.described(THEIRS)
            texts = reflected(OURS, database.ours)
            assert texts == reflected(THEIRS, database.theirs)
            again = OURS.sa.MetaData()
            again.reflect(database.ours)
            again.drop_all(database.ours)
            again.create_all(database.ours)
            assert reflected(OURS, database.ours) == texts
    finally:
        rest = OURS.sa.MetaData()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rest.reflect(database.ours)
            rest.drop_all(database.ours)


@settings(max_examples=60)
@given(data=BYTES)
def test_random_schemas_are_described_alike(database: Database, data: bytes) -> None:
    check_reflection(database, data)
