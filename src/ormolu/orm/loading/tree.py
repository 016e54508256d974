"""The tree of loader options: all directives of a statement, merged by entity and path.

A `Branch` says how one entity at one place of the paths is loaded: which columns, and for each
relationship a `Choice` of strategy with the branch that lies behind it. What no option speaks of
follows the mapping. Later directives win over earlier ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from ormolu import exc
from ormolu.orm.loading import options as opt
from ormolu.orm.loading.hops import Hop, mapper_of

LOAD: Final = "load"
DEFER: Final = "defer"
DEFER_RAISE: Final = "defer_raise"

_MAPPED_STRATEGIES: Final = {
    "select": opt.SELECT,
    True: opt.SELECT,
    "joined": opt.JOINED,
    False: opt.JOINED,
    "selectin": opt.SELECTIN,
    "subquery": opt.SUBQUERY,
    "immediate": opt.IMMEDIATE,
    "raise": opt.RAISE,
    "raise_on_sql": opt.RAISE_ON_SQL,
    "noload": opt.NOLOAD,
    None: opt.NOLOAD,
    "dynamic": "dynamic",
    "write_only": "write_only",
}


class Choice:
    """How one relationship is loaded: its strategy, and what lies behind it."""

    __slots__ = ("argument", "branch", "explicit", "hop", "strategy")

    def __init__(self, strategy: str, argument: Any, hop: Hop | None, branch: Branch) -> None:
        self.strategy = strategy
        self.argument = argument
        self.hop = hop
        self.branch = branch
        self.explicit = True


class Branch:
    """How the entity at one place of the option paths is loaded."""

    __slots__ = (
        "choices",
        "columns",
        "criteria",
        "every_relationship",
        "groups",
        "only",
        "otherwise",
    )

    def __init__(self, criteria: Sequence[Any] = ()) -> None:
        self.choices: dict[str, Choice] = {}
        self.columns: dict[str, str] = {}
        self.every_relationship: str | None = None
        self.groups: set[str] = set()
        self.only = False
        self.otherwise = LOAD
        self.criteria = criteria
        """`LoaderCriteria` that also hold for what is loaded from here on."""

    def copy(self) -> Branch:
        """A branch with the same instructions, to be changed."""
        new = Branch(self.criteria)
        new.choices = dict(self.choices)
        new.columns = dict(self.columns)
        new.every_relationship = self.every_relationship
        new.groups = set(self.groups)
        new.only = self.only
        new.otherwise = self.otherwise
        return new

    @property
    def is_default(self) -> bool:
        """Whether no option speaks of this place."""
        return not (
            self.choices
            or self.columns
            or self.groups
            or self.only
            or self.criteria
            or self.every_relationship
        )

    def action_for(self, prop: Any) -> str:
        """What becomes of a column attribute: `LOAD`, `DEFER` or `DEFER_RAISE`."""
        action = self.columns.get(prop.key)
        if action is not None:
            return action
        if self.only:
            return self.otherwise
        if not getattr(prop, "deferred", False):
            return self.otherwise if self.otherwise != LOAD else LOAD
        if getattr(prop, "group", None) in self.groups or self.columns.get("*") == LOAD:
            return LOAD
        return DEFER_RAISE if getattr(prop, "raiseload", False) else DEFER

    def choice_for(self, relationship: Any) -> Choice:
        """How a relationship is loaded: by option, by wildcard, or as it is mapped."""
        choice = self.choices.get(relationship.key)
        if choice is not None and choice.strategy != opt.DEFAULT:
            return choice
        strategy = self.every_relationship or _MAPPED_STRATEGIES.get(relationship.lazy, opt.SELECT)
        branch = Branch(self.criteria) if choice is None else choice.branch
        found = Choice(strategy, None, None if choice is None else choice.hop, branch)
        found.explicit = choice is not None
        return found

    def apply(self, directive: opt.Directive) -> None:
        """Take in a directive whose path leads here."""
        action, names = directive.action, directive.names
        if action in (opt.ONLY, opt.ONLY_RAISE):
            self.only = True
            self.otherwise = DEFER_RAISE if action == opt.ONLY_RAISE else DEFER
            self.columns.update(dict.fromkeys(names, LOAD))
        elif action == opt.UNDEFER_GROUP:
            self.groups.update(names)
        elif action in (opt.DEFER, opt.DEFER_RAISE, opt.UNDEFER):
            then = {opt.DEFER: DEFER, opt.DEFER_RAISE: DEFER_RAISE}.get(action, LOAD)
            self.columns.update(dict.fromkeys(names, then))
            if opt.WILDCARD in names:
                self.otherwise = then
        elif names == (opt.WILDCARD,):
            self.every_relationship = action

    def step(self, hop: Hop, directive: opt.Directive, is_last: bool) -> Branch:
        """The branch behind a hop, made when it isn't there; the last hop sets the strategy."""
        choice = self.choices.get(hop.key)
        if choice is None:
            choice = self.choices[hop.key] = Choice(opt.DEFAULT, None, hop, Branch(self.criteria))
        if is_last and not directive.names and directive.action != opt.DEFAULT:
            choice.strategy = directive.action
            choice.argument = directive.argument
        if is_last or choice.hop is None:
            choice.hop = hop
        return choice.branch


def grow(options: Iterable[Any], roots: Sequence[Any]) -> dict[Any, Branch]:
    """The branch of each root entity of a statement.

    Raises `ArgumentError` for an option that no root entity leads to.
    """
    options = list(options)
    criteria = [option for option in options if isinstance(option, opt.LoaderCriteria)]
    branches = {entity: Branch(criteria) for entity in roots}
    for option in options:
        if isinstance(option, opt.Load):
            for directive in option.directives:
                for root in _roots_of(option, directive, roots):
                    _plant(branches[root], directive)
        elif not isinstance(option, opt.LoaderCriteria):
            raise exc.ArgumentError(f"{option!r} is not a loader option")
    return branches


def _plant(branch: Branch, directive: opt.Directive) -> None:
    path = directive.path
    for position, hop in enumerate(path):
        if position:
            _check_link(path[position - 1], hop)
        branch = branch.step(hop, directive, position == len(path) - 1)
    if directive.names:
        branch.apply(directive)


def _roots_of(option: opt.Load, directive: opt.Directive, roots: Sequence[Any]) -> list[Any]:
    """The root entities that a directive applies to."""
    entity = directive.path[0].entity if directive.path else directive.owner
    if entity is None:
        entity = option.root
    if entity is None:
        return list(roots)
    found = [root for root in roots if _same(root, entity)]
    if not found:
        raise _no_root(directive, entity, roots)
    return found


def _same(root: Any, entity: Any) -> bool:
    if root is entity or getattr(root, "represents", None) is entity:
        return True
    if root is not mapper_of(root) or entity is not mapper_of(entity):
        return False
    return issubclass(root.class_, entity.class_) or issubclass(entity.class_, root.class_)


def _check_link(before: Hop, hop: Hop) -> None:
    target = before.target
    if not _same(mapper_of(target), mapper_of(hop.entity)):
        raise exc.ArgumentError(
            f'Attribute "{hop}" does not link from "relationship {before}"; it leads to '
            f"{mapper_of(target).class_.__name__}"
        )


def _no_root(directive: opt.Directive, entity: Any, roots: Sequence[Any]) -> exc.ArgumentError:
    hop = directive.path[0] if directive.path else None
    said = f"{_spelled(directive)}({hop if hop is not None else ', '.join(directive.names)})"
    if not roots:
        return exc.ArgumentError(
            f"Query has only expression-based entities; attribute loader option {said} can't be "
            "applied here."
        )
    names = ", ".join([mapper_of(root).class_.__name__ for root in roots])
    return exc.ArgumentError(
        f"Mapped class {mapper_of(entity).class_.__name__} referenced in option {said} does not "
        f"apply to any of the root entities in this query, e.g. {names}. Please specify the full "
        "path from one of the root entities to the target attribute. "
    )


def _spelled(directive: opt.Directive) -> str:
    spelled = {
        opt.SELECT: "lazyload",
        opt.RAISE_ON_SQL: "raiseload",
        opt.CONTAINS: "contains_eager",
        opt.ONLY: "load_only",
        opt.ONLY_RAISE: "load_only",
        opt.DEFER: "defer",
        opt.DEFER_RAISE: "defer",
        opt.UNDEFER: "undefer",
        opt.UNDEFER_GROUP: "undefer_group",
    }
    return spelled.get(directive.action, directive.action + "load")
