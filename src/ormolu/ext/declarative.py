"""The place of the declarative functions in the 1.x series; they live in `ormolu.orm`."""

from __future__ import annotations

from ormolu.orm.mapping import (
    DeclarativeMeta,
    as_declarative,
    declarative_base,
    declared_attr,
    has_inherited_table,
)

__all__ = [
    "DeclarativeMeta",
    "as_declarative",
    "declarative_base",
    "declared_attr",
    "has_inherited_table",
]
