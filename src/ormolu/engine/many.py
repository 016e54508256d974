"""One statement executed with many sets of parameters.

In one call of the driver where no rows come back; else by pages of sets, an INSERT each
(`multirow`); else a statement per set.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..compiler.compiled import Compiled
from ..exc import InvalidRequestError
from ..io import requests as rq
from ..io.outcome import Outcome
from ..io.plan import Plan
from .context import Invocation
from .core import ConnectionCore
from .multirow import MultiRow
from .packing import ParameterSet, pack, pack_many, statement_error
from .parts import goes_by_parts, parts_plan
from .plans import request_plan
from .prepared import Prepared, Rows

Order = Callable[[Rows, int], Rows]


def many_plan(
    core: ConnectionCore,
    prepared: Prepared,
    invocation: Invocation,
    sets: Sequence[ParameterSet],
) -> Plan[tuple[Outcome, list[Any] | None]]:
    """Run a statement once per set.

    Returns the outcome and the values that were sent, None if they were not kept.

    :raises StatementError: it has RETURNING, which the database doesn't know.
    """
    compiled = prepared.compiled
    if compiled.returning:
        _require_returning(core, compiled, sets)
    binds = invocation.statement._binds
    asked = compiled.returning or bool(compiled.implicit_returning)
    if compiled.expanding:
        statements = [pack(core, compiled, binds, one) for one in sets]
        outcome = yield from _batch_plan(core, invocation, statements, asked)
        return outcome, [values for _, values in statements]
    rows = prepared.multirow if core.engine.insertmanyvalues else None
    if not asked and goes_by_parts(core, sets) and not (rows is not None and rows.is_quickest):
        return (yield from parts_plan(core, prepared, invocation, sets)), None
    packed = pack_many(core, compiled, binds, sets)
    if not asked:
        if rows is not None and rows.is_quickest and rows.uniform(packed):
            outcome = yield from _pages_plan(core, invocation, rows, packed, None)
            return outcome, packed
        request = rq.ExecuteMany(core.driver, compiled.sql, packed)
        outcome = yield from request_plan(core, request, invocation)
        return outcome, packed
    if rows is not None and rows.uniform(packed):
        order = _order(invocation.statement, compiled, rows, binds, sets)
        if order is not None:
            outcome = yield from _pages_plan(core, invocation, rows, packed, order)
            return outcome, packed
    statements = [(compiled.sql, values) for values in packed]
    outcome = yield from _batch_plan(core, invocation, statements, True)
    return outcome, packed


def _require_returning(
    core: ConnectionCore, compiled: Compiled, sets: Sequence[ParameterSet]
) -> None:
    if not getattr(core.dialect.features, f"{compiled.kind}_returning"):
        error = InvalidRequestError(
            f"Dialect {core.dialect.dialect_description} with current server capabilities "
            f"does not support {compiled.kind.upper()}..RETURNING when executemany is used: "
            "select the rows afterwards, by values that are known"
        )
        raise statement_error(core, compiled, sets, error) from error


def _order(
    statement: Any,
    compiled: Compiled,
    rows: MultiRow,
    binds: Sequence[Any],
    sets: Sequence[ParameterSet],
) -> Order | None:
    """Return what puts the rows of a page in order, given them and where the page begins.

    None when the order of the parameters is asked for and nothing tells the rows apart.
    """
    sentinels, dialect = compiled.sentinels, compiled.dialect
    if sentinels is None:
        sorted_ = getattr(statement, "_sorted", False)
        return None if sorted_ else lambda page, start: rows.in_order(page)
    if not sentinels.slots:
        return lambda page, start: sentinels.sorted_rows(page, None, dialect)
    keys = sentinels.keys(binds, sets)
    if keys is None:
        return None
    return lambda page, start: sentinels.sorted_rows(page, keys[start : start + len(page)], dialect)


def _batch_plan(
    core: ConnectionCore,
    invocation: Invocation,
    statements: Sequence[tuple[str, Any]],
    asked: bool,
) -> Plan[Outcome]:
    """Run one statement per set."""
    request = rq.Batch(core.driver, statements)
    outcomes: list[Outcome] = yield from request_plan(core, request, invocation)
    rows = [row for outcome in outcomes for row in outcome.rows or ()]
    sentinels = invocation.compiled.sentinels if invocation.compiled is not None else None
    if sentinels is not None:
        rows = sentinels.stripped(rows)
    count = sum(outcome.rowcount for outcome in outcomes)
    return Outcome(rows if asked else None, None, count, None)


def _pages_plan(
    core: ConnectionCore,
    invocation: Invocation,
    rows: MultiRow,
    packed: Sequence[Any],
    order: Order | None,
) -> Plan[Outcome]:
    """Run one statement per page of sets.

    :param order: what puts the rows of a page in order; None when there are none.
    """
    engine = core.engine
    in_force = core.execution_options if invocation.options is None else invocation.options
    wanted = in_force.get("insertmanyvalues_page_size", engine.insertmanyvalues_page_size)
    size = rows.page_size(wanted, core.dialect.features.max_binds)
    found: Rows = []
    count = 0
    how = "ordered" if getattr(invocation.statement, "_sorted", False) else "unordered"
    for start in range(0, len(packed), size):
        invocation.turn(-(-len(packed) // size), how)
        page = packed[start : start + size]
        sql, values = rows.text(len(page)), rows.packed(page)
        if order is None:
            execute = rq.Execute(core.driver, sql, values)
            outcome: Outcome = yield from request_plan(core, execute, invocation, many=True)
            count += outcome.rowcount
            continue
        request = rq.FetchAll(core.driver, sql, values)
        reply = yield from request_plan(core, request, invocation, many=True)
        found += order(reply, start)
    if order is None:
        return Outcome(None, None, count, None)
    return Outcome(found, None, len(found), None)
