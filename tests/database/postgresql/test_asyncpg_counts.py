"""What asyncpg's ``executemany`` meets is counted, unless a view's rule refuses RETURNING."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ormolu import text
from ormolu.dialects.postgresql.asyncpg_statements import counting
from ormolu.exc import DBAPIError
from ormolu.ext.asyncio import AsyncConnection, create_async_engine

pytestmark = pytest.mark.backend("postgresql+asyncpg")

RULED = """
CREATE TABLE t (id INTEGER PRIMARY KEY, x INTEGER);
CREATE VIEW v AS SELECT id, x FROM t;
CREATE RULE r AS ON UPDATE TO v DO INSTEAD UPDATE t SET x = NEW.x WHERE id = OLD.id;
INSERT INTO t SELECT n, 0 FROM generate_series(1, 4) AS n
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
        seen.append(await connection.scalar(text("SELECT sum(x) FROM t")))
        with pytest.raises(DBAPIError, match="takes a value of type"):
            await connection.execute(text("DELETE FROM t WHERE id = :n"), [{"n": "a"}, {"n": 1}])
    await engine.dispose()
    return seen


@pytest.mark.parametrize("autocommit", [False, True])
def test_what_is_met_is_counted(backend_url: str, autocommit: bool) -> None:
    assert asyncio.run(counts(backend_url, autocommit)) == [2, -1, 1, 2, -1, 0, 10]


@pytest.mark.parametrize(
    ("sql", "counted"),
    [
        ("UPDATE t SET x = $1", True),
        ("\n  delete from t where x = $1", True),
        ('UPDATE t SET "RETURNING" = $1', True),
        ("UPDATE t SET x = 'a; RETURNING' WHERE y = $1", True),
        ("UPDATE t SET x = $1 RETURNING x", False),
        ("UPDATE t SET x = $1;", False),
        ("UPDATE t SET x = $$RETURNING$$ || $1", False),
        ("INSERT INTO t VALUES ($1)", False),
        ("WITH a AS (SELECT 1) UPDATE t SET x = $1", False),
    ],
)
def test_which_texts_can_be_counted(sql: str, counted: bool) -> None:
    assert counting(sql) == (f"{sql}\nRETURNING 1" if counted else None)
