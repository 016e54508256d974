"""What types put around values and columns: ``bind_expression`` and ``column_expression``.

A type may ask that its binds stand within an expression (``upper(?)``) and that its columns be
selected through one (``lower(t.a) AS a``). The expression holds the bind itself, so the bind is
noted as *bare* while the expression is written. Columns are wrapped only where rows leave the
database: an inner statement hands on what is stored.
"""

from __future__ import annotations

from typing import Any

from ormolu.compiler.base import CompilerBase
from ormolu.compiler.binds import MARK
from ormolu.exc import CompileError
from ormolu.sql.elements import BindParameter

__all__ = ["TypedCompiler"]


class TypedCompiler(CompilerBase):
    """The part of the statement compiler that asks types for their expressions."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._bare: dict[int, str] = {}

    def wrapped_bind(self, node: BindParameter[Any], text: str) -> str:
        """Return ``text``, which stands for a bind, within what its type puts around it."""
        around = self.dialect.type_impl(node.type).bind_expression(node)
        if around is None:
            return text
        self._constants.append(around)  # keeps the ids of its nodes their own
        self._bare[id(node)] = text
        try:
            return self.visit(around)
        finally:
            del self._bare[id(node)]

    def wrapped_parameter(self, key: str, type_: Any, text: str) -> str:
        """Return the mark of an execution parameter within what its type puts around it."""
        return self.wrapped_bind(BindParameter(key, type_=type_, required=True), text)

    def wrap_members(self, node: BindParameter[Any]) -> None:
        """Note what the type of an IN list puts around each member.

        :raises CompileError: when that expression doesn't hold the member once.
        """
        if getattr(node.type, "types", None) is not None:
            return
        slot = self.slots[self._bind_names[id(node)]]
        mark = f"{MARK}{MARK}"
        # What else the expression binds is written out: it is repeated with each member.
        literal, self.literal_binds = self.literal_binds, True
        try:
            text = self.wrapped_bind(node, mark)
        finally:
            self.literal_binds = literal
        if text != mark:
            if text.count(mark) != 1:
                raise CompileError(
                    f"the bind_expression() of {node.type!r} must hold its value once to be used "
                    "in an IN list"
                )
            before, _, after = text.partition(mark)
            slot.around = (before, after)

    def column_expression(self, element: Any) -> Any:
        """Return what a selected column's type puts around it, None for nothing."""
        type_ = getattr(element, "type", None)
        if type_ is None:
            return None
        if element.__visit_name__ == "label":
            element = element.element
        return self.dialect.type_impl(type_).column_expression(element)
