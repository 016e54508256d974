"""MySQL and MariaDB through ``asyncmy``."""

from __future__ import annotations

from typing import Any

import asyncmy
from asyncmy import errors
from asyncmy.cursors import Cursor, SSCursor

from ormolu.dialects.mysql.asynchronous import AsyncMySQLConnection
from ormolu.dialects.mysql.connecting import prepared
from ormolu.dialects.mysql.encryption import password_encryption
from ormolu.dialects.mysql.opening import opened

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
        options = prepared(options)
        with password_encryption(self.name):
            raw = await opened(asyncmy.connect, args, options, errors.OperationalError)
        return await self.adapt(raw)

    async def adapt(self, raw: Any) -> AsyncmyConnection:
        """Wrap a connection that the user's ``async_creator`` opened."""
        return AsyncmyConnection(raw)


DRIVER = AsyncmyDriver()
