"""The table of a benchmark: a line per workload, printed as it is measured."""

from __future__ import annotations

from collections.abc import Sequence

from bench.measure import RAW, Contestant, measure
from bench.workloads import Workload


def print_table(
    place: str, workloads: Sequence[Workload], contestants: Sequence[Contestant], rounds: int
) -> None:
    """Measure the workloads and print the table; `place` says which database they run on."""
    print(f"| work ({place}) | raw driver | ormolu | SQLAlchemy ", end="")
    print("| ormolu ÷ raw | target | SQLAlchemy ÷ raw |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for workload in workloads:
        best = measure(workload, contestants, rounds)
        raw = best[RAW]
        times = [
            _micro(best[n], workload.count) if n in best else "–"
            for n in ("raw", "ormolu", "sqlalchemy")
        ]
        ratios = [f"{best[n] / raw:.2f}" if n in best else "–" for n in ("ormolu", "sqlalchemy")]
        print(
            f"| {workload.title} (per {workload.unit}) | {times[0]} | {times[1]} | {times[2]} "
            f"| **{ratios[0]}** | {workload.aim} | {ratios[1]} |",
            flush=True,
        )


def _micro(seconds: float, count: int) -> str:
    return f"{seconds / count * 1e6:.3g} µs"
