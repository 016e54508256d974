"""INSERTs that share a round trip: which ones may, and what each plan gets of it."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from types import SimpleNamespace
from typing import Any

import pytest

from ormolu import exc
from ormolu.io.drivers import Outcome
from ormolu.io.requests import Batch, Execute, ExecuteMany, FetchAll, note_failed_statement
from ormolu.orm.flush.actions import Action, DeleteRows, InsertRows, Sync, UpdateRows
from ormolu.orm.flush.together import levels, together_plan
from ormolu.orm.mapping import registry
from ormolu.schema import Column, ForeignKey, MetaData, Table
from ormolu.types import Integer

mappers = registry()
metadata = MetaData()


class A:
    """Refers to nothing."""


class B:
    """Refers to A."""


class C:
    """Refers to A."""


class D:
    """Refers to B."""


class E:
    """Refers to nothing."""


class Tree:
    """Refers to itself."""


def _map(cls: type, target: str | None) -> None:
    reference = [] if target is None else [ForeignKey(f"{target}.id")]
    name = cls.__name__.lower()
    table = Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True),
        Column("ref", Integer, *reference),
    )
    mappers.map_imperatively(cls, table)


for cls, target in [(A, None), (B, "a"), (C, "a"), (D, "b"), (E, None), (Tree, "tree")]:
    _map(cls, target)


def inserting(cls: type, *sources: Any, count: int = 1) -> InsertRows:
    """The INSERT of new objects whose foreign keys come from ``sources``."""
    objects = [cls() for _ in range(count)]
    relationship: Any = None
    syncs = (Sync(relationship, (("id", "ref"),), list(sources), objects),) if sources else ()
    return InsertRows(cls.__mapper__, objects, syncs)  # type: ignore[attr-defined]


def named(found: list[list[Any]]) -> list[list[str]]:
    return [
        [f"{type(action).__name__[0]} {action.mapper.local_table.name}" for action in level]
        for level in found
    ]


def test_each_level_waits_for_the_keys_of_those_below() -> None:
    a = inserting(A)
    b = inserting(B, a.objects[0])
    c = inserting(C, a.objects[0])
    d = inserting(D, b.objects[0])
    assert named(levels([a, b, c, d, inserting(E)])) == [["I a", "I e"], ["I b", "I c"], ["I d"]]
    assert named(levels([a, c, b, d])) == [["I a"], ["I c", "I b"], ["I d"]]


def test_a_foreign_key_whose_value_was_given_waits_too() -> None:
    assert named(levels([inserting(A), inserting(B), inserting(E)])) == [["I a", "I e"], ["I b"]]


def test_keys_of_objects_that_are_there_already_are_not_waited_for() -> None:
    assert named(levels([inserting(B, A()), inserting(E)])) == [["I b", "I e"]]
    assert named(levels([inserting(B, None), inserting(E)])) == [["I b", "I e"]]


def test_rounds_of_a_tree_are_levels() -> None:
    root = inserting(Tree)
    child = inserting(Tree, root.objects[0])
    leaf = inserting(Tree, child.objects[0])
    assert named(levels([root, child, leaf, inserting(E)])) == [
        ["I tree", "I e"],
        ["I tree"],
        ["I tree"],
    ]


def test_other_actions_keep_their_place() -> None:
    mapper = A.__mapper__  # type: ignore[attr-defined]
    actions: list[Action] = [
        inserting(E),
        UpdateRows(mapper, [A()]),
        inserting(A),
        inserting(C, A()),
        DeleteRows(mapper, [A()]),
        DeleteRows(mapper, [A()]),
    ]
    assert named(levels(actions)) == [["I e"], ["U a"], ["I a"], ["I c"], ["D a"], ["D a"]]


# -- the plans

CORE: Any = SimpleNamespace(driver="driver")


def outcome(rows: Any = None, rowcount: int = -1) -> Outcome:
    return Outcome(rows, None, rowcount, None)


def batch_of(request: Any) -> list[tuple[str, Any]]:
    assert type(request) is Batch
    assert request.driver is CORE.driver
    return list(request.statements)


def test_every_plan_gets_the_reply_to_its_own_requests() -> None:
    a, b, c = actions = [inserting(A), inserting(B), inserting(C)]
    got: dict[Any, list[Any]] = {action: [] for action in actions}
    shared: Any = FetchAll(CORE.driver, "", ())

    def run(action: InsertRows) -> Generator[Any, Any, None]:
        if action is a:
            for sql in ("one", "two"):
                shared.sql, shared.params = sql, (sql,)
                got[a].append((yield shared))
        elif action is b:
            got[b].append((yield ExecuteMany(CORE.driver, "many", [(1,), (2,)])))
        else:
            shared.sql, shared.params = "last", ()
            got[c].append((yield shared))
            got[c].append((yield Execute(CORE.driver, "more", {"x": 1})))

    plan = together_plan(CORE, actions, run)
    assert batch_of(plan.send(None)) == [
        ("one", ("one",)),
        ("many", (1,)),
        ("many", (2,)),
        ("last", ()),
    ]
    first = [outcome([(1,)]), outcome(rowcount=1), outcome(rowcount=1), outcome([])]
    assert batch_of(plan.send(first)) == [("two", ("two",)), ("more", {"x": 1})]
    with pytest.raises(StopIteration):
        plan.send([outcome([(2,)]), outcome(rowcount=5)])
    assert got[a] == [[(1,)], [(2,)]]
    assert [reply.rowcount for reply in got[b]] == [2]
    assert [got[c][0], got[c][1].rowcount] == [[], 5]


def failing_plan(ended: list[str]) -> Any:
    """Two plans side by side, each of which wraps what its statement raises."""
    actions = [inserting(A, count=2), inserting(E)]

    def run(action: InsertRows) -> Generator[Any, Any, None]:
        name = action.mapper.local_table.name
        try:
            yield Execute(CORE.driver, f"insert {name}", ())
        except ValueError as error:
            raise exc.IntegrityError(f"insert {name}", (), error) from error
        finally:
            ended.append(name)

    return together_plan(CORE, actions, run), actions


@pytest.mark.parametrize("index", [0, 1])
def test_an_error_is_that_of_the_plan_whose_statement_failed(index: int) -> None:
    ended: list[str] = []
    plan, actions = failing_plan(ended)
    plan.send(None)
    error = ValueError("refused")
    note_failed_statement(error, index)
    with pytest.raises(exc.IntegrityError) as caught:
        plan.throw(error)
    assert caught.value.statement == ["insert a", "insert e"][index]
    assert caught.value.objects == tuple(actions[index].objects)
    assert caught.value.__cause__ is error
    assert ended == ["a", "e"]


def test_a_cancellation_reaches_every_plan_and_stays_what_it_is() -> None:
    ended: list[str] = []
    plan, _ = failing_plan(ended)
    plan.send(None)
    cancelled = asyncio.CancelledError()
    with pytest.raises(asyncio.CancelledError) as caught:
        plan.throw(cancelled)
    assert caught.value is cancelled
    assert caught.value.__cause__ is None
    assert ended == ["a", "e"]


def test_a_plan_that_fails_before_its_request_ends_the_others() -> None:
    ended: list[str] = []
    actions = [inserting(A), inserting(E)]

    def run(action: InsertRows) -> Generator[Any, Any, None]:
        if action is actions[1]:
            raise exc.StatementError("no such value", "insert e", (), TypeError())
        try:
            yield Execute(CORE.driver, "insert a", ())
        finally:
            ended.append("a")

    with pytest.raises(exc.StatementError, match="while inserting <E>"):
        together_plan(CORE, actions, run).send(None)
    assert ended == ["a"]
