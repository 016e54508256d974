"""Every Python block of docs/mysql.md runs, on a server."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "docs" / "mysql.md"


@pytest.mark.backend("mysql+mysqldb")
def test_blocks_of_the_page_run(backend_url: str, tmp_path: Path) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    source = "\n".join(blocks)
    address = "mysql://scott:tiger@localhost/ships"
    assert address in source
    program = tmp_path / "page.py"
    program.write_text(source.replace(address, backend_url))
    done = subprocess.run(
        [sys.executable, "-W", "error", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
