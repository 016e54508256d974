"""Arrays as the server writes them: ``{a,NULL,"b, c"}``.

https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO

Drivers read arrays of the types they know. One of an ENUM, a DOMAIN or a type of an extension comes
as this text where the driver was not told of the type.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["read_array"]

_TOKEN = re.compile(
    r'\s*(?:([{}])|"((?:[^"\\]|\\.)*)"|((?:[^{},"\s\\]|\\.)(?:(?:[^{},"\\]|\\.)*(?:[^{},"\s\\]|\\.))?))'
    r"\s*,?",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
#: ``[0:1]=`` before an array whose indexes don't begin with 1.
_BOUNDS = re.compile(r"(?:\[[-+\d:]+\])+=")


def read_array(text: str) -> list[Any]:
    """Return the strings of an array's text, as nested lists; NULL is None.

    :raises ValueError: the text is no array.
    """
    bounds = _BOUNDS.match(text)
    position = bounds.end() if bounds else 0
    outer: list[Any] = []
    open_arrays = [outer]
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None or (token[1] == "}" and len(open_arrays) == 1):
            break
        position = token.end()
        mark, quoted, plain = token.groups()
        if mark == "}":
            open_arrays.pop()
            continue
        value = [] if mark else _member(quoted, plain)
        open_arrays[-1].append(value)
        if mark:
            open_arrays.append(value)
    if position < len(text) or len(open_arrays) > 1 or [type(each) for each in outer] != [list]:
        raise ValueError(f"Could not parse the array text {text!r}")
    found: list[Any] = outer[0]
    return found


def _member(quoted: str | None, plain: str) -> Any:
    if quoted is not None:
        return _ESCAPED.sub(r"\1", quoted)
    return None if plain.upper() == "NULL" else _ESCAPED.sub(r"\1", plain)
