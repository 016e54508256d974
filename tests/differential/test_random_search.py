"""The long look works: every check runs, what fails is counted and shown with its arguments."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import random_search
from random_search import Check, search, statement_checks, text_checks


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning", "ignore::ormolu.exc.SAWarning")
def test_every_check_passes_a_few_examples(capsys: pytest.CaptureFixture[str]) -> None:
    checks = text_checks() | statement_checks()
    once_each = {key: check._replace(weight=1) for key, check in checks.items()}
    assert search(once_each, 200, seed=3) == 0
    shown = capsys.readouterr().out
    assert [key for key in checks if key not in shown] == []


def test_what_fails_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    def odd(number: int) -> None:
        assert number % 2, "even"

    def number(draw: Any) -> dict[str, Any]:
        return {"number": draw.randrange(10)}

    failed = search({"odd": Check(odd, number, 1)}, 50, seed=1)
    shown = capsys.readouterr().out
    assert 0 < failed < 50
    assert f"50 examples, {failed} failed" in shown
    assert "odd failed with {'number': " in shown
    assert "AssertionError: even" in shown


def test_processes_share_the_examples() -> None:
    command = [sys.executable, random_search.__file__, "41", "--only", "urls,quoting plain"]
    done = subprocess.run(
        [*command, "--seed", "5", "--processes", "2"], capture_output=True, text=True, check=True
    )
    *lines, last = done.stdout.splitlines()
    assert last.split() == ["all", "41", "examples,", "0", "failed", "(seed", "5)"]
    assert {line.split()[0] for line in lines} == {"urls", "quoting"}
