"""UUIDs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..deferred import deferred
from .operator_classes import OperatorClass
from .text import quote_literal
from .type_api import Processor, TypeEngine

if TYPE_CHECKING:
    import uuid as pyuuid
else:
    pyuuid = deferred("uuid")


def is_uuid(cls: type[Any]) -> bool:
    """Whether a class is ``uuid.UUID``; does not import it to find out."""
    return cls.__name__ == "UUID" and cls.__module__ == "uuid"


class Uuid(TypeEngine[Any]):
    """``uuid.UUID``; the database's own type where there is one, else ``CHAR(32)``.

    :param as_uuid: give ``uuid.UUID`` objects; else strings.
    :param native_uuid: use the database's own type where there is one.
    """

    __visit_name__ = "uuid"
    operator_classes = OperatorClass.BASE | OperatorClass.COMPARISON
    length: int | None = None
    collation: str | None = None

    def __init__(self, as_uuid: bool = True, native_uuid: bool = True) -> None:
        self.as_uuid = as_uuid
        self.native_uuid = native_uuid

    @property
    def python_type(self) -> type[Any]:
        return pyuuid.UUID if self.as_uuid else str

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """Strings beside a UUID are UUIDs too: where they aren't taken, that is said."""
        return self if isinstance(value, str) else super().coerce_compared_value(op, value)

    @property
    def native(self) -> bool:
        """Whether the database's own type is to be used where there is one."""
        return self.native_uuid

    def _is_native(self, dialect: Any) -> bool:
        return self.native_uuid and bool(dialect.features.native_uuid)

    def bind_processor(self, dialect: Any) -> Processor | None:
        if self._is_native(dialect):
            return None
        return _hex_of_uuid if self.as_uuid else _hex_of_text

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor | None:
        if self._is_native(dialect):
            return None if self.as_uuid else _text
        return _uuid if self.as_uuid else _dashed

    def literal_processor(self, dialect: Any) -> Processor | None:
        if self._is_native(dialect):
            return lambda value: quote_literal(str(value))
        convert = _hex_of_uuid if self.as_uuid else _hex_of_text
        return lambda value: quote_literal(str(convert(value)))


def _hex_of_uuid(value: Any) -> str | None:
    if value is None:
        return None
    # Of bytes and floats it is a method.
    found = getattr(value, "hex", None)
    if not isinstance(found, str):
        raise TypeError(
            f"Uuid takes uuid.UUID objects, not {value!r}; write uuid.UUID(...), or give the "
            "column the type Uuid(as_uuid=False) for strings"
        )
    return found


def _hex_of_text(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError(
            f"Uuid(as_uuid=False) takes strings, not {value!r}; write str(...), or give the "
            "column the type Uuid()"
        )
    return value.replace("-", "")


def _uuid(value: Any) -> pyuuid.UUID | None:
    return None if value is None else pyuuid.UUID(value)


def _dashed(value: Any) -> str | None:
    return None if value is None else str(pyuuid.UUID(value))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
