"""Loading by primary key: ``get``, and the columns that an object lacks.

The SELECT of a mapper by primary key is compiled once per engine, set of columns and options, and
kept in the engine's statement cache.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ormolu import exc
from ormolu.engine.plans import fetch_plan
from ormolu.io.plan import Plan
from ormolu.orm import exc as orm_exc
from ormolu.orm.instances import state as states
from ormolu.orm.instances.state import STATE, Expired, Private, identity_of
from ormolu.orm.loading.entry import Context, LoadEntry
from ormolu.orm.loading.events import tell_refreshed, watching
from ormolu.orm.loading.frame import Frame
from ormolu.orm.loading.layout import RowPlan
from ormolu.orm.loading.schemas import cache_of, compiled_load, dialect_of
from ormolu.orm.loading.selectin import later_plan
from ormolu.orm.loading.tree import Branch, grow
from ormolu.sql.expressions import bindparam
from ormolu.sql.keys import normalise
from ormolu.sql.select import Select

DEFAULT = Branch()
_SEVERAL = (tuple, list, Mapping)


def get_plan(
    session: Any,
    mapper: Any,
    ident: Any,
    options: tuple[Any, ...] = (),
    populate_existing: bool = False,
    with_for_update: Any = None,
    execution_options: Mapping[str, Any] | None = None,
) -> Plan[Any]:
    """The object under a primary key, from the identity map or by one SELECT; None when absent.

    :param ident: a scalar, a tuple, or a dict by attribute name.
    :raises InvalidRequestError: when ``ident`` has the wrong number of values, or wrong names.
    """
    # An int is told apart first: to ask whether something is a Mapping costs a microsecond.
    if len(mapper.pk_keys) != 1 or (type(ident) is not int and isinstance(ident, _SEVERAL)):
        ident = raw_key(mapper, ident)
    if execution_options and execution_options.get("populate_existing"):
        populate_existing = True
    plain = not populate_existing and not with_for_update
    if plain:
        found = session._identity.get(mapper, ident)
        if found is not None:
            if type(found._sa_instance_state) is Expired:
                found = yield from _revived_plan(session, found)
            return found if isinstance(found, mapper.class_) else None
    if session._needs_flush:
        yield from session._autoflush_plan()
    if session.dispatch.active and session.dispatch.do_orm_execute:
        wanted = {**(execution_options or {}), "populate_existing": populate_existing}
        return (yield from session._get_heard_plan(mapper, ident, options, with_for_update, wanted))
    core = session._core or session._connection_now()
    if core is None:
        core = yield from session._connection_plan(mapper)
    cache = cache_of(core) if core.execution_options else core.engine.cache
    entry = cache.get(mapper) if plain and not options else None
    if entry is None:
        entry, binds = get_entry(core, mapper, options, populate_existing, with_for_update)
    else:
        binds = entry.binds
    params = {"pk_1": ident} if len(mapper.pk_keys) == 1 else key_params(ident)
    rows = yield from fetch_plan(core, entry.sql, entry.pack(binds, params))
    if not rows:
        return None
    if entry.simple:
        return entry.load_simple(session, rows)[0]
    context = Context(session, core, entry.binds, binds, populate_existing)
    objects, late = entry.load(context, rows)
    if late:
        yield from later_plan(context, entry, late)
    return objects[0] if objects else None


def _revived_plan(session: Any, obj: Any) -> Plan[Any]:
    """An expired object after its reload, or None when its row is gone."""
    if session._needs_flush:
        yield from session._autoflush_plan()
    try:
        yield from load_columns_plan(session, obj)
    except orm_exc.ObjectDeletedError:
        session._found_gone(obj)
        return None
    return obj


def raw_key(mapper: Any, ident: Any) -> Any:
    """A primary key as the identity map has it: a scalar, or a tuple."""
    names = mapper.pk_keys
    if isinstance(ident, Mapping):
        if set(ident) != set(names):
            wanted = ", ".join([f"'{name}'" for name in names])
            raise exc.InvalidRequestError(
                "Incorrect names of values in identifier to formulate primary key for "
                f"session.get(); primary key attribute names are {wanted} (synonym names are also "
                "accepted)"
            )
        parts: tuple[Any, ...] = tuple([ident[name] for name in names])
    elif isinstance(ident, (tuple, list)):
        parts = tuple(ident)
    else:
        parts = (ident,)
    if len(parts) != len(names):
        columns = ", ".join([f"'{column}'" for column in mapper.primary_key])
        raise exc.InvalidRequestError(
            "Incorrect number of values in identifier to formulate primary key for session.get(); "
            f"primary key columns are {columns}"
        )
    return parts[0] if len(parts) == 1 else parts


def key_params(ident: Any) -> dict[str, Any]:
    """The parameters of a SELECT by primary key."""
    parts = ident if isinstance(ident, tuple) else (ident,)
    return {f"pk_{number}": part for number, part in enumerate(parts, 1)}


def get_entry(
    core: Any, mapper: Any, options: tuple[Any, ...], overwrite: bool, for_update: Any
) -> tuple[LoadEntry, tuple[Any, ...]]:
    """The compiled SELECT of a mapper by primary key, and the binds of its options."""
    if not options:
        key: Any = mapper
        if overwrite or for_update:
            key = ("get", mapper._key, overwrite, _update_key(for_update))
        binds: tuple[Any, ...] = ()
    else:
        keys = tuple([option._key for option in options])
        key = normalise(("get", mapper._key, overwrite, _update_key(for_update), keys))
        binds = tuple([bind for option in options for bind in option._binds])
    cache = cache_of(core)
    entry: LoadEntry | None = cache.get(key) if key is not None else None
    if entry is None:
        branch = grow(options, [mapper])[mapper] if options else DEFAULT
        entry = by_key_entry(dialect_of(core), mapper, branch, overwrite, for_update, binds)
        if key is not None:
            cache[key] = entry
    return entry, binds or entry.binds


def _update_key(for_update: Any) -> Any:
    if for_update is None or for_update is False or for_update is True:
        return bool(for_update)
    return tuple(sorted(for_update.items())) if isinstance(for_update, dict) else for_update._key


def by_key_entry(
    dialect: Any,
    mapper: Any,
    branch: Branch,
    overwrite: bool = False,
    for_update: Any = None,
    binds: tuple[Any, ...] = (),
    origin: Sequence[Any] = (),
) -> LoadEntry:
    """Compile the SELECT of a mapper by primary key.

    ``binds`` are those of the options that it comes with; ``origin`` those of the statement whose
    branch it is for.
    """
    mapper.registry.configure()
    frame = Frame(dialect)
    plan = frame.entity(mapper, branch)
    frame.eager(plan, {})
    selectable = frame.attach(mapper.selectable, frame.joins[plan.number])
    statement: Any = Select(*frame.columns).select_from(selectable)
    statement = statement.where(*_by_key(mapper))
    for criterion in branch.criteria:
        if criterion.applies_to(mapper):
            statement = statement.where(criterion.expression(mapper))
    if frame.order_by:
        statement = statement.order_by(*frame.order_by)
    if for_update:
        given = for_update if isinstance(for_update, dict) else {}
        statement = statement.with_for_update(**given)
    rows = RowPlan()
    rows.add(plan)
    rows.width = len(frame.columns)
    return LoadEntry(
        statement,
        rows,
        binds or statement._binds,
        dialect,
        overwrite=overwrite,
        repeats=plan.has_collections,
        origin=origin,
    )


class ColumnLoad:
    """The SELECT of some columns of a mapper by primary key, compiled."""

    __slots__ = ("binds", "pack", "sql", "stores")

    def __init__(self, dialect: Any, mapper: Any, names: tuple[str, ...]) -> None:
        frame = Frame(dialect)
        self.stores = [(name, frame.place(mapper.column_attrs[name].expression)) for name in names]
        statement: Any = Select(*frame.columns).select_from(mapper.selectable)
        statement = statement.where(*_by_key(mapper))
        compiled = compiled_load(statement, dialect)
        self.sql = compiled.sql
        self.pack = compiled.pack
        self.binds = statement._binds


def _by_key(mapper: Any) -> list[Any]:
    """The condition that a row has the primary key of the parameters."""
    return [
        column == bindparam(f"pk_{number}", type_=column.type)
        for number, column in enumerate(mapper.primary_key, 1)
    ]


def load_columns_plan(
    session: Any, obj: Any, names: Iterable[str] | None = None, overwrite: bool = False
) -> Plan[None]:
    """Load columns of a persistent object by its primary key.

    Without ``names``, all that are expired. :raises ObjectDeletedError: when the row is gone.
    """
    state = obj.__dict__[STATE]
    mapper = state.mapper
    wanted = _expired_columns(obj, state) if names is None else tuple(names)
    wanted = wanted or mapper.pk_keys
    core = session._core or session._connection_now()
    if core is None:
        core = yield from session._connection_plan(mapper)
    key = ("columns", mapper._key, wanted)
    cache = cache_of(core)
    entry = cache.get(key)
    if entry is None:
        entry = cache[key] = ColumnLoad(dialect_of(core), mapper, wanted)
    rows = yield from fetch_plan(
        core, entry.sql, entry.pack(entry.binds, key_params(identity_of(obj)))
    )
    if not rows:
        raise orm_exc.ObjectDeletedError(
            state,
            f"Instance '{named(obj)}' has been deleted, or its row is otherwise not present.",
        )
    _store_row(obj, entry, rows[0], overwrite)
    if watching:
        tell_refreshed(obj, None, wanted)


def named(obj: Any) -> str:
    """How messages name an object."""
    return f"<{type(obj).__name__} at {id(obj):#x}>"


def _expired_columns(obj: Any, state: Any) -> tuple[str, ...]:
    """The columns that an object had and has to load again."""
    own = obj.__dict__
    mapper = state.mapper
    had = states.last_values(obj)
    found = [
        key
        for key, prop in mapper.column_attrs.items()
        if key not in own and (key in had or not prop.deferred)
    ]
    return tuple(found)


def _store_row(obj: Any, entry: ColumnLoad, row: tuple[Any, ...], overwrite: bool) -> None:
    """Put one row's values into an object, modified attributes aside."""
    own = obj.__dict__
    state = own[STATE]
    changed = state.committed if type(state) is Private else ()
    for name, place in entry.stores:
        value = row[place.index]
        if place.converter is not None and (place.takes_none or value is not None):
            value = place.converter(value)
        if overwrite:
            own[name] = value
            if changed:
                changed.pop(name, None)
        elif name not in own and name not in changed:
            own[name] = value
    states.woken(obj)
    _unexpire(own, state)


def _unexpire(own: dict[str, Any], state: Any) -> None:
    """Let go of an object's old values once all of its columns are there."""
    columns = state.mapper.column_attrs
    if type(state) is Expired:
        if not any(name in columns and name not in own for name in state.values):
            own[STATE] = state.shared
    elif type(state) is Private and state.expired_values:
        left = {name: v for name, v in state.expired_values.items() if name not in own}
        state.expired_values = left or None
