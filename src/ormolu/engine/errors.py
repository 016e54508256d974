"""From a driver's error to ours: its class, and the facts that it carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..exc import (
    CommitUnknown,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
)
from .violations import completed, tables_of

if TYPE_CHECKING:
    from ..dialects.base import Dialect

#: What the statements begin with that end a transaction for good, of one phase or two.
_COMMITS = ("COMMIT", "XA COMMIT")


def wrapped_error(
    dialect: Dialect,
    error: Exception,
    sql: str | None = None,
    params: Any = None,
    *,
    hide_parameters: bool = False,
    disconnected: bool = False,
    statement: Any = None,
) -> DBAPIError:
    """Return the exception to raise for a driver's error.

    Some are named alike whatever the driver makes of them. A violated constraint is an
    ``IntegrityError``: MySQL's drivers count a ``CHECK`` among the ``OperationalError``. A lost
    connection is an ``OperationalError``, also when the driver knew and sent nothing; lost during
    COMMIT it is `CommitUnknown`.

    :param params: what was sent with ``sql``; many rows that were rewritten as arrays have
        ``as_given()``, and are shown as their user knows them.
    :param statement: the construct that was executed; its table completes what is known.
    """
    as_given = getattr(params, "as_given", None)
    if as_given is not None:
        sql, params = as_given()
    facts = dialect.describe_error(error)
    constraint = facts.constraint
    cls = dialect.translate_error(error) if constraint is None else IntegrityError
    if disconnected and sql is not None and sql.startswith(_COMMITS):
        cls = CommitUnknown
    elif disconnected and cls in (InterfaceError, InternalError):
        cls = OperationalError
    wrapped = cls(
        sql,
        params,
        error,
        hide_parameters=hide_parameters,
        connection_invalidated=disconnected,
        ismulti=isinstance(params, list),
    )
    if constraint is not None and statement is not None:
        constraint = completed(constraint, tables_of(statement), sql)
    wrapped.sqlstate, wrapped.errno, wrapped.constraint = facts._replace(constraint=constraint)
    return wrapped
