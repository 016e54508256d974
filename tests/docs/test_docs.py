"""Every Python block of the README and of docs/ runs; so does every example."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Those that need a server run beside its other tests.
SERVED = {"asyncpg.md", "mysql.md", "postgresql.md"}
GUIDES = [page for page in sorted((ROOT / "docs").glob("**/*.md")) if page.name not in SERVED]
PAGES = [ROOT / "README.md", *GUIDES]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))

BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def program(page: Path) -> str:
    """The page's Python blocks as one program, on the lines they have in the page."""
    text = page.read_text()
    lines = [""] * text.count("\n")
    for match in BLOCK.finditer(text):
        start = text.count("\n", 0, match.start(1))
        for offset, line in enumerate(match[1].splitlines()):
            lines[start + offset] = line
    return "\n".join(lines)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_blocks_of_the_page_run(page: Path, tmp_path: Path) -> None:
    source = program(page)
    if page.name == "README.md":
        assert source.strip(), "the README has lost its quickstart"
    copy = tmp_path / f"page_{page.stem}.py"  # "types.py" would hide the standard library
    copy.write_text(source)
    done = subprocess.run(
        [sys.executable, "-W", "error", copy],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda p: p.name)
def test_example_runs(example: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", example],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout
