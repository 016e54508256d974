"""The statements of a flush, and the generated functions that take their parameters from objects.

A form is one SQL text with one function `rows(dicts, …)`, which makes all parameter tuples of a
batch in a single comprehension, bind processors inlined::

    def rows(dicts):
        return [(d['name'], p1(d['born'])) for d in dicts]

Forms are made once per (mapper, set of columns, dialect) and kept in the engine's statement cache.
The text comes from the compiler, so that it reads as everybody else's. An INSERT of many rows
repeats the compiled row: ``INSERT INTO t (a, b) VALUES (?, ?), (?, ?) RETURNING id``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ormolu import codegen
from ormolu.compiler import Compiled
from ormolu.compiler.packing import converted_source
from ormolu.compiler.repeated import repeated_group
from ormolu.deferred import deferred
from ormolu.orm.flush.columns import TableColumns
from ormolu.sql import and_, any_, bindparam, delete, insert, update
from ormolu.types import CHAR, Integer, String, Uuid

if TYPE_CHECKING:
    from ormolu.compiler import statement as compiling
    from ormolu.engine.core import ConnectionCore
    from ormolu.orm.mapping.mapper import Mapper
    from ormolu.orm.mapping.relationship import Relationship
    from ormolu.schema import Table
else:
    compiling = deferred("ormolu.compiler.statement")

Rows = list[Any]
_KEY = "ormolu_key_"
_VERSION = "ormolu_version"
_POSITIONAL = frozenset({"qmark", "format", "numeric_dollar"})


class InsertForm:
    """One INSERT: `sql` for a row, `many(n)` for n rows, both with RETURNING if `returned`.

    `plain` is the text of one row without RETURNING, for `lastrowid` and `executemany`. `arrays`
    is the form that takes an array per column, None where the dialect has none for these columns.
    Its rows end with the attributes `matched`, which tell whose they are when the key is Python's.
    `blank` are the attributes that it leaves out and that become NULL.
    `store(dicts, rows)` writes what came back into the objects.
    """

    __slots__ = (
        "_head",
        "_row",
        "_style",
        "_tail",
        "_texts",
        "arrays",
        "blank",
        "converts_key",
        "matched",
        "multiple",
        "names",
        "plain",
        "returned",
        "row",
        "rows",
        "sql",
        "store",
        "store_key",
        "uses_lastrowid",
        "width",
    )

    def __init__(
        self,
        mapper: Mapper,
        columns: TableColumns,
        mask: int,
        dialect: Any,
        translate: Mapping[str | None, str | None] | None,
    ) -> None:
        self.names = names = columns.names_of(mask)
        self.blank = columns.blank_of(mask)
        keys = {columns.columns[name].key: name for name in names}
        compiled = _compile(insert(mapper.local_table), dialect, list(keys), translate)
        self.plain = compiled.sql
        final: Compiled | None = compiled
        if compiled.implicit_returning:
            final = None
            self.plain = self.plain[: self.plain.rindex(" RETURNING ")]
        self.width = len(compiled.binds)
        self.rows = _build_rows("insert rows", compiled, keys, "dicts", "d in dicts")
        self.row = _build_row("insert row", compiled, keys)
        self.returned = columns.returned_of(mask) if dialect.features.insert_returning else []
        returning = [columns.columns[name] for name in self.returned]
        self.sql = self.plain
        if returning:
            statement = insert(mapper.local_table).returning(*returning)
            final = _compile(statement, dialect, list(keys), translate)
            self.sql = final.sql
        self.matched: list[str] = []
        if returning and columns.generated not in self.returned:
            self.matched = _told_apart_by(mapper, columns, names, dialect)
            key = [columns.columns[name] for name in self.matched]
            statement = insert(mapper.local_table).returning(*returning, *key)
            final = _compile(statement, dialect, list(keys), translate) if key else None
        self.arrays: Any = None if final is None else dialect.array_insert(final, None)
        self.store = _build_store(self.returned, returning, dialect)
        generated = [columns.generated] if columns.generated is not None else []
        self.store_key = self.store
        if self.returned != generated:
            key_columns = [columns.columns[name] for name in generated]
            self.store_key = _build_store(generated, key_columns, dialect)
        self.converts_key = any(
            dialect.result_processor(columns.columns[name].type) is not None for name in generated
        )
        # A key from a sequence is asked for by RETURNING.
        self.uses_lastrowid = dialect.features.lastrowid and not compiled.implicit_returning
        self.multiple = (
            bool(names)
            and dialect.features.multivalues_insert
            and dialect.paramstyle in _POSITIONAL
        )
        self._style: str = dialect.paramstyle
        self._head, _, self._row = self.plain.partition(" VALUES ")
        self._tail = self.sql[len(self.plain) :]
        self._texts: dict[int, str] = {1: self.sql}

    def many(self, count: int) -> str:
        """The text for `count` rows."""
        text = self._texts.get(count)
        if text is None:
            if len(self._texts) > 8:
                self._texts = {1: self.sql}
            rows = repeated_group(self._row, count, self.width, self._style)
            text = self._texts[count] = f"{self._head} VALUES {rows}{self._tail}"
        return text

    def single(self, key: str, present: Sequence[str], always: Sequence[str]) -> SingleForm | None:
        """The form for one object that has the attributes `present`.

        None when the key is not all that is wanted of the database, or not as it is.
        """
        if self.returned != [key] or self.converts_key:
            return None
        unset = [name for name in always if name not in present]
        returns = not self.uses_lastrowid
        sql = self.sql if returns else self.plain
        return SingleForm(sql, key, unset, self.blank, self.row, returns)


def _told_apart_by(
    mapper: Mapper, columns: TableColumns, names: Sequence[str], dialect: Any
) -> list[str]:
    """The key's attributes if they are given and come back from the database as they went."""
    for name in mapper.pk_keys:
        type_ = columns.columns[name].type
        same = isinstance(type_, (Integer, String, Uuid)) and not isinstance(type_, CHAR)
        if name not in names or not same or dialect.bind_processor(type_) is not None:
            return []
        if dialect.result_processor(type_) is not None:
            return []
    return list(mapper.pk_keys)


class SingleForm:
    """The INSERT of one object of which only `key` comes back: `row(dict)` makes its parameters.

    `unset` names the attributes that the object doesn't have, which write NULL, and `blank` those
    that become NULL by being left out. The key `returns` as a row; else it is the outcome's
    `lastrowid`.
    """

    __slots__ = ("blank", "key", "returns", "row", "sql", "unset")

    def __init__(
        self,
        sql: str,
        key: str,
        unset: Sequence[str],
        blank: Sequence[str],
        row: Callable[[dict[str, Any]], Any],
        returns: bool,
    ) -> None:
        self.sql = sql
        self.key = key
        self.unset = unset
        self.blank = blank
        self.row = row
        self.returns = returns


class UpdateForm:
    """One UPDATE by primary key; `rows(dicts, keys, versions)` makes its parameters."""

    __slots__ = ("names", "rows", "sql")

    def __init__(
        self,
        mapper: Mapper,
        columns: TableColumns,
        names: Sequence[str],
        dialect: Any,
        translate: Mapping[str | None, str | None] | None,
    ) -> None:
        self.names = tuple(name for name in columns.columns if name in names)
        keys = {columns.columns[name].key: name for name in self.names}
        statement = update(mapper.local_table).where(_by_key(mapper, columns.version is not None))
        compiled = _compile(statement, dialect, list(keys), translate)
        self.sql = compiled.sql
        self.rows = _build_rows(
            "update rows", compiled, keys, "dicts, keys, versions", _row_loop(columns, dicts=True)
        )


class DeleteForm:
    """One DELETE, by default by primary key; `rows(keys, versions)` makes its parameters."""

    __slots__ = ("rows", "sql")

    def __init__(
        self,
        mapper: Mapper,
        columns: TableColumns,
        dialect: Any,
        translate: Mapping[str | None, str | None] | None,
        condition: Any = None,
    ) -> None:
        if condition is None:
            condition = _by_key(mapper, columns.version is not None)
        compiled = _compile(delete(mapper.local_table).where(condition), dialect, None, translate)
        self.sql = compiled.sql
        self.rows = _build_rows(
            "delete rows", compiled, {}, "keys, versions", _row_loop(columns, dicts=False)
        )


class Forms:
    """All statements of one mapper for one dialect, each made on first use."""

    __slots__ = (
        "_delete",
        "_delete_array",
        "_dialect",
        "_inserts",
        "_translate",
        "_updates",
        "columns",
        "mapper",
        "singles",
    )

    def __init__(
        self,
        mapper: Mapper,
        dialect: Any,
        translate: Mapping[str | None, str | None] | None = None,
    ) -> None:
        self.mapper = mapper
        self.columns = TableColumns(mapper)
        self._dialect = dialect
        self._translate = translate
        self._inserts: dict[int, InsertForm] = {}
        self._updates: dict[tuple[str, ...], UpdateForm] = {}
        self._delete: DeleteForm | None = None
        self._delete_array: DeleteForm | bool | None = False
        # By the names in an object's dict; None where one object takes the phases (`single.py`).
        self.singles: dict[tuple[str, ...], SingleForm | None] = {}

    def insert(self, mask: int) -> InsertForm:
        """The INSERT whose optional columns are the bits of `mask`."""
        form = self._inserts.get(mask)
        if form is None:
            form = self._inserts[mask] = InsertForm(
                self.mapper, self.columns, mask, self._dialect, self._translate
            )
        return form

    def update(self, names: tuple[str, ...]) -> UpdateForm:
        """The UPDATE of these attributes, in whatever order they are named."""
        form = self._updates.get(names)
        if form is None:
            form = UpdateForm(self.mapper, self.columns, names, self._dialect, self._translate)
            form = self._updates[names] = self._updates.setdefault(form.names, form)
        return form

    def delete(self) -> DeleteForm:
        """The DELETE of one row."""
        if self._delete is None:
            self._delete = DeleteForm(self.mapper, self.columns, self._dialect, self._translate)
        return self._delete

    def delete_array(self) -> DeleteForm | None:
        """The DELETE of many rows whose keys are one array; None where there is none."""
        form = self._delete_array
        if isinstance(form, bool):
            condition = _by_array(self.mapper, self.columns, self._dialect)
            if condition is None:
                form = None
            else:
                form = DeleteForm(
                    self.mapper, self.columns, self._dialect, self._translate, condition
                )
            self._delete_array = form
        return form


def forms_of(core: ConnectionCore, mapper: Mapper) -> Forms:
    """The statements of a mapper on this connection's engine."""
    key: Hashable = ("flush", mapper)
    translate = None
    if core.execution_options:
        translate = core.execution_options.get("schema_translate_map")
        if translate:
            key = ("flush", mapper, tuple(translate.items()))
    cache = core.engine.cache
    forms: Forms | None = cache.get(key)
    if forms is None:
        forms = cache[key] = Forms(mapper, core.dialect, translate)
    return forms


def link_statement(
    core: ConnectionCore, rel: Relationship, keys: Sequence[str], *, delete_rows: bool
) -> tuple[str, Callable[[Rows], Rows]]:
    """INSERT or DELETE of association rows: the text, and from dicts of values to parameters."""
    translate = core.execution_options.get("schema_translate_map")
    key = ("flush links", rel, delete_rows, tuple(translate.items()) if translate else None)
    made: tuple[str, Callable[[Rows], Rows]] | None = core.engine.cache.get(key)
    if made is None:
        statement, names = _link_form(rel.secondary, keys, delete_rows)
        given = None if delete_rows else list(keys)
        compiled = _compile(statement, core.dialect, given, translate)
        made = compiled.sql, _build_rows("link rows", compiled, names, "dicts", "d in dicts")
        core.engine.cache[key] = made
    return made


def _link_form(table: Table, keys: Sequence[str], delete_rows: bool) -> tuple[Any, dict[str, str]]:
    if not delete_rows:
        return insert(table), {key: key for key in keys}
    conditions = [table.c[key] == bindparam(_KEY + key, type_=table.c[key].type) for key in keys]
    return delete(table).where(and_(*conditions)), {_KEY + key: key for key in keys}


def _compile(
    statement: Any,
    dialect: Any,
    keys: list[str] | None,
    translate: Mapping[str | None, str | None] | None,
) -> Compiled:
    return compiling.compile_statement(
        statement, dialect, column_keys=keys, schema_translate_map=translate
    )


def _by_key(mapper: Mapper, versioned: bool) -> Any:
    conditions = [
        column == bindparam(f"{_KEY}{i}", type_=column.type)
        for i, column in enumerate(mapper.primary_key)
    ]
    if versioned:
        column = mapper.version_id_col
        conditions.append(column == bindparam(_VERSION, type_=column.type))
    return and_(*conditions)


def _by_array(mapper: Mapper, columns: TableColumns, dialect: Any) -> Any:
    """The condition that a key is in an array; None where rows are to be deleted one by one.

    A table that refers to itself has an order in which its rows may go.
    """
    table = mapper.local_table
    if (
        len(mapper.primary_key) > 1
        or columns.version is not None
        or any(key.references(table) for key in table.foreign_keys)
    ):
        return None
    (column,) = mapper.primary_key
    array = dialect.key_array(column.type)
    return None if array is None else column == any_(bindparam(f"{_KEY}0", type_=array))


def _row_loop(columns: TableColumns, *, dicts: bool) -> str:
    names = ["d"] * dicts + ["k"] + ["v"] * (columns.version is not None)
    lists = ["dicts"] * dicts + ["keys"] + ["versions"] * (columns.version is not None)
    if len(names) == 1:
        return f"{names[0]} in {lists[0]}"
    return f"{', '.join(names)} in zip({', '.join(lists)})"


def _build_rows(
    name: str, compiled: Compiled, attributes: Mapping[str, str], arguments: str, loop: str
) -> Callable[..., Rows]:
    """Generate the function that makes the parameters of every row of a batch."""
    scope: dict[str, Any] = {}
    row = _row_source(compiled, attributes, scope)
    source = f"def rows({arguments}):\n    return [{row} for {loop}]\n"
    return codegen.build(name, source, scope)


def _build_row(
    name: str, compiled: Compiled, attributes: Mapping[str, str]
) -> Callable[[dict[str, Any]], Any]:
    """Generate the function that makes the parameters of one row."""
    scope: dict[str, Any] = {}
    source = f"def row(d):\n    return {_row_source(compiled, attributes, scope)}\n"
    return codegen.build(name, source, scope)


def _row_source(compiled: Compiled, attributes: Mapping[str, str], scope: dict[str, Any]) -> str:
    """The expression of one row's parameters; what it refers to goes into `scope`."""
    composite = any(slot.key == f"{_KEY}1" for slot in compiled.binds)
    values = [
        _value(i, slot, attributes, composite, compiled, scope)
        for i, slot in enumerate(compiled.binds)
    ]
    if compiled.dialect.paramstyle in ("named", "pyformat"):
        pairs = zip(compiled.binds, values, strict=True)
        return "{" + ", ".join(f"{slot.name!r}: {value}" for slot, value in pairs) + "}"
    return f"({', '.join(values)}{',' if len(values) == 1 else ''})"


def _value(
    i: int,
    slot: Any,
    attributes: Mapping[str, str],
    composite: bool,
    compiled: Compiled,
    scope: dict[str, Any],
) -> str:
    if slot.key in attributes:
        value = f"d[{attributes[slot.key]!r}]"
    elif slot.key == _VERSION:
        value = "v"
    elif slot.key is not None and slot.key.startswith(_KEY):
        value = f"k[{slot.key[len(_KEY) :]}]" if composite else "k"
    else:  # a value inside a default's SQL expression
        scope[f"c{i}"] = slot.peek(compiled.statement._binds, {})
        value = f"c{i}"
    if slot.processor is None:
        return value
    return converted_source(value, i, slot.processor, scope)


def _build_store(
    names: Sequence[str], columns: Sequence[Any], dialect: Any
) -> Callable[[list[dict[str, Any]], Iterable[Any]], None]:
    """Generate the function that stores returned values in the objects' dicts."""
    scope: dict[str, Any] = {}
    lines = ["def store(dicts, rows):"]
    if names:
        unpacked = "".join(f"r{i}, " for i in range(len(names)))
        lines.append(f"    for d, ({unpacked}) in zip(dicts, rows):")
    else:
        lines.append("    pass")
    for i, (name, column) in enumerate(zip(names, columns, strict=True)):
        converter = dialect.result_processor(column.type)
        if converter is not None:
            scope[f"f{i}"] = converter
        lines.append(f"        d[{name!r}] = {f'r{i}' if converter is None else f'f{i}(r{i})'}")
    return codegen.build("insert store", "\n".join(lines) + "\n", scope)
