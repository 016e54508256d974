"""Functions, windows and operators: text, values and type are SQLAlchemy's, for four dialects."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy
import sqlalchemy.dialects.mysql
import sqlalchemy.dialects.postgresql
import sqlalchemy.dialects.sqlite
from expression_cases import FUNCTIONS, OPERATORS, WINDOWS, Build

import ormolu
import ormolu.dialects.mysql
import ormolu.dialects.postgresql
import ormolu.dialects.sqlite
import ormolu.sql.expression
from ormolu.sql import functions
from ormolu.sql.functions import GenericFunction, ReturnTypeFromArgs, register_function

CASES = {
    f"{group}: {name}": build
    for group, cases in (("window", WINDOWS), ("function", FUNCTIONS), ("operator", OPERATORS))
    for name, build in cases.items()
}


def columns(sa: Any) -> Any:
    kinds = {
        "i": sa.Integer, "n": sa.Numeric(10, 2), "f": sa.Float, "s": sa.String, "b": sa.Boolean,
        "d": sa.Date, "dt": sa.DateTime, "a": sa.ARRAY(sa.Integer),
    }  # fmt: skip
    return sa.Table("t", sa.MetaData(), *[sa.Column(n, kind) for n, kind in kinds.items()]).c


def facts(sa: Any, build: Build, dialect: str) -> Any:
    expression = build(sa, columns(sa))
    named = None if dialect == "default" else getattr(sa.dialects, dialect).dialect()
    compiled = expression.compile(dialect=named)
    return str(compiled), dict(compiled.params), repr(getattr(expression, "type", None))


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning")
@pytest.mark.parametrize("dialect", ["default", "sqlite", "postgresql", "mysql"])
@pytest.mark.parametrize("name", CASES)
def test_text_values_and_type_are_sqlalchemys(name: str, dialect: str) -> None:
    build = CASES[name]
    assert facts(ormolu, build, dialect) == facts(sqlalchemy, build, dialect)


def test_xor_of_sqlite_is_grouped() -> None:
    expression = ormolu.literal(5).bitwise_xor(3)
    assert str(expression.compile(dialect=ormolu.dialects.sqlite.dialect())) == (
        "((? | ?) - (? & ?))"
    )
    with ormolu.create_engine("sqlite://").connect() as connection:
        assert connection.scalar(ormolu.select(expression)) == 6


def test_negated_is_between_columns_is_is_not() -> None:
    c = columns(ormolu)
    assert str(~c.i.is_(c.n)) == "t.i IS NOT t.n"
    assert str(c.i.between(c.b | c.b, 2)) == "t.i BETWEEN (t.b OR t.b) AND :i_1"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda f: f.over(range_=(1, 2), rows=(1, 2)),
        lambda f: f.over(rows=(1,)),
        lambda f: f.over(rows=("a", 1)),
        lambda f: f.over(exclude="TIES"),
        lambda f: ormolu.FrameClause(
            None, None, ormolu.FrameClauseType.PRECEDING, ormolu.FrameClauseType.CURRENT
        ),
        lambda f: ormolu.any_(f) + 5,
    ],
)
def test_senseless_frames_and_quantifiers_are_refused(wrong: Any) -> None:
    with pytest.raises(ormolu.exc.ArgumentError):
        wrong(ormolu.func.sum(1))


def test_an_unknown_exclusion_is_refused_when_compiled() -> None:
    with pytest.raises(ormolu.exc.CompileError, match="TIES"):
        str(ormolu.func.sum(1).over(rows=(0, 1), exclude="; DROP TABLE x"))


def test_a_users_function_has_its_package_name_and_type() -> None:
    class Buffer(GenericFunction[int]):
        type = ormolu.Integer
        package = "geo_test"
        name = "ST_Buffer"
        identifier = "buffer"

    class first_test(ReturnTypeFromArgs[Any]):
        pass

    made = ormolu.func.geo_test.buffer(1)
    assert type(made) is Buffer
    assert (str(made), repr(made.type)) == ("ST_Buffer(:ST_Buffer_1)", "Integer()")
    assert str(ormolu.func.geo_test.other(1)) == "geo_test.other(:other_1)"
    assert repr(ormolu.func.first_test(columns(ormolu).s).type) == "String()"
    register_function("again_test", Buffer)
    assert type(ormolu.func.again_test(2)) is Buffer
    with pytest.warns(ormolu.exc.SAWarning, match="already registered"):
        register_function("again_test", first_test)


def test_window_values_are_not_in_the_key() -> None:
    total = ormolu.func.sum(columns(ormolu).i)
    assert total.over(rows=(-1, 2))._key == total.over(rows=(-5, 9))._key
    assert total.over(rows=(-1, 2))._key != total.over(rows=(1, 2))._key


def test_operators_know_their_kind() -> None:
    ops = ormolu.sql.operators
    assert ops.mirror(ops.lt) is ops.gt
    assert ops.is_associative(ops.add) and not ops.is_associative(ops.sub)
    assert ops.is_ordering_modifier(ops.desc_op) and not ops.is_ordering_modifier(ops.eq)
    assert ops.is_boolean(ops.and_) and not ops.is_boolean(ops.add)
    assert ops.custom_op("&&") == ops.custom_op("&&") != ops.custom_op("||")


def test_regexp_and_floor_are_there_on_sqlite() -> None:
    word = ormolu.literal("abc")
    query = ormolu.select(
        word.regexp_match("^b"),
        ~word.regexp_match("z"),
        ormolu.null().regexp_match("x"),
        ormolu.func.floor(-2.5),
        functions.func.floor(None),
    )
    with ormolu.create_engine("sqlite://").connect() as connection:
        assert tuple(connection.execute(query).one()) == (0, 1, None, -3, None)
