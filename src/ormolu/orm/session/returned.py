"""Objects from the rows of ``RETURNING``: ``insert(User).returning(User)``."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ormolu.engine.result import Result
from ormolu.engine.row import Layout
from ormolu.orm.instances import state as states
from ormolu.orm.instances.state import STATE, Shared, state_of

if TYPE_CHECKING:
    from .core import SessionBase


def has_entities(returning: Sequence[Any]) -> bool:
    """Whether RETURNING names a mapped class, and not only columns."""
    return any(hasattr(item, "_columns_for_select") for item in returning)


def returned_result(
    session: SessionBase, asked: Sequence[Any], rows: Sequence[Any], overwrite: bool = False
) -> Result[Any]:
    """A result whose rows hold objects where classes were asked for.

    :param overwrite: the rows tell what changed: take their values over those in memory.
    """
    names: list[str] = []
    readers: list[Any] = []
    start = 0
    for item in asked:
        if hasattr(item, "_columns_for_select"):
            names.append(item.mapper.class_.__name__)
            reader: Any = _ObjectReader(session, item.mapper, start, overwrite)
            start += reader.width
        else:
            names.append(item.key)
            reader = _ValueReader(start)
            start += 1
        readers.append(reader)
    made = [tuple([read(row) for read in readers]) for row in rows]
    return Result(Layout(names), made)


class _ValueReader:
    __slots__ = ("_at",)

    def __init__(self, at: int) -> None:
        self._at = at

    def __call__(self, row: Any) -> Any:
        return row[self._at]


class _ObjectReader:
    """Finds or makes the object of a row's columns."""

    __slots__ = (
        "_entries",
        "_mapper",
        "_names",
        "_overwrite",
        "_shared",
        "_siblings",
        "_start",
        "width",
    )

    def __init__(self, session: SessionBase, mapper: Any, start: int, overwrite: bool) -> None:
        self._mapper = mapper
        self._start = start
        self._overwrite = overwrite
        self._names = [mapper.key_of_column[column] for column in mapper._columns_for_select()]
        self.width = len(self._names)
        self._entries = session._identity.of(mapper)
        self._siblings: list[weakref.ref[Any]] = []
        session._membership.arrive(self._siblings)
        self._shared = Shared(session._membership, mapper, self._siblings)

    def __call__(self, row: Any) -> Any:
        end = self._start + self.width
        values = dict(zip(self._names, row[self._start : end], strict=True))
        keys = [values[name] for name in self._mapper.pk_keys]
        key = keys[0] if len(keys) == 1 else tuple(keys)
        ref = self._entries.get(key)
        obj = None if ref is None else ref()
        if obj is None:
            obj = self._mapper.class_.__new__(self._mapper.class_)
            obj.__dict__.update(values)
            obj.__dict__[STATE] = self._shared
            self._entries[key] = weakref.ref(obj)
            self._siblings.append(self._entries[key])
        elif self._overwrite or type(state_of(obj)) is states.Expired:
            if type(state_of(obj)) is states.Expired:
                obj.__dict__[STATE] = self._shared
                self._siblings.append(self._entries[key])
            obj.__dict__.update(values)
        return obj
