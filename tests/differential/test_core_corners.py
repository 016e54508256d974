"""The less trodden corners of Core: each program prints the same on ormolu and on SQLAlchemy."""

from __future__ import annotations

import programs_core_corners
import pytest
from core_library import Program, printed
from library import Library

PROGRAMS = [
    pytest.param(program, id=name.removeprefix("program_"))
    for name, program in sorted(vars(programs_core_corners).items())
    if name.startswith("program_")
]


@pytest.mark.filterwarnings("ignore")  # of what both warn of
@pytest.mark.parametrize("program", PROGRAMS)
def test_program_prints_the_same_on_both(program: Program) -> None:
    assert printed(program, Library("ormolu")) == printed(program, Library("sqlalchemy"))
