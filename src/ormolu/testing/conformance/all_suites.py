"""All suites, and the test classes that run them on one target."""

from __future__ import annotations

from .core import ErrorSuite, ResultSuite, TransactionSuite
from .eager_defaults import EagerDefaultSuite
from .faults import FaultSuite
from .reflected_tables import ReflectedTableSuite
from .reflection import ReflectionSuite
from .relationships import LoaderSuite, RelationshipSuite
from .schema import ConstraintSuite, DefaultSuite, MappingSuite
from .selectables import SelectableSuite, ValuesSuite
from .statements import SelectSuite, WriteSuite
from .suite import Suite, Target
from .types import DatetimeOrderSuite, TypeSuite
from .unset_values import UnsetValueSuite
from .violations import ViolationSuite

SUITES: tuple[type[Suite], ...] = (
    ResultSuite,
    TransactionSuite,
    ErrorSuite,
    TypeSuite,
    DatetimeOrderSuite,
    DefaultSuite,
    ConstraintSuite,
    MappingSuite,
    ReflectionSuite,
    ReflectedTableSuite,
    RelationshipSuite,
    LoaderSuite,
    SelectSuite,
    SelectableSuite,
    ValuesSuite,
    WriteSuite,
    FaultSuite,
    ViolationSuite,
    UnsetValueSuite,
    EagerDefaultSuite,
)


def tests_for(target: type[Target]) -> dict[str, type[Suite]]:
    """Return a test class per suite, by name, for the ``globals()`` of a test module."""
    classes: dict[str, type[Suite]] = {}
    for suite in SUITES:
        name = f"Test{target.__name__}{suite.__name__.removesuffix('Suite')}"
        classes[name] = type(name, (target, suite), {"__module__": target.__module__})
    return classes
