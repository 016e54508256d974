"""`python -m bench.servers [name …] [--drivers psycopg,asyncpg] [--rounds N]`: PostgreSQL, MariaDB.

A table for each driver: the raw driver, ormolu and SQLAlchemy, and beside them what ormolu costs on
SQLite in the same run. What is compared is the client's time and the server's together, as a
program meets it. Then point queries by many tasks at once, and what ormolu costs over each driver,
side by side.

The servers are private ones, started for it; `ORMOLU_TEST_POSTGRESQL` and `ORMOLU_TEST_MYSQL` name
others, whose user may make databases.

Client and server share one processor: whether the system happens to put them on one or on two
makes a round trip half as long, or twice. With many tasks at once they work side by side, so that
these are measured with the server on another processor too, if it is a private one.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import platform
import time
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from bench.catalogue import ON_SERVERS, REQUESTS
from bench.contestant import GREENLET, NAMES, ORMOLU, Contestant, contestants_at
from bench.hosts import KINDS, Host, database, host, kind_of
from bench.measure import Pace, measure
from bench.places import SERVED, place_class, place_of
from bench.sizes import ON_SERVERS as SIZES
from bench.sizes import TINY
from bench.table import micro, print_head, print_line, print_requests, print_served_table
from bench.workload import Workload


class Run(NamedTuple):
    """What is measured, how often, and what ormolu costs on SQLite."""

    workloads: Sequence[Workload]
    requests: Sequence[Workload]
    pace: Pace
    on_sqlite: dict[str, float]


def _processors() -> list[int]:
    """The processors that this process may use; none where the system has no such notion."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


@contextlib.contextmanager
def _contestants(
    driver: str, url: str, processors: Collection[int] = ()
) -> Iterator[list[Contestant]]:
    """The contestants at a server, each with a database of its own."""
    with contextlib.ExitStack() as stack:
        taking_part = []
        for name in contestants_at(driver):
            address = stack.enter_context(database(driver, url, name))
            taking_part.append(Contestant(name, driver, SIZES, address, processors))
            stack.callback(taking_part[-1].close)
        yield taking_part


def _on_sqlite(workloads: Sequence[Workload], pace: Pace) -> dict[str, float]:
    """What ormolu costs over the raw driver on SQLite, in µs per unit, by workload."""
    contestants = [Contestant(name, "sqlite", SIZES) for name in NAMES[:2]]
    over = {w.name: measure(w, contestants, pace).over_raw(ORMOLU) for w in workloads}
    for contestant in contestants:
        contestant.close()
    return over


def _print_versions(driver: str, url: str, run: Run) -> None:
    libraries = ", ".join(f"{n} {importlib.import_module(n).__version__}" for n in NAMES[1:])
    with database(driver, url, "version") as address:
        place = place_of(driver, TINY, address)
        print(
            f"\nPython {platform.python_version()}, {place.version()}, {libraries}; "
            f"medians of {run.pace}\n"
        )
        place.finish()
    if len(contestants_at(driver)) < len(NAMES):
        print(f"SQLAlchemy's asyncio is left out: it needs {GREENLET}, which is not installed.\n")


def _print_driver(driver: str, url: str, run: Run) -> dict[str, float]:
    """Print a driver's table; return what ormolu costs over it."""
    _print_versions(driver, url, run)
    kind = place_class(driver)
    with _contestants(driver, url) as contestants:
        return print_served_table(
            kind.title,
            run.workloads,
            contestants,
            run.pace,
            targets=kind.targets,
            on_sqlite=run.on_sqlite,
        )


def _print_requests(server: Host, processors: list[int], run: Run) -> None:
    """Print point queries by many tasks, on one processor and with the server on another."""
    title = f"asyncpg, {SIZES.tasks} tasks"
    with _contestants("asyncpg", server.url) as contestants:
        print()
        print_requests(f"{title}, one processor", run.requests, contestants, run.pace)
    if server.process is None or len(processors) < 2:
        return
    here, there = processors[:2]
    os.sched_setaffinity(server.process, {there})  # its new connections' processes inherit it
    try:
        with _contestants("asyncpg", server.url, {here}) as contestants:
            print()
            print_requests(f"{title}, two processors", run.requests, contestants, run.pace)
    finally:
        os.sched_setaffinity(server.process, {here})


def _print_side_by_side(over: dict[str, dict[str, float]], run: Run) -> None:
    """Print what ormolu costs over each driver."""
    print("\nWhat ormolu costs over each driver:\n")
    print_head("work", "sqlite3", *over)
    for workload in run.workloads:
        costs = [run.on_sqlite[workload.name], *(by[workload.name] for by in over.values())]
        print_line(workload.title(SIZES), *(micro(cost) for cost in costs))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.servers")
    parser.add_argument("names", nargs="*", help="workloads to run (default: all)")
    parser.add_argument("--drivers", default=",".join(SERVED), help="among these")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=200, help="after these, three rounds")
    arguments = parser.parse_args()
    arguments.drivers = arguments.drivers.split(",")
    if unknown := set(arguments.drivers).difference(SERVED):
        parser.error(f"no drivers: {', '.join(unknown)} (of {', '.join(SERVED)})")
    return arguments


def main() -> None:
    arguments = _arguments()
    drivers: list[str] = arguments.drivers
    workloads, requests = (
        [w for w in every if w.name in (arguments.names or [w.name])]
        for every in (ON_SERVERS, REQUESTS)
    )
    processors = _processors()
    if processors:
        os.sched_setaffinity(0, processors[:1])  # what is started from now on inherits it
    pace = Pace(arguments.rounds, until=time.monotonic() + arguments.seconds)
    run = Run(workloads, requests, pace, _on_sqlite(workloads, pace))
    over: dict[str, dict[str, float]] = {}
    for kind in KINDS:
        chosen = [driver for driver in drivers if kind_of(driver) == kind]
        if not chosen:
            continue
        with host(kind) as server:
            for driver in chosen:
                if workloads:
                    over[driver] = _print_driver(driver, server.url, run)
            if "asyncpg" in chosen and requests:
                _print_requests(server, processors, run)
    if workloads:
        _print_side_by_side(over, run)


if __name__ == "__main__":
    main()
