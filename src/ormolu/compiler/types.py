"""Types as DDL text: ``VARCHAR(30)``, ``NUMERIC(10, 2)``.

A generic type (``String``) is written by its lower-case visit name and lands on the method of the
SQL type it stands for (``VARCHAR``); an upper-case type is written as it is named. A dialect
overrides what it spells otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ormolu.compiler.custom import custom_function
from ormolu.exc import CompileError, UnsupportedCompilationError

if TYPE_CHECKING:
    from ormolu.compiler.target import Target

__all__ = ["StringTypeCompiler", "TypeCompiler"]

#: The types whose text may depend on the column that they belong to.
_WITH_KEYWORDS = frozenset(("type_decorator", "user_defined"))
_CO_VARKEYWORDS = 0x08


def accepted(function: Any, keywords: dict[str, Any]) -> dict[str, Any]:
    """Return the keywords when a function takes ``**kw``, else none."""
    code = getattr(function, "__code__", None)
    return keywords if code is None or code.co_flags & _CO_VARKEYWORDS else {}


class TypeCompiler:
    """Writes types for one dialect: ``visit_X`` writes those whose ``__visit_name__`` is ``X``."""

    #: What a number is cast to so that a division keeps its fraction.
    numeric_text: ClassVar[str] = "NUMERIC"

    def __init__(self, dialect: Target) -> None:
        self.dialect = dialect

    def process(self, type_: Any, **kw: Any) -> str:
        """Return a type as text.

        :param kw: for user-defined types; ``type_expression`` is the column.
        :raises UnsupportedCompilationError: when the dialect cannot write it.
        """
        return self.visit(type_.variant_for(self.dialect.name), **kw)

    def visit(self, type_: Any, **kw: Any) -> str:
        """Return a type's text: its ``@compiles`` function's, else its ``visit_…`` method's."""
        name = getattr(type_, "__visit_name__", None)
        method = getattr(self, f"visit_{name}", None)
        own = None if method is None else lambda compiler, each: str(method(each))
        custom = custom_function(type(type_), own)
        if custom is not None:
            return custom(self, type_)
        if method is None:
            return self.unsupported(type_)
        text: str = method(type_, **kw) if name in _WITH_KEYWORDS else method(type_)
        return text

    def unsupported(self, type_: Any) -> str:
        """Say that the dialect has no text for a type.

        :raises UnsupportedCompilationError: always, unless a dialect overrides it.
        """
        raise UnsupportedCompilationError(type(self).__name__, type(type_))

    def sized(self, word: str, type_: Any) -> str:
        """Return ``word`` with the type's length and collation."""
        length = getattr(type_, "length", None)
        text = f"{word}({length})" if length else word
        return f"{text}{self.collated(type_)}"

    def collated(self, type_: Any) -> str:
        """Return `` COLLATE name`` for a type that has a collation."""
        collation = getattr(type_, "collation", None)
        if not collation:
            return ""
        name = self.dialect.identifier_preparer.quote(collation)
        schema = getattr(type_, "collation_schema", None)
        if schema:
            name = f"{self.dialect.identifier_preparer.quote(schema)}.{name}"
        return f" COLLATE {name}"

    def scaled(self, word: str, type_: Any) -> str:
        """Return ``word`` with the type's precision and scale."""
        if type_.precision is None:
            return word
        if type_.scale is None:
            return f"{word}({type_.precision})"
        return f"{word}({type_.precision}, {type_.scale})"

    # -- generic types

    def visit_integer(self, type_: Any) -> str:
        return self.visit_INTEGER(type_)

    def visit_small_integer(self, type_: Any) -> str:
        return self.visit_SMALLINT(type_)

    def visit_big_integer(self, type_: Any) -> str:
        return self.visit_BIGINT(type_)

    def visit_float(self, type_: Any) -> str:
        return self.visit_FLOAT(type_)

    def visit_double(self, type_: Any) -> str:
        return self.visit_DOUBLE(type_)

    def visit_numeric(self, type_: Any) -> str:
        return self.visit_NUMERIC(type_)

    def visit_string(self, type_: Any) -> str:
        return self.visit_VARCHAR(type_)

    def visit_unicode(self, type_: Any) -> str:
        return self.visit_VARCHAR(type_)

    def visit_text(self, type_: Any) -> str:
        return self.visit_TEXT(type_)

    def visit_unicode_text(self, type_: Any) -> str:
        return self.visit_TEXT(type_)

    def visit_boolean(self, type_: Any) -> str:
        return self.visit_BOOLEAN(type_)

    def visit_date(self, type_: Any) -> str:
        return self.visit_DATE(type_)

    def visit_time(self, type_: Any) -> str:
        return self.visit_TIME(type_)

    def visit_datetime(self, type_: Any) -> str:
        return self.visit_DATETIME(type_)

    def visit_large_binary(self, type_: Any) -> str:
        return self.visit_BLOB(type_)

    def visit_enum(self, type_: Any) -> str:
        return self.visit_VARCHAR(type_)

    def visit_uuid(self, type_: Any) -> str:
        native = self.dialect.features.native_uuid and type_.native
        return "UUID" if native else "CHAR(32)"

    def visit_null(self, type_: Any) -> str:
        raise CompileError(
            "Can't generate DDL for NullType(); did you forget to specify a type on this Column?"
        )

    def visit_type_decorator(self, type_: Any, **kw: Any) -> str:
        return self.process(type_.type_engine(self.dialect), **kw)

    def visit_user_defined(self, type_: Any, **kw: Any) -> str:
        method = getattr(type_, "get_col_spec", None)
        if method is None:
            return self._without_spec(type_)
        spec: str = method(**accepted(method, kw))
        return spec

    def _without_spec(self, type_: Any) -> str:
        if self.dialect.name == "default":  # for a reader, not for a database
            return repr(type_)
        name = type(type_).__name__
        raise AttributeError(
            f"{name!r} has no method get_col_spec(self, **kw), which gives the type's text in DDL",
            name="get_col_spec",
            obj=type_,
        )

    # -- SQL types

    def visit_INTEGER(self, type_: Any) -> str:
        return "INTEGER"

    def visit_SMALLINT(self, type_: Any) -> str:
        return "SMALLINT"

    def visit_BIGINT(self, type_: Any) -> str:
        return "BIGINT"

    def visit_FLOAT(self, type_: Any) -> str:
        return "FLOAT"

    def visit_REAL(self, type_: Any) -> str:
        return "REAL"

    def visit_DOUBLE(self, type_: Any) -> str:
        return "DOUBLE"

    def visit_DOUBLE_PRECISION(self, type_: Any) -> str:
        return "DOUBLE PRECISION"

    def visit_NUMERIC(self, type_: Any) -> str:
        return self.scaled("NUMERIC", type_)

    def visit_DECIMAL(self, type_: Any) -> str:
        return self.scaled("DECIMAL", type_)

    def visit_CHAR(self, type_: Any) -> str:
        return self.sized("CHAR", type_)

    def visit_NCHAR(self, type_: Any) -> str:
        return self.sized("NCHAR", type_)

    def visit_VARCHAR(self, type_: Any) -> str:
        return self.sized("VARCHAR", type_)

    def visit_NVARCHAR(self, type_: Any) -> str:
        return self.sized("NVARCHAR", type_)

    def visit_TEXT(self, type_: Any) -> str:
        return self.sized("TEXT", type_)

    def visit_CLOB(self, type_: Any) -> str:
        return self.sized("CLOB", type_)

    def visit_BLOB(self, type_: Any) -> str:
        return "BLOB"

    def visit_BINARY(self, type_: Any) -> str:
        return self.sized("BINARY", type_)

    def visit_VARBINARY(self, type_: Any) -> str:
        return self.sized("VARBINARY", type_)

    def visit_BOOLEAN(self, type_: Any) -> str:
        return "BOOLEAN"

    def visit_DATE(self, type_: Any) -> str:
        return "DATE"

    def visit_TIME(self, type_: Any) -> str:
        return "TIME"

    def visit_DATETIME(self, type_: Any) -> str:
        return "DATETIME"

    def visit_TIMESTAMP(self, type_: Any) -> str:
        return "TIMESTAMP"

    def visit_UUID(self, type_: Any) -> str:
        return "UUID"

    def visit_JSON(self, type_: Any) -> str:
        return "JSON"


class StringTypeCompiler(TypeCompiler):
    """Writes types for a reader: what standard SQL has no word for stands as its Python text."""

    def unsupported(self, type_: Any) -> str:
        name = type(type_).__name__
        return name if name.isupper() else repr(type_)

    def visit_null(self, type_: Any) -> str:
        return "NULL"

    def visit_ARRAY(self, type_: Any) -> str:
        return "ARRAY"
