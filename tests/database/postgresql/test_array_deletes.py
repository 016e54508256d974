"""Many objects deleted by one ``key = ANY (array)``: which are, and that just their rows go."""

from __future__ import annotations

import importlib
import uuid
from typing import Any

import pytest
from three_ways import WAYS, Library

from ormolu.testing import count_queries

OURS = [way for way in WAYS if "ormolu" in way]
ODD = ["", " ", "a,b", "{}", '"', "\\", "NULL", "é", "' OR 1=1 --", "x" * 40]


def keyed(library: Library, type_: Any) -> Any:
    """Map a table with one key of a type, and make it."""
    base = library.orm.declarative_base()
    key = library.sa.Column("id", type_, primary_key=True, autoincrement=False)
    cls = type("Item", (base,), {"__table__": library.sa.Table("item", base.metadata, key)})
    library.run(lambda connection: base.metadata.create_all(connection))
    return cls


def left_after(library: Library, cls: Any, keys: list[Any], gone: list[Any]) -> list[Any]:
    """Store objects with these keys, delete some, and return the keys that are left."""
    library.session(lambda session: session.add_all([cls(id=key) for key in keys]))

    def remove(session: Any) -> None:
        held = {each.id: each for each in session.scalars(library.sa.select(cls)).all()}
        for key in gone:
            session.delete(held[key])

    library.session(remove)
    return sorted(library.session(lambda session: session.scalars(library.sa.select(cls.id)).all()))


@pytest.mark.parametrize("kind", ["SmallInteger", "Integer", "BigInteger"])
def test_keys_that_are_numbers(library: Library, kind: str) -> None:
    cls = keyed(library, getattr(library.sa, kind))
    keys = list(range(-50, 1_000))
    assert left_after(library, cls, keys, keys[::-2]) == keys[::2]


@pytest.mark.parametrize("kind", ["String", "Text"])
def test_keys_that_are_text(library: Library, kind: str) -> None:
    cls = keyed(library, getattr(library.sa, kind)())
    assert left_after(library, cls, [*ODD, "left", "NUL"], ODD) == ["NUL", "left"]


@pytest.mark.parametrize("options", [{}, {"as_uuid": False}, {"native_uuid": False}])
def test_keys_that_are_uuids(library: Library, options: dict[str, Any]) -> None:
    cls = keyed(library, library.sa.Uuid(**options))
    keys: list[Any] = [uuid.UUID(int=n) for n in range(5)]
    keys = [str(key) for key in keys] if "as_uuid" in options else keys
    assert left_after(library, cls, keys, keys[:3]) == keys[3:]


def test_a_key_that_was_changed_is_the_one_that_the_database_has(library: Library) -> None:
    cls = keyed(library, library.sa.Integer)
    library.session(lambda session: session.add_all([cls(id=n) for n in range(4)]))

    def remove(session: Any) -> None:
        for each in session.scalars(library.sa.select(cls).where(cls.id < 3)).all():
            each.id += 100
            session.delete(each)

    library.session(remove)
    assert library.session(lambda s: s.scalars(library.sa.select(cls.id)).all()) == [3]


def test_rows_that_another_transaction_deleted_are_noticed(library: Library) -> None:
    cls = keyed(library, library.sa.Integer)
    library.session(lambda session: session.add_all([cls(id=n) for n in range(4)]))
    warning = importlib.import_module(f"{library.sa.__name__}.exc").SAWarning

    def remove(session: Any) -> None:
        held = session.scalars(library.sa.select(cls)).all()
        session.execute(library.sa.text("DELETE FROM item WHERE id = 2"))
        for each in held:
            session.delete(each)
        with pytest.warns(warning, match=r"expected to delete 4 row\(s\); 3 were matched"):
            session.flush()

    library.session(remove)
    assert library.session(lambda s: s.scalars(library.sa.select(cls.id)).all()) == []


def test_a_refused_delete_leaves_all_rows_and_names_the_constraint(library: Library) -> None:
    cls = keyed(library, library.sa.Integer)
    refer = "CREATE TABLE part (item INTEGER REFERENCES item)"
    library.run(lambda connection: connection.execute(library.sa.text(refer)))
    library.session(lambda session: session.add_all([cls(id=n) for n in range(3)]))
    use = "INSERT INTO part VALUES (1)"
    library.run(lambda connection: connection.execute(library.sa.text(use)))
    exc = importlib.import_module(f"{library.sa.__name__}.exc")

    def remove(session: Any) -> None:
        held = session.scalars(library.sa.select(cls)).all()
        with pytest.raises(exc.IntegrityError, match="part_item_fkey"), session.begin_nested():
            for each in held:
                session.delete(each)
        assert [each in session for each in held] == [True] * 3
        session.delete(held[0])

    library.session(remove)
    select = library.sa.select(cls.id).order_by(cls.id)
    assert library.session(lambda session: session.scalars(select).all()) == [1, 2]


def deletes(library: Library, cls: Any, values: list[dict[str, Any]]) -> list[str]:
    """The statements by which objects of these values are deleted."""
    library.session(lambda session: session.add_all([cls(**each) for each in values]))

    def remove(session: Any) -> None:
        for each in session.scalars(library.sa.select(cls)).all():
            session.delete(each)

    with count_queries(library._engines[0]) as seen:
        library.session(remove)
    count = library.sa.select(library.sa.func.count()).select_from(cls)
    assert library.session(lambda session: session.scalar(count)) == 0
    return [sql for sql in seen.statements if sql.startswith("DELETE")]


@pytest.mark.parametrize("library", OURS, indirect=True)
def test_one_statement_for_any_number_of_rows(library: Library) -> None:
    cls = keyed(library, library.sa.Integer)
    texts = {tuple(deletes(library, cls, [{"id": n} for n in range(m)])) for m in (2, 9, 3_000)}
    ((text,),) = texts
    assert "item.id = ANY (" in text
    assert "ANY" not in deletes(library, cls, [{"id": 1}])[0]


@pytest.mark.parametrize("library", OURS, indirect=True)
@pytest.mark.parametrize("kind", ["composite", "to itself", "versioned", "numeric"])
def test_which_rows_are_deleted_one_by_one(library: Library, kind: str) -> None:
    sa = library.sa
    first = sa.Column("id", sa.Numeric if kind == "numeric" else sa.Integer, primary_key=True)
    other = {
        "composite": sa.Column("part", sa.Integer, primary_key=True),
        "to itself": sa.Column("part", sa.ForeignKey("item.id", ondelete="RESTRICT")),
        "versioned": sa.Column("part", sa.Integer, nullable=False),
        "numeric": sa.Column("part", sa.Integer),
    }[kind]
    base = library.orm.declarative_base()
    table = sa.Table("item", base.metadata, first, other)
    versioned = {"__mapper_args__": {"version_id_col": other}} if kind == "versioned" else {}
    cls = type("Item", (base,), {"__table__": table, **versioned})
    library.run(lambda connection: base.metadata.create_all(connection))
    more = {"part": 1} if kind == "composite" else {}
    found = deletes(library, cls, [{"id": n, **more} for n in (1, 2, 3)])
    assert found
    assert all("ANY" not in text for text in found)
