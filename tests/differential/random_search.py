"""A long look: the checks of the random tests, on a million examples that cost little to make.

    python tests/differential/random_search.py 1000000 [--seed 7] [--only urls,quoting,stored]
        [--processes 2]

Hypothesis takes a millisecond or two to make an example; here one is drawn by ``random`` in a few
microseconds, by the same tests. What fails is printed with its arguments, to be put into the test
as an ``@example``, and the search goes on. An example that a test refuses (`suppose`) doesn't
count. Of several processes each has a seed of its own, from the one given on. In the end each check
has a line with its examples and failures, and the status says whether there were any.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, NamedTuple

import test_awkward_names as stored
import test_quoting as quoting
import test_random_dialect_queries as queries
import test_random_schemas as schemas
import test_random_selects as selects
import test_random_urls as urls
import test_random_writes as writes
from awkward_names import PIECES
from hypothesis.errors import UnsatisfiedAssumption
from random_choices import OURS, THEIRS

Draw = random.Random

DRIVERS = ["sqlite", "postgresql", "postgresql+asyncpg", "mysql+pymysql", "x_y"]
FAILURES_SHOWN = 8


class Check(NamedTuple):
    """A test, what draws its arguments, and how often it is run for each run of the rarest."""

    run: Callable[..., Any]
    arguments: Callable[[Draw], dict[str, Any]]
    weight: int


def text(draw: Draw, *, nul: bool = False) -> str:
    """Any text that can be encoded: pieces that mean something to SQL, and any characters."""
    made = [piece(draw) for _ in range(draw.choice([0, 1, 1, 1, 2, 2, 3, 5, 8]))]
    if nul and draw.random() < 0.1:
        made.insert(draw.randint(0, len(made)), "\0")
    return "".join(made)


def piece(draw: Draw) -> str:
    if draw.random() < 0.6:
        return draw.choice(PIECES)
    code = draw.randrange(1, draw.choice([0x80, 0x800, 0xD800, 0x110000]))
    return chr(code) if not 0xD800 <= code < 0xE000 else "x"


def name(draw: Draw) -> str:
    return text(draw) or draw.choice("abcdXYZ")


def names(draw: Draw, number: int) -> tuple[str, ...]:
    return tuple([name(draw) for _ in range(number)])


def parts(draw: Draw) -> dict[str, Any]:
    """Some parts of a URL."""
    made: dict[str, Any] = {
        "username": text(draw, nul=True),
        "password": text(draw, nul=True),
        "host": host(draw),
        "port": draw.randint(0, 65535),
        "database": text(draw, nul=True),
    }
    chosen = {key: value for key, value in made.items() if draw.random() < 0.6}
    return chosen | {"query": query(draw)} if draw.random() < 0.5 else chosen


def host(draw: Draw) -> str:
    if draw.random() < 0.2:
        return draw.choice(["::1", "2001:db8::1"])
    return "".join(draw.choices("abcXYZ019.-_", k=draw.randint(1, 12)))


def query(draw: Draw) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for _ in range(draw.randint(0, 3)):
        number = draw.randint(1, 3)
        made[name(draw)] = name(draw) if number == 1 else names(draw, number)
    return made


def near_url(draw: Draw) -> list[str]:
    likely = [*":/@?&=[]%+#;", "://", "sqlite", "postgresql+psycopg", "host", "user", "%20", "%zz"]
    return [
        draw.choice(likely) if draw.random() < 0.6 else text(draw, nul=True)
        for _ in range(draw.randint(0, 9))
    ]


def dialect(draw: Draw) -> str:
    return draw.choice(list(quoting.DIALECTS))


def data(draw: Draw) -> bytes:
    return draw.randbytes(draw.randint(8, 90))


def seeded(draw: Draw) -> dict[str, Any]:
    return {"data": data(draw), "first": draw.randrange(2**16), "second": draw.randrange(2**16)}


def inner(test: Any) -> Callable[..., Any]:
    """A test without hypothesis around it."""
    found: Callable[..., Any] = test.hypothesis.inner_test
    return found


def text_checks() -> dict[str, Check]:
    """Names, values and URLs."""
    return {
        "quoting names": Check(
            inner(quoting.test_names_are_quoted_alike),
            lambda d: {
                "dialect": dialect(d),
                **dict(zip(("table", "column", "label", "schema"), names(d, 4), strict=True)),
            },
            30,
        ),
        "quoting tables": Check(
            inner(quoting.test_tables_are_quoted_alike),
            lambda d: {
                "dialect": dialect(d),
                "table": name(d)[:59],
                "column": name(d),
                "comment": text(d),
                "default": text(d),
            },
            20,
        ),
        "quoting literals": Check(
            inner(quoting.test_literals_are_written_alike),
            lambda d: {"dialect": dialect(d), "value": text(d), "other": text(d)},
            30,
        ),
        "quoting values": Check(
            inner(quoting.test_values_never_enter_the_text),
            lambda d: {"dialect": dialect(d), "value": text(d)},
            30,
        ),
        "quoting plain": Check(
            inner(quoting.test_only_plain_names_stand_without_quotes),
            lambda d: {"dialect": dialect(d), "name": name(d)},
            150,
        ),
        "quoting NUL": Check(
            inner(quoting.test_a_nul_is_refused),
            lambda d: {"dialect": dialect(d), "before": text(d), "after": text(d)},
            5,
        ),
        "stored rows": Check(
            inner(stored.test_rows_come_back_whatever_the_names),
            lambda d: {
                "names": names(d, 3),
                "label": name(d),
                "value": text(d, nul=True),
                "other": text(d, nul=True),
            },
            20,
        ),
        "stored literals": Check(
            inner(stored.test_literals_are_the_values_they_stand_for),
            lambda d: {"value": text(d), "other": text(d)},
            40,
        ),
        "stored defaults": Check(
            inner(stored.test_server_defaults_are_the_values_they_stand_for),
            lambda d: {"value": text(d), "names": names(d, 2)},
            20,
        ),
        "stored autoescape": Check(
            inner(stored.test_autoescape_finds_exactly_the_text),
            lambda d: {"value": name(d), "part": text(d)},
            40,
        ),
        "urls made": Check(
            inner(urls.test_a_url_of_any_parts_is_sqlalchemys),
            lambda d: {"driver": d.choice(DRIVERS), "parts": parts(d)},
            80,
        ),
        "urls shown": Check(
            inner(urls.test_what_is_shown_is_read_back),
            lambda d: {"driver": d.choice(DRIVERS), "parts": parts(d)},
            80,
        ),
        "urls kept": Check(
            inner(urls.test_user_password_and_query_come_back),
            lambda d: {
                "driver": d.choice(DRIVERS),
                "name": name(d),
                "password": name(d),
                "host": host(d),
                "query": query(d),
            },
            80,
        ),
        "urls read": Check(
            inner(urls.test_any_text_is_read_alike), lambda d: {"pieces": near_url(d)}, 150
        ),
    }


def statement_checks() -> dict[str, Check]:
    """Statements and schemas."""
    reading = selects.Library(THEIRS), selects.Library(OURS)
    writing = writes.Library(THEIRS), writes.Library(OURS)
    database = schemas.Database()
    return {
        "statements selects": Check(lambda **k: selects.check(reading, **k), seeded, 4),
        "statements writes": Check(lambda **k: writes.check(writing, **k), seeded, 4),
        "statements dialects": Check(queries.check, seeded, 4),
        "schemas text": Check(schemas.check_text, lambda d: {"data": data(d)}, 3),
        "schemas reflected": Check(
            lambda data: schemas.check_reflection(database, data), lambda d: {"data": data(d)}, 1
        ),
    }


class Tally(NamedTuple):
    """How often each check ran, and how often it failed."""

    ran: Counter[str]
    failed: Counter[str]

    def show(self, seed: int) -> None:
        for key, number in sorted(self.ran.items()):
            print(f"{key:22} {number:9} examples, {self.failed[key]} failed")
        total, failed = self.ran.total(), self.failed.total()
        print(f"{'all':22} {total:9} examples, {failed} failed (seed {seed})", flush=True)


def explore(checks: dict[str, Check], wanted: int, seed: int) -> Tally:
    """Run `wanted` examples; what fails is printed with its arguments."""
    draw = random.Random(seed)
    order = [key for key, check in checks.items() for _ in range(check.weight)]
    ran, failed = tally = Tally(Counter(), Counter())
    started = time.monotonic()
    while ran.total() < wanted:
        key = draw.choice(order)
        check = checks[key]
        arguments = check.arguments(draw)
        try:
            check.run(**arguments)
        except UnsatisfiedAssumption:
            continue
        except Exception:
            failed[key] += 1
            if failed[key] <= FAILURES_SHOWN:
                print(f"-- {key} failed with {arguments!r}")
                traceback.print_exc(limit=-3, file=sys.stdout)
        ran[key] += 1
        if ran.total() % 20_000 == 0:
            passed = time.monotonic() - started
            number = f"{ran.total()} examples of seed {seed}"
            print(f"{number} in {passed:.0f} s, {failed.total()} failed", flush=True)
    return tally


def search(checks: dict[str, Check], wanted: int, seed: int) -> int:
    """Run `wanted` examples and show how many each check had; returns how many failed."""
    tally = explore(checks, wanted, seed)
    tally.show(seed)
    return tally.failed.total()


def chosen(only: str) -> dict[str, Check]:
    """The checks whose names begin with one of the words, which commas separate."""
    checks = text_checks() | statement_checks()
    return {key: check for key, check in checks.items() if key.startswith(tuple(only.split(",")))}


def explore_chosen(only: str, wanted: int, seed: int) -> Tally:
    """What each of several processes does: the checks themselves can't be sent to it."""
    warnings.simplefilter("ignore")
    return explore(chosen(only), wanted, seed)


def search_together(only: str, wanted: int, seed: int, processes: int) -> int:
    """Share the examples among processes, each with a seed of its own."""
    shares = [len(range(number, wanted, processes)) for number in range(processes)]
    seeds = range(seed, seed + processes)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        tallies = list(pool.map(explore_chosen, [only] * processes, shares, seeds))
    ran, failed = (sum(counts, Counter[str]()) for counts in zip(*tallies, strict=True))
    Tally(ran, failed).show(seed)
    return failed.total()


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the random tests on many cheap examples.")
    parser.add_argument("examples", type=int)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    parser.add_argument("--only", default="", help="checks whose names begin so: urls,quoting")
    parser.add_argument("--processes", type=int, default=1)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    if not chosen(given.only):
        parser.error(f"no check begins so; there are {', '.join(chosen(''))}")
    if given.processes > 1:
        failed = search_together(given.only, given.examples, given.seed, given.processes)
    else:
        failed = search(chosen(given.only), given.examples, given.seed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
