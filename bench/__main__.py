"""`python -m bench [name …] [--rounds N] [--only ormolu]`: print the benchmark table."""

from __future__ import annotations

import argparse
import platform
import sqlite3

from bench.core_workloads import CORE_WORKLOADS
from bench.library import Library
from bench.measure import RAW, Contestant, import_time, memory_per_object
from bench.table import print_table
from bench.workloads import WORKLOADS


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="workloads to run (default: all)")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--libraries", default="ormolu,sqlalchemy")
    return parser.parse_args()


def main() -> None:
    arguments = _arguments()
    libraries = [Library(root) for root in arguments.libraries.split(",")]
    chosen = [
        workload
        for workload in (*WORKLOADS, *CORE_WORKLOADS)
        if not arguments.names or workload.name in arguments.names
    ]
    print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        + ", ".join(f"{lib.name} {lib.sql.__version__}" for lib in libraries)
        + f"; best of {arguments.rounds} interleaved rounds\n"
    )
    contestants = [Contestant(name) for name in (RAW, *(lib.name for lib in libraries))]
    print_table("SQLite in memory", chosen, contestants, arguments.rounds)
    for contestant in contestants:
        contestant.close()
    if arguments.names:
        return
    seconds = {lib.name: import_time(lib.name) for lib in libraries}
    print("\n`import …orm`: " + ", ".join(f"{n} {s * 1e3:.0f} ms" for n, s in seconds.items()))
    size = {lib.name: memory_per_object(lib) for lib in libraries}
    print("memory per loaded object: " + ", ".join(f"{n} {b:.0f} bytes" for n, b in size.items()))


if __name__ == "__main__":
    main()
