"""The conformance suite on SQLite in memory."""

from __future__ import annotations

from typing import Any

import pytest

from ormolu.engine import Engine, create_engine
from ormolu.testing import conformance

pytestmark = pytest.mark.backend("sqlite")


class SqliteMemory(conformance.Target):
    def make_engine(self, **options: Any) -> Engine:
        return create_engine("sqlite://", **options)


globals().update(conformance.tests_for(SqliteMemory))
