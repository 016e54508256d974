"""INSERT, UPDATE, DELETE: the three statements.

``Insert._multi`` has a row of expressions for each dictionary of ``values([{…}, {…}])``; that isn't
cached, since its SQL has every row in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, overload

from ..exc import ArgumentError, InvalidRequestError
from . import coercion
from . import operators as ops
from .elements import BinaryExpression
from .fromclause import _DML
from .keys import UNCACHEABLE
from .node import CONST, NODE, NODES, PAIRS, Kind
from .selectbase import SelectBase
from .writing import Conditional as Conditional
from .writing import UpdateBase as UpdateBase
from .writing import ValuesBase as ValuesBase

if TYPE_CHECKING:
    from typing import Self, TypeAlias, TypeVar, TypeVarTuple

    from .column_operators import SQLCoreOperations
    from .executable import TypedReturnsRows

    _A = TypeVar("_A")
    _B = TypeVar("_B")
    _C = TypeVar("_C")
    _Ts = TypeVarTuple("_Ts")
    Of: TypeAlias = type[_A] | SQLCoreOperations[_A]


class Insert(ValuesBase):
    """An INSERT statement; see `insert`."""

    __slots__ = (
        "_inline",
        "_multi",
        "_multi_keys",
        "include_insert_from_select_defaults",
        "select",
    )
    _fields: ClassVar[Mapping[str, Kind]] = {
        "_multi": NODES,
        "_multi_keys": CONST,
        "select": NODE,
        "include_insert_from_select_defaults": CONST,
        "_inline": CONST,
    }
    __visit_name__ = "insert"
    _positions = ("post_values",)

    is_insert = True
    select: Any
    include_insert_from_select_defaults: bool
    _inline: bool
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
        self._inline = False
        self.include_insert_from_select_defaults = True
        self._seal()

    def _seal(self) -> None:
        super()._seal()
        if self._multi:
            self._key = (Insert, UNCACHEABLE)
            self._anon = True

    def values(self, *args: Any, **kwargs: Any) -> Self:
        """A copy with values: keywords, a dictionary, a tuple in the table's order, or a list.

        Raises `ArgumentError` for anything else and `InvalidRequestError` after `from_select`, or
        when one row and a list of rows are mixed.
        """
        if self.select is not None:
            raise InvalidRequestError("This construct already inserts from a SELECT")
        given = self._given(args, kwargs)
        several = isinstance(given, list) and bool(given) and _is_row(given[0])
        if self._values if several else self._multi:
            raise InvalidRequestError(
                "Can't mix single and multiple VALUES formats in one INSERT statement: give all "
                "rows in lists, or all values of one row"
            )
        if not several:
            return self._with_values(self._pairs(given))
        rows = [self._pairs(row) for row in given]
        nodes = tuple([node for row in rows for node in row.values()])
        return self._copy(
            _multi=self._multi + nodes,
            _multi_keys=self._multi_keys + tuple([tuple(row) for row in rows]),
        )

    def inline(self) -> Self:
        """A copy whose new key isn't fetched: SQL defaults stay in the statement."""
        return self._copy(_inline=True)

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
            raise InvalidRequestError("This construct already inserts value expressions")
        if hasattr(select, "_all_from_columns"):
            select = select.select()
        elif not isinstance(select, SelectBase):
            raise ArgumentError(
                f"SELECT statement or equivalent textual object expected, got {select!r}: "
                "write select(…), or text(…).columns(…)"
            )
        return self._copy(
            _keys=tuple([self._key_of(name) for name in names]),
            select=select,
            _inline=True,
            include_insert_from_select_defaults=include_defaults,
        )


def _is_row(given: Any) -> bool:
    return isinstance(given, Mapping | tuple | list)


_INDEXES = frozenset((ops.getitem, ops.json_getitem_op, ops.json_path_getitem_op))
"""What ``SET array[2] = 5`` assigns to."""


class Update(Conditional, ValuesBase):
    """An UPDATE statement; see `update`."""

    __slots__ = ("_inline", "_ordered", "_others", "_where")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "_where": NODES,
        "_others": PAIRS,
        "_ordered": CONST,
        "_inline": CONST,
    }
    __visit_name__ = "update"
    _positions = ("post_criteria",)

    is_update = True
    _ordered: bool
    _others: tuple[tuple[Any, Any], ...]
    _inline: bool

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
        self._where = self._others = ()
        self._ordered = self._inline = False
        self._seal()

    def values(self, *args: Any, **kwargs: Any) -> Self:
        """A copy with values: keywords, a dictionary, or a tuple in the table's order.

        A column of another table may be a key where the database updates several tables at once.
        Raises `ArgumentError` for anything else, and `InvalidRequestError` for a list of rows and
        after `ordered_values`.
        """
        given = self._given(args, kwargs)
        if self._ordered:
            raise InvalidRequestError(
                "This statement already has ordered values present; give all of them there"
            )
        if isinstance(given, list):
            raise InvalidRequestError(
                "UPDATE construct does not support multiple parameter sets: execute one with "
                "bindparam() and a list of dictionaries"
            )
        if isinstance(given, Mapping):
            return self._with_mapping(given)
        return self._with_values(self._pairs(given))

    def _with_mapping(self, given: Mapping[Any, Any], **more: Any) -> Self:
        """A copy with values by name or column, of this table and of others."""
        own = {key: value for key, value in given.items() if self._other_column(key) is None}
        others = {
            found.key or id(found): (found, self._other_expression(found, value))
            for key, value in given.items()
            if (found := self._other_column(key)) is not None
        }
        if others:
            more["_others"] = (*self._others, *others.values())
        return self._with_values(self._pairs(own), **more)

    def _other_column(self, key: Any) -> Any:
        """The column of another table, or the index into a column, that a key is; else None."""
        if isinstance(key, str):
            return None
        if isinstance(key, BinaryExpression) and key.operator in _INDEXES:
            return key
        found = key if self._entity is None else coercion.resolve(key)
        table = getattr(found, "table", None)
        own = (None, self.table, getattr(self.table, "element", None))
        return None if any(table is each for each in own) else coercion.resolve(found)

    def _other_expression(self, column: Any, value: Any) -> Any:
        return coercion.value(value, column)

    def ordered_values(self, *args: tuple[Any, Any]) -> Self:
        """A copy with (column, value) pairs, set in this order.

        Raises `ArgumentError` when the statement has values already.
        """
        if self._valued:
            raise ArgumentError(
                "This statement already has values present; write one of values() and "
                "ordered_values()"
            )
        return self._with_mapping(dict(args), _ordered=True)

    def inline(self) -> Self:
        """A copy whose SQL defaults aren't fetched."""
        return self._copy(_inline=True)


class Delete(Conditional):
    """A DELETE statement; see `delete`."""

    __slots__ = ("_using", "_where")
    _fields: ClassVar[Mapping[str, Kind]] = {"_where": NODES, "_using": NODES}
    __visit_name__ = "delete"
    _positions = ("post_criteria",)

    is_delete = True
    _using: tuple[Any, ...]

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
        self._where = self._using = ()
        self._seal()

    def using(self, *froms: Any) -> Self:
        """A copy that draws on these FROM elements too, though no condition mentions them."""
        return self._copy(_using=self._using + tuple([coercion.from_(each) for each in froms]))


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
