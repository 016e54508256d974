"""An executemany by parts, each of which is packed right before the driver reads it.

Where the driver's work on a row is short, what costs is memory: of ten thousand sets packed at
once, the first is no longer in the processor's cache when its turn comes. By parts, an INSERT into
SQLite takes 5 % less.

It is to be seen by nobody: if a later set can't be packed, what was sent before is undone, as all
sets are packed before the first is sent elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from .. import exc
from ..io import requests as rq
from ..io.outcome import Outcome
from ..io.plan import Plan
from .context import Invocation
from .core import ConnectionCore
from .packing import ParameterSet, pack_many
from .plans import release_savepoint_plan, request_plan, rollback_to_plan, savepoint_plan
from .prepared import Prepared

#: Sets of a part: their tuples and values fit into a processor's own cache.
SIZE = 1_000
_NAME = "ormolu_parts"


def goes_by_parts(core: ConnectionCore, sets: Sequence[ParameterSet]) -> bool:
    """Say whether an executemany without rows is run by parts."""
    return (
        len(sets) > SIZE
        and core.dialect.features.quick_rows
        and not core.observed
        and not core.autocommit
        and core.entry.active == 1  # nobody else is inside this connection's transaction
    )


def parts_plan(
    core: ConnectionCore,
    prepared: Prepared,
    invocation: Invocation,
    sets: Sequence[ParameterSet],
) -> Plan[Outcome]:
    """Run a statement once per set.

    :raises StatementError: when a value is missing or its type refuses it; no set is run then.
    :raises DBAPIError: of the database; the sets before the refused one are run then.
    """
    compiled, binds = prepared.compiled, invocation.statement._binds
    count = 0
    yield from savepoint_plan(core, _NAME)
    try:
        for start in range(0, len(sets), SIZE):
            packed = pack_many(core, compiled, binds, sets[start : start + SIZE])
            request = rq.ExecuteMany(core.driver, compiled.sql, packed)
            outcome: Outcome = yield from request_plan(core, request, invocation)
            count += outcome.rowcount
    except exc.StatementError as error:
        yield from _failed_plan(core, prepared, invocation, sets, error)
        raise
    yield from release_savepoint_plan(core, _NAME)
    return Outcome(None, None, count, None)


def _failed_plan(
    core: ConnectionCore,
    prepared: Prepared,
    invocation: Invocation,
    sets: Sequence[ParameterSet],
    error: exc.StatementError,
) -> Plan[None]:
    """Undo what was sent before a set that can't be; let the database's error tell of all sets."""
    if isinstance(error, exc.DBAPIError):
        try:
            error.params = pack_many(core, prepared.compiled, invocation.statement._binds, sets)
        except exc.StatementError as unpacked:
            yield from _undo_plan(core)
            raise unpacked from error
        if core.driver.in_transaction:
            yield from release_savepoint_plan(core, _NAME)
    else:
        yield from _undo_plan(core)


def _undo_plan(core: ConnectionCore) -> Plan[None]:
    # An error may have made the database roll everything back by itself.
    if core.driver.in_transaction:
        yield from rollback_to_plan(core, _NAME)
        yield from release_savepoint_plan(core, _NAME)
