"""What SQLite writes differently. https://www.sqlite.org/lang.html"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ormolu.compiler.froms import Level
from ormolu.compiler.sql_compiler import SQLCompiler
from ormolu.dialects.on_conflict import OnConflictCompiler
from ormolu.exc import CompileError, UnsupportedCompilationError
from ormolu.types import JSON

__all__ = ["SQLiteCompiler"]

#: EXTRACT(field) as a format of strftime: https://www.sqlite.org/lang_datefunc.html
_EXTRACT: Mapping[str, str] = {
    "month": "%m",
    "day": "%d",
    "year": "%Y",
    "second": "%S",
    "hour": "%H",
    "doy": "%j",
    "minute": "%M",
    "epoch": "%s",
    "dow": "%w",
    "week": "%W",
}


class SQLiteCompiler(OnConflictCompiler):
    """Statements for SQLite."""

    literal_index_where = True

    binary_text: ClassVar[Mapping[str, str]] = {
        **SQLCompiler.binary_text,
        "is_distinct_from": " IS NOT ",
        "is_not_distinct_from": " IS ",
        "regexp_match_op": " REGEXP ",
        "not_regexp_match_op": " NOT REGEXP ",
    }
    function_names: ClassVar[Mapping[str, str]] = {
        **SQLCompiler.function_names,
        "char_length": "length",
        "aggregate_strings": "group_concat",
    }

    def function_now(self, node: Any) -> str:
        return "CURRENT_TIMESTAMP"

    def function_localtimestamp(self, node: Any) -> str:
        return "DATETIME(CURRENT_TIMESTAMP, 'localtime')"

    def binary_truediv(self, node: Any) -> str:
        # CAST AS NUMERIC leaves an integer as it is here.
        return f"{self.visit(node.left)} / ({self.visit(node.right)} + 0.0)"

    def binary_bitwise_xor_op(self, node: Any) -> str:
        # There is no such operator; + and - bind tighter than | and & here.
        left, right = self.visit(node.left), self.visit(node.right)
        return f"(({left} | {right}) - ({left} & {right}))"

    def binary_regexp_replace_op(self, node: Any) -> str:
        raise CompileError("sqlite dialect does not support regular expression replacements")

    def binary_json_getitem_op(self, node: Any) -> str:
        return self._json_extract(node)

    def binary_json_path_getitem_op(self, node: Any) -> str:
        return self._json_extract(node)

    def binary_getitem(self, node: Any) -> str:
        return self._json_extract(node)

    def _json_extract(self, node: Any) -> str:
        extract = f"JSON_EXTRACT({self.visit(node.left)}, {self.visit(node.right)})"
        if issubclass(node.type._type_affinity, JSON):
            return f"JSON_QUOTE({extract})"
        return f"CAST({extract} AS {self.type_text(node.type)})"

    def visit_extract(self, node: Any) -> str:
        form = _EXTRACT.get(node.field)
        if form is None:
            raise CompileError(
                f"{node.field} is not a valid extract argument on SQLite: "
                f"write one of {', '.join(sorted(_EXTRACT))}"
            )
        return f"CAST(STRFTIME('{form}', {self.visit(node.expr)}) AS INTEGER)"

    def visit_try_cast(self, node: Any) -> str:
        raise UnsupportedCompilationError(
            type(self).__name__,
            type(node),
            "SQLite has no TRY_CAST: write cast(), which gives 0 for what it can't read",
        )

    def empty_set(self, arity: int, negated: bool) -> str:
        ones = ", ".join(["1"] * (arity or 1))
        return f"SELECT {ones} FROM (SELECT {ones}) WHERE 1!=1"

    def limit_text(self, select: Any) -> str:
        """Return LIMIT and OFFSET; an OFFSET here needs a LIMIT, and -1 is no limit."""
        limit, offset = select._limit, select._offset
        if select._rare.fetch is not None:
            return super().limit_text(select)
        if limit is None and offset is None:
            return ""
        first = self.visit(limit) if limit is not None else self.constant(-1)
        second = self.visit(offset) if offset is not None else self.constant(0)
        return f"\n LIMIT {first} OFFSET {second}"

    def _returned_text(self, named: Any, level: Level) -> str:
        # RETURNING knows no table names here: https://www.sqlite.org/lang_returning.html
        self.include_table = False
        text = super()._returned_text(named, level)
        self.include_table = True
        return text

    def delete_from_text(self, froms: list[Any]) -> str:
        raise CompileError(
            "SQLite cannot DELETE with several tables: write where(column.in_(select(...)))"
        )

    def for_update_text(self, select: Any) -> str:
        return ""
