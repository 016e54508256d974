"""Names of test modules are unique: pytest imports them by these, without their folders."""

from __future__ import annotations

from collections import Counter
from pathlib import Path


def test_no_two_test_modules_have_the_same_name() -> None:
    names = Counter(path.name for path in Path(__file__).parents[1].rglob("test_*.py"))
    assert [name for name, number in names.items() if number > 1] == []
