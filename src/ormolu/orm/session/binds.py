"""Which engine or connection a statement of a session goes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ormolu import exc
from ormolu.io.blocking import BRIDGED
from ormolu.orm import exc as orm_exc
from ormolu.schema import Table
from ormolu.sql.traversal import iterate

from . import contention

if TYPE_CHECKING:
    from .core import SessionBase


def mapper_of(entity: Any) -> Any:
    """The mapper of a mapper, mapped class or alias; `UnmappedClassError` for another class."""
    mapper = getattr(entity, "__mapper__", None)
    if mapper is not None:
        return mapper
    found = getattr(entity, "mapper", None)
    if found is not None:
        return found
    if isinstance(entity, type):
        raise orm_exc.UnmappedClassError(
            entity, f"Class '{entity.__module__}.{entity.__qualname__}' is not mapped"
        )
    raise exc.ArgumentError(f"A mapped class or mapper is needed, not {entity!r}")


def normalise(key: Any) -> Any:
    """A key of ``binds`` as it is looked up: a class or a table."""
    if isinstance(key, (type, Table)):
        return key
    mapper = getattr(key, "mapper", None)
    if mapper is not None:
        return mapper.class_
    raise exc.ArgumentError(
        f"{key!r} can't be a key of Session(binds=...): use a mapped class, any base class of "
        "one, a mapper or a Table"
    )


def add(session: SessionBase, key: Any, bind: Any) -> None:
    """Send the statements of a class, or of classes derived from it, or on a table to a bind."""
    key = normalise(key)
    session.binds[key] = bind
    if type(bind) in BRIDGED:
        session._owner = contention.bridged(bind)
    mapper = getattr(key, "__mapper__", None)
    if mapper is not None:
        session.binds[mapper.local_table] = bind


def choose(session: SessionBase, mapper: Any, clause: Any) -> Any:
    """The bind for a mapper, then for the tables of a statement, then the session's own."""
    if session.binds:
        found = _configured(session.binds, mapper, clause)
        if found is not None:
            return found
    if mapper is not None and session.bind is None:
        mapper = mapper_of(mapper)
    if session.bind is not None:
        return session.bind
    raise _unbound(mapper, clause)


def _configured(binds: dict[Any, Any], mapper: Any, clause: Any) -> Any:
    mappers = [mapper_of(mapper)] if mapper is not None else []
    tables = []
    if clause is not None:
        mappers += _mappers_of_statement(clause)
        tables = tables_of(clause)
    for found in mappers:
        for cls in found.class_.__mro__:
            if cls in binds:
                return binds[cls]
        if found.local_table in binds:
            return binds[found.local_table]
    for table in tables:
        if table in binds:
            return binds[table]
    return _bound_by_class(binds, tables) if tables else None


def _bound_by_class(binds: dict[Any, Any], tables: list[Table]) -> Any:
    """The bind of the class that is mapped to one of the tables, by a base of that class.

    Inside ``func.count(User.id)`` is a column of a table, of which only the class knows the base.
    """
    mapped: dict[Any, Any] = {}
    for key in binds:
        if isinstance(key, type):
            for cls in _derived(key):
                mapper = cls.__dict__.get("__mapper__")
                mapped[getattr(mapper, "local_table", None)] = cls
    for table in tables:
        for cls in getattr(mapped.get(table), "__mro__", ()):
            if cls in binds:
                return binds[cls]
    return None


def _derived(cls: type[Any]) -> list[type[Any]]:
    found = [cls]
    for derived in type.__subclasses__(cls):
        found += _derived(derived)
    return found


def _mappers_of_statement(clause: Any) -> list[Any]:
    """The mappers of what an ORM statement selects or writes to."""
    named = (getattr(clause, "_entity", None), *getattr(clause, "_raw_columns", ()))
    named += tuple(iterate(clause))
    found = [getattr(item, "mapper", None) or _parent_mapper(item) for item in named]
    return list(dict.fromkeys(mapper for mapper in found if mapper is not None))


def _parent_mapper(item: Any) -> Any:
    return getattr(getattr(item, "parent", None), "mapper", None)


def tables_of(clause: Any, seen: set[int] | None = None) -> list[Table]:
    """The tables that a statement names, at any depth; what is ``seen`` was looked at before."""
    seen = {id(clause)} if seen is None else seen
    found: dict[Table, None] = {}
    nested = []
    for node in iterate(clause):
        table = node if isinstance(node, Table) else getattr(node, "table", None)
        if isinstance(table, Table):
            found[table] = None
        elif table is not None and id(table) not in seen:
            seen.add(id(table))
            nested.append(table)
        for mapper in (getattr(node, "mapper", None), _parent_mapper(node)):
            if mapper is not None:
                found[mapper.local_table] = None
    for table in nested:  # an alias or a subquery
        found.update(dict.fromkeys(tables_of(table, seen)))
    return list(found)


def _unbound(mapper: Any, clause: Any) -> exc.UnboundExecutionError:
    if mapper is None and clause is None:
        return exc.UnboundExecutionError(
            "This session is not bound to a single Engine or Connection, and no context was "
            "provided to locate a binding. Write Session(engine), or pass mapper= or clause="
        )
    places = []
    if mapper is not None:
        places.append(f"mapper {mapper}")
    if clause is not None:
        places.append("SQL expression")
    places.append("this Session")
    return exc.UnboundExecutionError(
        f"Could not locate a bind configured on {' , '.join(places[:-1])} or {places[-1]}. "
        "Write Session(engine), or Session(binds={Class: engine})".replace(" ,", ",")
    )
