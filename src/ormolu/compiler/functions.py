"""Compiling functions, and what follows them: windows, FILTER, WITHIN GROUP, ORDER BY inside.

A function that a database writes differently has its name in ``function_names`` or, where the form
differs too, a method ``function_<name>(node)``. Such a method may ask for the pieces:
`named_function` (the name), `arguments_text` (the arguments with their parentheses) and
`inner_order_text` (the ORDER BY that stands inside them).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from ormolu.compiler.operators import OperatorCompiler
from ormolu.exc import CompileError
from ormolu.sql.window import FrameClauseType

__all__ = ["FunctionCompiler"]

#: Functions that SQL writes without parentheses.
_BARE_FUNCTIONS: Mapping[str, str] = {
    name: name.upper()
    for name in (
        "current_date",
        "current_time",
        "current_timestamp",
        "current_user",
        "localtime",
        "localtimestamp",
        "session_user",
    )
} | {"sysdate": "sysdate", "user": "USER"}

#: What may follow EXCLUDE: https://www.postgresql.org/docs/current/sql-expressions.html
_EXCLUDE = re.compile(r"CURRENT ROW|GROUP|TIES|NO OTHERS", re.IGNORECASE)


class FunctionCompiler(OperatorCompiler):
    """The part of the statement compiler that writes functions."""

    #: Function -> its name in this database.
    function_names: ClassVar[Mapping[str, str]] = {
        **_BARE_FUNCTIONS,
        "random": "random",
        "cube": "CUBE",
        "rollup": "ROLLUP",
        "grouping_sets": "GROUPING SETS",
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._inner_orders: dict[int, Any] = {}

    def visit_function(self, node: Any) -> str:
        special: Callable[[Any], str] | None = getattr(self, f"function_{node.name.lower()}", None)
        if callable(special) and not node.packagenames:
            return special(node)
        return self.named_function(node) + self.arguments_text(node)

    def visit_ansi_function(self, node: Any) -> str:
        return self.visit_function(node)

    def named_function(self, node: Any) -> str:
        """Return a function's name, quoted part by part when it must be."""
        known = self.function_names.get(node.name.lower())
        if known is not None and not node.packagenames:
            return known
        parts = (*node.packagenames, node.name)
        return ".".join([part if _stays_bare(part) else self.quote(part) for part in parts])

    def arguments_text(self, node: Any) -> str:
        """Return the parenthesised arguments; nothing for the functions written without."""
        if node.name.lower() in _BARE_FUNCTIONS and not node.clauses:
            return ""
        return f"({self.visit_all(node.clauses)}{self.inner_order_text(node)})"

    def inner_order_text(self, node: Any) -> str:
        """Return the ORDER BY inside of an aggregate's arguments, with a space before it."""
        order = self._inner_orders.pop(id(node), None)
        return "" if order is None else f" ORDER BY {self.visit(order)}"

    def visit_aggregate_order_by(self, node: Any) -> str:
        function = getattr(node.element, "func", node.element)
        self._inner_orders[id(function)] = node.order_by
        return self.visit(node.element)

    def visit_next_value(self, node: Any) -> str:
        return self.next_value_text(node.sequence)

    def next_value_text(self, sequence: Any) -> str:
        """Return what gives a sequence's next value.

        :raises NotImplementedError: the database has no sequences.
        """
        if not self.features.sequences:
            raise NotImplementedError(
                f"Dialect {self.dialect.name!r} does not support sequence increments: "
                f"{sequence.name!r} has no next value there; leave it out and let an Integer "
                "primary key count by itself"
            )
        return f"<next sequence value: {self.table_text(sequence)}>"

    # -- windows

    def visit_over(self, node: Any) -> str:
        # The element and the frame are visited first: that is how their binds are numbered.
        element = self.visit(node.element)
        frame = self._frame(node)
        parts = []
        if node.partition_by is not None:
            parts.append(f"PARTITION BY {self.visit(node.partition_by)}")
        if node.order_by is not None:
            parts.append(f"ORDER BY {self.visit(node.order_by)}")
        if frame:
            parts.append(frame)
        return f"{element} OVER ({' '.join(parts)})"

    def _frame(self, node: Any) -> str:
        for word, frame in (("RANGE", node.range_), ("ROWS", node.rows), ("GROUPS", node.groups)):
            if frame is not None:
                return f"{word} BETWEEN {self.visit(frame)}{self._excluded(node.exclude)}"
        return ""

    def _excluded(self, exclude: str | None) -> str:
        if exclude is None:
            return ""
        if not _EXCLUDE.fullmatch(exclude):
            raise CompileError(
                f"over(exclude={exclude!r}) is none of 'CURRENT ROW', 'GROUP', 'TIES', 'NO OTHERS'"
            )
        return f" EXCLUDE {exclude}"

    def visit_frame_clause(self, node: Any) -> str:
        start = self._bound(node.lower_type, node.lower_bind, "PRECEDING")
        return f"{start} AND {self._bound(node.upper_type, node.upper_bind, 'FOLLOWING')}"

    def _bound(self, kind: FrameClauseType, offset: Any, unbounded: str) -> str:
        if kind is FrameClauseType.UNBOUNDED:
            return f"UNBOUNDED {unbounded}"
        if kind is FrameClauseType.CURRENT:
            return "CURRENT ROW"
        return f"{self.visit(offset)} {kind.name}"

    def visit_funcfilter(self, node: Any) -> str:
        if node.criterion is None:
            return self.visit(node.func)
        return f"{self.visit(node.func)} FILTER (WHERE {self.visit(node.criterion)})"

    def visit_withingroup(self, node: Any) -> str:
        order = "" if node.order_by is None else self.visit(node.order_by)
        return f"{self.visit(node.element)} WITHIN GROUP (ORDER BY {order})"


def _stays_bare(name: str) -> bool:
    """Say whether a function's name is written as it is, capitals and reserved words too."""
    return name.isidentifier() and name.isascii() and getattr(name, "quote", None) is None
