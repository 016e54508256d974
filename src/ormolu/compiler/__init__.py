"""From a statement to its text: compilers, bind layouts, and the compiled form.

``compile_statement`` is the entry. What a database can do is asked of its
:class:`~ormolu.compiler.features.Features`. The compilers are loaded with the first dialect.
"""

from typing import TYPE_CHECKING

from ormolu.compiler.binds import BindLayout, BindSlot
from ormolu.compiler.compiled import Compiled, InsertKeys, Prefetch, ResultColumn
from ormolu.compiler.features import Features, Paramstyle
from ormolu.deferred import lazy_names

if TYPE_CHECKING:
    from ormolu.compiler.identifiers import IdentifierPreparer
    from ormolu.compiler.sql_compiler import SQLCompiler
    from ormolu.compiler.statement import compile_statement
else:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "ormolu.compiler.identifiers": ("IdentifierPreparer",),
            "ormolu.compiler.sql_compiler": ("SQLCompiler",),
            "ormolu.compiler.statement": ("compile_statement",),
        },
    )

__all__ = [
    "BindLayout",
    "BindSlot",
    "Compiled",
    "Features",
    "IdentifierPreparer",
    "InsertKeys",
    "Paramstyle",
    "Prefetch",
    "ResultColumn",
    "SQLCompiler",
    "compile_statement",
]
