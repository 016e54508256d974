"""When psycopg's connections are touched: by users and listeners, never by a log."""

from __future__ import annotations

import gc
import logging
from typing import Any

import psycopg
import pytest

from ormolu import create_engine, event, text

pytestmark = pytest.mark.backend("postgresql+psycopg")
IDLE = psycopg.pq.TransactionStatus.IDLE


def test_the_log_of_a_dropped_connection_sends_nothing(
    backend_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    engine = create_engine(backend_url)
    connection = engine.connect()
    raw: Any = connection.connection.driver_connection
    connection.begin()  # what would be sent with the first statement
    with caplog.at_level(logging.DEBUG, "ormolu.pool"):
        del connection
        gc.collect()
        assert "garbage-collected" in caplog.text
        assert repr(raw)[:25] in caplog.text
        assert raw.info.transaction_status == IDLE
        with engine.connect() as connection:
            assert connection.connection.driver_connection is raw
    engine.dispose()


def test_listeners_leave_no_transaction_open(backend_url: str) -> None:
    engine = create_engine(backend_url, pool_size=1, max_overflow=0)
    seen: list[Any] = []

    def listen(raw: Any, *given: Any) -> None:
        seen.append(raw.info.transaction_status == IDLE)
        raw.execute("SET application_name TO 'heard'")

    for name in ("connect", "first_connect", "checkout", "checkin", "reset"):
        event.listen(engine, name, listen)
    for _ in range(2):
        with engine.connect() as connection:
            connection.execution_options(isolation_level="SERIALIZABLE")
            assert connection.scalar(text("SHOW transaction_isolation")) == "serializable"
            assert connection.scalar(text("SHOW application_name")) == "heard"
    assert seen == [True] * 8
    idle = engine.pool._ledger.idle[0].driver.bare  # type: ignore[attr-defined]
    assert idle.info.transaction_status == IDLE
    engine.dispose()


def test_a_listener_may_switch_to_autocommit_and_back(backend_url: str) -> None:
    """As the manual of SQLAlchemy has it, for a ``SET`` that no rollback undoes."""
    engine = create_engine(backend_url)

    @event.listens_for(engine, "connect")
    def prepare(raw: Any, record: Any) -> None:
        before, raw.autocommit = raw.autocommit, True
        raw.execute("SET SESSION application_name TO 'prepared'")
        raw.autocommit = before

    with engine.connect() as connection:
        connection.rollback()
        assert connection.scalar(text("SHOW application_name")) == "prepared"
    engine.dispose()
