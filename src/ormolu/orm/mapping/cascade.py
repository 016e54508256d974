"""`CascadeOptions`: which session operations follow a relationship."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ormolu import exc

_ALL = ("save-update", "merge", "refresh-expire", "expunge", "delete")
_KNOWN = frozenset({*_ALL, "delete-orphan", "all", "none"})


class CascadeOptions(frozenset[str]):
    """The cascades of a relationship, with one flag for each.

    Made from a string (``"all, delete-orphan"``) or names. Raises `ArgumentError` for an unknown
    name.
    """

    save_update: bool
    merge: bool
    refresh_expire: bool
    expunge: bool
    delete: bool
    delete_orphan: bool

    def __new__(cls, value: str | Iterable[str] | None) -> CascadeOptions:
        names = _split(value)
        wrong = sorted(names - _KNOWN)
        if wrong:
            raise exc.ArgumentError(
                f"Invalid cascade option(s): {', '.join(map(repr, wrong))}; there are "
                f"{', '.join(sorted(_KNOWN))}"
            )
        if "all" in names:
            names.update(_ALL)
        if "none" in names:
            names.clear()
        names.discard("all")
        self = super().__new__(cls, names)
        self.save_update = "save-update" in names
        self.merge = "merge" in names
        self.refresh_expire = "refresh-expire" in names
        self.expunge = "expunge" in names
        self.delete = "delete" in names
        self.delete_orphan = "delete-orphan" in names
        return self

    def __repr__(self) -> str:
        return f"CascadeOptions({','.join(sorted(self))!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (CascadeOptions, (list(self),))


def _split(value: str | Iterable[str] | None) -> set[str]:
    if isinstance(value, str):
        return {name for part in value.split(",") if (name := part.strip())}
    return set(value or ())
