"""Rows from nowhere, on MariaDB and on MySQL: what ``seq_1_to_100`` is on MariaDB alone."""

from __future__ import annotations

_MOST = 1000


def numbers(last: int, name: str = "numbers") -> str:
    """Return a table for FROM, with the column ``seq``: the numbers from 1 to ``last``, in order.

    :param last: at most a thousand, how deep either server follows a recursion by itself.
    :param name: the table's, to be told from another one.
    """
    assert last <= _MOST
    more = f"SELECT seq + 1 FROM one WHERE seq < {last}"
    recursion = f"WITH RECURSIVE one (seq) AS (SELECT 1 UNION ALL {more})"
    return f"({recursion} SELECT seq FROM one) AS {name}"
