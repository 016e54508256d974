"""Loading on use: absent columns, lazy relationships, and siblings."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any


def load_absent_plan(session: Any, obj: object, key: str) -> Generator[Any, Any, Any]:
    """Load the absent attribute `key` (expired, deferred or lazy); store and return its value."""
    raise RuntimeError("skeleton")
    yield


def lazy_load_plan(session: Any, obj: object, relationship: Any) -> Generator[Any, Any, Any]:
    """Load a relationship of one object, or of its live siblings too; return its value."""
    raise RuntimeError("skeleton")
    yield


def what_to_write(obj: object, attribute: str) -> str:
    """What an async caller writes to have the attribute loaded."""
    name = type(obj).__name__
    return (
        f"await session.refresh(obj, [{attribute!r}]), await obj.awaitable_attrs.{attribute}, "
        f"or load it with the statement: .options(selectinload({name}.{attribute}))"
    )
