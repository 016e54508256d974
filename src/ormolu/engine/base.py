"""``Engine`` and ``Connection``, by the module name that programs import them under."""

from __future__ import annotations

from .connection import Connection as Connection
from .engine import Engine as Engine
from .events import ExceptionContext as ExceptionContextImpl
from .transactions import NestedTransaction as NestedTransaction
from .transactions import RootTransaction as RootTransaction
from .transactions import Transaction as Transaction
from .transactions import TwoPhaseTransaction as TwoPhaseTransaction

__all__ = [
    "Connection",
    "Engine",
    "ExceptionContextImpl",
    "NestedTransaction",
    "RootTransaction",
    "Transaction",
    "TwoPhaseTransaction",
]
