"""Values that were never set, and None where it is a value of its own: the null of JSON."""

from __future__ import annotations

from typing import Any

import pytest

from ...exc import IntegrityError
from ...orm import DeclarativeBase, Mapped, mapped_column
from ...sql import insert, null, select, text
from ...types import JSON, Integer
from .suite import Database, Suite

__all__ = ["UnsetValueSuite"]


class Base(DeclarativeBase):
    pass


class Document(Base):
    """``plain`` has no default, ``filled`` one of the database, ``made`` one of Python.

    The parentheses make the database's an expression, since JSON can have no other on MySQL:
    https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html
    """

    __tablename__ = "unset_documents"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    plain: Mapped[Any] = mapped_column(JSON, nullable=True)
    filled: Mapped[Any] = mapped_column(JSON, nullable=True, server_default=text("('[1]')"))
    made: Mapped[Any] = mapped_column(JSON, nullable=True, default=lambda: [2])
    sql_null: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)


class UnsetValueSuite(Suite):
    """What an INSERT of objects writes for JSON that is missing, and for JSON that is None."""

    async def stored(self, session: Any) -> list[list[Any]]:
        """Whether each column is NULL (None), and the document otherwise, as it is stored."""
        columns = (Document.plain, Document.filled, Document.made, Document.sql_null)
        # One by one: a NULL and JSON's null are both None when they are read.
        rows = []
        for row_id in (await session.scalars(select(Document.id).order_by(Document.id))).all():
            row = []
            for column in columns:
                found = select(column, column.is_(null())).where(Document.id == row_id)
                value, is_null = (await session.execute(found)).one()
                row.append("NULL" if is_null else value)
            rows.append(row)
        return rows

    async def test_what_was_never_set_is_null_and_none_is_json_null(self, db: Database) -> None:
        await db.create(Base.metadata)
        async with db.session() as session:
            session.add(Document())
            await session.flush()
            session.add_all([Document(), Document(plain=None, filled=None, made=None)])
            await session.flush()
            session.add_all([Document(plain={"a": 1}), Document(plain=None), Document()])
            await session.flush()
            unset, nulls = ["NULL", [1], [2], "NULL"], [None, None, None, "NULL"]
            given, plain = [{"a": 1}, [1], [2], "NULL"], [None, [1], [2], "NULL"]
            assert await self.stored(session) == [unset, unset, nulls, given, plain, unset]

    async def test_an_unset_attribute_is_none_after_the_flush(self, db: Database) -> None:
        await db.create(Base.metadata)
        async with db.session() as session:
            one, two = Document(), Document(plain=None)
            session.add_all([one, two])
            await session.flush()
            with db.counting() as counted:
                assert (one.plain, two.plain, one.sql_null) == (None, None, None)
            assert len(counted) == 0

    async def test_an_object_whose_insert_failed_is_as_unset_as_before(self, db: Database) -> None:
        await db.create(Base.metadata)
        async with db.session() as session:
            session.add(Document(id=1))
            await session.commit()
            again = Document(id=1)
            session.add(again)
            with pytest.raises(IntegrityError):
                await session.flush()
            await session.rollback()
            again.id = 2
            await session.flush()
            assert (await self.stored(session))[1] == ["NULL", [1], [2], "NULL"]

    async def test_bulk_statements_write_what_they_are_given(self, db: Database) -> None:
        await db.create(Base.metadata)
        async with db.session() as session:
            await session.execute(insert(Document), [{"plain": None, "made": None}])
            await session.run_sync(
                lambda sync: sync.bulk_insert_mappings(
                    Document, [{"plain": None, "sql_null": None}]
                )
            )
            rows = await self.stored(session)
            assert rows == [[None, [1], None, "NULL"], [None, [1], [2], "NULL"]]

    async def test_none_takes_the_place_of_a_document(self, db: Database) -> None:
        await db.create(Base.metadata)
        async with db.session() as session:
            document = Document(plain={"a": 1}, sql_null={"b": 2})
            session.add(document)
            await session.commit()
            document.plain = document.sql_null = None
            await session.flush()
            assert await self.stored(session) == [[None, [1], [2], "NULL"]]
