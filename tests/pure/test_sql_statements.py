"""Statements as objects: pickling, options, keys, lambdas, template strings, user classes."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from ormolu import (
    Boolean,
    CacheKey,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    ReleaseSavepointClause,
    RollbackToSavepointClause,
    SavepointClause,
    String,
    Table,
    bindparam,
    case,
    cast,
    column,
    create_engine,
    delete,
    exists,
    func,
    insert,
    lambda_stmt,
    literal_column,
    null,
    select,
    table,
    text,
    tstring,
    union,
    update,
)
from ormolu.exc import ArgumentError, ObjectNotExecutableError
from ormolu.ext.compiler import compiles, deregister
from ormolu.sql.elements import ClauseElement, ColumnElement
from ormolu.sql.executable import Executable
from ormolu.sql.functions import FunctionElement
from ormolu.sql.keys import key_of
from ormolu.sql.visitors import InternalTraversal

metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("team", Integer, ForeignKey("teams.id"), default=5),
)
teams = Table("teams", metadata, Column("id", Integer, primary_key=True), Column("b", Boolean))
light = table("light", column("a", Integer), column("b", String))
u = users.c
counts = select(u.team, func.count().label("n")).group_by(u.team).subquery()
some = select(u.id).where(u.id > 3).cte("some")
other = users.alias()

STATEMENTS: list[Any] = [
    select(light.c.a).where(light.c.a == 5),
    text("select :q").bindparams(q=4),
    select(users).join(teams).where(u.team.in_([1, 2]), teams.c.b).order_by(u.id.desc()).limit(4),
    select(counts).where(counts.c.n > 4),
    select(some.c.id),
    select(other.c.id, u.id).where(other.c.team == u.team),
    select(case((u.id == 1, "a"), else_="b"), cast(u.id, String(5)), u.id.label(None), -u.id),
    select(func.max(u.id).over(partition_by=u.team), literal_column("1"), null()),
    select(exists().where(u.id == 1), u.id.op("@@")(5), u.id.between(1, 2)),
    union(select(u.id), select(teams.c.id)).order_by("id"),
    insert(light).values(a=5),
    insert(users).values([{"id": 1}, {"id": 2}]).returning(u.team),
    update(users).where(u.id == 4).values(team=u.team + 1),
    delete(users).where(u.team.is_(None)),
]


@pytest.mark.parametrize("protocol", [2, pickle.HIGHEST_PROTOCOL])
@pytest.mark.parametrize("statement", STATEMENTS, ids=str)
def test_a_statement_is_pickled_with_its_values(statement: Any, protocol: int) -> None:
    again = pickle.loads(pickle.dumps(statement, protocol))
    assert str(again) == str(statement)
    assert again.compile().params == statement.compile().params


def test_a_pickled_table_is_another_table_to_the_cache() -> None:
    statement = select(users).where(u.id == 5)
    again = pickle.loads(pickle.dumps(statement))
    assert key_of(again) != key_of(statement)


def test_execution_options_are_immutable() -> None:
    options = select(users).execution_options(a=1).execution_options(b=2).get_execution_options()
    assert options == {"a": 1, "b": 2}
    assert options.union({"c": 3}) == {"a": 1, "b": 2, "c": 3}
    with pytest.raises(TypeError, match="immutable"):
        options["c"] = 3


@pytest.mark.parametrize("name", ["isolation_level", "compiled_cache"])
def test_options_of_connections_are_refused(name: str) -> None:
    with pytest.raises(ArgumentError, match=r"Connection\.execution_options"):
        select(users).execution_options(**{name: None})


def test_cache_keys_are_equal_whatever_the_values() -> None:
    five, six = (light.c.a == 5)._generate_cache_key(), (light.c.a == 6)._generate_cache_key()
    assert isinstance(five, CacheKey)
    assert five == six
    assert five != (light.c.b == "x")._generate_cache_key()
    assert [bind.value for bind in five.bindparams] == [5]
    assert insert(light).values([{"a": 1}])._generate_cache_key() is None


def picked(number: int) -> Any:
    statement = lambda_stmt(lambda: select(light))
    statement += lambda given: given.where(light.c.a == number)
    return statement.add_criteria(lambda given: given.order_by(light.c.b))


def test_a_statement_of_lambdas_runs_with_the_values_of_each_call() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE light (a INTEGER, b TEXT)")
        connection.execute(insert(light), [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}])
        assert [connection.execute(picked(n)).all() for n in (1, 2)] == [[(1, "x")], [(2, "y")]]
    engine.dispose()
    assert "ORDER BY light.b" in str(picked(1))
    assert picked(1).execution_options(a=1).get_execution_options() == {"a": 1}


@pytest.mark.parametrize("given", [5, lambda: 5])
def test_a_lambda_must_give_a_statement(given: Any) -> None:
    with pytest.raises(ArgumentError, match="lambda_stmt"):
        lambda_stmt(given)


class Interpolation:
    def __init__(self, value: object, conversion: str | None = None) -> None:
        self.value = value
        self.expression = "it"
        self.conversion = conversion
        self.format_spec = ""


class Template(tuple[Any, ...]):
    """What ``t"…"`` gives since Python 3.14, as far as `tstring` looks at it."""

    __module__ = "string.templatelib"


def test_a_template_string_holds_values_and_elements() -> None:
    parts = ("SELECT ", Interpolation(light.c.a), " FROM ", Interpolation(light), " WHERE a > ")
    statement = tstring(Template((*parts, Interpolation(5), " -- :no bind")))
    compiled = statement.compile()
    assert str(compiled) == "SELECT light.a FROM light WHERE a > :param_1 -- :no bind"
    assert compiled.params == {"param_1": 5}
    wrapped = select(statement.columns(column("a", Integer)).subquery("q"))
    assert "FROM (SELECT light.a FROM light" in str(wrapped)


def test_a_string_is_no_template() -> None:
    with pytest.raises(ArgumentError, match=r"text\(\) with :name binds"):
        tstring("SELECT 1")
    with pytest.raises(ArgumentError, match="conversion"):
        tstring(Template((Interpolation(5, "r"),)))


def test_savepoints_as_text() -> None:
    assert str(SavepointClause("a b")) == 'SAVEPOINT "a b"'
    assert str(RollbackToSavepointClause("a")) == "ROLLBACK TO SAVEPOINT a"
    assert str(ReleaseSavepointClause("a")) == "RELEASE SAVEPOINT a"


class Stateless(FunctionElement[int]):
    type = Integer()
    name = "stateless"


class Stateful(ColumnElement[int]):
    def __init__(self, inner: Any) -> None:
        self.inner = inner


class Listed(Stateful):
    _traverse_internals = [("inner", InternalTraversal.dp_clauseelement)]  # noqa: RUF012


class Command(Executable, ClauseElement):
    def __init__(self, words: str) -> None:
        self.words = words


@pytest.fixture
def compiled_classes() -> Any:
    @compiles(Stateful)
    def stateful(element: Any, compiler: Any, **kw: Any) -> str:
        return f"S({compiler.process(element.inner, **kw)})"

    @compiles(Command)
    def command(element: Any, compiler: Any, **kw: Any) -> str:
        return str(element.words)

    yield
    deregister(Stateful)
    deregister(Command)


def test_what_a_users_element_shares(compiled_classes: Any) -> None:
    assert key_of(select(Stateless(5))) == key_of(select(Stateless(6)))
    assert key_of(select(Stateful(u.id))) is None
    assert key_of(select(Listed(u.id))) == key_of(select(Listed(u.id)))
    assert key_of(select(Listed(u.id))) != key_of(select(Listed(u.team)))
    assert str(select(Listed(u.id))) == "SELECT S(users.id) AS anon_1 \nFROM users"


def test_a_users_statement_is_executed_and_copied(compiled_classes: Any) -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        assert connection.execute(Command("SELECT 1")).scalar() == 1
        assert connection.execute(Command("SELECT 2").execution_options(x=1)).scalar() == 2
        with pytest.raises(ObjectNotExecutableError):
            connection.execute(Stateful(u.id))  # type: ignore[call-overload]
    engine.dispose()


def test_binds_in_a_users_element_keep_their_values(compiled_classes: Any) -> None:
    engine = create_engine("sqlite://")
    deregister(Stateful)
    compiles(Stateful)(lambda element, compiler, **kw: str(compiler.process(element.inner, **kw)))
    with engine.connect() as connection:
        statements = [select(Stateful(bindparam(None, n, Integer))) for n in (1, 2)]
        assert [connection.scalar(each) for each in statements] == [1, 2]
    engine.dispose()
