"""Statements as MySQL and MariaDB write them.

https://dev.mysql.com/doc/refman/8.4/en/sql-data-manipulation-statements.html,
https://mariadb.com/kb/en/data-manipulation/
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ormolu.dialects.mysql.expression_compiler import MySQLExpressionCompiler
from ormolu.dialects.mysql.write_compiler import MySQLWriteCompiler
from ormolu.sql.fromclause import FromClause

__all__ = ["MySQLCompiler"]

#: LIMIT's way to say "no limit": https://dev.mysql.com/doc/refman/8.4/en/select.html
_NO_LIMIT = "18446744073709551615"


class MySQLCompiler(MySQLWriteCompiler, MySQLExpressionCompiler):
    """Compiles statements for MySQL and MariaDB."""

    # -- FROM

    def default_from(self, node: Any) -> str:
        # A WHERE needs a FROM: https://dev.mysql.com/doc/refman/8.4/en/select.html
        return " FROM DUAL" if node._where else ""

    def join_word(self, node: Any) -> str:
        if node.full:
            return " FULL OUTER JOIN "
        return " LEFT OUTER JOIN " if node.isouter else " INNER JOIN "

    def hinted_from_text(self, text: str, hint: str) -> str:
        return f"{text} {hint}"

    def values_row_text(self, row: Any) -> str:
        """https://dev.mysql.com/doc/refman/8.4/en/values.html"""
        text = super().values_row_text(row)
        return f"ROW{text}" if self.dialect.server.values_of_rows else text

    # -- what follows

    def limit_text(self, node: Any) -> str:
        """Return LIMIT; the offset stands before the number of rows."""
        if node._rare.fetch is not None:
            return self.fetch_text(node)
        limit, offset = node._limit, node._offset
        if offset is None:
            return "" if limit is None else f" \n LIMIT {self.visit(limit)}"
        first = self.visit(offset)
        rows = _NO_LIMIT if limit is None else self.visit(limit)
        return f" \n LIMIT {first}, {rows}"

    def for_update_text(self, node: Any) -> str:
        """Return FOR UPDATE, or the form for readers, with its options."""
        locks = node._rare.for_update
        if locks is None:
            return ""
        server = self.dialect.server
        if not locks.read:
            text = " FOR UPDATE"
        else:
            text = " FOR SHARE" if server.for_share else " LOCK IN SHARE MODE"
        if locks.of and server.for_update_of:
            text += f" OF {', '.join(self._locked(locks.of))}"
        if locks.nowait:
            text += " NOWAIT"
        return text + (" SKIP LOCKED" if locks.skip_locked else "")

    def _locked(self, of: Iterable[Any]) -> list[str]:
        """Return the names of the tables of ``of``, which may be columns too, each once."""
        tables: list[Any] = [e if isinstance(e, FromClause) else e.table for e in of]
        return list(dict.fromkeys(self.quote(table.name) for table in tables))
