"""What went wrong in a flush, in terms of objects.

A driver tells which constraint failed, not which object. Here the error learns that:
`error.objects` holds the objects at fault (the batch's, when they can't be told apart), and a line
before the message names them and the constraint.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ormolu import exc
from ormolu.deferred import deferred
from ormolu.orm.flush.actions import Action, LinkAction, RowAction, describe

if TYPE_CHECKING:
    from ormolu.engine import violations
    from ormolu.orm.mapping.mapper import Mapper
else:
    violations = deferred("ormolu.engine.violations")


def explain(error: exc.StatementError, action: Action) -> None:
    """Tell `error` which objects `action` was writing when it happened, and what refused them."""
    violation = error.constraint if isinstance(error, exc.DBAPIError) else None
    if violation is not None and isinstance(error, exc.DBAPIError):
        violation = error.constraint = violations.completed(
            violation, _tables(action), error.statement
        )
    reason = "" if violation is None else f": {_reason(violation)}"
    if isinstance(action, LinkAction):
        objects = [obj for pair in action.pairs for obj in pair]
        error.objects = tuple(objects)
        along = f"while {action.verb} {describe(objects, 2)} along {action.relationship}"
        error.add_detail(along + reason)
        return
    culprits = _culprits(action, violation)
    error.objects = tuple(culprits)
    error.add_detail(f"while {action.verb} {describe(culprits)}{reason}")


def _tables(action: Action) -> Sequence[Any]:
    """The tables that an action writes to."""
    if isinstance(action, LinkAction):
        return [action.relationship.secondary]
    return [action.mapper.local_table]


def _reason(violation: exc.ConstraintViolation) -> str:
    """What the constraint says, in words; it has a name, or columns, or neither is known."""
    name = "" if violation.name is None else f" {violation.name}"
    columns = ", ".join(violation.columns)
    if violation.table is not None and columns:
        columns = ", ".join(f"{violation.table}.{column}" for column in violation.columns)
    on = f" on {columns}" if columns else ""
    if violation.kind == "not_null":
        return f"{columns or 'a column'} is None, and the column is NOT NULL"
    if violation.kind == "unique":
        return f"the UNIQUE constraint{name}{on} has that value already"
    if violation.kind == "foreign_key" and (name or on):
        return f"the FOREIGN KEY constraint{name}{on} refuses it"
    if violation.kind == "foreign_key":
        return "a FOREIGN KEY constraint refuses it"
    return f"the {violation.kind.upper()} constraint{name}{on} refuses it"


def _culprits(action: RowAction, violation: exc.ConstraintViolation | None) -> list[Any]:
    """The objects of a batch at fault; all of them, when they can't be told apart."""
    objects = action.objects
    if len(objects) == 1 or violation is None or violation.kind not in ("unique", "not_null"):
        return objects
    names = _attributes(action.mapper, violation.columns)
    if not names:
        return objects
    if violation.kind == "not_null":
        return [obj for obj in objects if obj.__dict__.get(names[0]) is None] or objects
    return _repeated(objects, names) or objects


def _attributes(mapper: Mapper, columns: Sequence[str]) -> list[str]:
    """The attributes of columns, by their names; empty if one is unknown."""
    named = {column.name: name for column, name in mapper.key_of_column.items()}
    names = [named.get(column) for column in columns]
    return [name for name in names if name is not None] if None not in names else []


def _repeated(objects: Sequence[Any], names: list[str]) -> list[Any]:
    """The objects of a batch that have the same values as an earlier one."""
    first: dict[Any, Any] = {}
    found: list[Any] = []
    for obj in objects:
        values = tuple([obj.__dict__.get(name) for name in names])
        other = first.setdefault(values, obj)
        if other is not obj and None not in values:
            found += [other, obj]
    return found


def conversion_error(
    error: Exception, sql: str, rows: Sequence[tuple[Any, ...]], convert: Callable[..., Any]
) -> exc.StatementError:
    """The error for a value that its column's type can't convert; names the value's row.

    `rows` are the arguments of `convert`, row by row.
    """
    bad = next((row for row in rows if _fails(convert, row)), None)
    values = {} if bad is None else {k: v for k, v in bad[0].items() if not k.startswith("_sa_")}
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    return exc.StatementError(f"({kind}) {error}", sql, values, error)


def _fails(convert: Callable[..., Any], row: tuple[Any, ...]) -> bool:
    try:
        convert(*[[value] for value in row])
    except Exception:
        return True
    return False


def matched_error(verb: str, action: RowAction, expected: int, matched: int) -> str:
    """The message of a `StaleDataError`, or of the warning in its place."""
    table = action.mapper.local_table.name
    return (
        f"{verb.upper()} statement on table '{table}' expected to {verb} {expected} row(s); "
        f"{matched} were matched."
    )
