"""Details of Core: each program prints the same on ormolu and on SQLAlchemy."""

from __future__ import annotations

import gc
from pathlib import Path

import programs_applications
import programs_core_details
import pytest
from core_library import Program, printed
from library import Library

from ormolu import create_engine, event, select

PROGRAMS = [
    pytest.param(program, id=name.removeprefix("program_"))
    for module in (programs_core_details, programs_applications)
    for name, program in sorted(vars(module).items())
    if name.startswith("program_")
]


@pytest.mark.filterwarnings("ignore")  # of what both warn of
@pytest.mark.parametrize("program", PROGRAMS)
def test_program_prints_the_same_on_both(program: Program) -> None:
    assert printed(program, Library("ormolu")) == printed(program, Library("sqlalchemy"))


@pytest.mark.parametrize("observed", [False, True])
def test_a_connection_dropped_inside_a_transaction_goes_back_at_once(
    observed: bool, tmp_path: Path
) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    if observed:
        event.listen(engine, "before_cursor_execute", lambda *_: None)
    gc.disable()
    try:
        connection = engine.connect()
        result = connection.execute(select(1))
        del connection
        assert engine.pool.checkedout() == 1
        kept = result.connection
        assert result.scalar() == 1
        assert kept.in_transaction()
        kept.close()
        assert engine.pool.checkedout() == 0
        del kept, result
        connection = engine.connect()
        connection.execute(select(1)).all()
        assert engine.pool.checkedout() == 1
        del connection
        assert engine.pool.checkedout() == 0
    finally:
        gc.enable()
    engine.dispose()
