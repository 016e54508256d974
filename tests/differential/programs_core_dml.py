"""Programs that write: INSERT in bulk and with RETURNING, upserts, UPDATE and DELETE of many."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from core_library import CARGO, filled_harbour, harbour, module, shown, texts
from library import Library


def program_insert_forms(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    ship = tables.ship
    for statement in (
        sql.insert(ship), ship.insert(), sql.insert(ship).values(name="a"),
        sql.insert(ship).values({"name": "a", "flag": sql.null()}),
        sql.insert(ship).values({ship.c.name: sql.func.upper("a")}),
        sql.insert(ship).values((1, "a", "NO", 5)), sql.insert(ship).values([(1, "a"), (2, "b")]),
        sql.insert(ship).values([{"name": "a"}, {"name": "b"}]),
        sql.insert(ship).values(name=sql.bindparam("n")), sql.insert(ship).values({}),
        sql.insert(ship).values(name="a").values(flag="x"),
        sql.insert(ship).values(name="a").inline(),
        sql.insert(ship).values(tonnage=sql.select(sql.func.max(ship.c.tonnage)).scalar_subquery()),
        sql.insert(ship).values(name="a").returning(ship.c.id, ship.c.name.label("n")),
        sql.insert(ship).returning(ship), sql.insert(ship).values(name="x").return_defaults(),
        sql.insert(ship).from_select(["name"], sql.select(tables.voyage.c.port)),
        sql.insert(ship).from_select(
            [ship.c.name, "flag"], sql.select(tables.voyage.c.port, sql.literal("q")).distinct()
        ),
    ):  # fmt: skip
        yield from texts(lib, statement)
        yield statement.compile().params
    yield from texts(lib, sql.insert(ship), column_keys=["name", "flag"])
    yield lib.error(lambda: sql.insert(ship).values(nothing=1).compile())
    yield lib.error(lambda: sql.insert(ship).values([{"name": "a"}, {"flag": "b"}]).compile())


def program_insert_results(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship = tables.ship
    with engine.begin() as connection:
        one = connection.execute(sql.insert(ship).values(name="Edda"))
        yield one.inserted_primary_key, one.inserted_primary_key.id, one.lastrowid
        yield one.is_insert, one.returns_rows, one.rowcount
        yield one.last_inserted_params(), one.inserted_primary_key_rows
        given = connection.execute(sql.insert(ship), {"id": 40, "name": "Fram"})
        yield given.inserted_primary_key
        many = connection.execute(sql.insert(ship), [{"name": "Gjoa"}, {"name": "Hulda"}])
        yield many.rowcount, many.returns_rows
        yield lib.error(lambda: many.inserted_primary_key)
        wide = connection.execute(sql.insert(ship).values([{"name": "Ida"}, {"name": "Jenny"}]))
        yield wide.rowcount
        defaults = connection.execute(
            sql.insert(ship).values(name="Kari").return_defaults(ship.c.flag)
        )
        yield defaults.returned_defaults, defaults.inserted_primary_key
        yield connection.execute(sql.select(ship.c.id, ship.c.name).where(ship.c.id > 4)).all()


def program_many_rows_with_returning(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship = tables.ship
    sent = lib.statements(engine)
    rows = [{"name": f"ship {n}", "tonnage": n} for n in range(7)]
    statement = sql.insert(ship).returning(ship.c.id, ship.c.name)
    with engine.begin() as connection:
        yield connection.execute(statement, rows).all()
        paged = connection.execution_options(insertmanyvalues_page_size=3)
        yield sorted(paged.execute(statement, rows).all())
        yield from sent
        ordered = sql.insert(ship).returning(ship.c.id, sort_by_parameter_order=True)
        yield paged.execute(ordered, rows).scalars().all()
        computed = sql.insert(ship).values(flag=sql.func.upper("no")).returning(ship.c.flag)
        yield paged.execute(computed, rows[:2]).all()


def program_sentinels(lib: Library) -> Iterator[Any]:
    sql, engine = lib.sql, lib.engine()
    metadata = sql.MetaData()
    numbers = itertools.count(100)
    tag = sql.Table(
        "tag",
        metadata,
        sql.Column("code", sql.String(10), primary_key=True, default=lambda: f"c{next(numbers)}"),
        sql.Column("label", sql.String(10)),
    )
    metadata.create_all(engine)
    with engine.begin() as connection:
        statement = sql.insert(tag).returning(tag.c.code, tag.c.label, sort_by_parameter_order=True)
        yield connection.execute(statement, [{"label": letter} for letter in "abcd"]).all()
    with_column = sql.Table(
        "plain", sql.MetaData(), sql.Column("x", sql.Integer), sql.insert_sentinel("order_no")
    )
    yield from texts(lib, sql.schema.CreateTable(with_column), "sqlite", "postgresql")
    yield str(sql.select(with_column)), str(sql.insert(with_column).values(x=1))


def program_sqlite_upserts(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship = tables.ship
    insert = module(lib, "dialects.sqlite").insert
    base = insert(ship).values(id=1, name="New", tonnage=5)
    with engine.begin() as connection:
        for statement in (
            base.on_conflict_do_nothing(), base.on_conflict_do_nothing(index_elements=["id"]),
            base.on_conflict_do_update(index_elements=["id"], set_={"name": "changed"}),
            base.on_conflict_do_update(
                index_elements=[ship.c.id], set_={"name": base.excluded.name + "!"}
            ),
            base.on_conflict_do_update(
                index_elements=[ship.c.id],
                set_={ship.c.tonnage: ship.c.tonnage + base.excluded.tonnage},
                where=ship.c.name != base.excluded.flag,
            ),
            base.on_conflict_do_update(
                index_elements=["id"], set_={"name": base.excluded.name}, where=ship.c.id > 0
            ).returning(ship.c.id, ship.c.name),
            insert(ship).values([{"id": 1, "name": "p"}]).on_conflict_do_nothing(),
        ):  # fmt: skip
            yield from texts(lib, statement, "sqlite")
            result = connection.execute(statement)
            yield result.rowcount if not result.returns_rows else result.all()
            yield connection.execute(sql.select(ship).where(ship.c.id == 1)).one()


def program_postgresql_upserts(lib: Library) -> Iterator[Any]:
    ship = harbour(lib).ship
    insert = module(lib, "dialects.postgresql").insert
    base = insert(ship).values(id=1, name="New")
    for statement in (
        base.on_conflict_do_nothing(), base.on_conflict_do_nothing(constraint="ship_pkey"),
        base.on_conflict_do_nothing(constraint=ship.primary_key),
        base.on_conflict_do_update(constraint="ship_pkey", set_={"name": "x"}),
        base.on_conflict_do_update(
            index_elements=["name"], index_where=ship.c.name.like("%a"), set_=base.excluded
        ),
        base.on_conflict_do_update(
            index_elements=[ship.c.id], set_={"name": base.excluded.name}, where=ship.c.flag == "NO"
        ).returning(ship.c.id),
        insert(ship).values([{"id": 1}, {"id": 2}]).on_conflict_do_nothing(),
        insert(ship).from_select(["id"], lib.sql.select(ship.c.id)).on_conflict_do_nothing(),
    ):  # fmt: skip
        yield from texts(lib, statement, "postgresql")


def program_mysql_upserts(lib: Library) -> Iterator[Any]:
    sql, ship = lib.sql, harbour(lib).ship
    insert = module(lib, "dialects.mysql").insert
    base = insert(ship).values(id=1, name="New")
    for statement in (
        base.on_duplicate_key_update(name="x"), base.on_duplicate_key_update({"name": "x"}),
        base.on_duplicate_key_update(name=base.inserted.name, flag=sql.func.upper("no")),
        base.on_duplicate_key_update([("flag", "a"), ("name", sql.func.concat("b", "c"))]),
        base.on_duplicate_key_update(tonnage=ship.c.tonnage + 1),
    ):  # fmt: skip
        yield from texts(lib, statement, "mysql")
    mysql = module(lib, "dialects.mysql")
    yield from texts(lib, sql.update(ship).values(flag="x").ext(mysql.limit(5)), "mysql")
    yield from texts(lib, sql.delete(ship).ext(mysql.limit(5)), "mysql")


def program_update_forms(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    ship, voyage = tables.ship, tables.voyage
    alias = ship.alias("other")
    longest = sql.select(sql.func.max(voyage.c.days)).where(voyage.c.ship_id == ship.c.id)
    for statement in (
        sql.update(ship).values(name="a"), sql.update(ship), ship.update().where(ship.c.id == 1),
        sql.update(ship).values({ship.c.name: "a", "flag": None}),
        sql.update(ship).values(tonnage=ship.c.tonnage * 2 + 1).where(ship.c.id.in_([1, 2])),
        sql.update(ship).values(name=longest.scalar_subquery()),
        sql.update(ship).where(ship.c.id == voyage.c.ship_id).values(flag=voyage.c.port),
        sql.update(ship).where(ship.c.id == alias.c.id, alias.c.flag == "x")
        .values(name=alias.c.name),
        sql.update(ship).where(ship.c.id.in_(sql.select(voyage.c.ship_id))).values(flag="v"),
        sql.update(ship).ordered_values(("tonnage", 1), ("name", "q")),
        sql.update(ship).values(name="a").returning(ship.c.id),
        sql.update(ship).values(name=sql.bindparam("n")).where(ship.c.id == sql.bindparam("i")),
        sql.update(ship).values(name="a").filter_by(flag="NO"),
    ):  # fmt: skip
        yield from texts(lib, statement)
        yield statement.compile().params
    both = sql.update(ship).where(ship.c.id == voyage.c.ship_id)
    yield from texts(lib, both.values({ship.c.flag: "a", voyage.c.port: "b"}), "mysql")


def program_delete_forms(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    ship, voyage = tables.ship, tables.voyage
    for statement in (
        sql.delete(ship), ship.delete().where(ship.c.id == 1), sql.delete(ship).filter_by(flag="x"),
        sql.delete(ship).where(~sql.exists().where(voyage.c.ship_id == ship.c.id)),
        sql.delete(voyage).where(voyage.c.ship_id.in_(sql.select(ship.c.id))),
        sql.delete(ship).where(ship.c.id == 1).returning(ship),
    ):  # fmt: skip
        yield from texts(lib, statement)
    both = sql.delete(ship).where(ship.c.id == voyage.c.ship_id).where(voyage.c.port == "Hull")
    yield from texts(lib, both, "default", "postgresql", "mysql")


def program_writing_with_ctes(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship, voyage = tables.ship, tables.voyage
    norse = sql.select(ship.c.id).where(ship.c.flag == "NO").cte("norse")
    with engine.begin() as connection:
        statement = sql.update(voyage).where(voyage.c.ship_id.in_(sql.select(norse.c.id)))
        statement = statement.values(days=sql.func.coalesce(voyage.c.days, 0) + 1)
        yield str(statement), connection.execute(statement).rowcount
        statement = sql.delete(voyage).where(voyage.c.ship_id.in_(sql.select(norse.c.id)))
        yield str(statement), connection.execute(statement).rowcount
        statement = sql.insert(voyage).from_select(["ship_id"], sql.select(norse.c.id))
        yield str(statement), connection.execute(statement).rowcount
        yield connection.execute(sql.select(voyage.c.id, voyage.c.ship_id)).all()


def program_writing_what_is_returned(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship, cargo = tables.ship, tables.cargo
    with engine.begin() as connection:
        statement = (
            sql.update(cargo)
            .where(cargo.c.goods == "salt")
            .values(weight=cargo.c.weight * 2)
            .returning(cargo.c.id, cargo.c.weight, (cargo.c.weight + 1).label("more"))
        )
        yield from shown(connection, statement)
        statement = sql.delete(cargo).returning(sql.func.lower(cargo.c.goods), cargo.c.weight)
        yield from shown(connection, statement)
        result = connection.execute(sql.insert(cargo).returning(cargo), CARGO)
        yield result.keys(), result.mappings().all()
        yield connection.scalars(sql.insert(ship).values(name="Z").returning(ship.c.id)).one()
        yield sql.insert(ship).returning(ship.c.id).exported_columns.keys()


def program_defaults_are_computed(lib: Library) -> Iterator[Any]:
    sql, engine = lib.sql, lib.engine()
    metadata = sql.MetaData()
    counter = itertools.count(1)

    def loud(context: Any) -> str:
        return str(context.get_current_parameters()["name"]).upper()

    log = sql.Table(
        "log",
        metadata,
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("name", sql.String(10)),
        sql.Column("kind", sql.String(10), default="entry"),
        sql.Column("number", sql.Integer, default=lambda: next(counter)),
        sql.Column("loud", sql.String(10), default=loud, onupdate=loud),
        sql.Column("length", sql.Integer, default=sql.func.length("four")),
        sql.Column("status", sql.String(10), server_default="open"),
        sql.Column("changes", sql.Integer, default=0, onupdate=sql.text("changes + 1")),
        sql.Column("total", sql.Integer, sql.Computed("id * 10")),
    )
    metadata.create_all(engine)
    sent = lib.statements(engine)
    with engine.begin() as connection:
        result = connection.execute(sql.insert(log).values(name="a"))
        yield result.last_inserted_params(), result.prefetch_cols(), result.postfetch_cols()
        connection.execute(sql.insert(log), [{"name": "b"}, {"name": "c", "kind": "own"}][:1])
        connection.execute(sql.insert(log), [{"name": "d"}, {"name": "e"}])
        connection.execute(sql.insert(log).values([{"name": "f"}, {"name": "g"}]))
        result = connection.execute(sql.update(log).where(log.c.id == 2).values(name="bb"))
        yield result.last_updated_params(), result.prefetch_cols(), result.postfetch_cols()
        yield connection.execute(sql.select(log)).all()
        yield connection.execute(
            sql.insert(log).values(name="r").returning(log.c.status, log.c.total, log.c.number)
        ).one()
    written = sql.insert(log), sql.update(log), sql.insert(log).values(total=sql.text("DEFAULT"))
    yield [str(statement) for statement in written]
    for refused in (sql.insert(log).values(total=1), sql.update(log).values(total=1)):
        with engine.begin() as connection:
            yield lib.error(lambda: connection.execute(refused))  # noqa: B023
    yield from sent
