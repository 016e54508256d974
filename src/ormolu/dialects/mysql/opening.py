"""Opening a connection of an asynchronous driver, and dropping one.

The blocking drivers do both by themselves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

__all__ = ["drop", "opened", "transport_of"]

_CANNOT_CONNECT = 2003
#: That of the blocking drivers.
_CONNECT_TIMEOUT = 10.0


async def opened(
    connect: Callable[..., Awaitable[Any]],
    args: Sequence[Any],
    options: dict[str, Any],
    error: type[Exception],
) -> Any:
    """Wait for a driver's new connection, as long as its ``connect_timeout`` says.

    The drivers' own limit is for the TCP connection alone: a server that takes it and then says
    nothing would be waited for without end. They name the character set by the number of its
    oldest collation, and so literals are compared by that one. SET NAMES means the server's, and
    comes before the ``init_command``, which may name another one.

    :raises Exception: of the class ``error``.
    """
    limit = options.get("connect_timeout") or _CONNECT_TIMEOUT
    command = options.pop("init_command", None)
    try:
        async with asyncio.timeout(limit):
            raw = await connect(*args, **options)
            try:
                await _initialise(raw, command)
            except BaseException:
                drop(raw, transport_of(raw))
                raise
            return raw
    except TimeoutError:
        text = f"Can't connect: the server has not answered within {limit} seconds"
        raise error(_CANNOT_CONNECT, text) from None


def transport_of(raw: Any) -> asyncio.WriteTransport | None:
    """Return what carries a driver's connection, which forgets it when it is closed."""
    writer = getattr(raw, "_writer", None)
    return getattr(raw, "_transport", None) if writer is None else writer.transport


def drop(raw: Any, transport: asyncio.WriteTransport | None) -> None:
    """Close a connection at once.

    Over TLS the driver's ``close()`` waits for the server's last word, for half a minute when it
    is gone; meanwhile the socket is open, and it still is when the loop ends.
    """
    raw.close()
    if transport is not None:
        transport.abort()


async def _initialise(raw: Any, command: str | None) -> None:
    await raw.query(f"SET NAMES {raw.character_set_name()}")
    if command is not None:
        await raw.query(command)
        await raw.commit()
