"""Mapped attributes as they stand on the class.

`InstrumentedAttribute` is a *non-data* descriptor: it has ``__get__`` and no ``__set__``. A value
in an object's dict is therefore read by the interpreter itself; ``__get__`` runs on the class,
where the attribute is a SQL expression, and on an object without a value (deferred, expired,
lazy), where `missing.read` decides. Writes go through the class's ``__setattr__`` (`setters`).

On the class an attribute takes part in expressions like the column it stands for: the comparisons
go straight to the column, so that ``User.id == 5`` costs one call more than ``users.c.id == 5``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ormolu import exc
from ormolu.event import register_target
from ormolu.orm.instances.links import AttributeEvents, ColumnImpl, Link
from ormolu.orm.instances.missing import read
from ormolu.sql.column_operators import SQLCoreOperations

if TYPE_CHECKING:
    from collections.abc import Callable

    from ormolu.sql.elements import ColumnElement
    from ormolu.sql.label import Label
    from ormolu.sql.operators import Operator

T_co = TypeVar("T_co", bound=Any, covariant=True)


class Mapped(SQLCoreOperations[T_co]):
    """The type of a mapped attribute: ``name: Mapped[str]``.

    On the class it is a SQL expression, on an object a value of type ``T``.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: Any) -> InstrumentedAttribute[T_co]: ...
        @overload
        def __get__(self, instance: object, owner: Any) -> T_co: ...
        def __get__(
            self, instance: object | None, owner: Any
        ) -> InstrumentedAttribute[T_co] | T_co: ...

        # There is no __set__ at run time; for type checkers an assignment takes a T or SQL.
        def __set__(self, instance: Any, value: SQLCoreOperations[T_co] | T_co) -> None: ...
        def __delete__(self, instance: Any) -> None: ...


class DynamicMapped(Mapped[T_co]):
    """The annotation of a relationship whose objects are reached by a query."""

    __slots__ = ()


class WriteOnlyMapped(Mapped[T_co]):
    """The annotation of a relationship that is only written to, and read by a statement."""

    __slots__ = ()


class QueryableAttribute(Mapped[T_co]):
    """An attribute of a mapped class or of an alias of one, as a SQL expression.

    ``key`` its name; ``parent`` the mapper or alias; ``property`` its mapping; ``expression`` what
    stands for it in SQL (made on demand for relationships); ``impl`` what it is to the instances.
    """

    __slots__ = (
        "__weakref__",
        "_anon",
        "_binds",
        "_expression",
        "_key",
        "class_",
        "comparator",
        "impl",
        "key",
        "parent",
        "property",
    )
    _plugin = "orm"
    is_attribute = True
    is_clause_element = False
    is_selectable = False
    is_mapper = False
    is_aliased_class = False
    is_instance = False

    def __init__(
        self,
        class_: Any,
        key: str,
        parent: Any,
        property: Any,
        impl: ColumnImpl | Link,
        expression: Any = None,
    ) -> None:
        self.class_ = class_
        self.key = key
        self.parent = parent
        self.property = property
        self.impl = impl
        self._expression = expression
        self.comparator: Any = self if expression is None else expression
        self._key: Any = ("attribute", parent._key, key)
        self._binds: tuple[Any, ...] = () if expression is None else expression._binds
        self._anon: bool = parent._anon

    @property
    def expression(self) -> ColumnElement[T_co]:
        """The SQL expression that the attribute stands for."""
        return self._expression  # type: ignore[no-any-return]

    def __clause_element__(self) -> ColumnElement[T_co]:
        return self.expression

    @property
    def prop(self) -> Any:
        """The mapping of the attribute; the same as ``property``."""
        return self.property

    @property
    def info(self) -> dict[Any, Any]:
        """The ``info`` of the attribute's mapping."""
        return self.property.info  # type: ignore[no-any-return]

    def operate(self, op: Operator, *other: Any, **kwargs: Any) -> Any:
        return self._expression.operate(op, *other, **kwargs)

    def reverse_operate(self, op: Operator, other: Any, **kwargs: Any) -> Any:
        return self._expression.reverse_operate(op, other, **kwargs)

    def __eq__(self, other: Any) -> ColumnElement[bool]:  # type: ignore[override]
        return self._expression == other  # type: ignore[no-any-return]

    def __ne__(self, other: Any) -> ColumnElement[bool]:  # type: ignore[override]
        return self._expression != other  # type: ignore[no-any-return]

    def __lt__(self, other: Any) -> ColumnElement[bool]:
        return self._expression < other  # type: ignore[no-any-return]

    def __le__(self, other: Any) -> ColumnElement[bool]:
        return self._expression <= other  # type: ignore[no-any-return]

    def __gt__(self, other: Any) -> ColumnElement[bool]:
        return self._expression > other  # type: ignore[no-any-return]

    def __ge__(self, other: Any) -> ColumnElement[bool]:
        return self._expression >= other  # type: ignore[no-any-return]

    __hash__ = object.__hash__

    def any(self, criterion: Any = None, **kwargs: Any) -> ColumnElement[bool]:
        """Whether a collection has an object that meets the criteria, or an array such an item."""
        return self._of_the_type("any")(criterion, **kwargs)

    def has(self, criterion: Any = None, **kwargs: Any) -> ColumnElement[bool]:
        """Whether the related object exists and meets the criteria."""
        return self._of_the_type("has")(criterion, **kwargs)

    def of_type(self, class_: Any) -> Any:
        """The relationship with a subclass or an alias as its target."""
        raise self._no_relationship("of_type")

    def and_(self, *criteria: Any) -> Any:
        """The relationship with more criteria in its ON clause."""
        raise self._no_relationship("and_")

    def _of_the_type(self, method: str) -> Callable[..., ColumnElement[bool]]:
        # What the column's type calls so, as an array does `any`.
        found: Callable[..., ColumnElement[bool]] | None = getattr(self._expression, method, None)
        if found is None:
            raise self._no_relationship(method)
        return found

    def _no_relationship(self, method: str) -> exc.InvalidRequestError:
        return exc.InvalidRequestError(
            f"{self} is a column, {method}() is for relationships; compare the column itself, as "
            f"in {self} == value"
        )

    def adapt_to_entity(self, entity: Any) -> QueryableAttribute[T_co]:
        """The same attribute of an alias."""
        return entity.attribute(self.key)  # type: ignore[no-any-return]

    def label(self, name: str | None) -> Label[T_co]:
        """``attribute AS name``."""
        return self.expression.label(name)

    def get_history(self, instance: object) -> Any:
        """The history of the attribute on an object."""
        return self.property.history_of(instance)

    def __getattr__(self, name: str) -> Any:
        expression = None if name.startswith("__") else self._expression
        if expression is not None and hasattr(expression, name):
            return getattr(expression, name)
        raise AttributeError(
            f"Neither {type(self).__name__!r} object nor the column of {self} has an attribute "
            f"{name!r}"
        )

    def __str__(self) -> str:
        return f"{self.class_.__name__}.{self.key}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return (getattr, (self.class_, self.key))


class InstrumentedAttribute(QueryableAttribute[T_co]):
    """An attribute of a mapped class: a SQL expression there, a value on its objects."""

    __slots__ = ()

    if not TYPE_CHECKING:

        def __get__(self, instance, owner):
            if instance is None:
                return self
            return read(instance, self)


def _events_of(attribute: QueryableAttribute[Any]) -> AttributeEvents:
    """The events of an attribute, which from now on uses the setter that fires them."""
    impl = attribute.impl
    if impl.listeners is None:
        impl.listeners = AttributeEvents()
        attribute.property.parent.listen_to(attribute.key)
    return impl.listeners


register_target(QueryableAttribute, _events_of)
