"""What MySQL's and MariaDB's SQL has beyond others', on a real server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from every_driver import on_mariadb

import ormolu as orm
from ormolu import (
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Sequence,
    String,
    Table,
    Text,
    create_engine,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from ormolu.dialects import mysql as my
from ormolu.engine import Engine
from ormolu.exc import (
    DBAPIError,
    InvalidRequestError,
    OperationalError,
    ProgrammingError,
    StatementError,
)
from ormolu.orm import Session
from ormolu.testing.statements import count_queries

pytestmark = pytest.mark.backend("mysql+mysqldb")


@pytest.fixture
def engine(backend_url: str) -> Iterator[Engine]:
    engine = create_engine(backend_url)
    yield engine
    engine.dispose()


def made(engine: Engine, *items: Any, **options: Any) -> Table:
    table = Table("item", MetaData(), Column("id", Integer, primary_key=True), *items, **options)
    table.create(engine)
    return table


def shown(engine: Engine, table: str = "item") -> str:
    with engine.connect() as connection:
        row: Any = connection.execute(text(f"SHOW CREATE TABLE {table}")).one()
    ddl: str = row[1]
    return ddl


# -- INSERT


def test_on_duplicate_key_update(engine: Engine) -> None:
    item = made(engine, Column("name", String(20), unique=True), Column("n", Integer))
    with engine.begin() as connection:
        for name, n in (("a", 1), ("b", 2), ("a", 5)):
            statement = my.insert(item).values(name=name, n=n)
            statement = statement.on_duplicate_key_update(n=item.c.n + statement.inserted.n)
            connection.execute(statement)
        rows = connection.execute(select(item.c.name, item.c.n).order_by(item.c.id)).all()
        assert rows == [("a", 6), ("b", 2)]
        many = my.insert(item)
        many = many.on_duplicate_key_update(n=func.greatest(item.c.n, many.inserted.n))
        connection.execute(
            many, [{"name": "a", "n": 7}, {"name": "b", "n": 1}, {"name": "c", "n": 3}]
        )
        rows = connection.execute(select(item.c.name, item.c.n).order_by(item.c.id)).all()
        assert rows == [("a", 7), ("b", 2), ("c", 3)]
        with_value = my.insert(item).values(name="a").on_duplicate_key_update(n=0)
        connection.execute(with_value)
        assert connection.scalar(select(item.c.n).where(item.c.name == "a")) == 0


def test_returning(engine: Engine) -> None:
    item = made(engine, Column("name", String(20)), Column("n", Integer, server_default="7"))
    if not on_mariadb(engine):
        _refuses_returning(engine, item)
        return
    with engine.begin() as connection:
        rows = connection.execute(
            insert(item).returning(item.c.id, item.c.name, item.c.n, sort_by_parameter_order=True),
            [{"name": str(i)} for i in range(3000)],
        ).all()
        assert rows == [(i + 1, str(i), 7) for i in range(3000)]
        upsert = my.insert(item).values(id=1, name="again")
        upsert = upsert.on_duplicate_key_update(name=upsert.inserted.name)
        assert connection.execute(upsert.returning(item)).all() == [(1, "again", 7)]
        gone = connection.execute(delete(item).where(item.c.id < 3).returning(item.c.name)).all()
        assert gone == [("again",), ("1",)]


def _refuses_returning(engine: Engine, item: Table) -> None:
    """Nothing is sent for many rows, which the server would have to refuse one by one."""
    rows = [{"name": "a"}, {"name": "b"}]
    with engine.connect() as connection, count_queries(engine) as log:
        for statement in (insert(item), update(item).where(item.c.n == 1)):
            with pytest.raises(StatementError, match="RETURNING when executemany is used") as told:
                connection.execute(statement.returning(item.c.id), rows)
            assert isinstance(told.value.orig, InvalidRequestError)
        assert len(log) == 0
        for one in (insert(item).values(name="a"), update(item).values(n=1), delete(item)):
            with pytest.raises(ProgrammingError, match="1064"):
                connection.execute(one.returning(item.c.id))
        result = connection.execute(insert(item).return_defaults(), {"name": "c"})
        assert result.inserted_primary_key == (1,)
        assert connection.scalar(select(func.count()).select_from(item)) == 1


def test_insert_ignore_and_replace(engine: Engine) -> None:
    item = made(engine, Column("name", String(20), unique=True))
    with engine.begin() as connection:
        ignoring = insert(item).prefix_with("IGNORE")
        result = connection.execute(ignoring, [{"name": "a"}, {"name": "a"}, {"name": "b"}])
        assert result.rowcount == 2
        assert connection.execute(ignoring, {"name": "a"}).rowcount == 0
        names = select(item.c.name).order_by(item.c.name)
        assert connection.scalars(names).all() == ["a", "b"]


def test_insert_from_select(engine: Engine) -> None:
    item = made(engine, Column("name", String(20)))
    with engine.begin() as connection:
        connection.execute(insert(item), [{"name": "a"}, {"name": "b"}])
        twice = select(func.concat(item.c.name, item.c.name)).where(item.c.name != "b")
        connection.execute(insert(item).from_select(["name"], twice))
        assert connection.scalars(select(item.c.name).order_by(item.c.id)).all() == ["a", "b", "aa"]


def test_ctes_in_values(engine: Engine) -> None:
    """Neither server takes WITH before INSERT, so each value has its own."""
    parent, child = family(engine)
    named = select(child.c.name).where(child.c.name < "c3").cte("named")
    counted = select(orm.literal(1).label("n")).cte("counted", recursive=True)
    counted = counted.union_all(select(counted.c.n + 1).where(counted.c.n < 4))
    last = select(func.max(named.c.name)).scalar_subquery()
    total = select(func.sum(counted.c.n)).scalar_subquery()
    with engine.begin() as connection:
        connection.execute(insert(parent).values(id=total, name=last))
        rows = [{"id": 11, "name": last}, {"id": total + 5, "name": "x"}]
        connection.execute(insert(parent).values(rows))
        upsert = my.insert(parent).values(id=10, name="y").on_duplicate_key_update(name=last + "!")
        connection.execute(upsert)
        connection.execute(insert(parent).from_select(["name"], select(named.c.name)))
        found = connection.execute(select(parent.c.id, parent.c.name).where(parent.c.id > 9)).all()
        assert set(found) >= {(10, "c2!"), (11, "c2"), (15, "x"), (16, "c1"), (17, "c2")}


# -- UPDATE and DELETE


def family(engine: Engine) -> tuple[Table, Table]:
    metadata = MetaData()
    parent = Table(
        "parent", metadata, Column("id", Integer, primary_key=True), Column("name", String(9))
    )
    child = Table(
        "child",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("parent_id", ForeignKey("parent.id")),
        Column("name", String(9)),
    )
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(parent), [{"id": i, "name": f"p{i}"} for i in (1, 2)])
        rows = [{"id": i, "parent_id": 1 + i % 2, "name": f"c{i}"} for i in range(1, 5)]
        connection.execute(insert(child), rows)
    return parent, child


def test_update_of_several_tables(engine: Engine) -> None:
    parent, child = family(engine)
    with engine.begin() as connection:
        joined = child.c.parent_id == parent.c.id
        statement = update(child).values(name=parent.c.name).where(joined, parent.c.name == "p2")
        assert connection.execute(statement).rowcount == 2
        names = select(child.c.name).order_by(child.c.id)
        assert connection.scalars(names).all() == ["p2", "c2", "p2", "c4"]
        both = update(child).values({child.c.name: "x", parent.c.name: "y"}).where(joined)
        connection.execute(both)
        assert set(connection.scalars(select(child.c.name))) == {"x"}
        assert set(connection.scalars(select(parent.c.name))) == {"y"}
        join = update(child.join(parent)).values({child.c.name: parent.c.name, parent.c.name: "z"})
        connection.execute(join.where(parent.c.id == 1))
        assert set(connection.scalars(select(child.c.name))) >= {"x"}
        assert connection.scalars(select(parent.c.name).order_by(parent.c.id)).all() == ["z", "y"]


def test_delete_of_several_tables(engine: Engine) -> None:
    parent, child = family(engine)
    with engine.begin() as connection:
        statement = delete(child).where(child.c.parent_id == parent.c.id, parent.c.name == "p1")
        assert connection.execute(statement).rowcount == 2
        assert connection.scalars(select(child.c.name).order_by(child.c.id)).all() == ["c1", "c3"]


def test_limited_update_and_delete(engine: Engine) -> None:
    _, child = family(engine)
    with engine.begin() as connection:
        first = update(child).values(name="x").with_dialect_options(mysql_limit=3)
        assert connection.execute(first).rowcount == 3
        assert connection.execute(delete(child).ext(my.limit(1))).rowcount == 1
        assert connection.scalar(select(func.count()).select_from(child)) == 3


# -- SELECT


def test_match_against(engine: Engine) -> None:
    item = made(
        engine,
        Column("title", String(100)),
        Column("body", Text),
        Index("words", "title", "body", mysql_prefix="FULLTEXT"),
    )
    with engine.begin() as connection:
        texts = [("databases", "are fast"), ("cars", "are slow"), ("fast cars", "and databases")]
        connection.execute(insert(item), [{"title": t, "body": b} for t, b in texts])
    with engine.connect() as connection:
        match = my.match(item.c.title, item.c.body, against="databases")
        assert connection.scalars(select(item.c.id).where(match).order_by(item.c.id)).all() == [
            1,
            3,
        ]
        boolean = my.match(item.c.title, item.c.body, against="+databases -cars").in_boolean_mode()
        assert connection.scalars(select(item.c.id).where(boolean)).all() == [1]
        relevance = connection.scalars(select(match.in_natural_language_mode())).all()
        assert relevance[0] > 0 and relevance[1] == 0


def test_documents(engine: Engine) -> None:
    item = made(engine, Column("doc", orm.JSON))
    document = {"a": {"b": [10, {"c": "x"}]}, "n": 1.5, "t": True, "odd \"key'": "v", "z": None}
    with engine.begin() as connection:
        connection.execute(insert(item), {"doc": document})
        doc = item.c.doc
        for expression, expected in (
            (doc["a"], {"b": [10, {"c": "x"}]}),
            (doc["a", "b", 1, "c"], "x"),
            (doc["a"]["b"][0].as_integer(), 10),
            (doc["n"].as_float(), 1.5),
            (doc["t"].as_boolean(), True),
            (doc[("a", "b", 1, "c")].as_string(), "x"),
            (doc["odd \"key'"].as_string(), "v"),
            (doc["missing"], None),
            (doc["z"], None),
            (func.json_length(doc, "$.a.b"), 2),
            (~doc["t"].as_boolean(), False),
            (orm.cast(doc["n"], my.REAL(asdecimal=False)), 1.5),
        ):
            assert connection.scalar(select(expression)) == expected, str(expression)
        found = select(item.c.id).where(doc["a", "b", 0].as_integer() == 10)
        assert connection.scalar(found) == 1


def test_hints(engine: Engine) -> None:
    item = made(engine, Column("n", Integer), Index("by_n", "n"))
    with engine.begin() as connection:
        connection.execute(insert(item), [{"n": i % 7} for i in range(50)])
        for statement in (
            select(item.c.id).prefix_with("STRAIGHT_JOIN").where(item.c.n == 3),
            select(item.c.id).with_hint(item, "FORCE INDEX (by_n)").where(item.c.n == 3),
            select(item.c.id).with_hint(item, "IGNORE INDEX (by_n)", "mysql").where(item.c.n == 3),
            select(item.c.id).prefix_with("SQL_NO_CACHE").where(item.c.n == 3),
        ):
            assert len(connection.scalars(statement).all()) == 7
    with Session(engine) as session:
        hinted = session.query(item.c.id).with_hint(item, "USE INDEX (%(name)s_x)", "oracle")
        assert (
            hinted.with_hint(item, "FORCE INDEX (by_n)", "mysql").filter(item.c.n == 3).count() == 7
        )


def test_row_locks(engine: Engine) -> None:
    item = made(engine, Column("n", Integer))
    with engine.begin() as connection:
        connection.execute(insert(item), [{"n": i} for i in (1, 2, 3)])
    with engine.begin() as one, engine.begin() as two:
        locked = select(item.c.id).where(item.c.id == 2)
        assert one.scalars(locked.with_for_update()).all() == [2]
        every = select(item.c.id).order_by(item.c.id)
        assert two.scalars(every.with_for_update(skip_locked=True)).all() == [1, 3]
        number = "1205" if on_mariadb(engine) else "3572"
        with pytest.raises(OperationalError, match=number):
            two.execute(locked.with_for_update(nowait=True))
        with pytest.raises(OperationalError, match=number):
            two.execute(locked.with_for_update(read=True, nowait=True))
        assert two.scalars(every).all() == [1, 2, 3]


def test_expressions(engine: Engine) -> None:
    item = made(engine, Column("name", String(20)), Column("n", Integer))
    with engine.begin() as connection:
        connection.execute(insert(item), [{"name": "50% a\\b", "n": 7}, {"name": "x_y", "n": None}])
        name, n = item.c.name, item.c.n
        for expression, expected in (
            (name.startswith("50%", autoescape=True), [1]),
            (name.contains("\\", autoescape=True), [1]),
            (name.contains("_", autoescape=True), [2]),
            (name.ilike("X%"), [2]),
            (name.regexp_match("^[0-9]+%"), [1]),
            (~name.regexp_match("^[0-9]"), [2]),
            (name.collate("utf8mb4_bin") == "x_y", [2]),
            (n.is_distinct_from(7), [2]),
            (n.is_not_distinct_from(None), [2]),
            (n / 2 == 3.5, [1]),
            (n // 2 == 3, [1]),
            (n % 4 == 3, [1]),
            (n.op("DIV")(2) == 3, [1]),
            (n.bitwise_and(3) == 3, [1]),
            ((name + "!") == "x_y!", [2]),
            (orm.tuple_(item.c.id, n).in_([(1, 7), (2, 8)]), [1]),
            (orm.cast(n, String(5)) == "7", [1]),
            (orm.cast("7", Integer) == n, [1]),
            (func.coalesce(n, 0) == 0, [2]),
            (name.regexp_replace("[0-9]+", "N") == "N% a\\b", [1]),
        ):
            found = connection.scalars(select(item.c.id).where(expression)).all()
            assert found == expected, str(expression.compile(dialect=engine.dialect))


def test_recursion_windows_and_limits(engine: Engine) -> None:
    counted = select(orm.literal(1).label("n")).cte("counted", recursive=True)
    counted = counted.union_all(select(counted.c.n + 1).where(counted.c.n < 10))
    with engine.connect() as connection:
        assert connection.scalars(select(counted.c.n)).all() == list(range(1, 11))
        sums = select(func.sum(counted.c.n).over(order_by=counted.c.n)).limit(2).offset(1)
        assert connection.scalars(sums).all() == [3, 6]
        assert len(connection.scalars(select(counted.c.n).offset(4)).all()) == 6


# -- DDL


def test_table_options(engine: Engine) -> None:
    made(
        engine,
        Column("name", String(20, collation="utf8mb4_bin"), comment="it's 100%"),
        mysql_engine="MyISAM",
        mysql_charset="latin1",
        mysql_collate="latin1_german1_ci",
        mysql_row_format="DYNAMIC",
        mysql_auto_increment="50",
        comment='of "things" \\ 5%',
    )
    ddl = shown(engine)
    for part in ("ENGINE=MyISAM", "COLLATE=latin1_german1_ci", "AUTO_INCREMENT=50", "utf8mb4_bin"):
        assert part in ddl
    described = orm.inspect(engine)
    assert described.get_table_comment("item")["text"] == 'of "things" \\ 5%'
    assert described.get_columns("item")[1]["comment"] == "it's 100%"


def test_indexes(engine: Engine) -> None:
    made(
        engine,
        Column("name", String(200)),
        Column("body", Text),
        Column("n", Integer),
        Column("place", text_type("POINT"), nullable=False),
        Index("short", "name", mysql_length=10),
        Index("two", "name", "body", mysql_length={"name": 5, "body": 7}),
        Index("tree", "n", mysql_using="btree"),
        Index("words", "body", mysql_prefix="FULLTEXT"),
        Index("where_", "place", mysql_prefix="SPATIAL"),
        Index("falling", text("n DESC")),
    )
    ddl = shown(engine)
    for part in (
        "KEY `short` (`name`(10))",
        "KEY `two` (`name`(5),`body`(7))",
        "KEY `tree` (`n`) USING BTREE",
        "FULLTEXT KEY `words` (`body`)",
        "SPATIAL KEY `where_` (`place`)",
        "KEY `falling` (`n` DESC)",
    ):
        assert part in ddl


def text_type(word: str) -> Any:
    class Named(orm.types.UserDefinedType[Any]):
        cache_ok = True

        def get_col_spec(self, **kw: Any) -> str:
            return word

    return Named()


def test_generated_columns_and_checks(engine: Engine) -> None:
    item = made(
        engine,
        Column("n", Integer),
        orm.CheckConstraint("n > 0", name="positive"),
        Column("twice", Integer, orm.Computed("n * 2", persisted=True)),
        Column("square", Integer, orm.Computed("n * n")),
    )
    with engine.begin() as connection:
        connection.execute(insert(item), {"n": 3})
        assert connection.execute(select(item)).one() == (1, 3, 6, 9)
        connection.execute(update(item).values(n=4))
        assert connection.execute(select(item)).one() == (1, 4, 8, 16)
        with pytest.raises(DBAPIError, match="positive"):
            connection.execute(insert(item), {"n": -3})


def test_sequences(engine: Engine) -> None:
    numbers = Sequence("numbers", start=5, increment=10)
    metadata = MetaData()
    item = Table("item", metadata, Column("id", Integer, numbers, primary_key=True))
    metadata.create_all(engine)
    if not on_mariadb(engine):
        _has_no_sequences(engine, item, numbers)
        metadata.drop_all(engine)
        return
    with engine.begin() as connection:
        assert orm.inspect(connection).get_sequence_names() == ["numbers"]
        assert connection.execute(insert(item)).inserted_primary_key == (5,)
        assert connection.scalar(numbers) == 15
        connection.execute(insert(item), [{}, {}])
        assert connection.scalars(select(item.c.id).order_by(item.c.id)).all() == [5, 25, 35]
    metadata.drop_all(engine)
    assert orm.inspect(engine).get_sequence_names() == []


def _has_no_sequences(engine: Engine, item: Table, numbers: Sequence) -> None:
    """The key counts by itself instead; the sequence alone is refused."""
    assert "AUTO_INCREMENT" in shown(engine)
    with engine.begin() as connection:
        assert connection.execute(insert(item)).inserted_primary_key == (1,)
        connection.execute(insert(item), [{}, {}])
        assert connection.scalars(select(item.c.id).order_by(item.c.id)).all() == [1, 2, 3]
        with pytest.raises(NotImplementedError, match="sequences"):
            orm.inspect(connection).get_sequence_names()
        with pytest.raises(OperationalError, match="1305"):
            connection.scalar(numbers)
        with pytest.raises(ProgrammingError, match="1064"):
            connection.execute(orm.schema.CreateSequence(numbers))


def test_schemas_are_databases(engine: Engine) -> None:
    name = f"{engine.url.database}_other"
    with engine.begin() as connection:
        connection.execute(orm.schema.CreateSchema(name))
    item = Table("item", MetaData(schema=name), Column("id", Integer, primary_key=True))
    item.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(item))
        assert connection.scalar(select(func.count()).select_from(item)) == 1
        assert orm.inspect(connection).has_table("item", schema=name)
        assert not orm.inspect(connection).has_table("item")
        connection.execute(orm.schema.DropSchema(name))
