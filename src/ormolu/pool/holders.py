"""Who holds the connections of a pool, for the error that says that there are none left.

A checkout notes the time and its thread (or task); that is all it does. The rest is found out when
somebody has waited in vain: names, durations, and the last statement, which the connection's core
still has.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from importlib import import_module
from time import monotonic
from typing import Any, Final
from weakref import ref

from .entry import Entry

_SHOWN: Final = 20
_STATEMENT: Final = 120


def current_task_finder() -> Any:
    """Return a function that gives a weak reference to the running task, or the thread's ident."""
    current_task = import_module("asyncio").current_task
    get_ident = threading.get_ident

    def find() -> Any:
        try:
            task = current_task()
        except RuntimeError:  # no event loop in this thread
            task = None
        return get_ident() if task is None else ref(task)

    return find


def describe(entries: Iterable[Entry]) -> str:
    """Return a line per connection in use, those held longest first; empty when there are none."""
    now = monotonic()
    lines = [_line(entry, now) for entry in sorted(entries, key=lambda entry: entry.since)]
    if len(lines) > _SHOWN:
        lines[_SHOWN:] = [f"and {len(lines) - _SHOWN} more"]
    return "".join(f"\n  - {line}" for line in lines)


def _line(entry: Entry, now: float) -> str:
    text = f"{_name(entry.holder)}, for {now - entry.since:.1f} s"
    sql = _last_statement(entry)
    return f"{text}, last statement: {sql}" if sql else f"{text}, no statement yet"


def _name(holder: Any) -> str:
    if isinstance(holder, int):
        for thread in threading.enumerate():
            if thread.ident == holder:
                return f"thread {thread.name!r}"
        return "a thread that has ended"
    task = None if holder is None else holder()
    return "a task that has ended" if task is None else f"task {task.get_name()!r}"


def _last_statement(entry: Entry) -> str:
    core = None if entry.made_core is None else entry.made_core()
    sql = "" if core is None else " ".join(core.request.sql.split())
    return sql if len(sql) <= _STATEMENT else f"{sql[:_STATEMENT]}…"
