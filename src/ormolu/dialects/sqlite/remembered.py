"""Answers about all tables of a schema, asked for at once and kept while they are described.

A pragma tells about one table, but as a function in a FROM clause it is joined to the list of
tables: https://www.sqlite.org/pragma.html#pragfunc. So the plans that describe a table, which ask
by pragmas, describe any number of them in the same number of queries.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ormolu.dialects.base import Core
from ormolu.io.plan import Plan

__all__ = ["RememberingCore", "pragma_text", "remember_pragmas_plan", "remember_texts_plan"]

Rows = list[tuple[Any, ...]]
_OF_TABLES = {
    "table_xinfo": "'table', 'view'",
    "foreign_key_list": "'table', 'view'",
    "index_list": "'table', 'view'",
    "index_info": "'index'",
}


class RememberingCore:
    """A connection core that asks nothing twice."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.known: dict[tuple[str, tuple[Any, ...]], Rows] = {}

    def query_plan(self, sql: str, params: tuple[Any, ...] = ()) -> Plan[Rows]:
        """As the core's."""
        key = sql, params
        if key not in self.known:
            self.known[key] = yield from self._core.query_plan(sql, params)
        return self.known[key]


def pragma_text(place: str, pragma: str, quoted: str) -> str:
    """The text that asks about one table or index, whose name and schema are quoted."""
    return f"PRAGMA {place}.{pragma}({quoted})"


def remember_pragmas_plan(
    core: Core, into: RememberingCore, places: Iterable[tuple[str, str]], quote: Any
) -> Plan[None]:
    """Ask what the pragmas tell about everything in some schemas, each given quoted and bare.

    What one of them refuses to tell (a view may be broken) will be asked for table by table.
    """
    found: dict[tuple[str, str], dict[str, Rows]] = {}
    for place, name in places:
        literal = name.replace("'", "''")
        for pragma, kinds in _OF_TABLES.items():
            sql = (
                f"SELECT m.name, p.* FROM {place}.sqlite_master AS m LEFT JOIN "
                f"pragma_{pragma}(m.name, '{literal}') AS p WHERE m.type IN ({kinds})"
            )
            rows: Rows | None = yield from core.look_plan(sql, lambda error: True)
            if rows is not None:
                by_name = found[place, pragma] = {}
                for row in rows:
                    told = by_name.setdefault(row[0], [])
                    if row[1] is not None:
                        told.append(row[1:])
    for (place, pragma), by_name in found.items():
        # Who looks for something in one schema and finds nothing asks the next one.
        for name in {n for (_, asked), names in found.items() if asked == pragma for n in names}:
            key = pragma_text(place, pragma, quote(name)), ()
            into.known.setdefault(key, by_name.get(name, []))


def remember_texts_plan(
    core: Core, into: RememberingCore, one: str, source: str, kind: str
) -> Plan[None]:
    """Ask for the stored texts of everything of a kind.

    :param one: the text that asks for one, by its name.
    """
    rows: Rows = yield from core.query_plan(f"SELECT name, sql FROM {source} WHERE {kind}")
    for name, sql in rows:
        into.known.setdefault((one, (name,)), [(sql,)])
