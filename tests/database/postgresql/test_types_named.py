"""ENUM and DOMAIN: made and dropped with their tables or by themselves, and their values."""

from __future__ import annotations

import enum
from decimal import Decimal
from typing import Any

import pytest
from three_ways import Library

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning")


class Mood(enum.Enum):
    """Names are stored, not values."""

    happy = 1
    sad = 2


def types_in(connection: Any, schema: str = "public") -> list[str]:
    """The enumerated types and domains of a schema."""
    found = connection.exec_driver_sql(
        "SELECT t.typname FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n"
        f" ON n.oid = t.typnamespace WHERE t.typtype IN ('e', 'd') AND n.nspname = '{schema}'"
        " ORDER BY 1"
    )
    return list(found.scalars())


@pytest.mark.parametrize("kind", ["generic", "own"])
def test_values_come_back(library: Library, kind: str) -> None:
    sa = library.sa
    enum_class = sa.Enum if kind == "generic" else library.pg.ENUM
    table = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("word", enum_class("a b", "it's", name="word")),
        sa.Column("mood", enum_class(Mood, name="Mood"), server_default="sad"),
        sa.Column("moods", library.pg.ARRAY(enum_class(Mood, name="Mood"))),
    )

    def program(connection: Any) -> Any:
        table.metadata.create_all(connection)
        connection.execute(
            table.insert(),
            [
                {"word": "a b", "mood": Mood.happy, "moods": [Mood.sad, None, Mood.happy]},
                {"word": "it's", "mood": "sad", "moods": []},
            ],
        )
        connection.execute(table.insert().values(word=None))
        rows = connection.execute(sa.select(table).order_by(table.c.id)).all()
        chosen = [
            connection.scalars(sa.select(table.c.id).where(condition).order_by("id")).all()
            for condition in (
                table.c.mood == Mood.sad,
                table.c.mood.in_([Mood.happy]),
                table.c.mood > Mood.happy,
                table.c.word == "it's",
                table.c.moods.contains([Mood.sad]),
                sa.any_(table.c.moods) == Mood.happy,
            )
        ]
        cast = connection.scalar(sa.select(sa.cast("happy", enum_class(Mood, name="Mood"))))
        names = types_in(connection)
        table.metadata.drop_all(connection)
        return [tuple(row) for row in rows], chosen, cast, names, types_in(connection)

    rows, chosen, cast, names, left = library.run(program)
    assert rows == [
        (1, "a b", Mood.happy, [Mood.sad, None, Mood.happy]),
        (2, "it's", Mood.sad, []),
        (3, None, Mood.sad, None),
    ]
    assert chosen == [[2, 3], [1], [2, 3], [2], [1], [1]]
    assert cast is Mood.happy
    assert (names, left) == (["Mood", "word"], [])


def test_a_value_that_is_not_one_of_them_is_refused(library: Library) -> None:
    sa = library.sa
    table = sa.Table("t", sa.MetaData(), sa.Column("word", sa.Enum("a", "b", name="word")))

    def program(connection: Any) -> None:
        table.create(connection)
        connection.execute(table.insert().values(word="c"))

    with pytest.raises(sa.exc.DBAPIError, match="invalid input value for enum word"):
        library.run(program)


def test_a_type_is_made_once_and_dropped_with_the_last_table(library: Library) -> None:
    sa = library.sa
    metadata = sa.MetaData()
    shared = sa.Enum("a", "b", name="shared", metadata=metadata)
    one = sa.Table("one", metadata, sa.Column("x", shared))
    sa.Table("two", metadata, sa.Column("x", shared))
    sa.Table("three", metadata, sa.Column("x", sa.Enum("c", name="own")))

    def program(connection: Any) -> list[list[str]]:
        steps = []
        metadata.create_all(connection)
        metadata.create_all(connection)
        steps.append(types_in(connection))
        one.drop(connection)
        steps.append(types_in(connection))
        one.create(connection)
        metadata.drop_all(connection)
        steps.append(types_in(connection))
        return steps

    assert library.run(program) == [["own", "shared"], ["own", "shared"], []]


def test_a_type_by_itself(library: Library) -> None:
    sa, pg = library.sa, library.pg
    mood = pg.ENUM("x", "y", name="standing", create_type=False)
    table = sa.Table("t", sa.MetaData(), sa.Column("m", mood))

    def program(connection: Any) -> list[Any]:
        mood.create(connection, checkfirst=True)
        mood.create(connection, checkfirst=True)
        table.create(connection)
        table.drop(connection)
        kept = types_in(connection)
        mood.drop(connection, checkfirst=True)
        mood.drop(connection, checkfirst=True)
        return [kept, types_in(connection)]

    assert library.run(program) == [["standing"], []]

    def twice(connection: Any) -> None:
        mood.create(connection, checkfirst=False)
        mood.create(connection, checkfirst=False)

    with pytest.raises(sa.exc.ProgrammingError, match='type "standing" already exists'):
        library.run(twice)


def test_types_in_a_schema_and_in_a_translated_one(library: Library) -> None:
    sa = library.sa
    metadata = sa.MetaData()
    table = sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("m", sa.Enum(Mood, name="mood", inherit_schema=True)),
        schema="logical",
    )

    def make_schemas(connection: Any) -> None:
        connection.execute(sa.schema.CreateSchema("tenant"))

    def program(connection: Any) -> list[Any]:
        metadata.create_all(connection)
        connection.execute(table.insert().values(m=Mood.sad))
        values = connection.scalars(sa.select(table.c.m).where(table.c.m == Mood.sad)).all()
        return [types_in(connection, "tenant"), types_in(connection), values]

    library.run(make_schemas)
    found = library.run(program, schema_translate_map={"logical": "tenant"})
    assert found == [["mood"], [], [Mood.sad]]


def test_an_emulated_enum_is_text_with_a_check(library: Library) -> None:
    sa = library.sa
    table = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column(
            "x",
            sa.Enum("a", "b", name="ck_x", native_enum=False, create_constraint=True, length=10),
        ),
    )

    def program(connection: Any) -> Any:
        table.create(connection)
        connection.execute(table.insert().values(x="a"))
        return connection.scalar(sa.select(table.c.x)), types_in(connection)

    assert library.run(program) == ("a", [])
    with pytest.raises(sa.exc.IntegrityError, match="ck_x"):
        library.run(lambda connection: connection.exec_driver_sql("INSERT INTO t VALUES ('z')"))


def test_domains(library: Library) -> None:
    sa, pg = library.sa, library.pg
    metadata = sa.MetaData()
    positive = pg.DOMAIN(
        "positive",
        sa.Integer,
        check="VALUE > 0",
        constraint_name="ck_positive",
        default="7",
        metadata=metadata,
    )
    marks = pg.ARRAY(pg.DOMAIN("mark", sa.Numeric(5, 2), metadata=metadata))
    code = pg.DOMAIN("code", sa.String(5), collation="C", check=sa.text("VALUE ~ '^[a-z]+$'"))
    table = sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("n", positive),
        sa.Column("c", code),
        sa.Column("cs", pg.ARRAY(code)),
        sa.Column("marks", marks),
    )

    def program(connection: Any) -> Any:
        metadata.create_all(connection)
        metadata.create_all(connection)
        connection.execute(
            table.insert().values(n=3, c="abc", cs=["x", "y"], marks=[Decimal("1.5"), None])
        )
        connection.execute(table.insert(), [{"n": 4, "c": None, "cs": []}])
        rows = connection.execute(sa.select(table).where(table.c.n < 4)).all()
        return [tuple(row) for row in rows], types_in(connection)

    rows, names = library.run(program)
    assert [row[:3] for row in rows] == [(1, 3, "abc")]
    if not library.is_oracle:  # it leaves arrays of domains as they come
        assert rows[0][3:] == (["x", "y"], [Decimal("1.50"), None])
    assert names == ["code", "mark", "positive"]
    with pytest.raises(sa.exc.IntegrityError, match="ck_positive"):
        library.run(lambda connection: connection.execute(table.insert().values(n=-1)))

    def drop(connection: Any) -> list[str]:
        metadata.drop_all(connection)
        return types_in(connection)

    assert library.run(drop) == []


def test_a_type_that_is_made_anew_is_read_by_the_same_connection(library: Library) -> None:
    sa = library.sa

    def program(connection: Any) -> list[Any]:
        found = []
        for words in (("a", "b"), ("b", "c", "a")):
            metadata = sa.MetaData()
            table = sa.Table("t", metadata, sa.Column("x", sa.Enum(*words, name="word")))
            metadata.create_all(connection)
            connection.execute(table.insert(), [{"x": word} for word in words])
            found.append(connection.scalars(sa.select(table.c.x).order_by(table.c.x)).all())
            metadata.drop_all(connection)
        return found

    assert library.run(program) == [["a", "b"], ["b", "c", "a"]]
