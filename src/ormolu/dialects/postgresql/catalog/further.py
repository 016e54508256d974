"""What of a reflected table only PostgreSQL has, or says at greater length than a program would."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ormolu.dialects.postgresql.exclude import ExcludeConstraint
from ormolu.dialects.postgresql.reflected import ReflectedExcludeConstraint
from ormolu.sql.columns import literal_column
from ormolu.sql.text import escaped, text
from ormolu.types import BigInteger, SmallInteger, TypeEngine

if TYPE_CHECKING:
    from ormolu.schema.table import Table

__all__ = ["Further"]


class Further:
    """The part of the dialect that makes schema items of descriptions."""

    def reflect_further(self, table: Table, inspector: Any, columns: Mapping[str, Any]) -> None:
        """Add the exclusion constraints, of which all columns were reflected."""
        for found in inspector.get_exclude_constraints(table.name, table.schema):
            if all(name is None or name in columns for name in found["column_names"]):
                table.append_constraint(_exclusion(found, columns))

    def stated_identity(
        self, identity: Mapping[str, Any], type_: TypeEngine[Any]
    ) -> dict[str, Any]:
        """Leave out of an identity what the server fills in by itself.

        https://www.postgresql.org/docs/current/sql-createsequence.html
        """
        bits = (
            63 if isinstance(type_, BigInteger) else 15 if isinstance(type_, SmallInteger) else 31
        )
        ascending = identity["increment"] > 0
        minvalue, maxvalue = (1, 2**bits - 1) if ascending else (-(2**bits), -1)
        filled_in = {
            "start": identity["minvalue"] if ascending else identity["maxvalue"],
            "increment": 1,
            "minvalue": minvalue,
            "maxvalue": maxvalue,
            "cache": 1,
            "cycle": False,
        }
        return {
            name: value
            for name, value in identity.items()
            if name not in filled_in or filled_in[name] != value
        }


def _exclusion(found: ReflectedExcludeConstraint, columns: Mapping[str, Any]) -> ExcludeConstraint:
    parts = zip(found["column_names"], found["expressions"], found["operators"], strict=True)
    constraint = ExcludeConstraint(
        *[
            (literal_column(given) if name is None else columns[name], operator)
            for name, given, operator in parts
        ],
        name=found["name"],
        using=found["using"],
        where=None if found["where"] is None else text(escaped(found["where"])),
        ops=found["ops"],
        **found["options"],
        _autoattach=False,
    )
    constraint.comment = found.get("comment")
    return constraint
