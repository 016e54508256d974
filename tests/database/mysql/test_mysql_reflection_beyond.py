"""What ormolu says of a server's tables where SQLAlchemy is silent, fails or is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from mysql_answers import plain
from mysql_schemas import BEYOND, make_schema

from ormolu import MetaData, Table, create_engine, inspect
from ormolu.engine import Engine
from ormolu.exc import SAWarning
from ormolu.schema import CreateIndex


@pytest.fixture
def beyond(mysql_url: str) -> Iterator[Engine]:
    make_schema(mysql_url, BEYOND)
    engine = create_engine(mysql_url)
    with engine.connect():
        pass
    yield engine
    engine.dispose()


def of_server(engine: Engine, *, mariadb: Any, mysql: Any) -> Any:
    """What is expected of the server at hand."""
    return mariadb if engine.dialect.is_mariadb else mysql


def test_what_only_ormolu_says_of_defaults(beyond: Engine) -> None:
    schema = beyond.url.database
    found = {
        column["name"]: column["default"] for column in inspect(beyond).get_columns("defaults")
    }
    assert found == of_server(
        beyond,
        mariadb={
            "id": f"nextval(`{schema}`.`counter`)",
            "a": "0b101",
            "b": "concat('a','b')",
            "c": "NULL ON UPDATE current_timestamp()",
            "d": "NULL ON UPDATE current_timestamp(6)",
            "e": "3",
            "f": "7",
            "g": None,
            "h": None,
        },
        mysql={
            "a": "0b101",
            "c": "NULL ON UPDATE CURRENT_TIMESTAMP",
            "d": "NULL ON UPDATE CURRENT_TIMESTAMP(6)",
            "e": "((now() + interval 1 day))",
            "f": "'7'",
            "g": "((curdate() + interval 1 year))",
            "h": None,
        },
    )


def test_what_only_ormolu_says_of_types(beyond: Engine) -> None:
    inspector = inspect(beyond)
    width = of_server(beyond, mariadb={"display_width": 11}, mysql={})
    names = inspector.get_columns("names")
    assert [(column["name"], plain(column["type"])) for column in names] == [
        ('a`b"c', ("INTEGER", width)),
        ("d\\e", ("ENUM", {"length": 3, "enums": ["a\\b", "x'y", "n\nl", "z"]})),
    ]
    if beyond.dialect.is_mariadb:
        addresses = inspector.get_columns("addresses")
        assert [type(column["type"]).__name__ for column in addresses] == ["INET6", "INET4"]
    else:
        with pytest.warns(SAWarning, match=r"Did not recognize type 'vector\(3\)' of column 'v'"):
            (vector,) = inspector.get_columns("vectors")
        assert plain(vector["type"]) == ("NullType", {})


def test_a_type_that_is_unknown_warns(beyond: Engine) -> None:
    with pytest.warns(SAWarning, match="Did not recognize type 'point' of column 'g'"):
        (column,) = inspect(beyond).get_columns("places")
    assert plain(column["type"]) == ("NullType", {})


def test_what_only_ormolu_says_of_check_constraints(beyond: Engine) -> None:
    inspector = inspect(beyond)
    assert inspector.get_check_constraints("defaults") == of_server(
        beyond,
        mariadb=[
            {"name": None, "sqltext": "`f` > 1"},
            {"name": None, "sqltext": "json_valid(`g`)"},
            {"name": None, "sqltext": "json_valid(`h`)"},
        ],
        mysql=[
            {"name": "defaults_chk_1", "sqltext": "(`f` > 1)"},
            {"name": "defaults_chk_2", "sqltext": "(`h` <> _utf8mb4'{a:b}%:h')"},
        ],
    )
    condition = of_server(beyond, mariadb='`a``b"c` > 0', mysql='(`a``b"c` > 0)')
    assert inspector.get_check_constraints("names") == [{"name": "c`k", "sqltext": condition}]


def test_what_only_ormolu_says_of_indexes(beyond: Engine) -> None:
    inspector = inspect(beyond)
    assert inspector.get_indexes("names") == [
        {"name": "k`l", "column_names": ['a`b"c'], "unique": False}
    ]
    assert inspector.get_indexes("algorithms") == [
        {"name": "h", "column_names": ["a"], "unique": False},
        {
            "name": "t",
            "column_names": ["b"],
            "unique": False,
            "dialect_options": {"mysql_using": "btree"},
        },
    ]
    assert inspector.get_pk_constraint("algorithms") == {
        "name": None,
        "constrained_columns": ["b"],
        "dialect_options": {"mysql_using": "btree"},
    }
    assert inspector.get_indexes("sorted") == [
        {
            "name": "down",
            "column_names": ["a", "b"],
            "unique": False,
            "column_sorting": {"a": ("desc",)},
        },
        {"name": "unused", "column_names": ["b"], "unique": False},
    ]
    assert inspector.get_indexes("places") == [
        {
            "name": "sp",
            "column_names": ["g"],
            "unique": False,
            "dialect_options": {"mysql_prefix": "SPATIAL"},
        }
    ]


def test_indexes_of_expressions_are_described_on_mysql(beyond: Engine) -> None:
    inspector = inspect(beyond)
    if beyond.dialect.is_mariadb:  # has none
        assert not inspector.has_table("functional")
        return
    found = {index["name"]: index for index in inspector.get_indexes("functional")}
    assert {name: index.get("expressions") for name, index in found.items()} == {
        "one": ["((`a` + 1))"],
        "two": ["(lower(`b`))", "a"],
        "three": ["(abs(`a`))", "b"],
        "four": ["(concat(`b`,_utf8mb4'it\\'s',_utf8mb4')',_utf8mb4'%'))"],
        "five": ["a", "(length(`b`))"],
        "six": ["(cast(json_extract(`ä`,_utf8mb4'$.z') as unsigned array))"],
    }
    assert found["three"]["column_names"] == [None, "b"]
    assert found["three"]["column_sorting"] == {"(abs(`a`))": ("desc",)}
    assert found["three"]["dialect_options"] == {"mysql_length": {"b": 4}}
    assert [name for name, index in found.items() if index["unique"]] == ["five", "four"]
    # What is unique are the values of expressions, which no UniqueConstraint can name.
    assert inspector.get_unique_constraints("functional") == []
    table = Table("functional", MetaData(), autoload_with=beyond)
    three = next(index for index in table.indexes if index.name == "three")
    assert str(CreateIndex(three).compile(dialect=beyond.dialect)) == (
        "CREATE INDEX three ON functional ((abs(`a`)) DESC, b(4))"
    )


def test_what_only_ormolu_says_of_options(beyond: Engine) -> None:
    inspector = inspect(beyond)
    collation = of_server(beyond, mariadb="utf8mb4_general_ci", mysql="utf8mb4_0900_ai_ci")
    usual = {"mysql_default charset": "utf8mb4", "mysql_collate": collation}
    # MySQL writes the names of partitions as they are.
    first, second = of_server(beyond, mariadb=("`p0`", "`p1`"), mysql=("p0", "p1"))
    assert inspector.get_table_options("parts") == {
        **usual,
        "mysql_engine": "InnoDB",
        "mysql_stats_persistent": "1",
        "mysql_partition_by": "RANGE (`id`)",
        "mysql_subpartition_by": "HASH (to_days(`d`))",
        "mysql_subpartitions": "2",
        "mysql_partition_definitions": (
            f"(PARTITION {first} VALUES LESS THAN (10) ENGINE = InnoDB, "
            f"PARTITION {second} VALUES LESS THAN MAXVALUE ENGINE = InnoDB)"
        ),
    }
    assert inspector.get_table_options("united") == {
        **usual,
        "mysql_engine": "MRG_MyISAM",
        "mysql_insert_method": "LAST",
    }
    own, expected = of_server(
        beyond,
        mariadb=(
            "aria",
            {
                "mysql_engine": "Aria",
                "mysql_page_checksum": "1",
                "mysql_transactional": "1",
            },
        ),
        mysql=(
            "packed",
            {
                "mysql_engine": "InnoDB",
                "mysql_compression": "'zlib'",
                "mysql_stats_auto_recalc": "0",
                "mysql_stats_sample_pages": "5",
            },
        ),
    )
    assert inspector.get_table_options(own) == {**usual, **expected}


def test_a_list_of_partitions_is_described_with_its_commas(beyond: Engine) -> None:
    options = inspect(beyond).get_table_options("listed")
    columns, first, second = of_server(
        beyond, mariadb=("(`a`,`b`)", "`p0`", "`p1`"), mysql=("(a,b)", "p0", "p1")
    )
    assert options["mysql_partition_by"] == f"LIST  COLUMNS{columns}"
    assert options["mysql_partition_definitions"] == (
        f"(PARTITION {first} VALUES IN ((1,2),(2,3)) COMMENT = 'it\\'s' ENGINE = InnoDB, "
        f"PARTITION {second} VALUES IN ((5,6)) ENGINE = InnoDB)"
    )
