"""Identifiers: when a name is quoted, and how.

A name is quoted when it is a reserved word, holds a character outside the plain set, starts with a
digit or ``$``, has an upper-case letter (a plain name is folded by the database), or when its
``quoted_name`` asks for it. Each preparer remembers its answers: a compiler asks for the same few
names again and again.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any, ClassVar

from ormolu.exc import CompileError, IdentifierError

__all__ = ["RESERVED_WORDS", "IdentifierPreparer"]

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*\Z")
_PHRASE = re.compile(r"\w+(?:\s+\w+)*\Z")

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
    the database takes. A dialect whose constraints and indexes have a limit of their own says so
    in ``max_constraint_name_length`` and ``max_index_name_length``.
    """

    max_constraint_name_length: ClassVar[int | None] = None
    max_index_name_length: ClassVar[int | None] = None

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

    # -- names of schema items

    def format_schema(self, name: str) -> str:
        """Return the quoted name of a schema."""
        return self.quote(name)

    def format_table(self, table: Any, use_schema: bool = True, name: str | None = None) -> str:
        """Return the quoted name of a table, after its schema unless told otherwise."""
        schema = getattr(table, "schema", None) if use_schema else None
        return self.format_qualified(schema, table.name if name is None else name)

    def format_sequence(self, sequence: Any, use_schema: bool = True) -> str:
        """Return the quoted name of a sequence, after its schema unless told otherwise."""
        return self.format_table(sequence, use_schema)

    def format_column(
        self,
        column: Any,
        use_table: bool = False,
        name: str | None = None,
        table_name: str | None = None,
    ) -> str:
        """Return the quoted name of a column, after its table's on request."""
        text = self.quote(column.name if name is None else name)
        if not use_table:
            return text
        return f"{self.format_table(column.table, use_schema=False, name=table_name)}.{text}"

    def format_alias(self, alias: Any, name: str | None = None) -> str:
        """Return the quoted name of an alias."""
        return self.quote(alias.name if name is None else name)

    def format_label(self, label: Any, name: str | None = None) -> str:
        """Return the quoted name of a label."""
        return self.quote(label.name if name is None else name)

    def format_savepoint(self, savepoint: Any, name: str | None = None) -> str:
        """Return the quoted name of a savepoint."""
        return self.quote(savepoint.ident if name is None else name)

    def format_collation(self, collation_name: str) -> str:
        """Return the quoted name of a collation."""
        return self.quote(collation_name)

    def format_constraint(self, constraint: Any) -> str | None:
        """Return the quoted name of a constraint, None if it has none.

        A name made by a naming convention is shortened where the database allows no such length.

        :raises IdentifierError: a name given by the user is too long.
        """
        name = constraint.name
        if not isinstance(name, str) or not name:
            return None
        return self.quote(self.fitting(name, self.max_constraint_name_length))

    def format_index(self, index: Any) -> str:
        """Return the quoted name of an index; as ``format_constraint``."""
        return self.quote(self.fitting(index.name, self.max_index_name_length))

    def fitting(self, name: str, limit: int | None) -> str:
        """Return ``name`` if it fits; a generated one is cut and ends in a part of its digest.

        :raises IdentifierError: a name given by the user is too long.
        """
        limit = self.max_length if limit is None else limit
        if len(name) <= limit:
            return name
        if not getattr(name, "_shortened_on_need", False):
            return self.check_length(name, limit)
        digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
        return f"{name[: limit - 8]}_{digest[-4:]}"

    def validate_sql_phrase(self, phrase: str, reg: re.Pattern[str] = _PHRASE) -> str:
        """Return words such as ``SET NULL`` as they are.

        :param reg: what the phrase must look like, words alone by default.
        :raises CompileError: for anything else, which could end the statement.
        """
        if not reg.match(phrase):
            raise CompileError(f"Unexpected SQL phrase: {phrase!r}: write words such as 'SET NULL'")
        return phrase

    def unformat_identifiers(self, identifiers: str) -> list[str]:
        """Return the parts of a dotted name (``'a."b c".d'``) without their quotes."""
        final = self.final_quote
        one, last = re.escape(self.initial_quote), re.escape(final)
        found = re.findall(
            rf"(?:{one}((?:{last}{last}|[^{last}])+){last}|([^.]+))(?=\.|$)", identifiers
        )
        return [quoted.replace(final * 2, final) or plain for quoted, plain in found]

    def check_length(self, name: str, limit: int | None = None) -> str:
        """Return ``name`` if the database accepts its length.

        :raises IdentifierError: when it is longer than the dialect's ``max_length``.
        """
        limit = self.max_length if limit is None else limit
        if len(name) > limit:
            raise IdentifierError(
                f"the identifier {name!r} has {len(name)} characters, more than the "
                f"{limit} that this database allows: give it a shorter name"
            )
        return name
