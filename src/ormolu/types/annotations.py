"""From a Python annotation to a SQL type: ``int`` is ``Integer()``, ``int | None`` nullable.

A type annotation map, if given, is asked first: for the annotation as it is written (so that
``Annotated`` and ``dict[str, Any]`` can be keys), then for its plain class and that class's bases.
"""

from __future__ import annotations

import datetime as dt
import enum
import types
import typing
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin

from .binary import LargeBinary
from .boolean import Boolean
from .enumerated import Enum
from .numbers import Double, Integer, Numeric
from .temporal import Date, DateTime, Interval, Time
from .text import String
from .type_api import TypeEngine, to_instance
from .uuid import Uuid, is_uuid

TypeMap = Mapping[Any, TypeEngine[Any] | type[TypeEngine[Any]]]

_DEFAULT: dict[Any, type[TypeEngine[Any]]] = {
    int: Integer,
    str: String,
    float: Double,
    bool: Boolean,
    Decimal: Numeric,
    bytes: LargeBinary,
    dt.date: Date,
    dt.datetime: DateTime,
    dt.time: Time,
    dt.timedelta: Interval,
}

_NONE = type(None)


def _is_alias(annotation: Any) -> bool:
    """Whether it was made by ``type X = …`` or by ``TypeAliasType`` of either typing module."""
    return type(annotation).__name__ == "TypeAliasType" and hasattr(annotation, "__value__")


def unwrap_optional(annotation: Any) -> tuple[Any, bool]:
    """The annotation without None, and whether None was in it."""
    if _is_alias(annotation):
        inner, nullable = unwrap_optional(annotation.__value__)
        return (inner, True) if nullable else (annotation, False)
    if get_origin(annotation) not in (Union, types.UnionType):
        return annotation, annotation is _NONE
    members = get_args(annotation)
    rest = tuple(member for member in members if member is not _NONE)
    if len(rest) == len(members):
        return annotation, False
    return (rest[0] if len(rest) == 1 else Union[rest]), True  # noqa: UP007


def type_for_annotation(
    annotation: Any, type_map: TypeMap | None = None
) -> tuple[TypeEngine[Any] | None, bool]:
    """The SQL type of an annotation, and whether it admits None.

    The type is None when there is none for it (a ``dict`` that the map doesn't mention, say).
    """
    given = type_map or {}
    inner, nullable = unwrap_optional(annotation)
    for key in (annotation, inner, typing.Optional[inner]):  # noqa: UP045
        if _is_key(given, key):
            return to_instance(given[key]), nullable
    return _find(inner, given), nullable


def _is_key(type_map: Mapping[Any, Any], annotation: Any) -> bool:
    try:
        return annotation in type_map
    except TypeError:  # an annotation with unhashable metadata
        return False


def _find(annotation: Any, type_map: TypeMap) -> TypeEngine[Any] | None:
    if _is_key(type_map, annotation):
        return to_instance(type_map[annotation])
    if _is_alias(annotation):
        return _find(annotation.__value__, type_map)
    origin = get_origin(annotation)
    if origin is Literal:
        return _literal(annotation, type_map)
    if origin is typing.Annotated:
        return _find(get_args(annotation)[0], type_map)
    if origin is not None:
        return to_instance(type_map[origin]) if _is_key(type_map, origin) else None
    if hasattr(annotation, "__supertype__"):  # NewType
        return _find(annotation.__supertype__, type_map)
    if not isinstance(annotation, type):
        return None
    return _find_class(annotation, type_map)


def _find_class(cls: type[Any], type_map: TypeMap) -> TypeEngine[Any] | None:
    if issubclass(cls, enum.Enum):
        template = next((type_map[base] for base in cls.__mro__ if base in type_map), None)
        if template is None:
            return Enum(cls)
        return _enum_like(template, [cls])
    for base in cls.__mro__:
        if base in type_map:
            return to_instance(type_map[base])
        if base in _DEFAULT:
            return _DEFAULT[base]()
        if is_uuid(base):
            return Uuid()
    return None


def _literal(annotation: Any, type_map: TypeMap) -> TypeEngine[Any] | None:
    values = get_args(annotation)
    template = type_map.get(Literal)
    if template is not None:
        return _enum_like(template, list(values))
    if all(isinstance(value, str) for value in values):
        return Enum(*values, native_enum=False, name=None)
    return None


def _enum_like(template: Any, given: list[Any]) -> TypeEngine[Any]:
    """An ``Enum`` of these members with the options of a template from the map."""
    template = to_instance(template)
    if not isinstance(template, Enum):
        return template  # type: ignore[no-any-return]
    if template.enums and template.enum_class is not enum.Enum:
        return template
    options = template._options()
    if template.enum_class is not None and options["name"] == template.enum_class.__name__.lower():
        options["name"] = None
    return type(template)(*given, **options)
