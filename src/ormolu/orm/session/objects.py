"""Plans about single objects: get, refresh, delete, and what an object lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ormolu import exc
from ormolu.io.plan import Plan
from ormolu.orm import exc as orm_exc
from ormolu.orm.flush.cascades import cascade_delete_plan
from ormolu.orm.instances.state import identity_of, session_of
from ormolu.orm.loading import lazy
from ormolu.orm.loading import run as loading

from .membership import check_names
from .plans import autoflush_plan

if TYPE_CHECKING:
    from .core import SessionBase


def entity_mapper(entity: Any) -> Any:
    """The mapper of what ``get`` was given.

    :raises NoInspectionAvailable: when it is no mapped class, mapper or alias.
    """
    mapper = getattr(entity, "__mapper__", None) or getattr(entity, "mapper", None)
    if mapper is None:
        raise exc.NoInspectionAvailable(
            f"{entity!r} is not a mapped class, so there is nothing to get; "
            "write session.get(MappedClass, primary_key)"
        )
    return mapper


def raw_identity(mapper: Any, ident: Any) -> Any:
    """A primary key as ``get`` accepts it (scalar, tuple, dict) as the identity map's key.

    :raises InvalidRequestError: when values are missing, or names are unknown.
    """
    names = mapper.pk_keys
    if isinstance(ident, Mapping):
        if set(ident) != set(names):
            wanted = ", ".join(f"'{name}'" for name in names)
            raise exc.InvalidRequestError(
                "Incorrect names of values in identifier to formulate primary key for "
                f"session.get(); primary key attribute names are {wanted} (synonym names are also "
                f"accepted), got {sorted(map(str, ident))}"
            )
        parts: tuple[Any, ...] = tuple([ident[name] for name in names])
    elif isinstance(ident, (tuple, list)):
        parts = tuple(ident)
    elif len(names) == 1:
        return ident
    else:
        parts = (ident,)
    if len(parts) != len(names):
        columns = ", ".join(f"'{column}'" for column in mapper.primary_key)
        raise exc.InvalidRequestError(
            "Incorrect number of values in identifier to formulate primary key for session.get(); "
            f"primary key columns are {columns}, got {len(parts)} value(s)"
        )
    return parts[0] if len(parts) == 1 else parts


def get_plan(
    session: SessionBase,
    entity: Any,
    ident: Any,
    options: Sequence[Any] | None = None,
    populate_existing: bool | None = None,
    with_for_update: Any = None,
    identity_token: Any = None,
    execution_options: Mapping[str, Any] | None = None,
    bind_arguments: Mapping[str, Any] | None = None,
) -> Plan[Any]:
    """The object under a primary key, from the identity map or the database; None if neither."""
    mapper = entity_mapper(entity)
    if type(ident) is not int or len(mapper.pk_keys) != 1:
        ident = raw_identity(mapper, ident)
    return loading.get_plan(
        session,
        mapper,
        ident,
        tuple(options) if options else (),
        bool(populate_existing),
        with_for_update,
        execution_options,
    )


def get_one_plan(session: SessionBase, entity: Any, ident: Any, **arguments: Any) -> Plan[Any]:
    """As ``get``; `NoResultFound` when there is no such row."""
    found = yield from get_plan(session, entity, ident, **arguments)
    if found is None:
        raise exc.NoResultFound(
            "No row was found when one was required: "
            f"{entity_mapper(entity).class_.__name__} has none with primary key {ident!r}"
        )
    return found


def refresh_plan(
    session: SessionBase,
    instance: object,
    attribute_names: Iterable[str] | None = None,
    with_for_update: Any = None,
) -> Plan[None]:
    """Load the object's attributes again, or those named; its unflushed changes are dropped.

    :raises InvalidRequestError: when it isn't persistent here, or its row is gone.
    """
    session._check_persistent(instance)
    names = None if attribute_names is None else list(attribute_names)
    if names is not None:
        check_names(instance, names)
    session.expire(instance, names)
    if session._needs_flush:
        yield from autoflush_plan(session)
    yield from loading.refresh_plan(session, instance, names, with_for_update)


def delete_plan(session: SessionBase, instance: object) -> Plan[None]:
    """Mark an object for deletion, with what the ``delete`` cascade reaches.

    :raises InvalidRequestError: when the object has no row yet.
    """
    if session._delete_simple(instance):
        return
    if session_of(instance) is None:
        session._attach(instance)
    others = yield from cascade_delete_plan(session, instance)
    session._mark_deleted(instance)
    for other in others:
        if session_of(other) in (None, session):
            session._mark_deleted(other)


def load_attribute_plan(session: SessionBase, obj: object, key: str) -> Plan[Any]:
    """Load an absent attribute, store it, and return its value."""
    try:
        return (yield from lazy.load_absent_plan(session, obj, key))
    except orm_exc.ObjectDeletedError:
        # Its key is free now: another object may be inserted under it.
        identity = identity_of(obj)
        session._identity.discard(type(obj).__mapper__, identity, obj)  # type: ignore[attr-defined]
        if session._transaction is not None:  # whose rollback may bring the row back
            session._transaction.record_key_switch(obj, identity, identity)
        raise
