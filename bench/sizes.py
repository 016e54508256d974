"""How much work one run of a workload is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Numbers of rows, statements and other units, named as the workloads' titles have them."""

    rows: int = 10_000
    gets: int = 2_000
    commits: int = 300
    changes: int = 5_000
    parents: int = 1_000
    children: int = 10
    executions: int = 5_000
    builds: int = 5_000
    sessions: int = 1_000
    touches: int = 100_000
    constructions: int = 10_000
    requests: int = 2_000
    tasks: int = 20

    @property
    def family(self) -> int:
        """The children of all parents."""
        return self.parents * self.children

    @property
    def everybody(self) -> int:
        """All parents and children."""
        return self.parents + self.family


FULL = Sizes()
# A statement takes a server some 100 µs, so that fewer of them are as exact.
ON_SERVERS = Sizes(gets=600, commits=150, executions=600, sessions=400, requests=1_500)
TINY = Sizes(
    rows=25, gets=12, commits=3, changes=7, parents=6, children=3, executions=12, builds=3,
    sessions=3, touches=20, constructions=3, requests=12, tasks=2,
)  # fmt: skip
