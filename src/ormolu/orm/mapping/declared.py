"""Decorators for class bodies: `declared_attr` and `validates`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from ormolu import exc

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])


class declared_attr(Generic[T]):
    """A method of a mixin or base whose result is an attribute of each mapped class.

    Also as ``@declared_attr.directive`` (for ``__tablename__`` and the like) and
    ``@declared_attr.cascading``.
    """

    def __init__(self, fn: Callable[..., T], cascading: bool = False) -> None:
        self.fget: Any = fn.__func__ if isinstance(fn, classmethod) else fn
        self.is_cascading = cascading
        self.__doc__ = fn.__doc__

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: Any) -> T: ...
        @overload
        def __get__(self, instance: object, owner: Any) -> Any: ...

    def __get__(self, instance: Any, owner: Any) -> Any:
        return self.fget(owner)

    @classmethod
    def directive(cls, fn: Callable[..., Any]) -> declared_attr[Any]:
        """For names with a meaning to the mapping: ``__tablename__``, ``__table_args__`` …"""
        return declared_attr(fn)

    @classmethod
    def cascading(cls, fn: Callable[..., Any]) -> declared_attr[Any]:
        """For attributes that every subclass of a hierarchy makes anew."""
        return declared_attr(fn, cascading=True)


def validates(
    *names: str, include_removes: bool = False, include_backrefs: bool = True
) -> Callable[[F], F]:
    """Have a method check, or replace, every value that the named attributes are given.

    The method takes ``(key, value)`` and returns the value to store; with ``include_removes`` a
    third argument says whether the value is being removed.

    :raises ArgumentError: for ``include_backrefs=False``: what the other side of a relationship
        sets is always checked.
    """
    if not include_backrefs:
        raise exc.ArgumentError(
            "include_backrefs=False is not available: validators also see the values that the "
            "other side of a relationship sets; remove the parameter"
        )

    def decorate(function: F) -> F:
        function._sa_validates = (names, include_removes)  # type: ignore[attr-defined]
        return function

    return decorate


def validators_of(class_: type[Any]) -> list[tuple[str, Callable[..., Any], bool]]:
    """The validators of a class and its bases: attribute, method, whether it sees removals."""
    found: dict[str, tuple[Callable[..., Any], bool]] = {}
    for base in reversed(class_.__mro__):
        for method in base.__dict__.values():
            declared = getattr(method, "_sa_validates", None) if callable(method) else None
            if declared is not None:
                found.update(dict.fromkeys(declared[0], (method, declared[1])))
    return [(name, method, removes) for name, (method, removes) in found.items()]


def handlers_of(
    key: str, method: Callable[..., Any], removes: bool
) -> tuple[Callable[..., Any], Callable[..., Any] | None]:
    """A validator as attribute handlers: for set and append, and for remove (or None)."""

    def check(target: Any, value: Any, *_: Any) -> Any:
        return method(target, key, value, False) if removes else method(target, key, value)

    def check_removed(target: Any, value: Any, *_: Any) -> None:
        method(target, key, value, True)

    return check, check_removed if removes else None
