"""`async_sessionmaker`: makes `AsyncSession` objects."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Generic, TypeVar, overload

from .async_helpers import async_object_session, close_all_sessions
from .async_session import AsyncSession
from .helpers import identity_key

_AS = TypeVar("_AS", bound=AsyncSession)


class async_sessionmaker(Generic[_AS]):
    """Makes async sessions with the same options, which a call can override.

    :param class_: the session class.
    """

    class_: type[_AS]

    @overload
    def __init__(
        self,
        bind: Any = None,
        *,
        class_: type[_AS],
        autoflush: bool = True,
        expire_on_commit: bool = True,
        info: Mapping[Any, Any] | None = None,
        **kw: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: async_sessionmaker[AsyncSession],
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
        class_: Any = AsyncSession,
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
        self.class_ = type(class_.__name__, (class_,), {"__module__": class_.__module__})

    def __call__(self, **local_kw: Any) -> _AS:
        """A new session."""
        options = {**self.kw, **local_kw}
        own = self.kw.get("info")
        if own is not None and "info" in local_kw:
            options["info"] = {**own, **(local_kw["info"] or {})}
        return self.class_(**options)

    def begin(self) -> AbstractAsyncContextManager[_AS]:
        """``async with maker.begin() as session:`` begins, commits or rolls back, and closes."""
        return _begun(self())

    def configure(self, **new_kw: Any) -> None:
        """Change the options of the sessions made from now on."""
        self.kw.update(new_kw)

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={value!r}" for name, value in self.kw.items())
        return f"{type(self).__name__}(class_={self.class_.__name__!r}, {options})"

    object_session = staticmethod(async_object_session)
    identity_key = staticmethod(identity_key)
    close_all = staticmethod(close_all_sessions)


@asynccontextmanager
async def _begun(session: _AS) -> AsyncIterator[_AS]:
    async with session, session.begin():
        yield session
