"""Sessions: `Session`, its factories, `Query`, and the functions beside them."""

from __future__ import annotations

from .execution import ORMExecuteState
from .factory import sessionmaker
from .helpers import (
    close_all_sessions,
    identity_key,
    make_transient,
    make_transient_to_detached,
    object_session,
    was_deleted,
)
from .query import Query
from .session import Session, SessionTransaction
from .transaction import SessionTransactionOrigin

__all__ = [
    "ORMExecuteState",
    "Query",
    "Session",
    "SessionTransaction",
    "SessionTransactionOrigin",
    "close_all_sessions",
    "identity_key",
    "make_transient",
    "make_transient_to_detached",
    "object_session",
    "sessionmaker",
    "was_deleted",
]
