"""What a compiler asks of a dialect.

The dialects stand below this room, so the compiler names only the protocol; ``dialects/base.py``
implements it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from ormolu.compiler.features import Features, Paramstyle
from ormolu.compiler.identifiers import IdentifierPreparer

if TYPE_CHECKING:
    from ormolu.compiler.ddl import DDLCompiler
    from ormolu.compiler.sql_compiler import SQLCompiler
    from ormolu.compiler.types import TypeCompiler
    from ormolu.types import TypeEngine

__all__ = ["Target"]


class Target(Protocol):
    """A dialect, seen from the compiler."""

    @property
    def name(self) -> str: ...

    @property
    def paramstyle(self) -> Paramstyle: ...

    @property
    def compiler_linting(self) -> int: ...

    @property
    def features(self) -> Features: ...

    @property
    def identifier_preparer(self) -> IdentifierPreparer: ...

    @property
    def compiler_class(self) -> type[SQLCompiler]: ...

    @property
    def ddl_compiler_class(self) -> type[DDLCompiler]: ...

    @property
    def type_compiler(self) -> TypeCompiler: ...

    def escaped(self, text: str) -> str: ...

    def type_impl(self, type_: TypeEngine[Any]) -> TypeEngine[Any]: ...

    def bind_processor(self, type_: TypeEngine[Any]) -> Callable[[Any], Any] | None: ...
