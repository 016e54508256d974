"""Two-phase transactions: begin, prepare, commit or roll back what was prepared, recover.

What a database calls these is data of its dialect (``Dialect.two_phase``); one that has no such
transactions has None there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..dialects.twophase import TwoPhase
from ..io import requests as rq
from ..io.outcome import Outcome
from ..io.plan import Plan
from . import plans
from .core import ConnectionCore
from .observed import hook_plan


def texts_of(core: ConnectionCore) -> TwoPhase:
    """Return the statements of two-phase transactions.

    :raises NotImplementedError: when the database has none.
    """
    texts: TwoPhase | None = core.dialect.two_phase
    if texts is None:
        raise NotImplementedError(
            f"the {core.dialect.name!r} dialect has no two-phase transactions; use begin()"
        )
    return texts


def begin_plan(core: ConnectionCore, xid: str) -> Plan[None]:
    """Begin a two-phase transaction."""
    texts = texts_of(core)
    if core.logged:
        core.engine.log.info("BEGIN TWOPHASE (implicit)", core.log_token)
    if core.observed:
        yield from hook_plan(core, "begin_twophase", xid)
    mode = core.begin_mode
    begin = (texts.begin_in or texts.begin) if mode else texts.begin
    yield from _run_plan(core, begin, xid, mode)
    core.entry.active += 1
    core.in_transaction = True
    core.lost = False


def prepare_plan(core: ConnectionCore, xid: str) -> Plan[None]:
    """Prepare the transaction."""
    if core.observed:
        yield from hook_plan(core, "prepare_twophase", xid)
    yield from _run_plan(core, texts_of(core).prepare, xid)


def commit_plan(core: ConnectionCore, xid: str, is_prepared: bool) -> Plan[None]:
    """Commit the transaction, or one that was prepared before."""
    texts = texts_of(core)
    if core.observed:
        yield from hook_plan(core, "commit_twophase", xid, is_prepared)
    yield from _run_plan(core, texts.commit_prepared if is_prepared else texts.commit, xid)


def rollback_plan(core: ConnectionCore, xid: str, is_prepared: bool) -> Plan[None]:
    """Roll the transaction back, or one that was prepared before."""
    texts = texts_of(core)
    if core.observed:
        yield from hook_plan(core, "rollback_twophase", xid, is_prepared)
    yield from _run_plan(core, texts.rollback_prepared if is_prepared else texts.rollback, xid)


def ended(core: ConnectionCore) -> None:
    """Note that the connection's two-phase transaction has ended."""
    core.entry.active -= 1
    core.in_transaction = False
    core.lost = False


def recover_plan(core: ConnectionCore) -> Plan[list[Any]]:
    """Return the identifiers of the transactions that are prepared and not ended."""
    texts = texts_of(core)
    outcome: Outcome = yield from plans.request_plan(
        core, rq.Execute(core.driver, texts.recover, ())
    )
    found = [row[texts.recover_column] for row in outcome.rows or ()]
    return [xid.decode() if isinstance(xid, bytes) else xid for xid in found]


def _run_plan(core: ConnectionCore, texts: Sequence[str], xid: str, mode: str = "") -> Plan[None]:
    quoted = str(xid).replace("'", "''")
    if core.dialect.paramstyle in ("format", "pyformat"):
        quoted = quoted.replace("%", "%%")
    for text in texts:
        sql = text.format(xid=quoted, mode=mode)
        yield from plans.request_plan(core, rq.Execute(core.driver, sql, ()))
