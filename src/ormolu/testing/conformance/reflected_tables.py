"""Tables made of what the database says, which can be used and created again alike."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...inspection import inspect
from ...schema import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Table,
    UniqueConstraint,
)
from ...sql import insert, select
from ...types import Integer, String
from .reflection import DESCRIBED, declared
from .schema import ODD_NAMES
from .suite import Database, Suite

__all__ = ["ReflectedTableSuite"]


class ReflectedTableSuite(Suite):
    """``autoload_with`` and `MetaData.reflect`."""

    async def test_autoload(self, db: Database) -> None:
        await db.create(declared())
        metadata = MetaData()

        def load(connection: Any) -> Table:
            return Table("copy", metadata, autoload_with=connection)

        copy = await db.run_sync(load)
        assert set(metadata.tables) == {"author", "book", "copy"}
        author, book = metadata.tables["author"], metadata.tables["book"]
        assert [column.name for column in book.primary_key] == ["shelf", "place"]
        assert copy.c.place.references(book.c.place)
        assert author.c.mentor_id.references(author.c.id)
        async with db.connect() as connection, connection.begin():
            await connection.execute(insert(author), {"name": "a"})
            values = {"shelf": 1, "place": 2, "author_id": 1, "title": "b"}
            await connection.execute(insert(book), values)
            await connection.execute(insert(copy), {"shelf": 1, "place": 2})
            query = select(author.c.country, book.c.price).join(book).join(copy)
            assert (await connection.execute(query)).all() == [("eu", Decimal("1.5"))]

    async def test_autoload_of_chosen_columns(self, db: Database) -> None:
        await db.create(declared())

        def load(connection: Any) -> Table:
            return Table(
                "book",
                MetaData(),
                Column("title", String(99), key="named"),
                autoload_with=connection,
                include_columns=["shelf", "place", "title"],
                resolve_fks=False,
            )

        book = await db.run_sync(load)
        assert book.c.keys() == ["shelf", "place", "named"]
        assert book.c.named.type.length == 99
        assert list(book.metadata.tables) == ["book"]

    async def test_what_is_reflected_is_created_again_alike(self, db: Database) -> None:
        metadata = declared()
        await db.create(metadata)

        def again(connection: Any) -> None:
            before = _described(connection)
            reflected = MetaData()
            reflected.reflect(connection)
            order = [table.name for table in reflected.sorted_tables]
            assert order == ["author", "book", "copy"]
            reflected.drop_all(connection)
            assert inspect(connection).get_table_names() == []
            reflected.create_all(connection)
            assert _described(connection) == before

        await db.run_sync(again)

    async def test_tables_that_refer_to_each_other(self, db: Database) -> None:
        metadata = MetaData()
        Table(
            "hen",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("egg_id", ForeignKey("egg.id", name="fk_egg", use_alter=True)),
        )
        Table(
            "egg",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("hen_id", ForeignKey("hen.id", name="fk_hen")),
        )
        await db.create(metadata)

        def ask(connection: Any) -> Any:
            reflected = MetaData()
            reflected.reflect(connection)
            keys = [key for table in reflected.tables.values() for key in table.foreign_keys]
            order = inspect(connection).get_sorted_table_and_fkc_names()
            return {key.column.table.name for key in keys}, {name for name, _ in order}

        assert await db.run_sync(ask) == ({"hen", "egg"}, {"hen", "egg", None})

    async def test_odd_names(self, db: Database) -> None:
        metadata = MetaData()
        for name in ODD_NAMES:
            Table(
                f"t {name}",
                metadata,
                Column(name, Integer, primary_key=True),
                Column(f"x {name}", Integer, nullable=False),
                Column(f"y {name}", Integer),
                ForeignKeyConstraint([f"y {name}"], [(f"t {name}", name)], name=f"fk {name}"),
                UniqueConstraint(f"x {name}", name=f"uq {name}"),
                Index(f"ix {name}", f"y {name}", f"x {name}"),
            )
        await db.create(metadata)

        def ask(connection: Any) -> None:
            reflected = MetaData()
            reflected.reflect(connection)
            assert reflected.tables.keys() == metadata.tables.keys()
            for name in ODD_NAMES:
                table = reflected.tables[f"t {name}"]
                assert table.c.keys() == [name, f"x {name}", f"y {name}"]
                assert table.primary_key.columns.keys() == [name]
                (key,) = table.foreign_key_constraints
                assert (key.name, key.column_keys) == (f"fk {name}", [f"y {name}"])
                assert key.elements[0].column is table.c[name]
                assert f"ix {name}" in {index.name for index in table.indexes}
                inspector = inspect(connection)
                assert inspector.has_table(table.name)
                uniques = inspector.get_unique_constraints(table.name)
                assert [(u["name"], u["column_names"]) for u in uniques] == [
                    (f"uq {name}", [f"x {name}"])
                ]

        await db.run_sync(ask)


def _described(connection: Any) -> dict[str, str]:
    """Everything about all tables, as text."""
    inspector = inspect(connection)
    return {what: repr(getattr(inspector, f"get_multi_{what}")()) for what in DESCRIBED}
