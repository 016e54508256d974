"""What becomes of a transaction that somebody left open on a connection that comes back."""

from __future__ import annotations

from enum import Enum
from typing import Any

from ..exc import ArgumentError


class ResetStyle(Enum):
    """What ``reset_on_return`` may be."""

    reset_rollback = "rollback"
    reset_commit = "commit"
    reset_none = None


reset_rollback = ResetStyle.reset_rollback
reset_commit = ResetStyle.reset_commit
reset_none = ResetStyle.reset_none

_MEANING: dict[Any, str | None] = {
    True: "rollback",
    "rollback": "rollback",
    "commit": "commit",
    None: None,
    False: None,
    "none": None,
}


def reset_rule(value: Any) -> str | None:
    """Return ``"rollback"``, ``"commit"`` or None.

    :raises ArgumentError: for anything that means none of them.
    """
    if isinstance(value, ResetStyle):
        return _MEANING[value.value]
    try:
        return _MEANING[value]
    except (KeyError, TypeError):
        raise ArgumentError(
            f"Invalid value for 'reset_on_return': {value!r}; write 'rollback', 'commit' or None"
        ) from None
