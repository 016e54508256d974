"""The VALUES group of an INSERT written once per row, in each positional paramstyle."""

from __future__ import annotations

import re

__all__ = ["repeated_group", "shifted"]

_NUMBER = re.compile(r"\$(\d+)")


def repeated_group(group: str, rows: int, width: int, paramstyle: str) -> str:
    """Return ``group`` so many times, with commas between.

    :param width: how many binds the group has: where they are numbered (``$1``), each row's numbers
        are that much larger than those of the row before.
    """
    if paramstyle != "numeric_dollar":
        return ", ".join([group] * rows)
    texts = _NUMBER.split(group)
    numbers = [int(number) for number in texts[1::2]]
    groups = []
    for shift in range(0, rows * width, width) if width else [0] * rows:
        texts[1::2] = [f"${number + shift}" for number in numbers]
        groups.append("".join(texts))
    return ", ".join(groups)


def shifted(text: str, by: int) -> str:
    """Return a text with each of its numbered binds ``by`` larger."""
    return _NUMBER.sub(lambda found: f"${int(found[1]) + by}", text) if by else text
