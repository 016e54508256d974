"""What SELECT, UNION and VALUES-like statements share: being used inside another statement."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Final

from ..deprecation import warn_deprecated
from ..exc import ArgumentError, InvalidRequestError
from ..types import BOOLEANTYPE, NULLTYPE, Integer
from . import coercion
from . import operators as ops
from .collections import ColumnCollection
from .columns import proxy
from .elements import BindParameter, ColumnElement, Grouping, UnaryExpression
from .executable import Executable
from .fromclause import AliasedReturnsRows, FromClause, Lateral
from .label import Label
from .label_style import LABEL_STYLE_DEFAULT, LABEL_STYLE_NONE, SelectLabelStyle
from .naming import Named, check_exported, name_columns, unique_keys
from .node import FACT, NODE, Kind
from .selectables import _CTE as _CTE
from .selectables import HasCTE, Selectable

if TYPE_CHECKING:
    from typing import Self

    from ..types import TypeEngine
    from .operators import Operator

INTEGER: Final = Integer()


class SelectBase(Executable, HasCTE, Selectable):
    """A statement that gives rows, and so may be a subquery, a CTE or a scalar."""

    __slots__ = ("_names",)
    _fields: ClassVar[Mapping[str, Kind]] = {"_names": FACT}

    is_select = True
    _is_from_container = True
    _names: tuple[Named, ...] | None

    @property
    def _selected(self) -> tuple[ColumnElement[Any], ...]:
        """The columns this statement gives, entities and FROM elements written out."""
        raise TypeError(f"{type(self).__name__} selects nothing")

    def named_columns(self) -> tuple[Named, ...]:
        """The columns with the names that they have in SQL; see `ormolu.sql.naming`."""
        found = self._names
        if found is None:
            found = self._names = self._name_columns()
        return found

    def _name_columns(self) -> tuple[Named, ...]:
        return name_columns(self._selected)

    @property
    def selected_columns(self) -> ColumnCollection[Any]:
        """The columns this statement gives, by key; a repeated key is numbered (``id_1``)."""
        named_columns = self.named_columns()
        if self.get_label_style() is LABEL_STYLE_NONE:
            keys = [named.key for named in named_columns]
        else:
            keys = unique_keys(named_columns)
        pairs = zip(keys, named_columns, strict=True)
        return ColumnCollection(
            (key, named.element) for key, named in pairs if named.element.__visit_name__ != _TEXT
        )

    @property
    def exported_columns(self) -> ColumnCollection[Any]:
        """The same as `selected_columns`."""
        return self.selected_columns

    def get_label_style(self) -> SelectLabelStyle:
        """How the columns are named."""
        return LABEL_STYLE_NONE

    def set_label_style(self, style: SelectLabelStyle) -> Self:
        """A copy whose columns are named in another way, where this statement can."""
        return self

    def _told_apart(self) -> Self:
        """This statement, or a copy of it that gives no two columns one name."""
        if self.get_label_style() is LABEL_STYLE_NONE:
            return self.set_label_style(LABEL_STYLE_DEFAULT)
        return self

    def into(
        self,
        target: str,
        *,
        metadata: Any = None,
        schema: str | None = None,
        temporary: bool = False,
        if_not_exists: bool = False,
    ) -> Any:
        """``CREATE TABLE target AS this``; its ``.table`` is the new table."""
        return _INTO[0](
            self,
            target,
            metadata=metadata,
            schema=schema,
            temporary=temporary,
            if_not_exists=if_not_exists,
        )

    @property
    def _from_objects(self) -> tuple[Any, ...]:
        return ()

    def subquery(self, name: str | None = None) -> Subquery:
        """``(this) AS name``; None makes an anonymous name."""
        return Subquery(self, name)

    def alias(self, name: str | None = None, flat: bool = False) -> Subquery:
        """The same as `subquery`."""
        return Subquery(self, name)

    def lateral(self, name: str | None = None) -> Lateral:
        """``LATERAL (this) AS name``."""
        return SelectLateral(self, name)

    def scalar_subquery(self) -> ScalarSelect:
        """This statement as one value."""
        return ScalarSelect(self)

    def as_scalar(self) -> ScalarSelect:
        """The same as `scalar_subquery` (deprecated)."""
        warn_deprecated(f"{type(self).__name__}.as_scalar()", "write scalar_subquery()", "1.4")
        return ScalarSelect(self)

    def label(self, name: str | None) -> Label[Any]:
        """This statement as one value with a name."""
        return ScalarSelect(self).label(name)

    def exists(self) -> Exists:
        """``EXISTS (this)``."""
        return Exists(self)

    def self_group(self, against: Operator | None = None) -> Any:
        return SelectGrouping(self)

    def _in_operand(self) -> SelectGrouping:
        return SelectGrouping(self)

    def is_derived_from(self, fromclause: FromClause | None) -> bool:
        """Whether the statement draws from this FROM element."""
        return any(f.is_derived_from(fromclause) for f in self._derived_froms())

    def _derived_froms(self) -> tuple[FromClause, ...]:
        return ()


_TEXT: Final = "textclause"
_INTO: list[Any] = []
"""`CreateTableAs`, which registers itself: a statement of the schema, made of a SELECT."""


class SelectGrouping(Grouping[Any]):
    """A statement in parentheses, not yet a value: the right side of IN, a part of a UNION."""

    __slots__ = ()
    __visit_name__ = "select_grouping"

    def __init__(self, element: SelectBase) -> None:
        self.element = element
        self.type = _scalar_type(element)
        self._seal()

    @property
    def _from_objects(self) -> tuple[Any, ...]:
        return ()

    @property
    def _selected(self) -> tuple[ColumnElement[Any], ...]:
        return self.element._selected  # type: ignore[no-any-return]


def _scalar_type(statement: Any) -> TypeEngine[Any]:
    selected = statement._selected
    return selected[0].type if selected else NULLTYPE


class _SelectFrom(AliasedReturnsRows):
    """A statement as a FROM element; its columns are those the statement gives."""

    __slots__ = ()

    def _make_columns(self) -> ColumnCollection[Any]:
        columns: ColumnCollection[Any] = ColumnCollection()
        named_columns = self.element.named_columns()
        check_exported(named_columns)
        for key, named in zip(unique_keys(named_columns), named_columns, strict=True):
            if key is not None:
                columns._add(proxy(named.element, self, named.exported, key), key)
        self._stand_for_all_parts(columns)
        return columns

    def _stand_for_all_parts(self, columns: ColumnCollection[Any]) -> None:
        """Let the columns of a compound stand for those of each of its statements."""
        for part in getattr(self.element, "selects", ())[1:]:
            # Text gives a column that can't be referred to.
            given = [own for own in part._selected if own.__visit_name__ != _TEXT]
            for column, own in zip(columns, given, strict=False):
                column._proxies += (own,)

    def __init__(self, element: Any, name: str | None = None) -> None:
        apart = element._told_apart() if isinstance(element, SelectBase) else element
        super().__init__(apart, name)

    def lateral(self, name: str | None = None) -> SelectLateral:
        """``LATERAL (this) AS name``."""
        return SelectLateral(self.element, name)

    def is_derived_from(self, fromclause: FromClause | None) -> bool:
        return fromclause is self or self.element.is_derived_from(fromclause)


class Subquery(_SelectFrom):
    """``(SELECT …) AS name``."""

    __slots__ = ()
    __visit_name__ = "subquery"

    def alias(self, name: str | None = None, flat: bool = False) -> Subquery:
        """The same statement under another name."""
        return Subquery(self.element, name)

    def as_scalar(self) -> ScalarSelect:
        """The statement as one value (deprecated)."""
        instead = "write scalar_subquery() on the statement itself"
        warn_deprecated("Subquery.as_scalar()", instead, "1.4")
        return ScalarSelect(self.element)


class SelectLateral(_SelectFrom, Lateral):
    """``LATERAL (SELECT …) AS name``."""

    __slots__ = ()


class ScalarSelect(ColumnElement[Any]):
    """A statement of one column and row, as a value."""

    __slots__ = ("element",)
    _fields: ClassVar[Mapping[str, Kind]] = {"element": NODE}
    __visit_name__ = "scalar_select"
    _parenthesised = True

    element: Any

    def __init__(self, element: Any) -> None:
        self.element = element
        self.type = _scalar_type(element)
        self._seal()

    @property
    def _from_objects(self) -> tuple[Any, ...]:
        return ()

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        return self

    def where(self, *whereclause: Any) -> ScalarSelect:
        """The same with more criteria inside."""
        return ScalarSelect(self.element.where(*whereclause))

    def correlate(self, *fromclauses: Any) -> ScalarSelect:
        """The same, with these FROM elements left to the enclosing statement."""
        return ScalarSelect(self.element.correlate(*fromclauses))

    def correlate_except(self, *fromclauses: Any) -> ScalarSelect:
        """The same, with all but these FROM elements left to the enclosing statement."""
        return ScalarSelect(self.element.correlate_except(*fromclauses))

    def scalar_subquery(self) -> ScalarSelect:
        """This statement, which is one value already."""
        return self

    def _in_operand(self) -> SelectGrouping:
        return SelectGrouping(self.element)

    @property
    def columns(self) -> Any:
        raise InvalidRequestError(
            "Scalar Select expression has no columns: use it in a column-level expression itself, "
            "or write subquery() in place of scalar_subquery()"
        )

    c = columns


class Exists(UnaryExpression[bool]):
    """``EXISTS (SELECT …)``."""

    __slots__ = ()
    __visit_name__ = "exists"

    def __init__(self, statement: Any) -> None:
        self.element = statement if isinstance(statement, ScalarSelect) else ScalarSelect(statement)
        self.operator = ops.exists
        self.modifier = None
        self.type = BOOLEANTYPE
        self._seal()

    @property
    def _from_objects(self) -> tuple[Any, ...]:
        return ()

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        if against is ops.is_true or against is None:
            return self
        return super().self_group(against)

    def _negate(self) -> ColumnElement[Any]:
        grouped: Grouping[Any] = Grouping(self)
        return UnaryExpression(grouped, operator=ops.inv, type_=BOOLEANTYPE)

    def where(self, *clauses: Any) -> Exists:
        """The same with more criteria inside."""
        return Exists(self.element.element.where(*clauses))

    def select_from(self, *froms: Any) -> Exists:
        """The same from these FROM elements."""
        return Exists(self.element.element.select_from(*froms))

    def correlate(self, *fromclauses: Any) -> Exists:
        """The same, with these FROM elements left to the enclosing statement."""
        return Exists(self.element.element.correlate(*fromclauses))

    def correlate_except(self, *fromclauses: Any) -> Exists:
        """The same, with all but these FROM elements left to the enclosing statement."""
        return Exists(self.element.element.correlate_except(*fromclauses))

    def select(self) -> Any:
        """``SELECT EXISTS (…)``."""
        return _SELECT_OF[0](self)


_SELECT_OF: list[Any] = []


def limit_bind(value: Any) -> Any:
    """The bind of a LIMIT, OFFSET or FETCH; a numeric string is a number, any number a whole one.

    Raises `ArgumentError` for text: it could not be told from a number by who reads the statement.
    """
    if isinstance(value, (str, bool, float, Decimal)):
        value = int(value)
    if isinstance(value, int):
        return BindParameter(None, value, INTEGER, unique=True)
    found = coercion.operand(value, type_=INTEGER)
    if not isinstance(found, ColumnElement):
        raise ArgumentError(
            f"LIMIT / OFFSET expression expected, got {value!r}: write a number, bindparam() or "
            "literal_column()"
        )
    return found
