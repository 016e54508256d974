"""Databases: what each does differently, and the drivers that reach it.

A dialect is loaded on first use, the default one (``str(statement)``) too.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ormolu.dialects.registry import register
from ormolu.sql import stringify
from ormolu.types import register_type_text

if TYPE_CHECKING:
    from ormolu.dialects.base import Dialect
    from ormolu.dialects.default import DefaultDialect

__all__ = ["DefaultDialect", "Dialect", "register"]

_LAZY = {"DefaultDialect": "default", "Dialect": "base"}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(f"ormolu.dialects.{_LAZY[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _compile(node: Any, dialect: Any = None, **arguments: Any) -> Any:
    return import_module("ormolu.dialects.default").compile_node(node, dialect, **arguments)


def _type_text(type_: Any, dialect: Any = None) -> Any:
    return import_module("ormolu.dialects.default").type_text(type_, dialect)


stringify.register(_compile)
register_type_text(_type_text)
