"""ENUM and SET: one, and several, of a list of strings.

https://dev.mysql.com/doc/refman/8.4/en/enum.html, https://dev.mysql.com/doc/refman/8.4/en/set.html
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Any

from ormolu import types as sqltypes
from ormolu.dialects.mysql.strings import CharacterString
from ormolu.exc import ArgumentError
from ormolu.sql import BindParameter, type_coerce
from ormolu.types.text import quote_literal

__all__ = ["ENUM", "SET"]

Processor = Callable[[Any], Any]


class ENUM(sqltypes.Enum, CharacterString):
    """One of a list of strings, or a member of an enum class.

    :param enums: one enum class, or strings.
    :param strict: without effect: what is not in the list is refused in any case.
    :param options: those of `VARCHAR` (``charset``, ``collation``, …) and of ``Enum``.
    """

    __visit_name__ = "ENUM"

    def __init__(
        self,
        *enums: Any,
        strict: bool = False,
        collation: str | None = None,
        charset: str | None = None,
        ascii: bool = False,
        unicode: bool = False,
        binary: bool = False,
        national: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*enums, **options)
        self.strict = strict
        self.collation = collation
        self.charset = charset
        self.ascii = ascii
        self.unicode = unicode
        self.binary = binary
        self.national = national

    @cached_property
    def _key(self) -> Hashable:
        return (super()._key, *_attributes(self))

    def _load(self, value: Any) -> Any:
        # Where the server isn't strict, what was no member has become the empty string.
        return value if value == "" and self.native_enum else super()._load(value)

    def __repr__(self) -> str:
        return _with_attributes(self, super().__repr__())


class SET(CharacterString):
    """Several of a list of strings: Python sets.

    :param values: the strings, in the order of the database's own definition.
    :param retrieve_as_bitwise: read and write the set as a number with a bit for each string. A
        set that holds the empty string needs it.
    :param options: those of `VARCHAR`: ``charset``, ``collation``, …
    :raises ArgumentError: an empty string without ``retrieve_as_bitwise``.
    """

    __visit_name__ = "SET"
    hashable = False

    def __init__(self, *values: str, retrieve_as_bitwise: bool = False, **options: Any) -> None:
        if "" in values and not retrieve_as_bitwise:
            raise ArgumentError(
                "Can't use the blank value '' in a SET without setting retrieve_as_bitwise=True: "
                "the database writes the set of it and the empty set alike"
            )
        options.setdefault("length", max(map(len, values), default=0))
        super().__init__(**options)
        self.values = values
        self.retrieve_as_bitwise = retrieve_as_bitwise
        self._bit_of = {value: 1 << place for place, value in enumerate(values)}

    @cached_property
    def _key(self) -> Hashable:
        mine = (type(self), self.values, self.retrieve_as_bitwise, *_attributes(self))
        return self._with_variants(mine)

    @property
    def python_type(self) -> type[Any]:
        return set

    def adapt(self, cls: type[Any], **kwargs: Any) -> Any:
        """The type ``cls``: a SET of the same strings, or a string type."""
        if not issubclass(cls, SET):
            return super().adapt(cls, **kwargs)
        own = {name: getattr(self, name) for name in _ATTRIBUTES}
        options = {**own, "retrieve_as_bitwise": self.retrieve_as_bitwise, **kwargs}
        return cls(*self.values, **options)

    def column_expression(self, colexpr: Any) -> Any:
        if not self.retrieve_as_bitwise or isinstance(colexpr, BindParameter):
            return None  # a value is sent as a number already
        return type_coerce(type_coerce(colexpr, sqltypes.Integer()) + 0, self)

    def coerce_compared_value(self, op: Any, value: Any) -> sqltypes.TypeEngine[Any]:
        return self

    def bind_processor(self, dialect: Any) -> Processor:
        return self._bits if self.retrieve_as_bitwise else self._joined

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor:
        return self._from_bits if self.retrieve_as_bitwise else _split

    def literal_processor(self, dialect: Any) -> Processor:
        bind = self.bind_processor(dialect)

        def literal(value: Any) -> str:
            written = bind(value)
            return str(written) if isinstance(written, int) else quote_literal(written)

        return literal

    def _joined(self, value: Any) -> Any:
        """``"a,b"``; a set in the order of the definition."""
        if value is None or isinstance(value, (str, int)):
            return value
        if isinstance(value, (set, frozenset)):
            last = 1 << len(self.values)
            value = sorted(value, key=lambda each: (self._bit_of.get(each, last), each))
        return ",".join(value)

    def _bits(self, value: Any) -> Any:
        if value is None or isinstance(value, (str, int)):
            return value
        unknown = [each for each in value if each not in self._bit_of]
        if unknown:
            raise LookupError(
                f"{unknown[0]!r} is not among the values of this SET: {', '.join(self.values)}"
            )
        return sum(self._bit_of[each] for each in set(value))

    def _from_bits(self, value: Any) -> Any:
        if value is None:
            return None
        bits = int(value)
        if bits >> len(self.values):
            raise LookupError(
                f"the number {bits} has more bits than this SET has values: its strings must be "
                "those of the database's column, in the same order"
            )
        return {each for each, bit in self._bit_of.items() if bits & bit}

    def __repr__(self) -> str:
        options = ", retrieve_as_bitwise=True" if self.retrieve_as_bitwise else ""
        return _with_attributes(self, f"SET({', '.join(map(repr, self.values))}{options})")


def _split(value: Any) -> Any:
    """``"a,b"`` as a set; some drivers have made one already."""
    if value is None:
        return None
    found = set(value.split(",") if isinstance(value, str) else value)
    found.discard("")
    return found


_ATTRIBUTES = ("collation", "charset", "ascii", "unicode", "binary", "national")


def _attributes(type_: CharacterString) -> tuple[Any, ...]:
    return tuple(getattr(type_, name) for name in _ATTRIBUTES)


def _with_attributes(type_: CharacterString, text: str) -> str:
    """``text``, which ends in a parenthesis, with the attributes that are set."""
    given = [f"{n}={v!r}" for n in _ATTRIBUTES if (v := getattr(type_, n)) not in (None, False)]
    start = text[:-1]
    return f"{start}{', ' if given and not start.endswith('(') else ''}{', '.join(given)})"
