"""`python -m bench.calls [name …] [--drivers sqlite,asyncpg] [--functions 20]`: calls, not times.

How many functions of Python and of C ormolu calls per unit of work over what the raw driver calls:
a count that doesn't vary with the machine, and tells where a driver's adapter does more than
SQLite's. Resuming a generator or a coroutine counts as a call of Python.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

from bench.catalogue import ON_SERVERS
from bench.contestant import NAMES, Stand
from bench.hosts import database, host, kind_of
from bench.places import SERVED, place_of
from bench.sizes import Sizes
from bench.table import print_head, print_line
from bench.workload import Workload

_SIZES = Sizes(
    rows=1_000, gets=100, commits=50, changes=500, parents=100, executions=100, sessions=100
)
_PYTHON, _C = "call", "c_call"
_CONTESTANTS = NAMES[:2]
#: Calls of a run, by kind of function, its place and its name.
Counts = Counter[tuple[str, str, str]]


def count(stand: Stand, workload: Workload) -> Counts:
    """The calls of one run."""
    found: Counts = Counter()

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == _PYTHON:
            code = frame.f_code
            found[event, str(Path(*Path(code.co_filename).parts[-2:])), code.co_qualname] += 1
        elif event == _C:
            found[event, argument.__module__ or "", argument.__qualname__] += 1

    timed = stand.prepare(workload)
    gc.collect()
    gc.disable()
    sys.setprofile(note)
    try:
        kept = timed()
    finally:
        sys.setprofile(None)
        gc.enable()
    del kept
    stand.place.close()
    return found


def _total(counts: Counts, kind: str) -> int:
    return sum(number for (event, _, _), number in counts.items() if event == kind)


def _counts(driver: str, workloads: list[Workload]) -> dict[str, tuple[Counts, Counts]]:
    """What the raw driver and what ormolu calls, by workload."""
    with contextlib.ExitStack() as stack:
        address = ""
        if driver in SERVED:
            url = stack.enter_context(host(kind_of(driver))).url
            address = stack.enter_context(database(driver, url, "calls"))
        both = []
        for name in _CONTESTANTS:
            place = place_of(driver, _SIZES, address)
            stand = Stand(name, place)
            both.append({workload.name: count(stand, workload) for workload in workloads})
            place.finish()
    return {name: (raw, both[1][name]) for name, raw in both[0].items()}


def _print_functions(title: str, raw: Counts, mine: Counts, units: int, most: int) -> None:
    print(f"\n{title}")
    more = Counter({key: mine[key] - raw[key] for key in mine})
    for (event, where, name), number in more.most_common(most):
        print(f"  {number / units:8.2f}  {'C' if event == _C else ' '}  {name}  {where}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.calls", description=__doc__)
    parser.add_argument("names", nargs="*", help="workloads to count (default: all)")
    parser.add_argument("--drivers", default=",".join(("sqlite", *SERVED)), help="among these")
    parser.add_argument("--functions", type=int, default=0, help="of each, the most called")
    arguments = parser.parse_args()
    drivers = arguments.drivers.split(",")
    workloads = [w for w in ON_SERVERS if w.name in (arguments.names or [w.name])]
    counts = {driver: _counts(driver, workloads) for driver in drivers}
    print("Calls over the raw driver, of Python + of C:\n")
    print_head("work", *drivers)
    for workload in workloads:
        units = workload.units(_SIZES)
        cells = []
        for driver in drivers:
            raw, mine = counts[driver][workload.name]
            more = [(_total(mine, kind) - _total(raw, kind)) / units for kind in (_PYTHON, _C)]
            cells.append(f"{more[0]:.1f} + {more[1]:.1f}")
        print_line(workload.title(_SIZES), *cells)
    for workload in workloads if arguments.functions else []:
        for driver in drivers:
            title = f"{driver}: {workload.title(_SIZES)}"
            raw, mine = counts[driver][workload.name]
            _print_functions(title, raw, mine, workload.units(_SIZES), arguments.functions)


if __name__ == "__main__":
    main()
