"""The names of a statement's columns in SQL, shared by the statement and whoever selects from it.

``SELECT a.id, b.id AS id_1, count(*) AS count_1``: a column keeps its name, a repeated name and an
expression without one get an anonymous name. A subquery's columns refer to the inner statement's
names, so these are decided here, once per statement, and not by the compiler: an `AnonName` is
numbered when it is first rendered.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .columns import ColumnClause
from .node import AnonName

if TYPE_CHECKING:
    from .elements import ColumnElement


class Named:
    """A selected column: its ``element``, its ``name`` in SQL, its ``key`` in ``.c``.

    ``label`` is True when the name must be written after the element (``… AS name``) even at the
    top of a query; a plain column's name is not.
    """

    __slots__ = ("element", "key", "label", "name")

    def __init__(
        self, element: ColumnElement[Any], name: str, key: str | None, label: bool
    ) -> None:
        self.element = element
        self.name = name
        self.key = key
        self.label = label

    def __repr__(self) -> str:
        return f"Named({self.name!r}, key={self.key!r}, label={self.label})"


def name_columns(columns: Iterable[ColumnElement[Any]]) -> tuple[Named, ...]:
    """Give each selected column its name."""
    named: list[Named] = []
    taken: dict[str, ColumnElement[Any]] = {}
    seen: set[int] = set()
    for column in columns:
        named.append(_name(column, taken, id(column) in seen))
        seen.add(id(column))
    return tuple(named)


def _name(column: Any, taken: dict[str, Any], again: bool) -> Named:
    name = column.name
    if column.__visit_name__ == "textclause":
        return Named(column, column.text, None, False)
    if column.__visit_name__ == "label":
        taken.setdefault(name, column)
        return Named(column, name, name, True)
    if isinstance(column, ColumnClause):
        return _name_column(column, taken, again)
    key = column._proxy_key
    if key is not None and column.__visit_name__ in ("cast", "try_cast", "type_coerce"):
        if key not in taken:
            taken[key] = column
            return Named(column, key, key, True)
        return Named(column, AnonName(str.__str__(key)), key, True)
    return Named(column, AnonName(column._anon_base), key, True)


def _name_column(column: Any, taken: dict[str, Any], again: bool) -> Named:
    name = column.name
    if column.is_literal and column.table is None:
        taken.setdefault(name, column)
        return Named(column, name, name, False)
    if name in taken:
        # Repeated: the same column again is id__1, another one of the name id_1.
        text = str.__str__(name)
        return Named(column, AnonName(f"{text}_" if again else text), column.key, True)
    taken[name] = column
    return Named(column, name, column.key, False)
