"""The keys of many rows as one array: ``key = ANY (array)`` for ``key IN (a, b, …)``.

The loaders of relationships ask for up to 500 keys at once, and for another number of them each
time. As a list, each number of keys is another text, to be read by the driver and to be parsed and
prepared by the server, which reads 500 parameters besides; as an array it is one text with one
parameter, which stays prepared: half the time of a statement that finds nothing. The server plans
both alike (https://www.postgresql.org/docs/current/functions-comparisons.html).

Only for types of which an array compares as the list does. `CHAR` doesn't: its trailing blanks
count in an array of ``VARCHAR``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ormolu import types as sqltypes
from ormolu.dialects.postgresql.array import ARRAY
from ormolu.dialects.postgresql.array_text import WRITTEN, array_text
from ormolu.types import TypeEngine

__all__ = ["KeyArray", "key_array_of"]

_NUMBERS: frozenset[type] = frozenset(
    (
        sqltypes.Integer,
        sqltypes.SmallInteger,
        sqltypes.BigInteger,
        sqltypes.INTEGER,
        sqltypes.SMALLINT,
        sqltypes.BIGINT,
    )
)
_STRINGS: frozenset[type] = frozenset(
    (
        sqltypes.String,
        sqltypes.Text,
        sqltypes.Unicode,
        sqltypes.UnicodeText,
        sqltypes.VARCHAR,
        sqltypes.TEXT,
    )
)
_UUIDS: frozenset[type] = frozenset((sqltypes.Uuid, sqltypes.UUID))


class KeyArray(ARRAY):
    """An array of keys: a list, or text for a driver that converts a list item by item."""

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any] | None:
        convert = super().bind_processor(dialect)
        if convert is None or not dialect.arrays_as_text:
            return convert

        def text(keys: Any) -> Any:
            items = convert(keys)
            return array_text(items) if WRITTEN.keys() >= set(map(type, items)) else items

        return text


def key_array_of(type_: TypeEngine[Any]) -> KeyArray | None:
    """Return the type of an array of keys of a type; None where a list is to be sent.

    :param type_: the type for PostgreSQL: `TypeEngine.variant_for`.
    """
    kind = type(type_)
    if kind in _NUMBERS:
        return KeyArray(type_)
    if kind in _STRINGS:
        return KeyArray(sqltypes.String())  # of any length: a cast would cut a key that is longer
    if isinstance(type_, sqltypes.Uuid) and kind in _UUIDS and type_.native_uuid:
        return KeyArray(type_)
    return None
