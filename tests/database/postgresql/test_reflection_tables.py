"""Tables made of what PostgreSQL says of itself: whole schemas, round trips, counted queries."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

import ormolu as sa
from ormolu import event
from ormolu.dialects import postgresql as pg
from ormolu.ext.asyncio import create_async_engine
from ormolu.schema import CreateIndex, CreateSchema, CreateTable

pytestmark = pytest.mark.backend("postgresql+psycopg")

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}


@pytest.fixture
def engine(postgresql_url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(postgresql_url)
    yield engine
    engine.dispose()


def run(engine: sa.Engine, script: str) -> None:
    """Run statements as they stand."""
    url = engine.url.render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(script.encode())


def ddl(metadata: sa.MetaData, engine: sa.Engine) -> dict[str, list[str]]:
    """The statements that make the tables, by table; their lines in no order."""
    found = {}
    for table in metadata.sorted_tables:
        statements = [CreateTable(table), *(CreateIndex(index) for index in table.indexes)]
        lines = "\n".join(str(each.compile(engine)) for each in statements).split("\n")
        comments = [f"{column.name}: {column.comment}" for column in table.columns]
        found[table.name] = sorted(line.rstrip(", ") for line in [*lines, *comments])
        noted = sorted(str((each.name, each.comment)) for each in table.constraints if each.comment)
        found[table.name] += [f"comment: {table.comment}", *noted]
    return found


def assert_round_trip(metadata: sa.MetaData, engine: sa.Engine, schema: str | None = None) -> None:
    """What is created, reflected and created again gives the same text each time."""
    metadata.create_all(engine)
    reflected = sa.MetaData()
    reflected.reflect(engine, schema=schema)
    expected = ddl(metadata, engine)
    assert ddl(reflected, engine) == expected
    reflected.drop_all(engine)
    reflected.create_all(engine)
    again = sa.MetaData()
    again.reflect(engine, schema=schema)
    assert ddl(again, engine) == expected
    again.drop_all(engine)


def workshop(schema: str | None) -> sa.MetaData:
    """Tables of many features, in the words that the server has for them."""
    metadata = sa.MetaData(schema=schema, naming_convention=NAMES)
    place = "" if schema is None else f"{schema}."
    mood = pg.ENUM("sad", "it's", name="mood", schema=schema, metadata=metadata)
    sa.Table(
        "maker",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), nullable=False, unique=True, comment="it's :x, 5%"),
        sa.Column("mood", mood, server_default=sa.text(f"'sad'::{place}mood")),
        sa.Column("made", sa.DateTime(timezone=True), server_default=sa.func.now()),
        sa.Column("note", sa.Text, server_default=sa.text(r"'5% \:a of \:b'::text")),
        comment='who "makes"',
    )
    clock = sa.Table(
        "clock",
        metadata,
        sa.Column("id", sa.BigInteger, sa.Identity(start=5, increment=2), primary_key=True),
        sa.Column(
            "maker_id",
            sa.ForeignKey(
                f"{place}maker.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"
            ),
            nullable=False,
        ),
        sa.Column("price", sa.Numeric(10, 2)),
        sa.Column("vat", sa.Numeric(10, 2), sa.Computed("(price * 0.2)", persisted=True)),
        sa.Column("label", sa.Text(collation="C")),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("parts", sa.SmallInteger),
        sa.Column("tags", pg.ARRAY(sa.String(10))),
        sa.Column("moods", pg.ARRAY(mood)),
        sa.Column("data", pg.JSONB),
        sa.Column("during", pg.TSTZRANGE),
        sa.UniqueConstraint("label", "price", postgresql_include=["parts"]),
        sa.UniqueConstraint("parts", postgresql_nulls_not_distinct=True),
        sa.UniqueConstraint("number", deferrable=True, initially="DEFERRED"),
        sa.CheckConstraint("price > 0::numeric", name="positive", comment="it's > 0"),
        sa.CheckConstraint(r"label <> '\:x%'::text", name="own", postgresql_no_inherit=True),
        pg.ExcludeConstraint(
            ("during", "&&"), name="apart", where=sa.text("(price > 5::numeric)"[1:-1])
        ),
        postgresql_with={"fillfactor": 70},
    )
    part, label = clock.c.parts, clock.c.label
    sa.Index(None, label, clock.c.price.desc().nulls_last())
    sa.Index("ix_low", sa.func.lower(label).desc())
    sa.Index("ix_sum", part + sa.literal_column("1"), part)
    sa.Index(
        "ix_gin", clock.c.data, postgresql_using="gin", postgresql_ops={"data": "jsonb_path_ops"}
    )
    sa.Index("ix_like", label.desc(), postgresql_ops={"label": "text_pattern_ops"})
    sa.Index("ix_posix", label.collate("POSIX").desc())
    sa.Index(
        "ix_both",
        label.collate("POSIX").label("label"),
        postgresql_ops={"label": "text_pattern_ops"},
    )
    sa.Index("ix_fill", part, unique=True, postgresql_with={"fillfactor": 50})
    sa.Index(
        "ix_some",
        part,
        postgresql_include=["label"],
        postgresql_where=sa.text(r"(label <> '\:y'::text)"),
    )
    sa.Table(
        "day",
        metadata,
        sa.Column("id", sa.Integer, autoincrement=False),
        sa.Column("The Day", sa.Date),
        sa.Column("up", sa.Integer),
        sa.Column("at", sa.Date),
        sa.PrimaryKeyConstraint("id", "The Day", comment="of two"),
        sa.ForeignKeyConstraint(
            ["up", "at"],
            [f"{place}day.id", f"{place}day.The Day"],
            match="FULL",
            onupdate="CASCADE",
        ),
        postgresql_partition_by='RANGE ("The Day")',
    )
    return metadata


def types_of_all_kinds() -> sa.MetaData:
    metadata = sa.MetaData(naming_convention=NAMES)
    types: list[Any] = [
        sa.BigInteger(),
        sa.Boolean(),
        sa.CHAR(3),
        sa.Date(),
        sa.DateTime(),
        sa.Double(),
        sa.LargeBinary(),
        sa.Numeric(),
        sa.REAL(),
        sa.String(),
        sa.Time(),
        sa.Uuid(),
        pg.ARRAY(pg.TIMESTAMP(timezone=True, precision=2)),
        pg.BIT(5),
        pg.BIT(7, varying=True),
        pg.CIDR(),
        pg.CITEXT(),
        pg.DATEMULTIRANGE(),
        pg.HSTORE(),
        pg.INET(),
        pg.INT4RANGE(),
        pg.INTERVAL(fields="day to second", precision=2),
        pg.INTERVAL(precision=3),
        pg.JSON(),
        pg.JSONPATH(),
        pg.MACADDR8(),
        pg.MONEY(),
        pg.OID(),
        pg.REGCLASS(),
        pg.TIME(timezone=True, precision=1),
        pg.TIMESTAMP(precision=0),
        pg.TSQUERY(),
        pg.TSVECTOR(),
    ]
    columns = [sa.Column(f"c{number}", type_) for number, type_ in enumerate(types)]
    sa.Table("of_all_kinds", metadata, *columns)
    return metadata


def test_tables_come_back_as_they_were_made(engine: sa.Engine) -> None:
    assert_round_trip(workshop(None), engine)


def test_tables_of_a_schema_come_back_as_they_were_made(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(CreateSchema("shop"))
    assert_round_trip(workshop("shop"), engine, schema="shop")


def test_types_come_back_as_they_were_made(engine: sa.Engine) -> None:
    run(engine, "CREATE EXTENSION hstore; CREATE EXTENSION citext")
    assert_round_trip(types_of_all_kinds(), engine)


@pytest.mark.parametrize(
    ("identity", "text"),
    [
        (sa.Identity(), "GENERATED BY DEFAULT AS IDENTITY"),
        (sa.Identity(always=True), "GENERATED ALWAYS AS IDENTITY"),
        (sa.Identity(increment=-1), "GENERATED BY DEFAULT AS IDENTITY (INCREMENT BY -1)"),
        (
            sa.Identity(start=3, minvalue=2, maxvalue=9, cycle=True, cache=4),
            "GENERATED BY DEFAULT AS IDENTITY (START WITH 3 MINVALUE 2 MAXVALUE 9 CACHE 4 CYCLE)",
        ),
    ],
)
@pytest.mark.parametrize("type_", [sa.SmallInteger, sa.Integer, sa.BigInteger])
def test_an_identity_comes_back_as_it_was_made(
    engine: sa.Engine, type_: Any, identity: sa.Identity, text: str
) -> None:
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("id", type_, identity._copy(), primary_key=True))
    metadata.create_all(engine)
    table = sa.Table("t", sa.MetaData(), autoload_with=engine)
    line = str(CreateTable(table).compile(engine)).split("\n")[2]
    assert line.partition(" GENERATED")[2] == text.partition("GENERATED")[2] + ", "


# -- which tables

SHOP = """
CREATE SCHEMA other;
CREATE TABLE other.target (id int PRIMARY KEY);
CREATE TABLE maker (id serial PRIMARY KEY, name text);
CREATE TABLE clock (id serial PRIMARY KEY, maker_id int REFERENCES maker,
    t int REFERENCES other.target);
CREATE TABLE alone (id int);
CREATE VIEW makers AS SELECT * FROM maker;
CREATE MATERIALIZED VIEW stored_makers AS SELECT * FROM maker;
CREATE TABLE other.child (id int REFERENCES clock);
"""


def reflected(engine: sa.Engine, **options: Any) -> list[str]:
    metadata = sa.MetaData()
    metadata.reflect(engine, **options)
    return sorted(metadata.tables)


def test_what_to_reflect_is_chosen(engine: sa.Engine) -> None:
    run(engine, SHOP)
    tables = ["alone", "clock", "maker"]
    assert reflected(engine) == [*tables, "other.target"]
    assert reflected(engine, resolve_fks=False) == tables
    assert reflected(engine, views=True, resolve_fks=False) == [*tables, "makers", "stored_makers"]
    assert reflected(engine, only=["clock"]) == ["clock", "maker", "other.target"]
    assert reflected(engine, only=["clock"], resolve_fks=False) == ["clock"]
    assert reflected(engine, only=lambda name, metadata: name.startswith("a")) == ["alone"]
    assert reflected(engine, schema="other") == ["clock", "maker", "other.child", "other.target"]
    assert reflected(engine, schema="other", resolve_fks=False) == ["other.child", "other.target"]
    with pytest.raises(sa.exc.InvalidRequestError, match="missing"):
        reflected(engine, only=["missing"])


def test_a_table_brings_those_that_it_refers_to(engine: sa.Engine) -> None:
    run(engine, SHOP)
    metadata = sa.MetaData()
    clock = sa.Table("clock", metadata, autoload_with=engine)
    assert sorted(metadata.tables) == ["clock", "maker", "other.target"]
    assert clock.c.maker_id.references(metadata.tables["maker"].c.id)
    assert clock.c.t.references(metadata.tables["other.target"].c.id)
    with pytest.raises(sa.exc.NoSuchTableError, match="missing"):
        sa.Table("missing", metadata, autoload_with=engine)


def test_the_search_path_can_be_ignored_for_tables(engine: sa.Engine) -> None:
    run(engine, SHOP)
    for ignored, expected in ((False, "target"), (True, "other.target")):
        metadata = sa.MetaData()
        with engine.connect() as connection:
            connection.exec_driver_sql("SET search_path TO public, other")
            sa.Table(
                "clock", metadata, autoload_with=connection, postgresql_ignore_search_path=ignored
            )
        assert sorted(metadata.tables) == ["clock", "maker", expected]
        maker = metadata.tables["maker"]
        assert maker.dialect_options["postgresql"]["ignore_search_path"] is ignored


def test_columns_may_be_chosen_changed_and_added(engine: sa.Engine) -> None:
    run(
        engine,
        "CREATE TABLE t (a int PRIMARY KEY, b text UNIQUE, c int); CREATE INDEX i ON t (b, c)",
    )
    metadata = sa.MetaData()

    @event.listens_for(metadata, "column_reflect")
    def to_upper(inspector: Any, table: Any, column: Any) -> None:
        column["key"] = column["name"].upper()

    table = sa.Table(
        "t",
        metadata,
        sa.Column("c", sa.BigInteger, key="mine"),
        include_columns=["a", "b"],
        autoload_with=engine,
    )
    assert table.c.keys() == ["A", "B", "mine"]
    assert [column.key for column in table.primary_key] == ["A"]
    assert not table.indexes


def test_columns_with_other_keys_are_the_columns_of_indexes(engine: sa.Engine) -> None:
    run(
        engine,
        "CREATE TABLE t (a text, b text, CONSTRAINT u UNIQUE (a) INCLUDE (b));"
        'CREATE INDEX i ON t (b text_pattern_ops, a COLLATE "C" text_pattern_ops) INCLUDE (a)',
    )
    metadata = sa.MetaData()

    @event.listens_for(metadata, "column_reflect")
    def to_upper(inspector: Any, table: Any, column: Any) -> None:
        column["key"] = column["name"].upper()

    table = sa.Table("t", metadata, autoload_with=engine)
    (index,) = table.indexes
    assert str(CreateIndex(index).compile(engine)) == (
        'CREATE INDEX i ON t (b text_pattern_ops, (a COLLATE "C") text_pattern_ops) INCLUDE (a)'
    )
    assert "CONSTRAINT u UNIQUE (a) INCLUDE (b)" in str(CreateTable(table).compile(engine))


def test_a_key_may_have_several_identity_columns(engine: sa.Engine) -> None:
    run(
        engine,
        "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b int GENERATED ALWAYS AS IDENTITY,"
        " PRIMARY KEY (b, a))",
    )
    table = sa.Table("t", sa.MetaData(), autoload_with=engine)
    with engine.begin() as connection:
        result = connection.execute(table.insert())
        assert tuple(result.inserted_primary_key) == (1, 1)
        assert connection.execute(table.select()).all() == [(1, 1)]


def test_what_was_reflected_can_be_used(engine: sa.Engine) -> None:
    run(engine, SHOP)
    metadata = sa.MetaData()
    metadata.reflect(engine)
    maker, clock = metadata.tables["maker"], metadata.tables["clock"]
    with engine.begin() as connection:
        key = connection.execute(maker.insert(), {"name": "Ada"}).inserted_primary_key
        connection.execute(clock.insert(), {"maker_id": key[0]})
        statement = sa.select(maker.c.name).join_from(clock, maker)
        assert connection.scalars(statement).all() == ["Ada"]


def test_a_reflection_of_an_async_engine(postgresql_url: str, engine: sa.Engine) -> None:
    run(engine, SHOP)

    async def program() -> list[str]:
        url = postgresql_url.replace("postgresql://", "postgresql+asyncpg://", 1)
        async_engine = create_async_engine(url)
        metadata = sa.MetaData()
        async with async_engine.connect() as connection:
            await connection.run_sync(lambda sync: metadata.reflect(sync, views=True))
        await async_engine.dispose()
        return sorted(metadata.tables)

    expected = ["alone", "clock", "maker", "makers", "other.target", "stored_makers"]
    assert asyncio.run(program()) == expected


# -- how many queries


def make_many(engine: sa.Engine, count: int) -> None:
    """Make tables in two schemas; every one refers to one of the other schema."""
    script = "CREATE SCHEMA other; CREATE TYPE mood AS ENUM ('sad', 'ok');"
    for number in range(count):
        target = f"other.o{number}"
        script += f"CREATE TABLE {target} (id int PRIMARY KEY, m mood);"
        script += f"CREATE TABLE t{number} (id int PRIMARY KEY, m mood, o int REFERENCES {target});"
        script += f"CREATE INDEX ON t{number} (m);"
    run(engine, script)


@pytest.fixture
def queries(engine: sa.Engine) -> list[str]:
    """The statements that are sent from here on."""
    sent: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    return sent


@pytest.mark.parametrize("count", [5, 50])
def test_a_schema_takes_the_same_queries_whatever_its_size(
    engine: sa.Engine, queries: list[str], count: int
) -> None:
    make_many(engine, count)
    metadata = sa.MetaData()
    metadata.reflect(engine, views=True)
    assert len(metadata.tables) == 2 * count
    # Three for the names; then ten for the tables, and as many for those that they refer to.
    assert len(queries) == 23


@pytest.mark.parametrize("count", [5, 50])
def test_a_question_about_many_tables_is_one_query(
    engine: sa.Engine, queries: list[str], count: int
) -> None:
    make_many(engine, count)
    inspector = sa.inspect(engine)
    assert len(inspector.get_multi_columns()) == count
    assert len(queries) == 2  # and the types with names
    for what in ("pk_constraint", "foreign_keys", "indexes", "unique_constraints"):
        assert len(getattr(inspector, f"get_multi_{what}")()) == count
    for what in ("check_constraints", "table_comment", "table_options"):
        assert len(getattr(inspector, f"get_multi_{what}")()) == count
    assert len(queries) == 2 + 7
    assert len(inspector.get_sorted_table_and_fkc_names()) == count + 1
    assert len(queries) == 2 + 7
    inspector.get_multi_columns()
    assert len(queries) == 2 + 7


def test_making_and_dropping_many_tables_looks_for_them_at_once(
    engine: sa.Engine, queries: list[str]
) -> None:
    metadata = sa.MetaData()
    for number in range(20):
        sa.Table(f"t{number}", metadata, sa.Column("id", sa.Integer, primary_key=True))
    metadata.create_all(engine)
    assert len(queries) == 1 + 20
    metadata.create_all(engine)
    assert len(queries) == 1 + 20 + 1
    metadata.drop_all(engine)
    assert len(queries) == 1 + 20 + 1 + 1 + 20
    assert sa.inspect(engine).get_table_names() == []


def test_a_chain_of_tables_takes_a_query_for_each_link(
    engine: sa.Engine, queries: list[str]
) -> None:
    run(
        engine,
        "CREATE TABLE c0 (id int PRIMARY KEY);"
        "CREATE TABLE c1 (id int PRIMARY KEY REFERENCES c0, a int REFERENCES c0);"
        "CREATE TABLE c2 (id int PRIMARY KEY REFERENCES c1, a int REFERENCES c1, b int);"
        "ALTER TABLE c0 ADD FOREIGN KEY (id) REFERENCES c2",
    )
    metadata = sa.MetaData()
    sa.Table("c2", metadata, autoload_with=engine)
    assert len(metadata.tables) == 3
    # The foreign keys of each, then the eight other questions about all.
    assert len(queries) == 3 + 8
