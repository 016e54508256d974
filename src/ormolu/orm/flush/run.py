"""`flush_plan`: the phases of a flush, in order."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Any


def flush_plan(
    session: Any, objects: Iterable[object] | None = None
) -> Generator[Any, Any, None]:
    """Write what is new, modified and deleted; on failure restore the objects and raise.

    Dispatches before_flush / after_flush / after_flush_postexec (through `RunHook`). It does not
    roll the transaction back: the caller (`session.plans.flush_session_plan`) does.
    """
    return None
    yield


def preview(session: Any, objects: Iterable[object] | None = None) -> list[Any]:
    """The actions a flush would run now, without I/O (`session.flush_plan()`)."""
    return []
