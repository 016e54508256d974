"""The conformance suite on an SQLite file, where a pool opens several connections."""

from __future__ import annotations

from typing import Any

import pytest

from ormolu.engine import Engine, create_engine
from ormolu.testing import conformance

pytestmark = pytest.mark.backend("sqlite")


class SqliteFile(conformance.Target):
    def make_engine(self, **options: Any) -> Engine:
        return create_engine(f"sqlite:///{self.folder / 'test.db'}", **options)


globals().update(conformance.tests_for(SqliteFile))
