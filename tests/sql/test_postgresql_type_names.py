"""Types by the names that PostgreSQL's ``format_type`` writes."""

from __future__ import annotations

import pytest

from ormolu.dialects import postgresql
from ormolu.dialects.postgresql.catalog.named_types import NamedTypes
from ormolu.dialects.postgresql.catalog.type_names import Collation, type_of, written

#: What is written, and what of it comes out as DDL.
TYPES = {
    "bigint": "BIGINT",
    "bit varying": "BIT VARYING",
    "bit varying(7)": "BIT VARYING(7)",
    "bit(5)": "BIT(5)",
    "character varying": "VARCHAR",
    "character varying(20)": "VARCHAR(20)",
    "character(3)": "CHAR(3)",
    "double precision": "DOUBLE PRECISION",
    "interval": "INTERVAL",
    "interval day to second(2)": "INTERVAL day to second (2)",
    "interval year to month": "INTERVAL year to month",
    "interval(3)": "INTERVAL (3)",
    "jsonpath": "JSONPATH",
    "numeric": "NUMERIC",
    "numeric(10,3)": "NUMERIC(10, 3)",
    "numeric(4,-2)": "NUMERIC(4, -2)",
    "time(3) without time zone": "TIME(3) WITHOUT TIME ZONE",
    "timestamp with time zone": "TIMESTAMP WITH TIME ZONE",
    "timestamp(0) with time zone": "TIMESTAMP(0) WITH TIME ZONE",
    "uuid": "UUID",
}


@pytest.mark.parametrize("text", TYPES)
def test_a_type_is_known_by_its_name(text: str) -> None:
    parts = written(text)
    assert not parts.is_array
    found = type_of(parts.name, parts.arguments, Collation())
    assert found is not None
    assert found.compile(postgresql.dialect()) == TYPES[text]


@pytest.mark.parametrize("text", TYPES)
def test_an_array_is_known_by_its_items(text: str) -> None:
    item = type_of(*written(text)[:2], Collation())
    found = NamedTypes([]).type_of(f"{text}[]", 1, "", Collation())
    assert repr(found) == f"ARRAY({item!r})"


def test_a_collation_is_that_of_text_alone() -> None:
    assert repr(type_of("text", (), Collation("C"))) == "TEXT(collation='C')"
    assert repr(type_of("integer", (), Collation("C"))) == "INTEGER()"


@pytest.mark.parametrize("text", ["point", "xml", "other.thing", '"Odd (type"', "int2vector", ""])
def test_an_unknown_name_is_no_type(text: str) -> None:
    parts = written(text)
    assert type_of(parts.name, parts.arguments, Collation()) is None


def test_a_type_of_an_extension_is_known_in_any_schema() -> None:
    types = NamedTypes([])
    assert repr(types.type_of("ext.hstore", 1, "hstore", Collation())) == "HSTORE()"
    assert types.type_of("ext.hstore", 1, "other", Collation()) is None
