"""`python -m bench [name …] [--rounds N] [--libraries ormolu]`: the benchmark table on SQLite."""

from __future__ import annotations

import argparse
import importlib
import platform
import sqlite3

from bench.catalogue import ON_SQLITE
from bench.contestant import RAW, Contestant
from bench.measure import Pace, import_time, memory_per_object
from bench.sizes import FULL
from bench.table import print_table


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="workloads to run (default: all)")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--libraries", default="ormolu,sqlalchemy")
    return parser.parse_args()


def main() -> None:
    arguments = _arguments()
    libraries: list[str] = arguments.libraries.split(",")
    pace = Pace(arguments.rounds, few=arguments.rounds)
    chosen = [w for w in ON_SQLITE if w.name in (arguments.names or [w.name])]
    print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        + ", ".join(f"{name} {importlib.import_module(name).__version__}" for name in libraries)
        + f"; best of {pace}\n"
    )
    contestants = [Contestant(name, "sqlite", FULL) for name in (RAW, *libraries)]
    print_table("SQLite in memory", chosen, contestants, pace)
    for contestant in contestants:
        contestant.close()
    if arguments.names:
        return
    seconds = {name: import_time(name) for name in libraries}
    print("\n`import …orm`: " + ", ".join(f"{n} {s * 1e3:.0f} ms" for n, s in seconds.items()))
    size = {name: memory_per_object(name) for name in libraries}
    print("memory per loaded object: " + ", ".join(f"{n} {b:.0f} bytes" for n, b in size.items()))


if __name__ == "__main__":
    main()
