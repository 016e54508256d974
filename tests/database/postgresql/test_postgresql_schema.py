"""What PostgreSQL adds to tables, made on a server and looked up in its catalogue."""

from __future__ import annotations

from typing import Any

import pytest
from three_ways import Library

import ormolu
from ormolu import exc

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning")


def index_texts(connection: Any, table: str = "t") -> dict[str, str]:
    """The definitions of a table's indexes, as the server writes them."""
    found = connection.exec_driver_sql(
        f"SELECT indexname, indexdef FROM pg_indexes WHERE tablename = '{table}' ORDER BY 1"
    )
    return {name: text.partition(" USING ")[2] for name, text in found}


def scalar(connection: Any, sql: str) -> Any:
    """The first value that a text gives."""
    return connection.exec_driver_sql(sql).scalar()


def test_indexes_of_every_form(library: Library) -> None:
    sa, pg = library.sa, library.pg
    table = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Text),
        sa.Column("b", sa.Integer),
        sa.Column("doc", pg.JSONB),
        sa.Column("tags", pg.ARRAY(sa.Text)),
    )
    a, b = table.c.a, table.c.b
    sa.Index("i_partial", b, postgresql_where=b > 5)
    sa.Index("i_expression", sa.func.lower(a), sa.text("(b + 1) DESC"))
    sa.Index("i_gin", table.c.doc, postgresql_using="gin", postgresql_ops={"doc": "jsonb_path_ops"})
    sa.Index("i_covering", b, unique=True, postgresql_include=["a"])
    sa.Index("i_order", a.desc().nulls_last(), b.asc())
    sa.Index("i_pattern", a, postgresql_ops={"a": "text_pattern_ops"})
    sa.Index("i_with", b, postgresql_with={"fillfactor": 50})
    sa.Index("i_tags", table.c.tags, postgresql_using="gin")
    sa.Index("i_hash", a, postgresql_using="hash")
    sa.Index("i_brin", b, postgresql_using="brin")
    sa.Index("i_distinct", b, unique=True, postgresql_nulls_not_distinct=True)
    sa.Index("i_space", b, postgresql_tablespace="pg_default")

    def program(connection: Any) -> dict[str, str]:
        table.metadata.create_all(connection)
        return index_texts(connection)

    assert library.run(program) == {
        "i_partial": "btree (b) WHERE (b > 5)",
        "i_expression": "btree (lower(a), ((b + 1)) DESC)",
        "i_gin": "gin (doc jsonb_path_ops)",
        "i_covering": "btree (b) INCLUDE (a)",
        "i_order": "btree (a DESC NULLS LAST, b)",
        "i_pattern": "btree (a text_pattern_ops)",
        "i_with": "btree (b) WITH (fillfactor='50')",
        "i_tags": "gin (tags)",
        "i_hash": "hash (a)",
        "i_brin": "brin (b)",
        "i_distinct": "btree (b) NULLS NOT DISTINCT",
        "i_space": "btree (b)",
        "t_pkey": "btree (id)",
    }


def test_indexes_made_without_locking_the_table(library: Library) -> None:
    sa = library.sa
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    index = sa.Index("i", table.c.a, postgresql_concurrently=True)

    def program(connection: Any) -> list[dict[str, str]]:
        connection.execute(sa.schema.CreateTable(table))
        index.create(connection)
        made = index_texts(connection)
        index.drop(connection)
        return [made, index_texts(connection)]

    found = library.connected(program, isolation_level="AUTOCOMMIT")
    assert found == [{"i": "btree (a)"}, {}]


def test_constraints(library: Library) -> None:
    sa, pg = library.sa, library.pg
    metadata = sa.MetaData()
    parent = sa.Table("parent", metadata, sa.Column("id", sa.Integer, primary_key=True))
    table = sa.Table(
        "t",
        metadata,
        sa.Column("room", sa.Integer),
        sa.Column("during", pg.TSRANGE),
        sa.Column("x", sa.Integer, nullable=True),
        sa.Column("parent_id", sa.Integer),
        pg.ExcludeConstraint(
            ("during", "&&"), where=sa.text("room > 0"), using="gist", name="no_overlap"
        ),
        sa.UniqueConstraint("x", name="uq_x", postgresql_nulls_not_distinct=True, deferrable=True),
        sa.CheckConstraint("room < 100", name="ck_room", postgresql_not_valid=True),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["parent.id"],
            name="fk",
            ondelete="SET NULL",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    def program(connection: Any) -> dict[str, str]:
        metadata.create_all(connection)
        found = connection.exec_driver_sql(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = 't'::regclass"
        )
        return {row[0]: row[1] for row in found}

    assert library.run(program) == {
        "no_overlap": "EXCLUDE USING gist (during WITH &&) WHERE ((room > 0))",
        "uq_x": "UNIQUE NULLS NOT DISTINCT (x) DEFERRABLE",
        "ck_room": "CHECK ((room < 100))",  # what is there is none: all of it is valid
        "fk": "FOREIGN KEY (parent_id) REFERENCES parent(id) ON DELETE SET NULL"
        " DEFERRABLE INITIALLY DEFERRED",
    }

    def overlap(connection: Any) -> None:
        for _ in range(2):
            connection.exec_driver_sql("INSERT INTO t (room, during) VALUES (1, '[2024-01-01,)')")

    with pytest.raises(sa.exc.IntegrityError, match="no_overlap") as caught:
        library.run(overlap)
    if not library.is_oracle:
        violated = caught.value.constraint
        assert (violated.kind, violated.name, violated.table) == ("exclusion", "no_overlap", "t")

    def orphan(connection: Any) -> None:
        connection.execute(table.insert().values(parent_id=7))
        connection.execute(parent.insert().values(id=7))  # in time: the check is deferred

    library.run(orphan)


def test_partitions_inheritance_and_storage(library: Library) -> None:
    sa = library.sa
    metadata = sa.MetaData()
    sa.Table(
        "measured",
        metadata,
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("value", sa.Float),
        postgresql_partition_by="RANGE (day)",
    )
    base = sa.Table("base", metadata, sa.Column("a", sa.Integer))
    sa.Table(
        "heir", metadata, sa.Column("b", sa.Integer), postgresql_inherits="base"
    ).add_is_dependent_on(base)
    sa.Table(
        "stored",
        metadata,
        sa.Column("a", sa.Integer),
        postgresql_with={"fillfactor": 70},
        postgresql_tablespace="pg_default",
        postgresql_using="heap",
    )
    sa.Table("quick", metadata, sa.Column("a", sa.Integer), prefixes=["UNLOGGED"])

    def program(connection: Any) -> list[Any]:
        metadata.create_all(connection)
        kinds = connection.exec_driver_sql(
            "SELECT relname, relkind::text, relpersistence::text, reloptions FROM pg_class"
            " WHERE relname IN ('measured', 'heir', 'stored', 'quick') ORDER BY 1"
        )
        parent = scalar(connection, "SELECT inhparent::regclass::text FROM pg_inherits")
        return [[tuple(row) for row in kinds], parent]

    assert library.run(program) == [
        [
            ("heir", "r", "p", None),
            ("measured", "p", "p", None),
            ("quick", "r", "u", None),
            ("stored", "r", "p", ["fillfactor=70"]),
        ],
        "base",
    ]


def test_parents_come_before_their_heirs(postgresql_url: str) -> None:
    """SQLAlchemy takes them as they come, here also from a database that it reflected."""
    engine = ormolu.create_engine(postgresql_url)
    written = ormolu.MetaData()
    ormolu.Table("a", written, ormolu.Column("x", ormolu.Integer), postgresql_inherits=("b", "c"))
    ormolu.Table("b", written, ormolu.Column("y", ormolu.Integer), postgresql_inherits="c")
    ormolu.Table("c", written, ormolu.Column("z", ormolu.Integer))
    ormolu.Table("d", written, ormolu.Column("w", ormolu.Integer), postgresql_inherits="elsewhere")
    wanted = [written.tables[name] for name in "abc"]
    written.create_all(engine, tables=wanted)
    reflected = ormolu.MetaData()
    reflected.reflect(engine)
    reflected.drop_all(engine)
    reflected.create_all(engine)
    with engine.connect() as connection:
        heirs = "SELECT inhrelid::regclass::text, inhparent::regclass::text FROM pg_inherits"
        found = sorted(map(tuple, connection.exec_driver_sql(heirs)))
    assert found == [("a", "b"), ("a", "c"), ("b", "c")]
    with pytest.raises(exc.ProgrammingError, match="elsewhere"):
        written.create_all(engine)
    written.drop_all(engine)
    assert ormolu.inspect(engine).get_table_names() == []
    engine.dispose()


def test_temporary_tables_end_as_they_were_told(library: Library) -> None:
    sa = library.sa
    table = sa.Table(
        "passing",
        sa.MetaData(),
        sa.Column("a", sa.Integer),
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DELETE ROWS",
    )

    def program(connection: Any) -> int:
        with connection.begin():
            table.create(connection)
            connection.execute(table.insert().values(a=1))
            before = connection.scalar(sa.select(sa.func.count()).select_from(table))
        return int(before) * 10 + connection.scalar(sa.select(sa.func.count()).select_from(table))

    assert library.connected(program) == 10


def test_identity_sequences_and_computed_columns(library: Library) -> None:
    sa = library.sa
    metadata = sa.MetaData()
    numbers = sa.Sequence("numbers", start=100, increment=-1, minvalue=1, maxvalue=100, cycle=True)
    table = sa.Table(
        "t",
        metadata,
        sa.Column(
            "id", sa.BigInteger, sa.Identity(always=True, start=5, cycle=True), primary_key=True
        ),
        sa.Column("n", sa.Integer, numbers, server_default=numbers.next_value()),
        sa.Column("s", sa.SmallInteger, sa.Identity(minvalue=1, maxvalue=9)),
        sa.Column("sum", sa.Integer, sa.Computed("n + 1", persisted=True)),
    )

    def program(connection: Any) -> list[Any]:
        metadata.create_all(connection)
        metadata.create_all(connection)
        rows = [
            tuple(connection.execute(table.insert().values().returning(table)).one())
            for _ in range(2)
        ]
        connection.exec_driver_sql("INSERT INTO t DEFAULT VALUES")
        drawn = [connection.scalar(numbers), connection.scalar(numbers.next_value())]
        metadata.drop_all(connection)
        return [rows, drawn, scalar(connection, "SELECT count(*) FROM pg_sequences")]

    assert library.run(program) == [[(5, 100, 1, 101), (6, 99, 2, 100)], [97, 96], 0]
    with pytest.raises(sa.exc.DBAPIError, match="GENERATED ALWAYS"):

        def explicit(connection: Any) -> None:
            table.create(connection)
            connection.execute(table.insert().values(id=1))

        library.run(explicit)


def test_computed_columns_are_stored_where_the_server_has_no_others(library: Library) -> None:
    sa = library.sa

    def program(connection: Any, persisted: bool | None) -> Any:
        if connection.dialect.server_version_info >= (18,):
            return None
        computed = sa.Computed("a + 1", persisted=persisted)
        columns = [sa.Column("a", sa.Integer), sa.Column("b", sa.Integer, computed)]
        table = sa.Table("t", sa.MetaData(), *columns)
        if persisted is None:
            with pytest.warns(sa.exc.SAWarning, match="t.b is being created as 'STORED'"):
                table.create(connection)
            return connection.scalar(table.insert().values(a=1).returning(table.c.b))
        with pytest.raises(sa.exc.CompileError, match="in table 't', column 'b'"):
            table.create(connection)
        return 2

    for persisted in (None, False):
        assert library.connected(lambda connection, p=persisted: program(connection, p)) in (
            2,
            None,
        )


def test_serial_keys_of_every_size(library: Library) -> None:
    sa = library.sa
    metadata = sa.MetaData()
    tables = [
        sa.Table(name, metadata, sa.Column("id", type_, primary_key=True), sa.Column("x", sa.Text))
        for name, type_ in (("s", sa.SmallInteger), ("i", sa.Integer), ("b", sa.BigInteger))
    ]

    def program(connection: Any) -> list[Any]:
        metadata.create_all(connection)
        for table in tables:
            connection.execute(table.insert(), [{"x": "a"}, {"x": "b"}])
        return [
            (
                connection.scalars(sa.select(table.c.id).order_by(table.c.id)).all(),
                scalar(connection, f"SELECT pg_typeof(id)::text FROM {table.name} LIMIT 1"),
            )
            for table in tables
        ]

    assert library.run(program) == [
        ([1, 2], "smallint"),
        ([1, 2], "integer"),
        ([1, 2], "bigint"),
    ]


def test_comments(library: Library) -> None:
    sa = library.sa
    table = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("a", sa.Integer, comment="it's a column"),
        sa.CheckConstraint("a > 0", name="ck_a", comment="a check"),
        comment="a table\nof two lines %",
    )

    def program(connection: Any) -> list[Any]:
        table.create(connection)
        found = [
            scalar(connection, "SELECT obj_description('t'::regclass)"),
            scalar(connection, "SELECT col_description('t'::regclass, 1)"),
            scalar(
                connection, "SELECT obj_description(oid) FROM pg_constraint WHERE conname = 'ck_a'"
            ),
        ]
        connection.execute(sa.schema.DropTableComment(table))
        return [*found, scalar(connection, "SELECT obj_description('t'::regclass)")]

    assert library.run(program) == ["a table\nof two lines %", "it's a column", "a check", None]


def test_schemas_search_path_and_translation(library: Library) -> None:
    sa = library.sa
    plain = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    own = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer), schema="Own Schema")

    def program(connection: Any) -> list[Any]:
        for name in ("Own Schema", "one", "two"):
            connection.execute(sa.schema.CreateSchema(name, if_not_exists=True))
        own.create(connection)
        own.create(connection, checkfirst=True)
        connection.execute(own.insert().values(a=1))
        found = [connection.scalar(sa.select(own.c.a))]
        for number, name in enumerate(("one", "two"), 10):
            translated = connection.execution_options(schema_translate_map={None: name})
            plain.create(translated, checkfirst=True)
            translated.execute(plain.insert().values(a=number))
        connection.execution_options(schema_translate_map={})
        for name in ("one", "two"):
            connection.exec_driver_sql(f"SET LOCAL search_path = {name}")
            found.append(connection.scalar(sa.select(plain.c.a)))
        options = {"schema_translate_map": {None: "one"}}
        found.append(connection.scalar(sa.select(plain.c.a), execution_options=options))
        connection.execute(sa.schema.DropSchema("Own Schema", cascade=True))
        return found

    assert library.run(program) == [1, 10, 11, 10]


def test_views(library: Library) -> None:
    sa = library.sa

    def program(connection: Any) -> list[Any]:
        connection.exec_driver_sql("CREATE TABLE t AS SELECT generate_series(1, 3) AS n")
        connection.exec_driver_sql("CREATE MATERIALIZED VIEW m AS SELECT sum(n) AS total FROM t")
        view = sa.table("m", sa.column("total", sa.Integer))
        before = connection.scalar(sa.select(view.c.total))
        connection.exec_driver_sql("INSERT INTO t VALUES (10)")
        connection.exec_driver_sql("REFRESH MATERIALIZED VIEW m")
        return [before, connection.scalar(sa.select(view.c.total))]

    assert library.run(program) == [6, 16]
