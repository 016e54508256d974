"""The unit of work: collect, prefetch, plan, execute, then accept or restore."""

from __future__ import annotations

from .cascades import cascade_delete_plan, reachable
from .run import flush_plan, preview

__all__ = ["cascade_delete_plan", "flush_plan", "preview", "reachable"]
