"""Ranges, bit strings, and the text forms of values, answer as SQLAlchemy's do."""

from __future__ import annotations

import datetime as dt
import itertools
import pickle
from collections.abc import Callable, Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy.dialects import postgresql as their_postgresql

import ormolu
from ormolu.dialects import postgresql

CONVERSIONS: dict[str, Callable[[int], Any]] = {
    "int": int,
    "decimal": Decimal,
    "date": lambda n: dt.date(2020, 1, n),
    "datetime": lambda n: dt.datetime(2020, 1, n),
}
QUESTIONS = (
    "__eq__",
    "overlaps",
    "contains",
    "contained_by",
    "strictly_left_of",
    "strictly_right_of",
    "not_extend_left_of",
    "not_extend_right_of",
    "adjacent_to",
    "union",
    "intersection",
    "difference",
)
FACTS = ("lower_inc", "upper_inc", "lower_inf", "upper_inf", "isempty", "is_empty", "__bool__")
BOUNDS: tuple[Any, ...] = ("[)", "()", "(]", "[]")


def ranges(kind: str, cls: Any) -> Iterator[Any]:
    """All ranges between 1 and 4 that hold a value, and the empty one."""
    convert = CONVERSIONS[kind]
    yield cls(empty=True)
    for lower, upper, bounds in itertools.product((None, 1, 2, 3, 4), (None, 1, 2, 3, 4), BOUNDS):
        if lower and upper and not _holds_a_value(kind, lower, upper, bounds):
            continue
        yield cls(lower and convert(lower), upper and convert(upper), bounds=bounds)


def _holds_a_value(kind: str, lower: int, upper: int, bounds: str) -> bool:
    if lower == upper:
        return bounds == "[]"
    discrete = kind in ("int", "date")
    return lower < upper and not (discrete and upper - lower == 1 and bounds == "()")


def answer(function: Callable[..., Any], *arguments: Any) -> str:
    try:
        return str(function(*arguments))
    except ValueError as error:
        return type(error).__name__


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("kind", CONVERSIONS)
def test_two_ranges_answer_as_sqlalchemys(kind: str, question: str) -> None:
    theirs = list(ranges(kind, their_postgresql.Range))
    ours = list(ranges(kind, postgresql.Range))
    different = [
        (str(a), question, str(b))
        for (a, x), (b, y) in itertools.product(zip(theirs, ours, strict=True), repeat=2)
        if answer(getattr(a, question), b) != answer(getattr(x, question), y)
        and not _is_gap_of_two(x, y)
        and not _is_gap_of_two(y, x)
    ]
    assert different == []


def _is_gap_of_two(left: Any, right: Any) -> bool:
    """Whether ``…,1)`` meets ``(2,…`` of whole numbers, which SQLAlchemy calls adjacent.

    1 and 2 are in neither: PostgreSQL says that they are not.
    """
    if left.upper is None or right.lower is None or left.bounds[1] != ")" or right.bounds[0] != "(":
        return False
    step = left._step()
    return step is not None and bool(left.upper + step == right.lower)


@pytest.mark.parametrize("kind", CONVERSIONS)
def test_a_range_describes_itself_as_sqlalchemys(kind: str) -> None:
    for theirs, ours in zip(
        ranges(kind, their_postgresql.Range), ranges(kind, postgresql.Range), strict=True
    ):
        assert (str(ours), repr(ours)) == (str(theirs), repr(theirs))
        for fact in FACTS:
            expected, found = getattr(theirs, fact), getattr(ours, fact)
            if fact == "__bool__":
                expected, found = expected(), found()
            assert (fact, str(ours), found) == (fact, str(theirs), expected)


@pytest.mark.parametrize("kind", CONVERSIONS)
def test_a_range_contains_the_values_that_sqlalchemys_does(kind: str) -> None:
    values = [CONVERSIONS[kind](n) for n in range(1, 6)]
    for theirs, ours in zip(
        ranges(kind, their_postgresql.Range), ranges(kind, postgresql.Range), strict=True
    ):
        assert [value in ours for value in values] == [value in theirs for value in values]


def test_equal_ranges_have_equal_hashes_and_ranges_are_frozen_values() -> None:
    wide, narrow = postgresql.Range(1, 3), postgresql.Range(1, 2, bounds="[]")
    assert wide == narrow and hash(wide) == hash(narrow) and len({wide, narrow}) == 1
    assert pickle.loads(pickle.dumps(wide)) == wide
    with pytest.raises(AttributeError):
        wide.lower = 5  # type: ignore[misc]
    with pytest.raises(ValueError, match="bounds='x'"):
        postgresql.Range(1, 2, bounds="x")  # type: ignore[arg-type]


BIT_STRINGS = """
B('0101'), str(B('0101')), B('012'), B(''), B.from_int(5, 8), B.from_int(5, 2), B.from_int(-1, 4),
B.from_int(0, 0), B.from_bytes(b'\\x05', 4), B.from_bytes(b'\\x05'), B.from_bytes(b'\\x05', 12),
B.from_bytes(b''), B.from_bytes(b'\\xff\\x01', 9), B('0101').get_bit(1), B('0101').get_bit(9),
B('0101').has_bit(0), B('0101').set_bit(0, 1), B('0101').set_bit(0, True),
B('0101').set_bit(1, '0'), B('0101').set_bit(-1, 0), B('0101').set_bit(9, 0), B('01').set_bit(0, 5),
B('0101').bit_length, B('0101').octet_length, B('010101010').octet_length, B('').octet_length,
B('0101').lstrip(), B('1101').lstrip('1'), B('0100').rstrip(), B('0100').rstrip('x'),
B('0100').strip(), B('0100').strip(None), B('0101').removeprefix('01'),
B('0101').removesuffix('01'), B('0101').replace('1', '0'), B('0101').replace('1', 'x'),
B('0101').split('1'), B('0101').split(), B('01').zfill(4), int(B('0101')), int(B('')),
B('0101').to_bytes(), B('0101').to_bytes(4), B('0101').to_bytes(0), bytes(B('010101010')),
bytes(B('')), B('0101')[1], B('0101')[1:3], B('01') + '1', '1' + B('0'), B('01') + 'x',
'x' + B('01'), B('0101') << 1, B('0101') << 9, B('0101') >> 1, B('0101') >> 9, B('01') << -1,
~B('01'), B('01') & B('11'), B('01') & '11', B('01') & '1', B('01') | '10', B('01') ^ B('11'),
'11' & B('01'), '11' | B('01'), B('01') & 5, B('01') == '01', hash(B('01')) == hash('01'),
B('01') | 'x1', B('01') * 2
"""
_ERRORS = (ValueError, TypeError, IndexError, OverflowError)


def _bit_string_expressions() -> list[str]:
    """The expressions of the table, at the commas between them."""
    found, depth, start = [], 0, 0
    source = " ".join(BIT_STRINGS.split())
    for position, character in enumerate(source):
        depth += (character in "([") - (character in ")]")
        if character == "," and not depth:
            found.append(source[start:position].strip())
            start = position + 1
    return [*found, source[start:].strip()]


@pytest.mark.parametrize("expression", _bit_string_expressions())
def test_a_bit_string_does_what_sqlalchemys_does(expression: str) -> None:
    def value(cls: Any) -> tuple[str, str]:
        try:
            found = eval(expression, {"B": cls})
        except _ERRORS as error:
            return type(error).__name__, ""
        return type(found).__name__, repr(found)

    assert value(postgresql.BitString) == value(their_postgresql.BitString)


def test_a_bit_string_is_combined_with_a_plain_string_by_xor_too() -> None:
    assert postgresql.BitString("01") ^ "11" == "10"
    assert "11" ^ postgresql.BitString("01") == "10"


HSTORES: tuple[Any, ...] = ({"a": "b"}, {"a": None}, {'a"b': "c\\d", "": ""}, {}, {"é \n": "=>,"})


@pytest.mark.parametrize("value", HSTORES)
def test_an_hstore_is_written_and_read_as_sqlalchemys(value: dict[str, str | None]) -> None:
    theirs, ours = their_postgresql.HSTORE(), postgresql.HSTORE()
    text = ours.bind_processor(None)(value)  # type: ignore[misc]
    assert text == theirs.bind_processor(None)(value)
    assert ours.result_processor(None)(text) == value  # type: ignore[misc]
    assert theirs.result_processor(None, None)(text) == value


def test_what_is_no_hstore_is_refused() -> None:
    type_ = postgresql.HSTORE()
    with pytest.raises(ValueError, match="not a string"):
        type_.bind_processor(None)({"a": 1})  # type: ignore[misc]
    with pytest.raises(ValueError, match="could not parse"):
        type_.result_processor(None)('"a"=>"b", oops')  # type: ignore[misc]


DIALECT = postgresql.dialect()


def round_trip(type_: Any, value: Any, driver_value: Any) -> None:
    """Check that a value goes out as ``driver_value``, and comes back as itself."""
    bind, result = DIALECT.bind_processor(type_), DIALECT.result_processor(type_)
    assert (value if bind is None else bind(value)) == driver_value
    assert (driver_value if result is None else result(driver_value)) == value


def driver_range(value: Any) -> Any:
    """What a driver gives for a range."""
    return SimpleNamespace(
        lower=value.lower,
        upper=value.upper,
        lower_inc=value.lower_inc,
        upper_inc=value.upper_inc,
        isempty=value.empty,
    )


@pytest.mark.parametrize(
    ("type_", "value", "text"),
    [
        (postgresql.INT4RANGE(), postgresql.Range(1, 5), "[1,5)"),
        (postgresql.INT4RANGE(), postgresql.Range(None, 5, bounds="(]"), "(,5]"),
        (postgresql.NUMRANGE(), postgresql.Range(empty=True), "empty"),
        (
            postgresql.TSRANGE(),
            postgresql.Range(dt.datetime(2020, 1, 1), None),
            '["2020-01-01 00:00:00",)',
        ),
    ],
)
def test_a_range_goes_out_as_text_and_comes_back_from_the_drivers_class(
    type_: Any, value: Any, text: str
) -> None:
    assert DIALECT.bind_processor(type_)(value) == text  # type: ignore[misc]
    assert DIALECT.result_processor(type_)(driver_range(value)) == value  # type: ignore[misc]
    assert DIALECT.result_processor(type_)(None) is None  # type: ignore[misc]


def test_a_multirange_is_a_list_of_ranges() -> None:
    type_ = postgresql.INT4MULTIRANGE()
    value = postgresql.MultiRange([postgresql.Range(1, 3), postgresql.Range(5, None)])
    bind, result = DIALECT.bind_processor(type_), DIALECT.result_processor(type_)
    assert bind is not None and result is not None
    assert bind(value) == "{[1,3),[5,)}"
    assert bind(postgresql.Range(1, 3)) == "{[1,3)}"
    back = result([driver_range(each) for each in value])
    assert back == value and isinstance(back, postgresql.MultiRange)


def test_arrays_convert_their_items_at_any_depth() -> None:
    bits = postgresql.ARRAY(postgresql.BIT(2))
    round_trip(bits, [postgresql.BitString("01"), None], ["01", None])
    round_trip(bits, [[postgresql.BitString("01")], [None]], [["01"], [None]])
    round_trip(postgresql.ARRAY(ormolu.Integer), [1, [2]], [1, [2]])
    as_tuple = postgresql.ARRAY(ormolu.Integer, as_tuple=True, dimensions=2)
    assert DIALECT.result_processor(as_tuple)([[1], [2]]) == ((1,), (2,))  # type: ignore[misc]
    names = postgresql.ARRAY(ormolu.Enum("a", "b", name="e"))
    round_trip(names, ["a"], ["a"])


def test_plain_values_pass_as_they_are() -> None:
    for type_ in (
        ormolu.Integer(),
        ormolu.String(),
        ormolu.DateTime(),
        ormolu.Date(),
        ormolu.Uuid(),
        ormolu.Numeric(),
        ormolu.Interval(),
        postgresql.INET(),
        postgresql.TSVECTOR(),
    ):
        assert DIALECT.bind_processor(type_) is None, type_
        assert DIALECT.result_processor(type_) is None, type_


def test_bytes_pass_as_they_are_and_strings_are_refused() -> None:
    """SQLAlchemy leaves the refusal of a string to the driver's ``Binary``."""
    given = b"\\x41"
    bind = DIALECT.bind_processor(ormolu.LargeBinary())
    assert bind is not None and bind(given) is given
    assert DIALECT.result_processor(ormolu.LargeBinary()) is None
    with pytest.raises(TypeError, match="takes bytes"):
        bind("\\x41")


def test_documents_go_out_as_text_and_come_back_as_the_driver_reads_them() -> None:
    for type_ in (ormolu.JSON(), postgresql.JSON(), postgresql.JSONB()):
        assert DIALECT.bind_processor(type_)({"a": [1, None]}) == '{"a": [1, null]}'  # type: ignore[misc]
        assert DIALECT.bind_processor(type_)(None) == "null"  # type: ignore[misc]
        assert DIALECT.result_processor(type_) is None
    own = postgresql.dialect(json_serializer=lambda value: "mine")
    assert own.bind_processor(postgresql.JSONB())({}) == "mine"  # type: ignore[misc]


@pytest.mark.parametrize(
    "path", [("a", 1), ("a b",), ("a", "b", "c"), (0,), ("é",)], ids=lambda path: repr(path)
)
def test_a_path_is_written_as_sqlalchemys(path: Any) -> None:
    theirs = sqlalchemy.JSON.JSONPathType().dialect_impl(their_postgresql.dialect())
    expected = theirs.bind_processor(their_postgresql.dialect())(path)
    assert DIALECT.bind_processor(ormolu.JSON.JSONPathType())(path) == expected  # type: ignore[misc]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("a,b",), '{"a,b"}'),
        (('q"uote', "back\\slash"), '{"q\\"uote", "back\\\\slash"}'),
        (("", "NULL", " x"), '{"", "NULL", " x"}'),
        (("{}",), '{"{}"}'),
    ],
)
def test_a_key_that_would_be_misread_stands_in_quotes(path: Any, text: str) -> None:
    assert DIALECT.bind_processor(ormolu.JSON.JSONPathType())(path) == text  # type: ignore[misc]


@pytest.mark.parametrize("value", [b"", b"plain", b"it's", b"\x00\xff", b"back\\slash"])
def test_bytes_as_a_literal(value: bytes) -> None:
    text = str(
        ormolu.literal(value).compile(dialect=DIALECT, compile_kwargs={"literal_binds": True})
    ).replace("%%", "%")
    body = text[1:-1].replace("''", "'")
    back = bytes.fromhex(body[2:]) if body.startswith("\\x") else body.encode()
    assert back == value
