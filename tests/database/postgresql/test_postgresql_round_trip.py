"""A model, created and reflected, is created again as the same tables (hypothesis makes models)."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_models import Models

from backends.catalogue import POSTGRESQL
from backends.databases import ask, connect
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
COUNTED = [None, Identity(), Identity(always=True, start=5, increment=3, cycle=True)]
INDEXES: dict[str, tuple[list[Any], dict[str, Any]]] = {
    "sorted": ([lambda t: t.c.id.desc(), lambda t: t.c.plus.asc().nulls_first()], {}),
    "partial": ([lambda t: t.c.plus], {"postgresql_where": text("plus > 1 AND id <> 2")}),
    "expression": ([lambda t: t.c.plus, lambda t: func.abs(t.c.id)], {}),
    "covering": ([lambda t: t.c.plus], {"postgresql_include": ["id"]}),
    "filled": ([lambda t: t.c.plus], {"postgresql_with": {"fillfactor": 50}}),
}


class PostgreSQLModels(Models):
    """Names of any kind."""

    keys = KEYS
    others = OTHERS
    defaults = DEFAULTS
    #: Quotes, blanks, reserved words, upper case, other scripts.
    names = st.text(alphabet="aB_\"'`[],().é%;- \\", min_size=1, max_size=6)

    def reference_options(self, draw: Any) -> dict[str, Any]:
        deferrable = draw(st.sampled_from([None, True]))
        return {**super().reference_options(draw), "deferrable": deferrable}

    def constrain(self, draw: Any, table: Table, keys: list[str], number: int) -> None:
        if draw(st.booleans()):
            values = draw(self.distinct())
            table.append_column(Column("mood", Enum(*values, name=f"mood {number}")))
        counted = draw(st.sampled_from(COUNTED))
        table.append_column(Column("id", Integer, *([counted] if counted is not None else ())))
        if draw(st.booleans()):
            table.append_constraint(
                PrimaryKeyConstraint("id", name=draw(self.named(f"pk{number}")))
            )
            table.c.id.autoincrement = counted is not None or draw(st.booleans())
        else:
            table.append_constraint(PrimaryKeyConstraint(*draw(st.permutations(keys))[:2]))
        table.append_column(Column("plus", Integer, Computed("1 + 1", persisted=True)))
        if draw(st.booleans()):
            deferrable = draw(st.sampled_from([None, True]))
            name = draw(self.named(f"uq{number}"))
            table.append_constraint(UniqueConstraint(*keys[:2], name=name, deferrable=deferrable))
        if draw(st.booleans()):
            condition = draw(st.sampled_from(["id > 0", "id IN (2, 3)", "')' <> ',' AND (id = 1)"]))
            name = draw(self.named(f"ck{number}"))
            table.append_constraint(CheckConstraint(condition, name=name))
        for kind in draw(st.sets(st.sampled_from(sorted(INDEXES)))):
            parts, options = INDEXES[kind]
            unique = draw(st.booleans())
            Index(f"ix {kind} {number}", *[part(table) for part in parts], unique=unique, **options)


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


def stored(connection: Any) -> list[tuple[Any, ...]]:
    """What the catalogue holds."""
    return sorted(ask(connection, CATALOGUE), key=repr)


@given(PostgreSQLModels().all())
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_created_and_reflected_is_created_again(
    postgresql_url: str, metadata: MetaData
) -> None:
    engine = create_engine(postgresql_url)
    with connect(POSTGRESQL, postgresql_url) as connection:
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
