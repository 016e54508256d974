"""Which results may come in binary: those whose values are the same as from text.

The server writes a result as text or in binary, all columns in one way
(https://www.postgresql.org/docs/current/protocol-overview.html#PROTOCOL-FORMAT-CODES), and psycopg
has a loader for either (https://www.psycopg.org/psycopg3/docs/advanced/adapt.html). Binary numbers,
dates and UUIDs cost both sides less; a row of eight columns with one float takes half the time.

Not all types are the same in both. A ``real`` of 0.1 comes as ``0.1`` in text and as
``0.10000000149011612`` in binary; unknown types come as text or as bytes; an interval can be read
in some of its styles only. Others (``numeric``) take psycopg longer in binary. So there is a list
of types, and whoever registers a loader of his own for one of them gets his. Servers before 12
round floats in text (https://www.postgresql.org/docs/12/release-12.html); there these stay text.
"""

from __future__ import annotations

from typing import Any

from psycopg.pq import Format

TEXT = int(Format.TEXT)
BINARY = int(Format.BINARY)

#: By a type's number, the names of psycopg's own loaders. https://github.com/postgres/postgres:
#: ``src/include/catalog/pg_type.dat`` has the numbers, which never change.
_LOADERS = {
    16: ("BoolLoader", "BoolBinaryLoader"),
    17: ("ByteaLoader", "ByteaBinaryLoader"),
    19: ("TextLoader", "TextBinaryLoader"),  # name
    20: ("IntLoader", "Int8BinaryLoader"),
    21: ("IntLoader", "Int2BinaryLoader"),
    23: ("IntLoader", "Int4BinaryLoader"),
    25: ("TextLoader", "TextBinaryLoader"),
    26: ("IntLoader", "OidBinaryLoader"),
    114: ("JsonLoader", "JsonBinaryLoader"),
    701: ("FloatLoader", "Float8BinaryLoader"),
    1042: ("TextLoader", "TextBinaryLoader"),  # character
    1043: ("TextLoader", "TextBinaryLoader"),  # character varying
    1082: ("DateLoader", "DateBinaryLoader"),
    1083: ("TimeLoader", "TimeBinaryLoader"),
    1114: ("TimestampLoader", "TimestampBinaryLoader"),
    1184: ("TimestamptzLoader", "TimestamptzBinaryLoader"),
    2950: ("UUIDLoader", "UUIDBinaryLoader"),
    3802: ("JsonbLoader", "JsonbBinaryLoader"),
}
#: The packages of psycopg's own classes: in Python, compiled here, compiled elsewhere.
_PSYCOPG = ("psycopg", "psycopg_c", "psycopg_binary")
_FLOAT, _EXACT_FLOATS = 701, 120000


class ResultFormats:
    """What is known of the loaders of a ``psycopg`` connection."""

    __slots__ = ("_connection", "_known")

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._known: dict[int, bool] = {}
        if connection.pgconn.server_version < _EXACT_FLOATS:
            self._known[_FLOAT] = False

    def of(self, result: Any) -> int:
        """Return the format in which results of these columns are to come."""
        alike = all(self.alike(result.ftype(index)) for index in range(result.nfields))
        return BINARY if alike else TEXT

    def renewed(self) -> ResultFormats:
        """Return what is known now: itself, if the loaders that were asked for are the same."""
        fresh = ResultFormats(self._connection)
        same = all(fresh.alike(oid) is known for oid, known in self._known.items())
        return self if same else fresh

    def alike(self, oid: int) -> bool:
        """Say whether a type's values are the same from both formats."""
        known = self._known.get(oid)
        if known is None:
            names = _LOADERS.get(oid)
            known = self._known[oid] = names is not None and names == (
                self._loader(oid, Format.TEXT),
                self._loader(oid, Format.BINARY),
            )
        return known

    def _loader(self, oid: int, format_: Format) -> str:
        """Return the name of a type's loader, if it is psycopg's."""
        loader = self._connection.adapters.get_loader(oid, format_)
        own = loader is not None and loader.__module__.partition(".")[0] in _PSYCOPG
        return loader.__name__ if own else ""
