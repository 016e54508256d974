"""Elements of users, traversal, text and binds: what SQLAlchemy writes, ormolu writes.

Each program is a function of the library's root name; it returns plain data.
"""

from __future__ import annotations

# mypy: disable-error-code="misc,name-defined,untyped-decorator"
import importlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

Program = Callable[[Any], Any]
PROGRAMS: dict[str, Program] = {}


def program(function: Program) -> Program:
    PROGRAMS[function.__name__] = function
    return function


def library(root: str) -> Any:
    sa: Any = importlib.import_module(root)
    compiler: Any = importlib.import_module(f"{root}.ext.compiler")
    return SimpleNamespace(
        sa=sa,
        compiles=compiler.compiles,
        deregister=compiler.deregister,
        functions=importlib.import_module(f"{root}.sql.functions"),
        visitors=importlib.import_module(f"{root}.sql.visitors"),
        operators=importlib.import_module(f"{root}.sql.operators"),
        sqlite=importlib.import_module(f"{root}.dialects.sqlite").dialect(),
        postgresql=importlib.import_module(f"{root}.dialects.postgresql").dialect(),
        t=sa.table("t", sa.column("a", sa.Integer), sa.column("b", sa.String)),
    )


@program
def a_function_per_dialect(lib: Any) -> Any:
    class utcnow(lib.functions.FunctionElement):
        type = lib.sa.DateTime()
        inherit_cache = True

    @lib.compiles(utcnow)
    def default(element: Any, compiler: Any, **kw: Any) -> str:
        return "UTC()"

    @lib.compiles(utcnow, "sqlite")
    def sqlite(element: Any, compiler: Any, **kw: Any) -> str:
        return "DATETIME('now')"

    statement = lib.sa.select(utcnow()).where(lib.sa.cast(lib.t.c.b, lib.sa.DateTime) > utcnow())
    return str(statement), str(statement.compile(dialect=lib.sqlite)), str(utcnow().type)


@program
def a_function_by_another_expression(lib: Any) -> Any:
    sa = lib.sa

    class greatest(lib.functions.FunctionElement):
        type = sa.Numeric()
        name = "greatest"
        inherit_cache = True

    @lib.compiles(greatest)
    def default(element: Any, compiler: Any, **kw: Any) -> str:
        text: str = compiler.visit_function(element, **kw)
        return text

    @lib.compiles(greatest, "sqlite")
    def sqlite(element: Any, compiler: Any, **kw: Any) -> str:
        left, right = list(element.clauses)
        text: str = compiler.process(sa.case((left > right, left), else_=right), **kw)
        return text

    statement = sa.select(greatest(lib.t.c.a, 5), greatest(lib.t.c.a, 6).label("g"))
    found = statement.compile(dialect=lib.sqlite)
    return str(statement), str(found), found.params


@program
def a_statement_of_two_others(lib: Any) -> Any:
    sa = lib.sa

    class InsertFromSelect(sa.Executable, sa.ClauseElement):
        inherit_cache = False

        def __init__(self, table: Any, select: Any) -> None:
            self.table = table
            self.select = select

    @lib.compiles(InsertFromSelect)
    def default(element: Any, compiler: Any, **kw: Any) -> str:
        table = compiler.process(element.table, asfrom=True, **kw)
        return f"INSERT INTO {table} {compiler.process(element.select, **kw)}"

    def made(number: int) -> Any:
        return InsertFromSelect(lib.t, sa.select(lib.t).where(lib.t.c.a > number))

    compiled = made(5).compile(dialect=lib.sqlite)
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a INTEGER, b TEXT)")
        connection.execute(sa.insert(lib.t), [{"a": 1, "b": "x"}, {"a": 7, "b": "y"}])
        connection.execute(made(5))
        connection.execute(made(0))
        rows = [tuple(row) for row in connection.execute(sa.select(lib.t).order_by("a"))]
    engine.dispose()
    return str(compiled), compiled.params, rows


@program
def a_column_of_its_own(lib: Any) -> Any:
    sa = lib.sa

    class Wrapped(sa.ColumnElement):
        inherit_cache = True

        def __init__(self, inner: Any) -> None:
            self.inner = inner

    @lib.compiles(Wrapped)
    def default(element: Any, compiler: Any, **kw: Any) -> str:
        return f"W({compiler.process(element.inner, **kw)})"

    class Deeper(Wrapped):
        inherit_cache = True

    a = lib.t.c.a
    return [
        str(sa.select(Wrapped(a))),
        str(sa.select(Wrapped(a).label("q"), Wrapped(a) + 5).where(Wrapped(lib.t.c.b) == "x")),
        str(sa.select(Deeper(a)).order_by(Deeper(a).desc())),
    ]


@program
def builtin_statements_changed(lib: Any) -> Any:
    sa = lib.sa

    @lib.compiles(sa.Insert)
    def insert(element: Any, compiler: Any, **kw: Any) -> str:
        text: str = compiler.visit_insert(element.prefix_with("/*i*/"), **kw)
        return text

    @lib.compiles(sa.Select)
    def select(element: Any, compiler: Any, **kw: Any) -> str:
        return f"/*s*/{compiler.visit_select(element, **kw)}"

    inner = sa.select(lib.t.c.a)
    try:
        found = [
            str(sa.insert(lib.t).values(a=1)),
            str(inner.where(lib.t.c.a.in_(inner))),
            str(sa.select(inner.subquery("q"))),
        ]
    finally:
        lib.deregister(sa.Insert)
        lib.deregister(sa.Select)
    return [*found, str(sa.insert(lib.t).values(a=1)), str(sa.select(inner.subquery("q")))]


@program
def types_and_ddl(lib: Any) -> Any:
    sa = lib.sa

    class Mine(sa.TypeDecorator):
        impl = sa.String
        cache_ok = True

    @lib.compiles(Mine)
    def mine(type_: Any, compiler: Any, **kw: Any) -> str:
        return "MINE"

    @lib.compiles(sa.BigInteger, "sqlite")
    def big(type_: Any, compiler: Any, **kw: Any) -> str:
        return "INTEGER"

    class CreateView(sa.schema.DDLElement):
        def __init__(self, name: str, select: Any) -> None:
            self.name = name
            self.select = select

    @lib.compiles(CreateView)
    def view(element: Any, compiler: Any, **kw: Any) -> str:
        text = compiler.sql_compiler.process(element.select, literal_binds=True)
        return f"CREATE VIEW {element.name} AS {text}"

    table = sa.Table(
        "x",
        sa.MetaData(),
        sa.Column("a", sa.BigInteger),
        sa.Column("b", Mine),
        sa.Column("c", sa.VARCHAR(6)),
    )
    create = sa.schema.CreateTable(table)
    try:
        found = [str(create.compile(dialect=each)) for each in (lib.sqlite, lib.postgresql)]
    finally:
        lib.deregister(sa.BigInteger)
    found.append(str(create.compile(dialect=lib.sqlite)))
    return [*found, str(CreateView("v", sa.select(lib.t).where(lib.t.c.a > 5)))]


@program
def not_compiled_for_this_dialect(lib: Any) -> Any:
    class Nothing(lib.sa.ColumnElement):
        inherit_cache = True

    found = []
    for register in (False, True):
        if register:
            lib.compiles(Nothing, "postgresql")(lambda element, compiler, **kw: "x")
        try:
            found.append(str(Nothing().compile(dialect=lib.sqlite)))
        except lib.sa.exc.UnsupportedCompilationError as error:
            found.append(type(error).__name__)
    return [*found, str(Nothing().compile(dialect=lib.postgresql))]


@program
def syntax_extensions(lib: Any) -> Any:
    sa = lib.sa

    class Words(sa.sql.SyntaxExtension, sa.ClauseElement):
        inherit_cache = False

        def __init__(self, words: str) -> None:
            self.words = words

        def apply_to_insert(self, insert_stmt: Any) -> None:
            insert_stmt.apply_syntax_extension_point(lambda found: [*found, self], "post_values")

        def apply_to_update(self, update_stmt: Any) -> None:
            update_stmt.apply_syntax_extension_point(
                self.append_replacing_same_type, "post_criteria"
            )

    @lib.compiles(Words)
    def words(element: Any, compiler: Any, **kw: Any) -> str:
        text: str = element.words
        return text

    insert = sa.insert(lib.t).values(a=1).returning(lib.t.c.b)
    update = sa.update(lib.t).values(a=1).where(lib.t.c.a == 2)
    refused = []
    for statement, extension in ((sa.delete(lib.t), Words("X")), (insert, 5)):
        try:
            statement.ext(extension)
        except NotImplementedError as error:
            refused.append(type(error).__name__)
    return [
        str(insert.ext(Words("ONE")).ext(Words("TWO"))),
        str(update.ext(Words("ONE")).ext(Words("TWO"))),
        refused,
    ]


@program
def traversal(lib: Any) -> Any:
    sa, visitors = lib.sa, lib.visitors
    a, b = lib.t.c.a, lib.t.c.b
    condition = a == 5
    changed = visitors.cloned_traverse(
        condition, {}, {"bindparam": lambda bind: setattr(bind, "value", 99)}
    )
    greater = visitors.cloned_traverse(
        condition, {}, {"binary": lambda found: setattr(found, "operator", lib.operators.gt)}
    )
    seen: list[Any] = []

    class Names(visitors.ClauseVisitor):
        def visit_column(self, column: Any) -> None:
            seen.append(column.name)

        def visit_bindparam(self, bind: Any) -> None:
            seen.append(bind.value)

    Names().traverse(sa.or_(a == 5, b == "x"))

    class Swap(visitors.ReplacingCloningVisitor):
        def replace(self, elem: Any) -> Any:
            return b if elem is a else None

    return [
        [found.__visit_name__ for found in visitors.iterate(condition)],
        [
            found.name
            for found in visitors.iterate(sa.select(a))
            if isinstance(found, sa.TableClause)
        ],
        (changed.right.value, condition.right.value, changed.left is condition.left),
        (str(greater), str(condition)),
        str(visitors.replacement_traverse(condition, {}, lambda each: b if each is a else None)),
        str(Swap().traverse(sa.select(a).where(a + 1 > 5))),
        seen,
        [isinstance(each, visitors.Visitable) for each in (condition, sa.Integer(), 5)],
    ]


@program
def hand_written_text(lib: Any) -> Any:
    sa = lib.sa
    text, column = sa.text, sa.column
    statements = [
        text("select :a, :b::int, '\\:c', a::text, x:y, :a"),
        text("select :a").bindparams(a=5),
        text("x in :a").bindparams(sa.bindparam("a", [1, 2], expanding=True)),
        text("percent % :a"),
        text("select id, name from t")
        .columns(column("id", sa.Integer), column("name"))
        .subquery("q")
        .select(),
        sa.select(text("select id from t where x=:x").columns(id=sa.Integer).cte("q")),
        sa.select(text("a"), text("b as c"))
        .select_from(text("foo"))
        .where(text("x=:q"))
        .group_by(text("w"))
        .having(text("h>1"))
        .order_by(text("z")),
        sa.and_(text("a=1"), text("b=2")),
        column("a") == text("b"),
        column("a").in_(text("(1,2)")),
    ]
    found = [statement.compile(dialect=lib.sqlite) for statement in statements]
    return [(str(each), each.params, each.positiontup) for each in found]


@program
def binds(lib: Any) -> Any:
    sa = lib.sa
    bind, column = sa.bindparam, sa.column
    number = column("a", sa.Integer)
    written: list[Any] = [
        (sa.select(bind("x", 5, unique=True), bind("x", 6, unique=True)), {}),
        (sa.select(bind("x", callable_=lambda: 7)), {}),
        (sa.select(sa.outparam("o", sa.Integer)), {}),
        (sa.select(number == bind("a", 5, literal_execute=True)), {}),
        (sa.select(number == bind("a", 5, literal_execute=True)), {"render_postcompile": True}),
        (sa.select(number.in_([1, 2]), column("b") == 5), {"render_postcompile": True}),
        (sa.select(number.in_([1, 2])), {"literal_binds": True}),
        (sa.select(bind("x", type_=sa.Integer)), {"literal_binds": True}),
        (sa.select(sa.literal(5), sa.literal("it's"), sa.literal(True)), {"literal_binds": True}),
    ]
    texts = [str(each.compile(dialect=lib.sqlite, compile_kwargs=kw)) for each, kw in written]
    expanded = (
        sa.select(number.in_([1, 2]), bind("z", 4))
        .compile(dialect=lib.sqlite)
        .construct_expanded_state({"z": 9})
    )
    insert = sa.insert(lib.t).compile()
    return [
        texts,
        [type(bind("x", value).type).__name__ for value in (5, "a", 1.5, None)],
        (expanded.statement, expanded.parameters, expanded.positional_parameters),
        (insert.isinsert, insert.isupdate, insert.isdelete),
        [(b.value, name) for b, name in (number == 5).compile().bind_names.items()],
        sa.select(bind("x", 5)).compile().construct_params({"x": 9}),
    ]


@program
def literal_execution(lib: Any) -> Any:
    sa = lib.sa
    engine = sa.create_engine("sqlite://")
    sent: list[Any] = []
    number = lib.t.c.a
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a INTEGER, b TEXT)")
        connection.execute(sa.insert(lib.t), [{"a": 1, "b": "it's 5%"}, {"a": 2, "b": "y"}])

        def record(conn: Any, cursor: Any, sql: str, params: Any, context: Any, many: bool) -> None:
            sent.append((sql, tuple(params)))

        sa.event.listen(engine, "before_cursor_execute", record)
        found = []
        for value in ("it's 5%", "y"):
            one = sa.bindparam("q", value, literal_execute=True)
            found.append(connection.execute(sa.select(number).where(lib.t.c.b == one)).all())
        some = sa.bindparam("q", [1, 2], expanding=True, literal_execute=True, type_=sa.Integer)
        several = sa.select(number).where(number.in_(some), lib.t.c.b != "z").order_by(number)
        found.append(connection.execute(several).all())
        found.append(connection.execute(several, {"q": [2]}).all())
    engine.dispose()
    return [[tuple(row) for row in rows] for rows in found], sent


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_gives_the_same_on_both(name: str) -> None:
    run = PROGRAMS[name]
    assert run(library("ormolu")) == run(library("sqlalchemy"))
