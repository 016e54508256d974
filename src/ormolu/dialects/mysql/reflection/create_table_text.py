"""Reading what SHOW CREATE TABLE writes.

``information_schema`` knows neither temporary tables nor how a table is partitioned; for these the
server is asked for the statement that would create the table, and its text is read. The server
writes it by fixed rules (keywords in capitals, names quoted where they need it), so it is cut into
tokens, the body into its top-level parts, and each part is read word by word. What only newer
servers can parse stands in executable comments, ``/*!80023 INVISIBLE */``, whose marks are dropped.

Foreign keys aren't read, since temporary tables have none:
https://dev.mysql.com/doc/refman/8.4/en/create-temporary-table.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ormolu.dialects.mysql.reflection.column_types import unescaped
from ormolu.dialects.mysql.reflection.facts import (
    CheckFacts,
    ColumnFacts,
    IndexFacts,
    IndexPart,
    TableFacts,
)

__all__ = ["read"]

_QUOTED = r"""'(?:[^'\\]|\\.|'')*'|`(?:[^`]|``)*`|"(?:[^"]|"")*\""""
_TOKEN = re.compile(rf"{_QUOTED}|[(),]|[^\s(),`\"']+", re.DOTALL)
_MARKS = re.compile(rf"({_QUOTED})|/\*M?!\d*|\*/", re.DOTALL)
_STRING = re.compile(r"'(?:[^'\\]|\\.|'')*'", re.DOTALL)
_OPTION = re.compile(
    r"(DEFAULT CHARSET|(?:DATA|INDEX) DIRECTORY|`[^`]+`|\w+)=('(?:[^'\\]|\\.|'')*'|\([^)]*\)|\S+)",
    re.DOTALL,
)
#: https://dev.mysql.com/doc/refman/8.4/en/show-create-table.html
_PARTITIONS = re.compile(
    r"PARTITION BY (?P<partition_by>.+?)\s*"
    r"(?:\nPARTITIONS (?P<partitions>\d+)\s*)?"
    r"(?:\nSUBPARTITION BY (?P<subpartition_by>.+?)\s*"
    r"(?:\nSUBPARTITIONS (?P<subpartitions>\d+)\s*)?)?"
    r"(?:\n(?P<partition_definitions>\(.*\)))?\s*",
    re.DOTALL,
)
_INDEX_WORDS = frozenset({"PRIMARY", "UNIQUE", "KEY", "FULLTEXT", "SPATIAL", "VECTOR"})
#: What may follow a column's DEFAULT.
_AFTER_DEFAULT = frozenset({"ON", "AUTO_INCREMENT", "COMMENT", "CHECK", "INVISIBLE", "STORAGE"})


_STARTS = re.compile(r"CREATE( TEMPORARY)? TABLE\b")


def read(sql: str) -> TableFacts | None:
    """Read the text of a table; None for that of a view."""
    if _STARTS.match(sql) is None:
        return None
    text = _MARKS.sub(lambda mark: mark[1] or " ", sql)
    words = _Words(text, list(_tokens(text)))
    words.skip("CREATE")
    words.skip("TEMPORARY")
    words.skip("TABLE")
    table = TableFacts(words.name())
    parts, end = words.parts()
    _read_options(table, text[end:].strip())
    for part in parts:
        _read_part(table, part)
    return table


class _Token(NamedTuple):
    text: str
    start: int
    end: int


def _tokens(text: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        yield _Token(found[0], found.start(), found.end())


_END = _Token("", 0, 0)


class _Words:
    """The tokens of a part of the text, read from first to last."""

    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    def take(self) -> _Token:
        self.at += 1
        return self.tokens[self.at - 1] if self.at <= len(self.tokens) else _END

    def skip(self, *words: str) -> bool:
        """Step over these words, if they come next."""
        coming = [token.text for token in self.tokens[self.at : self.at + len(words)]]
        if coming != list(words):
            return False
        self.at += len(words)
        return True

    def name(self) -> str:
        return _name(self.take().text)

    def string(self) -> str:
        return unescaped(self.take().text[1:-1])

    def parenthesis(self) -> str:
        """Step over a parenthesis, and return what stands in it."""
        start = self.take()
        depth, end = 1, start
        while depth:
            end = self.take()
            depth += (end.text == "(") - (end.text == ")")
        return self.text[start.end : end.start]

    def parts(self) -> tuple[list[_Words], int]:
        """Step over a parenthesis; return what its commas divide, and where it ends."""
        self.take()
        parts: list[list[_Token]] = [[]]
        depth = 1
        while True:
            token = self.take()
            depth += (token.text == "(") - (token.text == ")")
            if not depth:
                return [_Words(self.text, part) for part in parts], token.end
            if depth == 1 and token.text == ",":
                parts.append([])
            else:
                parts[-1].append(token)

    def expression(self) -> str:
        """Step over an expression up to the next word that may follow one; return its text."""
        first = last = self.tokens[self.at]
        while self.at < len(self.tokens) and self.peek() not in _AFTER_DEFAULT:
            if self.peek() == "(":
                self.parenthesis()
                last = self.tokens[self.at - 1]
            else:
                last = self.take()
        return self.text[first.start : last.end]


def _name(text: str) -> str:
    """Return a name without its quotes."""
    quote = text[:1]
    return text[1:-1].replace(quote * 2, quote) if quote in ("`", '"') else text


def _read_part(table: TableFacts, words: _Words) -> None:
    if words.peek() in _INDEX_WORDS:
        table.indexes.append(_index(table, words))
    elif words.skip("CONSTRAINT"):
        name = words.name()
        if words.skip("CHECK"):
            table.checks.append(CheckFacts(name, words.parenthesis()))
    elif words.peek() != "PERIOD":
        table.columns.append(_column(table, words))


def _column(table: TableFacts, words: _Words) -> ColumnFacts:
    name, type_ = words.name(), words.take().text
    if words.peek() == "(":
        type_ += f"({words.parenthesis()})"
    column = ColumnFacts(name, type_)
    while words.at < len(words.tokens):
        column = _attribute(table, column, words)
    return column


def _attribute(table: TableFacts, column: ColumnFacts, words: _Words) -> ColumnFacts:
    """Read the next attribute of a column; one that isn't known says nothing here."""
    if words.skip("CHARACTER", "SET"):
        return column._replace(charset=words.take().text)
    if words.skip("COLLATE"):
        return column._replace(collation=words.take().text)
    if words.skip("NOT", "NULL"):
        return column._replace(nullable=False)
    if words.skip("DEFAULT"):
        text = words.expression()
        return column._replace(default=None if text == "NULL" else text)
    if words.skip("ON", "UPDATE"):
        return column._replace(on_update=words.expression())
    if words.skip("AUTO_INCREMENT"):
        return column._replace(autoincrement=True)
    if words.skip("COMMENT"):
        return column._replace(comment=words.string())
    if words.skip("AS"):
        return column._replace(computed=f"({words.parenthesis()})")
    if words.skip("CHECK"):
        table.checks.append(CheckFacts(None, words.parenthesis()))
        return column
    word = words.take().text
    if word in ("unsigned", "zerofill"):
        return column._replace(type=f"{column.type} {word}")
    return column._replace(persisted=True) if word in ("STORED", "PERSISTENT") else column


def _index(table: TableFacts, words: _Words) -> IndexFacts:
    kind = words.take().text
    if kind != "KEY":
        words.skip("KEY")
    name = "PRIMARY" if kind == "PRIMARY" else words.name()
    prefix = kind if kind not in ("PRIMARY", "UNIQUE", "KEY") else None
    parts = tuple(_index_part(part) for part in words.parts()[0])
    index = IndexFacts(name, kind in ("PRIMARY", "UNIQUE"), parts, prefix)
    while words.at < len(words.tokens):
        if words.skip("USING"):
            using = words.take().text
            usual = using == table.usual_algorithm()
            index = index._replace(using=None if usual else using.lower())
        elif words.skip("WITH", "PARSER"):
            index = index._replace(parser=words.name())
        else:
            words.take()
    return index


def _index_part(words: _Words) -> IndexPart:
    if words.peek() == "(":
        expression = f"({words.parenthesis()})"
        return IndexPart(None, expression, descending=words.skip("DESC"))
    column = words.name()
    length = int(words.parenthesis()) if words.peek() == "(" else None
    return IndexPart(column, length=length, descending=words.skip("DESC"))


def _read_options(table: TableFacts, text: str) -> None:
    """Read what follows the parenthesis. The next number of a counter is no part of the table."""
    # A string may look like anything, so it is hidden while the partitions are looked for.
    hidden = _STRING.sub(lambda found: "x" * len(found[0]), text)
    start = hidden.find("PARTITION BY")
    partitions = None if start < 0 else _PARTITIONS.fullmatch(text, start)
    for name, value in _OPTION.findall(text if start < 0 else text[:start]):
        table.options[name.strip("`").lower()] = value
    table.options.pop("auto_increment", None)
    comment = table.options.pop("comment", None)
    table.comment = None if comment is None else unescaped(comment[1:-1])
    table.collation = table.options.get("collate")
    if partitions is not None:
        given = {name: text for name, text in partitions.groupdict().items() if text}
        table.options.update({name: re.sub(r",\n\s*", ", ", text) for name, text in given.items()})
