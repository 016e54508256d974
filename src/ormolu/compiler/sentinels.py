"""How the rows that an INSERT of many rows gives back are matched with its parameter sets.

No database promises that RETURNING has the order of VALUES. Where the order of the parameters is
asked for (``sort_by_parameter_order``), RETURNING ends with columns that say which set a row came
from; they are taken off again before anyone sees the rows. In this order:

- the table's sentinel column (``insert_sentinel()``), which holds the number of the set, or what
  the user says is unique;
- the primary key, when each set brings its own;
- the generated integer key, which ascends in the order of VALUES.

A key that comes back other than it went (a Decimal rounded by its column, what a TypeDecorator
changes) can't be matched, so of the keys that nobody vouched for only whole numbers, strings and
UUIDs are taken. With ON CONFLICT or a prefix (OR IGNORE) a row may come back with another key, or
not at all. Where nothing tells the rows apart, the sets go one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ormolu.exc import InvalidRequestError
from ormolu.schema.autoincrement import ascends
from ormolu.types import CHAR, NCHAR, Integer, String, Uuid

if TYPE_CHECKING:
    from ormolu.compiler.binds import BindSlot
    from ormolu.compiler.write_values import WriteFacts

__all__ = ["Sentinels", "sentinels_of"]

Rows = list[tuple[Any, ...]]


class Sentinels:
    """The columns at the end of RETURNING that say which set a row came from.

    ``classes`` has, for each, what its values must be to come back as they went: None for any.
    ``slots`` is empty for a generated key.
    """

    __slots__ = ("classes", "columns", "slots")

    def __init__(
        self,
        columns: Sequence[Any],
        slots: Sequence[BindSlot] = (),
        classes: Sequence[type | None] = (),
    ) -> None:
        self.columns = tuple(columns)
        self.slots = tuple(slots)
        self.classes = tuple(classes)

    def keys(
        self, binds: Sequence[Any], sets: Sequence[Mapping[str, Any]]
    ) -> list[tuple[Any, ...]] | None:
        """Return the key of each set, None when these don't tell the rows apart."""
        found = [tuple([slot.peek(binds, one) for slot in self.slots]) for one in sets]
        for key in found:
            for value, class_ in zip(key, self.classes, strict=True):
                if value is None or (class_ is not None and type(value) is not class_):
                    return None
        try:
            return found if len(set(found)) == len(found) else None
        except TypeError:  # a value that can't be hashed
            return None

    def sorted_rows(self, rows: Rows, keys: Sequence[tuple[Any, ...]] | None, dialect: Any) -> Rows:
        """Return rows in the order of the sets, without the sentinels.

        :param keys: of the sets that gave these rows; None to sort by a generated key.
        :raises InvalidRequestError: a set has no row.
        """
        width = len(self.columns)
        if keys is None:
            rows.sort(key=lambda row: row[-width:])
            return self.stripped(rows)
        read = self._reader(dialect)
        found = {read(row[-width:]): row[:-width] for row in rows}
        try:
            return [found[key] for key in keys]
        except KeyError as error:
            names = ", ".join([f"{c.table.name}.{c.name}" for c in self.columns])
            raise InvalidRequestError(
                f"Can't match sentinel values in result set to parameter sets; key {error} of "
                f"{names} was not found: the database gave back another value than it was given. "
                "Give the value as it is stored, or leave sort_by_parameter_order out"
            ) from None

    def stripped(self, rows: Rows) -> Rows:
        """Return rows without the sentinels."""
        width = len(self.columns)
        return [row[:-width] for row in rows]

    def _reader(self, dialect: Any) -> Any:
        """Return the function from the end of a row to a key."""
        converters = [dialect.result_converter(column.type)[0] for column in self.columns]
        if not any(converters):
            return tuple
        return lambda end: tuple(
            [
                value if convert is None or value is None else convert(value)
                for value, convert in zip(end, converters, strict=True)
            ]
        )


def sentinels_of(node: Any, facts: WriteFacts) -> Sentinels | None:
    """Return the sentinels of an INSERT, None where nothing tells its rows apart."""
    if node._extensions_at("post_values") or node._rare.prefixes:
        return None
    table, sources = node.table, facts.sources
    explicit = [column for column in table.columns if getattr(column, "_insert_sentinel", False)]
    if explicit and explicit[0].key in sources:
        return Sentinels(explicit, [sources[explicit[0].key]], [None])
    keys = [column for column in table.columns if getattr(column, "primary_key", False)]
    if keys and all(column.key in sources for column in keys):
        classes = [_class_that_comes_back(column.type) for column in keys]
        slots = [sources[column.key] for column in keys]
        return Sentinels(keys, slots, classes) if all(classes) else None
    automatic = getattr(table, "autoincrement_column", None)
    if automatic is not None and automatic.key not in sources and ascends(automatic):
        return Sentinels([automatic])
    return None


def _class_that_comes_back(type_: Any) -> type | None:
    """Return the class of which every value comes back as it went, None where there is none."""
    for plain in (Integer, String, Uuid):
        if isinstance(type_, plain) and not isinstance(type_, (CHAR, NCHAR)):
            changed = any(
                getattr(type(type_), name) is not getattr(plain, name)
                for name in ("bind_processor", "result_processor", "bind_expression")
            )
            return None if changed else type_.python_type
    return None
