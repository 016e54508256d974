"""Programs about all else give the same on ormolu and on SQLAlchemy on servers, too.

Those about bulk work, relationships and sessions are in `test_programs_on_servers`.
"""

from __future__ import annotations

from typing import Any

import pytest
import test_core_programs as core_programs
from programs_on_servers import PROGRAMS, is_mysql, outcome

POSTGRESQL, MYSQL = "postgresql+psycopg", "mysql+mysqldb"

CATALOG = "each library asks the catalog in its own words"
ARRAYS = "many rows are sent as arrays, by another statement and with other parameters"
KEYS_IN_ORDER = "the keys of a printed dict come in another order"
ANYWHERE = {
    "core_schema-events_of_ddl": CATALOG,
    "core_schema-ordering_of_tables": CATALOG,
    "core_tutorial-create_and_drop": CATALOG,
    "engine-errors_carry_their_statement": "the parameters of a missing value are those given",
    "mapping-viewonly": "SQLAlchemy inserts a child before the parent that it names as a value",
    "query_more-contains_many_to_many": "contains() on many-to-many is EXISTS (differences, 9)",
}
KNOWN: dict[str, dict[str, str]] = {
    POSTGRESQL: {
        **ANYWHERE,
        "core_dml-defaults_are_computed": ARRAYS,
        "core_dml-sqlite_upserts": "SQLAlchemy fails on another dialect's ON CONFLICT",
        "core_reflection-inspector": KEYS_IN_ORDER,
        "core_reflection-inspector_of_everything": KEYS_IN_ORDER,
        "core_types-texts_of_types": "a compiled statement shows its text",
        "engine-connection_events": ARRAYS,
        "engine-driver_calls_are_taken_over": ARRAYS,
        "engine-errors_are_handled": ARRAYS,
        "engine-statements_are_replaced": "an INSERT has a row count where it has generated keys",
        "mapping-post_update": f"{ARRAYS}; a flush names the parameters of the key itself",
        "query_more-with_loader_criteria": "selectinload asks by an array (docs/differences.md)",
    },
    MYSQL: ANYWHERE,
}
"""Intended differences, and bugs still to be fixed."""

NOT_ON_MARIADB = {"core_selectables-values_are_rows": "SQLAlchemy lacks MySQL's VALUES ROW(…)"}
"""Intended differences on MySQL where MariaDB shows none."""


def _cases() -> list[Any]:
    cases = []
    for backend, known in KNOWN.items():
        for name in PROGRAMS:
            reason = known.get(name)
            marks = [] if reason is None else [pytest.mark.xfail(strict=True, reason=reason)]
            cases.append(pytest.param(backend, name, marks=marks, id=f"{backend}-{name}"))
    return cases


def test_what_is_known_is_said_of_programs_that_there_are() -> None:
    assert {name for known in KNOWN.values() for name in known} - PROGRAMS.keys() == set()


@pytest.mark.parametrize(("backend_url", "name"), _cases(), indirect=["backend_url"])
def test_program_gives_the_same_on_a_server(
    backend_url: str, name: str, empty_database: Any
) -> None:
    found = []
    for root in ("ormolu", "sqlalchemy"):
        found.append(outcome(PROGRAMS[name], root, lambda: backend_url))
        empty_database()
    alike = name not in NOT_ON_MARIADB or not is_mysql(backend_url)
    assert (found[0] == found[1]) is alike


# Where an INSERT has generated keys, SQLAlchemy's row count is -1 and its result is empty.
KEYS_ARE_RETURNED = {
    "c.execute(insert(t), [{'name': 'n3'}, {'name': 'n4'}]).rowcount",
    "c.execute(insert(t).from_select(['name', 'x'], select(t.c.name, t.c.x))).rowcount",
    "c.execute(insert(t).values(name=select(t.c.name).where(t.c.id == 1)"
    ".scalar_subquery())).rowcount",
    "c.execute(insert(t).values(x=1)).first()",
}
KEYS_OF_DICTIONARIES = {
    "inspect(c).get_pk_constraint('t')",
    "inspect(c).get_unique_constraints('u')",
}


@pytest.mark.parametrize(
    ("backend_url", "known"),
    [(POSTGRESQL, KEYS_ARE_RETURNED | KEYS_OF_DICTIONARIES), (MYSQL, set())],
    ids=[POSTGRESQL, MYSQL],
    indirect=["backend_url"],
)
@pytest.mark.filterwarnings("ignore")
def test_core_expressions_have_the_same_values_on_a_server(
    backend_url: str, known: set[str], empty_database: Any
) -> None:
    found = []
    for root in ("ormolu", "sqlalchemy"):
        library = core_programs.Library(root, backend_url)
        found.append({each: library.run(each)[0] for each in core_programs.PROGRAMS})
        library.engine.dispose()
        empty_database()
    ours, theirs = found
    assert {each for each in ours if ours[each] != theirs[each]} == known
