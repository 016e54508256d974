"""The conformance suite on MariaDB, through PyMySQL."""

from __future__ import annotations

import pytest

from backends import MySQLTarget
from ormolu.testing import conformance

pytestmark = pytest.mark.backend("mysql+pymysql")


class Pymysql(MySQLTarget):
    """Blocking."""


globals().update(conformance.tests_for(Pymysql))
