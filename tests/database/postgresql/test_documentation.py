"""Every Python block of docs/postgresql.md and docs/asyncpg.md runs, on a server."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ormolu import make_url

DOCS = Path(__file__).parents[3] / "docs"
ADDRESS = re.compile(r"(postgresql(?:\+\w+)?)://scott:tiger@localhost/ships")


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("postgresql.md", marks=pytest.mark.backend("postgresql+psycopg")),
        pytest.param("asyncpg.md", marks=pytest.mark.backend("postgresql+asyncpg")),
    ],
)
def test_blocks_of_the_page_run(page: str, backend_url: str, tmp_path: Path) -> None:
    text = (DOCS / page).read_text()
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    url = make_url(backend_url)

    def address(found: re.Match[str]) -> str:
        return url.set(drivername=found[1]).render_as_string(hide_password=False)

    program = tmp_path / "page.py"
    program.write_text(ADDRESS.sub(address, "\n".join(blocks)))
    done = subprocess.run(
        [sys.executable, "-W", "error", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
