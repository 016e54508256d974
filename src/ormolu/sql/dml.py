"""INSERT, UPDATE, DELETE.

``_values`` are (key, expression) pairs in the order given, a key being a column's; ``_multi`` has
a row of such expressions for each dictionary of ``values([{…}, {…}])``; that isn't cached, since
its SQL has every row in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, overload

from ..exc import ArgumentError, InvalidRequestError
from . import coercion
from .boolean import and_
from .collections import ColumnCollection
from .elements import ClauseElement, ColumnElement
from .executable import Executable
from .fromclause import _DML, FromClause
from .keys import UNCACHEABLE
from .label import FixedText
from .node import CONST, NODE, NODES, Kind
from .selectbase import _CTE

if TYPE_CHECKING:
    from typing import Self, TypeAlias, TypeVar, TypeVarTuple

    from .column_operators import SQLCoreOperations
    from .cte import CTE
    from .executable import TypedReturnsRows

    _A = TypeVar("_A")
    _B = TypeVar("_B")
    _C = TypeVar("_C")
    _Ts = TypeVarTuple("_Ts")
    Of: TypeAlias = type[_A] | SQLCoreOperations[_A]


class UpdateBase(Executable, ClauseElement):
    """Base of INSERT, UPDATE and DELETE.

    ``table`` is the FROM element written to; ``_entity`` the ORM entity it was given as, or None.
    """

    __slots__ = ("_ctes", "_entity", "_prefixes", "_returning", "_sorted", "table")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "table": NODE,
        "_entity": NODE,
        "_returning": NODES,
        "_sorted": CONST,
        "_prefixes": NODES,
        "_ctes": NODES,
    }

    is_dml = True
    table: Any
    _entity: Any
    _returning: tuple[Any, ...]
    _sorted: bool
    _prefixes: tuple[Any, ...]
    _ctes: tuple[Any, ...]

    def _init_dml(self, table: Any) -> None:
        self._init_executable()
        target = coercion.from_(table, "Table or mapped class")
        self._entity = None
        if not isinstance(target, FromClause):
            self._entity = target
            self._plugin = target._plugin
            local = getattr(target, "local_table", None)
            target = target.selectable if local is None else local
        self.table = target
        self._returning = self._prefixes = self._ctes = ()
        self._sorted = False

    def returning(self, *cols: Any, sort_by_parameter_order: bool = False) -> Any:
        """A copy with RETURNING: columns, or a table or mapped class for all of its columns.

        ``sort_by_parameter_order`` gives the rows in the order of the parameters (INSERT only).
        """
        columns = tuple([coercion.select_column(column) for column in cols])
        plugins = [c._plugin for c in columns if c._plugin is not None]
        new = self._copy(
            _returning=self._returning + columns,
            _sorted=self._sorted or sort_by_parameter_order,
        )
        if plugins:
            new._plugin = plugins[0]
        return new

    @property
    def _selected(self) -> tuple[ColumnElement[Any], ...]:
        found: list[Any] = []
        for column in self._returning:
            if isinstance(column, FromClause):
                found.extend(column._all_from_columns)
            elif hasattr(column, "_columns_for_select"):
                found.extend(column._columns_for_select())
            else:
                found.append(coercion.resolve(column))
        return tuple(found)

    @property
    def returning_column_descriptions(self) -> list[dict[str, Any]]:
        """What each element of RETURNING is."""
        return [
            {"name": getattr(c, "name", None), "type": getattr(c, "type", c), "expr": c}
            for c in self._returning
        ]

    @property
    def exported_columns(self) -> ColumnCollection[Any]:
        """The columns of RETURNING."""
        return ColumnCollection((column._proxy_key, column) for column in self._selected)

    @property
    def entity_description(self) -> dict[str, Any]:
        """What the statement writes to."""
        return {"name": self.table.description, "table": self.table, "entity": self._entity}

    def prefix_with(self, *prefixes: Any, dialect: str = "*") -> Self:
        """A copy with these written after the statement's keyword."""
        added = tuple([FixedText(p) if isinstance(p, str) else p for p in prefixes])
        return self._copy(_prefixes=self._prefixes + added)

    def with_dialect_options(self, **options: Any) -> Self:
        """A copy; the dialects here have no options of their own for these statements.

        Raises `ArgumentError` for any option.
        """
        if options:
            raise ArgumentError(f"No dialect has the statement options {sorted(options)}")
        return self

    def add_cte(self, *ctes: Any, nest_here: bool = False) -> Self:
        """A copy with CTEs in WITH that it doesn't refer to."""
        return self._copy(_ctes=self._ctes + ctes)

    def cte(self, name: str | None = None, recursive: bool = False, nesting: bool = False) -> CTE:
        """``WITH name AS (this … RETURNING …)``."""
        return _CTE[0](self, name, recursive, nesting)  # type: ignore[no-any-return]

    @property
    def _from_objects(self) -> tuple[Any, ...]:
        return ()

    def _column(self, key: str) -> Any:
        """The table's column of a key, or None; unknown keys are an error of compilation."""
        return self.table.columns.get(key)

    def _pairs(self, given: Any) -> dict[str, Any]:
        """Values as key -> expression, from a mapping or from a row in the table's order."""
        if isinstance(given, Mapping):
            items = [(self._key_of(key), value) for key, value in given.items()]
        elif isinstance(given, tuple | list):
            columns = list(self.table.columns)
            if len(given) > len(columns):
                raise ArgumentError(
                    f"{len(given)} values given for {self.table.description!r}, "
                    f"which has {len(columns)} columns"
                )
            items = [(c.key, v) for c, v in zip(columns, given, strict=False)]
        else:
            raise ArgumentError(
                f"values() takes keywords, a dictionary, a tuple or a list of these, not {given!r}"
            )
        return {key: self._expression(key, value) for key, value in items}

    def _key_of(self, given: Any) -> str:
        return coercion.column_key(given)

    def _expression(self, key: str, value: Any) -> Any:
        column = self._column(key)
        if column is None:
            return coercion.operand(value, name=key)
        return coercion.value(value, column)


class ValuesBase(UpdateBase):
    """Base of INSERT and UPDATE: statements with values."""

    __slots__ = ("_keys", "_values")
    _fields: ClassVar[Mapping[str, Kind]] = {"_keys": CONST, "_values": NODES}

    _keys: tuple[str, ...]
    _values: tuple[Any, ...]

    def _init_values(self, table: Any) -> None:
        self._init_dml(table)
        self._keys = self._values = ()

    def _with_values(self, pairs: Mapping[str, Any], **more: Any) -> Self:
        merged = dict(zip(self._keys, self._values, strict=True))
        merged.update(pairs)
        return self._copy(_keys=tuple(merged), _values=tuple(merged.values()), **more)


class Insert(ValuesBase):
    """An INSERT statement; see `insert`."""

    __slots__ = ("_multi", "_multi_keys", "include_insert_from_select_defaults", "inline", "select")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "_multi": NODES,
        "_multi_keys": CONST,
        "select": NODE,
        "include_insert_from_select_defaults": CONST,
        "inline": CONST,
    }
    __visit_name__ = "insert"

    is_insert = True
    select: Any
    inline: bool
    _multi: tuple[Any, ...]
    _multi_keys: tuple[tuple[str, ...], ...]

    if TYPE_CHECKING:

        @overload
        def returning(
            self, a: Of[_A], /, *, sort_by_parameter_order: bool = ...
        ) -> ReturningInsert[_A]: ...
        @overload
        def returning(
            self, a: Of[_A], b: Of[_B], /, *, sort_by_parameter_order: bool = ...
        ) -> ReturningInsert[_A, _B]: ...
        @overload
        def returning(
            self, a: Of[_A], b: Of[_B], c: Of[_C], /, *, sort_by_parameter_order: bool = ...
        ) -> ReturningInsert[_A, _B, _C]: ...
        @overload
        def returning(
            self, *cols: Any, sort_by_parameter_order: bool = ...
        ) -> ReturningInsert[*tuple[Any, ...]]: ...
        def returning(self, *cols: Any, sort_by_parameter_order: bool = False) -> Any: ...

    def __init__(self, table: Any) -> None:
        self._init_values(table)
        self._multi = self._multi_keys = ()
        self.select = None
        self.inline = False
        self.include_insert_from_select_defaults = True
        self._seal()

    def _seal(self) -> None:
        super()._seal()
        if self._multi:
            self._key = (Insert, UNCACHEABLE)
            self._anon = True

    def values(self, *args: Any, **kwargs: Any) -> Self:
        """A copy with values: keywords, a dictionary, a tuple in the table's order, or a list.

        Raises `ArgumentError` for anything else and `InvalidRequestError` after `from_select`.
        """
        if self.select is not None:
            raise InvalidRequestError("This construct already inserts from a SELECT")
        if len(args) > 1:
            raise ArgumentError(
                "Only a single dictionary/tuple or list of dictionaries/tuples is accepted "
                "positionally."
            )
        if args and kwargs:
            raise ArgumentError("Can't pass positional and **kwargs to values() simultaneously")
        if args and isinstance(args[0], list) and args[0] and _is_row(args[0][0]):
            rows = [self._pairs(row) for row in args[0]]
            nodes = tuple([node for row in rows for node in row.values()])
            return self._copy(
                _multi=self._multi + nodes,
                _multi_keys=self._multi_keys + tuple([tuple(row) for row in rows]),
            )
        return self._with_values(self._pairs(args[0] if args else kwargs))

    @property
    def _multi_values(self) -> list[dict[str, Any]]:
        """The rows of ``values([…])``, each column key -> expression."""
        nodes = iter(self._multi)
        return [{key: next(nodes) for key in keys} for keys in self._multi_keys]

    def from_select(self, names: Sequence[Any], select: Any, include_defaults: bool = True) -> Self:
        """A copy that inserts the rows of a SELECT into the columns named.

        Raises `InvalidRequestError` when the statement has values already.
        """
        if self._values or self._multi:
            raise InvalidRequestError("This construct already has values; it can't use a SELECT")
        return self._copy(
            _keys=tuple([self._key_of(name) for name in names]),
            select=select,
            inline=True,
            include_insert_from_select_defaults=include_defaults,
        )


def _is_row(given: Any) -> bool:
    return isinstance(given, Mapping | tuple | list)


class Conditional(UpdateBase):
    """Base of UPDATE and DELETE: statements with a WHERE clause (each declares the slot)."""

    __slots__ = ()

    _where: tuple[Any, ...]

    def where(self, *whereclause: Any) -> Self:
        """A copy with these conditions added, joined by AND."""
        added = tuple([coercion.where(clause) for clause in whereclause])
        return self._copy(_where=self._where + added)

    filter = where

    @property
    def whereclause(self) -> ColumnElement[Any] | None:
        """The conditions as one, or None."""
        if not self._where:
            return None
        return self._where[0] if len(self._where) == 1 else and_(*self._where)

    def filter_by(self, **kwargs: Any) -> Self:
        """A copy with ``name = value`` conditions.

        Raises `InvalidRequestError` for a name that the table or entity doesn't have.
        """
        return self.where(*[self._named(name) == value for name, value in kwargs.items()])

    def _named(self, name: str) -> Any:
        if self._entity is not None:
            found = getattr(self._entity.entity_namespace, name, None)
        else:
            found = self.table.columns.get(name)
        if found is None:
            raise InvalidRequestError(
                f'Entity namespace for "{self.table.description}" has no property "{name}"'
            )
        return found

    @property
    def _extra_froms(self) -> list[FromClause]:
        """The FROM elements that the conditions and values draw from, besides the table."""
        drawn = [f for criterion in self._where for f in criterion._from_objects]
        drawn += [f for value in getattr(self, "_values", ()) for f in value._from_objects]
        return list({id(f): f for f in drawn if f is not self.table}.values())


class Update(Conditional, ValuesBase):
    """An UPDATE statement; see `update`."""

    __slots__ = ("_ordered", "_where", "inline")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "_where": NODES,
        "_ordered": CONST,
        "inline": CONST,
    }
    __visit_name__ = "update"

    is_update = True
    _ordered: bool
    inline: bool

    if TYPE_CHECKING:

        @overload
        def returning(self, a: Of[_A], /) -> ReturningUpdate[_A]: ...
        @overload
        def returning(self, a: Of[_A], b: Of[_B], /) -> ReturningUpdate[_A, _B]: ...
        @overload
        def returning(self, a: Of[_A], b: Of[_B], c: Of[_C], /) -> ReturningUpdate[_A, _B, _C]: ...
        @overload
        def returning(
            self, *cols: Any, sort_by_parameter_order: bool = ...
        ) -> ReturningUpdate[*tuple[Any, ...]]: ...
        def returning(self, *cols: Any, sort_by_parameter_order: bool = False) -> Any: ...

    def __init__(self, table: Any) -> None:
        self._init_values(table)
        self._where = ()
        self._ordered = self.inline = False
        self._seal()

    def values(self, *args: Any, **kwargs: Any) -> Self:
        """A copy with values: keywords or a dictionary.

        Raises `ArgumentError` for anything else.
        """
        if args and kwargs:
            raise ArgumentError("Can't pass positional and **kwargs to values() simultaneously")
        if len(args) > 1 or (args and isinstance(args[0], list)):
            raise ArgumentError("UPDATE construct does not support multiple parameter sets.")
        return self._with_values(self._pairs(args[0] if args else kwargs))

    def ordered_values(self, *args: tuple[Any, Any]) -> Self:
        """A copy with (column, value) pairs, set in this order.

        Raises `ArgumentError` when the statement has values already.
        """
        if self._values:
            raise ArgumentError("This statement already has values present")
        pairs = {self._key_of(key): value for key, value in args}
        return self._with_values(
            {key: self._expression(key, value) for key, value in pairs.items()}, _ordered=True
        )


class Delete(Conditional):
    """A DELETE statement; see `delete`."""

    __slots__ = ("_where",)
    _fields: ClassVar[Mapping[str, Kind]] = {"_where": NODES}
    __visit_name__ = "delete"

    is_delete = True

    if TYPE_CHECKING:

        @overload
        def returning(self, a: Of[_A], /) -> ReturningDelete[_A]: ...
        @overload
        def returning(self, a: Of[_A], b: Of[_B], /) -> ReturningDelete[_A, _B]: ...
        @overload
        def returning(self, a: Of[_A], b: Of[_B], c: Of[_C], /) -> ReturningDelete[_A, _B, _C]: ...
        @overload
        def returning(
            self, *cols: Any, sort_by_parameter_order: bool = ...
        ) -> ReturningDelete[*tuple[Any, ...]]: ...
        def returning(self, *cols: Any, sort_by_parameter_order: bool = False) -> Any: ...

    def __init__(self, table: Any) -> None:
        self._init_dml(table)
        self._where = ()
        self._seal()


if TYPE_CHECKING:
    # What `returning` gives, to a type checker: the statement, whose rows have these types.
    class ReturningInsert(Insert, TypedReturnsRows[*_Ts]): ...

    class ReturningUpdate(Update, TypedReturnsRows[*_Ts]): ...

    class ReturningDelete(Delete, TypedReturnsRows[*_Ts]): ...


def insert(table: Any) -> Insert:
    """An INSERT into a table or mapped class."""
    return Insert(table)


def update(table: Any) -> Update:
    """An UPDATE of a table or mapped class."""
    return Update(table)


def delete(table: Any) -> Delete:
    """A DELETE from a table or mapped class."""
    return Delete(table)


_DML.update(insert=insert, update=update, delete=delete)
