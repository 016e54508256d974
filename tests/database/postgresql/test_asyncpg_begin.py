"""The BEGIN that rides with the first statement on asyncpg."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from asyncpg_programs import raw_of, scalar

import ormolu as sa
from ormolu import exc
from ormolu.dialects.postgresql import asyncpg_wire
from ormolu.dialects.postgresql.asyncpg_driver import DRIVER, AsyncpgConnection
from ormolu.engine.async_engine import AsyncEngine, create_async_engine
from ormolu.ext.asyncio import AsyncSession

pytestmark = pytest.mark.backend("postgresql+asyncpg")

_HALF = sa.text("SELECT 10 / CAST(:by AS integer)")


class Relay:
    """Passes on what client and server say, and counts how often the server answered."""

    def __init__(self, url: sa.URL) -> None:
        self._target = url
        self._last = ""
        self.answers = 0
        self.asked: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Relay one connection."""
        there = await asyncio.open_connection(self._target.host, self._target.port)
        await asyncio.gather(
            self._pass("client", reader, there[1]), self._pass("server", there[0], writer)
        )

    async def _pass(
        self, side: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(65536):
            if side == "client":
                self.asked.append(data)
            elif self._last == "client":
                self.answers += 1
            self._last = side
            writer.write(data)
        writer.close()

    def forget(self) -> None:
        """Count anew."""
        self.answers = 0
        self.asked.clear()


@contextlib.asynccontextmanager
async def relayed(url: str) -> AsyncIterator[tuple[AsyncEngine, Relay]]:
    """An engine that reaches its database through a relay."""
    relay = Relay(sa.make_url(url))
    server = await asyncio.start_server(relay.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    engine = create_async_engine(sa.make_url(url).set(host="127.0.0.1", port=port, query={}))
    try:
        yield engine, relay
    finally:
        await engine.dispose()
        server.close()
        await server.wait_closed()


def test_a_session_that_reads_makes_two_round_trips(backend_url: str) -> None:
    async def program() -> None:
        async with relayed(backend_url) as (engine, relay):
            for _ in range(2):  # the first one prepares the statement
                relay.forget()
                async with AsyncSession(engine) as session:
                    assert await session.scalar(_HALF, {"by": 5}) == 2
            first, last = relay.asked  # two packets
            assert relay.answers == 2
            assert first.startswith(asyncpg_wire.BEGIN) and first != asyncpg_wire.BEGIN
            assert b"COMMIT" in last

    asyncio.run(program())


def test_a_transaction_without_statements_sends_nothing(backend_url: str) -> None:
    async def program() -> None:
        async with relayed(backend_url) as (engine, relay), engine.connect() as connection:
            for end in (connection.commit, connection.rollback):
                relay.forget()
                await connection.begin()
                await end()
                assert relay.asked == []

    asyncio.run(program())


def test_what_rides_after_the_begin_is_part_of_the_transaction(on_asyncpg: Any) -> None:
    insert = sa.text("INSERT INTO t VALUES (:x)")

    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            await connection.exec_driver_sql("CREATE TABLE t (x int)")
            await connection.execute(insert, {"x": 1})
            await connection.commit()
            await connection.execute(insert, {"x": 2})
            await connection.rollback()
            assert await scalar(connection, "SELECT array_agg(x) FROM t") == [1]
            assert (await raw_of(connection)).is_in_transaction()

    on_asyncpg(program)


def test_a_first_statement_that_fails_fails_its_transaction(on_asyncpg: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            await connection.scalar(_HALF, {"by": 1})
            await connection.commit()
            with pytest.raises(exc.DataError, match="division by zero"):
                await connection.execute(_HALF, {"by": 0})
            with pytest.raises(exc.DBAPIError) as caught:
                await connection.execute(_HALF, {"by": 1})
            assert caught.value.sqlstate == "25P02"
            await connection.rollback()
            assert await connection.scalar(_HALF, {"by": 1}) == 10

    on_asyncpg(program)


def test_a_value_that_can_not_be_sent_leaves_the_transaction_to_go_on_or_end(
    on_asyncpg: Any,
) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            await connection.scalar(_HALF, {"by": 1})
            await connection.commit()
            for go_on in (True, False):
                with pytest.raises(exc.DataError, match="takes a value of type int4"):
                    await connection.execute(_HALF, {"by": "x"})
                if go_on:
                    assert await connection.scalar(_HALF, {"by": 2}) == 5
                raw = (await connection.get_raw_connection()).driver_connection
                await connection.rollback()
                assert not raw.is_in_transaction()
            state = sa.text("SELECT state FROM pg_stat_activity WHERE pid = CAST(:pid AS integer)")
            async with engine.connect() as other:
                found = await other.scalar(state, {"pid": raw.get_server_pid()})
            assert found == "idle"

    on_asyncpg(program)


def test_a_statement_with_a_stale_form_is_repeated_in_a_transaction(on_asyncpg: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as one, engine.connect() as other:
            await one.exec_driver_sql("CREATE TABLE t (a int)")
            await one.exec_driver_sql("SELECT * FROM t")
            await one.commit()
            raw = await raw_of(other)
            await other.rollback()
            await raw.execute("ALTER TABLE t ADD COLUMN b int")  # which ormolu doesn't see
            assert (await one.exec_driver_sql("SELECT * FROM t")).keys() == ["a", "b"]
            assert (await raw_of(one)).is_in_transaction()

    on_asyncpg(program)


def test_who_takes_the_drivers_connection_finds_it_begun(on_asyncpg: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            await connection.begin()
            assert (await raw_of(connection)).is_in_transaction()

    on_asyncpg(program)


async def _opened(url: str) -> AsyncpgConnection:
    address = sa.make_url(url).set(drivername="postgresql")
    return await DRIVER.connect(address.render_as_string(hide_password=False))


@pytest.mark.parametrize("first", ["prepared", "plain", "many", "cursor"])
def test_a_begin_goes_ahead_of_whatever_the_drivers_user_does_first(
    backend_url: str, first: str
) -> None:
    async def program() -> None:
        connection = await _opened(backend_url)
        try:
            assert connection.defer_begin("")
            raw = connection.raw
            if first == "prepared":
                assert await raw.fetchval("SELECT $1::int", 5) == 5
            elif first == "plain":
                assert await raw.execute("SELECT 1") == "SELECT 1"
            elif first == "many":
                await raw.executemany("SELECT $1::int", [(1,), (2,)])
            else:
                prepared = await raw.prepare("SELECT generate_series(1, 3)")
                await raw.execute("SELECT 1")
                assert len(await (await prepared.cursor()).fetch(5)) == 3
            assert raw.is_in_transaction() and connection.in_transaction
            await connection.rollback()
            assert not connection.in_transaction and not raw.is_in_transaction()
        finally:
            await connection.close()

    asyncio.run(program())


def test_a_begin_that_is_held_goes_ahead_of_many_runs(backend_url: str) -> None:
    async def program() -> None:
        connection = await _opened(backend_url)
        try:
            raw = connection.bare
            await raw.execute("CREATE TEMPORARY TABLE t (x INTEGER)")
            many = await raw.prepare("INSERT INTO t VALUES ($1)")
            await connection.fetchall("SELECT $1::int", (1,))
            for use_driver in (True, False):
                assert connection.defer_begin("")
                with pytest.raises(DRIVER.dbapi.Error):  # nothing is written
                    await connection.fetchall("SELECT $1::int", ("x",))
                if use_driver:
                    await connection.raw.execute("SELECT 1")
                    await many.executemany([(1,), (2,)])
                else:
                    await connection.executemany("INSERT INTO t VALUES ($1)", [(1,), (2,)])
                assert raw.is_in_transaction()
                await connection.rollback()
                assert not raw.is_in_transaction()
                assert await raw.fetchval("SELECT count(*) FROM t") == 0
        finally:
            await connection.close()

    asyncio.run(program())


def test_a_begin_is_sent_at_once_where_writing_can_not_be_shadowed() -> None:
    class Transport:
        """As uvloop's."""

        __slots__ = ("closing", "sent")

        def __init__(self) -> None:
            self.closing = False
            self.sent: list[bytes] = []

        def write(self, data: bytes) -> None:
            self.sent.append(data)

        def is_closing(self) -> bool:
            return self.closing

    wire = asyncpg_wire.Wire.__new__(asyncpg_wire.Wire)
    wire._transport = transport = Transport()
    wire.hold_begin()
    wire.send_begin()
    assert transport.sent == [asyncpg_wire.BEGIN]
    transport.closing = True
    wire.hold_begin()
    assert transport.sent == [asyncpg_wire.BEGIN]


def test_a_begin_with_a_mode_does_not_ride(backend_url: str) -> None:
    async def program() -> None:
        connection = await _opened(backend_url)
        try:
            assert not connection.defer_begin("ISOLATION LEVEL SERIALIZABLE")
            await connection.begin("ISOLATION LEVEL SERIALIZABLE")
            rows = await connection.fetchall("SHOW transaction_isolation", ())
            assert [tuple(row) for row in rows] == [("serializable",)]
            assert not connection.defer_begin("")
        finally:
            await connection.close()

    asyncio.run(program())


def test_a_closed_connection_is_one_that_was_lost(on_asyncpg: Any) -> None:
    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            await connection.scalar(_HALF, {"by": 1})
            await connection.commit()
            raw = await raw_of(connection)
            await connection.begin()
            raw.terminate()
            with pytest.raises(exc.DBAPIError) as caught:
                await connection.execute(_HALF, {"by": 1})
            assert caught.value.connection_invalidated
        async with engine.connect() as connection:
            assert await connection.scalar(_HALF, {"by": 1}) == 10

    on_asyncpg(program)


def test_a_driver_of_another_make_is_used_in_public(
    on_asyncpg: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asyncpg_wire.Wire, "known", False)

    async def program(engine: AsyncEngine) -> None:
        async with engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert isinstance(driver, asyncpg.Connection)
            for by in (1, 2):
                assert await connection.scalar(_HALF, {"by": by}) == 10 / by
                assert driver.is_in_transaction()
                done = await connection.exec_driver_sql("CREATE TEMP TABLE t AS SELECT 1 AS x")
                done = await connection.exec_driver_sql("UPDATE t SET x = $1", (2,))
                assert done.rowcount == 1
                await connection.rollback()

    on_asyncpg(program)
