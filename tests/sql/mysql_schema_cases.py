"""Tables and indexes that both libraries must write alike for MySQL and MariaDB.

``(sa, my, k) -> DDL``: ``sa`` is the library, ``my`` its ``dialects.mysql``, ``k`` the helpers of
`mysql_parts.helpers`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Build = Callable[[Any, Any, Any], Any]

TABLES: dict[str, Build] = {
    "integer key": lambda sa, my, k: k.create(k.pk()),
    "integer key not counted": lambda sa, my, k: k.create(
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)
    ),
    "string key": lambda sa, my, k: k.create(sa.Column("id", sa.String(5), primary_key=True)),
    "composite key": lambda sa, my, k: k.create(
        sa.Column("a", sa.Integer, primary_key=True), sa.Column("b", sa.Integer, primary_key=True)
    ),
    "composite key with its first column counted": lambda sa, my, k: k.create(
        sa.Column("a", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("b", sa.Integer, primary_key=True),
    ),
    "composite key with its second column counted": lambda sa, my, k: k.create(
        sa.Column("a", sa.Integer, primary_key=True),
        sa.Column("b", sa.Integer, primary_key=True, autoincrement=True),
    ),
    "composite key counted of an engine": lambda sa, my, k: k.create(
        sa.Column("a", sa.Integer, primary_key=True),
        sa.Column("b", sa.Integer, primary_key=True, autoincrement=True),
        mysql_engine="InnoDB",
    ),
    "key with a sequence": lambda sa, my, k: k.create(
        sa.Column("id", sa.Integer, sa.Sequence("s"), primary_key=True)
    ),
    "key with an optional sequence": lambda sa, my, k: k.create(
        sa.Column("id", sa.Integer, sa.Sequence("s", optional=True), primary_key=True)
    ),
    "identity": lambda sa, my, k: k.create(
        sa.Column("id", sa.Integer, sa.Identity(), primary_key=True)
    ),
    "identity with options": lambda sa, my, k: k.create(
        sa.Column("id", sa.Integer, sa.Identity(always=True, start=5), primary_key=True)
    ),
    "big integer key": lambda sa, my, k: k.create(sa.Column("id", sa.BigInteger, primary_key=True)),
    "unsigned key": lambda sa, my, k: k.create(
        sa.Column("id", my.INTEGER(unsigned=True), primary_key=True)
    ),
    "key with a server default": lambda sa, my, k: k.create(
        sa.Column("id", sa.Integer, primary_key=True, server_default="5")
    ),
    "key with a variant type": lambda sa, my, k: k.create(
        sa.Column(
            "id", sa.Integer().with_variant(my.BIGINT(unsigned=True), "mysql"), primary_key=True
        )
    ),
    "nullability of timestamps": lambda sa, my, k: k.create(
        sa.Column("a", sa.Integer, nullable=False),
        sa.Column("b", sa.Integer, nullable=True),
        sa.Column("ts", sa.TIMESTAMP),
        sa.Column("ts2", sa.TIMESTAMP, nullable=False),
        sa.Column("ts3", sa.TIMESTAMP, nullable=True),
        sa.Column("mts", my.TIMESTAMP(fsp=6)),
        sa.Column("dt", sa.DateTime),
    ),
    "defaults of timestamps": lambda sa, my, k: k.create(
        sa.Column(
            "ts",
            sa.TIMESTAMP,
            server_default=sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"),
        ),
        sa.Column("t2", sa.TIMESTAMP, server_default=sa.func.now(), nullable=False),
        sa.Column("t3", sa.TIMESTAMP, server_default=sa.func.current_timestamp()),
    ),
    "defaults": lambda sa, my, k: k.create(
        sa.Column("a", sa.Integer, server_default="5"),
        sa.Column("b", sa.String(5), server_default="it's"),
        sa.Column("c", sa.String(5), server_default=sa.text("'x'")),
        sa.Column("d", sa.DateTime, server_default=sa.func.now()),
        sa.Column("e", sa.JSON, server_default=sa.text("(json_array())")),
        sa.Column("f", sa.Integer, server_default=sa.text("(1+1)")),
        sa.Column("g", sa.Integer, server_default=sa.func.foo(1)),
        sa.Column("h", sa.Integer, server_default=sa.literal_column("7")),
        sa.Column("i", sa.Integer, server_default=sa.literal(5) + 1),
        sa.Column("j", sa.Boolean, server_default=sa.true()),
        sa.Column("k", sa.Boolean, server_default=sa.false()),
        sa.Column("l", sa.String(5), server_default="a\\b%"),
        sa.Column("m", sa.Integer, server_default=sa.FetchedValue()),
        sa.Column("n", sa.String(4), server_default=""),
        sa.Column("o", sa.DateTime, server_default=sa.func.current_timestamp(6)),
        sa.Column("p", sa.DateTime, server_default=sa.func.current_timestamp()),
        sa.Column("q", sa.DateTime, server_default=sa.func.utc_timestamp()),
        sa.Column("r", sa.Text, server_default=sa.text("NULL")),
        sa.Column("s", sa.DateTime, server_default=sa.text("now()")),
        sa.Column("u", sa.DateTime, server_default=sa.text("now() ON UPDATE now()")),
        sa.Column("v", sa.Integer, server_default=sa.text("-5")),
        sa.Column("w", sa.Integer, server_default=sa.func.rand()),
        sa.Column("x", sa.String(40), server_default=sa.func.uuid()),
        sa.Column("y", sa.DateTime, server_default=sa.func.localtime()),
        sa.Column("z", sa.Integer, server_default=sa.literal_column("3") * 2),
    ),
    "computed columns": lambda sa, my, k: k.create(
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.Integer, sa.Computed("a + 1")),
        sa.Column("c", sa.Integer, sa.Computed("a + 2", persisted=True)),
        sa.Column("d", sa.Integer, sa.Computed("a", persisted=False), nullable=False),
        sa.Column("e", sa.Integer, sa.Computed("a % 2"), comment="x"),
    ),
    "comments": lambda sa, my, k: k.create(
        sa.Column("a", sa.Integer, comment="it's 100% \\ ok"),
        sa.Column("b", sa.Integer, nullable=False, comment="x", server_default="5"),
        k.pk(),
        comment="tab'le % \\",
    ),
    "comment of a counted key": lambda sa, my, k: k.create(
        sa.Column("id", sa.Integer, primary_key=True, comment="c")
    ),
    "comment as an option": lambda sa, my, k: k.create(k.pk(), mysql_comment="x"),
    "empty comments": lambda sa, my, k: k.create(
        sa.Column("a", sa.Integer, comment=""), comment=""
    ),
    "engine, charset and collation": lambda sa, my, k: k.create(
        k.pk(),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mariadb_engine="Aria",
    ),
    "partitions": lambda sa, my, k: k.create(
        k.pk(), mysql_partition_by="HASH(id)", mysql_partitions="2", mysql_engine="InnoDB"
    ),
    "subpartitions": lambda sa, my, k: k.create(
        k.pk(),
        mysql_partitions="2",
        mysql_partition_by="KEY(other_id)",
        mysql_subpartition_by="HASH(some_expr)",
        mysql_subpartitions="2",
        mysql_comment="x",
        mysql_charset="u",
    ),
    "partitions with comment and collation": lambda sa, my, k: k.create(
        k.pk(),
        mysql_partition_by="RANGE(id) (PARTITION p0 VALUES LESS THAN (5))",
        comment="tc",
        mysql_collate="c",
        mysql_charset="z",
    ),
    "default charset and collation": lambda sa, my, k: k.create(
        k.pk(), mysql_default_character_set="x", mysql_default_collate="y", mysql_collation="z"
    ),
    "comment with percent, quote and backslash": lambda sa, my, k: k.create(
        k.pk(), mysql_comment="a%b'c\\"
    ),
    "connection with percent": lambda sa, my, k: k.create(k.pk(), mysql_connection="50%"),
    "options of any name": lambda sa, my, k: k.create(
        k.pk(), mysql_foo="bar baz", mysql_storage="DISK"
    ),
    "temporary table": lambda sa, my, k: sa.schema.CreateTable(
        k.table(k.pk(), prefixes=["TEMPORARY"])
    ),
    "if not exists": lambda sa, my, k: sa.schema.CreateTable(k.table(k.pk()), if_not_exists=True),
    "table in a schema": lambda sa, my, k: k.create(k.pk(), schema="s"),
    "names to be quoted": lambda sa, my, k: k.create(
        sa.Column("Select", sa.Integer),
        sa.Column("a b", sa.Integer),
        sa.Column("a`b", sa.Integer),
        sa.Column("a%b", sa.Integer),
    ),
    "table without columns": lambda sa, my, k: k.create(),
    "constraints": lambda sa, my, k: k.create(
        sa.Column("a", sa.Integer, unique=True),
        sa.Column("b", sa.Integer),
        sa.Column("c", sa.Integer),
        sa.UniqueConstraint("b", "c", name="uq"),
        sa.CheckConstraint("a > 5", name="ck"),
        sa.CheckConstraint("b % 2 = 0"),
        sa.PrimaryKeyConstraint("a", "b", name="pkn"),
    ),
    "primary key using": lambda sa, my, k: k.create(
        sa.Column("a", sa.Integer),
        sa.PrimaryKeyConstraint("a", mysql_using="BTREE", mariadb_using="HASH", name="zz"),
    ),
    "column check": lambda sa, my, k: k.create(
        sa.Column("a", sa.Integer, sa.CheckConstraint("a>5", name="cc"))
    ),
    "boolean constraints": lambda sa, my, k: k.create(
        sa.Column("a", sa.Boolean),
        sa.Column("b", sa.Boolean(create_constraint=True)),
        sa.Column("c", sa.Boolean(create_constraint=True, name="ckb")),
    ),
    "enum constraints": lambda sa, my, k: k.create(
        sa.Column("a", sa.Enum("x", "y")),
        sa.Column("b", sa.Enum("x", "y", native_enum=False, create_constraint=True)),
        sa.Column("c", sa.Enum("x", "y", create_constraint=True, name="n")),
    ),
    "string without length": lambda sa, my, k: k.create(sa.Column("a", sa.String)),
    "foreign key with cascades": lambda sa, my, k: sa.schema.CreateTable(
        sa.Table(
            "f",
            k.metadata,
            sa.Column(
                "a",
                sa.Integer,
                sa.ForeignKey(
                    sa.Table("o", k.metadata, k.pk()).c.id,
                    name="fk",
                    ondelete="CASCADE",
                    onupdate="SET NULL",
                ),
            ),
        )
    ),
    "deferrable foreign key": lambda sa, my, k: sa.schema.CreateTable(
        sa.Table(
            "f",
            k.metadata,
            sa.Column(
                "a",
                sa.Integer,
                sa.ForeignKey(
                    sa.Table("o", k.metadata, k.pk()).c.id, deferrable=True, initially="DEFERRED"
                ),
            ),
        )
    ),
    "foreign key with match": lambda sa, my, k: sa.schema.CreateTable(
        sa.Table(
            "f",
            k.metadata,
            sa.Column(
                "a", sa.Integer, sa.ForeignKey(sa.Table("o", k.metadata, k.pk()).c.id, match="FULL")
            ),
        )
    ),
    "foreign key across schemas": lambda sa, my, k: sa.schema.CreateTable(
        sa.Table(
            "f",
            k.metadata,
            sa.Column(
                "a", sa.Integer, sa.ForeignKey(sa.Table("o", k.metadata, k.pk(), schema="ss").c.id)
            ),
            schema="tt",
        )
    ),
    "deferrable unique constraint": lambda sa, my, k: k.create(
        sa.Column("a", sa.Integer), sa.UniqueConstraint("a", deferrable=True)
    ),
    "mariadb option": lambda sa, my, k: k.create(k.pk(), mariadb_with="x"),
    "uuid key": lambda sa, my, k: k.create(sa.Column("id", sa.Uuid, primary_key=True)),
    "floats": lambda sa, my, k: k.create(
        sa.Column("a", sa.Float(asdecimal=True)), sa.Column("b", my.DOUBLE(10, 2, unsigned=True))
    ),
    "key with ignore_fk": lambda sa, my, k: k.create(
        sa.Column("id", sa.Integer, primary_key=True, autoincrement="ignore_fk")
    ),
    "nameless unique constraint of a long column": lambda sa, my, k: k.create(
        sa.Column("a" * 70, sa.Integer, unique=True)
    ),
    "table with a long name": lambda sa, my, k: sa.schema.CreateTable(
        sa.Table("x" * 300, sa.MetaData(), k.pk())
    ),
    "column with a long name": lambda sa, my, k: k.create(sa.Column("y" * 300, sa.Integer)),
}

INDEXES: dict[str, Build] = {
    "plain": lambda sa, my, k: k.index("a"),
    "unique": lambda sa, my, k: k.index("a", unique=True),
    "length of all columns": lambda sa, my, k: k.index("a", "b", mysql_length=10),
    "length of one column": lambda sa, my, k: k.index("a", "b", mysql_length={"a": 4}),
    "length for mariadb": lambda sa, my, k: k.index("a", mariadb_length=5),
    "prefix fulltext": lambda sa, my, k: k.index("a", mysql_prefix="FULLTEXT"),
    "prefix spatial and unique": lambda sa, my, k: k.index(
        "a", mysql_prefix="SPATIAL", unique=True
    ),
    "using": lambda sa, my, k: k.index("a", mysql_using="hash"),
    "with parser": lambda sa, my, k: k.index(
        "a", mysql_prefix="FULLTEXT", mysql_with_parser="ngram"
    ),
    "with parser, using and length": lambda sa, my, k: k.index(
        "a", mysql_using="btree", mysql_with_parser="p", mysql_length=5
    ),
    "of a function": lambda sa, my, k: k.index(lambda t: sa.func.lower(t.c.a)),
    "of a function and a column with length": lambda sa, my, k: k.index(
        lambda t: sa.func.lower(t.c.a), "b", mysql_length={"b": 5}
    ),
    "of a concatenation": lambda sa, my, k: k.index(lambda t: t.c.a + "x"),
    "descending": lambda sa, my, k: k.index(lambda t: t.c.a.desc()),
    "of text and a column": lambda sa, my, k: k.index(lambda t: sa.text("(a+1)"), "b"),
    "of an arithmetic expression": lambda sa, my, k: k.index(lambda t: t.c.Up + 1),
    "of a column to be quoted": lambda sa, my, k: k.index("Up"),
    "of a comparison": lambda sa, my, k: k.index(lambda t: t.c.a.like("x%")),
    "length of a column to be quoted": lambda sa, my, k: k.index("Up", mysql_length={"Up": 3}),
    "of a negative": lambda sa, my, k: k.index(lambda t: -t.c.Up),
    "of a document element": lambda sa, my, k: k.index(
        lambda t: sa.func.json_extract(t.c.a, "$.x")
    ),
}
