"""`Place`: a database, and how the driver and a library reach it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from bench.sizes import Sizes


class Place(ABC):
    """A contestant's own database; what a workload opens here is closed after its run.

    `raw` and `workloads` name the modules of `bench.workloads` with what is done on the driver and
    on a library. `targets` are ratios to the raw driver by workload.
    """

    title: ClassVar[str]
    raw: ClassVar[tuple[str, ...]]
    workloads: ClassVar[tuple[str, ...]]
    targets: ClassVar[Mapping[str, float]] = {}
    awaited: ClassVar[bool] = False

    def __init__(self, sizes: Sizes, address: str) -> None:
        self.sizes = sizes
        self.address = address
        self._closers: list[Callable[[], Any]] = []

    @abstractmethod
    def engine(self, lib: Any, *, items: int = 0, family: bool = False, **options: Any) -> Any:
        """A library's engine, on `items` rows of items and, if asked for, the family."""

    @abstractmethod
    def connect(self, *, items: int = 0, family: bool = False) -> Any:
        """The driver's connection (awaited: a coroutine), on the same."""

    @abstractmethod
    def contents(self) -> list[tuple[Any, ...]]:
        """What the table of items holds, without keys but in their order."""

    @abstractmethod
    def version(self) -> str:
        """The version of the database, and of a driver that is a package of its own."""

    def run(self, made: Any) -> Any:
        """What a workload's function gave, or what it comes to where it is to be awaited."""
        return made

    def timed(self, prepared: Callable[[], Any]) -> Callable[[], Any]:
        """The function that is timed, from the one that a workload prepared."""
        return prepared

    def opened(self, close: Callable[[], Any]) -> None:
        """Have this called after the run."""
        self._closers.append(close)

    def close(self) -> None:
        """Close what the run opened, the last first."""
        while self._closers:
            closed = self._closers.pop()()
            if isinstance(closed, Awaitable):
                self.run(closed)

    def finish(self) -> None:
        """Leave the database."""
        self.close()
