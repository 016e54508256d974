"""``NULL``, ``true`` and ``false``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..types import BOOLEANTYPE, NULLTYPE
from .elements import ColumnElement

if TYPE_CHECKING:
    from .operators import Operator


class Null(ColumnElement[None]):
    """``NULL``."""

    __slots__ = ()
    __visit_name__ = "null"

    def __init__(self) -> None:
        self.type = NULLTYPE
        self._seal()


class True_(ColumnElement[bool]):
    """``true``, or ``1 = 1`` where the database has no such constant."""

    __slots__ = ()
    __visit_name__ = "true"

    def __init__(self) -> None:
        self.type = BOOLEANTYPE
        self._seal()

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        return self

    def _negate(self) -> ColumnElement[Any]:
        return FALSE


class False_(ColumnElement[bool]):
    """``false``, or ``0 = 1`` where the database has no such constant."""

    __slots__ = ()
    __visit_name__ = "false"

    def __init__(self) -> None:
        self.type = BOOLEANTYPE
        self._seal()

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        return self

    def _negate(self) -> ColumnElement[Any]:
        return TRUE


NULL = Null()
TRUE = True_()
FALSE = False_()


def null() -> Null:
    """``NULL``."""
    return NULL


def true() -> True_:
    """The constant true."""
    return TRUE


def false() -> False_:
    """The constant false."""
    return FALSE
