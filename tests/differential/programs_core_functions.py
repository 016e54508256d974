"""Programs about SQL functions: generic, aggregate, window, table-valued, and one's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core_library import filled_harbour, harbour, module, shown, texts
from library import Library


def program_calling_functions(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    func, ship = sql.func, tables.ship
    with engine.connect() as connection:
        for statement in (
            sql.select(func.count()).select_from(ship),
            sql.select(func.count(ship.c.flag.distinct()), func.count(sql.distinct(ship.c.flag))),
            sql.select(func.lower("A MUCH Noted Ship")),
            sql.select(func.max(ship.c.tonnage).label("largest"), func.min(ship.c.name)),
            sql.select(func.sum(ship.c.tonnage), func.total(ship.c.tonnage)),
            sql.select(func.coalesce(ship.c.flag, "--"), func.length(ship.c.name)),
            sql.select(func.upper(ship.c.name) + func.lower(ship.c.flag)),
            sql.select(func.length("abc")),
            sql.select(ship.c.id).where(func.lower(ship.c.name) == "alma"),
            sql.select(func.abs(-5), func.round(2.567, 1), func.replace("aba", "a", "c")),
        ):
            yield from shown(connection, statement)
        yield connection.execute(func.upper("called")).scalar()
    yield str(sql.select(func.upper(ship.c.name))), str(func.pkg.sub.call(1, "x"))
    yield str(func.Mixed.CaSe(ship.c.id)), str(func.current_timestamp()), str(func.now())


def program_types_of_functions(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    func, ship, cargo = sql.func, tables.ship, tables.cargo
    for function in (
        func.now(), func.current_date(), func.current_time(), func.localtime(), func.count(),
        func.max(ship.c.id), func.min(ship.c.name), func.sum(cargo.c.weight), func.char_length("x"),
        func.coalesce(None, ship.c.name), func.concat("a", ship.c.name), func.unknown(ship.c.id),
        func.unknown(1, type_=sql.Date), func.random(), func.user(), func.session_user(),
        func.sysdate(), func.localtimestamp(), func.array_agg(ship.c.id), func.rank(),
        func.dense_rank(), func.percent_rank(), func.cume_dist(), func.pow(2, 3),
    ):  # fmt: skip
        yield function.name, repr(function.type), type(function).__name__
        yield from texts(lib, function)


def program_grouping_functions(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    func, voyage = sql.func, tables.voyage
    total = sql.select(func.sum(voyage.c.days), voyage.c.port, voyage.c.ship_id)
    for grouping in (
        func.cube(voyage.c.port, voyage.c.ship_id),
        func.rollup(voyage.c.port, voyage.c.ship_id),
        func.grouping_sets(voyage.c.port, voyage.c.ship_id),
        func.grouping_sets(sql.tuple_(voyage.c.port, voyage.c.ship_id), sql.tuple_(voyage.c.port)),
    ):
        yield from texts(lib, total.group_by(grouping), "default", "postgresql")


def program_windows(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    func, voyage = sql.func, tables.voyage
    days = func.sum(voyage.c.days)
    with engine.connect() as connection:
        for window in (
            func.row_number().over(order_by=voyage.c.id),
            func.row_number().over(partition_by=voyage.c.ship_id, order_by=voyage.c.days.desc()),
            func.rank().over(order_by=[voyage.c.port, voyage.c.days]),
            days.over(),
            days.over(order_by=voyage.c.id, rows=(None, 0)),
            days.over(order_by=voyage.c.id, rows=(-1, 1)),
            days.over(order_by=voyage.c.id, rows=(1, 2)),
            days.over(order_by=voyage.c.id, range_=(None, None)),
            days.over(order_by=voyage.c.days, range_=(-3, 3)),
            days.over(order_by=voyage.c.id, groups=(-1, 0)),
            func.lag(voyage.c.port, 1).over(order_by=voyage.c.sailed),
            func.first_value(voyage.c.port).over(
                partition_by=[voyage.c.ship_id], order_by=[voyage.c.sailed.desc()]
            ),
        ):
            statement = sql.select(voyage.c.id, window.label("w")).order_by(voyage.c.id)
            yield from shown(connection, statement)
            yield repr(window.type)
        yield from shown(
            connection, sql.select(sql.over(func.count(), order_by=voyage.c.id).label("n"))
        )
    yield lib.error(lambda: days.over(rows=(1, 2), range_=(1, 2)))
    yield lib.error(lambda: str(days.over(rows=("a", 2))))


def program_filter_and_within_group(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    func, voyage = sql.func, tables.voyage
    with engine.connect() as connection:
        for clause in (
            func.count(voyage.c.id).filter(voyage.c.days > 4),
            func.sum(voyage.c.days).filter(voyage.c.days > 3, voyage.c.port == "Hull"),
            func.count().filter(voyage.c.port == "Hull").over(order_by=voyage.c.id),
            sql.funcfilter(func.max(voyage.c.days), voyage.c.port != "Hull"),
        ):
            yield from shown(connection, sql.select(clause))
    for clause in (
        func.percentile_cont(0.5).within_group(voyage.c.days),
        func.percentile_disc(0.5).within_group(voyage.c.days.desc(), voyage.c.id),
        func.mode().within_group(voyage.c.port),
        sql.within_group(func.rank(5), voyage.c.days),
        func.percentile_cont(0.5).within_group(voyage.c.days).over(partition_by=voyage.c.port),
        func.percentile_cont(0.5).within_group(voyage.c.days).filter(voyage.c.id > 1),
    ):
        yield repr(clause.type)
        yield from texts(lib, clause, "default", "postgresql")


def program_ordered_aggregates(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    func, ship = sql.func, tables.ship
    joined = func.aggregate_strings(ship.c.name, ", ")
    yield repr(joined.type)
    yield from texts(lib, joined)
    with engine.connect() as connection:
        yield from shown(connection, sql.select(joined).where(ship.c.id < 3))
    ordered = func.array_agg(ship.c.name).aggregate_order_by(ship.c.id.desc(), ship.c.name)
    yield from texts(lib, ordered, "default", "postgresql")
    yield from texts(lib, sql.aggregate_order_by(func.array_agg(ship.c.id), ship.c.name), "default")


def program_table_valued_functions(lib: Library) -> Iterator[Any]:
    sql, engine = lib.sql, lib.engine()
    func = sql.func
    documents = func.json_each('["one", "two", "three"]').table_valued("key", "value")
    with engine.connect() as connection:
        yield from shown(connection, sql.select(documents).where(documents.c.value.in_(["two"])))
        yield from shown(connection, sql.select(documents.c.value, documents.c.key + 1))
        named = func.json_each('{"a": 1}').table_valued("key", "value", name="pairs")
        yield from shown(connection, sql.select(named.c.key, named.c.value))
        left = documents.alias("l")
        yield from shown(connection, sql.select(left.c.value).order_by(left.c.value.desc()))
    series = func.generate_series(1, 10, 2)
    column = series.column_valued("x")
    ordinal = series.table_valued("n", with_ordinality="pos", joins_implicitly=True)
    shaped = func.json_to_recordset("[]").table_valued(
        sql.column("a", sql.Integer), sql.column("b", sql.String)
    )
    scalar = func.jsonb_each("{}").scalar_table_valued("key")
    for statement in (
        sql.select(column), sql.select(column, column + 5), sql.select(ordinal),
        sql.select(ordinal.render_derived()), sql.select(ordinal.render_derived(name="s")),
        sql.select(shaped.render_derived(with_types=True)), sql.select(scalar),
        sql.select(series.alias("q").column), sql.select(ordinal.c.n, ordinal.c.pos),
        sql.select(series.table_valued().column),
    ):  # fmt: skip
        yield from texts(lib, statement, "default", "postgresql")


def program_functions_in_the_from_clause(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    func, ship = sql.func, tables.ship
    unnested = func.unnest(sql.column("tags")).table_valued("tag").lateral("t")
    for statement in (
        sql.select(ship.c.id, unnested.c.tag).join(unnested, sql.true()),
        sql.select(func.pages(3)),
        sql.select(sql.column("x")).select_from(func.pages(3)),
        sql.select(func.pages(3).columns),
        func.pages(3).select(),
    ):
        yield from texts(lib, statement, "default", "postgresql")


def program_extract_and_intervals(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    sailed = tables.voyage.c.sailed
    with engine.connect() as connection:
        for field in ("year", "month", "day", "dow", "doy", "epoch", "week"):
            clause = sql.extract(field, sailed)
            yield from texts(lib, clause)
            yield repr(clause.type)
            yield connection.execute(
                sql.select(clause).order_by(tables.voyage.c.id).limit(1)
            ).scalar()


def program_functions_of_ones_own(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    functions = module(lib, "sql.functions")

    class as_knots(functions.GenericFunction):  # type: ignore[misc, name-defined]
        type = sql.Float()
        inherit_cache = True

    class Coords(functions.GenericFunction):  # type: ignore[misc, name-defined]
        type = sql.String()
        package = "geo"
        name = sql.quoted_name("AsText", True)
        identifier = "text"
        inherit_cache = True

    class Plain(functions.FunctionElement):  # type: ignore[misc, name-defined]
        name = "plainly"
        inherit_cache = True

    yield str(sql.func.as_knots(5)), repr(sql.func.as_knots(5).type)
    yield str(sql.func.geo.text("x")), repr(sql.func.geo.text("x").type)
    yield type(sql.func.as_knots(1)) is as_knots, type(sql.func.AS_KNOTS(1)) is as_knots
    yield Plain(1, 2).name, [str(clause) for clause in Plain(1, 2).clauses]
    counted = sql.func.count(sql.column("x"))
    yield [str(clause) for clause in counted.clauses], counted.packagenames


def program_functions_as_comparisons(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    ship = tables.ship
    similar = sql.func.similar(ship.c.name, ship.c.flag).as_comparison(1, 2)
    yield str(similar), str(similar.left), str(similar.right), repr(similar.type)
    yield str(~similar), str(sql.select(ship.c.id).where(similar))
