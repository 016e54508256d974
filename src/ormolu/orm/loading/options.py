"""Loader options: what to load with a statement, and how.

An option is a frozen list of directives. A directive says "at the end of this path of
relationships, do this": ``selectinload(User.posts).defer(Post.body)`` holds two of them::

    (User.posts)  strategy "selectin"
    (User.posts)  Post.body  column "defer"

Options have a ``_key`` and ``_binds`` like any node, so that a statement with options is found in
the cache; the values of ``.and_()`` criteria stand in ``_binds``, outside the key. The directives
of all options of a statement are merged into one tree by `ormolu.orm.loading.tree`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ormolu import exc
from ormolu.orm import exc as orm_exc
from ormolu.orm.loading.hops import Hop, entity_of, hop_of
from ormolu.sql.keys import UNCACHEABLE

if TYPE_CHECKING:
    from typing import Self

    from ormolu.sql.elements import BindParameter

AttributeLike: TypeAlias = Any
"""``User.posts``, an attribute of an aliased class, or ``"*"``."""

WILDCARD: Final = "*"

JOINED: Final = "joined"
SELECTIN: Final = "selectin"
SUBQUERY: Final = "subquery"
IMMEDIATE: Final = "immediate"
SELECT: Final = "select"
RAISE: Final = "raise"
RAISE_ON_SQL: Final = "raise_on_sql"
NOLOAD: Final = "noload"
CONTAINS: Final = "contains_eager"
DEFAULT: Final = "default"

DEFER: Final = "defer"
DEFER_RAISE: Final = "defer_raise"
UNDEFER: Final = "undefer"
UNDEFER_GROUP: Final = "undefer_group"
ONLY: Final = "only"
ONLY_RAISE: Final = "only_raise"

_NAMES: Final = {
    JOINED: "joined loader",
    SELECTIN: "selectin loader",
    SUBQUERY: "subquery loader",
    IMMEDIATE: "immediate loader",
    SELECT: "lazy loader",
    RAISE: "lazy loader",
    RAISE_ON_SQL: "lazy loader",
    NOLOAD: "no loader",
    CONTAINS: "joined loader",
    DEFAULT: "default loader",
}


class Directive:
    """One instruction: at the end of ``path``, treat ``names`` (or every attribute) by ``action``.

    For a relationship action the last hop of the path is the relationship itself and ``names`` is
    empty; for a column action ``names`` are attributes of the entity that the path leads to, with
    ``owner`` that entity. A wildcard relationship action has ``names == ("*",)``.
    """

    __slots__ = ("_key", "action", "argument", "names", "owner", "path")

    def __init__(
        self,
        path: tuple[Hop, ...],
        action: str,
        names: tuple[str, ...] = (),
        argument: Any = None,
        owner: Any = None,
    ) -> None:
        self.path = path
        self.action = action
        self.names = names
        self.argument = argument
        self.owner = owner
        self._key = (
            tuple([hop._key for hop in path]),
            action,
            names,
            getattr(argument, "_key", argument),
            None if owner is None else owner._key,
        )

    def under(self, prefix: tuple[Hop, ...]) -> Directive:
        """The same instruction below a longer path."""
        return Directive(prefix + self.path, self.action, self.names, self.argument, self.owner)


class LoaderOption:
    """Base of everything that ``select(...).options()`` and ``Query.options()`` take."""

    __slots__ = ("_anon", "_binds", "_key")

    _key: Any
    _binds: tuple[BindParameter[Any], ...]
    _anon: bool


class Load(LoaderOption):
    """A chain of loader options, from an entity or from its first attribute on.

    ``Load(User).selectinload(User.posts)`` and ``selectinload(User.posts)`` are the same. Each
    method returns a new object. Raises `ArgumentError` for what is not a mapped attribute, and
    `LoaderStrategyException` for a strategy that doesn't suit the attribute.
    """

    __slots__ = ("directives", "path", "root")

    def __init__(self, entity: Any) -> None:
        self._set(entity_of(entity), (), ())

    def _set(self, root: Any, path: tuple[Hop, ...], directives: tuple[Directive, ...]) -> None:
        self.root = root
        self.path = path
        self.directives = directives
        hops = [hop for directive in directives for hop in directive.path]
        self._key = (
            Load,
            None if root is None else root._key,
            tuple([directive._key for directive in directives]),
        )
        self._binds = tuple([bind for hop in hops for bind in hop._binds])
        self._anon = any(hop._anon for hop in hops)

    @classmethod
    def _unrooted(cls) -> Self:
        new = cls.__new__(cls)
        new._set(None, (), ())
        return new

    def _with(self, path: tuple[Hop, ...], *directives: Directive) -> Self:
        new = type(self).__new__(type(self))
        new._set(self.root, path, self.directives + directives)
        return new

    # -- relationships ----------------------------------------------------------------------

    def joinedload(self, *keys: AttributeLike, innerjoin: bool | str | None = None) -> Self:
        """Load the relationship with the same SELECT, through a JOIN.

        ``innerjoin=True`` says that a related row always exists.
        """
        return self._relationships(JOINED, keys, innerjoin)

    def selectinload(self, *keys: AttributeLike, recursion_depth: int | None = None) -> Self:
        """Load the relationship with one more SELECT … IN per 500 objects.

        ``recursion_depth`` repeats a self-referential load that many levels, -1 without end.
        """
        return self._relationships(SELECTIN, keys, recursion_depth)

    def subqueryload(self, *keys: AttributeLike) -> Self:
        """Load the relationship with one more SELECT for all objects."""
        return self._relationships(SUBQUERY, keys)

    def immediateload(self, *keys: AttributeLike, recursion_depth: int | None = None) -> Self:
        """Load the relationship as lazy loading would, but at once."""
        return self._relationships(IMMEDIATE, keys, recursion_depth)

    def lazyload(self, *keys: AttributeLike) -> Self:
        """Load the relationship when it is first used."""
        return self._relationships(SELECT, keys)

    def raiseload(self, *keys: AttributeLike, sql_only: bool = False) -> Self:
        """Refuse to load the relationship on use; with ``sql_only`` only where SQL were needed."""
        return self._relationships(RAISE_ON_SQL if sql_only else RAISE, keys)

    def noload(self, *keys: AttributeLike) -> Self:
        """Leave the relationship empty: None, or an empty collection."""
        return self._relationships(NOLOAD, keys)

    def defaultload(self, *keys: AttributeLike) -> Self:
        """Keep the relationship's own way of loading; for what is chained behind it."""
        return self._relationships(DEFAULT, keys)

    def contains_eager(self, *keys: AttributeLike, alias: Any = None) -> Self:
        """Fill the relationship from columns that the statement already joins to."""
        return self._relationships(
            CONTAINS, keys, None if alias is None else entity_of(alias, of=keys[-1])
        )

    def _relationships(
        self, action: str, keys: tuple[AttributeLike, ...], argument: Any = None
    ) -> Self:
        new = self
        for position, key in enumerate(keys):
            is_last = position == len(keys) - 1
            new = new._relationship(action if is_last else DEFAULT, key, argument)
        return new

    def _relationship(self, action: str, key: AttributeLike, argument: Any) -> Self:
        if isinstance(key, str) and key == WILDCARD:
            return self._with(self.path, Directive(self.path, action, (WILDCARD,), argument))
        hop = hop_of(key)
        if not hop.is_relationship:
            raise _unsuitable(_NAMES[action], hop, "relationship property")
        path = (*self.path, hop)
        return self._with(path, Directive(path, action, (), argument))

    # -- columns ----------------------------------------------------------------------------

    def defer(self, key: AttributeLike, raiseload: bool = False) -> Self:
        """Load the column only when it is first used; ``raiseload`` refuses even then."""
        return self._columns(DEFER_RAISE if raiseload else DEFER, (key,))

    def undefer(self, key: AttributeLike) -> Self:
        """Load the column with the statement though its mapping defers it."""
        return self._columns(UNDEFER, (key,))

    def undefer_group(self, name: str) -> Self:
        """Load the deferred columns of a group."""
        return self._with(self.path, Directive(self.path, UNDEFER_GROUP, (name,)))

    def load_only(self, *attrs: AttributeLike, raiseload: bool = False) -> Self:
        """Load these columns and the primary key; defer the others."""
        return self._columns(ONLY_RAISE if raiseload else ONLY, attrs)

    def _columns(self, action: str, attrs: Iterable[AttributeLike]) -> Self:
        names: list[str] = []
        owner: Any = None
        for attr in attrs:
            if isinstance(attr, str) and attr == WILDCARD:
                names.append(WILDCARD)
                continue
            hop = hop_of(attr)
            if hop.is_relationship:
                raise _unsuitable("deferred column loader", hop, "column property")
            owner = hop.entity
            names.append(hop.key)
        return self._with(self.path, Directive(self.path, action, tuple(names), None, owner))

    def options(self, *opts: LoaderOption) -> Self:
        """Apply several options below the present path."""
        directives = []
        for option in opts:
            if not isinstance(option, Load):
                raise exc.ArgumentError(
                    f"{option!r} can't stand below {self!r}; give a Load option"
                )
            directives += [directive.under(self.path) for directive in option.directives]
        return self._with(self.path, *directives)

    def __repr__(self) -> str:
        parts = [
            f"{directive.action}({', '.join([str(hop) for hop in directive.path[-1:]])}"
            f"{', '.join(directive.names)})"
            for directive in self.directives
        ]
        return "Load(" + ", ".join(parts) + ")"


class LoaderCriteria(LoaderOption):
    """What `with_loader_criteria` gives: a WHERE added wherever an entity is selected."""

    __slots__ = ("criterion", "entity", "propagates")

    def __init__(self, entity: Any, criterion: Any, propagates: bool) -> None:
        self.entity = entity
        self.criterion = criterion
        self.propagates = propagates
        fixed = not callable(criterion) or hasattr(criterion, "_key")
        self._key = (LoaderCriteria, entity, criterion._key if fixed else UNCACHEABLE, propagates)
        self._binds = criterion._binds if fixed else ()
        self._anon = criterion._anon if fixed else True

    def applies_to(self, mapper: Any) -> bool:
        """Whether the entity is of the class, or of a subclass, that the criterion is for."""
        return issubclass(mapper.class_, self.entity)

    def mapper_of(self, table: Any) -> Any:
        """The mapper of a table, if its class is one that the criterion is for; else None."""
        classes = [self.entity]
        for each in classes:
            mapper = each.__dict__.get("__mapper__")
            if mapper is not None and mapper.local_table is table:
                return mapper
            classes += each.__subclasses__()
        return None

    def expression(self, mapper: Any) -> Any:
        """The criterion on the mapper's class."""
        if callable(self.criterion) and not hasattr(self.criterion, "_key"):
            return self.criterion(mapper.class_)
        return self.criterion


def with_loader_criteria(
    entity_or_base: type[Any],
    where_criteria: Any,
    loader_only: bool = False,
    include_aliases: bool = False,
    propagate_to_loaders: bool = True,
    track_closure_variables: bool = True,
) -> LoaderCriteria:
    """Add a WHERE criterion to every occurrence of an entity in a statement and its loads.

    ``where_criteria`` is an expression, or a function that takes the class and gives one; with a
    function the statement isn't cached, since what it closes over may change.
    """
    if callable(where_criteria) and not hasattr(where_criteria, "_key"):
        mapper = getattr(entity_or_base, "__mapper__", None)
        if mapper is not None:
            where_criteria = where_criteria(entity_or_base)
    return LoaderCriteria(entity_or_base, where_criteria, propagate_to_loaders)


def _unsuitable(strategy: str, hop: Hop, wanted: str) -> orm_exc.LoaderStrategyException:
    error = orm_exc.LoaderStrategyException(type(hop.property), hop, strategy_key=(strategy,))
    error.args = (f"{error.args[0]}; this option is for a {wanted}",)
    return error


def joinedload(*keys: AttributeLike, innerjoin: bool | str | None = None) -> Load:
    """Load relationships with the same SELECT, through a JOIN; see `Load.joinedload`."""
    return Load._unrooted().joinedload(*keys, innerjoin=innerjoin)


def selectinload(*keys: AttributeLike, recursion_depth: int | None = None) -> Load:
    """Load relationships with one more SELECT … IN; see `Load.selectinload`."""
    return Load._unrooted().selectinload(*keys, recursion_depth=recursion_depth)


def subqueryload(*keys: AttributeLike) -> Load:
    """Load relationships with one more SELECT; see `Load.subqueryload`."""
    return Load._unrooted().subqueryload(*keys)


def immediateload(*keys: AttributeLike, recursion_depth: int | None = None) -> Load:
    """Load relationships as lazy loading would, but at once."""
    return Load._unrooted().immediateload(*keys, recursion_depth=recursion_depth)


def lazyload(*keys: AttributeLike) -> Load:
    """Load relationships when they are first used."""
    return Load._unrooted().lazyload(*keys)


def raiseload(*keys: AttributeLike, sql_only: bool = False) -> Load:
    """Refuse to load relationships on use; see `Load.raiseload`."""
    return Load._unrooted().raiseload(*keys, sql_only=sql_only)


def noload(*keys: AttributeLike) -> Load:
    """Leave relationships empty; deprecated, since an empty one can't be told from a real one."""
    warnings.warn(
        "The noload() option is deprecated: it shows an empty relationship where there are related "
        "objects; use raiseload(), or lazyload()",
        exc.SADeprecationWarning,
        stacklevel=2,
    )
    return Load._unrooted().noload(*keys)


def defaultload(*keys: AttributeLike) -> Load:
    """Keep the relationships' own way of loading; for what is chained behind."""
    return Load._unrooted().defaultload(*keys)


def contains_eager(*keys: AttributeLike, alias: Any = None) -> Load:
    """Fill relationships from columns that the statement already joins to."""
    return Load._unrooted().contains_eager(*keys, alias=alias)


def defer(key: AttributeLike, *addl_attrs: AttributeLike, raiseload: bool = False) -> Load:
    """Load a column only when it is first used."""
    return _column_option("defer", (key, *addl_attrs), raiseload=raiseload)


def undefer(key: AttributeLike, *addl_attrs: AttributeLike) -> Load:
    """Load a deferred column with the statement."""
    return _column_option("undefer", (key, *addl_attrs))


def undefer_group(name: str) -> Load:
    """Load the deferred columns of a group."""
    return Load._unrooted().undefer_group(name)


def load_only(*attrs: AttributeLike, raiseload: bool = False) -> Load:
    """Load these columns and the primary key; defer the others."""
    return Load._unrooted().load_only(*attrs, raiseload=raiseload)


def _column_option(method: str, keys: tuple[AttributeLike, ...], **arguments: Any) -> Load:
    load = Load._unrooted()
    for key in keys[:-1]:
        load = load.defaultload(key)
    return getattr(load, method)(keys[-1], **arguments)  # type: ignore[no-any-return]
