"""The names of a statement's columns in SQL, shared by the statement and whoever selects from it.

``SELECT a.id, b.id AS id_1, count(*) AS count_1``: a column keeps its name, a repeated name and an
expression without one get an anonymous name. A subquery's columns refer to the inner statement's
names, so these are decided here, once per statement, and not by the compiler: an `AnonName` is
numbered when it is first rendered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from .columns import ColumnClause
from .label_style import (
    LABEL_STYLE_DEFAULT,
    LABEL_STYLE_NONE,
    LABEL_STYLE_TABLENAME_PLUS_COL,
    SelectLabelStyle,
)
from .node import AnonName, PrefixedName

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


def name_columns(
    columns: Iterable[ColumnElement[Any]], style: SelectLabelStyle = LABEL_STYLE_DEFAULT
) -> tuple[Named, ...]:
    """Give each selected column its name."""
    name_column = _STYLES[style]
    named: list[Named] = []
    taken: dict[str, ColumnElement[Any]] = {}
    seen: set[int] = set()
    for column in columns:
        named.append(_name(column, taken, id(column) in seen, name_column))
        seen.add(id(column))
    return tuple(named)


def _name(column: Any, taken: dict[str, Any], again: bool, name_column: NameColumn) -> Named:
    name = column.name
    if column.__visit_name__ == "textclause":
        return Named(column, column.text, None, False)
    if column.__visit_name__ == "label":
        taken.setdefault(name, column)
        return Named(column, name, name, True)
    if isinstance(column, ColumnClause):
        return name_column(column, taken, again)
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


def _name_with_table(column: Any, taken: dict[str, Any], again: bool) -> Named:
    table_name = getattr(column.table, "name", None)
    if table_name is None or column.is_literal:
        return _name_column(column, taken, again)
    schema = getattr(column.table, "schema", None)
    if isinstance(table_name, AnonName) or isinstance(column.name, AnonName):
        name: str = PrefixedName(table_name, column.name)
    elif schema:
        name = f"{schema.replace('.', '_')}_{table_name}_{column.name}"
    else:
        name = f"{table_name}_{column.name}"
    text = str.__str__(name)
    key = f"{str.__str__(table_name)}_{str.__str__(column.key)}"
    if taken.setdefault(text, column) is not column or again:
        return Named(column, AnonName(f"{text}_" if again else text), key, True)
    return Named(column, name, key, True)


def _name_as_is(column: Any, taken: dict[str, Any], again: bool) -> Named:
    return Named(column, column.name, column.key, False)


NameColumn: TypeAlias = Callable[[Any, dict[str, Any], bool], Named]
_STYLES: Final[Mapping[SelectLabelStyle, NameColumn]] = {
    LABEL_STYLE_NONE: _name_as_is,
    LABEL_STYLE_DEFAULT: _name_column,
    LABEL_STYLE_TABLENAME_PLUS_COL: _name_with_table,
}
