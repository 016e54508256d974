"""Generated functions: the only place that calls ``exec``.

Loaders, bind packers and parameter extractors are written as source text for one statement and
compiled once. The text stays visible: it is registered with ``linecache``, so tracebacks and
debuggers show it, and it hangs on the function as ``__source__``, so tests can read it.
"""

from __future__ import annotations

import itertools
import re
import weakref
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .deferred import deferred

if TYPE_CHECKING:
    import linecache
else:
    linecache = deferred("linecache")

_FIRST_FUNCTION = re.compile(r"^def\s+(\w+)\s*\(", re.MULTILINE)
_numbers = itertools.count(1)


def build(name: str, source: str, namespace: Mapping[str, Any]) -> Callable[..., Any]:
    """Compile ``source`` and give its first top-level function.

    :param name: what the function is for; it stands in the file name ``<ormolu:NAME:N>``.
    :param source: Python text with one top-level ``def``.
    :param namespace: the globals the text refers to; it is copied.
    :return: the function, with the text as ``__source__``.
    :raises ValueError: the text defines no function.
    """
    found = _FIRST_FUNCTION.search(source)
    if found is None:
        raise ValueError(f"the source of {name!r} has no top-level function:\n{source}")
    filename = f"<ormolu:{name}:{next(_numbers)}>"
    scope = {"__name__": "ormolu.codegen", **namespace}
    exec(compile(source, filename, "exec"), scope)  # noqa: S102
    function: Callable[..., Any] = scope[found[1]]
    function.__source__ = source  # type: ignore[attr-defined]
    _show_in_tracebacks(function, filename, source)
    return function


def _show_in_tracebacks(function: Callable[..., Any], filename: str, source: str) -> None:
    # A time of None keeps linecache.checkcache() from dropping the entry; it goes when the
    # function does (an evicted statement must not leave its text behind).
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    weakref.finalize(function, linecache.cache.pop, filename, None).atexit = False
