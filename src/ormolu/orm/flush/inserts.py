"""*execute*, INSERT: many rows per statement, and the keys that come back.

One `INSERT … VALUES (…), (…), … RETURNING id` gives the keys of a whole batch. The standard and
SQLite's manual (https://sqlite.org/lang_returning.html, "limitations") leave the order of returned
rows open, so it is not relied on: the keys that an autoincrement column makes for the rows of one
INSERT ascend in the order of its VALUES, so the sorted result is in the order of the objects.
Other generated values (a `server_default` beside a key that Python made) have no such order to
sort by; these rows are inserted one at a time, or matched by their keys in the form with arrays. So
are those whose key counts down, or starts again.

Where nothing comes back, one `executemany` takes all rows. A single row with nothing but its key
to learn reads `lastrowid`, and its text has no RETURNING.

Where the database takes a column's values as an array, an INSERT is one statement for thousands of
rows, whether keys come back or not; what can't be sent so goes by a statement per row, in one round
trip if the driver has pipelines. Otherwise the number of rows per statement is bounded by the
dialect's limit on variables and by `_ROWS`: beyond a few hundred rows a longer statement costs more
to prepare than it saves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ormolu.deferred import deferred
from ormolu.engine.execution import execute_plan
from ormolu.engine.plans import batch_plan, executemany_plan, fetch_plan, run_plan
from ormolu.orm import exc as orm_exc
from ormolu.orm.flush.actions import InsertRows
from ormolu.orm.flush.columns import DefaultContext, Dicts, TableColumns
from ormolu.orm.flush.defaults import fill_blank, fill_defaults, first_versions
from ormolu.orm.flush.execution import Execution
from ormolu.orm.flush.statements import Forms, InsertForm, forms_of
from ormolu.orm.instances.state import NO_VALUE, Private
from ormolu.sql import insert
from ormolu.sql.node import Node

if TYPE_CHECKING:
    from ormolu.engine.core import ConnectionCore
    from ormolu.io.plan import Plan
    from ormolu.orm.flush import failures
else:
    failures = deferred("ormolu.orm.flush.failures")

_ROWS = 200
_ARRAY_ROWS = 2000
PLAIN = frozenset(
    {int, str, float, bool, bytes, type(None), date, datetime, Decimal, list, dict, Private}
)


def insert_rows_plan(run: Execution, core: ConnectionCore, action: InsertRows) -> Plan[None]:
    """Insert one row per object of `action`."""
    forms = forms_of(core, action.mapper)
    columns = forms.columns
    dicts = [obj.__dict__ for obj in action.objects]
    if columns.defaults:
        context = DefaultContext(columns.columns, core.dialect)
        fill_defaults(columns, dicts, context, run.undo)
    if columns.version is not None:
        first_versions(columns, dicts, run.undo)
    if columns.asked and not core.dialect.features.insert_returning:
        yield from _insert_asking_plan(run, core, forms, dicts)
    elif is_expression(chain.from_iterable(map(dict.values, dicts))):
        yield from _insert_with_expressions_plan(run, core, forms, dicts)
    else:
        masks = columns.masks(dicts)
        if len(masks) == 1 or masks.count(masks[0]) == len(masks):
            yield from _insert_batch_plan(run, core, columns, forms.insert(masks[0]), dicts)
        else:
            yield from _insert_values_plan(run, core, forms, dicts)
    run.inserted.append((action.mapper, action.objects, dicts))


def _insert_asking_plan(
    run: Execution, core: ConnectionCore, forms: Forms, dicts: Dicts
) -> Plan[None]:
    """Rows with keys that SQL expressions make: nothing tells them but a question before.

    One by one, since the next key may depend on the row before it (``max(id) + 1``).
    """
    for own in dicts:
        for name, default in forms.columns.asked.items():
            if own.get(name) is None:
                result = yield from execute_plan(core, default.question)
                run.undo.append((own, name, own.get(name, NO_VALUE)))
                own[name] = result.scalar()
        yield from _insert_with_expressions_plan(run, core, forms, [own])


def is_expression(values: Iterable[Any]) -> bool:
    """Whether any of the values is an SQL expression; asks each type once."""
    kinds = list(map(type, values))
    if PLAIN.issuperset(kinds):
        return False
    for kind in set(kinds) - PLAIN:
        if issubclass(kind, Node) or hasattr(kind, "__clause_element__"):
            return True
    return False


def _insert_values_plan(
    run: Execution, core: ConnectionCore, forms: Forms, dicts: Dicts
) -> Plan[None]:
    masks = forms.columns.masks(dicts)
    # Neighbours with equal columns form a batch: generated keys follow the order of the objects.
    for mask, neighbours in groupby(zip(masks, dicts, strict=True), itemgetter(0)):
        batch = [own for _, own in neighbours]
        yield from _insert_batch_plan(run, core, forms.columns, forms.insert(mask), batch)


def _insert_batch_plan(
    run: Execution, core: ConnectionCore, columns: TableColumns, form: InsertForm, dicts: Dicts
) -> Plan[None]:
    rows = _rows(columns, form, dicts)
    if form.blank:
        fill_blank(form.blank, dicts, run.undo)
    generated = columns.generated
    counted = generated in form.returned and columns.ascending
    sortable = counted or form.matched or not form.returned
    if form.arrays is not None and sortable and len(rows) > 1 and form.arrays.uniform(rows):
        yield from _insert_arrays_plan(run, core, columns, form, dicts, rows)
        return
    keyless = not form.returned and generated is not None and generated not in form.names
    if keyless or (len(dicts) == 1 and form.returned == [generated] and form.uses_lastrowid):
        run.generated.append((dicts, [generated] if generated else []))
        if len(rows) == 1:
            outcomes = [(yield from run_plan(core, form.plain, rows[0]))]
        else:
            outcomes = yield from batch_plan(core, [(form.plain, row) for row in rows])
        form.store_key(dicts, [(outcome.lastrowid,) for outcome in outcomes])
    elif not form.returned:
        if len(rows) == 1:
            yield from run_plan(core, form.sql, rows[0])
        else:
            yield from executemany_plan(core, form.sql, rows)
    else:
        run.generated.append((dicts, form.returned))
        size = _batch_size(core, form) if counted else 1
        if size == 1 and len(rows) > 1 and core.dialect.features.pipelines:
            yield from _insert_pipelined_plan(core, form, dicts, rows)
            return
        for start in range(0, len(rows), size):
            part = rows[start : start + size]
            packed = part[0] if len(part) == 1 else tuple(chain.from_iterable(part))
            found = yield from fetch_plan(core, form.many(len(part)), packed)
            check_all_came_back(len(part), found)
            if size > 1:
                found.sort(key=itemgetter(form.returned.index(generated)))  # type: ignore[arg-type]
            form.store(dicts[start : start + size], found)


def _insert_pipelined_plan(
    core: ConnectionCore, form: InsertForm, dicts: Dicts, rows: list[Any]
) -> Plan[None]:
    """Insert rows by a statement each, many of which share a round trip."""
    for start in range(0, len(rows), _ARRAY_ROWS):
        part = rows[start : start + _ARRAY_ROWS]
        outcomes = yield from batch_plan(core, [(form.sql, row) for row in part])
        found = [row for outcome in outcomes for row in outcome.rows or ()]
        check_all_came_back(len(part), found)
        form.store(dicts[start : start + _ARRAY_ROWS], found)


def _insert_arrays_plan(
    run: Execution,
    core: ConnectionCore,
    columns: TableColumns,
    form: InsertForm,
    dicts: Dicts,
    rows: list[Any],
) -> Plan[None]:
    """Insert rows by statements that take an array per column."""
    run.generated.append((dicts, form.returned))
    for start in range(0, len(rows), _ARRAY_ROWS):
        part = rows[start : start + _ARRAY_ROWS]
        sql, packed = form.arrays.text(len(part)), form.arrays.packed(part)
        if not form.returned:
            yield from run_plan(core, sql, packed)
            continue
        found = yield from fetch_plan(core, sql, packed)
        check_all_came_back(len(part), found)
        inserted = dicts[start : start + _ARRAY_ROWS]
        if form.matched:
            found = _matched(form.matched, inserted, found)
        else:
            found.sort(key=itemgetter(form.returned.index(columns.generated)))  # type: ignore[arg-type]
        form.store(inserted, found)


def check_all_came_back(expected: int, found: Sequence[Any]) -> None:
    """Raise `FlushError` when rows are missing: nobody knows then whose the others are."""
    if len(found) != expected:
        raise orm_exc.FlushError(
            f"The database gave back {len(found)} rows for {expected} new objects: a trigger or a "
            "rule left some out. Insert them with insert() statements, whose rows may be fewer"
        )


def _matched(names: list[str], dicts: Dicts, found: list[tuple[Any, ...]]) -> list[Any]:
    """The rows in the order of the objects, by the key that each row ends with.

    Raises `FlushError` when an object's key is not among them.
    """
    width = len(names)
    row_of = {row[-width:]: row[:-width] for row in found}
    try:
        return [row_of[tuple([own[name] for name in names])] for own in dicts]
    except KeyError as error:
        raise orm_exc.FlushError(
            f"The database stored another primary key than the {error} of a new object, perhaps by "
            "a trigger; insert such objects without giving them a key"
        ) from error


def _rows(columns: TableColumns, form: InsertForm, dicts: Dicts) -> list[Any]:
    try:
        return form.rows(dicts)
    except KeyError:
        columns.fill(dicts)
    except Exception as error:
        raise failures.conversion_error(
            error, form.sql, [(own,) for own in dicts], form.rows
        ) from error
    try:
        return form.rows(dicts)
    except Exception as error:
        raise failures.conversion_error(
            error, form.sql, [(own,) for own in dicts], form.rows
        ) from error


def _batch_size(core: ConnectionCore, form: InsertForm) -> int:
    if not form.multiple:
        return 1
    return max(1, min(_ROWS, core.dialect.features.max_binds // max(1, form.width)))


def _insert_with_expressions_plan(
    run: Execution, core: ConnectionCore, forms: Forms, dicts: Dicts
) -> Plan[None]:
    """Rows among which SQL expressions stand as values: neighbours without one still batch."""
    for special, group in groupby(dicts, key=lambda own: is_expression(own.values())):
        batch = list(group)
        if not special:
            yield from _insert_values_plan(run, core, forms, batch)
            continue
        for own in batch:
            yield from _insert_expressions_plan(run, core, forms, own)


def _insert_expressions_plan(
    run: Execution, core: ConnectionCore, forms: Forms, own: dict[str, Any]
) -> Plan[None]:
    columns = forms.columns
    columns.fill([own])
    mask = columns.masks([own])[0]
    names = columns.names_of(mask)
    values = {columns.columns[name].key: own[name] for name in names}
    fill_blank(columns.blank_of(mask), [own], run.undo)
    made = [name for name in names if is_expression([own[name]])]
    fetched = _fetched(core, forms, own, {*made, *columns.returned_of(mask)})
    statement = insert(forms.mapper.local_table).values(values)
    if fetched:
        statement = statement.returning(*[columns.columns[name] for name in fetched])
    result = yield from execute_plan(core, statement)
    run.undo += [(own, name, own[name]) for name in made]
    for name in made:
        del own[name]
    if fetched:
        found = result.all()
        check_all_came_back(1, found)
        run.generated.append(([own], fetched))
        own.update(zip(fetched, found[0], strict=True))
        return
    key = result.inserted_primary_key
    for name, value in zip(forms.mapper.pk_keys, _parts(key, forms), strict=True):
        if own.get(name) is None:
            run.generated.append(([own], [name]))
            own[name] = value


def _fetched(
    core: ConnectionCore, forms: Forms, own: dict[str, Any], made: Collection[str]
) -> list[str]:
    """The attributes that RETURNING brings, of those that the database made and of the key.

    Empty where it can't, and where `eager_defaults=False` asks for nothing but the key.
    """
    mapper = forms.mapper
    wanted = mapper.eager_defaults is not False and mapper.local_table.implicit_returning
    if not wanted or not core.dialect.features.insert_returning:
        return []
    missing = [name for name in mapper.pk_keys if own.get(name) is None]
    return [name for name in forms.columns.columns if name in made or name in missing]


def _parts(key: Any, forms: Forms) -> Iterator[Any]:
    if key is None:
        raise orm_exc.FlushError(
            f"The primary key of a new {forms.mapper.class_.__name__} can't be learned after an "
            "INSERT with SQL expressions; give its primary key a value"
        )
    return iter(key)
