"""From an ORM SELECT to the Core SELECT that is sent, and the plan of its rows.

Entities give way to their columns, relationship joins to joins of tables, and joined relationships
are added behind. The order of columns is: of each item in turn (what `contains_eager` fills stands
before its parent), then those of joined relationships, the deepest first.

A joined collection repeats its parent's rows, so LIMIT, OFFSET, DISTINCT and GROUP BY may not count
them: the statement as it was then becomes a subquery, and the collections are joined to that.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

from ormolu.orm.loading import options as opt
from ormolu.orm.loading.frame import EagerJoin, Frame, columns_of, eager_join
from ormolu.orm.loading.hops import configured, mapper_of
from ormolu.orm.loading.layout import EntityPlan, JoinedPlan, RowPlan
from ormolu.orm.loading.tree import Branch, grow
from ormolu.orm.mapping.adapt import adapt_columns
from ormolu.schema import Column
from ormolu.sql.boolean import and_
from ormolu.sql.clauses import JoinSpec
from ormolu.sql.coercion import resolve
from ormolu.sql.entity import Entity
from ormolu.sql.fromclause import FromClause, Join
from ormolu.sql.froms import _with_joins as join_froms
from ormolu.sql.froms import core_from
from ormolu.sql.select import Select
from ormolu.sql.traversal import replace


class Lowered:
    """The Core statement of an ORM one, and what its rows give.

    ``repeats`` says that the statement's own joins may repeat an entity.
    """

    __slots__ = ("plan", "repeats", "statement")

    def __init__(self, statement: Any, plan: RowPlan, repeats: bool) -> None:
        self.statement = statement
        self.plan = plan
        self.repeats = repeats


def lower_select(statement: Select[Any], dialect: Any = None) -> Lowered:
    """Lower a SELECT of entities and attributes; without a dialect only its text is of use."""
    return _Lowering(statement, dialect).run()


def lower_inner(statement: Select[Any]) -> Any:
    """The Core statement of an ORM SELECT inside of another: its columns, and nothing joined."""
    return _Lowering(statement, None).inner()


class _Lowering:
    def __init__(self, statement: Select[Any], dialect: Any) -> None:
        self.statement = statement
        self.frame = Frame(dialect)
        self.plan = RowPlan()
        self.roots = [item for item in statement._raw_columns if isinstance(item, Entity)]
        self.branches = grow(statement._with_options, self._option_roots())
        self.conditions: list[Any] = []

    def _option_roots(self) -> list[Any]:
        roots = list(self.roots)
        if not roots and not any(
            isinstance(option, opt.Load) for option in self.statement._with_options
        ):
            return []
        return list(dict.fromkeys(roots))

    def run(self) -> Lowered:
        statement = self.statement
        froms = self._froms()
        for item in statement._raw_columns:
            self._item(item)
        self._drawn_criteria(froms)
        main = len(self.frame.columns)
        for item in self.plan.items:
            if isinstance(item, EntityPlan):
                self.frame.eager(item, columns_of(item.entity))
        self.plan.width = len(self.frame.columns)
        if self._must_wrap():
            core = self._wrapped(froms, main)
        else:
            core = self._flat(froms)
        repeats = bool(statement._joins) or len(froms) > 1 or len(self.plan.items) > 1
        return Lowered(core, self.plan, repeats or self._has_contained())

    def inner(self) -> Any:
        """The statement as others draw from it."""
        froms = self._froms()
        for entity in self.roots:
            self._criteria(entity, self.branches[entity])
        self._drawn_criteria(froms)
        return self._core(self.statement._selected, froms, self.statement._order_by)

    # -- what is selected -------------------------------------------------------------------

    def _item(self, item: Any) -> None:
        if isinstance(item, Entity):
            branch = self.branches[item]
            plan = self.frame.entity(item, branch)
            plan.nullable = self._may_be_absent(item)
            self.plan.add(plan, entity_name(item), entity_keys(item))
            self._criteria(item, branch)
            return
        element = resolve(item)
        if isinstance(element, FromClause):
            for column in element._all_from_columns:
                self.plan.add(self.frame.place(column), column_name(column), (column,))
        else:
            # An attribute keeps its name where its column has another, as that of a union has.
            named = item if hasattr(item, "property") else element
            self.plan.add(self.frame.place(element), column_name(named), (element,))

    def _may_be_absent(self, entity: Any) -> bool:
        """Whether an outer join may leave the entity out."""
        if any(spec.isouter or spec.full for spec in self.statement._joins):
            return True
        selectable = core_from(entity)
        given = [core_from(each) for each in self.statement._from_obj]
        return any(isinstance(each, Join) for each in given) or hasattr(selectable, "element")

    def _criteria(self, entity: Any, branch: Branch) -> None:
        mapper = mapper_of(entity)
        columns = columns_of(entity)
        for criterion in branch.criteria:
            if criterion.applies_to(mapper):
                self.conditions.append(adapt_columns(criterion.expression(mapper), columns))

    def _drawn_criteria(self, froms: Sequence[Any]) -> None:
        """Criteria of entities that are drawn from, and neither selected whole nor joined."""
        options = [o for o in self.statement._with_options if isinstance(o, opt.LoaderCriteria)]
        if not options:
            return
        known = {id(core_from(each)) for each in (*self.roots, *self._joined())}
        selected = [item for item in self.statement._raw_columns if not isinstance(item, Column)]
        clauses = (*map(resolve, selected), *self.statement._where)
        drawn = [*map(_leftmost, froms), *[f for each in clauses for f in each._from_objects]]
        for element in {id(each): each for each in drawn if id(each) not in known}.values():
            table = getattr(element, "element", element)
            for option in options:
                mapper = option.mapper_of(table)
                if mapper is None:
                    continue
                moved = {} if table is element else {c: element.c.get(c.key) for c in table.c}
                self.conditions.append(adapt_columns(option.expression(mapper), moved))

    def _joined(self) -> list[Any]:
        """The entities of the joins that are given, whose criteria stand in their conditions."""
        found = []
        for spec in self.statement._joins:
            attribute = _relationship_in(spec)
            of_type = None if attribute is None else attribute.of_type_target
            if isinstance(spec.target, Entity):
                found.append(spec.target)
            elif attribute is not None:
                found.append(attribute.entity if of_type is None else of_type)
        return found

    def _has_contained(self) -> bool:
        return any(isinstance(i, EntityPlan) and _contains(i) for i in self.plan.items)

    # -- FROM -------------------------------------------------------------------------------

    def _froms(self) -> list[Any]:
        """The FROM elements that are written, with the joins to relationships built."""
        statement = self.statement
        froms = [core_from(given) for given in statement._from_obj]
        if not statement._joins:
            return froms
        drawn = self._drawn()
        for spec in statement._joins:
            froms = self._join(spec, froms, drawn)
        return froms

    def _drawn(self) -> list[Any]:
        found: dict[int, Any] = {}
        for item in self.statement._raw_columns:
            drawn = item if isinstance(item, Entity) else resolve(item)
            for element in drawn._from_objects:
                found[id(element)] = element
        return list(found.values())

    def _join(self, spec: JoinSpec, froms: list[Any], drawn: list[Any]) -> list[Any]:
        attribute = _relationship_in(spec)
        target = core_from(spec.target)
        if attribute is None:
            condition = spec.onclause
            extra = self._join_criteria(spec.target)
            if extra and condition is not None:
                condition = and_(condition, *extra)
            plain = JoinSpec(target, condition, spec.left, spec.isouter, spec.full)
            return join_froms([plain], froms, drawn)
        entity = attribute.of_type_target
        if entity is None:
            entity = spec.target if isinstance(spec.target, Entity) else attribute.entity
        target = core_from(entity)
        relationship = configured(attribute.property)
        left = core_from(attribute.parent)
        right = {} if entity is mapper_of(entity) else columns_of(entity)
        join = eager_join(relationship, target, columns_of(attribute.parent), right, True)
        extra = [*attribute.extra, *self._join_criteria(entity)]
        outer, full = spec.isouter, spec.full
        if join.secondary is None:
            condition = and_(join.condition, *extra) if extra else join.condition
            return join_froms([JoinSpec(target, condition, left, outer, full)], froms, drawn)
        second = join.secondary_condition
        second = and_(second, *extra) if extra else second
        if outer or full:
            target = Join(join.secondary, target, second)
            return join_froms([JoinSpec(target, join.condition, left, outer, full)], froms, drawn)
        first = JoinSpec(join.secondary, join.condition, left, False, False)
        return join_froms(
            [first, JoinSpec(target, second, join.secondary, False, False)], froms, drawn
        )

    def _join_criteria(self, entity: Any) -> list[Any]:
        if not isinstance(entity, Entity):
            return []
        mapper = mapper_of(entity)
        return [
            adapt_columns(option.expression(mapper), columns_of(entity))
            for option in self.statement._with_options
            if isinstance(option, opt.LoaderCriteria) and option.applies_to(mapper)
        ]

    # -- the statement ----------------------------------------------------------------------

    def _flat(self, froms: list[Any]) -> Any:
        """The statement with the eager joins in its own FROM."""
        froms = list(froms)
        for item in self.plan.items:
            for plan in _with_contained(item):
                joins = self.frame.joins.get(plan.number)
                if joins:
                    self._attach(froms, core_from(plan.entity), joins)
        return self._core(
            self.frame.columns, froms, (*self.statement._order_by, *self.frame.order_by)
        )

    def _attach(self, froms: list[Any], selectable: Any, joins: Sequence[EagerJoin]) -> None:
        for position, element in enumerate(froms):
            if element is selectable or any(each is selectable for each in element._hidden):
                froms[position] = self.frame.attach(element, joins)
                return
        froms.append(self.frame.attach(selectable, joins))

    def _core(self, columns: Sequence[Any], froms: Sequence[Any], order_by: Sequence[Any]) -> Any:
        statement = self.statement
        selected = statement._selected
        same = len(selected) == len(columns) and all(map(operator.is_, selected, columns))
        return statement._copy(
            _raw_columns=tuple(columns),
            _from_obj=tuple(froms),
            _joins=(),
            _with_options=(),
            _plugin=None,
            # Whoever selects from this statement has seen these names already.
            _names=statement.named_columns() if same else None,
            _where=(*statement._where, *self.conditions),
            _order_by=tuple(order_by),
        )

    def _must_wrap(self) -> bool:
        statement = self.statement
        counted = (
            statement._limit is not None
            or statement._offset is not None
            or statement._rare.fetch is not None
            or statement._rare.distinct
            or bool(statement._group_by)
        )
        return counted and any(
            isinstance(item, EntityPlan) and _multiplies(item) for item in self.plan.items
        )

    def _wrapped(self, froms: list[Any], main: int) -> Any:
        """The statement in a subquery, the joined relationships outside of it."""
        columns = list(self.frame.columns[:main])
        known = {id(column) for column in columns}
        for by in self.statement._order_by:
            element = getattr(by, "element", by)
            if id(element) not in known:
                known.add(id(element))
                columns.append(element)
        inner = self._core(columns, froms, self.statement._order_by)
        subquery = inner.subquery()
        outside = {id(column): own for column, own in zip(columns, tuple(subquery.c), strict=True)}

        def moved(expression: Any) -> Any:
            return replace(expression, lambda node: outside.get(id(node)))

        selectable: Any = subquery
        for item in self.plan.items:
            for plan in _with_contained(item):
                for join in self.frame.joins.get(plan.number, ()):
                    join.condition = moved(join.condition)
                    selectable = self.frame.attach(selectable, [join])
        order_by = [*map(moved, self.statement._order_by), *self.frame.order_by]
        selected = [*tuple(subquery.c), *self.frame.columns[main:]]
        for place in self.frame.places[main:]:
            place.index += len(columns) - main
        self.plan.width = len(selected)
        outer: Any = Select(*selected).set_label_style(self.statement.get_label_style())
        return outer.select_from(selectable).order_by(*order_by)


def _leftmost(element: Any) -> Any:
    """What a FROM element begins with: a join's conditions have the criteria of the others."""
    while isinstance(element, Join):
        element = element.left
    return element


def entity_name(entity: Any) -> str:
    """What a row calls an entity: its class's name, or the name that an alias was given."""
    return entity.class_.__name__ if entity.is_mapper else entity.name or ""


def entity_keys(entity: Any) -> tuple[Any, ...]:
    """The objects by which a row may be asked for an entity."""
    return entity, entity.entity


def column_name(column: Any) -> str:
    """What a row calls a column: its key, the name of a label or function."""
    key = getattr(column, "key", None) or getattr(column, "name", None)
    return str.__str__(key) if isinstance(key, str) and type(key) is str else "_no_label"


def _relationship_in(spec: JoinSpec) -> Any:
    for given in (spec.onclause, spec.target):
        if getattr(getattr(given, "property", None), "is_relationship", False):
            return given
    return None


def _with_contained(item: Any) -> list[EntityPlan]:
    return item.below() if isinstance(item, EntityPlan) else []


def _is_contained(plan: EntityPlan, joined: JoinedPlan) -> bool:
    return plan.branch.choice_for(joined.relationship).strategy == opt.CONTAINS


def _contains(plan: EntityPlan) -> bool:
    return any(_is_contained(plan, joined) or _contains(joined.child) for joined in plan.joined)


def _multiplies(plan: EntityPlan) -> bool:
    """Whether a joined (not a contained) collection hangs below."""
    return any(
        (joined.relationship.uselist and not _is_contained(plan, joined))
        or _multiplies(joined.child)
        for joined in plan.joined
    )
