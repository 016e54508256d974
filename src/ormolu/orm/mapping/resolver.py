"""From the names in a mapping to the things: ``relationship("Address", order_by="Address.id")``.

A string is a Python expression over the mapped classes (by name, or by module path where a name is
taken twice), the tables (by name) and the functions of the expression language. It is evaluated
when the mappers are configured, when all classes exist. Strings come from the program's own source,
as annotations do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ormolu import exc
from ormolu.orm.instances.attributes import QueryableAttribute
from ormolu.orm.mapping.evaluation import evaluate
from ormolu.orm.mapping.properties import ColumnProperty, MappedColumn
from ormolu.schema import Table
from ormolu.sql import boolean, expressions
from ormolu.sql.functions import func
from ormolu.sql.text import text

_FUNCTIONS: Mapping[str, Any] = {
    "and_": boolean.and_,
    "or_": boolean.or_,
    "not_": boolean.not_,
    "func": func,
    "text": text,
    "asc": expressions.asc,
    "desc": expressions.desc,
    "nulls_first": expressions.nulls_first,
    "nulls_last": expressions.nulls_last,
    "cast": expressions.cast,
}


class ClassNames:
    """The classes of a registry by name; a name may be taken once per module."""

    def __init__(self) -> None:
        self._classes: dict[str, list[type[Any]]] = {}

    def add(self, class_: type[Any]) -> None:
        """Add a class; one of the same name and module takes its predecessor's place."""
        found = self._classes.setdefault(class_.__name__, [])
        found[:] = [other for other in found if other.__module__ != class_.__module__]
        found.append(class_)

    def clear(self) -> None:
        """Forget every class."""
        self._classes.clear()

    def find(self, name: str) -> list[type[Any]]:
        """The classes of a name, or of the end of a module path: ``"shop.models.User"``."""
        path, _, last = name.rpartition(".")
        found = self._classes.get(last, [])
        if not path:
            return found
        return [
            class_
            for class_ in found
            if class_.__module__ == path or class_.__module__.endswith(f".{path}")
        ]

    def names(self) -> list[str]:
        """The names of all classes."""
        return sorted(self._classes)


class _Path:
    """A module path on its way to a class: ``shop.models`` of ``shop.models.User``."""

    def __init__(self, names: ClassNames, path: str) -> None:
        self._names = names
        self._path = path

    def __getattr__(self, name: str) -> Any:
        path = f"{self._path}.{name}"
        found = self._names.find(path)
        return found[0] if len(found) == 1 else _Path(self._names, path)


class _Names(dict[str, Any]):
    """The namespace that a string is evaluated in."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def __missing__(self, name: str) -> Any:
        return self._resolver.lookup(name)


class Resolver:
    """Resolves what one relationship was declared with."""

    __slots__ = ("_mapper", "_owner", "_registry")

    def __init__(self, registry: Any, mapper: Any, key: str) -> None:
        self._registry = registry
        self._mapper = mapper
        self._owner = f"{mapper.class_.__name__}.{key}"

    def lookup(self, name: str) -> Any:
        """What one name means. Raises `InvalidRequestError` when it means nothing or too much."""
        names: ClassNames = self._registry.class_names
        found = names.find(name)
        if len(found) > 1:
            paths = ", ".join(f"{class_.__module__}.{name}" for class_ in found)
            raise exc.InvalidRequestError(
                f'Multiple classes found for path "{name}" in the registry of this declarative '
                f"base ({paths}). Please use a fully module-qualified path in {self._owner}."
            )
        if found:
            return found[0]
        tables = self._registry.metadata.tables
        if name in tables:
            return tables[name]
        if name in _FUNCTIONS:
            return _FUNCTIONS[name]
        if any(class_.__module__.split(".")[0] == name for class_ in self._classes()):
            return _Path(names, name)
        raise exc.InvalidRequestError(
            f"When initializing mapper {self._mapper}, the name {name!r} that {self._owner} uses "
            f"leads to no mapped class or table. There are the classes "
            f"{', '.join(names.names()) or '(none)'}. If {name!r} is a class, import the module "
            "that defines it before the mapping is first used."
        )

    def _classes(self) -> list[type[Any]]:
        return [mapper.class_ for mapper in self._registry.mappers]

    def evaluate(self, given: Any) -> Any:
        """A string evaluated, a function called, anything else as it is."""
        if isinstance(given, str):
            try:
                return evaluate(given, _Names(self))
            except (AttributeError, SyntaxError, TypeError) as error:
                raise exc.InvalidRequestError(
                    f"{self._owner} is declared with the expression {given!r}, which can't be "
                    f"evaluated: {error}"
                ) from error
        if _is_function(given):
            return given()
        return given

    def entity(self, given: Any) -> Any:
        """A target: a class, a mapper or an alias, as mapper or alias.

        Raises `ArgumentError` when it is none of these.
        """
        found = self.evaluate(given)
        if hasattr(found, "is_mapper") and (found.is_mapper or found.is_aliased_class):
            return found
        aliased = getattr(found, "_sa_aliased", None)
        if aliased is not None:
            return aliased
        mapper = found.__dict__.get("__mapper__") if isinstance(found, type) else None
        if mapper is None:
            raise exc.ArgumentError(
                f"relationship {self._owner} expects a class or a mapper argument (received: "
                f"{found!r}); map the class first, or give the name of a mapped class"
            )
        return mapper

    def table(self, given: Any) -> Any:
        """An association table, given as table, name or function."""
        if isinstance(given, str):
            tables = self._registry.metadata.tables
            if given in tables:
                return tables[given]
        found = self.evaluate(given)
        if isinstance(found, type) and hasattr(found, "__table__"):
            return found.__table__
        if found is not None and not isinstance(found, Table) and not hasattr(found, "c"):
            raise exc.ArgumentError(
                f"secondary of {self._owner} must be a Table or its name, not {found!r}"
            )
        return found

    def expression(self, given: Any) -> Any:
        """A condition, given as such, as a string or as a function."""
        return _plain(self.evaluate(given))

    def columns(self, given: Any) -> list[Any]:
        """Columns or expressions, given as one, several, a string or a function."""
        found = self.evaluate(given)
        if found is None or found is False:
            return []
        if isinstance(found, (list, tuple, set, frozenset)):
            return [_plain(self.evaluate(each)) for each in found]
        return [_plain(found)]


def _is_function(given: Any) -> bool:
    return (
        isinstance(given, Callable)  # type: ignore[arg-type]
        and not isinstance(given, type)
        and not hasattr(given, "_key")
        and not hasattr(given, "__clause_element__")
        and not hasattr(given, "c")
    )


def _plain(given: Any) -> Any:
    if isinstance(given, (QueryableAttribute, ColumnProperty)):
        return given.expression
    if isinstance(given, MappedColumn):
        return given.column
    return given
