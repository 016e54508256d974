"""The differential programs on a server: one database, which the libraries use in turn."""

from __future__ import annotations

import gc
import inspect
import warnings
from collections.abc import Callable
from types import CodeType, ModuleType, SimpleNamespace
from typing import Any

import core_library
import programs_applications
import programs_core_connections
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
import programs_engine
import programs_events
import programs_history
import programs_mapping
import programs_query
import programs_query_more
import programs_select
from library import Library

from ormolu import create_engine

Program = Callable[[Library], Any]

_MODULES: tuple[ModuleType, ...] = (
    programs_applications,
    programs_core_connections, programs_core_dml, programs_core_events,
    programs_core_expressions, programs_core_functions, programs_core_reflection,
    programs_core_results, programs_core_schema, programs_core_selectables, programs_core_tutorial,
    programs_core_types, programs_engine, programs_events, programs_history, programs_mapping,
    programs_query, programs_query_more, programs_select,
)  # fmt: skip


_ABOUT_SQLITE = ("program_two_phases_are_not_sqlites",)
"""Of no use elsewhere: it asks how a database that has no two phases refuses them."""


class ServedLibrary(Library):
    """A library whose engines are on a server.

    :param url: gives the URL of each engine's database.
    """

    def __init__(self, root: str, url: Callable[[], str]) -> None:
        super().__init__(root)
        self.url = url
        self._engines: list[Any] = []

    def engine(self) -> Any:
        engine = self.sql.create_engine(self.url())
        self._engines.append(engine)
        return engine

    def filled_blog(self) -> tuple[SimpleNamespace, Any]:
        """The blog, its rows' keys given; PostgreSQL's sequences are told of them."""
        models, engine = super().filled_blog()
        if engine.dialect.name == "postgresql":
            with engine.begin() as connection:
                for table in models.base.metadata.sorted_tables:
                    if "id" in table.columns:
                        connection.exec_driver_sql(
                            f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id))"
                            f" FROM {table.name}"
                        )
        return models, engine

    def close(self) -> None:
        """Close what the program left open: its sessions, and the engines' connections.

        A connection that comes back to a pool after its engine's end is closed by nobody. To
        collect the sessions as garbage would not do: a program that failed may be kept alive by
        its error, for example in a record of psycopg's log that pytest has captured.
        """
        self.orm.close_all_sessions()
        gc.collect()  # connections without a session give theirs back
        for engine in self._engines:
            engine.dispose()


def is_mysql(url: str) -> bool:
    """Whether MySQL answers at a URL, and not MariaDB."""
    engine = create_engine(url)
    with engine.connect():
        found = engine.dialect.name == "mysql" and not engine.dialect.is_mariadb
    engine.dispose()
    return found


def outcome(program: Program, root: str, url: Callable[[], str]) -> Any:
    """What a program returns or prints; where it raises, the exception's class.

    :param url: gives the URL of each engine's database.
    """
    library = ServedLibrary(root, url)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what both warn of
            return library.error(lambda: _result(program, library))
    finally:
        library.close()


def _result(program: Program, library: Library) -> Any:
    if inspect.isgeneratorfunction(program):
        return core_library.printed(program, library)
    return program(library)


def _names(code: CodeType) -> set[str]:
    inner = [_names(part) for part in code.co_consts if isinstance(part, CodeType)]
    return set(code.co_names).union(*inner)


def _reaches_an_engine(function: Any) -> bool:
    """Whether a program asks its library for an engine, itself or by a helper of its module."""
    names = _names(function.__code__)
    helpers = [function.__globals__.get(name) for name in names if name.startswith("_")]
    return bool(names & {"engine", "filled_blog", "filled_harbour", "_made"}) or any(
        _reaches_an_engine(helper) for helper in helpers if inspect.isfunction(helper)
    )


PROGRAMS: dict[str, Program] = {
    f"{module.__name__.removeprefix('programs_')}-{name.removeprefix('program_')}": program
    for module in _MODULES
    for name, program in sorted(vars(module).items())
    if name.startswith("program_") and name not in _ABOUT_SQLITE and _reaches_an_engine(program)
}
