"""Watching the SQL that an engine sends: ``count_queries`` and ``assert_sql``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from ..engine.core import EngineCore


class HasCore(Protocol):
    """An ``Engine`` or an ``AsyncEngine``."""

    @property
    def core(self) -> EngineCore: ...


class StatementLog:
    """The statements of a block, as ``(sql, params)``; no BEGIN, COMMIT or savepoints."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, Any]] = []

    @property
    def count(self) -> int:
        """How many statements were sent."""
        return len(self.entries)

    @property
    def statements(self) -> list[str]:
        """Their text, each on one line."""
        return [one_line(sql) for sql, _ in self.entries]

    def __len__(self) -> int:
        return len(self.entries)

    def clear(self) -> None:
        """Forget what was sent so far."""
        self.entries.clear()


@contextmanager
def count_queries(engine: HasCore) -> Iterator[StatementLog]:
    """Record the statements that an engine sends in the block, on connections already open too."""
    seen = StatementLog()
    log = engine.core.log

    def note(sql: str, params: Any) -> None:
        seen.entries.append((sql, params))

    log.observers.append(note)
    log.refresh()
    try:
        yield seen
    finally:
        log.observers.remove(note)
        log.refresh()


@contextmanager
def assert_sql(engine: HasCore, *expected: str) -> Iterator[StatementLog]:
    """Assert that the block sends just these statements (white space doesn't matter)."""
    with count_queries(engine) as seen:
        yield seen
    wanted = [one_line(sql) for sql in expected]
    assert seen.statements == wanted, (
        "the statements differ from the expected ones; sent:\n  " + "\n  ".join(seen.statements)
    )


def one_line(sql: str) -> str:
    """Return SQL with its white space reduced to single blanks."""
    return " ".join(sql.split())
