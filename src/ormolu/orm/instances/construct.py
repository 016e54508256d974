"""Construction: the ``__init__`` of a mapped class that has none of its own.

It takes the mapped attributes as keywords. Column values go into the object as they are, since a
transient object's columns are not tracked; the others go through ``setattr``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Constructor = Callable[..., None]


def constructor(columns: frozenset[str], check: Callable[[Iterable[str]], None]) -> Constructor:
    """The constructor of one class.

    ``columns`` are the attributes that may be stored directly; ``check`` raises TypeError for a
    keyword that is no attribute of the class at all.
    """
    covers = columns.issuperset

    def __init__(self: Any, **kwargs: Any) -> None:
        if covers(kwargs):
            self.__dict__.update(kwargs)
            return
        check(kwargs)
        for name, value in kwargs.items():
            setattr(self, name, value)

    __init__._sa_default = True  # type: ignore[attr-defined]
    return __init__
