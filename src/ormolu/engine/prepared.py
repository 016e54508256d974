"""The prepared form of a statement: its compiled form, and what all its executions share.

Found by the statement's key in the engine's cache; made once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .. import codegen
from ..compiler.compiled import Compiled
from ..deferred import deferred
from ..io.outcome import Description
from ..sql.keys import normalise
from .core import ConnectionCore, EngineCore
from .row import Layout

if TYPE_CHECKING:
    from ..compiler import statement as compiling
    from . import multirow as multirows
    from .multirow import MultiRow
else:
    compiling = deferred("ormolu.compiler.statement")
    multirows = deferred("ormolu.engine.multirow")

Rows = list[tuple[Any, ...]]
Convert = Callable[[Rows], Rows]


class Prepared:
    """A compiled statement with what its executions share.

    ``described`` is the driver's description of a text's last execution, and the layout it means:
    only the driver knows the columns of a text.
    ``convert`` turns driver rows into result rows; None when there is nothing to convert.
    """

    __slots__ = ("_multirow", "compiled", "convert", "described", "layout")

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.described: tuple[Description | None, Layout | None] = (None, None)
        columns = compiled.columns
        self.layout = (
            Layout([c.name for c in columns], [c.keys for c in columns]) if columns else None
        )
        self.convert = build_converter(compiled) if columns else None
        self._multirow: MultiRow | bool | None = False

    @property
    def multirow(self) -> MultiRow | None:
        """How an INSERT is written for many rows; None when it can't be."""
        if isinstance(self._multirow, bool):
            self._multirow = multirows.multirow_of(self.compiled)
        return self._multirow


def build_converter(compiled: Compiled) -> Convert | None:
    """Generate the function that converts the columns that need it, None when none does."""
    dialect: Any = compiled.dialect
    namespace: dict[str, Any] = {}
    values: list[str] = []
    for index, column in enumerate(compiled.columns):
        converter, none_safe = dialect.result_converter(column.type)
        name = f"c{index}"
        if converter is None:
            values.append(name)
            continue
        namespace[f"f{index}"] = converter
        call = f"f{index}({name})"
        values.append(call if none_safe else f"(None if {name} is None else {call})")
    if not namespace:
        return None
    names = "".join(f"c{index}, " for index in range(len(values)))
    source = f"def convert(rows):\n    return [({', '.join(values)},) for ({names}) in rows]\n"
    convert: Convert = codegen.build("convert", source, namespace)
    return convert


def prepared_for(
    owner: ConnectionCore | EngineCore,
    statement: Any,
    column_keys: tuple[str, ...] | None = None,
    schema_translate_map: Mapping[str | None, str | None] | None = None,
) -> Prepared:
    """Return the prepared form of a statement, from the engine's cache when it is there.

    :param column_keys: the names of the parameters that an INSERT or UPDATE is executed with.
    """
    cache = owner.engine.cache
    if column_keys is None and not schema_translate_map and not statement._anon:
        # What most statements come to, without the call.
        key: Any = statement._key
        found: Prepared | None = None if key is None else cache.get(key)
        if found is not None and not found.compiled.shared:
            return found
    return prepared_in(cache, owner, statement, column_keys, schema_translate_map)


def prepared_in(
    cache: Any,
    owner: ConnectionCore | EngineCore,
    statement: Any,
    column_keys: tuple[str, ...] | None = None,
    schema_translate_map: Mapping[str | None, str | None] | None = None,
    *,
    tells_apart: bool = False,
) -> Prepared:
    """Return the prepared form of a statement, from ``cache`` when it is there.

    :param cache: the engine's, or a dictionary (the execution option ``compiled_cache``).
    :param tells_apart: as of `compile_statement`.
    """
    key: Any = statement._key
    if key is not None and statement._anon:
        key = normalise(key)
    if key is None:
        return _prepare(owner, statement, column_keys, schema_translate_map, tells_apart)
    if column_keys is not None:
        key = (key, column_keys)
    if tells_apart:
        key = (key, "tells_apart")
    if schema_translate_map:
        key = (key, "schema_translate_map", frozenset(schema_translate_map.items()))
    found: Prepared | None = cache.get(key)
    if found is not None:
        if not found.compiled.shared or found.compiled.matches(statement._binds):
            return found
        # The same text, but one bind node stands at several places: a form of its own.
        key = (key, "shared", _sharing(statement._binds))
        found = cache.get(key)
        if found is not None:
            return found
    fresh = _prepare(owner, statement, column_keys, schema_translate_map, tells_apart)
    cache[key] = fresh
    return fresh


def compiled_for(
    owner: ConnectionCore | EngineCore,
    statement: Any,
    column_keys: tuple[str, ...] | None = None,
) -> Compiled:
    """Return the compiled form of a statement, from the cache when it is there."""
    return prepared_for(owner, statement, column_keys).compiled


def _prepare(
    owner: ConnectionCore | EngineCore,
    statement: Any,
    column_keys: tuple[str, ...] | None,
    schema_translate_map: Mapping[str | None, str | None] | None,
    tells_apart: bool,
) -> Prepared:
    started = time.perf_counter()
    compiled = compiling.compile_statement(
        statement,
        owner.dialect,
        column_keys=column_keys,
        schema_translate_map=schema_translate_map,
        tells_apart=tells_apart,
    )
    prepared = Prepared(compiled)
    log = owner.engine.log
    if log.enabled:
        log.generated(compiled.sql, time.perf_counter() - started)
    return prepared


def _sharing(binds: Sequence[Any]) -> Hashable:
    """Return, for each bind, the index at which its node stands first."""
    first: dict[int, int] = {}
    return tuple(first.setdefault(id(bind), index) for index, bind in enumerate(binds))
