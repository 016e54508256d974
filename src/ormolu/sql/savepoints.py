"""SAVEPOINT and its kin as statements, for those who compile them.

A connection's ``begin_nested()`` sends its savepoints through the driver itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from .clause import ClauseElement
from .executable import Executable
from .node import CONST, Kind

__all__ = ["ReleaseSavepointClause", "RollbackToSavepointClause", "SavepointClause"]


class SavepointClause(Executable, ClauseElement):
    """``SAVEPOINT ident``."""

    __slots__ = ("ident",)
    _fields: ClassVar[Mapping[str, Kind]] = {"ident": CONST}
    __visit_name__ = "savepoint"

    ident: str

    def __init__(self, ident: str) -> None:
        self._init_executable()
        self.ident = ident
        self._seal()


class RollbackToSavepointClause(SavepointClause):
    """``ROLLBACK TO SAVEPOINT ident``."""

    __slots__ = ()
    __visit_name__ = "rollback_to_savepoint"


class ReleaseSavepointClause(SavepointClause):
    """``RELEASE SAVEPOINT ident``."""

    __slots__ = ()
    __visit_name__ = "release_savepoint"
