"""Programs of applications on MySQL and MariaDB print the same on ormolu and on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable

import programs_mysql
import pytest
from core_library import Program
from programs_on_servers import outcome

from backends.catalogue import with_driver

PROGRAMS = [
    pytest.param(program, id=name.removeprefix("program_"))
    for name, program in sorted(vars(programs_mysql).items())
    if name.startswith("program_")
]


@pytest.mark.parametrize("driver", ["mysql+mysqldb", "mysql+pymysql"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_program_prints_the_same_on_both(
    program: Program, driver: str, mysql_databases: Callable[[], str]
) -> None:
    found = [
        outcome(program, root, lambda: with_driver(mysql_databases(), driver))
        for root in ("ormolu", "sqlalchemy")
    ]
    assert isinstance(found[0], list), found
    assert found[0] == found[1]
