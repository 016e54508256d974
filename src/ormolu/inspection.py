"""``inspect(subject)``: from any object to what describes it.

A registry maps a type to a function; the nearest registered class in the subject's ancestry
answers, and a function that gives ``None`` passes the question on. Rooms register what they
own: an engine gives an ``Inspector``, a mapped class its ``Mapper``, an object its state.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ormolu.exc import NoInspectionAvailable

_Inspect = Callable[[Any], Any]
_F = TypeVar("_F", bound=_Inspect)
_C = TypeVar("_C", bound=type[Any])

_registry: dict[type[Any], _Inspect] = {}


def register(*types: type[Any]) -> Callable[[_F], _F]:
    """Decorate the function that inspects subjects of these types.

    :raises AssertionError: a type is registered already.
    """

    def decorate(function: _F) -> _F:
        for type_ in types:
            if type_ in _registry:
                raise AssertionError(f"type {type_!r} is already registered for inspection")
            _registry[type_] = function
        return function

    return decorate


def self_inspecting(cls: _C) -> _C:
    """Decorate a class whose objects describe themselves (expressions, inspectors)."""
    register(cls)(lambda subject: subject)
    return cls


def inspect(subject: Any, raiseerr: bool = True) -> Any:
    """What describes ``subject``: a mapper, an object's state, an ``Inspector``, …

    :param raiseerr: give ``None`` instead of raising when there is nothing.
    :raises NoInspectionAvailable: nothing is registered for its type.
    """
    cls = type(subject)
    for ancestor in cls.__mro__:
        function = _registry.get(ancestor)
        if function is not None:
            found = function(subject)
            if found is not None:
                return found
    if raiseerr:
        raise NoInspectionAvailable(
            f"No inspection system is available for object of type {cls} "
            f"(no registered class is among its ancestors); got {subject!r}"
        )
    return None
