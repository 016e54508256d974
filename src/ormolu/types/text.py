"""Character strings."""

from __future__ import annotations

from typing import Any

from .type_api import Processor, TypeEngine


class Concatenable:
    """Mixin of types for which ``+`` means ``||``."""

    def operator_result(self, op: str, other_type: TypeEngine[Any]) -> tuple[str, TypeEngine[Any]]:
        if op == "add" and (isinstance(other_type, Concatenable) or other_type._is_null):
            op = "concat_op"
        return op, self._concatenated

    @property
    def _concatenated(self) -> TypeEngine[Any]:
        return self  # type: ignore[return-value]


class String(Concatenable, TypeEngine[str]):
    """A character string: ``str``, ``VARCHAR`` in DDL.

    :param length: the most characters it may have; some databases require one.
    :param collation: the collation of the column.
    """

    __visit_name__ = "string"

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


def quote_literal(value: Any) -> str:
    """A string as a SQL literal (doubled quotes, the standard's only escape)."""
    return "'" + str(value).replace("'", "''") + "'"


class Text(String):
    """A string of any length."""

    __visit_name__ = "text"


class Unicode(String):
    """A string; ``NVARCHAR`` where the database tells them apart."""

    __visit_name__ = "unicode"


class UnicodeText(Text):
    """A string of any length; ``NTEXT`` where the database tells them apart."""

    __visit_name__ = "unicode_text"
