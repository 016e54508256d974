"""A contestant: the raw driver, ormolu or SQLAlchemy at one place, in a process of its own.

The modules and objects of one are no weight on another's garbage collector, as they wouldn't be in
a program.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import os
import time
from collections.abc import Callable, Collection
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from bench import answers
from bench.catalogue import EVERY
from bench.library import Library
from bench.places import Place, place_class, place_of
from bench.sizes import Sizes
from bench.workload import Timed, Workload

NAMES = RAW, ORMOLU, SQLALCHEMY = "raw", "ormolu", "sqlalchemy"
#: What SQLAlchemy needs for asyncio, besides the driver.
GREENLET = "greenlet"
_SPAWN = get_context("spawn")


def contestants_at(place: str) -> tuple[str, ...]:
    """Who can take part at a place: SQLAlchemy's asyncio only where greenlet is installed."""
    if place_class(place).awaited and importlib.util.find_spec(GREENLET) is None:
        return NAMES[:-1]
    return NAMES


class Stand:
    """A contestant at work in this process.

    :param tidy: have no run start with what the ones before left to the garbage collector.
    """

    def __init__(self, name: str, place: Place, *, tidy: bool = True) -> None:
        self.name = name
        self.place = place
        self._tidy: Callable[[], int] = gc.collect if tidy else int
        self._library = None if name == RAW else Library(name, place)
        modules = place.raw if name == RAW else place.workloads
        self._modules = [importlib.import_module(f"bench.workloads.{m}") for m in modules]

    def prepare(self, workload: Workload) -> Timed:
        """The function that is to be timed; call ``place.close`` after it."""
        name = (self.name == RAW and workload.raw) or workload.name
        name = name.replace("-", "_")
        function: Callable[[Any], Any] = next(
            getattr(module, name) for module in self._modules if hasattr(module, name)
        )
        place = self.place
        return place.timed(place.run(function(self._library or place)))

    def run(self, workload: Workload, *, answer: bool = False) -> tuple[float, str]:
        """Run a workload once: the seconds it took, and, if wanted, what came of it."""
        timed = self.prepare(workload)
        self._tidy()
        start = time.perf_counter()
        result = timed()
        seconds = time.perf_counter() - start
        found = getattr(answers, workload.answer)(self.place, result) if answer else []
        del timed, result
        self.place.close()
        self._tidy()
        return seconds, answers.digest(found)


def _serve(name: str, place: str, sizes: Sizes, address: str, pipe: Connection) -> None:
    """A contestant's process: run the workloads that are asked for, one at a time."""
    stand = Stand(name, place_of(place, sizes, address))
    while (wanted := pipe.recv()) is not None:
        workload, answer = wanted
        pipe.send(stand.run(EVERY[workload], answer=answer))
    stand.place.finish()


class Contestant:
    """One of the processes that take turns.

    `cores` are the processors that it may use; else those of this process.
    """

    def __init__(
        self, name: str, place: str, sizes: Sizes, address: str = "", cores: Collection[int] = ()
    ) -> None:
        self.name = name
        self.sizes = sizes
        self._pipe, theirs = _SPAWN.Pipe()
        arguments = (name, place, sizes, address, theirs)
        self._process = _SPAWN.Process(target=_serve, args=arguments, daemon=True)
        self._process.start()
        theirs.close()  # so that the end of the process is noticed
        if cores:
            os.sched_setaffinity(self._process.pid or 0, cores)

    def run(self, workload: Workload, *, answer: bool = False) -> tuple[float, str]:
        """As `Stand.run`, in the contestant's process.

        :raises EOFError: when the process has failed; its traceback is on stderr.
        """
        self._pipe.send((workload.name, answer))
        done: tuple[float, str] = self._pipe.recv()
        return done

    def close(self) -> None:
        """End the process, if it hasn't failed."""
        if self._process.is_alive():
            self._pipe.send(None)
        self._process.join()
