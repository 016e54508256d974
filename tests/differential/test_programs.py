"""Each program runs on ormolu and on SQLAlchemy; what it returns must be equal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import programs_bulk
import programs_engine
import programs_events
import programs_history
import programs_mapping
import programs_query
import programs_query_more
import programs_relationships
import programs_select
import programs_session
import pytest
from library import Library

KNOWN = {
    "attribute_events": "an item taken out by a replacement is told once (docs/differences.md, 10)",
    "contains_many_to_many": "contains() on a many-to-many is EXISTS (docs/differences.md, 9)",
}
"""Intended differences, with their section, and bugs still to be fixed."""


def _case(function: Callable[[Library], Any]) -> Any:
    reason = KNOWN.get(function.__name__.removeprefix("program_"))
    marks = () if reason is None else (pytest.mark.xfail(strict=True, reason=reason),)
    return pytest.param(function, marks=marks, id=function.__name__.removeprefix("program_"))


PROGRAMS = [
    _case(function)
    for module in (
        programs_select,
        programs_session,
        programs_query,
        programs_query_more,
        programs_relationships,
        programs_bulk,
        programs_history,
        programs_mapping,
        programs_events,
        programs_engine,
    )
    for name, function in sorted(vars(module).items())
    if name.startswith("program_")
]


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.LegacyAPIWarning")
def test_program_gives_the_same_on_both(program: Callable[[Library], Any]) -> None:
    assert program(Library("ormolu")) == program(Library("sqlalchemy"))
