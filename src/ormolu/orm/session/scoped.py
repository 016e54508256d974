"""`scoped_session`, `async_scoped_session`: a session per thread, or per scope of your choice.

The registry proxies the whole surface of the session: every public method and property is
generated from the session class, so that none is forgotten.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ormolu import exc
from ormolu.event import Dispatch, owned_dispatch, register_target

from .query import Query
from .session import Session

if TYPE_CHECKING:
    # What a type checker knows of the members that are generated below.
    from .session import Session as Surface
else:
    Surface = object

_O = TypeVar("_O")
_S = TypeVar("_S", bound=Session)
_T = TypeVar("_T")


class Registry(Generic[_T]):
    """One object per scope: made on first use, forgotten by ``clear``."""

    def __init__(self, create: Callable[..., _T], scopefunc: Callable[[], Any] | None) -> None:
        self._create = create
        self._scopefunc = scopefunc
        self._local = threading.local()
        self._scopes: dict[Any, _T] = {}

    def __call__(self) -> _T:
        """The scope's object."""
        if self._scopefunc is not None:
            scope = self._scopefunc()
            found = self._scopes.get(scope)
            if found is None:
                found = self._scopes[scope] = self._create()
            return found
        own: _T | None = getattr(self._local, "value", None)
        if own is None:
            own = self._local.value = self._create()
        return own

    def has(self) -> bool:
        """Whether the scope has an object already."""
        if self._scopefunc is not None:
            return self._scopefunc() in self._scopes
        return hasattr(self._local, "value")

    def set(self, value: _T) -> None:
        """Make this the scope's object."""
        if self._scopefunc is not None:
            self._scopes[self._scopefunc()] = value
        else:
            self._local.value = value

    def clear(self) -> None:
        """Forget the scope's object."""
        if self._scopefunc is not None:
            self._scopes.pop(self._scopefunc(), None)
        else:
            self._local.__dict__.pop("value", None)


class ScopedBase(Generic[_T]):
    """What the sync and the async registry share."""

    session_factory: Any
    registry: Registry[_T]

    def __init__(
        self, session_factory: Callable[..., _T], scopefunc: Callable[[], Any] | None = None
    ) -> None:
        self.session_factory = session_factory
        self.registry = Registry(session_factory, scopefunc)

    def __call__(self, **kw: Any) -> _T:
        """The scope's session, made now if there is none; options only for a new one.

        :raises InvalidRequestError: with options, when the scope has a session already.
        """
        if not kw:
            return self.registry()
        if self.registry.has():
            raise exc.InvalidRequestError(
                "Scoped session is already present; no new arguments may be specified. "
                "Call remove() first"
            )
        session: _T = self.session_factory(**kw)
        self.registry.set(session)
        return session

    def configure(self, **kwargs: Any) -> None:
        """Change the factory's options, for sessions made from now on."""
        self.session_factory.configure(**kwargs)

    def __contains__(self, instance: object) -> bool:
        session: Any = self.registry()
        return instance in session

    def __iter__(self) -> Iterator[Any]:
        session: Any = self.registry()
        return iter(session)


class scoped_session(ScopedBase[_S], Surface):
    """A session per thread (or per value of ``scopefunc``), used as if it were the session.

    :param session_factory: a `sessionmaker`, or anything that makes a session.
    """

    if TYPE_CHECKING:
        # A registry is no context manager: ``with registry() as session:``.
        __enter__: None  # type: ignore[assignment]
        __exit__: None  # type: ignore[assignment]

    def remove(self) -> None:
        """Close the scope's session and forget it."""
        if self.registry.has():
            self.registry().close()
        self.registry.clear()

    def query_property(self, query_cls: type[Query[Any]] | None = None) -> _QueryProperty:
        """A class attribute that gives a query of the class: ``Base.query``."""
        return _QueryProperty(self, query_cls)


class _QueryProperty:
    __slots__ = ("_cls", "_registry")

    def __init__(self, registry: scoped_session[Any], query_cls: type[Query[Any]] | None) -> None:
        self._registry = registry
        self._cls = query_cls

    def __get__(self, instance: object, owner: type[_O]) -> Query[_O]:
        if not hasattr(owner, "__mapper__"):
            return None  # type: ignore[return-value]  # a mixin's or a base's: nobody queries it
        session = self._registry.registry()
        if self._cls is not None:
            return self._cls(owner, session=session)
        query: Query[_O] = session.query(owner)
        return query


def proxied(target: type[Any], names: list[str]) -> dict[str, Any]:
    """The members of a registry that hand each name on to the scope's session."""
    return {
        name: _method(target, name)
        if callable(getattr(target, name, None))
        else _attribute(target, name)
        for name in names
    }


def _method(target: type[Any], name: str) -> Any:
    member = target.__dict__.get(name)
    if isinstance(member, (classmethod, staticmethod)):
        return staticmethod(getattr(target, name))

    def call(self: ScopedBase[Any], *args: Any, **kwargs: Any) -> Any:
        return getattr(self.registry(), name)(*args, **kwargs)

    call.__name__ = name
    call.__qualname__ = f"scoped_session.{name}"
    call.__doc__ = getattr(target, name).__doc__
    return call


def _attribute(target: type[Any], name: str) -> property:
    def read(self: ScopedBase[Any]) -> Any:
        return getattr(self.registry(), name)

    def write(self: ScopedBase[Any], value: Any) -> None:
        setattr(self.registry(), name, value)

    return property(read, write, doc=getattr(getattr(target, name, None), "__doc__", None))


# What an instance of Session has beside its class's members.
INSTANCE_ATTRIBUTES = ["autoflush", "bind", "binds", "execution_options", "expire_on_commit"]


def surface(target: type[Any]) -> list[str]:
    """The public names of a session class."""
    names = [name for name in dir(target) if not name.startswith("_")]
    hidden = {"dispatch", "sync_session_class", "run_sync", "sync_session"}
    return sorted({*names, *INSTANCE_ATTRIBUTES} - hidden)


for _name, _member in proxied(Session, surface(Session)).items():
    if not hasattr(scoped_session, _name):
        setattr(scoped_session, _name, _member)


def scoped_dispatch(scoped: scoped_session[Any]) -> Dispatch | None:
    """Where a listener on a registry goes: to its factory's sessions."""
    factory = scoped.session_factory
    return owned_dispatch(getattr(factory, "class_", factory))


register_target(scoped_session, scoped_dispatch)
