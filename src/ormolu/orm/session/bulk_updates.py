"""UPDATE by primary key of rows given as dicts: ``session.execute(update(User), [{...}, ...])``.

As with a flush, the database must meet as many rows as were given; and where the class has a
version column, a row must say which version it was made of: the UPDATE meets that one alone, and
gives it the next version. Otherwise what another transaction wrote meanwhile would be lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ormolu import exc
from ormolu.engine.core import ConnectionCore
from ormolu.engine.execution import execute_plan
from ormolu.io.plan import Plan
from ormolu.orm import exc as orm_exc
from ormolu.orm.flush.columns import version_generator, version_name
from ormolu.sql import bindparam, update

from .synchronize import by_keys, note_updated

if TYPE_CHECKING:
    from .core import SessionBase

Row = Mapping[str, Any]

_GIVEN = "ormolu_given_"
_WRITTEN = "ormolu_"


def update_by_key_plan(
    session: SessionBase,
    core: ConnectionCore,
    mapper: Any,
    rows: Sequence[Row],
    statement: Any = None,
) -> Plan[Any]:
    """Update the row of each mapping's primary key; the session's objects follow.

    :raises InvalidRequestError: for a row without primary key, or without version.
    :raises StaleDataError: when not all rows were met.
    """
    version = version_name(mapper)
    found = [*mapper.pk_keys] if version is None else [*mapper.pk_keys, version]
    _check_complete(mapper, rows, found)
    make = version_generator(mapper)
    if version is None or make is None:
        written: Sequence[Row] = rows
    else:
        written = [{**row, version: make(row[version])} for row in rows]
    result: Any = None
    matched = 0
    for batch in runs(list(zip(rows, written, strict=True))):
        names = [name for name in batch[0][1] if name not in mapper.pk_keys]
        if names and not (names == [version] and make is None):
            result = yield from execute_plan(
                core, _statement(mapper, names, found), [_sets(*row, names, found) for row in batch]
            )
            _check_matched(core, mapper, len(batch), result.rowcount)
            matched += result.rowcount
    if result is not None:
        context = result.context
        context.outcome = context.outcome._replace(rowcount=matched)
    _follow_rows(session, mapper, written)
    return result


def runs(rows: Sequence[tuple[Row, Row]]) -> list[list[tuple[Row, Row]]]:
    """Neighbours that write the same attributes, together."""
    batches: list[list[tuple[Row, Row]]] = []
    for row in rows:
        if batches and batches[-1][0][1].keys() == row[1].keys():
            batches[-1].append(row)
        else:
            batches.append([row])
    return batches


def _check_complete(mapper: Any, rows: Sequence[Row], found: Sequence[str]) -> None:
    for row in rows:
        missing = [name for name in found if name not in row]
        if not missing:
            continue
        columns = ", ".join(str(mapper.columns[name]) for name in missing)
        if missing[0] in mapper.pk_keys:
            raise exc.InvalidRequestError(
                f"No primary key value supplied for column(s) {columns}; per-row ORM Bulk UPDATE "
                "by Primary Key requires that records contain primary key values"
            )
        raise exc.InvalidRequestError(
            f"No version supplied for column {columns}: each row of an UPDATE by primary key "
            f"must have the version that it was made of, as {missing[0]!r}, so that no change of "
            "another transaction is overwritten"
        )


def _check_matched(core: ConnectionCore, mapper: Any, expected: int, matched: int) -> None:
    features = core.dialect.features
    known = features.sane_rowcount if expected == 1 else features.sane_multi_rowcount
    if known and matched not in (expected, -1):
        raise orm_exc.StaleDataError(
            f"UPDATE statement on table '{mapper.local_table.name}' expected to update {expected} "
            f"row(s); {matched} were matched. A row was deleted or never there, or (with a version "
            "column) changed by another transaction; roll back and load the rows again"
        )


def _statement(mapper: Any, names: Sequence[str], found: Sequence[str]) -> Any:
    table, columns = mapper.local_table, mapper.columns
    written = {
        columns[name].key: bindparam(f"{_WRITTEN}{name}", type_=columns[name].type)
        for name in names
    }
    given = [
        columns[name] == bindparam(f"{_GIVEN}{name}", type_=columns[name].type) for name in found
    ]
    return update(table).values(written).where(*given)


def _sets(row: Row, written: Row, names: Sequence[str], found: Sequence[str]) -> dict[str, Any]:
    values = {f"{_WRITTEN}{name}": written[name] for name in names}
    values.update({f"{_GIVEN}{name}": row[name] for name in found})
    return values


def _follow_rows(session: SessionBase, mapper: Any, rows: Sequence[Row]) -> None:
    names = mapper.pk_keys
    touched = []
    for row in rows:
        for obj in by_keys(session, mapper, [tuple([row[name] for name in names])]):
            own = obj.__dict__
            own.update({k: v for k, v in row.items() if k in own and k not in names})
            touched.append(obj)
    note_updated(session, touched)
