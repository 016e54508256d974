"""What went wrong in a flush, in terms of objects.

A driver tells which constraint failed, not which object. Here the error learns that:
`error.objects` holds the objects at fault (the batch's, when they can't be told apart), and a line
before the message names them and the constraint.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ormolu import exc
from ormolu.orm.flush.actions import Action, LinkAction, RowAction, describe

if TYPE_CHECKING:
    from ormolu.orm.mapping.mapper import Mapper

# The wording of SQLite's errors; a dialect with other wording is understood less, never wrongly.
_CONSTRAINT = (
    r"(?P<kind>UNIQUE|NOT NULL|CHECK|FOREIGN KEY|PRIMARY KEY) constraint failed(?:: (?P<what>.+))?"
)


def explain(error: exc.StatementError, action: Action) -> None:
    """Tell `error` which objects `action` was writing when it happened."""
    if isinstance(action, LinkAction):
        objects = [obj for pair in action.pairs for obj in pair]
        error.objects = tuple(objects)
        error.add_detail(f"while {action.verb} {describe(objects, 2)} along {action.relationship}")
        return
    found = re.search(_CONSTRAINT, str(error.orig), re.IGNORECASE)
    culprits = _culprits(action, found)
    error.objects = tuple(culprits)
    reason = "" if found is None else f": {_constraint(found)}"
    error.add_detail(f"while {action.verb} {describe(culprits)}{reason}")


def _constraint(found: re.Match[str]) -> str:
    kind, what = found["kind"].upper(), found["what"]
    if what is None:
        return f"a {kind} constraint refuses it"
    if kind == "NOT NULL":
        return f"{what} is None, and the column is NOT NULL"
    if kind == "CHECK":
        return f"the CHECK constraint {what} refuses it"
    return f"the {kind} constraint on {what} has that value already"


def _culprits(action: RowAction, found: re.Match[str] | None) -> list[Any]:
    objects = action.objects
    if len(objects) == 1 or found is None or found["what"] is None:
        return objects
    names = _attributes(action.mapper, found["what"])
    if not names:
        return objects
    if found["kind"].upper() == "NOT NULL":
        return [obj for obj in objects if obj.__dict__.get(names[0]) is None] or objects
    return _repeated(objects, names) or objects


def _attributes(mapper: Mapper, what: str) -> list[str]:
    """The attributes behind ``users.email, users.name``; empty if one is unknown."""
    named = {column.name: name for column, name in mapper.key_of_column.items()}
    names = [named.get(part.rsplit(".", 1)[-1].strip()) for part in what.split(",")]
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
