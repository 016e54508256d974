"""Interleaved timing: raw, ormolu, SQLAlchemy, raw, … in one process, best of the rounds.

The best of several rounds is what the work costs when nothing disturbs it; interleaving spreads
what does disturb (frequency, caches, neighbours) over all contestants alike. The cyclic garbage
collector stays on: what a library leaves to it is part of its cost.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterable

from bench.library import ROWS, Library
from bench.workloads import Timed, Workload


def _once(timed: Timed) -> float:
    gc.collect()
    start = time.perf_counter()
    kept = timed()
    elapsed = time.perf_counter() - start
    del kept
    return elapsed


def measure(workload: Workload, libraries: Iterable[Library], rounds: int) -> dict[str, float]:
    """Best seconds per contestant ("raw" and each library's name) over `rounds` rounds."""
    best: dict[str, float] = {}
    for _ in range(rounds):
        contestants = [("raw", workload.raw())]
        contestants += [(lib.name, workload.library(lib)) for lib in libraries]
        for name, timed in contestants:
            seconds = _once(timed)
            best[name] = min(seconds, best.get(name, seconds))
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
