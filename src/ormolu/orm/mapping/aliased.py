"""`aliased()`: a mapped class a second time, under another name or over another FROM.

`AliasedEntity` is the entity; `AliasedClass` what the user holds, on which the attributes are
those of the alias.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ormolu import exc
from ormolu.orm.instances.attributes import InstrumentedAttribute, QueryableAttribute
from ormolu.orm.mapping.adapt import adapt_columns
from ormolu.orm.mapping.comparators import RelationshipAttribute
from ormolu.orm.mapping.properties import ColumnProperty, SynonymProperty
from ormolu.orm.mapping.registry import class_mapper
from ormolu.sql.entity import Entity

if TYPE_CHECKING:
    from ormolu.sql import FromClause

T = TypeVar("T")


class AliasedEntity(Entity):
    """A mapper over the columns of an alias or subquery.

    ``selectable`` the FROM element; ``mapper`` the mapper; ``entity`` the `AliasedClass`.
    """

    is_mapper = False
    is_aliased_class = True
    is_selectable = False
    is_attribute = False
    is_clause_element = False
    is_instance = False
    selectable: Any = None
    represents: Any = None
    """The entity that a query means when this alias is of the union it selects from."""

    def __init__(
        self, mapper: Any, selectable: Any, name: str | None, adapt_on_names: bool = False
    ) -> None:
        self.mapper = mapper
        self.selectable = selectable
        self.name = name
        self.class_ = mapper.class_
        self._key = ("aliased", mapper._key, selectable._key)
        self._binds = selectable._binds
        self._anon = selectable._anon
        self._columns = self._match(adapt_on_names)
        self._attributes: dict[str, Any] = {}
        self.entity: Any = AliasedClass._of(self)

    @property
    def base_mapper(self) -> Any:
        """The base mapper of the aliased class."""
        return self.mapper.base_mapper

    def _match(self, adapt_on_names: bool) -> dict[Any, Any]:
        """Which column of the selectable stands for each column of the table."""
        found: dict[Any, Any] = {}
        for column in self.mapper.local_table.c:
            other = self.selectable.corresponding_column(column)
            if other is None and adapt_on_names:
                other = self.selectable.c.get(column.key)
            if other is not None:
                found[column] = other
        return found

    def adapt(self, expression: Any) -> Any:
        """An expression over the mapped table, over this alias instead."""
        return adapt_columns(expression, self._columns)

    def attribute(self, key: str) -> Any:
        """The alias's attribute. Raises AttributeError when the class has none of that name."""
        found = self._attributes.get(key)
        if found is None:
            found = self._attributes[key] = self._make(key)
        return found

    def _make(self, key: str) -> Any:
        mapper = self.mapper
        prop = mapper.attrs.get(key)
        if prop is None:
            raise AttributeError(f"alias of {mapper.class_.__name__} has no attribute {key!r}")
        own = mapper.attribute(key)
        if isinstance(prop, SynonymProperty):
            return self.attribute(prop.name)
        if isinstance(prop, ColumnProperty):
            return InstrumentedAttribute(
                self.class_, key, self, prop, own.impl, self.adapt(prop.expression)
            )
        return RelationshipAttribute(self.class_, key, self, prop, own.impl)

    def _columns_for_select(self) -> tuple[Any, ...]:
        return tuple([self.adapt(column) for column in self.mapper._columns_for_select()])

    def __clause_element__(self) -> Any:
        return self.selectable

    def __str__(self) -> str:
        return f"aliased({self.class_.__name__})"


class AliasedClass:
    """A mapped class under another name; its attributes are the alias's."""

    _sa_aliased: AliasedEntity

    @classmethod
    def _of(cls, entity: AliasedEntity) -> AliasedClass:
        found = cls.__new__(cls)
        found.__dict__["_sa_aliased"] = entity
        found.__dict__["__name__"] = entity.class_.__name__
        return found

    def __getattr__(self, name: str) -> Any:
        entity = self.__dict__["_sa_aliased"]
        if name in entity.mapper.attrs or not hasattr(entity.class_, name):
            return entity.attribute(name)
        for base in entity.class_.__mro__:
            if name in base.__dict__:
                found = base.__dict__[name]
                break
        else:
            return getattr(entity.class_, name)
        if isinstance(found, QueryableAttribute):
            return entity.attribute(name)
        if hasattr(found, "__get__"):
            bound = found.__get__(None, self)
            if hasattr(bound, "adapt_to_entity"):
                return bound.adapt_to_entity(entity)
            return bound
        return found

    def __repr__(self) -> str:
        return f"<AliasedClass at {id(self):#x}; {self._sa_aliased.class_.__name__}>"


@overload
def aliased(
    element: type[T],
    alias: Any = None,
    name: str | None = None,
    flat: bool = False,
    adapt_on_names: bool = False,
) -> type[T]: ...


@overload
def aliased(
    element: FromClause,
    alias: Any = None,
    name: str | None = None,
    flat: bool = False,
    adapt_on_names: bool = False,
) -> FromClause: ...


@overload
def aliased(
    element: Any,
    alias: Any = None,
    name: str | None = None,
    flat: bool = False,
    adapt_on_names: bool = False,
) -> Any: ...


def aliased(
    element: Any,
    alias: Any = None,
    name: str | None = None,
    flat: bool = False,
    adapt_on_names: bool = False,
) -> Any:
    """A second occurrence of a mapped class (or table) in a statement.

    ``alias`` is a subquery or alias that gives the rows; ``name`` the name in SQL;
    ``adapt_on_names`` matches the subquery's columns by name. Raises `UnmappedClassError` for a
    class that is not mapped.
    """
    if isinstance(element, AliasedClass):
        element = element._sa_aliased.class_
    if not isinstance(element, type) and not getattr(element, "is_mapper", False):
        if adapt_on_names:
            raise exc.ArgumentError("adapt_on_names only applies to ORM elements")
        return element.alias(name)
    mapper = class_mapper(element, configure=False)
    selectable = mapper.local_table.alias(name) if alias is None else alias
    return AliasedEntity(mapper, selectable, name, adapt_on_names).entity
