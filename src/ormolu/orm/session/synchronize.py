"""How a session's objects follow an UPDATE or DELETE by criteria: ``synchronize_session``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from ormolu import exc
from ormolu.orm.instances import state as states
from ormolu.orm.instances.state import Expired, Private, identity_of, state_of

from .evaluator import UNKNOWN, Evaluate, Evaluator, UnevaluatableError

if TYPE_CHECKING:
    from .core import SessionBase

Strategy = Literal["auto", "evaluate", "fetch", False]


def strategy_of(options: Mapping[str, Any]) -> Strategy:
    """What the execution options ask for.

    :raises ArgumentError: when it is none of the strategies.
    """
    found = options.get("synchronize_session", "auto")
    if found not in ("auto", "evaluate", "fetch", False):
        raise exc.ArgumentError(
            "Valid strategies for session synchronization are 'auto', 'evaluate', 'fetch', False; "
            f"got {found!r}"
        )
    return found  # type: ignore[no-any-return]


def condition_of(
    mapper: Any, where: Iterable[Any], params: Mapping[str, Any] | None
) -> list[Evaluate]:
    """The criteria as functions of an object's values; `UnevaluatableError` if Python can't."""
    evaluator = Evaluator(mapper, params)
    return [evaluator.compile(clause) for clause in where]


def evaluated(
    session: SessionBase, mapper: Any, where: Iterable[Any], params: Mapping[str, Any] | None
) -> tuple[list[Any], list[Any]]:
    """The session's objects that meet the criteria, and those that perhaps do.

    :raises InvalidRequestError: when Python can't evaluate the criteria.
    """
    try:
        conditions = condition_of(mapper, where, params)
    except UnevaluatableError as error:
        raise exc.InvalidRequestError(
            f"Could not evaluate current criteria in Python: \"{error}\". Specify 'fetch' or False "
            "for the synchronize_session execution option."
        ) from error
    met, perhaps = [], []
    for obj in objects_of(session, mapper):
        values = _values(obj)
        answers = [condition(values) for condition in conditions]
        if all(answer is not UNKNOWN and answer for answer in answers):
            met.append(obj)
        elif all(answer is UNKNOWN or answer for answer in answers):
            perhaps.append(obj)
    return met, perhaps


def objects_of(session: SessionBase, mapper: Any) -> list[Any]:
    """The session's living objects of a mapped class."""
    entries = session._identity.of(mapper)
    class_ = mapper.class_
    return [
        obj
        for ref in list(entries.values())
        if (obj := ref()) is not None and isinstance(obj, class_)
    ]


def by_keys(session: SessionBase, mapper: Any, keys: Iterable[Any]) -> list[Any]:
    """The session's objects under these primary keys (rows of the key columns)."""
    single = len(mapper.pk_keys) == 1
    identity = session._identity
    found = [identity.get(mapper, key[0] if single else tuple(key)) for key in keys]
    return [obj for obj in found if obj is not None]


def _values(obj: Any) -> Mapping[str, Any]:
    """What an object is known to hold; of an expired one, the primary key only."""
    state = state_of(obj)
    own: Mapping[str, Any] = obj.__dict__
    if not isinstance(state, (Expired, Private)):
        return own
    names = state.mapper.pk_keys
    key = identity_of(obj)
    parts = key if len(names) > 1 else (key,)
    return {**dict(zip(names, parts, strict=True)), **own}


def apply_update(
    mapper: Any,
    objects: Iterable[Any],
    changes: Mapping[str, Any],
    params: Mapping[str, Any] | None,
    beside: Iterable[str] = (),
) -> None:
    """Give objects the values that the UPDATE gave their rows; expire what Python can't compute.

    :param beside: what the database computed without being told to by the statement.
    """
    computed: dict[str, Evaluate] = {}
    unknown = list(beside)
    evaluator = Evaluator(mapper, params)
    for name, value in changes.items():
        try:
            computed[name] = evaluator.compile(value)
        except UnevaluatableError:
            unknown.append(name)
    for obj in objects:
        _apply_to(obj, computed, unknown)


def _apply_to(obj: Any, computed: Mapping[str, Evaluate], unknown: list[str]) -> None:
    own = obj.__dict__
    known = _values(obj)
    fresh = {name: compute(known) for name, compute in computed.items() if name in own}
    stale = [name for name in unknown if name in own]
    for name, value in fresh.items():
        if value is UNKNOWN:
            stale.append(name)
        else:
            own[name] = value
    state = state_of(obj)
    if isinstance(state, Private):
        for name in fresh:
            state.committed.pop(name, None)
    if stale:
        states.expire_attributes(obj, stale)


def apply_delete(session: SessionBase, objects: Iterable[Any]) -> None:
    """The rows of these objects are gone: the objects are deleted, until the commit decides."""
    objects = list(objects)
    for obj in objects:
        state = states.private(obj)
        session._identity.discard(state.mapper, state.key, obj)
        session._modified.pop(id(obj), None)
        session._deleted.pop(id(obj), None)
        state.phase = states.DELETED
    transaction = session._transaction
    if transaction is not None:
        transaction.record_deleted(objects)


def note_updated(session: SessionBase, objects: Iterable[Any]) -> None:
    """A rolled back savepoint expires these."""
    transaction = session._transaction
    if transaction is not None:
        transaction.record_updated(objects)
