"""Character strings."""

from __future__ import annotations

from typing import Any, ClassVar

from .operator_classes import OperatorClass
from .type_api import Comparator, Processor, TypeEngine, _resolve


class Concatenable:
    """Mixin of types for which ``+`` means ``||``."""

    Comparator = Comparator
    comparator_factory: ClassVar[Any] = None

    def operator_result(self, op: str, other_type: TypeEngine[Any]) -> tuple[str, TypeEngine[Any]]:
        """Return the operator of ``this op other``, and the type of its result."""
        other = other_type._type_affinity
        if op == "add" and (issubclass(other, Concatenable) or other._is_null):
            op = "concat_op"
        return op, self._concatenated

    @property
    def _concatenated(self) -> TypeEngine[Any]:
        return self  # type: ignore[return-value]


class Indexable:
    """Mixin of types whose expressions have ``[]``: ``index_type`` says what an index is."""

    Comparator = Comparator
    comparator_factory: ClassVar[Any] = None

    def index_type(self, index: Any) -> TypeEngine[Any]:
        """The type of the bound value of an index: that of the Python value, unless overridden."""
        return _resolve[0](index)


class String(Concatenable, TypeEngine[str]):
    """A character string: ``str``, ``VARCHAR`` in DDL.

    :param length: the most characters it may have; some databases require one.
    :param collation: the collation of the column.
    """

    __visit_name__ = "string"
    operator_classes = OperatorClass.STRING

    def __init__(
        self,
        length: int | None = None,
        collation: str | None = None,
        collation_schema: str | None = None,
    ) -> None:
        self.length = length
        self.collation = collation
        self.collation_schema = collation_schema

    @property
    def python_type(self) -> type[Any]:
        return str

    def literal_processor(self, dialect: Any) -> Processor | None:
        return quote_literal


def quote_literal(value: str) -> str:
    """A string as a SQL literal (doubled quotes, the standard's only escape).

    :raises TypeError: for what is no string.
    """
    if not isinstance(value, str):
        raise TypeError(f"a string is needed, not {value!r}")
    return "'" + value.replace("'", "''") + "'"


class Text(String):
    """A string of any length."""

    __visit_name__ = "text"


class Unicode(String):
    """A string; ``NVARCHAR`` where the database tells them apart."""

    __visit_name__ = "unicode"


class UnicodeText(Text):
    """A string of any length; ``NTEXT`` where the database tells them apart."""

    __visit_name__ = "unicode_text"
