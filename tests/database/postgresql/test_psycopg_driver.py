"""psycopg's adapters: round trips, prepared statements, cursors, and what an interrupt leaves."""

from __future__ import annotations

import asyncio
import inspect
import signal
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from round_trips import count_round_trips

from ormolu import text
from ormolu.dialects.postgresql.psycopg_async_driver import DRIVER as ASYNC_DRIVER
from ormolu.dialects.postgresql.psycopg_driver import DRIVER
from ormolu.dialects.postgresql.psycopg_exchange import Exchange
from ormolu.engine import create_engine, make_url

pytestmark = pytest.mark.backend("postgresql+psycopg")


class Adapter:
    """An adapter's connection whose calls are awaited if need be."""

    def __init__(self, connection: Any, complete: Callable[[Any], Any]) -> None:
        self.connection = connection
        self._complete = complete

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.connection, name)
        if not callable(found) or name in ("defer_begin", "wire"):
            return found
        return lambda *args: self.completed(found(*args))

    def completed(self, result: Any) -> Any:
        return self._complete(result) if inspect.isawaitable(result) else result

    def scalar(self, sql: str, params: Any = ()) -> Any:
        return self.fetchall(sql, params)[0][0]

    def prepared(self) -> list[str]:
        """The texts that the server has prepared for this connection."""
        rows = self.fetchall("SELECT statement FROM pg_prepared_statements ORDER BY name", ())
        return [row[0] for row in rows]


def arguments(url: str) -> dict[str, Any]:
    """What the driver's ``connect`` takes for a URL."""
    return dict(make_url(url).get_dialect()().connect_args(make_url(url))[1])


@pytest.fixture(params=["blocking", "asynchronous"])
def connect(request: pytest.FixtureRequest, backend_url: str) -> Iterator[Callable[..., Adapter]]:
    """A factory of connections, whatever the driver: closed after the test."""
    opened: list[Adapter] = []
    with asyncio.Runner() as runner:

        def make(**options: Any) -> Adapter:
            given = {**arguments(backend_url), **options}
            if request.param == "blocking":
                connection: Any = DRIVER.connect(**given)
            else:
                connection = runner.run(ASYNC_DRIVER.connect(**given))
            opened.append(Adapter(connection, runner.run))
            return opened[-1]

        yield make
        for adapter in opened:
            adapter.close()


@pytest.fixture(params=[True, False], ids=["close messages", "DEALLOCATE"])
def closing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of telling the server to forget; that of older versions of libpq as well."""
    if not request.param:
        monkeypatch.setattr(Exchange, "closes", False)


@pytest.fixture
def db(connect: Callable[..., Adapter]) -> Adapter:
    """A connection."""
    return connect()


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by one with each round trip."""
    return count_round_trips(monkeypatch)


# -- placeholders and rows


def test_rows_are_plain_tuples_of_python_values(db: Adapter) -> None:
    rows = db.fetchall("SELECT %(a)s::int, %(b)s, %(a)s::int + 1, '%%'", {"b": "x", "a": 5})
    assert rows == [(5, "x", 6, "%")]
    assert type(rows[0]) is tuple
    assert db.fetchall("SELECT %s::date, %s::text[]", (date(2024, 1, 2), ["p", None])) == [
        (date(2024, 1, 2), ["p", None])
    ]


def test_an_outcome_says_columns_rows_and_count(db: Adapter) -> None:
    outcome = db.execute("SELECT 1 AS one, 'x' AS two", ())
    assert [entry[0] for entry in outcome.description] == ["one", "two"]
    assert (outcome.rows, outcome.rowcount) == ([(1, "x")], 1)
    made = db.execute("CREATE TABLE t (a int)", ())
    assert (made.rows, made.description, made.rowcount) == (None, None, -1)
    assert db.execute("INSERT INTO t VALUES (1), (2)", ()).rowcount == 2
    assert db.execute("DELETE FROM t RETURNING a", ()).rowcount == 2


@pytest.mark.parametrize(
    ("sql", "params", "says"),
    [
        ("SELECT %(a)s, %(b)s", {"b": 1}, "parameter missing: a"),
        ("SELECT %s", (1, 2), "has 1 placeholders but 2 parameters"),
        ("SELECT %s", {"a": 1}, "take a sequence of parameters, not a mapping"),
        ("SELECT %(a)s", (1,), "take a mapping of parameters, not a sequence"),
        ("SELECT %(a)s, %s", {"a": 1}, "cannot be mixed"),
        ("SELECT 5 % 2", (), "write '%%' for a percent sign"),
    ],
)
def test_wrong_parameters_are_refused_and_leave_the_connection_as_it_was(
    db: Adapter, sql: str, params: Any, says: str
) -> None:
    db.begin("")
    with pytest.raises(psycopg.ProgrammingError, match=says):
        db.fetchall(sql, params)
    assert db.in_transaction
    assert db.scalar("SELECT 1") == 1


def test_several_statements_in_one_text_give_the_result_of_the_first(db: Adapter) -> None:
    assert db.fetchall("SELECT 1; SELECT 2", ()) == [(1,)]


def test_copy_without_a_stream_is_refused_and_the_connection_goes_on(db: Adapter) -> None:
    db.execute("CREATE TABLE t (a int)", ())
    for sql in ("COPY t TO STDOUT", "COPY t FROM STDIN"):
        with pytest.raises(psycopg.ProgrammingError, match="COPY needs a stream"):
            db.execute(sql, ())
    assert db.scalar("SELECT 1") == 1


# -- transactions and round trips


def test_begin_shares_the_round_trip_of_the_first_statement(db: Adapter, trips: list[str]) -> None:
    assert db.defer_begin("ISOLATION LEVEL SERIALIZABLE")
    assert not db.defer_begin("")
    assert db.in_transaction
    assert trips == []
    assert db.scalar("SELECT current_setting('transaction_isolation')") == "serializable"
    assert trips == ["pipeline"]
    assert db.connection.wire.in_transaction
    db.commit()
    assert not db.in_transaction
    assert len(trips) == 2


def test_a_transaction_in_which_nothing_was_executed_never_reaches_the_server(
    db: Adapter, trips: list[str]
) -> None:
    for end in (db.commit, db.rollback):
        assert db.defer_begin("")
        end()
        assert not db.in_transaction
    db.commit()
    db.rollback()
    assert trips == []


def test_begin_is_sent_before_the_drivers_connection_is_handed_out(db: Adapter) -> None:
    db.defer_begin("")
    assert db.raw.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS
    db.rollback()
    db.defer_begin("NONSENSE")
    with pytest.raises(psycopg.errors.SyntaxError):
        _ = db.raw
    assert not db.in_transaction


@pytest.mark.parametrize("prepared", [False, True])
def test_a_first_statement_that_fails_leaves_a_begun_transaction(
    connect: Callable[..., Adapter], prepared: bool
) -> None:
    db = connect(prepare_threshold=0 if prepared else 5)
    db.defer_begin("")
    with pytest.raises(psycopg.errors.UndefinedTable):
        db.fetchall("SELECT * FROM nowhere WHERE a = %s", (1,))
    assert db.in_transaction
    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        db.fetchall("SELECT 1", ())
    db.rollback()
    assert not db.in_transaction
    assert db.scalar("SELECT 1") == 1


def test_a_begin_that_fails_leaves_no_transaction(db: Adapter) -> None:
    db.defer_begin("ISOLATION LEVEL NONSENSE")
    with pytest.raises(psycopg.errors.SyntaxError):
        db.fetchall("SELECT 1", ())
    assert not db.in_transaction
    assert db.scalar("SELECT 1") == 1


def test_a_failed_transaction_can_not_be_committed(db: Adapter) -> None:
    db.execute("CREATE TABLE t (a int)", ())
    db.begin("")
    db.execute("INSERT INTO t VALUES (1)", ())
    with pytest.raises(psycopg.errors.DivisionByZero):
        db.fetchall("SELECT 1 / 0", ())
    with pytest.raises(psycopg.errors.InFailedSqlTransaction, match="rolled back"):
        db.commit()
    assert not db.in_transaction
    assert db.scalar("SELECT count(*) FROM t") == 0


def test_savepoints(db: Adapter, trips: list[str]) -> None:
    db.execute("CREATE TABLE t (a int)", ())
    trips.clear()
    db.defer_begin("")
    db.savepoint("one")
    assert len(trips) == 1
    db.execute("INSERT INTO t VALUES (1)", ())
    with pytest.raises(psycopg.errors.DivisionByZero):
        db.fetchall("SELECT 1 / 0", ())
    db.rollback_to("one")
    db.release_savepoint("one")
    db.execute("INSERT INTO t VALUES (2)", ())
    db.commit()
    assert db.fetchall("SELECT a FROM t", ()) == [(2,)]


def test_many_parameter_sets_take_one_round_trip(db: Adapter, trips: list[str]) -> None:
    db.execute("CREATE TABLE t (a bigint, b text)", ())
    rows = [{"a": 10**n, "b": None if n % 2 else "x" * n} for n in range(19)]
    trips.clear()
    db.defer_begin("")
    outcome = db.executemany("INSERT INTO t VALUES (%(a)s, %(b)s)", rows)
    assert (outcome.rowcount, trips) == (19, ["pipeline"])
    assert db.fetchall("SELECT a, b FROM t ORDER BY a", ()) == [(r["a"], r["b"]) for r in rows]


def test_thousands_of_parameter_sets_are_sent_while_the_answers_arrive(db: Adapter) -> None:
    db.execute("CREATE TABLE t (a int, b text)", ())
    sql = "INSERT INTO t VALUES (%s, %s)"
    assert db.executemany(sql, [(n, "x" * 500) for n in range(2501)]).rowcount == 2501
    assert db.scalar("SELECT count(DISTINCT a) FROM t") == 2501


def test_of_many_parameter_sets_all_are_stored_or_none(db: Adapter) -> None:
    db.execute("CREATE TABLE t (a int PRIMARY KEY)", ())
    with pytest.raises(psycopg.errors.UniqueViolation):
        db.executemany("INSERT INTO t VALUES (%s)", [(n,) for n in [*range(1200), 7, 1201]])
    assert db.scalar("SELECT count(*) FROM t") == 0
    db.executemany("INSERT INTO t VALUES (%s)", [(1,), (2,)])
    assert db.scalar("SELECT count(*) FROM t") == 2


def test_a_batch_takes_one_round_trip(db: Adapter, trips: list[str]) -> None:
    db.execute("CREATE TABLE t (a int)", ())
    trips.clear()
    db.defer_begin("")
    outcomes = db.batch(
        [
            ("INSERT INTO t VALUES (%s) RETURNING a", (1,)),
            ("UPDATE t SET a = a + 1", ()),
            ("SELECT a AS found FROM t", ()),
        ]
    )
    assert trips == ["pipeline"]
    assert [outcome.rows for outcome in outcomes] == [[(1,)], None, [(2,)]]
    assert [outcome.rowcount for outcome in outcomes] == [1, 1, 1]
    assert outcomes[2].description[0][0] == "found"
    assert db.batch([]) == []


def test_a_batch_stops_at_the_first_error(db: Adapter) -> None:
    db.begin("")
    with pytest.raises(psycopg.errors.DivisionByZero):
        db.batch([("SELECT 1", ()), ("SELECT 1 / 0", ()), ("SELECT nothing", ())])
    assert db.in_transaction
    db.rollback()
    assert db.scalar("SELECT 1") == 1


# -- prepared statements

_ASK = "SELECT %s::int + 1"


def ask(db: Adapter, times: int) -> None:
    for n in range(times):
        assert db.scalar(_ASK, (n,)) == n + 1


def test_a_statement_is_prepared_after_some_executions_and_survives_the_end_of_transactions(
    db: Adapter, trips: list[str]
) -> None:
    ask(db, 5)
    assert db.prepared() == []
    for end in (db.rollback, db.commit, db.rollback):
        db.defer_begin("")
        ask(db, 2)
        end()
    assert db.prepared() == ["SELECT $1::int + 1"]
    trips.clear()
    ask(db, 3)
    assert trips == ["statement"] * 3


def test_preparing_shares_the_round_trip(connect: Callable[..., Adapter], trips: list[str]) -> None:
    db = connect(prepare_threshold=0)
    db.defer_begin("")
    ask(db, 1)
    assert trips == ["pipeline"]
    db.rollback()
    assert db.prepared()[0] == "SELECT $1::int + 1"


def test_nothing_is_prepared_without_a_threshold(connect: Callable[..., Adapter]) -> None:
    db = connect(prepare_threshold=None)
    ask(db, 8)
    db.executemany("SELECT %s::int", [(1,), (2,), (3,)])
    assert db.prepared() == []


def test_types_of_parameters_have_prepared_statements_of_their_own(
    connect: Callable[..., Adapter],
) -> None:
    db = connect(prepare_threshold=0)
    assert [db.scalar("SELECT %s", (value,)) for value in (1, "x", 1, "x", 10**12)] == [
        1, "x", 1, "x", 10**12,
    ]  # fmt: skip
    assert db.prepared()[:3] == ["SELECT $1"] * 3


@pytest.mark.usefixtures("closing")
def test_only_so_many_statements_stay_prepared(connect: Callable[..., Adapter]) -> None:
    db = connect(prepare_threshold=0)
    db.connection.wire.record.size = 3
    for n in range(8):
        assert db.scalar(f"SELECT {n} + %s::int", (1,)) == n + 1
    assert db.scalar("SELECT 0 + %s::int", (1,)) == 1
    assert len(db.prepared()) <= 3 + 1  # one is closed with the next round trip
    assert db.scalar("SELECT 7 + %s::int", (1,)) == 8


@pytest.mark.usefixtures("closing")
def test_ddl_makes_the_connection_forget_what_is_prepared(
    connect: Callable[..., Adapter],
) -> None:
    db = connect(prepare_threshold=0)
    for type_, value in (("int", 1), ("text", "x")):
        db.execute(f"CREATE TABLE t (a {type_})", ())
        db.execute("INSERT INTO t VALUES (%s)", (value,))
        assert db.fetchall("SELECT a FROM t", ()) == [(value,)]
        db.execute("DROP TABLE t", ())
    assert db.prepared() == ["SELECT statement FROM pg_prepared_statements ORDER BY name"]


@pytest.mark.usefixtures("closing")
def test_ddl_that_is_rolled_back_does_too(connect: Callable[..., Adapter]) -> None:
    db = connect(prepare_threshold=0)
    for type_, value in (("int", 1), ("text", "x")):
        db.begin("")
        db.execute(f"CREATE TABLE t (a {type_})", ())
        db.execute("INSERT INTO t VALUES (%s)", (value,))
        assert db.fetchall("SELECT a FROM t", ()) == [(value,)]
        db.rollback()


def test_ddl_is_undone_by_a_rollback_after_one_to_a_savepoint(
    connect: Callable[..., Adapter],
) -> None:
    db = connect(prepare_threshold=0)
    db.begin("")
    db.execute("CREATE TABLE t AS SELECT 1 AS a", ())
    db.savepoint("one")
    db.rollback_to("one")
    assert db.fetchall("SELECT a FROM t", ()) == [(1,)]
    db.rollback()
    db.execute("CREATE TABLE t AS SELECT 'x' AS a", ())
    assert db.fetchall("SELECT a FROM t", ()) == [("x",)]


def test_ddl_is_undone_by_a_commit_that_fails(connect: Callable[..., Adapter]) -> None:
    db = connect(prepare_threshold=0)
    db.execute("CREATE TABLE later (a int UNIQUE DEFERRABLE INITIALLY DEFERRED)", ())
    for type_, value in (("int", 1), ("text", "x")):
        db.begin("")
        db.execute(f"CREATE TABLE t (a {type_})", ())
        db.execute("INSERT INTO t VALUES (%s)", (value,))
        assert db.fetchall("SELECT a FROM t", ()) == [(value,)]
        db.execute("INSERT INTO later VALUES (1), (1)", ())
        with pytest.raises(psycopg.errors.UniqueViolation):
            db.commit()
        assert not db.in_transaction


def test_a_table_that_another_connection_changes_fails_one_execution_at_most(
    connect: Callable[..., Adapter],
) -> None:
    db, other = connect(prepare_threshold=0), connect()
    db.execute("CREATE TABLE t (a int)", ())
    assert db.fetchall("SELECT a FROM t", ()) == []
    other.execute("ALTER TABLE t ALTER a TYPE text", ())
    with pytest.raises(psycopg.errors.FeatureNotSupported, match="cached plan"):
        db.fetchall("SELECT a FROM t", ())
    assert db.fetchall("SELECT a FROM t", ()) == []


def test_statements_deallocated_behind_its_back_fail_one_execution_at_most(
    connect: Callable[..., Adapter],
) -> None:
    db = connect(prepare_threshold=0)
    ask(db, 2)
    db.hand_out(True)
    raw = db.raw
    db.completed(raw.execute("DEALLOCATE ALL"))
    with pytest.raises(psycopg.errors.InvalidSqlStatementName):
        ask(db, 1)
    ask(db, 2)


def test_the_drivers_own_cursors_leave_prepared_statements_alone(
    connect: Callable[..., Adapter],
) -> None:
    db = connect(prepare_threshold=0)
    ask(db, 1)
    raw = db.raw
    for _ in range(8):
        db.completed(raw.execute("SELECT 1"))
    db.completed(raw.execute("BEGIN"))
    db.completed(raw.execute("ROLLBACK"))
    ask(db, 1)


# -- the driver's connection


def test_adapters_set_on_the_drivers_connection_are_used(db: Adapter) -> None:
    assert db.scalar("SELECT '5'::numeric") == 5
    text_loader = psycopg.adapters.get_loader(
        psycopg.adapters.types["text"].oid, psycopg.pq.Format.TEXT
    )
    assert text_loader is not None
    db.raw.adapters.register_loader("numeric", text_loader)
    assert db.scalar("SELECT '5'::numeric") == "5"


def test_notifications_reach_the_drivers_connection(
    connect: Callable[..., Adapter],
) -> None:
    db, other = connect(), connect()
    heard: list[tuple[str, str]] = []
    db.raw.add_notify_handler(lambda note: heard.append((note.channel, note.payload)))
    db.execute("LISTEN news", ())
    other.execute("NOTIFY news, 'hello'", ())
    db.fetchall("SELECT 1", ())
    assert heard == [("news", "hello")]


# -- cursors of the server


@pytest.mark.usefixtures("closing")
@pytest.mark.parametrize("in_transaction", [True, False])
def test_a_cursor_streams_its_rows(db: Adapter, in_transaction: bool) -> None:
    if in_transaction:
        db.defer_begin("")
    sql = "SELECT n AS number FROM generate_series(1, %(last)s) AS n"
    cursor = db.open_cursor(sql, {"last": 10})
    assert cursor.description[0][0] == "number"
    assert db.completed(cursor.fetch(4)) == [(1,), (2,), (3,), (4,)]
    assert len(db.fetchall("SELECT 1 FROM pg_cursors WHERE name LIKE 'ormolu%%'", ())) == 1
    assert db.completed(cursor.fetch(None)) == [(n,) for n in range(5, 11)]
    assert db.completed(cursor.fetch(5)) == []
    db.completed(cursor.close())
    assert db.fetchall("SELECT 1 FROM pg_cursors WHERE name LIKE 'ormolu%%'", ()) == []
    assert db.in_transaction is in_transaction


@pytest.mark.usefixtures("closing")
def test_a_cursor_may_be_closed_after_its_transaction(db: Adapter) -> None:
    db.begin("")
    gone, failed = db.open_cursor("SELECT 1", ()), db.open_cursor("SELECT 1", ())
    db.rollback()
    db.completed(gone.close())
    db.begin("")
    with pytest.raises(psycopg.errors.InvalidCursorName):
        db.completed(failed.fetch(1))
    db.completed(failed.close())
    db.rollback()
    assert db.scalar("SELECT 1") == 1


@pytest.mark.parametrize(
    "sql", ["SHOW search_path", "WITH made AS (INSERT INTO t VALUES (1) RETURNING a) TABLE made"]
)
def test_what_the_server_opens_no_cursor_for_is_fetched(db: Adapter, sql: str) -> None:
    db.execute("CREATE TABLE t (a int)", ())
    cursor = db.open_cursor(sql, ())
    assert len(cursor.description) == 1
    assert len(db.completed(cursor.fetch(5))) == 1
    assert db.completed(cursor.fetch(None)) == []
    db.completed(cursor.close())


# -- interrupts


@pytest.mark.parametrize("begins", [False, True], ids=["in a transaction", "with its BEGIN"])
def test_an_interrupted_statement_is_cancelled_at_the_server(
    backend_url: str, begins: bool
) -> None:
    def interrupt(*args: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    engine = create_engine(backend_url, connect_args={"prepare_threshold": 0})
    sleep = text("SELECT pg_sleep(:seconds)")
    try:
        with engine.connect() as connection:
            pid = connection.scalar(text("SELECT pg_backend_pid()"))
            connection.execute(sleep, {"seconds": 0})
            if begins:
                connection.rollback()
            signal.setitimer(signal.ITIMER_REAL, 0.1)
            with pytest.raises(KeyboardInterrupt):
                connection.execute(sleep, {"seconds": 60})
            connection.rollback()
            assert connection.scalar(text("SELECT pg_backend_pid()")) == pid
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        engine.dispose()


def test_a_connection_left_in_the_middle_of_a_conversation_is_closed(db: Adapter) -> None:
    def interrupted(pgconn: Any) -> Any:
        pgconn.enter_pipeline_mode()
        raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        db.talk(interrupted(db.connection._pgconn))
    assert db.broken
    assert not db.in_transaction
    for call in (lambda: db.fetchall("SELECT 1", ()), db.commit, db.rollback):
        with pytest.raises(psycopg.OperationalError, match="closed"):
            call()
