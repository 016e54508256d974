"""What is asked of a transaction is also asked of a two-phase one; texts without parameters."""

from __future__ import annotations

from typing import Any

import pytest
from three_ways import Library

NAMES = ("isolation", "read_only", "deferrable")
MODES: tuple[tuple[dict[str, Any], list[str]], ...] = (
    ({}, ["read committed", "off", "off"]),
    ({"isolation_level": "SERIALIZABLE"}, ["serializable", "off", "off"]),
    (
        {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
        ["repeatable read", "on", "off"],
    ),
    (
        {
            "isolation_level": "SERIALIZABLE",
            "postgresql_readonly": True,
            "postgresql_deferrable": True,
        },
        ["serializable", "on", "on"],
    ),
)


def characteristics(connection: Any) -> list[str]:
    """How a two-phase transaction was begun, which is undone."""
    transaction = connection.begin_twophase()
    found = [connection.exec_driver_sql(f"SHOW transaction_{name}").scalar() for name in NAMES]
    transaction.rollback()
    return found


@pytest.mark.parametrize(("options", "expected"), MODES)
def test_a_two_phase_transaction_is_begun_in_the_modes_of_its_connection(
    library: Library, options: dict[str, Any], expected: list[str]
) -> None:
    assert library.connected(characteristics, library.engine(), **options) == expected


def test_a_two_phase_transaction_has_the_isolation_level_of_its_engine(library: Library) -> None:
    engine = library.engine(isolation_level="SERIALIZABLE")
    assert library.connected(characteristics, engine) == ["serializable", "off", "off"]


def test_modes_of_one_two_phase_transaction_are_not_those_of_the_next(library: Library) -> None:
    engine = library.engine()
    serializable = {"isolation_level": "SERIALIZABLE"}
    assert library.connected(characteristics, engine, **serializable)[0] == "serializable"
    assert library.connected(characteristics, engine)[0] == "read committed"


def test_percent_signs_of_a_text_without_parameters_are_its_own(library: Library) -> None:
    def program(connection: Any) -> Any:
        options = {"no_parameters": True}
        text = "SELECT '100%', '%s %% %(x)s'"
        return connection.exec_driver_sql(text, execution_options=options).one()

    assert tuple(library.run(program)) == ("100%", "%s %% %(x)s")
