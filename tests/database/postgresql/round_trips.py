"""Counting the round trips that psycopg's adapters make."""

from __future__ import annotations

from typing import Any

import pytest

from ormolu.dialects.postgresql import psycopg_exchange, psycopg_wire
from ormolu.dialects.postgresql.psycopg_hearing import hear, hear_all


def count_round_trips(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows by one with each round trip: of a statement or of a pipeline."""
    made: list[str] = []

    def one(pgconn: Any) -> Any:
        made.append("statement")
        return hear(pgconn)

    def several(pgconn: Any) -> Any:
        made.append("pipeline")
        return hear_all(pgconn)

    for module in (psycopg_exchange, psycopg_wire):
        monkeypatch.setattr(module, "hear", one)
        monkeypatch.setattr(module, "hear_all", several)
    return made
