"""The order in which tables can be created, and which foreign keys must wait for it.

A foreign key makes its table wait for the table it refers to. Tables that refer to each other
have no order; then all constraints of the tables of the cycle are set aside, to be added by ALTER
once all tables are there. So are those marked ``use_alter``. A table may refer to itself freely.

A ``filter_fn`` decides for a constraint: True sets it aside from the start; False keeps it with its
table come what may (a cycle of such constraints can't be sorted); None leaves it to the rules.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ormolu import graph
from ormolu.exc import CircularDependencyError, SAWarning

if TYPE_CHECKING:
    from .constraints import ForeignKeyConstraint
    from .table import Table

Filter = Callable[["ForeignKeyConstraint"], bool | None]
Edge = tuple["Table", "Table"]


class Order:
    """Tables in the order of creation.

    ``aside`` are the constraints to be added later, ``cycle`` the tables that had no order.
    """

    __slots__ = ("aside", "cycle", "tables")

    def __init__(
        self, tables: list[Table], aside: list[ForeignKeyConstraint], cycle: set[Table]
    ) -> None:
        self.tables = tables
        self.aside = aside
        self.cycle = cycle


def order_tables(
    tables: Iterable[Table],
    filter_fn: Filter | None = None,
    extra_dependencies: Iterable[Edge] | None = None,
) -> Order:
    """Order tables; those without an order between them stay as they were given.

    :raises CircularDependencyError: there is a cycle that setting constraints aside can't open.
    """
    given = list(tables)
    aside: dict[ForeignKeyConstraint, None] = {}
    fixed = {*(extra_dependencies or ()), *_declared_dependencies(given)}
    movable: set[Edge] = set()
    for table in given:
        for constraint in constraints_of(table):
            if constraint.use_alter or (filter_fn is not None and filter_fn(constraint) is True):
                aside[constraint] = None
            elif constraint.referred_table is not table:
                movable.add((constraint.referred_table, table))
    try:
        return Order(graph.sort(given, fixed | movable), list(aside), set())
    except CircularDependencyError as error:
        cycle = set(error.cycles)
        for table in given:
            if table in cycle:
                for constraint in constraints_of(table):
                    if filter_fn is None or filter_fn(constraint) is not False:
                        aside.setdefault(constraint)
                        movable.discard((constraint.referred_table, table))
    return Order(graph.sort(given, fixed | movable), list(aside), cycle)


def _declared_dependencies(tables: list[Table]) -> Iterable[Edge]:
    """What ``add_is_dependent_on`` says, and the tables that a view reads."""
    return ((before, table) for table in tables for before in table._extra_dependencies)


def constraints_of(table: Table) -> list[ForeignKeyConstraint]:
    """The foreign key constraints of a table in the order in which they were made."""
    return sorted(table.foreign_key_constraints, key=lambda found: found._creation_order)


def sort_tables(
    tables: Iterable[Table],
    skip_fn: Callable[[Any], bool] | None = None,
    extra_dependencies: Iterable[Edge] | None = None,
) -> list[Table]:
    """Tables in the order in which they can be created; warns when some have none.

    :param skip_fn: leaves out a foreign key constraint for which it is true.
    """
    filter_fn: Filter | None = None
    if skip_fn is not None:
        skip = skip_fn
        filter_fn = lambda constraint: True if skip(constraint) else None
    order = order_tables(tables, filter_fn, extra_dependencies)
    if order.cycle:
        names = ", ".join(sorted(table.fullname for table in order.cycle))
        warnings.warn(
            "Cannot correctly sort tables; there are unresolvable cycles between tables "
            f'"{names}", which is usually caused by mutually dependent foreign key constraints.  '
            "Foreign key "
            "constraints involving these tables will not be considered; mark one of them with "
            "use_alter=True.",
            SAWarning,
            stacklevel=3,
        )
    return order.tables


def sort_tables_and_constraints(
    tables: Iterable[Table],
    filter_fn: Filter | None = None,
    extra_dependencies: Iterable[Edge] | None = None,
) -> list[tuple[Table | None, Any]]:
    """Pairs of a table and the constraints created with it; last (None, those added by ALTER).

    :param filter_fn: of a foreign key constraint: True sets it aside, False never does, None
        only in a cycle.
    """
    order = order_tables(tables, filter_fn, extra_dependencies)
    return [*inline_constraints(order), (None, list(order.aside))]


def inline_constraints(order: Order) -> list[tuple[Table, set[ForeignKeyConstraint]]]:
    """Each table with the constraints that CREATE TABLE writes."""
    aside = set(order.aside)
    return [(table, table.foreign_key_constraints - aside) for table in order.tables]
