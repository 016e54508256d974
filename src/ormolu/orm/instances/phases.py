"""The phases of an object, and the bond between a session and its objects.

See `state` for how the two make up what an object knows about itself.
"""

from __future__ import annotations

import enum
import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol

if TYPE_CHECKING:
    from ormolu.orm.instances.state import Shared


class Phase(enum.Enum):
    """Where an object stands between Python and the database."""

    TRANSIENT = "transient"
    PENDING = "pending"
    PERSISTENT = "persistent"
    DELETED = "deleted"
    DETACHED = "detached"


TRANSIENT: Final = Phase.TRANSIENT
PENDING: Final = Phase.PENDING
PERSISTENT: Final = Phase.PERSISTENT
DELETED: Final = Phase.DELETED
DETACHED: Final = Phase.DETACHED

PHASE_WITHOUT_SESSION: Final[Mapping[Phase, Phase]] = {
    TRANSIENT: TRANSIENT,
    PENDING: TRANSIENT,
    PERSISTENT: DETACHED,
    DELETED: DETACHED,
    DETACHED: DETACHED,
}
"""What becomes of each phase when the session lets go of the object."""


class NoValue(enum.Enum):
    """Markers for "there is no value", told apart from None, which is one."""

    NO_VALUE = "NO_VALUE"
    NEVER_SET = "NEVER_SET"

    def __bool__(self) -> bool:
        return False


NO_VALUE: Final = NoValue.NO_VALUE


class MapperView(Protocol):
    """What a state needs of its mapper."""

    class_: type[Any]
    pk_keys: tuple[str, ...]
    plain_names: set[str]

    @property
    def base_mapper(self) -> Any: ...


class SessionView(Protocol):
    """What a state needs of its session; the session room provides it."""

    _modified: dict[int, object]
    _new: dict[int, object]

    def _load_attribute(self, obj: object, attribute: Any) -> Any:
        """Load the attribute, store it in the object's dict and return it; async refuses."""

    def add(self, instance: object) -> None:
        """Add the object to the session, cascading along ``save-update``."""

    def expunge(self, instance: object) -> None: ...


def _no_session() -> None:
    return None


class Membership:
    """The bond between a session and its objects; cut once, it detaches them all.

    A session makes a new one each time it is closed.
    """

    __slots__ = ("__weakref__", "_ref", "_shared")

    _make_shared: ClassVar[type[Shared]]
    """Set by `state`, which defines the class."""

    def __init__(self, session: SessionView | None = None) -> None:
        self._shared: dict[MapperView, Shared] = {}
        self._ref: Any = _no_session if session is None else weakref.ref(session)

    @property
    def session(self) -> Any:
        """The session, or None when it was closed, has let go, or no longer exists."""
        return self._ref()

    @session.setter
    def session(self, session: SessionView | None) -> None:
        self._ref = _no_session if session is None else weakref.ref(session)

    def shared(self, mapper: MapperView) -> Shared:
        """The state for clean objects that no result brought, such as those just inserted."""
        found = self._shared.get(mapper)
        if found is None:
            found = self._shared[mapper] = self._make_shared(self, mapper)
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        return (Membership, ())


NO_MEMBERSHIP: Final = Membership()
