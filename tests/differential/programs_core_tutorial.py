"""Programs of the tutorial: engine, transactions, metadata, reflection, and data in and out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core_library import filled_harbour, harbour, shown
from library import Library


def program_first_connection(lib: Library) -> Iterator[Any]:
    engine = lib.engine()
    yield engine
    yield engine.url, engine.name, engine.driver
    with engine.connect() as connection:
        yield connection.execute(lib.sql.text("select 'hello' as greeting")).all()


def program_commit_as_you_go(lib: Library) -> Iterator[Any]:
    text, engine = lib.sql.text, lib.engine()
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE buoy (x int, y int)"))
        connection.execute(
            text("INSERT INTO buoy (x, y) VALUES (:x, :y)"), [{"x": 1, "y": 1}, {"x": 2, "y": 4}]
        )
        connection.commit()
        connection.execute(text("INSERT INTO buoy (x, y) VALUES (9, 9)"))
    with engine.connect() as connection:
        yield connection.scalar(text("SELECT count(*) FROM buoy"))


def program_begin_once(lib: Library) -> Iterator[Any]:
    text, engine = lib.sql.text, lib.engine()
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE buoy (x int, y int)"))
        connection.execute(text("INSERT INTO buoy VALUES (:x, :y)"), {"x": 6, "y": 8})

    def fails() -> None:
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO buoy VALUES (7, 7)"))
            raise LookupError

    yield lib.error(fails)
    with engine.connect() as connection:
        for row in connection.execute(text("SELECT x, y FROM buoy WHERE y > :y"), {"y": 2}):
            yield f"x: {row.x} y: {row.y}"


def program_ways_to_read_a_row(lib: Library) -> Iterator[Any]:
    text = lib.sql.text
    with lib.engine().connect() as connection:
        statement = text("SELECT 1 AS x, 2 AS y UNION SELECT 3, 4")
        yield from ((x, y) for x, y in connection.execute(statement))
        for row in connection.execute(statement):
            yield row[0], row.y, row
        for mapping in connection.execute(statement).mappings():
            yield mapping["x"], mapping["y"], mapping, dict(mapping)


def program_tables_and_their_parts(lib: Library) -> Iterator[Any]:
    tables = harbour(lib)
    ship = tables.ship
    yield ship.c.name
    yield ship.c.keys()
    yield ship.primary_key
    yield repr(ship)
    yield repr(tables.voyage.c.ship_id)
    yield [key.target_fullname for key in tables.voyage.foreign_keys]
    yield [key.column for key in tables.voyage.foreign_keys]
    yield [table.name for table in tables.metadata.sorted_tables]
    yield list(tables.metadata.tables)
    yield tables.metadata


def program_create_and_drop(lib: Library) -> Iterator[Any]:
    tables, engine = harbour(lib), lib.engine()
    sent = lib.statements(engine)
    tables.metadata.create_all(engine)
    yield from sent
    sent.clear()
    tables.metadata.create_all(engine)
    yield from sent
    sent.clear()
    tables.metadata.drop_all(engine)
    yield from sent


def program_reflect_a_table(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    _, engine = filled_harbour(lib)
    found = sql.Table("voyage", sql.MetaData(), autoload_with=engine)
    yield repr(found)
    yield from found.foreign_keys
    yield sorted(found.metadata.tables)
    with engine.connect() as connection:
        yield connection.execute(sql.select(found).where(found.c.days > 3)).all()


def program_insert(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    statement = sql.insert(tables.ship).values(name="Edda", tonnage=10)
    yield statement
    yield str(statement)
    compiled = statement.compile()
    yield compiled.params, str(compiled)
    with engine.begin() as connection:
        result = connection.execute(statement)
        yield result.inserted_primary_key, result.rowcount
        result = connection.execute(
            sql.insert(tables.ship), [{"name": "Fram"}, {"name": "Gjoa", "tonnage": None}]
        )
        yield result.rowcount
        yield connection.execute(sql.select(tables.ship)).all()
    yield str(sql.insert(tables.ship))
    yield str(sql.insert(tables.ship).values().compile(engine))


def program_insert_with_a_subquery(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    owner = (
        sql.select(tables.ship.c.id)
        .where(tables.ship.c.name == sql.bindparam("ship"))
        .scalar_subquery()
    )
    statement = sql.insert(tables.voyage).values(ship_id=owner)
    yield str(statement)
    with engine.begin() as connection:
        connection.execute(
            statement, [{"ship": "Alma", "port": "Oslo"}, {"ship": "Cato", "port": "Rome"}]
        )
        yield connection.execute(sql.select(tables.voyage).where(tables.voyage.c.id > 5)).all()


def program_insert_from_select_and_returning(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    chosen = sql.select(tables.ship.c.id, tables.ship.c.flag + "!").where(tables.ship.c.id < 3)
    statement = sql.insert(tables.voyage).from_select(["ship_id", "port"], chosen)
    yield str(statement)
    returning = statement.returning(tables.voyage.c.id, tables.voyage.c.port)
    yield str(returning)
    with engine.begin() as connection:
        yield connection.execute(returning).all()
        yield connection.execute(
            sql.insert(tables.ship).returning(tables.ship.c.id, tables.ship), [{"name": "Hulda"}]
        ).all()


def program_select_columns(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship = tables.ship
    with engine.connect() as connection:
        yield from shown(connection, sql.select(ship).where(ship.c.name == "Brage"))
        yield from shown(connection, sql.select(ship.c.name, ship.c["flag", "tonnage"]))
        labelled = sql.select(("Ship " + ship.c.name).label("title")).order_by("title")
        yield from shown(connection, labelled)
        constant = sql.select(sql.text("'some word'"), ship.c.name).order_by(ship.c.name)
        yield from shown(connection, constant)
        named = sql.select(sql.literal_column("'some word'").label("word"), ship.c.name)
        yield from shown(connection, named)
        yield [row.word for row in connection.execute(named)]


def program_select_where(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship, voyage = tables.ship, tables.voyage
    yield ship.c.name == "Alma"
    yield str(voyage.c.days > 10)
    with engine.connect() as connection:
        both = sql.select(voyage.c.port).where(ship.c.name == "Alma", ship.c.id == voyage.c.ship_id)
        yield from shown(connection, both)
        chained = sql.select(ship.c.name).where(ship.c.tonnage > 1000).where(ship.c.flag == "NO")
        yield from shown(connection, chained)
        mixed = sql.select(ship.c.name).where(
            sql.and_(
                sql.or_(ship.c.name == "Alma", ship.c.name == "Cato"),
                ship.c.tonnage.between(1, 999),
            )
        )
        yield from shown(connection, mixed)
        yield from shown(connection, sql.select(ship).filter_by(flag="IT", tonnage=1500))


def program_select_from_and_join(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship, voyage = tables.ship, tables.voyage
    columns = (ship.c.name, voyage.c.port)
    with engine.connect() as connection:
        for statement in (
            sql.select(*columns).join_from(ship, voyage),
            sql.select(*columns).join(voyage),
            sql.select(voyage.c.port).select_from(ship).join(voyage),
            sql.select(sql.func.count("*")).select_from(ship),
            sql.select(*columns).select_from(ship).join(voyage, ship.c.id == voyage.c.ship_id),
            sql.select(*columns).join(voyage, isouter=True),
            sql.select(*columns).outerjoin(voyage).where(voyage.c.id.is_(None)),
        ):
            yield from shown(connection, statement)
    yield str(sql.select(*columns).join(voyage, full=True))


def program_order_group_having(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship, voyage, func = tables.ship, tables.voyage, lib.sql.func
    with engine.connect() as connection:
        for statement in (
            sql.select(ship).order_by(ship.c.name.desc()),
            sql.select(ship.c.name, func.count(voyage.c.id).label("trips"))
            .join(voyage)
            .group_by(ship.c.name)
            .having(func.count(voyage.c.id) > 1),
            sql.select(voyage.c.ship_id, func.count(voyage.c.id).label("trips"))
            .group_by("ship_id")
            .order_by("ship_id", sql.desc("trips")),
            sql.select(ship.c.flag).distinct().order_by(ship.c.flag.asc().nulls_last()),
        ):
            yield from shown(connection, statement)


def program_aliases(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    one, two = tables.ship.alias(), tables.ship.alias("other")
    statement = sql.select(one.c.name, two.c.name).join_from(one, two, one.c.id > two.c.id)
    with engine.connect() as connection:
        yield from shown(connection, statement)


def program_subqueries_and_ctes(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship, voyage, func = tables.ship, tables.voyage, lib.sql.func
    counted = sql.select(func.count(voyage.c.id).label("trips"), voyage.c.ship_id).group_by(
        voyage.c.ship_id
    )
    with engine.connect() as connection:
        for source in (counted.subquery(), counted.cte(), counted.subquery("tally")):
            yield str(sql.select(source.c.ship_id, source.c.trips))
            yield from shown(
                connection, sql.select(ship.c.name, source.c.trips).join_from(ship, source)
            )


def program_scalar_and_correlated_subqueries(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship, voyage, func = tables.ship, tables.voyage, lib.sql.func
    trips = (
        sql.select(func.count(voyage.c.id)).where(ship.c.id == voyage.c.ship_id).scalar_subquery()
    )
    yield str(trips)
    yield str(trips == 5)
    correlated = trips.correlate(ship)
    with engine.connect() as connection:
        yield from shown(connection, sql.select(ship.c.name, trips.label("trips")))
        joined = (
            sql.select(ship.c.name, voyage.c.port, correlated.label("trips"))
            .join_from(ship, voyage)
            .order_by(ship.c.id, voyage.c.id)
        )
        yield from shown(connection, joined)
    yield lib.error(
        lambda: str(sql.select(ship.c.name, voyage.c.port, trips).join_from(ship, voyage))
    )


def program_unions_and_exists(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship, voyage = tables.ship, tables.voyage
    first = sql.select(ship).where(ship.c.name == "Alma")
    second = sql.select(ship).where(ship.c.name == "Cato")
    union = sql.union_all(first, second)
    inner = union.subquery()
    exists = sql.select(voyage.c.id).where(voyage.c.ship_id == ship.c.id).exists()
    with engine.connect() as connection:
        yield from shown(connection, union)
        yield from shown(connection, union.order_by(ship.c.id.desc()))
        yield from shown(
            connection, sql.select(inner.c.name).order_by(inner.c.name, inner.c.id.desc())
        )
        yield from shown(connection, sql.select(ship.c.name).where(exists))
        yield from shown(connection, sql.select(ship.c.name).where(~exists))


def program_update(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship, voyage = tables.ship, tables.voyage
    last = (
        sql.select(voyage.c.port)
        .where(voyage.c.ship_id == ship.c.id)
        .order_by(voyage.c.id)
        .limit(1)
        .scalar_subquery()
    )
    with engine.begin() as connection:
        statement = sql.update(ship).where(ship.c.name == "Alma").values(flag="SE")
        yield str(statement), connection.execute(statement).rowcount
        statement = sql.update(ship).values(name="The " + ship.c.name)
        yield str(statement), connection.execute(statement).rowcount
        statement = (
            sql.update(ship)
            .where(ship.c.name == sql.bindparam("old"))
            .values(name=sql.bindparam("new"))
        )
        yield str(statement)
        yield connection.execute(
            statement, [{"old": "The Alma", "new": "Alma"}, {"old": "The Cato", "new": "Cato"}]
        ).rowcount
        statement = sql.update(ship).values(flag=last).returning(ship.c.id, ship.c.flag)
        yield from shown(connection, statement)
        statement = sql.update(ship).where(ship.c.id == voyage.c.ship_id, voyage.c.days > 5)
        statement = statement.values(tonnage=voyage.c.days)
        yield str(statement), connection.execute(statement).rowcount
        ordered = sql.update(ship).ordered_values(
            (ship.c.tonnage, 20), (ship.c.flag, ship.c.tonnage + 1)
        )
        yield str(ordered)


def program_delete(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship, cargo = tables.ship, tables.cargo
    with engine.begin() as connection:
        statement = sql.delete(cargo).where(cargo.c.goods == "salt")
        yield str(statement), connection.execute(statement).rowcount
        statement = sql.delete(ship).where(ship.c.id == 4).returning(ship.c.name)
        yield from shown(connection, statement)
        yield connection.execute(sql.delete(cargo).where(cargo.c.id == 99)).rowcount
    mysql = sql.delete(ship).where(ship.c.id == tables.voyage.c.ship_id)
    yield str(mysql.where(tables.voyage.c.port == "Hull"))
