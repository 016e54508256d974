"""The conformance suite on MariaDB, through asyncmy."""

from __future__ import annotations

import pytest

from backends import MySQLTarget
from ormolu.testing import conformance

pytestmark = pytest.mark.backend("mysql+asyncmy")


class Asyncmy(MySQLTarget):
    is_async = True


globals().update(conformance.tests_for(Asyncmy))
