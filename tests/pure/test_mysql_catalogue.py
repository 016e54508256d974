"""Reading what MySQL 8 answers: as its manual and its bug reports show it, with no server."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

import pytest

from ormolu.dialects.mysql.dialect import MySQLDialect
from ormolu.dialects.mysql.reflection import create_table_text
from ormolu.dialects.mysql.reflection.column_types import type_of
from ormolu.dialects.mysql.reflection.expressions import default_of
from ormolu.dialects.mysql.server import Server
from ormolu.dialects.reflected import ObjectKind, ObjectScope
from ormolu.exc import SAWarning
from ormolu.io.loops import run_sync

MYSQL_8 = Server(version=(8, 0, 36))
MYSQL_5 = Server(version=(5, 7, 44))
EVERY = (ObjectKind.ANY, ObjectScope.DEFAULT)


class Catalogue:
    """A connection's core that knows the answers, by the table that is asked."""

    def __init__(self, answers: Mapping[str, list[tuple[Any, ...]]]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, Any]] = []

    def query_plan(self, sql: str, params: Any = ()) -> Generator[Any, Any, list[Any]]:
        yield from ()
        self.asked.append((sql, params))
        return next(rows for table, rows in self.answers.items() if table in sql)

    def look_plan(self, sql: str, absent: Any) -> Generator[Any, Any, list[Any]]:
        return self.query_plan(sql)


def described(
    answers: Mapping[str, list[tuple[Any, ...]]], server: Server = MYSQL_8
) -> tuple[dict[str, dict[str, Any]], Catalogue]:
    dialect = MySQLDialect()
    dialect.adopt_server(server)
    core = Catalogue(answers)
    return run_sync(dialect.describe_plan(core, None, None, *EVERY)), core


TABLES = "information_schema.TABLES"
COLUMNS = "information_schema.COLUMNS"
INDEXES = "information_schema.STATISTICS"
REFERENCES = "KEY_COLUMN_USAGE"
RULES = "REFERENTIAL_CONSTRAINTS"
CHECKS = "CHECK_CONSTRAINTS"
SHOWN = "SHOW CREATE TABLE"
ONE_TABLE: dict[str, list[tuple[Any, ...]]] = {
    TABLES: [
        ("t", "BASE TABLE", "InnoDB", "utf8mb4_0900_ai_ci", b"row_format=DYNAMIC", b"hi", 0, 0)
    ],
    COLUMNS: [],
    INDEXES: [],
    REFERENCES: [],
    RULES: [],
    CHECKS: [],
}


def column(name: str, type_: str, **given: Any) -> tuple[Any, ...]:
    """A row of COLUMNS."""
    return (
        "t",
        name,
        type_,
        given.get("charset"),
        given.get("collation", "utf8mb4_0900_ai_ci" if "char" in type_ else None),
        given.get("nullable", "YES"),
        given.get("default"),
        given.get("extra", ""),
        given.get("comment", ""),
        given.get("generated", ""),
    )


def test_columns_of_mysql_8() -> None:
    now = "CURRENT_TIMESTAMP(6)"
    rows = [
        column("id", "int unsigned", nullable="NO", extra="auto_increment"),
        column("name", "varchar(20)", default="it's", comment=b"c"),
        column("latin", "varchar(20)", charset="latin1", collation="latin1_bin", default=""),
        column("when", "datetime(6)", default=now, extra=f"DEFAULT_GENERATED on update {now}"),
        column("key", "varchar(36)", default="uuid()", extra="DEFAULT_GENERATED"),
        column("sum", "int", extra="STORED GENERATED", generated="(`id` + 1)"),
        column(
            "text", "varchar(9)", extra="VIRTUAL GENERATED", generated=r"concat(_utf8mb4\'a\\b\')"
        ),
        column("doc", "json"),
    ]
    found, core = described({**ONE_TABLE, COLUMNS: rows})
    columns = {each["name"]: each for each in found["columns"]["t"]}
    assert {name: each["default"] for name, each in columns.items()} == {
        "id": None,
        "name": "'it''s'",
        "latin": "''",
        "when": f"{now} ON UPDATE {now}",
        "key": "(uuid())",
        "sum": None,
        "text": None,
        "doc": None,
    }
    assert columns["sum"]["computed"] == {"sqltext": "((`id` + 1))", "persisted": True}
    assert columns["text"]["computed"] == {
        "sqltext": r"(concat(_utf8mb4'a\b'))",
        "persisted": False,
    }
    assert [repr(each["type"]) for each in columns.values()] == [
        "INTEGER(unsigned=True)",
        "VARCHAR(length=20)",
        "VARCHAR(length=20, collation='latin1_bin', charset='latin1')",
        "DATETIME(fsp=6)",
        "VARCHAR(length=36)",
        "INTEGER()",
        "VARCHAR(length=9)",
        "JSON()",
    ]
    assert columns["id"]["autoincrement"] is True
    assert columns["name"]["comment"] == "c"
    assert found["table_options"]["t"] == {
        "mysql_engine": "InnoDB",
        "mysql_default charset": "utf8mb4",
        "mysql_collate": "utf8mb4_0900_ai_ci",
        "mysql_row_format": "DYNAMIC",
        "mysql_comment": "hi",
    }
    assert len(core.asked) == 5


def test_a_collation_that_its_character_set_implies_is_left_out_as_by_show_create_table() -> None:
    table = ("t", "BASE TABLE", "InnoDB", "latin1_swedish_ci", "", "", 0, 1)
    found, core = described({**ONE_TABLE, TABLES: [table]})
    assert found["table_options"]["t"] == {
        "mysql_engine": "InnoDB",
        "mysql_default charset": "latin1",
    }
    assert "COLLATIONS" in core.asked[0][0]
    _, core = described(ONE_TABLE, Server((10, 11, 6), mariadb=True))
    assert "COLLATIONS" not in core.asked[0][0]


def test_strings_among_the_options_are_strings_in_every_mode() -> None:
    table = ("t", "BASE TABLE", "InnoDB", None, 'COMPRESSION="zlib" max_rows=5', "", 0, 0)
    found, _ = described({**ONE_TABLE, TABLES: [table]})
    assert found["table_options"]["t"] == {
        "mysql_engine": "InnoDB",
        "mysql_compression": "'zlib'",
        "mysql_max_rows": "5",
    }


def test_bytes_are_read_from_the_statement_of_the_table() -> None:
    rows = [
        column("cut", "varbinary(9)", default="0x41"),
        column("whole", "int", default="5"),
        column("computed", "blob", default="0x4100", extra="DEFAULT_GENERATED"),
    ]
    shown = (
        "CREATE TABLE `t` (\n  `cut` varbinary(9) DEFAULT 'A\\0B',\n  `whole` int DEFAULT '6'\n)"
    )
    found, core = described({**ONE_TABLE, COLUMNS: rows, SHOWN: [("t", shown)]})
    assert [each["default"] for each in found["columns"]["t"]] == [r"'A\0B'", "'5'", "(0x4100)"]
    assert core.asked[-1] == ("SHOW CREATE TABLE `t`", ())
    view = [("t", "VIEW", None, None, None, "VIEW", 0, None)]
    for answers in ({COLUMNS: rows[1:]}, {COLUMNS: rows, TABLES: view}):
        _, core = described({**ONE_TABLE, **answers})
        assert not any(SHOWN in sql for sql, _ in core.asked)


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ("(`ä` <> _utf8mb4\\'日€\\')".encode().decode("latin-1"), "(`ä` <> _utf8mb4'日€')"),
        ("(`a` <> _utf8mb4\\'日\\')", "(`a` <> _utf8mb4'日')"),
        ("(`a` <> _latin1\\'ö\\')", "(`a` <> _latin1'ö')"),
    ],
    ids=["taken for latin1", "right", "of a latin1 connection"],
)
def test_expressions_beyond_ascii(told: str, text: str) -> None:
    found, _ = described({**ONE_TABLE, CHECKS: [("t", "ck", told, "Table")]})
    assert found["check_constraints"]["t"] == [{"name": "ck", "sqltext": text}]


def test_a_unique_index_of_expressions_is_no_unique_constraint() -> None:
    rows = [
        ("t", "mixed", 0, "BTREE", "a", None, None, "A"),
        ("t", "mixed", 0, "BTREE", None, "abs(`b`)", None, "D"),
        ("t", "plain", 0, "BTREE", "a", None, None, "A"),
    ]
    found, _ = described({**ONE_TABLE, INDEXES: rows})
    assert [each["name"] for each in found["unique_constraints"]["t"]] == ["plain"]
    mixed = found["indexes"]["t"][0]
    assert (mixed["unique"], mixed["expressions"]) == (True, ["a", "(abs(`b`))"])
    assert mixed["column_sorting"] == {"(abs(`b`))": ("desc",)}


@pytest.mark.parametrize(
    ("text", "type_", "extra", "server", "expected"),
    [
        (None, "int", "", MYSQL_8, None),
        ("5", "int", "", MYSQL_8, "'5'"),
        ("NULL", "varchar(4)", "", MYSQL_8, "'NULL'"),
        ("a\\b'c", "varchar(9)", "", MYSQL_8, "'a\\\\b''c'"),
        ("a\\b", "varchar(9)", "", MYSQL_8._replace(backslash_escapes=False), "'a\\b'"),
        ("a\n\r\0\t", "varchar(9)", "", MYSQL_8, "'a\\n\\r\\0\t'"),
        ("b'101'", "bit(4)", "", MYSQL_8, "b'101'"),
        ("0x6162", "binary(2)", "", MYSQL_8, "0x6162"),
        ("0x6162", "varchar(8)", "", MYSQL_8, "'0x6162'"),
        ("CURRENT_TIMESTAMP", "timestamp", "", MYSQL_5, "CURRENT_TIMESTAMP"),
        ("CURRENT_TIMESTAMP", "varchar(30)", "", MYSQL_5, "'CURRENT_TIMESTAMP'"),
        ("2020-01-01 00:00:00", "datetime", "", MYSQL_5, "'2020-01-01 00:00:00'"),
        (r"(_utf8mb4\'a\')", "text", "default_generated", MYSQL_8, "((_utf8mb4'a'))"),
        ("NULL", "int", "", Server((10, 11), mariadb=True), None),
        ("'NULL'", "int", "", Server((10, 11), mariadb=True), "'NULL'"),
        ("x", "char(1)", "", Server((10, 1), mariadb=True), "'x'"),
    ],
)
def test_defaults(
    text: str | None, type_: str, extra: str, server: Server, expected: str | None
) -> None:
    assert default_of(text, type_, extra, server) == expected


def test_indexes_of_mysql_8() -> None:
    rows = [
        ("t", "PRIMARY", 0, "BTREE", "id", None, None, "A"),
        ("t", "by_name", 1, "BTREE", None, r"concat(`name`,_utf8mb4\'x\')", None, "A"),
        ("t", "words", 1, "FULLTEXT", "body", None, None, None),
        ("t", "by_name", 1, "BTREE", "id", None, 4, "D"),
    ]
    shown = (
        "CREATE TABLE `t` (\n  `id` int NOT NULL,\n  `body` text,\n  PRIMARY KEY (`id`),\n"
        "  FULLTEXT KEY `words` (`body`) /*!50100 WITH PARSER `ngram` */ \n) ENGINE=InnoDB"
    )
    found, core = described({**ONE_TABLE, INDEXES: rows, SHOWN: [("t", shown)]})
    assert "EXPRESSION" in core.asked[2][0]
    assert found["pk_constraint"]["t"] == {"name": None, "constrained_columns": ["id"]}
    assert found["indexes"]["t"] == [
        {
            "name": "by_name",
            "column_names": [None, "id"],
            "unique": False,
            "expressions": ["(concat(`name`,_utf8mb4'x'))", "id"],
            "column_sorting": {"id": ("desc",)},
            "dialect_options": {"mysql_length": {"id": 4}},
        },
        {
            "name": "words",
            "column_names": ["body"],
            "unique": False,
            "dialect_options": {"mysql_prefix": "FULLTEXT", "mysql_with_parser": "ngram"},
        },
    ]
    _, core = described({**ONE_TABLE, INDEXES: rows, SHOWN: [("t", shown)]}, MYSQL_5)
    assert "EXPRESSION" not in core.asked[2][0]


def test_foreign_keys_and_checks_of_mysql_8() -> None:
    references = [
        ("t", "fk", "a", 1, "here", "p", "x"),
        ("t", "far", "c", 0, "there", "q", "z"),
        ("t", "fk", "b", 1, "here", "p", "y"),
        ("unasked", "fk2", "b", 1, "here", "p", "y"),
    ]
    rules = [("t", "fk", "NO ACTION", "RESTRICT"), ("t", "far", "SET NULL", "NO ACTION")]
    checks = [("t", "t_chk_1", r"(`a` <> _utf8mb4\'x\')", "Table")]
    answers = {**ONE_TABLE, REFERENCES: references, RULES: rules, CHECKS: checks}
    found, core = described(answers)
    assert found["foreign_keys"]["t"] == [
        {
            "name": "far",
            "constrained_columns": ["c"],
            "referred_schema": "there",
            "referred_table": "q",
            "referred_columns": ["z"],
            "options": {"onupdate": "SET NULL"},
        },
        {
            "name": "fk",
            "constrained_columns": ["a", "b"],
            "referred_schema": None,
            "referred_table": "p",
            "referred_columns": ["x", "y"],
            "options": {"ondelete": "RESTRICT"},
        },
    ]
    assert found["check_constraints"]["t"] == [
        {"name": "t_chk_1", "sqltext": "(`a` <> _utf8mb4'x')"}
    ]
    assert "TABLE_CONSTRAINTS" in core.asked[-1][0]
    older, core = described(answers, MYSQL_5)
    assert older["check_constraints"]["t"] == []
    assert "CHECK" not in core.asked[-1][0]


def test_the_text_of_a_table_of_mysql_8() -> None:
    table = create_table_text.read(
        "CREATE TEMPORARY TABLE `t` (\n"
        "  `id` int unsigned NOT NULL AUTO_INCREMENT,\n"
        "  `a` varchar(9) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT 'x, (y' COMMENT 'c''d',\n"
        "  `b` int GENERATED ALWAYS AS ((`id` + 1)) STORED NOT NULL,\n"
        "  `c` int DEFAULT ((1 + 2)) /*!80023 INVISIBLE */,\n"
        "  `d` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,\n"
        "  PRIMARY KEY (`id`),\n"
        "  UNIQUE KEY `u` (`a`(3) DESC,(lower(`a`))) USING BTREE /*!80000 INVISIBLE */,\n"
        "  CONSTRAINT `ck` CHECK ((`c` > 1)) /*!80016 NOT ENFORCED */\n"
        ") ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci"
        " COMMENT='PARTITION BY x, ENGINE=y'\n"
        "/*!50100 PARTITION BY RANGE (`id`)\n(PARTITION p0 VALUES LESS THAN (1) ENGINE = InnoDB) */"
    )
    assert table is not None
    assert [tuple(found)[:2] for found in table.columns] == [
        ("id", "int unsigned"),
        ("a", "varchar(9)"),
        ("b", "int"),
        ("c", "int"),
        ("d", "timestamp"),
    ]
    number, word, computed, expression, moment = table.columns
    assert number.autoincrement and not number.nullable
    assert (word.charset, word.collation, word.default, word.comment) == (
        "latin1",
        "latin1_bin",
        "'x, (y'",
        "c'd",
    )
    assert (computed.computed, computed.persisted, computed.nullable) == (
        "((`id` + 1))",
        True,
        False,
    )
    assert expression.default == "((1 + 2))"
    assert (moment.default, moment.on_update) == ("CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP")
    primary, unique = table.indexes
    assert primary.is_primary
    assert [(part.column, part.expression, part.length) for part in unique.parts] == [
        ("a", None, 3),
        (None, "(lower(`a`))", None),
    ]
    assert unique.parts[0].descending and unique.using is None
    assert [tuple(check) for check in table.checks] == [("ck", "(`c` > 1)")]
    assert table.comment == "PARTITION BY x, ENGINE=y"
    assert table.options == {
        "engine": "InnoDB",
        "default charset": "utf8mb4",
        "collate": "utf8mb4_0900_ai_ci",
        "partition_by": "RANGE (`id`)",
        "partition_definitions": "(PARTITION p0 VALUES LESS THAN (1) ENGINE = InnoDB)",
    }


def test_the_text_of_a_view_is_no_table() -> None:
    assert create_table_text.read("CREATE ALGORITHM=UNDEFINED VIEW `v` AS select 1") is None


@pytest.mark.parametrize("declared", ["vector(3)", "point", ""])
def test_a_type_that_is_unknown(declared: str) -> None:
    with pytest.warns(SAWarning, match="Did not recognize type"):
        assert repr(type_of(declared, "c")) == "NullType()"
