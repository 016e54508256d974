"""INSERT, UPDATE and DELETE over mapped classes by ``session.execute``.

Three forms: rows given as dicts of attribute names (``insert(User), [{...}, ...]``), updates by
primary key given likewise, and updates or deletes by criteria. The last two may meet objects that
the session holds; ``synchronize_session`` says how these follow:

    evaluate   the criteria are evaluated in Python, on the objects
    fetch      the database tells which rows it met (RETURNING, or a SELECT before)
    auto       evaluate where Python can, else fetch
    False      they don't follow
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ormolu import exc
from ormolu.engine.core import ConnectionCore
from ormolu.engine.cursor import CursorResult
from ormolu.engine.execution import execute_plan
from ormolu.io.plan import Plan
from ormolu.orm.flush.columns import version_generator, version_name
from ormolu.sql import select

from .bulk_updates import update_by_key_plan
from .connections import connection_plan
from .evaluator import UnevaluatableError
from .returned import has_entities, returned_result
from .synchronize import (
    apply_delete,
    apply_update,
    by_keys,
    condition_of,
    evaluated,
    note_updated,
    strategy_of,
)

if TYPE_CHECKING:
    from .core import SessionBase

AnyParams = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
Options = Mapping[str, Any] | None
Row = dict[str, Any]


def bulk_dml_plan(
    session: SessionBase,
    statement: Any,
    params: AnyParams,
    options: Options,
    bind_arguments: Options,
) -> Plan[Any]:
    """Run an ORM INSERT, UPDATE or DELETE.

    :raises ArgumentError: for an unknown ``synchronize_session``.
    :raises InvalidRequestError: when an update by primary key lacks it.
    """
    mapper = mapper_of(statement)
    wanted = {**statement.get_execution_options(), **(options or {})}
    core = yield from connection_plan(
        session,
        (bind_arguments or {}).get("mapper", mapper),
        bind=(bind_arguments or {}).get("bind"),
    )
    if statement.is_insert:
        return (yield from _insert_plan(session, core, mapper, statement, params, wanted))
    if statement.is_update and isinstance(params, (list, tuple)) and not statement._where:
        return (yield from update_by_key_plan(session, core, mapper, params, statement))
    return (yield from _criteria_plan(session, core, mapper, statement, params, wanted))


def mapper_of(statement: Any) -> Any:
    """The mapper of the class that the statement writes to, or whose objects it returns.

    :raises InvalidRequestError: when there is none.
    """
    for entity in (statement._entity, *statement._returning):
        mapper = getattr(entity, "mapper", None) or getattr(entity, "parent", None)
        if mapper is not None:
            return mapper
    raise exc.InvalidRequestError(f"No mapped class is named in {statement}")


def plain(statement: Any, mapper: Any, **changes: Any) -> Any:
    """The Core statement of an ORM one: attribute names become those of their columns."""
    if not statement.is_delete:
        changes["_keys"] = tuple([column_key(mapper, key) for key in statement._keys])
    if statement.is_insert and statement._multi_keys:
        changes["_multi_keys"] = tuple(
            [tuple([column_key(mapper, key) for key in row]) for row in statement._multi_keys]
        )
    lowered = statement._copy(_entity=None, **changes)
    lowered._plugin = None
    return lowered


def column_key(mapper: Any, name: str) -> str:
    """The column's key for an attribute's name; unknown names are left to the compiler."""
    column = mapper.columns.get(name)
    return name if column is None else column.key


def column_rows(mapper: Any, rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Rows of attribute names as rows of column keys; the same ones where nothing differs."""
    renamed = {key: column.key for key, column in mapper.columns.items() if key != column.key}
    if not renamed:
        return rows
    return [{renamed.get(key, key): value for key, value in row.items()} for row in rows]


def first_versions(mapper: Any, rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Rows to be inserted, with their first version where the mapper makes versions."""
    name, make = version_name(mapper), version_generator(mapper)
    if name is None or make is None:
        return rows
    return [{**row, name: make(None)} for row in rows]


# -- insert ----------------------------------------------------------------------------------


def _insert_plan(
    session: SessionBase,
    core: ConnectionCore,
    mapper: Any,
    statement: Any,
    params: AnyParams,
    options: Mapping[str, Any],
) -> Plan[Any]:
    if isinstance(params, Mapping):
        params = column_rows(mapper, first_versions(mapper, [params]))[0]
    elif params is not None:
        params = column_rows(mapper, first_versions(mapper, params))
    asked = statement._returning
    if not has_entities(asked):
        lowered = plain(statement, mapper)
        return (yield from _in_batches_plan(core, lowered, params, options))
    lowered = plain(statement, mapper, _returning=statement._selected)
    result = yield from _in_batches_plan(core, lowered, params, options)
    overwrite = bool(options.get("populate_existing"))
    return returned_result(session, asked, result.all(), overwrite)


def _in_batches_plan(
    core: ConnectionCore, statement: Any, params: AnyParams, options: Mapping[str, Any]
) -> Plan[Any]:
    """Run an INSERT; rows with different keys go in runs of equal keys, in their order."""
    if not isinstance(params, (list, tuple)) or len({frozenset(row) for row in params}) < 2:
        return (yield from execute_plan(core, statement, params, options))
    results = []
    for batch in _runs(params):
        results.append((yield from execute_plan(core, statement, batch, options)))
    if statement._returning:
        first, *others = results
        return first.merge(*others)
    return results[-1]


def _runs(rows: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    batches: list[list[Mapping[str, Any]]] = []
    for row in rows:
        if batches and batches[-1][0].keys() == row.keys():
            batches[-1].append(row)
        else:
            batches.append([row])
    return batches


# -- update and delete by criteria -----------------------------------------------------------


def _criteria_plan(
    session: SessionBase,
    core: ConnectionCore,
    mapper: Any,
    statement: Any,
    params: AnyParams,
    options: Mapping[str, Any],
) -> Plan[Any]:
    strategy = strategy_of(options)
    values = params if isinstance(params, Mapping) else None
    if strategy == "auto":
        strategy = "evaluate" if _evaluable(mapper, statement, values) else "fetch"
    met: list[Any] = []
    perhaps: list[Any] = []
    if strategy == "evaluate":
        met, perhaps = evaluated(session, mapper, statement._where, values)
    if strategy == "fetch":
        result, keys = yield from _fetching_plan(core, mapper, statement, params, options)
        met = by_keys(session, mapper, keys)
    else:
        result = yield from _run_plan(session, core, mapper, statement, params, options)
    if strategy:
        _follow(session, mapper, statement, values, met, perhaps)
    return result


def _evaluable(mapper: Any, statement: Any, params: Mapping[str, Any] | None) -> bool:
    try:
        condition_of(mapper, statement._where, params)
    except UnevaluatableError:
        return False
    return True


def _run_plan(
    session: SessionBase,
    core: ConnectionCore,
    mapper: Any,
    statement: Any,
    params: AnyParams,
    options: Mapping[str, Any],
) -> Plan[Any]:
    asked = statement._returning
    if not has_entities(asked):
        return (yield from execute_plan(core, plain(statement, mapper), params, options))
    lowered = plain(statement, mapper, _returning=statement._selected)
    result = yield from execute_plan(core, lowered, params, options)
    return returned_result(session, asked, result.all(), overwrite=True)


def _fetching_plan(
    core: ConnectionCore,
    mapper: Any,
    statement: Any,
    params: AnyParams,
    options: Mapping[str, Any],
) -> Plan[tuple[Any, list[Any]]]:
    """Run the statement and learn the primary keys of the rows it met."""
    features = core.dialect.features
    can = features.update_returning if statement.is_update else features.delete_returning
    if can and not statement._returning:
        lowered = plain(statement, mapper, _returning=tuple(mapper.primary_key))
        result = yield from execute_plan(core, lowered, params, options)
        keys = [tuple(row) for row in result.all()]
        context = result.context
        if context.outcome is not None:
            context.outcome = context.outcome._replace(rowcount=len(keys))
        return CursorResult(None, None, context), keys
    before = select(*mapper.primary_key).select_from(mapper.local_table).where(*statement._where)
    found = yield from execute_plan(core, before, params, options)
    keys = [tuple(row) for row in found.all()]
    lowered = plain(statement, mapper)
    return (yield from execute_plan(core, lowered, params, options)), keys


def _follow(
    session: SessionBase,
    mapper: Any,
    statement: Any,
    params: Mapping[str, Any] | None,
    met: list[Any],
    perhaps: list[Any],
) -> None:
    """Have the session's objects show what the statement did to their rows."""
    if statement.is_delete:
        apply_delete(session, met)
        for obj in perhaps:
            session.expire(obj)
        return
    named = {column.key: key for key, column in mapper.columns.items()}
    changes = {
        named.get(key, key): value
        for key, value in zip(statement._keys, statement._values, strict=True)
    }
    apply_update(mapper, met, changes, params)
    for obj in perhaps:
        session.expire(obj, [name for name in changes if name in mapper.attrs])
    note_updated(session, [*met, *perhaps])
