"""The keywords that several methods of sessions take, for their overloads.

What `Session.execute` and its kin return depends on the statement, and differs between the blocking
and the asynchronous session: these signatures can only be written one by one. What doesn't differ
are the keywords, which stand here once (PEP 692).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from .execution import Options

__all__ = ["GetOptions", "StatementOptions"]


class StatementOptions(TypedDict, total=False):
    """Of methods that execute a statement."""

    execution_options: Options
    bind_arguments: Options


class GetOptions(StatementOptions, total=False):
    """Of ``get()`` and ``get_one()``."""

    options: Sequence[Any] | None
    populate_existing: bool | None
    with_for_update: Any
    identity_token: Any
