"""The default dialect: standard SQL with ``:name`` binds, for ``str(statement)``."""

from __future__ import annotations

from typing import Any

from ormolu.compiler.compiled import Compiled
from ormolu.compiler.features import Features
from ormolu.compiler.statement import compile_statement
from ormolu.dialects.base import Dialect
from ormolu.sql import stringify

__all__ = ["DefaultDialect"]


class DefaultDialect(Dialect):
    """Compiles what every database has in common; it connects to none.

    It accepts what only some databases do (RETURNING, several rows in VALUES), since what it writes is
    for a reader.
    """

    features = Features(
        insert_returning=True,
        update_returning=True,
        delete_returning=True,
        multivalues_insert=True,
        default_values=True,
        identity_columns=True,
        sequences=True,
        comments=True,
    )
