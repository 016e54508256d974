"""Programs about schemas: MetaData, columns, defaults, constraints, indexes, and DDL in steps."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

from core_library import harbour, texts
from library import Library


def _created(lib: Library, table: Any, *names: str) -> Iterator[str]:
    """CREATE TABLE for dialects, and CREATE INDEX of its indexes."""
    schema = lib.sql.schema
    yield from texts(lib, schema.CreateTable(table), *names)
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        yield from texts(lib, schema.CreateIndex(index), *names)


def program_metadata(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    metadata = sql.MetaData(schema="docks", info={"owner": "us"})
    crane = sql.Table("crane", metadata, sql.Column("id", sql.Integer, primary_key=True))
    plain = sql.Table("yard", metadata, sql.Column("x", sql.Integer), schema=None)
    other = sql.Table(
        "shed", metadata, sql.Column("x", sql.Integer), schema=sql.schema.BLANK_SCHEMA
    )
    yield list(metadata.tables), crane.schema, plain.schema, other.schema, metadata.info
    yield crane.key, crane.fullname, "docks.crane" in metadata, "crane" in metadata
    yield sql.Table("crane", metadata) is crane
    yield lib.error(lambda: sql.Table("crane", metadata, sql.Column("y", sql.Integer)))
    grown = sql.Table("crane", metadata, sql.Column("y", sql.Integer), extend_existing=True)
    yield grown is crane, crane.c.keys()
    yield sql.Table("crane", metadata, keep_existing=True) is crane
    yield lib.error(lambda: sql.Table("nowhere", metadata, must_exist=True).name)
    copied = crane.to_metadata(sql.MetaData(), schema="yards")
    yield copied.fullname, copied.c.keys(), copied.metadata is metadata
    yield crane.to_metadata(sql.MetaData(), name="derrick").key
    metadata.remove(other)
    yield sorted(metadata.tables)
    metadata.clear()
    yield list(metadata.tables)


def program_columns(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    table = sql.Table(
        "item",
        sql.MetaData(),
        sql.Column("id", sql.Integer, primary_key=True, comment="its number"),
        sql.Column("Mixed Name", sql.String(20), key="mixed", nullable=False, info={"a": 1}),
        sql.Column("quoted", sql.Text, quote=True),
        sql.Column("select", sql.Boolean, server_default=sql.true()),
        sql.Column("price", sql.Numeric(10, 2), server_default="0.00", unique=True),
        sql.Column("added", sql.DateTime(timezone=True), server_default=sql.func.now(), index=True),
        sql.Column("big", sql.BigInteger, sql.CheckConstraint("big > 5"), doc="how big"),
        comment="what there is",
    )
    yield table.c.keys(), [column.name for column in table.c], table.c.mixed.info
    yield [(c.nullable, c.primary_key, c.unique, c.index, c.comment, c.doc) for c in table.c]
    yield [str(c) for c in (table.c.mixed, table.c.select, table.c["quoted"])]
    yield "mixed" in table.c, "id" in table.columns, table.c.contains_column(table.c.id)
    yield len(table.c), table.c[0], [c.name for c in table.c["id", "big"]], table.c.get("none")
    yield lib.error(lambda: table.c.nothing), lib.error(lambda: table.c["nothing"])
    yield table.autoincrement_column, sql.inspect(table) is table
    yield from _created(lib, table)
    yield from texts(lib, sql.select(table), "default", "mysql")
    yield lib.error(lambda: sql.Column("x", sql.Integer, primary_key=True, nothing=1))
    yield lib.error(lambda: sql.Table("t", sql.MetaData(), sql.Column(sql.Integer)).c)


def program_constraints(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    metadata = sql.MetaData()
    sql.Table("parent", metadata, *(sql.Column(n, sql.Integer, primary_key=True) for n in "ab"))
    table = sql.Table(
        "child",
        metadata,
        sql.Column("id", sql.Integer),
        sql.Column("a", sql.Integer),
        sql.Column("b", sql.Integer),
        sql.Column("self_id", sql.ForeignKey("child.id", name="fk_self", ondelete="SET NULL")),
        sql.Column("c", sql.String(5), unique=True),
        sql.PrimaryKeyConstraint("id", name="pk_child"),
        sql.ForeignKeyConstraint(
            ["a", "b"], ["parent.a", "parent.b"], name="fk_ab", onupdate="CASCADE",
            ondelete="CASCADE", deferrable=True, initially="DEFERRED",
        ),
        sql.UniqueConstraint("a", "c", name="uq_ac", deferrable=False),
        sql.CheckConstraint("a > b", name="ck_order"),
        sql.CheckConstraint(sql.column("b") > 5),
    )  # fmt: skip
    yield from _created(lib, table)
    yield sorted(str(c.name) for c in table.constraints if c.name)
    yield [c.name for c in table.primary_key], table.primary_key.name
    fk = next(c for c in table.foreign_key_constraints if c.name == "fk_ab")
    yield fk.column_keys, fk.referred_table.name, [e.target_fullname for e in fk.elements]
    yield fk.ondelete, fk.onupdate, fk.deferrable, fk.initially, fk.match
    for constraint in sorted((c for c in table.constraints if c.name), key=lambda c: c.name):
        yield from texts(
            lib, sql.schema.AddConstraint(constraint), "default", "postgresql", "mysql"
        )
        yield from texts(lib, sql.schema.DropConstraint(constraint), "default", "postgresql")
    yield [t.name for t in metadata.sorted_tables]


def program_naming_conventions(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    convention = {
        "ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }  # fmt: skip
    metadata = sql.MetaData(naming_convention=convention)
    sql.Table("port", metadata, sql.Column("id", sql.Integer, primary_key=True))
    table = sql.Table(
        "pier",
        metadata,
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("port_id", sql.ForeignKey("port.id"), index=True),
        sql.Column("length", sql.Integer, unique=True),
        sql.Column("open", sql.Boolean(create_constraint=True, name="open_flag")),
        sql.UniqueConstraint("port_id", "length"),
        sql.CheckConstraint("length > 0", name="positive"),
        sql.CheckConstraint("length < 9", name=sql.schema.conv("ck_as_it_is")),
        sql.Index(None, "length", "id"),
    )
    yield from _created(lib, table)
    yield sorted(str(c.name) for c in table.constraints), sorted(i.name for i in table.indexes)

    def initials(constraint: Any, table: Any) -> str:
        return "".join(column.name[0] for column in constraint.columns)

    own = sql.MetaData(naming_convention={"initials": initials, "uq": "uq_%(initials)s"})
    made = sql.Table(
        "t", own, sql.Column("one", sql.Integer), sql.Column("two", sql.Integer),
        sql.UniqueConstraint("one", "two"),
    )  # fmt: skip
    yield from _created(lib, made, "default")


def program_indexes(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    table = sql.Table(
        "book", sql.MetaData(),
        *(sql.Column(name, sql.String(20)) for name in ("title", "author", "shelf")),
        sql.Column("year", sql.Integer),
    )  # fmt: skip
    sql.Index("ix_one", table.c.title)
    sql.Index("ix_two", table.c.author, table.c.title.desc(), unique=True)
    sql.Index("ix_lower", sql.func.lower(table.c.title))
    sql.Index(
        "ix_where", table.c.year, postgresql_where=table.c.year > 5, sqlite_where=table.c.year > 5
    )
    sql.Index("ix_pg", table.c.shelf, postgresql_using="gin", postgresql_include=["year"])
    sql.Index("ix_my", table.c.shelf, mysql_length=5, mysql_prefix="FULLTEXT")
    sql.Index("ix_ops", table.c.author, postgresql_ops={"author": "text_pattern_ops"})
    yield from _created(lib, table, "default", "sqlite", "postgresql", "mysql")
    yield [
        (i.name, i.unique, [str(e) for e in i.expressions])
        for i in sorted(table.indexes, key=lambda i: i.name)
    ]
    index = next(i for i in table.indexes if i.name == "ix_one")
    yield from texts(lib, sql.schema.DropIndex(index))
    yield from texts(lib, sql.schema.CreateIndex(index, if_not_exists=True), "sqlite", "postgresql")
    yield from texts(lib, sql.schema.DropIndex(index, if_exists=True), "sqlite", "postgresql")


def program_generated_values(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    metadata = sql.MetaData()
    table = sql.Table(
        "square",
        metadata,
        sql.Column(
            "id", sql.Integer, sql.Identity(start=42, cycle=True, increment=2), primary_key=True
        ),
        sql.Column("side", sql.Integer),
        sql.Column("area", sql.Integer, sql.Computed("side * side")),
        sql.Column("edge", sql.Integer, sql.Computed("4 * side", persisted=True)),
    )
    yield from _created(lib, table, "sqlite", "postgresql", "mysql")
    always = sql.Table(
        "always",
        metadata,
        sql.Column("n", sql.BigInteger, sql.Identity(always=True), primary_key=True),
    )
    yield from _created(lib, always, "postgresql")
    sequence = sql.Sequence(
        "numbers", start=5, increment=3, minvalue=1, maxvalue=99, metadata=metadata
    )
    counted = sql.Table(
        "counted", metadata, sql.Column("n", sql.Integer, sequence, primary_key=True)
    )
    yield from _created(lib, counted, "default", "postgresql")
    yield from texts(lib, sql.schema.CreateSequence(sequence), "default", "postgresql")
    yield from texts(lib, sql.schema.DropSequence(sequence, if_exists=True), "postgresql")
    yield from texts(lib, sql.select(sequence.next_value()), "postgresql")
    yield from texts(lib, sql.insert(counted), "default", "postgresql")
    yield from texts(lib, sql.insert(counted).values(n=sequence.next_value() + 1), "postgresql")
    server = sql.Table(
        "served", metadata,
        sql.Column(
        "n", sql.Integer, sequence, server_default=sequence.next_value(), primary_key=True),
    )  # fmt: skip
    yield from _created(lib, server, "postgresql")


def program_ddl_text(lib: Library) -> Iterator[Any]:
    sql, tables, schema = lib.sql, harbour(lib), lib.sql.schema
    for element in (
        schema.CreateTable(tables.voyage), schema.CreateTable(tables.ship, if_not_exists=True),
        schema.DropTable(tables.ship), schema.DropTable(tables.ship, if_exists=True),
        schema.CreateSchema("docks", if_not_exists=True), schema.CreateSchema("Docks"),
        schema.DropSchema("docks", cascade=True), schema.SetTableComment(tables.ship),
        sql.DDL("ALTER TABLE x ADD y"), sql.DDL("percent %% and %(kind)s", context={"kind": "k"}),
    ):  # fmt: skip
        if not isinstance(element, schema.SetTableComment):
            yield from texts(lib, element, "default", "sqlite", "postgresql")
    commented = sql.Table("note", sql.MetaData(), sql.Column("x", sql.Integer, comment="it's x"))
    commented.comment = "what's noted"
    for comment in (
        schema.SetTableComment(commented), schema.DropTableComment(commented),
        schema.SetColumnComment(commented.c.x), schema.DropColumnComment(commented.c.x),
    ):  # fmt: skip
        yield from texts(lib, comment, "postgresql")
    yield from texts(lib, schema.CreateColumn(tables.ship.c.name))


def program_ordering_of_tables(lib: Library) -> Iterator[Any]:
    sql, engine = lib.sql, lib.engine()
    metadata = sql.MetaData()
    one = sql.Table(
        "one",
        metadata,
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("two_id", sql.ForeignKey("two.id", use_alter=True, name="fk_one_two")),
    )
    two = sql.Table(
        "two",
        metadata,
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("one_id", sql.ForeignKey("one.id", name="fk_two_one")),
    )
    three = sql.Table("a_late_one", metadata, sql.Column("x", sql.ForeignKey("two.id")))
    three.add_is_dependent_on(one)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield [table.name for table in metadata.sorted_tables], len(caught)
    yield [
        (table.name if table is not None else None, sorted(str(fk.name) for fk in keys))
        for table, keys in sql.schema.sort_tables_and_constraints([three, two, one])
    ]
    sent = lib.statements(engine)
    metadata.create_all(engine, tables=[two, one], checkfirst=False)
    metadata.drop_all(engine, tables=[two, one])
    yield from sent
    printed: list[str] = []
    mock = sql.create_mock_engine(
        "sqlite://", lambda element, *rest: printed.append(str(element.compile(engine)))
    )
    metadata.create_all(mock, checkfirst=False)
    yield from printed


def program_events_of_ddl(lib: Library) -> Iterator[Any]:
    sql, engine, heard = lib.sql, lib.engine(), []
    metadata = sql.MetaData()
    table = sql.Table("t", metadata, sql.Column("id", sql.Integer, primary_key=True))
    listen = sql.event.listen

    def told(name: str) -> Any:
        return lambda target, connection, **options: heard.append(
            (name, str(target), options["checkfirst"], "tables" in options)
        )

    for name in ("before_create", "after_create", "before_drop", "after_drop"):
        listen(table, name, told(f"table {name}"))
        listen(metadata, name, told(f"metadata {name}"))
    listen(table, "after_create", sql.DDL("CREATE INDEX %(table)s_ix ON %(fullname)s (id)"))
    only = sql.DDL("CREATE INDEX never ON t (id)").execute_if(dialect="postgresql")
    listen(table, "after_create", only)
    chosen = sql.DDL("CREATE INDEX chosen ON t (id)").execute_if(
        callable_=lambda ddl, target, bind, **options: target.name == "t", state="x"
    )
    listen(table, "after_create", chosen)
    check = sql.CheckConstraint("id > 0", name="only_there").ddl_if(dialect="postgresql")
    table.append_constraint(check)
    sent = lib.statements(engine)
    metadata.create_all(engine)
    yield from (statement for statement, _ in sent if "PRAGMA" not in statement)
    yield sorted(index["name"] for index in sql.inspect(engine).get_indexes("t"))
    metadata.drop_all(engine)
    yield from heard
    yield from texts(lib, sql.schema.CreateTable(table), "sqlite", "postgresql")


def program_events_of_columns(lib: Library) -> Iterator[Any]:
    sql, heard = lib.sql, []
    metadata = sql.MetaData()
    sql.event.listen(
        sql.Table, "after_parent_attach",
        lambda table, parent: heard.append((str(table), type(parent).__name__))
    )  # fmt: skip

    def on_column(column: Any, table: Any) -> None:
        heard.append((column.name, table.name))

    column = sql.Column("x", sql.Integer)
    sql.event.listen(column, "before_parent_attach", on_column)
    sql.Table("listened", metadata, column)
    yield [each for each in heard if "listened" in each or each[0] in ("x", "listened")]


def program_create_as_and_views(lib: Library) -> Iterator[Any]:
    sql, tables, schema = lib.sql, harbour(lib), lib.sql.schema
    query = sql.select(tables.ship.c.id, tables.ship.c.name).where(tables.ship.c.flag == "NO")
    metadata = sql.MetaData()
    made = schema.CreateTableAs(query, "norse", metadata=metadata)
    view = schema.CreateView(query, "norse_view", metadata=metadata)
    yield from texts(lib, made, "default", "sqlite", "postgresql", "mysql")
    yield from texts(lib, view, "default", "sqlite", "postgresql", "mysql")
    yield made.table.c.keys(), view.table.c.keys()
    yield str(sql.select(view.table.c.name))
    yield from texts(lib, schema.DropView(view.table), "default", "postgresql")
