"""Names given to expressions: ``expression AS name``, and names referred to as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from . import operators as ops
from .columns import ColumnClause, proxy
from .elements import ClauseElement, ColumnElement, as_type
from .node import CONST, NODE, Anon, AnonName, Kind, const_key

if TYPE_CHECKING:
    from ..types import TypeEngine
    from .operators import Operator

_T = TypeVar("_T")


class Label(ColumnElement[_T]):
    """``element AS name``. Without a name it gets an anonymous one, equal only to itself."""

    __slots__ = ("element", "name")
    _fields: ClassVar[Mapping[str, Kind]] = {"name": CONST, "element": NODE}
    __visit_name__ = "label"

    name: str
    element: ColumnElement[Any]

    def __init__(
        self,
        name: str | None,
        element: Any,
        type_: TypeEngine[Any] | type[TypeEngine[Any]] | None = None,
    ) -> None:
        while type(element) is Label:
            element = element.element
        self.name = AnonName(element._anon_base) if name is None else name
        self.element = element.self_group(ops.as_)
        self.type = element.type if type_ is None else as_type(type_)
        self._seal()

    def _seal(self) -> None:
        element = self.element
        name = self.name
        self._binds = element._binds
        if type(name) is AnonName:
            self._key = Anon((Label, str.__str__(name), element._key, self.type._key))
            self._anon = True
        else:
            if type(name) is not str:
                name = const_key(name)
            self._key = (Label, name, element._key, self.type._key)
            self._anon = element._anon

    @property
    def key(self) -> str:  # type: ignore[override]
        return self.name

    @property
    def primary_key(self) -> bool:  # type: ignore[override]
        return self.element.primary_key

    @property
    def foreign_keys(self) -> Any:
        return self.element.foreign_keys

    @property
    def _anon_base(self) -> str:
        return str.__str__(self.name)

    @property
    def _from_objects(self) -> tuple[Any, ...]:
        return self.element._from_objects

    @property
    def _proxies(self) -> tuple[ColumnElement[Any], ...]:  # type: ignore[override]
        return (self.element,)

    @property
    def description(self) -> str:
        """The name."""
        return self.name

    def self_group(self, against: Operator | None = None) -> ColumnElement[Any]:
        inner = self.element.self_group(against)
        if inner is self.element:
            return self
        return Label(self.name, inner, self.type)

    def _negate(self) -> ColumnElement[Any]:
        return Label(self.name, self.element._negate())

    def _make_proxy(
        self, selectable: Any, name: str | None = None, key: str | None = None
    ) -> ColumnClause[_T]:
        return proxy(self, selectable, name or self.name, key)


class LabelReference(ColumnElement[_T]):
    """A name, in ORDER BY or GROUP BY, of something in the columns clause: ``order_by("name")``.

    The compiler finds it among the labels and columns of the statement and raises `CompileError`
    when there is none.
    """

    __slots__ = ("element",)
    _fields: ClassVar[Mapping[str, Kind]] = {"element": CONST}
    __visit_name__ = "label_reference"

    element: str

    def __init__(self, element: str) -> None:
        self.element = element
        self.type = as_type(None)
        self._seal()


class CollationClause(ColumnElement[str]):
    """The name of a collation."""

    __slots__ = ("collation", "collation_schema")
    _fields: ClassVar[Mapping[str, Kind]] = {"collation": CONST, "collation_schema": CONST}
    __visit_name__ = "collation"

    collation: str
    collation_schema: str | None

    def __init__(self, collation: str, collation_schema: str | None = None) -> None:
        self.collation = collation
        self.collation_schema = collation_schema
        self.type = as_type(None)
        self._seal()


class FixedText(ClauseElement):
    """A fixed piece of SQL, such as a DBMS keyword that a prefix names."""

    __slots__ = ("text",)
    _fields: ClassVar[Mapping[str, Kind]] = {"text": CONST}
    __visit_name__ = "fixed_text"

    text: str

    def __init__(self, text: str) -> None:
        self.text = text
        self._seal()


def label(name: str | None, element: ColumnElement[object], type_: Any = None) -> Label[Any]:
    """``element AS name``; of another type where one is given."""
    return Label(name, element, type_)
