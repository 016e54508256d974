"""Compile functions of users: ``@compiles`` (see ``ormolu.ext.compiler``).

A class with such functions, or a subclass without a ``__visit_name__`` of its own, is rendered by
the one for the dialect, else by the one for all dialects, else as it would be without. Compilers
look here only when they meet a class for the first time; what they then remember is forgotten when
a function is registered or removed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ormolu.exc import UnsupportedCompilationError

__all__ = ["EVERY_DIALECT", "custom_function", "deregister", "on_change", "register"]

#: ``(element, compiler, **kw) -> text``
CompileFunction = Callable[..., str]

#: The name under which the function for all dialects is registered.
EVERY_DIALECT: Final = "default"

_FUNCTIONS: dict[type, dict[str, CompileFunction]] = {}
_LISTENERS: list[Callable[[], None]] = []


def register(cls: type, function: CompileFunction, dialects: tuple[str, ...]) -> None:
    """Set the function that renders elements of a class, for dialects or (without any) for all."""
    functions = _FUNCTIONS.setdefault(cls, {})
    for dialect in dialects or (EVERY_DIALECT,):
        functions[dialect] = function
    _changed()


def deregister(cls: type) -> None:
    """Forget the functions of a class."""
    _FUNCTIONS.pop(cls, None)
    _changed()


def on_change(listener: Callable[[], None]) -> None:
    """Call ``listener`` when a function was registered or removed."""
    _LISTENERS.append(listener)


def _changed() -> None:
    for listener in _LISTENERS:
        listener()


def _functions_of(cls: type) -> dict[str, CompileFunction] | None:
    """Return the functions of the nearest class that has any, None if another text is nearer."""
    for base in cls.__mro__:
        found = _FUNCTIONS.get(base)
        if found is not None:
            return found
        if "__visit_name__" in base.__dict__:
            return None
    return None


def _keywords(compiler: Any) -> dict[str, Any]:
    """Return what a function is told of the place where its element stands."""
    told = {"literal_binds": True} if getattr(compiler, "literal_binds", False) else {}
    levels = getattr(compiler, "levels", ())
    if levels and levels[-1].in_columns is not None:
        told["within_columns_clause"] = levels[-1].in_columns
    return told


def custom_function(
    cls: type, otherwise: Callable[[Any, Any], str] | None
) -> Callable[[Any, Any], str] | None:
    """Return the method ``(compiler, element) -> text`` for a class; None when it is no custom one.

    :param otherwise: the compiler's own method for the class, for dialects without a function.
    """
    if not _FUNCTIONS:
        return None
    functions = _functions_of(cls)
    if functions is None:
        return None

    def render(compiler: Any, element: Any) -> str:
        function = functions.get(compiler.dialect.name) or functions.get(EVERY_DIALECT)
        if function is not None:
            # The compiler's own methods, which are handed these on, take no keywords.
            return function(element, compiler, **_keywords(compiler) if otherwise is None else {})
        if otherwise is not None:
            return otherwise(compiler, element)
        raise UnsupportedCompilationError(
            type(compiler).__name__,
            cls,
            f"{cls!r} construct has no default compilation handler: it is compiled only for "
            f"{', '.join(sorted(functions))}; write @compiles({cls.__name__})",
        )

    return render
