"""What follows the parenthesis of CREATE TABLE.

https://dev.mysql.com/doc/refman/8.4/en/create-table.html#create-table-options
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["table_options"]

#: Options of several words.
_SPACED = frozenset(
    {
        "CHARACTER_SET",
        "DATA_DIRECTORY",
        "DEFAULT_CHARACTER_SET",
        "DEFAULT_CHARSET",
        "DEFAULT_COLLATE",
        "INDEX_DIRECTORY",
        "PARTITION_BY",
        "SUBPARTITION_BY",
    }
)
#: Options that stand at the end, in this order.
_PARTITION = (
    "PARTITION_BY",
    "PARTITIONS",
    "SUBPARTITION_BY",
    "SUBPARTITIONS",
    "PARTITION_DEFINITIONS",
)
#: Options without ``=``.
_WITHOUT_EQUALS = frozenset(
    {"CHARACTER_SET", "COLLATE", "DEFAULT_CHARACTER_SET", "TABLESPACE", *_PARTITION}
)
#: Options whose values are strings.
_QUOTED = frozenset({"COMMENT", "CONNECTION", "PASSWORD"})
#: A character set decides on a collation, so COLLATE stands after it.
_CHARACTER_SETS = frozenset(
    {"CHARACTER_SET", "CHARSET", "DEFAULT_CHARACTER_SET", "DEFAULT_CHARSET"}
)


def table_options(options: Mapping[str, Any], quoted: Callable[[str], str]) -> str:
    """Return the options, ``ENGINE=InnoDB COLLATE utf8mb4_bin``; ``quoted`` writes a string."""
    names = [name for name in options if name not in _PARTITION]
    if "COLLATE" in names and not _CHARACTER_SETS.isdisjoint(names):
        names.remove("COLLATE")
        names.append("COLLATE")
    names += [name for name in _PARTITION if name in options]
    return " ".join(_option(name, options[name], quoted) for name in names)


def _option(name: str, value: Any, quoted: Callable[[str], str]) -> str:
    if name == "PARTITION_DEFINITIONS":  # of a reflected table: ``(PARTITION p0 …, …)``
        return str(value)
    words = name.replace("_", " ") if name in _SPACED else name
    text = quoted(value) if name in _QUOTED else str(value)
    return f"{words}{' ' if name in _WITHOUT_EQUALS else '='}{text}"
