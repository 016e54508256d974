"""Rows in the order of the parameters: many sets per statement, wherever rows can be told apart.

Where SQLAlchemy takes sentinels, what is sent is the same. ormolu also goes by pages with a
generated integer key on SQLite, and one by one where a key may not come back as it went.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
import sqlalchemy

import ormolu
from ormolu.dialects.sqlite import insert as upsert

IDS = [uuid.UUID(int=i * 7919 % 31) for i in range(30)]


def random_key(sa: Any) -> Any:
    """A key that only the database makes."""
    default = sa.text("(lower(hex(randomblob(8))))")
    return sa.Column("id", sa.String, primary_key=True, server_default=default)


def tables(sa: Any) -> dict[str, Any]:
    metadata = sa.MetaData()
    ids = count()

    def table(name: str, *columns: Any) -> None:
        sa.Table(name, metadata, sa.Column("x", sa.Integer), *columns)

    def keyed(name: str, type_: Any, **options: Any) -> None:
        table(name, sa.Column("id", type_, primary_key=True, **options))

    keyed("made", sa.Uuid, default=lambda: IDS[next(ids) % 30])
    keyed("uuid", sa.Uuid)
    keyed("string", sa.String(9))
    keyed("text", sa.Text)
    keyed("number", sa.BigInteger, autoincrement=False)
    keyed("moment", sa.DateTime)
    keyed("generated", sa.Integer)
    table("pair", *(sa.Column(k, sa.Integer, primary_key=True) for k in "ab"))
    table("numbered", random_key(sa), sa.insert_sentinel("sentinel"))
    table("keyless", sa.insert_sentinel("sentinel"))
    table("unknown", random_key(sa))
    own = sa.Column("u", sa.Uuid, default=lambda: IDS[next(ids) % 30], insert_sentinel=True)
    table("own", random_key(sa), own)
    return dict(metadata.tables)


class Library:
    """One library on SQLite, in pages of three rows."""

    def __init__(self, sa: Any) -> None:
        self.sa = sa
        self.tables = tables(sa)
        self.engine = sa.create_engine("sqlite://", insertmanyvalues_page_size=3)
        self.tables["uuid"].metadata.create_all(self.engine)
        self.sent: list[Any] = []
        sa.event.listen(self.engine, "before_cursor_execute", self._note)

    def _note(self, connection: Any, cursor: Any, sql: str, params: Any, *rest: Any) -> None:
        if sql != "BEGIN":
            self.sent.append((sql, params))

    def insert(self, name: str, names: list[str], rows: Any, **values: Any) -> Any:
        """The rows of a sorted RETURNING; ``sent`` has what was sent for them."""
        self.sent.clear()
        table = self.tables[name]
        columns = [table.c[each] for each in names] or [table]
        statement = self.sa.insert(table).returning(*columns, sort_by_parameter_order=True)
        if values:
            statement = statement.values(**values)
        with self.engine.connect() as connection:
            result = connection.execute(statement, rows)
            return list(result.keys()), [tuple(row) for row in result]


@pytest.fixture
def theirs() -> Iterator[Library]:
    library = Library(sqlalchemy)
    yield library
    library.engine.dispose()


@pytest.fixture
def ours() -> Iterator[Library]:
    library = Library(ormolu)
    yield library
    library.engine.dispose()


def rows_of(make: Callable[[int], dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"x": i, **make(i)} for i in range(7)]


ROWS: dict[str, list[dict[str, Any]]] = {
    "made": rows_of(lambda i: {}),
    "uuid": rows_of(lambda i: {"id": IDS[i]}),
    "string": rows_of(lambda i: {"id": str(9 - i)}),
    "text": rows_of(lambda i: {"id": str(i * 5 % 7)}),
    "number": rows_of(lambda i: {"id": 9 - i}),
    "pair": rows_of(lambda i: {"a": i % 2, "b": -i}),
    "keyless": rows_of(lambda i: {}),
    "own": rows_of(lambda i: {}),
}


@pytest.mark.parametrize("names", [["x"], ["x", "id"], []])
@pytest.mark.parametrize("name", ROWS)
def test_the_same_is_sent_and_comes_back(
    theirs: Library, ours: Library, name: str, names: list[str]
) -> None:
    names = [each for each in names if each in ours.tables[name].c]
    if name == "own" and "id" in (names or ["id"]):
        names = ["x", "u"]
    rows = ROWS[name]
    assert ours.insert(name, names, rows) == theirs.insert(name, names, rows)
    assert ours.sent == theirs.sent
    assert len(ours.sent) == 3


def test_a_sentinel_column_holds_the_number_of_the_set(theirs: Library, ours: Library) -> None:
    rows = rows_of(lambda i: {})
    expected = theirs.insert("numbered", ["x", "sentinel"], rows)
    assert ours.insert("numbered", ["x", "sentinel"], rows) == expected
    assert ours.sent == theirs.sent
    assert expected[1] == [(i, i) for i in range(7)]


def test_a_sentinel_may_be_given(theirs: Library, ours: Library) -> None:
    rows = rows_of(lambda i: {"sentinel": 90 - i})
    assert ours.insert("keyless", ["x"], rows) == theirs.insert("keyless", ["x"], rows)
    assert ours.sent == theirs.sent


def test_a_generated_key_tells_rows_apart_wherever_it_stands(ours: Library) -> None:
    rows = rows_of(lambda i: {})
    assert ours.insert("generated", ["x"], rows) == (["x"], [(i,) for i in range(7)])
    assert ours.sent[0][0] == "INSERT INTO generated (x) VALUES (?), (?), (?) RETURNING x, id"
    assert ours.insert("generated", ["id", "x"], rows)[1] == [(i + 1, i) for i in range(7)]


def test_a_key_under_the_name_of_a_bind_of_the_statement(ours: Library) -> None:
    rows = [{"x": i, "key": str(9 - i)} for i in range(4)]
    assert ours.insert("string", ["x"], rows, id=ormolu.bindparam("key"))[1] == [
        (i,) for i in range(4)
    ]
    assert len(ours.sent) == 2


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("unknown", rows_of(lambda i: {})),
        ("moment", rows_of(lambda i: {"id": datetime.datetime(2020, 1, 9 - i)})),
        ("string", rows_of(lambda i: {"id": 9 - i})),
        ("generated", rows_of(lambda i: {"id": None})),
        ("keyless", rows_of(lambda i: {"sentinel": 1})),
        ("keyless", rows_of(lambda i: {"sentinel": None})),
    ],
)
def test_without_a_sure_sentinel_the_sets_go_one_by_one(
    ours: Library, name: str, rows: list[dict[str, Any]]
) -> None:
    assert ours.insert(name, ["x"], rows) == (["x"], [(i,) for i in range(7)])
    assert len(ours.sent) == 7


def test_rows_of_an_upsert_come_in_the_order_of_the_parameters() -> None:
    metadata = ormolu.MetaData()
    table = ormolu.Table(
        "named",
        metadata,
        ormolu.Column("id", ormolu.Integer, primary_key=True),
        ormolu.Column("name", ormolu.String, unique=True),
    )
    engine = ormolu.create_engine("sqlite://")
    metadata.create_all(engine)
    insert = upsert(table).on_conflict_do_update(index_elements=["name"], set_={"name": "old"})
    changed = insert.returning(table.c.name, sort_by_parameter_order=True)
    with engine.connect() as connection:
        connection.execute(table.insert(), {"name": "old"})
        assert connection.scalars(changed, [{"name": n} for n in ("new", "old", "last")]).all() == [
            "new",
            "old",
            "last",
        ]


def test_a_value_that_comes_back_changed_is_an_error(ours: Library) -> None:
    table = ormolu.Table(
        "loud",
        ormolu.MetaData(),
        ormolu.Column("x", ormolu.Integer),
        ormolu.Column("s", ormolu.String, insert_sentinel=True, nullable=False),
    )
    table.create(ours.engine)
    statement = ormolu.insert(table).returning(table.c.x, sort_by_parameter_order=True)
    with (
        ours.engine.connect() as connection,
        pytest.raises(ormolu.exc.InvalidRequestError, match=r"key \(0,\) of loud\.s was not found"),
    ):
        connection.execute(statement, [{"x": i, "s": i} for i in range(3)])


@pytest.mark.parametrize("sa", [sqlalchemy, ormolu])
def test_a_table_has_one_sentinel_column(sa: Any) -> None:
    with pytest.raises(sa.exc.ArgumentError, match="only one explicit sentinel"):
        sa.Table("t", sa.MetaData(), sa.insert_sentinel("a"), sa.insert_sentinel("b"))
