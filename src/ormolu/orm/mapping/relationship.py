"""Relationships: declared by `relationship()`, completed by `configure_mappers()`.

A `Relationship` is declared with names and functions that may refer to classes not yet defined.
Configuration resolves them, in this order for all mappers: targets, joins, then backrefs and
``back_populates`` (both sides must be complete to be compared), then what the instances need
(`Link`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ormolu import exc
from ormolu.orm.instances.collections import collection_factory
from ormolu.orm.instances.links import Link
from ormolu.orm.instances.state import NO_VALUE, session_of
from ormolu.orm.mapping import joins
from ormolu.orm.mapping.cascade import CascadeOptions
from ormolu.orm.mapping.joins import MANYTOONE, ONETOMANY, JoinRequest, RelationshipDirection
from ormolu.orm.mapping.properties import UNSET, DataclassOptions, MapperProperty

_LAZY = frozenset(
    {
        "select",
        "joined",
        "selectin",
        "subquery",
        "raise",
        "raise_on_sql",
        "noload",
        "immediate",
        "dynamic",
        "write_only",
    }
)
_LAZY_ALIASES: dict[Any, str] = {True: "select", False: "joined", None: "noload"}


class Backref:
    """The other side of a relationship, declared on this one: a name and its options."""

    __slots__ = ("kwargs", "name")

    def __init__(self, name: str, kwargs: dict[str, Any]) -> None:
        self.name = name
        self.kwargs = kwargs


def backref(name: str, **kwargs: Any) -> Backref:
    """The ``backref`` of a `relationship` with options of its own."""
    return Backref(name, kwargs)


class Relationship(MapperProperty):
    """A relationship between two mapped classes; `RelationshipProperty` is the same class.

    After configuration: ``mapper`` the target's, ``direction``, ``uselist``, the join's columns
    (see `joins.JoinPlan`), ``back`` the reverse relationship or None, ``uses_get`` whether it is a
    many-to-one to the target's whole primary key.
    """

    is_relationship = True
    mapper: Any
    direction: RelationshipDirection
    primaryjoin: Any
    secondaryjoin: Any
    local_remote_pairs: list[tuple[Any, Any]]
    synchronize_pairs: list[tuple[Any, Any]]
    secondary_synchronize_pairs: list[tuple[Any, Any]]
    remote_side: set[Any]
    uses_get: bool

    def __init__(self, argument: Any = None, secondary: Any = None, **options: Any) -> None:
        super().__init__(options.pop("doc", None), options.pop("info", None))
        self.argument = argument
        self.secondary = secondary
        self.declared = options
        self.back: Relationship | None = None
        self.target_entity: Any = None
        self.configured = False
        self.uselist: Any = options.get("uselist")
        self.back_populates: str | None = options.get("back_populates")
        self.backref: Backref | None = _backref(options.get("backref"), self.back_populates)
        self.viewonly: bool = options.get("viewonly", False)
        self.lazy: str = _lazy(options.get("lazy", "select"))
        self.order_by: Any = options.get("order_by", False)
        self.collection_class: Any = options.get("collection_class")
        self.passive_deletes: Any = options.get("passive_deletes", False)
        self.passive_updates: bool = options.get("passive_updates", True)
        self.post_update: bool = options.get("post_update", False)
        self.single_parent: bool = options.get("single_parent", False)
        self.innerjoin: Any = options.get("innerjoin", False)
        self.join_depth: int | None = options.get("join_depth")
        self.distinct_target_key: bool | None = options.get("distinct_target_key")
        self.active_history: bool = options.get("active_history", False)
        self.enable_typechecks: bool = options.get("enable_typechecks", True)
        self.omit_join: bool | None = options.get("omit_join")
        self.sync_backref: bool | None = options.get("sync_backref")
        self.lazy_batch: bool | None = options.get("lazy_batch")
        self.strategy_options: Any = None
        self.cascade = _cascade(options.get("cascade"), self.viewonly)

    @property
    def entity(self) -> Any:
        """The target: its mapper, or the alias given as argument."""
        return self.target_entity or self.mapper

    @property
    def target(self) -> Any:
        """The target's table."""
        return self.mapper.local_table

    def rebuilt(self) -> Relationship:
        """An equal relationship, for another class that inherits the declaration."""
        found = Relationship(
            self.argument, self.secondary, doc=self.doc, info=self.info, **self.declared
        )
        found.dataclass_options = self.dataclass_options
        return found

    def resolve_target(self) -> None:
        """Find the target mapper; `InvalidRequestError` when a name leads nowhere."""
        resolved = self.parent.registry.resolver(self.parent, self.key).entity(self.argument)
        self.mapper = resolved.mapper
        if resolved is not self.mapper:
            self.target_entity = resolved

    def resolve_join(self) -> None:
        """Determine join, direction and collection."""
        resolver = self.parent.registry.resolver(self.parent, self.key)
        self.secondary = resolver.table(self.secondary)
        request = JoinRequest(
            f"{self}",
            self.parent.local_table,
            self.mapper.local_table,
            self.secondary,
            resolver.expression(self.declared.get("primaryjoin")),
            resolver.expression(self.declared.get("secondaryjoin")),
            resolver.columns(self.declared.get("foreign_keys")),
            resolver.columns(self.declared.get("remote_side")),
            self.viewonly,
        )
        plan = joins.determine(request)
        for name in plan.__slots__:
            setattr(self, name, getattr(plan, name))
        self.order_by = resolver.columns(self.order_by) if self.order_by else False
        if self.uselist is None:
            self.uselist = self.direction is not MANYTOONE
        self.uses_get = self.direction is MANYTOONE and self._covers_primary_key()
        self._check_cascade()
        self.configured = True

    def _covers_primary_key(self) -> bool:
        simple = len(list(joins.equalities(self.primaryjoin))) == len(self.local_remote_pairs)
        conjuncts = _conjuncts(self.primaryjoin) == len(self.local_remote_pairs)
        return simple and conjuncts and self.remote_side == set(self.mapper.primary_key)

    def _check_cascade(self) -> None:
        if (
            self.cascade.delete_orphan
            and not self.single_parent
            and self.direction is not ONETOMANY
        ):
            kind = "many-to-one" if self.direction is MANYTOONE else "many-to-many"
            raise exc.ArgumentError(
                f"For {kind} relationship {self}, delete-orphan cascade is normally configured "
                'only on the "one" side of a one-to-many relationship, and not on the "many" side '
                "of a many-to-one or many-to-many relationship. To force this relationship to "
                f"allow a particular {self.mapper.class_.__name__!r} object to be referenced by "
                f"only a single {self.parent.class_.__name__!r} object at a time via the {self} "
                "relationship, which would allow delete-orphan cascade to take place in this "
                "direction, set the single_parent=True flag."
            )

    def make_backref(self) -> None:
        """Put the relationship that ``backref`` declares on the target's mapper."""
        declared = self.backref
        if declared is None or self.back_populates is not None:
            return
        if declared.name in self.mapper._attrs:
            raise exc.ArgumentError(
                f"Error creating backref '{declared.name}' on relationship '{self}': property of "
                f"that name exists on mapper '{self.mapper}'"
            )
        options = dict(declared.kwargs)
        first, second = self.primaryjoin, self.secondaryjoin
        if self.secondary is not None:
            first, second = self.secondaryjoin, self.primaryjoin
            options.setdefault("secondary", self.secondary)
        options.setdefault("primaryjoin", first)
        options.setdefault("secondaryjoin", second)
        options.setdefault("foreign_keys", self.declared.get("foreign_keys"))
        options.setdefault("viewonly", self.viewonly)
        options.setdefault("post_update", self.post_update)
        options.setdefault("passive_updates", self.passive_updates)
        options.setdefault("sync_backref", self.sync_backref)
        if self.parent.local_table is self.mapper.local_table and self.secondary is None:
            options.setdefault("remote_side", [local for local, _ in self.local_remote_pairs])
        other = Relationship(self.parent, **options)
        other.back_populates = self.key
        self.back_populates = declared.name
        self.mapper.add_property(declared.name, other)
        other.resolve_target()
        other.resolve_join()

    def pair(self) -> None:
        """Find the reverse relationship that ``back_populates`` names and check it.

        Raises `InvalidRequestError` when there is none of that name, `ArgumentError` when it leads
        elsewhere or goes in the same direction.
        """
        if self.back_populates is None:
            return
        other = self.mapper._attrs.get(self.back_populates)
        if other is None:
            raise exc.InvalidRequestError(
                f"Mapper '{self.mapper}' has no property '{self.back_populates}'. If this property "
                "was indicated from other mappers or configure events, ensure registry.configure() "
                f"has been called; {self} names it as back_populates"
            )
        if not isinstance(other, Relationship):
            raise exc.InvalidRequestError(
                f"back_populates on relationship '{self}' refers to attribute '{other}' that is "
                "not a relationship. The back_populates parameter should refer to the name of a "
                "relationship on the target class."
            )
        if not _related(other.mapper, self.parent):
            raise exc.ArgumentError(
                f"reverse_property {self.back_populates!r} on relationship {self} references "
                f"relationship {other}, which does not reference mapper {self.parent}"
            )
        if self.direction is other.direction and self.direction is not joins.MANYTOMANY:
            raise exc.ArgumentError(
                f"{self} and back-reference {other} are both of the same direction "
                f"{self.direction}. Did you mean to set remote_side on the many-to-one side ?"
            )
        self.back = other
        if other.back is None:
            other.back = self

    def make_link(self) -> None:
        """Complete what the instances need."""
        link: Link = self.link
        link.target = self.mapper.class_
        link.viewonly = self.viewonly
        link.typechecks = self.enable_typechecks
        link.save_update = self.cascade.save_update
        link.delete_orphan = self.cascade.delete_orphan
        if self.uselist:
            link.factory = collection_factory(self.collection_class)
            self.parent.collection_links[self.key] = link
        link.active_history = self.active_history or (
            not self.uselist and not (self.direction is MANYTOONE and self.uses_get)
        )
        if self.uses_get:
            link.peek = self._peek
        if self.back is not None and not (self.viewonly and self.sync_backref is not True):
            link.back = self.back.link if not self.back.viewonly else None

    link: Link

    def _peek(self, obj: object) -> Any:
        """The related object, when the identity map has it."""
        session = session_of(obj)
        if session is None:
            return NO_VALUE
        own = obj.__dict__
        remote = {column: local for local, column in self.local_remote_pairs}
        keys = self.parent.key_of_column
        parts = [own.get(keys[remote[column]]) for column in self.mapper.primary_key]
        if any(part is None for part in parts):
            return NO_VALUE
        found = session._identity.get(self.mapper, tuple(parts) if len(parts) > 1 else parts[0])
        return NO_VALUE if found is None else found

    @property
    def _reverse_property(self) -> set[Relationship]:
        return set() if self.back is None else {self.back}


RelationshipProperty = Relationship


def _related(mapper: Any, other: Any) -> bool:
    return bool(mapper.isa(other) or other.isa(mapper))


def _conjuncts(condition: Any) -> int:
    clauses = getattr(condition, "clauses", None)
    return 1 if clauses is None else len(tuple(clauses))


def _lazy(value: Any) -> str:
    lazy = _LAZY_ALIASES.get(value, value) if not isinstance(value, str) else value
    if lazy not in _LAZY:
        raise exc.ArgumentError(
            f"Unknown loader strategy lazy={value!r}; there are {', '.join(sorted(_LAZY))}"
        )
    return lazy


def _cascade(given: Any, viewonly: bool) -> CascadeOptions:
    if given is None or given is False:
        return CascadeOptions("merge" if viewonly else "save-update, merge")
    cascade = CascadeOptions(given)
    if viewonly:
        wrong = sorted(cascade - {"merge", "refresh-expire", "expunge"})
        if wrong:
            raise exc.ArgumentError(
                f'Cascade settings "{", ".join(wrong)}" apply to persistence operations and '
                "should not be combined with a viewonly=True relationship."
            )
    return cascade


def _backref(given: Any, back_populates: str | None) -> Backref | None:
    if given is None:
        return None
    if back_populates is not None:
        raise exc.ArgumentError(
            "backref and back_populates keyword arguments are mutually exclusive; give one"
        )
    if isinstance(given, Backref):
        return given
    if isinstance(given, str):
        return Backref(given, {})
    name, kwargs = given
    return Backref(name, dict(kwargs))


def relationship(
    argument: Any = None,
    secondary: Any = None,
    *,
    uselist: bool | None = None,
    collection_class: type[Any] | Callable[[], Any] | None = None,
    primaryjoin: Any = None,
    secondaryjoin: Any = None,
    back_populates: str | None = None,
    order_by: Any = False,
    backref: str | Backref | None = None,
    overlaps: str | None = None,
    post_update: bool = False,
    cascade: str | Iterable[str] | None = None,
    viewonly: bool = False,
    init: bool = UNSET,
    repr: bool = UNSET,
    default: Any = UNSET,
    default_factory: Callable[[], Any] = UNSET,
    compare: bool = UNSET,
    kw_only: bool = UNSET,
    hash: bool | None = UNSET,
    lazy: str | bool | None = "select",
    passive_deletes: bool | str = False,
    passive_updates: bool = True,
    active_history: bool = False,
    enable_typechecks: bool = True,
    foreign_keys: Any = None,
    remote_side: Any = None,
    join_depth: int | None = None,
    comparator_factory: Any = None,
    single_parent: bool = False,
    innerjoin: bool | str = False,
    distinct_target_key: bool | None = None,
    load_on_pending: bool = False,
    query_class: Any = None,
    info: dict[Any, Any] | None = None,
    omit_join: bool | None = None,
    sync_backref: bool | None = None,
    dataclass_metadata: Any = None,
    lazy_batch: bool | None = None,
    doc: str | None = None,
) -> Any:
    """Declare a relationship to another mapped class.

    ``argument`` is the class, its name, or a function that gives it (the annotation is used when
    there is none); ``secondary`` the association table of a many-to-many; the other parameters are
    those of SQLAlchemy. ``lazy_batch=False`` has a lazy load fetch for one object, and never for
    its siblings. Raises `ArgumentError` for options that exclude each other.
    """
    return _declared(locals())


def _declared(given: dict[str, Any]) -> Relationship:
    """The relationship that the parameters of `relationship` describe."""
    if given["comparator_factory"] is not None:
        raise exc.ArgumentError(
            "comparator_factory is not available on relationship(); write the comparison as a "
            "method of the class, with any() and has()"
        )
    found = Relationship(
        **{
            name: value
            for name, value in given.items()
            if name not in _OF_DATACLASSES and value is not UNSET
        }
    )
    found.dataclass_options = DataclassOptions(
        **{name: given[name] for name in DataclassOptions.__slots__}
    )
    return found


_OF_DATACLASSES = frozenset({*DataclassOptions.__slots__, "dataclass_metadata"})
