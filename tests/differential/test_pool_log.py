"""What a pool writes into its log is what SQLAlchemy's pools write there."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy
import sqlalchemy.pool

import ormolu
import ormolu.pool


def connect() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", check_same_thread=False)


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = re.sub(r"<sqlite3.*?>", "C", record.getMessage())
        kind = record.name.split(".", 3)[-1]
        # Whether a connection is closed at once or because it was lost is all the same here.
        message = message.replace("Hard-closing", "Closing")
        self.lines.append(f"{kind} {record.levelname} {message}")


@contextmanager
def listening(root: str, level: int) -> Iterator[list[str]]:
    handler, logger = Lines(), logging.getLogger(f"{root}.pool")
    logger.addHandler(handler)
    logger.setLevel(level)
    logger.propagate = False
    try:
        yield handler.lines
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
        logger.propagate = True


def lends(sa: Any) -> None:
    pool = sa.pool.QueuePool(connect, pool_size=1, max_overflow=1, logging_name="mine")
    first, second = pool.connect(), pool.connect()
    first.close()
    second.close()
    pool.connect().close()
    pool.dispose()


def invalidates(sa: Any) -> None:
    pool = sa.pool.QueuePool(connect, pool_size=1)
    connection = pool.connect()
    connection.invalidate()
    connection = pool.connect()
    connection.invalidate(ValueError("why"))
    pool.connect().close()
    pool.dispose()


def detaches(sa: Any) -> None:
    pool = sa.pool.QueuePool(connect, pool_size=1, reset_on_return="commit")
    connection = pool.connect()
    connection.detach()
    connection.close()


def resets_nothing(sa: Any) -> None:
    pool = sa.pool.NullPool(connect, reset_on_return=None)
    pool.connect().close()


def keeps_one(sa: Any) -> None:
    pool = sa.pool.StaticPool(connect)
    pool.connect().close()
    pool.connect().close()


def an_engine_is_disposed(sa: Any) -> None:
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.QueuePool)
    engine.connect().invalidate()
    engine.dispose()


USES = [lends, invalidates, detaches, resets_nothing, keeps_one, an_engine_is_disposed]


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.WARNING])
@pytest.mark.parametrize("use", USES, ids=lambda use: use.__name__)
def test_the_lines_are_sqlalchemys(use: Callable[[Any], None], level: int) -> None:
    logs = []
    for sa in (ormolu, sqlalchemy):
        with listening(sa.__name__, level) as lines:
            use(sa)
        # ormolu keeps the pool that it disposes of.
        logs.append([line for line in lines if "recreating" not in line])
    assert logs[0] == logs[1]


def test_a_level_set_after_the_pool_was_made_counts_from_the_next_connection_on() -> None:
    pool = ormolu.pool.QueuePool(connect)
    with listening("ormolu", logging.DEBUG) as lines:
        pool.connect().close()
    assert lines[0] == "QueuePool DEBUG Created new connection C"
    assert "QueuePool DEBUG Connection C checked out from pool" in lines
    pool.dispose()


def test_echo_prints_whatever_the_level_is() -> None:
    pool = ormolu.pool.QueuePool(connect, echo="debug", logging_name="loud")
    silent = ormolu.pool.QueuePool(connect)
    with listening("ormolu", logging.WARNING) as lines:
        silent.connect().close()
        pool.connect().close()
        pool.dispose()
        silent.dispose()
    assert {line.split()[0] for line in lines} == {"QueuePool.loud"}
    assert len(lines) == 6
