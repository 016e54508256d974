"""DDL to be written with SQLAlchemy and with ormolu alike: ``build(sa)`` gives a node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Namespace = Any
Case = Callable[[Namespace], Any]


def table(sa: Namespace, *items: Any, **options: Any) -> Any:
    return sa.Table("t", sa.MetaData(), *items, **options)


def create(*parts: Callable[[Namespace], Any], **options: Any) -> Case:
    return lambda sa: sa.CreateTable(table(sa, *(part(sa) for part in parts), **options))


def column(name: str, *parts: Any, **options: Any) -> Case:
    """A column; its type is an Integer unless the first part is a function of the namespace."""

    def build(sa: Namespace) -> Any:
        made = [part(sa) if callable(part) else part for part in parts] or [sa.Integer]
        given = {key: value(sa) if callable(value) else value for key, value in options.items()}
        return sa.Column(name, *made, **given)

    return build


def default(value: Callable[[Namespace], Any]) -> Case:
    return create(column("a", server_default=value))


def key(name: str = "id", **options: Any) -> Case:
    return column(name, primary_key=True, **options)


def integer(sa: Namespace) -> Any:
    return sa.Integer


TABLES: dict[str, Case] = {
    "without columns": create(),
    "a key": create(key()),
    "two keys": create(key("a"), key("b")),
    "keys by constraint": create(
        column("a"), column("b"), lambda sa: sa.PrimaryKeyConstraint("b", "a", name="pk")
    ),
    "nullable key": create(key(nullable=True)),
    "system column": create(key(), column("xmin", integer, system=True)),
    "quoted names": create(
        column("select"), column("Up"), column("a b"), column('q"t'), column("ü")
    ),
    "quote by choice": lambda sa: sa.CreateTable(
        sa.Table(
            "Name",
            sa.MetaData(),
            sa.Column("Plain", sa.Integer, quote=False),
            sa.Column("forced", sa.Integer, quote=True),
            quote=False,
            schema="Sch",
            quote_schema=True,
        )
    ),
    "quoted_name": lambda sa: sa.CreateTable(
        sa.Table(
            sa.quoted_name("plain", True),
            sa.MetaData(),
            sa.Column(sa.quoted_name("Bare", False), sa.Integer),
        )
    ),
    "schema": create(key(), schema="s"),
    "dotted schema": create(key(), schema="a.b"),
    "schema of the metadata": lambda sa: sa.CreateTable(
        sa.Table("t", sa.MetaData(schema="S", quote_schema=False), sa.Column("a", sa.Integer))
    ),
    "blank schema": lambda sa: sa.CreateTable(
        sa.Table("t", sa.MetaData(schema="s"), sa.Column("a", sa.Integer), schema=sa.BLANK_SCHEMA)
    ),
    "prefixes": create(key(), prefixes=["TEMPORARY", "UNLOGGED"]),
    "if not exists": lambda sa: sa.CreateTable(
        table(sa, sa.Column("a", sa.Integer)), if_not_exists=True
    ),
    "not null": create(column("a", nullable=False)),
    "comments": create(column("a", comment="it's"), comment="a 'table'"),
    "unique column": create(column("a", unique=True)),
    "unique indexed column": create(column("a", unique=True, index=True)),
    "checks beside a column": create(
        column("a", integer, lambda sa: sa.CheckConstraint("a > 1", name="ck"), nullable=False)
    ),
    "checks": create(
        column("a"),
        lambda sa: sa.CheckConstraint("a > 1"),
        lambda sa: sa.CheckConstraint(sa.column("a") < 9, name="less"),
        lambda sa: sa.CheckConstraint("a != 5", deferrable=True, initially="IMMEDIATE"),
    ),
    "check of strings": create(
        column("a", lambda sa: sa.String),
        lambda sa: sa.CheckConstraint(sa.column("a").in_(["x", "it's"])),
    ),
    "uniques": create(
        column("a"),
        column("b", integer, key="bk"),
        lambda sa: sa.UniqueConstraint("bk", "a"),
        lambda sa: sa.UniqueConstraint("a", name="uq", deferrable=False),
        lambda sa: sa.UniqueConstraint("bk", initially="DEFERRED"),
    ),
    "type checks": create(
        column("a", lambda sa: sa.Boolean(create_constraint=True, name="ck")),
        column("b", lambda sa: sa.Boolean(create_constraint=True)),
        column(
            "c", lambda sa: sa.Enum("x", "y", create_constraint=True, name="en", native_enum=False)
        ),
    ),
    "computed": create(
        column("a"),
        column("b", integer, lambda sa: sa.Computed("a + 1", persisted=True)),
        column("c", integer, lambda sa: sa.Computed(sa.column("a") * 2, persisted=True)),
    ),
    "identity": create(
        column("a", integer, lambda sa: sa.Identity(always=True, start=3, cycle=True))
    ),
    "identity key": create(
        column("a", integer, lambda sa: sa.Identity(nominvalue=True, cache=5), primary_key=True)
    ),
    "insert sentinel": lambda sa: sa.CreateTable(
        table(sa, sa.Column("id", sa.Integer, primary_key=True), sa.insert_sentinel("s"))
    ),
    "sequence": create(column("a", integer, lambda sa: sa.Sequence("s"), primary_key=True)),
    "no autoincrement": create(key(autoincrement=False)),
}

DEFAULTS: dict[str, Case] = {
    name: default(value)
    for name, value in {
        "string": lambda sa: "x",
        "quotes": lambda sa: "it's",
        "percent": lambda sa: "100%",
        "number as text": lambda sa: sa.text("5"),
        "negative": lambda sa: sa.text("-5"),
        "function": lambda sa: sa.func.now(),
        "function of values": lambda sa: sa.func.coalesce(1, "a"),
        "true": lambda sa: sa.true(),
        "null": lambda sa: sa.null(),
        "literal": lambda sa: sa.literal(5),
        "cast": lambda sa: sa.cast(5, sa.Integer),
        "text in parentheses": lambda sa: sa.text("(1)"),
        "clause": lambda sa: sa.DefaultClause("x"),
        "trigger": lambda sa: sa.FetchedValue(),
    }.items()
}


def foreign_key(target: Any = "p.id", **options: Any) -> Case:
    def build(sa: Namespace) -> Any:
        metadata = sa.MetaData()
        sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True))
        sa.Table("p", metadata, sa.Column("id", sa.Integer, key="k"), schema="s")
        return sa.CreateTable(
            sa.Table("c", metadata, sa.Column("a", sa.Integer, sa.ForeignKey(target, **options)))
        )

    return build


def composite(**options: Any) -> Case:
    def build(sa: Namespace) -> Any:
        metadata = sa.MetaData()
        for name in ("p", "c"):
            columns = [sa.Column(each, sa.Integer, primary_key=True) for each in "ab"]
            items = [sa.ForeignKeyConstraint(["b", "a"], ["p.a", "p.b"], **options)]
            made = sa.Table(name, metadata, *columns, *(items if name == "c" else []))
        return sa.CreateTable(made)

    return build


FOREIGN_KEYS: dict[str, Case] = {
    "to a table": foreign_key("p"),
    "named": foreign_key(name="Fk"),
    "actions": foreign_key(ondelete="SET NULL", onupdate="CASCADE"),
    "deferred": foreign_key(deferrable=True, initially="DEFERRED"),
    "not deferrable": foreign_key(deferrable=False),
    "matching": foreign_key(match="FULL"),
    "by alter": foreign_key(use_alter=True, name="later"),
    "to another schema": foreign_key("s.p.k"),
    "by tokens": foreign_key(("s", "p", "k")),
    "by name instead of key": foreign_key("s.p.id", link_to_name=True),
    "composite": composite(),
    "composite, named": composite(name="fk", ondelete="NO ACTION", match="SIMPLE"),
    "phrase that ends the statement": foreign_key(ondelete="CASCADE; DROP TABLE x"),
}


def index(*parts: Callable[[Namespace, Any], Any], **options: Any) -> Case:
    def build(sa: Namespace) -> Any:
        made = table(sa, sa.Column("a", sa.Integer), sa.Column("B", sa.String))
        return sa.CreateIndex(sa.Index("ix", *(part(sa, made) for part in parts), **options))

    return build


INDEXES: dict[str, Case] = {
    "one column": index(lambda sa, t: t.c.a),
    "two columns": index(lambda sa, t: t.c.B, lambda sa, t: t.c.a),
    "unique": index(lambda sa, t: t.c.a, unique=True),
    "descending": index(lambda sa, t: t.c.a.desc()),
    "nulls last": index(lambda sa, t: t.c.a.asc().nulls_last()),
    "function": index(lambda sa, t: sa.func.lower(t.c.B)),
    "sum": index(lambda sa, t: t.c.a + 5),
    "negative": index(lambda sa, t: -t.c.a),
    "comparison": index(lambda sa, t: t.c.a == 5),
    "cast": index(lambda sa, t: sa.cast(t.c.a, sa.Numeric)),
    "case": index(lambda sa, t: sa.case((t.c.a > 5, 1), else_=2)),
    "is null": index(lambda sa, t: t.c.a.is_(None)),
    "literal column": index(lambda sa, t: t.c.a, lambda sa, t: sa.literal_column("b")),
    "collate": index(lambda sa, t: t.c.B.collate("C")),
    "text among columns": index(lambda sa, t: t.c.a, lambda sa, t: sa.text("lower(B)")),
    "partial on SQLite": index(lambda sa, t: t.c.a, sqlite_where=None),
    "quoted name": lambda sa: sa.CreateIndex(
        sa.Index("Ix 1", sa.Table("q", sa.MetaData(), sa.Column("x", sa.Integer), schema="S").c.x)
    ),
    "no name": lambda sa: sa.CreateIndex(
        next(iter(table(sa, sa.Column("a", sa.Integer, index=True)).indexes))
    ),
    "if not exists": lambda sa: sa.CreateIndex(
        sa.Index("ix", table(sa, sa.Column("a", sa.Integer)).c.a), if_not_exists=True
    ),
    "without a table": lambda sa: sa.CreateIndex(sa.Index("ix", "a")),
    "drop": lambda sa: sa.DropIndex(sa.Index("ix", table(sa, sa.Column("a", sa.Integer)).c.a)),
    "drop if exists": lambda sa: sa.DropIndex(
        sa.Index("ix", table(sa, sa.Column("a", sa.Integer), schema="s").c.a), if_exists=True
    ),
    "drop, nameless": lambda sa: sa.DropIndex(sa.Index(None, "a")),
}


def constraint(statement: str, make: Callable[[Namespace], Any], **options: Any) -> Case:
    def build(sa: Namespace) -> Any:
        item = make(sa)
        table(sa, sa.Column("a", sa.Integer), item, schema="s")
        return getattr(sa, statement)(item, **options)

    return build


def sequence(**options: Any) -> Case:
    return lambda sa: sa.CreateSequence(sa.Sequence("Sq", **options))


def a_table(sa: Namespace) -> Any:
    return table(sa, sa.Column("a", sa.Integer, comment="it's"), comment="100% 'x'", schema="s")


def a_select(sa: Namespace) -> Any:
    made = table(sa, sa.Column("a", sa.Integer), sa.Column("b", sa.String))
    return sa.select(made.c.a, made.c.b.label("c")).where(made.c.b == "it's")


OTHERS: dict[str, Case] = {
    "drop table": lambda sa: sa.DropTable(a_table(sa)),
    "drop table if exists": lambda sa: sa.DropTable(a_table(sa), if_exists=True),
    "one column": lambda sa: sa.CreateColumn(a_table(sa).c.a),
    "add unique": constraint("AddConstraint", lambda sa: sa.UniqueConstraint("a", name="u")),
    "add nameless unique": constraint("AddConstraint", lambda sa: sa.UniqueConstraint("a")),
    "add check": constraint("AddConstraint", lambda sa: sa.CheckConstraint("a > 1", name="c")),
    "add key": constraint("AddConstraint", lambda sa: sa.PrimaryKeyConstraint("a", name="k")),
    "add foreign key": constraint(
        "AddConstraint", lambda sa: sa.ForeignKeyConstraint(["a"], ["s.t.a"], name="f")
    ),
    "drop unique": constraint("DropConstraint", lambda sa: sa.UniqueConstraint("a", name="u")),
    "drop check": constraint("DropConstraint", lambda sa: sa.CheckConstraint("a > 1", name="c")),
    "drop key": constraint("DropConstraint", lambda sa: sa.PrimaryKeyConstraint("a", name="k")),
    "drop foreign key": constraint(
        "DropConstraint", lambda sa: sa.ForeignKeyConstraint(["a"], ["s.t.a"], name="f")
    ),
    "drop with options": constraint(
        "DropConstraint",
        lambda sa: sa.UniqueConstraint("a", name="u"),
        cascade=True,
        if_exists=True,
    ),
    "drop nameless": constraint("DropConstraint", lambda sa: sa.UniqueConstraint("a")),
    "isolated constraint": lambda sa: _isolated(sa),
    "sequence": sequence(),
    "sequence with options": sequence(
        start=1, increment=2, minvalue=0, maxvalue=9, cache=3, cycle=True
    ),
    "sequence without limits": sequence(nominvalue=True, nomaxvalue=True, cycle=False),
    "sequence in a schema": sequence(schema="a b", optional=True),
    "sequence of a type": lambda sa: sa.CreateSequence(sa.Sequence("s", data_type=sa.BigInteger)),
    "sequence if not exists": lambda sa: sa.CreateSequence(sa.Sequence("s"), if_not_exists=True),
    "drop sequence": lambda sa: sa.DropSequence(sa.Sequence("s", schema="x"), if_exists=True),
    "schema": lambda sa: sa.CreateSchema("a.B", if_not_exists=True),
    "drop schema": lambda sa: sa.DropSchema("a.B", if_exists=True, cascade=True),
    "set table comment": lambda sa: sa.SetTableComment(a_table(sa)),
    "drop table comment": lambda sa: sa.DropTableComment(a_table(sa)),
    "set column comment": lambda sa: sa.SetColumnComment(a_table(sa).c.a),
    "drop column comment": lambda sa: sa.DropColumnComment(
        table(sa, sa.Column("a", sa.Integer)).c.a
    ),
    "set constraint comment": lambda sa: sa.SetConstraintComment(_commented(sa)),
    "drop constraint comment": lambda sa: sa.DropConstraintComment(_commented(sa)),
    "view": lambda sa: sa.CreateView(a_select(sa), "v"),
    "view with options": lambda sa: sa.CreateView(
        a_select(sa), "V", schema="s", temporary=True, or_replace=True
    ),
    "materialized view": lambda sa: sa.CreateView(a_select(sa), "v", materialized=True),
    "view of a view": lambda sa: sa.CreateView(
        sa.select(sa.CreateView(a_select(sa), "v").table), "w"
    ),
    "drop view": lambda sa: sa.DropView(sa.CreateView(a_select(sa), "v").table),
    "drop view with options": lambda sa: sa.DropView(
        sa.CreateView(a_select(sa), "v", schema="s").table, if_exists=True, materialized=True
    ),
    "table as": lambda sa: sa.CreateTableAs(a_select(sa), "n"),
    "table as with options": lambda sa: sa.CreateTableAs(
        a_select(sa), "n", schema="s", temporary=True, if_not_exists=True
    ),
    "table as a cte": lambda sa: sa.CreateTableAs(sa.select(a_select(sa).cte("q")), "n"),
    "text": lambda sa: sa.DDL("ALTER TABLE x"),
    "text with context": lambda sa: sa.DDL("DROP %(what)s %%", context={"what": "TABLE"}),
    "text about a table": lambda sa: sa.DDL("TRUNCATE %(table)s %(schema)s %(fullname)s").against(
        a_table(sa)
    ),
    "ddl_if of this dialect": lambda sa: _conditional(sa, dialect=("default", "sqlite")),
    "ddl_if of another dialect": lambda sa: _conditional(sa, dialect="oracle"),
    "ddl_if by a function": lambda sa: _conditional(
        sa, callable_=lambda ddl, target, bind, state, compiler, **kw: state == 5, state=5
    ),
    "default of a schema item": lambda sa: sa.CreateTable(
        table(sa, sa.Column("a", sa.Integer, sa.Identity(), sa.CheckConstraint("a > 1")))
    ),
}


def _isolated(sa: Namespace) -> Any:
    item = sa.UniqueConstraint("a", name="u")
    made = table(sa, sa.Column("a", sa.Integer), item)
    sa.AddConstraint(item)
    return sa.CreateTable(made)


def _commented(sa: Namespace) -> Any:
    item = sa.ForeignKeyConstraint(["a"], ["t.a"], name="f", comment="it's")
    table(sa, sa.Column("a", sa.Integer), item)
    return item


def _conditional(sa: Namespace, **condition: Any) -> Any:
    item = sa.CheckConstraint("a > 1", name="ck").ddl_if(**condition)
    return sa.CreateTable(table(sa, sa.Column("a", sa.Integer), item))


SQLITE: dict[str, Case] = {
    "counted key": create(key(), sqlite_autoincrement=True),
    "counted key of two": create(key("a"), key("b"), sqlite_autoincrement=True),
    "counted key that two make": create(
        key("a", autoincrement=True), key("b"), sqlite_autoincrement=True
    ),
    "counted text": create(
        column("a", lambda sa: sa.String, primary_key=True), sqlite_autoincrement=True
    ),
    "counted bigint": create(
        column("a", lambda sa: sa.BigInteger, primary_key=True), sqlite_autoincrement=True
    ),
    "counted named key": create(
        column("a"), lambda sa: sa.PrimaryKeyConstraint("a", name="x"), sqlite_autoincrement=True
    ),
    "conflict of a counted key": create(
        key(sqlite_on_conflict_primary_key="FAIL", sqlite_on_conflict_not_null="ABORT"),
        sqlite_autoincrement=True,
    ),
    "conflict of a key": create(key(sqlite_on_conflict_primary_key="FAIL")),
    "conflict of a key constraint": create(
        column("a"), lambda sa: sa.PrimaryKeyConstraint("a", sqlite_on_conflict="IGNORE")
    ),
    "conflict of a column of two": create(
        key("a", sqlite_on_conflict_primary_key="FAIL"), key("b")
    ),
    "conflict of NOT NULL": create(
        column("a", integer, nullable=False, sqlite_on_conflict_not_null="FAIL"),
        column("b", integer, sqlite_on_conflict_not_null="FAIL"),
    ),
    "conflict of UNIQUE": create(
        column("a", integer, unique=True, sqlite_on_conflict_unique="FAIL"),
        lambda sa: sa.UniqueConstraint("a", sqlite_on_conflict="REPLACE", deferrable=True),
    ),
    "conflict of CHECK": create(
        column("a"), lambda sa: sa.CheckConstraint("a > 1", sqlite_on_conflict="ROLLBACK")
    ),
    "conflict of CHECK beside a column": create(
        column("a", integer, lambda sa: sa.CheckConstraint("a > 1", sqlite_on_conflict="ROLLBACK"))
    ),
    "without rowid": create(key(), sqlite_with_rowid=False),
    "strict": create(key(), sqlite_strict=True),
    "without rowid and strict": create(key(), sqlite_with_rowid=False, sqlite_strict=True),
    "virtual column": create(
        column("a"), column("b", integer, lambda sa: sa.Computed("a", False), nullable=False)
    ),
    "partial index": lambda sa: sa.CreateIndex(
        sa.Index("ix", (t := a_table(sa)).c.a, sqlite_where=t.c.a > 5)
    ),
    "partial index by text": lambda sa: sa.CreateIndex(
        sa.Index("ix", a_table(sa).c.a, sqlite_where=sa.text("a > 5"))
    ),
    "view if not exists": lambda sa: sa.CreateView(a_select(sa), "v", sqlite_if_not_exists=True),
    "unknown argument": create(key(), sqlite_engine="InnoDB"),
}

ALL: dict[str, Case] = {
    f"{group}: {name}": case
    for group, cases in (
        ("table", TABLES),
        ("default", DEFAULTS),
        ("foreign key", FOREIGN_KEYS),
        ("index", INDEXES),
        ("other", OTHERS),
    )
    for name, case in cases.items()
}
