"""*execute*: run the actions of a plan, one after the other.

Each kind of action has one plan that runs it (`inserts.py`, `updates.py`; rows of `secondary`
tables here). Keys are copied just before the action that needs them, handlers of mapper events run
around each action, and an error of the database leaves this module knowing the objects it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from typing import TYPE_CHECKING, Any

from ormolu import exc
from ormolu.deferred import deferred
from ormolu.engine.plans import executemany_plan, run_plan
from ormolu.orm import exc as orm_exc
from ormolu.orm.flush.actions import (
    Action,
    DeleteLinks,
    DeleteRows,
    InsertLinks,
    InsertRows,
    LinkAction,
    PostUpdateRows,
    RowAction,
    UpdateRows,
)
from ormolu.orm.flush.events import AROUND, listened
from ormolu.orm.flush.execution import Execution
from ormolu.orm.flush.inserts import insert_rows_plan
from ormolu.orm.flush.keys import copy, link_values
from ormolu.orm.flush.statements import link_statement
from ormolu.orm.flush.together import levels, together_plan
from ormolu.orm.flush.updates import delete_rows_plan, post_update_rows_plan, update_rows_plan
from ormolu.orm.instances.state import session_of

if TYPE_CHECKING:
    from ormolu.engine.core import ConnectionCore
    from ormolu.io.plan import Plan
    from ormolu.orm.flush import failures
else:
    failures = deferred("ormolu.orm.flush.failures")

Runner = Callable[[Execution, Any, Any], Generator[Any, Any, None]]


def execute_actions_plan(run: Execution, actions: list[Action]) -> Plan[None]:
    """Run `actions` in order; what they did stands in `run`.

    Raises the database's errors with their objects named, and `StaleDataError`.
    """
    if len(actions) > 1:
        core = yield from _connected_plan(run, actions[0])
        # One connection for all, or there is nothing to share.
        if core is run.session._core and core.dialect.features.pipelines and not core.observed:
            for level in levels(actions):
                yield from _execute_level_plan(run, core, level)
            return
    for action in actions:
        yield from _execute_plan(run, action)


def _connected_plan(run: Execution, action: Action) -> Plan[ConnectionCore]:
    session = run.session
    core: ConnectionCore | None = session._core or session._connection_now()
    if core is None:
        core = yield from session._connection_plan(action.mapper)
    return core


def _execute_plan(run: Execution, action: Action) -> Plan[None]:
    core = run.session._core
    if core is None:
        core = yield from _connected_plan(run, action)
    for sync in action.syncs:
        copy(sync, run.undo)
    runner: Runner = _RUNNERS[type(action)]
    if listened(action):
        runner = _run_between_events_plan
    try:
        yield from runner(run, core, action)
    except exc.StatementError as error:
        failures.explain(error, action)
        raise


def _execute_level_plan(run: Execution, core: ConnectionCore, level: list[Action]) -> Plan[None]:
    """Run the actions of a level: side by side if nobody listens to them."""
    if len(level) == 1 or any(map(listened, level)):
        for action in level:
            yield from _execute_plan(run, action)
        return
    for action in level:
        for sync in action.syncs:
            copy(sync, run.undo)
    inserts: list[Any] = level  # of which alone there are several in a level
    yield from together_plan(core, inserts, partial(insert_rows_plan, run, core))


def _run_between_events_plan(run: Execution, core: ConnectionCore, action: RowAction) -> Plan[None]:
    dispatch = action.mapper.dispatch
    before, after = AROUND[type(action)]
    connection = _public_connection(run.session, core)
    _call(dispatch.handlers(before), action, connection, action.objects)
    yield from _RUNNERS[type(action)](run, core, action)
    _call(dispatch.handlers(after), action, connection, action.objects)


def _call(
    handlers: tuple[Any, ...], action: RowAction, connection: Any, objects: list[Any]
) -> None:
    for obj in objects if handlers else ():
        for handler in handlers:
            handler(action.mapper, connection, obj)


def _public_connection(session: Any, core: ConnectionCore) -> Any:
    """The `Connection` that handlers receive, for the connection this flush writes to."""
    entries = session._transaction.connections.values()
    return session._public_connection(next(entry for entry in entries if entry.core is core))


def _links_plan(run: Execution, core: ConnectionCore, action: LinkAction) -> Plan[None]:
    rel = action.relationship
    values = link_values(rel, action.pairs)
    removing = isinstance(action, DeleteLinks)
    sql, rows_of = link_statement(core, rel, list(values[0]), delete_rows=removing)
    rows = rows_of(values)
    if len(rows) == 1:
        outcome = yield from run_plan(core, sql, rows[0])
    else:
        outcome = yield from executemany_plan(core, sql, rows)
    unknown = not core.dialect.features.sane_multi_rowcount or outcome.rowcount == -1
    if removing and outcome.rowcount != len(rows) and not unknown:
        _check_unlinked(run, action, outcome.rowcount)


def _check_unlinked(run: Execution, action: LinkAction, count: int) -> None:
    """Raise `StaleDataError` unless only links of objects outside the session were gone."""
    held = sum(session_of(a) is session_of(b) is run.session for a, b in action.pairs)
    if not held <= count <= len(action.pairs):
        raise orm_exc.StaleDataError(
            f"DELETE statement on table '{action.relationship.secondary.name}' expected to delete "
            f"{len(action.pairs)} row(s); Only {count} were matched. Another transaction removed "
            f"a row of {action!r}; roll back and load the objects again"
        )


_RUNNERS: dict[type[Any], Runner] = {
    InsertRows: insert_rows_plan,
    UpdateRows: update_rows_plan,
    PostUpdateRows: post_update_rows_plan,
    DeleteRows: delete_rows_plan,
    InsertLinks: _links_plan,
    DeleteLinks: _links_plan,
}
