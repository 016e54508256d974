"""`ClauseElement`: whatever can be rendered as SQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from ..inspection import self_inspecting
from .adoption import adopt
from .cache_key import CacheKey
from .keys import key_of, same
from .node import Node
from .stringify import compile_node

if TYPE_CHECKING:
    from typing import Self

    from .operators import Operator


class NoArg:
    """The type of `NO_ARG`: "this argument wasn't given", where None is a value."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NO_ARG"


NO_ARG: Final = NoArg()


@self_inspecting
class ClauseElement(Node):
    """Anything that can be rendered as SQL."""

    __slots__ = ()

    inherit_cache: bool | None = None
    """Whether statements with a user's element may share compiled forms; see `adoption`."""
    is_clause_element = True
    is_selectable: bool = False
    is_dml: bool = False
    supports_execution: bool = False
    description: Any = None
    """The name of what has one."""
    stringify_dialect: str = "default"
    """The dialect of ``str(element)``."""
    _parenthesised: bool = False
    """Whether its SQL comes in parentheses of its own, as a scalar subquery's does."""

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        adopt(cls)

    def compile(
        self,
        bind: Any = None,
        dialect: Any = None,
        *,
        compile_kwargs: Mapping[str, Any] | None = None,
        **arguments: Any,
    ) -> Any:
        """Render as SQL for a dialect, or for the dialect of ``bind`` (an engine or connection).

        ``compile_kwargs={"literal_binds": True}`` writes values into the text.
        """
        if dialect is None and bind is not None:
            dialect = bind.dialect
        return compile_node(self, dialect, **arguments, **(compile_kwargs or {}))

    def __str__(self) -> str:
        return str(compile_node(self))

    def __repr__(self) -> str:
        kind, description = type(self), getattr(self, "description", None)
        if description is None:
            return f"<{kind.__module__}.{kind.__qualname__} object at {id(self):#x}>"
        return f"<{kind.__module__}.{kind.__qualname__} at {id(self):#x}; {description}>"

    def __bool__(self) -> bool:
        raise TypeError("Boolean value of this clause is not defined")

    def self_group(self, against: Operator | None = None) -> Any:
        """This element, in parentheses where it stands beside the operator ``against``."""
        return self

    def compare(self, other: Node, **_: object) -> bool:
        """Whether the other element has the same structure and the same values."""
        return same(self, other)

    def _generate_cache_key(self) -> CacheKey | None:
        """What statements have in common that share a compiled form; None when it isn't shared."""
        key = key_of(self)
        return None if key is None else CacheKey(key, self._binds)

    def params(self, values: Mapping[str, Any] | None = None, /, **kwargs: Any) -> Self:
        """A copy in which the named `bindparam` have these values.

        In a statement, so have the values that were given plainly, by the names of its text.
        """
        new: Self = _with_params(self, {**kwargs, **(values or {})}, unique=False)
        return new

    def unique_params(self, values: Mapping[str, Any] | None = None, /, **kwargs: Any) -> Self:
        """As `params`, the binds becoming unique so that copies can be combined."""
        new: Self = _with_params(self, {**kwargs, **(values or {})}, unique=True)
        return new


def _with_params(node: Any, values: Mapping[str, Any], unique: bool) -> Any:
    known: set[str] = set()

    def change(child: Any) -> Node | None:
        if child.__visit_name__ != "bindparam" or child.unique or child.key not in values:
            return None
        known.add(child.key)
        new: Node = child._copy(value=values[child.key], required=False, unique=unique)
        return new

    changed = replace(node, change)
    generated = {name: values[name] for name in values.keys() - known if _GENERATED.search(name)}
    if generated and not unique and node.supports_execution:
        return _with_generated(changed, generated)
    return changed


def _with_generated(statement: Any, values: Mapping[str, Any]) -> Any:
    """A copy in which the binds that get these names in the statement's text have these values."""
    named = {
        id(bind): name
        for bind, name in compile_node(statement).bind_names.items()
        if bind.unique and name in values
    }
    if not named:
        return statement

    def change(child: Any) -> Node | None:
        name = named.get(id(child))
        new: Node | None = None if name is None else child._copy(value=values[name])
        return new

    return replace(statement, change)


_GENERATED = re.compile(r"_[0-9]+\Z")


def replace(node: Any, change: Callable[[Node], Node | None]) -> Any:
    """See `ormolu.sql.traversal.replace`, which is this function."""
    return _replacer[0](node, change)


_replacer: list[Callable[[Any, Callable[[Node], Node | None]], Any]] = []
