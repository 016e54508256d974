"""The 1.x bulk methods: rows written without the unit of work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ormolu.engine.execution import execute_plan
from ormolu.io.plan import Plan
from ormolu.orm.flush.columns import version_name
from ormolu.orm.flush.defaults import version_of
from ormolu.orm.instances.state import Private, identity_of, state_of
from ormolu.sql import insert

from .bulk import column_rows, first_versions
from .bulk_updates import update_by_key_plan
from .connections import connection_plan
from .objects import entity_mapper
from .plans import bulk_write_plan

if TYPE_CHECKING:
    from ormolu.orm.mapping.mapper import Mapper

    from .core import SessionBase


def insert_mappings_plan(
    session: SessionBase,
    entity: Any,
    mappings: Iterable[Mapping[str, Any]],
    return_defaults: bool = False,
    render_nulls: bool = False,
) -> Plan[None]:
    """Insert a row per mapping; with ``return_defaults`` the dicts learn their primary key.

    A failure rolls the transaction back, as that of a flush does.
    """
    mapper = entity_mapper(entity)
    writes = _insert_plan(session, mapper, mappings, return_defaults, render_nulls)
    yield from bulk_write_plan(session, writes)


def _insert_plan(
    session: SessionBase,
    mapper: Mapper,
    mappings: Iterable[Mapping[str, Any]],
    return_defaults: bool,
    render_nulls: bool,
) -> Plan[None]:
    known = mapper.columns
    kept = {k for k, column in known.items() if render_nulls or column.type.should_evaluate_none}
    rows = [
        {k: v for k, v in row.items() if k in known and (v is not None or k in kept)}
        for row in mappings
    ]
    versioned = first_versions(mapper, rows)
    core = yield from connection_plan(session, mapper)
    if not return_defaults:
        for batch in _by_keys(versioned):
            yield from execute_plan(core, insert(mapper.local_table), column_rows(mapper, batch))
        return
    for given, row in zip(mappings, versioned, strict=True):
        statement = insert(mapper.local_table)
        result = yield from execute_plan(core, statement, column_rows(mapper, [row])[0])
        given.update(  # type: ignore[attr-defined]
            zip(mapper.pk_keys, result.inserted_primary_key, strict=True)
        )


def _by_keys(rows: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """The rows in groups of equal keys, each group in the order given."""
    groups: dict[frozenset[str], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(frozenset(row), []).append(row)
    return list(groups.values())


def update_mappings_plan(
    session: SessionBase, entity: Any, mappings: Iterable[Mapping[str, Any]]
) -> Plan[None]:
    """Update the row of each mapping's primary key.

    A failure rolls the transaction back, as that of a flush does.
    """
    yield from bulk_write_plan(session, _update_plan(session, entity_mapper(entity), mappings))


def _update_plan(
    session: SessionBase, mapper: Mapper, mappings: Iterable[Mapping[str, Any]]
) -> Plan[None]:
    known = mapper.columns
    rows = [{k: v for k, v in row.items() if k in known} for row in mappings]
    core = yield from connection_plan(session, mapper)
    yield from update_by_key_plan(session, core, mapper, rows)


def save_objects_plan(
    session: SessionBase,
    objects: Iterable[object],
    return_defaults: bool = False,
    update_changed_only: bool = True,
    preserve_order: bool = True,
) -> Plan[None]:
    """Insert transient objects, update those with an identity; the session doesn't take them in."""
    groups: dict[tuple[int, bool], list[Any]] = {}
    for obj in objects:
        state_of(obj)
        has_row = identity_of(obj) is not None
        groups.setdefault((id(type(obj).__mapper__), has_row), []).append(obj)  # type: ignore[attr-defined]
    for (_, has_row), members in groups.items():
        mapper = type(members[0]).__mapper__
        if has_row:
            rows = [_changes(obj, mapper, update_changed_only) for obj in members]
            yield from update_mappings_plan(session, mapper, [row for row in rows if row])
        else:
            dicts = [
                {k: v for k, v in obj.__dict__.items() if k in mapper.columns} for obj in members
            ]
            yield from insert_mappings_plan(session, mapper, dicts, return_defaults)
            if return_defaults:
                for obj, row in zip(members, dicts, strict=True):
                    obj.__dict__.update({name: row[name] for name in mapper.pk_keys})


def _changes(obj: Any, mapper: Any, changed_only: bool) -> dict[str, Any]:
    """The row of an object to update: its key, and what changed; empty when nothing did."""
    own = obj.__dict__
    state = state_of(obj)
    names = set(mapper.columns.keys())
    if changed_only:
        names &= set(state.committed) if isinstance(state, Private) else set()
    key = identity_of(obj)
    parts = key if len(mapper.pk_keys) > 1 else (key,)
    changes = {name: value for name, value in own.items() if name in names}
    if not changes:
        return {}
    version = version_name(mapper)
    if version is not None:
        changes[version] = version_of(obj, version)
    return {**changes, **dict(zip(mapper.pk_keys, parts, strict=True))}
