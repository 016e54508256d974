"""`OperatorClass`: which groups of built-in operators make sense for a type's values."""

from __future__ import annotations

from enum import Flag, auto


class OperatorClass(Flag):
    """Groups of operators, to be combined with ``|``; `TypeEngine.operator_classes` holds some.

    The upper names are single groups; those after ``COMPARISON`` are what kinds of types have.
    """

    UNSPECIFIED = auto()
    BASE = auto()
    BOOLEAN_ALGEBRA = auto()
    EQUALITY = auto()
    ORDERING = auto()
    INDEXABLE = auto()
    CONTAINS = auto()
    CONCATENABLE = auto()
    STRING_MATCH = auto()
    MATH = auto()
    BITWISE = auto()
    DATE_ARITHEMETIC = auto()
    JSON_GETITEM = auto()

    COMPARISON = EQUALITY | ORDERING
    STRING = BASE | COMPARISON | INDEXABLE | CONTAINS | CONCATENABLE | STRING_MATCH
    INTEGER = BASE | COMPARISON | MATH | BITWISE
    NUMERIC = INTEGER
    BOOLEAN = BASE | COMPARISON | BOOLEAN_ALGEBRA
    BINARY = BASE | COMPARISON | INDEXABLE | CONTAINS | CONCATENABLE
    DATETIME = BASE | COMPARISON | DATE_ARITHEMETIC
    JSON = BASE | COMPARISON | INDEXABLE | JSON_GETITEM
    ARRAY = BINARY
    TUPLE = BINARY
    ANY = STRING | INTEGER | BOOLEAN | DATETIME | JSON
