"""What a query over a UNION selects from: the subquery stands in for the queries' own tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ormolu.orm.mapping.adapt import adapt_columns
from ormolu.orm.mapping.aliased import AliasedEntity
from ormolu.sql import ClauseElement, ColumnClause


def is_entity(entity: Any) -> bool:
    """Whether rows give objects for this: a mapped class, a mapper, or an alias."""
    return hasattr(entity, "__mapper__") or hasattr(entity, "_columns_for_select")


class Compound:
    """A union's subquery, and how classes and columns of its parts are taken from it.

    :param subquery: the compound statement, as FROM holds it.
    :param entities: what the first of the combined queries selects.
    """

    def __init__(self, subquery: Any, entities: Sequence[Any]) -> None:
        self.subquery = subquery
        self.columns: dict[Any, Any] = {}
        self.entities: dict[Any, AliasedEntity] = {}
        for column in subquery.c:
            for source in _sources(column):
                self.columns.setdefault(source, column)
        for entity in entities:
            if is_entity(entity):
                self._stand_in(entity)
            elif getattr(getattr(entity, "parent", None), "is_mapper", False):
                self._stand_in(entity.parent)

    def _stand_in(self, entity: Any) -> None:
        mapper = getattr(entity, "__mapper__", None) or entity
        known = getattr(entity, "_sa_aliased", None)
        if known is not None:
            mapper = known.mapper
        alias = AliasedEntity(mapper, self.subquery, None)
        alias.represents = mapper if known is None else known
        self.entities[alias.represents] = alias

    def adapted(self, given: Any) -> Any:
        """A class, attribute or expression over the parts, over the union instead."""
        alias = self._alias_of(given)
        if alias is not None:
            return alias.entity
        alias = self.entities.get(getattr(given, "parent", None))
        if alias is not None and hasattr(given, "property"):
            return _attribute(alias, given)
        element = given.__clause_element__() if hasattr(given, "__clause_element__") else given
        if not isinstance(element, ClauseElement):
            return given
        found = adapt_columns(element, self.columns)
        key = getattr(element, "key", None)
        if isinstance(found, ColumnClause) and found is not element and found.key != key:
            return found._copy(key=key)  # rows are named by it
        return found

    def origin(self, entity: Any) -> Any:
        """The class or alias of the parts that an entity of the union stands for."""
        represented = getattr(getattr(entity, "_sa_aliased", None), "represents", None)
        if represented is None or represented not in self.entities:
            return entity
        return represented.class_ if represented.is_mapper else represented.entity

    def _alias_of(self, given: Any) -> AliasedEntity | None:
        if not is_entity(given):
            return None
        known = getattr(given, "_sa_aliased", None) or getattr(given, "__mapper__", given)
        return self.entities.get(known)


def _attribute(alias: AliasedEntity, given: Any) -> Any:
    own = alias.attribute(given.key)
    if getattr(given, "of_type_target", None) is not None:
        own = own.of_type(given.of_type_target.entity)
    extra = getattr(given, "extra", ())
    return own.and_(*extra) if extra else own


def _sources(column: Any) -> list[Any]:
    """The columns that a column stands for, through all subqueries between them."""
    found = list(getattr(column, "_proxies", ()))
    for source in tuple(found):
        found += _sources(source)
        if source.__visit_name__ == "label":
            found.append(source.element)
    return found
