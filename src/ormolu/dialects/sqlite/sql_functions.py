"""The SQL functions that SQLite leaves to the program, written in Python.

``REGEXP`` is an operator of SQLite without a function behind it
(https://www.sqlite.org/lang_expr.html#the_like_glob_regexp_match_and_extract_operators);
``floor`` is absent where SQLite was built without its mathematical functions, and gives an integer
here. NULL gives NULL.
"""

from __future__ import annotations

import math
import re
import sqlite3

__all__ = ["register"]


def register(connection: sqlite3.Connection) -> None:
    """Make the functions known to a connection."""
    connection.create_function("regexp", 2, _regexp, deterministic=True)
    connection.create_function("floor", 1, _floor, deterministic=True)


def _regexp(pattern: str | None, value: str | None) -> bool | None:
    if pattern is None or value is None:
        return None
    return re.search(pattern, value) is not None


def _floor(value: float | None) -> int | None:
    return None if value is None else math.floor(value)
