"""Private servers start, stop, die and come back as they are told, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backends import SERVERS, MySQLOfTheRun
from backends.databases import ask, connect
from ormolu.testing.servers import (
    DatabaseServer,
    MySQLFamilyServer,
    MySQLServer,
    PgBouncer,
    PostgreSQLServer,
    ServerFailed,
    ServerUnavailable,
    binaries,
    guardian,
)

POSTGRESQL = pytest.mark.backend("postgresql")
MYSQL = pytest.mark.backend("mysql")


@pytest.fixture(
    params=[pytest.param("postgresql", marks=POSTGRESQL), pytest.param("mysql", marks=MYSQL)]
)
def server(request: pytest.FixtureRequest, private_servers: Any) -> DatabaseServer:
    """A private server of each kind, running and empty."""
    server: DatabaseServer = private_servers.ready(SERVERS[request.param])
    return server


def kind_of(server: DatabaseServer) -> str:
    return next(kind for kind, cls in SERVERS.items() if isinstance(server, cls))


def database_of(server: DatabaseServer) -> str:
    return "postgres" if isinstance(server, PostgreSQLServer) else "test"


def until(true: Callable[[], bool]) -> None:
    """Wait for what has to come; a test that waits for ever has failed."""
    while not true():
        time.sleep(0.01)


def test_url_and_client_reach_the_same_server(server: DatabaseServer) -> None:
    connection = connect(kind_of(server), server.url())
    try:
        ask(connection, "CREATE TABLE reached (x INTEGER)")
        ask(connection, "INSERT INTO reached VALUES (5)")
    finally:
        connection.close()
    found = server.execute("SELECT x, x + 1 FROM reached", database=database_of(server))
    assert found == [["5", "6"]]
    assert server.version in server.execute("SELECT version()")[0][0]


def test_url_names_driver_and_database(server: DatabaseServer) -> None:
    url = server.url(database="other", driver="x+y")
    assert url.startswith(f"x+y://{server.user}:")
    assert url.endswith(f"@127.0.0.1:{server.port}/other")


def test_refused_statement_says_why(server: DatabaseServer) -> None:
    with pytest.raises(ServerFailed, match="nowhere"):
        server.execute("SELECT * FROM nowhere", database=database_of(server))


def test_killed_server_keeps_what_was_committed(server: DatabaseServer) -> None:
    database, port = database_of(server), server.port
    server.execute("CREATE TABLE kept (x INTEGER)", database=database)
    server.execute("INSERT INTO kept VALUES (1)", database=database)
    assert server.pid is not None
    members = guardian.family(server.pid)
    server.kill()
    assert not server.running and server.pid is None
    assert not any(map(guardian.alive, members))
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((server.host, port))
    server.start()
    assert server.port == port
    assert server.execute("SELECT x FROM kept", database=database) == [["1"]]


def test_restart_disconnects_clients(server: DatabaseServer) -> None:
    connection = connect(kind_of(server), server.url())
    pid = server.pid
    server.restart()
    assert server.running and server.pid != pid
    with pytest.raises(Exception, match=r"(?i)connection|gone"):
        ask(connection, "SELECT 1")
    connection.close()


def test_paused_server_answers_when_it_goes_on(server: DatabaseServer) -> None:
    connection = connect(kind_of(server), server.url())
    server.pause()
    assert server.running and server.paused
    if isinstance(server, MySQLFamilyServer):
        client, ping = connection._sock, b"\x01\x00\x00\x00\x0e"  # COM_PING
    else:
        client = socket.socket(fileno=os.dup(connection.fileno()))
        ping = b"S\x00\x00\x00\x04"  # Sync
    client.settimeout(0.1)
    client.sendall(ping)
    with pytest.raises(TimeoutError):
        client.recv(1)
    server.resume()
    client.settimeout(None)
    assert client.recv(1)
    connection.close()
    client.close()


@POSTGRESQL
@MYSQL
def test_settings_are_the_servers(start_server: Callable[..., Any]) -> None:
    few = start_server(PostgreSQLServer, settings={"max_connections": 7, "lock_timeout": "3s"})
    assert few.execute("SHOW max_connections") == [["7"]]
    assert few.execute("SHOW lock_timeout") == [["3s"]]
    assert few.execute("SHOW fsync") == [["off"]]
    few.settings["max_connections"] = 8
    few.restart()
    assert few.execute("SHOW max_connections") == [["8"]]
    small = start_server(MySQLOfTheRun, settings={"max-connections": 11})
    assert small.execute("SELECT @@max_connections") == [["11"]]


@POSTGRESQL
@MYSQL
def test_server_that_cannot_start_shows_its_log(start_server: Callable[..., Any]) -> None:
    with pytest.raises(ServerFailed, match="no_such_setting"):
        start_server(PostgreSQLServer, settings={"no_such_setting": 1})
    with pytest.raises(ServerFailed, match="no-such-setting"):
        start_server(MySQLOfTheRun, settings={"no-such-setting": 1})


@POSTGRESQL
def test_taken_port_is_given_up_for_another(start_server: Callable[..., Any]) -> None:
    server = PostgreSQLServer()
    with socket.create_server((server.host, server.port)):
        taken = server.port
        with server:
            assert server.port != taken
            assert server.execute("SELECT 1") == [["1"]]


@POSTGRESQL
def test_closed_server_leaves_no_folder_and_no_process() -> None:
    server = PostgreSQLServer().start()
    assert server.pid is not None
    pid, folder = server.pid, server.folder
    server.close()
    assert not folder.exists() and not guardian.alive(pid)
    server.close()


@POSTGRESQL
@pytest.mark.parametrize("end", ["os.kill(os.getpid(), 9)", "os._exit(1)", "raise KeyError", ""])
@pytest.mark.parametrize("paused", [False, True], ids=["running", "paused"])
def test_nothing_outlives_the_process_that_started_it(end: str, paused: bool) -> None:
    program = f"""
        import os
        from ormolu.testing.servers import PostgreSQLServer
        server = PostgreSQLServer().start()
        if {paused}: server.pause()
        print(server.pid, server.folder, flush=True)
        {end}
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    pid, folder = done.stdout.split()
    until(lambda: not guardian.alive(int(pid)))
    until(lambda: not Path(folder).exists())


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # there are threads
def test_child_of_a_fork_leaves_the_servers_of_its_parent(server: DatabaseServer) -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    assert server.execute("SELECT 1") == [["1"]]


def test_pgbouncer_passes_statements_on(
    private_postgresql: PostgreSQLServer, start_server: Callable[..., Any]
) -> None:
    pooler = start_server(PgBouncer, private_postgresql, settings={"default_pool_size": 1})
    first, second = (connect("postgresql", pooler.url()) for _ in range(2))
    backends = {ask(each, "SELECT pg_backend_pid()")[0][0] for each in (first, second)}
    assert len(backends) == 1
    first.close()
    second.close()
    pooler.restart()
    third = connect("postgresql", pooler.url())
    assert ask(third, "SELECT 1") == [(1,)]
    third.close()


def test_missing_program_says_where_it_was_sought() -> None:
    with pytest.raises(ServerUnavailable, match="/nowhere/bin") as caught:
        binaries.find("no-such-program", ("/nowhere/bin",), "some-package")
    assert "some-package" in str(caught.value) and "no-such-program" in str(caught.value)


@pytest.mark.parametrize(
    ("program", "says"), [("/nowhere/mysqld", "can't be run"), ("/bin/sh", "can't be run|is no")]
)
def test_program_that_is_no_mysql(program: str, says: str) -> None:
    class Named(MySQLServer):
        pass

    Named.program = Path(program)
    with pytest.raises(ServerUnavailable, match=says):
        Named()


def test_mysql_wants_no_mariadb(tmp_path: Path) -> None:
    class Named(MySQLServer):
        program = tmp_path / "mysqld"

    Named.program.write_text("#!/bin/sh\necho 'mysqld  Ver 10.11.6-MariaDB for Linux'\n")
    Named.program.chmod(0o755)
    with pytest.raises(ServerUnavailable, match="is a MariaDB"):
        Named()


def test_stopping_a_paused_server_wakes_it_first(private_postgresql: PostgreSQLServer) -> None:
    private_postgresql.pause()
    private_postgresql.stop()
    assert not private_postgresql.running and not private_postgresql.paused
    assert "shut down" in private_postgresql.log()


def test_family_has_all_descendants() -> None:
    script = "sleep 60 & sleep 60 & wait"
    with subprocess.Popen(["/bin/sh", "-c", script], start_new_session=True) as shell:
        until(lambda: len(guardian.family(shell.pid)) == 3)
        members = guardian.family(shell.pid)
        guardian.send(signal.SIGKILL, members)
        shell.wait()
        until(lambda: not any(map(guardian.alive, members)))


def test_who_is_held_starts_nobody_else() -> None:
    """PostgreSQL starts a process per client: one that is missed keeps its shared memory."""
    script = "for i in $(seq 200); do sleep 60 & done; wait"
    with subprocess.Popen(["/bin/sh", "-c", script], start_new_session=True) as shell:
        until(lambda: len(guardian.family(shell.pid)) > 20)
        members = guardian.hold(shell.pid)
        time.sleep(0.05)
        assert guardian.family(shell.pid) == members
        guardian.send(signal.SIGKILL, members)
        shell.wait()
        until(lambda: not any(map(guardian.alive, members)))
