"""Interleaved timing: raw, ormolu, SQLAlchemy, raw, … one at a time, best of the rounds.

Each contestant lives in a process of its own, as it would in a program: the modules and objects of
one are no weight on another's garbage collector. They take turns, so that what disturbs
(frequency, caches, neighbours) is spread over all alike; the best of several rounds is what the
work costs when nothing disturbs it. The cyclic garbage collector stays on: what a library leaves
to it is part of its cost.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection

from bench.core_workloads import CORE_WORKLOADS
from bench.library import ROWS, Library
from bench.mysql_workloads import MYSQL_WORKLOADS
from bench.postgresql_workloads import POSTGRESQL_WORKLOADS
from bench.workloads import WORKLOADS, Timed, Workload

RAW = "raw"
SPAWN = get_context("spawn")


def _once(timed: Timed) -> float:
    gc.collect()
    start = time.perf_counter()
    kept = timed()
    elapsed = time.perf_counter() - start
    del kept
    return elapsed


def _serve(name: str, pipe: Connection) -> None:
    """A contestant's process: run the workloads that are asked for, one at a time."""
    library = None if name == RAW else Library(name)
    every = (*WORKLOADS, *CORE_WORKLOADS, *POSTGRESQL_WORKLOADS, *MYSQL_WORKLOADS)
    workloads = {workload.name: workload for workload in every}
    while (wanted := pipe.recv()) is not None:
        workload = workloads[wanted]
        gc.collect()  # closes what the round before left open
        pipe.send(_once(workload.raw() if library is None else workload.library(library)))


class Contestant:
    """One of the processes that take turns: the raw driver, or a library."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._pipe, theirs = SPAWN.Pipe()
        self._process = SPAWN.Process(target=_serve, args=(name, theirs), daemon=True)
        self._process.start()

    def run(self, workload: Workload) -> float:
        """The seconds of one run of a workload."""
        self._pipe.send(workload.name)
        seconds: float = self._pipe.recv()
        return seconds

    def close(self) -> None:
        self._pipe.send(None)
        self._process.join()


def measure(workload: Workload, contestants: Sequence[Contestant], rounds: int) -> dict[str, float]:
    """Best seconds per contestant (`RAW` and each library's name) over `rounds` rounds."""
    best: dict[str, float] = {}
    for _ in range(rounds):
        for contestant in contestants:
            seconds = contestant.run(workload)
            best[contestant.name] = min(seconds, best.get(contestant.name, seconds))
    return best


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


def memory_per_object(lib: Library) -> float:
    """Bytes per loaded object of 8 columns, all that the session keeps for it included."""
    session = lib.session(lib.engine(items=ROWS))
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
