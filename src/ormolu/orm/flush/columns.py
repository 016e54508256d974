"""How the columns of a mapped table take part in INSERT and UPDATE: decided once per mapper.

=============  ==================================================================================
always         in every INSERT; an attribute that was never set writes NULL
default        as always, but a missing value (or None) is first computed in Python
optional       in the INSERT only when there is a value: a generated primary key, a
               `server_default`, an SQL expression as default
never          `Computed` columns
=============  ==================================================================================

A type to which None is a value (`should_evaluate_none`: None is the null of JSON) makes its column
optional: an attribute that was never set is left out and becomes NULL or the `server_default`, and
None is written as any other value.

What is left out of an INSERT comes back by RETURNING or is loaded when it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from ormolu import codegen
from ormolu.schema import Column
from ormolu.schema.autoincrement import ascends

if TYPE_CHECKING:
    from ormolu.orm.mapping.mapper import Mapper

Dicts = list[dict[str, Any]]


class DefaultContext:
    """What a default function with a parameter receives: `context.get_current_parameters()`."""

    __slots__ = ("_columns", "dialect", "own")

    def __init__(self, columns: Mapping[str, Column[Any]], dialect: Any) -> None:
        self._columns = columns
        self.dialect = dialect
        self.own: dict[str, Any] = {}

    @property
    def current_parameters(self) -> dict[str, Any]:
        """The values of the row so far, by column key."""
        own = self.own
        return {column.key: own[name] for name, column in self._columns.items() if name in own}

    def get_current_parameters(self, isolate_multiinsert_groups: bool = True) -> dict[str, Any]:
        """The values of the row so far, by column key."""
        return self.current_parameters


class TableColumns:
    """The columns of one mapper's table, sorted by what a flush does with them.

    `columns` maps attribute names to columns, in the table's order. `generated` is the attribute
    of the autoincrement key, or None; `ascending` says whether its values grow. `asked` maps parts
    of the key to expressions, whose values are asked for where no RETURNING tells them.
    `masks(dicts)` gives per row the bits of the optional attributes that have a value;
    `fill(dicts)` writes None for what was never set. To the attributes `evaluating` None is a
    value; those of them that are NULL when they are left out are `blank`.
    """

    __slots__ = (
        "always",
        "ascending",
        "asked",
        "blank",
        "columns",
        "defaults",
        "evaluating",
        "fill",
        "generated",
        "keys",
        "masks",
        "onupdate",
        "onupdate_server",
        "optional",
        "returned",
        "version",
        "version_generator",
    )

    def __init__(self, mapper: Mapper) -> None:
        table = mapper.local_table
        self.columns = _mapped(mapper)
        self.keys = frozenset(mapper.pk_keys)
        auto = table.autoincrement_column
        self.generated = None if auto is None else mapper.key_of_column.get(auto)
        self.ascending = auto is not None and ascends(auto)
        self.version = version_name(mapper)
        self.version_generator = version_generator(mapper)
        self.defaults: dict[str, Any] = {}
        self.asked: dict[str, Any] = {}
        self.optional: list[str] = []
        self.always: list[str] = []
        self.returned: list[str] = []
        self.blank: list[str] = []
        self.evaluating = frozenset(
            name for name, column in self.columns.items() if column.type.should_evaluate_none
        )
        for name, column in self.columns.items():
            self._sort(name, column)
        self.onupdate = {
            name: column.onupdate
            for name, column in self.columns.items()
            if column.onupdate is not None and not column.onupdate.is_clause_element
        }
        self.onupdate_server = [
            name
            for name, column in self.columns.items()
            if name not in self.onupdate and changes_by_itself(column)
        ]
        self.onupdate_server += [
            name
            for name, prop in mapper._column_attrs.items()
            if prop.expire_on_flush and not isinstance(prop.columns[0], Column)
        ]
        self.masks = _build_masks(self.optional, self.evaluating)
        self.fill = _build_fill(self.always)

    def _sort(self, name: str, column: Column[Any]) -> None:
        default = column.default
        if column.computed is not None:
            self.returned.append(name)
        elif name == self.generated:
            self.optional.append(name)
        elif default is not None and (default.is_scalar or default.is_callable):
            self.defaults[name] = default
            self.always.append(name)
        elif default is not None and default.is_clause_element and column.primary_key:
            self.asked[name] = default
            self.optional.append(name)
        elif (
            default is not None or column.server_default is not None or column.identity is not None
        ):
            self.optional.append(name)
        elif name in self.evaluating:
            self.optional.append(name)
            self.blank.append(name)
        else:
            self.always.append(name)

    def mask_of(self, names: Collection[str]) -> int | None:
        """The mask of objects with these attributes; None when it takes their values to tell."""
        mask = 0
        for i, name in enumerate(self.optional):
            if name in names:
                if name not in self.evaluating:
                    return None
                mask |= 1 << i
        return mask

    def names_of(self, mask: int) -> list[str]:
        """The attributes an INSERT of this mask has, in the table's order."""
        chosen = {name for i, name in enumerate(self.optional) if mask >> i & 1}
        chosen.update(self.always)
        return [name for name in self.columns if name in chosen]

    def returned_of(self, mask: int) -> list[str]:
        """The attributes whose values the database makes in an INSERT of this mask."""
        absent = self._absent(mask).difference(self.blank)
        absent.update(self.returned)
        return [name for name in self.columns if name in absent]

    def blank_of(self, mask: int) -> list[str]:
        """The attributes that become NULL because an INSERT of this mask leaves them out."""
        absent = self._absent(mask) if self.blank else ()
        return [name for name in self.blank if name in absent]

    def _absent(self, mask: int) -> set[str]:
        return {name for i, name in enumerate(self.optional) if not mask >> i & 1}


def _mapped(mapper: Mapper) -> dict[str, Column[Any]]:
    """Attribute name -> column, of the columns that are in the mapper's own table."""
    table = mapper.local_table
    names = mapper.key_of_column
    return {names[column]: column for column in table.columns if column in names}


def changes_by_itself(column: Column[Any]) -> bool:
    """Whether an UPDATE changes a column that it gives no value."""
    made = (column.onupdate, column.server_onupdate, column.computed)
    return any(each is not None for each in made)


def version_name(mapper: Mapper) -> str | None:
    """The attribute of the mapper's version column, None when it has none."""
    column = mapper.version_id_col
    return None if column is None else mapper.key_of_column[column]


def _next_version(old: int | None) -> int:
    return (old or 0) + 1


def version_generator(mapper: Mapper) -> Callable[[Any], Any] | None:
    """What makes the next version; None when the database does (`version_id_generator=False`)."""
    made = getattr(mapper, "version_id_generator", None)
    if made is False:
        return None
    return made or _next_version


def _build_masks(optional: list[str], evaluating: Collection[str]) -> Callable[[Dicts], list[int]]:
    bits = " | ".join(
        f"({name!r} in d) << {i}" if name in evaluating else f"(d.get({name!r}) is not None) << {i}"
        for i, name in enumerate(optional)
    )
    source = f"def masks(dicts):\n    return [{bits or '0'} for d in dicts]\n"
    return codegen.build("insert masks", source, {})


def _build_fill(always: list[str]) -> Callable[[Dicts], None]:
    lines = ["def fill(dicts):", "    for d in dicts:"]
    for name in always:
        lines += [f"        if {name!r} not in d:", f"            d[{name!r}] = None"]
    if not always:
        lines.append("        pass")
    return codegen.build("insert fill", "\n".join(lines) + "\n", {})
