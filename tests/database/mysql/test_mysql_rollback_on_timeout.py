"""A server whose lock wait timeout rolls back the whole transaction, through each driver."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from every_driver import DRIVERS

from backends import BACKENDS, MySQLOfTheRun
from ormolu import create_engine, text
from ormolu.engine import Connection
from ormolu.exc import InvalidRequestError, OperationalError
from ormolu.ext.asyncio import create_async_engine

pytestmark = [pytest.mark.backend(driver) for driver in DRIVERS]


def work(connection: Connection) -> None:
    """Wait for a lock in vain, after a change: the server has undone that too."""
    connection.execute(text("UPDATE item SET n = 7 WHERE id = 2"))
    with pytest.raises(OperationalError, match="Lock wait timeout"):
        connection.execute(text("UPDATE item SET n = 7 WHERE id = 1"))
    with pytest.raises(InvalidRequestError, match="rolled this transaction back"):
        connection.commit()
    connection.rollback()
    assert connection.scalar(text("SELECT COUNT(*) FROM item WHERE n = 7")) == 0
    connection.commit()


async def work_async(url: str) -> None:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        await connection.run_sync(work)
    await engine.dispose()


def test_the_transaction_is_lost(start_server: Callable[..., Any]) -> None:
    settings = {"innodb_rollback_on_timeout": "ON", "innodb_lock_wait_timeout": 1}
    server = start_server(MySQLOfTheRun, settings=settings)
    holder = create_engine(server.url(driver="mysql+pymysql"))
    with holder.begin() as connection:
        connection.execute(text("CREATE TABLE item (id INT PRIMARY KEY, n INT)"))
        connection.execute(text("INSERT INTO item VALUES (1, 0), (2, 0)"))
    with holder.begin() as connection:
        connection.execute(text("SELECT * FROM item WHERE id = 1 FOR UPDATE"))
        for driver in DRIVERS:
            url = server.url(driver=driver)
            if BACKENDS[driver].is_async:
                asyncio.run(work_async(url))
                continue
            engine = create_engine(url)
            with engine.connect() as other:
                work(other)
            engine.dispose()
    holder.dispose()
