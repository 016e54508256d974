"""Interleaved timing: raw, ormolu, SQLAlchemy, raw, … one at a time.

The contestants take turns, so that what disturbs (frequency, caches, neighbours) is spread over all
alike. On SQLite the best of several rounds is what the work costs when nothing disturbs it. A
server has states of its own: there the median counts, and of differences the median difference
within a round. The cyclic garbage collector stays on: what a library leaves to it is part of its
cost.
"""

from __future__ import annotations

import gc
import math
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.contestant import RAW, SQLALCHEMY, Contestant
from bench.library import Library
from bench.places import place_of
from bench.sizes import FULL
from bench.workload import Workload


@dataclass(frozen=True)
class Times:
    """Seconds per contestant and round, of one workload of so many `units`."""

    seconds: dict[str, list[float]]
    units: int

    def __contains__(self, name: str) -> bool:
        return name in self.seconds

    def best(self, name: str) -> float:
        """Microseconds per unit in a contestant's best round."""
        return min(self.seconds[name]) / self.units * 1e6

    def median(self, name: str) -> float:
        """Microseconds per unit in a contestant's middle round."""
        return median(self.seconds[name]) / self.units * 1e6

    def over_raw(self, name: str) -> float:
        """Microseconds per unit over the raw driver in the same round, in the middle one."""
        pairs = zip(self.seconds[name], self.seconds[RAW], strict=False)
        return median(mine - raw for mine, raw in pairs) / self.units * 1e6


@dataclass(frozen=True)
class Pace:
    """How often a workload is run: `rounds` times, after `until` no more than `few` times.

    SQLAlchemy, whose runs are the longest by far and whose times decide nothing, runs `few` times.
    """

    rounds: int
    few: int = 3
    until: float = math.inf

    def __str__(self) -> str:
        few = f"{self.few} to " if self.few < self.rounds else ""
        return f"{few}{self.rounds} interleaved rounds"

    def goes_on(self, number: int) -> bool:
        """Whether there is a round after so many."""
        return number < self.rounds and (number < self.few or time.monotonic() < self.until)


def measure(workload: Workload, contestants: Sequence[Contestant], pace: Pace) -> Times:
    """Let the contestants run a workload in turns.

    :raises AssertionError: when they didn't come to the same.
    """
    seconds: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
    number = 0
    while pace.goes_on(number):
        came: dict[str, str] = {}
        for contestant in contestants:
            if contestant.name != SQLALCHEMY or number < pace.few:
                took, came[contestant.name] = contestant.run(workload, answer=not number)
                seconds[contestant.name].append(took)
        if len(set(came.values())) > 1:
            raise AssertionError(f"{workload.name}: the contestants came to {came}")
        number += 1
    return Times(seconds, workload.units(contestants[0].sizes))


def import_time(root: str, rounds: int = 7) -> float:
    """Best seconds that a fresh interpreter takes for `import root.orm`, with compiled bytecode."""
    program = (
        f"import time; t = time.perf_counter(); import {root}.orm; print(time.perf_counter() - t)"
    )
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}

    def once() -> float:
        command = [sys.executable, "-c", program]
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return float(run.stdout)

    once()  # leaves the bytecode behind
    return min(once() for _ in range(rounds))


def memory_per_object(root: str) -> float:
    """Bytes per loaded object of 8 columns, all that the session keeps for it included."""
    lib = Library(root, place_of("sqlite", FULL))
    session = lib.session(lib.engine(items=FULL.rows))
    statement = lib.sql.select(lib.Item)
    session.scalars(statement).all()
    session.expunge_all()
    gc.collect()
    tracemalloc.start()
    try:
        held = session.scalars(statement).all()
        gc.collect()
        return tracemalloc.get_traced_memory()[0] / len(held)
    finally:
        tracemalloc.stop()
        lib.place.finish()
