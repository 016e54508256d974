"""What a statement left behind, as every adapter reports it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

Description = Sequence[Sequence[Any]]
"""A cursor's ``description`` as PEP 249 has it: the first item of each entry is the name."""


class Outcome(NamedTuple):
    """What a statement left behind.

    ``rows`` is None when the statement returns no rows; ``rowcount`` is -1 when unknown.
    """

    rows: list[tuple[Any, ...]] | None
    description: Description | None
    rowcount: int
    lastrowid: int | None


#: ``outcome((rows, description, rowcount, lastrowid))``: half the time of ``Outcome(...)``, whose
#: ``__new__`` is a Python function. For where one is made per statement.
outcome = partial(tuple.__new__, Outcome)
