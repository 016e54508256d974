"""The phases of an object, its bond to a session, and the four kinds of state.

See `state` for what they mean together.
"""

from __future__ import annotations

import enum
import weakref
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from ormolu.orm.instances.layout import lay_out

STATE: Final = "_sa_instance_state"


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


class LoaderCallableStatus(enum.Enum):
    """Markers for "there is no value", told apart from None, which is one."""

    NO_VALUE = "NO_VALUE"
    NEVER_SET = "NEVER_SET"

    def __bool__(self) -> bool:
        return False


NO_VALUE: Final = LoaderCallableStatus.NO_VALUE


class MapperView(Protocol):
    """What a state needs of its mapper."""

    class_: type[Any]
    pk_keys: tuple[str, ...]
    pk_key: str | None
    """The only one of `pk_keys`; None for a composite key."""
    plain_names: set[str]
    put_dict: Callable[[Any, dict[str, Any]], None]
    """Gives an object of the class another ``__dict__``."""

    @property
    def base_mapper(self) -> Any: ...


class SessionView(Protocol):
    """What a state needs of its session; the session room provides it."""

    _modified: dict[int, object]
    _new: dict[int, object]
    _transaction: Any

    def _begun(self) -> Any:
        """Begin the transaction if none is open, or say why that can't be."""

    def _load_attribute(self, obj: object, attribute: Any) -> Any:
        """Load the attribute, store it in the object's dict and return it; async refuses."""

    def add(self, instance: object) -> None:
        """Add the object to the session, cascading along ``save-update``."""

    def expunge(self, instance: object) -> None: ...


FRESH_BATCHES = 1024


def _no_session() -> None:
    return None


class Membership:
    """The bond between a session and its objects; cut once, it detaches them all.

    A session makes a new one each time it is closed.

    ``fresh`` lists, batch by batch, weak references to the objects that became readable since
    everything was last expired: those a result brought, a flush inserted, or a change woke up. A
    commit expires these and looks at no others, so that its cost is that of the transaction's own
    objects and not of all that the session holds.
    """

    __slots__ = ("__weakref__", "_ref", "_shared", "fresh", "fresh_limit")

    def __init__(self, session: SessionView | None = None) -> None:
        self._shared: dict[MapperView, Shared] = {}
        self.fresh: list[list[weakref.ref[Any]]] = []
        self.fresh_limit = FRESH_BATCHES
        self._ref: Any = _no_session if session is None else weakref.ref(session)

    @property
    def session(self) -> Any:
        """The session, or None when it was closed, has let go, or no longer exists."""
        return self._ref()

    @session.setter
    def session(self, session: SessionView | None) -> None:
        self._ref = _no_session if session is None else weakref.ref(session)

    def arrive(self, refs: list[weakref.ref[Any]]) -> None:
        """Note objects that are readable now. The list may still be growing."""
        if len(self.fresh) >= self.fresh_limit:
            self._forget_dead()
        self.fresh.append(refs)

    def _forget_dead(self) -> None:
        """A long transaction of many small results: keep what is alive, in one batch."""
        living = [ref for refs in self.fresh for ref in refs if ref() is not None]
        self.fresh = [living]
        self.fresh_limit = max(FRESH_BATCHES, len(living) // 8)

    def shared(self, mapper: MapperView) -> Shared:
        """The state for clean objects that no result brought, such as those just inserted."""
        found = self._shared.get(mapper)
        if found is None:
            found = self._shared[mapper] = Shared(self, mapper)
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        return (Membership, ())


NO_MEMBERSHIP: Final = Membership()


class Transient:
    """The state of an object that no session knows; one for all of them."""

    __slots__ = ()
    phase: Final = Phase.TRANSIENT

    def __reduce__(self) -> str:
        return "TRANSIENT_STATE"


TRANSIENT_STATE: Final = Transient()


class Shared:
    """The state of clean persistent objects that came with one result.

    ``siblings`` lists weak references to the objects loaded together (None when no result brought
    them); ``options`` and ``path`` are the loader options in force and where in their path these
    objects stand; ``lazy_counts`` counts the lazy loads per attribute.
    """

    __slots__ = (
        "__weakref__",
        "lazy_counts",
        "mapper",
        "membership",
        "options",
        "path",
        "siblings",
    )
    phase: Final = Phase.PERSISTENT

    def __init__(
        self,
        membership: Membership,
        mapper: Any,
        siblings: list[weakref.ref[Any]] | None = None,
        options: Any = None,
        path: Any = None,
    ) -> None:
        self.membership = membership
        self.mapper = mapper
        self.siblings = siblings
        self.options = options
        self.path = path
        self.lazy_counts: dict[str, int] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return (_detached_shared, (self.mapper.class_,))


class Deleted:
    """The state of objects whose rows one flush deleted; one for all of them.

    A commit detaches them together, by this state's ``membership`` and ``phase``; a rollback gives
    each a `Private` state again.
    """

    __slots__ = ("mapper", "membership", "phase")

    def __init__(self, membership: Membership, mapper: Any) -> None:
        self.membership = membership
        self.mapper = mapper
        self.phase = Phase.DELETED

    def __reduce__(self) -> tuple[Any, ...]:
        return (_detached_shared, (self.mapper.class_,))


class Expired:
    """The state of a clean persistent object whose attributes are to be loaded again.

    ``values`` is the dict the object had: it holds the primary key, and what a detached object
    still shows.
    """

    __slots__ = ("shared", "values")
    phase: Final = Phase.PERSISTENT

    def __init__(self, shared: Shared, values: dict[str, Any]) -> None:
        self.shared = shared
        self.values = values

    @property
    def membership(self) -> Membership:
        """The bond to the session."""
        return self.shared.membership

    @property
    def mapper(self) -> Any:
        """The mapper of the object's class."""
        return self.shared.mapper

    def __reduce__(self) -> tuple[Any, ...]:
        return (Expired, (self.shared, {k: v for k, v in self.values.items() if k != STATE}))


class Private:
    """The state of one object that is pending, changed, deleted or partly expired.

    ``key`` is the raw identity or None; ``committed`` maps a changed attribute to the value the
    database has (`NO_VALUE` when it was not loaded); ``pending`` maps an unloaded collection to
    what was added to and removed from it; ``expired_values`` holds the last values of expired
    attributes.

    Not slotted: what most never have costs them nothing as a class attribute, and CPython keeps
    the rest in inline values.
    """

    key: Any = None
    shared: Shared | None = None
    pending: dict[str, tuple[list[Any], list[Any]]] | None = None
    expired_values: dict[str, Any] | None = None

    def __init__(
        self,
        membership: Membership,
        mapper: Any,
        phase: Phase,
        key: Any = None,
        shared: Shared | None = None,
        expired_values: dict[str, Any] | None = None,
    ) -> None:
        self.membership = membership
        self.mapper = mapper
        self.phase = phase
        self.committed: dict[str, Any] = {}
        if phase is not PENDING:
            self.key = key
            self.shared = shared
            self.expired_values = expired_values

    def __reduce__(self) -> tuple[Any, ...]:
        return (_detached_shared, (self.mapper.class_,))


lay_out(
    Private,
    (
        "membership",
        "mapper",
        "phase",
        "committed",
        "key",
        "shared",
        "expired_values",
        "pending",
    ),
)

State = Transient | Shared | Expired | Deleted | Private


def _detached_shared(class_: Any) -> Shared:
    return Shared(NO_MEMBERSHIP, class_.__mapper__)
