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

BEGIN is not sent until the first statement, with which it then shares the round trip.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from functools import partial
from typing import Any

import psycopg
from psycopg import capabilities, errors, generators
from psycopg.adapt import Transformer
from psycopg.pq import ConnStatus, ExecStatus, PipelineStatus, TransactionStatus

from ormolu.dialects.postgresql.psycopg_statements import (
    Statement,
    StatementRecord,
    Types,
)
from ormolu.io.drivers import Description, Outcome, outcome
from ormolu.io.requests import note_failed_statement

Talk = Generator[Any, Any, Any]
"""A generator that ``connection.wait`` drives."""

Row = tuple[Any, ...]
Send = Callable[[], Any]
Dumped = tuple[Statement, Types, Any, Any]
"""A statement, the types of its parameters, their values and their formats."""

# As plain integers, which is how libpq's own come.
_TUPLES_OK = int(ExecStatus.TUPLES_OK)
_COMMAND_OK = int(ExecStatus.COMMAND_OK)
_FATAL_ERROR = int(ExecStatus.FATAL_ERROR)
_COPYING = frozenset((ExecStatus.COPY_IN, ExecStatus.COPY_OUT, ExecStatus.COPY_BOTH))
BAD = int(ConnStatus.BAD)
_SYNC = int(ExecStatus.PIPELINE_SYNC)
_IDLE = int(TransactionStatus.IDLE)
_INTRANS = int(TransactionStatus.INTRANS)
_INERROR = int(TransactionStatus.INERROR)
_OPEN = (_INTRANS, _INERROR)

#: Command tags after which what is prepared may be for something that is gone.
_CLEARS = frozenset((b"DROP", b"ALTE", b"DISC", b"DEAL"))
_CREATES = b"CREA"
#: Whether libpq can tell the server to forget a statement that it may not even have.
_CLOSES = capabilities.has_send_close_prepared()
#: How many statements of a pipeline are made before the first of them are sent.
_CHUNK = 500

_execute = generators.execute
_send = generators.send
_fetch_many = generators.fetch_many


class Wire:
    """One connection's conversations."""

    __slots__ = (
        "_begin",
        "_connection",
        "_created",
        "_pgconn",
        "_transformer",
        "handed_out",
        "record",
    )

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._pgconn = connection.pgconn
        self._begin: bytes | None = None
        # Whether something was created in this transaction, so that a rollback undoes it.
        self._created = False
        #: Whether somebody has, or had, the driver's connection, and may have set it up anew.
        self.handed_out = False
        self._transformer = Transformer(connection)
        self.record = StatementRecord(
            self._transformer.encoding, connection.prepare_threshold, connection.prepared_max
        )
        # The driver deallocates everybody's statements when it forgets its own, so it has none.
        connection.prepare_threshold = None

    def _refresh(self) -> None:
        """Take over the adapters that may have been set on the driver's connection."""
        self.handed_out = False
        self._transformer = Transformer(self._connection)

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
        if self._begin is not None or self._pgconn.transaction_status != _IDLE:
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
        if self._begin is None and self._pgconn.transaction_status == _IDLE:
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
            if result.status != _COMMAND_OK:
                raise self._error(result)

    def commit(self) -> Talk:
        """Commit, if there is something to commit.

        :raises psycopg.errors.InFailedSqlTransaction: the transaction has failed. The server would
            answer a COMMIT by rolling back, without an error.
        """
        if self.drop_begin():
            return
        status = self._pgconn.transaction_status
        if status == _INTRANS:
            yield from self._plain(b"COMMIT")
            self._created = False
        elif status == _INERROR:
            yield from self.rollback()
            raise errors.InFailedSqlTransaction(
                "the transaction could not be committed: a statement in it had failed, "
                "so it was rolled back"
            )
        elif status != _IDLE:
            raise self._closed()

    def rollback(self) -> Talk:
        """Roll back, if there is something to roll back."""
        if self.drop_begin():
            return
        status = self._pgconn.transaction_status
        if status in _OPEN:
            yield from self._plain(b"ROLLBACK")
            self._undone()
        elif status != _IDLE:
            raise self._closed()

    def savepoint_command(self, sql: str) -> Talk:
        """Run a command about a savepoint."""
        begin, self._begin = self._begin, None
        command = sql.encode(self.record.encoding)
        yield from self._plain(command if begin is None else begin + b";" + command)
        if sql.startswith("ROLLBACK"):
            self._undone()

    def _undone(self) -> None:
        if self._created:
            self._created = False
            self.record.clear()

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
        if result.status != _TUPLES_OK:
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
        prepared = statement.prepared.get(dumped[1])
        if prepared is None or self._begin is not None or self.record.stale:
            results = yield from self._together([dumped], False)
            return results[0]
        self._pgconn.send_query_prepared(prepared, dumped[2], param_formats=dumped[3])
        results = yield from _execute(self._pgconn)
        result = results[-1]
        if result.status != _TUPLES_OK:
            yield from self._check(results)
        return result

    def _run_simple(self, statement: Statement) -> Talk:
        yield from self.begin_now()
        return (yield from self._plain(statement.query))

    def _plain(self, query: bytes) -> Talk:
        """Run a text, perhaps of several statements, by the simple protocol.

        Its value is the result of the first one, as with the driver's cursors.
        """
        self._pgconn.send_query(query)
        results = yield from _execute(self._pgconn)
        yield from self._check(results)
        return results[0]

    def _dumped(self, statement: Statement, params: Any) -> Dumped:
        """Convert a parameter set for the server."""
        if self.handed_out:
            self._refresh()
        if not statement.formats:
            if params and not isinstance(params, dict):
                statement.values(params)
            return statement, (), None, None
        transformer = self._transformer
        values = transformer.dump_sequence(statement.values(params), statement.formats)
        return statement, transformer.types or (), values, transformer.formats

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

    def _together(self, dumped: Sequence[Dumped], eager: bool) -> Talk:
        """Run statements in one round trip; its value is the result of each.

        BEGIN goes first if it waits, and each statement is prepared on the way if it is to be.
        """
        if not dumped:
            return []
        sends: list[Send] = []
        fresh: list[tuple[int, bytes]] = []
        self._lead(sends)
        wanted: list[int] = []
        for statement, types, values, formats in dumped:
            prepared = statement.prepared.get(types)
            if prepared is None and self.record.wants(statement, types, eager):
                prepared = self._prepare(sends, statement, types)
                fresh.append((len(sends) - 1, prepared))
            wanted.append(len(sends))
            sends.append(self._sending(statement, prepared, types, values, formats))
        if len(sends) == 1:
            sends[0]()
            answers = [(yield from _execute(self._pgconn))]
        else:
            answers = yield from self._exchange(sends)
        for index, name in fresh:
            if answers[index][0].status != _COMMAND_OK:
                self.record.forget(name)
        for place, answer in enumerate(answers):
            try:
                yield from self._check(answer)
            except psycopg.Error as error:
                note_failed_statement(error, sum(index < place for index in wanted))
                raise
        return [answers[index][-1] for index in wanted]

    def _lead(self, sends: list[Send]) -> None:
        """Begin a round trip with what has waited for one."""
        pgconn, record = self._pgconn, self.record
        begin, self._begin = self._begin, None
        if begin is not None:
            sends.append(partial(pgconn.send_query_params, begin, None))
        stale, record.stale = record.stale, []
        if stale and _CLOSES:
            sends += [partial(pgconn.send_close_prepared, name) for name in stale]
        elif stale:
            record.clear()
            record.stale = []
            sends.append(partial(pgconn.send_query_params, b"DEALLOCATE ALL", None))

    def _prepare(self, sends: list[Send], statement: Statement, types: Types) -> bytes:
        """Have the server prepare a statement; returns its name."""
        name = self.record.note(statement, types)
        sends.append(partial(self._pgconn.send_prepare, name, statement.query, param_types=types))
        return name

    def _sending(
        self, statement: Statement, prepared: bytes | None, types: Types, values: Any, formats: Any
    ) -> Send:
        pgconn = self._pgconn
        if prepared is not None:
            return partial(pgconn.send_query_prepared, prepared, values, param_formats=formats)
        return partial(
            pgconn.send_query_params,
            statement.query,
            values,
            param_types=types,
            param_formats=formats,
        )

    def _exchange(self, sends: list[Send]) -> Talk:
        """Send all in one pipeline; its value is a list of results for each.

        Should this be left by an error, the connection is in the middle of something, and
        ``interrupted`` closes it.
        """
        pgconn = self._pgconn
        answers: list[list[Any]] = []
        pgconn.enter_pipeline_mode()
        for start in range(0, len(sends) - _CHUNK, _CHUNK):
            chunk = deque(sends[start : start + _CHUNK])
            answers += yield from generators.pipeline_communicate(pgconn, chunk)
        for send in sends[(len(sends) - 1) // _CHUNK * _CHUNK :]:
            send()
        pgconn.pipeline_sync()
        yield from _send(pgconn)
        while True:
            results = yield from _fetch_many(pgconn)
            if results and results[0].status == _SYNC:
                break
            if results:
                answers.append(results)
        pgconn.exit_pipeline_mode()
        return answers

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
        results = yield from _execute(self._pgconn)
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
        if _CLOSES:
            # The protocol's own message takes no offence at a cursor that is gone.
            pgconn.send_close_portal(name.encode())
            yield from self._check((yield from _execute(pgconn)))
        elif pgconn.transaction_status in (_IDLE, _INTRANS):
            sql = f"SELECT 1 FROM pg_catalog.pg_cursors WHERE name = '{name}'".encode()
            result = yield from self._plain(sql)
            if result.ntuples:
                yield from self._plain(f"CLOSE {name}".encode())

    # -- what the server answered

    def _check(self, results: Sequence[Any]) -> Talk:
        """Take note of schema changes.

        :raises psycopg.Error: for the first result that is an error.
        """
        for result in results:
            status = result.status
            if status == _COMMAND_OK:
                tag = (result.command_status or b"")[:4]
                if tag in _CLEARS:
                    self.record.clear()
                if tag in _CLEARS or tag == _CREATES:
                    self._created = self._pgconn.transaction_status != _IDLE
            elif status == _FATAL_ERROR:
                raise self._error(result)
            elif status in _COPYING:
                yield from self._end_copy(status)
                raise psycopg.ProgrammingError(
                    "COPY needs a stream: use 'with cursor.copy(...)' of the driver's connection"
                )

    def _error(self, result: Any) -> psycopg.Error:
        error = errors.error_from_result(result, encoding=self.record.encoding)
        outdated = error.diag.source_function == "RevalidateCachedQuery"
        if outdated or isinstance(error, errors.InvalidSqlStatementName):
            # Somebody else changed a table, or deallocated: the next attempt starts afresh.
            self.record.clear()
        return error

    def _end_copy(self, status: int) -> Talk:
        pgconn = self._pgconn
        if status == ExecStatus.COPY_OUT:
            while isinstance((yield from generators.copy_from(pgconn)), memoryview):
                pass
        else:
            pgconn.put_copy_end(b"no stream was opened")
            yield from _execute(pgconn)
