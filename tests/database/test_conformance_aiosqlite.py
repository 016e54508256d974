"""The conformance suite through the asynchronous façade, on aiosqlite."""

from __future__ import annotations

from typing import Any

import pytest

from ormolu.engine.async_engine import AsyncEngine, create_async_engine
from ormolu.testing import conformance

pytestmark = pytest.mark.backend("sqlite+aiosqlite")


class Aiosqlite(conformance.Target):
    is_async = True

    def make_engine(self, **options: Any) -> AsyncEngine:
        return create_async_engine("sqlite+aiosqlite://", **options)


globals().update(conformance.tests_for(Aiosqlite))
