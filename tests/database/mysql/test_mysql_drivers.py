"""The adapters: transactions as the server sees them, streams, many rows, lost connections."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from every_driver import through_each

from ormolu import Column, Integer, MetaData, String, Table, Text, insert, select, text, update
from ormolu.exc import DBAPIError, IntegrityError, InvalidRequestError, OperationalError
from ormolu.testing.conformance import Database, Suite

metadata = MetaData()
note = Table(
    "note",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("words", String(200)),
    Column("size", Integer),
)
LEVEL = text("SELECT @@session.tx_isolation")
THREAD = text("SELECT CONNECTION_ID()")


async def words(connection: Any) -> list[Any]:
    return list((await connection.scalars(select(note.c.words).order_by(note.c.id))).all())


async def add(connection: Any, *new: str) -> None:
    await connection.execute(insert(note), [{"words": each} for each in new])


class TransactionsSuite(Suite):
    """Transactions, of which the server begins each at its first statement."""

    metadata = metadata

    async def test_update_counts_the_rows_that_it_matched(self, db: Database) -> None:
        async with db.connect() as connection:
            await add(connection, "a", "a", "b")
            same = update(note).where(note.c.words == "a").values(words="a")
            assert (await connection.execute(same)).rowcount == 2

    async def test_generated_keys_are_told(self, db: Database) -> None:
        async with db.connect() as connection:
            result = await connection.execute(insert(note), {"words": "a"})
            assert result.inserted_primary_key == (1,)
            result = await connection.execute(text("INSERT INTO note (words) VALUES ('b')"))
            assert (result.lastrowid, result.rowcount) == (2, 1)

    async def test_after_ddl_the_next_statement_is_in_a_transaction_again(
        self, db: Database
    ) -> None:
        async with db.connect() as connection:
            await add(connection, "before")
            await connection.execute(text("CREATE TABLE brief (x INT)"))
            await add(connection, "after")
            await connection.rollback()
            assert await words(connection) == ["before"]
            await connection.execute(text("DROP TABLE brief"))

    async def test_autocommit_and_back(self, db: Database) -> None:
        async with db.connect() as connection, db.connect() as other:
            automatic = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await add(automatic, "at once")
            assert await words(other) == ["at once"]
            await automatic.rollback()
        async with db.connect() as connection:
            assert await words(connection) == ["at once"]
            await add(connection, "lost")
            await connection.rollback()
            assert await words(connection) == ["at once"]

    async def test_an_isolation_level_is_the_connections_while_it_is_lent(
        self, db: Database
    ) -> None:
        async with db.connect() as connection:
            own = await connection.scalar(LEVEL)
            thread = await connection.scalar(THREAD)
        for level in ("SERIALIZABLE", "READ UNCOMMITTED", "READ COMMITTED"):
            async with db.connect() as connection:
                await connection.execution_options(isolation_level=level)
                assert await connection.scalar(LEVEL) == level.replace(" ", "-")
                assert await connection.get_isolation_level() == level
        async with db.connect() as connection:
            assert await connection.scalar(THREAD) == thread
            assert await connection.scalar(LEVEL) == own

    async def test_a_lock_timeout_undoes_the_statement_alone(self, db: Database) -> None:
        async with db.connect() as one, db.connect() as two:
            await add(one, "a", "b")
            await one.commit()
            await two.execute(text("SET SESSION innodb_lock_wait_timeout = 1"))
            await one.execute(update(note).where(note.c.id == 1).values(size=1))
            await two.execute(update(note).where(note.c.id == 2).values(size=2))
            with pytest.raises(OperationalError, match="Lock wait timeout"):
                await two.execute(update(note).where(note.c.id == 1).values(size=2))
            await two.commit()
            await one.rollback()
            sizes = select(note.c.size).order_by(note.c.id)
            assert (await one.scalars(sizes)).all() == [None, 2]

    async def test_what_the_server_rolled_back_can_not_be_committed(self, db: Database) -> None:
        async with db.connect() as one, db.connect() as two:
            await add(one, "a", "b")
            await one.commit()
            await two.execute(text("SET SESSION innodb_snapshot_isolation = ON"))
            await words(two)
            await two.execute(update(note).where(note.c.id == 2).values(words="two's"))
            await one.execute(update(note).where(note.c.id == 1).values(words="one's"))
            await one.commit()
            with pytest.raises(OperationalError, match="1020"):
                await two.execute(update(note).where(note.c.id == 1).values(words="two's"))
            with pytest.raises(InvalidRequestError, match="rolled this transaction back"):
                await two.commit()
            await two.rollback()
            assert await words(two) == ["one's", "b"]

    async def test_two_phases(self, db: Database) -> None:
        async with db.connect() as connection:
            for xid, ends in (("kept", "commit"), ("lost", "rollback")):
                transaction = await connection.begin_twophase(xid)
                await add(connection, xid)
                await transaction.prepare()
                assert xid in await connection.recover_twophase()
                await getattr(transaction, ends)()
            single = await connection.begin_twophase()
            await add(connection, "unprepared")
            await single.commit()
            assert await words(connection) == ["kept", "unprepared"]
            assert await connection.recover_twophase() == []


class ManyRowsSuite(Suite):
    """What ``executemany`` sends."""

    metadata = metadata

    async def _statements(self, connection: Any) -> int:
        row = (await connection.execute(text("SHOW SESSION STATUS LIKE 'Com_insert'"))).one()
        return int(row[1])

    async def test_rows_share_statements(self, db: Database) -> None:
        async with db.connect() as connection:
            before = await self._statements(connection)
            result = await connection.execute(
                insert(note), [{"words": "w" * 150, "size": i} for i in range(4000)]
            )
            assert result.rowcount == 4000
            assert 2 <= await self._statements(connection) - before <= 10
            assert (await connection.scalars(select(note.c.size))).all() == list(range(4000))

    @pytest.mark.parametrize("mode", ["", "NO_BACKSLASH_ESCAPES"])
    async def test_any_text_arrives_as_it_was(self, db: Database, mode: str) -> None:
        odd = [
            "%s",
            "100%",
            "%(x)s",
            "a'b",
            'a"b',
            "a\\",
            "\\'",
            "a\\n\n\r\0\x1a",
            "☃ 😀",
            ");--",
            "",
        ]
        async with db.connect() as connection:
            await connection.execute(text(f"SET SESSION sql_mode = '{mode}'"))
            await add(connection, *odd)
            for each in odd:
                await connection.execute(insert(note), {"words": each})
            assert await words(connection) == [*odd, *odd]

    async def test_driver_sql_with_many_parameters(self, db: Database) -> None:
        async with db.connect() as connection:
            for sql, rows in (
                ("INSERT INTO note (words, size) VALUES (%s, 1 + %s)", [("a", 1), ("b", 2)]),
                ("INSERT INTO note (words) VALUES (CONCAT('50%%', %s))", [("c",), ("d",)]),
                ("INSERT INTO note (words) VALUES (%(w)s)", [{"w": "e"}, {"w": "f"}]),
                ("UPDATE note SET size = %s WHERE words = %s", [(7, "e"), (8, "f")]),
            ):
                result = await connection.exec_driver_sql(sql, rows)
                assert result.rowcount == 2
            rows = await connection.execute(select(note.c.words, note.c.size).order_by(note.c.id))
            assert [tuple(row) for row in rows] == [
                *[("a", 2), ("b", 3), ("50%c", None), ("50%d", None), ("e", 7), ("f", 8)]
            ]

    async def test_a_failure_on_the_way_undoes_with_the_transaction(self, db: Database) -> None:
        async with db.connect() as connection:
            with pytest.raises(IntegrityError):
                await connection.execute(
                    insert(note), [{"id": i % 2999, "words": "x" * 199} for i in range(1, 3001)]
                )
            await connection.rollback()
            assert await words(connection) == []


class StreamsSuite(Suite):
    """Rows that stay on the wire."""

    metadata = metadata

    @asynccontextmanager
    async def _streaming(self, db: Database) -> AsyncIterator[tuple[Any, Any]]:
        async with db.connect() as connection:
            await add(connection, *map(str, range(100)))
            await connection.commit()
            statement = select(note.c.words).order_by(note.c.id)
            async with connection.stream(statement) as result:
                assert (await result.fetchone())[0] == "0"
                yield connection, result

    async def test_other_statements_meanwhile(self, db: Database) -> None:
        async with self._streaming(db) as (connection, result):
            await add(connection, "new")
            assert len(await words(connection)) == 101
            await connection.commit()
            assert [row[0] for row in await result.fetchall()] == [str(i) for i in range(1, 100)]

    async def test_two_streams(self, db: Database) -> None:
        async with self._streaming(db) as (connection, result):
            statement = select(note.c.id).order_by(note.c.id)
            async with connection.stream(statement) as other:
                assert (await other.fetchone())[0] == 1
                assert (await result.fetchone())[0] == "1"
                assert (await other.fetchone())[0] == 2
                assert len(await result.fetchall()) == 98
                assert len(await other.fetchall()) == 98

    async def test_half_read(self, db: Database) -> None:
        async with self._streaming(db) as (connection, result):
            await result.close()
            assert await connection.scalar(select(text("1"))) == 1
        async with self._streaming(db):
            pass
        async with db.connect() as connection:
            assert len(await words(connection)) == 200

    async def test_objects_in_chunks(self, db: Database) -> None:
        async with db.connect() as connection:
            await add(connection, *map(str, range(25)))
            options = {"yield_per": 10}
            async with connection.stream(select(note.c.words), execution_options=options) as result:
                assert [len(part) async for part in result.partitions()] == [10, 10, 5]


class ConnectionsSuite(Suite):
    """Connections that are lost, interrupted, in other ways odd."""

    metadata = metadata

    async def _kill(self, db: Database, thread: int) -> None:
        async with db.connect() as other:
            await other.execute(text(f"KILL {thread}"))

    async def test_a_killed_connection_is_replaced(self, db: Database) -> None:
        async with db.connect() as connection:
            thread = await connection.scalar(THREAD)
            await add(connection, "lost")
            await self._kill(db, thread)
            with pytest.raises(DBAPIError) as caught:
                await add(connection, "lost")
            assert caught.value.connection_invalidated
            await connection.rollback()
            assert await connection.scalar(THREAD) != thread
            assert await words(connection) == []

    async def test_a_ping_finds_out_before_the_user_does(self, db: Database) -> None:
        pinging = Database(self.make_engine(pool_pre_ping=True))
        try:
            async with pinging.connect() as connection:
                thread = await connection.scalar(THREAD)
            await self._kill(db, thread)
            async with pinging.connect() as connection:
                assert await connection.scalar(THREAD) != thread
        finally:
            await pinging.close()

    async def test_a_ping_sends_one_statement(self, db: Database) -> None:
        pinging = Database(self.make_engine(pool_pre_ping=True))
        questions = text("SHOW SESSION STATUS LIKE 'Questions'")
        try:
            seen = []
            for _ in range(4):
                async with pinging.connect() as connection:
                    seen.append(int((await connection.execute(questions)).one()[1]))
            # SHOW, ROLLBACK, the next user's ping
            assert seen[3] - seen[2] == 3
        finally:
            await pinging.close()

    async def test_results_of_a_procedure_leave_the_connection_in_step(self, db: Database) -> None:
        async with db.connect() as connection:
            await connection.execute(text("CREATE PROCEDURE two() BEGIN SELECT 1; SELECT 2; END"))
            try:
                assert (await connection.execute(text("CALL two()"))).all() == [(1,)]
                assert await connection.scalar(text("SELECT 3")) == 3
            finally:
                await connection.execute(text("DROP PROCEDURE two"))

    async def test_a_value_that_can_not_be_sent_harms_nothing(self, db: Database) -> None:
        async with db.connect() as connection:
            await add(connection, "kept")
            with pytest.raises(Exception, match="surrogates|encode"):
                await connection.execute(insert(note), {"words": "\ud800"})
            assert await words(connection) == ["kept"]
            await connection.commit()

    async def test_long_texts(self, db: Database) -> None:
        long = MetaData()
        page = Table(
            "page", long, Column("id", Integer, primary_key=True), Column("body", Text(2**24))
        )
        await db.create(long)
        async with db.connect() as connection:
            bodies = ["é" * 1_000_000, "", "x" * 300_000]
            await connection.execute(insert(page), [{"body": body} for body in bodies])
            assert (await connection.scalars(select(page.c.body))).all() == bodies


class CancellationSuite(Suite):
    """Tasks that are cancelled while they wait for the server."""

    metadata = metadata

    async def test_a_cancelled_statement_costs_its_connection_alone(self, db: Database) -> None:
        async with db.connect() as connection:
            thread = await connection.scalar(THREAD)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1), db.connect() as connection:
                await add(connection, "lost")
                await connection.execute(text("SELECT SLEEP(5)"))
        async with db.connect() as connection:
            assert await connection.scalar(THREAD) != thread
            assert await words(connection) == []
            await add(connection, "kept")
            await connection.commit()

    async def test_cancelled_anywhere_nothing_stays_behind(self, db: Database) -> None:
        async def work() -> None:
            async with db.connect() as connection, connection.begin():
                await add(connection, "a", "b")
                async with connection.begin_nested():
                    await words(connection)
                async with connection.stream(select(note)) as result:
                    await result.fetchone()

        for turns in range(60):
            task = asyncio.create_task(work())
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert db.engine.pool.checkedout() == 0
        async with db.connect() as connection:
            found = await words(connection)
            assert found == ["a", "b"] * (len(found) // 2)
            assert await self._others_in_a_transaction(connection) == 0

    async def _others_in_a_transaction(self, connection: Any) -> int:
        """Count open transactions of this database; those of closed connections may linger."""
        question = text(
            "SELECT COUNT(*) FROM information_schema.innodb_trx t JOIN information_schema.processlist"
            " p ON p.id = t.trx_mysql_thread_id WHERE p.db = DATABASE() AND p.id <> CONNECTION_ID()"
        )
        for _ in range(50):
            count = await connection.scalar(question)
            if not count:
                break
            await asyncio.sleep(0.05)
        return int(count)


globals().update(through_each(TransactionsSuite, ManyRowsSuite, StreamsSuite, ConnectionsSuite))
globals().update(through_each(CancellationSuite, drivers=("mysql+asyncmy", "mysql+aiomysql")))
