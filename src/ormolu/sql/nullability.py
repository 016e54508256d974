"""`Nullable` and `NotNullable`: what type checkers are told of a column in a statement."""

from __future__ import annotations

from typing import TypeVar

_T = TypeVar("_T")


def Nullable(val: _T) -> _T:
    """``val``; to a type checker, something that may be None: of an outer join, say."""
    return val


def NotNullable(val: _T) -> _T:
    """``val``; to a type checker, something that is never None."""
    return val
