"""Types as MySQL writes them, in DDL and in CAST.

https://dev.mysql.com/doc/refman/8.4/en/data-types.html,
https://dev.mysql.com/doc/refman/8.4/en/cast-functions.html#function_cast
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ormolu import types as sqltypes
from ormolu.compiler.types import TypeCompiler
from ormolu.dialects.mysql.enumerated import SET
from ormolu.dialects.mysql.numbers import REAL
from ormolu.dialects.mysql.strings import CharacterString
from ormolu.exc import CompileError

__all__ = ["MySQLTypeCompiler"]


class MySQLTypeCompiler(TypeCompiler):
    """Writes types for MySQL and MariaDB."""

    # -- numbers

    def _number(self, word: str, type_: Any, *sizes: Any) -> str:
        """Return a numeric type with its sizes, UNSIGNED and ZEROFILL."""
        given = [str(size) for size in sizes if size is not None]
        words = [f"{word}({', '.join(given)})" if given else word]
        words += ["UNSIGNED"] if getattr(type_, "unsigned", False) else []
        words += ["ZEROFILL"] if getattr(type_, "zerofill", False) else []
        return " ".join(words)

    def _integer(self, word: str, type_: Any) -> str:
        return self._number(word, type_, getattr(type_, "display_width", None))

    def visit_TINYINT(self, type_: Any) -> str:
        return self._integer("TINYINT", type_)

    def visit_SMALLINT(self, type_: Any) -> str:
        return self._integer("SMALLINT", type_)

    def visit_MEDIUMINT(self, type_: Any) -> str:
        return self._integer("MEDIUMINT", type_)

    def visit_INTEGER(self, type_: Any) -> str:
        return self._integer("INTEGER", type_)

    def visit_BIGINT(self, type_: Any) -> str:
        return self._integer("BIGINT", type_)

    def _fixed(self, word: str, type_: Any) -> str:
        scale = None if type_.precision is None else type_.scale
        return self._number(word, type_, type_.precision, scale)

    def visit_NUMERIC(self, type_: Any) -> str:
        return self._fixed("NUMERIC", type_)

    def visit_DECIMAL(self, type_: Any) -> str:
        return self._fixed("DECIMAL", type_)

    def visit_FLOAT(self, type_: Any) -> str:
        return self._fixed("FLOAT", type_)

    def _double(self, word: str, type_: Any) -> str:
        """Return a type that has both sizes or none."""
        if type_.precision is None or type_.scale is None:
            return self._number(word, type_)
        return self._number(word, type_, type_.precision, type_.scale)

    def visit_DOUBLE(self, type_: Any) -> str:
        return self._double("DOUBLE", type_)

    def visit_DOUBLE_PRECISION(self, type_: Any) -> str:
        return self._double("DOUBLE PRECISION", type_)

    def visit_REAL(self, type_: Any) -> str:
        return self._double("REAL", type_)

    def visit_BIT(self, type_: Any) -> str:
        return "BIT" if type_.length is None else f"BIT({type_.length})"

    def visit_BOOLEAN(self, type_: Any) -> str:
        return "BOOL"

    # -- strings

    def _string(self, word: str, type_: Any, *, national: bool = False) -> str:
        """Return a string type with its character set and collation.

        ``NATIONAL`` is a character set, so no other can stand beside it.
        """
        words = [word]
        if national or getattr(type_, "national", False):
            words.insert(0, "NATIONAL")
        elif getattr(type_, "charset", None) is not None:
            words.append(f"CHARACTER SET {type_.charset}")
        elif getattr(type_, "ascii", False):
            words.append("ASCII")
        elif getattr(type_, "unicode", False):
            words.append("UNICODE")
        if type_.collation is not None:
            words.append(f"COLLATE {type_.collation}")
        elif getattr(type_, "binary", False):
            words.append("BINARY")
        return " ".join(words)

    def _length(self, word: str, type_: Any) -> str:
        return word if type_.length is None else f"{word}({type_.length})"

    def _limited(self, word: str, type_: Any) -> str:
        if type_.length is None:
            name = type_.__visit_name__
            raise CompileError(
                f"{'VARCHAR' if name.islower() else name} requires a length on dialect "
                f"{self.dialect.name}: write String(50), or Text() for a string of any length"
            )
        return self._length(word, type_)

    def visit_CHAR(self, type_: Any) -> str:
        return self._string(self._length("CHAR", type_), type_)

    def visit_VARCHAR(self, type_: Any) -> str:
        return self._string(self._limited("VARCHAR", type_), type_)

    def visit_NCHAR(self, type_: Any) -> str:
        return self._string(self._length("CHAR", type_), type_, national=True)

    def visit_NVARCHAR(self, type_: Any) -> str:
        return self._string(self._limited("VARCHAR", type_), type_, national=True)

    def visit_TEXT(self, type_: Any) -> str:
        return self._string(self._length("TEXT", type_), type_)

    def visit_CLOB(self, type_: Any) -> str:
        return "CLOB"

    def visit_TINYTEXT(self, type_: Any) -> str:
        return self._string("TINYTEXT", type_)

    def visit_MEDIUMTEXT(self, type_: Any) -> str:
        return self._string("MEDIUMTEXT", type_)

    def visit_LONGTEXT(self, type_: Any) -> str:
        return self._string("LONGTEXT", type_)

    def visit_enum(self, type_: Any) -> str:
        return self.visit_ENUM(type_) if type_.native_enum else super().visit_enum(type_)

    def visit_ENUM(self, type_: Any) -> str:
        return self._string(f"ENUM({self._listed(type_.enums)})", type_)

    def visit_SET(self, type_: Any) -> str:
        return self._string(f"SET({self._listed(type_.values)})", type_)

    def _listed(self, values: Iterable[str]) -> str:
        dialect: Any = self.dialect
        return ",".join(dialect.quoted_string(value) for value in values)

    # -- bytes

    def visit_BLOB(self, type_: Any) -> str:
        return self._length("BLOB", type_)

    def visit_TINYBLOB(self, type_: Any) -> str:
        return "TINYBLOB"

    def visit_MEDIUMBLOB(self, type_: Any) -> str:
        return "MEDIUMBLOB"

    def visit_LONGBLOB(self, type_: Any) -> str:
        return "LONGBLOB"

    def visit_BINARY(self, type_: Any) -> str:
        return self._length("BINARY", type_)

    def visit_VARBINARY(self, type_: Any) -> str:
        return self._limited("VARBINARY", type_)

    # -- dates and times

    def _fractional(self, word: str, type_: Any) -> str:
        digits = getattr(type_, "fsp", None)
        return f"{word}({digits})" if digits else word

    def visit_TIME(self, type_: Any) -> str:
        return self._fractional("TIME", type_)

    def visit_DATETIME(self, type_: Any) -> str:
        return self._fractional("DATETIME", type_)

    def visit_TIMESTAMP(self, type_: Any) -> str:
        return self._fractional("TIMESTAMP", type_)

    def visit_YEAR(self, type_: Any) -> str:
        return "YEAR" if type_.display_width is None else f"YEAR({type_.display_width})"

    # -- others

    def visit_INET4(self, type_: Any) -> str:
        return "INET4"

    def visit_INET6(self, type_: Any) -> str:
        return "INET6"

    # -- CAST

    def cast_text(self, type_: Any, *, floats: bool) -> str | None:
        """Return a type as CAST names it, None where the database has no such CAST.

        :param floats: whether the server can cast to FLOAT and DOUBLE.
        """
        type_ = type_.variant_for(self.dialect.name)
        if isinstance(type_, sqltypes.TypeDecorator):
            return self.cast_text(type_.load_dialect_impl(self.dialect), floats=floats)
        if isinstance(type_, sqltypes.Integer):
            return "UNSIGNED INTEGER" if getattr(type_, "unsigned", False) else "SIGNED INTEGER"
        if isinstance(type_, sqltypes.TIMESTAMP):
            return "DATETIME"
        if isinstance(type_, (sqltypes.DateTime, sqltypes.Date, sqltypes.Time, sqltypes.JSON)):
            return self.process(type_)
        if isinstance(type_, sqltypes.String):
            return self._cast_string(type_)
        if isinstance(type_, _BINARY):
            return "BINARY"
        if isinstance(type_, sqltypes.Numeric):
            return self._fixed("DECIMAL", type_)
        if isinstance(type_, sqltypes.Float) and floats:
            return self._cast_float(type_)
        return None

    def _cast_string(self, type_: Any) -> str | None:
        if isinstance(type_, SET) or (isinstance(type_, sqltypes.Enum) and type_.native_enum):
            return None
        if isinstance(type_, sqltypes.CHAR):
            return self.visit_CHAR(type_)
        text = self._length("CHAR", type_)
        if not isinstance(type_, CharacterString):
            return text
        return self._string(text, type_.copy(national=False))

    def _cast_float(self, type_: Any) -> str:
        if isinstance(type_, sqltypes.Double):
            return self._double("DOUBLE", type_)
        if isinstance(type_, REAL):  # https://mariadb.com/kb/en/cast/ has no such word
            dialect: Any = self.dialect
            return self._double("DOUBLE" if dialect.is_mariadb else "REAL", type_)
        return self._fixed("FLOAT", type_)


_BINARY = (sqltypes.LargeBinary, sqltypes.BINARY, sqltypes.VARBINARY)
