"""Programs of the operators guide, and of CASE, CAST, literals, tuples and textual SQL."""

from __future__ import annotations

import datetime
import decimal
import uuid
from collections.abc import Iterator
from typing import Any

from core_library import filled_harbour, harbour, module, shown, texts
from library import Library


def program_comparisons(lib: Library) -> Iterator[Any]:
    sql, ship = lib.sql, harbour(lib).ship
    name, tons = ship.c.name, ship.c.tonnage
    for clause in (
        tons == 5, tons != 5, tons > 5, tons >= 5, tons < 5, tons <= 5,
        name == None, name != None, tons.between(1, 2), ~tons.between(1, 2),  # noqa: E711
        sql.between(tons, 1, 2, symmetric=True),
        name.is_(None), name.is_not(None), name.isnot(None), name.is_(sql.true()),
        name.is_distinct_from("a"), name.is_not_distinct_from(None),
        tons > 5, name == "a", tons == ship.c.id,
    ):  # fmt: skip
        yield from texts(lib, clause)


def program_in_lists(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship = tables.ship
    subquery = sql.select(tables.voyage.c.ship_id)
    pair = sql.tuple_(ship.c.id, ship.c.name)
    with engine.connect() as connection:
        for clause in (
            ship.c.name.in_(["Alma", "Cato", None]),
            ship.c.name.not_in(["Alma"]),
            ship.c.id.in_([]),
            ship.c.id.not_in([]),
            ship.c.id.in_(subquery),
            ship.c.id.not_in(subquery),
            pair.in_([(1, "Alma"), (2, "Cato")]),
            pair.not_in([(1, "Alma")]),
            pair.in_([]),
            pair.in_(sql.select(tables.voyage.c.ship_id, tables.voyage.c.port)),
            ~ship.c.id.in_([1, 2]),
        ):
            yield from shown(connection, sql.select(ship.c.id).where(clause))
        later = ship.c.id.in_(sql.bindparam("ids", expanding=True))
        for ids in ([], [1], [1, 2, 3]):
            yield from shown(connection, sql.select(ship.c.id).where(later), {"ids": ids})
    yield from texts(lib, ship.c.id.in_([1, 2]), compile_kwargs={"literal_binds": True})
    yield from texts(lib, ship.c.id.in_([1, 2]), compile_kwargs={"render_postcompile": True})
    yield from texts(lib, ship.c.id.not_in([]), compile_kwargs={"literal_binds": True})


def program_string_operators(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    name = tables.ship.c.name
    with engine.connect() as connection:
        for clause in (
            name.like("A%"), name.ilike("a%"), name.not_like("A%"), name.not_ilike("a%"),
            name.like("%/%%", escape="/"), name.startswith("A"), name.endswith("a"),
            name.contains("ra"), name.istartswith("a"), name.iendswith("A"), name.icontains("RA"),
            name.contains("a%b", autoescape=True), name.startswith("x/y_", autoescape=True),
            name.endswith("q", autoescape=True, escape="#"),
            name.contains(tables.ship.c.flag), ~name.startswith("A"), ~name.contains("a"),
            name + "!" == "Alma!", name.concat("?") == "x",
        ):  # fmt: skip
            yield from shown(connection, sql.select(tables.ship.c.id).where(clause))
            yield from texts(lib, clause)
    for clause in (
        name.match("a"), ~name.match("a"), name.regexp_match("^A"), ~name.regexp_match("^A"),
        name.regexp_match("^a", flags="i"), name.regexp_replace("a", "b"),
        name.regexp_replace("a", "b", flags="ig"), name.collate("binary"),
    ):  # fmt: skip
        yield from texts(lib, clause, "postgresql", "mysql")


def program_arithmetic(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    days, weight = tables.voyage.c.days, tables.cargo.c.weight
    clauses = (
        days + 1, days - 1, days * 2, days / 2, days // 2, days % 4, -days,
        1 + days, 10 - days, 2 * days, 100 / days, 100 // days, 100 % days,
        (days + 1) * (days - 1), days - (days - 1), -(days + 1), days / (days / 2),
        weight / 2, weight // 2, days + weight, days * 1.5, days - (1 - days) - 1,
    )  # fmt: skip
    for clause in clauses:
        yield from texts(lib, clause)
        yield repr(clause.type)
    with engine.connect() as connection:
        for clause in clauses[:17]:
            yield connection.execute(sql.select(clause).where(tables.voyage.c.id == 1)).all()


def program_bitwise(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    days = tables.voyage.c.days
    clauses = (
        days.bitwise_and(5), days.bitwise_or(1), days.bitwise_xor(3), days.bitwise_not(),
        days.bitwise_lshift(2), days.bitwise_rshift(1), sql.bitwise_not(days),
        days.bitwise_and(1) == 1, days.bitwise_or(1).bitwise_and(6),
    )  # fmt: skip
    for clause in clauses:
        yield from texts(lib, clause, "default", "postgresql", "mysql")
    with engine.connect() as connection:
        for clause in (*clauses[:2], *clauses[3:]):
            yield connection.execute(sql.select(clause).order_by(tables.voyage.c.id)).all()


def program_conjunctions(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    a, b, c = (tables.ship.c.id == n for n in (1, 2, 3))
    flag = sql.column("afloat", sql.Boolean)
    for clause in (
        sql.and_(a, b), a & b, sql.or_(a, b), a | b, sql.not_(a), ~(a & b), ~(a | b),
        sql.and_(a, sql.or_(b, c)), (a & b) | c, a & (b | c), sql.and_(a, sql.and_(b, c)),
        sql.or_(a), sql.and_(sql.true(), a), sql.or_(sql.true(), a), sql.and_(sql.false(), a),
        sql.or_(sql.false(), a), sql.and_(sql.true()), ~sql.and_(sql.true()), sql.not_(sql.false()),
        flag, ~flag, flag & a, sql.and_(~flag, ~a), flag == True, flag.is_(False),  # noqa: E712
        sql.not_(flag), sql.not_(tables.ship.c.name.like("a")),
    ):  # fmt: skip
        yield from texts(lib, clause)
    statement = sql.select(tables.ship.c.id)
    yield str(statement.where(sql.true()))
    yield str(statement.where(sql.false()))
    yield str(statement.where(sql.and_(True, a)))
    yield str(statement.where(*(), a))


def program_case(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship = tables.ship
    size = sql.case(
        (ship.c.tonnage > 2000, "large"), (ship.c.tonnage > 1000, "medium"), else_="small"
    )
    by_value = sql.case({"NO": "Norway", "IT": "Italy"}, value=ship.c.flag)
    nested = sql.case((size == "large", ship.c.id), else_=sql.literal_column("0"))
    with engine.connect() as connection:
        for clause in (size, by_value, nested):
            yield from shown(connection, sql.select(ship.c.id, clause.label("x")))
            yield repr(clause.type)
        yield from shown(connection, sql.select(ship.c.name).order_by(size, ship.c.id))


def program_casts(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship, cargo = tables.ship, tables.cargo
    for clause in (
        sql.cast(ship.c.tonnage, sql.String), sql.cast(ship.c.tonnage, sql.Numeric(10, 4)),
        sql.cast("2020-01-01", sql.Date), sql.cast(None, sql.Integer), ship.c.id.cast(sql.Float),
        sql.cast(ship.c.name, sql.Text), sql.cast(ship.c.id, sql.BigInteger),
        sql.cast(ship.c.id, sql.Boolean), sql.cast(ship.c.name, sql.JSON),
        sql.type_coerce(ship.c.name, sql.Integer), sql.type_coerce("x", sql.String) + "y",
        sql.cast(sql.literal("x"), sql.LargeBinary), sql.cast(ship.c.id, sql.DateTime),
    ):  # fmt: skip
        yield repr(clause.type)
        yield from texts(lib, clause)
    with engine.connect() as connection:
        yield connection.execute(
            sql.select(sql.cast(cargo.c.weight, sql.Integer), sql.cast(cargo.c.id, sql.String(5)))
        ).all()
        joined = sql.type_coerce(ship.c.id, sql.String) + "t"
        yield from shown(connection, sql.select(joined))
    yield from texts(lib, sql.try_cast(ship.c.name, sql.Integer), "default")


def program_literals(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    values = (
        5, "it's", 2.5, True, None, decimal.Decimal("1.50"), datetime.date(2020, 1, 2),
        datetime.datetime(2020, 1, 2, 3, 4, 5), datetime.time(1, 2), datetime.timedelta(hours=1),
        uuid.UUID(int=1),
    )  # fmt: skip
    with lib.engine().connect() as connection:
        for value in values:
            literal = sql.literal(value)
            yield str(literal), repr(literal.type), literal.value
            if not isinstance(value, (decimal.Decimal, uuid.UUID)):
                yield connection.scalar(sql.select(literal))
            if value is not None and not isinstance(value, datetime.timedelta):
                yield from texts(lib, literal, "sqlite", compile_kwargs={"literal_binds": True})
                yield from texts(lib, literal, "mysql", compile_kwargs={"literal_binds": True})
        for each in (sql.null(), sql.true(), sql.false(), sql.literal_column("1 + 1", sql.Integer)):
            yield from texts(lib, each)
            yield connection.scalar(sql.select(each))
    yield str(sql.literal(5, literal_execute=True))
    yield str(sql.literal("x", sql.Unicode(5)).compile(compile_kwargs={"literal_binds": True}))


def program_bound_parameters(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship = tables.ship
    named = sql.select(ship.c.name).where(ship.c.id == sql.bindparam("which", type_=sql.Integer))
    yield named.compile().params
    yield named.params(which=2).compile().params
    with engine.connect() as connection:
        yield from shown(connection, named, {"which": 1})
        yield from shown(connection, named.params(which=2))
        yield lib.error(lambda: connection.execute(named))
        given = sql.select(ship.c.name).where(ship.c.id == sql.bindparam("n", 3))
        yield from shown(connection, given)
        yield from shown(connection, given, {"n": 4})
        called = sql.select(ship.c.name).where(
            ship.c.id == sql.bindparam("called", callable_=lambda: 2, type_=sql.Integer)
        )
        yield from shown(connection, called)
    unique = sql.or_(
        ship.c.id == sql.bindparam("n", 1, unique=True),
        ship.c.id == sql.bindparam("n", 2, unique=True),
    )
    yield str(unique), unique.compile().params
    yield str(sql.and_(ship.c.id == 1, ship.c.id == 2)), sql.and_(ship.c.id == 1).compile().params
    optional = sql.select(ship).where(ship.c.id == sql.bindparam("x", required=False))
    yield optional.compile().params
    yield from texts(lib, named, "mysql", "postgresql", "sqlite")
    inlined = sql.select(ship.c.id).where(
        ship.c.name == sql.bindparam("z", "y", literal_execute=True)
    )
    yield from texts(lib, inlined)


def program_text(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    text = sql.text
    typed = text("SELECT id, sailed FROM voyage WHERE id > :n").bindparams(n=3)
    with engine.connect() as connection:
        yield from shown(connection, typed)
        yield from shown(connection, typed.columns(id=sql.Integer, sailed=sql.Date))
        by_column = typed.columns(tables.voyage.c.id, tables.voyage.c.sailed)
        yield from shown(connection, by_column)
        source = by_column.subquery("v")
        yield from shown(connection, sql.select(source.c.sailed).where(source.c.id > 4))
        yield from shown(connection, sql.select(by_column.cte("w").c.id))
        day = sql.bindparam("d", datetime.date(1911, 3, 2), sql.Date)
        yield from shown(
            connection, text("SELECT port FROM voyage WHERE sailed = :d").bindparams(day)
        )
        escaped = text(r"SELECT '\:not a bind', ':' || :x").bindparams(x=1)
        yield from shown(connection, escaped)
        fragments = (
            sql.select(text("name"))
            .select_from(text("ship"))
            .where(text("id > :low").bindparams(low=1), text("id < 4"))
            .order_by(text("name DESC"))
        )
        yield from shown(connection, fragments)
        many = text("SELECT id FROM ship WHERE id IN :ids")
        many = many.bindparams(sql.bindparam("ids", expanding=True))
        yield from shown(connection, many, {"ids": [1, 2]})
        yield from shown(
            connection,
            sql.select(sql.column("id"), sql.column("name")).select_from(sql.table("ship")),
        )
        yield lib.error(lambda: text("select 1").bindparams(nothing=1))


def program_ordering(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship = tables.ship
    with engine.connect() as connection:
        for order in (
            (ship.c.flag, ship.c.name.desc()),
            (sql.desc(ship.c.flag), sql.asc(ship.c.id)),
            (sql.nulls_first(ship.c.flag.desc()), ship.c.id),
            (sql.nulls_last(ship.c.flag), sql.desc("name")),
            (sql.func.lower(ship.c.name).desc().nulls_last(),),
            (sql.collate(ship.c.name, "NOCASE").desc(),),
        ):
            yield from shown(connection, sql.select(ship.c.id, ship.c.name).order_by(*order))
        statement = sql.select(ship.c.id).order_by(ship.c.name).order_by(ship.c.id)
        yield str(statement), str(statement.order_by(None)), str(statement.group_by(None))
    yield from texts(lib, sql.select(ship.c.id).order_by(ship.c.flag.nulls_last()), "mysql")


def program_custom_operators(lib: Library) -> Iterator[Any]:
    sql, ship = lib.sql, harbour(lib).ship
    operators = module(lib, "sql.operators")
    name = ship.c.name
    for clause in (
        name.op("~")("x"), name.op("%%")(5), name.bool_op("<->")("x"), ~name.bool_op("<->")("x"),
        name.op("+", precedence=5)("a").op("*", precedence=9)("b"),
        (ship.c.id + 1).op("&")(3), ship.c.id.op("&")(ship.c.tonnage + 1),
        name.op("->", return_type=sql.Integer)("x") + 1, name.op("@", is_comparison=True)("x"),
        sql.custom_op("!!")(ship.c.id, 2), name.operate(operators.eq, "q"),
        name.reverse_operate(operators.add, "q"),
    ):  # fmt: skip
        yield repr(clause.type)
        yield from texts(lib, clause)


def program_any_and_all(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    days = sql.select(tables.voyage.c.days)
    numbers = sql.column("numbers", sql.ARRAY(sql.Integer))
    for clause in (
        tables.ship.c.id == sql.any_(days.scalar_subquery()),
        tables.ship.c.id > sql.all_(days.scalar_subquery()),
        sql.any_(numbers) == 5, sql.all_(numbers) >= 5, numbers.any_() == 5, numbers.all_() > 2,
        numbers.any(5), numbers.all(7), ~(sql.any_(numbers) == 5), numbers[1], numbers[2:4],
    ):  # fmt: skip
        yield from texts(lib, clause, "postgresql")


def program_expression_facts(lib: Library) -> Iterator[Any]:
    sql, tables = lib.sql, harbour(lib)
    ship = tables.ship
    clause = (ship.c.id == 5) & (ship.c.name == sql.bindparam("n"))
    yield clause.compare(clause), clause.compare(ship.c.id == 5)
    yield (ship.c.id == 5).compare(ship.c.id == 5), (ship.c.id == 5).compare(ship.c.id == 6)
    yield clause.left if hasattr(clause, "left") else [str(part) for part in clause.clauses]
    binary = ship.c.id > 5
    yield str(binary.left), str(binary.right), binary.operator.__name__, repr(binary.type)
    yield str(sql.not_(binary)), bool(ship.c.id == ship.c.id)
    yield lib.error(lambda: bool(binary))
    yield lib.error(lambda: ship.c.id == 5 and ship.c.id == 6)
    yield lib.error(lambda: iter(ship.c.id))
    label = ship.c.id.label("number")
    yield str(label), label.name, str(label.element), label.key, str(label + 1)
    yield str(ship.c.id.label(None)), str(ship.c.id.expression), ship.c.id.key
    yield sorted(column.name for column in ship.c.id.base_columns)
    yield ship.alias().c.id.shares_lineage(ship.c.id), ship.c.name.shares_lineage(ship.c.id)
    yield str(clause.params(n="x")), clause.params(n="x").compile().params
    yield [str(child) for child in binary.get_children()]
