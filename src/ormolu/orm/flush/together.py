"""*execute*, several INSERTs at once: what doesn't wait for another's keys shares a round trip.

An action is a plan that yields requests, so several can be run side by side: each is advanced to
its request, all requests go to the driver as one `Batch`, and each plan receives its own reply. No
plan knows of the others.

Which actions may go together is a matter of *levels*. An INSERT whose foreign keys are copied from
objects of another one is a level above it. One whose table refers to the other's table without
being given a key by this flush is too, since its values may be keys that somebody knew before.
Everything else than an INSERT keeps its place, and what comes after it stays after it.

It pays where a batch is one round trip (`Features.pipelines`). While somebody looks on, statements
run one by one, as they are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from ormolu import exc
from ormolu.deferred import deferred
from ormolu.io.requests import Batch, Execute, ExecuteMany, FetchAll, failed_statement
from ormolu.orm.flush.actions import Action, InsertRows

if TYPE_CHECKING:
    from ormolu.engine.core import ConnectionCore
    from ormolu.io.drivers import Outcome
    from ormolu.io.plan import Plan
    from ormolu.orm.flush import failures
else:
    failures = deferred("ormolu.orm.flush.failures")

Running = Generator[Any, Any, None]


def levels(actions: list[Action]) -> list[list[Action]]:
    """The actions in an order that the database accepts, with those side by side that may be."""
    found: list[list[Action]] = []
    floor = 0
    placed: list[tuple[InsertRows, int]] = []
    level_of: dict[int, int] = {}
    for action in actions:
        if isinstance(action, InsertRows):
            level = max(floor, _level(action, placed, level_of))
            placed.append((action, level))
            level_of.update(dict.fromkeys(map(id, action.objects), level))
        else:
            level = len(found)
            floor = level + 1
        while len(found) <= level:
            found.append([])
        found[level].append(action)
    return found


def _level(
    action: InsertRows, placed: list[tuple[InsertRows, int]], level_of: dict[int, int]
) -> int:
    """The level above all that an INSERT refers to."""
    known = [
        level_of[id(source)]
        for sync in action.syncs
        for source in sync.sources
        if id(source) in level_of
    ]
    table = action.mapper.local_table
    known += [
        level
        for other, level in placed
        if any(key.references(other.mapper.local_table) for key in table.foreign_keys)
        and other.mapper is not action.mapper
    ]
    return max(known, default=-1) + 1


def together_plan(
    core: ConnectionCore, actions: list[InsertRows], start: Callable[[InsertRows], Running]
) -> Plan[None]:
    """Run the plans of several actions side by side.

    Raises the first error of the database, with the objects of its action named.
    """
    running = [Branch(action, start(action)) for action in actions]
    while True:
        statements: list[tuple[str, Any]] = []
        going: list[Branch] = []
        for branch in running:
            try:
                if branch.advance(statements):
                    going.append(branch)
            except BaseException as error:
                _throw([other for other in running if other is not branch], error)
                raise
        if not going:
            return
        running = going
        try:
            outcomes: list[Outcome] = yield Batch(core.driver, statements)
        except BaseException as error:
            failed = failed_statement(error)
            for branch, own in _throw(running, error):
                if own is not error and branch.first <= failed < branch.end:
                    raise own from error
            raise
        for branch in running:
            branch.take(outcomes)


class Branch:
    """One action's plan, and the part of the batch that it asked for."""

    __slots__ = ("_action", "_kind", "_plan", "_reply", "end", "first")

    def __init__(self, action: InsertRows, plan: Running) -> None:
        self._action = action
        self._plan = plan
        self._reply: Any = None
        self._kind: type = Batch
        self.first = self.end = 0

    def advance(self, statements: list[tuple[str, Any]]) -> bool:
        """Go on to the next request and add its statements; False at the end of the plan."""
        try:
            request = self._plan.send(self._reply)
        except StopIteration:
            return False
        except exc.StatementError as error:
            failures.explain(error, self._action)
            raise
        # A plan may own its request and refill it: what it says now is copied.
        self._kind = type(request)
        self.first = len(statements)
        statements += _statements(request)
        self.end = len(statements)
        return True

    def take(self, outcomes: list[Outcome]) -> None:
        """Keep the reply for the next advance."""
        self._reply = _reply(self._kind, outcomes[self.first : self.end])

    def throw(self, error: BaseException) -> BaseException:
        """Throw an error into the plan; returns what it makes of it."""
        try:
            self._plan.throw(error)
        except exc.StatementError as own:
            if own is not error:
                failures.explain(own, self._action)
            return own
        except BaseException as own:
            return own
        raise AssertionError(f"{self._action!r} goes on after {error!r}")


def _statements(request: Any) -> list[tuple[str, Any]]:
    if isinstance(request, ExecuteMany):
        return [(request.sql, row) for row in request.rows]
    if isinstance(request, Batch):
        return list(request.statements)
    return [(request.sql, request.params)]


def _reply(kind: type, outcomes: list[Outcome]) -> Any:
    """What a request of this kind is answered by."""
    if kind is FetchAll:
        return outcomes[0].rows or []
    if kind is Execute:
        return outcomes[0]
    if kind is ExecuteMany:
        total = sum(outcome.rowcount for outcome in outcomes)
        return outcomes[0]._replace(rows=None, description=None, rowcount=total)
    return outcomes


def _throw(branches: list[Branch], error: BaseException) -> list[tuple[Branch, BaseException]]:
    """Throw an error into plans that wait; returns what each makes of it."""
    return [(branch, branch.throw(error)) for branch in branches]
