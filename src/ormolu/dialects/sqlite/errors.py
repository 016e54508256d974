"""SQLite's errors. https://www.sqlite.org/rescode.html

A constraint's message names columns or the constraint, never both, and of a foreign key nothing;
the error has an extended result code and no SQLSTATE.
"""

from __future__ import annotations

import re

from ormolu.dialects.errors import ConstraintViolation, ErrorFacts

__all__ = ["describe_error"]

_MESSAGE = re.compile(
    r"(?P<kind>UNIQUE|PRIMARY KEY|NOT NULL|CHECK|FOREIGN KEY) constraint failed(?:: (?P<what>.+))?",
    re.DOTALL,
)
_INDEX = re.compile(r"index '(?P<name>.+)'")
_NAME = re.compile(r"\w+")


def describe_error(error: BaseException) -> ErrorFacts:
    """Return the extended result code and, of a constraint, what its message says."""
    errno: int | None = getattr(error, "sqlite_errorcode", None)
    found = _MESSAGE.match(str(error))
    if found is None:
        return ErrorFacts(None, errno)
    return ErrorFacts(None, errno, _violation(found["kind"], found["what"] or ""))


def _violation(kind: str, what: str) -> ConstraintViolation:
    if kind == "FOREIGN KEY":
        return ConstraintViolation("foreign_key")
    if kind == "CHECK":
        # The constraint's name; of one that has none its expression.
        return ConstraintViolation("check", what if _NAME.fullmatch(what) else None)
    if kind == "NOT NULL":
        table, columns = _columns(what)
        return ConstraintViolation("not_null", None, None, table, columns)
    index = _INDEX.fullmatch(what)
    if index is not None:
        return ConstraintViolation("unique", index["name"])
    table, columns = _columns(what)
    return ConstraintViolation("unique", None, None, table, columns)


def _columns(what: str) -> tuple[str | None, tuple[str, ...]]:
    """Split ``users.name, users.email``; a name that has a dot itself belongs to the column."""
    parts = [part.partition(".") for part in what.split(", ")]
    if not all(column for _, _, column in parts):
        return None, ()
    return parts[0][0], tuple([column for _, _, column in parts])
