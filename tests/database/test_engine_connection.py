"""Engines and connections on SQLite: execution, transactions, errors, pools."""

from __future__ import annotations

import sqlite3
import threading
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormolu import exc, inspection
from ormolu.engine import Engine, create_engine, engine_from_config
from ormolu.engine.async_engine import create_async_engine
from ormolu.pool import NullPool, QueuePool, SingletonThreadPool, StaticPool
from ormolu.sql.text import text
from ormolu.testing import assert_sql, count_queries

ROOT = Path(__file__).parents[2]


def make_crew(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE crew (id INTEGER PRIMARY KEY, name TEXT UNIQUE)")


def names(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars("SELECT name FROM crew ORDER BY id").all())


def test_a_plain_string_with_binds_is_executed(engine: Engine) -> None:
    with engine.connect() as connection:
        row: Any = connection.execute("SELECT :a AS a, 2 AS b", {"a": 1}).one()
    assert row == (1, 2)
    assert row._mapping == {"a": 1, "b": 2}


def test_text_is_executed_once_per_parameter_set(engine: Engine) -> None:
    make_crew(engine)
    with engine.begin() as connection:
        result = connection.execute(
            text("INSERT INTO crew (name) VALUES (:name)"), [{"name": "Neil"}, {"name": "Buzz"}]
        )
        assert result.rowcount == 2
        assert not result.returns_rows
        with pytest.raises(exc.ResourceClosedError, match="does not return rows"):
            result.all()
    assert names(engine) == ["Neil", "Buzz"]


def test_the_statement_cache_is_used(engine: Engine) -> None:
    with engine.connect() as connection:
        for value in range(5):
            assert connection.scalar("SELECT :x", {"x": value}) == value
    assert len(engine.core.cache) == 1
    engine.clear_compiled_cache()
    assert len(engine.core.cache) == 0


def test_close_without_commit_rolls_back(engine: Engine) -> None:
    make_crew(engine)
    with engine.connect() as connection:
        connection.execute("INSERT INTO crew (name) VALUES ('Neil')")
        assert connection.in_transaction()
    assert names(engine) == []


def test_commit_as_you_go(engine: Engine) -> None:
    make_crew(engine)
    with engine.connect() as connection:
        connection.execute("INSERT INTO crew (name) VALUES ('Neil')")
        connection.commit()
        assert not connection.in_transaction()
        connection.execute("INSERT INTO crew (name) VALUES ('Buzz')")
        connection.rollback()
    assert names(engine) == ["Neil"]


def test_begin_commits_or_rolls_back_with_its_block(engine: Engine) -> None:
    make_crew(engine)
    with engine.begin() as connection:
        connection.execute("INSERT INTO crew (name) VALUES ('Neil')")
    with pytest.raises(KeyError), engine.begin() as connection:
        connection.execute("INSERT INTO crew (name) VALUES ('Buzz')")
        raise KeyError
    assert names(engine) == ["Neil"]


def test_ddl_is_rolled_back(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute("CREATE TABLE t (id INTEGER)")
        connection.rollback()
        assert connection.scalar("SELECT count(*) FROM sqlite_master") == 0


def test_savepoints_at_any_depth(engine: Engine) -> None:
    make_crew(engine)
    with engine.connect() as connection, connection.begin():
        connection.execute("INSERT INTO crew (name) VALUES ('one')")
        with connection.begin_nested():
            connection.execute("INSERT INTO crew (name) VALUES ('two')")
            inner = connection.begin_nested()
            connection.execute("INSERT INTO crew (name) VALUES ('three')")
            assert connection.in_nested_transaction()
            inner.rollback()
        assert not connection.in_nested_transaction()
        assert connection.get_nested_transaction() is None
    assert names(engine) == ["one", "two"]


def test_ending_a_savepoint_ends_those_inside(engine: Engine) -> None:
    with engine.connect() as connection:
        outer = connection.begin_nested()
        inner = connection.begin_nested()
        outer.rollback()
        assert not inner.is_active
        with pytest.raises(exc.InvalidRequestError, match="This nested transaction is inactive"):
            inner.commit()
        inner.rollback()
        assert connection.in_transaction()


def test_a_second_begin_is_refused(engine: Engine) -> None:
    with engine.connect() as connection:
        transaction = connection.begin()
        assert connection.get_transaction() == transaction
        with pytest.raises(exc.InvalidRequestError, match=r"can't call begin\(\) here unless"):
            connection.begin()
        transaction.commit()
        with pytest.raises(exc.InvalidRequestError, match="This transaction is inactive"):
            transaction.commit()
        transaction.close()
        connection.scalar("SELECT 1")
        with pytest.raises(exc.InvalidRequestError, match="autobegin"):
            connection.begin()


def test_an_ended_transaction_bars_its_block(engine: Engine) -> None:
    with engine.connect() as connection:
        with connection.begin() as transaction:
            transaction.rollback()
            with pytest.raises(exc.InvalidRequestError, match="inside context manager"):
                connection.execute("SELECT 1")
        assert connection.scalar("SELECT 1") == 1


def test_a_closed_connection_says_so(engine: Engine) -> None:
    connection = engine.connect()
    connection.close()
    connection.close()
    assert connection.closed
    for use in (
        lambda: connection.execute("SELECT 1"),
        connection.begin,
        connection.commit,
        lambda: connection.info,
    ):
        with pytest.raises(exc.ResourceClosedError, match="This Connection is closed"):
            use()


def test_a_driver_error_is_wrapped(engine: Engine) -> None:
    make_crew(engine)
    with engine.begin() as connection:
        connection.execute("INSERT INTO crew (name) VALUES ('Neil')")
        with pytest.raises(exc.IntegrityError, match=r"UNIQUE constraint failed: crew.name") as e:
            connection.execute("INSERT INTO crew (name) VALUES (:name)", {"name": "Neil"})
        connection.execute("INSERT INTO crew (name) VALUES ('Buzz')")
    assert e.value.statement == "INSERT INTO crew (name) VALUES (?)"
    assert e.value.params == ("Neil",)
    assert isinstance(e.value.orig, sqlite3.IntegrityError)
    assert e.value.__cause__ is e.value.orig
    assert not e.value.connection_invalidated
    assert names(engine) == ["Neil", "Buzz"]


def test_hidden_parameters_stay_out_of_errors() -> None:
    engine = create_engine("sqlite://", hide_parameters=True)
    with engine.connect() as connection, pytest.raises(exc.OperationalError) as e:
        connection.execute("SELECT * FROM missing WHERE id = :secret", {"secret": "s3cret"})
    engine.dispose()
    assert "s3cret" not in str(e.value)
    assert "hide_parameters=True" in str(e.value)


def test_a_missing_bind_and_wrong_parameters(engine: Engine) -> None:
    with engine.connect() as connection:
        with pytest.raises(exc.StatementError, match="'x'"):
            connection.execute("SELECT :x")
        with pytest.raises(exc.ArgumentError, match="mapping or list expected"):
            connection.execute("SELECT 1", 5)  # type: ignore[arg-type]
        with pytest.raises(exc.ArgumentError, match="must consist only of dictionaries"):
            connection.execute("SELECT 1", [5])  # type: ignore[list-item]
        with pytest.raises(exc.ObjectNotExecutableError, match="Not an executable object: 5"):
            connection.execute(5)  # type: ignore[arg-type]


def test_a_transaction_that_the_database_ended_can_not_be_committed(engine: Engine) -> None:
    make_crew(engine)
    with engine.connect() as connection:
        connection.execute("INSERT INTO crew (name) VALUES ('Neil')")
        with pytest.raises(exc.IntegrityError):
            connection.execute("INSERT OR ROLLBACK INTO crew (name) VALUES ('Neil')")
        with pytest.raises(exc.InvalidRequestError, match="has rolled this transaction back"):
            connection.commit()
        connection.execute("INSERT INTO crew (name) VALUES ('Buzz')")
        connection.commit()
    assert names(engine) == ["Buzz"]


def test_a_failed_commit_leaves_a_usable_connection(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.connection.execute("PRAGMA foreign_keys = ON")
        connection.exec_driver_sql("CREATE TABLE p (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql(
            "CREATE TABLE c (p INTEGER REFERENCES p DEFERRABLE INITIALLY DEFERRED)"
        )
        connection.commit()
        connection.exec_driver_sql("INSERT INTO c VALUES (1)")
        with pytest.raises(exc.IntegrityError, match="FOREIGN KEY constraint failed"):
            connection.commit()
        assert not connection.in_transaction()
        assert connection.scalar("SELECT count(*) FROM c") == 0


def test_autocommit(file_engine: Engine) -> None:
    make_crew(file_engine)
    with file_engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        assert connection.get_isolation_level() == "AUTOCOMMIT"
        connection.execute("INSERT INTO crew (name) VALUES ('Neil')")
        with pytest.raises(exc.InvalidRequestError, match="isolation_level may not be altered"):
            connection.execution_options(isolation_level="SERIALIZABLE")
    assert names(file_engine) == ["Neil"]
    with pytest.raises(exc.ArgumentError, match="Valid isolation levels"):
        create_engine("sqlite://", isolation_level="SOMETIMES")


def test_streaming_fetches_in_chunks(engine: Engine) -> None:
    make_crew(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "INSERT INTO crew (name) VALUES (?)", [(f"n{i}",) for i in range(10)]
        )
        result = connection.execute(
            "SELECT id FROM crew ORDER BY id", execution_options={"yield_per": 4}
        )
        assert [len(part) for part in result.partitions()] == [4, 4, 2]
        streamed = connection.execution_options(stream_results=True).scalars("SELECT id FROM crew")
        assert streamed.fetchmany(2) == [1, 2]
        streamed.close()
        assert streamed.closed


def test_an_invalidated_connection_is_replaced(file_engine: Engine) -> None:
    with file_engine.connect() as connection:
        before = connection.connection
        connection.scalar("SELECT 1")
        connection.invalidate()
        assert connection.invalidated
        with pytest.raises(exc.InvalidRequestError, match="Can't reconnect until"):
            connection.scalar("SELECT 1")
        connection.rollback()
        assert connection.scalar("SELECT 1") == 1
        assert connection.connection is not before
    assert file_engine.pool.status().endswith("Checked out connections: 0")


def test_threads_share_a_file_engine(file_engine: Engine) -> None:
    make_crew(file_engine)

    def add(name: str) -> None:
        with file_engine.begin() as connection:
            connection.execute("INSERT INTO crew (name) VALUES (:n)", {"n": name})

    threads = [threading.Thread(target=add, args=(f"n{i}",)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(names(file_engine)) == [f"n{i}" for i in range(8)]


def test_usual_pools(tmp_path: Path) -> None:
    assert isinstance(create_engine("sqlite://").pool, SingletonThreadPool)
    assert isinstance(create_engine("sqlite:///:memory:").pool, SingletonThreadPool)
    assert isinstance(create_engine(f"sqlite:///{tmp_path}/x.db").pool, QueuePool)
    assert isinstance(create_engine("sqlite://", poolclass=StaticPool).pool, StaticPool)
    engine = create_engine(f"sqlite:///{tmp_path}/x.db", poolclass=NullPool)
    with engine.connect() as connection:
        assert connection.scalar("SELECT 1") == 1


def test_unknown_options_are_named() -> None:
    with pytest.raises(TypeError, match=r"Invalid argument\(s\) 'foo','bar' sent to create_engine"):
        create_engine("sqlite://", foo=1, bar=2)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"'max_overflow' sent to create_engine\(\), using"):
        create_engine("sqlite://", max_overflow=2)


@pytest.mark.parametrize(
    ("url", "modules", "extra"),
    [
        ("postgresql://localhost/x", ["psycopg"], "postgresql"),
        ("postgresql+psycopg://localhost/x", ["psycopg"], "postgresql"),
        ("postgresql+asyncpg://localhost/x", ["asyncpg"], "postgresql-asyncpg"),
        ("mysql://localhost/x", ["MySQLdb", "pymysql"], "mysql"),
        ("mysql+mysqldb://localhost/x", ["MySQLdb"], "mysqlclient"),
        ("mysql+pymysql://localhost/x", ["pymysql"], "mysql"),
        ("mysql+aiomysql://localhost/x", ["aiomysql"], "aiomysql"),
        ("mariadb+asyncmy://localhost/x", ["asyncmy"], "mysql"),
    ],
)
def test_a_missing_driver_names_its_package(
    url: str, modules: list[str], extra: str, hide: Callable[..., None]
) -> None:
    hide(*modules)
    is_async = modules[0] in ("asyncpg", "aiomysql", "asyncmy")
    create: Callable[[str], object] = create_async_engine if is_async else create_engine
    with pytest.raises(ModuleNotFoundError, match=rf'pip install "ormolu\[{extra}\]"') as caught:
        create(url)
    assert repr(caught.value.name) in str(caught.value)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert extra in project["optional-dependencies"]


def test_unknown_dialects_and_async_drivers_are_refused() -> None:
    with pytest.raises(exc.NoSuchModuleError, match="nosuch"):
        create_engine("nosuch://localhost/x")
    with pytest.raises(exc.NoSuchModuleError, match=r"sqlite\.nosuch"):
        create_engine("sqlite+nosuch://")
    with pytest.raises(exc.InvalidRequestError, match="create_async_engine"):
        create_engine("sqlite+aiosqlite://")


def test_engine_options_and_description() -> None:
    engine = create_engine("sqlite://", execution_options={"a": 1})
    other = engine.execution_options(b=2)
    assert other.get_execution_options() == {"a": 1, "b": 2}
    assert other.pool is engine.pool
    assert repr(engine) == "Engine(sqlite://)"
    assert (engine.name, engine.driver, str(engine.url)) == ("sqlite", "pysqlite", "sqlite://")
    with other.connect() as connection:
        connection.info["seen"] = True
        assert connection.get_execution_options() == {"a": 1, "b": 2}
    configured = engine_from_config({"sqlalchemy.url": "sqlite://", "sqlalchemy.echo": "false"})
    assert configured.echo is False


def test_creator_and_raw_connection() -> None:
    opened: list[sqlite3.Connection] = []

    def creator() -> sqlite3.Connection:
        opened.append(sqlite3.connect(":memory:"))
        return opened[-1]

    engine = create_engine("sqlite://", creator=creator)
    raw = engine.raw_connection()
    assert raw.driver_connection is opened[0]
    assert raw.execute("SELECT 1").fetchone() == (1,)
    raw.close()
    engine.dispose()


def test_dispose_drops_a_database_in_memory(engine: Engine) -> None:
    make_crew(engine)
    engine.dispose()
    with engine.connect() as connection:
        assert connection.scalar("SELECT count(*) FROM sqlite_master") == 0


def test_inspect_gives_an_inspector(engine: Engine) -> None:
    make_crew(engine)
    inspector = inspection.inspect(engine)
    assert inspector.get_table_names() == ["crew"]
    assert inspector.has_table("crew")
    assert not inspector.has_table("ship")
    assert [column["name"] for column in inspector.get_columns("crew")] == ["id", "name"]
    assert inspector.get_pk_constraint("crew")["constrained_columns"] == ["id"]


def test_the_log_reads_as_its_users_know_it(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="ormolu.engine.Engine")
    with engine.begin() as connection:
        connection.execute("SELECT :x", {"x": 5})
        connection.execute("SELECT :x", {"x": 6})
        with connection.begin_nested():
            pass
    lines = [record.getMessage() for record in caplog.records]
    assert lines[0] == "BEGIN (implicit)"
    assert lines[1] == "SELECT ?"
    assert lines[2].startswith("[generated in ")
    assert lines[2].endswith("s] (5,)")
    assert lines[4].startswith("[cached since ")
    assert lines[5] == "SAVEPOINT sa_savepoint_1"
    assert lines[7] == "RELEASE SAVEPOINT sa_savepoint_1"
    assert lines[-1] == "COMMIT"


def test_count_queries_and_assert_sql(engine: Engine) -> None:
    with engine.connect() as connection:
        with count_queries(engine) as seen:
            connection.execute("SELECT 1")
            connection.commit()
        connection.execute("SELECT 2")
        assert seen.statements == ["SELECT 1"]
        assert seen.count == 1
        with assert_sql(engine, "SELECT\n  3"):
            connection.execute("SELECT 3")
        with pytest.raises(AssertionError, match="SELECT 4"), assert_sql(engine):
            connection.execute("SELECT 4")


def test_a_reader_on_a_shared_connection_rolls_nothing_of_the_writer_back(engine: Engine) -> None:
    make_crew(engine)
    with engine.connect() as writer:
        writer.execute("INSERT INTO crew (name) VALUES ('Neil')")
        with engine.connect() as reader:
            assert reader.scalar("SELECT count(*) FROM crew") == 1
            reader.execute("INSERT INTO crew (name) VALUES ('undone')")
        writer.execute("INSERT INTO crew (name) VALUES ('Buzz')")
        writer.commit()
    assert names(engine) == ["Neil", "Buzz"]


def test_a_commit_on_a_shared_connection_leaves_the_other_in_a_transaction(engine: Engine) -> None:
    make_crew(engine)
    with engine.connect() as outer:
        assert outer.scalar("SELECT count(*) FROM crew") == 0
        with engine.begin() as inner:
            inner.execute("INSERT INTO crew (name) VALUES ('Neil')")
        outer.execute("INSERT INTO crew (name) VALUES ('undone')")
        outer.rollback()
    assert names(engine) == ["Neil"]


def test_debug_logs_rows(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="ormolu.engine.Engine")
    with engine.connect() as connection:
        connection.execute("SELECT 1 AS a, 2 AS b").all()
    lines = [record.getMessage() for record in caplog.records]
    assert lines[-3:] == ["Col ('a', 'b')", "Row (1, 2)", "ROLLBACK"]


def test_the_drivers_connection_is_reached_through_the_pools_proxy(engine: Engine) -> None:
    connection = engine.connect()
    raw = connection.connection
    assert isinstance(raw.driver_connection, sqlite3.Connection)
    assert raw.dbapi_connection is raw.driver_connection
    assert raw.cursor().execute("SELECT 1").fetchone() == (1,)
    raw.info["color"] = "red"
    assert connection.info == {"color": "red"}
    assert raw.is_valid
    raw.close()
    assert (connection.closed, raw.is_valid, raw.driver_connection) == (True, False, None)
    raw.close()
    with pytest.raises(exc.InvalidRequestError, match="raw_connection"):
        raw.cursor()


def test_an_invalidated_raw_connection_is_not_lent_again() -> None:
    engine = create_engine("sqlite://", poolclass=QueuePool)
    first = engine.raw_connection()
    driver = first.driver_connection
    first.invalidate()
    second = engine.raw_connection()
    assert second.driver_connection is not driver
    second.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        driver.execute("SELECT 1")
    engine.dispose()


def test_a_softly_invalidated_connection_is_replaced_when_it_comes_back() -> None:
    engine = create_engine("sqlite://", poolclass=QueuePool)
    first = engine.raw_connection()
    driver = first.driver_connection
    first.invalidate(soft=True)
    assert first.cursor().execute("SELECT 1").fetchone() == (1,)
    first.close()
    with engine.raw_connection() as second:
        assert second.driver_connection is not driver
    engine.dispose()
