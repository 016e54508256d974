"""Loads under a ``schema_translate_map``.

The texts of such a connection have other schemas, so that they are other entries of the statement
cache. Whatever compiles or looks up a load asks here for both, where the connection has options.
"""

from __future__ import annotations

import copy
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from ormolu.deferred import deferred

if TYPE_CHECKING:
    from ormolu.compiler import statement as compiling
    from ormolu.compiler.compiled import Compiled
else:
    compiling = deferred("ormolu.compiler.statement")

__all__ = ["TRANSLATE", "cache_of", "compiled_load", "dialect_of"]

TRANSLATE = "schema_translate_map"


class _TranslatedLoads:
    """The part of an engine's statement cache that one map has."""

    __slots__ = ("_cache", "_map")

    def __init__(self, cache: Any, translate: Mapping[str | None, str | None]) -> None:
        self._cache = cache
        self._map = (TRANSLATE, frozenset(translate.items()))

    def get(self, key: Hashable) -> Any:
        return self._cache.get((self._map, key))

    def __setitem__(self, key: Hashable, value: Any) -> None:
        self._cache[self._map, key] = value


def cache_of(core: Any) -> Any:
    """The cache of a connection's loads: the engine's, or its map's part of that."""
    options = core.execution_options
    translate = options.get(TRANSLATE) if options else None
    return _TranslatedLoads(core.engine.cache, translate) if translate else core.engine.cache


def dialect_of(core: Any) -> Any:
    """The dialect that a connection's loads are compiled for: it knows the map in force."""
    options = core.execution_options
    translate = options.get(TRANSLATE) if options else None
    if not translate:
        return core.dialect
    dialect = copy.copy(core.dialect)
    dialect.schema_translate_map = translate
    return dialect


def compiled_load(statement: Any, dialect: Any) -> Compiled:
    """Compile the statement of a load for a dialect that `dialect_of` gave."""
    return compiling.compile_statement(
        statement, dialect, schema_translate_map=dialect.schema_translate_map
    )
