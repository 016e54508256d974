"""MySQL and MariaDB through ``aiomysql``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiomysql
from aiomysql.cursors import Cursor, SSCursor

from ormolu.dialects.mysql.asynchronous import AsyncMySQLConnection
from ormolu.dialects.mysql.connecting import prepared
from ormolu.dialects.mysql.encryption import context_of, password_encryption
from ormolu.dialects.mysql.opening import opened

__all__ = ["DRIVER"]


class QuietCursor(Cursor):  # type: ignore[misc]
    """A cursor that leaves the server's warnings with the server, as the other drivers do.

    The driver's own asks for them after every statement that has any.
    """

    async def _show_warnings(self, conn: Any) -> None:
        return None


class QuietStream(QuietCursor, SSCursor):  # type: ignore[misc]
    """A cursor whose rows stay on the wire."""


class AiomysqlConnection(AsyncMySQLConnection):
    """An open ``aiomysql`` connection."""

    __slots__ = ()

    def __init__(self, raw: Any) -> None:
        super().__init__(raw, QuietCursor(raw), aiomysql.Error, aiomysql.OperationalError)

    def _literal(self, value: Any) -> str:
        # The driver borrows a function for bytes that PyMySQL no longer has.
        if isinstance(value, (bytes, bytearray)):
            return f"X'{value.hex()}'"
        return self.raw.escape(value)  # type: ignore[no-any-return]

    @property
    def _version(self) -> str:
        return str(self.raw.get_server_info())

    def _unbuffered(self) -> Any:
        return QuietStream(self.raw)


class AiomysqlDriver:
    """The adapter's entry point."""

    __slots__ = ()

    name = "aiomysql"
    is_async = True
    dbapi = aiomysql
    error: type[Exception] = aiomysql.Error

    async def connect(self, *args: Any, **options: Any) -> AiomysqlConnection:
        """Open a connection; arguments as of ``aiomysql.connect``."""
        options = prepared(options)
        if "database" in options:
            options["db"] = options.pop("database")
        wanted = options.get("ssl")
        if wanted is True or isinstance(wanted, Mapping):
            options["ssl"] = context_of({} if wanted is True else wanted)
        with password_encryption(self.name):
            raw = await opened(aiomysql.connect, args, options, aiomysql.OperationalError)
        return await self.adapt(raw)

    async def adapt(self, raw: Any) -> AiomysqlConnection:
        """Wrap a connection that the user's ``async_creator`` opened."""
        return AiomysqlConnection(raw)


DRIVER = AiomysqlDriver()
