"""Every benchmark runs on every driver, and its contestants come to the same; nothing is timed."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench.catalogue import EVERY, ON_SERVERS, ON_SQLITE, REQUESTS
from bench.contestant import NAMES, RAW, Contestant, Stand, contestants_at
from bench.measure import Pace, measure
from bench.places import SERVED, place_of
from bench.sizes import TINY
from bench.table import print_requests, print_served_table, print_table
from bench.workload import Workload

#: How many rows the answers have, with a few rows in the tables.
LENGTHS = {
    "load": 25, "identity": 25, "get": 12, "select-where": 12, "session": 12, "insert": 25,
    "commits": 13, "update": 25, "delete": 18, "select-in": 18, "join": 18, "lazy": 18,
    "core-rows": 25, "core-read": 25, "core-execute": 12,
    "request-get": 12, "request-select": 12, "held-get": 12,
}  # fmt: skip


def answers(name: str, driver: str, workloads: list[Workload], url: str) -> dict[str, str]:
    """What a contestant comes to, by workload."""
    place = place_of(driver, TINY, url)
    try:
        stand = Stand(name, place, tidy=False)
        return {workload.name: stand.run(workload, answer=True)[1] for workload in workloads}
    finally:
        place.finish()


def check_agreement(driver: str, workloads: list[Workload], url: str = "") -> None:
    raw, *libraries = contestants_at(driver)
    expected = answers(raw, driver, workloads, url)
    lengths = {name: int(answer.split()[0]) for name, answer in expected.items()}
    assert lengths == {workload.name: LENGTHS.get(workload.name, 0) for workload in workloads}
    for library in libraries:
        assert answers(library, driver, workloads, url) == expected, library


@pytest.mark.backend("sqlite")
def test_contestants_agree_on_sqlite() -> None:
    check_agreement("sqlite", ON_SQLITE)


@pytest.mark.parametrize(
    ("driver", "backend_url"),
    [
        ("psycopg", "postgresql+psycopg"),
        ("asyncpg", "postgresql+asyncpg"),
        ("mysqldb", "mysql+mysqldb"),
        ("pymysql", "mysql+pymysql"),
    ],
    indirect=["backend_url"],
)
def test_contestants_agree_on_servers(driver: str, backend_url: str) -> None:
    workloads = ON_SERVERS + (REQUESTS if driver == "asyncpg" else [])
    check_agreement(driver, workloads, backend_url)


def test_every_driver_of_the_benchmarks_is_tested() -> None:
    assert SERVED == ("psycopg", "asyncpg", "mysqldb", "pymysql")


@pytest.mark.backend("sqlite")
def test_contestants_in_processes_of_their_own_fill_the_tables(
    capsys: pytest.CaptureFixture[str],
) -> None:
    contestants = [Contestant(name, "sqlite", TINY) for name in NAMES]
    try:
        print_table("SQLite", [EVERY["get"]], contestants, Pace(1))
        over = print_served_table(
            "SQLite",
            [EVERY["get"]],
            contestants,
            Pace(2),
            targets={"get": 4},
            on_sqlite={"get": 1e9},
        )
        print_requests("SQLite", [EVERY["get"]], contestants[:2], Pace(1))
    finally:
        for contestant in contestants:
            contestant.close()
    lines = [line.strip("| ").split(" | ") for line in capsys.readouterr().out.splitlines()]
    heads, lines = lines[0::3], lines[2::3]
    assert [len(line) for line in lines] == [len(head) for head in heads] == [7, 11, 8]
    assert {line[0] for line in lines} == {"session.get() of 12 rows (per get)"}
    assert lines[1][5] == "≤ 4" and lines[1][8:10] == ["1e+09 µs", "yes"]
    assert lines[2][3] == "–" and list(over) == ["get"]


@pytest.mark.backend("sqlite")
def test_contestants_that_disagree_are_refused() -> None:
    contestants = [Contestant(RAW, "sqlite", size) for size in (TINY, replace(TINY, gets=3))]
    contestants[1].name = "other"
    try:
        with pytest.raises(AssertionError, match="get: the contestants came to"):
            measure(EVERY["get"], contestants, Pace(1))
    finally:
        for contestant in contestants:
            contestant.close()
