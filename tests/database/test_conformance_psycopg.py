"""The conformance suite on PostgreSQL, through psycopg."""

from __future__ import annotations

import pytest

from backends import PostgreSQLTarget
from ormolu.testing import conformance

pytestmark = pytest.mark.backend("postgresql+psycopg")


class Psycopg(PostgreSQLTarget):
    """Blocking."""


globals().update(conformance.tests_for(Psycopg))
