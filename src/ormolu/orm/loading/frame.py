"""Entities in a SELECT: which columns they bring, and the joins of their eager relationships.

A `Frame` collects what one SELECT reads. Entities put their columns in and get an `EntityPlan`
that remembers where they stand. Joined relationships add their columns behind all others, and an
`EagerJoin` each, which the statement's FROM takes in at the end. Relationships of other strategies
become `LaterPlan`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ormolu import exc
from ormolu.orm.loading import options as opt
from ormolu.orm.loading.hops import configured, mapper_of
from ormolu.orm.loading.layout import EntityPlan, JoinedPlan, LaterPlan, Place
from ormolu.orm.loading.tree import LOAD, Branch, Choice
from ormolu.orm.mapping.adapt import adapt_columns
from ormolu.sql.boolean import and_

Columns = Mapping[Any, Any]

_LATER = frozenset({opt.SELECTIN, opt.SUBQUERY, opt.IMMEDIATE, opt.NOLOAD})


class EagerJoin:
    """A join that a joined relationship adds: from ``left``'s entity to an alias of its target."""

    __slots__ = ("children", "condition", "inner", "secondary", "secondary_condition", "target")

    def __init__(
        self,
        target: Any,
        condition: Any,
        inner: bool,
        secondary: Any = None,
        secondary_condition: Any = None,
    ) -> None:
        self.target = target
        self.condition = condition
        self.inner = inner
        self.secondary = secondary
        self.secondary_condition = secondary_condition
        self.children: list[EagerJoin] = []


class Frame:
    """The columns of one SELECT, and the joins that its entities bring."""

    def __init__(self, dialect: Any) -> None:
        self.dialect = dialect
        self.columns: list[Any] = []
        self.places: list[Place] = []
        self.order_by: list[Any] = []
        self.joins: dict[int, list[EagerJoin]] = {}
        self._shared: dict[Any, Place] = {}
        self._count = 0

    # -- columns ----------------------------------------------------------------------------

    def place(self, column: Any) -> Place:
        """Read one more column."""
        if self.dialect is None:
            converter, takes_none = None, False
        else:
            converter, takes_none = self.dialect.result_converter(column.type)
        place = Place(len(self.columns), converter, takes_none)
        self.columns.append(column)
        self.places.append(place)
        return place

    def shared_place(self, column: Any) -> Place:
        """Read a column that an entity behind it may read too."""
        place = self._shared[column] = self.place(column)
        return place

    # -- entities ---------------------------------------------------------------------------

    def entity(
        self, entity: Any, branch: Branch, path: tuple[Any, ...] = (), number: int | None = None
    ) -> EntityPlan:
        """Read an entity: its columns, and behind them those of its joined relationships."""
        plan = self._new_plan(entity, branch, number)
        columns = columns_of(entity)
        for relationship in plan.mapper.relationships.values():
            choice = branch.choice_for(relationship)
            if choice.strategy == opt.CONTAINS:
                self._contained(plan, relationship, choice, path)
        self._read_columns(plan, columns)
        self._plan_later(plan, path)
        return plan

    def _new_plan(self, entity: Any, branch: Branch, number: int | None = None) -> EntityPlan:
        mapper = mapper_of(entity)
        mapper.registry.configure()
        if number is None:
            number = self._count
        self._count = max(self._count, number) + 1
        return EntityPlan(number, entity, mapper, branch)

    def _read_columns(self, plan: EntityPlan, columns: Columns) -> None:
        mapper = plan.mapper
        keys: dict[str, Place] = {}
        for key, prop in mapper.column_attrs.items():
            is_key = key in mapper.pk_keys
            if not is_key and plan.branch.action_for(prop) != LOAD:
                plan.partial = plan.partial or not prop.deferred
                continue
            column = prop.expression
            if columns:
                column = adapt_columns(column, columns)
            place = self._shared.get(column) or self.place(column)
            plan.stores.append((key, place))
            if is_key:
                keys[key] = place
        plan.keys = [keys[key] for key in mapper.pk_keys]

    def _plan_later(self, plan: EntityPlan, path: tuple[Any, ...]) -> None:
        """Sort the relationships: loaded after the rows, or on use."""
        for relationship in plan.mapper.relationships.values():
            choice = plan.branch.choice_for(relationship)
            strategy = choice.strategy
            if strategy in _LATER and not self._is_endless(relationship, choice, path):
                plan.later.append(LaterPlan(relationship, choice, (*path, relationship)))

    @staticmethod
    def _is_endless(relationship: Any, choice: Choice, path: tuple[Any, ...]) -> bool:
        """Whether a mapping's own eager loading would go round in a circle."""
        if choice.explicit and choice.argument != 0:
            return False
        times = sum(1 for step in path if step is relationship)
        return times > 0 and times >= (relationship.join_depth or 0)

    def _contained(
        self, plan: EntityPlan, relationship: Any, choice: Choice, path: tuple[Any, ...]
    ) -> None:
        """contains_eager: the statement itself joins to the target."""
        target = choice.argument
        if target is None:
            target = choice.hop.target if choice.hop is not None else relationship.mapper
        child = self.entity(target, choice.branch, (*path, relationship))
        child.nullable = True
        plan.joined.append(JoinedPlan(relationship, child, relationship.link))

    # -- joined relationships ---------------------------------------------------------------

    def eager(self, plan: EntityPlan, left: Columns, path: tuple[Any, ...] = ()) -> None:
        """Read the joined relationships of an entity whose columns are ``left``."""
        for joined in plan.joined:
            self.eager(joined.child, columns_of(joined.child.entity), (*path, joined.relationship))
        self.joins[plan.number] = self._eager_joins(plan, left, path, True)

    def _eager_joins(
        self, plan: EntityPlan, left: Columns, path: tuple[Any, ...], inner_allowed: bool
    ) -> list[EagerJoin]:
        joins = []
        for relationship in plan.mapper.relationships.values():
            choice = plan.branch.choice_for(relationship)
            if choice.strategy != opt.JOINED:
                continue
            if self._is_endless(relationship, choice, path):
                continue
            joins.append(self._eager_join(plan, relationship, choice, left, path))
        return joins

    def _eager_join(
        self,
        plan: EntityPlan,
        relationship: Any,
        choice: Choice,
        left: Columns,
        path: tuple[Any, ...],
    ) -> EagerJoin:
        hop = choice.hop
        target = relationship.mapper if hop is None else hop.target
        table = target.selectable
        alias = table if target is not mapper_of(target) else table.alias()
        right = {column: alias.c[column.key] for column in relationship.mapper.local_table.c}
        inner = choice.argument if choice.argument is not None else relationship.innerjoin
        join = eager_join(relationship, alias, left, right, bool(inner))
        criteria = [*(() if hop is None else hop.criteria), *self._criteria(plan.branch, target)]
        if criteria:
            extra = [adapt_columns(criterion, right) for criterion in criteria]
            join.condition = and_(join.condition, *extra)
        child = self._new_plan(target, choice.branch)
        child.nullable = True
        self._order(relationship, right)
        join.children = self._eager_joins(child, right, (*path, relationship), bool(inner))
        self._read_columns(child, right)
        self._plan_later(child, (*path, relationship))
        plan.joined.append(JoinedPlan(relationship, child, relationship.link))
        return join

    def _order(self, relationship: Any, right: Columns) -> None:
        if relationship.order_by:
            self.order_by += [adapt_columns(by, right) for by in relationship.order_by]

    @staticmethod
    def _criteria(branch: Branch, target: Any) -> list[Any]:
        mapper = mapper_of(target)
        return [c.expression(mapper) for c in branch.criteria if c.applies_to(mapper)]

    def attach(self, selectable: Any, joins: Sequence[EagerJoin]) -> Any:
        """A FROM element with eager joins added."""
        for join in joins:
            selectable = _joined(selectable, join)
        return selectable


def _joined(left: Any, join: EagerJoin) -> Any:
    """``left`` joined to a target; below an outer join, inner ones are nested to stay inner."""
    right = join.target
    nested = [child for child in join.children if child.inner]
    outer = [child for child in join.children if not child.inner]
    if join.inner:
        if join.secondary is not None:
            left = left.join(join.secondary, join.condition)
            left = left.join(right, join.secondary_condition)
        else:
            left = left.join(right, join.condition)
        for child in join.children:
            left = _joined(left, child)
        return left
    if join.secondary is not None:
        right = join.secondary.join(right, join.secondary_condition)
    for child in nested:
        right = _joined(right, child)
    left = left.outerjoin(right, join.condition)
    for child in outer:
        left = _joined(left, child)
    return left


def eager_join(
    relationship: Any, alias: Any, left: Columns, right: Columns, inner: bool
) -> EagerJoin:
    """The join from an entity's columns to an alias of a relationship's target."""
    configured(relationship)
    if relationship.secondary is None:
        return EagerJoin(alias, on_clause(relationship, left, right), inner)
    secondary = relationship.secondary.alias()
    own = {column: secondary.c[column.key] for column in relationship.secondary.c}
    first = adapt_columns(relationship.primaryjoin, {**left, **own})
    second = adapt_columns(relationship.secondaryjoin, {**right, **own})
    return EagerJoin(alias, first, inner, secondary, second)


def on_clause(relationship: Any, left: Columns, right: Columns) -> Any:
    """The join condition between columns that stand for the parent's and the target's."""
    remote = relationship.remote_side
    columns = {column: own for column, own in left.items() if column not in remote}
    if relationship.parent.local_table is relationship.mapper.local_table:
        right = {column: own for column, own in right.items() if column in remote}
    columns.update(right)
    return adapt_columns(relationship.primaryjoin, columns)


def columns_of(entity: Any) -> Columns:
    """What stands for the columns of the entity's table; nothing for a mapper itself."""
    mapper = mapper_of(entity)
    if entity is mapper:
        return {}
    selectable = entity.selectable
    found = {}
    for column in mapper.local_table.c:
        own = selectable.c.get(column.key)
        if own is None:
            own = selectable.corresponding_column(column)
        if own is None:
            raise exc.InvalidRequestError(
                f"{selectable} has no column for {column}, which {mapper} needs; select it too"
            )
        found[column] = own
    return found
