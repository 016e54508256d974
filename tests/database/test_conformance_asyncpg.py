"""The conformance suite on PostgreSQL, through asyncpg."""

from __future__ import annotations

import pytest

from backends import PostgreSQLTarget
from ormolu.testing import conformance

pytestmark = pytest.mark.backend("postgresql+asyncpg")


class Asyncpg(PostgreSQLTarget):
    is_async = True
    takes_text_for_dates = False


globals().update(conformance.tests_for(Asyncpg))
