"""One round trip of a psycopg connection: what is sent together, and what the server answers.

What goes into a round trip besides the statements is decided here: a BEGIN that waits, statements
that are to be prepared, the names of those that the server may forget. `Wire` (``psycopg_wire``)
makes of it what a connection is asked to do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

import psycopg
from psycopg import capabilities, errors, generators
from psycopg.adapt import Transformer
from psycopg.pq import ExecStatus, TransactionStatus

from ormolu.dialects.postgresql.psycopg_formats import BINARY, ResultFormats
from ormolu.dialects.postgresql.psycopg_hearing import COPYING, Talk, hear, hear_all
from ormolu.dialects.postgresql.psycopg_statements import (
    Prepared,
    Statement,
    StatementRecord,
    Types,
)
from ormolu.io.requests import note_failed_statement

Send = Callable[[], Any]
Dumped = tuple[Statement, Types, Any, Any]
"""A statement, the types of its parameters, their values and their formats."""

# As plain integers, which is how libpq's own come.
TUPLES_OK = int(ExecStatus.TUPLES_OK)
COMMAND_OK = int(ExecStatus.COMMAND_OK)
IDLE = int(TransactionStatus.IDLE)
_FATAL_ERROR = int(ExecStatus.FATAL_ERROR)

#: Command tags after which what is prepared may be for something that is gone.
_CLEARS = frozenset((b"DROP", b"ALTE", b"DISC", b"DEAL"))
#: A SELECT that is a mere command made a table: CREATE TABLE AS, SELECT INTO.
_CREATES = frozenset((b"CREA", b"SELE"))
#: After which values may be read otherwise: the time zone is one of the settings.
_SETS = frozenset((b"SET", b"RESE"))
#: How many statements of a pipeline are made before the first of them are sent.
_CHUNK = 500
#: From how many rows on it pays to prepare a statement ahead.
_MANY = 1000


class Exchange:
    """One connection's round trips."""

    __slots__ = (
        "_begin",
        "_connection",
        "_created",
        "_formats",
        "_pgconn",
        "_set",
        "_transformer",
        "handed_out",
        "record",
    )

    #: Whether libpq can tell the server to forget a statement that it may not even have.
    closes: ClassVar[bool] = capabilities.has_send_close_prepared()

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._pgconn = connection.pgconn
        self._begin: bytes | None = None
        # Whether something was created, or set, in this transaction: its end may undo it.
        self._created = False
        self._set = False
        #: Whether somebody has, or had, the driver's connection, and may have set it up anew.
        self.handed_out = False
        self._transformer = Transformer(connection)
        self._formats = ResultFormats(connection)
        self.record = StatementRecord(
            self._transformer.encoding, connection.prepare_threshold, connection.prepared_max
        )
        # The driver deallocates everybody's statements when it forgets its own, so it has none.
        connection.prepare_threshold = None

    def _refresh(self) -> None:
        """Take over the adapters that may have been set on the driver's connection."""
        self.handed_out = False
        self._transformer = Transformer(self._connection)
        formats = self._formats.renewed()
        if formats is not self._formats:
            self._formats = formats
            self.record.forget_formats()

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

    def _plain(self, query: bytes) -> Talk:
        """Run a text, perhaps of several statements, by the simple protocol.

        Its value is the result of the first one, as with the driver's cursors.
        """
        self._pgconn.send_query(query)
        results = yield from hear(self._pgconn)
        yield from self._check(results)
        return results[0]

    # -- round trips

    def _together(self, dumped: Sequence[Dumped], eager: bool) -> Talk:
        """Run statements in one round trip; its value is the result of each.

        BEGIN goes first if it waits, and each statement is prepared on the way if it is to be.
        """
        if not dumped:
            return []
        sends: list[Send] = []
        fresh: list[tuple[int, bytes]] = []
        lead = self._lead(sends)
        wanted: list[int] = []
        used: list[Prepared | None] = []
        for statement, types, values, formats in dumped:
            prepared = statement.prepared.get(types)
            if prepared is None and self.record.wants(statement, types, eager):
                prepared = self._prepare(sends, statement, types)
                fresh.append((len(sends) - 1, prepared.name))
            used.append(prepared)
            wanted.append(len(sends))
            sends.append(self._sending(statement, prepared, types, values, formats))
        answers = yield from self._exchange(sends)
        for index, name in fresh:
            if answers[index][0].status != COMMAND_OK:
                self.record.forget(name)
        yield from self._check_all(answers, lead, wanted)
        results = [answers[index][-1] for index in wanted]
        for prepared, result, each in zip(used, results, dumped, strict=True):
            if result.status != TUPLES_OK:
                continue
            if prepared is None:
                self._look_ahead(each, result)
            elif not prepared.known:
                self._learn(prepared, result)
        return results

    def _check_all(
        self, answers: Sequence[Sequence[Any]], lead: int, wanted: Sequence[int]
    ) -> Talk:
        """Take note of what a round trip did.

        :param lead: how many answers come first that nobody asked for.
        :param wanted: the places of the statements that were asked for among the answers.
        :raises psycopg.Error: for the first answer that is an error; says which statement's it is.
        """
        for place, answer in enumerate(answers):
            status = answer[-1].status
            if status == COMMAND_OK:
                if place >= lead:
                    self._note(answer[-1])
            elif status != TUPLES_OK:
                try:
                    yield from self._check(answer)
                except psycopg.Error as error:
                    note_failed_statement(error, sum(index < place for index in wanted))
                    raise

    def _look_ahead(self, dumped: Dumped, result: Any) -> None:
        """Note a statement that is to be prepared since it gives many rows that come in binary."""
        statement, types, _, _ = dumped
        if (
            result.ntuples >= _MANY
            and statement.preparable
            and self.record.threshold is not None
            and self._formats.of(result) == BINARY
        ):
            statement.ahead.add(types)

    def _prepare_ahead(self, statement: Statement, types: Types) -> Talk:
        """Prepare a statement and learn what its columns are; its value is the preparation."""
        sends: list[Send] = []
        lead = self._lead(sends)
        prepared = self._prepare(sends, statement, types)
        sends.append(partial(self._pgconn.send_describe_prepared, prepared.name))
        answers = yield from self._exchange(sends)
        if answers[-1][0].status != COMMAND_OK:
            self.record.forget(prepared.name)
        yield from self._check_all(answers, lead, ())
        self._learn(prepared, answers[-1][0])
        return prepared

    def _lead(self, sends: list[Send]) -> int:
        """Begin a round trip with what has waited for one; returns how much that is."""
        pgconn, record = self._pgconn, self.record
        begin, self._begin = self._begin, None
        if begin is not None:
            sends.append(partial(pgconn.send_query_params, begin, None))
        stale, record.stale = record.stale, []
        if stale and self.closes:
            sends += [partial(pgconn.send_close_prepared, name) for name in stale]
        elif stale:
            record.clear()
            record.stale = []
            sends.append(partial(pgconn.send_query_params, b"DEALLOCATE ALL", None))
        return len(sends)

    def _prepare(self, sends: list[Send], statement: Statement, types: Types) -> Prepared:
        """Have the server prepare a statement."""
        made = self.record.note(statement, types)
        send = self._pgconn.send_prepare
        sends.append(partial(send, made.name, statement.query, param_types=types))
        return made

    def _sending(
        self,
        statement: Statement,
        prepared: Prepared | None,
        types: Types,
        values: Any,
        formats: Any,
    ) -> Send:
        pgconn = self._pgconn
        if prepared is not None:
            return partial(
                pgconn.send_query_prepared,
                prepared.name,
                values,
                param_formats=formats,
                result_format=prepared.format,
            )
        return partial(
            pgconn.send_query_params,
            statement.query,
            values,
            param_types=types,
            param_formats=formats,
        )

    def _exchange(self, sends: list[Send]) -> Talk:
        """Send all in one round trip; its value is a list of results for each.

        Should this be left by an error, the connection is in the middle of something, and
        ``interrupted`` closes it.
        """
        pgconn = self._pgconn
        if len(sends) == 1:
            sends[0]()
            return [(yield from hear(pgconn))]
        answers: list[list[Any]] = []
        pgconn.enter_pipeline_mode()
        for start in range(0, len(sends) - _CHUNK, _CHUNK):
            chunk = deque(sends[start : start + _CHUNK])
            answers += yield from generators.pipeline_communicate(pgconn, chunk)
        for send in sends[(len(sends) - 1) // _CHUNK * _CHUNK :]:
            send()
        pgconn.pipeline_sync()
        answers += yield from hear_all(pgconn)
        pgconn.exit_pipeline_mode()
        return answers

    def _learn(self, prepared: Prepared, result: Any) -> None:
        """Decide in which format the results of a statement are to come from now on."""
        prepared.format = self._formats.of(result)
        prepared.known = True

    # -- what the server answered

    def _note(self, result: Any) -> None:
        """Take note of what a command changed: the schema, or a setting."""
        tag = (result.command_status or b"")[:4]
        if tag in _CLEARS:
            self.record.clear()
        if tag in _CLEARS or tag in _CREATES:
            self._created = self._pgconn.transaction_status != IDLE
        elif tag in _SETS:
            self.handed_out = True
            self._set = self._pgconn.transaction_status != IDLE

    def _check(self, results: Sequence[Any]) -> Talk:
        """Take note of what commands did.

        :raises psycopg.Error: for the first result that is an error.
        """
        for result in results:
            status = result.status
            if status == COMMAND_OK:
                self._note(result)
            elif status == _FATAL_ERROR:
                raise self._error(result)
            elif status in COPYING:
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
            yield from hear(pgconn)
