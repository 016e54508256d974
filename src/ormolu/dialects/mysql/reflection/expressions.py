"""Defaults, expressions and options as ``information_schema`` writes them.

MariaDB gives SQL text. MySQL gives the value of a literal default without its quotes, escapes the
quotes inside expressions (https://bugs.mysql.com/bug.php?id=100607), and takes the bytes of what is
beyond ASCII in them for latin1, so that ``ä`` reads ``Ã¤``; all of it is undone here.
"""

from __future__ import annotations

import re

from ormolu.dialects.mysql.server import Server

__all__ = ["default_of", "on_update_of", "options_of", "plain"]

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"0": "\0", "n": "\n", "r": "\r"}
#: What SHOW CREATE TABLE escapes in a literal.
_ESCAPES = str.maketrans({"\\": r"\\", "\0": r"\0", "\n": r"\n", "\r": r"\r"})
_ON_UPDATE = re.compile(r"\bon update (\w+(?:\(\d*\))?)", re.IGNORECASE)
_NOW = re.compile(r"CURRENT_TIMESTAMP(\(\d*\))?", re.IGNORECASE)
_BITS_OR_BYTES = re.compile(r"b'[01]*'|0x[0-9A-Fa-f]*")
_OPTION = re.compile(r"(`[^`]+`|\w+)=('[^']*'|\"[^\"]*\"|\S+)")


def plain(text: str, server: Server) -> str:
    """Return an expression as it was written."""
    if server.mariadb:
        return text
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), _decoded(text))


def _decoded(text: str) -> str:
    """Return an expression whose UTF-8 was taken for latin1.

    What a server had right, or an expression that a latin1 connection wrote, is no such text.
    """
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def on_update_of(extra: str) -> str | None:
    """Return what a column is set to when its row changes, from its ``EXTRA``."""
    found = _ON_UPDATE.search(extra)
    return None if found is None else found[1]


def default_of(text: str | None, type_: str, extra: str, server: Server) -> str | None:
    """Return a default as SQL text, None where there is none.

    :param type_: the type of the column; ``extra``: its ``EXTRA``, in lower case.
    """
    if text is None:
        return None
    if server.mariadb and server.reaches(mariadb=(10, 2, 7)):
        return None if text == "NULL" else text
    if "default_generated" in extra:
        expression = plain(text, server)
        return expression if _NOW.fullmatch(expression) else f"({expression})"
    if _is_literal(text, type_):
        return text
    escaped = text.translate(_ESCAPES) if server.backslash_escapes else text
    return "'" + escaped.replace("'", "''") + "'"


def _is_literal(text: str, type_: str) -> bool:
    """Whether a default of MySQL stands without quotes."""
    if type_.startswith(("timestamp", "datetime")):
        return _NOW.fullmatch(text) is not None
    if type_.startswith(("bit", "binary", "varbinary")):
        return _BITS_OR_BYTES.fullmatch(text) is not None
    return False


def options_of(text: str) -> dict[str, str]:
    """Return the options of ``CREATE_OPTIONS``: ``row_format=DYNAMIC partitioned``.

    MySQL encloses strings in double quotes, which enclose names where ANSI_QUOTES is set.
    """
    options = {name.strip("`").lower(): _single(value) for name, value in _OPTION.findall(text)}
    if "partitioned" in _OPTION.sub("", text).lower():
        options["partitioned"] = ""
    return options


def _single(value: str) -> str:
    return value.replace('"', "'") if value[:1] == '"' else value
