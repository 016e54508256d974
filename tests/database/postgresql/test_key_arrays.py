"""Relationships loaded by ``key = ANY (array)``: what is sent, and that it finds what IN finds."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from three_ways import WAYS, Library

from ormolu import types as ormolu_types
from ormolu.dialects.postgresql.asyncpg import AsyncpgDialect
from ormolu.dialects.postgresql.key_array import key_array_of
from ormolu.dialects.postgresql.psycopg import PsycopgDialect
from ormolu.testing import count_queries

ODD = ["", " ", "a,b", "{}", '"', "\\", 'a"\\b', "NULL", "null", "é", "x" * 40, "' OR 1=1 --"]


def family(library: Library, key: Any, *, foreign: Any = None) -> Any:
    """Map parents and children with keys of a type; returns the base and both classes."""
    sa, orm = library.sa, library.orm
    base = orm.declarative_base()

    class Parent(base):  # type: ignore[misc, valid-type]
        __tablename__ = "parent"
        id = sa.Column(key, primary_key=True, autoincrement=False)
        children = orm.relationship("Child", order_by="Child.id", back_populates="parent")

    class Child(base):  # type: ignore[misc, valid-type]
        __tablename__ = "child"
        id = sa.Column(sa.Integer, primary_key=True)
        parent_id = sa.Column(foreign or key, sa.ForeignKey("parent.id"))
        parent = orm.relationship(Parent, back_populates="children")

    library.run(lambda connection: base.metadata.create_all(connection))
    return Parent, Child


def filled(library: Library, classes: Any, keys: list[Any]) -> None:
    """Give each parent but the first two children, and make one child without a parent."""
    Parent, Child = classes

    def fill(session: Any) -> None:
        session.add_all([Parent(id=key) for key in keys])
        session.flush()
        session.add_all([Child(parent_id=key) for key in [*keys[1:], *keys[1:], None]])

    library.session(fill)


def loaded_both_ways(library: Library, classes: Any) -> tuple[dict[Any, int], int]:
    """How many children each parent has, and how many children have their parent."""
    Parent, Child = classes
    sa, load = library.sa, library.orm.selectinload

    def down(session: Any) -> dict[Any, int]:
        parents = session.scalars(sa.select(Parent).options(load(Parent.children))).all()
        assert all(child.parent_id == each.id for each in parents for child in each.children)
        return {each.id: len(each.children) for each in parents}

    def up(session: Any) -> int:
        children = session.scalars(sa.select(Child).options(load(Child.parent))).all()
        assert all(each.parent is None or each.parent.id == each.parent_id for each in children)
        return sum(each.parent is not None for each in children)

    return library.session(down), library.session(up)


@pytest.mark.parametrize("kind", ["String", "Text", "CHAR"])
def test_keys_that_are_text(library: Library, kind: str) -> None:
    classes = family(library, getattr(library.sa, kind)(*([] if kind == "Text" else [40])))
    keys = [key for key in ODD if kind != "CHAR" or key.strip()]
    filled(library, classes, keys)
    down, up = loaded_both_ways(library, classes)
    counts = {key.strip() if kind == "CHAR" else key: n for key, n in down.items()}
    assert counts == {key: 2 if i else 0 for i, key in enumerate(keys)}
    assert up == 2 * (len(keys) - 1)


def test_a_key_is_not_cut_to_the_length_of_the_column_that_refers_to_it(library: Library) -> None:
    classes = family(library, library.sa.String(10), foreign=library.sa.String(3))
    filled(library, classes, ["x", "abc"])
    Parent, _ = classes
    library.session(lambda session: session.add(Parent(id="abcd")))
    assert loaded_both_ways(library, classes)[0] == {"x": 0, "abc": 2, "abcd": 0}


@pytest.mark.parametrize("kind", ["SmallInteger", "Integer", "BigInteger"])
def test_keys_that_are_numbers(library: Library, kind: str) -> None:
    classes = family(library, getattr(library.sa, kind))
    keys = [0, -1, 7, 32767] if kind == "SmallInteger" else [0, -1, 7, 2**31 - 1]
    keys += [2**63 - 1, -(2**63)] if kind == "BigInteger" else []
    filled(library, classes, keys)
    counts = {key: 2 if i else 0 for i, key in enumerate(keys)}
    assert loaded_both_ways(library, classes) == (counts, 2 * (len(keys) - 1))


@pytest.mark.parametrize("options", [{}, {"as_uuid": False}, {"native_uuid": False}])
def test_keys_that_are_uuids(library: Library, options: dict[str, Any]) -> None:
    classes = family(library, library.sa.Uuid(**options))
    keys: list[Any] = [uuid.UUID(int=n) for n in range(4)]
    keys = [str(key) for key in keys] if "as_uuid" in options else keys
    filled(library, classes, keys)
    counts = {key: 2 if i else 0 for i, key in enumerate(keys)}
    assert loaded_both_ways(library, classes) == (counts, 6)


def test_keys_of_a_type_that_converts(library: Library) -> None:
    class Label(library.sa.types.TypeDecorator):  # type: ignore[misc, name-defined]
        impl = library.sa.Integer
        cache_ok = True

        def process_bind_param(self, value: Any, dialect: Any) -> Any:
            return None if value is None else int(value[1:])

        def process_result_value(self, value: Any, dialect: Any) -> Any:
            return None if value is None else f"n{value}"

    classes = family(library, Label)
    filled(library, classes, ["n1", "n2", "n3"])
    assert loaded_both_ways(library, classes) == ({"n1": 0, "n2": 2, "n3": 2}, 4)


@pytest.mark.parametrize("library", [way for way in WAYS if "ormolu" in way], indirect=True)
def test_one_text_for_any_number_of_keys(library: Library) -> None:
    classes = family(library, library.sa.Integer)
    filled(library, classes, list(range(1200)))
    engine = library._engines[0]
    Parent, _ = classes
    texts = []
    for limit in (1, 3, 1200):
        statement = library.sa.select(Parent).order_by(Parent.id.desc()).limit(limit)
        statement = statement.options(library.orm.selectinload(Parent.children))
        with count_queries(engine) as seen:

            def load(session: Any, statement: Any = statement) -> int:
                return sum(len(each.children) for each in session.scalars(statement).all())

            assert library.session(load) == 2 * min(limit, 1199)
        assert seen.count == 2
        texts.append(seen.statements[1])
    assert len(set(texts)) == 1
    assert "child.parent_id = ANY (" in texts[0]
    assert "::INTEGER[])" in texts[0]


@pytest.mark.parametrize(
    ("type_", "is_array"),
    [
        (ormolu_types.Integer(), True),
        (ormolu_types.BIGINT(), True),
        (ormolu_types.String(10), True),
        (ormolu_types.Text(), True),
        (ormolu_types.Uuid(), True),
        (ormolu_types.Uuid(native_uuid=False), False),
        (ormolu_types.CHAR(10), False),
        (ormolu_types.Numeric(), False),
        (ormolu_types.DateTime(), False),
        (ormolu_types.Enum("a", "b"), False),
        (ormolu_types.LargeBinary(), False),
    ],
)
def test_types_of_which_an_array_compares_as_a_list_does(type_: Any, is_array: bool) -> None:
    assert (key_array_of(type_) is not None) is is_array


def test_what_drivers_are_given() -> None:
    class Key(int):
        """What a driver's own adapters may know, and a text can't be made of."""

    array = key_array_of(ormolu_types.Integer())
    assert array is not None
    written, listed = (
        PsycopgDialect().bind_processor(array),
        AsyncpgDialect().bind_processor(array),
    )
    assert written is not None
    assert listed is not None
    assert written([1, -2]) == "{1,-2}"
    assert written([Key(1), 2]) == [1, 2]
    assert listed([1, 2]) == [1, 2]
