"""What a server holds, as both libraries describe it, whichever way the server tells it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy
import sqlalchemy.engine.reflection
from mysql_answers import OF_A_TABLE, answer, plain
from mysql_schemas import ALIKE, BEYOND, is_mariadb, make_schema, other_of, raw

from ormolu import Column, Integer, MetaData, Table, create_engine, event, inspect
from ormolu.dialects.mysql.reflection import create_table_text
from ormolu.dialects.mysql.reflection.describe import DESCRIBERS
from ormolu.engine.reflection import Inspector, ObjectKind, ObjectScope
from ormolu.exc import DBAPIError, InvalidRequestError, NoSuchTableError, SAWarning
from ormolu.schema import CreateTable


class Both:
    """Inspectors of both libraries on one database."""

    def __init__(self, url: str, driver: str) -> None:
        scheme = url.partition("://")[2]
        self.engines: list[Any] = [
            create_engine(f"{driver}://{scheme}"),
            sqlalchemy.create_engine(f"{driver}://{scheme}"),
        ]
        self.ours, self.theirs = inspect(self.engines[0]), sqlalchemy.inspect(self.engines[1])

    def same(self, method: str, *args: Any, **options: Any) -> Any:
        """Assert that both give the same; return it."""
        ours = answer(self.ours, method, *args, **options)
        assert ours == answer(self.theirs, method, *args, **options), (method, args)
        return ours

    @property
    def mariadb(self) -> bool:
        """Whether the server is MariaDB."""
        return bool(self.engines[0].dialect.is_mariadb)


@contextmanager
def both_of(url: str, driver: str) -> Iterator[Both]:
    made = Both(url, driver)
    yield made
    for engine in made.engines:
        engine.dispose()


@pytest.fixture
def both(mysql_url: str) -> Iterator[Both]:
    make_schema(mysql_url, ALIKE)
    with both_of(mysql_url, "mysql") as made:
        yield made


def test_both_libraries_describe_a_database_alike(both: Both, mysql_url: str) -> None:
    assert_alike(both, mysql_url)


def test_mariadb_is_described_by_its_own_name_and_mysql_refused(mysql_url: str) -> None:
    make_schema(mysql_url, ALIKE)
    with raw(mysql_url) as connection:
        mariadb = is_mariadb(connection)
    if mariadb:
        with both_of(mysql_url, "mariadb") as made:
            assert_alike(made, mysql_url)
        return
    for make, error in (
        (create_engine, InvalidRequestError),
        (sqlalchemy.create_engine, sqlalchemy.exc.InvalidRequestError),
    ):
        engine: Any = make(mysql_url.replace("mysql://", "mariadb://"))
        with pytest.raises(error, match="is not a MariaDB variant"):
            engine.connect()
        engine.dispose()


def assert_alike(both: Both, mysql_url: str) -> None:
    """Assert that both libraries answer every question about a database alike."""
    other = other_of(mysql_url)
    own_name = other.removesuffix("_other")
    assert {own_name, other} <= set(both.same("get_schema_names"))
    own = 17 if both.mariadb else 22
    for schema, expected in ((None, own), (other, 2), (own_name, own)):
        tables = both.same("get_table_names", schema)
        assert len(tables) == expected
        both.same("get_view_names", schema)
        both.same("get_sequence_names", schema)
        for table in tables:
            for method in OF_A_TABLE:
                both.same(method, table, schema)
            both.same("get_view_definition", table, schema)
    for method in (
        "get_temp_table_names",
        "get_temp_view_names",
        "get_materialized_view_names",
    ):
        assert both.same(method) == "NotImplementedError"
    ours, theirs = (i.get_sorted_table_and_fkc_names() for i in (both.ours, both.theirs))
    assert {name: set(keys) for name, keys in ours} == {name: set(keys) for name, keys in theirs}
    order = [name for name, _ in ours]
    assert order.index("parent") < order.index("child")


def test_both_libraries_describe_views_alike(both: Both, mysql_url: str) -> None:
    for schema, views in ((None, ["odd view", "some"]), (other_of(mysql_url), ["seen"])):
        assert both.same("get_view_names", schema) == views
        for view in views:
            for method in [*OF_A_TABLE[1:], "get_view_definition"]:
                both.same(method, view, schema)
            # SQLAlchemy takes all columns of a view for nullable, and quotes defaults.
            ours, theirs = (
                both.ours.get_columns(view, schema),
                both.theirs.get_columns(view, schema),
            )
            known = ("name", "type", "comment", "autoincrement")
            assert [{key: plain(column.get(key)) for key in known} for column in ours] == [
                {key: plain(column.get(key)) for key in known} for column in theirs
            ]
    some: list[Any] = both.ours.get_columns("some")
    assert [column["nullable"] for column in some] == [False, False, True, True, True]


def test_both_libraries_answer_questions_by_name_alike(both: Both, mysql_url: str) -> None:
    other = other_of(mysql_url)
    for name in ("child", "CHILD", "some", "seq_one", "with%per`c\"'é", "missing"):
        both.same("has_table", name)
        both.same("has_sequence", name)
    for name, schema in (("far", other), ("far", None), ("far", "no_such_schema")):
        both.same("has_table", name, schema)
    for schema in (other, "no_such_schema"):
        both.same("has_schema", schema)
    assert both.same("has_index", "child", "ix odd") is True
    assert both.same("has_index", "child", "ix_even") is False
    for method in [*OF_A_TABLE, "get_view_definition"]:
        assert both.same(method, "missing") == "NoSuchTableError"
        assert both.same(method, "missing", other) == "NoSuchTableError"
    if both.mariadb:
        assert both.same("get_columns", "seq_one")[0]["name"] == "next_not_cached_value"
        assert both.same("has_sequence", "seq_one") is True
    else:
        assert both.same("get_columns", "seq_one") == "NoSuchTableError"
        assert both.same("get_sequence_names") == "NotImplementedError"
    assert both.ours.default_schema_name == both.theirs.default_schema_name
    assert both.same("get_table_names", "information_schema") == []
    assert "TABLES" in both.same("get_view_names", "information_schema")
    with pytest.raises(DBAPIError, match="no_such_schema"):
        both.ours.get_table_names("no_such_schema")


def test_many_tables_are_described_as_each_of_them(both: Both, mysql_url: str) -> None:
    for what in DESCRIBERS:
        many, one = getattr(both.ours, f"get_multi_{what}"), f"get_{what}"
        for schema in (None, other_of(mysql_url)):
            for kind in (ObjectKind.TABLE, ObjectKind.VIEW, ObjectKind.ANY):
                found = many(schema, kind=kind)
                theirs = getattr(both.theirs, f"get_multi_{what}")
                same_kind = sqlalchemy.engine.reflection.ObjectKind(kind.value)
                assert found.keys() == theirs(schema, kind=same_kind).keys()
            assert plain(found) == {key: answer(both.ours, one, key[1], schema) for key in found}
        filtered = many(filter_names=["child", "MIXED", "nothing", "absent"])
        assert set(filtered) == {(None, "child"), (None, "nothing")}
        assert many(filter_names=[]) == many(scope=ObjectScope.TEMPORARY) == {}


@pytest.mark.parametrize("setting", ["", "sql_mode = 'ANSI_QUOTES'", "sql_quote_show_create = 0"])
def test_the_text_of_a_table_says_what_information_schema_says(
    mysql_url: str, setting: str
) -> None:
    make_schema(mysql_url, ALIKE, BEYOND)
    engine = create_engine(mysql_url)
    with engine.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        if setting:
            connection.exec_driver_sql(f"SET {setting}")
        inspector = inspect(connection)
        # MySQL writes names in expressions as this setting has it, but not in `information_schema`.
        unquoted = "quote" in setting and not engine.dialect.is_mariadb
        for name in inspector.get_table_names():
            quoted = name.replace("`", "``").replace("%", "%%")
            text = connection.exec_driver_sql(f"SHOW CREATE TABLE `{quoted}`").one()[1]
            table = create_table_text.read(text)
            assert table is not None
            assert table.name == name
            for what, describe in DESCRIBERS.items():
                if what != "foreign_keys":
                    found = plain(describe(table, "mysql"))
                    told = answer(inspector, f"get_{what}", name)
                    if unquoted:
                        found, told = (repr(each).replace("`", "") for each in (found, told))
                    assert found == told, (name, what)
    engine.dispose()


def test_temporary_tables_are_described_when_they_are_named(mysql_url: str) -> None:
    engine = create_engine(mysql_url)
    with engine.connect() as connection:
        connection.exec_driver_sql(
            """CREATE TEMPORARY TABLE `t%%p` (
                id INT PRIMARY KEY AUTO_INCREMENT, x VARCHAR(5) NOT NULL DEFAULT 'q' COMMENT 'c',
                y INT AS (length(x)), KEY k (x(2)), UNIQUE (y), CONSTRAINT ck CHECK (x <> 'a')
            ) COMMENT 'a ''t'''"""
        )
        inspector: Inspector = inspect(connection)
        assert inspector.has_table("t%p")
        assert inspector.get_table_names() == []
        table = Table("t%p", MetaData(), autoload_with=connection)
        mariadb = engine.dialect.is_mariadb
        integer = "INTEGER(11)" if mariadb else "INTEGER"
        length = "octet_length(`x`)" if mariadb else "length(`x`)"
        condition = "`x` <> 'a'" if mariadb else "(`x` <> _utf8mb4'a')"
        collation = "utf8mb4_general_ci" if mariadb else "utf8mb4_0900_ai_ci"
        assert str(CreateTable(table).compile(dialect=engine.dialect)).strip().split("\n") == [
            "CREATE TABLE `t%%p` (",
            f"\tid {integer} NOT NULL AUTO_INCREMENT, ",
            "\tx VARCHAR(5) NOT NULL COMMENT 'c' DEFAULT 'q', ",
            f"\ty {integer} GENERATED ALWAYS AS (({length})) VIRTUAL, ",
            "\tPRIMARY KEY (id), ",
            f"\tCONSTRAINT ck CHECK ({condition})",
            f")COMMENT='a ''t''' ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE {collation}",
        ]
        assert {index.name for index in table.indexes} == {"k", "y"}
        found = inspector.get_multi_pk_constraint(filter_names=["t%p"], scope=ObjectScope.ANY)
        assert found == {(None, "t%p"): {"name": None, "constrained_columns": ["id"]}}
        assert inspector.get_multi_pk_constraint(filter_names=["t%p"]) == {}
    engine.dispose()


def test_several_tables_are_looked_for_at_once(mysql_url: str) -> None:
    engine = create_engine(mysql_url)
    metadata = MetaData()
    for name in ("a", "A", "b", "c"):
        Table(name, metadata, Column("id", Integer, primary_key=True))
    sent: list[str] = []
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TEMPORARY TABLE c (id INT)")
        metadata.create_all(connection, tables=[metadata.tables["a"]])
        asked = ["A", "a", "b", "c"]
        found = inspect(connection).has_multi_table(asked)
        assert found == {(None, name): name in ("a", "c") for name in asked}
        metadata.create_all(connection)
        assert sorted(inspect(connection).get_table_names()) == ["A", "a", "b"]
        event.listen(
            engine, "before_cursor_execute", lambda conn, cursor, sql, *rest: sent.append(sql)
        )
        connection.exec_driver_sql("DROP TEMPORARY TABLE c")
        metadata.create_all(connection)
        sent.clear()
        metadata.create_all(connection)
    assert [sql.split(" ")[0] for sql in sent] == ["SELECT"]
    engine.dispose()


def test_asking_for_a_missing_table_is_no_error_to_listeners(mysql_url: str) -> None:
    engine = create_engine(mysql_url)
    heard: list[Any] = []
    event.listen(engine, "handle_error", heard.append)
    assert not inspect(engine).has_table("missing")
    MetaData().create_all(engine)
    with pytest.raises(NoSuchTableError, match="missing"):
        inspect(engine).get_columns("missing")
    assert heard == []
    engine.dispose()
