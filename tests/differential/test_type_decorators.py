"""User-defined types: text, results and warnings equal SQLAlchemy's.

A *program* is a function of a library; it returns plain data.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy

import ormolu
from ormolu.sql import operators

Program = Callable[["Library"], Any]
PROGRAMS: dict[str, Program] = {}


class Library:
    """One of the two libraries, and the user's types made from its own."""

    def __init__(self, root: str) -> None:
        self.sql: Any = importlib.import_module(root)
        self.types: Any = importlib.import_module(f"{root}.types")
        self.dialect: Any = importlib.import_module(f"{root}.dialects.sqlite").dialect()
        pool: Any = importlib.import_module(f"{root}.pool")
        self.engine = self.sql.create_engine("sqlite://", poolclass=pool.StaticPool)

    def decorator(self, impl: Any, **members: Any) -> Any:
        """A ``TypeDecorator`` class around ``impl``."""
        base = self.types.TypeDecorator
        return type("Made", (base,), {"impl": impl, "cache_ok": True, **members})

    def text(self, statement: Any, **options: Any) -> str:
        return str(statement.compile(dialect=self.dialect, compile_kwargs=options))

    def shown(self, expression: Any) -> tuple[str, dict[str, Any]]:
        compiled = expression.compile()
        return str(compiled), dict(compiled.params)

    def rows(self, statement: Any) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(statement)]

    def error(self, function: Callable[[], Any]) -> Any:
        try:
            return function()
        except Exception as error:
            return type(error).__name__


def program(function: Program) -> Program:
    PROGRAMS[function.__name__] = function
    return function


def shout(self: Any, value: Any, dialect: Any) -> Any:
    return value and f"{value}!"


@program
def conversion_both_ways(lib: Library) -> Any:
    made = lib.decorator(
        lib.sql.String,
        process_bind_param=shout,
        process_result_value=lambda self, value, dialect: value and f"<{value}>",
    )
    return lib.rows(lib.sql.select(lib.sql.literal("a", made(5)), lib.sql.literal(None, made(5))))


@program
def one_around_another(lib: Library) -> Any:
    inner = lib.decorator(lib.sql.String, process_bind_param=shout)
    outer = lib.decorator(
        inner, process_bind_param=lambda self, value, dialect: value and f"{value}?"
    )
    return lib.rows(lib.sql.select(lib.sql.literal("a", outer(7)))), outer(7).compile(lib.dialect)


@program
def missing_impl(lib: Library) -> Any:
    return lib.error(type("Bare", (lib.types.TypeDecorator,), {}))


@program
def representation_and_attributes(lib: Library) -> Any:
    made = lib.decorator(lib.sql.String)(5)
    return repr(made), made.length, repr(made.copy()), made.python_type, made.should_evaluate_none


@program
def comparison_with_constants(lib: Library) -> Any:
    found = []
    for kinds in ((type(None),), (), (type(None), bool), (int,)):
        column = lib.sql.column("x", lib.decorator(lib.sql.String, coerce_to_is_types=kinds)())
        for build in (
            lambda c: c == None,  # noqa: E711
            lambda c: c != None,  # noqa: E711
            lambda c: c == True,  # noqa: E712
            lambda c: c != False,  # noqa: E712
            lambda c: c.is_(None),
            lambda c: c.is_(True),
            lambda c: c.is_distinct_from(None),
            lambda c: c == lib.sql.null(),
        ):
            found.append(lib.shown(build(column)))
    return found


@program
def true_and_false_of_its_own(lib: Library) -> Any:
    made = lib.decorator(
        lib.sql.String(1),
        process_bind_param=lambda self, value, dialect: {True: "Y", False: "N", None: None}[value],
        process_result_value=lambda self, value, dialect: {"Y": True, "N": False}.get(value),
    )
    t = lib.sql.Table("t", lib.sql.MetaData(), lib.sql.Column("x", made))
    t.create(lib.engine)
    with lib.engine.begin() as connection:
        connection.execute(t.insert(), [{"x": True}, {"x": False}, {"x": None}])
    return lib.rows(lib.sql.select(t).where(t.c.x == True)), lib.rows(  # noqa: E712
        lib.sql.select(t).where(t.c.x != True)  # noqa: E712
    )


@program
def expressions_around_values_and_columns(lib: Library) -> Any:
    func = lib.sql.func
    made = lib.decorator(
        lib.sql.String,
        bind_expression=lambda self, bind: func.lower(bind, type_=self),
        column_expression=lambda self, column: func.upper(column, type_=self),
    )
    t = lib.sql.Table(
        "t",
        lib.sql.MetaData(),
        lib.sql.Column("id", lib.sql.Integer, primary_key=True),
        lib.sql.Column("q", made(10)),
    )
    select = lib.sql.select
    return [
        lib.text(statement)
        for statement in (
            select(t).where(t.c.q == "A"),
            t.insert(),
            t.insert().values([{"q": "A"}, {"q": "B"}]),
            t.update().values(q="A").where(t.c.q.like("x")),
            select(t.c.q.label("z")),
            select(select(t).subquery()),
            lib.sql.union(select(t), select(t)),
            select(lib.sql.type_coerce(t.c.q, lib.sql.String)),
            select(lib.sql.cast(t.c.id, made(3))),
        )
    ]


@program
def literals(lib: Library) -> Any:
    made = [
        lib.decorator(lib.sql.String, process_bind_param=shout),
        lib.decorator(
            lib.sql.String, process_literal_param=lambda self, value, dialect: f"lit {value}"
        ),
        lib.decorator(lib.sql.String, literal_processor=lambda self, dialect: "raw {}".format),
    ]
    return [lib.text(lib.sql.literal("a", type_()), literal_binds=True) for type_ in made]


@program
def another_impl_per_dialect(lib: Library) -> Any:
    def load(self: Any, dialect: Any) -> Any:
        sqlite = dialect.name == "sqlite"
        return dialect.type_descriptor(lib.types.CHAR(3) if sqlite else lib.types.VARCHAR(9))

    made = lib.decorator(lib.sql.String, load_dialect_impl=load)
    return made().compile(dialect=lib.dialect), str(made()), repr(made().type_engine(lib.dialect))


@program
def operators_of_its_own(lib: Library) -> Any:
    class Operators(lib.types.Integer.Comparator):  # type: ignore[misc, name-defined]
        def __add__(self, other: Any) -> Any:
            return self.op("goofy")(other)

        def twice(self) -> Any:
            return self.expr * 2

    own = lib.decorator(lib.sql.Integer, comparator_factory=Operators)
    plain = type("Plain", (lib.types.Integer,), {"comparator_factory": Operators})
    around = lib.decorator(plain)
    columns = [lib.sql.column("x", type_) for type_ in (own(), plain(), around())]
    return [
        (str(c + 5), str(c.twice()), (c - 5).type._type_affinity is lib.sql.Integer)
        for c in columns
    ]


@program
def operands_and_results(lib: Library) -> Any:
    made = lib.decorator(lib.sql.String)
    loose = lib.decorator(
        lib.sql.String,
        coerce_compared_value=lambda self, op, value: (
            lib.sql.Integer() if isinstance(value, int) else self
        ),
    )
    number = lib.decorator(lib.sql.Integer)
    c, d, n = (lib.sql.column("x", type_()) for type_ in (made, loose, number))
    found = [c + "y", c == "y", d == 5, d == "y", n + 5, n / 2, n * 2.5, c + lib.sql.column("z")]
    return [
        (str(e), type(e.right.type).__name__, type(e.type).__name__, e.type._type_affinity.__name__)
        for e in found
    ]


@program
def variants(lib: Library) -> Any:
    made = lib.decorator(lib.sql.String, process_bind_param=shout)
    integer, string = lib.sql.Integer(), lib.sql.String()
    return [
        made(5).with_variant(lib.sql.Integer, "sqlite").compile(lib.dialect),
        integer.with_variant(made(6), "sqlite").compile(lib.dialect),
        lib.rows(
            lib.sql.select(lib.sql.literal("a", lib.sql.Text().with_variant(made(6), "sqlite")))
        ),
        lib.error(lambda: integer.with_variant(string, "a").with_variant(string, "a")),
        lib.error(lambda: integer.with_variant(string)),
        lib.error(lambda: integer.with_variant(string.with_variant(lib.sql.Text(), "x"), "a")),
    ]


@program
def warnings_about_caching(lib: Library) -> Any:
    heard = []
    for base in (lib.types.TypeDecorator, lib.types.UserDefinedType):
        for cache_ok in (None, False, True):
            made = type("Odd", (base,), {"impl": lib.sql.String, "cache_ok": cache_ok})
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                lib.rows(lib.sql.select(lib.sql.literal("x", made())))
            heard.append([warning.category.__name__ for warning in caught])
    return heard


@program
def pickles_compare_as_told(lib: Library) -> Any:
    plain, told = lib.sql.PickleType(), lib.sql.PickleType(comparator=lambda a, b: True)
    return plain.compare_values([1], [1]), plain.compare_values(1, 2), told.compare_values(1, 2)


@program
def sorting_keys(lib: Library) -> Any:
    made = lib.decorator(lib.sql.JSON, sort_key_function=property(lambda self: lambda v: v["a"]))
    return made().sort_key_function({"a": 4}), lib.sql.String().sort_key_function


@program
def adapted(lib: Library) -> Any:
    types = lib.types
    return [
        repr(lib.sql.String(4, collation="x").adapt(lib.sql.Text)),
        repr(lib.sql.Numeric(4, 2).adapt(lib.sql.Float)),
        repr(lib.sql.Integer().adapt(lib.sql.String, length=4)),
        repr(types.adapt_type(types.Integer, {types.Integer: types.BIGINT})),
        repr(types.adapt_type(types.SMALLINT(), {types.Integer: types.BIGINT})),
        repr(types.adapt_type(types.BIGINT(), {types.Integer: types.BIGINT})),
    ]


@program
def json_elements(lib: Library) -> Any:
    c = lib.sql.column("x", lib.sql.JSON)
    elements = [
        c["a"], c[1], c[("a", 1)], c["a"]["b"], c["a"].as_string(), c["a"].as_integer(),
        c["a"].as_float(), c["a"].as_boolean(), c["a"].as_json(), c["a"].as_numeric(5, 2),
        c[("a", "b")].as_string() == "x", c["a"] == None, c == lib.sql.JSON.NULL,  # noqa: E711
        lib.sql.cast(c["a"], lib.sql.Integer), c["a"][("b", 1)], c[("a", 1)][("b", 2)],
    ]  # fmt: skip
    return [(str(e), lib.text(e), type(e.type).__name__) for e in elements] + [
        lib.error(c.as_string)
    ]


@program
def json_paths_as_literals(lib: Library) -> Any:
    c = lib.sql.column("x", lib.sql.JSON)
    return [
        lib.text(element, literal_binds=True)
        for element in (c["a"], c[("a", 1, "o'k")], c[1], c["a.b"], c[-1], c["a"].as_string())
    ]


@program
def array_elements(lib: Library) -> Any:
    array, integer = lib.sql.ARRAY, lib.sql.Integer
    c, two, zero = (
        lib.sql.column("x", type_)
        for type_ in (
            array(integer),
            array(integer, dimensions=2),
            array(integer, zero_indexes=True),
        )
    )
    elements = [
        c[5], two[5], two[5][6], zero[5], c + [5, 6], c.any_() == 5, 5 == lib.sql.all_(c),  # noqa: RUF005, SIM300
        c == [1, 2], c[1] + c[2], zero[lib.sql.column("i")], c[1].in_([1, 2]),
    ]  # fmt: skip
    return [(*lib.shown(e), repr(e.type)) for e in elements] + [
        lib.error(lambda: c.contains([5])),
        lib.error(lambda: array(array(integer))),
    ]


@program
def events_of_types(lib: Library) -> Any:
    heard: list[Any] = []
    kind = lib.sql.Enum("a", "b", name="z")
    names = ("before_parent_attach", "after_parent_attach", "before_create", "after_create")
    for name in names:
        lib.sql.event.listen(
            kind, name, lambda *args, name=name: heard.append((name, type(args[1]).__name__))
        )
    table = lib.sql.Table("t", lib.sql.MetaData(), lib.sql.Column("x", kind))
    table.create(lib.engine)

    def of_all(target: Any, parent: Any) -> None:
        heard.append("any enum")

    lib.sql.event.listen(lib.sql.Enum, "before_parent_attach", of_all)
    lib.sql.Column("y", lib.sql.Enum("q"))
    lib.sql.Column("y", lib.sql.Boolean())
    lib.sql.event.remove(lib.sql.Enum, "before_parent_attach", of_all)
    lib.sql.Column("y", lib.sql.Enum("q"))
    return heard


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_gives_the_same_on_both(name: str) -> None:
    expected = PROGRAMS[name](Library("sqlalchemy"))
    assert PROGRAMS[name](Library("ormolu")) == expected


def test_a_slice_of_an_array_has_bounds() -> None:
    lib = Library("ormolu")
    c = lib.sql.column("x", lib.sql.ARRAY(lib.sql.Integer, zero_indexes=True))
    assert lib.shown(c[1:3]) == ("x[:x_1::x_2]", {"x_1": 2, "x_2": 4})
    assert lib.shown(c[:3]) == ("x[::x_1]", {"x_1": 4})
    assert repr(c[1:3].type) == "ARRAY(Integer(), zero_indexes=True)"
    assert lib.shown(c.any(5))[0] == ":x_1 = ANY (x)"
    assert lib.shown(c.all(5, operators.lt))[0] == ":x_1 < ALL (x)"


@pytest.mark.parametrize("sa", [sqlalchemy, ormolu])
def test_a_decorator_writes_literals_that_the_decorated_type_can_not(sa: Any) -> None:
    class Point(sa.types.UserDefinedType):  # type: ignore[misc]
        cache_ok = True

        def get_col_spec(self, **kw: Any) -> str:
            return "POINT"

    class Written(sa.TypeDecorator):  # type: ignore[misc]
        impl = Point
        cache_ok = True

        def process_literal_param(self, value: Any, dialect: Any) -> str:
            return f"point{value}"

    column = sa.column("p", Written())
    compiled = column.in_([(1, 2)]).compile(compile_kwargs={"literal_binds": True})
    assert str(compiled) == "p IN (point(1, 2))"


@pytest.mark.parametrize("sa", [sqlalchemy, ormolu])
@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mysql"])
def test_a_column_of_no_table_is_written(sa: Any, database: str) -> None:
    dialect = sa.make_url(f"{database}://").get_dialect()()
    column = sa.Column("q", sa.Integer, nullable=False)
    assert str(sa.schema.CreateColumn(column).compile(dialect=dialect)) == "q INTEGER NOT NULL"
