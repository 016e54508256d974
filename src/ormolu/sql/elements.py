"""The knot of the expression language: columns' operators make expressions, which have operators.

`ColumnElement` is the base of every SQL value; `BindParameter` is a value that travels beside the
SQL; `BinaryExpression`, `UnaryExpression` and `Grouping` are what operators make. How an operator
makes them is in `ormolu.sql.comparator`; the path that every query takes, ``column == 5``, is
here, inline: see `ColumnClause.__eq__`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from ..types import BOOLEANTYPE, NULLTYPE, Boolean, TypeEngine
from . import operator_table as ops
from .clause import NO_ARG as NO_ARG
from .clause import ClauseElement as ClauseElement
from .clause import NoArg as NoArg
from .clause import replace as replace
from .column_operators import SQLColumnExpression
from .given_types import as_type as as_type
from .given_types import bind_type
from .node import CONST, FACT, KEYED, NODE, NODES, TYPE, VALUE, AnonName, Kind

if TYPE_CHECKING:
    from typing import Self

    from .label import Label
    from .operator_table import Operator

_T = TypeVar("_T")


_is_true: Final = ops.is_true


class ColumnElement(SQLColumnExpression[_T], ClauseElement):
    """A SQL value: a column, a bind, a function, anything that may stand in a columns clause."""

    __slots__ = ("type",)
    _fields: ClassVar[Mapping[str, Kind]] = {"type": TYPE}

    type: TypeEngine[Any]
    key: str | None = None
    name: str | None = None
    table: Any = None
    primary_key: bool = False
    nullable: bool | None = True
    foreign_keys: Any = frozenset()
    _proxies: tuple[ColumnElement[Any], ...] = ()

    def operate(self, op: Operator, *other: Any, **kwargs: Any) -> Any:
        factory = self.type.comparator_factory
        if factory is None:
            if not isinstance(op, ops.Operator):  # a function, such as those of the operator module
                return op(self, *other, **kwargs)
            return op.build(self, op, *other, **kwargs)
        return op(factory(self), *other, **kwargs)

    def reverse_operate(self, op: Operator, other: Any, **kwargs: Any) -> Any:
        return op.build(self, op, other, reverse=True, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name[:1] != "_":
            type_ = self.type
            factory = type_.comparator_factory
            if factory is not None and hasattr(factory, name):
                return getattr(factory(self), name)
        raise AttributeError(
            f"{type(self).__name__!r} object {self._describe()!r} has no attribute {name!r}"
        )

    def _describe(self) -> str:
        return self.key or type(self).__name__

    @property
    def comparator(self) -> Any:
        """The object whose operators this element uses."""
        factory = self.type.comparator_factory
        return self if factory is None else factory(self)

    @property
    def expression(self) -> ColumnElement[_T]:
        """This element (a mapped attribute has the same attribute)."""
        return self

    @property
    def _proxy_key(self) -> str | None:
        return self.key if self.key is not None else self.name

    @property
    def _anon_base(self) -> str:
        """The word an anonymous label of this element is made from: ``anon`` gives ``anon_1``."""
        return "anon"

    @property
    def _from_objects(self) -> tuple[Any, ...]:
        """The FROM elements that this expression draws from."""
        found: tuple[Any, ...] = ()
        for child in self.get_children():
            found += getattr(child, "_from_objects", ())
        return found

    @property
    def base_columns(self) -> frozenset[ColumnElement[Any]]:
        """The columns this one was made from that are made from no other."""
        return frozenset(c for c in self.proxy_set if not c._proxies)

    @property
    def proxy_set(self) -> frozenset[ColumnElement[Any]]:
        """This column and, transitively, all columns that it stands for."""
        found: frozenset[ColumnElement[Any]] = frozenset((self,))
        for proxy in self._proxies:
            found |= proxy.proxy_set
        return found

    def shares_lineage(self, othercolumn: ColumnElement[Any]) -> bool:
        """Whether both stand for a common column."""
        return bool(self.proxy_set & othercolumn.proxy_set)

    @property
    def anon_key_label(self) -> AnonName:
        """A new anonymous name made from this element's key."""
        return AnonName(self._proxy_key or "anon")

    def label(self, name: str | None) -> Label[_T]:
        return ops.label_op.build(self, ops.label_op, name)  # type: ignore[no-any-return]

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        if against is _is_true and isinstance(self.type, Boolean):
            return AsBoolean(self, _is_true)
        return self

    def _negate(self) -> ColumnElement[Any]:
        """``NOT`` of this element."""
        if isinstance(self.type, Boolean):
            return AsBoolean(self.self_group(ops.inv), ops.is_false)
        return UnaryExpression(self, operator=ops.inv, type_=NULLTYPE)

    def _bind_for(self, operator: Operator, value: Any, expanding: bool = False) -> Any:
        """A bind for a value that stands beside this element."""
        return BindParameter(
            None,
            value,
            unique=True,
            expanding=expanding,
            _compared_to=operator,
            _compared_to_type=self.type,
        )


class BindParameter(ColumnElement[_T]):
    """A value that is sent beside the SQL.

    Parameters as of `bindparam`. A ``unique`` one has a name made from ``key``, numbered by the
    compiler. ``value`` is not part of the node's key.
    """

    __slots__ = (
        "_has_name",
        "callable",
        "expanding",
        "isoutparam",
        "key",
        "literal_execute",
        "required",
        "unique",
        "value",
    )
    _fields: ClassVar[Mapping[str, Kind]] = {
        "key": CONST,
        "value": VALUE,
        "callable": VALUE,
        "unique": CONST,
        "required": CONST,
        "expanding": CONST,
        "literal_execute": CONST,
        "isoutparam": CONST,
        "_has_name": FACT,
    }
    __visit_name__ = "bindparam"

    key: str
    unique: bool
    required: bool

    def __init__(
        self,
        key: str | None,
        value: Any = NO_ARG,
        type_: TypeEngine[Any] | type[TypeEngine[Any]] | None = None,
        unique: bool = False,
        required: bool | NoArg = NO_ARG,
        quote: bool | None = None,
        callable_: Callable[[], Any] | None = None,
        expanding: bool = False,
        isoutparam: bool = False,
        literal_execute: bool = False,
        *,
        _compared_to: Operator | None = None,
        _compared_to_type: TypeEngine[Any] | None = None,
    ) -> None:
        if required is NO_ARG:
            required = value is NO_ARG and callable_ is None
        if value is NO_ARG:
            value = None
        self._has_name = key is not None
        self.key = "param" if key is None else key
        self.value = value
        self.callable = callable_
        self.unique = unique or key is None
        self.required = bool(required)
        self.expanding = expanding
        self.literal_execute = literal_execute
        self.isoutparam = isoutparam
        self.type = bind_type(type_, value, expanding, _compared_to, _compared_to_type)
        self._anon = False
        self._seal()

    @property
    def _binds(self) -> tuple[BindParameter[Any], ...]:  # type: ignore[override]
        # Not a slot: a tuple holding its own owner would be a cycle for the collector.
        return (self,)

    def _seal(self) -> None:
        if (
            self.unique
            and not self.required
            and not self.expanding
            and not self.literal_execute
            and not self.isoutparam
            and self.callable is None
        ):
            self._key = (BindParameter, self.key, self.type._key)
        else:
            self._key = (
                BindParameter,
                self.key,
                self.type._key,
                self.unique,
                self.required,
                self.expanding,
                self.literal_execute,
                self.isoutparam,
                self.callable is None,
            )
        self._anon = False

    def __repr__(self) -> str:
        return f"BindParameter({self.key!r}, {self.value!r}, type_={self.type!r})"

    @property
    def effective_value(self) -> _T | None:
        """The value, or what the bind's callable gives."""
        if self.callable is not None:
            return self.callable()  # type: ignore[no-any-return]
        return self.value  # type: ignore[no-any-return]

    def _with_value(self, value: Any, required: bool = False) -> Self:
        return self._copy(value=value, callable=None, required=required)

    def render_literal_execute(self) -> Self:
        """A copy whose value is written into the SQL at each execution."""
        return self._copy(literal_execute=True)

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        return super().self_group(against) if against is _is_true else self


class BinaryExpression(ColumnElement[_T]):
    """``left operator right``.

    ``modifiers`` says more about it, as ``(("escape", "/"),)``. ``negate`` is the operator of its
    opposite, None where ``NOT`` must be written.
    """

    __slots__ = ("left", "modifiers", "negate", "operator", "right")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "left": NODE,
        "right": NODE,
        "operator": KEYED,
        "negate": FACT,
        "modifiers": CONST,
    }
    __visit_name__ = "binary"

    left: Any
    right: Any
    operator: Operator
    negate: Operator | None
    modifiers: tuple[tuple[str, Any], ...]

    def __init__(
        self,
        left: Any,
        right: Any,
        operator: Operator,
        type_: TypeEngine[Any] | type[TypeEngine[Any]] | None = None,
        negate: Operator | None = None,
        modifiers: Mapping[str, Any] | tuple[tuple[str, Any], ...] | None = None,
    ) -> None:
        self.left = left.self_group(operator)
        self.right = right.self_group(operator)
        self.operator = operator
        if type_ is BOOLEANTYPE or (type_ is None and operator.comparison):
            self.type = BOOLEANTYPE
        else:
            self.type = as_type(type_)
        self.negate = negate
        if not modifiers:
            self.modifiers = ()
        elif isinstance(modifiers, tuple):
            self.modifiers = modifiers
        else:
            self.modifiers = tuple([(k, v) for k, v in modifiers.items() if v is not None])
        self._seal()

    def _seal(self) -> None:
        left = self.left
        right = self.right
        if self.type is BOOLEANTYPE and not self.modifiers:
            self._key = (BinaryExpression, self.operator._key, left._key, right._key)
        else:
            self._key = (
                BinaryExpression,
                self.operator._key,
                left._key,
                right._key,
                self.type._key,
                self.modifiers,
            )
        self._binds = left._binds + right._binds
        self._anon = left._anon or right._anon

    def __bool__(self) -> bool:
        # What ``column in a_list`` needs: == and != of columns are identity where a bool is asked.
        if self.operator is ops.eq:
            return self.left is self.right
        if self.operator is ops.ne:
            return self.left is not self.right
        raise TypeError("Boolean value of this clause is not defined")

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        operator = self.operator
        if against is not None and (
            ops.is_precedent(operator, against) or (against is ops.inv and not operator.boolean)
        ):
            return Grouping(self)
        return self

    def _negate(self) -> ColumnElement[Any]:
        negate = self.negate
        if negate is None:
            return super()._negate()
        return BinaryExpression(
            self.left, self.right, negate, self.type, self.operator, self.modifiers
        )


class UnaryExpression(ColumnElement[_T]):
    """``operator element`` or ``element modifier`` (``a DESC``)."""

    __slots__ = ("element", "modifier", "operator")
    _fields: ClassVar[Mapping[str, Kind]] = {"element": NODE, "operator": KEYED, "modifier": KEYED}
    __visit_name__ = "unary"

    element: Any
    operator: Operator | None
    modifier: Operator | None

    def __init__(
        self,
        element: Any,
        *,
        operator: Operator | None = None,
        modifier: Operator | None = None,
        type_: TypeEngine[Any] | type[TypeEngine[Any]] | None = None,
    ) -> None:
        self.element = element.self_group(operator or modifier)
        self.operator = operator
        self.modifier = modifier
        self.type = as_type(type_)
        self._seal()

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        operator = self.operator
        if operator is None or against is None or not ops.is_precedent(operator, against):
            return self
        return Grouping(self)

    def _negate(self) -> ColumnElement[Any]:
        if isinstance(self.type, Boolean):
            return UnaryExpression(self, operator=ops.inv, type_=BOOLEANTYPE)
        return super()._negate()


class AsBoolean(UnaryExpression[bool]):
    """A boolean column as a condition: ``flag``, or ``flag = 1`` where there are no booleans.

    ``operator`` is ``is_true`` or ``is_false``.
    """

    __slots__ = ()
    __visit_name__ = "as_boolean"

    def __init__(self, element: Any, operator: Operator) -> None:
        self.element = element
        self.operator = operator
        self.modifier = None
        self.type = BOOLEANTYPE
        self._seal()

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        return self

    def _negate(self) -> ColumnElement[Any]:
        if self.element.__visit_name__ in ("true", "false"):
            return self.element._negate()  # type: ignore[no-any-return]
        return AsBoolean(
            self.element, ops.is_false if self.operator is ops.is_true else ops.is_true
        )


class Grouping(ColumnElement[_T]):
    """An element in parentheses."""

    __slots__ = ("element",)
    _fields: ClassVar[Mapping[str, Kind]] = {"element": NODE}
    __visit_name__ = "grouping"
    _parenthesised = True

    element: Any

    def __init__(self, element: Any) -> None:
        self.element = element
        self.type = getattr(element, "type", NULLTYPE)
        self._seal()

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        return self

    @property
    def _proxy_key(self) -> str | None:
        return getattr(self.element, "_proxy_key", None)

    @property
    def _from_objects(self) -> tuple[Any, ...]:
        return self.element._from_objects  # type: ignore[no-any-return]


class ClauseList(ClauseElement):
    """Elements joined by an operator (a comma): ``a, b``."""

    __slots__ = ("clauses", "group", "operator")
    _fields: ClassVar[Mapping[str, Kind]] = {"clauses": NODES, "operator": KEYED, "group": CONST}
    __visit_name__ = "clauselist"

    clauses: tuple[Any, ...]
    operator: Operator
    group: bool

    def __init__(
        self, *clauses: Any, operator: Operator = ops.comma_op, group: bool = True
    ) -> None:
        self.clauses = clauses
        self.operator = operator
        self.group = group
        self._seal()

    def __iter__(self) -> Iterator[Any]:
        return iter(self.clauses)

    def __len__(self) -> int:
        return len(self.clauses)

    @property
    def _from_objects(self) -> tuple[Any, ...]:
        return tuple(f for c in self.clauses for f in c._from_objects)

    def self_group(self, against: Operator | None = None) -> Any:
        if self.group and against is not None and ops.is_precedent(self.operator, against):
            return Grouping(self)
        return self
