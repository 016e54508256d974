"""What psycopg's connections are asked to do, below its cursors: one conversation per request.

Each function here is a generator in psycopg's own style: it yields the readiness that it waits for,
and ``connection.wait(generator)`` (a coroutine, for an ``AsyncConnection``) drives it. So blocking
and asynchronous connections share every line, and psycopg's handling of interrupts comes with it:
on ``KeyboardInterrupt`` and on cancellation ``wait`` cancels the statement at the server and drives
the generator to its end.

The driver's cursors would do as well but for three things. They forget the prepared statements at
every ROLLBACK; they take a round trip for BEGIN, one for preparing and one for executing, where the
protocol allows all three in one (https://www.postgresql.org/docs/current/libpq-pipeline-mode.html);
and their work in Python costs as much as the server's for a small statement. What is used instead
is psycopg's documented lower level (https://www.psycopg.org/psycopg3/docs/api/pq.html): ``PGconn``
sends and receives, a ``Transformer`` converts values and rows by the connection's adapters.

BEGIN is not sent until the first statement, with which it then shares the round trip. Results of
prepared statements come in binary where that is known to change no value (``psycopg_formats``).
A statement that gave many rows of such types is prepared before its second execution, in a round
trip of its own, since only then the server says what its columns are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import errors
from psycopg.pq import PipelineStatus, TransactionStatus

from ormolu.dialects.postgresql.psycopg_exchange import COMMAND_OK, IDLE, TUPLES_OK, Exchange
from ormolu.dialects.postgresql.psycopg_hearing import BAD, Talk, hear, hear_all
from ormolu.dialects.postgresql.psycopg_statements import Prepared, Statement
from ormolu.io.drivers import Description, Outcome, outcome

Row = tuple[Any, ...]

# As plain integers, which is how libpq's own come.
_INTRANS = int(TransactionStatus.INTRANS)
_INERROR = int(TransactionStatus.INERROR)
_OPEN = (_INTRANS, _INERROR)


class Wire(Exchange):
    """One connection's conversations."""

    __slots__ = ()

    # -- state

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, or will be with the next statement."""
        return self._begin is not None or self._pgconn.transaction_status in _OPEN

    @property
    def begin_pending(self) -> bool:
        """Whether BEGIN waits for the first statement."""
        return self._begin is not None

    def defer_begin(self, mode: str) -> bool:
        """Have the next statement take BEGIN along; False inside a transaction."""
        if self._begin is not None or self._pgconn.transaction_status != IDLE:
            return False
        self._begin = f"BEGIN {mode}".encode() if mode else b"BEGIN"
        return True

    def drop_begin(self) -> bool:
        """Forget a BEGIN that was not sent; says whether there was one."""
        pending, self._begin = self._begin, None
        return pending is not None

    def interrupted(self) -> None:
        """Close the connection if an error left it in the middle of a conversation."""
        pgconn = self._pgconn
        if pgconn.status == BAD:
            return
        piped = pgconn.pipeline_status != PipelineStatus.OFF
        if piped or pgconn.transaction_status == TransactionStatus.ACTIVE:
            pgconn.finish()

    # -- transactions

    def begin(self, mode: str) -> Talk:
        """Begin now, unless a transaction is open."""
        if self._begin is None and self._pgconn.transaction_status == IDLE:
            self._begin = f"BEGIN {mode}".encode() if mode else b"BEGIN"
        if self._begin is not None:
            yield from self.begin_now()

    def begin_now(self) -> Talk:
        """Send a BEGIN that waits."""
        begin, self._begin = self._begin, None
        if begin is not None:
            yield from self._plain(begin)

    def begin_blocking(self) -> None:
        """Send a BEGIN that waits, and wait for the answer right here."""
        begin, self._begin = self._begin, None
        if begin is not None:
            result = self._pgconn.exec_(begin)
            if result.status != COMMAND_OK:
                raise self._error(result)

    def commit(self) -> Talk:
        """Commit, if there is something to commit.

        :raises psycopg.errors.InFailedSqlTransaction: the transaction has failed. The server would
            answer a COMMIT by rolling back, without an error.
        """
        if self._begin is not None:
            self._begin = None
            return
        pgconn = self._pgconn
        status = pgconn.transaction_status
        if status == _INTRANS:
            pgconn.send_query(b"COMMIT")
            results = yield from hear(pgconn)
            if results[0].status != COMMAND_OK:
                self._undone()
                self._created = self._set = False
                yield from self._check(results)
            if self._set:
                self.handed_out = True
            self._created = self._set = False
        elif status == _INERROR:
            yield from self.rollback()
            raise errors.InFailedSqlTransaction(
                "the transaction could not be committed: a statement in it had failed, "
                "so it was rolled back"
            )
        elif status != IDLE:
            raise self._closed()

    def rollback(self) -> Talk:
        """Roll back, if there is something to roll back."""
        if self.drop_begin():
            return
        status = self._pgconn.transaction_status
        if status in _OPEN:
            yield from self._plain(b"ROLLBACK")
            self._undone()
            self._created = self._set = False
        elif status != IDLE:
            raise self._closed()

    def savepoint_command(self, sql: str) -> Talk:
        """Run a command about a savepoint."""
        begin, self._begin = self._begin, None
        command = sql.encode(self.record.encoding)
        yield from self._plain(command if begin is None else begin + b";" + command)
        if sql.startswith("ROLLBACK"):
            self._undone()

    def _undone(self) -> None:
        """Take note that what was done in this transaction, or after a savepoint, isn't."""
        if self._created:
            self.record.clear()
        if self._set:
            self.handed_out = True

    def _closed(self) -> psycopg.Error:
        return psycopg.OperationalError("the connection is closed")

    # -- statements

    def fetch(self, sql: str, params: Any) -> Talk:
        """Run a statement; its value is its rows."""
        result = yield from self._run(self.record.get(sql), params)
        transformer = self._transformer
        transformer.set_pgresult(result)
        return transformer.load_rows(0, result.ntuples, tuple)

    def execute(self, sql: str, params: Any) -> Talk:
        """Run a statement; its value is its ``Outcome``."""
        result = yield from self._run(self.record.get(sql), params)
        return self._outcome(result)

    def _outcome(self, result: Any) -> Outcome:
        if result.status != TUPLES_OK:
            count = result.command_tuples
            return outcome((None, None, -1 if count is None else count, None))
        transformer = self._transformer
        count = result.ntuples
        transformer.set_pgresult(result)
        rows: list[Row] = transformer.load_rows(0, count, tuple)
        return outcome((rows, self._description(result), count, None))

    def _description(self, result: Any) -> Description:
        encoding = self.record.encoding
        return [
            ((result.fname(i) or b"").decode(encoding), result.ftype(i), *([None] * 5))
            for i in range(result.nfields)
        ]

    def _run(self, statement: Statement, params: Any) -> Talk:
        """Run one statement; its value is its result."""
        if statement.simple:
            return (yield from self._run_simple(statement))
        dumped = self._dumped(statement, params)
        _, types, values, formats = dumped
        prepared = statement.prepared.get(types)
        if prepared is None and types in statement.ahead:
            prepared = yield from self._prepare_ahead(statement, types)
        if prepared is None or self.record.stale:
            return (yield from self._together([dumped], False))[0]
        pgconn = self._pgconn
        if self._begin is not None:
            results = yield from self._begin_with(prepared, values, formats)
        else:
            pgconn.send_query_prepared(
                prepared.name, values, param_formats=formats, result_format=prepared.format
            )
            results = yield from hear(pgconn)
        result = results[-1]
        if result.status == TUPLES_OK:
            if not prepared.known:
                self._learn(prepared, result)
        elif result.status == COMMAND_OK:
            self._note(result)
        else:
            yield from self._check(results)
        return result

    def _begin_with(self, prepared: Prepared, values: Any, formats: Any) -> Talk:
        """Begin, and run a prepared statement; its value is its results."""
        pgconn = self._pgconn
        begin, self._begin = self._begin, None
        pgconn.enter_pipeline_mode()
        pgconn.send_query_params(begin, None)
        pgconn.send_query_prepared(
            prepared.name, values, param_formats=formats, result_format=prepared.format
        )
        pgconn.pipeline_sync()
        answers = yield from hear_all(pgconn)
        pgconn.exit_pipeline_mode()
        if answers[0][0].status != COMMAND_OK:
            yield from self._check(answers[0])
        return answers[1]

    def _run_simple(self, statement: Statement) -> Talk:
        yield from self.begin_now()
        return (yield from self._plain(statement.query))

    # -- many statements

    def executemany(self, sql: str, rows: Sequence[Any]) -> Talk:
        """Run a statement once per parameter set, in one round trip."""
        statement = self.record.get(sql)
        if statement.simple:
            results = []
            for _ in rows:
                results.append((yield from self._run_simple(statement)))
        else:
            dumped = [self._dumped(statement, params) for params in rows]
            results = yield from self._together(dumped, True)
        return Outcome(None, None, sum(result.command_tuples or 0 for result in results), None)

    def batch(self, statements: Sequence[tuple[str, Any]]) -> Talk:
        """Run independent statements in one round trip; its value is their outcomes."""
        get = self.record.get
        read = [(get(sql), params) for sql, params in statements]
        if any(statement.simple for statement, _ in read):
            results = []
            for statement, params in read:
                results.append((yield from self._run(statement, params)))
        else:
            dumped = [self._dumped(statement, params) for statement, params in read]
            results = yield from self._together(dumped, False)
        return [self._outcome(result) for result in results]

    # -- rows that stay at the server

    def declare(self, sql: str, params: Any, name: str) -> Talk:
        """Open a cursor of the server; its value is the description of its rows.

        https://www.postgresql.org/docs/current/sql-declare.html
        """
        encoding = self.record.encoding
        statement = self.record.get(sql)
        hold = "" if self.in_transaction else " WITH HOLD"
        head = f"DECLARE {name} CURSOR{hold} FOR ".encode(encoding)
        declaring = Statement(head + statement.query, statement.names, statement.formats)
        yield from self._together([self._dumped(declaring, params)], False)
        self._pgconn.send_describe_portal(name.encode(encoding))
        results = yield from hear(self._pgconn)
        yield from self._check(results)
        return self._description(results[-1])

    def fetch_some(self, name: str, size: int | None) -> Talk:
        """Fetch from a cursor of the server; its value is the rows."""
        how_many = "ALL" if size is None else size
        result = yield from self._plain(f"FETCH FORWARD {how_many} FROM {name}".encode())
        transformer = self._transformer
        transformer.set_pgresult(result)
        return transformer.load_rows(0, result.ntuples, tuple)

    def close_cursor(self, name: str) -> Talk:
        """Close a cursor of the server, unless it went with its transaction."""
        pgconn = self._pgconn
        if self.closes:
            # The protocol's own message takes no offence at a cursor that is gone.
            pgconn.send_close_portal(name.encode())
            yield from self._check((yield from hear(pgconn)))
        elif pgconn.transaction_status in (IDLE, _INTRANS):
            sql = f"SELECT 1 FROM pg_catalog.pg_cursors WHERE name = '{name}'".encode()
            result = yield from self._plain(sql)
            if result.ntuples:
                yield from self._plain(f"CLOSE {name}".encode())
