"""Reflection: the ``Inspector``, and what it can be asked for."""

from __future__ import annotations

from ..dialects.inspector import Inspector as Inspector
from ..dialects.reflected import ObjectKind as ObjectKind
from ..dialects.reflected import ObjectScope as ObjectScope
from ..dialects.reflected import ReflectionDefaults as ReflectionDefaults

__all__ = ["Inspector", "ObjectKind", "ObjectScope", "ReflectionDefaults"]
