"""JSON documents, and the paths into them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum as _PyEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final

from ..deferred import deferred
from ..exc import InvalidRequestError
from .boolean import Boolean
from .null import NULLTYPE
from .numbers import Float, Integer, Numeric
from .operator_classes import OperatorClass
from .text import Indexable, String, Unicode, quote_literal
from .type_api import Comparator as _Comparator
from .type_api import Processor, TypeEngine

if TYPE_CHECKING:
    import json
    from typing import Self
else:
    json = deferred("json")


class _JsonNull(_PyEnum):
    NULL = "JSON null"

    def __repr__(self) -> str:
        return "symbol('JSON_NULL')"

    __str__ = __repr__


class JSONIndexType(TypeEngine[Any]):
    """The type of an index into a document: an int or a string."""

    __visit_name__ = "json_index"

    def literal_processor(self, dialect: Any) -> Processor | None:
        return lambda value: str(int(value)) if isinstance(value, int) else quote_literal(value)


class JSONIntIndexType(JSONIndexType):
    """The type of an int index."""

    __visit_name__ = "json_int_index"


class JSONStrIndexType(JSONIndexType):
    """The type of a string index."""

    __visit_name__ = "json_str_index"


class JSONPathType(JSONIndexType):
    """The type of a path: a sequence of indexes."""

    __visit_name__ = "json_path"


class JSONComparator(_Comparator[Any]):
    """The operators of a JSON expression: ``expr["key"]``, ``expr[0]``, ``expr[("a", 1)]``.

    What an index gives is JSON; ``as_string()`` and its sisters read it as a plain value.
    """

    __slots__ = ()

    def as_boolean(self) -> Any:
        """The element as a boolean."""
        return self._as(Boolean())

    def as_string(self) -> Any:
        """The element as a string, without JSON's quotes."""
        return self._as(Unicode())

    def as_integer(self) -> Any:
        """The element as an int."""
        return self._as(Integer())

    def as_float(self) -> Any:
        """The element as a float."""
        return self._as(Float())

    def as_numeric(self, precision: int, scale: int, asdecimal: bool = True) -> Any:
        """The element as a decimal number."""
        return self._as(Numeric(precision, scale, asdecimal=asdecimal))

    def as_json(self) -> Any:
        """The element as JSON: what an index gives anyway."""
        return self._as(self.expr.type)

    def _as(self, type_: TypeEngine[Any]) -> Any:
        operator = getattr(getattr(self.expr, "operator", None), "name", "")
        if operator not in ("getitem", "json_getitem_op", "json_path_getitem_op"):
            raise InvalidRequestError(
                "as_string() and the like apply to an index into a JSON column: "
                'write column["key"].as_string()'
            )
        return self.expr._copy(type=type_)


class JSON(Indexable, TypeEngine[Any]):
    """A JSON document: anything the ``json`` module can write.

    :param none_as_null: store None as SQL NULL instead of JSON ``null``.
    """

    __visit_name__ = "JSON"
    hashable = False
    operator_classes = OperatorClass.JSON

    NULL: Final = _JsonNull.NULL
    """Stored as JSON ``null`` even with ``none_as_null=True``."""

    JSONElementType = JSONIndexType
    JSONIndexType = JSONIndexType
    JSONIntIndexType = JSONIntIndexType
    JSONStrIndexType = JSONStrIndexType
    JSONPathType = JSONPathType
    Comparator = JSONComparator
    comparator_factory: ClassVar[Any] = JSONComparator

    def __init__(self, none_as_null: bool = False) -> None:
        self.none_as_null = none_as_null

    @property
    def should_evaluate_none(self) -> bool:
        return not self.none_as_null

    def evaluates_none(self) -> Self:
        """A copy that stores None as JSON ``null``."""
        new = super().evaluates_none()
        new.none_as_null = False
        return new

    def index_type(self, index: Any) -> TypeEngine[Any]:
        """The type of the bound value of an index."""
        if isinstance(index, int):
            return JSONIntIndexType()
        if isinstance(index, str):
            return JSONStrIndexType()
        if isinstance(index, Sequence):
            return JSONPathType()
        return NULLTYPE

    def operator_result(self, op: str, other_type: TypeEngine[Any]) -> tuple[str, TypeEngine[Any]]:
        if op == "getitem":
            path = isinstance(other_type, JSONPathType)
            return ("json_path_getitem_op" if path else "json_getitem_op"), self
        if op == "add" and (other_type._is_null or isinstance(other_type, (JSON, String))):
            return "concat_op", self
        return op, self

    def bind_processor(self, dialect: Any) -> Processor | None:
        dumps = getattr(dialect, "_json_serializer", None) or json.dumps
        return _writer(dumps, self.none_as_null)

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor | None:
        loads = getattr(dialect, "_json_deserializer", None) or json.loads
        return lambda value: None if value is None else loads(value)

    def literal_processor(self, dialect: Any) -> Processor | None:
        bind = self.bind_processor(dialect)
        if bind is None:
            return quote_literal

        def literal(value: Any) -> str:
            written = bind(value)
            return "NULL" if written is None else quote_literal(written)

        return literal


def _writer(dumps: Callable[[Any], Any], none_as_null: bool) -> Processor:
    def write(value: Any) -> Any:
        if value is _JsonNull.NULL:
            return dumps(None)
        if value is None and none_as_null:
            return None
        if getattr(value, "__visit_name__", None) == "null":  # null() as a parameter: SQL NULL
            return None
        return dumps(value)

    return write
