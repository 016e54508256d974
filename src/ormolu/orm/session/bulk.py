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
from ormolu.orm.flush.columns import changes_by_itself, version_generator, version_name
from ormolu.orm.loading.written import plain
from ormolu.sql import literal, select

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
    :raises InvalidRequestError: when an update by primary key lacks it, or a bulk INSERT asks for
        rows of a database without RETURNING.
    """
    mapper = mapper_of(statement)
    core = yield from connection_plan(
        session,
        (bind_arguments or {}).get("mapper", mapper),
        bind=(bind_arguments or {}).get("bind"),
    )
    given = (core.execution_options, statement.get_execution_options(), options or {})
    wanted = {name: value for each in given for name, value in each.items()}
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
    if asked and isinstance(params, (list, tuple)):
        _require_returning(core)
    if not has_entities(asked):
        lowered = plain(statement, mapper)
        return (yield from _in_batches_plan(core, lowered, params, options))
    lowered = plain(statement, mapper, _returning=statement._selected)
    result = yield from _in_batches_plan(core, lowered, params, options)
    overwrite = bool(options.get("populate_existing"))
    return returned_result(session, asked, result.all(), overwrite)


def _require_returning(core: ConnectionCore) -> None:
    if not core.dialect.features.insert_returning:
        raise exc.InvalidRequestError(
            "Can't use explicit RETURNING for bulk INSERT operation with "
            f"{core.dialect.dialect_description} backend, which has none: add_all() the objects, "
            "whose keys the flush learns one by one, or select the rows afterwards"
        )


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
        sent = result.last_updated_params() if _tells_values(statement, result) else {}
        _follow(session, mapper, statement, values, sent, met, perhaps)
    return result


def _tells_values(statement: Any, result: Any) -> bool:
    return bool(statement.is_update) and isinstance(result, CursorResult)


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
    if _returns_keys(core, statement) and not statement._returning:
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


def _returns_keys(core: ConnectionCore, statement: Any) -> bool:
    """Whether RETURNING can tell which rows an UPDATE or DELETE meets."""
    features = core.dialect.features
    if statement.is_update:
        return features.update_returning
    return features.delete_returning and (
        features.delete_using_returning or not statement._extra_froms
    )


def _follow(
    session: SessionBase,
    mapper: Any,
    statement: Any,
    params: Mapping[str, Any] | None,
    sent: Mapping[str, Any],
    met: list[Any],
    perhaps: list[Any],
) -> None:
    """Have the session's objects show what the statement did to their rows.

    :param sent: the values that went to the database, by column; those of `onupdate` too.
    """
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
    beside = []
    for name, column in mapper.columns.items():
        if name in changes or not changes_by_itself(column):
            continue
        if column.key in sent and column.onupdate is not None:
            changes[name] = literal(sent[column.key], column.type)
        else:
            beside.append(name)
    apply_update(mapper, met, changes, params, beside)
    for obj in perhaps:
        session.expire(obj, [name for name in (*changes, *beside) if name in mapper.attrs])
    note_updated(session, [*met, *perhaps])
