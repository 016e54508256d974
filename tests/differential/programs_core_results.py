"""Programs about results and rows: every way to take rows, and what a row is."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from typing import Any

from core_library import filled_harbour
from library import Library


def _results(lib: Library) -> Any:
    """A function that executes the same SELECT anew."""
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    voyage = tables.voyage
    statement = sql.select(voyage.c.ship_id, voyage.c.port, voyage.c.days).order_by(voyage.c.id)
    connection = engine.connect()
    return lambda: connection.execute(statement)


def program_fetching(lib: Library) -> Iterator[Any]:
    result = _results(lib)
    yield result().all(), result().fetchall(), result().first(), result().fetchone()
    opened = result()
    yield opened.fetchmany(2), opened.fetchmany(10), opened.fetchmany(2), opened.fetchone()
    yield list(result()), [row.port for row in result()], next(iter(result()))
    opened = result()
    yield next(opened), next(opened), opened.all(), opened.all()
    for name in ("one", "one_or_none", "scalar_one", "scalar_one_or_none", "scalar"):
        yield name, lib.error(getattr(result(), name))
    opened = result()
    opened.first()
    yield opened.closed, lib.error(opened.fetchone)


def program_exactly_one(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship = tables.ship
    with engine.connect() as connection:
        for number in (1, 99):
            statement = sql.select(ship.c.name, ship.c.flag).where(ship.c.id == number)
            for name in (
                "one",
                "one_or_none",
                "scalar_one",
                "scalar_one_or_none",
                "scalar",
                "first",
            ):
                yield name, lib.error(getattr(connection.execute(statement), name))
            yield lib.error(lambda: connection.scalars(statement).one())  # noqa: B023
            yield connection.execute(statement).mappings().one_or_none()


def program_shapes(lib: Library) -> Iterator[Any]:
    result = _results(lib)
    yield result().scalars().all(), result().scalars(1).all(), result().scalars("days").first()
    yield result().mappings().all(), result().mappings().first(), result().tuples().first()
    yield result().columns(1, 0).all(), result().columns("port").all(), result().keys()
    yield result().columns("days", "port").mappings().first()
    yield [list(part) for part in result().partitions(2)]
    yield [list(part) for part in result().scalars().partitions(4)]
    yield result().unique(operator.itemgetter(0)).all(), result().scalars().unique().all()
    yield result().mappings().partitions(3).__next__(), result().yield_per(2).all()
    yield result().scalars().fetchmany(2), result().mappings().fetchmany(1)
    yield lib.error(lambda: result().columns("none").all()), lib.error(lambda: result().scalars(9))


def program_frozen_and_merged(lib: Library) -> Iterator[Any]:
    result = _results(lib)
    frozen = result().freeze()
    yield frozen().all(), frozen().scalars().all(), frozen().keys()
    yield result().unique().freeze()().all()
    merged = result().merge(result(), result())
    yield merged.scalars().all(), list(merged.keys())
    yield result().scalars(1).unique().all()


def program_rows(lib: Library) -> Iterator[Any]:
    row = _results(lib)().first()
    yield row, row.port, row[0], row[-1], row[0:2], len(row), list(row), tuple(row)
    yield row._fields, row._asdict(), row._mapping, row._tuple(), row.t, row == (1, "Bergen", 4)
    yield (
        row._mapping["port"],
        list(row._mapping),
        list(row._mapping.items()),
        "port" in row._mapping,
    )
    yield row > (0,), row < (2,), hash(row) == hash(tuple(row)), "Bergen" in row, row.count(4)
    yield row.index("Bergen"), row != (1,), [*row], {row: 1} == {(1, "Bergen", 4): 1}
    yield (
        lib.error(lambda: row.none),
        lib.error(lambda: row[7]),
        lib.error(lambda: row._mapping["n"]),
    )
    yield lib.error(lambda: setattr(row, "port", 1)), lib.error(lambda: row._mapping[0])
    ship_id, port, _ = row
    match row:
        case (1, str() as name, _):
            yield ship_id, port, name


def program_names_of_columns(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship, voyage = tables.ship, tables.voyage
    with engine.connect() as connection:
        joined = connection.execute(sql.select(ship, voyage).join(voyage).order_by(voyage.c.id))
        row = joined.first()
        yield row._fields, row._mapping[ship.c.id], row._mapping[voyage.c.id], row._mapping["name"]
        yield joined.keys()
        for statement in (
            sql.select(ship.c.id, voyage.c.id).join(voyage),
            sql.select(ship.c.id.label("a"), sql.func.count(), sql.literal(1), ship.c.id + 1),
            sql.select(sql.cast(ship.c.id, sql.String), sql.type_coerce(ship.c.id, sql.String)),
            sql.text("SELECT id, id AS other, count(*) FROM ship"),
            sql.select(sql.text("id"), sql.literal_column("name")).select_from(ship),
            sql.select(ship).set_label_style(sql.LABEL_STYLE_TABLENAME_PLUS_COL),
            sql.select(sql.exists().where(ship.c.id == 1), sql.null(), sql.true()),
        ):
            yield connection.execute(statement).keys()
        labelled = sql.select(ship.c.name.label("who")).where(ship.c.id == 1)
        row = connection.execute(labelled).one()
        yield row.who, row._mapping["who"]


def program_results_of_writing(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    with engine.begin() as connection:
        result = connection.execute(sql.update(tables.ship).values(flag="X"))
        yield result.rowcount, result.returns_rows, result.closed, lib.error(result.all)
        yield lib.error(result.keys), lib.error(lambda: result.inserted_primary_key)
        yield result.supports_sane_rowcount(), result.supports_sane_multi_rowcount()
        result = connection.execute(sql.select(tables.ship.c.id))
        yield result.returns_rows, result.is_insert, result.context.isinsert
        yield lib.error(lambda: result.inserted_primary_key)
