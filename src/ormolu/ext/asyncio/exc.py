"""The errors of the asyncio extension."""

from __future__ import annotations

from ormolu.engine.async_errors import AsyncContextNotStarted, AsyncMethodRequired

__all__ = ["AsyncContextNotStarted", "AsyncMethodRequired"]
