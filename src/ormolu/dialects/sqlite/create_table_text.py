"""Reading the text of a ``CREATE TABLE`` that SQLite has stored.

The pragmas of SQLite tell columns and keys but neither the names of constraints, nor DEFERRABLE,
nor CHECK constraints, nor the expressions of computed columns: these stand only in the statement's
text. The text is cut into its top-level parts (commas outside parentheses and quotes), each part is
cut into tokens, and the tokens are read by the grammar of
https://www.sqlite.org/lang_createtable.html. SQLite has already accepted the text, so nothing is
checked. Regular expressions over the whole text were rejected: a comma or a keyword in a default, a
comment or a quoted name misleads them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["TableText", "read", "where_of"]

_TOKEN = re.compile(
    r"""--[^\n]*|/\*.*?\*/"""  # comments
    r"""|"(?:[^"]|"")*"|'(?:[^']|'')*'|`(?:[^`]|``)*`|\[[^\]]*\]"""  # quoted
    r"""|[(),]|[^\s(),"'`\[]+""",
    re.DOTALL,
)
_CLOSERS = {'"': '"', "'": "'", "`": "`", "[": "]"}


class Token(NamedTuple):
    """A word, a quoted name, a parenthesis or a comma, and where it stands in the text."""

    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """The token as a keyword is compared; a quoted name is no keyword."""
        return self.text.upper()


@dataclass(slots=True)
class KeyText:
    """A UNIQUE or FOREIGN KEY constraint as written."""

    name: str | None
    columns: list[str]
    deferrable: bool | None = None
    initially: str | None = None
    beside_column: bool = False


@dataclass(slots=True)
class CheckText:
    """A CHECK constraint as written."""

    name: str | None
    sqltext: str


@dataclass(slots=True)
class TableText:
    """What only the text of a table tells."""

    primary_key: str | None = None
    uniques: list[KeyText] = field(default_factory=list)
    foreign_keys: list[KeyText] = field(default_factory=list)
    checks: list[CheckText] = field(default_factory=list)
    computed: dict[str, tuple[str, bool]] = field(default_factory=dict)
    autoincrement: bool = False
    without_rowid: bool = False
    strict: bool = False


def read(sql: str) -> TableText:
    """Read the stored text of a table."""
    return _Reader(sql).read()


def where_of(sql: str) -> str | None:
    """Return the condition of a partial index, from the text of its CREATE INDEX."""
    depth = 0
    for token in _tokens(sql):
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.word == "WHERE":
            return sql[token.end :].strip()
    return None


def _tokens(sql: str) -> list[Token]:
    found = [Token(match.group(), *match.span()) for match in _TOKEN.finditer(sql)]
    return [token for token in found if not token.text.startswith(("--", "/*"))]


class _Reader:
    """Reads one text; ``found`` is what was read so far."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.found = TableText()

    def read(self) -> TableText:
        for part in self._parts():
            if not self._read_table_constraint(part):
                self._read_column(part)
        return self.found

    def _parts(self) -> list[list[Token]]:
        """Return the tokens of each definition between the outer parentheses."""
        parts: list[list[Token]] = [[]]
        depth = 0
        tokens = _tokens(self.sql)
        for position, token in enumerate(tokens):
            if token.text == ")":
                depth -= 1
                if depth == 0:
                    self._read_options(tokens[position + 1 :])
                    break
            if depth == 1 and token.text == ",":
                parts.append([])
            elif depth >= 1:
                parts[-1].append(token)
            if token.text == "(":
                depth += 1
        return [part for part in parts if part]

    def _read_options(self, tokens: list[Token]) -> None:
        words = [token.word for token in tokens]
        self.found.without_rowid = "WITHOUT" in words
        self.found.strict = "STRICT" in words

    def _between(self, inside: list[Token]) -> str:
        """Return the text of these tokens as it was written."""
        return self.sql[inside[0].start : inside[-1].end] if inside else ""

    def _read_table_constraint(self, tokens: list[Token]) -> bool:
        """Read a table constraint; False when the part defines a column instead."""
        name = None
        at = 0
        if tokens[0].word == "CONSTRAINT":
            name, at = _bare(tokens[1]), 2
        head = tokens[at].word
        if head == "PRIMARY":
            self.found.primary_key = name
        elif head == "UNIQUE":
            columns, _ = _parenthesised(tokens, at + 1)
            self.found.uniques.append(KeyText(name, _names(columns)))
        elif head == "FOREIGN":
            columns, end = _parenthesised(tokens, at + 2)
            self.found.foreign_keys.append(_foreign_key(name, _names(columns), tokens[end:]))
        elif head == "CHECK":
            inside, _ = _parenthesised(tokens, at + 1)
            self.found.checks.append(CheckText(name, self._between(inside)))
        else:
            return False
        return True

    def _read_column(self, tokens: list[Token]) -> None:
        """Read the constraints that are written beside a column."""
        found = self.found
        column = _bare(tokens[0])
        name: str | None = None
        at = 1
        while at < len(tokens):
            word = tokens[at].word
            at += 1
            if word == "(":  # arguments of a type, an expression
                _, at = _parenthesised(tokens, at - 1)
            elif word == "CONSTRAINT":
                name, at = _bare(tokens[at]), at + 1
            elif word == "PRIMARY":
                found.primary_key, name = name, None
            elif word == "UNIQUE":
                found.uniques.append(KeyText(name, [column], beside_column=True))
                name = None
            elif word == "REFERENCES":
                found.foreign_keys.append(_foreign_key(name, [column], tokens[at:]))
                name = None
            elif word == "AUTOINCREMENT":
                found.autoincrement = True
            elif word == "CHECK":
                inside, at = _parenthesised(tokens, at)
                found.checks.append(CheckText(name, self._between(inside)))
                name = None
            elif word == "AS":
                inside, at = _parenthesised(tokens, at)
                stored = any(token.word == "STORED" for token in tokens[at:])
                found.computed[column] = (self._between(inside), stored)


def _bare(token: Token) -> str:
    """Return a name without its quotes."""
    text = token.text
    closer = _CLOSERS.get(text[0])
    return text[1:-1].replace(closer * 2, closer) if closer else text


def _parenthesised(tokens: list[Token], start: int) -> tuple[list[Token], int]:
    """Return the tokens between the parenthesis at ``start`` and its partner, and where it ends."""
    depth = 0
    for position in range(start, len(tokens)):
        if tokens[position].text == "(":
            depth += 1
        elif tokens[position].text == ")":
            depth -= 1
            if depth == 0:
                return tokens[start + 1 : position], position + 1
    return tokens[start + 1 :], len(tokens)


def _names(tokens: list[Token]) -> list[str]:
    """Return the first word of each entry (``"a" COLLATE x, b DESC`` gives a, b)."""
    names: list[str] = []
    wanted = True
    for token in tokens:
        if token.text == ",":
            wanted = True
        elif wanted:
            names.append(_bare(token))
            wanted = False
    return names


def _foreign_key(name: str | None, columns: list[str], tokens: list[Token]) -> KeyText:
    words = [token.word for token in tokens]
    key = KeyText(name, columns)
    if "DEFERRABLE" in words:
        at = words.index("DEFERRABLE")
        key.deferrable = not (at and words[at - 1] == "NOT")
    if "INITIALLY" in words[:-1]:
        key.initially = words[words.index("INITIALLY") + 1]
    return key
