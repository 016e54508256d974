"""The tables: a line per workload, printed as it is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.contestant import NAMES, ORMOLU, RAW, SQLALCHEMY, Contestant
from bench.measure import Pace, measure
from bench.workload import Workload

NONE = "–"


def micro(microseconds: float) -> str:
    """A time as the tables have it."""
    return f"{microseconds:.3g} µs"


def print_head(*titles: str) -> None:
    """Print the two lines over a table whose first column alone is text."""
    print("| " + " | ".join(titles) + " |")
    print("| --- |" + " ---: |" * (len(titles) - 1))


def print_line(*cells: str) -> None:
    """Print a line of a table."""
    print("| " + " | ".join(cells) + " |", flush=True)


def _columns(values: Mapping[str, str]) -> list[str]:
    """The cells of those who took part, in the order of the columns."""
    return [values.get(name, NONE) for name in NAMES]


def _divided(values: Mapping[str, float], name: str, by: str, form: str = ".2f") -> str:
    if name in values and by in values:
        return format(values[name] / values[by], form)
    return NONE


def print_table(
    place: str, workloads: Sequence[Workload], contestants: Sequence[Contestant], pace: Pace
) -> None:
    """Measure the workloads and print the table of SQLite, best rounds."""
    print_head(
        f"work ({place})", "raw driver", "ormolu", "SQLAlchemy",
        "ormolu ÷ raw", "target", "SQLAlchemy ÷ raw",
    )  # fmt: skip
    for workload in workloads:
        times = measure(workload, contestants, pace)
        best = {name: times.best(name) for name in times.seconds}
        print_line(
            workload.title(contestants[0].sizes),
            *_columns({name: micro(value) for name, value in best.items()}),
            f"**{_divided(best, ORMOLU, RAW)}**",
            workload.aim,
            _divided(best, SQLALCHEMY, RAW),
        )


def print_served_table(
    place: str,
    workloads: Sequence[Workload],
    contestants: Sequence[Contestant],
    pace: Pace,
    *,
    targets: Mapping[str, float],
    on_sqlite: Mapping[str, float],
) -> dict[str, float]:
    """Measure the workloads on a server and print its table, medians.

    :param targets: ratios to the raw driver that are aimed at, by workload.
    :param on_sqlite: what ormolu costs over the raw driver on SQLite, in µs, by workload: no more
        is aimed at.
    :return: what ormolu costs over the raw driver here.
    """
    print_head(
        f"work ({place})", "raw driver", "ormolu", "SQLAlchemy",
        "ormolu ÷ raw", "target", "SQLAlchemy ÷ raw",
        "ormolu over raw", "on SQLite", "no more?", "SQLAlchemy over raw",
    )  # fmt: skip
    over = {}
    for workload in workloads:
        times = measure(workload, contestants, pace)
        middle = {name: times.median(name) for name in times.seconds}
        mine = over[workload.name] = times.over_raw(ORMOLU)
        there = on_sqlite[workload.name]
        target = targets.get(workload.name)
        print_line(
            workload.title(contestants[0].sizes),
            *_columns({name: micro(value) for name, value in middle.items()}),
            f"**{_divided(middle, ORMOLU, RAW)}**",
            NONE if target is None else f"≤ {target:g}",
            _divided(middle, SQLALCHEMY, RAW),
            f"**{micro(mine)}**",
            micro(there),
            "yes" if mine <= there else "no",
            micro(times.over_raw(SQLALCHEMY)) if SQLALCHEMY in middle else NONE,
        )
    return over


def print_requests(
    place: str, workloads: Sequence[Workload], contestants: Sequence[Contestant], pace: Pace
) -> None:
    """Measure point queries by many tasks at once: requests per second, medians."""
    print_head(
        f"requests per second ({place})", "raw driver", "ormolu", "SQLAlchemy",
        "ormolu ÷ raw", "target", "ormolu ÷ SQLAlchemy", "target",
    )  # fmt: skip
    for workload in workloads:
        times = measure(workload, contestants, pace)
        rate = {name: 1e6 / times.median(name) for name in times.seconds}
        print_line(
            workload.title(contestants[0].sizes),
            *_columns({name: f"{value:,.0f}" for name, value in rate.items()}),
            f"**{_divided(rate, ORMOLU, RAW)}**",
            "≥ 0.6",
            f"**{_divided(rate, ORMOLU, SQLALCHEMY, '.1f')}**",
            "≥ 3",
        )
