"""The order in which tables can be created, and which foreign keys must wait for it.

A foreign key makes its table wait for the table it refers to. Tables that refer to each other
have no order; then the constraints inside the cycle are set aside, to be added by ALTER once all
tables are there. So are those marked ``use_alter``. A table may refer to itself freely.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ormolu import graph
from ormolu.exc import SAWarning

if TYPE_CHECKING:
    from .constraints import ForeignKeyConstraint
    from .table import Table

Ordered = tuple[list["Table"], list["ForeignKeyConstraint"]]


def order_tables(
    tables: Iterable[Table], skip: Callable[[ForeignKeyConstraint], bool] | None = None
) -> tuple[Ordered, bool]:
    """Tables in the order of creation and the constraints set aside, and whether there was a cycle.

    Tables without an order between them stay in the order of their keys.
    """
    ordered = sorted(tables, key=lambda table: table.key)
    edges: dict[tuple[Table, Table], list[ForeignKeyConstraint]] = {}
    aside: list[ForeignKeyConstraint] = []
    for table in ordered:
        for constraint in constraints_of(table):
            if constraint.use_alter or (skip is not None and skip(constraint)):
                aside.append(constraint)
                continue
            referred = constraint.referred_table
            if referred is not table:
                edges.setdefault((referred, table), []).append(constraint)
    extra = {(before, table) for table in ordered for before in table._extra_dependencies}
    cyclic = [set(group) for group in graph.cycles(ordered, [*edges, *extra])]
    for edge in list(edges):
        if any(edge[0] in group and edge[1] in group for group in cyclic):
            aside += edges.pop(edge)
    placed = graph.sort(ordered, [*edges, *sorted(extra, key=_edge_key)])
    return (placed, aside), bool(cyclic)


def _edge_key(edge: tuple[Table, Table]) -> tuple[str, str]:
    return edge[0].key, edge[1].key


def constraints_of(table: Table) -> list[ForeignKeyConstraint]:
    """The foreign key constraints of a table in the order in which they were made."""
    return sorted(table.foreign_key_constraints, key=lambda found: found._creation_order)


def sort_tables(
    tables: Iterable[Table],
    skip_fn: Callable[[Any], bool] | None = None,
    extra_dependencies: Iterable[tuple[Table, Table]] | None = None,
) -> list[Table]:
    """Tables in the order in which they can be created; warns when some have none.

    :param skip_fn: leaves out a foreign key constraint for which it is true.
    """
    given = list(tables)
    (placed, aside), cyclic = order_tables(given, skip_fn)
    if extra_dependencies is not None:
        edges = [
            (constraint.referred_table, table)
            for table in placed
            for constraint in constraints_of(table)
            if constraint not in aside and constraint.referred_table is not table
        ]
        placed = graph.sort(placed, [*edges, *extra_dependencies])
    if cyclic:
        names = ", ".join(sorted({c.table.fullname for c in aside if not c.use_alter}))
        warnings.warn(
            "Cannot correctly sort tables; there are unresolvable cycles between tables "
            f'"{names}", which is usually caused by mutually dependent foreign key constraints.  '
            "Foreign key "
            "constraints involving these tables will not be considered; mark one of them with "
            "use_alter=True.",
            SAWarning,
            stacklevel=3,
        )
    return placed


def sort_tables_and_constraints(
    tables: Iterable[Table],
) -> list[tuple[Table | None, list[ForeignKeyConstraint]]]:
    """Pairs of a table and the constraints created with it; last (None, those added by ALTER)."""
    (placed, aside), _ = order_tables(tables)
    pairs: list[tuple[Table | None, list[ForeignKeyConstraint]]] = [
        (table, [c for c in constraints_of(table) if c not in aside]) for table in placed
    ]
    return [*pairs, (None, aside)]
