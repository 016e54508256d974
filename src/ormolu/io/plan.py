"""The type of a plan: logic that asks for I/O by yielding, and never waits itself."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeVar

from .requests import Request

T = TypeVar("T")

Plan = Generator[Request, Any, T]
"""A generator that yields :class:`Request` objects, is sent their replies, and returns a ``T``."""
