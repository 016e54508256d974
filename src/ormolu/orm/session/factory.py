"""Factories of sessions: `sessionmaker`, `async_sessionmaker`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Generic, TypeVar, overload

from ormolu.event import Dispatch, owned_dispatch, register_target

from .helpers import close_all_sessions, identity_key, object_session
from .session import Session

_S = TypeVar("_S", bound=Session)


class sessionmaker(Generic[_S]):
    """Makes sessions with the same options: ``Session = sessionmaker(engine); Session()``.

    Options given when calling it override its own. Listeners on the factory hear all its sessions.

    :param class_: the session class.
    """

    class_: type[_S]

    @overload
    def __init__(
        self,
        bind: Any = None,
        *,
        class_: type[_S],
        autoflush: bool = True,
        expire_on_commit: bool = True,
        info: Mapping[Any, Any] | None = None,
        **kw: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: sessionmaker[Session],
        bind: Any = None,
        *,
        autoflush: bool = True,
        expire_on_commit: bool = True,
        info: Mapping[Any, Any] | None = None,
        **kw: Any,
    ) -> None: ...

    def __init__(
        self,
        bind: Any = None,
        *,
        class_: Any = Session,
        autoflush: bool = True,
        expire_on_commit: bool = True,
        info: Mapping[Any, Any] | None = None,
        **kw: Any,
    ) -> None:
        self.kw: dict[str, Any] = {
            "bind": bind,
            "autoflush": autoflush,
            "expire_on_commit": expire_on_commit,
            **kw,
        }
        if info is not None:
            self.kw["info"] = info
        # A class of its own, so that a listener on this factory hears no other's sessions.
        self.class_ = type(class_.__name__, (class_,), {"__module__": class_.__module__})

    def __call__(self, **local_kw: Any) -> _S:
        """A new session."""
        if not local_kw:
            return self.class_(**self.kw)
        options = {**self.kw, **local_kw}
        own = self.kw.get("info")
        if own is not None and "info" in local_kw:
            options["info"] = {**own, **(local_kw["info"] or {})}
        return self.class_(**options)

    def begin(self) -> AbstractContextManager[_S]:
        """``with Session.begin() as session:`` begins, commits or rolls back, and closes."""
        return _begun(self())

    def configure(self, **new_kw: Any) -> None:
        """Change the options of the sessions made from now on."""
        self.kw.update(new_kw)

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={value!r}" for name, value in self.kw.items())
        return f"{type(self).__name__}(class_={self.class_.__name__!r}, {options})"

    object_session = staticmethod(object_session)
    identity_key = staticmethod(identity_key)
    close_all = staticmethod(close_all_sessions)


@contextmanager
def _begun(session: _S) -> Iterator[_S]:
    with session, session.begin():
        yield session


def factory_dispatch(factory: sessionmaker[Any]) -> Dispatch:
    """Where a listener on a factory goes: to its own session class."""
    return owned_dispatch(factory.class_)


register_target(sessionmaker, factory_dispatch)
