"""Evaluating the strings of a mapping: annotations, and the expressions of relationships.

They are parts of the program's own source, written as strings because what they name is defined
later; nothing that comes from outside the program gets here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def evaluate(text: str, names: Mapping[str, Any]) -> Any:
    """The value of a Python expression in which ``names`` gives the meaning of each name."""
    return eval(text, {}, names)
