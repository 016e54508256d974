"""*execute*, UPDATE and DELETE: by primary key, in batches of equal columns.

Objects are grouped by the set of columns that changed, which costs one pass; within a group the
rows go in the order of their keys, so that two sessions lock rows in the same order. The database
must match as many rows as there are objects: fewer mean that another transaction deleted or (with
a version column) changed one of them, which is a `StaleDataError`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import compress
from operator import attrgetter, ne
from typing import TYPE_CHECKING, Any

from ormolu import exc
from ormolu.deferred import deferred
from ormolu.engine.execution import execute_plan
from ormolu.engine.plans import executemany_plan, run_plan
from ormolu.orm import exc as orm_exc
from ormolu.orm.flush.actions import DeleteRows, PostUpdateRows, RowAction, UpdateRows, describe
from ormolu.orm.flush.columns import DefaultContext, Dicts
from ormolu.orm.flush.defaults import fill_onupdate, next_versions, version_of
from ormolu.orm.flush.execution import Execution
from ormolu.orm.flush.inserts import PLAIN, is_expression
from ormolu.orm.flush.keys import key_parts, key_reader
from ormolu.orm.flush.statements import Forms, UpdateForm, forms_of
from ormolu.orm.flush.work import differs
from ormolu.orm.instances.state import PENDING, STATE, Private, Shared, last_values
from ormolu.sql import and_, update

if TYPE_CHECKING:
    from ormolu.engine.core import ConnectionCore
    from ormolu.io.plan import Plan
    from ormolu.orm.flush import failures
    from ormolu.orm.mapping.mapper import Mapper
else:
    failures = deferred("ormolu.orm.flush.failures")

_COMMITTED = attrgetter("committed")
_KEY = attrgetter("key")


class Group:
    """Objects whose changed columns are the same, with their dicts and states side by side.

    `plain`: their values have been seen to be no SQL expressions.
    """

    __slots__ = ("dicts", "names", "objects", "plain", "states")

    def __init__(
        self, names: tuple[str, ...], objects: list[Any], dicts: Dicts, states: list[Private]
    ) -> None:
        self.plain = False
        self.names = names
        self.objects = objects
        self.dicts = dicts
        self.states = states


def update_rows_plan(run: Execution, core: ConnectionCore, action: UpdateRows) -> Plan[None]:
    """Write the changed columns of the objects of `action` that have any."""
    forms = forms_of(core, action.mapper)
    run.changed.append(action.objects)
    for group in changed_groups(action.objects, forms):
        yield from _update_group_plan(run, core, action, forms, group)


def changed_groups(objects: list[Any], forms: Forms) -> Iterable[Group]:
    """The objects with net changes, by the names of their changed columns."""
    columns = forms.columns.columns
    dicts = [obj.__dict__ for obj in objects]
    states = [own[STATE] for own in dicts]
    if set(map(type, states)) != {Private}:
        kept = [type(state) is Private for state in states]
        objects = list(compress(objects, kept))
        dicts, states = list(compress(dicts, kept)), list(compress(states, kept))
    changes = list(map(_COMMITTED, states))
    # As many changes as objects, and the first one's name among those of each.
    if changes and len(changes[0]) == 1 and sum(map(len, changes)) == len(changes):
        (name,) = changes[0]
        before = None
        with suppress(KeyError):  # another one changed another column
            before = [committed[name] for committed in changes]
        if before is not None and name in columns:
            return _changed_one(Group((name,), objects, dicts, states), before)
    groups: dict[tuple[str, ...], Group] = {}
    for obj, own, state in zip(objects, dicts, states, strict=True):
        found = []
        for name, old in state.committed.items():
            if name in columns:
                value = own.setdefault(name, None)  # a deleted attribute is NULL
                if value is not old and differs(value, old):
                    found.append(name)
        if found:
            group = groups.setdefault(tuple(found), Group(tuple(found), [], [], []))
            group.objects.append(obj)
            group.dicts.append(own)
            group.states.append(state)
    return groups.values()


def _changed_one(group: Group, before: list[Any]) -> list[Group]:
    """Those of a group that differ, when all of them changed at most one column, the same."""
    (name,) = group.names
    values = [own.setdefault(name, None) for own in group.dicts]
    group.plain = PLAIN.issuperset(map(type, values))  # else comparing them may give anything
    if group.plain:
        kept = list(map(ne, values, before))
    else:
        kept = [(new == old) is not True for new, old in zip(values, before, strict=True)]
    if all(kept):
        return [group]
    objects = list(compress(group.objects, kept))
    dicts, states = list(compress(group.dicts, kept)), list(compress(group.states, kept))
    changed = Group(group.names, objects, dicts, states)
    changed.plain = group.plain
    return [changed] if objects else []


def _update_group_plan(
    run: Execution,
    core: ConnectionCore,
    action: RowAction,
    forms: Forms,
    group: Group,
) -> Plan[None]:
    columns = forms.columns
    names, objects, dicts = group.names, group.objects, group.dicts
    if columns.onupdate:
        context = DefaultContext(columns.columns, core.dialect)
        names = fill_onupdate(columns.columns, columns.onupdate, names, objects, context, run.undo)
    versions = next_versions(columns, objects, run.undo)
    if columns.version is not None and columns.version_generator is not None:
        names = (*[name for name in names if name != columns.version], columns.version)
    if not forms.columns.keys.isdisjoint(names):
        run.rekeyed.append((action.mapper, objects))
    plain = group.plain and names is group.names
    if not plain and any(is_expression([own[name] for own in dicts]) for name in names):
        for obj in objects:
            yield from _update_expressions_plan(run, core, action, forms, names, obj)
    else:
        keys = list(map(_KEY, group.states))
        form = forms.update(names)
        yield from _write_plan(core, action, form, group, keys, versions)
    if columns.onupdate_server:
        run.stale_names += [(obj, columns.onupdate_server) for obj in objects]


def _write_plan(
    core: ConnectionCore,
    action: RowAction,
    form: UpdateForm,
    group: Group,
    keys: list[Any],
    versions: list[Any],
) -> Plan[None]:
    dicts = group.dicts
    try:
        rows = form.rows(dicts, keys, versions)
    except Exception as error:
        parts = zip(dicts, keys, versions or keys, strict=True)
        raise failures.conversion_error(error, form.sql, list(parts), form.rows) from error
    matched = yield from _run_rows_plan(core, form.sql, in_key_order(keys, rows))
    if _differs(core, len(rows), matched):
        raise stale("update", action, group.objects, matched)


def _run_rows_plan(core: ConnectionCore, sql: str, rows: Sequence[Any]) -> Plan[int]:
    if len(rows) == 1:
        outcome = yield from run_plan(core, sql, rows[0])
    else:
        outcome = yield from executemany_plan(core, sql, rows)
    return outcome.rowcount


def _differs(core: ConnectionCore, expected: int, matched: int) -> bool:
    """Whether the database is known to have matched another number of rows (-1: not known)."""
    if matched in (expected, -1):
        return False
    features = core.dialect.features
    return features.sane_rowcount if expected == 1 else features.sane_multi_rowcount


def in_key_order(keys: list[Any], rows: list[Any]) -> list[Any]:
    """The rows sorted by their keys; as they are when the keys can't be compared."""
    if len(keys) == 1:
        return rows
    try:
        # Objects mostly come in order, and sorting what is sorted is one pass in C.
        if sorted(keys) == keys:
            return rows
        order = sorted(zip(keys, range(len(keys)), strict=True))
    except TypeError:
        return rows
    return [rows[i] for _, i in order]


def stale(verb: str, action: RowAction, objects: list[Any], matched: int) -> orm_exc.StaleDataError:
    """The error for rows that are no longer what the session knows."""
    found = failures.matched_error(verb, action, len(objects), matched)
    return orm_exc.StaleDataError(
        f"{found} Another transaction changed or deleted a row of: {describe(objects)}; "
        "roll back and load them again"
    )


def _update_expressions_plan(
    run: Execution,
    core: ConnectionCore,
    action: RowAction,
    forms: Forms,
    names: tuple[str, ...],
    obj: Any,
) -> Plan[None]:
    """One row with SQL expressions as values, which stand in the statement's text."""
    own, mapper = obj.__dict__, forms.mapper
    parts = key_parts(mapper, own[STATE].key)
    conditions = [col == part for col, part in zip(mapper.primary_key, parts, strict=True)]
    if forms.columns.version is not None:
        conditions.append(mapper.version_id_col == version_of(obj, forms.columns.version))
    columns = forms.columns.columns
    values = {columns[name].key: own[name] for name in columns if name in names}
    statement = update(mapper.local_table).where(and_(*conditions)).values(values)
    result = yield from execute_plan(core, statement)
    if core.dialect.features.sane_rowcount and result.rowcount != 1:
        raise stale("update", action, [obj], result.rowcount)
    run.stale_names.append((obj, [name for name in names if is_expression([own[name]])]))


def post_update_rows_plan(
    run: Execution, core: ConnectionCore, action: PostUpdateRows
) -> Plan[None]:
    """Write foreign keys for which both rows had to exist."""
    forms = forms_of(core, action.mapper)
    names = tuple(target for sync in action.syncs for _, target in sync.pairs)
    read_key = key_reader(action.mapper)
    keys = []
    for obj in action.objects:
        state = obj.__dict__[STATE]
        pending = type(state) is Private and state.phase is PENDING
        keys.append(read_key(obj.__dict__) if pending else raw_key(action.mapper, obj))
    versions = next_versions(forms.columns, action.objects, run.undo)
    form = forms.update(names if not versions else (*names, str(forms.columns.version)))
    dicts = [obj.__dict__ for obj in action.objects]
    group = Group(names, action.objects, dicts, [])
    yield from _write_plan(core, action, form, group, keys, versions)


def raw_key(mapper: Mapper, obj: Any) -> Any:
    """The identity under which the database has a persistent object."""
    return raw_keys(mapper, [obj])[0]


def raw_keys(mapper: Mapper, objects: list[Any]) -> list[Any]:
    """The identities under which the database has persistent objects."""
    read_key = key_reader(mapper)
    dicts = [obj.__dict__ for obj in objects]
    states = [own[STATE] for own in dicts]
    if set(map(type, states)) == {Shared}:
        return list(map(read_key, dicts))
    return [
        state.key
        if type(state) is Private
        else read_key(own if type(state) is Shared else state.values)
        for own, state in zip(dicts, states, strict=True)
    ]


def delete_rows_plan(run: Execution, core: ConnectionCore, action: DeleteRows) -> Plan[None]:
    """Delete one row per object of `action`."""
    forms = forms_of(core, action.mapper)
    objects = action.objects
    keys = raw_keys(action.mapper, objects)
    version = forms.columns.version
    versions = [] if version is None else [_known_version(obj, version) for obj in objects]
    form = forms.delete_array() if len(keys) > 1 else None
    if form is not None:
        rows = form.rows([in_key_order(keys, keys)], [])
    else:
        form = forms.delete()
        rows = in_key_order(keys, form.rows(keys, versions))
    matched = yield from _run_rows_plan(core, form.sql, rows)
    if _differs(core, len(keys), matched):
        if version is not None:
            raise stale("delete", action, objects, matched)
        if getattr(action.mapper, "confirm_deleted_rows", True):
            warnings.warn(
                f"{failures.matched_error('delete', action, len(keys), matched)}  Please set "
                "confirm_deleted_rows=False within the mapper configuration to prevent this "
                f"warning. The objects: {describe(objects)}",
                exc.SAWarning,
                stacklevel=2,
            )
    run.deleted.append((action.mapper, objects, keys))


def _known_version(obj: Any, name: str) -> Any:
    value = version_of(obj, name)
    return last_values(obj).get(name) if value is None else value
