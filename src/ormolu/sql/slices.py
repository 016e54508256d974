"""`Slice`: the ``2:5`` of an array's ``column[2:5]``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..types import INTEGERTYPE, NULLTYPE
from .coercion import operand
from .elements import ColumnElement
from .node import NODE, Kind


class Slice(ColumnElement[Any]):
    """The bounds of a part of an array; None where a bound is left out.

    :param beside: the expression that is indexed; it names the bounds' binds.
    """

    __slots__ = ("start", "step", "stop")
    _fields: ClassVar[Mapping[str, Kind]] = {"start": NODE, "stop": NODE, "step": NODE}
    __visit_name__ = "slice"

    start: ColumnElement[Any] | None
    stop: ColumnElement[Any] | None
    step: ColumnElement[Any] | None

    def __init__(self, start: Any, stop: Any, step: Any = None, beside: Any = None) -> None:
        self.start = _bound(start, beside)
        self.stop = _bound(stop, beside)
        self.step = _bound(step, beside)
        self.type = NULLTYPE
        self._seal()


def _bound(value: Any, beside: Any) -> Any:
    if value is None:
        return None
    return operand(value, type_=INTEGERTYPE, name=None if beside is None else beside.key)
