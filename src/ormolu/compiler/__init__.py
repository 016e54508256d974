"""From a statement to its text: compilers, bind layouts, and the compiled form.

``compile_statement`` is the entry. What a database can do is asked of its
:class:`~ormolu.compiler.features.Features`.
"""

from ormolu.compiler.binds import BindLayout, BindSlot
from ormolu.compiler.compiled import Compiled, InsertKeys, Prefetch, ResultColumn
from ormolu.compiler.features import Features, Paramstyle
from ormolu.compiler.identifiers import IdentifierPreparer
from ormolu.compiler.statement import SQLCompiler, compile_statement

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
