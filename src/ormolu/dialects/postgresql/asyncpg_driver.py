"""The adapter of asyncpg. https://magicstack.github.io/asyncpg/current/api/

How its connections work: `asyncpg_connection`.
"""

from __future__ import annotations

from typing import Any

import asyncpg

from ormolu.dialects.postgresql import asyncpg_errors as errors
from ormolu.dialects.postgresql.asyncpg_connection import AsyncpgConnection
from ormolu.dialects.postgresql.asyncpg_statements import DEFAULT_SIZE

__all__ = ["DRIVER", "AsyncpgConnection", "AsyncpgDriver"]


class AsyncpgDriver:
    """The adapter's entry point."""

    __slots__ = ()

    name = "asyncpg"
    is_async = True
    error: type[Exception] = errors.Error
    dbapi = errors

    async def connect(self, *args: Any, **options: Any) -> AsyncpgConnection:
        """Open a connection; arguments as of ``asyncpg.connect``, and those of its cache.

        :param prepared_statement_cache_size: how many statements are kept prepared; with 0 none is
            given a name, which every pooler between here and the server can handle.
        :param prepared_statement_name_func: makes a name for each statement.
        :param async_creator_fn: opens the connection in the place of ``asyncpg.connect``.
        """
        size = int(options.pop("prepared_statement_cache_size", DEFAULT_SIZE))
        name = options.pop("prepared_statement_name_func", None)
        opened_by = options.pop("async_creator_fn", None) or asyncpg.connect
        if not size:
            options.setdefault("statement_cache_size", 0)
        try:
            raw = await opened_by(*args, **options)
        except Exception as error:
            if not errors.is_driver_error(error):
                raise
            raise errors.connect_error(error) from error
        return AsyncpgConnection(raw, size, name)

    async def adapt(self, raw: Any) -> AsyncpgConnection:
        """Wrap a connection that the user's ``async_creator`` opened."""
        return AsyncpgConnection(raw, DEFAULT_SIZE, None)


DRIVER = AsyncpgDriver()
