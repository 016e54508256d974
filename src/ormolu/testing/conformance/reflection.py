"""Reflection: what was created is described as it was declared.

What databases differ in by their nature isn't asserted: how a type is spelled, whether a primary
key has a name, and which indexes a constraint brings along.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ...dialects.inspector import Inspector
from ...dialects.reflected import ObjectKind
from ...exc import InvalidRequestError, NoSuchTableError
from ...inspection import inspect
from ...schema import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    Table,
    UniqueConstraint,
)
from ...sql import insert, select, text
from ...types import Date, DateTime, Float, Integer, LargeBinary, Numeric, String, Text
from .suite import Database, Suite

__all__ = ["DESCRIBED", "ReflectionSuite", "declared"]

#: What a table is described by, on every database.
DESCRIBED = (
    "columns",
    "pk_constraint",
    "foreign_keys",
    "indexes",
    "unique_constraints",
    "check_constraints",
    "table_options",
)


def declared() -> MetaData:
    """Two tables with constraints of every kind, and two that refer to each other."""
    metadata = MetaData()
    Table(
        "author",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("name", String(50), nullable=False, index=True),
        Column("country", String(2), server_default="eu", nullable=False),
        Column("mentor_id", Integer, ForeignKey("author.id", name="fk_mentor")),
        UniqueConstraint("country", "name", name="uq_country_name"),
    )
    Table(
        "book",
        metadata,
        Column("shelf", Integer),
        Column("place", Integer),
        Column("author_id", Integer, nullable=False),
        Column("title", Text),
        Column("price", Numeric(10, 2), server_default=text("1.5")),
        Column("weight", Float),
        Column("printed", Date),
        Column("sold", DateTime),
        Column("cover", LargeBinary),
        Column("isbn", String(13)),
        PrimaryKeyConstraint("shelf", "place", name="pk_book"),
        ForeignKeyConstraint(
            ["author_id"], ["author.id"], name="fk_author", ondelete="CASCADE", onupdate="CASCADE"
        ),
        CheckConstraint("price > 0", name="ck_price"),
        Index("ix_place_price", "place", "price"),
        Index("ix_isbn", "isbn", unique=True),
    )
    Table(
        "copy",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("shelf", Integer),
        Column("place", Integer),
        ForeignKeyConstraint(["shelf", "place"], ["book.shelf", "book.place"], name="fk_book"),
    )
    return metadata


class ReflectionSuite(Suite):
    """The inspector."""

    async def _asked(self, db: Database, ask: Callable[[Inspector], Any]) -> Any:
        """Ask a new inspector."""
        return await db.run_sync(lambda connection: ask(inspect(connection)))

    async def test_names(self, db: Database) -> None:
        await db.create(declared())

        def ask(inspector: Inspector) -> Any:
            return (
                sorted(inspector.get_table_names()),
                inspector.get_view_names(),
                [inspector.has_table(name) for name in ("author", "book", "absent")],
                [inspector.has_index("book", name) for name in ("ix_isbn", "absent")],
                inspector.has_index("absent", "ix_isbn"),
                inspector.has_schema("no such schema"),
                inspector.default_schema_name in [None, *inspector.get_schema_names()],
            )

        assert await self._asked(db, ask) == (
            ["author", "book", "copy"], [], [True, True, False], [True, False], False, False, True,
        )  # fmt: skip

    async def test_columns(self, db: Database) -> None:
        await db.create(declared())
        book = await self._asked(db, lambda inspector: inspector.get_columns("book"))
        assert [(column["name"], column["nullable"]) for column in book] == [
            ("shelf", False),
            ("place", False),
            ("author_id", False),
            *[(name, True) for name in ("title", "price", "weight", "printed", "sold", "cover")],
            ("isbn", True),
        ]
        types = {column["name"]: column["type"] for column in book}
        kinds = {
            "shelf": Integer, "title": String, "price": Numeric, "weight": Float,
            "printed": Date, "sold": DateTime, "cover": LargeBinary, "isbn": String,
        }  # fmt: skip
        for name, kind in kinds.items():
            assert isinstance(types[name], kind), (name, types[name])
        assert (types["price"].precision, types["price"].scale) == (10, 2)
        assert types["isbn"].length == 13
        author = await self._asked(db, lambda inspector: inspector.get_columns("author"))
        defaults = {column["name"]: column["default"] for column in [*author, *book]}
        assert "eu" in defaults["country"]
        assert "1.5" in defaults["price"]
        assert defaults["name"] is defaults["weight"] is None

    async def test_primary_keys(self, db: Database) -> None:
        await db.create(declared())

        def ask(inspector: Inspector) -> Any:
            return [inspector.get_pk_constraint(name) for name in ("author", "book", "copy")]

        keys = await self._asked(db, ask)
        columns = [key["constrained_columns"] for key in keys]
        assert columns == [["id"], ["shelf", "place"], ["id"]]
        assert keys[1]["name"] == ("pk_book" if self.names_primary_keys else None)

    async def test_foreign_keys(self, db: Database) -> None:
        await db.create(declared())

        def ask(inspector: Inspector) -> Any:
            keys: list[Any] = []
            for name in ("author", "book", "copy"):
                keys.append(inspector.get_foreign_keys(name))
                for key in keys[-1]:
                    assert key.pop("comment", None) is None  # some databases have them
            return keys

        mentor, author, book = await self._asked(db, ask)
        shared: dict[str, Any] = {"referred_schema": None, "options": {}}
        assert mentor == [
            {
                "name": "fk_mentor",
                "constrained_columns": ["mentor_id"],
                "referred_table": "author",
                "referred_columns": ["id"],
                **shared,
            }
        ]
        assert author == [
            {
                "name": "fk_author",
                "constrained_columns": ["author_id"],
                "referred_table": "author",
                "referred_columns": ["id"],
                **shared,
                "options": {"ondelete": "CASCADE", "onupdate": "CASCADE"},
            }
        ]
        assert book == [
            {
                "name": "fk_book",
                "constrained_columns": ["shelf", "place"],
                "referred_table": "book",
                "referred_columns": ["shelf", "place"],
                **shared,
            }
        ]

    async def test_uniques_checks_and_indexes(self, db: Database) -> None:
        await db.create(declared())

        def ask(inspector: Inspector) -> Any:
            return (
                inspector.get_unique_constraints("author"),
                inspector.get_check_constraints("book"),
                [*inspector.get_indexes("author"), *inspector.get_indexes("book")],
            )

        uniques, checks, indexes = await self._asked(db, ask)
        assert [(found["name"], found["column_names"]) for found in uniques] == [
            ("uq_country_name", ["country", "name"])
        ]
        assert [found["name"] for found in checks] == ["ck_price"]
        assert "price" in checks[0]["sqltext"]
        found = {index["name"]: (index["column_names"], bool(index["unique"])) for index in indexes}
        assert found["ix_author_name"] == (["name"], False)
        assert found["ix_place_price"] == (["place", "price"], False)
        assert found["ix_isbn"] == (["isbn"], True)

    async def test_comments(self, db: Database) -> None:
        metadata = MetaData()
        Table(
            "noted",
            metadata,
            Column("id", Integer, primary_key=True, comment="it's \\ the %key"),
            Column("x", Integer),
            comment='a "table"\'s: \\n :comment',
        )
        Table("bare", metadata, Column("id", Integer, primary_key=True))
        await db.create(metadata)
        if not db.engine.dialect.supports_comments:
            with pytest.raises(NotImplementedError):
                await self._asked(db, lambda inspector: inspector.get_table_comment("noted"))
            return

        def ask(inspector: Inspector) -> Any:
            return [
                inspector.get_table_comment("noted"),
                inspector.get_table_comment("bare"),
                [column["comment"] for column in inspector.get_columns("noted")],
            ]

        assert await self._asked(db, ask) == [
            {"text": 'a "table"\'s: \\n :comment'},
            {"text": None},
            ["it's \\ the %key", None],
        ]

    async def test_views(self, db: Database) -> None:
        await db.create(declared())

        def use(connection: Any) -> Any:
            connection.exec_driver_sql("CREATE VIEW names AS SELECT id, name FROM author")
            try:
                inspector = inspect(connection)
                reflected = MetaData()
                reflected.reflect(connection, views=True)
                return (
                    inspector.get_view_names(),
                    "names" in inspector.get_table_names(),
                    inspector.has_table("names"),
                    [column["name"] for column in inspector.get_columns("names")],
                    "author" in inspector.get_view_definition("names"),
                    inspector.get_multi_pk_constraint(kind=ObjectKind.VIEW).keys(),
                    reflected.tables["names"].c.keys(),
                    set(reflected.tables),
                )
            finally:
                connection.exec_driver_sql("DROP VIEW names")

        assert await db.run_sync(use) == (
            ["names"], False, True, ["id", "name"], True, {(None, "names")}, ["id", "name"],
            {"author", "book", "copy", "names"},
        )  # fmt: skip

    async def test_sequences(self, db: Database) -> None:
        metadata = MetaData()
        Sequence("tickets", start=5, metadata=metadata)
        await db.create(metadata)
        if not db.engine.dialect.supports_sequences:
            with pytest.raises(NotImplementedError):
                await self._asked(db, lambda inspector: inspector.get_sequence_names())
            return

        def ask(inspector: Inspector) -> Any:
            found = [inspector.has_sequence(name) for name in ("tickets", "absent")]
            return inspector.get_sequence_names(), found, inspector.get_table_names()

        assert await self._asked(db, ask) == (["tickets"], [True, False], [])

    async def test_temporary_tables_are_found_by_their_names(self, db: Database) -> None:
        def use(connection: Any) -> Any:
            connection.exec_driver_sql(
                "CREATE TEMPORARY TABLE passing (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(9))"
            )
            inspector = inspect(connection)
            passing = Table("passing", MetaData(), autoload_with=connection)
            connection.execute(insert(passing), {"id": 1, "name": "x"})
            found = (
                inspector.has_table("passing"),
                inspector.get_table_names(),
                inspector.get_pk_constraint("passing")["constrained_columns"],
                [(column.name, column.nullable) for column in passing.c],
                connection.execute(select(passing)).all(),
            )
            connection.exec_driver_sql("DROP TABLE passing")
            return found

        assert await db.run_sync(use) == (
            True, [], ["id"], [("id", False), ("name", True)], [(1, "x")],
        )  # fmt: skip

    async def test_many_are_described_as_each(self, db: Database) -> None:
        await db.create(declared())

        def compare(connection: Any) -> None:
            together, apart = inspect(connection), inspect(connection)
            for what in DESCRIBED:
                found = getattr(together, f"get_multi_{what}")()
                assert found.keys() == {(None, name) for name in ("author", "book", "copy")}
                for (_, name), described in found.items():
                    assert repr(described) == repr(getattr(apart, f"get_{what}")(name))
                few = getattr(together, f"get_multi_{what}")(filter_names=["book", "absent"])
                assert few.keys() == {(None, "book")}

        await db.run_sync(compare)

    async def test_what_is_missing(self, db: Database) -> None:
        await db.create(declared())

        def ask(inspector: Inspector) -> None:
            for what in DESCRIBED:
                with pytest.raises(NoSuchTableError, match="absent"):
                    getattr(inspector, f"get_{what}")("absent")
            with pytest.raises(NoSuchTableError, match="absent"):
                inspector.get_view_definition("absent")
            with pytest.raises(NoSuchTableError, match="absent"):
                Table("absent", MetaData(), autoload_with=inspector)
            with pytest.raises(InvalidRequestError, match="absent"):
                MetaData().reflect(inspector.bind, only=["book", "absent"])

        await self._asked(db, ask)

    async def test_answers_are_kept_until_the_cache_is_cleared(self, db: Database) -> None:
        metadata = MetaData()
        late = Table("late", metadata, Column("id", Integer, primary_key=True))

        def use(connection: Any) -> list[bool]:
            inspector = inspect(connection)
            found = [inspector.has_table("late")]
            late.create(connection)
            found.append(inspector.has_table("late"))
            inspector.clear_cache()
            found.append(inspector.has_table("late"))
            late.drop(connection)
            return found

        assert await db.run_sync(use) == [False, False, True]
