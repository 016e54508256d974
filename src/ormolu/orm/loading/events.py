"""The events of loading: ``load`` and ``refresh`` of mapped classes, ``loaded_as_persistent``.

Generated loaders know nothing of them. Once anybody in the process listens to one, `watching` is
true, and the loads of listened-to classes give their loaders `Noting` in the place of the identity
map's dicts, which tells what a load made from what it met; nobody listening costs one test per
statement.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ormolu.orm.instances.state import Shared
from ormolu.orm.mapping.events import watching

__all__ = ["noting", "tell", "tell_refreshed", "watching"]


class Noting:
    """What a loader uses of the identity map's dict, noting the objects that it adds."""

    __slots__ = ("_known", "get", "made")

    def __init__(self, known: dict[Any, Any]) -> None:
        self._known = known
        self.get = known.get
        self.made: list[Any] = []

    def __setitem__(self, key: Any, ref: Any) -> None:
        self._known[key] = ref
        self.made.append(ref)


def noting(session: Any, arguments: list[Any]) -> list[tuple[Noting, Shared]]:
    """Put a `Noting` before each `Shared` among a loader's arguments, and give these pairs.

    Only where somebody listens to that class, or to all that the session loads.
    """
    pairs: list[tuple[Noting, Shared]] = []
    every = bool(session.dispatch.loaded_as_persistent)
    for position, shared in enumerate(arguments):
        if type(shared) is Shared and (every or _listened(shared.mapper.dispatch)):
            known = arguments[position - 1] = Noting(arguments[position - 1])
            pairs.append((known, shared))
    return pairs


def _listened(dispatch: Any) -> bool:
    return bool(dispatch.load or dispatch.refresh)


def tell(session: Any, context: Any, pairs: Iterable[tuple[Noting, Shared]]) -> None:
    """Fire the events of one load, entity by entity."""
    for known, shared in pairs:
        made = {id(ref) for ref in known.made}
        dispatch = shared.mapper.dispatch
        loaded = session.dispatch.loaded_as_persistent
        for ref in known.made:
            obj = ref()
            for handler in dispatch.load:
                handler(obj, context)
            for handler in loaded:
                handler(session, obj)
        if dispatch.refresh:
            for ref in list(shared.siblings or ()):
                if id(ref) not in made:
                    tell_refreshed(ref(), context, None)


def tell_refreshed(obj: Any, context: Any, names: Iterable[str] | None) -> None:
    """Fire ``refresh``: columns of an object that was there were loaded again."""
    attrs = None if names is None else set(names)
    for handler in type(obj).__mapper__.dispatch.refresh:
        handler(obj, context, attrs)
