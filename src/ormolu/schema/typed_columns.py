"""`TypedColumns`: a class that lists the columns of a table, for `Table` and for type checkers.

::

    class user_columns(TypedColumns):
        id = Column(Integer, primary_key=True)
        name: Named[str]
        age: Named[int | None] = Column("user_age")


    user = Table("user", metadata, user_columns)

Each table has columns of its own: those of the class are copied. A class's columns come in the
order of its body as far as Python keeps it, those of its bases first.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import FunctionType
from typing import Any, Generic, NoReturn, TypeVar, get_args, get_origin, get_type_hints

from ormolu import exc
from ormolu.sql.collections import ColumnCollection
from ormolu.types.annotations import type_for_annotation

from .column import Column

_T = TypeVar("_T")


class Named(Generic[_T]):
    """In a `TypedColumns` class, the annotation of a column of Python type ``_T``."""

    __slots__ = ()


class TypedColumns(ColumnCollection[Column[Any]]):
    """Base of classes that list a table's columns as attributes.

    A column is a `Column`, an annotation ``Named[int | None]`` (or ``Column[int]``), or both: what
    the `Column` leaves open, its type and whether it may be NULL, the annotation says.
    ``__row_pos__``, a tuple type, says to type checkers what a row of the table holds.

    :raises InvalidRequestError: for a class with methods, or when it is instantiated.
    """

    __slots__ = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        methods = [name for name, value in vars(cls).items() if isinstance(value, FunctionType)]
        if methods:
            raise exc.InvalidRequestError(
                f"TypedColumns class {cls.__name__!r} has methods ({', '.join(methods)}): it lists "
                "columns only"
            )
        super().__init_subclass__(**kwargs)

    def __new__(cls, *args: Any, **kwargs: Any) -> NoReturn:
        raise exc.InvalidRequestError(
            f"{cls.__name__} can't be instantiated; give the class to Table(), and read the "
            "columns from table.c"
        )


def declared_columns(class_: Any) -> list[Column[Any]]:
    """New columns, as a `TypedColumns` class lists them.

    :raises InvalidRequestError: it is no such class.
    :raises ArgumentError: an attribute is no column, or its type can't be told.
    """
    if not issubclass(class_, TypedColumns):
        raise exc.InvalidRequestError(
            f"A table's columns are Column objects or a subclass of TypedColumns, not {class_!r}"
        )
    hints = _hints(class_)
    found: dict[str, Column[Any]] = {}
    for owner in reversed(class_.__mro__):
        if owner not in TypedColumns.__mro__:
            for name in _names(owner):
                where = f"{owner.__name__}.{name}"
                found[name] = _column(name, vars(owner).get(name), hints[owner].get(name), where)
    return list(found.values())


def _hints(class_: type[Any]) -> dict[type[Any], dict[str, Any]]:
    """The annotations of the class and its bases, evaluated, by owner."""
    hints: dict[type[Any], dict[str, Any]] = {}
    for owner in class_.__mro__:
        if owner in TypedColumns.__mro__:
            continue
        own = vars(owner).get("__annotations__", {})
        alone = type(owner.__name__, (), {"__annotations__": own, "__module__": owner.__module__})
        try:
            evaluated = get_type_hints(alone, include_extras=True)
        except NameError as error:
            raise exc.ArgumentError(
                f"An annotation of {owner.__name__!r} can't be evaluated: {error}; the columns' "
                "types must be known at the level of their module"
            ) from error
        hints[owner] = {name: evaluated[name] for name in own}
    return hints


def _names(owner: type[Any]) -> Iterator[str]:
    """The attributes of a class. Python keeps two orders, of values and of annotations.

    An attribute with both ties the two: the annotations before it come before it, and those
    without a value that follow come right after it.
    """
    annotated = [name for name in vars(owner).get("__annotations__", {}) if name[:2] != "__"]
    valued = [name for name in vars(owner) if name[:2] != "__"]
    pending = list(annotated)
    for name in valued:
        if name not in annotated:
            yield name
            continue
        while name in pending:
            yield pending.pop(0)
        while pending and pending[0] not in valued:
            yield pending.pop(0)
    yield from pending


def _column(name: str, given: Any, annotation: Any, where: str) -> Column[Any]:
    if given is not None and not isinstance(given, Column):
        raise exc.ArgumentError(
            f"Unexpected value for attribute {where!r}: a Column is expected, not {given!r}"
        )
    changes: dict[str, Any] = {}
    if given is None or given.name is None:
        changes["name"] = name
    if given is None or given.key in (None, given.name):
        changes["key"] = name
    if annotation is not None:
        changes |= _said(annotation, given, where)
    elif given is not None and given.type._is_null and not given.foreign_keys:
        raise exc.ArgumentError(
            f"The column of attribute {where!r} has neither a type nor an annotation; write "
            f"{name}: Named[...] or Column(<type>)"
        )
    return Column(**changes) if given is None else given._copy(**changes)


def _said(annotation: Any, given: Column[Any] | None, where: str) -> dict[str, Any]:
    """What an annotation says of a column that the column doesn't say itself."""
    origin = get_origin(annotation) or annotation
    if not isinstance(origin, type) or not issubclass(origin, (Named, Column)):
        raise exc.ArgumentError(
            f"Annotation {annotation!r} of attribute {where!r} is neither "
            "Named[...] nor Column[...]"
        )
    arguments = get_args(annotation)
    if not arguments:
        raise exc.ArgumentError(
            f"Annotation {annotation!r} of attribute {where!r} says no type; write Named[int]"
        )
    type_, nullable = type_for_annotation(arguments[0])
    said: dict[str, Any] = {}
    if given is None or given.type._is_null:
        if type_ is None:
            raise exc.ArgumentError(
                f"There is no SQL type for {arguments[0]!r}, the annotation of attribute "
                f"{where!r}; write {where.rpartition('.')[2]}: Named[...] = Column(<type>)"
            )
        said["type_"] = type_
    if given is None or not (given._nullable_given or given.primary_key):
        said["nullable"] = nullable
    return said
