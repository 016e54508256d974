"""True and false."""

from __future__ import annotations

from typing import Any

from .operator_classes import OperatorClass
from .schema_type import SchemaType
from .type_api import Processor, TypeEngine


class Boolean(SchemaType, TypeEngine[bool]):
    """``bool``; an integer 0 or 1 where the database has no booleans.

    :param create_constraint: add ``CHECK (x IN (0, 1))`` where it is an integer.
    :param name: of that constraint.
    """

    __visit_name__ = "boolean"
    operator_classes = OperatorClass.BOOLEAN
    native = True

    def __init__(self, create_constraint: bool = False, name: str | None = None) -> None:
        self.create_constraint = create_constraint
        self.name = name

    @property
    def python_type(self) -> type[Any]:
        return bool

    def bind_processor(self, dialect: Any) -> Processor | None:
        return _to_bool if _native(dialect) else _to_int

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor | None:
        return None if _native(dialect) else _read

    def literal_processor(self, dialect: Any) -> Processor | None:
        yes, no = ("true", "false") if _native(dialect) else ("1", "0")
        return lambda value: yes if _to_bool(value) else no

    def __repr__(self) -> str:
        return TypeEngine.__repr__(self)


def _native(dialect: Any) -> bool:
    return bool(dialect.features.native_boolean)


def _read(value: Any) -> bool | None:
    return None if value is None else bool(value)


def _to_bool(value: Any) -> bool | None:
    if value is None or value is True or value is False:
        return value
    if value not in (0, 1):
        if not isinstance(value, int):
            raise TypeError(f"Not a boolean value: {value!r}")
        raise ValueError(f"Value {value!r} is not None, True, or False")
    return bool(value)


def _to_int(value: Any) -> int | None:
    found = _to_bool(value)
    return None if found is None else int(found)


BOOLEANTYPE = Boolean()


class MatchType(Boolean):
    """The type of the ``MATCH`` operator's result."""
