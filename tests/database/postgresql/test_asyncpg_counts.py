"""What a statement meets that asyncpg runs many times is counted from the server's answers."""

from __future__ import annotations

import asyncio
import struct
from typing import Any

import asyncpg
import pytest

from ormolu import text
from ormolu.dialects.postgresql import asyncpg_wire
from ormolu.dialects.postgresql.asyncpg_counting import Counter
from ormolu.exc import DBAPIError, IntegrityError
from ormolu.ext.asyncio import AsyncConnection, create_async_engine

pytestmark = pytest.mark.backend("postgresql+asyncpg")

RULED = """
CREATE TABLE t (id INTEGER PRIMARY KEY, x INTEGER);
CREATE VIEW v AS SELECT id, x FROM t;
CREATE RULE r AS ON UPDATE TO v DO INSTEAD UPDATE t SET x = NEW.x WHERE id = OLD.id;
INSERT INTO t SELECT n, 0 FROM generate_series(1, 4) AS n;
CREATE PROCEDURE p(n INTEGER) LANGUAGE SQL AS 'UPDATE t SET x = n'
"""
SETS = [{"x": 5, "id": n} for n in (1, 2, 9)]


async def counts(url: str, autocommit: bool) -> list[Any]:
    engine = create_async_engine(url)
    if autocommit:
        engine = engine.execution_options(isolation_level="AUTOCOMMIT")
    seen: list[Any] = []

    async def run(connection: AsyncConnection, sql: str, sets: Any) -> None:
        result = await connection.execute(text(sql), sets)
        seen.append(result.rowcount)

    async with engine.connect() as connection:
        for sql in RULED.split(";"):
            await connection.exec_driver_sql(sql)
        for _ in range(2):
            await run(connection, "UPDATE t SET x = :x WHERE id = :id", SETS)
            await run(connection, "UPDATE v SET x = :x WHERE id = :id", SETS)
            await run(connection, "DELETE FROM t WHERE id > :n -- 'all", [{"n": 3}, {"n": 3}])
            await run(connection, "UPDATE t SET x = :x RETURNING repeat('UPDATE 1', 90000)", SETS)
            await run(connection, "SELECT * FROM t WHERE id < :n", [{"n": 2}, {"n": 3}])
            await run(connection, "CALL p(:n)", [{"n": 5}, {"n": 5}])
        seen.append(await connection.scalar(text("SELECT sum(x) FROM t")))
        with pytest.raises(DBAPIError, match="takes a value of type"):
            await connection.execute(text("DELETE FROM t WHERE id = :n"), [{"n": "a"}, {"n": 1}])
        if autocommit:
            await connection.exec_driver_sql("DROP TABLE t CASCADE")
            await connection.exec_driver_sql("DROP PROCEDURE p")
    await engine.dispose()
    return seen


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("autocommit", [False, True])
def test_what_is_met_is_counted(
    backend_url: str, autocommit: bool, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asyncpg_wire.Wire, "known", known)
    first, again = [2, 2, 1, 9, 3, -1], [2, 2, 0, 9, 3, -1]
    assert asyncio.run(counts(backend_url, autocommit)) == [*first, *again, 15]


def test_inserted_rows_are_counted_and_all_or_none_are_there(backend_url: str) -> None:
    async def program() -> None:
        engine = create_async_engine(backend_url)
        insert = text("INSERT INTO t VALUES (:n)")
        async with engine.connect() as connection:
            connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.exec_driver_sql("CREATE TABLE t (x INTEGER PRIMARY KEY)")
            done = await connection.execute(insert, [{"n": n} for n in range(1_000)])
            assert done.rowcount == 1_000
            with pytest.raises(IntegrityError):
                await connection.execute(insert, [{"n": n} for n in (-1, 5, -2)])
            assert await connection.scalar(text("SELECT min(x) FROM t")) == 0
            await connection.exec_driver_sql("DROP TABLE t")
        await engine.dispose()

    asyncio.run(program())


def test_the_drivers_connection_is_as_before(backend_url: str) -> None:
    async def program() -> None:
        engine = create_async_engine(backend_url)
        async with engine.connect() as connection:
            await connection.exec_driver_sql("CREATE TEMPORARY TABLE t (x INTEGER)")
            raw = (await connection.get_raw_connection()).driver_connection
            assert isinstance(raw, asyncpg.Connection)
            transport: Any = raw._transport
            before = transport.get_protocol()
            insert = text("INSERT INTO t VALUES (:n)")
            await connection.execute(insert, [{"n": 1}, {"n": 2}])
            assert transport.get_protocol() is before
            with pytest.raises(DBAPIError):
                await connection.execute(insert, [{"n": 1}, {"n": "a"}])
            assert transport.get_protocol() is before
        await engine.dispose()

    asyncio.run(program())


def message(kind: bytes, body: bytes = b"") -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


BOUND = message(b"2")
#: What a server may say while a statement runs, and how many rows that means.
ANSWERS: list[tuple[list[bytes], int]] = [
    ([], -1),
    ([message(b"C", b"CALL\0")], -1),
    ([BOUND, message(b"C", b"UPDATE 1\0")] * 5, 5),
    ([BOUND, message(b"C", b"UPDATE 0\0"), BOUND, message(b"C", b"UPDATE 12\0")] * 2, 24),
    ([BOUND, message(b"C", b"DELETE 1\0"), message(b"N", b"C\0\0\0\x0dDELETE 1\0")] * 3, 3),
    ([BOUND, message(b"C", b"INSERT 0 1\0"), message(b"Z", b"T")] * 2, 2),
    ([BOUND, message(b"D", BOUND + message(b"C", b"UPDATE 1\0")), message(b"C", b"UPDATE 1\0")], 1),
]


@pytest.mark.parametrize(("messages", "rows"), ANSWERS)
def test_tags_are_read_wherever_the_network_cuts_them(messages: list[bytes], rows: int) -> None:
    said = b"".join(messages)
    for size in range(1, len(said) + 2):
        heard: list[bytes] = []
        counter = Counter(type("Protocol", (), {"data_received": staticmethod(heard.append)}))
        for start in range(0, len(said), size):
            counter.data_received(said[start : start + size])
        assert (counter.rows, b"".join(heard)) == (rows, said)
