"""Schema items that both libraries must write alike for PostgreSQL: ``(sa, pg) -> DDL nodes``.

``sa`` is the namespace with everything of the library and of its ``schema``, ``pg`` that of its
``dialects.postgresql``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Build = Callable[[Any, Any], Any]


def table(sa: Any, *items: Any, name: str = "t", **options: Any) -> Any:
    """CREATE TABLE of a table with a primary key and these items."""
    key = sa.Column("id", sa.Integer, primary_key=True)
    return sa.CreateTable(sa.Table(name, sa.MetaData(), key, *items, **options))


def column(sa: Any, *arguments: Any, **options: Any) -> Any:
    """CREATE TABLE of a table of one column."""
    return sa.CreateTable(sa.Table("t", sa.MetaData(), sa.Column("c", *arguments, **options)))


def index(sa: Any, *names: str, name: str = "ix", **options: Any) -> Any:
    """CREATE INDEX on the columns named, of a table with columns a, b, c and "Up"."""
    made = four(sa)
    return sa.CreateIndex(sa.Index(name, *[made.c[each] for each in names], **options))


def four(sa: Any, **options: Any) -> Any:
    """A table with columns a, b, c and "Up"."""
    columns = [sa.Column(name, sa.Integer) for name in ("a", "b", "c", "Up")]
    return sa.Table("t", sa.MetaData(), *columns, **options)


def constraint(sa: Any, item: Any) -> Any:
    """ALTER TABLE ADD of a constraint on a table with columns a, b, c and "Up"."""
    four(sa).append_constraint(item)
    return sa.AddConstraint(item)


def part(sa: Any, make: Callable[[Any], Any], **options: Any) -> Any:
    """CREATE INDEX on one expression of the table's columns."""
    made = four(sa)
    return sa.CreateIndex(sa.Index("ix", make(made.c), **options))


COLUMNS: dict[str, Build] = {
    "serial": lambda sa, pg: table(sa),
    "bigserial": lambda sa, pg: column(sa, sa.BigInteger, primary_key=True),
    "smallserial": lambda sa, pg: column(sa, sa.SmallInteger, primary_key=True),
    "bigint variant of a serial": lambda sa, pg: column(
        sa, sa.Integer().with_variant(sa.BigInteger, "postgresql"), primary_key=True
    ),
    "no autoincrement": lambda sa, pg: column(
        sa, sa.Integer, primary_key=True, autoincrement=False
    ),
    "numeric key": lambda sa, pg: column(sa, sa.Numeric, primary_key=True),
    "string key": lambda sa, pg: column(sa, sa.String(3), primary_key=True),
    "key with a server default": lambda sa, pg: column(
        sa, sa.Integer, primary_key=True, server_default="5"
    ),
    "key with a sequence": lambda sa, pg: column(
        sa, sa.Integer, sa.Sequence("s"), primary_key=True
    ),
    "key with an optional sequence": lambda sa, pg: column(
        sa, sa.Integer, sa.Sequence("s", optional=True), primary_key=True
    ),
    "sequence as server default": lambda sa, pg: column(
        sa, sa.Integer, server_default=sa.Sequence("s").next_value()
    ),
    "identity": lambda sa, pg: column(sa, sa.Integer, sa.Identity(), primary_key=True),
    "identity always with options": lambda sa, pg: column(
        sa,
        sa.BigInteger,
        sa.Identity(
            always=True, start=2, increment=3, minvalue=1, maxvalue=99, cycle=True, cache=5
        ),
    ),
    "identity without limits": lambda sa, pg: column(
        sa, sa.Integer, sa.Identity(nominvalue=True, nomaxvalue=True, cycle=False)
    ),
    "nullable identity": lambda sa, pg: column(sa, sa.Integer, sa.Identity(), nullable=True),
    "stored computed": lambda sa, pg: column(sa, sa.Integer, sa.Computed("a + 1", persisted=True)),
    "computed": lambda sa, pg: column(sa, sa.Integer, sa.Computed("a + 1")),
    "virtual computed": lambda sa, pg: column(sa, sa.Integer, sa.Computed("a", persisted=False)),
    "server default": lambda sa, pg: column(sa, sa.String, server_default="it's 5%"),
    "server default text": lambda sa, pg: column(
        sa, sa.DateTime, server_default=sa.text("now() AT TIME ZONE 'utc'")
    ),
    "server default function": lambda sa, pg: column(sa, sa.DateTime, server_default=sa.func.now()),
    "server default expression": lambda sa, pg: column(
        sa, sa.Integer, server_default=sa.cast("5", sa.Integer)
    ),
    "server default array": lambda sa, pg: column(
        sa, pg.ARRAY(sa.Integer), server_default=pg.array([1, 2])
    ),
    "server default empty array": lambda sa, pg: column(
        sa, pg.ARRAY(sa.Text), server_default=sa.text("'{}'")
    ),
    "server default boolean": lambda sa, pg: column(sa, sa.Boolean, server_default=sa.true()),
    "server default uuid": lambda sa, pg: column(
        sa, sa.Uuid, server_default=sa.func.gen_random_uuid()
    ),
    "not null": lambda sa, pg: column(sa, sa.String, nullable=False),
    "check": lambda sa, pg: column(sa, sa.Integer, sa.CheckConstraint("c > 1", name="positive")),
    "unique": lambda sa, pg: column(sa, sa.Integer, unique=True),
    "collation": lambda sa, pg: column(sa, sa.String(10, collation="de_DE")),
    "reserved names": lambda sa, pg: table(
        sa, sa.Column("user", sa.Integer), sa.Column("Order", sa.Integer), name="select"
    ),
    "column named with a dollar and a percent": lambda sa, pg: table(
        sa, sa.Column("a$b", sa.Integer), sa.Column("100%", sa.Integer)
    ),
    "array of enum": lambda sa, pg: column(sa, pg.ARRAY(pg.ENUM("a", "b", name="en"))),
    "enum": lambda sa, pg: column(sa, sa.Enum("a", "b", name="en")),
    "enum in a schema": lambda sa, pg: column(sa, sa.Enum("a", name="My Enum", schema="S")),
    "enum that is no native one": lambda sa, pg: column(
        sa, sa.Enum("a", "it's", name="en", native_enum=False, create_constraint=True)
    ),
    "boolean with a constraint": lambda sa, pg: column(sa, sa.Boolean(create_constraint=True)),
    "domain": lambda sa, pg: column(sa, pg.DOMAIN("posint", sa.Integer, check="VALUE > 0")),
    "type decorator": lambda sa, pg: column(sa, sa.PickleType),
    "interval fields": lambda sa, pg: column(sa, pg.INTERVAL(3, "DAY TO SECOND")),
}

TABLES: dict[str, Build] = {
    "tablespace": lambda sa, pg: table(sa, postgresql_tablespace="Fast"),
    "partition by": lambda sa, pg: table(sa, postgresql_partition_by="LIST (part)"),
    "inherits": lambda sa, pg: table(sa, postgresql_inherits="Base"),
    "inherits several": lambda sa, pg: table(sa, postgresql_inherits=("one", "two")),
    "with oids": lambda sa, pg: table(sa, postgresql_with_oids=True),
    "without oids": lambda sa, pg: table(sa, postgresql_with_oids=False),
    "on commit": lambda sa, pg: table(sa, postgresql_on_commit="PRESERVE_ROWS"),
    "on commit drop": lambda sa, pg: table(sa, postgresql_on_commit="drop"),
    "using": lambda sa, pg: table(sa, postgresql_using="heap"),
    "with": lambda sa, pg: table(
        sa, postgresql_with={"fillfactor": 70, "autovacuum_enabled": False}
    ),
    "all options": lambda sa, pg: table(
        sa,
        postgresql_tablespace="ts",
        postgresql_partition_by="RANGE (id)",
        postgresql_inherits="base",
        postgresql_on_commit="DELETE ROWS",
        postgresql_using="heap",
        postgresql_with={"fillfactor": 50},
    ),
    "unlogged": lambda sa, pg: table(sa, prefixes=["UNLOGGED"]),
    "temporary": lambda sa, pg: table(sa, prefixes=["GLOBAL", "TEMPORARY"]),
    "schema": lambda sa, pg: table(sa, schema="My Schema"),
    "dotted schema": lambda sa, pg: table(sa, schema="a.b"),
    "if not exists": lambda sa, pg: sa.CreateTable(four(sa), if_not_exists=True),
    "drop": lambda sa, pg: sa.DropTable(four(sa, schema="s")),
    "drop if exists": lambda sa, pg: sa.DropTable(four(sa), if_exists=True),
    "comment": lambda sa, pg: sa.SetTableComment(four(sa, comment="it's 5% \\ done")),
    "drop comment": lambda sa, pg: sa.DropTableComment(four(sa)),
    "column comment": lambda sa, pg: sa.SetColumnComment(
        sa.Table("t", sa.MetaData(), sa.Column("Up", sa.Integer, comment="x'y")).c.Up
    ),
    "drop column comment": lambda sa, pg: sa.DropColumnComment(four(sa).c.Up),
    "composite key": lambda sa, pg: table(sa, sa.Column("k", sa.Integer, primary_key=True)),
    "named key": lambda sa, pg: sa.CreateTable(
        sa.Table(
            "t",
            sa.MetaData(),
            sa.Column("a", sa.Integer),
            sa.PrimaryKeyConstraint("a", name="pk"),
        )
    ),
    "convention": lambda sa, pg: sa.CreateTable(
        sa.Table(
            "t",
            sa.MetaData(
                naming_convention={"pk": "pk_%(table_name)s", "uq": "uq_%(column_0_name)s"}
            ),
            sa.Column("a", sa.Integer, primary_key=True),
            sa.Column("b", sa.Integer, unique=True),
        )
    ),
}

CONSTRAINTS: dict[str, Build] = {
    "unique": lambda sa, pg: constraint(sa, sa.UniqueConstraint("a", "b", name="uq")),
    "unique deferrable": lambda sa, pg: constraint(
        sa, sa.UniqueConstraint("a", name="uq", deferrable=True, initially="DEFERRED")
    ),
    "unique nulls not distinct": lambda sa, pg: constraint(
        sa, sa.UniqueConstraint("a", name="uq", postgresql_nulls_not_distinct=True)
    ),
    "unique nulls distinct": lambda sa, pg: constraint(
        sa, sa.UniqueConstraint("a", name="uq", postgresql_nulls_not_distinct=False)
    ),
    "unique include": lambda sa, pg: constraint(
        sa, sa.UniqueConstraint("a", name="uq", postgresql_include=["b", "Up"])
    ),
    "key include": lambda sa, pg: sa.CreateTable(
        sa.Table(
            "t",
            sa.MetaData(),
            sa.Column("a", sa.Integer),
            sa.Column("b", sa.Integer),
            sa.PrimaryKeyConstraint("a", postgresql_include=["b"]),
        )
    ),
    "check": lambda sa, pg: constraint(sa, sa.CheckConstraint("a > 5", name="ck")),
    "check not valid": lambda sa, pg: constraint(
        sa, sa.CheckConstraint("a % 2 = 0", name="ck", postgresql_not_valid=True)
    ),
    "check expression": lambda sa, pg: constraint(
        sa, sa.CheckConstraint(sa.column("a").in_([1, 2]), name="ck")
    ),
    "foreign key": lambda sa, pg: table(
        sa,
        sa.Column(
            "p", sa.ForeignKey("t.id", ondelete="SET NULL", onupdate="CASCADE", match="FULL")
        ),
    ),
    "foreign key not valid": lambda sa, pg: table(
        sa,
        sa.Column("p", sa.Integer),
        sa.ForeignKeyConstraint(["p"], ["t.id"], name="fk", postgresql_not_valid=True),
    ),
    "foreign key set null of a column": lambda sa, pg: table(
        sa,
        sa.Column("p", sa.Integer),
        sa.ForeignKeyConstraint(["p"], ["t.id"], ondelete="SET NULL (p)"),
    ),
    "foreign key deferrable": lambda sa, pg: table(
        sa,
        sa.Column("p", sa.ForeignKey("t.id", deferrable=True, initially="IMMEDIATE")),
    ),
    "foreign key with schema": lambda sa, pg: table(
        sa, sa.Column("p", sa.ForeignKey("s.t.id")), schema="s"
    ),
    "exclude": lambda sa, pg: constraint(
        sa, pg.ExcludeConstraint(("a", "="), (sa.column("Up"), "&&"), name="ex")
    ),
    "exclude with everything": lambda sa, pg: constraint(
        sa,
        pg.ExcludeConstraint(
            ("a", "="),
            ("b", "&&"),
            name="My Exclusion",
            using="btree",
            where=sa.column("c") > 5,
            deferrable=True,
            initially="DEFERRED",
            ops={"a": "int4_ops"},
        ),
    ),
    "exclude text": lambda sa, pg: constraint(
        sa, pg.ExcludeConstraint((sa.text("int4range(a, b)"), "&&"), where="c > 5")
    ),
    "exclude function": lambda sa, pg: constraint(
        sa, pg.ExcludeConstraint((sa.func.int4range(sa.column("a"), sa.column("b")), "&&"))
    ),
    "exclude cast": lambda sa, pg: constraint(
        sa, pg.ExcludeConstraint((sa.cast(sa.column("a"), sa.Text), "="), name="q")
    ),
    "exclude in a table": lambda sa, pg: table(
        sa, sa.Column("r", pg.TSRANGE), pg.ExcludeConstraint(("r", "&&"))
    ),
    "drop": lambda sa, pg: sa.DropConstraint(
        constraint(sa, sa.CheckConstraint("a > 5", name="ck")).element, cascade=True, if_exists=True
    ),
}

INDEXES: dict[str, Build] = {
    "plain": lambda sa, pg: index(sa, "a", "Up"),
    "unique": lambda sa, pg: index(sa, "a", unique=True),
    "using": lambda sa, pg: index(sa, "a", postgresql_using="GIN"),
    "where": lambda sa, pg: part(
        sa, lambda c: c.a, postgresql_where=sa.and_(sa.column("b") > 5, sa.column("c") == "x'y%")
    ),
    "where text": lambda sa, pg: index(sa, "a", postgresql_where="b > 5"),
    "include": lambda sa, pg: index(sa, "a", postgresql_include=["b", "Up"]),
    "ops": lambda sa, pg: index(
        sa, "a", "b", postgresql_ops={"a": "text_pattern_ops", "b": "int4_ops"}
    ),
    "concurrently": lambda sa, pg: index(sa, "a", postgresql_concurrently=True),
    "with": lambda sa, pg: index(sa, "a", postgresql_with={"fillfactor": 50, "buffering": "off"}),
    "tablespace": lambda sa, pg: index(sa, "a", postgresql_tablespace="Fast"),
    "nulls not distinct": lambda sa, pg: index(
        sa, "a", unique=True, postgresql_nulls_not_distinct=True
    ),
    "nulls distinct": lambda sa, pg: index(sa, "a", postgresql_nulls_not_distinct=False),
    "everything": lambda sa, pg: index(
        sa,
        "a",
        "b",
        unique=True,
        postgresql_using="gist",
        postgresql_concurrently=True,
        postgresql_ops={"b": "int4_ops"},
        postgresql_include=["c"],
        postgresql_nulls_not_distinct=True,
        postgresql_with={"fillfactor": 50},
        postgresql_tablespace="ts",
        postgresql_where=sa.text("a > 5"),
    ),
    "expression": lambda sa, pg: part(sa, lambda c: sa.func.lower(c.a)),
    "sum": lambda sa, pg: part(sa, lambda c: c.a + c.b),
    "descending": lambda sa, pg: part(sa, lambda c: c.a.desc().nulls_last()),
    "cast": lambda sa, pg: part(sa, lambda c: sa.cast(c.a, sa.Text)),
    "concat": lambda sa, pg: part(sa, lambda c: c.a.concat(c.b)),
    "comparison": lambda sa, pg: part(sa, lambda c: c.a > 5),
    "collated": lambda sa, pg: part(sa, lambda c: c.a.collate("C")),
    "text": lambda sa, pg: part(sa, lambda c: sa.text("lower(a)"), _table=four(sa)),
    "json index": lambda sa, pg: part(
        sa, lambda c: sa.type_coerce(c.a, pg.JSONB)["k"].astext, postgresql_using="btree"
    ),
    "ops of a label": lambda sa, pg: part(
        sa, lambda c: sa.func.lower(c.a).label("low"), postgresql_ops={"low": "text_pattern_ops"}
    ),
    "json path ops": lambda sa, pg: index(
        sa, "a", postgresql_using="gin", postgresql_ops={"a": "jsonb_path_ops"}
    ),
    "if not exists": lambda sa, pg: sa.CreateIndex(
        sa.Index("ix", four(sa).c.a), if_not_exists=True
    ),
    "if not exists concurrently": lambda sa, pg: sa.CreateIndex(
        sa.Index("ix", four(sa).c.a, postgresql_concurrently=True), if_not_exists=True
    ),
    "in a schema": lambda sa, pg: sa.CreateIndex(sa.Index("Ix", four(sa, schema="s").c.a)),
    "drop": lambda sa, pg: sa.DropIndex(sa.Index("ix", four(sa, schema="s").c.a)),
    "drop concurrently": lambda sa, pg: sa.DropIndex(
        sa.Index("ix", four(sa).c.a, postgresql_concurrently=True), if_exists=True
    ),
    "long convention": lambda sa, pg: sa.CreateIndex(
        next(
            iter(
                sa.Table(
                    "a_table_with_a_rather_long_name_for_an_index",
                    sa.MetaData(),
                    sa.Column("a_column_with_a_rather_long_name_too", sa.Integer, index=True),
                ).indexes
            )
        )
    ),
}

OBJECTS: dict[str, Build] = {
    "enum": lambda sa, pg: pg.CreateEnumType(pg.ENUM("a", "it's", "5%", name="en")),
    "enum in a schema": lambda sa, pg: pg.CreateEnumType(
        pg.ENUM("a", name="My Enum", schema="Some Schema")
    ),
    "generic enum": lambda sa, pg: pg.CreateEnumType(sa.Enum("a", "b", name="en")),
    "drop enum": lambda sa, pg: pg.DropEnumType(pg.ENUM("a", name="en", schema="s")),
    "domain": lambda sa, pg: pg.CreateDomainType(pg.DOMAIN("d", sa.Integer)),
    "domain with everything": lambda sa, pg: pg.CreateDomainType(
        pg.DOMAIN(
            "My Domain",
            sa.Text,
            collation="de_DE",
            default="x'y",
            constraint_name="ck",
            not_null=True,
            check="VALUE ~ '^a%'",
            schema="s",
        )
    ),
    "domain with text": lambda sa, pg: pg.CreateDomainType(
        pg.DOMAIN("d", sa.Integer, default=sa.text("5"), check=sa.text("VALUE > 0"), not_null=False)
    ),
    "domain of a numeric": lambda sa, pg: pg.CreateDomainType(
        pg.DOMAIN("d", sa.Numeric(10, 2), constraint_name="c", check="VALUE > 0")
    ),
    "drop domain": lambda sa, pg: pg.DropDomainType(pg.DOMAIN("d", sa.Integer, schema="s")),
    "sequence": lambda sa, pg: sa.CreateSequence(sa.Sequence("s")),
    "sequence with everything": lambda sa, pg: sa.CreateSequence(
        sa.Sequence(
            "My Seq",
            start=5,
            increment=2,
            minvalue=1,
            maxvalue=9,
            cycle=True,
            cache=3,
            schema="sc",
            data_type=sa.BigInteger,
        ),
        if_not_exists=True,
    ),
    "sequence of smallint": lambda sa, pg: sa.CreateSequence(
        sa.Sequence("s", data_type=sa.SmallInteger, nominvalue=True, nomaxvalue=True, cycle=False)
    ),
    "drop sequence": lambda sa, pg: sa.DropSequence(sa.Sequence("s", schema="x"), if_exists=True),
    "schema": lambda sa, pg: sa.CreateSchema("My Schema", if_not_exists=True),
    "drop schema": lambda sa, pg: sa.DropSchema("s", cascade=True, if_exists=True),
    "constraint comment": lambda sa, pg: sa.SetConstraintComment(
        constraint(sa, sa.CheckConstraint("a > 5", name="ck", comment="it's")).element
    ),
    "drop constraint comment": lambda sa, pg: sa.DropConstraintComment(
        constraint(sa, sa.CheckConstraint("a > 5", name="ck")).element
    ),
    "ddl text": lambda sa, pg: sa.DDL("ALTER TABLE t SET (x = '100%%')"),
}

GROUPS = {
    "column": COLUMNS,
    "table": TABLES,
    "constraint": CONSTRAINTS,
    "index": INDEXES,
    "object": OBJECTS,
}
ALL = {
    f"{group}: {name}": build for group, found in GROUPS.items() for name, build in found.items()
}
