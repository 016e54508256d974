"""The prepared form of a statement: its compiled form, and what all its executions share.

Found by the statement's key in the engine's cache; made once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .. import codegen
from ..compiler.compiled import Compiled, ResultColumn
from ..deferred import deferred
from ..io.outcome import Description
from ..sql.keys import normalise
from ..types import NULLTYPE
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

    ``layout`` is None where only the driver knows the columns: of a text, and of a SELECT that
    some are written in as text. ``convert`` turns driver rows into result rows; None when there is
    nothing to convert. ``fetches`` tells a SELECT of which nothing but the rows is wanted.
    """

    __slots__ = ("_described", "_multirow", "compiled", "convert", "fetches", "layout")

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self._described: tuple[Description | None, Layout | None, Convert | None]
        self._described = None, None, None
        columns = compiled.columns
        known = bool(columns) and not any(is_textual(column) for column in columns)
        self.layout = (
            Layout([c.name for c in columns], [c.keys for c in columns]) if known else None
        )
        self.convert = build_converter(compiled.dialect, columns) if known else None
        self.fetches = compiled.kind == "select" and known
        self._multirow: MultiRow | bool | None = False

    @property
    def multirow(self) -> MultiRow | None:
        """How an INSERT is written for many rows; None when it can't be."""
        if isinstance(self._multirow, bool):
            self._multirow = multirows.multirow_of(self.compiled)
        return self._multirow

    def describe(self, description: Description) -> tuple[Layout, Convert | None]:
        """Return the layout and the converter that a driver's description means."""
        # The driver makes the same description each time: comparing it is quicker than reading it.
        known, layout, convert = self._described
        if layout is None or known != description:
            columns = columns_described(self.compiled.columns, description)
            layout = Layout(
                [name for name, _ in columns], [c.keys if c else () for _, c in columns]
            )
            convert = build_converter(self.compiled.dialect, [column for _, column in columns])
            self._described = description, layout, convert
        return layout, convert


def is_textual(column: ResultColumn) -> bool:
    """Say whether a column of a SELECT is text, which may be several columns, or ``*``."""
    element = column.element
    kind = getattr(element, "__visit_name__", "")
    if kind == "column":
        return bool(element.is_literal) and ("," in element.name or "*" in element.name)
    return kind == "textclause"


def columns_described(
    columns: Sequence[ResultColumn], description: Description
) -> list[tuple[str, ResultColumn | None]]:
    """Return the names in a driver's description, each with the column of the statement it is.

    By position when there are as many as in the statement, else by name; None is what only the
    text knows.
    """
    names: list[str] = [entry[0] for entry in description]
    if len(names) == len(columns):
        return [
            (name, None) if is_textual(column) else (column.name, column)
            for name, column in zip(names, columns, strict=True)
        ]
    named = {column.name: column for column in columns if not is_textual(column)}
    return [(name, named.get(name)) for name in names]


def build_converter(dialect: Any, columns: Sequence[ResultColumn | None]) -> Convert | None:
    """Generate the function that converts the columns that need it, None when none does."""
    namespace: dict[str, Any] = {}
    values: list[str] = []
    for index, column in enumerate(columns):
        converter, none_safe = dialect.result_converter(NULLTYPE if column is None else column.type)
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
        found: Prepared | None = cache.young.get(key)
        if found is None and key is not None:
            found = cache.get(key)
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
