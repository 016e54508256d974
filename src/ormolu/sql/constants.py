"""``NULL``, ``true`` and ``false``."""

from __future__ import annotations

from typing import Any

from ..types import BOOLEANTYPE, NULLTYPE
from .elements import ColumnElement


class Null(ColumnElement[None]):
    """``NULL``."""

    __slots__ = ()
    __visit_name__ = "null"

    def __init__(self) -> None:
        self.type = NULLTYPE
        self._seal()


class True_(ColumnElement[bool]):  # noqa: N801
    """``true``, or ``1 = 1`` where the database has no such constant."""

    __slots__ = ()
    __visit_name__ = "true"

    def __init__(self) -> None:
        self.type = BOOLEANTYPE
        self._seal()

    def _negate(self) -> ColumnElement[Any]:
        return FALSE


class False_(ColumnElement[bool]):  # noqa: N801
    """``false``, or ``0 = 1`` where the database has no such constant."""

    __slots__ = ()
    __visit_name__ = "false"

    def __init__(self) -> None:
        self.type = BOOLEANTYPE
        self._seal()

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
