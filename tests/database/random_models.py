"""Random models (hypothesis makes them): a few tables with columns and constraints of all kinds.

A database's `Models` says which types, defaults and names there are, and what a table has besides
its columns; what is common to all of them is here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from hypothesis import strategies as st

from ormolu import Column, ForeignKeyConstraint, MetaData, Table


class Models(ABC):
    """What the models of a database are made of."""

    keys: ClassVar[list[Any]]
    """Types that a key may have."""
    others: ClassVar[list[Any]]
    """Types of columns in no constraint."""
    defaults: ClassVar[list[tuple[Any, list[Any]]]]
    """Types, each with server defaults of such a column."""
    names: ClassVar[st.SearchStrategy[str]]
    ignores_case: ClassVar[bool] = False
    """Whether the names of a table's columns must differ by more than upper and lower case."""
    has_comments: ClassVar[bool] = True

    def all(self) -> st.SearchStrategy[MetaData]:
        """A few tables with constraints of all kinds; later ones refer to the first."""
        return st.composite(self._model)()

    @abstractmethod
    def constrain(self, draw: Any, table: Table, keys: list[str], number: int) -> None:
        """Give a table its primary key, and what else it may have."""

    def table_options(self, draw: Any) -> dict[str, Any]:
        """Options of a table, such as ``mysql_row_format``."""
        return {}

    def reference_options(self, draw: Any) -> dict[str, Any]:
        """Options of a foreign key."""
        return {
            "ondelete": draw(st.sampled_from([None, "CASCADE", "SET NULL"])),
            "onupdate": draw(st.sampled_from([None, "RESTRICT", "CASCADE"])),
        }

    def distinct(self) -> st.SearchStrategy[list[str]]:
        """Names of a table's columns."""
        told_apart_by = str.lower if self.ignores_case else str
        return st.lists(self.names, min_size=2, max_size=4, unique_by=told_apart_by)

    def named(self, kind: str) -> st.SearchStrategy[str | None]:
        """The name of a constraint, or None."""
        return st.one_of(st.none(), self.names.map(lambda name: f"{kind} {name}"))

    def _model(self, draw: Any) -> MetaData:
        metadata = MetaData()
        first: Table | None = None
        for number, name in enumerate(draw(st.lists(self.names, min_size=1, max_size=3))):
            keys = draw(self.distinct())
            columns = [
                Column(key, draw(st.sampled_from(self.keys)), nullable=False) for key in keys
            ]
            table = Table(f"t{number} {name}", metadata, *columns, **self.table_options(draw))
            if self.has_comments:
                table.comment = draw(st.sampled_from([None, 'it\'s \\ "%s"\n']))
            self._add_columns(draw, table)
            self.constrain(draw, table, keys, number)
            if first is not None:
                self._refer(draw, table, first, number)
            first = table if first is None else first
        return metadata

    def _add_columns(self, draw: Any, table: Table) -> None:
        for each in draw(st.lists(st.sampled_from(self.others), max_size=4)):
            column: Column[Any] = Column(f"o{len(table.c)}", each, nullable=draw(st.booleans()))
            if self.has_comments:
                column.comment = draw(st.sampled_from([None, "a 'c' \\ %(x)s"]))
            table.append_column(column)
        for type_, defaults in draw(st.lists(st.sampled_from(self.defaults), max_size=3)):
            default = draw(st.sampled_from(defaults))
            table.append_column(Column(f"d{len(table.c)}", type_, server_default=default))

    def _refer(self, draw: Any, table: Table, first: Table, number: int) -> None:
        """Refer to the first table's primary key by columns of their own."""
        targets = list(first.primary_key.columns)
        local = [Column(f"f{place}", target.type) for place, target in enumerate(targets)]
        for column in local:
            table.append_column(column)
        table.append_constraint(
            ForeignKeyConstraint(
                [column.name for column in local],
                [(first.name, target.name) for target in targets],
                name=draw(self.named(f"fk{number}")),
                **self.reference_options(draw),
            )
        )
