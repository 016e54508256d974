"""The conformance suite on MariaDB, through mysqlclient."""

from __future__ import annotations

import pytest

from backends import MySQLTarget
from ormolu.testing import conformance

pytestmark = pytest.mark.backend("mysql+mysqldb")


class Mysqlclient(MySQLTarget):
    """Blocking."""


globals().update(conformance.tests_for(Mysqlclient))
