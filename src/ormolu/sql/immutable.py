"""`immutabledict`: a dictionary that isn't changed after it was made, as options are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

_K = TypeVar("_K")
_V = TypeVar("_V")


class immutabledict(dict[_K, _V]):
    """A dictionary whose methods give a new one where a ``dict`` would change.

    Raises `TypeError` when it is to be changed in place.
    """

    __slots__ = ()

    def union(self, other: Mapping[_K, _V] | None = None, /, **kw: Any) -> immutabledict[_K, _V]:
        """One with the items of another mapping, or with keywords, added."""
        merged: dict[Any, Any] = dict(self)
        merged.update(other or {}, **kw)
        return immutabledict(merged)

    def merge_with(self, *others: Mapping[_K, _V] | None) -> immutabledict[_K, _V]:
        """One with the items of other mappings added; None is none."""
        merged = dict(self)
        for other in others:
            merged.update(other or {})
        return immutabledict(merged)

    def copy(self) -> immutabledict[_K, _V]:
        """This dictionary itself."""
        return self

    def __or__(self, other: Any) -> Any:
        return immutabledict({**self, **other})

    def __ror__(self, other: Any) -> Any:
        return immutabledict({**other, **self})

    def __ior__(self, other: Any) -> Any:
        self._refuse()

    def __repr__(self) -> str:
        return f"immutabledict({dict.__repr__(self)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return immutabledict, (dict(self),)

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("immutabledict object is immutable and/or readonly: write union()")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = _refuse
