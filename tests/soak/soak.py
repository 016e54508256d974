"""Random load from threads and tasks on a server that is killed and restarted all the time.

What the workers do, and what must be true of it, stands in ``soak_load.py``. At the end the
database is compared with their notes, and nothing may be left: no connection checked out of a pool,
none in a transaction, and when the pools are gone none open at the server, no file descriptor, no
thread, no task, and no object of ormolu's.

Run it with ``make soak``, or ``PYTHONPATH=tests python tests/soak/soak.py --help``.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import random
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymysql
from soak_load import ACCOUNTS, Account, Base, Entry, Notes, work_in_task, work_in_thread

from backends import MySQLOfTheRun
from backends.databases import ask, connect
from ormolu import create_engine, func, insert, select
from ormolu.ext.asyncio import create_async_engine
from ormolu.testing.servers import DatabaseServer, MariaDBServer, PostgreSQLServer

DRIVERS: dict[str, tuple[type[DatabaseServer], list[str], list[str]]] = {
    "postgresql": (
        PostgreSQLServer,
        ["postgresql+psycopg"],
        ["postgresql+asyncpg", "postgresql+psycopg_async"],
    ),
    "mysql": (
        MySQLOfTheRun,
        ["mysql+mysqldb", "mysql+pymysql"],
        ["mysql+asyncmy", "mysql+aiomysql"],
    ),
}

#: Statements, plans and types that stay for the next time; a transaction that left anything behind
#: would leave many times as much.
CACHED = 500


# -- the run


def disturb(server: DatabaseServer, every: float, end: float, seed: int) -> int:
    """Kill, restart or pause the server, or end its clients, every few seconds.

    :return: how often.
    """
    dice = random.Random(seed)
    times = 0
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, every * (0.5 + dice.random())))
        accident = dice.choice(["kill", "kill", "restart", "pause", "end clients"])
        if accident == "kill":
            server.kill()
            server.start()
        elif accident == "restart":
            server.restart()
        elif accident == "end clients":
            end_clients(server)
        else:
            server.pause()
            time.sleep(0.3)
            server.resume()
        times += 1
    return times


def end_clients(server: DatabaseServer) -> None:
    """Have the server end all its clients, amid whatever they do."""
    if isinstance(server, PostgreSQLServer):
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
    elif isinstance(server, MariaDBServer):
        server.execute(f"KILL USER {server.user}")
    else:
        end_each_client(server)


def end_each_client(server: DatabaseServer) -> None:
    """Have a MySQL end its clients one by one; some have ended meanwhile."""
    with closing(connect("mysql", server.url())) as connection:
        clients = "SELECT id FROM information_schema.processlist WHERE command <> 'Daemon'"
        for (client,) in ask(connection, f"{clients} AND id <> connection_id()"):
            with suppress(pymysql.OperationalError):
                ask(connection, f"KILL {client}")


def settled(look: Callable[[], int], allowed: int) -> int:
    """Look until no more than what is allowed is seen, for 20 seconds; return what is too much.

    InnoDB shows its transactions as they were, until nobody has looked for a tenth of a second.
    """
    deadline = time.monotonic() + 20
    while (seen := look()) > allowed and time.monotonic() < deadline:
        time.sleep(0.12)
    return max(0, seen - allowed)


def left_in_pools(server: DatabaseServer, engines: Sequence[Any]) -> list[str]:
    """What is wrong with the engines' connections when everybody has stopped."""
    transactions = (
        "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
        if isinstance(server, PostgreSQLServer)
        else "SELECT count(*) FROM information_schema.innodb_trx"
    )
    left = [f"{engine}: {engine.pool.status()}" for engine in engines if engine.pool.checkedout()]
    if count := settled(lambda: int(server.execute(transactions)[0][0]), 0):
        left.append(f"{count} connections are in a transaction")
    return left


async def run_tasks(server: DatabaseServer, drivers: list[str], tasks: int, notes: Notes,
                    stop: threading.Event) -> list[str]:  # fmt: skip
    """Run the tasks on an engine per driver; return what they left behind."""
    engines = [
        create_async_engine(server.url(driver=driver), pool_size=10, max_overflow=5)
        for driver in drivers
    ]
    workers = [
        work_in_task(engines[number % len(engines)], notes, stop, 1000 + number)
        for number in range(tasks)
    ]
    await asyncio.gather(*workers)
    left = await asyncio.to_thread(left_in_pools, server, engines)
    for engine in engines:
        await engine.dispose()
    for _ in range(400):
        if len(asyncio.all_tasks()) == 1:
            break
        await asyncio.sleep(0.05)
    others = asyncio.all_tasks() - {asyncio.current_task()}
    return [*left, *[f"a task is left: {task}" for task in others]]


def run_load(server: DatabaseServer, name: str, options: Any, notes: Notes) -> list[str]:
    """Have threads and tasks at work while the server is disturbed; return what is left behind."""
    _, blocking, asynchronous = DRIVERS[name]
    stop = threading.Event()
    left: list[str] = []
    engines = [
        create_engine(server.url(driver=driver), pool_size=4, pool_pre_ping=bool(number % 2))
        for number, driver in enumerate(blocking)
    ]
    threads = [
        threading.Thread(
            target=work_in_thread, args=(engines[number % len(engines)], notes, stop, number)
        )
        for number in range(options.threads)
    ]

    def run_loop() -> None:
        try:
            left.extend(asyncio.run(run_tasks(server, asynchronous, options.tasks, notes, stop)))
        except BaseException as error:
            notes.unexpected.append(error)

    loop = threading.Thread(target=run_loop)
    for thread in (*threads, loop):
        thread.start()
    try:
        notes.errors["(disturbances)"] = disturb(
            server, options.every, time.monotonic() + options.seconds, options.seed
        )
    finally:
        stop.set()
    for thread in (*threads, loop):
        thread.join(120)
        if thread.is_alive():
            left.append(f"{thread.name} hangs")
    left += left_in_pools(server, engines)
    for engine in engines:
        engine.dispose()
    return left


def differences(server: DatabaseServer, notes: Notes) -> list[str]:
    """Compare the database with the notes."""
    engine = create_engine(server.url())
    with engine.connect() as connection:
        parts = func.count().label("there")
        found = connection.execute(
            select(Entry.work, Entry.parts, parts).group_by(Entry.work, Entry.parts)
        ).all()
        moved = dict(
            connection.execute(
                select(Entry.account, func.sum(Entry.amount)).group_by(Entry.account)
            ).all()
        )
        balances = connection.execute(select(Account.id, Account.balance)).all()
    engine.dispose()
    there = {row.work for row in found}
    half = sorted(row.work for row in found if row.there != row.parts)
    wrong = [id_ for id_, balance in balances if balance != moved.get(id_, 0)]
    lost, unwanted = notes.acknowledged - there, notes.refused & there
    problems = [
        (half, "transactions are half there"),
        (sorted(lost), "acknowledged commits are lost"),
        (sorted(unwanted), "refused transactions are there"),
        (wrong, "accounts don't have what was moved to them"),
    ]
    return [f"{len(which)} {what}: {which[:10]}" for which, what in problems if which]


@dataclass
class Usage:
    """What a process has open and alive."""

    threads: int
    descriptors: int
    objects: int

    @classmethod
    def now(cls) -> Usage:
        """Count."""
        gc.collect()
        return cls(threading.active_count(), descriptors(), objects())


def leftovers(server: DatabaseServer, before: Usage) -> list[str]:
    """What is still open, when everything has been given some time to end."""
    clients = (
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' "
        "AND pid <> pg_backend_pid()"
        if isinstance(server, PostgreSQLServer)
        else "SELECT count(*) - 1 FROM information_schema.processlist WHERE command <> 'Daemon'"
    )
    gc.collect()
    checks: list[tuple[str, Callable[[], int], int]] = [
        ("connections at the server", lambda: int(server.execute(clients)[0][0]), 0),
        ("threads", threading.active_count, before.threads),
        ("file descriptors", descriptors, before.descriptors),
        ("objects", objects, before.objects + CACHED),
    ]
    counts = [(what, settled(count, allowed)) for what, count, allowed in checks]
    return [f"{count} {what} are left" for what, count in counts if count]


def objects() -> int:
    """How many objects of ormolu's classes, and of the mapped ones, are alive."""
    return sum(
        str(type(thing).__module__).startswith(("ormolu.", "soak_load"))
        for thing in gc.get_objects()
    )


def descriptors() -> int:
    """How many files and sockets this process has open."""
    folder = Path("/proc/self/fd")
    return len(os.listdir(folder)) if folder.exists() else 0


def soak(name: str, options: Any) -> list[str]:
    """Run the load on one kind of server; return the problems."""
    notes = Notes()
    with DRIVERS[name][0]() as server:
        engine = create_engine(server.url())
        Base.metadata.create_all(engine)
        with engine.begin() as connection:
            connection.execute(
                insert(Account), [{"id": number, "balance": 0} for number in range(ACCOUNTS)]
            )
        engine.dispose()
        before = Usage.now()
        problems = run_load(server, name, options, notes)
        problems += differences(server, notes) + leftovers(server, before)
    for error in notes.unexpected[:3]:
        traceback.print_exception(error)
    problems += [f"unexpected: {error!r}" for error in notes.unexpected[:10]]
    numbers = f"{len(notes.acknowledged)} acknowledged, {len(notes.unknown)} unknown"
    print(f"{name}: {numbers}, {len(notes.refused)} refused", flush=True)
    print(f"  {', '.join(f'{n} {what}' for what, n in sorted(notes.errors.items()))}", flush=True)
    if not notes.acknowledged:
        problems.append("nothing was ever acknowledged")
    return problems


def options_from(arguments: list[str]) -> Any:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=900, help="for each kind of server")
    parser.add_argument("--server", choices=[*DRIVERS, "all"], default="all")
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--tasks", type=int, default=200)
    parser.add_argument("--every", type=float, default=3, help="seconds between disturbances")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Run the program; return its exit code."""
    options = options_from(arguments)
    problems = [
        f"{name}: {problem}"
        for name in (DRIVERS if options.server == "all" else [options.server])
        for problem in soak(name, options)
    ]
    for problem in problems:
        print(f"PROBLEM {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
