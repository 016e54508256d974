"""`ExcludeConstraint`: no two rows may compare true by all of these operators.

https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-EXCLUDE
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ormolu.exc import ArgumentError
from ormolu.schema.column_arguments import columns_in, moved_to
from ormolu.schema.constraints import ColumnCollectionConstraint
from ormolu.sql.coercion import resolve
from ormolu.sql.text import text

if TYPE_CHECKING:
    from ormolu.schema.table import Table

__all__ = ["ExcludeConstraint"]


class ExcludeConstraint(ColumnCollectionConstraint):
    """``EXCLUDE USING gist (room WITH =, during WITH &&)``.

    :param elements: ``(column, operator)`` pairs; a column is a name, a `Column`, or an expression.
    :param name: the constraint's name.
    :param deferrable: write ``DEFERRABLE`` (True) or ``NOT DEFERRABLE`` (False).
    :param initially: write ``INITIALLY`` and this.
    :param using: the method of the index.
    :param where: only rows of which this condition holds; a string is SQL.
    :param ops: operator classes by the column's key.
    :raises ArgumentError: an element is no pair.
    """

    __visit_name__ = "exclude_constraint"
    stringify_dialect = "postgresql"

    def __init__(
        self,
        *elements: tuple[Any, str],
        name: str | None = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        using: str = "gist",
        where: Any = None,
        ops: Mapping[str, str] | None = None,
        info: dict[Any, Any] | None = None,
        comment: str | None = None,
        _autoattach: bool = True,
    ) -> None:
        self.elements = [_pair(element) for element in elements]
        self.operators = {_key_of(what): operator for what, operator in self.elements}
        self.using = using
        self.where = text(where) if isinstance(where, str) else where
        self.ops = dict(ops or {})
        super().__init__(
            *[column for what, _ in self.elements for column in _columns_of(what)],
            _autoattach=_autoattach,
            name=name,
            deferrable=deferrable,
            initially=initially,
            info=info,
            comment=comment,
        )

    def _copy(self, target_table: Table | None = None) -> ExcludeConstraint:
        def moved(what: Any) -> Any:
            return what if target_table is None else moved_to(target_table, what)

        return ExcludeConstraint(
            *[(moved(what), operator) for what, operator in self.elements],
            **self._options(),
            using=self.using,
            where=moved(self.where),
            ops=self.ops,
            _autoattach=False,
        )


def _pair(element: Any) -> tuple[Any, str]:
    if not isinstance(element, tuple) or len(element) != 2:
        raise ArgumentError(
            f"ExcludeConstraint takes (column, operator) pairs, got {element!r}: "
            'write ExcludeConstraint(("during", "&&"))'
        )
    what, operator = element
    return (what if isinstance(what, str) else resolve(what)), operator


def _key_of(what: Any) -> str | None:
    return what if isinstance(what, str) else getattr(what, "key", None)


def _columns_of(what: Any) -> list[Any]:
    return [what] if isinstance(what, str) else columns_in(what)
