"""The synchronous and the asynchronous façades offer the same surface, over the same plans."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from ormolu.engine import Connection, Engine
from ormolu.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_scoped_session,
    async_sessionmaker,
)
from ormolu.orm import Session, scoped_session, sessionmaker


def surface(cls: type[Any]) -> set[str]:
    return {name for name in dir(cls) if not name.startswith("_")}


# What only one side has, each with its reason.
ONLY_SYNC = {
    # The legacy Query reads the database from plain method calls and iteration.
    Session: {"query", "bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"},
    scoped_session: {
        "query", "query_property",
        "bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings",
    },
}  # fmt: skip
ONLY_ASYNC = {
    # Streaming is a method of its own where fetching awaits; run_sync crosses over to the inner
    # session, whose class can be chosen.
    AsyncSession: {
        "stream", "stream_scalars", "run_sync", "sync_session", "sync_session_class", "aclose",
    },
    AsyncConnection: {
        "stream", "stream_scalars", "run_sync", "sync_connection", "sync_engine", "start",
        "aclose", "get_raw_connection",
    },
    AsyncEngine: {"sync_engine"},
    async_scoped_session: {"stream", "stream_scalars", "aclose"},
}  # fmt: skip

PAIRS = [
    (Engine, AsyncEngine),
    (Connection, AsyncConnection),
    (Session, AsyncSession),
    (sessionmaker, async_sessionmaker),
    (scoped_session, async_scoped_session),
]


@pytest.mark.parametrize(("sync", "asynchronous"), PAIRS, ids=lambda c: c.__name__)
def test_facades_offer_the_same_names(sync: type[Any], asynchronous: type[Any]) -> None:
    missing = surface(sync) - surface(asynchronous) - ONLY_SYNC.get(sync, set())
    extra = surface(asynchronous) - surface(sync) - ONLY_ASYNC.get(asynchronous, set())
    assert (missing, extra) == (set(), set())


@pytest.mark.parametrize(("sync", "asynchronous"), PAIRS[:3], ids=lambda c: c.__name__)
def test_facade_methods_take_the_same_parameters(sync: type[Any], asynchronous: type[Any]) -> None:
    different = {}
    for name in surface(sync) & surface(asynchronous):
        mine, other = getattr(sync, name), getattr(asynchronous, name)
        if inspect.isfunction(mine) and inspect.isfunction(other):
            ours = list(inspect.signature(mine).parameters)
            theirs = list(inspect.signature(other).parameters)
            if ours != theirs:
                different[name] = (ours, theirs)
    assert different == {}
