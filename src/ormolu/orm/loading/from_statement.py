"""Entities from a statement that was written by hand: ``select(User).from_statement(text(...))``.

Which columns come back is known only when they do, so the loader is made for the names that the
driver reports, and kept for them. An attribute without a column in the rows stays unloaded; the
primary key must be there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ormolu import exc
from ormolu.engine.plans import run_plan
from ormolu.engine.result import Result
from ormolu.engine.row import Layout
from ormolu.io.plan import Plan
from ormolu.orm.loading.entity_plan import column_name, entity_keys, entity_name
from ormolu.orm.loading.entry import NO_PARAMS, Context, shared_for
from ormolu.orm.loading.events import noting, tell, watching
from ormolu.orm.loading.frame import Frame
from ormolu.orm.loading.hops import mapper_of
from ormolu.orm.loading.layout import EntityPlan, Place, RowPlan
from ormolu.orm.loading.loader_source import build_loader
from ormolu.orm.loading.schemas import cache_of, compiled_load, dialect_of
from ormolu.orm.loading.selectin import relationship_plan
from ormolu.orm.loading.tree import DEFER, grow
from ormolu.sql.coercion import resolve
from ormolu.sql.entity import Entity
from ormolu.sql.executable import Executable
from ormolu.sql.keys import key_of
from ormolu.sql.node import NODE, NODES, Kind
from ormolu.sql.select import _FROM_STATEMENT, Select
from ormolu.sql.text import TextClause, text


class FromStatement(Executable):
    """The items of a SELECT, read from the rows of ``element``."""

    __slots__ = ("element", "items")
    _fields: ClassVar[Mapping[str, Kind]] = {"element": NODE, "items": NODES}
    __visit_name__ = "from_statement"
    is_from_statement = True

    is_select = True
    element: Any
    items: tuple[Any, ...]

    def __init__(self, select: Select[Any], statement: Any) -> None:
        self._init_executable()
        element = text(statement) if isinstance(statement, str) else statement
        if not isinstance(element, (Executable, TextClause)):
            raise exc.ArgumentError(
                f"from_statement() takes a text(), a select() or a union(), not {statement!r}"
            )
        self.element = element
        self.items = select._raw_columns
        self._seal()
        self._plugin = "orm"
        self._execution_options = select._execution_options
        if select._with_options:
            options = self.options(*select._with_options)
            self._with_options = options._with_options
            self._key, self._binds, self._anon = options._key, options._binds, options._anon

    @property
    def _raw_columns(self) -> tuple[Any, ...]:
        return self.items


_FROM_STATEMENT.append(FromStatement)


class _Loads:
    """The compiled text, and a loader for each set of column names it has given."""

    __slots__ = ("compiled", "loaders")

    def __init__(self, compiled: Any) -> None:
        self.compiled = compiled
        self.loaders: dict[tuple[bool, tuple[str, ...]], tuple[RowPlan, Any, Layout]] = {}


def from_statement_plan(
    session: Any, core: Any, statement: FromStatement, params: Any, overwrite: bool
) -> Plan[Result[Any]]:
    """Run the statement and make its entities.

    :raises NoSuchColumnError: when the rows have no column for a primary key.
    """
    key = ("from_statement", key_of(statement))
    cache = cache_of(core)
    loads = cache.get(key) if key[1] is not None else None
    if loads is None:
        loads = _Loads(compiled_load(statement, dialect_of(core)))
        if key[1] is not None:
            cache[key] = loads
    compiled = loads.compiled
    sql, packed = compiled.expand(statement._binds, params or NO_PARAMS)
    outcome = yield from run_plan(core, sql, packed)
    names = tuple([column[0] for column in outcome.description or ()])
    found = loads.loaders.get((overwrite, names))
    if found is None:
        found = _loader(statement, core.dialect, names, overwrite)
        loads.loaders[overwrite, names] = found
    plan, loader, layout = found
    context = Context(session, core, statement._binds, statement._binds, overwrite)
    arguments: list[Any] = []
    for entity in plan.entities:
        arguments.append(session._identity.of(entity.mapper))
        arguments.append(shared_for(entity, session._membership, context))
    pairs = noting(session, arguments) if watching else ()
    objects, late = loader(outcome.rows, *arguments)
    tell(session, context, pairs)
    with_later = [entity for entity in plan.entities if entity.later]
    for entity, parents in zip(with_later, late, strict=True):
        for later in entity.later:
            yield from relationship_plan(context, later, parents)
    return Result(layout, objects, scalar=plan.single)


def _loader(
    statement: FromStatement, dialect: Any, names: tuple[str, ...], overwrite: bool
) -> tuple[RowPlan, Any, Layout]:
    roots = [item for item in statement.items if isinstance(item, Entity)]
    branches = grow(statement._with_options, list(dict.fromkeys(roots)))
    plan = RowPlan()
    plan.width = len(names)
    positions: dict[str, int] = {}
    for position, name in enumerate(names):
        positions.setdefault(name, position)
    for number, item in enumerate(statement.items):
        if isinstance(item, Entity):
            entity = Frame(dialect).entity(item, branches[item], number=number)
            _relocate(entity, dialect, positions)
            plan.add(entity, entity_name(item), entity_keys(item))
        else:
            column = resolve(item)
            place = _place(column, dialect, positions)
            if place is None:
                raise _missing(column)
            plan.add(place, column_name(column), (column,))
    return plan, build_loader(plan, overwrite=overwrite), Layout(plan.names, plan.keys)


def _relocate(entity: EntityPlan, dialect: Any, positions: Mapping[str, int]) -> None:
    """Put an entity's attributes where the names say; those without a column stay unloaded."""
    mapper = mapper_of(entity.entity)
    entity.joined = []
    found: list[tuple[str, Place]] = []
    for key, _ in entity.stores:
        place = _place(mapper.column_attrs[key].expression, dialect, positions)
        if place is not None:
            found.append((key, place))
        elif key in mapper.pk_keys:
            raise _missing(mapper.column_attrs[key].expression)
        else:
            entity.partial = True
            entity.branch = entity.branch.copy()
            entity.branch.columns[key] = DEFER
    entity.stores = found
    places = dict(found)
    entity.keys = [places[key] for key in mapper.pk_keys]
    entity.nullable = True


def _place(column: Any, dialect: Any, positions: Mapping[str, int]) -> Place | None:
    table = getattr(column, "table", None)
    labelled = f"{table.name}_{column.name}" if table is not None else column.name
    position = positions.get(column.name, positions.get(labelled))
    if position is None:
        return None
    return Place(position, *dialect.result_converter(column.type))


def _missing(column: Any) -> exc.NoSuchColumnError:
    return exc.NoSuchColumnError(
        f"Could not locate column in row for column '{column}'; select it in the statement"
    )
