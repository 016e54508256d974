"""Reading the text of a ``CREATE TABLE`` that SQLite has stored.

The pragmas of SQLite tell columns and keys but neither the names of constraints, nor DEFERRABLE,
nor the
expressions of computed columns: these stand only in the statement's text. The text is cut into its
top-level parts (commas outside parentheses and quotes), each part is cut into tokens, and the
tokens
are read by the grammar of https://www.sqlite.org/lang_createtable.html. SQLite has already
accepted the
text, so nothing is checked. Regular expressions over the whole text were rejected: a comma or a
keyword in a default, a comment or a quoted name misleads them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

__all__ = ["TableText", "read"]

_TOKEN = re.compile(
    r"""--[^\n]*|/\*.*?\*/"""  # comments
    r"""|"(?:[^"]|"")*"|'(?:[^']|'')*'|`(?:[^`]|``)*`|\[[^\]]*\]"""  # quoted
    r"""|[(),]|[^\s(),"'`\[]+""",
    re.DOTALL,
)
_CLOSERS = {'"': '"', "'": "'", "`": "`", "[": "]"}


@dataclass(slots=True)
class KeyText:
    """A PRIMARY KEY, UNIQUE or FOREIGN KEY constraint as written."""

    name: str | None
    columns: list[str]
    deferrable: bool | None = None
    initially: str | None = None


@dataclass(slots=True)
class TableText:
    """What only the text of a table tells."""

    primary_key: str | None = None
    uniques: list[KeyText] = field(default_factory=list)
    foreign_keys: list[KeyText] = field(default_factory=list)
    computed: dict[str, tuple[str, bool]] = field(default_factory=dict)
    autoincrement: bool = False


def read(sql: str) -> TableText:
    """Read the stored text of a table."""
    found = TableText()
    for part in _parts(sql):
        if not _read_table_constraint(part, found):
            _read_column(part, found)
    return found


def _parts(sql: str) -> list[list[str]]:
    """Return the tokens of each definition between the outer parentheses."""
    parts: list[list[str]] = [[]]
    depth = 0
    for match in _TOKEN.finditer(sql):
        token = match.group()
        if token.startswith(("--", "/*")):
            continue
        if token == ")":
            depth -= 1
            if depth == 0:
                break
        if depth == 1 and token == ",":
            parts.append([])
        elif depth >= 1:
            parts[-1].append(token)
        if token == "(":
            depth += 1
    return [part for part in parts if part]


def _bare(token: str) -> str:
    """Return a name without its quotes."""
    closer = _CLOSERS.get(token[0])
    return token[1:-1].replace(closer * 2, closer) if closer else token


def _parenthesised(tokens: list[str], start: int) -> tuple[list[str], int]:
    """Return the tokens between the parenthesis at ``start`` and its partner, and where it ends."""
    depth = 0
    for position in range(start, len(tokens)):
        if tokens[position] == "(":
            depth += 1
        elif tokens[position] == ")":
            depth -= 1
            if depth == 0:
                return tokens[start + 1 : position], position + 1
    return tokens[start + 1 :], len(tokens)


def _names(tokens: list[str]) -> list[str]:
    """Return the first word of each entry (``"a" COLLATE x, b DESC`` gives a, b)."""
    names: list[str] = []
    wanted = True
    for token in tokens:
        if token == ",":
            wanted = True
        elif wanted:
            names.append(_bare(token))
            wanted = False
    return names


def _read_table_constraint(tokens: list[str], found: TableText) -> bool:
    """Read a table constraint; False when the part defines a column instead."""
    words = [token.upper() for token in tokens]
    name = None
    at = 0
    if words[0] == "CONSTRAINT":
        name, at = _bare(tokens[1]), 2
    head = words[at]
    if head == "PRIMARY":
        found.primary_key = name
    elif head == "UNIQUE":
        columns, _ = _parenthesised(tokens, at + 1)
        found.uniques.append(KeyText(name, _names(columns)))
    elif head == "FOREIGN":
        columns, end = _parenthesised(tokens, at + 2)
        found.foreign_keys.append(_foreign_key(name, _names(columns), words[end:]))
    elif head != "CHECK":
        return False
    return True


def _foreign_key(name: str | None, columns: list[str], words: list[str]) -> KeyText:
    key = KeyText(name, columns)
    if "DEFERRABLE" in words:
        at = words.index("DEFERRABLE")
        key.deferrable = not (at and words[at - 1] == "NOT")
    if "INITIALLY" in words[:-1]:
        key.initially = words[words.index("INITIALLY") + 1]
    return key


def _read_column(tokens: list[str], found: TableText) -> None:
    """Read the constraints that are written beside a column."""
    column = _bare(tokens[0])
    words = [token.upper() for token in tokens]
    name: str | None = None
    for at, word in enumerate(words):
        if at == 0:
            continue
        if word == "CONSTRAINT":
            name = _bare(tokens[at + 1])
        elif word == "PRIMARY":
            found.primary_key, name = name, None
        elif word == "UNIQUE":
            found.uniques.append(KeyText(name, [column]))
            name = None
        elif word == "REFERENCES":
            found.foreign_keys.append(_foreign_key(name, [column], words[at:]))
            name = None
        elif word == "AUTOINCREMENT":
            found.autoincrement = True
        elif word == "AS" and words[at + 1 : at + 2] == ["("]:
            expression, end = _parenthesised(tokens, at + 1)
            found.computed[column] = (_spaced(expression), "STORED" in words[end:])


def _spaced(tokens: list[str]) -> str:
    return " ".join(tokens).replace("( ", "(").replace(" )", ")").replace(" ,", ",")
