"""The types that are no kind of number, string or date, and the table of generic types.

INET4 and INET6 are MariaDB's: https://mariadb.com/kb/en/inet6/
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from ormolu import types as sqltypes
from ormolu.dialects.mysql.enumerated import ENUM
from ormolu.dialects.mysql.json import JSON, JSONIndexType, JSONPathType
from ormolu.dialects.mysql.temporal import TIME
from ormolu.types.boolean import MatchType
from ormolu.types.json import JSONIndexType as _JSONIndexType
from ormolu.types.json import JSONPathType as _JSONPathType

__all__ = ["BIT", "INET4", "INET6", "MARIADB_VARIANTS", "VARIANTS", "MariaDBUuid"]

Processor = Callable[[Any], Any]


class BIT(sqltypes.TypeEngine[int]):
    """Up to 64 bits, as an ``int``. https://dev.mysql.com/doc/refman/8.4/en/bit-type.html

    :param length: how many bits, one by default.
    """

    __visit_name__ = "BIT"
    operator_classes = sqltypes.Integer.operator_classes

    def __init__(self, length: int | None = None) -> None:
        self.length = length

    @property
    def python_type(self) -> type[Any]:
        return int

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor:
        return _bits

    def literal_processor(self, dialect: Any) -> Processor:
        return lambda value: str(int(value))


def _bits(value: Any) -> int | None:
    """Drivers give the bits as bytes, the highest first."""
    return value if value is None or isinstance(value, int) else int.from_bytes(value, "big")


class _Address(sqltypes.TypeEngine[str]):
    operator_classes = sqltypes.String.operator_classes

    @property
    def python_type(self) -> type[Any]:
        return str

    def literal_processor(self, dialect: Any) -> Processor | None:
        return sqltypes.String().literal_processor(dialect)


class INET4(_Address):
    """An IPv4 address, of MariaDB."""

    __visit_name__ = "INET4"


class INET6(_Address):
    """An IPv6 address, of MariaDB."""

    __visit_name__ = "INET6"


class _Boolean(sqltypes.Boolean):
    """A TINYINT, for which the database has the words ``true`` and ``false``."""

    def literal_processor(self, dialect: Any) -> Processor:
        check: Any = self.bind_processor(dialect)
        return lambda value: "true" if check(value) else "false"


class _Relevance(MatchType):
    """What MATCH … AGAINST gives: a number that is the higher the better the row matches."""

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor:
        return _float


class MariaDBUuid(sqltypes.Uuid):
    """MariaDB's own UUID, which drivers give and take as text with hyphens.

    https://mariadb.com/kb/en/uuid-data-type/
    """

    def bind_processor(self, dialect: Any) -> Processor | None:
        return _text if self._is_native(dialect) else super().bind_processor(dialect)

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor | None:
        if not self._is_native(dialect) or not self.as_uuid:
            return super().result_processor(dialect, coltype)
        return _uuid

    def literal_processor(self, dialect: Any) -> Processor:
        return lambda value: f"'{uuid.UUID(str(value)).hex}'"


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _uuid(value: Any) -> uuid.UUID | None:
    return value if value is None or isinstance(value, uuid.UUID) else uuid.UUID(value)


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


#: Generic type -> the class that MySQL uses for its values.
VARIANTS: Mapping[type[sqltypes.TypeEngine[Any]], type[sqltypes.TypeEngine[Any]]] = {
    sqltypes.Boolean: _Boolean,
    MatchType: _Relevance,
    sqltypes.Time: TIME,
    sqltypes.Enum: ENUM,
    sqltypes.JSON: JSON,
    _JSONIndexType: JSONIndexType,
    _JSONPathType: JSONPathType,
}
MARIADB_VARIANTS: Mapping[type[sqltypes.TypeEngine[Any]], type[sqltypes.TypeEngine[Any]]] = {
    **VARIANTS,
    sqltypes.Uuid: MariaDBUuid,
}
