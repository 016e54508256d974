"""PostgreSQL's errors. https://www.postgresql.org/docs/current/errcodes-appendix.html

Every driver hands the fields of the server's message on, under the same names but for a prefix:
psycopg in ``error.diag``, asyncpg on the error itself. Constraint, table and schema are fields; the
columns stand in the detail only: ``Key (a, b)=(1, 2) already exists.``
https://www.postgresql.org/docs/current/protocol-error-fields.html

Of an attempt to connect, libpq keeps the message alone; those that programs tell apart are known
by it, where the server writes English.
"""

from __future__ import annotations

import re
from typing import Any

from ormolu.dialects.errors import ConstraintViolation, ErrorFacts

__all__ = ["describe_error"]

# The columns of the key are the constraint's own, unless another table's rows refer to it.
_KEY = re.compile(r"^\w+ \((?P<columns>[^=]+)\)=\(", re.DOTALL)
_REFERRED_TO = re.compile(r" is still referenced from table ")
_REFUSALS = re.compile(
    r"FATAL:\s+(?:"
    r"(?P<S53300>sorry, too many clients already|remaining connection slots are reserved|"
    r"too many connections for)"
    r"|(?P<S57P03>the database system is (?:starting up|shutting down|in recovery mode|"
    r"not yet accepting connections))"
    r"|(?P<S28P01>password authentication failed)"
    r'|(?P<S3D000>database "[^"]*" does not exist)'
    r'|(?P<S28000>role "[^"]*" does not exist|no pg_hba.conf entry)'
    r")"
)
_PLAIN = re.compile(r'\w+|"[^"]+"')


def describe_error(error: BaseException) -> ErrorFacts:
    """Return the SQLSTATE and, of a constraint, what the fields of the error say."""
    sqlstate: str | None = getattr(error, "sqlstate", None)
    if sqlstate is None:
        refusal = _REFUSALS.search(str(error))
        return ErrorFacts(refusal.lastgroup[1:] if refusal and refusal.lastgroup else None)
    if not sqlstate.startswith("23"):
        return ErrorFacts(sqlstate)
    fields: Any = getattr(error, "diag", error)
    return ErrorFacts(sqlstate, None, _violation(sqlstate, fields))


def _violation(sqlstate: str, fields: Any) -> ConstraintViolation | None:
    where = (
        getattr(fields, "constraint_name", None),
        getattr(fields, "schema_name", None),
        getattr(fields, "table_name", None),
    )
    if sqlstate == "23502":
        column: str | None = getattr(fields, "column_name", None)
        return ConstraintViolation("not_null", *where, (column,) if column else ())
    if sqlstate == "23514":
        return ConstraintViolation("check", *where)
    detail: str = getattr(fields, "message_detail", None) or getattr(fields, "detail", None) or ""
    if sqlstate in ("23503", "23001"):
        columns = () if _REFERRED_TO.search(detail) else _columns(detail)
        return ConstraintViolation("foreign_key", *where, columns)
    if sqlstate == "23505":
        return ConstraintViolation("unique", *where, _columns(detail))
    if sqlstate == "23P01":
        return ConstraintViolation("exclusion", *where, _columns(detail))
    return None


def _columns(detail: str) -> tuple[str, ...]:
    """The columns of the key that a detail names; none when one of them is an expression."""
    found = _KEY.match(detail)
    if found is None:
        return ()
    parts = found["columns"].split(", ")
    if not all(map(_PLAIN.fullmatch, parts)):
        return ()
    return tuple([part.strip('"') for part in parts])
