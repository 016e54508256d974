"""`Workload`: a line of the tables.

What it does stands in the modules of `bench.workloads`, once for each way of calling: a function
of the workload's name prepares it, outside the clock, and returns the function that is timed. What
that returns is kept until the clock has stopped, so that nobody is charged for freeing its result,
and is compared with what the others got (`bench.answers`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bench.sizes import Sizes

Timed = Callable[[], Any]
AwaitedTimed = Callable[[], Awaitable[Any]]

#: How often a short statement is sent before the clock starts: psycopg prepares it at the fifth.
WARM = 10


@dataclass(frozen=True)
class Workload:
    """One line of a table. `count` names the size that says how many units one run does.

    `answer` is the function of `bench.answers` that tells what came of it. What is aimed at, on
    SQLite, is a ratio to the raw driver (`target`), microseconds per unit `over` the raw driver,
    or in `total`; `raw` is the driver's workload, where it has another name.
    """

    name: str
    text: str
    count: str
    answer: str
    target: float | None = None
    unit: str = "row"
    over: float | None = None
    total: float | None = None
    raw: str | None = None

    def title(self, sizes: Sizes) -> str:
        """What the table says, with the numbers of this run."""
        known = {name: getattr(sizes, name) for name in sizes.__dataclass_fields__}
        return f"{self.text.format(**known)} (per {self.unit})"

    def units(self, sizes: Sizes) -> int:
        """How many units one run does."""
        number: int = getattr(sizes, self.count)
        return number

    @property
    def aim(self) -> str:
        """What is aimed at, as the table shows it."""
        if self.over is not None:
            return f"≤ raw + {self.over:g} µs"
        if self.total is not None:
            return f"≤ {self.total:g} µs"
        return "–" if self.target is None else f"≤ {self.target:g}"


def expect(result: Sequence[Any], count: int) -> Sequence[Any]:
    """The result, if it has the size that the workload must give."""
    if len(result) != count:
        raise AssertionError(f"expected {count} results, got {len(result)}")
    return result
