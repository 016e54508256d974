"""Programs that extend the language: `@compiles`, visitors, lambda statements, dialects."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from core_library import filled_harbour, harbour, module, shown, texts
from library import Library


def program_new_elements(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    compiles = module(lib, "ext.compiler").compiles
    expression = module(lib, "sql.expression")

    class Greatest(expression.FunctionElement):  # type: ignore[misc, name-defined]
        type = sql.Integer()
        name = "greatest"
        inherit_cache = True

    @compiles(Greatest)  # type: ignore[untyped-decorator]
    def default_greatest(element: Any, compiler: Any, **options: Any) -> str:
        return str(compiler.visit_function(element, **options))

    @compiles(Greatest, "sqlite")  # type: ignore[untyped-decorator]
    def case_greatest(element: Any, compiler: Any, **options: Any) -> str:
        first, second = list(element.clauses)
        return str(compiler.process(sql.case((first > second, first), else_=second), **options))

    largest = Greatest(tables.voyage.c.days, tables.voyage.c.ship_id * 2)
    yield from texts(lib, sql.select(largest.label("x")).where(largest > 3))
    with engine.connect() as connection:
        yield connection.execute(
            sql.select(largest)
            .where(tables.voyage.c.days.is_not(None))
            .order_by(tables.voyage.c.id)
        ).all()

    class utcnow(expression.FunctionElement):  # type: ignore[misc, name-defined]
        type = sql.DateTime()
        inherit_cache = True

    @compiles(utcnow, "postgresql", "sqlite")  # type: ignore[untyped-decorator]
    def some_utcnow(element: Any, compiler: Any, **options: Any) -> str:
        return "TIMEZONE('utc', CURRENT_TIMESTAMP)"

    yield from texts(lib, sql.select(utcnow()), "postgresql", "sqlite")
    table = sql.Table("t", sql.MetaData(), sql.Column("at", sql.DateTime, server_default=utcnow()))
    yield from texts(lib, sql.schema.CreateTable(table), "postgresql")


def program_new_statements(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    compiles = module(lib, "ext.compiler").compiles
    expression = module(lib, "sql.expression")

    class InsertFrom(expression.Executable, expression.ClauseElement):  # type: ignore[misc, name-defined]
        inherit_cache = False

        def __init__(self, table: Any, query: Any) -> None:
            self.table, self.query = table, query

    @compiles(InsertFrom)  # type: ignore[untyped-decorator]
    def visit(element: Any, compiler: Any, **options: Any) -> str:
        target = compiler.process(element.table, asfrom=True, **options)
        return f"INSERT INTO {target} ({compiler.process(element.query, **options)})"

    query = sql.select(tables.ship).where(tables.ship.c.id > 5)
    yield from texts(lib, InsertFrom(tables.voyage, query))
    yield InsertFrom(tables.voyage, query).compile().params


def program_changed_elements(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    extension = module(lib, "ext.compiler")
    insert = module(lib, "sql.expression").Insert

    @extension.compiles(sql.types.TIME, "sqlite")  # type: ignore[untyped-decorator]
    def time(type_: Any, compiler: Any, **options: Any) -> str:
        return "CLOCK"

    @extension.compiles(insert, "mysql")  # type: ignore[untyped-decorator]
    def prefixed(statement: Any, compiler: Any, **options: Any) -> str:
        return str(compiler.visit_insert(statement.prefix_with("/* ours */"), **options))

    try:
        yield from texts(lib, sql.cast(sql.null(), sql.types.TIME), "sqlite", "postgresql")
        yield from texts(lib, sql.insert(tables.ship).values(name="x"), "mysql", "sqlite")
    finally:
        extension.deregister(sql.types.TIME)
        extension.deregister(insert)
    yield from texts(lib, sql.insert(tables.ship).values(name="x"), "mysql")


def program_new_ddl(lib: Library) -> Iterator[Any]:
    sql, engine = lib.sql, lib.engine()
    compiles = module(lib, "ext.compiler").compiles

    class AddNote(sql.schema.DDLElement):  # type: ignore[misc, name-defined]
        def __init__(self, table: Any, note: str) -> None:
            self.table, self.note = table, note

    @compiles(AddNote)  # type: ignore[untyped-decorator]
    def visit(element: Any, compiler: Any, **options: Any) -> str:
        table = compiler.preparer.format_table(element.table)
        return f"CREATE TABLE {table}_note AS SELECT '{element.note}' AS note"

    table = sql.Table("t", sql.MetaData(), sql.Column("x", sql.Integer))
    sql.event.listen(table, "after_create", AddNote(table, "made"))
    table.metadata.create_all(engine)
    yield str(AddNote(table, "y"))
    with engine.connect() as connection:
        yield connection.exec_driver_sql("SELECT note FROM t_note").all()


def program_visiting(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    visitors = module(lib, "sql.visitors")
    ship, voyage = tables.ship, tables.voyage
    condition = sql.and_(ship.c.id == 5, sql.or_(ship.c.name == "x", voyage.c.days > 3))
    found: list[str] = []
    visitors.traverse(condition, {}, {"column": lambda column: found.append(str(column))})
    yield found
    yield [str(each) for each in visitors.iterate(condition)]

    def double(bind: Any) -> None:
        bind.value = bind.value * 2

    doubled = visitors.cloned_traverse(condition, {}, {"bindparam": double})
    yield str(doubled), doubled.compile().params, condition.compile().params
    alias = ship.alias("s")
    moved = visitors.replacement_traverse(
        condition,
        {},
        lambda each, **options: alias.c[each.key] if getattr(each, "table", None) is ship else None,
    )
    yield str(moved), str(condition)


def program_lambda_statements(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship, select = tables.ship, lib.sql.select

    def by_tonnage(connection: Any, low: int, flag: str | None = None) -> Any:
        statement = sql.lambda_stmt(lambda: select(ship.c.name))
        statement += lambda s: s.where(ship.c.tonnage > low)
        if flag is not None:
            statement = statement + (lambda s: s.where(ship.c.flag == flag))
        return connection.execute(statement).all()

    with engine.connect() as connection:
        yield by_tonnage(connection, 1000), by_tonnage(connection, 2000)
        yield by_tonnage(connection, 0, "NO"), by_tonnage(connection, 0, "IT")
        yield connection.execute(select(ship.c.id).where(lambda: ship.c.name == "Cato")).all()


def program_syntax_of_a_dialect(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    postgresql = module(lib, "dialects.postgresql")
    ship = tables.ship
    distinct = sql.select(ship.c.flag, ship.c.id).ext(postgresql.distinct_on(ship.c.flag))
    yield from texts(lib, distinct, "postgresql")
    array = postgresql.array([1, 2, sql.func.f()])
    yield from texts(lib, sql.select(array, array[1], array + postgresql.array([3])), "postgresql")
    ranges = sql.column("r", postgresql.INT4RANGE)
    document = sql.column("d", postgresql.JSONB)
    for clause in (
        ranges.contains(5), ranges.overlaps(postgresql.Range(1, 5)), document.contains({"a": 1}),
        document.has_key("a"), document["a"].astext, document[("a", "b")].astext == "x",
        sql.cast(sql.null(), postgresql.ENUM("a", "b", name="e")),
        sql.column("h", postgresql.HSTORE)["k"], sql.func.to_tsvector("a").match("b"),
    ):  # fmt: skip
        yield from texts(lib, clause, "postgresql")
    mysql = module(lib, "dialects.mysql")
    yield from texts(lib, mysql.match(ship.c.name, against="x").in_boolean_mode(), "mysql")


def program_dates_in_statements(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    sailed = tables.voyage.c.sailed
    with engine.connect() as connection:
        spring = sql.select(tables.voyage.c.id).where(
            sailed.between(datetime.date(1911, 3, 2), datetime.date(1911, 3, 4))
        )
        yield from shown(connection, spring)
        yield from texts(lib, spring, compile_kwargs={"literal_binds": True})
