"""Types: keys, converters, text, operators, annotations."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from decimal import Decimal
from typing import Annotated, Any, Literal, Optional

import pytest

from ormolu import types as t
from ormolu.dialects.default import DefaultDialect
from ormolu.exc import ArgumentError, SAWarning

DIALECT = DefaultDialect()


class Color(enum.Enum):
    red = "r"
    green = "g"


def test_equal_arguments_give_equal_keys() -> None:
    assert t.String(50)._key == t.String(50)._key
    assert t.String(50)._key != t.String(51)._key
    assert t.String(50)._key != t.Text(50)._key
    assert hash(t.Enum(Color)._key) == hash(t.Enum(Color)._key)


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        (t.String(50), "String(length=50)"),
        (t.Numeric(10, 2), "Numeric(precision=10, scale=2)"),
        (t.Enum("a", "b", name="q"), "Enum('a', 'b', name='q')"),
        (t.ARRAY(t.Integer), "ARRAY(Integer())"),
        (t.TupleType(t.Integer, t.String), "TupleType(Integer(), String())"),
        (t.Interval(), "Interval()"),
        (t.Uuid(as_uuid=False), "Uuid(as_uuid=False)"),
        (t.JSON(none_as_null=True), "JSON(none_as_null=True)"),
        (t.DateTime(timezone=True), "DateTime(timezone=True)"),
    ],
)
def test_repr_is_sqlalchemys(type_: Any, text: str) -> None:
    assert repr(type_) == text


def test_nothing_to_do_is_no_function() -> None:
    for type_ in (t.Integer(), t.String(), t.Text(), t.Date(), t.LargeBinary()):
        assert type_.bind_processor(DIALECT) is None
        assert type_.result_processor(DIALECT) is None


def test_boolean_accepts_only_booleans() -> None:
    bind = t.Boolean().bind_processor(DIALECT)
    assert bind is not None
    assert [bind(v) for v in (True, 0, None)] == [1, 0, None]
    with pytest.raises(ValueError, match="Value 2 is not None, True, or False"):
        bind(2)
    with pytest.raises(TypeError, match="Not a boolean value: 'x'"):
        bind("x")


def test_enum_stores_names_and_refuses_strangers() -> None:
    type_ = t.Enum(Color)
    bind, read = type_.bind_processor(DIALECT), type_.result_processor(DIALECT)
    assert bind is not None and read is not None
    assert [bind(v) for v in (Color.red, "green", None)] == ["red", "green", None]
    assert read("red") is Color.red
    with pytest.raises(
        LookupError,
        match=r"'3' is not among the defined enum values. Enum name: color. "
        "Possible values: red, green",
    ):
        bind(3)
    with pytest.raises(LookupError):
        read("blue")


def test_enum_values_callable_stores_values() -> None:
    type_ = t.Enum(Color, values_callable=lambda cls: [member.value for member in cls])
    bind = type_.bind_processor(DIALECT)
    assert bind is not None
    assert bind(Color.green) == "g"
    assert type_.length == 1


class Shade(enum.Enum):
    DARK = "d"
    BLACK = "d"  # noqa: PIE796 - an alias
    LIGHT = "l"


@pytest.mark.parametrize(
    "values", [lambda cls: [m.value for m in cls], lambda cls: ["d", "d", "l"]]
)
def test_the_strings_of_values_callable_may_leave_out_aliases(values: Any) -> None:
    type_ = t.Enum(Shade, values_callable=values, omit_aliases=False)
    bind, read = type_.bind_processor(DIALECT), type_.result_processor(DIALECT)
    assert bind is not None and read is not None
    assert [bind(m) for m in (Shade.DARK, Shade.BLACK, Shade.LIGHT)] == ["d", "d", "l"]
    assert read("l") is Shade.LIGHT


@pytest.mark.parametrize(
    ("values", "message"),
    [(["q"], "1 strings for the 2 members of Color"), (["q", "q"], "'q' for two members of Color")],
)
def test_values_callable_gives_each_member_a_string(values: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        t.Enum(Color, values_callable=lambda cls: values)


def test_string_enum_validates_on_request() -> None:
    lax, strict = t.Enum("a", "b"), t.Enum("a", "b", validate_strings=True)
    assert lax.bind_processor(DIALECT)("c") == "c"  # type: ignore[misc]
    with pytest.raises(LookupError):
        strict.bind_processor(DIALECT)("c")  # type: ignore[misc]


def test_enum_refuses_a_length_that_is_too_short() -> None:
    with pytest.raises(ValueError, match="2 < 3"):
        t.Enum("abc", length=2)


def test_json_null_and_none() -> None:
    plain = t.JSON().bind_processor(DIALECT)
    as_null = t.JSON(none_as_null=True).bind_processor(DIALECT)
    assert plain is not None and as_null is not None
    assert (plain(None), as_null(None), as_null(t.JSON.NULL)) == ("null", None, "null")
    assert plain({"a": [1]}) == '{"a": [1]}'


def test_uuid_is_kept_as_hex_where_there_is_no_type() -> None:
    value = uuid.UUID(int=5)
    type_ = t.Uuid()
    assert type_.bind_processor(DIALECT)(value) == value.hex  # type: ignore[misc]
    assert type_.result_processor(DIALECT)(value.hex) == value  # type: ignore[misc]
    text = t.Uuid(as_uuid=False)
    assert text.bind_processor(DIALECT)(str(value)) == value.hex  # type: ignore[misc]
    assert text.result_processor(DIALECT)(value.hex) == str(value)  # type: ignore[misc]


def test_numeric_reads_floats_as_decimals_of_its_scale() -> None:
    read = t.Numeric(10, 2).result_processor(DIALECT)
    assert read is not None
    assert read(1.239) == Decimal("1.24")


def test_interval_is_counted_from_the_epoch() -> None:
    type_ = t.Interval()
    delta = dt.timedelta(days=1)
    assert type_.process_bind_param(delta, DIALECT) == dt.datetime(1970, 1, 2)
    assert type_.process_result_value(dt.datetime(1970, 1, 2), DIALECT) == delta


def test_type_decorator_converts_around_its_impl() -> None:
    class Lower(t.TypeDecorator[str]):
        impl = t.String
        cache_ok = True

        def process_bind_param(self, value: Any, dialect: Any) -> Any:
            return value and value.lower()

    type_ = Lower(20)
    assert type_.length == 20
    assert repr(type_) == "Lower(length=20)"
    assert type_.bind_processor(DIALECT)("ABC") == "abc"  # type: ignore[misc]
    assert type_.result_processor(DIALECT) is None
    assert type_._key == Lower(20)._key
    assert type_._key != Lower(30)._key


def test_type_decorator_without_cache_ok_equals_only_itself() -> None:
    class Odd(t.TypeDecorator[str]):
        impl = t.String

    one = Odd()
    with pytest.warns(SAWarning, match="Odd .* cache_ok"):
        assert one._key == one._key
    with pytest.warns(SAWarning, match="Odd .* cache_ok"):
        assert one._key != Odd()._key


def test_variants_are_chosen_by_dialect_name() -> None:
    type_ = t.String(10).with_variant(t.Text(), "sqlite", "mysql")
    assert repr(type_.variant_for("mysql")) == "Text()"
    assert type_.variant_for("postgresql") is type_
    assert type_._key != t.String(10)._key
    with pytest.raises(ArgumentError, match="already present"):
        type_.with_variant(t.Text(), "mysql")


def test_literals_are_escaped() -> None:
    assert t.String().literal_processor(DIALECT)("it's") == "'it''s'"  # type: ignore[misc]
    assert t.Boolean().literal_processor(DIALECT)(True) == "true"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("left", "op", "right", "result"),
    [
        (t.Date(), "add", t.Interval(), ("add", "DateTime()")),
        (t.Date(), "sub", t.Date(), ("sub", "Integer()")),
        (t.DateTime(), "sub", t.DateTime(), ("sub", "Interval()")),
        (t.Interval(), "add", t.Time(), ("add", "Time()")),
        (t.Integer(), "truediv", t.Integer(), ("truediv", "Numeric()")),
        (t.Integer(), "add", t.Float(), ("add", "Float()")),
        (t.Integer(), "mul", t.Interval(), ("mul", "Interval()")),
        (t.String(5), "add", t.String(), ("concat_op", "String(length=5)")),
        (t.String(), "add", t.Integer(), ("add", "String()")),
        (t.Enum("ab"), "add", t.String(), ("concat_op", "String(length=2)")),
        (t.NULLTYPE, "add", t.Integer(), ("add", "Integer()")),
        (t.NULLTYPE, "sub", t.Integer(), ("sub", "NullType()")),
    ],
)
def test_result_of_an_operator(left: Any, op: str, right: Any, result: tuple[str, str]) -> None:
    name, type_ = left.operator_result(op, right)
    assert (name, repr(type_)) == result


def test_type_of_a_compared_value() -> None:
    text = t.String(5)
    assert text.coerce_compared_value(None, "x") is text
    assert isinstance(text.coerce_compared_value(None, 5), t.Integer)
    color = t.Enum(Color)
    assert color.coerce_compared_value(None, Color.red) is color


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "Integer()"), (2**40, "BigInteger()"), (True, "Boolean()"), (1.0, "Double()"),
     ("s", "String()"), (None, "NullType()"), ([], "NullType()"), (dt.time(), "Time()")],
)  # fmt: skip
def test_type_of_a_literal(value: Any, text: str) -> None:
    assert repr(t.resolve(value)) == text


@pytest.mark.parametrize(
    ("annotation", "text", "nullable"),
    [
        (int, "Integer()", False),
        (int | None, "Integer()", True),
        (Optional[str], "String()", True),  # noqa: UP045
        (Decimal, "Numeric()", False),
        (dt.datetime, "DateTime()", False),
        (uuid.UUID, "Uuid()", False),
        (Color, "Enum('red', 'green', name='color')", False),
        (Literal["a", "b"], "Enum('a', 'b', native_enum=False)", False),
        (Annotated[int, "note"], "Integer()", False),
    ],
)
def test_type_of_an_annotation(annotation: Any, text: str, nullable: bool) -> None:
    found, admits_none = t.type_for_annotation(annotation)
    assert (repr(found), admits_none) == (text, nullable)


def test_annotation_map_is_asked_first() -> None:
    short = Annotated[str, 30]
    known = {short: t.String(30), dict[str, Any]: t.JSON, int: t.BigInteger}
    assert repr(t.type_for_annotation(short | None, known)[0]) == "String(length=30)"
    assert repr(t.type_for_annotation(dict[str, Any], known)[0]) == "JSON()"
    assert repr(t.type_for_annotation(int, known)[0]) == "BigInteger()"
    assert t.type_for_annotation(dict[str, Any]) == (None, False)


def test_enum_template_of_the_annotation_map() -> None:
    known = {enum.Enum: t.Enum(enum.Enum, native_enum=False, length=20)}
    found, _ = t.type_for_annotation(Color, known)
    assert repr(found) == "Enum('red', 'green', name='color', native_enum=False, length=20)"


def test_what_is_no_type_is_refused() -> None:
    with pytest.raises(ArgumentError, match="not a SQL type"):
        t.to_instance("Integer")
