"""Loading an object's row again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ormolu import exc
from ormolu.engine.plans import fetch_plan
from ormolu.io.plan import Plan
from ormolu.orm import exc as orm_exc
from ormolu.orm.instances.state import STATE, identity_of
from ormolu.orm.loading.entry import Context
from ormolu.orm.loading.identity import (
    by_key_entry,
    get_entry,
    key_params,
    load_columns_plan,
    named,
)
from ormolu.orm.loading.lazy import load_one_plan, load_options
from ormolu.orm.loading.schemas import dialect_of
from ormolu.orm.loading.selectin import later_plan


def refresh_plan(
    session: Any, obj: Any, names: Iterable[str] | None = None, with_for_update: Any = None
) -> Plan[None]:
    """Load an object's row again, overwriting it; ``names`` limits it to these attributes.

    :raises InvalidRequestError: when the row is gone.
    """
    mapper = type(obj).__mapper__
    chosen = None if names is None else list(names)
    columns = None
    if chosen is not None:
        columns = tuple([name for name in chosen if name in mapper.column_attrs])
    if columns is None or columns:
        yield from _refresh_columns_plan(session, obj, mapper, columns, with_for_update)
    for name in chosen or ():
        if name in mapper.relationships:
            obj.__dict__.pop(name, None)
            yield from load_one_plan(session, obj, mapper.relationships[name])


def _refresh_columns_plan(
    session: Any, obj: Any, mapper: Any, columns: tuple[str, ...] | None, for_update: Any
) -> Plan[None]:
    if columns is not None and not for_update:
        try:
            yield from load_columns_plan(session, obj, columns, True)
        except orm_exc.ObjectDeletedError:
            raise _not_refreshed(obj) from None
        return
    state = obj.__dict__[STATE]
    options = load_options(state)
    core = session._core
    if core is None:
        core = yield from session._connection_plan(mapper)
    if options is None:
        context = Context(session, core, overwrite=True)
        entry, _ = get_entry(core, mapper, (), True, for_update)
    else:
        context = Context(session, core, options.origin, options.binds, True)
        entry = by_key_entry(
            dialect_of(core), mapper, options.branch, True, for_update, origin=options.origin
        )
    packed = entry.pack(entry.current(context), key_params(identity_of(obj)))
    rows = yield from fetch_plan(core, entry.sql, packed)
    if not rows:
        raise _not_refreshed(obj)
    _, late = entry.load(context, rows)
    if late:
        yield from later_plan(context, entry, late)


def _not_refreshed(obj: Any) -> exc.InvalidRequestError:
    return exc.InvalidRequestError(
        f"Could not refresh instance '{named(obj)}': its row is not in the database any more"
    )
