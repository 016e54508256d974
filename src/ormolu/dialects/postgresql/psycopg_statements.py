"""Texts of statements as PostgreSQL reads them, and which of them its server has prepared.

A text with psycopg's placeholders (``%(name)s``, ``%s``) is read once into the server's form
(``$1``) and kept. One that is executed often is prepared, per types of its parameters, since these
belong to the server's parsing of it
(https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY).

psycopg keeps such a record too, but empties it after each ROLLBACK that it sees, because a rollback
may undo DDL. Here the record lasts until there was DDL to undo, so that a pooled connection keeps
its prepared statements from session to session.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import psycopg
from psycopg.adapt import PyFormat

from ormolu.dialects.postgresql.psycopg_formats import TEXT

Types = tuple[int, ...]

_KEPT = 500
_PLACE = re.compile(r"%(?:(?P<escape>%)|(?:\((?P<name>[^)]+)\))?(?P<format>.)|$)", re.DOTALL)
_FORMATS = {"s": PyFormat.AUTO, "b": PyFormat.BINARY, "t": PyFormat.TEXT}
# Others gain nothing by being prepared, and some may not share a round trip with the preparation.
_PREPARABLE = re.compile(
    r"\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*\(?\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|VALUES|MERGE)\b",
    re.IGNORECASE | re.DOTALL,
)
# https://www.postgresql.org/docs/current/sql-declare.html: a query, and none that writes.
_DECLARED = re.compile(r"\s*(?:--[^\n]*\n\s*)*\(?\s*(?:SELECT|VALUES|TABLE|WITH)\b", re.IGNORECASE)
_WRITES = re.compile(r"\s*WITH\b.*\b(?:INSERT|UPDATE|DELETE|MERGE)\b", re.IGNORECASE | re.DOTALL)


def may_be_declared(sql: str) -> bool:
    """Say whether the server can open a cursor for a statement."""
    return _DECLARED.match(sql) is not None and _WRITES.match(sql) is None


class Prepared:
    """A statement that the server has prepared, for some types of parameters.

    ``format`` is the one in which its results come, and ``known`` whether that was decided: what
    columns they have, of which types, is as fixed as the server's preparation.
    """

    __slots__ = ("format", "known", "name", "statement", "types")

    def __init__(self, name: bytes, statement: Statement, types: Types) -> None:
        self.name = name
        self.statement = statement
        self.types = types
        self.format = TEXT
        self.known = False


class Statement:
    """One text.

    - ``query``: the text as it is sent; ``names``: the names of its parameters in order, None when
      they go by position; ``formats``: one of psycopg's formats per parameter.
    - ``simple``: perhaps several statements, or COPY: what only the simple protocol takes.
    - ``prepared``: how the server knows it, ``uses``: how often it was executed before; both by
      the types of the parameters. ``ahead``: the types for which it is to be prepared before it is
      executed again.
    """

    __slots__ = (
        "_pick",
        "ahead",
        "formats",
        "names",
        "preparable",
        "prepared",
        "query",
        "simple",
        "uses",
    )

    def __init__(self, query: bytes, names: Sequence[str] | None, formats: list[PyFormat]) -> None:
        self.query = query
        self.names = names
        self._pick: Callable[[Any], Sequence[Any]] = itemgetter(*(names or ("",)))
        self.formats = formats
        self.preparable = False
        self.simple = False
        self.prepared: dict[Types, Prepared] = {}
        self.uses: dict[Types, int] = {}
        self.ahead: set[Types] = set()

    def values(self, params: Any) -> Sequence[Any]:
        """Return the values of a parameter set in the order of the text.

        :raises psycopg.ProgrammingError: when there are too few or too many.
        """
        names = self.names
        # The class itself is looked at first: asking for ``Mapping`` costs as much as the rest.
        if names is not None and (type(params) is dict or isinstance(params, Mapping)):
            try:
                return (params[names[0]],) if len(names) == 1 else self._pick(params)
            except KeyError as error:
                missing = sorted(name for name in names if name not in params)
                raise psycopg.ProgrammingError(
                    f"query parameter missing: {', '.join(missing)}"
                ) from error
        if names is not None or isinstance(params, Mapping):
            wanted, given = ("a mapping", "a sequence") if names else ("a sequence", "a mapping")
            raise psycopg.ProgrammingError(
                f"the placeholders of the query take {wanted} of parameters, not {given}"
            )
        if len(params) != len(self.formats):
            raise psycopg.ProgrammingError(
                f"the query has {len(self.formats)} placeholders "
                f"but {len(params)} parameters were passed"
            )
        return params  # type: ignore[no-any-return]


def read(sql: str, encoding: str) -> Statement:
    """Return the statement of a text with psycopg's placeholders.

    :raises psycopg.ProgrammingError: for a placeholder that there is not.
    """
    names: dict[str, int] = {}
    formats: list[PyFormat] = []

    def place(match: re.Match[str]) -> str:
        if match["escape"]:
            return "%"
        format_ = _FORMATS.get(match["format"] or "")
        if format_ is None:
            raise psycopg.ProgrammingError(
                "only '%s', '%b', '%t' are allowed as placeholders, "
                f"got {match[0]!r}; write '%%' for a percent sign"
            )
        name = match["name"]
        if name in names:
            return f"${names[name]}"
        formats.append(format_)
        if name is not None:
            names[name] = len(formats)
        return f"${len(formats)}"

    text = _PLACE.sub(place, sql) if "%" in sql else sql
    if names and len(names) != len(formats):
        raise psycopg.ProgrammingError("positional and named placeholders cannot be mixed")
    statement = Statement(text.encode(encoding), list(names) or None, formats)
    several = not formats and ";" in text.rstrip("; \t\r\n")
    statement.simple = several or text.lstrip()[:4].upper() == "COPY"
    statement.preparable = _PREPARABLE.match(text) is not None
    return statement


class StatementRecord:
    """The texts that one connection has executed, and what its server has prepared.

    ``threshold`` is how often a text is executed before it is prepared, None for never; ``size``
    how many stay prepared, None for all. ``stale`` has the names of those that are no longer in
    this record, of which the server is still to be told.
    """

    __slots__ = ("_counter", "_places", "_statements", "encoding", "size", "stale", "threshold")

    def __init__(self, encoding: str, threshold: int | None, size: int | None) -> None:
        self.encoding = encoding
        self.threshold = threshold
        self.size = size
        self.stale: list[bytes] = []
        self._statements: dict[str, Statement] = {}
        self._places: dict[bytes, Prepared] = {}
        self._counter = 0

    def get(self, sql: str) -> Statement:
        """Return the statement of a text."""
        found = self._statements.get(sql)
        if found is None:
            if len(self._statements) >= _KEPT:
                self._statements = {
                    text: each for text, each in self._statements.items() if each.prepared
                }
            found = self._statements[sql] = read(sql, self.encoding)
        return found

    def wants(self, statement: Statement, types: Types, eager: bool) -> bool:
        """Count an execution; say whether the statement is to be prepared for it.

        :param eager: at once, for there are more to come.
        """
        if self.threshold is None or not statement.preparable:
            return False
        used = statement.uses.get(types, 0)
        statement.uses[types] = used + 1
        return eager or used >= self.threshold

    def note(self, statement: Statement, types: Types) -> Prepared:
        """Note that the server prepares a statement.

        Where there is no room for another one, the one that was prepared first is forgotten.
        """
        if self.size is not None and len(self._places) >= max(1, self.size):
            oldest = next(iter(self._places))
            self.forget(oldest)
            self.stale.append(oldest)
        self._counter += 1
        made = Prepared(b"ormolu_%d" % self._counter, statement, types)
        statement.prepared[types] = self._places[made.name] = made
        return made

    def forget(self, name: bytes) -> None:
        """Forget a prepared statement."""
        gone = self._places.pop(name)
        gone.statement.prepared.pop(gone.types, None)

    def clear(self) -> None:
        """Forget what is prepared: it may have been for tables that are others now."""
        self.stale += self._places
        for gone in self._places.values():
            gone.statement.prepared.pop(gone.types, None)
        self._places.clear()

    def forget_formats(self) -> None:
        """Have the formats of results decided anew."""
        for prepared in self._places.values():
            prepared.format, prepared.known = TEXT, False
