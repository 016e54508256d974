"""What a driver's error says, in the terms of no driver: `Dialect.describe_error`.

Each dialect reads its own errors: SQLite has a message, PostgreSQL fields, MySQL a number and a
message. What none of them says but the statement's tables know is added by
`ormolu.engine.violations`.
"""

from __future__ import annotations

from typing import NamedTuple

from ormolu.exc import ConstraintViolation

__all__ = ["NOTHING_KNOWN", "ConstraintViolation", "ErrorFacts"]


class ErrorFacts(NamedTuple):
    """SQLSTATE, the database's own number, and the constraint that was violated, if one was."""

    sqlstate: str | None = None
    errno: int | None = None
    constraint: ConstraintViolation | None = None


NOTHING_KNOWN = ErrorFacts()
