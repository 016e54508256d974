"""Values that Python makes for a flush: defaults, `onupdate`, version numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ormolu.orm.flush.columns import DefaultContext, TableColumns
from ormolu.orm.flush.keys import Undo, write
from ormolu.orm.instances.state import NO_VALUE, STATE, last_values

if TYPE_CHECKING:
    from ormolu.schema import Column


def fill_defaults(
    columns: TableColumns, dicts: list[dict[str, Any]], context: DefaultContext, undo: Undo
) -> None:
    """Give every missing attribute (or one that is None for no value) its Python-side default."""
    for name, default in columns.defaults.items():
        if name in columns.evaluating:
            missing = [own for own in dicts if name not in own]
        else:
            missing = [own for own in dicts if own.get(name) is None]
        undo += [(own, name, own.get(name, NO_VALUE)) for own in missing]
        if default.is_scalar:
            value = default.arg
            for own in missing:
                own[name] = value
        else:
            make = default.arg
            for own in missing:
                context.own = own
                own[name] = make(context)


def fill_blank(names: Iterable[str], dicts: list[dict[str, Any]], undo: Undo) -> None:
    """Give attributes that were left out of an INSERT the None that they now have."""
    for name in names:
        undo += [(own, name, NO_VALUE) for own in dicts]
        for own in dicts:
            own[name] = None


def first_versions(columns: TableColumns, dicts: list[dict[str, Any]], undo: Undo) -> None:
    """Give rows that are about to be inserted their first version."""
    name, make = columns.version, columns.version_generator
    if name is None or make is None:
        return
    for own in dicts:
        if own.get(name) is None:
            undo.append((own, name, own.get(name, NO_VALUE)))
            own[name] = make(None)


def next_versions(columns: TableColumns, objects: Iterable[Any], undo: Undo) -> list[Any]:
    """Give rows that are about to be updated their next version; returns the versions they have."""
    name, make = columns.version, columns.version_generator
    if name is None:
        return []
    found = [version_of(obj, name) for obj in objects]
    if make is not None:
        for obj, old in zip(objects, found, strict=True):
            if name not in obj.__dict__[STATE].committed:
                write(obj, name, make(old), undo)
    return found


def version_of(obj: Any, name: str) -> Any:
    """The version that the database is expected to have."""
    own = obj.__dict__
    committed = getattr(own[STATE], "committed", {})
    old = committed.get(name, NO_VALUE)
    if old is not NO_VALUE:
        return old
    return own[name] if name in own else last_values(obj).get(name)


def fill_onupdate(
    columns: Mapping[str, Column[Any]],
    onupdate: Mapping[str, Any],
    names: tuple[str, ...],
    objects: list[Any],
    context: DefaultContext,
    undo: Undo,
) -> tuple[str, ...]:
    """Compute the `onupdate` values of columns that are not set anyway; returns all names."""
    added = [name for name in columns if name in onupdate and name not in names]
    for name in added:
        default = onupdate[name]
        for obj in objects:
            context.own = obj.__dict__
            write(obj, name, default.arg if default.is_scalar else default.arg(context), undo)
    return (*names, *added)
