"""Engines on psycopg: addresses, options, transactions, and what the driver itself is used for."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from ormolu import (
    URL,
    Engine,
    Integer,
    column,
    create_engine,
    event,
    exc,
    func,
    literal,
    make_url,
    select,
    text,
)
from ormolu.dialects.postgresql import HSTORE, INT4RANGE, JSONB, Range
from ormolu.ext.asyncio import AsyncEngine, create_async_engine

pytestmark = pytest.mark.backend("postgresql+psycopg")

Make = Callable[..., Engine]


@pytest.fixture
def make(backend_url: str) -> Iterator[Make]:
    """A factory of engines on one empty database."""
    made: list[Engine] = []

    def make_engine(url: str | URL = backend_url, **options: Any) -> Engine:
        made.append(create_engine(url, **options))
        return made[-1]

    yield make_engine
    for engine in made:
        engine.dispose()


def shown(engine: Engine, *names: str) -> list[str]:
    """The server's settings, as a connection of the engine finds them."""
    with engine.connect() as connection:
        return [connection.scalar(select(func.current_setting(name))) for name in names]


# -- addresses


def test_what_a_url_asks_of_the_session(make: Make, backend_url: str) -> None:
    url = make_url(backend_url).update_query_dict(
        {
            "application_name": "a b",
            "options": "-c search_path=pg_catalog -c statement_timeout=4321",
        }
    )
    engine = make(url)
    names = ("application_name", "search_path", "statement_timeout")
    assert shown(engine, *names) == ["a b", "pg_catalog", "4321ms"]
    assert engine.dialect.default_schema_name == "pg_catalog"


def test_connect_args_go_to_the_driver(make: Make) -> None:
    engine = make(connect_args={"application_name": "mine", "client_encoding": "latin1"})
    assert shown(engine, "application_name", "client_encoding") == ["mine", "LATIN1"]
    with engine.connect() as connection:
        assert connection.scalar(select(literal("é"))) == "é"
    assert shown(make(client_encoding="latin1"), "client_encoding") == ["LATIN1"]


def test_several_hosts_are_tried_in_turn(make: Make, backend_url: str) -> None:
    url = make_url(backend_url)
    hosts = ["127.0.0.1:1", f"{url.host}:{url.port}"]
    several = url.set(host=None, port=None).update_query_dict({"host": hosts})
    assert shown(make(several), "application_name") == [""]


def test_an_engine_knows_its_server(make: Make) -> None:
    engine = make()
    with engine.connect() as connection:
        number = int(connection.scalar(text("SHOW server_version_num")))
        assert engine.dialect.server_version_info == divmod(number, 10000)
        assert connection.default_isolation_level == "READ COMMITTED"
    serial = make(connect_args={"options": "-c default_transaction_isolation=serializable"})
    with serial.connect() as connection:
        assert connection.get_isolation_level() == "SERIALIZABLE"
    assert engine.dialect.default_schema_name == "public"


def test_a_creator_opens_connections_that_are_prepared_alike(make: Make, backend_url: str) -> None:
    arguments = make(backend_url).dialect.connect_args(make_url(backend_url))[1]
    opened: list[Any] = []

    def creator() -> Any:
        opened.append(psycopg.connect(**arguments, autocommit=True))
        return opened[-1]

    engine = make(creator=creator, json_deserializer=lambda value: ["read", json.loads(value)])
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT '{}'::json").scalar() == ["read", {}]
        assert connection.connection.driver_connection is opened[0]
        assert not opened[0].autocommit


def test_what_can_not_be_reached_is_an_operational_error(make: Make, backend_url: str) -> None:
    for wrong in (make_url(backend_url).set(database="nowhere"), "postgresql://127.0.0.1:1/x"):
        with pytest.raises(exc.OperationalError, match=r"does not exist|refused") as caught:
            make(wrong).connect()
        assert not caught.value.connection_invalidated


def test_both_names_of_the_dialect_choose_the_driver_by_the_engine(backend_url: str) -> None:
    plain = make_url(backend_url).set(drivername="postgresql")

    async def whole(url: URL) -> tuple[str, bool, int]:
        engine = create_async_engine(url)
        async with engine.connect() as connection:
            one: int = await connection.scalar(text("SELECT 1"))
        await engine.dispose()
        return engine.driver, engine.dialect.is_async, one

    for name in ("postgresql", "postgresql+psycopg", "postgresql+psycopg_async"):
        assert asyncio.run(whole(plain.set(drivername=name))) == ("psycopg", True, 1)
    with pytest.raises(exc.InvalidRequestError, match="asynchronous driver"):
        create_engine(plain.set(drivername="postgresql+psycopg_async"))


def test_options_of_this_dialect_are_refused_by_others() -> None:
    for option in ("client_encoding", "native_inet_types", "use_native_hstore"):
        with pytest.raises(TypeError, match=option):
            create_engine("sqlite://", **{option: False})  # type: ignore[arg-type]


# -- values


def test_json_goes_through_the_engines_functions(make: Make) -> None:
    engine = make(
        json_serializer=lambda value: json.dumps({"wrapped": value}),
        json_deserializer=lambda value: ("read", json.loads(value)),
    )
    with engine.connect() as connection:
        assert connection.scalar(select(literal([1], JSONB))) == ("read", {"wrapped": [1]})
        assert connection.exec_driver_sql("SELECT '1'::json").scalar() == ("read", 1)
    with make().connect() as connection:
        assert connection.scalar(select(literal({"a": None}, JSONB))) == {"a": None}


def test_hstore_comes_as_dictionaries_once_the_database_has_it(make: Make) -> None:
    value = {'k"ey\\': "va,lue", "none": None}
    early = make()
    with early.begin() as connection:
        connection.exec_driver_sql("CREATE EXTENSION hstore")
        assert connection.scalar(select(literal(value, HSTORE))) == value
    ask = "SELECT 'a=>1'::hstore, array['b=>NULL'::hstore]"
    for native, found in ((True, ({"a": "1"}, [{"b": None}])), (False, ('"a"=>"1"', None))):
        engine = make(use_native_hstore=native)
        for _ in range(2):
            with engine.connect() as first, engine.connect() as second:
                for connection in (first, second):
                    row = connection.exec_driver_sql(ask).one()
                    assert row[0] == found[0]
                    assert not native or row[1] == found[1]
                    assert connection.scalar(select(literal(value, HSTORE))) == value


def test_addresses_come_as_the_engine_wants_them(make: Make) -> None:
    ask = text("SELECT '10.0.0.1'::inet, '10.0.0.0/8'::cidr")
    with make().connect() as connection:
        assert connection.execute(ask).one() == (
            ipaddress.ip_address("10.0.0.1"),
            ipaddress.ip_network("10.0.0.0/8"),
        )
    with make(native_inet_types=False).connect() as connection:
        assert connection.execute(ask).one() == ("10.0.0.1", "10.0.0.0/8")


def test_ranges_go_and_come_as_ranges(make: Make) -> None:
    with make().connect() as connection:
        value = Range(2, 5, bounds="[]")
        assert connection.scalar(select(literal(value, INT4RANGE))) == value
        assert connection.scalar(select(literal(value, INT4RANGE).contains(literal(5)))) is True


# -- transactions


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"isolation_level": "SERIALIZABLE"}, ["serializable", "off", "off"]),
        ({"postgresql_readonly": True}, ["read committed", "on", "off"]),
        (
            {
                "isolation_level": "SERIALIZABLE",
                "postgresql_readonly": True,
                "postgresql_deferrable": True,
            },
            ["serializable", "on", "on"],
        ),
        (
            {"postgresql_readonly": False, "postgresql_deferrable": False},
            ["read committed", "off", "off"],
        ),
    ],
)
def test_modes_of_transactions(make: Make, options: dict[str, Any], found: list[str]) -> None:
    names = [f"transaction_{name}" for name in ("isolation", "read_only", "deferrable")]
    ask = select(*[func.current_setting(name) for name in names])
    engine = make()
    with engine.connect().execution_options(**options) as connection:
        assert list(connection.execute(ask).one()) == found
        connection.rollback()
        assert list(connection.execute(ask).one()) == found
    with engine.execution_options(**options).connect() as connection:
        assert list(connection.execute(ask).one()) == found
    with make(execution_options=options).connect() as connection:
        assert list(connection.execute(ask).one()) == found
    with engine.connect() as connection:
        assert list(connection.execute(ask).one()) == ["read committed", "off", "off"]


def test_modes_can_not_change_inside_a_transaction(make: Make) -> None:
    with make().connect() as connection:
        connection.execute(text("SELECT 1"))
        for options in ({"postgresql_readonly": True}, {"isolation_level": "SERIALIZABLE"}):
            with pytest.raises(exc.InvalidRequestError, match=next(iter(options))):
                connection.execution_options(**options)


def test_autocommit_begins_nothing(make: Make) -> None:
    engine = make(isolation_level="AUTOCOMMIT", pool_size=1, max_overflow=0)
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE t (a int)"))
        connection.execute(text("VACUUM t"))
        raw = connection.connection.driver_connection
        assert raw.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        connection.rollback()
    with engine.execution_options(isolation_level="READ COMMITTED").connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM t")) == 0
        raw = connection.connection.driver_connection
        assert raw.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS


def test_a_commit_after_a_failed_statement_is_an_error_not_a_silent_rollback(make: Make) -> None:
    engine = make()
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE t (a int)"))
        with pytest.raises(exc.DataError):
            connection.execute(text("SELECT 1/0"))
        with pytest.raises(exc.InternalError, match="rolled back"):
            connection.commit()
        connection.rollback()
        assert connection.scalar(text("SELECT to_regclass('t')")) is None


def test_two_phases(make: Make) -> None:
    with make().connect() as connection:
        connection.execute(text("CREATE TABLE t (a int)"))
        connection.commit()
        transaction = connection.begin_twophase("ormolu it's")
        connection.execute(text("INSERT INTO t VALUES (1)"))
        transaction.prepare()
        assert "ormolu it's" in connection.recover_twophase()
        transaction.commit()
        for prepared in (True, False):
            transaction = connection.begin_twophase("ormolu other")
            connection.execute(text("INSERT INTO t VALUES (2)"))
            if prepared:
                transaction.prepare()
            transaction.rollback()
        assert connection.scalars(text("SELECT a FROM t")).all() == [1]


def test_a_session_keeps_a_lock_until_it_gives_it_back(make: Make) -> None:
    engine = make()
    attempt = select(func.pg_try_advisory_xact_lock(4711))
    with engine.connect() as one, engine.connect() as other:
        assert one.scalar(attempt)
        assert not other.scalar(attempt)
        one.rollback()
        assert other.scalar(attempt)


# -- statements


def test_statements_stay_prepared_from_session_to_session(make: Make) -> None:
    engine = make(pool_size=1, max_overflow=0)
    statement = select(literal(1, Integer) + column("n")).select_from(
        func.generate_series(1, 3).alias("n")
    )
    for _ in range(8):
        with engine.connect() as connection:
            assert connection.scalars(statement).all() == [2, 3, 4]
    with engine.connect() as connection:
        found = connection.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert sum("generate_series" in sql for sql in found) == 1


def test_nothing_is_prepared_behind_a_pooler(make: Make) -> None:
    engine = make(pool_size=1, max_overflow=0, connect_args={"prepare_threshold": None})
    with engine.connect() as connection:
        for _ in range(8):
            connection.execute(select(literal(1)))
        assert connection.scalar(text("SELECT count(*) FROM pg_prepared_statements")) == 0


def test_rows_stay_at_the_server_until_they_are_read(make: Make) -> None:
    statement = text("SELECT n FROM generate_series(1, :last) AS n")
    cursors = text("SELECT count(*) FROM pg_cursors WHERE name LIKE 'ormolu%'")
    for level in ("READ COMMITTED", "AUTOCOMMIT"):
        with make(isolation_level=level).connect() as connection:
            result = connection.execution_options(yield_per=4).execute(statement, {"last": 10})
            parts = result.partitions()
            assert [row.n for row in next(parts)] == [1, 2, 3, 4]
            assert connection.scalar(cursors, execution_options={"yield_per": None}) == 1
            assert [[row.n for row in part] for part in parts] == [[5, 6, 7, 8], [9, 10]]
            assert connection.scalar(cursors, execution_options={"yield_per": None}) == 0


def test_notices_are_logged(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "ormolu.dialects.postgresql"), make().begin() as connection:
        connection.exec_driver_sql(
            "DO $$ BEGIN RAISE WARNING 'look %', 5; END $$".replace("%", "%%")
        )
    assert "WARNING: look 5" in caplog.messages


# -- the driver's own connection


def test_copy_in_and_out_through_the_drivers_connection(make: Make) -> None:
    with make().begin() as connection:
        connection.execute(text("CREATE TABLE t (id int, name text)"))
        driver = connection.connection.driver_connection
        assert driver is not None
        with driver.cursor() as cursor:
            with cursor.copy("COPY t (id, name) FROM STDIN") as copy:
                for row in [(1, "one"), (2, None), (3, "tab\there")]:
                    copy.write_row(row)
            with cursor.copy("COPY t TO STDOUT") as copy:
                found = list(copy.rows())
        assert found == [("1", "one"), ("2", None), ("3", "tab\there")]
        assert connection.scalar(text("SELECT count(*) FROM t")) == 3


def test_copy_is_part_of_the_transaction(make: Make) -> None:
    engine = make()
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (id int)"))
    with engine.connect() as connection:
        transaction = connection.begin()
        driver = connection.connection.driver_connection
        assert driver is not None
        with driver.cursor() as cursor, cursor.copy("COPY t FROM STDIN") as copy:
            copy.write_row((1,))
        transaction.rollback()
        assert connection.scalar(text("SELECT count(*) FROM t")) == 0


def test_copy_and_notifications_of_an_asynchronous_engine(backend_url: str) -> None:
    async def whole(engine: AsyncEngine) -> None:
        async with engine.connect() as connection, connection.begin():
            await connection.execute(text("CREATE TABLE t (id int)"))
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None
            async with driver.cursor() as cursor, cursor.copy("COPY t FROM STDIN") as copy:
                for n in range(5):
                    await copy.write_row((n,))
            assert await connection.scalar(text("SELECT count(*) FROM t")) == 5
        listening = engine.execution_options(isolation_level="AUTOCOMMIT")
        async with listening.connect() as listener, engine.begin() as speaker:
            await listener.execute(text("LISTEN news"))
            await speaker.execute(text("NOTIFY news, 'hello'"))
            await speaker.commit()
            driver = (await listener.get_raw_connection()).driver_connection
            assert driver is not None
            async for note in driver.notifies(timeout=10, stop_after=1):
                assert (note.channel, note.payload) == ("news", "hello")

    async def run() -> None:
        engine = create_async_engine(backend_url)
        try:
            await whole(engine)
        finally:
            await engine.dispose()

    asyncio.run(run())


def test_listeners_set_up_the_drivers_connection(make: Make) -> None:
    engine = make()

    @event.listens_for(engine, "connect")
    def set_up(driver: Any, record: Any) -> None:
        with driver.cursor() as cursor:
            cursor.execute("SET search_path TO pg_catalog")

    assert shown(engine, "search_path") == ["pg_catalog"]
    assert engine.dialect.default_schema_name == "public"


def test_a_raw_connection_begins_its_own_transactions(make: Make) -> None:
    engine = make(pool_size=1, max_overflow=0)
    raw = engine.raw_connection()
    driver: Any = raw.driver_connection
    driver.execute("CREATE TABLE t (a int)")
    driver.commit()
    with driver.transaction():
        driver.execute("INSERT INTO t VALUES (1)")
    with driver.transaction(force_rollback=True):
        driver.execute("INSERT INTO t VALUES (2)")
    driver.execute("INSERT INTO t VALUES (3)")
    raw.close()
    with engine.connect() as connection:
        assert connection.connection.driver_connection is driver
        assert connection.scalars(text("SELECT a FROM t")).all() == [1]
