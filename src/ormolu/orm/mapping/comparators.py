"""Relationships in statements: ``Post.author == user``, ``User.posts.any(...)``, ``of_type`` …

A comparison with an object becomes a comparison of foreign keys with bound values; `any` and `has`
become correlated EXISTS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ormolu import exc
from ormolu.orm.instances.attributes import InstrumentedAttribute, QueryableAttribute, T_co
from ormolu.orm.instances.missing import read
from ormolu.orm.instances.state import last_values
from ormolu.orm.mapping.adapt import adapt_columns
from ormolu.orm.mapping.joins import MANYTOMANY, MANYTOONE
from ormolu.sql import operators as ops
from ormolu.sql.boolean import and_, not_, or_
from ormolu.sql.coercion import where as coerce_where
from ormolu.sql.elements import BindParameter, ColumnElement
from ormolu.sql.select import exists


class RelationshipAttribute(InstrumentedAttribute[T_co]):
    """A relationship on a mapped class or on an alias of one.

    ``of_type_target`` is the alias or subclass given to `of_type`, ``extra`` the criteria given to
    `and_`; joins and loader options read both.
    """

    __slots__ = ("extra", "of_type_target")

    def __init__(self, class_: Any, key: str, parent: Any, property: Any, impl: Any) -> None:
        super().__init__(class_, key, parent, property, impl)
        self.of_type_target: Any = None
        self.extra: tuple[Any, ...] = ()

    if not TYPE_CHECKING:

        def __get__(self, instance, owner):
            if instance is None:
                return self
            self._configured()
            return read(instance, self)

    @property
    def mapper(self) -> Any:
        """The target's mapper."""
        return self._configured().mapper

    @property
    def entity(self) -> Any:
        """The target: its mapper, or what `of_type` gave."""
        return self.of_type_target or self._configured().entity

    @property
    def expression(self) -> Any:
        """The condition that joins parent and target."""
        return self.on_clause(self.entity)

    def _configured(self) -> Any:
        prop = self.property
        if not prop.configured:
            prop.parent.registry.configure()
        return prop

    def of_type(self, class_: Any) -> RelationshipAttribute[T_co]:
        """The relationship with a subclass or an alias as its target."""
        found = self._copied()
        found.of_type_target = getattr(class_, "__mapper__", class_)
        if hasattr(class_, "_sa_aliased"):
            found.of_type_target = class_._sa_aliased
        found._key = (*self._key, "of_type", found.of_type_target._key)
        found._anon = self._anon or found.of_type_target._anon
        return found

    def and_(self, *criteria: Any) -> RelationshipAttribute[T_co]:
        """The relationship with more criteria in its ON clause."""
        found = self._copied()
        found.extra = (*self.extra, *criteria)
        found._key = (*self._key, "and", tuple([each._key for each in criteria]))
        for each in criteria:
            found._binds += each._binds
            found._anon = found._anon or each._anon
        return found

    def _copied(self) -> RelationshipAttribute[T_co]:
        found = RelationshipAttribute[T_co](
            self.class_, self.key, self.parent, self.property, self.impl
        )
        found.of_type_target = self.of_type_target
        found.extra = self.extra
        return found

    def on_clause(self, target: Any) -> Any:
        """The condition between this attribute's entity and ``target``, ``secondary`` included."""
        condition = and_(*self._join_conditions(target.selectable), *self.extra)
        return condition

    def _adapted(self, condition: Any, selectable: Any) -> Any:
        """The join condition with parent and target columns of the FROM elements that are meant."""
        prop = self._configured()
        columns: dict[Any, Any] = {}
        if self.parent.is_aliased_class:
            own = self.parent.selectable
            columns.update({c: own.c[c.key] for c in prop.parent.local_table.c})
            for remote in prop.remote_side:
                columns.pop(remote, None)
        if selectable is not prop.mapper.local_table:
            remote_columns = set(prop.remote_side) if self._self_referential() else None
            for column in prop.mapper.local_table.c:
                if remote_columns is None or column in remote_columns:
                    columns[column] = selectable.c[column.key]
        return adapt_columns(condition, columns) if columns else condition

    def _self_referential(self) -> bool:
        prop = self._configured()
        return bool(prop.parent.local_table is prop.mapper.local_table)

    def any(self, criterion: Any = None, **kwargs: Any) -> ColumnElement[bool]:
        """EXISTS: whether the collection has an object that meets the criteria."""
        if not self._configured().uselist:
            raise exc.InvalidRequestError(
                f"'any()' not implemented for scalar attributes. Use has(): {self}.has(...)"
            )
        return self._exists(criterion, kwargs)  # type: ignore[no-any-return]

    def has(self, criterion: Any = None, **kwargs: Any) -> ColumnElement[bool]:
        """EXISTS: whether the related object exists and meets the criteria."""
        if self._configured().uselist:
            raise exc.InvalidRequestError(
                f"'has()' not implemented for collections. Use any(): {self}.any(...)"
            )
        return self._exists(criterion, kwargs)  # type: ignore[no-any-return]

    def _exists(self, criterion: Any, kwargs: dict[str, Any]) -> Any:
        prop = self._configured()
        mapper = prop.mapper
        selectable, own = mapper.local_table, {}
        if self.of_type_target is not None:
            selectable = self.of_type_target.selectable
        elif self._self_referential() and not self.parent.is_aliased_class:
            selectable = mapper.local_table.alias()
            own = {column: selectable.c[column.key] for column in mapper.local_table.c}
        conditions = self._join_conditions(selectable)
        conditions.extend(self.extra)
        if criterion is not None:
            conditions.append(adapt_columns(coerce_where(criterion), own) if own else criterion)
        for key, value in kwargs.items():
            source = self.of_type_target or mapper
            expression = source.attribute(key).expression
            conditions.append((adapt_columns(expression, own) if own else expression) == value)
        froms = [selectable] if prop.secondary is None else [selectable, prop.secondary]
        found = exists(1).select_from(*froms).where(and_(*conditions))
        return found.correlate_except(*froms)

    def _join_conditions(self, selectable: Any) -> list[Any]:
        """The conditions between the parent and a FROM element of the target."""
        prop = self._configured()
        if prop.secondary is None:
            return [self._adapted(prop.primaryjoin, selectable)]
        table = prop.mapper.local_table
        second = prop.secondaryjoin
        if selectable is not table:
            second = adapt_columns(second, {c: selectable.c[c.key] for c in table.c})
        return [self._adapted(prop.primaryjoin, table), second]

    def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
        if op is ops.eq or op is ops.is_:
            return self._equals(other[0])
        if op is ops.ne or op is ops.is_not:
            return self._differs(other[0])
        if op is ops.contains_op:
            return self._contains(other[0])
        if op in (ops.in_op, ops.not_in_op):
            word = "in_" if op is ops.in_op else "not_in"
            raise NotImplementedError(
                f"{word}() is not yet supported for relationships. For {self}, use {word}() "
                "against the set of foreign key values."
            )
        raise NotImplementedError(
            f"Relationship {self} has no operator {op.name!r}; it has ==, !=, is_(), any(), has() "
            "and contains(). Compare a column of the related class, or the foreign key"
        )

    def reverse_operate(self, op: Any, other: Any, **kwargs: Any) -> Any:
        return self.operate(op, other, **kwargs)

    def __eq__(self, other: Any) -> ColumnElement[bool]:  # type: ignore[override]
        return self._equals(other)  # type: ignore[no-any-return]

    def __ne__(self, other: Any) -> ColumnElement[bool]:  # type: ignore[override]
        return self._differs(other)  # type: ignore[no-any-return]

    # A column compares in line, so these don't come to ``operate`` by themselves.

    def __lt__(self, other: Any) -> Any:
        return self.operate(ops.lt, other)

    def __le__(self, other: Any) -> Any:
        return self.operate(ops.le, other)

    def __gt__(self, other: Any) -> Any:
        return self.operate(ops.gt, other)

    def __ge__(self, other: Any) -> Any:
        return self.operate(ops.ge, other)

    __hash__ = object.__hash__

    def _equals(self, other: Any) -> Any:
        prop = self._configured()
        if other is None:
            if prop.direction is MANYTOONE:
                return and_(*[local.is_(None) for local in self._locals()])
            return not_(self._exists(None, {}))
        if prop.uselist:
            raise exc.InvalidRequestError(
                f"Can't compare a collection to an object or collection; use {self}.contains(...) "
                "to test for membership"
            )
        return self._matches(other)

    def _differs(self, other: Any) -> Any:
        prop = self._configured()
        if other is None:
            if prop.direction is MANYTOONE:
                return not_(and_(*[local.is_(None) for local in self._locals()]))
            return self._exists(None, {})
        if prop.uselist:
            raise exc.InvalidRequestError(
                f"Can't compare a collection to an object or collection; use ~{self}.contains(...) "
                "to test for membership"
            )
        if prop.direction is not MANYTOONE:
            return not_(self._matches(other))
        pairs = zip(self._locals(), self._remote_values(other), strict=True)
        return and_(*[or_(local != value, local.is_(None)) for local, value in pairs])

    def _contains(self, other: Any) -> Any:
        prop = self._configured()
        if not prop.uselist:
            raise exc.InvalidRequestError(
                f"'contains' not implemented for scalar attributes. Use == : {self} == object"
            )
        if prop.direction is MANYTOMANY:
            target = [
                link == _value(prop.mapper, other, column)
                for column, link in prop.secondary_synchronize_pairs
            ]
            froms = (prop.secondary,)
            found = (
                exists(1)
                .select_from(*froms)
                .where(and_(self._adapted(prop.primaryjoin, prop.mapper.local_table), *target))
            )
            return found.correlate_except(*froms)
        return self._matches(other)

    def _matches(self, other: Any) -> Any:
        prop = self._configured()
        values = dict(zip(prop.local_remote_pairs, self._remote_values(other), strict=True))
        known: dict[Any, Any] = {
            remote: BindParameter(None, value, remote.type, unique=True)
            for (_, remote), value in values.items()
        }
        if self.parent.is_aliased_class:
            locals_ = zip(prop.local_remote_pairs, self._locals(), strict=True)
            known.update({local: own for (local, _), own in locals_})
        return adapt_columns(prop.primaryjoin, known)

    def _locals(self) -> list[Any]:
        """The parent's columns of the join, of the alias when this is an alias's attribute."""
        locals_ = [local for local, _ in self._configured().local_remote_pairs]
        if self.parent.is_aliased_class:
            return [self.parent.selectable.c[column.key] for column in locals_]
        return locals_

    def _remote_values(self, other: object) -> list[Any]:
        prop = self._configured()
        return [_value(prop.mapper, other, remote) for _, remote in prop.local_remote_pairs]


def with_parent(
    instance: object, prop: QueryableAttribute[Any], from_entity: Any = None
) -> ColumnElement[bool]:
    """The condition that a row belongs to ``instance`` by one of its relationships.

    ``select(Post).where(with_parent(user, User.posts))``. The rows may be those of an alias, given
    by ``User.posts.of_type(alias)`` or ``from_entity``. A many-to-many is looked for by EXISTS.

    :raises ArgumentError: when ``prop`` is no relationship, or the instance has no such.
    """
    if not isinstance(prop, RelationshipAttribute):
        raise exc.ArgumentError(
            f"with_parent() takes a relationship of the class, such as User.posts, not {prop!r}"
        )
    relationship = prop._configured()
    target = prop.of_type_target
    if from_entity is not None:
        target = getattr(from_entity, "_sa_aliased", target)
    table = relationship.mapper.local_table
    columns = {} if target is None else {c: target.selectable.c[c.key] for c in table.c}
    if relationship.direction is MANYTOMANY:
        known = _bound(relationship, instance, relationship.synchronize_pairs)
        links = relationship.secondary
        joined = and_(
            adapt_columns(relationship.primaryjoin, known),
            adapt_columns(relationship.secondaryjoin, columns),
            *prop.extra,
        )
        return exists(1).select_from(links).where(joined).correlate_except(links)
    known = _bound(relationship, instance, relationship.local_remote_pairs)
    found = adapt_columns(relationship.primaryjoin, {**columns, **known})
    return and_(found, *prop.extra) if prop.extra else found


def _bound(relationship: Any, instance: object, pairs: Any) -> dict[Any, Any]:
    """The parent's columns, and what the instance has in them."""
    parent = relationship.parent
    return {
        local: BindParameter(None, _value(parent, instance, local), local.type, unique=True)
        for local, _ in pairs
    }


def _value(mapper: Any, obj: object, column: Any) -> Any:
    """The value that an object's column has in the database, as far as it is known."""
    if not isinstance(obj, mapper.class_):
        raise exc.ArgumentError(
            "Mapped instance expected for relationship comparison to object: an instance of "
            f"{mapper.class_.__name__} is needed, not {obj!r}. To compare columns of the related "
            "row write has() or any(), or compare the foreign key column"
        )
    key = mapper.key_of_column[column]
    own = obj.__dict__
    return own[key] if key in own else last_values(obj).get(key)
