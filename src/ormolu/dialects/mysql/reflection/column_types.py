"""The SQL types of the column types that the server names: ``int(10) unsigned``.

https://dev.mysql.com/doc/refman/8.4/en/data-types.html, https://mariadb.com/kb/en/data-types/
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from ormolu import types as sqltypes
from ormolu.dialects.mysql import integers, numbers, strings, temporal
from ormolu.dialects.mysql.enumerated import ENUM, SET
from ormolu.dialects.mysql.json import JSON
from ormolu.dialects.mysql.types import BIT, INET4, INET6
from ormolu.exc import SAWarning

__all__ = ["quoted_strings", "type_of", "unescaped"]

Type = sqltypes.TypeEngine[Any]
Make = Callable[[str, dict[str, Any]], Type]

_DECLARED = re.compile(r"(\w+)\s*(?:\((.*)\))?\s*([\w\s]*)", re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STRING = re.compile(r"'((?:[^'\\]|''|\\.)*)'", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)|''", re.DOTALL)
#: https://dev.mysql.com/doc/refman/8.4/en/string-literals.html
_ESCAPED = {"0": "\0", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a"}


def unescaped(text: str) -> str:
    """Return what stands between the quotes of a string literal as the string that it means."""
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]) if found[1] else "'", text)


def quoted_strings(text: str) -> list[str]:
    """Return the string literals of a list, ``'a','it''s'``."""
    return [unescaped(found) for found in _STRING.findall(text)]


def type_of(
    declared: str, column: str, charset: str | None = None, collation: str | None = None
) -> Type:
    """Return the type of a column.

    :param declared: the type as the server writes it, ``varchar(20)``.
    :param column: the column's name, for the warning.
    :param charset: its character set where it isn't the table's, ``collation`` its collation.

    A type that isn't known here gives a ``NullType``, and a warning.
    """
    match = _DECLARED.match(_COMMENT.sub(" ", declared))
    name, arguments, attributes = match.groups() if match else ("", None, "")
    make = _TYPES.get(name.lower())
    if make is None:
        warnings.warn(
            f"Did not recognize type {declared!r} of column {column!r}", SAWarning, stacklevel=2
        )
        return sqltypes.NullType()
    options: dict[str, Any] = {"charset": charset, "collation": collation}
    options.update((word, True) for word in attributes.lower().split())
    return make(arguments or "", options)


def _given(options: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: options[name] for name in names if options.get(name) is not None}


def _sizes(arguments: str) -> list[int]:
    return [int(size) for size in arguments.split(",") if size.strip()]


def _plain(cls: type[Any]) -> Make:
    return lambda arguments, options: cls()


def _sized(cls: type[Any]) -> Make:
    """A type whose only argument is a size."""
    return lambda arguments, options: cls(*_sizes(arguments))


def _number(cls: type[Any]) -> Make:
    def make(arguments: str, options: dict[str, Any]) -> Type:
        found: Type = cls(*_sizes(arguments), **_given(options, "unsigned", "zerofill"))
        return found

    return make


def _text(cls: type[Any]) -> Make:
    def make(arguments: str, options: dict[str, Any]) -> Type:
        found: Type = cls(*_sizes(arguments), **_given(options, "charset", "collation"))
        return found

    return make


def _moment(cls: type[Any]) -> Make:
    def make(arguments: str, options: dict[str, Any]) -> Type:
        found: Type = cls(fsp=int(arguments)) if arguments else cls()
        return found

    return make


def _enum(arguments: str, options: dict[str, Any]) -> Type:
    return ENUM(*quoted_strings(arguments), **_given(options, "charset", "collation"))


def _set(arguments: str, options: dict[str, Any]) -> Type:
    values = quoted_strings(arguments)
    more = {"retrieve_as_bitwise": True} if "" in values else {}
    return SET(*values, **_given(options, "charset", "collation"), **more)


_TYPES: Mapping[str, Make] = {
    "bigint": _number(integers.BIGINT),
    "binary": _sized(sqltypes.BINARY),
    "bit": _sized(BIT),
    "blob": _sized(sqltypes.BLOB),
    "char": _text(strings.CHAR),
    "date": _plain(sqltypes.DATE),
    "datetime": _moment(temporal.DATETIME),
    "decimal": _number(numbers.DECIMAL),
    "double": _number(numbers.DOUBLE),
    "enum": _enum,
    "float": _number(numbers.FLOAT),
    "inet4": _plain(INET4),
    "inet6": _plain(INET6),
    "int": _number(integers.INTEGER),
    "json": _plain(JSON),
    "longblob": _plain(strings.LONGBLOB),
    "longtext": _text(strings.LONGTEXT),
    "mediumblob": _plain(strings.MEDIUMBLOB),
    "mediumint": _number(integers.MEDIUMINT),
    "mediumtext": _text(strings.MEDIUMTEXT),
    "set": _set,
    "smallint": _number(integers.SMALLINT),
    "text": _text(strings.TEXT),
    "time": _moment(temporal.TIME),
    "timestamp": _moment(temporal.TIMESTAMP),
    "tinyblob": _plain(strings.TINYBLOB),
    "tinyint": _number(integers.TINYINT),
    "tinytext": _text(strings.TINYTEXT),
    "uuid": _plain(sqltypes.UUID),
    "varbinary": _sized(sqltypes.VARBINARY),
    "varchar": _text(strings.VARCHAR),
    "year": _sized(temporal.YEAR),
}
