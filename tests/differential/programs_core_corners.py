"""Programs about the less trodden corners of Core: what few use, and those few rely on."""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from core_library import dialect, filled_harbour, harbour, module, texts
from library import Library


def warned(make: Callable[[], Any]) -> tuple[Any, list[str]]:
    """What is made, and the classes of the warnings that came with it."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        made = make()
    return made, [warning.category.__name__ for warning in caught]


def program_replacing_after_compiling(lib: Library) -> Iterator[Any]:
    """Names that were worked out for a statement are those of its copy's columns, not its own."""
    sql, visitors, tables = lib.sql, module(lib, "sql.visitors"), harbour(lib)
    ship, voyage = tables.ship, tables.voyage
    query = sql.select(sql.func.max(ship.c.tonnage).label("m")).where(ship.c.tonnage > 5)
    joined = sql.select(sql.literal(1).label("one")).select_from(ship.join(voyage))
    union = sql.union(sql.select(ship.c.tonnage), sql.select(voyage.c.days))
    for statement in (query, joined, union):
        yield str(statement)
        replaced = visitors.replacement_traverse(
            statement, {}, lambda el, **_: voyage.c.ship_id if el is ship.c.tonnage else None
        )
        yield str(replaced)
        yield str(visitors.cloned_traverse(statement, {}, {}))


def program_text_among_the_columns(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    tables, engine = filled_harbour(lib)
    voyage = tables.voyage
    with engine.connect() as connection:
        for columns in (
            (sql.text("id, port"),),
            (sql.text("id, port"), voyage.c.sailed),
            (voyage.c.sailed, sql.text("days AS d")),
            (sql.text("*"),),
            (sql.text("voyage.id"), sql.literal(1).label("one")),
            (sql.literal_column("id, port"), voyage.c.sailed),
            (sql.text("count(*)"),),
        ):
            query = sql.select(*columns).select_from(voyage)
            for options in ({}, {"yield_per": 2}):
                result = connection.execute(query, execution_options=options)
                yield list(result.keys()), result.first()
        row = connection.execute(sql.select(sql.text("id, port"), voyage.c.sailed)).one_or_none
        yield lib.error(row)
        first = connection.execute(sql.select(sql.text("id, port"), voyage.c.sailed)).first()
        yield first.sailed, first._mapping[voyage.c.sailed], first.port
        named = sql.select(sql.text("id AS n")).select_from(voyage)
        yield list(connection.execute(sql.union(named, sql.select(sql.text("5")))).keys())


def program_documents_of_decorated_types(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    postgresql = module(lib, "dialects.postgresql")

    class Plain(sql.TypeDecorator):  # type: ignore[misc]
        impl = sql.JSON
        cache_ok = True

    class Twice(sql.TypeDecorator):  # type: ignore[misc]
        impl = Plain
        cache_ok = True

    class Binary(sql.TypeDecorator):  # type: ignore[misc]
        impl = postgresql.JSONB
        cache_ok = True

    variant = sql.JSON().with_variant(postgresql.JSONB(), "postgresql")
    for kind in (Plain, Twice, Binary, variant, postgresql.JSONB):
        column = sql.column("doc", kind)
        for expression in (column["a"], column["a"]["b"], column["a"].as_string()):
            yield from texts(lib, expression)


def program_keys_of_inserted_rows(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    tables, engine = filled_harbour(lib)
    ship = tables.ship
    with engine.begin() as connection:
        for statement in (
            sql.insert(ship).values([{"name": "Eir"}, {"name": "Fro"}]),
            sql.insert(ship).from_select(["name"], sql.select(sql.literal("Gro"))),
            sql.insert(ship).inline().values(name="Hel"),
            sql.insert(ship).values(id=90, name="Idun"),
            sql.insert(ship).values(name="Jarl"),
        ):
            result = connection.execute(statement)
            yield tuple(result.inserted_primary_key), result.inserted_primary_key_rows
            yield result.rowcount
        many = connection.execute(sql.insert(ship), [{"name": "Kari"}, {"name": "Loke"}])
        yield many.lastrowid, many.rowcount


def program_defaults_that_an_update_returns(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    tables, engine = filled_harbour(lib)
    ship = tables.ship
    more = sql.update(ship).values(tonnage=ship.c.tonnage + 1)
    with engine.begin() as connection:
        for statement in (
            more.where(ship.c.id == 1).return_defaults(ship.c.tonnage),
            more.where(ship.c.id < 3).return_defaults(ship.c.tonnage, ship.c.flag),
            more.return_defaults(),
            sql.update(ship).values(flag="SE").return_defaults(ship.c.flag),
            sql.delete(ship).where(ship.c.id == 3).return_defaults(ship.c.name),
        ):
            yield from texts(lib, statement, "sqlite", "postgresql")
            result = connection.execute(statement)
            yield result.returned_defaults, result.returned_defaults_rows


def program_a_connection_that_is_closed(lib: Library) -> Iterator[Any]:
    engine = lib.engine()
    connection = engine.connect()
    connection.close()
    yield lib.error(connection.rollback)
    yield lib.error(connection.begin), lib.error(lambda: connection.execute(lib.sql.select(1)))
    detached = engine.connect()
    detached.detach()
    yield detached.connection.is_detached, detached.connection.record_info
    detached.close()


def program_values_given_to_a_compiled_form(lib: Library) -> Iterator[Any]:
    sql, ship = lib.sql, harbour(lib).ship
    query = (
        sql.select(ship.c.id)
        .where(ship.c.tonnage > 5, ship.c.name.in_(["a"]), ship.c.flag == sql.bindparam("f"))
        .limit(2)
    )
    compiled = query.compile(dialect=dialect(lib, "postgresql"))
    yield lib.error(compiled.construct_params), compiled.params
    yield compiled.construct_params({"f": "x", "tonnage_1": 9})
    yield compiled.construct_params({"f": "x", "nothing": 9})
    state = compiled.construct_expanded_state({"name_1": ["p", "q"], "f": 1, "tonnage_1": 7})
    yield state.statement
    yield sorted(state.parameters.items())


def program_names_by_convention(lib: Library) -> Iterator[Any]:
    sql, schema = lib.sql, module(lib, "schema")
    metadata = sql.MetaData(
        naming_convention={
            "ck": "ck_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s_%(referred_column_0_N_name)s",
        }
    )
    sql.Table(
        "parent",
        metadata,
        sql.Column("first part", sql.Integer, primary_key=True, key="one"),
        sql.Column("two", sql.Integer, primary_key=True),
    )
    child = sql.Table(
        "child",
        metadata,
        sql.Column("a", sql.Integer),
        sql.Column("b", sql.Integer),
        sql.ForeignKeyConstraint(["a", "b"], ["parent.one", "parent.two"]),
        sql.CheckConstraint(sql.column("b") > 3),
    )
    yield str(schema.CreateTable(child))
    check = next(each for each in child.constraints if isinstance(each, sql.CheckConstraint))
    yield [column.name for column in check.columns], check.contains_column(child.c.b)


def program_copies_under_another_name(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    tree = sql.Table(
        "tree",
        sql.MetaData(),
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("parent", sql.ForeignKey("forest.tree.id")),
        sql.Column("other", sql.ForeignKey("forest.other.id")),
        schema="forest",
    )
    for options in ({"name": "oak"}, {"name": "oak", "schema": "park"}, {"schema": "park"}):
        copy = tree.to_metadata(sql.MetaData(), **options)
        yield copy.key, sorted(key.target_fullname for key in copy.foreign_keys)
    yield str(tree.c.id), repr(tree.c.parent)


def program_statements_as_values(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    tables = harbour(lib)
    ship, one = tables.ship, sql.select(tables.voyage.c.days)
    for make in (
        lambda: ship.c.tonnage == one,
        lambda: ship.c.tonnage == one.subquery(),
        lambda: ship.c.tonnage == sql.union(one, one),
        lambda: sql.func.coalesce(one, 0),
        lambda: sql.select(ship.c.id).order_by(one),
        lambda: sql.select(ship.c.id).where(one),
        lambda: sql.update(ship).values(tonnage=one),
        lambda: sql.any_(one) == 5,
        lambda: sql.cast(one, sql.Integer),
        lambda: ship.c.tonnage == one.scalar_subquery(),
        lambda: ship.c.tonnage.in_(one),
    ):
        made, classes = warned(make)
        yield str(made), classes
    yield lib.error(lambda: sql.select(ship.c.id).add_columns(one))
    yield lib.error(lambda: str(sql.select(one)))


def program_hints_for_the_reader(lib: Library) -> Iterator[Any]:
    sql, ship = lib.sql, harbour(lib).ship
    yield from texts(lib, sql.select(ship.c.id).with_hint(ship, "USE INDEX (i)"), "default")
    yield from texts(lib, sql.select(ship.c.id).with_hint(ship, "MINE", "mysql"))
    yield from texts(lib, sql.update(ship).values(name="x").with_hint("H"), "default")
    yield from texts(lib, sql.delete(ship).with_hint("H"), "default")


def program_literals_beside_dates(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    moment = sql.column("moment", sql.DateTime)
    day = datetime.date(2020, 1, 2)
    for name in ("default", "postgresql", "mysql"):
        yield from texts(lib, moment >= day, name, compile_kwargs={"literal_binds": True})


def program_limits_are_whole_numbers(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    tables, engine = filled_harbour(lib)
    query = sql.select(tables.ship.c.id).order_by(tables.ship.c.id)
    with engine.connect() as connection:
        for limit in (Decimal(2), 2.0, True, "2"):
            yield query.limit(limit).compile().params
            yield connection.execute(query.limit(limit)).all()
    yield lib.error(lambda: query.limit("two"))


def program_small_facts_of_statements(lib: Library) -> Iterator[Any]:
    sql, exc = lib.sql, lib.exc
    tables = harbour(lib)
    ship = tables.ship
    yield sorted(sql.insert(ship).entity_description)
    yield ship.alias().c.id.nullable, ship.alias().c.flag.nullable
    yield sql.select(ship).subquery().c.name.nullable
    yield (ship.c.id == 5).compare(ship.c.id == 5, use_proxies=True)
    for name in ("sqlite", "postgresql"):
        try:
            sql.try_cast(ship.c.id, sql.String).compile(dialect=dialect(lib, name))
        except exc.UnsupportedCompilationError as error:
            yield type(error).__name__


def program_what_listeners_get_without_parameters(lib: Library) -> Iterator[Any]:
    sql, engine, heard = lib.sql, lib.engine(), []

    def before(conn: Any, element: Any, several: Any, one: Any, options: Any) -> None:
        heard.append((several, one))

    with engine.connect() as connection:
        sql.event.listen(engine, "before_execute", before)
        connection.execute(sql.select(1))
        connection.execute(sql.text("SELECT :x"), {"x": 1})
    yield from heard


def program_configuration_as_text(lib: Library) -> Iterator[Any]:
    from_config = lib.sql.engine_from_config
    base = {"app.url": "sqlite://"}
    for word in ("true", "NO", "on", "f", "1", "0", "y", "maybe"):
        yield (
            word,
            lib.error(lambda word=word: from_config({**base, "app.echo": word}, "app.").echo),
        )  # type: ignore[misc]


def program_what_an_engine_told_its_dialect(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    for options in (
        {},
        {"label_length": 10},
        {"max_identifier_length": 30},
        {"insertmanyvalues_page_size": 5},
        {"use_insertmanyvalues": False},
    ):
        asked = sql.create_engine("sqlite://", **options).dialect
        yield asked.label_length, asked.max_identifier_length, asked.requires_name_normalize
        yield asked.use_insertmanyvalues, asked.insertmanyvalues_page_size
