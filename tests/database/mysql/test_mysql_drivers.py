"""The adapters: transactions as the server sees them, streams, many rows, lost connections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from every_driver import level_question, through_each

from backends.series import numbers
from ormolu import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    create_engine,
    delete,
    insert,
    select,
    text,
    update,
)
from ormolu.dialects.mysql.many_rows import MULTI_STATEMENTS
from ormolu.engine import Connection
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
THREAD = text("SELECT CONNECTION_ID()")


async def words(connection: Any) -> list[Any]:
    return list((await connection.scalars(select(note.c.words).order_by(note.c.id))).all())


async def add(connection: Any, *new: str) -> None:
    await connection.execute(insert(note), [{"words": each} for each in new])


def stream(connection: Connection, statement: Any, **options: Any) -> Any:
    return connection.execute(statement, execution_options={"stream_results": True, **options})


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
            question = level_question(db)
            own = await connection.scalar(question)
            thread = await connection.scalar(THREAD)
        for level in ("SERIALIZABLE", "READ UNCOMMITTED", "READ COMMITTED"):
            async with db.connect() as connection:
                await connection.execution_options(isolation_level=level)
                assert await connection.scalar(question) == level.replace(" ", "-")
                assert await connection.get_isolation_level() == level
        async with db.connect() as connection:
            assert await connection.scalar(THREAD) == thread
            assert await connection.scalar(question) == own

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
            if not db.engine.dialect.is_mariadb:
                await self._changed_since_it_was_read(one, two)
                return
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

    async def _changed_since_it_was_read(self, one: Any, two: Any) -> None:
        """MySQL has no such setting: it changes the row as it is now, and rolls nothing back."""
        with pytest.raises(OperationalError, match=r"1193.*innodb_snapshot_isolation"):
            await two.execute(text("SET SESSION innodb_snapshot_isolation = ON"))
        assert await words(two) == ["a", "b"]
        await one.execute(update(note).where(note.c.id == 1).values(words="one's"))
        await one.commit()
        longer = update(note).where(note.c.id == 1).values(words=note.c.words + " and two's")
        await two.execute(longer)
        await two.commit()
        assert await words(one) == ["one's and two's", "b"]

    async def test_two_phases(self, db: Database) -> None:
        def work(connection: Connection) -> None:
            name = connection.engine.url.database  # XA's identifiers are the whole server's
            for what, end in (("kept", "commit"), ("lost", "rollback")):
                xid = f"{what} {name}"
                transaction = connection.begin_twophase(xid)
                connection.execute(insert(note), {"words": what})
                transaction.prepare()
                assert xid in connection.recover_twophase()
                getattr(transaction, end)()
                assert xid not in connection.recover_twophase()
            single = connection.begin_twophase()
            connection.execute(insert(note), {"words": "unprepared"})
            single.commit()
            assert single.xid not in connection.recover_twophase()

        async with db.connect() as connection:
            await connection.run_sync(work)
            assert await words(connection) == ["kept", "unprepared"]

    async def test_a_failed_two_phase_transaction_can_be_rolled_back(self, db: Database) -> None:
        def work(connection: Connection) -> None:
            transaction = connection.begin_twophase()
            connection.execute(insert(note), {"words": "lost"})
            with pytest.raises(DBAPIError, match="nowhere"):
                connection.execute(text("SELECT * FROM nowhere"))
            transaction.rollback()
            connection.execute(insert(note), {"words": "kept"})
            connection.commit()

        async with db.connect() as connection:
            await connection.run_sync(work)
            assert await words(connection) == ["kept"]


class RawConnectionSuite(Suite):
    """The driver's own connection, which is transactional as PEP 249 has it."""

    url: str
    metadata = metadata

    async def test_it_is_in_a_transaction_that_giving_it_back_rolls_back(
        self, db: Database
    ) -> None:
        for engine in (create_engine(self.url), create_engine(self.url, pool_size=1)):
            for end in ("rollback", "close", "commit"):
                raw = engine.raw_connection()
                cursor = raw.cursor()
                cursor.execute("INSERT INTO note (words) VALUES (%s)", (end,))
                cursor.close()
                getattr(raw, end)()
                raw.close()
            with engine.connect() as connection:
                connection.execute(select(note))
                raw = connection.connection
                cursor = raw.cursor()
                cursor.execute("INSERT INTO note (words) VALUES ('lost')")
                cursor.close()
                connection.rollback()
            engine.dispose()
        async with db.connect() as connection:
            assert await words(connection) == ["commit", "commit"]


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

    @pytest.mark.parametrize("flag", [0, MULTI_STATEMENTS], ids=["as usual", "several allowed"])
    async def test_updates_and_deletes(self, db: Database, flag: int) -> None:
        able = Database(self.make_engine(connect_args={"client_flag": flag}))
        try:
            async with able.connect() as connection:
                await connection.execute(insert(note), [{"words": "a;%s -- "}] * 250)
                change = (
                    update(note)
                    .where(note.c.id == bindparam("key"))
                    .values(words=bindparam("new"), size=note.c.id)
                )
                rows = [{"key": i, "new": f";' -- \\{i}"} for i in range(1, 252)]
                assert (await connection.execute(change, rows)).rowcount == 250
                assert await words(connection) == [f";' -- \\{i}" for i in range(1, 251)]
                gone = delete(note).where(note.c.id == bindparam("key"))
                rows = [{"key": i} for i in range(1, 252)]
                assert (await connection.execute(gone, rows)).rowcount == 250
                assert await words(connection) == []
        finally:
            await able.close()

    @pytest.mark.parametrize("flag", [0, MULTI_STATEMENTS], ids=["as usual", "several allowed"])
    async def test_the_first_failure_ends_it(self, db: Database, flag: int) -> None:
        able = Database(self.make_engine(connect_args={"client_flag": flag}))
        try:
            async with able.connect() as connection:
                await add(connection, "a", "b", "c")
                change = (
                    update(note)
                    .where(note.c.id == bindparam("key"))
                    .values(words="x", id=bindparam("new"))
                )
                rows = [{"key": 1, "new": 7}, {"key": 2, "new": 3}, {"key": 3, "new": 9}]
                with pytest.raises(IntegrityError):
                    await connection.execute(change, rows)
                found = await connection.scalars(select(note.c.id).order_by(note.c.id))
                assert found.all() == [2, 3, 7]
        finally:
            await able.close()

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

    async def _streaming(self, db: Database, use: Callable[[Connection, Any], None]) -> None:
        """Call a function with a stream of 100 rows of which one was read."""

        def work(connection: Connection) -> None:
            connection.execute(insert(note), [{"words": str(i)} for i in range(100)])
            connection.commit()
            result = stream(connection, select(note.c.words).order_by(note.c.id), max_row_buffer=1)
            assert result.fetchone() == ("0",)
            use(connection, result)

        async with db.connect() as connection:
            await connection.run_sync(work)

    async def test_other_statements_meanwhile(self, db: Database) -> None:
        def use(connection: Connection, result: Any) -> None:
            connection.execute(insert(note), {"words": "new"})
            assert len(connection.execute(select(note)).all()) == 101
            connection.commit()
            assert [row[0] for row in result.fetchall()] == [str(i) for i in range(1, 100)]

        await self._streaming(db, use)

    async def test_two_streams(self, db: Database) -> None:
        def use(connection: Connection, result: Any) -> None:
            other = stream(connection, select(note.c.id).order_by(note.c.id), max_row_buffer=1)
            assert other.fetchone() == (1,)
            assert result.fetchone() == ("1",)
            assert other.fetchone() == (2,)
            assert len(result.fetchall()) == 98
            assert len(other.fetchall()) == 98

        await self._streaming(db, use)

    async def test_closed_half_read(self, db: Database) -> None:
        def use(connection: Connection, result: Any) -> None:
            result.close()
            assert connection.scalar(select(note.c.words).where(note.c.id == 5)) == "4"

        await self._streaming(db, use)

    async def test_forgotten_half_read(self, db: Database) -> None:
        await self._streaming(db, lambda connection, result: None)
        async with db.connect() as connection:
            assert len(await words(connection)) == 100

    async def test_the_rows_are_not_fetched_at_once(self, db: Database) -> None:
        def work(connection: Connection) -> None:
            # Each row fills the server's buffer and takes 60 ms: all of them take a minute.
            rows = f"SELECT seq, SLEEP(0.06), REPEAT('x', 50000) FROM {numbers(1000)}"
            result = stream(connection, text(rows), max_row_buffer=1)
            assert result.fetchone()[0] == 1
            connection.invalidate()

        async with db.connect() as connection:
            await connection.run_sync(work)

    async def test_chunks(self, db: Database) -> None:
        def work(connection: Connection) -> None:
            connection.execute(insert(note), [{"words": str(i)} for i in range(25)])
            result = stream(connection, select(note.c.words), yield_per=10)
            assert [len(part) for part in result.partitions()] == [10, 10, 5]

        async with db.connect() as connection:
            await connection.run_sync(work)


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
            with pytest.raises(Exception, match="surrogates"):
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


SUITES = (TransactionsSuite, ManyRowsSuite, StreamsSuite, ConnectionsSuite)
BLOCKING = ("mysql+mysqldb", "mysql+pymysql")
globals().update(through_each(*SUITES))
globals().update(through_each(RawConnectionSuite, drivers=BLOCKING))
