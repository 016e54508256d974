"""Elements of one's own in SQL: ``@compiles``.

::

    class utcnow(FunctionElement):
        type = DateTime()
        inherit_cache = True


    @compiles(utcnow)
    def _default(element, compiler, **kw):
        return "CURRENT_TIMESTAMP"


    @compiles(utcnow, "postgresql")
    def _postgresql(element, compiler, **kw):
        return "TIMEZONE('utc', CURRENT_TIMESTAMP)"

The function gets the element and the compiler: ``compiler.process(child, **kw)`` renders a child,
``compiler.visit_insert(element, **kw)`` what ormolu itself would write, ``compiler.dialect`` and
``compiler.preparer`` are there too. It works for subclasses of ``ClauseElement``,
``ColumnElement``, ``FunctionElement``, ``Executable``, DDL elements and types, and for ormolu's own
classes.

A statement with a user's element is compiled for each execution, unless the class adds no
constructor or says ``inherit_cache = True``: that its text follows from what its base class knows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ormolu.compiler import custom
from ormolu.exc import ArgumentError

__all__ = ["compiles", "deregister"]

F = TypeVar("F", bound=Callable[..., str])


def compiles(class_: type[Any], *specs: str) -> Callable[[F], F]:
    """Decorate the function that renders elements of a class.

    :param class_: the class; its subclasses are rendered so too.
    :param specs: names of dialects; without any, the function is for all others.
    :raises ArgumentError: when ``class_`` is no class.
    """
    if not isinstance(class_, type):
        raise ArgumentError(f"compiles() takes a class of SQL elements or types, not {class_!r}")

    def decorate(function: F) -> F:
        custom.register(class_, function, specs)
        return function

    return decorate


def deregister(class_: type[Any]) -> None:
    """Forget the functions given to a class by `compiles`."""
    custom.deregister(class_)
