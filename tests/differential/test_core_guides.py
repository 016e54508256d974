"""What one is taught of Core, as programs: each prints the same on ormolu and on SQLAlchemy."""

from __future__ import annotations

import programs_core_connections
import programs_core_constructs
import programs_core_dml
import programs_core_events
import programs_core_expressions
import programs_core_functions
import programs_core_reflection
import programs_core_results
import programs_core_schema
import programs_core_selectables
import programs_core_tutorial
import programs_core_types
import pytest
from core_library import Program, printed
from library import Library

KNOWN: dict[str, str] = {}
"""Intended differences, each with its line in docs/differences.md."""


def _case(name: str, program: Program) -> object:
    reason = KNOWN.get(name)
    marks = () if reason is None else (pytest.mark.xfail(strict=True, reason=reason),)
    return pytest.param(program, marks=marks, id=name)


PROGRAMS = [
    _case(name.removeprefix("program_"), program)
    for module in (
        programs_core_tutorial,
        programs_core_expressions,
        programs_core_functions,
        programs_core_selectables,
        programs_core_dml,
        programs_core_schema,
        programs_core_reflection,
        programs_core_types,
        programs_core_connections,
        programs_core_results,
        programs_core_events,
        programs_core_constructs,
    )
    for name, program in sorted(vars(module).items())
    if name.startswith("program_")
]


@pytest.mark.filterwarnings("ignore")  # of what both warn of: old names, skipped casts
@pytest.mark.parametrize("program", PROGRAMS)
def test_program_prints_the_same_on_both(program: Program) -> None:
    assert printed(program, Library("ormolu")) == printed(program, Library("sqlalchemy"))
