"""The hook through which ``str(node)`` and ``node.compile()`` reach the compiler.

The arrow between the rooms points from the compiler down to these nodes, so the compiler registers
itself here when it is imported (``import ormolu`` does).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..exc import UnsupportedCompilationError

if TYPE_CHECKING:
    from .node import Node

_compile: Callable[..., Any] | None = None


def register(compile_node: Callable[..., Any]) -> None:
    """Set the function ``(node, dialect, **compile_arguments) -> Compiled`` that renders nodes."""
    global _compile
    _compile = compile_node


def compile_node(node: Node, dialect: Any = None, **arguments: Any) -> Any:
    """Render a node for a dialect (the default one when None).

    Raises `UnsupportedCompilationError` when no compiler has registered itself.
    """
    if _compile is None:
        raise UnsupportedCompilationError(
            "no compiler is registered", type(node), "import ormolu.compiler first"
        )
    return _compile(node, dialect, **arguments)
