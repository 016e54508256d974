"""Every public name of SQLAlchemy has its namesake, with the same parameters, methods, attributes.

What has none is named, with the reason: a module's name in ``docs/differences.md``, anything finer
in `surface_exceptions`. An exception that isn't needed any more fails as well.
"""

from __future__ import annotations

import importlib
import re
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import public_surface
import pytest
import surface_exceptions as exceptions
import surface_members as members


def words(*texts: str) -> set[str]:
    return {word for text in texts for word in text.split()}


DIFFERENCES = Path(__file__).parents[2] / "docs" / "differences.md"
#: Members without a namesake, and the classes that they are of.
LISTS = [
    (
        words(*members.OF_DIALECTS.values()),
        ("DefaultDialect", "Dialect", "StrCompileDialect", "dialect"),
    ),
    (words(*members.OF_CONTEXTS.values()), ("ExecutionContext", "DefaultExecutionContext")),
    (words(*members.OF_COMPILED.values()), ("Compiled", "TypeCompiler")),
    *((words(names), (owner,)) for owner, (_, names) in members.OF_OTHERS.items()),
]
MEMBERS = {owner: listed for listed, owners in LISTS for owner in owners}
NAMES_OF_STATEMENTS = frozenset(exceptions.OF_STATEMENTS)


@cache
def gaps(module: str) -> tuple[str, ...]:
    return tuple(public_surface.gaps(module, frozenset(exceptions.INTERNAL_ATTRIBUTES)))


def excused(gap: str) -> bool:
    owner, attribute = re.match(r"(\w+)(?:\.(\w+))?", gap).groups()  # type: ignore[union-attr]
    if gap[len(owner) :] in MEMBERS.get(owner, ()) or attribute in NAMES_OF_STATEMENTS:
        return True
    if attribute is None and owner in exceptions.MADE_BY_THE_LIBRARY:
        return True
    return any(fnmatchcase(gap, pattern) for pattern in exceptions.SINGLE)


@pytest.mark.parametrize("module", public_surface.MODULES)
def test_a_public_name_has_its_namesake_or_a_line_in_the_differences(module: str) -> None:
    said = set(re.findall(r"`(\w+)`", DIFFERENCES.read_text()))
    assert [name for name in public_surface.missing_names(module) if name not in said] == []


@pytest.mark.parametrize("module", public_surface.MODULES)
def test_a_namesake_has_the_same_parameters_methods_and_attributes(module: str) -> None:
    assert [gap for gap in gaps(module) if not excused(gap)] == []


def test_no_exception_is_left_over() -> None:
    found = [gap for module in public_surface.MODULES for gap in gaps(module)]
    needless = [
        pattern
        for pattern in exceptions.SINGLE
        if not any(fnmatchcase(gap, pattern) for gap in found)
    ]
    assert needless == []
    for listed, owners in LISTS:
        members = {gap[len(owner) :] for gap in found for owner in owners if gap.startswith(owner)}
        assert listed - members == set()
    constructors = {gap.partition("(")[0] for gap in found}
    assert exceptions.MADE_BY_THE_LIBRARY - constructors == set()


@pytest.mark.parametrize("database", ["mssql", "oracle"])
def test_a_database_that_is_not_provided_is_said_to_be(database: str) -> None:
    importlib.import_module(f"sqlalchemy.dialects.{database}")
    assert public_surface.namesake(f"dialects.{database}") is None
    assert f"`{database}`" in DIFFERENCES.read_text()
