"""The names of a statement's columns in SQL, shared by the statement and whoever selects from it.

``SELECT a.id, b.id AS id_1, count(*) AS count_1``: a column keeps its name, a repeated name and an
expression without one get an anonymous name. A subquery's columns refer to the inner statement's
names, so these are decided here, once per statement, and not by the compiler: an `AnonName` is
numbered when it is first rendered.

An anonymous name belongs to the element: where the same function stands in a statement and in one
inside of it, both call it ``max_1``, so that an enclosing statement can tell it from other columns
of that kind (`ElementName`).

Two names may differ: a column selected twice is written ``id AS id__1`` so that rows can tell the
two apart, but whoever selects from the statement refers to the one ``id``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ..exc import InvalidRequestError
from .columns import NamedColumn
from .label_style import (
    LABEL_STYLE_DEFAULT,
    LABEL_STYLE_NONE,
    LABEL_STYLE_TABLENAME_PLUS_COL,
    SelectLabelStyle,
)
from .node import AnonName, ElementName, NumberedName, PrefixedName, RepeatedName

if TYPE_CHECKING:
    from .elements import ColumnElement


class Named:
    """A selected column: its ``element``, its ``name`` in SQL, its ``key`` for rows.

    ``label`` is True when the name must be written after the element (``… AS name``) even at the
    top of a query; a plain column's name is not. ``exported`` is the name by which an enclosing
    statement refers to it.
    """

    __slots__ = ("element", "exported", "key", "label", "name")

    def __init__(
        self,
        element: ColumnElement[Any],
        name: str,
        key: str | None,
        label: bool,
        exported: str | None = None,
    ) -> None:
        self.element = element
        self.name = name
        self.key = key
        self.label = label
        self.exported = name if exported is None else exported

    def __repr__(self) -> str:
        return f"Named({self.name!r}, key={self.key!r}, label={self.label})"


def name_columns(
    columns: Iterable[ColumnElement[Any]], style: SelectLabelStyle = LABEL_STYLE_DEFAULT
) -> tuple[Named, ...]:
    """Give each selected column its name."""
    name_column = _STYLES[style]
    named: list[Named] = []
    taken: dict[Any, ColumnElement[Any]] = {}
    first: dict[int, Named] = {}
    times: dict[int, int] = {}
    for column in columns:
        known = first.get(id(column))
        again = times[id(column)] = times.get(id(column), -1) + 1
        found = _name(column, taken, again, name_column)
        if known is not None and isinstance(known.name, AnonName):
            if found.exported is not found.name:
                found.exported = known.exported
            elif style is LABEL_STYLE_NONE:
                found = known
            elif column.__visit_name__ != "label" and not isinstance(found.name, RepeatedName):
                found = _named_again(known, again, name_column)
        first.setdefault(id(column), found)
        named.append(found)
    return tuple(named)


def _named_again(known: Named, again: int, name_column: NameColumn) -> Named:
    """An expression without a name that is selected again: ``max_1`` is also ``max__1``."""
    base = "anon" if name_column is _name_with_table else str.__str__(known.name)
    name = RepeatedName(base, known.element, again)
    return Named(known.element, name, known.key, known.label, known.exported)


def unique_keys(named_columns: Iterable[Named]) -> list[str | None]:
    """The keys of selected columns in ``.c``: a repeated one is numbered, ``id``, ``id_1``.

    Text has none. A column that has been given a number keeps it whenever it comes again.
    """
    taken: set[str] = set()
    counts: dict[str, int] = {}
    numbered: dict[int, str] = {}
    keys: list[str | None] = []
    for named in named_columns:
        if named.element.__visit_name__ == "textclause":
            keys.append(None)
            continue
        key = named.key
        if key is None or (isinstance(key, AnonName) and named.element.__visit_name__ == "label"):
            key = "_no_label"
        key = str.__str__(key)
        if key not in taken:
            taken.add(key)
        elif (known := numbered.get(id(named.element))) is not None:
            key = known
        else:
            counts[key] = number = counts.get(key, 0) + 1
            key = numbered[id(named.element)] = f"{key}_{number}"
        keys.append(key)
    return keys


def check_exported(named_columns: Iterable[Named]) -> None:
    """Refuse a label of a name that another column has: outside, it could not be told apart.

    Raises `InvalidRequestError`.
    """
    taken: dict[str, Any] = {}
    for named in named_columns:
        element = named.element
        kind = element.__visit_name__
        if kind == "textclause" or (kind == "column" and element.table is None):
            continue  # of no table: it gives way to no name
        if kind != "label" or isinstance(named.name, AnonName):
            taken.setdefault(named.name, element)
        elif taken.setdefault(named.name, element) is not element:
            raise InvalidRequestError(
                f"the label {named.name!r} is the name of another column of the same statement, "
                "which is used as a subquery or CTE: give the label() a name of its own"
            )


def _name(column: Any, taken: dict[Any, Any], again: int, name_column: NameColumn) -> Named:
    kind = column.__visit_name__
    if kind == "textclause":
        return Named(column, column.text, None, False)
    if kind == "label":
        name = column.name
        taken.setdefault(name, column)
        return Named(column, name, name, True)
    if isinstance(column, NamedColumn):
        return name_column(column, taken, again)
    if kind in _CONVERSIONS:
        inner = _converted(column)
        if inner is not None:
            return _name_conversion(column, inner, taken, again, name_column)
    return _name_unnamed(column, taken, again, name_column)


def _name_unnamed(column: Any, taken: dict[Any, Any], again: int, name_column: NameColumn) -> Named:
    nameless = column.__visit_name__ == "bindparam" and not column._has_name
    key = None if nameless else column._proxy_key
    name = ElementName(column._anon_base, column)
    if taken.setdefault(name, column) is column:
        return Named(column, name, key, True)
    # A subquery's column has the name: that of this very element, which is selected there.
    base = "anon" if name_column is _name_with_table else str.__str__(name)
    return Named(column, RepeatedName(base, column, again + 1), key, True)


#: What takes the name of the column that it is of, and the attribute that holds the column.
_CONVERSIONS: Final[Mapping[str, str]] = {
    "cast": "clause",
    "try_cast": "clause",
    "type_coerce": "clause",
    "as_boolean": "element",
}


def _converted(column: Any) -> Any:
    """The column or label that a cast is of, which gives it its name; None for anything else."""
    while column.__visit_name__ in _CONVERSIONS:
        column = getattr(column, _CONVERSIONS[column.__visit_name__])
    return column if isinstance(column, NamedColumn) or column.__visit_name__ == "label" else None


def _name_conversion(
    column: Any, inner: Any, taken: dict[Any, Any], again: int, name_column: NameColumn
) -> Named:
    if name_column is _name_with_table and isinstance(inner, NamedColumn):
        named = _name_with_table(inner, taken, again, column)
        return Named(column, named.name, named.key, True, named.exported)
    name, label = inner.name, column.__visit_name__ != "as_boolean"
    if name_column is not _name_as_is and name in taken:
        taken[name] = column
        base, number = name, 0
        if getattr(column, _CONVERSIONS[column.__visit_name__]) is not inner and label:
            base, number = _qualified(inner), again
        new = RepeatedName(base, column, number)
        return Named(column, new, inner.key, label or not again, name)
    taken.setdefault(name, column)
    return Named(column, name, inner.key, label)


def _qualified(column: Any) -> str:
    """The name of a column with that of its table, if it has one: what casts of casts go by."""
    table_name = getattr(getattr(column, "table", None), "name", None)
    if table_name is None:
        return column.name  # type: ignore[no-any-return]
    if isinstance(table_name, AnonName) or isinstance(column.name, AnonName):
        return PrefixedName(table_name, column.name)
    return f"{table_name}_{column.name}"


def _name_column(column: Any, taken: dict[Any, Any], again: int) -> Named:
    name = column.name
    if column.table is None:
        return Named(column, name, name, False)
    if name in taken:
        # Repeated: the same column again is id__1, another one of the name id_1.
        text = str.__str__(name)
        new: AnonName
        if isinstance(name, AnonName):
            new = NumberedName(name, column)
        else:
            new = ElementName(text, column)
        if again and (taken[name] is column or new in taken):
            return Named(column, RepeatedName(name, column, again), column.key, True, name)
        if taken.setdefault(new, column) is not column:
            new = AnonName(text)
        return Named(column, new, column.key, True)
    taken[name] = column
    return Named(column, name, column.key, False)


def _name_with_table(column: Any, taken: dict[Any, Any], again: int, owner: Any = None) -> Named:
    owner = column if owner is None else owner
    table_name = getattr(column.table, "name", None)
    if table_name is None or column.is_literal:
        return _name_column(column, taken, again)
    schema = getattr(column.table, "schema", None)
    place: Any
    if isinstance(table_name, AnonName) or isinstance(column.name, AnonName):
        name: str = PrefixedName(table_name, column.name)
        place = (table_name, column.name)
    elif schema:
        name = place = f"{schema.replace('.', '_')}_{table_name}_{column.name}"
    else:
        name = place = f"{table_name}_{column.name}"
    text = str.__str__(name)
    key = f"{str.__str__(table_name)}_{str.__str__(column.key)}"
    if taken.setdefault(place, owner) is owner and not again:
        return Named(column, name, key, True)
    if again:
        return Named(column, RepeatedName(name, column, again), key, True, name)
    return Named(column, AnonName(text), key, True)


def _name_as_is(column: Any, taken: dict[Any, Any], again: int) -> Named:
    return Named(column, column.name, column.key, False)


NameColumn: TypeAlias = Callable[[Any, dict[Any, Any], int], Named]
_STYLES: Final[Mapping[SelectLabelStyle, NameColumn]] = {
    LABEL_STYLE_NONE: _name_as_is,
    LABEL_STYLE_DEFAULT: _name_column,
    LABEL_STYLE_TABLENAME_PLUS_COL: _name_with_table,
    SelectLabelStyle.LABEL_STYLE_LEGACY_ORM: _name_column,
}
