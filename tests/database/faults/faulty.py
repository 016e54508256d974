"""What the fault tests work with: a server that may be harmed, an engine on it, and a look inside.

A scenario is written once, as a coroutine function of a `Database`; `Site.run` runs it in an event
loop for an asynchronous driver and by hand for a blocking one, with an engine of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import pymysql

from backends import Backend
from ormolu import Engine, String, create_engine, make_url
from ormolu.exc import DBAPIError
from ormolu.ext.asyncio import AsyncAttrs, AsyncEngine, create_async_engine
from ormolu.orm import DeclarativeBase, Mapped, mapped_column
from ormolu.sql import insert, select
from ormolu.testing.conformance.blocking import complete
from ormolu.testing.conformance.suite import Database
from ormolu.testing.servers import DatabaseServer, MariaDBServer, PostgreSQLServer, Proxy, Server
from ormolu.testing.servers.guardian import family

T = TypeVar("T")
_naps = itertools.count()
#: Those of MySQL's clients that are in a transaction.
TRANSACTIONS = "SELECT trx_mysql_thread_id FROM information_schema.innodb_trx"
Scenario = Callable[[Database], Coroutine[Any, Any, T]]


class Base(AsyncAttrs, DeclarativeBase):
    """The base of the one class."""


class Account(Base):
    """A row to write."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    owner: Mapped[str] = mapped_column(String(20))
    balance: Mapped[int] = mapped_column(server_default="0")


metadata = Base.metadata
account: Any = Account.__table__


def raw_mysql(server: DatabaseServer, *, autocommit: bool = True) -> Any:
    """A connection to a MySQL or MariaDB without ormolu."""
    url = make_url(server.url())
    return pymysql.connect(
        host=url.host,
        port=url.port or 0,
        user=url.username,
        password=str(url.password),
        database=url.database,
        autocommit=autocommit,
    )


class Witness:
    """A raw connection to a server, opened anew when the server was killed meanwhile."""

    def __init__(self, server: DatabaseServer) -> None:
        self.server = server
        self._connection: Any = None

    def _connect(self) -> Any:
        if isinstance(self.server, PostgreSQLServer):
            return psycopg.connect(self.server.url(), autocommit=True)
        return raw_mysql(self.server)

    def ask(self, sql: str) -> list[list[str]]:
        """Run a statement, twice if the first attempt finds the connection dead."""
        if self._connection is not None:
            try:
                return self._ask(sql)
            except (psycopg.OperationalError, pymysql.OperationalError, pymysql.InterfaceError):
                self.close()
        self._connection = self._connect()
        return self._ask(sql)

    def _ask(self, sql: str) -> list[list[str]]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            rows = cursor.fetchall() if cursor.description else ()
        return [[v.decode() if isinstance(v, bytes) else str(v) for v in row] for row in rows]

    def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(psycopg.Error, pymysql.Error):
                connection.close()


class Site:
    """A driver, and a private server that the test may do to what it likes."""

    def __init__(self, backend: Backend, server: DatabaseServer) -> None:
        self.backend = backend
        self.server = server
        self._proxy: Proxy | None = None
        self._watcher = ThreadPoolExecutor(2)
        self._witness: Witness | None = None
        self._asking = threading.Lock()
        # Told from those that an earlier test left behind on a connection that was cut.
        self.nap = f"nap_{next(_naps)}"

    @property
    def is_postgresql(self) -> bool:
        """Whether the server is PostgreSQL; else it is MariaDB or MySQL."""
        return self.backend.server == "postgresql"

    @property
    def is_mariadb(self) -> bool:
        """Whether the server is MariaDB."""
        return isinstance(self.server, MariaDBServer)

    @property
    def proxy(self) -> Proxy:
        """The network between client and server; made when it is first asked for."""
        if self._proxy is None:
            self._proxy = Proxy(self.server)
        return self._proxy

    @property
    def sleep(self) -> str:
        """SQL that runs for half a minute or longer, unless somebody ends it.

        MySQL's SLEEP() alone returns 1 when it is interrupted; a query over it is an error.
        """
        function = self.by("pg_sleep(30)", "sleep(30)", "sum(sleep(30))")
        return f"SELECT {function} AS {self.nap}" + self.by("", "", " FROM account")

    def by(self, postgresql: T, mariadb: T, mysql: T | None = None) -> T:
        """Choose by the kind of server; what is MariaDB's is also MySQL's, unless that is given."""
        if self.is_postgresql:
            return postgresql
        return mariadb if mysql is None or self.is_mariadb else mysql

    # -- running

    def engine(self, *, via: Proxy | Server | None = None, **options: Any) -> Engine | AsyncEngine:
        """Return a new engine on the server, or on the way to it through the proxy."""
        url = (via or self.server).url(driver=self.backend.name)
        if isinstance(via, Proxy) and self.backend.package == "PyMySQL":
            # It encrypts when the server can, and the proxy looks for words.
            plain = {"ssl_disabled": True}
            options["connect_args"] = {**plain, **options.get("connect_args", {})}
        create = create_async_engine if self.backend.is_async else create_engine
        return create(url, **options)

    def run(self, scenario: Scenario[T], *, via: Proxy | Server | None = None, **options: Any) -> T:
        """Run a scenario with an engine of its own, which is disposed afterwards."""

        async def with_engine() -> T:
            db = Database(self.engine(via=via, **options))
            try:
                return await scenario(db)
            finally:
                await db.close()

        if self.backend.is_async:
            return asyncio.run(with_engine())
        return complete(with_engine())

    def together(self, *scenarios: Scenario[Any], **options: Any) -> list[Any]:
        """Run scenarios at once, each in a thread with its own engine; return their values."""
        with ThreadPoolExecutor(len(scenarios)) as threads:
            futures = [threads.submit(self.run, scenario, **options) for scenario in scenarios]
            return [future.result(60) for future in futures]

    def create(self) -> None:
        """Make the table, with two accounts in it."""

        async def prepare(db: Database) -> None:
            async with db.connect() as connection, connection.begin():
                await connection.run_sync(metadata.create_all)
                await connection.execute(
                    insert(account), [{"id": 1, "owner": "ann"}, {"id": 2, "owner": "bob"}]
                )

        self.run(prepare)

    # -- the server, seen from outside

    def ask(self, sql: str) -> list[list[str]]:
        """Ask the server by a driver's own connection, kept for the next question."""
        with self._asking:
            if self._witness is None or self._witness.server is not self.server:
                self._witness = Witness(self.server)
            return self._witness.ask(sql)

    def owners(self) -> list[str]:
        """The owners in the table."""
        return [row[0] for row in self.ask("SELECT owner FROM account ORDER BY id")]

    def clients(self, condition: str = "TRUE") -> int:
        """How many clients are connected, besides the one that asks."""
        if self.is_postgresql:
            sql = (
                "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' "
                f"AND pid <> pg_backend_pid() AND {condition}"
            )
        else:
            sql = (
                "SELECT count(*) FROM information_schema.processlist "
                f"WHERE id <> connection_id() AND command <> 'Daemon' AND {condition}"
            )
        return int(self.ask(sql)[0][0])

    def in_transaction(self) -> int:
        """How many clients are idle inside a transaction."""
        if self.is_postgresql:
            return self.clients("state LIKE 'idle in transaction%'")
        return self.clients(f"command = 'Sleep' AND id IN ({TRANSACTIONS})")

    def settled(self, look: Callable[[], int], wanted: int = 0) -> int:
        """Look until what is wanted is seen, at most ten seconds; return what was seen last.

        The server notices the end of a connection a moment after the client. InnoDB shows its
        transactions as they were, until nobody has looked for a tenth of a second.
        """
        deadline = time.monotonic() + 10
        while (seen := look()) != wanted and time.monotonic() < deadline:
            time.sleep(self.by(0.02, 0.12))
        return seen

    def while_asleep(self, action: Callable[[], Any]) -> Any:
        """Have something done, in a thread, as soon as the statement of ``sleep`` runs."""
        condition = self.by(
            f"state = 'active' AND query LIKE '%{self.nap}%'", f"info LIKE '%{self.nap}%'"
        )
        return self.when_seen(condition, action)

    def when_seen(self, condition: str, action: Callable[[], Any]) -> Any:
        """Have something done, in a thread, as soon as one client is as the condition says."""

        def watch() -> None:
            assert self.settled(lambda: self.clients(condition), 1) == 1
            action()

        return self._watcher.submit(watch)

    def after(self, seconds: float, action: Callable[[], Any]) -> threading.Timer:
        """Have something done later, in a thread."""
        timer = threading.Timer(seconds, action)
        timer.start()
        return timer

    def revive(self) -> None:
        """Kill the server without warning, and start it again."""
        self.server.kill()
        self.server.start()

    def freeze(self) -> None:
        """Stop the server where it is, and wait until each of its threads has stopped."""
        assert self.server.pid is not None
        members = family(self.server.pid)
        self.server.pause()

        def going() -> int:
            stats = [path for pid in members for path in Path(f"/proc/{pid}/task").glob("*/stat")]
            return sum(path.read_text().rpartition(")")[2].split()[0] not in "Tt" for path in stats)

        assert self.settled(going) == 0

    def end_clients(self) -> None:
        """Have the server end all clients, and what they run."""
        if self.is_postgresql:
            self.ask(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
        for (client,) in (
            []
            if self.is_postgresql
            else self.ask(
                "SELECT id FROM information_schema.processlist "
                "WHERE id <> connection_id() AND command <> 'Daemon'"
            )
        ):
            with contextlib.suppress(pymysql.Error):  # it has ended meanwhile
                self.ask(f"KILL {client}")

    def end_prepared(self) -> None:
        """Roll back what a test has left prepared: it would keep its locks for ever."""
        prepared = self.ask(self.by("SELECT gid FROM pg_prepared_xacts", "XA RECOVER"))
        for *_, name in prepared:
            self.ask(self.by(f"ROLLBACK PREPARED '{name}'", f"XA ROLLBACK '{name}'"))

    def close(self) -> None:
        """Leave nothing running."""
        self.server.resume()
        if self.server.running:
            self.end_clients()
            self.end_prepared()
        self._watcher.shutdown()
        if self._witness is not None:
            self._witness.close()
        if self._proxy is not None:
            self._proxy.close()


def as_user(site: Site, name: str) -> dict[str, Any]:
    """How to connect as another user, whose password is his name."""
    password = "passwd" if site.backend.name == "mysql+mysqldb" else "password"
    return {"user": name, password: name}


async def insert_one(db: Database, id_: int, owner: str) -> None:
    """Insert an account and commit."""
    async with db.connect() as connection, connection.begin():
        await connection.execute(insert(account), {"id": id_, "owner": owner})


async def count(db: Database) -> int:
    """Count the accounts, on a connection from the pool."""
    async with db.connect() as connection:
        return len((await connection.execute(select(account.c.id))).all())


async def attempts(db: Database, times: int) -> list[DBAPIError]:
    """Use the database several times in a row; return the errors."""
    errors: list[DBAPIError] = []
    for _ in range(times):
        try:
            await count(db)
        except DBAPIError as error:
            errors.append(error)
    return errors


async def fill_pool(db: Database, size: int) -> None:
    """Have this many connections idle in the pool."""
    connections = [db.connect() for _ in range(size)]
    for connection in connections:
        await connection.__aenter__()
        await connection.execute(select(1))
    for connection in connections:
        await connection.__aexit__(None, None, None)
    assert db.engine.pool.checkedin() == size
