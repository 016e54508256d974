"""What constraints have in common: `Constraint`, and `ColumnCollectionConstraint`.

A constraint names its columns by string or by object. Given to a `Table` it is attached at once;
made of columns outside one, it attaches itself when the last of them is in a table.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ormolu.exc import InvalidRequestError
from ormolu.sql.collections import ColumnCollection

from .column import Column
from .column_arguments import (
    ColumnCollectionMixin,
    attach_when_complete,
    column_of,
    named_column,
)
from .conditional import HasConditionalDDL
from .ddl import CreateConstraint
from .dialect_options import DialectKWArgs, DialectOptions
from .item import SchemaItem, copied_info, next_creation_order
from .naming import named

if TYPE_CHECKING:
    from .table import Table


class Constraint(DialectKWArgs, HasConditionalDDL, SchemaItem):
    """Base of the constraints of a table.

    :param deferrable: write ``DEFERRABLE`` (True) or ``NOT DEFERRABLE`` (False).
    :param initially: write ``INITIALLY`` and this.
    """

    __visit_name__ = "constraint"
    _convention: str | None = None
    parent: Any = None

    def __init__(
        self,
        name: str | None = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        info: dict[Any, Any] | None = None,
        comment: str | None = None,
        _create_rule: Any = None,
        _type_bound: bool = False,
        **dialect_kw: Any,
    ) -> None:
        self.name: str | None = name
        self._given_name = name
        self.deferrable = deferrable
        self.initially = initially
        self.comment = comment
        self._info = info
        self._create_rule = _create_rule
        self._type_bound = _type_bound
        self.dialect_options = DialectOptions(type(self), dialect_kw)
        self._creation_order = next_creation_order()

    @property
    def table(self) -> Table:
        """The table.

        :raises InvalidRequestError: there is none yet.
        """
        from_parent = self.parent
        if isinstance(from_parent, Column):
            from_parent = from_parent.table
        if from_parent is None:
            raise InvalidRequestError(
                f"The constraint {self!r} is not bound to a table; "
                "call table.append_constraint(constraint)"
            )
        return from_parent  # type: ignore[no-any-return]

    def _set_parent(self, parent: Any, **options: Any) -> None:
        self.parent = parent
        parent.constraints.add(self)
        self.name = named(self, parent)

    def _should_create_for_compiler(self, compiler: Any, **kw: Any) -> bool:
        """Whether CREATE TABLE writes this constraint for the compiler's dialect."""
        if self._create_rule is not None and not self._create_rule(compiler):
            return False
        condition = self._ddl_if
        if condition is None:
            return True
        element = CreateConstraint(self)
        return condition.holds(
            element, self, None, dialect=compiler.dialect, compiler=compiler, **kw
        )

    def _options(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "deferrable": self.deferrable,
            "initially": self.initially,
            "info": copied_info(self),
            "comment": self.comment,
            **self.dialect_options.arguments(),
        }

    def _copy(self, target_table: Table | None = None) -> Constraint:
        """A constraint like this one that is in no table.

        :raises NotImplementedError: a class of the user's own doesn't say how.
        """
        raise NotImplementedError(
            f"A {type(self).__name__} can't be copied: give the class a method "
            "_copy(self, target_table=None)"
        )

    def copy(self, **kw: Any) -> Constraint:
        """As ``_copy``."""
        return self._copy(**kw)


class ColumnCollectionConstraint(ColumnCollectionMixin, Constraint):
    """Base of the constraints on a list of columns."""

    columns: ColumnCollection[Any]

    def __init__(self, *columns: Any, _autoattach: bool = True, **options: Any) -> None:
        super().__init__(**options)
        self._given = [column_of(column) for column in columns]
        self.columns = ColumnCollection()
        if _autoattach:
            attach_when_complete(self, self._given)

    def _set_parent(self, parent: Any, **options: Any) -> None:
        table = parent if not isinstance(parent, Column) else parent.table
        for given in self._given:
            column = named_column(self, table, given)
            if not self.columns.contains_column(column):
                self.columns._add(column, column.key)
        super()._set_parent(table)

    def _keys(self) -> list[str]:
        return [given if isinstance(given, str) else given.key for given in self._given]

    def _copy(self, target_table: Table | None = None) -> Constraint:
        return type(self)(*self._keys(), **self._options(), _autoattach=False)

    def contains_column(self, col: Any) -> bool:
        """Whether the constraint is on this very column."""
        return self.columns.contains_column(col)

    @property
    def column_keys(self) -> list[str]:
        """The keys of the columns."""
        return [str(key) for key in self.columns.keys()] or self._keys()  # noqa: SIM118

    def __contains__(self, column: object) -> bool:
        if isinstance(column, str):
            return column in self.columns
        return any(found is column for found in self.columns)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def __repr__(self) -> str:
        parts = [repr(column) for column in self.columns]
        if self._given_name is not None:
            parts.append(f"name={self._given_name!r}")
        return f"{type(self).__name__}({', '.join(parts)})"
