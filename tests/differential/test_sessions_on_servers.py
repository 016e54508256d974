"""Sessions on servers: options of their connection, upserts that return objects, documents."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

LIBRARIES = ("ormolu", "sqlalchemy")
BACKENDS = ("postgresql+psycopg", "mysql+mysqldb")


class Server:
    """A library with a mapped class, whose table is empty, on a server's database."""

    def __init__(self, root: str, url: str) -> None:
        self.sa: Any = importlib.import_module(root)
        self.orm: Any = importlib.import_module(f"{root}.orm")
        self.is_postgresql = url.startswith("postgresql")
        dialect = "postgresql" if self.is_postgresql else "mysql"
        self.dialect: Any = importlib.import_module(f"{root}.dialects.{dialect}")
        self.engine = self.sa.create_engine(url)
        base = self.orm.declarative_base()
        sa, column = self.sa, self.orm.mapped_column

        class Item(base):  # type: ignore[misc]
            __tablename__ = "item"
            id = column(sa.Integer, primary_key=True)
            n = column(sa.Integer)
            document = column(self.dialect.JSONB if self.is_postgresql else sa.JSON)

        self.item: Any = Item
        self.metadata = base.metadata
        self.metadata.drop_all(self.engine)
        self.metadata.create_all(self.engine)

    def level(self, session: Any) -> str:
        shown = "SHOW transaction_isolation" if self.is_postgresql else "SELECT @@tx_isolation"
        if not (self.is_postgresql or self.engine.dialect.is_mariadb):
            shown = "SELECT @@transaction_isolation"
        found: str = session.scalar(self.sa.text(shown))
        return found.lower().replace("-", " ")

    def upsert(self, rows: list[dict[str, int]] | None, **values: int) -> Any:
        """An upsert that adds 100 to the number of a row that is there."""
        statement = self.dialect.insert(self.item)
        if rows is None:
            statement = statement.values(**values)
        if self.is_postgresql:
            changed = {"n": statement.excluded.n + 100}
            statement = statement.on_conflict_do_update(index_elements=["id"], set_=changed)
        else:
            statement = statement.on_duplicate_key_update(n=statement.inserted.n + 100)
        return statement.returning(self.item)

    def close(self) -> None:
        self.metadata.drop_all(self.engine)
        self.engine.dispose()


@pytest.fixture(params=LIBRARIES)
def server(request: pytest.FixtureRequest, backend_url: str) -> Iterator[Server]:
    server = Server(request.param, backend_url)
    yield server
    server.close()


pytestmark = pytest.mark.parametrize("backend_url", BACKENDS, indirect=True)


@pytest.mark.parametrize("before", ["nothing", "a transaction", "a savepoint"])
def test_a_session_asks_its_connection_for_a_level(server: Server, before: str) -> None:
    with server.orm.Session(server.engine) as session:
        own = server.level(session)
        session.rollback()
        if before == "a savepoint":
            with session.begin_nested():
                session.execute(server.sa.text("SELECT 1"))
        elif before == "a transaction":
            session.execute(server.sa.text("SELECT 1"))
        session.rollback()
        options = {"isolation_level": "SERIALIZABLE", "own": 1}
        connection = session.connection(execution_options=options)
        assert connection.get_isolation_level() == "SERIALIZABLE"
        assert connection.get_execution_options()["own"] == 1
        assert server.level(session) == "serializable"
        session.rollback()
        assert server.level(session) == own
        session.rollback()


def test_options_for_a_connection_that_has_begun_are_ignored_with_a_warning(
    server: Server,
) -> None:
    with server.orm.Session(server.engine) as session:
        own = server.level(session)
        with pytest.warns(server.sa.exc.SAWarning, match="ignored"):
            session.connection(execution_options={"isolation_level": "SERIALIZABLE"})
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            session.connection()
        assert server.level(session) == own
        session.rollback()


def test_a_read_only_transaction_of_a_session(server: Server) -> None:
    if not server.is_postgresql:  # it has no such option
        return
    with server.orm.Session(server.engine) as session:
        session.connection(execution_options={"postgresql_readonly": True})
        session.add(server.item(n=1))
        with pytest.raises(server.sa.exc.InternalError, match="read-only"):
            session.flush()
        session.rollback()
        session.expunge_all()


Given = Callable[[Server, Any, bool], list[Any]]


def _by_option_of_the_call(server: Server, session: Any, populate: bool) -> list[Any]:
    rows = [{"id": 1, "n": 1}, {"id": 3, "n": 3}]
    options = {"populate_existing": populate}
    found: list[Any] = session.scalars(server.upsert(rows), rows, execution_options=options).all()
    return found


def _by_option_of_the_statement(server: Server, session: Any, populate: bool) -> list[Any]:
    statement = server.upsert(None, id=2, n=7).execution_options(populate_existing=populate)
    found: list[Any] = session.scalars(statement).all()
    return found


@pytest.mark.parametrize("given", [_by_option_of_the_call, _by_option_of_the_statement])
@pytest.mark.parametrize("populate", [True, False])
def test_an_upsert_returns_objects_that_are_read_anew_on_request(
    server: Server, given: Given, populate: bool
) -> None:
    with server.orm.Session(server.engine) as session:
        session.add_all([server.item(id=1, n=5), server.item(id=2, n=6)])
        session.commit()
        order = server.sa.select(server.item).order_by(server.item.id)
        kept = session.scalars(order).all()
        if not server.engine.dialect.insert_returning:  # that of MySQL
            refusals = (server.sa.exc.InvalidRequestError, server.sa.exc.ProgrammingError)
            with pytest.raises(refusals, match="RETURNING"):
                given(server, session, populate)
            return
        found = {item.id: item.n for item in given(server, session, populate)}
        expected = {1: 101, 3: 3} if given is _by_option_of_the_call else {2: 107}
        if not populate:
            expected = {1: 5, 3: 3} if given is _by_option_of_the_call else {2: 6}
        assert found == expected
        assert {item.id: item.n for item in kept if item.id in found}.items() <= expected.items()
        session.rollback()


def test_documents_that_are_joined_are_left_to_the_database(server: Server) -> None:
    with server.orm.Session(server.engine) as session:
        item = server.item(id=1, document={"a": 1})
        session.add(item)
        session.commit()
        assert item.document == {"a": 1}
        if server.is_postgresql:
            joined = server.item.document.concat({"b": 2})
        else:
            joined = server.sa.func.json_insert(server.item.document, "$.b", 2)
        session.execute(server.sa.update(server.item).values(document=joined))
        assert item.document == {"a": 1, "b": 2}
        session.rollback()
