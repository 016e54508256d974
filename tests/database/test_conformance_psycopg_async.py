"""The conformance suite on PostgreSQL, through psycopg's asynchronous connections."""

from __future__ import annotations

import pytest

from backends import PostgreSQLTarget
from ormolu.testing import conformance

pytestmark = pytest.mark.backend("postgresql+psycopg_async")


class PsycopgAsync(PostgreSQLTarget):
    is_async = True


globals().update(conformance.tests_for(PsycopgAsync))
