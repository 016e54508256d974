"""PostgreSQL's own operators. https://www.postgresql.org/docs/current/functions.html

They bind as comparisons do, and those that reach into a document as tightly as ``[]``. The ones
that give text out of a document stand in parentheses within any other operator.
"""

from __future__ import annotations

from typing import Final

from ormolu.sql import operators as ops
from ormolu.sql.operators import custom_op

__all__ = [
    "ADJACENT_TO",
    "ASTEXT",
    "CONTAINED_BY",
    "CONTAINS",
    "DELETE_PATH",
    "HAS_ALL",
    "HAS_ANY",
    "HAS_KEY",
    "JSONPATH_ASTEXT",
    "NOT_EXTEND_LEFT_OF",
    "NOT_EXTEND_RIGHT_OF",
    "OVERLAP",
    "PATH_EXISTS",
    "PATH_MATCH",
    "STRICTLY_LEFT_OF",
    "STRICTLY_RIGHT_OF",
]


def _comparison(text: str) -> custom_op:
    return custom_op(text, precedence=ops.eq.precedence, is_comparison=True)


def _text_of(text: str) -> custom_op:
    return custom_op(
        text,
        precedence=ops.json_getitem_op.precedence,
        natural_self_precedent=True,
        eager_grouping=True,
    )


ASTEXT: Final = _text_of("->>")
JSONPATH_ASTEXT: Final = _text_of("#>>")
DELETE_PATH: Final = custom_op("#-", precedence=ops.json_getitem_op.precedence)

HAS_KEY: Final = _comparison("?")
HAS_ALL: Final = _comparison("?&")
HAS_ANY: Final = _comparison("?|")
CONTAINS: Final = _comparison("@>")
CONTAINED_BY: Final = _comparison("<@")
OVERLAP: Final = _comparison("&&")
PATH_EXISTS: Final = _comparison("@?")
PATH_MATCH: Final = _comparison("@@")

STRICTLY_LEFT_OF: Final = _comparison("<<")
STRICTLY_RIGHT_OF: Final = _comparison(">>")
NOT_EXTEND_RIGHT_OF: Final = _comparison("&<")
NOT_EXTEND_LEFT_OF: Final = _comparison("&>")
ADJACENT_TO: Final = _comparison("-|-")
