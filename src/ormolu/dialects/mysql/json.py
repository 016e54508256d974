"""Documents, and paths into them. https://dev.mysql.com/doc/refman/8.4/en/json.html"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ormolu import types as sqltypes
from ormolu.types.json import JSONIndexType as _JSONIndexType
from ormolu.types.json import JSONPathType as _JSONPathType
from ormolu.types.text import quote_literal

__all__ = ["JSON", "JSONIndexType", "JSONPathType"]


class JSON(sqltypes.JSON):
    """A document; an index into it becomes ``JSON_EXTRACT``."""


def _step(index: Any) -> str:
    """One step of a path: https://dev.mysql.com/doc/refman/8.4/en/json.html#json-path-syntax"""
    if isinstance(index, int):
        return f"[{index}]"
    escaped = str(index).replace("\\", "\\\\").replace('"', '\\"')
    return f'."{escaped}"'


def _path(value: Any) -> str:
    steps = (value,) if isinstance(value, (int, str)) else value
    return "$" + "".join(map(_step, steps))


class _PathText:
    """An index or a path, sent as the text of a path."""

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any]:
        return _path

    def literal_processor(self, dialect: Any) -> Callable[[Any], str]:
        return lambda value: quote_literal(_path(value))


class JSONIndexType(_PathText, _JSONIndexType):
    """One index."""


class JSONPathType(_PathText, _JSONPathType):
    """Several indexes, one inside the other."""
