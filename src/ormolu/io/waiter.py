"""A one-shot signal that either loop can wait for.

The pool's ledger grants a connection to a waiter without knowing who waits: a thread that is
blocked on an event, or a task that awaits a future of some event loop. Each loop *attaches* the
wake-up call that suits it; whichever of ``attach`` and ``notify`` comes second does the waking.
"""

from __future__ import annotations

import threading
from collections.abc import Callable


class Waiter:
    """One-shot signal; thread-safe."""

    __slots__ = ("_lock", "_wake", "ready")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wake: Callable[[], object] | None = None
        self.ready = False

    def notify(self) -> None:
        """Mark the waiter ready and wake whoever attached."""
        with self._lock:
            self.ready = True
            wake = self._wake
        if wake is not None:
            wake()

    def attach(self, wake: Callable[[], object]) -> None:
        """Call ``wake`` once the waiter is ready (at once when it already is)."""
        with self._lock:
            self._wake = wake
            ready = self.ready
        if ready:
            wake()
