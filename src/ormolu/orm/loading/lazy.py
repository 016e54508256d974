"""Loading on use: absent columns, lazy relationships, and siblings.

The first lazy load of an attribute on a result is for one object. The second, for another object of
the same result, loads that attribute for all live objects of the result that lack it, with the
select-in machinery: a loop over a result costs two SELECTs and not one per object. ``Shared``
counts the loads per attribute and knows the siblings.

It is off for a session or relationship with ``lazy_batch=False``, and a many-to-one that the
identity map answers never gets here.
"""

from __future__ import annotations

from typing import Any

from ormolu import exc
from ormolu.io.plan import Plan
from ormolu.orm.instances.state import NO_VALUE, STATE, Expired, Shared
from ormolu.orm.loading import options as opt
from ormolu.orm.loading.entry import Context, LoadOptions, rows_plan
from ormolu.orm.loading.hops import configured
from ormolu.orm.loading.identity import load_columns_plan
from ormolu.orm.loading.layout import LaterPlan
from ormolu.orm.loading.related import Single
from ormolu.orm.loading.schemas import cache_of
from ormolu.orm.loading.selectin import fill_related, key_of, later_plan, select_in_plan
from ormolu.orm.loading.tree import DEFER_RAISE, Branch, Choice
from ormolu.orm.mapping.joins import MANYTOONE

_DEFAULT = Branch()
_NOTHING: tuple[Any, ...] = ()


def load_absent_plan(session: Any, obj: Any, key: str) -> Plan[Any]:
    """Load the absent attribute ``key`` (expired, deferred or lazy); store and return its value.

    :raises ObjectDeletedError: when the object's row is gone.
    :raises InvalidRequestError: when a ``raise`` strategy forbids the load.
    """
    state = obj.__dict__[STATE]
    relationship = state.mapper.relationships.get(key)
    if relationship is not None:
        return (yield from lazy_load_plan(session, obj, relationship))
    if session._needs_flush and session.autoflush:
        yield from session._autoflush_plan()
    if key not in obj.__dict__:
        yield from _load_column_plan(session, obj, obj.__dict__[STATE], key)
    return obj.__dict__.get(key)


def _load_column_plan(session: Any, obj: Any, state: Any, key: str) -> Plan[None]:
    """Load an expired column with the other expired ones, or a deferred one with its siblings'."""
    prop = state.mapper.column_attrs[key]
    old = _old_values(state)
    if key in old:
        yield from load_columns_plan(session, obj)
        return
    options = load_options(state)
    branch = _DEFAULT if options is None else options.branch
    if branch.action_for(prop) == DEFER_RAISE:
        raise exc.InvalidRequestError(
            f"'{prop}' is not available due to raiseload=True; load it with the statement: "
            f".options(undefer({prop}))"
        )
    group = getattr(prop, "group", None)
    names = [key]
    if group is not None:
        names = [
            name
            for name, other in state.mapper.column_attrs.items()
            if getattr(other, "group", None) == group and name not in obj.__dict__
        ]
    yield from load_columns_plan(session, obj, names)


def _old_values(state: Any) -> Any:
    if type(state) is Expired:
        return state.values
    return getattr(state, "expired_values", None) or _NOTHING


def load_options(state: Any) -> LoadOptions | None:
    """The loader options that an object was loaded with."""
    shared = shared_of(state)
    return None if shared is None else shared.options


def shared_of(state: Any) -> Shared | None:
    """The shared state of the result that an object came with."""
    return state if type(state) is Shared else getattr(state, "shared", None)


def load_known(session: Any, obj: Any, relationship: Any) -> bool:
    """Fill a relationship that takes no SQL to load, and say whether it was one.

    :raises InvalidRequestError: when its strategy is ``raise``.
    """
    configured(relationship)
    choice = _choice(obj, relationship)
    if choice.strategy == opt.RAISE:
        raise _raising(relationship, "raise")
    if choice.strategy == opt.NOLOAD:
        fill_related(relationship, obj, _NOTHING)
        return True
    _refuse_other_kinds(relationship)
    if relationship.uses_get and _from_identity_map(session, obj, relationship, choice):
        return True
    if choice.strategy == opt.RAISE_ON_SQL:
        raise _raising(relationship, "raise_on_sql")
    return False


def _choice(obj: Any, relationship: Any) -> Choice:
    """How a relationship of this object is to be loaded."""
    options = load_options(obj.__dict__[STATE])
    return (_DEFAULT if options is None else options.branch).choice_for(relationship)


def lazy_load_plan(session: Any, obj: Any, relationship: Any) -> Plan[Any]:
    """Load a relationship of one object, or of its live siblings too; return its value.

    :raises InvalidRequestError: when its strategy is ``raise`` (or ``raise_on_sql`` and the
        identity map doesn't have it).
    """
    if load_known(session, obj, relationship):
        return obj.__dict__[relationship.key]
    shared = shared_of(obj.__dict__[STATE])
    options = None if shared is None else shared.options
    choice = _choice(obj, relationship)
    if session._needs_flush and session.autoflush:
        yield from session._autoflush_plan()
    if _lacks_key(obj, relationship):
        # The row may be gone, or refer to another object by now.
        yield from load_columns_plan(session, obj)
        if relationship.key not in obj.__dict__ and load_known(session, obj, relationship):
            return obj.__dict__[relationship.key]
    if relationship.key not in obj.__dict__:
        siblings = _siblings(session, obj, shared, relationship)
        if siblings is None:
            yield from load_one_plan(session, obj, relationship)
        else:
            yield from _load_siblings_plan(session, siblings, relationship, choice, options)
    if relationship.key not in obj.__dict__:
        yield from load_one_plan(session, obj, relationship)
    return obj.__dict__[relationship.key]


def _raising(relationship: Any, strategy: str) -> exc.InvalidRequestError:
    return exc.InvalidRequestError(
        f"'{relationship}' is not available due to lazy='{strategy}'; load it with the statement: "
        f".options(selectinload({relationship}))"
    )


def _refuse_other_kinds(relationship: Any) -> None:
    if relationship.lazy in ("dynamic", "write_only"):
        raise exc.InvalidRequestError(
            f"'{relationship}' is mapped lazy={relationship.lazy!r}, which is not available; map "
            "it lazy='select', or select its objects: "
            f"select({relationship.mapper.class_.__name__}).where(...)"
        )


def _from_identity_map(session: Any, obj: Any, relationship: Any, choice: Choice) -> bool:
    """Whether a many-to-one could be set without SQL."""
    if choice.hop is not None and choice.hop.criteria:
        return False
    key = _target_key(obj, relationship)
    if key is NO_VALUE:
        return False
    parts = key if isinstance(key, tuple) else (key,)
    if None in parts:
        fill_related(relationship, obj, _NOTHING)
        return True
    found = session._identity.get(relationship.mapper, key)
    if found is None or not isinstance(found, relationship.mapper.class_):
        return False
    fill_related(relationship, obj, (found,))
    return True


def _target_key(obj: Any, relationship: Any) -> Any:
    remote = {remote: local for local, remote in relationship.local_remote_pairs}
    keys = relationship.parent.key_of_column
    names = [keys[remote[column]] for column in relationship.mapper.primary_key]
    if any(name not in obj.__dict__ for name in names):
        return NO_VALUE
    return key_of(obj, names)


def _siblings(session: Any, obj: Any, shared: Shared | None, relationship: Any) -> list[Any] | None:
    """The objects to load together with this one, or None on the first load of a result."""
    if shared is None or shared.siblings is None or not session.lazy_batch:
        return None
    if relationship.lazy_batch is False:
        return None
    counts = shared.lazy_counts
    if counts is None:
        counts = shared.lazy_counts = {}
    count = counts[relationship.key] = counts.get(relationship.key, 0) + 1
    if count == 1:
        return None
    found = [obj]
    for ref in shared.siblings:
        other = ref()
        if other is None or other is obj or relationship.key in other.__dict__:
            continue
        if relationship.direction is MANYTOONE and _lacks_key(other, relationship):
            continue
        state = other.__dict__.get(STATE)
        if state is shared or getattr(state, "shared", None) is shared:
            found.append(other)
    return found if len(found) > 1 else None


def _lacks_key(obj: Any, relationship: Any) -> bool:
    """Whether columns that a relationship is found by have expired."""
    own = obj.__dict__
    old = _old_values(own[STATE])
    if not old:
        return False
    keys = relationship.parent.key_of_column
    local = [keys.get(column) for column, _ in relationship.local_remote_pairs]
    return any(key not in own and key in old for key in local)


def _load_siblings_plan(
    session: Any, siblings: list[Any], relationship: Any, choice: Choice, options: Any
) -> Plan[None]:
    context = yield from _context_plan(session, relationship, options)
    key = ("siblings", relationship.parent._key, relationship.key)
    cache = cache_of(context.core)
    later = cache.get(key) if _is_plain(choice) else None
    if later is None:
        path = () if options is None else options.path
        later = LaterPlan(relationship, choice, (*path, relationship))
        if _is_plain(choice):
            cache[key] = later
    yield from select_in_plan(context, later, siblings)


def _is_plain(choice: Choice) -> bool:
    """Whether a choice says nothing that the mapping doesn't say."""
    return choice.branch.is_default and choice.hop is None


def _context_plan(session: Any, relationship: Any, options: LoadOptions | None) -> Plan[Context]:
    core = session._core
    if core is None:
        core = yield from session._connection_plan(relationship.mapper)
    if options is None:
        return Context(session, core)
    return Context(session, core, options.origin, options.binds)


def load_one_plan(session: Any, obj: Any, relationship: Any) -> Plan[None]:
    """Load a relationship of one object by its own SELECT, and store it."""
    configured(relationship)
    options = load_options(obj.__dict__[STATE])
    branch = _DEFAULT if options is None else options.branch
    choice = branch.choice_for(relationship)
    context = yield from _context_plan(session, relationship, options)
    single = _single(context, relationship, choice, options)
    params = yield from _params_plan(session, obj, single)
    if None in params.values() and not relationship.uselist:
        fill_related(relationship, obj, _NOTHING)
        return
    load = single.load
    rows = yield from rows_plan(context, load, load.current(context), params)
    objects, late = load.load(context, rows)
    if late:
        yield from later_plan(context, load, late)
    fill_related(relationship, obj, objects)


def _single(
    context: Context, relationship: Any, choice: Choice, options: LoadOptions | None
) -> Single:
    key = ("lazy", relationship.parent._key, relationship.key)
    cache = cache_of(context.core)
    if not _is_plain(choice):
        return Single(relationship, choice, context, () if options is None else options.path)
    single: Single | None = cache.get(key)
    if single is None:
        single = cache[key] = Single(relationship, choice, context)
    return single


def _params_plan(session: Any, obj: Any, single: Single) -> Plan[dict[str, Any]]:
    """The values of the object that its related ones are found by, loaded if need be."""
    params: dict[str, Any] = {}
    for name, key in single.names.items():
        if key not in obj.__dict__:
            expired = key in _old_values(obj.__dict__[STATE])
            yield from load_columns_plan(session, obj, None if expired else (key,))
        value = obj.__dict__.get(key)
        params[name] = value
    return params
