"""The import path ``ormolu.orm.util``, as SQLAlchemy's documentation has it; re-exports only."""

from __future__ import annotations

from ormolu.orm.mapping.aliased import AliasedClass, aliased
from ormolu.orm.mapping.cascade import CascadeOptions
from ormolu.orm.mapping.comparators import with_parent
from ormolu.orm.session.helpers import identity_key, object_session, was_deleted

__all__ = [
    "AliasedClass",
    "CascadeOptions",
    "aliased",
    "identity_key",
    "object_session",
    "was_deleted",
    "with_parent",
]
