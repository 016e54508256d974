"""What a run of the tests says about backends, and that it fails when one is missing."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from ormolu.testing.servers import PostgreSQLServer

TESTS = Path(__file__).parents[2]
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"

PROGRAM = """
    import pytest

    def test_pure(): pass

    @pytest.mark.backend("sqlite")
    def test_sqlite(): pass

    @pytest.mark.parametrize("number", range(3))
    def test_postgresql(postgresql_url, number):
        import psycopg
        with psycopg.connect(postgresql_url) as connection:
            tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            assert connection.execute(tables).fetchone() == (0,)
            connection.execute("CREATE TABLE left_behind (x INTEGER)")

    @pytest.mark.parametrize("backend_url", ["postgresql+asyncpg"], indirect=True)
    def test_asyncpg(backend_url):
        assert backend_url.startswith("postgresql+asyncpg://")
"""


class Run:
    """A finished run: its exit code, and its output."""

    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        self.code = done.returncode
        self.output = done.stdout + done.stderr

    def line(self, start: str) -> str:
        """The closing line about a backend."""
        closing = self.output.partition("= backends =")[2].splitlines()
        return next((line for line in closing if line.startswith(f"{start} ")), "")


Runner = Callable[..., Run]


@pytest.fixture
def run_tests(tmp_path: Path) -> Runner:
    """Run the program's tests in a process of their own, with these arguments and variables."""
    (tmp_path / "test_program.py").write_text(textwrap.dedent(PROGRAM))

    def run(*arguments: str, setup: str = "", **variables: str) -> Run:
        (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = .\naddopts = -q\n")
        (tmp_path / "conftest.py").write_text(setup)
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("ORMOLU", "PYTEST"))}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "backends.plugin", *arguments],
            cwd=tmp_path,
            env={**inherited, "PYTHONPATH": str(TESTS), **variables},
            capture_output=True,
            text=True,
        )
        return Run(done)

    return run


def test_run_without_server_tests_asks_for_no_server(run_tests: Runner) -> None:
    run = run_tests("-k", "pure", ORMOLU_TEST_POSTGRESQL=NOWHERE)
    assert run.code == 0
    assert "backends" not in run.output


@pytest.mark.parametrize("workers", ["0", "1"])
def test_missing_server_fails_the_run(run_tests: Runner, workers: str) -> None:
    run = run_tests("-n", workers, "-k", "test_", ORMOLU_TEST_POSTGRESQL=NOWHERE)
    assert run.code == 1
    assert "MISSING" in run.line("postgresql")
    assert "ORMOLU_TEST_POSTGRESQL" in run.line("postgresql")
    assert "1 passed" in run.line("sqlite")
    assert run.output.count("postgresql is missing. ") < 10, "said by the first test alone"


def test_missing_driver_fails_the_run(run_tests: Runner) -> None:
    run = run_tests("-k", "asyncpg", setup="import sys; sys.modules['asyncpg'] = None")
    assert run.code == 1
    assert "MISSING" in run.line("postgresql+asyncpg")
    assert "pip install" in run.line("postgresql+asyncpg")


@pytest.mark.parametrize("by", ["option", "variable"])
def test_what_is_left_out_on_request_is_named(run_tests: Runner, by: str) -> None:
    if by == "option":
        run = run_tests("--without", "postgresql", "-k", "test_")
    else:
        run = run_tests("-k", "test_", ORMOLU_TEST_WITHOUT="mysql,postgresql")
    assert run.code == 0
    assert "left out" in run.line("postgresql+asyncpg")
    assert "4 deselected" in run.output or "2 passed" in run.output


def test_unknown_backend_to_leave_out_is_refused(run_tests: Runner) -> None:
    run = run_tests("--without", "postgres")
    assert run.code == pytest.ExitCode.USAGE_ERROR
    assert "postgresql+psycopg" in run.output


def test_complete_run_fails_when_a_backend_had_no_test(run_tests: Runner) -> None:
    run = run_tests("--without", "postgresql", "--without", "mysql+pymysql")
    assert run.code == 1
    assert "no test ran" in run.line("mysql+mysqldb")
    assert "left out" in run.line("mysql+pymysql")


def test_own_server_is_used_and_left_as_it_was(
    run_tests: Runner, private_postgresql: PostgreSQLServer
) -> None:
    before = private_postgresql.execute("SELECT datname FROM pg_database ORDER BY 1")
    url = private_postgresql.url()
    run = run_tests("-n", "2", "-k", "test_", ORMOLU_TEST_POSTGRESQL=url)
    assert run.code == 0, run.output
    assert "3 passed" in run.line("postgresql")
    assert "the server of ORMOLU_TEST_POSTGRESQL" in run.line("postgresql+asyncpg")
    assert private_postgresql.execute("SELECT datname FROM pg_database ORDER BY 1") == before
