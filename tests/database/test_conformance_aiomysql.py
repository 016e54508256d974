"""The conformance suite on MariaDB, through aiomysql."""

from __future__ import annotations

import pytest

from backends import MySQLTarget
from ormolu.testing import conformance

pytestmark = pytest.mark.backend("mysql+aiomysql")


class Aiomysql(MySQLTarget):
    is_async = True


globals().update(conformance.tests_for(Aiomysql))
