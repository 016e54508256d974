"""Views and tables made from a SELECT: ``CreateView``, ``CreateTableAs``, ``DropView``.

Both give a `Table` to select from at once; in a ``MetaData`` it is created after the tables that
its SELECT reads, by the statement it came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from ormolu.exc import ArgumentError
from ormolu.sql.coercion import resolve
from ormolu.sql.fromclause import FromClause
from ormolu.sql.node import FACT, Kind
from ormolu.sql.select import Select
from ormolu.sql.selectbase import _INTO

from .column import Column
from .ddl import DropTable, TableCreateDDL, TableDropDDL
from .dialect_options import DialectKWArgs, DialectOptions
from .metadata import MetaData
from .table import Table

_SLOTS = ("dialect_options", "metadata", "schema", "selectable", "table_name", "temporary")


class _TableFromSelect(DialectKWArgs, TableCreateDDL):
    """Base of the statements that make something to select from out of a SELECT."""

    __slots__ = _SLOTS
    _fields: ClassVar[Mapping[str, Kind]] = dict.fromkeys(_SLOTS, FACT)

    def __init__(
        self,
        selectable: Any,
        name: str,
        *,
        metadata: MetaData | None,
        schema: str | None,
        temporary: bool,
        if_not_exists: bool = False,
        dialect_kwargs: Mapping[str, Any],
    ) -> None:
        super().__init__(None, if_not_exists=if_not_exists)
        self.selectable = _selectable(selectable)
        self.table_name = name
        self.schema = schema
        self.metadata = MetaData() if metadata is None else metadata
        self.temporary = temporary
        self.dialect_options = DialectOptions(type(self), dialect_kwargs)
        self.element = self._make_table(self.metadata)

    def _make_table(self, metadata: MetaData) -> Table:
        columns = [
            Column(column.name, column.type, key=column.key)
            for column in self.selectable.selected_columns
        ]
        return Table(
            self.table_name,
            metadata,
            *columns,
            schema=self.schema,
            _creator_ddl=self,
            _dropper_ddl=self._dropper(),
        )

    def _dropper(self) -> Any:
        return DropTable

    def _for_table(self, table: Table) -> Self:
        new = super()._for_table(table)
        new.metadata = table.metadata
        new.schema = table.schema
        new.table_name = table.name
        return new

    @property
    def table(self) -> Table:
        """What is made, to select from."""
        found: Table = self.element
        return found


def _selectable(given: Any) -> Any:
    """The statement that was given; of a table, the SELECT of all its columns.

    :raises ArgumentError: it is no SELECT.
    """
    found = resolve(given)
    if found is None or not hasattr(found, "selected_columns"):
        if isinstance(found, FromClause):
            return Select(found)
        raise ArgumentError(
            f"SELECT statement or equivalent textual object expected, got {given!r}; write "
            "select(...), or text(...).columns(...)"
        )
    return found


class CreateView(_TableFromSelect):
    """``CREATE VIEW name AS SELECT …``.

    :param selectable: the SELECT.
    :param metadata: the `MetaData` in which ``.table`` stands; ``create_all`` makes the view then.
    :param temporary: ``TEMPORARY``; ``or_replace``: ``OR REPLACE``; ``materialized``:
        ``MATERIALIZED``.
    """

    __slots__ = ("materialized", "or_replace")
    _fields: ClassVar[Mapping[str, Kind]] = {"materialized": FACT, "or_replace": FACT}
    __visit_name__ = "create_view"
    creates_view = True

    def __init__(
        self,
        selectable: Any,
        view_name: str,
        *,
        metadata: MetaData | None = None,
        schema: str | None = None,
        temporary: bool = False,
        or_replace: bool = False,
        materialized: bool = False,
        **dialect_kwargs: Any,
    ) -> None:
        self.or_replace = or_replace
        self.materialized = materialized
        super().__init__(
            selectable,
            view_name,
            metadata=metadata,
            schema=schema,
            temporary=temporary,
            dialect_kwargs=dialect_kwargs,
        )

    def _dropper(self) -> Any:
        materialized = self.materialized
        return lambda table, **options: DropView(table, materialized=materialized, **options)


class DropView(TableDropDDL):
    """``DROP VIEW``."""

    __slots__ = ("materialized",)
    _fields: ClassVar[Mapping[str, Kind]] = {"materialized": FACT}
    __visit_name__ = "drop_view"

    materialized: bool

    def __init__(
        self, element: Table, *, if_exists: bool = False, materialized: bool = False
    ) -> None:
        super().__init__(element, if_exists=if_exists)
        self.materialized = materialized


class CreateTableAs(_TableFromSelect):
    """``CREATE TABLE name AS SELECT …``.

    :param selectable: the SELECT.
    :param metadata: the `MetaData` in which ``.table`` stands; ``create_all`` makes the table then.
    :param temporary: ``TEMPORARY``; ``if_not_exists``: ``IF NOT EXISTS``.
    """

    __slots__ = ()
    __visit_name__ = "create_table_as"

    def __init__(
        self,
        selectable: Any,
        table_name: str,
        *,
        metadata: MetaData | None = None,
        schema: str | None = None,
        temporary: bool = False,
        if_not_exists: bool = False,
        **dialect_kwargs: Any,
    ) -> None:
        super().__init__(
            selectable,
            table_name,
            metadata=metadata,
            schema=schema,
            temporary=temporary,
            if_not_exists=if_not_exists,
            dialect_kwargs=dialect_kwargs,
        )


_INTO.append(CreateTableAs)
