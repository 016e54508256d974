"""Identifiers: when a name is quoted, and how.

A name is quoted when it is a reserved word, holds a character outside the plain set, starts with a
digit or ``$``, has an upper-case letter (a plain name is folded by the database), or when its
``quoted_name`` asks for it. Each preparer remembers its answers: a compiler asks for the same few
names again and again.
"""

from __future__ import annotations

import re

from ormolu.exc import CompileError, IdentifierError

__all__ = ["RESERVED_WORDS", "IdentifierPreparer"]

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*\Z")

#: Words that standard SQL databases refuse as plain identifiers.
RESERVED_WORDS: frozenset[str] = frozenset(
    [
        "all",
        "analyse",
        "analyze",
        "and",
        "any",
        "array",
        "as",
        "asc",
        "asymmetric",
        "authorization",
        "between",
        "binary",
        "both",
        "case",
        "cast",
        "check",
        "collate",
        "column",
        "constraint",
        "create",
        "cross",
        "current_date",
        "current_role",
        "current_time",
        "current_timestamp",
        "current_user",
        "default",
        "deferrable",
        "desc",
        "distinct",
        "do",
        "else",
        "end",
        "except",
        "false",
        "for",
        "foreign",
        "freeze",
        "from",
        "full",
        "grant",
        "group",
        "having",
        "ilike",
        "in",
        "initially",
        "inner",
        "intersect",
        "into",
        "is",
        "isnull",
        "join",
        "leading",
        "left",
        "like",
        "limit",
        "localtime",
        "localtimestamp",
        "natural",
        "new",
        "not",
        "notnull",
        "null",
        "off",
        "offset",
        "old",
        "on",
        "only",
        "or",
        "order",
        "outer",
        "overlaps",
        "placing",
        "primary",
        "references",
        "right",
        "select",
        "session_user",
        "set",
        "similar",
        "some",
        "symmetric",
        "table",
        "then",
        "to",
        "trailing",
        "true",
        "union",
        "unique",
        "user",
        "using",
        "verbose",
        "when",
        "where",
    ]
)


class IdentifierPreparer:
    """Quotes names for one dialect.

    ``initial_quote`` and ``final_quote`` enclose a quoted name, ``max_length`` is the longest one
    the
    database takes.
    """

    __slots__ = (
        "_cache",
        "final_quote",
        "initial_quote",
        "max_length",
        "reserved_words",
    )

    def __init__(
        self,
        *,
        reserved_words: frozenset[str] = RESERVED_WORDS,
        initial_quote: str = '"',
        final_quote: str | None = None,
        max_length: int = 9999,
    ) -> None:
        self.reserved_words = reserved_words
        self.initial_quote = initial_quote
        self.final_quote = final_quote or initial_quote
        self.max_length = max_length
        self._cache: dict[str, str] = {}

    def quote(self, name: str) -> str:
        """Return ``name``, quoted when it must be (or when its ``quote`` attribute says so)."""
        force: bool | None = getattr(name, "quote", None)
        if force is not None:
            return self.quote_identifier(name) if force else str(name)
        quoted = self._cache.get(name)
        if quoted is None:
            quoted = self._cache[name] = (
                self.quote_identifier(name) if self.requires_quotes(name) else name
            )
        return quoted

    def quote_identifier(self, name: str) -> str:
        """Return ``name`` in quotes, whatever it is.

        :raises CompileError: for a NUL, which no database can hold in a name.
        """
        if "\0" in name:
            raise CompileError(f"the name {name!r} contains a NUL character: choose another name")
        escaped = name.replace(self.final_quote, self.final_quote * 2)
        return f"{self.initial_quote}{escaped}{self.final_quote}"

    def requires_quotes(self, name: str) -> bool:
        """Say whether the database would misread ``name`` without quotes."""
        return name in self.reserved_words or _PLAIN.match(name) is None

    def quote_schema(self, schema: str) -> str:
        """Quote a schema name, part by part where it is dotted and not explicitly quoted."""
        return self.quote(schema)

    def format_qualified(self, schema: str | None, name: str) -> str:
        """Return ``schema.name``, each part quoted as needed."""
        if schema is None:
            return self.quote(name)
        return f"{self.quote_schema(schema)}.{self.quote(name)}"

    def check_length(self, name: str) -> str:
        """Return ``name`` if the database accepts its length.

        :raises IdentifierError: when it is longer than the dialect's ``max_length``.
        """
        if len(name) > self.max_length:
            raise IdentifierError(
                f"the identifier {name!r} has {len(name)} characters, more than the "
                f"{self.max_length} that this database allows: give it a shorter name"
            )
        return name
