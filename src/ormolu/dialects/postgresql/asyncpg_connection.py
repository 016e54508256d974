"""Connections of asyncpg. https://magicstack.github.io/asyncpg/current/api/

asyncpg has no transactions of its own here: ormolu sends BEGIN, COMMIT and the savepoints, as
simple queries; a plain BEGIN rides with the first statement if that is prepared already
(`asyncpg_wire`). It has no pipeline: a batch is run in turn.

**Cancellation.** When a task is cancelled while it waits, asyncpg asks the server to cancel the
statement and lets the next one wait until the server has answered, so the connection stays usable;
if it can't reach the server for that, it closes the connection. The one thing that is unknown then
is whether a cancelled BEGIN has begun: a rollback after it is always sent, as after a failed
statement with which it rode.

**Event loops.** A connection belongs to the loop in which it was opened; to another one it is
``broken``, so that a pool replaces it. Who holds one in his hands while the loop changes is refused
before anything is sent.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import Any

import asyncpg

from ormolu.dialects.postgresql import asyncpg_errors as errors
from ormolu.dialects.postgresql.asyncpg_counting import rows_of_tag
from ormolu.dialects.postgresql.asyncpg_cursors import (
    AsyncpgCursor,
    BufferedCursor,
    Records,
    tuples,
)
from ormolu.dialects.postgresql.asyncpg_statements import (
    SCHEMA,
    Prepared,
    PreparedStatements,
    changes_schema,
    creates,
    forgets,
    is_utility,
)
from ormolu.dialects.postgresql.asyncpg_wire import Wire
from ormolu.io.outcome import Outcome, outcome
from ormolu.io.requests import note_failed_statement

__all__ = ["AsyncpgConnection"]

#: How long to wait for the server to close a connection, in seconds.
CLOSE_TIMEOUT = 2.0

# None outside of an event loop, where the function of the public name raises.
_current_loop = asyncio._get_running_loop


class AsyncpgConnection:
    """An open asyncpg connection."""

    __slots__ = (
        "_altered",
        "_begin_waits",
        "_created",
        "_fresh_mode",
        "_is_connected",
        "_is_inside",
        "_loop",
        "_query",
        "_raw",
        "_run",
        "_statements",
        "_unsettled",
        "_wire",
    )

    error: type[Exception] = errors.Error
    #: Whether, handed out, also what the adapter sends begins a transaction by itself.
    begins_alone = False

    def __init__(self, raw: Any, size: int, name: Callable[[], str] | None) -> None:
        self._raw = raw
        self._loop = asyncio.get_running_loop()
        self._wire = wire = Wire(raw)
        self._run = wire.run
        self._query = wire.query
        self._is_connected = wire.is_connected
        self._is_inside = wire.is_in_transaction
        self._statements = PreparedStatements(raw, size, name, wire.state_of)
        #: Whether the next statement is to take a BEGIN along.
        self._begin_waits = False
        #: How the transaction was begun, as long as nothing was done in it; else None.
        self._fresh_mode: str | None = None
        #: Whether the schema was changed in this transaction, and whether something was created.
        self._altered = self._created = False
        #: Whether a BEGIN is under way or was interrupted.
        self._unsettled = False

    @property
    def raw(self) -> Any:
        """The driver's connection; what its taker does there is done in this transaction."""
        self._hold_begin()
        self._wire.send_begin()
        self._fresh_mode = None
        return self._raw

    @property
    def bare(self) -> Any:
        """The driver's connection; nothing is sent."""
        return self._raw

    async def hand_out(self, autocommit: bool) -> None:
        """Begin what waits; asyncpg's connections begin no transactions by themselves."""
        await self._begin_now()

    async def take_back(self) -> None:
        """Do nothing."""

    @property
    def in_transaction(self) -> bool:
        """Whether the server is inside a transaction, also in one that has failed."""
        if not self._is_connected():
            return False
        return self._begin_waits or self._unsettled or self._is_inside()

    @property
    def broken(self) -> bool:
        """Whether it can't be used, or not in this event loop."""
        return not self._is_connected() or _current_loop() is not self._loop

    def check_loop(self) -> None:
        """Refuse another event loop.

        :raises InterfaceError: of the driver.
        """
        if _current_loop() is not self._loop:
            raise errors.foreign_loop_error()

    def error_for(self, error: Exception, sql: str | None = None) -> Exception:
        """Return the error to raise for one that was raised: the driver's are translated."""
        if not errors.is_driver_error(error):
            return error
        remark = "" if sql is None else self._remark(error, sql)
        return errors.translated(error, closed=not self._is_connected(), remark=remark)

    def _remark(self, error: Exception, sql: str) -> str:
        """What to add to an error about a value that asyncpg can't encode: the type it must have.

        asyncpg says ``invalid input for query argument $1`` and what its encoder tried in vain.
        """
        prepared = self._statements.find(sql)
        found = _ARGUMENT.search(str(error)) if prepared is not None else None
        if prepared is None or found is None or not self._is_connected():
            return ""
        type_ = prepared.wanted_type(int(found[1]))
        return "" if type_ is None else f"; the server takes a value of type {type_} there"

    # -- statements

    async def fetchall(self, sql: str, params: Any) -> Records | list[Any]:
        """Run a statement and return its rows: tuples, or one record, which unpacks as they do."""
        statements = self._statements
        try:
            if _current_loop() is not self._loop:
                raise errors.foreign_loop_error()
            prepared = statements.find(sql)
            if prepared is None or statements.seen != SCHEMA.now:
                prepared = await self._prepare(sql)
            elif self._begin_waits:
                self._hold_begin()
            prepared.used = True
            records, _, _ = await self._run(prepared.state, params, "", 0, True, None)
        except Exception as error:
            records, _, _ = await self._after_error(error, sql, params)
        self._fresh_mode = None
        self._unsettled = False
        found: list[Any] = records
        return found if len(found) < 2 else Records(found)

    async def execute(self, sql: str, params: Any) -> Outcome:
        """Run a statement."""
        if not params and is_utility(sql):
            return outcome((None, None, rows_of_tag(await self._simple(sql)), None))
        try:
            prepared = await self._prepared(sql)
            if self._begin_waits:
                self._hold_begin()
            records, tag, _ = await self._run(prepared.state, params, "", 0, True, None)
        except Exception as error:
            records, tag, prepared = await self._after_error(error, sql, params)
        self._fresh_mode = None
        self._unsettled = False
        description = prepared.description
        rows = None if description is None else tuples(records)
        return outcome((rows, description, -1 if tag is None else rows_of_tag(tag.decode()), None))

    async def executemany(self, sql: str, rows: Sequence[Any]) -> Outcome:
        """Run a statement once per parameter set, in one go."""
        try:
            await self._begin_now()
            prepared = await self._prepared(sql)
            count = await self._wire.run_many(prepared.state, rows)
        except Exception as error:
            raise await self._noted(error, sql) from error
        self._fresh_mode = None
        return outcome((None, None, count, None))

    async def batch(self, statements: Sequence[tuple[str, Any]]) -> list[Outcome]:
        """Run independent statements in turn."""
        outcomes: list[Outcome] = []
        try:
            for sql, params in statements:
                outcomes.append(await self.execute(sql, params))
        except errors.Error as error:
            note_failed_statement(error, len(outcomes))
            raise
        return outcomes

    async def open_cursor(self, sql: str, params: Any) -> AsyncpgCursor | BufferedCursor:
        """Run a statement and return a cursor that streams its rows.

        Outside of a transaction, there are no portals: the rows are fetched at once then.
        """
        if not self.in_transaction:
            done = await self.execute(sql, params)
            return BufferedCursor(done.rows or [], done.description)
        try:
            await self._begin_now()
            prepared = await self._prepared(sql)
            portal = await prepared.statement.cursor(*params)
        except Exception as error:
            raise await self._noted(error, sql) from error
        self._fresh_mode = None
        return AsyncpgCursor(self, portal, prepared.description)

    async def _prepared(self, sql: str) -> Prepared:
        """Return the prepared statement of a text."""
        self.check_loop()
        statements = self._statements
        prepared = statements.find(sql)
        if prepared is None or statements.seen != SCHEMA.now:
            prepared = await self._prepare(sql)
        prepared.used = True
        return prepared

    async def _prepare(self, sql: str) -> Prepared:
        """Prepare a statement, inside the transaction of a BEGIN that waits."""
        await self._begin_now()
        return await self._statements.prepare(sql)

    async def _simple(self, sql: str) -> str:
        """Run a statement without parameters and rows; returns the command tag."""
        try:
            self.check_loop()
            await self._begin_now()
            tag: str = await self._raw.execute(sql)
        except Exception as error:
            raise self.error_for(error) from error
        self._fresh_mode = None
        inside = self._is_inside()
        self._created = self._created or (inside and creates(sql))
        if changes_schema(sql):
            self._altered = True
            await self._renew()
            if not inside:
                self._schema_changed()
        elif forgets(sql):
            self._statements.forget()
        return tag

    # -- stale statements

    async def _after_error(
        self, error: Exception, sql: str, params: Any
    ) -> tuple[Any, bytes | None, Prepared]:
        """Repeat a statement whose prepared form was stale, where that undoes nothing.

        Returns its rows, its command tag and the new prepared form.

        :raises Error: where it would, and for every other error.
        """
        translated = await self._noted(error, sql)
        mode = self._fresh_mode
        stale = isinstance(error, (asyncpg.InvalidCachedStatementError, *_UNKNOWN_STATEMENT))
        if not stale or (self.in_transaction and mode is None):
            raise translated from error
        try:
            if self.in_transaction:
                await self._raw.execute("ROLLBACK")
                await self.begin(mode or "")
            prepared = await self._prepared(sql)
            records, tag, _ = await self._run(prepared.state, params, "", 0, True, None)
            return records, tag, prepared
        except Exception as again:
            raise self.error_for(again) from again

    async def _noted(self, error: Exception, sql: str) -> Exception:
        """Return the error to raise, and drop what an error says is out of date."""
        translated = self.error_for(error, sql)
        if isinstance(error, _OUT_OF_DATE) and self._is_connected():
            SCHEMA.advance()
            await self._renew()
        return translated

    async def _renew(self) -> None:
        """Prepare statements anew from now on."""
        try:
            await self._statements.renew()
        except Exception as error:
            raise self.error_for(error) from error

    def _schema_changed(self) -> None:
        """Have all connections prepare anew: what this one has altered is there for all to see."""
        self._altered = False
        SCHEMA.advance()

    async def settle(self) -> None:
        """Wait until a statement that was interrupted has ended at the server.

        asyncpg has asked for that, and whatever is executed next waits for it; the next one of the
        user's may have all the time in the world, so a network that is gone is found out here.
        """
        if self._is_connected():
            # Refused where the interrupted statement has failed its transaction; that will do.
            await self._send("SELECT 1")

    # -- transactions

    def defer_begin(self, mode: str) -> bool:
        """Have the next statement take BEGIN along; decline one with a mode, which may fail."""
        if mode or self.in_transaction or not self._wire.takes_begin:
            return False
        self._begin_waits = True
        return True

    def _hold_begin(self) -> None:
        """Have a BEGIN that waits ride with what is written next, as does its answer."""
        if self._begin_waits:
            self._begin_waits = False
            self._unsettled = True
            self._fresh_mode = ""
            self._wire.hold_begin()

    async def _begin_now(self) -> None:
        """Send a BEGIN that waits, and wait for the answer."""
        if self._begin_waits:
            self._begin_waits = False
            await self.begin("")

    async def begin(self, mode: str) -> None:
        """Begin a transaction."""
        if not self._is_connected() or not self._is_inside():
            self._unsettled = True
            await self._send(f"BEGIN {mode}" if mode else "BEGIN")
            self._unsettled = False
            self._fresh_mode = mode

    async def commit(self) -> None:
        """Commit, if there is something to commit.

        :raises InterfaceError: of the driver: the connection was lost, and the transaction with it.
        :raises InternalError: of the driver: the transaction has failed. The server answers a
            COMMIT by rolling back then, without an error.
        """
        tag = "COMMIT"
        if not self._begin_waits and (
            self._unsettled or self._is_inside() or not self._is_connected()
        ):
            try:
                self.check_loop()
                tag = await self._query(tag, None)
            except Exception as error:
                raise self.error_for(error) from error
        self._ended()
        if tag == "ROLLBACK":
            raise errors.refused_commit()

    async def rollback(self) -> None:
        """Roll back, if there is something to roll back."""
        if self.in_transaction and not self._begin_waits:
            await self._send("ROLLBACK")
        if self._created:
            await self._renew()
        self._ended()

    def _ended(self) -> None:
        self._begin_waits = self._unsettled = self._created = False
        self._fresh_mode = None
        if self._altered:
            self._schema_changed()

    async def savepoint(self, name: str) -> None:
        """Set a savepoint."""
        await self._begin_now()
        await self._send(f"SAVEPOINT {name}")

    async def rollback_to(self, name: str) -> None:
        """Roll back to a savepoint."""
        await self._send(f"ROLLBACK TO SAVEPOINT {name}")
        if self._altered or self._created:
            await self._renew()

    async def release_savepoint(self, name: str) -> None:
        """Release a savepoint."""
        await self._send(f"RELEASE SAVEPOINT {name}")

    async def _send(self, sql: str) -> str:
        """Run a statement about the transaction; returns its command tag."""
        try:
            self.check_loop()
            tag = await self._query(sql, None)
        except Exception as error:
            raise self.error_for(error) from error
        self._fresh_mode = None
        return tag

    async def close(self) -> None:
        """Close the connection: politely, unless it is broken or its event loop is gone."""
        raw = self._raw
        self._statements.forget()
        if raw.is_closed():
            return
        if _current_loop() is not self._loop:
            _abandon(raw, self._loop)
            return
        try:
            await raw.close(timeout=CLOSE_TIMEOUT)
        except Exception as error:
            if not errors.is_driver_error(error):
                raise
            raw.terminate()


_ARGUMENT = re.compile(r"^invalid input for query argument \$(\d+)")
#: What asyncpg raises where its knowledge of a statement or a type is out of date.
_OUT_OF_DATE = (
    asyncpg.InvalidCachedStatementError,
    asyncpg.InternalServerError,
    asyncpg.exceptions.OutdatedSchemaCacheError,
    asyncpg.InvalidSQLStatementNameError,
)
#: Somebody, or a pooler between, took the prepared statement away.
_UNKNOWN_STATEMENT = (asyncpg.InvalidSQLStatementNameError,)


def _abandon(raw: Any, loop: asyncio.AbstractEventLoop) -> None:
    """End a connection of another event loop, which alone could close it properly."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(raw.terminate)
        return
    transport = raw._transport
    try:
        raw.terminate()
    except RuntimeError:
        # "Event loop is closed": the transport can't ask its loop to close the socket.
        own, transport._sock = getattr(transport, "_sock", None), None
        if own is not None:
            own.close()
