"""The two small objects that ``column == 5`` makes: `columns.comparing` makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from ..types import BOOLEANTYPE, TypeEngine
from .elements import BinaryExpression, BindParameter
from .node import fields_of

if TYPE_CHECKING:
    from .operator_table import Operator

_T = TypeVar("_T")


class BindFacts:
    """What the binds beside one column have in common."""

    __slots__ = ("bind_key", "key", "type")

    def __init__(self, key: str, type_: TypeEngine[Any]) -> None:
        self.key = key
        self.type = type_
        self.bind_key = (BindParameter, key, type_._key)


class LiteralBind(BindParameter[_T]):
    """The bind of a plain value beside a column: ``column == 5``; see `columns.comparing`.

    Three in four binds are nothing but a name, a value and a type. For these the other facts are
    those of the class, so that making one is a third of the stores. A changed copy is an ordinary
    `BindParameter`.
    """

    __slots__ = ("_facts",)

    _facts: BindFacts

    @property
    def key(self) -> str:  # type: ignore[override]
        """The name that its own is made from."""
        return self._facts.key

    @property
    def type(self) -> TypeEngine[Any]:  # type: ignore[override]
        """The type of the column beside it."""
        return self._facts.type

    @property
    def _key(self) -> Any:
        return self._facts.bind_key

    unique = True
    required = False
    callable = None
    expanding = False
    literal_execute = False
    isoutparam = False
    _has_name = True
    _anon = False

    def _shallow(self) -> Any:
        return _plain_copy(self, BindParameter)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return self._shallow().__reduce_ex__(protocol)  # type: ignore[no-any-return]


class LiteralComparison(BinaryExpression[_T]):
    """``column == 5`` of a table's column and a value of its own kind; see `columns.comparing`.

    As with `LiteralBind`, what its making may leave out is the class's, and a changed copy is an
    ordinary `BinaryExpression`, which has the same key.
    """

    __slots__ = ("_sealed",)

    _sealed: tuple[Any, tuple[BindParameter[Any], ...]]
    """Key and binds, together: `Select.where` reads one slot."""

    type = BOOLEANTYPE
    modifiers = ()
    _anon = False

    @property
    def negate(self) -> Operator | None:  # type: ignore[override]
        """The operator of the opposite."""
        return self.operator._negation

    @property
    def _key(self) -> Any:
        return self._sealed[0]

    @property
    def _binds(self) -> tuple[BindParameter[Any], ...]:  # type: ignore[override]
        return self._sealed[1]

    def __repr__(self) -> str:
        plain = BinaryExpression
        return f"<{plain.__module__}.{plain.__qualname__} object at {id(self):#x}>"

    def _shallow(self) -> Any:
        return _plain_copy(self, BinaryExpression)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return self._shallow().__reduce_ex__(protocol)  # type: ignore[no-any-return]


COMPARISONS: Final = frozenset((BinaryExpression, LiteralComparison))
"""The classes of ``a == b``: conditions as they stand."""


def _plain_copy(node: Any, cls: Any) -> Any:
    """A node of the class that all of a node's own facts fit into, without its key."""
    new = object.__new__(cls)
    for name, _ in fields_of(cls):
        setattr(new, name, getattr(node, name))
    return new
