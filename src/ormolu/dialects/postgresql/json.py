"""`JSON`, `JSONB` and `JSONPATH`.

https://www.postgresql.org/docs/current/datatype-json.html

Documents go to the database as text, cast to their type. Drivers give back what they read, already
made into Python objects, so there is nothing to do for a result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ormolu import types as sqltypes
from ormolu.dialects.postgresql.array import ARRAY, array
from ormolu.dialects.postgresql.operators import (
    ASTEXT,
    CONTAINED_BY,
    CONTAINS,
    DELETE_PATH,
    HAS_ALL,
    HAS_ANY,
    HAS_KEY,
    JSONPATH_ASTEXT,
    PATH_EXISTS,
    PATH_MATCH,
)
from ormolu.sql.elements import BinaryExpression
from ormolu.sql.expressions import cast
from ormolu.types import Text, TypeEngine, to_instance
from ormolu.types.json import JSONComparator, JSONPathType
from ormolu.types.text import quote_literal

if TYPE_CHECKING:
    from ormolu.sql.elements import ColumnElement

__all__ = ["JSON", "JSONB", "JSONPATH"]

Processor = Callable[[Any], Any]


def path_text(value: Any) -> str:
    """A path as an array of text, ``{a, 1}``; a string is a path already."""
    if isinstance(value, str):
        return value
    return f"{{{', '.join(map(_path_part, value))}}}"


def _path_part(part: Any) -> str:
    """One element of a path, in quotes where it would be misread.

    https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
    """
    text = str(part)
    plain = text and text == text.strip() and text.upper() != "NULL"
    if plain and not any(character in '{},"\\' for character in text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class JSONPATH(JSONPathType):
    """``JSONPATH``: an expression of the SQL/JSON path language, or a sequence of indexes."""

    __visit_name__ = "JSONPATH"

    def bind_processor(self, dialect: Any) -> Processor | None:
        return lambda value: None if value is None else path_text(value)

    def literal_processor(self, dialect: Any) -> Processor | None:
        return lambda value: quote_literal(path_text(value))


_AS_TEXT = {"json_getitem_op": ASTEXT, "json_path_getitem_op": JSONPATH_ASTEXT}


class JSON(sqltypes.JSON):
    """``JSON``: a document kept as the text it came in.

    :param none_as_null: store None as SQL NULL instead of JSON ``null``.
    :param astext_type: the type of what ``astext`` gives.
    """

    class Comparator(JSONComparator):
        """The operators of a document."""

        __slots__ = ()

        @property
        def astext(self) -> ColumnElement[str]:
            """What an index gives, as text: ``column["key"].astext``.

            :raises TypeError: when the expression is no index.
            """
            expr: Any = self.expr
            name = getattr(getattr(expr, "operator", None), "name", "")
            operator = _AS_TEXT.get(name)
            if operator is None:
                raise TypeError(
                    'astext applies to an index into a JSON column: write column["key"].astext'
                )
            return BinaryExpression(expr.left, expr.right, operator, expr.left.type.astext_type)

    comparator_factory: ClassVar[Any] = Comparator
    render_bind_cast = True
    astext_type: TypeEngine[str] = Text()

    def __init__(
        self,
        none_as_null: bool = False,
        astext_type: TypeEngine[str] | type[TypeEngine[str]] | None = None,
    ) -> None:
        super().__init__(none_as_null=none_as_null)
        if astext_type is not None:
            self.astext_type = to_instance(astext_type)

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor | None:
        return None

    def literal_processor(self, dialect: Any) -> Processor | None:
        # Without its type a literal in a column list is text, and comes back as a string.
        plain = super().literal_processor(dialect)
        cast = f"::{dialect.type_compiler.process(self)}"
        return None if plain is None else lambda value: f"{plain(value)}{cast}"


class JSONB(JSON):
    """``JSONB``: a document taken apart, to be searched and indexed."""

    __visit_name__ = "JSONB"

    class Comparator(JSON.Comparator):
        """The operators of a document that can be searched."""

        __slots__ = ()

        def has_key(self, other: Any) -> ColumnElement[bool]:
            """``a ? key``: it has such a key at the top (or such a string, an array)."""
            return self.operate(HAS_KEY, other)  # type: ignore[no-any-return]

        def has_all(self, other: Any) -> ColumnElement[bool]:
            """``a ?& keys``: it has all of these keys."""
            return self.operate(HAS_ALL, other)  # type: ignore[no-any-return]

        def has_any(self, other: Any) -> ColumnElement[bool]:
            """``a ?| keys``: it has one of these keys."""
            return self.operate(HAS_ANY, other)  # type: ignore[no-any-return]

        def contains(self, other: Any, **kwargs: Any) -> ColumnElement[bool]:
            """``a @> b``: all that is in the other document is in this one."""
            return self.operate(CONTAINS, other)  # type: ignore[no-any-return]

        def contained_by(self, other: Any) -> ColumnElement[bool]:
            """``a <@ b``: all that is in this document is in the other."""
            return self.operate(CONTAINED_BY, other)  # type: ignore[no-any-return]

        def delete_path(self, array: Sequence[str] | array) -> ColumnElement[Any]:
            """``a #- path``: the document without what is at a path."""
            return _without(self, array)

        def path_exists(self, other: Any) -> ColumnElement[bool]:
            """``a @? path``: a JSONPATH finds something."""
            return self.operate(PATH_EXISTS, other)  # type: ignore[no-any-return]

        def path_match(self, other: Any) -> ColumnElement[bool]:
            """``a @@ path``: a JSONPATH that is a condition holds."""
            return self.operate(PATH_MATCH, other)  # type: ignore[no-any-return]

    comparator_factory: ClassVar[Any] = Comparator

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """A JSONPATH stands beside a document where one is asked for, else a document."""
        if op in (PATH_EXISTS, PATH_MATCH):
            return _JSONPATH
        return super().coerce_compared_value(op, value)


_JSONPATH = JSONPATH()
_PATH = ARRAY(Text())


def _without(comparator: Any, path: Any) -> ColumnElement[Any]:
    if not isinstance(path, array):
        path = array(path)
    expr = comparator.expr
    return BinaryExpression(expr, cast(path, _PATH), DELETE_PATH, expr.type)
