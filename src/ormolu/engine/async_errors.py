"""The errors of asynchronous engines alone, and when rows can't be left with the driver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..exc import InvalidRequestError
from .streaming import streams, wants_stream


class AsyncMethodRequired(InvalidRequestError):
    """A result that is read from the database bit by bit was asked of a method that can't wait."""


class AsyncContextNotStarted(InvalidRequestError):
    """A connection or transaction was used before it was awaited."""


def refuse_stream(
    where: str, statement: Any, params: Any, options: Mapping[str, Any] | None
) -> None:
    """Refuse options that leave rows with the driver, where the result is read without awaiting.

    :param where: the class whose ``execute`` was called.
    :param options: those of the call, over the statement's own.
    :raises AsyncMethodRequired: it says what to write.
    """
    own = getattr(statement, "_execution_options", None)
    if not own and not options:
        return
    if wants_stream({**(own or {}), **(options or {})}) and streams(statement, params):
        raise AsyncMethodRequired(
            f"Can't use the {where}.execute() method with 'yield_per' or 'stream_results': its "
            f"result is read without awaiting. Use {where}.stream(), or leave the option out"
        )
