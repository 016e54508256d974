"""The database of `reflection_schema.sql`."""

from __future__ import annotations

from pathlib import Path

import psycopg

SCHEMAS = (None, "other", "Odd Schema")


def create(url: str) -> None:
    """Make the schema in an empty database."""
    script = Path(__file__).with_suffix(".sql").read_bytes()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(script)
