"""Sessions: `Session`, its factories, `Query`, and the functions beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ormolu.deferred import lazy_names

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
from .session import Session, SessionTransaction
from .transaction import SessionTransactionOrigin

if TYPE_CHECKING:
    from .query import Query
else:
    __getattr__, __dir__ = lazy_names(__name__, {"ormolu.orm.session.query": ("Query",)})

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
