"""Two-phase transactions, detached connections, mock engines, plugins, and what results know."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from ormolu import Column, Integer, MetaData, String, Table, event, exc, insert, select, text
from ormolu.dialects import registry
from ormolu.dialects.sqlite.dialect import SQLiteDialect
from ormolu.dialects.twophase import MYSQL, POSTGRESQL, TwoPhase
from ormolu.engine import CreateEnginePlugin, Engine, create_engine, create_mock_engine
from ormolu.engine.interfaces import Dialect, ExceptionContext, ExecutionContext
from ormolu.engine.url import plugins
from ormolu.pool import NullPool, QueuePool, StaticPool

metadata = MetaData()
crew = Table("crew", metadata, Column("id", Integer, primary_key=True), Column("name", String(20)))


class TwoPhaseDialect(SQLiteDialect):
    """SQLite that notes what a database with two-phase transactions would be sent."""

    two_phase = TwoPhase(
        begin=("BEGIN", "CREATE TEMP TABLE IF NOT EXISTS said (what)"),
        prepare=("INSERT INTO said VALUES ('prepare {xid}')",),
        commit=("INSERT INTO said VALUES ('commit {xid}')", "COMMIT"),
        commit_prepared=("INSERT INTO said VALUES ('commit prepared {xid}')", "COMMIT"),
        rollback=("ROLLBACK",),
        rollback_prepared=("DELETE FROM said", "ROLLBACK"),
        recover="SELECT 1, what FROM said",
        recover_column=1,
    )


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def two_phases(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setitem(registry._DIALECTS, "twophase", f"{__name__}:TwoPhaseDialect")
    engine = create_engine("twophase://", poolclass=StaticPool)
    metadata.create_all(engine)
    yield engine
    engine.dispose()


def test_a_transaction_of_two_phases(two_phases: Engine) -> None:
    heard: list[Any] = []
    for name in ("begin", "prepare", "commit", "rollback"):
        event.listen(
            two_phases,
            f"{name}_twophase",
            lambda conn, xid, prepared=None, name=name: heard.append((name, xid, prepared)),
        )
    with two_phases.connect() as connection:
        transaction = connection.begin_twophase("it's")
        assert connection.get_transaction() is transaction
        assert (transaction.xid, transaction.is_active) == ("it's", True)
        connection.execute(insert(crew), {"name": "Neil"})
        transaction.prepare()
        transaction.commit()
        assert not connection.in_transaction()
        assert connection.recover_twophase() == ["prepare it's", "commit prepared it's"]
        with connection.begin_twophase() as second:
            connection.execute(insert(crew), {"name": "Buzz"})
        assert str(second.xid).startswith("_ormolu_")
        third = connection.begin_twophase("3")
        connection.execute(insert(crew), {"name": "Mike"})
        third.rollback()
        assert connection.scalars(select(crew.c.name)).all() == ["Neil", "Buzz"]
    assert [(name, prepared) for name, _, prepared in heard] == [
        ("begin", None), ("prepare", None), ("commit", True), ("begin", None), ("commit", False),
        ("begin", None), ("rollback", False),
    ]  # fmt: skip


def test_prepared_transactions_are_ended_by_their_identifier(
    two_phases: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "CREATE TEMP TABLE IF NOT EXISTS said (what)"
    texts = TwoPhaseDialect.two_phase._replace(
        commit_prepared=(said, "INSERT INTO said VALUES ('committed {xid}')"),
        rollback_prepared=(said, "INSERT INTO said VALUES ('rolled back {xid}')"),
    )
    monkeypatch.setattr(TwoPhaseDialect, "two_phase", texts)
    with two_phases.connect() as connection:
        connection.commit_prepared("1")
        connection.rollback_prepared("2")
        assert connection.recover_twophase() == ["committed 1", "rolled back 2"]
        connection.begin()
        with pytest.raises(exc.InvalidRequestError, match="already begun"):
            connection.begin_twophase()


def test_a_connection_whose_rollback_fails_is_not_used_again(
    two_phases: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        TwoPhaseDialect, "two_phase", TwoPhaseDialect.two_phase._replace(rollback=("nonsense",))
    )
    connection = two_phases.connect()
    raw = connection.connection.driver_connection
    connection.begin_twophase()
    with pytest.raises(exc.OperationalError, match="nonsense"):
        connection.close()
    with two_phases.connect() as fresh:
        assert fresh.connection.driver_connection is not raw


def test_closing_a_connection_rolls_two_phases_back(two_phases: Engine) -> None:
    with two_phases.connect() as connection:
        connection.begin_twophase("x")
        connection.execute(insert(crew), {"name": "Neil"})
    with two_phases.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM crew")) == 0


@pytest.mark.parametrize("texts", [POSTGRESQL, MYSQL], ids=["postgresql", "mysql"])
def test_the_statements_of_other_databases_name_the_transaction(texts: TwoPhase) -> None:
    for step in (texts.prepare, texts.commit_prepared, texts.rollback_prepared):
        assert step and all("'7'" in one.format(xid="7") for one in step)


def test_a_detached_connection_is_closed_for_good() -> None:
    engine = create_engine("sqlite://", poolclass=QueuePool)
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        connection.execute(text("SELECT 1"))
        connection.detach()
        assert connection.scalar(text("SELECT 2")) == 2
        assert isinstance(connection.core.entry.pool, NullPool)
        assert connection.connection.driver_connection is raw
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        raw.execute("SELECT 1")
    with engine.connect() as connection:
        assert connection.connection.driver_connection is not raw
    engine.dispose()


def test_a_mock_engine_hands_statements_over() -> None:
    seen: list[str] = []
    engine = create_mock_engine(
        "sqlite://", lambda node, *rest: seen.append(str(node.compile(dialect=engine.dialect)))
    )
    heard: list[Any] = []
    ships = Table("ships", MetaData(), Column("id", Integer, primary_key=True))
    event.listen(ships, "after_create", lambda target, bind, **kw: heard.append(bind))
    ships.metadata.create_all(engine)
    ships.metadata.drop_all(engine)
    engine.connect().execute(select(ships.c.id))
    assert [text.split()[0] for text in seen] == ["CREATE", "DROP", "SELECT"]
    assert heard == [engine]
    assert (engine.name, engine.engine, engine.schema_for_object(crew)) == ("sqlite", engine, None)


def test_a_plugin_listens_to_the_engine_it_took_part_in() -> None:
    begun: list[Any] = []

    class Counting(CreateEnginePlugin):
        def engine_created(self, engine: Any) -> None:
            event.listen(engine, "begin", begun.append)

    plugins.impls["counting"] = lambda: Counting
    try:
        engine = create_engine("sqlite://?plugin=counting")
    finally:
        plugins.deregister("counting")
    with engine.begin():
        pass
    assert len(begun) == 1
    assert engine.url.query == {}
    with pytest.raises(exc.NoSuchModuleError, match=r"ormolu\.plugins:counting"):
        create_engine("sqlite://", plugins=["counting"])
    with pytest.raises(exc.ArgumentError, match="list of names"):
        create_engine("sqlite://", plugins="counting")  # type: ignore[arg-type]
    engine.dispose()


def test_a_plugin_is_registered_by_its_module() -> None:
    plugins.register("plain", "ormolu.engine.plugins", "CreateEnginePlugin")
    try:
        assert plugins.load("plain") is CreateEnginePlugin
    finally:
        plugins.deregister("plain")


def test_errors_of_connecting_are_handled_too() -> None:
    engine = create_engine("sqlite:////nowhere/at/all.db")
    told: list[ExceptionContext] = []
    event.listen(engine, "handle_error", told.append)
    with pytest.raises(exc.OperationalError, match="unable to open"):
        engine.connect()
    (context,) = told
    assert (context.connection, context.engine, context.statement) == (None, engine, None)
    assert context.dialect is engine.dialect


def test_a_disconnect_makes_the_other_connections_stale() -> None:
    engine = create_engine("sqlite://", poolclass=QueuePool)

    @event.listens_for(engine, "handle_error")
    def lost(context: ExceptionContext) -> None:
        context.is_disconnect = True

    other = engine.connect()
    raw = other.connection.driver_connection
    other.close()
    with engine.connect() as first, engine.connect() as second:
        second.close()
        with pytest.raises(exc.OperationalError) as caught:
            first.execute(text("selec"))
        assert caught.value.connection_invalidated
        assert isinstance(caught.value.__cause__, sqlite3.OperationalError)
    with engine.connect() as connection:
        assert connection.connection.driver_connection is not raw
    engine.dispose()


def test_a_cache_of_its_own_for_a_connection(engine: Engine) -> None:
    cache: dict[Any, Any] = {}
    with engine.connect().execution_options(compiled_cache=cache) as connection:
        engine.clear_compiled_cache()
        for _ in range(2):
            connection.execute(select(crew.c.id)).all()
        assert len(cache) == 1
        assert len(engine.core.cache) == 0


def test_names_and_counts_of_the_driver_on_request(engine: Engine) -> None:
    with engine.connect() as connection:
        options = {"driver_column_names": True, "preserve_rowcount": True}
        result = connection.execute(
            select(crew.c.id.label("number"), crew.c.name), execution_options=options
        )
        assert (list(result.keys()), result.rowcount) == (["number", "name"], -1)


def test_a_result_knows_its_execution(engine: Engine) -> None:
    with engine.connect() as connection:
        statement = select(crew.c.name).where(crew.c.id == 3)
        result = connection.execute(statement, execution_options={"color": "red"})
        context: ExecutionContext = result.context
        assert context.statement == "SELECT crew.name \nFROM crew \nWHERE crew.id = ?"
        assert context.parameters == [(3,)]
        assert context.compiled_parameters == [{"id_1": 3}]
        assert context.execution_options["color"] == "red"
        assert context.invoked_statement is statement
        assert (context.engine, context.root_connection) == (engine, connection)
        assert result.connection is connection
        assert isinstance(result.dialect, Dialect)
        assert (context.isinsert, context.is_crud, context.is_text) == (False, False, False)


def test_a_listener_sees_the_construct_and_its_options(engine: Engine) -> None:
    seen: list[Any] = []

    @event.listens_for(engine, "before_cursor_execute")
    def before(conn: Any, cursor: Any, sql: str, params: Any, context: Any, many: bool) -> None:
        seen.append((context.invoked_statement, context.execution_options.get("color")))

    statement = select(crew.c.name)
    with engine.connect() as connection:
        connection.execute(statement, execution_options={"color": "red"}).all()
    assert seen == [(statement, "red")]
