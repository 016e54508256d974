"""Walking over schemas: a `SchemaVisitor` with a method ``visit_<name>`` per kind of item."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from ormolu.sql.node import Node

from .column import Column
from .metadata import MetaData
from .table import Table


class SchemaVisitor:
    """Calls ``visit_table``, ``visit_column``, ``visit_index`` … for what it walks over.

    Several visitors may be chained: each item is offered to all of them.
    """

    __traverse_options__: ClassVar[dict[str, Any]] = {}
    _next: SchemaVisitor | None = None

    def traverse_single(self, obj: Any, **kw: Any) -> Any:
        """Call the first method for ``obj`` among the chained visitors."""
        for visitor in self.visitor_iterator:
            method = getattr(visitor, f"visit_{obj.__visit_name__}", None)
            if method is not None:
                return method(obj, **kw)
        return None

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

    @property
    def visitor_iterator(self) -> Iterator[SchemaVisitor]:
        """The visitors of the chain."""
        visitor: SchemaVisitor | None = self
        while visitor is not None:
            yield visitor
            visitor = visitor._next

    def chain(self, visitor: SchemaVisitor) -> SchemaVisitor:
        """Put a visitor at the end of the chain, and return this one."""
        last = list(self.visitor_iterator)[-1]
        last._next = visitor
        return self


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
