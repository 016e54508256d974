"""MySQL and MariaDB through ``asyncmy``."""

from __future__ import annotations

from typing import Any

import asyncmy
from asyncmy import errors
from asyncmy.cursors import Cursor, SSCursor

from ormolu.dialects.mysql.asynchronous import AsyncMySQLConnection, opened
from ormolu.dialects.mysql.connecting import prepared

__all__ = ["DRIVER"]


class AsyncmyConnection(AsyncMySQLConnection):
    """An open ``asyncmy`` connection."""

    __slots__ = ()

    def __init__(self, raw: Any) -> None:
        super().__init__(raw, raw.cursor(Cursor), errors.Error, errors.OperationalError)

    @property
    def _takes_several(self) -> bool:
        return True  # the driver asks for it without being told

    @property
    def _version(self) -> str:
        return str(self.raw.get_server_info())

    def _unbuffered(self) -> Any:
        return self.raw.cursor(SSCursor)


class AsyncmyDriver:
    """The adapter's entry point."""

    __slots__ = ()

    name = "asyncmy"
    is_async = True
    dbapi = asyncmy
    error: type[Exception] = errors.Error

    async def connect(self, *args: Any, **options: Any) -> AsyncmyConnection:
        """Open a connection; arguments as of ``asyncmy.connect``."""
        opening = asyncmy.connect(*args, **prepared(options))
        return await self.adapt(await opened(opening, options, errors.OperationalError))

    async def adapt(self, raw: Any) -> AsyncmyConnection:
        """Wrap a connection that the user's ``async_creator`` opened."""
        return AsyncmyConnection(raw)


DRIVER = AsyncmyDriver()
