"""``merge``: copy an object, and what the ``merge`` cascade reaches from it, into the session.

For each given object there is one object of the session: the one of its identity (in the session,
or loaded), else a new one. Loaded attributes are copied; what the given object has not loaded stays
as it is. A table of objects met keeps cycles finite and each object copied once.

The objects may be chained to any depth, so what goes on with another object is not called: it is
yielded as a `Deeper`, and `_stacked_plan` keeps the plans that wait in a list of its own.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ormolu import exc
from ormolu.io.plan import Plan
from ormolu.orm import exc as orm_exc
from ormolu.orm.instances import state as states
from ormolu.orm.instances.collections import items_of
from ormolu.orm.instances.state import (
    STATE,
    Expired,
    Private,
    describe,
    identity_of,
    state_of,
)
from ormolu.orm.loading import run as loading

from .objects import load_attribute_plan
from .plans import autoflush_plan

if TYPE_CHECKING:
    from .core import SessionBase

_Met = dict[int, Any]
#: A plan that may ask for another one's value by yielding a `Deeper`.
_Steps = Generator[Any, Any, Any]


class Deeper:
    """Asks for the value of another plan, which is run by `_stacked_plan`."""

    __slots__ = ("plan",)

    def __init__(self, plan: _Steps) -> None:
        self.plan = plan


def _stacked_plan(plan: _Steps) -> Plan[Any]:
    """Run a plan, and the plans that it and they ask for, one inside the other."""
    waiting: list[Any] = [plan]
    reply: Any = None
    failure: BaseException | None = None
    while True:
        try:
            if failure is None:
                request = waiting[-1].send(reply)
            else:
                failed, failure = failure, None
                request = waiting[-1].throw(failed)
            if type(request) is Deeper:
                waiting.append(request.plan)
                reply = None
                continue
        except StopIteration as stop:
            reply = stop.value
            waiting.pop()
            if not waiting:
                return reply
            continue
        except BaseException as error:
            waiting.pop()
            if not waiting:
                raise
            failure = error
            continue
        try:
            reply = yield request
        except BaseException as error:
            failure = error


def merge_plan(
    session: SessionBase, instance: Any, load: bool = True, options: Sequence[Any] | None = None
) -> Plan[Any]:
    """Merge one object; the reply is the session's own.

    :raises InvalidRequestError: with ``load=False``, for a transient or changed object.
    """
    return (yield from _merge_root_plan(session, instance, load, options, {}))


def merge_all_plan(
    session: SessionBase,
    instances: Iterable[Any],
    load: bool = True,
    options: Sequence[Any] | None = None,
) -> Plan[list[Any]]:
    """Merge several objects, which may refer to one another."""
    met: _Met = {}
    merged = []
    for instance in instances:
        merged.append((yield from _merge_root_plan(session, instance, load, options, met)))
    return merged


def _merge_root_plan(
    session: SessionBase, instance: Any, load: bool, options: Sequence[Any] | None, met: _Met
) -> Plan[Any]:
    state_of(instance)
    if load and session._needs_flush:
        yield from autoflush_plan(session)
    was, session.autoflush = session.autoflush, False
    try:
        plan = _merge_one_plan(session, instance, load, tuple(options or ()), met)
        return (yield from _stacked_plan(plan))
    finally:
        session.autoflush = was


def _merge_one_plan(
    session: SessionBase, given: Any, load: bool, options: tuple[Any, ...], met: _Met
) -> _Steps:
    found = met.get(id(given))
    if found is not None:
        return found
    if given in session:
        met[id(given)] = given
        return given
    mapper = type(given).__mapper__
    key = _key_of(given, mapper)
    if not load:
        _check_clean(given, key)
    target = yield from _target_plan(session, given, mapper, key, load, options)
    met[id(given)] = target
    yield from _copy_plan(session, given, target, mapper, load, options, met)
    return target


def _key_of(given: Any, mapper: Any) -> Any:
    """The raw identity, or None when the object has no whole primary key."""
    key = identity_of(given)
    if key is not None:
        return key
    parts = [given.__dict__.get(name) for name in mapper.pk_keys]
    if any(part is None for part in parts):
        return None
    return parts[0] if len(parts) == 1 else tuple(parts)


def _check_clean(given: Any, key: Any) -> None:
    state = state_of(given)
    if key is None or identity_of(given) is None:
        raise exc.InvalidRequestError(
            "merge() with load=False option does not support objects transient (i.e. unpersisted) "
            f"objects.  {describe(given)} has no identity: flush it, or use load=True"
        )
    if isinstance(state, Private) and (state.committed or state.pending):
        raise exc.InvalidRequestError(
            "merge() with load=False option does not support objects marked as 'dirty'.  "
            f"flush() all changes on {describe(given)} before merging with load=False."
        )


def _target_plan(
    session: SessionBase,
    given: Any,
    mapper: Any,
    key: Any,
    load: bool,
    options: tuple[Any, ...],
) -> Plan[Any]:
    """The session's object for the given one: present, loaded, or new."""
    if key is not None:
        if load:  # refreshed if it is expired: what is the same is no change
            target = yield from loading.get_plan(session, mapper, key, options)
        else:
            target = session._identity.get(mapper, key)
        if target is not None:
            return target
    target = mapper.class_.__new__(mapper.class_)
    if load or key is None:
        session._attach(target)
        return target
    names = mapper.pk_keys
    parts = key if len(names) > 1 else (key,)
    own = target.__dict__
    own.update(zip(names, parts, strict=True))
    own[STATE] = session._membership.shared(mapper)
    session._identity.add(mapper, key, target)
    return target


def _copy_plan(
    session: SessionBase,
    given: Any,
    target: Any,
    mapper: Any,
    load: bool,
    options: tuple[Any, ...],
    met: _Met,
) -> _Steps:
    own = given.__dict__
    if isinstance(state_of(given), Expired):
        own = {}
    _check_version(given, target, mapper)
    for name in mapper.column_attrs.keys():  # noqa: SIM118
        if name in own:
            _store(target, name, own[name], load)
    for name, relationship in mapper.relationships.items():
        if name not in own or relationship.viewonly or not _merges(relationship):
            continue
        value = yield from _merged_value_plan(
            session, own[name], relationship.uselist, load, options, met
        )
        if load and target.__dict__.get(STATE) is not None and identity_of(target) is not None:
            yield from load_if_absent_plan(session, target, name)
        _store(target, name, value, load)


def load_if_absent_plan(session: SessionBase, target: Any, name: str) -> Plan[None]:
    """Have the target's related objects loaded, so that replacing them is a difference."""
    if name not in target.__dict__:
        yield from load_attribute_plan(session, target, name)


def _merges(relationship: Any) -> bool:
    return bool(relationship.cascade.merge)


def _merged_value_plan(
    session: SessionBase,
    value: Any,
    uselist: bool,
    load: bool,
    options: tuple[Any, ...],
    met: _Met,
) -> _Steps:
    if not uselist:
        if value is None:
            return None
        return (yield Deeper(_merge_one_plan(session, value, load, options, met)))
    merged = []
    for item in items_of(value):
        merged.append((yield Deeper(_merge_one_plan(session, item, load, options, met))))
    return merged


def _store(target: Any, name: str, value: Any, load: bool) -> None:
    """Set a value: as a change when it differs, or as what the database has."""
    own = target.__dict__
    if not load:
        attribute = getattr(type(target), name)
        if attribute.impl.uselist:
            setattr(target, name, value)
            states.settle(target)
        else:
            own[name] = value
    elif isinstance(value, list):
        current = own.get(name)
        before = [] if current is None else items_of(current)
        if list(map(id, before)) != list(map(id, value)):
            setattr(target, name, _of_kind(target, name, value))
    elif name not in own or own[name] is not value:
        setattr(target, name, value)


def _of_kind(target: Any, name: str, items: list[Any]) -> Any:
    """The items in a collection of the kind that the attribute holds."""
    current = getattr(target, name, None)
    if isinstance(current, set):
        return set(items)
    if isinstance(current, dict):
        keyfunc = current.keyfunc  # type: ignore[attr-defined]
        return {keyfunc(item): item for item in items}
    return items


def _check_version(given: Any, target: Any, mapper: Any) -> None:
    column = mapper.version_id_col
    if column is None or identity_of(target) is None:
        return
    name = mapper.key_of_column[column]
    ours, theirs = target.__dict__.get(name), given.__dict__.get(name)
    if theirs is not None and ours is not None and ours != theirs:
        raise orm_exc.StaleDataError(
            f"Version id '{theirs}' on merged state {describe(given)} does not match existing "
            f"version '{ours}'. Load the object again and repeat the change"
        )


__all__ = ["merge_all_plan", "merge_plan"]
