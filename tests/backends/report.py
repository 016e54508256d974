"""The closing lines: which backends ran, with which versions, how many tests; and what is missing.

A run fails when a backend can't be reached, and a run of everything when one had no test at all:
nobody should learn from the fine print that a database wasn't tested. What is left out on request
is named as such.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pytest

from .catalogue import BACKENDS, SQLITE, VARIABLES, WITHOUT

if TYPE_CHECKING:
    from .broker import Servers

BACKEND, MISSING = "backend", "missing backend"
"""Names of the properties by which a test's report says what it ran on, and what it couldn't."""

_NARROWING = (
    "keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "collectonly", "maxfail",
)  # fmt: skip


def _outcome(report: pytest.TestReport) -> str:
    if hasattr(report, "wasxfail"):
        return "xpassed" if report.passed else "xfailed"
    return report.outcome


class Report:
    """Counts, in the controlling process."""

    def __init__(self, config: pytest.Config, servers: Servers, without: frozenset[str]) -> None:
        self._config = config
        self._servers = servers
        self._without = without
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)
        self._missing: dict[str, str] = {}
        self._unmeant: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test once: when it is called, or when its setup ends it."""
        properties = dict.fromkeys(report.user_properties)
        for name, value in properties:
            if name == MISSING:
                backend, _, why = str(value).partition(": ")
                self._missing.setdefault(backend, why)
        if report.when == "call" or (report.when == "setup" and not report.passed):
            for name, value in properties:
                if name == BACKEND:
                    self._counts[str(value)][_outcome(report)] += 1

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail a run that lacks a backend."""
        if self._is_complete(session):
            ran = set(self._counts)
            self._unmeant = [
                name for name in BACKENDS if name not in ran and not self._is_left_out(name)
            ]
        if (self._missing or self._unmeant) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _is_complete(self, session: pytest.Session) -> bool:
        """Whether this was a run of everything, to its end."""
        ask = self._config.getoption
        narrowed = any(ask(name, None) for name in _NARROWING)
        whole = self._config.args_source is pytest.Config.ArgsSource.TESTPATHS
        finished = session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        return bool(whole and finished and not narrowed)

    def _is_left_out(self, name: str) -> bool:
        server = BACKENDS[name].server if name in BACKENDS else name
        return bool({name, server} & self._without)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter):  # type: ignore[no-untyped-def]
        """Write the lines, after everything but the last."""
        yield
        if not (self._counts or self._missing or self._unmeant or self._without):
            return
        terminalreporter.section("backends")
        for name in [*BACKENDS, *VARIABLES]:
            line, markup = self._line(name)
            if line:
                terminalreporter.write_line(f"{name:<26}{line}", **markup)

    def _line(self, name: str) -> tuple[str, dict[str, bool]]:
        if name in self._missing:
            return f"MISSING. {self._missing[name]}", {"red": True}
        if name in self._unmeant:
            return "MISSING: no test ran", {"red": True}
        if name in self._counts:
            return f"{self._numbers(name):<34}{self._versions(name)}", {}
        if name in BACKENDS and self._is_left_out(name):
            return f"left out, as asked for by --without or {WITHOUT}", {"yellow": True}
        return "", {}

    def _numbers(self, name: str) -> str:
        return ", ".join(f"{number} {what}" for what, number in sorted(self._counts[name].items()))

    def _versions(self, name: str) -> str:
        backend = BACKENDS.get(name)
        known = self._servers.known()
        if backend is None:
            return known[name].says if name in known else ""
        driver = f"{backend.package or 'SQLite'} {backend.driver_version}"
        if backend.server == SQLITE or backend.server not in known:
            return driver
        return f"{driver}; {known[backend.server].says}"
