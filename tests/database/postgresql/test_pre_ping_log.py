"""A pre-ping that finds its connection dead is ordinary: it is logged, and warns of nothing."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import sqlalchemy

import ormolu


@pytest.mark.parametrize("library", [ormolu, sqlalchemy], ids=["ormolu", "sqlalchemy"])
def test_a_failed_pre_ping_is_told_without_a_warning(
    library: Any, postgresql_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    url = postgresql_url.replace("postgresql:", "postgresql+psycopg:")
    engine, other = library.create_engine(url, pool_pre_ping=True), library.create_engine(url)
    with engine.connect() as connection:
        pid = connection.scalar(library.text("SELECT pg_backend_pid()"))
    with other.connect() as connection:
        ended = library.text("SELECT pg_terminate_backend(:pid, 5000)")
        assert connection.scalar(ended, {"pid": pid})
    with (
        caplog.at_level(logging.DEBUG, f"{library.__name__}.pool"),
        engine.connect() as connection,
    ):
        assert connection.scalar(library.text("SELECT pg_backend_pid()")) != pid
    engine.dispose()
    other.dispose()
    told = [record for record in caplog.records if record.name.startswith(library.__name__)]
    assert any("failed, will invalidate pool" in record.getMessage() for record in told)
    assert any("Invalidate connection" in record.getMessage() for record in told)
    assert max(record.levelno for record in told) == logging.INFO
