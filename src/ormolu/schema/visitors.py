"""Walking over schemas: a `SchemaVisitor` with a method ``visit_<name>`` per kind of item."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ormolu.sql.node import Node
from ormolu.sql.visitors import ExternalTraversal

from .column import Column
from .metadata import MetaData
from .table import Table


class SchemaVisitor(ExternalTraversal):
    """Calls ``visit_table``, ``visit_column``, ``visit_index`` … for what it walks over.

    Several visitors may be chained: an item is the first's that has a method for it.
    """

    def iterate(self, obj: Any) -> Iterator[Any]:
        """Iterate over ``obj`` and what it consists of, each before its parts."""
        yield obj
        for part in parts_of(obj):
            yield from self.iterate(part)

    def traverse(self, obj: Any) -> Any:
        """Visit ``obj`` and what it consists of."""
        for item in self.iterate(obj):
            self.traverse_single(item)
        return obj


def parts_of(item: Any) -> Iterator[Any]:
    """What a schema item consists of: tables; columns, constraints; defaults, foreign keys."""
    if isinstance(item, MetaData):
        yield from item.tables.values()
    elif isinstance(item, Table):
        yield from item.columns
        yield from item._sorted_constraints
        yield from sorted(item.indexes, key=lambda index: index._creation_order)
    elif isinstance(item, Column):
        found = (item.default, item.onupdate, item.server_default, item.server_onupdate)
        yield from dict.fromkeys(part for part in found if part is not None)
        yield from item.foreign_keys
    elif isinstance(item, Node):
        yield from item.get_children()


class InvokeDDLBase(SchemaVisitor):
    """A visitor that works on a connection: the base of programs that emit DDL of their own.

    :param connection: where the statements are executed.
    """

    def __init__(self, connection: Any, **kw: Any) -> None:
        self.connection = connection

    @contextmanager
    def with_ddl_events(self, target: Any, **kw: Any) -> Iterator[None]:
        """Do what stands inside between the ``before`` and ``after`` events of ``target``.

        A subclass says which: it overrides this method.
        """
        yield
