"""The conformance suite: what every dialect and driver must do, by seam.

A dialect's test module says how to reach its database, and takes over all suites::

    class Acme(conformance.Target):
        def make_engine(self, **options):
            return create_engine("acme://test", **options)

    globals().update(conformance.tests_for(Acme))

or inherits the suites one by one (``class TestTypes(Acme, conformance.TypeSuite)``), to skip or
replace single tests. It needs pytest (no plugin).
"""

from . import assertions as assertions
from .all_suites import SUITES as SUITES
from .all_suites import tests_for as tests_for
from .suite import Database as Database
from .suite import Suite as Suite
from .suite import Target as Target
from .types import DatetimeOrderSuite as DatetimeOrderSuite
from .types import TypeSuite as TypeSuite
