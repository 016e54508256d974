"""What SQLAlchemy's public modules offer, by name and signature, and what of it lacks a namesake.

Only names and signatures of the installed package are looked at: ``dir()`` and
``inspect.signature()``. `gaps` compares one module with its namesake and yields a line of text for
each difference: a name, a parameter or a default, a method or attribute. What the lines may be
is in `surface_exceptions`.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any

#: The public modules, without the name of the package.
MODULES = [
    "", "sql", "schema", "types", "engine", "pool", "exc", "event", "events", "inspection",
    "sql.expression", "sql.functions", "sql.operators", "sql.visitors", "sql.ddl",
    "engine.url", "engine.reflection", "engine.interfaces", "engine.default", "engine.events",
    "engine.result", "engine.row", "engine.cursor", "engine.create", "ext.compiler",
    "dialects.sqlite", "dialects.postgresql", "dialects.mysql",
]  # fmt: skip

#: Modules without ``__all__`` that only re-export.
_REEXPORTING = {"types", "schema", "events", "sql.expression"}
#: SQLAlchemy's own tools, which its modules import.
_TOOLS = ("sqlalchemy.util", "sqlalchemy.log")
_SIMPLE = (int, str, bool, float, type(None), tuple)
_MANY = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def names(module: str) -> dict[str, Any]:
    """The public names of one of SQLAlchemy's modules, and what they are there."""
    full = f"sqlalchemy.{module}".rstrip(".")
    found = importlib.import_module(full)
    listed = getattr(found, "__all__", None)
    if listed:
        return {name: getattr(found, name) for name in listed if hasattr(found, name)}
    anywhere = hasattr(found, "__path__") or module in _REEXPORTING
    return {
        name: value
        for name, value in vars(found).items()
        if not name.startswith("_")
        and not isinstance(value, ModuleType)
        and name not in ("TYPE_CHECKING", "annotations")
        and _is_public(value, None if anywhere else full)
    }


def _is_public(value: Any, home: str | None) -> bool:
    if isinstance(value, _SIMPLE):
        return True
    module = getattr(value, "__module__", None) or ""
    return (
        module == home
        if home
        else module.startswith("sqlalchemy") and not module.startswith(_TOOLS)
    )


def namesake(module: str) -> ModuleType | None:
    """ormolu's module of that name."""
    try:
        return importlib.import_module(f"ormolu.{module}".rstrip("."))
    except ModuleNotFoundError:
        return None


def missing_names(module: str) -> list[str]:
    """The public names of a module that ormolu's doesn't have."""
    ours = namesake(module)
    return sorted(name for name in names(module) if ours is None or not hasattr(ours, name))


def gaps(module: str, internals: frozenset[str]) -> Iterator[str]:
    """The parameters, defaults, methods and attributes that the namesakes lack.

    ``internals`` are names of attributes that are no one's business.
    """
    ours = namesake(module)
    for name, theirs in sorted(names(module).items()):
        if not hasattr(ours, name):
            continue
        our = getattr(ours, name)
        if inspect.isclass(theirs) and inspect.isclass(our):
            yield from _of_class(name, theirs, our, internals)
        elif callable(theirs) and callable(our):
            yield from _of_signature(name, theirs, our)


def _of_class(name: str, theirs: Any, ours: Any, internals: frozenset[str]) -> Iterator[str]:
    yield from _of_signature(name, theirs, ours)
    for attribute in dir(theirs):
        if attribute.startswith("_") or attribute in internals:
            continue
        if not _has(ours, attribute):
            yield f"{name}.{attribute}"
            continue
        their, our = getattr(theirs, attribute), getattr(ours, attribute, None)
        if callable(their) and callable(our) and not inspect.isclass(their):
            yield from _of_signature(f"{name}.{attribute}", their, our)


def _has(cls: Any, attribute: str) -> bool:
    """Whether objects of a class have an attribute: of the class, a slot, or annotated."""
    return hasattr(cls, attribute) or any(
        attribute in vars(base).get("__annotations__", ())
        or attribute in vars(base).get("__slots__", ())
        for base in cls.__mro__
    )


def _signature(function: Any) -> inspect.Signature | None:
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):  # written in C
        return None


def _of_signature(where: str, theirs: Any, ours: Any) -> Iterator[str]:
    their, our = _signature(theirs), _signature(ours)
    if their is None or our is None:
        return
    accepts_any = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in our.parameters.values())
    for parameter in their.parameters.values():
        if parameter.kind in _MANY or parameter.name.startswith("_"):
            continue
        if parameter.name in ("self", "cls"):
            continue
        same = our.parameters.get(parameter.name)
        if same is None:
            if not accepts_any:
                yield f"{where}({parameter.name})"
        elif isinstance(parameter.default, _SIMPLE) and same.default != parameter.default:
            yield f"{where}({parameter.name}={parameter.default!r})"
