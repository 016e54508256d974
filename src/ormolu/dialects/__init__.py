"""Databases: what each does differently, and the drivers that reach it."""

from ormolu.dialects.base import Dialect
from ormolu.dialects.default import DefaultDialect
from ormolu.dialects.registry import register

__all__ = ["DefaultDialect", "Dialect", "register"]
