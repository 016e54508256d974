"""A model, created and reflected, is created again as the same tables (hypothesis makes models)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ormolu import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Double,
    Enum,
    Float,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
    create_engine,
    func,
    text,
)
from ormolu.dialects import postgresql
from ormolu.engine.url import make_url

KEYS: list[Any] = [
    Integer(),
    BigInteger(),
    SmallInteger(),
    String(5),
    String(5, collation="C"),
    postgresql.CHAR(3),
    Numeric(10, 2),
    Date(),
    DateTime(timezone=True),
    Uuid(),
    postgresql.TIMESTAMP(precision=3),
    postgresql.INET(),
    postgresql.BIT(4),
]
OTHERS: list[Any] = [
    Text(),
    Float(),
    Double(),
    Numeric(),
    Boolean(),
    Time(),
    postgresql.TIME(precision=2),
    Interval(),
    postgresql.INTERVAL(fields="DAY TO SECOND", precision=3),
    LargeBinary(),
    JSON(),
    postgresql.JSONB(),
    postgresql.ARRAY(Integer),
    postgresql.ARRAY(String(4)),
    postgresql.TSVECTOR(),
    postgresql.INT4RANGE(),
    postgresql.BIT(5, varying=True),
    postgresql.MONEY(),
]
DEFAULTS: list[tuple[Any, list[Any]]] = [
    (Integer(), ["5", text("-5"), text("(1 + 2)"), text("abs(-3)")]),
    (String(20), ["it's, (so) \\ `%`", "", "NULL", text("'a' || 'b'"), text("current_user")]),
    (DateTime(), [func.now(), text("CURRENT_TIMESTAMP")]),
    (Numeric(6, 3), ["1.5", text("2.25")]),
    (Boolean(), [text("true")]),
    (postgresql.ARRAY(Integer), ["{}", text("ARRAY[1, 2]")]),
]
#: Quotes, blanks, reserved words, upper case, other scripts.
names = st.text(alphabet="aB_\"'`[],().é%;- \\", min_size=1, max_size=6)
distinct = st.lists(names, min_size=2, max_size=4, unique=True)


@st.composite
def models(draw: Any) -> MetaData:
    """A few tables with constraints of all kinds; later ones refer to the first."""
    metadata = MetaData()
    first: Table | None = None
    for number, name in enumerate(draw(st.lists(names, min_size=1, max_size=3))):
        keys = draw(distinct)
        table = Table(
            f"t{number} {name}",
            metadata,
            *[Column(key, draw(st.sampled_from(KEYS)), nullable=False) for key in keys],
            comment=draw(st.sampled_from([None, 'it\'s \\ "%s"\n'])),
        )
        for each in draw(st.lists(st.sampled_from(OTHERS), max_size=4)):
            comment = draw(st.sampled_from([None, "a 'c' \\ %(x)s"]))
            nullable = draw(st.booleans())
            table.append_column(
                Column(f"o{len(table.c)}", each, nullable=nullable, comment=comment)
            )
        for type_, defaults in draw(st.lists(st.sampled_from(DEFAULTS), max_size=3)):
            default = draw(st.sampled_from(defaults))
            table.append_column(Column(f"d{len(table.c)}", type_, server_default=default))
        if draw(st.booleans()):
            values = draw(distinct)
            table.append_column(Column("mood", Enum(*values, name=f"mood {number}")))
        add_constraints(draw, table, keys, number)
        if first is not None:
            refer(draw, table, first)
        first = table if first is None else first
    return metadata


def add_constraints(draw: Any, table: Table, keys: list[str], number: int) -> None:
    counted = draw(
        st.sampled_from([None, Identity(), Identity(always=True, start=5, increment=3, cycle=True)])
    )
    table.append_column(Column("id", Integer, *([counted] if counted is not None else ())))
    if draw(st.booleans()):
        table.append_constraint(PrimaryKeyConstraint("id", name=draw(named("pk", number))))
        table.c.id.autoincrement = counted is not None or draw(st.booleans())
    else:
        table.append_constraint(PrimaryKeyConstraint(*draw(st.permutations(keys))[:2]))
    table.append_column(Column("plus", Integer, Computed("1 + 1", persisted=True)))
    if draw(st.booleans()):
        deferrable = draw(st.sampled_from([None, True]))
        table.append_constraint(
            UniqueConstraint(*keys[:2], name=draw(named("uq", number)), deferrable=deferrable)
        )
    if draw(st.booleans()):
        condition = draw(st.sampled_from(["id > 0", "id IN (2, 3)", "')' <> ',' AND (id = 1)"]))
        table.append_constraint(CheckConstraint(condition, name=draw(named("ck", number))))
    for kind in draw(st.sets(st.sampled_from(sorted(INDEXES)))):
        parts, options = INDEXES[kind]
        name = f"ix {kind} {number}"
        Index(name, *[part(table) for part in parts], unique=draw(st.booleans()), **options)


INDEXES: dict[str, tuple[list[Any], dict[str, Any]]] = {
    "sorted": ([lambda t: t.c.id.desc(), lambda t: t.c.plus.asc().nulls_first()], {}),
    "partial": ([lambda t: t.c.plus], {"postgresql_where": text("plus > 1 AND id <> 2")}),
    "expression": ([lambda t: t.c.plus, lambda t: func.abs(t.c.id)], {}),
    "covering": ([lambda t: t.c.plus], {"postgresql_include": ["id"]}),
    "filled": ([lambda t: t.c.plus], {"postgresql_with": {"fillfactor": 50}}),
}


def refer(draw: Any, table: Table, first: Table) -> None:
    """Refer to the first table's primary key by columns of their own."""
    targets = list(first.primary_key.columns)
    local = [Column(f"f{place}", target.type) for place, target in enumerate(targets)]
    for column in local:
        table.append_column(column)
    table.append_constraint(
        ForeignKeyConstraint(
            [column.name for column in local],
            [(first.name, target.name) for target in targets],
            name=draw(named("fk", len(table.c))),
            ondelete=draw(st.sampled_from([None, "CASCADE", "SET NULL"])),
            onupdate=draw(st.sampled_from([None, "RESTRICT", "CASCADE"])),
            deferrable=draw(st.sampled_from([None, True])),
            initially=None,
        )
    )


def named(kind: str, number: int) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), names.map(lambda name: f"{kind}{number} {name}"))


CATALOGUE = """
SELECT c.relname, 'column', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull::text,
    pg_get_expr(d.adbin, d.adrelid), a.attidentity::text || a.attgenerated::text,
    a.attcollation::text, col_description(c.oid, a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
UNION ALL SELECT conrelid::regclass::text, 'constraint', conname, pg_get_constraintdef(oid),
    NULL, NULL, NULL, NULL, NULL
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT tablename, 'index', indexname, indexdef, NULL, NULL, NULL, NULL, NULL
FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT sequencename, 'sequence', start_value::text, increment_by::text, cycle::text,
    NULL, NULL, NULL, NULL FROM pg_sequences
UNION ALL SELECT relname, 'comment', obj_description(oid, 'pg_class'), NULL, NULL, NULL, NULL,
    NULL, NULL FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
UNION ALL SELECT typname, 'enum', string_agg(enumlabel, '|' ORDER BY enumsortorder), NULL, NULL,
    NULL, NULL, NULL, NULL FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY typname
"""


@contextmanager
def raw(url: str) -> Iterator[psycopg.Connection[Any]]:
    """A raw connection in autocommit."""
    at = make_url(url)
    with psycopg.connect(
        host=at.host,
        port=at.port,
        user=at.username,
        password=at.password,
        dbname=at.database,
        autocommit=True,
    ) as connection:
        yield connection


def stored(connection: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    """What the catalogue holds."""
    return sorted(connection.execute(CATALOGUE).fetchall(), key=repr)


@given(models())
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_created_and_reflected_is_created_again(
    postgresql_url: str, metadata: MetaData
) -> None:
    engine = create_engine(postgresql_url)
    with raw(postgresql_url) as connection:
        try:
            metadata.create_all(engine)
            before = stored(connection)
            found = MetaData()
            found.reflect(engine)
            assert found.tables.keys() == metadata.tables.keys()
            found.drop_all(engine)
            assert stored(connection) == []
            found.create_all(engine)
            assert stored(connection) == before
            once_more = MetaData()
            once_more.reflect(engine)
            once_more.drop_all(engine)
        finally:
            engine.dispose()
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
