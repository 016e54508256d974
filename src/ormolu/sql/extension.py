"""Syntax extensions: elements that users and dialects put at named places of a statement.

A statement class lists its places in ``_positions``; what stands at them is one slot of the
statement's rare clauses, ``(position, element)`` pairs. The compiler writes them where they belong,
through the ``visit`` method or the ``@compiles`` function of the element.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from .node import Node

if TYPE_CHECKING:
    from typing import Self

    from .clause import ClauseElement
    from .dml import Delete, Insert, Update
    from .select import Select

    Apply = Callable[[Sequence[ClauseElement]], Sequence[ClauseElement]]


class SyntaxExtension:
    """Mixin of a `ClauseElement` that ``statement.ext(element)`` adds to a statement.

    A subclass says with the ``apply_to_…`` methods to which statements it may be added and where::

        class Qualify(SyntaxExtension, ClauseElement):
            def apply_to_select(self, select_stmt):
                select_stmt.apply_syntax_extension_point(
                    lambda existing: [*existing, self], "post_criteria"
                )
    """

    __slots__ = ()

    def append_replacing_same_type(self, existing: Sequence[ClauseElement]) -> list[Any]:
        """``existing`` without elements of this one's class, and this one at the end."""
        return [*(each for each in existing if not isinstance(each, type(self))), self]

    def apply_to_select(self, select_stmt: Select[Any]) -> None:
        """Put this element into a SELECT. Raises `NotImplementedError` unless overridden."""
        raise self._refused("select")

    def apply_to_insert(self, insert_stmt: Insert) -> None:
        """Put this element into an INSERT. Raises `NotImplementedError` unless overridden."""
        raise self._refused("insert")

    def apply_to_update(self, update_stmt: Update) -> None:
        """Put this element into an UPDATE. Raises `NotImplementedError` unless overridden."""
        raise self._refused("update")

    def apply_to_delete(self, delete_stmt: Delete) -> None:
        """Put this element into a DELETE. Raises `NotImplementedError` unless overridden."""
        raise self._refused("delete")

    def _refused(self, kind: str) -> NotImplementedError:
        return NotImplementedError(
            f"Extension {type(self).__name__} cannot be applied to {kind}: "
            f"it has no method apply_to_{kind}()"
        )


class Extensible(Node):
    """Base of statements that take syntax extensions; ``_rare.extensions`` holds them."""

    __slots__ = ()

    _positions: ClassVar[tuple[str, ...]] = ()
    _rare: Any

    def ext(self, extension: SyntaxExtension) -> Self:
        """A copy with a syntax extension.

        Raises `NotImplementedError` when the extension isn't made for this kind of statement.
        """
        kind = self.__visit_name__
        apply = getattr(extension, f"apply_to_{kind}", None)
        if not isinstance(extension, SyntaxExtension) or apply is None:
            raise NotImplementedError(
                f"{extension!r} is no SyntaxExtension; it can't be applied to {kind}"
            )
        new = self._copy()
        apply(new)
        new._seal()
        return new

    def apply_syntax_extension_point(self, apply_fn: Apply, position: str) -> None:
        """Change what stands at a place of this statement: for use in ``apply_to_…`` alone.

        ``apply_fn`` gets the elements that are there and gives those that are to be there.
        Raises `ValueError` for a place that the statement doesn't have.
        """
        if position not in self._positions:
            raise ValueError(
                f"Unknown position {position!r} for {type(self).__name__}; known positions: "
                f"{', '.join(map(repr, self._positions))}"
            )
        rare = self._rare
        places = list(rare.positions)
        pairs = list(zip(places, rare.extensions, strict=True))
        there = [element for place, element in pairs if place == position]
        others = [pair for pair in pairs if pair[0] != position]
        new = [*others, *((position, element) for element in apply_fn(there))]
        self._rare = rare._copy(
            positions=tuple([place for place, _ in new]),
            extensions=tuple([element for _, element in new]),
        )

    def _extensions_at(self, position: str) -> tuple[Any, ...]:
        """The elements at a place of this statement."""
        rare = self._rare
        pairs = zip(rare.positions, rare.extensions, strict=True)
        return tuple([element for place, element in pairs if place == position])
