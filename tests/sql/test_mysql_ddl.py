"""DDL for MySQL and MariaDB is written as SQLAlchemy writes it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import mysql_schema_cases
import pytest
from mysql_parts import DIALECTS, OURS, THEIRS, helpers

Build = Callable[[Any, Any, Any], Any]

#: Statements about this table, ``t``, and its constraints ``ck``, ``fk``, ``uq`` and key.
STATEMENTS: dict[str, Build] = {
    "create index": lambda sa, s, t: s.CreateIndex(sa.Index("ix", t.c.a)),
    "create index if not exists": lambda sa, s, t: s.CreateIndex(
        sa.Index("ix", t.c.a), if_not_exists=True
    ),
    "drop index": lambda sa, s, t: s.DropIndex(sa.Index("ix", t.c.a)),
    "drop index if exists": lambda sa, s, t: s.DropIndex(sa.Index("ix", t.c.a), if_exists=True),
    "drop check": lambda sa, s, t: s.DropConstraint(named(t, "ck")),
    "drop foreign key": lambda sa, s, t: s.DropConstraint(named(t, "fk")),
    "drop unique": lambda sa, s, t: s.DropConstraint(named(t, "uq")),
    "drop primary key": lambda sa, s, t: s.DropConstraint(t.primary_key),
    "drop foreign key cascade": lambda sa, s, t: s.DropConstraint(named(t, "fk"), cascade=True),
    "drop unique if exists": lambda sa, s, t: s.DropConstraint(named(t, "uq"), if_exists=True),
    "add check": lambda sa, s, t: s.AddConstraint(named(t, "ck")),
    "add foreign key": lambda sa, s, t: s.AddConstraint(named(t, "fk")),
    "add unique": lambda sa, s, t: s.AddConstraint(named(t, "uq")),
    "add primary key": lambda sa, s, t: s.AddConstraint(t.primary_key),
    "table comment": lambda sa, s, t: s.SetTableComment(t),
    "no table comment": lambda sa, s, t: s.DropTableComment(t),
    "column comment": lambda sa, s, t: s.SetColumnComment(t.c.c),
    "comment of a counted key": lambda sa, s, t: s.SetColumnComment(t.c.a),
    "create schema": lambda sa, s, t: s.CreateSchema("s", if_not_exists=True),
    "drop schema": lambda sa, s, t: s.DropSchema("s", cascade=True, if_exists=True),
    "create sequence": lambda sa, s, t: s.CreateSequence(sa.Sequence("q")),
    "create sequence with options": lambda sa, s, t: s.CreateSequence(
        sa.Sequence("q", start=3, increment=2, minvalue=1, maxvalue=9, cycle=True, cache=5),
        if_not_exists=True,
    ),
    "create sequence without cycle": lambda sa, s, t: s.CreateSequence(
        sa.Sequence("q", cycle=False, nominvalue=True, nomaxvalue=True, schema="ss")
    ),
    "drop sequence": lambda sa, s, t: s.DropSequence(sa.Sequence("q"), if_exists=True),
    "drop table": lambda sa, s, t: s.DropTable(t),
    "drop table if exists": lambda sa, s, t: s.DropTable(t, if_exists=True),
    "create table as": lambda sa, s, t: s.CreateTableAs(
        sa.select(t.c.a).where(t.c.a > 5), "nt", temporary=True, if_not_exists=True, schema="s"
    ),
    "create view": lambda sa, s, t: s.CreateView(
        sa.select(t.c.a).where(t.c.a > 5), "v", or_replace=True
    ),
}


def named(table: Any, name: str) -> Any:
    return next(item for item in table.constraints if item.name == name)


def subject(sa: Any) -> Any:
    metadata = sa.MetaData()
    sa.Table("o", metadata, sa.Column("id", sa.Integer, primary_key=True))
    return sa.Table(
        "t",
        metadata,
        sa.Column("a", sa.Integer, comment="key"),
        sa.Column("b", sa.Integer, sa.ForeignKey("o.id", name="fk")),
        sa.Column("c", sa.Integer, comment="it's 100% \\", nullable=False, server_default="3"),
        sa.UniqueConstraint("b", name="uq"),
        sa.CheckConstraint("a > 1", name="ck"),
        sa.PrimaryKeyConstraint("a"),
        comment="it's 100% \\",
        schema="Sch",
    )


def outcome(make: Callable[[], Any], library: Any) -> Any:
    try:
        return str(make())
    except library.exc.CompileError as error:
        return type(error).__name__


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", mysql_schema_cases.TABLES)
def test_create_table_is_sqlalchemys(name: str, dialect: str) -> None:
    def text(library: tuple[Any, Any], target: Any) -> Any:
        sa, my = library
        build = mysql_schema_cases.TABLES[name]
        return outcome(lambda: build(sa, my, helpers(sa)).compile(dialect=target), sa)

    theirs, ours = DIALECTS[dialect]
    assert text(OURS, ours) == text(THEIRS, theirs)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", mysql_schema_cases.INDEXES)
def test_create_index_is_sqlalchemys(name: str, dialect: str) -> None:
    def text(library: tuple[Any, Any], target: Any) -> Any:
        sa, my = library
        index = mysql_schema_cases.INDEXES[name](sa, my, helpers(sa))
        with warnings.catch_warnings(record=True) as raised:
            warnings.simplefilter("always")
            made = str(sa.schema.CreateIndex(index).compile(dialect=target))
        return made, [warning.category.__name__ for warning in raised]

    theirs, ours = DIALECTS[dialect]
    assert text(OURS, ours) == text(THEIRS, theirs)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", STATEMENTS)
def test_other_ddl_is_sqlalchemys(name: str, dialect: str) -> None:
    def text(library: Any, target: Any) -> Any:
        statement = STATEMENTS[name](library, library.schema, subject(library))
        return outcome(lambda: statement.compile(dialect=target), library)

    theirs, ours = DIALECTS[dialect]
    assert text(OURS[0], ours) == text(THEIRS[0], theirs)


CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


def test_long_generated_names_are_cut_as_sqlalchemys() -> None:
    def texts(library: Any, target: Any) -> list[str]:
        table = library.Table(
            "t" * 40,
            library.MetaData(naming_convention=CONVENTION),
            library.Column("c" * 40, library.Integer, unique=True, primary_key=True),
            library.Column("d" * 40, library.Integer, index=True),
        )
        (index,) = table.indexes
        made = library.schema.CreateTable(table), library.schema.CreateIndex(index)
        return [str(each.compile(dialect=target)) for each in made]

    theirs, ours = DIALECTS["mysql"]
    assert texts(OURS[0], ours) == texts(THEIRS[0], theirs)


def option_orders() -> list[tuple[str, ...]]:
    return [
        ("collate", "comment", "charset", "engine"),
        ("collate", "engine"),
        ("partitions", "partition_by", "collate", "engine", "default_charset"),
        ("subpartitions", "subpartition_by", "partitions", "partition_by"),
        ("default_collate", "default_charset", "engine"),
        ("character_set", "collate", "row_format", "data_directory", "union"),
        ("collate", "default_character_set", "tablespace", "key_block_size", "password"),
    ]


@pytest.mark.parametrize("names", option_orders())
def test_table_options_are_in_sqlalchemys_order(names: tuple[str, ...]) -> None:
    def text(library: Any, target: Any) -> str:
        options = {f"mysql_{name}": f"v_{name}" for name in names}
        return str(
            helpers(library).create(helpers(library).pk(), **options).compile(dialect=target)
        )

    theirs, ours = DIALECTS["mysql"]
    assert text(OURS[0], ours) == text(THEIRS[0], theirs)
