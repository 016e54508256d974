"""Core: connections, results and rows, transactions and savepoints, errors."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

import pytest

from ...exc import (
    DBAPIError,
    IntegrityError,
    InvalidRequestError,
    MultipleResultsFound,
    NoResultFound,
    NoSuchColumnError,
    PendingRollbackError,
    ResourceClosedError,
    StatementError,
)
from ...inspection import inspect
from ...schema import Column, MetaData, Table, insert_sentinel
from ...sql import bindparam, delete, func, insert, literal, select, text, update
from ...types import Integer, String, Uuid
from .suite import Database, Suite

metadata = MetaData()
item = Table(
    "item",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(30), unique=True),
    Column("size", Integer, nullable=False, default=1),
)
signed = Table("signed", metadata, Column("id", Uuid, primary_key=True), Column("size", Integer))
numbered = Table("numbered", metadata, insert_sentinel("place"), Column("size", Integer))


async def stored(connection: Any) -> list[str]:
    """Return the names, in order."""
    return list((await connection.execute(select(item.c.name).order_by(item.c.name))).scalars())


class ResultSuite(Suite):
    """Results and rows."""

    metadata: ClassVar[MetaData | None] = metadata

    async def _three(self, connection: Any) -> None:
        await connection.execute(
            insert(item), [{"name": n, "size": i} for i, n in enumerate("abc")]
        )

    async def test_rows_are_tuples_with_names(self, db: Database) -> None:
        async with db.connect() as connection:
            row = (await connection.execute(select(literal(1).label("x"), literal("b")))).one()
            x, b = row
            assert (x, b, row.x, row[1], row._mapping["x"]) == (1, "b", 1, "b", 1)
            assert row == (1, "b") and isinstance(row, tuple) and repr(row) == "(1, 'b')"
            assert row._asdict() == dict(row._mapping)
            with pytest.raises(AttributeError, match="nothing"):
                _ = row.nothing
            with pytest.raises(NoSuchColumnError, match="nothing"):
                row._mapping["nothing"]

    async def test_row_by_column_and_by_label(self, db: Database) -> None:
        async with db.connect() as connection:
            await self._three(connection)
            label = func.upper(item.c.name).label("loud")
            result = await connection.execute(select(item, label).where(item.c.id == 2))
            assert list(result.keys()) == ["id", "name", "size", "loud"]
            row = result.one()
            assert (row._mapping[item.c.name], row._mapping[label], row.loud) == ("b", "B", "B")

    @pytest.mark.parametrize(
        ("method", "rows", "outcome"),
        [
            ("first", 0, None), ("first", 3, "a"), ("one", 1, "a"), ("one", 0, NoResultFound),
            ("one", 2, MultipleResultsFound), ("one_or_none", 0, None), ("one_or_none", 1, "a"),
            ("one_or_none", 2, MultipleResultsFound),
        ],
    )  # fmt: skip
    async def test_how_many_rows(self, db: Database, method: str, rows: int, outcome: Any) -> None:
        async with db.connect() as connection:
            await self._three(connection)
            query = select(item.c.name).order_by(item.c.id).where(item.c.size < rows)
            result = (await connection.execute(query)).scalars()
            if isinstance(outcome, type):
                with pytest.raises(outcome):
                    getattr(result, method)()
            else:
                assert getattr(result, method)() == outcome

    async def test_ways_of_reading(self, db: Database) -> None:
        async with db.connect() as connection:
            await self._three(connection)
            query = select(item.c.name, item.c.size).order_by(item.c.id)
            assert (await connection.execute(query)).all() == [("a", 0), ("b", 1), ("c", 2)]
            mappings = (await connection.execute(query)).mappings().all()
            assert dict(mappings[0]) == {"name": "a", "size": 0}
            assert (await connection.execute(query)).scalars("size").all() == [0, 1, 2]
            assert (await connection.execute(query)).columns("size", "name").first() == (0, "a")
            result = await connection.execute(query)
            assert result.fetchone() == ("a", 0)
            assert result.fetchmany(1) == [("b", 1)]
            assert result.fetchall() == [("c", 2)]
            assert result.fetchone() is None
            parts = (await connection.execute(query)).partitions(2)
            assert [len(part) for part in parts] == [2, 1]
            twice = select(item.c.size % 2).order_by(item.c.id)
            assert (await connection.execute(twice)).unique().scalars().all() == [0, 1]

    async def test_closed_and_rowless_results(self, db: Database) -> None:
        async with db.connect() as connection:
            result = await connection.execute(insert(item), {"name": "x"})
            assert not result.returns_rows
            assert result.inserted_primary_key == (1,)
            with pytest.raises(ResourceClosedError):
                result.all()
            result = await connection.execute(select(item))
            result.close()
            with pytest.raises(ResourceClosedError):
                result.all()

    async def test_rowcount_and_executemany(self, db: Database) -> None:
        async with db.connect() as connection:
            await self._three(connection)
            result = await connection.execute(update(item).values(size=9).where(item.c.size > 0))
            assert result.rowcount == 2
            many = update(item).where(item.c.name == bindparam("n")).values(size=bindparam("s"))
            await connection.execute(many, [{"n": "a", "s": 5}, {"n": "b", "s": 6}])
            sizes = await connection.execute(select(item.c.size).order_by(item.c.id))
            assert list(sizes.scalars()) == [5, 6, 9]
            assert (await connection.execute(delete(item))).rowcount == 3

    @pytest.mark.parametrize("table", [item, signed, numbered], ids=lambda table: table.name)
    async def test_rows_in_the_order_of_the_parameters(self, db: Database, table: Table) -> None:
        sizes = [5, 2, 9, 1, 7]
        rows: list[dict[str, Any]] = [{"size": size} for size in sizes]
        if table is signed:
            rows = [{"id": UUID(int=row["size"] * 5 % 11), **row} for row in rows]
        statement = insert(table).returning(table.c.size, sort_by_parameter_order=True)
        async with db.connect() as connection:
            if not db.engine.dialect.insert_returning:
                with pytest.raises(StatementError, match="RETURNING when executemany is used"):
                    await connection.execute(statement, rows)
                return
            options = {"insertmanyvalues_page_size": 2}
            result = await connection.execute(statement, rows, execution_options=options)
            assert result.keys() == ["size"] and result.scalars().all() == sizes

    async def test_text_and_plain_strings(self, db: Database) -> None:
        async with db.connect() as connection:
            await self._three(connection)
            query = "SELECT name FROM item WHERE size > :least ORDER BY name"
            for statement in (text(query), text(query).columns(name=String), query):
                result = await connection.execute(statement, {"least": 0})
                assert result.scalars().all() == ["b", "c"]
            bound = text(query).bindparams(least=1)
            assert await connection.scalar(bound) == "c"
            assert await connection.scalar(text(r"SELECT '\:x 12:30'")) == ":x 12:30"


class TransactionSuite(Suite):
    """Transactions and savepoints on connections."""

    metadata: ClassVar[MetaData | None] = metadata

    async def _add(self, connection: Any, name: str) -> None:
        await connection.execute(insert(item), {"name": name})

    async def test_commit_and_rollback_as_you_go(self, db: Database) -> None:
        async with db.connect() as connection:
            await self._add(connection, "kept")
            await connection.commit()
            await self._add(connection, "lost")
            await connection.rollback()
            assert not connection.in_transaction()
            assert await stored(connection) == ["kept"]

    async def test_close_rolls_back(self, db: Database) -> None:
        async with db.connect() as connection:
            await self._add(connection, "lost")
        async with db.connect() as connection:
            assert await stored(connection) == []

    async def test_begin_block(self, db: Database) -> None:
        async with db.connect() as connection:
            async with connection.begin():
                await self._add(connection, "kept")
            with pytest.raises(KeyError):
                async with connection.begin():
                    await self._add(connection, "lost")
                    raise KeyError
            assert await stored(connection) == ["kept"]

    async def test_savepoints_nest(self, db: Database) -> None:
        async with db.connect() as connection, connection.begin():
            await self._add(connection, "a")
            async with connection.begin_nested():
                await self._add(connection, "b")
                with pytest.raises(KeyError):
                    async with connection.begin_nested():
                        await self._add(connection, "lost")
                        raise KeyError
                inner = await connection.begin_nested()
                await self._add(connection, "lost too")
                await inner.rollback()
                await self._add(connection, "c")
            assert await stored(connection) == ["a", "b", "c"]

    async def test_failing_statement_leaves_the_rest_usable(self, db: Database) -> None:
        async with db.connect() as connection, connection.begin():
            await self._add(connection, "a")
            with pytest.raises(IntegrityError):
                async with connection.begin_nested():
                    await self._add(connection, "b")
                    await self._add(connection, "a")
            await self._add(connection, "c")
            assert await stored(connection) == ["a", "c"]

    async def test_second_begin_is_refused(self, db: Database) -> None:
        async with db.connect() as connection, connection.begin():
            with pytest.raises(InvalidRequestError, match="begin"):
                await connection.begin()

    async def test_use_after_close_is_refused(self, db: Database) -> None:
        connection = db.connect()
        async with connection:
            pass
        with pytest.raises(ResourceClosedError):
            await connection.execute(select(item))

    async def test_ddl_is_rolled_back_where_the_database_does(self, db: Database) -> None:
        table = Table("brief", MetaData(), Column("x", Integer))
        async with db.connect() as connection:
            async with connection.begin() as transaction:
                await connection.run_sync(table.create)
                await self._add(connection, "x")
                await transaction.rollback()
            assert await stored(connection) == []
            there = await connection.run_sync(lambda sync: inspect(sync).has_table("brief"))
            assert there is not self.rolls_back_ddl
            await connection.run_sync(lambda sync: table.drop(sync, checkfirst=True))
            await connection.commit()


class ErrorSuite(Suite):
    """Errors carry the statement and its parameters, and leave the connection usable."""

    metadata: ClassVar[MetaData | None] = metadata

    async def test_integrity_error_says_what_was_sent(self, db: Database) -> None:
        async with db.connect() as connection:
            await connection.execute(insert(item), {"name": "a"})
            with pytest.raises(IntegrityError) as caught:
                await connection.execute(insert(item), {"name": "a"})
            error = caught.value
            assert error.statement is not None and error.statement.startswith("INSERT INTO item")
            params = error.params
            assert "a" in (params.values() if isinstance(params, dict) else params)
            assert error.orig is not None
            assert "INSERT INTO item" in str(error)

    async def test_null_violation(self, db: Database) -> None:
        async with db.connect() as connection:
            with pytest.raises(IntegrityError, match="size"):
                await connection.execute(insert(item), {"name": "a", "size": None})

    async def test_syntax_error_and_missing_table(self, db: Database) -> None:
        async with db.connect() as connection:
            for statement in ("SELEC 1", "SELECT * FROM nowhere"):
                with pytest.raises(DBAPIError) as caught:
                    await connection.execute(text(statement))
                assert statement in str(caught.value)
                await connection.rollback()
            assert await connection.scalar(select(literal(1))) == 1

    async def test_missing_parameter_is_named(self, db: Database) -> None:
        async with db.connect() as connection:
            with pytest.raises(StatementError, match="wanted"):
                await connection.execute(text("SELECT :wanted"))
            with pytest.raises(StatementError, match="wanted"):
                await connection.execute(select(bindparam("wanted")), {"other": 1})

    async def test_hidden_parameters(self, db: Database) -> None:
        hidden = Database(self.make_engine(hide_parameters=True))
        try:
            async with hidden.connect() as connection:
                with pytest.raises(DBAPIError) as caught:
                    await connection.execute(
                        text("SELECT :secret FROM nowhere"), {"secret": "s3cret"}
                    )
            assert "s3cret" not in str(caught.value)
        finally:
            await hidden.close()

    async def test_executemany_failure_undoes_with_the_transaction(self, db: Database) -> None:
        async with db.connect() as connection:
            with pytest.raises(IntegrityError):
                await connection.execute(insert(item), [{"name": n} for n in ("a", "b", "a")])
            await connection.rollback()
            assert await stored(connection) == []

    async def test_deactivated_savepoint_must_be_rolled_back(self, db: Database) -> None:
        async with db.connect() as connection:
            transaction = await connection.begin()
            savepoint = await connection.begin_nested()
            await transaction.rollback()
            assert not savepoint.is_active
            with pytest.raises((InvalidRequestError, PendingRollbackError)):
                await savepoint.commit()
