"""A COMMIT that fails: what the error is, and what becomes of the objects."""

from __future__ import annotations

import asyncio
import pickle
import sqlite3

import pytest

from ormolu import Engine
from ormolu.dialects.sqlite.dialect import SQLiteDialect
from ormolu.engine.errors import wrapped_error
from ormolu.exc import (
    CommitUnknown,
    DBAPIError,
    InterfaceError,
    OperationalError,
    PendingRollbackError,
)
from ormolu.inspection import inspect
from ormolu.io.drivers import Outcome
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column
from ormolu.testing import ScriptedDriver, scripted_engine

LOST = sqlite3.OperationalError("Cannot operate on a closed database")
FULL = sqlite3.OperationalError("database or disk is full")


class Base(DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str]


def failing(error: BaseException) -> tuple[ScriptedDriver, Engine]:
    """A connection whose COMMIT fails, after an INSERT that succeeds."""
    driver = ScriptedDriver([Outcome(None, None, 1, 7)], fail_on={"commit": error})  # type: ignore[dict-item]
    return driver, scripted_engine(driver)


def test_lost_during_commit_is_unknown() -> None:
    driver, engine = failing(LOST)
    with engine.connect() as connection:
        connection.exec_driver_sql("INSERT INTO note VALUES (1)")
        with pytest.raises(CommitUnknown) as caught:
            connection.commit()
        assert caught.value.connection_invalidated and connection.invalidated
        assert not connection.in_transaction()
    # Nothing is sent on a connection that is lost, and nothing is tried again.
    assert [call[0] for call in driver.calls] == ["begin", "execute", "commit", "close"]


def test_a_refused_commit_is_no_unknown_one() -> None:
    _, engine = failing(FULL)
    with engine.connect() as connection:
        connection.exec_driver_sql("INSERT INTO note VALUES (1)")
        with pytest.raises(OperationalError) as caught:
            connection.commit()
        assert type(caught.value) is OperationalError


@pytest.mark.parametrize(
    ("error", "raised", "pending"),
    [
        (LOST, CommitUnknown, False),
        (FULL, OperationalError, True),
        (asyncio.CancelledError(), asyncio.CancelledError, False),
        (KeyboardInterrupt(), KeyboardInterrupt, False),
    ],
)
def test_what_may_be_there_is_not_written_again(
    error: BaseException, raised: type[BaseException], pending: bool
) -> None:
    _, engine = failing(error)
    session = Session(engine)
    session.add(note := Note(body="x"))
    with pytest.raises(raised):
        session.commit()
    with pytest.raises(PendingRollbackError):
        session.connection()
    session.rollback()
    assert inspect(note).pending is pending and inspect(note).transient is not pending
    session.expunge_all()
    session.close()


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("COMMIT", CommitUnknown),
        ("COMMIT PREPARED 'x'", CommitUnknown),
        ("XA COMMIT 'x'", CommitUnknown),
        ("PREPARE TRANSACTION 'x'", OperationalError),
        ("SELECT 1", OperationalError),
        (None, OperationalError),
    ],
)
def test_only_a_commit_is_unknown(sql: str | None, expected: type[DBAPIError]) -> None:
    assert type(wrapped_error(SQLiteDialect(), LOST, sql, disconnected=True)) is expected


def test_a_lost_connection_is_operational_whatever_the_driver_calls_it() -> None:
    error = sqlite3.InterfaceError("already closed")
    assert type(wrapped_error(SQLiteDialect(), error, "SELECT 1", disconnected=True)) is (
        OperationalError
    )
    assert type(wrapped_error(SQLiteDialect(), error, "SELECT 1")) is InterfaceError


def test_it_is_pickled() -> None:
    error = wrapped_error(SQLiteDialect(), LOST, "COMMIT", (), disconnected=True)
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is CommitUnknown and copy.connection_invalidated
    assert str(copy) == str(error)


def test_rollback_on_a_lost_connection_is_no_error() -> None:
    driver = ScriptedDriver(fail_on={"rollback": LOST})
    with scripted_engine(driver).connect() as connection:
        connection.exec_driver_sql("INSERT INTO note VALUES (1)")
        connection.rollback()
        assert connection.invalidated
        connection.exec_driver_sql("SELECT 1")


def test_a_broken_connection_does_not_go_back_to_the_pool() -> None:
    driver = ScriptedDriver()
    engine = scripted_engine(driver)
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        connection.commit()
        driver.broken = True
    assert driver.calls[-1] == ("close",)
