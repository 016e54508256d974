"""`flush_plan`: the phases of a flush, in order.

*collect* -> *prefetch* -> *plan* -> *execute* -> *accept* or *restore*; each is its own module.
Only this one knows them all. What most flushes are (one kind of change, objects of one mapper that
refers to no other) needs no collecting, prefetching or ordering: `planner.alone` recognises it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Any

from ormolu.orm.flush.actions import Action, UpdateRows
from ormolu.orm.flush.eager import fetch_defaults_plan
from ormolu.orm.flush.execute import execute_actions_plan
from ormolu.orm.flush.execution import Execution
from ormolu.orm.flush.outcome import accept, restore
from ormolu.orm.flush.planner import alone, plan
from ormolu.orm.flush.prefetch import needs_prefetch, prefetch_plan
from ormolu.orm.flush.work import Work, collect, net_changes


class UOWTransaction:
    """What flush events receive as `flush_context`: the session and the work of this flush."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.work: Work | None = None

    @property
    def actions(self) -> list[Action]:
        """The planned actions, in order; empty before anything was collected."""
        return [] if self.work is None else plan(self.work)


def flush_plan(session: Any, objects: Iterable[object] | None = None) -> Generator[Any, Any, None]:
    """Write what is new, modified and deleted; on failure restore the objects and raise.

    Dispatches before_flush, after_flush and after_flush_postexec. It does not roll the transaction
    back: its caller does. Raises the database's errors with the objects named, `StaleDataError`,
    `FlushError`, `CircularDependencyError`.
    """
    if not (session._new or session._modified or session._deleted):
        return
    listened = session.dispatch.active
    context = UOWTransaction(session) if listened else None
    if context is not None:
        yield from session._hook_plan("before_flush", session, context, objects)
    run = Execution(session)
    actions = alone(session) if objects is None and context is None else None
    if actions is None:
        chosen = None if objects is None else list(objects)
        work = collect(session, chosen)
        if needs_prefetch(work):
            extra = yield from prefetch_plan(session, work)
            work = collect(session, chosen, extra)
        if context is not None:
            context.work = work
        actions = plan(work)
        run.changed += [sync.targets for sync in work.post_syncs.values()]
    try:
        yield from execute_actions_plan(run, actions)
        if listened:
            yield from session._hook_plan("after_flush", session, context)
        accept(run)
    except BaseException:
        restore(run)
        raise
    if run.inserted or run.stale_names:
        yield from fetch_defaults_plan(run)
    if listened:
        yield from session._hook_plan("after_flush_postexec", session, context)


def preview(session: Any, objects: Iterable[object] | None = None) -> list[Action]:
    """The actions a flush would run now, without I/O (`session.flush_plan()`).

    Children that only prefetching would find are not in it, and objects without net changes are
    left out.
    """
    actions: list[Action] = []
    for action in plan(collect(session, objects)):
        if isinstance(action, UpdateRows) and not action.syncs:
            changed = [obj for obj in action.objects if net_changes(action.mapper, obj)]
            if changed:
                actions.append(UpdateRows(action.mapper, changed))
        else:
            actions.append(action)
    return actions
