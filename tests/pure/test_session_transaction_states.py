"""The state table of a session's transaction: what is allowed where, and what it says if not."""

from __future__ import annotations

import pytest

from ormolu.exc import InvalidRequestError, PendingRollbackError, ResourceClosedError
from ormolu.orm import Session
from ormolu.orm.session.transaction import (
    ACTIVE,
    CLOSED,
    FAILED,
    PREPARED,
    TABLE,
    SessionTransactionOrigin,
    Step,
    TransactionCore,
    TransactionState,
)


def level() -> TransactionCore:
    return TransactionCore(Session(), SessionTransactionOrigin.BEGIN)


def test_every_state_has_a_row() -> None:
    assert set(TABLE) == set(TransactionState)


def test_closing_is_allowed_everywhere_and_is_the_end() -> None:
    assert {state: row[Step.CLOSE] for state, row in TABLE.items()} == dict.fromkeys(TABLE, CLOSED)
    assert set(TABLE[CLOSED]) == {Step.CLOSE}


@pytest.mark.parametrize("step", [Step.USE, Step.PREPARE, Step.COMMIT])
def test_a_failed_level_only_rolls_back_and_names_the_original_error(step: Step) -> None:
    failed = level()
    failed.error = ValueError("the original error")
    failed.move(Step.FAIL)
    assert failed.state is FAILED
    with pytest.raises(PendingRollbackError, match=r"(?s)rollback\(\).*the original error"):
        failed.check(step)
    failed.move(Step.ROLLBACK)
    assert failed.state is CLOSED


def test_a_prepared_level_runs_no_more_sql() -> None:
    prepared = level()
    prepared.move(Step.PREPARE)
    assert prepared.state is PREPARED
    with pytest.raises(InvalidRequestError, match="'prepared' state"):
        prepared.check(Step.USE)
    prepared.move(Step.COMMIT)


@pytest.mark.parametrize("step", [Step.USE, Step.COMMIT, Step.ROLLBACK, Step.PREPARE, Step.FAIL])
def test_a_closed_level_does_nothing(step: Step) -> None:
    closed = level()
    closed.move(Step.CLOSE)
    with pytest.raises(ResourceClosedError, match="This transaction is closed"):
        closed.check(step)


def test_only_active_and_prepared_levels_are_active() -> None:
    one = level()
    seen = {}
    for state in TransactionState:
        one.state = state
        seen[state] = one.is_active
    assert seen == {ACTIVE: True, PREPARED: True, FAILED: False, CLOSED: False}


def test_a_savepoint_knows_its_parent() -> None:
    root = level()
    inner = TransactionCore(Session(), SessionTransactionOrigin.BEGIN_NESTED, root)
    assert (root.nested, inner.nested, inner.parent) == (False, True, root)
