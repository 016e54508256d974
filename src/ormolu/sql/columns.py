"""Columns that are only a name: `column`, `literal_column`, and the columns of subqueries.

`schema.Column` is a subclass. Here is the hot path of the whole language: ``column == 5``.
"""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar, overload

from .. import types
from ..types import BOOLEANTYPE, TypeEngine
from . import operators as ops
from .elements import BinaryExpression, BindParameter, ColumnElement, as_type
from .immutable import immutabledict
from .literals import BindFacts, LiteralBind, LiteralComparison
from .node import CONST, FACT, AnonName, Kind, const_key

if TYPE_CHECKING:
    from .operators import Operator

_T = TypeVar("_T")

_NUMERIC = (types.Integer, types.SmallInteger, types.BigInteger)
_TEXTUAL = (types.String, types.Text, types.Unicode, types.UnicodeText)

NATURAL: Final[Mapping[type, frozenset[type[TypeEngine[Any]]]]] = {
    int: frozenset(_NUMERIC),
    str: frozenset(_TEXTUAL),
    float: frozenset((types.Float, types.Double)),
    bytes: frozenset((types.LargeBinary,)),
    datetime.date: frozenset((types.Date,)),
    datetime.datetime: frozenset((types.DateTime,)),
    decimal.Decimal: frozenset((types.Numeric,)),
}
"""Python class of a literal -> the column types whose own type the literal takes without asking.

Exact classes on both sides: a user's subclass of `String` may have its own comparator."""


def comparing(operator: Operator) -> Any:
    """The method of columns for a comparison: ``column == 5`` for the price of two small objects.

    What is made of a value of the column's own kind depends on the column and the operator alone,
    so a `schema.Column` keeps it in ``_compared``: operator -> (key, class of the value, facts of
    the bind). A type that the column was given later makes that a thing of the past.

    Tuples are joined by ``+`` here and in the other hot methods: ``(*a, b)`` goes through a list.
    """

    def compare(self: Any, other: Any) -> Any:
        known = self._compared.get(operator)
        if known is None:
            return compare_literal(self, operator, other)
        key, kind, facts = known
        if kind is not type(other) or facts.type is not self.type:
            return compare_literal(self, operator, other)
        bind = _new(LiteralBind)
        bind.value = other
        bind._facts = facts
        comparison = _new(LiteralComparison)
        comparison.left = self
        comparison.right = bind
        comparison.operator = operator
        comparison._sealed = key, (bind,)
        return comparison

    return compare


def compare_literal(column: Any, operator: Operator, value: Any) -> Any:
    """``column operator value``, where the column doesn't know yet what that comes to."""
    kind = type(value)
    if type(column.type) not in NATURAL.get(kind, _nothing):
        return column.operate(operator, value)
    name = column._bind_name if column._proxies else column.key
    if name is None:
        return column.operate(operator, value)
    facts = BindFacts(name, column.type)
    if column._identity:
        key = (BinaryExpression, operator._key, column._key, facts.bind_key)
        column._compared = {**column._compared, operator: (key, kind, facts)}
        return operator(column, value)
    bind = _new(LiteralBind)
    bind.value = value
    bind._facts = facts
    binary: BinaryExpression[bool] = _new(BinaryExpression)
    binary.left = column
    binary.right = bind
    binary.operator = operator
    binary.negate = operator._negation
    binary.modifiers = ()
    binary.type = BOOLEANTYPE
    binary._key = (BinaryExpression, operator._key, column._key, facts.bind_key)
    binary._binds = column._binds + (bind,)  # noqa: RUF005
    binary._anon = column._anon
    return binary


_new: Final[Any] = object.__new__
_nothing: Final[frozenset[Any]] = frozenset()


class NamedColumn(ColumnElement[_T]):
    """Base of values that have a name of their own, by which a statement shows them."""

    __slots__ = ()

    is_literal: bool = False


class ColumnClause(NamedColumn[_T]):
    """A column by name, of ``table`` or of none.

    ``is_literal`` marks text that is rendered as it stands (`literal_column`).
    """

    __slots__ = ("_proxies", "is_literal", "key", "name", "table")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "name": CONST,
        "key": CONST,
        "table": FACT,
        "is_literal": CONST,
        "_proxies": FACT,
    }
    __visit_name__ = "column"

    name: str
    key: str
    table: Any
    is_literal: bool
    _proxies: tuple[ColumnElement[Any], ...]
    _compared: Mapping[Operator, Any] = immutabledict()

    def __init__(
        self,
        text: str,
        type_: TypeEngine[Any] | type[TypeEngine[Any]] | None = None,
        is_literal: bool = False,
        _selectable: Any = None,
    ) -> None:
        self.name = text
        self.key = text
        self.type = as_type(type_)
        self.table = _selectable
        self.is_literal = is_literal
        self._proxies = ()
        self._seal()

    def _seal(self) -> None:
        table = self.table
        name = self.name
        if type(name) is not str:
            name = _name_key(name)
        if table is None:
            self._key = (ColumnClause, name, self.type._key, self.is_literal)
            self._binds = ()
            self._anon = False
        else:
            literal = self.is_literal
            self._key = (ColumnClause, table._key, name, self.key, self.type._key, literal)
            self._binds = table._binds
            self._anon = table._anon

    __eq__ = comparing(ops.eq)
    __ne__ = comparing(ops.ne)
    __lt__ = comparing(ops.lt)
    __le__ = comparing(ops.le)
    __gt__ = comparing(ops.gt)
    __ge__ = comparing(ops.ge)
    __hash__ = object.__hash__

    @property
    def description(self) -> str:
        """The column's name."""
        return self.name

    @property
    def _anon_base(self) -> str:
        return self.name

    @property
    def _from_objects(self) -> tuple[Any, ...]:
        return () if self.table is None else (self.table,)

    @property
    def _bind_name(self) -> str | None:
        """What a bind beside this column is named after; None for an expression without a name."""
        if type(self) is ColumnClause and self._proxies:
            return None if isinstance(self.name, AnonName) else self.name
        if not isinstance(self.name, AnonName):
            return self.key
        source = self._proxies[0] if self._proxies else None
        if isinstance(source, ColumnClause) and source._bind_name is not None:
            return self.key
        return None

    def _bind_for(self, operator: Operator, value: Any, expanding: bool = False) -> Any:
        return BindParameter(
            self._bind_name,
            value,
            unique=True,
            expanding=expanding,
            _compared_to=operator,
            _compared_to_type=self.type,
        )

    def _make_proxy(
        self, selectable: Any, name: str | None = None, key: str | None = None
    ) -> ColumnClause[_T]:
        """The column of ``selectable`` that stands for this one."""
        return proxy(self, selectable, name or self.name, key or self.key)


def _name_key(name: str) -> Any:
    return ("", str.__str__(name)) if isinstance(name, AnonName) else const_key(name)


class ProxyColumn(ColumnClause[_T]):
    """A column of an alias or subquery, which stands for another column or expression.

    A class of its own and not the base of `schema.Column`: Python asks the right side of ``==``
    first when its class is a subclass of the left one's, which would turn conditions around.
    """

    __slots__ = ()

    @property
    def primary_key(self) -> bool:  # type: ignore[override]
        return self._proxies[0].primary_key

    @property
    def nullable(self) -> bool | None:  # type: ignore[override]
        return self._proxies[0].nullable

    @property
    def foreign_keys(self) -> Any:
        return self._proxies[0].foreign_keys


def proxy(
    element: ColumnElement[Any], selectable: Any, name: str, key: str | None = None
) -> ColumnClause[Any]:
    """A column of ``selectable`` that stands for ``element``.

    One that stands for an expression is a plain `ColumnClause`, as in SQLAlchemy: it is a base of
    `schema.Column`, so that Python turns ``subquery.c.total < table.c.id`` around.
    """
    source = element
    while source.__visit_name__ == "label":
        source = source.element
    is_column = isinstance(source, ColumnClause) and type(source) is not ColumnClause
    new: ColumnClause[Any] = (ProxyColumn if is_column else ColumnClause)(
        name, element.type, _selectable=selectable
    )
    new.key = key or name
    new._proxies = (element,)
    new._seal()
    return new


@overload
def column(
    text: str, type_: type[TypeEngine[_T]] | TypeEngine[_T], is_literal: bool = ...
) -> ColumnClause[_T]: ...


@overload
def column(text: str, type_: None = None, is_literal: bool = ...) -> ColumnClause[Any]: ...


def column(text: str, type_: Any = None, is_literal: bool = False) -> ColumnClause[Any]:
    """A column of a name, for `table` or for use on its own."""
    return ColumnClause(text, type_, is_literal)


@overload
def literal_column(text: str, type_: type[TypeEngine[_T]] | TypeEngine[_T]) -> ColumnClause[_T]: ...


@overload
def literal_column(text: str, type_: None = None) -> ColumnClause[Any]: ...


def literal_column(text: str, type_: Any = None) -> ColumnClause[Any]:
    """A column expression whose text is rendered as it stands."""
    return ColumnClause(text, type_, True)
