"""`AsyncAttrs`: attributes as awaitables, loaded when they are awaited."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from ormolu import exc
from ormolu.orm.instances.state import PENDING, session_of, state_of

from . import objects
from .async_helpers import async_session

_O = TypeVar("_O")


class _AwaitableAttributes(Generic[_O]):
    """``obj.awaitable_attrs``: each attribute as an awaitable that loads it if need be."""

    __slots__ = ("_obj",)

    def __init__(self, obj: _O) -> None:
        self._obj = obj

    def __getattr__(self, name: str) -> Any:
        return _read(self._obj, name)


async def _read(obj: object, name: str) -> Any:
    session = session_of(obj)
    mapper = type(obj).__mapper__  # type: ignore[attr-defined]
    if session is None or name in obj.__dict__ or name not in mapper.attrs:
        return getattr(obj, name)
    owner = async_session(session)
    if owner is None:
        raise exc.InvalidRequestError(
            f"{type(obj).__name__}.{name} is awaited, but the object is in a synchronous Session"
        )
    if state_of(obj).phase is PENDING:
        return getattr(obj, name)
    await owner._run(objects.load_attribute_plan(session, obj, name))
    return getattr(obj, name)


class AsyncAttrs:
    """A mixin for mapped classes: ``await user.awaitable_attrs.posts``."""

    __slots__ = ()

    @property
    def awaitable_attrs(self) -> _AwaitableAttributes[Any]:
        """The attributes as awaitables; one that needs loading is loaded when awaited."""
        return _AwaitableAttributes(self)
