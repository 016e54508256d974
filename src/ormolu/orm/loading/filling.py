"""What a row does to an object that the session already has.

============================ ===========================================================
the object's state           what happens
============================ ===========================================================
`Shared`, partly loaded      attributes it lacks are added
`Expired`                    expired attributes are refreshed; when all of its columns are
                             there again it is clean, under the new result's state
`Private`                    expired and unloaded attributes are filled, modified ones kept
any, with populate_existing  columns are overwritten, changes dropped, lazy ones forgotten
============================ ===========================================================
"""

from __future__ import annotations

import weakref
from typing import Any

from ormolu.orm.instances.state import STATE, Expired, Private, Shared, woken
from ormolu.orm.loading.events import tell_refreshed, watching
from ormolu.orm.loading.layout import EntityPlan


class Filler:
    """Fills objects from the values of one entity plan, given in the order of its stores."""

    __slots__ = ("entity", "names", "overwrite", "related")

    def __init__(self, entity: EntityPlan, overwrite: bool) -> None:
        self.entity = entity
        self.names = [name for name, _ in entity.stores]
        self.overwrite = overwrite
        self.related = [relationship.key for relationship in entity.mapper.relationships]

    def fill(self, obj: Any, state: Any, shared: Shared, values: tuple[Any, ...]) -> None:
        """Bring an object up to its row."""
        own = obj.__dict__
        if self.overwrite:
            self._overwrite(obj, own, state, shared, values)
        elif type(state) is Private:
            lacking = [name for name in self.names if name not in own] if watching else []
            self._fill_private(own, state, values)
            filled = [name for name in lacking if name in own]
            if filled:
                tell_refreshed(obj, None, filled)
        else:
            for name, value in zip(self.names, values, strict=True):
                if name not in own:
                    own[name] = value
            self._settle(obj, own, state, shared)

    def _settle(self, obj: Any, own: dict[str, Any], state: Any, shared: Shared) -> None:
        """Put an object that lacks nothing more under this result's state."""
        mapper = self.entity.mapper
        if type(state) is Expired and any(
            name in mapper.columns and name not in own for name in state.values
        ):
            woken(obj)
            return
        if type(state) is Shared and self.entity.partial:
            return
        own[STATE] = shared
        if shared.siblings is not None:
            shared.siblings.append(weakref.ref(obj))

    def _fill_private(self, own: dict[str, Any], state: Private, values: tuple[Any, ...]) -> None:
        committed = state.committed
        expired = state.expired_values
        for name, value in zip(self.names, values, strict=True):
            if name not in own and name not in committed:
                own[name] = value
                if expired:
                    expired.pop(name, None)

    def _overwrite(
        self, obj: Any, own: dict[str, Any], state: Any, shared: Shared, values: tuple[Any, ...]
    ) -> None:
        for key in self.related:
            own.pop(key, None)
        own.update(zip(self.names, values, strict=True))
        if type(state) is Private:
            state.committed.clear()
            state.pending = None
            session = state.membership.session
            if session is not None:
                session._modified.pop(id(obj), None)
        own[STATE] = shared
        if shared.siblings is not None:
            shared.siblings.append(weakref.ref(obj))
