"""A case of the selectables: ``(sa, t, u, a) -> statement``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Build = Callable[[Any, Any, Any, Any], Any]
