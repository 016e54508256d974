"""What the conformance modules of the servers' drivers have in common."""

from __future__ import annotations

from typing import Any

import pytest

from ormolu.engine import Engine, create_engine
from ormolu.engine.async_engine import AsyncEngine, create_async_engine
from ormolu.testing import conformance


class ServerTarget(conformance.Target):
    """Reaches the backend that the module is marked with: ``pytest.mark.backend(name)``."""

    url: str

    @pytest.fixture(autouse=True)
    def _own_database(self, backend_url: str) -> None:
        self.url = backend_url

    def make_engine(self, **options: Any) -> Engine | AsyncEngine:
        create = create_async_engine if self.is_async else create_engine
        return create(self.url, **options)


class PostgreSQLTarget(ServerTarget):
    """PostgreSQL: it takes a parameter's text for a date where the driver sends text."""

    takes_text_for_dates = True


class MySQLTarget(ServerTarget):
    """MariaDB and MySQL: loose about types, without NULLS LAST; DDL commits what was before it."""

    takes_text_for_dates = True
    types_parameters = False
    keeps_fractions = False
    compares_trailing_spaces = False
    names_primary_keys = False
    orders_nulls = False
    rolls_back_ddl = False
