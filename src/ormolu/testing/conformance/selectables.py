"""Selectables: joins, subqueries, CTEs, compounds and VALUES give the rows that they say."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from ...schema import Column, ForeignKey, MetaData, Table
from ...sql import (
    LABEL_STYLE_TABLENAME_PLUS_COL,
    column,
    except_,
    exists,
    func,
    insert,
    intersect,
    literal,
    select,
    text,
    true,
    union,
    union_all,
    values,
)
from ...types import Integer, String
from .suite import Database, Suite

metadata = MetaData()
node = Table(
    "tree_node",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("parent_id", Integer, ForeignKey("tree_node.id")),
    Column("name", String(30)),
)
mark = Table(
    "tree_mark",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("node_id", Integer, ForeignKey("tree_node.id")),
    Column("word", String(30)),
)
NODES: list[dict[str, Any]] = [
    {"id": 1, "parent_id": None, "name": "root"},
    {"id": 2, "parent_id": 1, "name": "left"},
    {"id": 3, "parent_id": 1, "name": "right"},
    {"id": 4, "parent_id": 2, "name": "leaf"},
]
MARKS: list[dict[str, Any]] = [
    {"id": 1, "node_id": 2, "word": "red"},
    {"id": 2, "node_id": 2, "word": "blue"},
    {"id": 3, "node_id": 4, "word": "red"},
]


def below(start: int) -> Any:
    """A recursive CTE of a node and all below it, with their depth."""
    first = select(node.c.id, literal(0).label("depth")).where(node.c.id == start)
    tree = first.cte("below", recursive=True)
    return tree.union_all(select(node.c.id, tree.c.depth + 1).where(node.c.parent_id == tree.c.id))


tree = below(2)
parent = node.alias("parent")
anonymous = node.alias()
marked = select(mark.c.node_id, func.count().label("n")).group_by(mark.c.node_id)
counts = marked.subquery("counts")
words = values(column("id", Integer), column("word", String(30)), name="words").data(
    [(1, "one"), (2, "two")]
)
shared = select(node.c.id).where(node.c.id > 2).cte("shared")
inner_cte = select(node.c.id).where(node.c.id < 3).cte("inner_cte", nesting=True)
outer_cte = select(inner_cte.c.id).cte("outer_cte")
up = union(select(node.c.id), select(mark.c.id)).subquery("up")

SELECTS: dict[str, tuple[Any, list[Any]]] = {
    "join": (
        select(node.c.name, mark.c.word).join(mark).order_by(mark.c.id),
        [("left", "red"), ("left", "blue"), ("leaf", "red")],
    ),
    "outer join": (
        select(node.c.id).outerjoin(mark).where(mark.c.id.is_(None)).order_by(node.c.id),
        [(1,), (3,)],
    ),
    "self join": (
        select(node.c.name, parent.c.name)
        .join(parent, node.c.parent_id == parent.c.id)
        .order_by(node.c.id),
        [("left", "root"), ("right", "root"), ("leaf", "left")],
    ),
    "nested join": (
        select(node.c.id, anonymous.c.id)
        .select_from(
            node.outerjoin(
                anonymous.join(mark, mark.c.node_id == anonymous.c.id),
                anonymous.c.parent_id == node.c.id,
            )
        )
        .order_by(node.c.id, mark.c.id),
        [(1, 2), (1, 2), (2, 4), (3, None), (4, None)],
    ),
    "join on true": (
        select(func.count()).select_from(node.join(mark, true())),
        [(12,)],
    ),
    "subquery": (
        select(node.c.name, counts.c.n).join(counts).order_by(counts.c.n),
        [("leaf", 1), ("left", 2)],
    ),
    "subquery of equal names": (
        select(select(node.c.id, mark.c.id).join(mark).order_by(mark.c.id).subquery()),
        [(2, 1), (2, 2), (4, 3)],
    ),
    "scalar subquery": (
        select(
            node.c.id,
            select(func.count()).where(mark.c.node_id == node.c.id).scalar_subquery(),
        ).order_by(node.c.id),
        [(1, 0), (2, 2), (3, 0), (4, 1)],
    ),
    "exists": (
        select(node.c.id).where(exists().where(mark.c.node_id == node.c.id)).order_by(node.c.id),
        [(2,), (4,)],
    ),
    "not exists": (
        select(node.c.id).where(~exists().where(mark.c.node_id == node.c.id)).order_by(node.c.id),
        [(1,), (3,)],
    ),
    "correlated two levels up": (
        select(node.c.id).where(
            exists().where(
                mark.c.node_id == node.c.id,
                mark.c.id
                == select(func.max(mark.alias("m").c.id)).correlate(node).scalar_subquery(),
            )
        ),
        [(4,)],
    ),
    "cte": (select(shared.c.id).order_by(shared.c.id), [(3,), (4,)]),
    "cte twice": (
        union_all(select(shared.c.id), select(shared.c.id)).order_by("id"),
        [(3,), (3,), (4,), (4,)],
    ),
    "cte under two names": (
        (lambda one, two: select(one.c.id, two.c.id).where(one.c.id < two.c.id))(
            shared.alias("one"), shared.alias("two")
        ),
        [(3, 4)],
    ),
    "recursive cte": (select(tree.c.id, tree.c.depth).order_by(tree.c.id), [(2, 0), (4, 1)]),
    "recursive cte joined": (
        select(node.c.name).join(tree, tree.c.id == node.c.id).order_by(node.c.id),
        [("left",), ("leaf",)],
    ),
    "nesting cte": (select(outer_cte).order_by(outer_cte.c.id), [(1,), (2,)]),
    "union": (
        union(select(node.c.id), select(mark.c.id)).order_by("id"),
        [(1,), (2,), (3,), (4,)],
    ),
    "intersect": (
        intersect(select(node.c.id), select(mark.c.node_id)).order_by("id"),
        [(2,), (4,)],
    ),
    "except": (except_(select(node.c.id), select(mark.c.node_id)).order_by("id"), [(1,), (3,)]),
    "union, limited": (
        union_all(select(node.c.id), select(mark.c.id)).order_by("id").limit(2).offset(1),
        [(1,), (2,)],
    ),
    "subquery of a union": (
        select(func.sum(up.c.id)).select_from(up),
        [(10,)],
    ),
    "in a union": (
        select(mark.c.id)
        .where(mark.c.node_id.in_(union(select(node.c.id), select(node.c.parent_id))))
        .order_by(mark.c.id),
        [(1,), (2,), (3,)],
    ),
    "table and column as labels": (
        select(node.c.id, mark.c.id)
        .join(mark)
        .set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
        .order_by("tree_mark_id")
        .limit(1),
        [(2, 1)],
    ),
    "text with columns": (
        (lambda t: select(t.c.id + 1).order_by(t.c.id))(
            text("SELECT id FROM tree_node WHERE id < :top")
            .bindparams(top=3)
            .columns(column("id", Integer))
            .subquery("t")
        ),
        [(2,), (3,)],
    ),
    "limit as an expression": (
        select(node.c.id).order_by(node.c.id).limit(literal(1)).offset(literal(2)),
        [(3,)],
    ),
}


class SelectableSuite(Suite):
    """One table of statements with their rows, and what their columns are called."""

    metadata: ClassVar[MetaData | None] = metadata

    async def _fill(self, connection: Any) -> None:
        await connection.execute(insert(node), NODES)
        await connection.execute(insert(mark), MARKS)

    @pytest.mark.parametrize("name", SELECTS)
    async def test_selectable(self, db: Database, name: str) -> None:
        statement, expected = SELECTS[name]
        async with db.connect() as connection:
            await self._fill(connection)
            for _ in range(2):  # the second time from the statement cache
                assert (await connection.execute(statement)).all() == expected

    async def test_rows_are_asked_by_column_also_where_names_repeat(self, db: Database) -> None:
        statement = select(node.c.id, mark.c.id, node.c.name).join(mark).order_by(mark.c.id)
        async with db.connect() as connection:
            await self._fill(connection)
            row = (await connection.execute(statement.limit(1))).one()
            found = row._mapping
            assert (found[node.c.id], found[mark.c.id], found[node.c.name]) == (2, 1, "left")
            assert row._fields == ("id", "id_1", "name")

    async def test_columns_of_a_union_are_those_of_its_first_part(self, db: Database) -> None:
        statement = union(select(node.c.id.label("number")), select(mark.c.id))
        async with db.connect() as connection:
            await self._fill(connection)
            row = (await connection.execute(statement.order_by("number").limit(1))).one()
            assert (row.number, row._fields) == (1, ("number",))

    async def test_columns_of_a_subquery_have_the_types_of_the_inner_ones(
        self, db: Database
    ) -> None:
        inner = select(node.c.name, func.count(mark.c.id).label("n")).outerjoin(mark)
        sub = inner.group_by(node.c.id, node.c.name).subquery()
        assert (type(sub.c.name.type), type(sub.c.n.type)) == (String, Integer)
        async with db.connect() as connection:
            await self._fill(connection)
            found = await connection.execute(select(sub.c.n).where(sub.c.name == "left"))
            assert found.scalar_one() == 2


class ValuesSuite(Suite):
    """VALUES as a FROM element, where the database has it."""

    metadata: ClassVar[MetaData | None] = metadata

    async def test_a_cte_of_values_is_joined(self, db: Database) -> None:
        known = words.cte("known")
        statement = (
            select(node.c.name, known.c.word)
            .join(known, known.c.id == node.c.id)
            .order_by(node.c.id)
        )
        async with db.connect() as connection:
            await connection.execute(insert(node), NODES)
            assert (await connection.execute(statement)).all() == [("root", "one"), ("left", "two")]
