"""JSON, JSONB and HSTORE on a server: documents, null, indexes, paths, operators."""

from __future__ import annotations

from typing import Any

import pytest
from three_ways import WAYS, Library

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning")

#: SQLAlchemy writes no literal of a document.
OURS = [way for way in WAYS if "ormolu" in way]

DOCUMENT: dict[str, Any] = {
    "text": 'é "quoted"\n',
    "number": 12345678901234567890,
    "fraction": 0.1,
    "flag": True,
    "nothing": None,
    "list": [1, [2, {"deep": "x"}], "s"],
    "object": {"a b": {"c": 3}},
    "": "empty key",
}


def stored(library: Library, type_: Any, connection: Any, values: list[Any]) -> Any:
    """Return a table with these values in its column, and the ids 1, 2, ..."""
    sa = library.sa
    table = sa.Table(
        "t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", type_)
    )
    table.create(connection)
    for value in values:
        connection.execute(table.insert().values(x=value))
    return table


@pytest.mark.parametrize("kind", ["JSON", "JSONB", "generic"])
def test_documents_come_back(library: Library, kind: str) -> None:
    type_ = library.sa.JSON if kind == "generic" else getattr(library.pg, kind)
    values: list[Any] = [DOCUMENT, [], {}, "text", 5, 1.5, True, False, [None], ""]

    def program(connection: Any) -> Any:
        table = stored(library, type_, connection, values)
        connection.execute(table.insert(), [{"x": value} for value in values])
        return connection.scalars(library.sa.select(table.c.x).order_by(table.c.id)).all()

    assert library.run(program) == values * 2


@pytest.mark.parametrize("library", OURS, indirect=True)
@pytest.mark.parametrize("kind", ["JSON", "JSONB", "generic"])
def test_documents_written_into_the_text_come_back(library: Library, kind: str) -> None:
    type_ = library.sa.JSON if kind == "generic" else getattr(library.pg, kind)
    values: list[Any] = [DOCUMENT, [], {}, "it's", 5, True, [None]]
    statement = library.sa.select(*[library.sa.literal(value, type_) for value in values])

    def program(connection: Any) -> Any:
        literals = {"literal_binds": True}
        text = str(statement.compile(dialect=connection.dialect, compile_kwargs=literals))
        return tuple(connection.exec_driver_sql(text).one())

    assert library.run(program) == tuple(values)


@pytest.mark.parametrize("none_as_null", [False, True])
def test_null_of_the_document_and_of_sql(library: Library, none_as_null: bool) -> None:
    sa = library.sa

    def program(connection: Any) -> Any:
        type_ = library.pg.JSONB(none_as_null=none_as_null)
        values = [None, sa.JSON.NULL, sa.null(), [None]]
        table = stored(library, type_, connection, values)
        connection.execute(table.insert(), [{"id": 5}])
        nulls = sa.select(table.c.id, table.c.x.is_(None)).order_by("id")
        is_null = [tuple(row) for row in connection.execute(nulls)]
        kinds = connection.scalars(
            sa.select(sa.func.jsonb_typeof(table.c.x)).order_by(table.c.id)
        ).all()
        read = connection.scalars(sa.select(table.c.x).order_by(table.c.id)).all()
        equal = connection.scalars(
            sa.select(table.c.id).where(sa.cast(table.c.x, sa.Text) == "null")
        ).all()
        return is_null, kinds, read, equal

    is_null, kinds, read, equal = library.run(program)
    first = None if none_as_null else "null"
    assert kinds == [first, "null", None, "array", None]
    assert is_null == [(i + 1, kind is None) for i, kind in enumerate(kinds)]
    assert read == [None, None, None, [None], None]
    assert equal == ([2] if none_as_null else [1, 2])


@pytest.mark.parametrize("kind", ["JSON", "JSONB"])
def test_indexes_and_paths(library: Library, kind: str) -> None:
    sa = library.sa

    def program(connection: Any) -> list[Any]:
        table = stored(library, getattr(library.pg, kind), connection, [DOCUMENT, [10, [20]]])
        x = table.c.x

        def first(expression: Any) -> Any:
            return connection.scalar(sa.select(expression).order_by(table.c.id).limit(1))

        def second(expression: Any) -> Any:
            return connection.scalar(sa.select(expression).where(table.c.id == 2))

        return [
            first(x["list"]),
            first(x["list"][1][1]["deep"]),
            first(x["list"][1][1]["deep"].astext),
            first(x[("list", 1, 1, "deep")]),
            first(x[("list", "1", "0")].astext),
            first(x[("object", "a b", "c")]),
            first(x["absent"]),
            first(x["nothing"]),
            first(x["nothing"].astext),
            first(x[""]),
            first(x["text"].as_string()),
            first(x["fraction"].as_float()),
            first(x["flag"].as_boolean()),
            first(x["list"][0].as_integer()),
            first(x["object"].as_json()),
            second(x[0]),
            second(x[1][0]),
            second(x[-1]),
            second(x[(1, 0)].as_integer()),
            connection.scalars(sa.select(table.c.id).where(x["list"][0].as_integer() == 1)).all(),
            connection.scalars(sa.select(table.c.id).where(x["text"].astext.like("é%"))).all(),
            connection.scalars(
                sa.select(table.c.id).where(x[("object", "a b", "c")].astext.cast(sa.Integer) > 2)
            ).all(),
        ]

    assert library.run(program) == [
        DOCUMENT["list"],
        "x",
        "x",
        "x",
        "2",
        3,
        None,
        None,
        None,
        "empty key",
        DOCUMENT["text"],
        0.1,
        True,
        1,
        DOCUMENT["object"],
        10,
        20,
        [20],
        20,
        [1],
        [1],
        [1],
    ]


def test_operators_of_jsonb(library: Library) -> None:
    sa, pg = library.sa, library.pg
    documents = [{"a": 1, "b": [1, 2]}, {"a": 2, "c": "x"}, ["a", "q"]]

    def program(connection: Any) -> dict[str, Any]:
        table = stored(library, pg.JSONB, connection, documents)
        x = table.c.x

        def ids(condition: Any) -> list[int]:
            return list(connection.scalars(sa.select(table.c.id).where(condition).order_by("id")))

        def values(expression: Any) -> list[Any]:
            return list(
                connection.scalars(sa.select(expression).where(table.c.id < 3).order_by("id"))
            )

        return {
            "has_key": ids(x.has_key("a")),
            "has_all": ids(x.has_all(pg.array(["a", "b"]))),
            "has_any": ids(x.has_any(pg.array(["q", "c"]))),
            "contains": ids(x.contains({"a": 1})),
            "contained_by": ids(x.contained_by({"a": 2, "c": "x", "d": None})),
            "equal": ids(x == {"c": "x", "a": 2}),
            "index equal": ids(x["a"].as_integer() == 2),
            "in": ids(x.in_([["a", "q"], {"a": 2, "c": "x"}])),
            "path_exists": ids(x.path_exists("$.b[*] ? (@ > 1)")),
            "path_match": ids(x.path_match("$.a == 2")),
            "minus": values(x - "a"),
            "concat": values(x + {"z": 1}),
            "delete_path": values(x.delete_path(["b", "0"])),
            "set": values(
                sa.func.jsonb_set(
                    x, sa.cast(["a"], pg.ARRAY(sa.Text)), sa.literal(9, pg.JSONB), type_=pg.JSONB
                )
            ),
            "distinct": len(connection.execute(sa.select(x).distinct()).all()),
        }

    found = library.run(program)
    assert found == {
        "has_key": [1, 2, 3],
        "has_all": [1],
        "has_any": [2, 3],
        "contains": [1],
        "contained_by": [2],
        "equal": [2],
        "index equal": [2],
        "in": [2, 3],
        "path_exists": [1],
        "path_match": [2],
        "minus": [{"b": [1, 2]}, {"c": "x"}],
        "concat": [{"a": 1, "b": [1, 2], "z": 1}, {"a": 2, "c": "x", "z": 1}],
        "delete_path": [{"a": 1, "b": [2]}, {"a": 2, "c": "x"}],
        "set": [{"a": 9, "b": [1, 2]}, {"a": 9, "c": "x"}],
        "distinct": 3,
    }


def test_functions_that_make_and_take_documents(library: Library) -> None:
    sa, pg = library.sa, library.pg

    def program(connection: Any) -> list[Any]:
        table = stored(library, pg.JSONB, connection, [{"k": [1, 2]}, {"k": [3]}])
        members = sa.func.jsonb_array_elements(table.c.x["k"]).table_valued("value")
        each = sa.select(table.c.id, members.c.value).select_from(table.join(members, sa.true()))
        return [
            connection.scalar(sa.select(sa.func.jsonb_build_object("a", 1, type_=pg.JSONB))),
            connection.scalar(
                sa.select(sa.func.to_jsonb(sa.literal([1, 2], pg.ARRAY(sa.Integer))))
            ),
            connection.scalar(sa.select(sa.func.json_agg(table.c.id))),
            connection.scalar(
                sa.select(sa.func.row_to_json(sa.text("t")).label("x")).select_from(table).limit(1)
            ),
            [tuple(row) for row in connection.execute(each.order_by(table.c.id, members.c.value))],
            connection.scalar(sa.select(sa.cast({"a": [1]}, pg.JSONB))),
        ]

    assert library.run(program) == [
        {"a": 1},
        [1, 2],
        [1, 2],
        {"id": 1, "x": {"k": [1, 2]}},
        [(1, 1), (1, 2), (2, 3)],
        {"a": [1]},
    ]


def test_an_index_into_jsonb_can_be_set(library: Library) -> None:
    sa, pg = library.sa, library.pg

    def program(connection: Any) -> Any:
        table = stored(library, pg.JSONB, connection, [{"a": 1}])
        connection.execute(table.update().values({table.c.x["b"]: [5]}))
        return connection.scalar(sa.select(table.c.x))

    assert library.run(program) == {"a": 1, "b": [5]}


def test_own_serializer_and_deserializer(library: Library) -> None:
    sa, pg = library.sa, library.pg
    engine = library.engine(
        json_serializer=lambda value: f'["{value}"]', json_deserializer=lambda text: ("read", text)
    )

    def program(connection: Any) -> Any:
        table = stored(library, pg.JSONB, connection, ["one"])
        plain = connection.exec_driver_sql("SELECT '[2]'::json").scalar()
        return connection.scalar(sa.select(table.c.x)), plain

    found, plain = library.run(program, engine)
    assert [found[0], plain[0]] == ["read", "read"]
    as_text = [text.decode() if isinstance(text, bytes) else text for text in (found[1], plain[1])]
    assert as_text == ['["one"]', "[2]"]


def test_hstore(library: Library) -> None:
    sa, pg = library.sa, library.pg
    values: list[Any] = [
        {"a": "1", "b": None, 'q"u,o': "=> \\", "": "empty"},
        {},
        None,
        {"c": "x"},
    ]

    def setup(connection: Any) -> None:
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS hstore")

    def program(connection: Any) -> list[Any]:
        table = stored(library, pg.HSTORE, connection, values)
        x = table.c.x

        def ids(condition: Any) -> list[int]:
            return list(connection.scalars(sa.select(table.c.id).where(condition).order_by("id")))

        def first(expression: Any) -> Any:
            return connection.scalar(sa.select(expression).where(table.c.id == 1))

        return [
            connection.scalars(sa.select(x).order_by(table.c.id)).all(),
            ids(x.has_key("a")),
            ids(x.has_any(pg.array(["a", "c"]))),
            ids(x.has_all(pg.array(["a", "b"]))),
            ids(x.contains({"c": "x"})),
            ids(x.contained_by({"c": "x", "d": "y"})),
            ids(x.defined("b")),
            ids(x["a"] == "1"),
            first(x["a"]),
            first(x.delete("a")),
            first(x.slice(pg.array(["a", "b"]))),
            sorted(first(x.keys())),
            first(x + {"a": "2"})["a"],
            first(pg.hstore("k", "v")),
            first(pg.hstore(pg.array(["k", "l"]), pg.array(["v", None]))),
            sorted(first(x.matrix()), key=str)[0],
        ]

    def arrays(connection: Any) -> Any:
        value = sa.cast([values[0], None, {"c": "x"}], pg.ARRAY(pg.HSTORE))
        return connection.scalar(sa.select(value))

    library.run(setup)
    found = library.run(program)
    if not library.is_oracle:  # it leaves the array's text as it comes
        assert library.run(arrays) == [values[0], None, {"c": "x"}]
    assert found[0] == values
    assert found[1:] == [
        [1],
        [1, 4],
        [1],
        [4],
        [2, 4],
        [],
        [1],
        "1",
        {"b": None, 'q"u,o': "=> \\", "": "empty"},
        {"a": "1", "b": None},
        ["", "a", "b", 'q"u,o'],
        "2",
        {"k": "v"},
        {"k": "v", "l": None},
        ["", "empty"],
    ]
