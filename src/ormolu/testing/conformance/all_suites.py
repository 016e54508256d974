"""All suites, and the test classes that run them on one target."""

from __future__ import annotations

from .relationships import LoaderSuite, RelationshipSuite
from .suite import Suite, Target
from .types import DatetimeOrderSuite, TypeSuite

SUITES: tuple[type[Suite], ...] = (TypeSuite, DatetimeOrderSuite, RelationshipSuite, LoaderSuite)


def tests_for(target: type[Target]) -> dict[str, type[Suite]]:
    """Return a test class per suite, by name, for the ``globals()`` of a test module."""
    classes: dict[str, type[Suite]] = {}
    for suite in SUITES:
        name = f"Test{target.__name__}{suite.__name__.removesuffix('Suite')}"
        classes[name] = type(name, (target, suite), {"__module__": target.__module__})
    return classes
