"""What a fork does to pools: the child must not use, nor close, its parent's connections.

Parent and child would share each socket, and a driver that closes its end tells the server to end
the session of both. So every pool of the child starts empty, and the inherited connections are
kept, untouched, for as long as the child lives.
"""

from __future__ import annotations

import os
import weakref
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .base import Pool

_pools: weakref.WeakSet[Pool] = weakref.WeakSet()
_inherited: list[Any] = []


def watch(pool: Pool) -> None:
    """Let a pool know of forks."""
    _pools.add(pool)


def _after_fork_in_child() -> None:
    for pool in list(_pools):
        _inherited.extend(pool.forget_all())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
