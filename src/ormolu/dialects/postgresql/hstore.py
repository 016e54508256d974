"""`HSTORE`: a column of keys and values, and `hstore`, which makes one in SQL.

https://www.postgresql.org/docs/current/hstore.html

Values travel as text. Writing puts every key and value in quotes; reading follows the output
format, in which all but NULL is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from ormolu.dialects.postgresql.array import ARRAY
from ormolu.dialects.postgresql.operators import (
    CONTAINED_BY,
    CONTAINS,
    HAS_ALL,
    HAS_ANY,
    HAS_KEY,
)
from ormolu.sql import operators as ops
from ormolu.sql.elements import ColumnElement, Grouping
from ormolu.sql.functions import GenericFunction
from ormolu.sql.operators import Operator
from ormolu.types import Boolean, Concatenable, Text, TypeEngine, to_instance
from ormolu.types.operator_classes import OperatorClass
from ormolu.types.text import Indexable, quote_literal
from ormolu.types.type_api import Comparator as _Comparator

__all__ = ["HSTORE", "hstore"]

Processor = Callable[[Any], Any]

_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_PAIR = re.compile(
    rf"{_QUOTED}\s*=>\s*(?:{_QUOTED}|(NULL))\s*(?:,\s*|$)", re.IGNORECASE | re.DOTALL
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def hstore_text(value: Mapping[str, str | None]) -> str:
    """A dictionary in hstore's text form.

    :raises ValueError: a key or value is no string.
    """
    if not isinstance(value, Mapping):
        raise ValueError(f"an hstore is a dictionary, not {value!r}")
    return ", ".join(f"{_quoted(key)}=>{_quoted_value(value[key])}" for key in value)


def _quoted_value(value: Any) -> str:
    return "NULL" if value is None else _quoted(value)


def _quoted(text: Any) -> str:
    if not isinstance(text, str):
        raise ValueError(f"{text!r} in hstore position is not a string")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def read_hstore(text: str) -> dict[str, str | None]:
    """The dictionary that hstore's text form stands for.

    :raises ValueError: the text is none.
    """
    found: dict[str, str | None] = {}
    position = 0
    while position < len(text):
        pair = _PAIR.match(text, position)
        if pair is None:
            raise ValueError(
                f"After {text[:position]!r}, could not parse the hstore text {text[position:]!r}"
            )
        key, value, null = pair.groups()
        found[_ESCAPED.sub(r"\1", key)] = None if null else _ESCAPED.sub(r"\1", value)
        position = pair.end()
    return found


class HSTORE(Indexable, Concatenable, TypeEngine[dict[str, str | None]]):
    """``HSTORE``: a dictionary of strings, some values None.

    :param text_type: the type of the values.
    """

    __visit_name__ = "HSTORE"
    hashable = False
    operator_classes = (
        OperatorClass.BASE
        | OperatorClass.EQUALITY
        | OperatorClass.INDEXABLE
        | OperatorClass.CONTAINS
        | OperatorClass.CONCATENABLE
    )
    text_type: TypeEngine[str] = Text()

    class Comparator(_Comparator[Any]):
        """The operators of an hstore."""

        __slots__ = ()

        def has_key(self, other: Any) -> Any:
            """``a ? key``: it has this key."""
            return self.operate(HAS_KEY, other)

        def has_all(self, other: Any) -> Any:
            """``a ?& keys``: it has all of these keys."""
            return self.operate(HAS_ALL, other)

        def has_any(self, other: Any) -> Any:
            """``a ?| keys``: it has one of these keys."""
            return self.operate(HAS_ANY, other)

        def contains(self, other: Any, **kwargs: Any) -> Any:
            """``a @> b``: it has all keys and values of the other."""
            return self.operate(CONTAINS, other)

        def contained_by(self, other: Any) -> Any:
            """``a <@ b``: the other has all of its keys and values."""
            return self.operate(CONTAINED_BY, other)

        def defined(self, key: Any) -> Any:
            """Whether the key is there with a value other than NULL."""
            return _HStoreDefined(self.expr, key)

        def delete(self, key: Any) -> Any:
            """The hstore without a key, an `array` of keys, or the pairs of a dictionary."""
            if isinstance(key, dict):
                key = hstore_text(key)
            return _HStoreDelete(self.expr, key)

        def slice(self, array: Any) -> Any:
            """The hstore of these keys alone."""
            return _HStoreSlice(self.expr, array)

        def keys(self) -> Any:
            """The keys as an array."""
            return _HStoreKeys(self.expr)

        def vals(self) -> Any:
            """The values as an array."""
            return _HStoreValues(self.expr)

        def array(self) -> Any:
            """Keys and values in turn as an array."""
            return _HStoreArray(self.expr)

        def matrix(self) -> Any:
            """Keys and values as an array of pairs."""
            return _HStoreMatrix(self.expr)

    comparator_factory: ClassVar[Any] = Comparator

    def __init__(self, text_type: TypeEngine[str] | type[TypeEngine[str]] | None = None) -> None:
        if text_type is not None:
            self.text_type = to_instance(text_type)

    @property
    def python_type(self) -> type[Any]:
        return dict

    def operator_result(self, op: str, other_type: TypeEngine[Any]) -> tuple[str, TypeEngine[Any]]:
        if op == "getitem":
            return op, self.text_type
        return super().operator_result(op, other_type)

    def bind_processor(self, dialect: Any) -> Processor | None:
        return lambda value: hstore_text(value) if isinstance(value, dict) else value

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor | None:
        return lambda value: None if value is None else read_hstore(value)

    def item_from_text(self, dialect: Any) -> Processor | None:
        """Return what reads an item of an array that came as text: the same as for a value."""
        return None

    def literal_processor(self, dialect: Any) -> Processor | None:
        return lambda value: quote_literal(hstore_text(value))


class _HStoreFunction(GenericFunction[dict[str, str | None]], register=False):
    """A function that gives an hstore, which stands in parentheses before an index."""

    __slots__ = ()
    _result = HSTORE

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        return Grouping(self) if against is ops.getitem else super().self_group(against)


class hstore(_HStoreFunction):
    """``hstore(…)``: an hstore from a record, two arrays, an array of pairs, or a key and value."""

    __slots__ = ()


class _HStoreDelete(_HStoreFunction, register=False):
    __slots__ = ()
    name = "delete"


class _HStoreSlice(_HStoreFunction, register=False):
    __slots__ = ()
    name = "slice"


class _HStoreDefined(GenericFunction[bool], register=False):
    __slots__ = ()
    _result = Boolean
    name = "defined"


class _HStoreKeys(GenericFunction[list[str]], register=False):
    __slots__ = ()
    _result = ARRAY(Text)
    name = "akeys"


class _HStoreValues(GenericFunction[list[str]], register=False):
    __slots__ = ()
    _result = ARRAY(Text)
    name = "avals"


class _HStoreArray(GenericFunction[list[str]], register=False):
    __slots__ = ()
    _result = ARRAY(Text)
    name = "hstore_to_array"


class _HStoreMatrix(GenericFunction[list[str]], register=False):
    __slots__ = ()
    _result = ARRAY(Text)
    name = "hstore_to_matrix"
