"""Every test may ask for a database on a server (see `backends.plugin`), or for one less driver."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

pytest_plugins = ("backends.plugin",)


@pytest.fixture
def hide(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make modules as if they were not installed, until the end of the test."""

    def hide_modules(*names: str) -> None:
        for name in names:
            monkeypatch.setitem(sys.modules, name, None)
        adapters = [m for m in sys.modules if m.startswith("ormolu.") and m.endswith("_driver")]
        for adapter in adapters:
            monkeypatch.delitem(sys.modules, adapter)

    return hide_modules
