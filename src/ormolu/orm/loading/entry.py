"""A compiled load: the SQL, how values go in, and the loader that makes objects of the rows.

A `LoadEntry` is made once per statement key, options and dialect, and kept in the engine's
statement cache. Running it is `rows_plan`, then `LoadEntry.load`, then what its relationships
still need (`later_plan`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ormolu.compiler import lowering
from ormolu.engine.plans import fetch_plan
from ormolu.engine.row import Layout
from ormolu.io.plan import Plan
from ormolu.orm.instances.state import Shared
from ormolu.orm.loading.events import noting, tell, watching
from ormolu.orm.loading.layout import EntityPlan, RowPlan
from ormolu.orm.loading.loader_source import build_loader
from ormolu.orm.loading.schemas import compiled_load

NO_PARAMS: Mapping[str, Any] = {}


class LoadOptions:
    """Loader options that go on with the objects: a branch, and the values of its criteria.

    ``origin`` are the binds of the statement the branch was grown from; ``binds`` those of the one
    that ran, in the same order.
    """

    __slots__ = ("binds", "branch", "origin", "path")

    def __init__(
        self, branch: Any, origin: Sequence[Any], binds: Sequence[Any], path: tuple[Any, ...] = ()
    ) -> None:
        self.branch = branch
        self.origin = origin
        self.binds = binds
        self.path = path


class Context:
    """One execution: its session and connection, and what all its statements share.

    ``origin`` and ``binds`` are as in `LoadOptions`; ``overwrite`` is populate_existing.
    """

    __slots__ = ("binds", "core", "origin", "overwrite", "session")

    def __init__(
        self,
        session: Any,
        core: Any,
        origin: Sequence[Any] = (),
        binds: Sequence[Any] = (),
        overwrite: bool = False,
    ) -> None:
        self.session = session
        self.core = core
        self.origin = origin
        self.binds = binds
        self.overwrite = overwrite


class _Prepared:
    """A lowered statement; its values come from the binds of the one it was lowered from."""

    __slots__ = ("_binds", "core")
    _plugin = "lowered"

    def __init__(self, core: Any, binds: tuple[Any, ...]) -> None:
        self.core = core
        self._binds = binds


lowering.register("lowered", lambda prepared: prepared.core)


class LoadEntry:
    """A statement ready to be run: compiled, with its loader and the layout of its result."""

    __slots__ = (
        "binds",
        "compiled",
        "entities",
        "expanding",
        "late",
        "layout",
        "loader",
        "mapper",
        "matches",
        "moved",
        "pack",
        "plan",
        "require_unique",
        "simple",
        "sql",
        "unique_keys",
    )

    def __init__(
        self,
        core_statement: Any,
        plan: RowPlan,
        binds: tuple[Any, ...],
        dialect: Any,
        *,
        overwrite: bool = False,
        repeats: bool = False,
        origin: Sequence[Any] = (),
    ) -> None:
        self.plan = plan
        self.binds = binds
        self.compiled = compiled_load(_Prepared(core_statement, binds), dialect)
        self.sql: str = self.compiled.sql
        self.pack = self.compiled.pack
        self.expanding: bool = self.compiled.expanding
        self.matches = self.compiled.matches if self.compiled.shared else None
        self.loader = build_loader(plan, overwrite=overwrite, repeats=repeats)
        self.entities = plan.entities
        self.late = [entity for entity in self.entities if entity.later]
        self.mapper = self.entities[0].mapper if self.entities else None
        self.simple = len(self.entities) == 1 and not (
            self.late or plan.groups or self.entities[0].partial
        )
        self.simple = self.simple and self.entities[0].branch.is_default
        self.layout = Layout(plan.names, plan.keys)
        self.require_unique: str | None = _UNIQUE if plan.multiplies else None
        self.unique_keys = [id if isinstance(item, EntityPlan) else None for item in plan.items]
        places = {id(bind): position for position, bind in enumerate(origin)}
        self.moved = [places.get(id(bind)) for bind in binds]

    def current(self, context: Context) -> Sequence[Any]:
        """The binds to take values from, for a statement that belongs to another one's load."""
        if not any(place is not None for place in self.moved):
            return self.binds
        current = context.binds
        return [
            own if place is None else current[place]
            for own, place in zip(self.binds, self.moved, strict=True)
        ]

    def load(
        self, context: Context, rows: list[tuple[Any, ...]], groups: Any = None
    ) -> tuple[list[Any], tuple[list[Any], ...]]:
        """Make objects of rows; the objects, and per entity those with relationships to load."""
        session = context.session
        if self.simple:
            return self.load_simple(session, rows), ()
        identity = session._identity
        membership = session._membership
        arguments: list[Any] = [] if groups is None else [groups]
        for entity in self.entities:
            arguments.append(identity.of(entity.mapper))
            arguments.append(shared_for(entity, membership, context))
        if not watching:
            return self.loader(rows, *arguments)  # type: ignore[no-any-return]
        pairs = noting(session, arguments)
        found = self.loader(rows, *arguments)
        tell(session, context, pairs)
        return found  # type: ignore[no-any-return]

    def load_simple(self, session: Any, rows: list[tuple[Any, ...]]) -> list[Any]:
        """`load` of one entity without options: the most frequent case, without its detours."""
        entity = self.entities[0]
        membership = session._membership
        siblings: list[Any] = []
        membership.arrive(siblings)
        shared = Shared(membership, entity.mapper, siblings)
        known = session._identity.of(entity.mapper)
        if not watching:
            return self.loader(rows, known, shared)[0]  # type: ignore[no-any-return]
        arguments = [known, shared]
        pairs = noting(session, arguments)
        objects: list[Any] = self.loader(rows, *arguments)[0]
        tell(session, None, pairs)
        return objects


_UNIQUE = (
    "The unique() method must be invoked on this Result, as it contains results that include "
    "joined eager loads against collections"
)


def shared_for(entity: EntityPlan, membership: Any, context: Context) -> Shared:
    """The state of all objects that one entity of one result gives."""
    options = None
    if not entity.branch.is_default:
        options = LoadOptions(entity.branch, context.origin, context.binds)
    siblings: list[Any] = []
    membership.arrive(siblings)
    return Shared(
        membership,
        entity.mapper,
        siblings,
        options,
        "partial" if entity.partial else None,
    )


def rows_plan(
    context: Context, entry: LoadEntry, binds: Sequence[Any], params: Mapping[str, Any]
) -> Plan[list[tuple[Any, ...]]]:
    """Run the statement of an entry."""
    if entry.expanding:
        sql, packed = entry.compiled.expand(binds, params)
    else:
        sql, packed = entry.sql, entry.pack(binds, params)
    return (yield from fetch_plan(context.core, sql, packed))
