"""Each program runs on ormolu and on SQLAlchemy; what it returns must be equal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import programs_query
import programs_relationships
import programs_select
import programs_session
import pytest
from library import Library

PROGRAMS = [
    function
    for module in (programs_select, programs_session, programs_query, programs_relationships)
    for name, function in sorted(vars(module).items())
    if name.startswith("program_")
]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda f: f.__name__.removeprefix("program_"))
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.LegacyAPIWarning")
def test_program_gives_the_same_on_both(program: Callable[[Library], Any]) -> None:
    assert program(Library("ormolu")) == program(Library("sqlalchemy"))
