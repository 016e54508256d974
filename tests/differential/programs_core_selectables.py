"""Programs about FROM: joins, CTEs, LATERAL, VALUES, samples, compounds, locking and limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core_library import filled_harbour, harbour, shown, texts
from library import Library


def program_joins(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship, voyage, cargo = tables.ship, tables.voyage, tables.cargo
    with engine.connect() as connection:
        chain = ship.join(voyage).join(cargo)
        yield str(chain), str(chain.onclause), chain.is_derived_from(ship)
        yield from shown(connection, sql.select(ship.c.name, cargo.c.goods).select_from(chain))
        nested = ship.outerjoin(voyage.join(cargo))
        yield from shown(connection, sql.select(ship.c.name, cargo.c.goods).select_from(nested))
        yield from shown(
            connection, sql.select(chain.c.ship_name, chain.c.voyage_port).select_from(chain)
        )
        yield from shown(connection, sql.join(ship, voyage, ship.c.id == voyage.c.ship_id).select())
        yield chain.c.keys()
        yield from shown(
            connection, sql.select(sql.outerjoin(ship, voyage).select().subquery().c.port)
        )
    yield from texts(lib, sql.outerjoin(ship, voyage, full=True))
    yield lib.error(lambda: ship.join(cargo))
    yield lib.error(lambda: sql.select(ship).join(cargo).compile())
    alias = ship.alias()
    twice = sql.select(ship.c.name, alias.c.name).where(ship.c.id < alias.c.id)
    yield str(twice), twice.compile().params


def program_recursive_ctes(lib: Library) -> Iterator[Any]:
    sql, engine = lib.sql, lib.engine()
    metadata = sql.MetaData()
    part = sql.Table(
        "part",
        metadata,
        sql.Column("name", sql.String(20), primary_key=True),
        sql.Column("whole", sql.String(20)),
        sql.Column("amount", sql.Integer),
    )
    metadata.create_all(engine)
    rows = [("hull", None, 1), ("plank", "hull", 40), ("nail", "plank", 9), ("mast", None, 2)]
    with engine.begin() as connection:
        connection.execute(
            sql.insert(part), [dict(zip(part.c.keys(), r, strict=True)) for r in rows]
        )
        included = (
            sql.select(part.c.name, part.c.whole, part.c.amount)
            .where(part.c.name == "hull")
            .cte(recursive=True)
        )
        above, below = included.alias(), part.alias()
        included = included.union_all(
            sql.select(below.c.name, below.c.whole, below.c.amount * above.c.amount).where(
                below.c.whole == above.c.name
            )
        )
        yield from shown(
            connection,
            sql.select(included.c.name, sql.func.sum(included.c.amount).label("total"))
            .group_by(included.c.name)
            .order_by(included.c.name),
        )
        count = sql.select(sql.literal(1).label("n")).cte("count", recursive=True)
        count = count.union(sql.select(count.c.n + 1).where(count.c.n < 4))
        yield from shown(connection, sql.select(count))
        yield from shown(
            connection,
            sql.select(count.c.n, part.c.name).join_from(count, part, count.c.n == part.c.amount),
        )


def program_ctes(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship, voyage, func = tables.ship, tables.voyage, lib.sql.func
    tally = sql.select(voyage.c.port, func.count().label("n")).group_by(voyage.c.port).cte("tally")
    busy = sql.select(tally.c.port).where(tally.c.n > 1).cte("busy")
    with engine.connect() as connection:
        yield from shown(
            connection, sql.select(voyage).where(voyage.c.port.in_(sql.select(busy.c.port)))
        )
        one, two = tally.alias("one"), tally.alias("two")
        yield from shown(connection, sql.select(one.c.port, two.c.port).where(one.c.n < two.c.n))
        inner = sql.select(ship.c.id).where(ship.c.flag == "NO").cte("inner", nesting=True)
        outer = (
            sql.select(voyage.c.port)
            .where(voyage.c.ship_id.in_(sql.select(inner.c.id)))
            .cte("outer")
        )
        yield from shown(connection, sql.select(outer))
        added = sql.select(func.count()).select_from(ship).add_cte(tally)
        yield from shown(connection, added)
        compound = sql.union(sql.select(tally.c.port), sql.select(busy.c.port)).order_by("port")
        yield from shown(connection, compound)
    for materialized in ("MATERIALIZED", "NOT MATERIALIZED"):
        fresh = sql.select(ship.c.id).cte("fresh").prefix_with(materialized, dialect="postgresql")
        prefixed = sql.select(fresh.c.id)
        yield from texts(lib, prefixed, "default", "postgresql")
    yield from texts(
        lib,
        sql.select(sql.select(ship.c.id).cte("fresh").suffix_with("SEARCH DEPTH FIRST").c.id),
        "default",
    )
    clash = sql.select(ship.c.id).cte("tally")
    yield lib.error(lambda: str(sql.select(tally, clash)))
    upsert = (
        sql.update(ship).where(ship.c.id == 1).values(flag="X").returning(ship.c.id).cte("changed")
    )
    yield from texts(lib, sql.select(upsert), "postgresql")
    gone = sql.delete(voyage).returning(voyage).cte("gone")
    insert = sql.insert(tables.cargo).from_select(["voyage_id"], sql.select(gone.c.id))
    yield from texts(lib, insert, "postgresql", "sqlite")
    yield from texts(
        lib, sql.insert(tables.cargo).from_select(["voyage_id"], sql.select(tally.c.n))
    )
    yield from texts(lib, sql.select(ship.c.id).add_cte(gone, nest_here=True), "postgresql")


def program_subqueries(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship, voyage, func = tables.ship, tables.voyage, lib.sql.func
    newest = sql.select(func.max(voyage.c.sailed)).scalar_subquery()
    trips = sql.select(func.count()).where(voyage.c.ship_id == ship.c.id)
    with engine.connect() as connection:
        yield from shown(connection, sql.select(voyage.c.port).where(voyage.c.sailed == newest))
        yield from shown(
            connection,
            sql.select(ship.c.name).where(trips.correlate(ship).scalar_subquery() == 2),
        )
        yield from shown(
            connection,
            sql.select(ship.c.name, trips.correlate_except(voyage).scalar_subquery().label("n")),
        )
        deep = sql.select(sql.select(sql.select(ship.c.id, ship.c.name).subquery()).subquery("top"))
        yield from shown(connection, deep)
        yield from shown(
            connection, sql.select(ship.c.name).where(sql.exists().where(trips.whereclause))
        )
        yield from shown(
            connection,
            sql.select(ship.c.name).where(
                sql.exists(sql.select(voyage.c.id)).where(voyage.c.ship_id == ship.c.id)
            ),
        )
        yield from shown(connection, sql.select(sql.exists().where(ship.c.id == 1).label("there")))
        pairs = sql.select(sql.select(ship.c.id).where(ship.c.id == 2).scalar_subquery() + 1)
        yield from shown(connection, pairs)
    yield str(trips.correlate(None)), str(trips.subquery()), repr(newest.type)
    yield lib.error(lambda: sql.select(ship.c.id, ship.c.name).scalar_subquery().type)


def program_lateral(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    ship, voyage = tables.ship, tables.voyage
    latest = (
        sql.select(voyage.c.port, voyage.c.days.label("d"))
        .where(voyage.c.ship_id == ship.c.id)
        .order_by(voyage.c.sailed.desc())
        .limit(2)
    )
    one, two = latest.lateral(), latest.lateral("latest")
    for statement in (
        sql.select(ship.c.name, one.c.port).join(one, sql.true()),
        sql.select(ship.c.name, two.c.d).select_from(ship).outerjoin(two, two.c.d > 3),
        sql.select(ship.c.name, two.c.port).select_from(ship, two),
        sql.select(sql.lateral(latest, name="z").c.port),
        sql.select(ship.c.name).join(latest.correlate(ship).lateral("y"), sql.true()),
    ):
        yield from texts(lib, statement, "default", "postgresql", "mysql")


def program_values(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    rows = [(1, "north"), (2, "south")]
    columns = (sql.column("id", sql.Integer), sql.column("side", sql.String))
    plain = sql.values(*columns, name="sides").data(rows)
    for statement in (
        sql.select(plain), plain,
        sql.select(plain.c.side), sql.values(*columns).data(rows).select(),
        sql.select(tables.ship.c.name, plain.c.side).join(plain, plain.c.id == tables.ship.c.id),
        sql.select(sql.values(*columns, name="sides", literal_binds=True).data(rows)),
        sql.select(plain.cte("v")), sql.select(plain.lateral()),
        plain.data([(3, "east")]).select(), sql.select(1 + plain.c.id).where(plain.c.side == "x"),
        sql.select(sql.literal(1).in_(sql.select(plain.c.id))),
    ):  # fmt: skip
        yield from texts(lib, statement, "default", "postgresql", "sqlite")
    scalar = sql.values(sql.column("n", sql.Integer)).data([(1,), (2,)]).scalar_values()
    yield str(sql.select(tables.ship.c.id).where(tables.ship.c.id.in_(scalar)))


def program_values_are_rows(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    sides = sql.values(
        sql.column("ship", sql.Integer), sql.column("side", sql.String), name="sides"
    ).data([(1, "north"), (3, "south")])
    with engine.connect() as connection:
        cte = sides.cte("sides")
        yield from shown(
            connection,
            sql.select(tables.ship.c.name, cte.c.side).join(cte, cte.c.ship == tables.ship.c.id),
        )


def program_samples(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    ship = tables.ship
    for sample in (
        ship.tablesample(10), sql.tablesample(ship, sql.func.bernoulli(1.5), name="few"),
        ship.alias("s").tablesample(sql.func.system(5), seed=sql.func.random()),
        ship.tablesample(sql.text("system(3)"), name="x", seed=sql.literal(7)),
    ):  # fmt: skip
        yield from texts(lib, sql.select(sample.c.id), "default", "postgresql")


def program_compounds(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship, voyage = tables.ship, tables.voyage
    ids, owners = sql.select(ship.c.id), sql.select(voyage.c.ship_id)
    last = sql.select(ship.c.id).order_by(ship.c.id.desc()).limit(1)
    with engine.connect() as connection:
        for statement in (
            sql.union(ids, owners), sql.union_all(ids, owners).order_by("id"),
            sql.intersect(ids, owners), sql.except_(ids, owners),
            ids.union(owners, owners), ids.union_all(owners).order_by(ship.c.id).limit(3).offset(1),
            ids.intersect(owners), ids.except_(owners),
            sql.union(ids, owners).group_by("id"),
            sql.select(sql.union(ids, owners).subquery().c.id).where(sql.text("id > 1")),
            sql.select(ship.c.name).where(ship.c.id.in_(sql.union(ids, owners))),
            sql.union(sql.select(last.subquery()), owners),
        ):  # fmt: skip
            yield from shown(connection, statement)
    yield from texts(lib, sql.union(last, sql.union(ids, owners)), "default", "postgresql", "mysql")
    yield from texts(lib, sql.except_all(ids.intersect_all(owners), ids), "default", "postgresql")
    compound = sql.union(ids.add_columns(ship.c.name), sql.select(voyage.c.ship_id, voyage.c.port))
    yield compound.selected_columns.keys(), compound.exported_columns.keys()
    yield compound.subquery().c.keys(), str(compound.subquery().c.name)
    yield lib.error(lambda: str(sql.union(ids, sql.select(ship))))


def program_locking(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    ship, voyage = tables.ship, tables.voyage
    statement = sql.select(ship.c.id).join(voyage)
    for options in (
        {}, {"nowait": True}, {"read": True}, {"skip_locked": True}, {"key_share": True},
        {"read": True, "key_share": True}, {"of": ship}, {"of": [ship.c.id, voyage]},
        {"read": True, "nowait": True, "of": voyage},
    ):  # fmt: skip
        yield from texts(lib, statement.with_for_update(**options))


def program_limits(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship = tables.ship
    ids = sql.select(ship.c.id).order_by(ship.c.id)
    with engine.connect() as connection:
        for statement in (
            ids.limit(2), ids.offset(2), ids.limit(1).offset(1), ids.slice(1, 3), ids.limit(0),
            ids.limit(2).limit(None),
            ids.limit(sql.literal(1) + 1), ids.offset(sql.bindparam("n", 3)),
        ):  # fmt: skip
            yield from shown(connection, statement)
            yield from texts(lib, statement)
    for statement in (
        ids.fetch(5), ids.fetch(5, with_ties=True), ids.fetch(5, percent=True),
        ids.fetch(sql.bindparam("n")).offset(2),
    ):  # fmt: skip
        yield from texts(lib, statement, "default", "postgresql")


def program_distinct_prefixes_and_hints(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    ship = tables.ship
    for statement in (
        sql.select(ship.c.flag).distinct(),
        sql.select(ship.c.id).prefix_with("SQL_CALC", dialect="mysql").prefix_with("ALL_OF"),
        sql.select(ship.c.id).suffix_with("INTO y", dialect="postgresql"),
        sql.select(ship.c.id).with_hint(ship, "USE INDEX (ix)", "mysql"),
        sql.select(ship.c.id).with_statement_hint("FOR SYSTEM"),
        sql.select(ship.c.id).with_statement_hint("/* x */", "sqlite"),
        sql.select(ship.c.id).where(ship.c.id == 1).with_hint(ship, "ONLY", "postgresql"),
        sql.insert(ship).prefix_with("OR REPLACE").values(id=1),
        sql.update(ship).prefix_with("LOW_PRIORITY", dialect="mysql").values(id=1),
        sql.delete(ship).prefix_with("QUICK"),
    ):
        yield from texts(lib, statement)


def program_building_a_select_in_steps(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    ship, voyage = tables.ship, tables.voyage
    statement = sql.select(ship.c.id, ship.c.name.label("n")).where(ship.c.id > 1)
    for changed in (
        statement.add_columns(ship.c.flag), statement.with_only_columns(ship.c.flag),
        statement.with_only_columns(sql.func.count(), maintain_column_froms=True),
        statement.select_from(voyage), statement.where(voyage.c.ship_id == ship.c.id),
        statement.group_by(ship.c.flag).having(sql.func.count() > 1).having(ship.c.flag != "x"),
        statement.reduce_columns(),
        statement.column(ship.c.tonnage), statement.filter(ship.c.id < 9),
        statement.set_label_style(sql.LABEL_STYLE_TABLENAME_PLUS_COL),
        sql.select(ship, voyage).set_label_style(sql.LABEL_STYLE_TABLENAME_PLUS_COL),
        sql.select(ship.c.id, voyage.c.id).set_label_style(sql.LABEL_STYLE_NONE),
        sql.select(ship.c.id, voyage.c.id, ship.c.id), sql.select(ship, voyage.c.id, ship.c.name),
    ):  # fmt: skip
        yield str(changed), changed.selected_columns.keys()
    yield statement.get_final_froms(), statement.columns_clause_froms, statement.whereclause
    yield statement.exported_columns.keys(), statement.is_derived_from(ship)
    yield [(d["name"], repr(d["type"]), d["expr"].name) for d in statement.column_descriptions]
    yield str(statement.subquery("s").c.n), str(statement.alias("t").c.id)
    yield str(sql.select(voyage.c.port).correlate(ship).where(ship.c.id == 1))
    first, second = statement.subquery(), statement.subquery()
    yield str(sql.select(first, second))
    yield str(ship.select().where(ship.c.id == 5)), str(ship.alias("a").select())
    yield str(sql.select(sql.literal_column("1")).where(sql.text("x = 2")))
