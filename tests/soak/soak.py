"""Random load from threads and tasks on a server that is killed and restarted all the time.

Every transaction writes several rows that belong together, and its worker notes how it ended:

==============  ===============================================================
acknowledged    ``commit()`` returned: every one of its rows must be there
refused         rolled back, or failed before COMMIT: none of its rows may be
unknown         ``CommitUnknown``, or cancelled during COMMIT: all rows or none
==============  ===============================================================

At the end the database is compared with the notes, and nothing may be left: no connection checked
out of a pool, none open at the server, no file descriptor, no thread.

Run it with ``make soak``, or ``python tests/soak/soak.py --help``.
"""

from __future__ import annotations

import argparse
import asyncio
import builtins
import itertools
import os
import random
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ormolu import create_engine, func, insert, select, text
from ormolu.exc import CommitUnknown, DBAPIError, PendingRollbackError, TimeoutError
from ormolu.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column
from ormolu.testing.servers import DatabaseServer, MariaDBServer, PostgreSQLServer

DRIVERS: dict[str, tuple[type[DatabaseServer], list[str], list[str]]] = {
    "postgresql": (
        PostgreSQLServer,
        ["postgresql+psycopg"],
        ["postgresql+asyncpg", "postgresql+psycopg_async"],
    ),
    "mysql": (
        MariaDBServer,
        ["mysql+mysqldb", "mysql+pymysql"],
        ["mysql+asyncmy", "mysql+aiomysql"],
    ),
}

#: What the server's end looks like to those who use it.
ACCIDENTS = (DBAPIError, PendingRollbackError, TimeoutError)


class Base(DeclarativeBase):
    """The base of the one class."""


class Entry(Base):
    """One of the ``parts`` rows of a transaction."""

    __tablename__ = "entry"

    work: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    parts: Mapped[int]


class Abandoned(Exception):
    """A worker changes its mind in the middle of a transaction."""


@dataclass
class Notes:
    """How every transaction ended, and what went wrong on the way."""

    acknowledged: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    unknown: set[int] = field(default_factory=set)
    errors: Counter[str] = field(default_factory=Counter)
    unexpected: list[BaseException] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @contextmanager
    def transaction(self) -> Iterator[int]:
        """Number a transaction, and note how its block ends."""
        work = next(self.numbers)
        try:
            yield work
        except CommitUnknown:
            self.unknown.add(work)
            self.errors["CommitUnknown"] += 1
        except (asyncio.CancelledError, builtins.TimeoutError):
            # It may have come during COMMIT.
            self.unknown.add(work)
            self.errors["cancelled"] += 1
        except (*ACCIDENTS, Abandoned) as error:
            self.refused.add(work)
            self.errors[type(error).__name__] += 1
        except BaseException as error:
            self.refused.add(work)
            self.unexpected.append(error)
        else:
            self.acknowledged.add(work)


def rows(work: int, dice: random.Random) -> list[dict[str, int]]:
    """The rows of a transaction."""
    parts = dice.randint(2, 5)
    return [{"work": work, "part": part, "parts": parts} for part in range(parts)]


# -- what threads do


def work_in_thread(engine: Any, notes: Notes, stop: threading.Event, seed: int) -> None:
    """Run transactions until it is time to stop."""
    dice = random.Random(seed)
    while not stop.is_set():
        step = dice.choice([core_transaction, session_transaction, reading])
        with notes.transaction() as work:
            step(engine, work, dice)


def core_transaction(engine: Any, work: int, dice: random.Random) -> None:
    """Statements of a connection, now and then abandoned."""
    with engine.connect() as connection:
        for row in rows(work, dice):
            connection.execute(insert(Entry), row)
        if dice.random() < 0.1:
            connection.rollback()
            raise Abandoned
        connection.commit()


def session_transaction(engine: Any, work: int, dice: random.Random) -> None:
    """Objects of a session, some of them in a savepoint."""
    first, *others = rows(work, dice)
    with Session(engine) as session:
        session.add(Entry(**first))
        with session.begin_nested():
            session.add_all([Entry(**row) for row in others])
        if dice.random() < 0.1:
            raise Abandoned


def reading(engine: Any, work: int, dice: random.Random) -> None:
    """A transaction that only reads is never acknowledged as having written."""
    with Session(engine) as session:
        session.scalars(select(Entry).order_by(Entry.work.desc()).limit(20)).all()
    raise Abandoned


# -- what tasks do


async def work_in_task(engine: Any, notes: Notes, stop: threading.Event, seed: int) -> None:
    """Run transactions until it is time to stop; some have too little time."""
    dice = random.Random(seed)
    while not stop.is_set():
        step = dice.choice([core_async, session_async, reading_async])
        with notes.transaction() as work:
            if dice.random() < 0.1:
                async with asyncio.timeout(dice.random() * 0.02):
                    await step(engine, work, dice)
            else:
                await step(engine, work, dice)
        await asyncio.sleep(dice.random() * 0.05)


async def core_async(engine: Any, work: int, dice: random.Random) -> None:
    """As ``core_transaction``."""
    connection: AsyncConnection
    async with engine.connect() as connection:
        await connection.execute(insert(Entry), rows(work, dice))
        if dice.random() < 0.1:
            await connection.rollback()
            raise Abandoned
        await connection.commit()


async def session_async(engine: Any, work: int, dice: random.Random) -> None:
    """As ``session_transaction``."""
    first, *others = rows(work, dice)
    async with AsyncSession(engine) as session:
        session.add(Entry(**first))
        async with session.begin_nested():
            session.add_all([Entry(**row) for row in others])
        if dice.random() < 0.1:
            raise Abandoned


async def reading_async(engine: Any, work: int, dice: random.Random) -> None:
    """As ``reading``."""
    async with AsyncSession(engine) as session:
        (await session.scalars(select(Entry).order_by(Entry.work.desc()).limit(20))).all()
    raise Abandoned


# -- the run


def disturb(server: DatabaseServer, every: float, end: float, seed: int) -> int:
    """Kill, restart or pause the server every few seconds; return how often."""
    dice = random.Random(seed)
    times = 0
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, every * (0.5 + dice.random())))
        accident = dice.choice(["kill", "kill", "restart", "pause"])
        if accident == "kill":
            server.kill()
            server.start()
        elif accident == "restart":
            server.restart()
        else:
            server.pause()
            time.sleep(0.3)
            server.resume()
        times += 1
    return times


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
    left = [f"{engine}: {engine.pool.status()}" for engine in engines if engine.pool.checkedout()]
    for engine in engines:
        await engine.dispose()
    return left


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
    loop = threading.Thread(
        target=lambda: left.extend(
            asyncio.run(run_tasks(server, asynchronous, options.tasks, notes, stop))
        )
    )
    for thread in (*threads, loop):
        thread.start()
    notes.errors["(disturbances)"] = disturb(
        server, options.every, time.monotonic() + options.seconds, options.seed
    )
    stop.set()
    for thread in (*threads, loop):
        thread.join(120)
        if thread.is_alive():
            left.append(f"{thread.name} hangs")
    left += [f"{engine}: {engine.pool.status()}" for engine in engines if engine.pool.checkedout()]
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
    engine.dispose()
    there = {row.work for row in found}
    half = sorted(row.work for row in found if row.there != row.parts)
    lost, unwanted = notes.acknowledged - there, notes.refused & there
    problems = [
        (half, "transactions are half there"),
        (sorted(lost), "acknowledged commits are lost"),
        (sorted(unwanted), "refused transactions are there"),
    ]
    return [f"{len(which)} {what}: {which[:10]}" for which, what in problems if which]


def leftovers(server: DatabaseServer, before: tuple[int, int]) -> list[str]:
    """What is still open, when everything has been given some time to end."""
    clients = (
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' "
        "AND pid <> pg_backend_pid()"
        if isinstance(server, PostgreSQLServer)
        else "SELECT count(*) - 1 FROM information_schema.processlist WHERE command <> 'Daemon'"
    )
    checks: list[tuple[str, Callable[[], int], int]] = [
        ("connections at the server", lambda: int(server.execute(clients)[0][0]), 0),
        ("threads", threading.active_count, before[0]),
        ("file descriptors", descriptors, before[1]),
    ]
    left = []
    for what, count, allowed in checks:
        deadline = time.monotonic() + 10
        while count() > allowed and time.monotonic() < deadline:
            time.sleep(0.05)
        if count() > allowed:
            left.append(f"{count() - allowed} {what} are left")
    return left


def descriptors() -> int:
    """How many files and sockets this process has open."""
    folder = Path("/proc/self/fd")
    return len(os.listdir(folder)) if folder.exists() else 0


def soak(name: str, options: Any) -> list[str]:
    """Run the load on one kind of server; return the problems."""
    notes = Notes()
    with DRIVERS[name][0]() as server:
        before = threading.active_count(), descriptors()
        engine = create_engine(server.url())
        Base.metadata.create_all(engine)
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        engine.dispose()
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
