"""The layout of instances: which attributes CPython keeps without a dict of their own.

Instances of a class share one table of attribute names, and each holds only an array of values.
CPython closes that table after the first few instances: whatever attribute none of these had makes
every later instance that gets it fall back to a dict (a fifth of the time of a first write, where
the first objects of a program were inserted and the later ones loaded and changed). So classes
whose instances differ in what they have lay their table out when they are made.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_put = object.__setattr__


def lay_out(class_: type[Any], names: Iterable[str]) -> None:
    """Have the instances of a class share a table that has these attributes."""
    first = object.__new__(class_)
    for name in names:
        _put(first, name, None)
