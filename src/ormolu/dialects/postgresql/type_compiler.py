"""PostgreSQL's types as DDL text. https://www.postgresql.org/docs/current/datatype.html"""

from __future__ import annotations

from typing import Any

from ormolu.compiler.types import TypeCompiler
from ormolu.exc import CompileError
from ormolu.sql.quoted_name import quoted_name

__all__ = ["PostgreSQLTypeCompiler"]

#: Types whose text is their visit name.
_PLAIN = (
    "BYTEA",
    "CIDR",
    "DATEMULTIRANGE",
    "DATERANGE",
    "HSTORE",
    "INET",
    "INT4MULTIRANGE",
    "INT4RANGE",
    "INT8MULTIRANGE",
    "INT8RANGE",
    "JSONB",
    "JSONPATH",
    "MACADDR",
    "MACADDR8",
    "MONEY",
    "NUMMULTIRANGE",
    "NUMRANGE",
    "OID",
    "REGCLASS",
    "REGCONFIG",
    "TSMULTIRANGE",
    "TSQUERY",
    "TSRANGE",
    "TSTZMULTIRANGE",
    "TSTZRANGE",
    "TSVECTOR",
)


class PostgreSQLTypeCompiler(TypeCompiler):
    """Writes types for PostgreSQL."""

    def visit(self, type_: Any, **kw: Any) -> str:
        name = type_.__visit_name__
        return str(name) if name in _PLAIN else super().visit(type_, **kw)

    # -- what generic types are here

    def visit_datetime(self, type_: Any) -> str:
        return self.visit_TIMESTAMP(type_)

    def visit_double(self, type_: Any) -> str:
        return self.visit_DOUBLE_PRECISION(type_)

    def visit_large_binary(self, type_: Any) -> str:
        return "BYTEA"

    def visit_type_decorator(self, type_: Any, **kw: Any) -> str:
        # A generic Interval is a decorated DateTime only where the database has no intervals.
        impl = self.dialect.type_impl(type_)
        return super().visit_type_decorator(type_, **kw) if impl is type_ else self.visit(impl)

    def visit_uuid(self, type_: Any) -> str:
        return "UUID" if type_.native_uuid else "CHAR(32)"

    def visit_json_int_index(self, type_: Any) -> str:
        return "INT"

    def visit_json_str_index(self, type_: Any) -> str:
        return "TEXT"

    # -- PostgreSQL's own

    def visit_FLOAT(self, type_: Any) -> str:
        return "FLOAT" if type_.precision is None else f"FLOAT({type_.precision})"

    def visit_TIMESTAMP(self, type_: Any) -> str:
        return self._zoned("TIMESTAMP", type_)

    def visit_TIME(self, type_: Any) -> str:
        return self._zoned("TIME", type_)

    def _zoned(self, word: str, type_: Any) -> str:
        precision = getattr(type_, "precision", None)
        digits = "" if precision is None else f"({precision})"
        return f"{word}{digits} {'WITH' if type_.timezone else 'WITHOUT'} TIME ZONE"

    def visit_INTERVAL(self, type_: Any) -> str:
        fields = "" if type_.fields is None else f" {type_.fields}"
        digits = "" if type_.precision is None else f" ({type_.precision})"
        return f"INTERVAL{fields}{digits}"

    def visit_BIT(self, type_: Any) -> str:
        word = "BIT VARYING" if type_.varying else "BIT"
        return word if type_.length is None else f"{word}({type_.length})"

    def visit_CITEXT(self, type_: Any) -> str:
        return self.sized("CITEXT", type_)

    def visit_ARRAY(self, type_: Any) -> str:
        item = self.process(type_.item_type)
        word, collate, collation = item.partition(" COLLATE ")
        return f"{word}{'[]' * (type_.dimensions or 1)}{collate}{collation}"

    # -- types with a name

    def visit_enum(self, type_: Any) -> str:
        return self.format_type(type_) if type_.native else super().visit_enum(type_)

    def visit_DOMAIN(self, type_: Any) -> str:
        return self.format_type(type_)

    def format_type(self, type_: Any) -> str:
        """Return the qualified, quoted name of an ENUM or a DOMAIN.

        :raises CompileError: it has none.
        """
        if not type_.name:
            raise CompileError(
                f"PostgreSQL {type(type_).__name__.upper()} type requires a name: "
                "write Enum(…, name='mood'), or give it an enum.Enum class"
            )
        name = type_.name if type_.quote is None else quoted_name(type_.name, type_.quote)
        return self.dialect.identifier_preparer.format_qualified(type_.schema, name)
