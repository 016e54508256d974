"""The statements that load related objects: by the keys of many parents, or of one."""

from __future__ import annotations

from typing import Any

from ormolu.orm.loading import options as opt
from ormolu.orm.loading.entry import Context, LoadEntry
from ormolu.orm.loading.frame import Columns, Frame, columns_of, on_clause
from ormolu.orm.loading.hops import configured, mapper_of
from ormolu.orm.loading.layout import EntityPlan, LaterPlan, RowPlan
from ormolu.orm.loading.schemas import dialect_of
from ormolu.orm.loading.tree import Branch, Choice
from ormolu.orm.mapping.adapt import adapt_columns
from ormolu.orm.mapping.joins import MANYTOMANY, equalities
from ormolu.sql.expressions import any_, bindparam, tuple_
from ormolu.sql.select import Select


class Target:
    """The other end of a relationship, as one choice of loading sees it."""

    def __init__(self, relationship: Any, choice: Choice, path: tuple[Any, ...]) -> None:
        self.relationship = configured(relationship)
        self.choice = choice
        self.path = path
        hop = choice.hop
        self.entity = self.relationship.mapper if hop is None else hop.target
        self.columns: Columns = columns_of(self.entity)
        self.criteria = [] if hop is None else list(hop.criteria)
        mapper = mapper_of(self.entity)
        for criterion in choice.branch.criteria:
            if criterion.applies_to(mapper):
                self.criteria.append(criterion.expression(mapper))

    def adapted(self, expression: Any) -> Any:
        """An expression on the target's table, on the entity that is meant."""
        return adapt_columns(expression, self.columns) if self.columns else expression

    def finish(
        self, statement: Any, frame: Frame, plan: EntityPlan, selectable: Any, ordered: bool = True
    ) -> Any:
        """The statement with its FROM, criteria, eager joins and order."""
        frame.eager(plan, self.columns, self.path)
        selectable = frame.attach(selectable, frame.joins[plan.number])
        statement = statement.add_columns(*frame.columns).select_from(selectable)
        if self.criteria:
            statement = statement.where(*[self.adapted(each) for each in self.criteria])
        order = self.relationship.order_by if ordered and self.relationship.order_by else ()
        order = [*[self.adapted(by) for by in order], *frame.order_by]
        return statement.order_by(*order) if order else statement

    def branch(self) -> Branch:
        """How the related objects are loaded; one level less of a recursive load."""
        branch, depth = self.choice.branch, self.choice.argument
        if self.choice.strategy not in (opt.SELECTIN, opt.IMMEDIATE) or not isinstance(depth, int):
            return branch
        key = self.relationship.key
        if depth == 1 or key in branch.choices:
            return branch
        further = branch.copy()
        further.choices[key] = again = Choice(
            self.choice.strategy, depth - 1 if depth > 0 else depth, self.choice.hop, branch
        )
        again.explicit = True
        return further


class Related:
    """A select-in load, compiled.

    ``names`` are the parent's attributes whose values the keys are; ``by_target`` says that the
    keys are the target's primary key; ``by_identity`` that rows repeat the related objects.
    """

    __slots__ = ("by_identity", "by_target", "load", "names")

    def __init__(self, later: LaterPlan, context: Context) -> None:
        target = Target(later.relationship, later.choice, later.path)
        relationship = target.relationship
        dialect = dialect_of(context.core)
        frame = Frame(dialect)
        self.by_target = relationship.uses_get and target.entity is relationship.mapper
        self.by_target = self.by_target and not target.criteria
        key_columns, selectable, locals_ = self._form(target)
        self.names = [relationship.parent.key_of_column[column] for column in locals_]
        rows = RowPlan()
        if not self.by_target:
            rows.groups = [frame.shared_place(column) for column in key_columns]
        plan = frame.entity(target.entity, target.branch(), later.path)
        statement: Any = Select().where(within(key_columns, dialect))
        statement = target.finish(statement, frame, plan, selectable)
        rows.add(plan)
        rows.width = len(frame.columns)
        self.by_identity = plan.has_collections
        self.load = LoadEntry(
            statement,
            rows,
            statement._binds,
            dialect,
            overwrite=context.overwrite,
            repeats=plan.has_collections,
            origin=context.origin,
        )

    def _form(self, target: Target) -> tuple[list[Any], Any, list[Any]]:
        """The columns of the key, the FROM, and the parent's columns that the key is of."""
        relationship = target.relationship
        selectable = target.entity.selectable
        if self.by_target:
            remote = {remote: local for local, remote in relationship.local_remote_pairs}
            keys = list(relationship.mapper.primary_key)
            return keys, selectable, [remote[column] for column in keys]
        if relationship.direction is MANYTOMANY:
            pairs = relationship.synchronize_pairs
            if _is_plain(relationship.primaryjoin, pairs):
                secondary = relationship.secondary
                joined = secondary.join(selectable, target.adapted(relationship.secondaryjoin))
                return [link for _, link in pairs], joined, [local for local, _ in pairs]
        elif _is_plain(relationship.primaryjoin, relationship.local_remote_pairs):
            pairs = relationship.local_remote_pairs
            keys = [target.adapted(remote) for _, remote in pairs]
            return keys, selectable, [local for local, _ in pairs]
        return self._through_parent(target)

    def _through_parent(self, target: Target) -> tuple[list[Any], Any, list[Any]]:
        """The general form: from an alias of the parent, through the join as it is written."""
        relationship = target.relationship
        table = relationship.parent.local_table
        parent = table.alias()
        left = {column: parent.c[column.key] for column in table.c}
        selectable = target.entity.selectable
        if relationship.secondary is not None:
            first = adapt_columns(relationship.primaryjoin, left)
            joined = parent.join(relationship.secondary, first)
            joined = joined.join(selectable, target.adapted(relationship.secondaryjoin))
        else:
            right = target.columns or {c: c for c in relationship.mapper.local_table.c}
            joined = parent.join(selectable, on_clause(relationship, left, right))
        keys = list(relationship.parent.primary_key)
        return [left[column] for column in keys], joined, keys


def within(columns: list[Any], dialect: Any) -> Any:
    """``columns IN (keys)``; ``column = ANY (keys)`` where the dialect sends them as an array."""
    key = columns[0] if len(columns) == 1 else tuple_(*columns)
    array = dialect.key_array(key.type) if len(columns) == 1 else None
    if array is not None:
        return key == any_(bindparam("primary_keys", type_=array))
    keys: Any = bindparam("primary_keys", expanding=True, type_=key.type)
    return key.in_(keys)


def _is_plain(condition: Any, pairs: list[tuple[Any, Any]]) -> bool:
    """Whether a join condition is nothing but the equality of its pairs."""
    clauses = getattr(condition, "clauses", None)
    count = 1 if clauses is None else len(tuple(clauses))
    return count == len(pairs) == len(list(equalities(condition)))


def _columns_in(expression: Any) -> set[int]:
    """The ids of the nodes in an expression."""
    found = {id(expression)}
    for child in expression.get_children():
        found |= _columns_in(child)
    return found


class Single:
    """The lazy load of one object, compiled: ``names`` give the values of its parameters."""

    __slots__ = ("load", "names")

    def __init__(
        self, relationship: Any, choice: Choice, context: Context, path: tuple[Any, ...] = ()
    ) -> None:
        target = Target(relationship, choice, (*path, relationship))
        relationship = target.relationship
        dialect = dialect_of(context.core)
        frame = Frame(dialect)
        bound = self._bound(relationship)
        self.names = {
            bind.key: relationship.parent.key_of_column[column] for column, bind in bound.items()
        }
        rows = RowPlan()
        plan = frame.entity(target.entity, target.branch(), target.path)
        selectable = target.entity.selectable
        if relationship.secondary is None:
            right = target.columns or {}
            condition = [on_clause(relationship, bound, right)]
            statement: Any = Select().where(*condition)
        else:
            statement = Select().where(
                adapt_columns(relationship.primaryjoin, bound),
                target.adapted(relationship.secondaryjoin),
            )
        statement = target.finish(statement, frame, plan, selectable)
        rows.add(plan)
        rows.width = len(frame.columns)
        self.load = LoadEntry(
            statement,
            rows,
            statement._binds,
            dialect,
            repeats=plan.has_collections,
            origin=context.origin,
        )

    @staticmethod
    def _bound(relationship: Any) -> dict[Any, Any]:
        """A parameter for each column of the parent in the join condition."""
        remote = relationship.remote_side
        same = relationship.parent.local_table is relationship.mapper.local_table
        if relationship.secondary is not None:
            columns = [local for local, _ in relationship.synchronize_pairs]
        elif same:
            columns = [local for local, _ in relationship.local_remote_pairs]
        else:
            columns = [c for c in relationship.parent.local_table.c if c not in remote]
        keys = relationship.parent.key_of_column
        used = _columns_in(relationship.primaryjoin)
        return {
            column: bindparam(f"param_{number}", type_=column.type)
            for number, column in enumerate(columns, 1)
            if column in keys and id(column) in used
        }
