"""What PostgreSQL adds to statements, run on a server."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from three_ways import Library

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning")


def items(library: Library, connection: Any) -> Any:
    """Return a table with a unique name and some rows."""
    sa = library.sa
    table = sa.Table(
        "item",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), server_default="plain"),
        sa.Column("price", sa.Integer),
        sa.UniqueConstraint("name", name="uq_name"),
    )
    sa.Index("ix_kind", table.c.kind, unique=True, postgresql_where=table.c.kind == "single")
    table.create(connection)
    connection.execute(
        table.insert(),
        [
            {"name": "a", "kind": "x", "price": 1},
            {"name": "b", "kind": "x", "price": 3},
            {"name": "c", "kind": "y", "price": 2},
        ],
    )
    return table


def rows_of(library: Library, connection: Any, table: Any) -> list[Any]:
    """The names and prices, in order."""
    query = library.sa.select(table.c.name, table.c.price).order_by(table.c.name)
    return [tuple(row) for row in connection.execute(query)]


# -- ON CONFLICT


def test_conflicts_do_nothing(library: Library) -> None:
    pg = library.pg

    def program(connection: Any) -> list[Any]:
        table = items(library, connection)
        counts = []
        for target in (
            {},
            {"index_elements": ["name"]},
            {"index_elements": [table.c.name]},
            {"constraint": "uq_name"},
        ):
            statement = pg.insert(table).values(name="a", price=9).on_conflict_do_nothing(**target)
            counts.append(connection.execute(statement.returning(table.c.id)).all())
        many = pg.insert(table).on_conflict_do_nothing(index_elements=["name"])
        returned = connection.execute(
            many.returning(table.c.name), [{"name": "a", "price": 7}, {"name": "d", "price": 4}]
        ).all()
        return [counts, [tuple(row) for row in returned], rows_of(library, connection, table)]

    assert library.run(program) == [
        [[], [], [], []],
        [("d",)],
        [("a", 1), ("b", 3), ("c", 2), ("d", 4)],
    ]


def test_conflicts_do_update(library: Library) -> None:
    sa, pg = library.sa, library.pg

    def program(connection: Any) -> list[Any]:
        table = items(library, connection)
        insert = pg.insert(table)
        changed = insert.on_conflict_do_update(
            index_elements=["name"],
            set_={"price": insert.excluded.price + table.c.price},
            where=insert.excluded.price > 5,
        ).returning(table.c.name, table.c.price)
        steps = [
            connection.execute(changed.values(name="a", price=10)).all(),
            connection.execute(changed.values(name="a", price=2)).all(),
            connection.execute(
                changed, [{"name": "b", "price": 6}, {"name": "e", "price": 7}]
            ).all(),
        ]
        by_name = insert.values(name="c", price=5).on_conflict_do_update(
            constraint="uq_name", set_={"price": sa.literal(0), "kind": insert.excluded.kind}
        )
        connection.execute(by_name)
        connection.execute(
            insert.values(name="z", kind="single", price=1).on_conflict_do_nothing(
                index_elements=["kind"], index_where=table.c.kind == "single"
            )
        )
        connection.execute(
            insert.values(name="y", kind="single", price=2).on_conflict_do_update(
                index_elements=[table.c.kind],
                index_where=table.c.kind == "single",
                set_={"price": 20},
            )
        )
        return [
            [[tuple(row) for row in step] for step in steps],
            rows_of(library, connection, table),
        ]

    assert library.run(program) == [
        [[("a", 11)], [], [("b", 9), ("e", 7)]],
        [("a", 11), ("b", 9), ("c", 0), ("e", 7), ("z", 20)],
    ]


def test_conflicts_of_mapped_objects(library: Library) -> None:
    sa, pg, orm = library.sa, library.pg, library.orm

    class Base(orm.DeclarativeBase):
        pass

    class User(Base):
        __tablename__ = "users"
        id = orm.mapped_column(sa.Integer, primary_key=True)
        email = orm.mapped_column(sa.String, unique=True)
        visits = orm.mapped_column(sa.Integer, default=1)

    library.run(lambda connection: Base.metadata.create_all(connection))

    def program(session: Any) -> list[Any]:
        insert = pg.insert(User)
        statement = insert.on_conflict_do_update(
            index_elements=[User.email], set_={"visits": User.visits + 1}
        ).returning(User)
        many = [{"email": "a"}, {"email": "b"}]
        session.execute(pg.insert(User).values(email="b", visits=5))
        users = session.scalars(
            statement, many, execution_options={"populate_existing": True}
        ).all()
        return sorted((user.email, user.visits) for user in users)

    assert library.session(program) == [("a", 1), ("b", 6)]


# -- SELECT


def test_distinct_on_and_aggregates(library: Library) -> None:
    sa, pg = library.sa, library.pg

    def program(connection: Any) -> list[Any]:
        table = items(library, connection)
        kind, price, name = table.c.kind, table.c.price, table.c.name
        first = sa.select(kind, name).ext(pg.distinct_on(kind)).order_by(kind, price.desc())
        totals = (
            sa.select(
                kind,
                sa.func.array_agg(pg.aggregate_order_by(name, price.desc())),
                sa.func.string_agg(name, pg.aggregate_order_by(sa.literal("-"), name.desc())),
                sa.func.sum(price).filter(price > 1),
                sa.func.percentile_cont(0.5).within_group(price),
                sa.func.mode().within_group(name),
            )
            .group_by(kind)
            .order_by(kind)
        )
        sets = (
            sa.select(kind, sa.func.count())
            .group_by(sa.func.rollup(kind))
            .order_by(kind.nulls_last())
        )
        window = sa.select(
            name, sa.func.rank().over(partition_by=kind, order_by=price.desc())
        ).order_by(name)
        return [
            [tuple(row) for row in connection.execute(query)]
            for query in (first, totals, sets, window)
        ]

    assert library.run(program) == [
        [("x", "b"), ("y", "c")],
        [("x", ["b", "a"], "b-a", 3, 2.0, "a"), ("y", ["c"], "c", 2, 2.0, "c")],
        [("x", 2), ("y", 1), (None, 3)],
        [("a", 2), ("b", 1), ("c", 1)],
    ]


def test_lateral_and_functions_as_tables(library: Library) -> None:
    sa = library.sa

    def program(connection: Any) -> list[Any]:
        table = items(library, connection)
        other = table.alias("other")
        best = (
            sa.select(other.c.name.label("best"))
            .where(other.c.kind == table.c.kind)
            .order_by(other.c.price.desc())
            .limit(1)
            .lateral("best_of")
        )
        lateral = (
            sa.select(table.c.name, best.c.best)
            .select_from(table.join(best, sa.true()))
            .order_by(table.c.name)
        )
        series = sa.func.generate_series(1, 3).table_valued("n", with_ordinality="position")
        series = series.render_derived()
        numbered = sa.select(series.c.n, series.c.position).order_by(series.c.n.desc())
        column = sa.select(
            sa.func.unnest(sa.cast([4, 5], library.pg.ARRAY(sa.Integer))).column_valued("x")
        )
        records = sa.select(
            sa.func.json_to_recordset(sa.cast([{"a": 1, "b": "x"}], library.pg.JSON))
            .table_valued(sa.column("a", sa.Integer), sa.column("b", sa.Text))
            .render_derived(with_types=True)
        )
        return [
            [tuple(row) for row in connection.execute(query)]
            for query in (lateral, numbered, column, records)
        ]

    assert library.run(program) == [
        [("a", "b"), ("b", "b"), ("c", "c")],
        [(3, 3), (2, 2), (1, 1)],
        [(4,), (5,)],
        [(1, "x")],
    ]


def test_ctes_that_write(library: Library) -> None:
    sa = library.sa

    def program(connection: Any) -> list[Any]:
        table = items(library, connection)
        gone = table.delete().where(table.c.kind == "x").returning(table.c.name, table.c.price)
        moved = gone.cte("moved")
        again = (
            table.insert()
            .from_select(["name", "price"], sa.select(moved.c.name + "2", moved.c.price))
            .returning(table.c.name)
        )
        names = sorted(connection.scalars(again))
        recursive = sa.select(sa.literal(1).label("n")).cte("counter", recursive=True)
        recursive = recursive.union_all(sa.select(recursive.c.n + 1).where(recursive.c.n < 4))
        once = sa.select(table.c.name).cte("once", nesting=True)
        return [
            names,
            rows_of(library, connection, table),
            connection.scalars(sa.select(recursive.c.n)).all(),
            connection.scalar(sa.select(sa.func.count()).select_from(once)),
        ]

    assert library.run(program) == [["a2", "b2"], [("a2", 1), ("b2", 3), ("c", 2)], [1, 2, 3, 4], 3]


def test_operators_of_text(library: Library) -> None:
    sa = library.sa

    def program(connection: Any) -> list[list[str]]:
        table = items(library, connection)
        connection.execute(table.insert(), [{"name": "A%b"}, {"name": "xyz"}])
        name = table.c.name
        return [
            list(connection.scalars(sa.select(name).where(condition).order_by(table.c.id)))
            for condition in (
                name.ilike("A%"),
                name.not_ilike("%A%"),
                name.regexp_match("^[a-b]$"),
                name.regexp_match("^[A]", flags="i"),
                ~name.regexp_match("^[a-z]$"),
                sa.func.regexp_replace(name, "x", "q") == "qyz",
                name.regexp_replace("[yz]", "-", flags="g") == "x--",
                name.contains("%", autoescape=True),
                name.icontains("B"),
                name.istartswith("X"),
                name.op("SIMILAR TO")("(a|b)"),
                name.collate("C") < "B",
                sa.tuple_(name, table.c.price).in_([("a", 1), ("b", 9)]),
                name.is_distinct_from("a") & (table.c.price == 3),
            )
        ]

    assert library.run(program) == [
        ["a", "A%b"],
        ["b", "c", "xyz"],
        ["a", "b"],
        ["a", "A%b"],
        ["A%b", "xyz"],
        ["xyz"],
        ["xyz"],
        ["A%b"],
        ["b", "A%b"],
        ["xyz"],
        ["a", "b"],
        ["A%b"],
        ["a"],
        ["b"],
    ]


def test_limits_fetches_and_samples(library: Library) -> None:
    sa = library.sa

    def program(connection: Any) -> list[Any]:
        table = items(library, connection)
        query = sa.select(table.c.name).order_by(table.c.kind)
        everything = table.tablesample(sa.func.bernoulli(100), name="sample", seed=sa.func.random())
        return [
            len(connection.scalars(query.fetch(1, with_ties=True)).all()),
            connection.scalars(query.order_by(table.c.id).offset(1).fetch(1)).all(),
            connection.scalars(query.order_by(table.c.id).limit(2).offset(1)).all(),
            connection.scalar(sa.select(sa.func.count()).select_from(everything)),
            connection.scalars(
                sa.select(table.c.name).with_hint(table, "ONLY", "postgresql")
            ).all(),
        ]

    assert library.run(program) == [2, ["b"], ["b", "c"], 3, ["a", "b", "c"]]


# -- writing


def test_returning_everywhere(library: Library) -> None:

    def program(connection: Any) -> list[Any]:
        table = items(library, connection)
        other = table.alias("other")
        return [
            tuple(connection.execute(table.insert().values(name="d").returning(table)).one()),
            connection.execute(table.insert().values(name="e")).inserted_primary_key[0],
            sorted(
                connection.scalars(
                    table.update()
                    .values(price=table.c.price + other.c.price)
                    .where(other.c.name == "c", other.c.id != table.c.id, table.c.kind == "x")
                    .returning(table.c.price)
                )
            ),
            connection.scalars(
                table.delete()
                .where(other.c.id == table.c.id, other.c.name == "a")
                .returning(table.c.name + "!")
            ).all(),
            connection.execute(table.update().values(price=0).where(table.c.name == "z")).rowcount,
            connection.execute(table.delete().where(table.c.price.is_(None))).rowcount,
        ]

    assert library.run(program) == [(4, "d", "plain", None), 5, [3, 5], ["a!"], 0, 2]


def test_defaults_come_back(library: Library) -> None:
    sa = library.sa
    table = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer, sa.Identity(start=10, increment=5), primary_key=True),
        sa.Column("n", sa.Integer, sa.Sequence("numbers", start=7)),
        sa.Column("made", sa.DateTime(timezone=True), server_default=sa.func.now()),
        sa.Column("twice", sa.Integer, sa.Computed("n * 2", persisted=True)),
    )

    def program(connection: Any) -> list[Any]:
        table.metadata.create_all(connection)
        first = connection.execute(table.insert().return_defaults(table.c.made, table.c.twice))
        many = connection.execute(
            table.insert().returning(table.c.id, table.c.n, table.c.twice), [{"n": 1}, {"n": 2}]
        ).all()
        empty = connection.execute(table.insert().values()).inserted_primary_key
        next_number = connection.scalar(sa.select(sa.Sequence("numbers").next_value()))
        return [
            first.inserted_primary_key[0],
            first.returned_defaults.twice,
            first.returned_defaults.made is not None,
            sorted(tuple(row) for row in many),
            empty[0],
            next_number,
        ]

    assert library.run(program) == [10, 14, True, [(15, 1, 2), (20, 2, 4)], 25, 9]


def test_nulls_and_booleans(library: Library) -> None:
    sa = library.sa

    def program(connection: Any) -> list[Any]:
        table = items(library, connection)
        connection.execute(table.insert(), [{"name": "n", "kind": None}])
        kinds = sa.select(table.c.kind).order_by(table.c.kind.desc().nulls_last(), table.c.id)
        true = sa.select(table.c.id).where((table.c.price > 1).is_(True)).order_by("id")
        null = sa.select(sa.func.coalesce(table.c.price, 0)).where(table.c.kind.is_(None))
        return [connection.scalars(query).all() for query in (kinds, true, null)]

    assert library.run(program) == [["y", "x", "x", None], [2, 3], [0]]


# -- locks


def test_rows_that_are_locked_are_skipped_or_refused(library: Library) -> None:
    sa = library.sa
    found: list[Any] = []
    library.run(lambda connection: found.append(items(library, connection)))
    [table] = found
    skipping = sa.select(table.c.id).order_by(table.c.id).with_for_update(skip_locked=True)
    shared = sa.select(table.c.id).with_for_update(read=True, key_share=True, of=table)
    nowait = sa.select(table.c.id).with_for_update(nowait=True)

    def program(connection: Any) -> Any:
        others = connection.scalars(skipping).all()
        rows = len(connection.scalars(shared).all())
        with pytest.raises(sa.exc.OperationalError, match="could not obtain lock") as caught:
            connection.execute(nowait)
        connection.rollback()
        return others, rows, getattr(caught.value.orig, "sqlstate", None)

    with psycopg.connect(library.plain_url) as other:
        other.execute("SELECT id FROM item WHERE id = 1 FOR NO KEY UPDATE")
        assert library.connected(program) == ([2, 3], 3, "55P03")
