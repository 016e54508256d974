"""`Enum`: one of a fixed set of names."""

from __future__ import annotations

import enum
from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from typing import Any

from .schema_type import SchemaType
from .text import String, quote_literal
from .type_api import Processor, TypeEngine


class _Default(enum.Enum):
    """Stands for an argument that was not given, where None means something."""

    LONGEST = "the longest name's"
    BY_NAME = "by name"


_LONGEST: Any = _Default.LONGEST
_BY_NAME: Any = _Default.BY_NAME


class Enum(String, SchemaType):
    """One of the names of an ``enum.Enum`` class, or of a list of strings.

    Members are stored by *name*, unless ``values_callable(cls)`` lists other strings. A native
    ``ENUM`` where the database has one, else a ``VARCHAR`` as long as the longest name.

    :param enums: one enum class, or strings.
    :param create_constraint: add a CHECK constraint where it is no native type.
    :param native_enum: use the database's own type where there is one.
    :param length: of the ``VARCHAR``, when it must be longer than the longest name; None for none.
    :param validate_strings: refuse strings that are no names also on the way to the database.
    :param omit_aliases: leave out the aliases of an enum class (names of the same member).
    :param sort_key_function: how the unit of work orders keys of this type; None for not at all.
    :raises ValueError: a length shorter than a name.
    :raises TypeError: a name that is no string.
    """

    __visit_name__ = "enum"

    def __init__(
        self,
        *enums: Any,
        create_constraint: bool = False,
        name: str | None = None,
        native_enum: bool = True,
        length: int | None = _LONGEST,
        schema: str | None = None,
        quote: bool | None = None,
        inherit_schema: bool = False,
        metadata: Any = None,
        validate_strings: bool = False,
        values_callable: Callable[[Any], Sequence[str]] | None = None,
        sort_key_function: Callable[[Any], Any] | None = _BY_NAME,
        omit_aliases: bool = True,
        create_type: bool = True,
    ) -> None:
        cls, members = _members(enums, values_callable, omit_aliases)
        self.enum_class = cls
        self.enums = list(members)
        self.values_callable = values_callable
        self.native_enum = native_enum
        self.create_constraint = create_constraint
        self.validate_strings = validate_strings
        self.omit_aliases = omit_aliases
        self._object_of: dict[str, Any] = members
        # The first name of a member is its own; a plain value equal to a member stands for it.
        self._name_of = {member: text for text, member in reversed(members.items())}
        longest = max(map(len, self.enums), default=0)
        if length is not None and length is not _LONGEST and length < longest:
            raise ValueError(
                f"When provided, length must be larger or equal than the length of the longest "
                f"enum value. {length} < {longest}"
            )
        self._explicit_length = length
        String.__init__(self, length=longest if length is _LONGEST else length)
        if name is None and cls is not None and cls is not enum.Enum:
            name = cls.__name__.lower()
        SchemaType.__init__(self, name, schema, metadata, inherit_schema, quote, create_type)
        self._given_sort_key = sort_key_function

    @cached_property
    def _key(self) -> Hashable:
        mine = (
            type(self),
            self.enum_class,
            tuple(self.enums),
            self.name,
            self.schema,
            self.native_enum,
            self.create_constraint,
            self.length,
            self.validate_strings,
        )
        return self._with_variants(mine)

    @property
    def sort_key_function(self) -> Callable[[Any], Any] | None:  # type: ignore[override]
        """How members are ordered where keys must be: by their names unless given."""
        return self._store if self._given_sort_key is _BY_NAME else self._given_sort_key

    @property
    def native(self) -> bool:
        """Whether the database's own type is to be used where there is one."""
        return self.native_enum

    @property
    def python_type(self) -> type[Any]:
        return self.enum_class or str

    @property
    def _concatenated(self) -> TypeEngine[Any]:
        return String(self.length)

    def operator_result(self, op: str, other_type: TypeEngine[Any]) -> tuple[str, TypeEngine[Any]]:
        op, result = super().operator_result(op, other_type)
        return op, result if op == "concat_op" else self

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        if isinstance(value, (str, enum.Enum)):
            return self
        return super().coerce_compared_value(op, value)

    def adapt(self, cls: type[Any], **kwargs: Any) -> Any:
        """The type ``cls`` with this one's names: an ``Enum`` subclass, or a string type."""
        if not issubclass(cls, Enum):
            return super().adapt(cls, **kwargs)
        given = [self.enum_class] if self.enum_class is not None else self.enums
        return cls(*given, **{**self._options(), **kwargs})

    def _options(self) -> dict[str, Any]:
        return {
            "create_constraint": self.create_constraint,
            "name": self.name,
            "native_enum": self.native_enum,
            "length": self._explicit_length,
            "schema": self.schema,
            "quote": self.quote,
            "inherit_schema": self.inherit_schema,
            "metadata": self.metadata,
            "validate_strings": self.validate_strings,
            "values_callable": self.values_callable,
            "sort_key_function": self._given_sort_key,
            "omit_aliases": self.omit_aliases,
            "create_type": self.create_type,
        }

    # -- values

    def _store(self, value: Any) -> Any:
        if value is None:
            return None
        try:
            return self._name_of[value]
        except (KeyError, TypeError):  # TypeError: a list is never hashable
            pass
        plain = isinstance(value, str) and not isinstance(value, enum.Enum)
        if plain and (value in self._object_of or not self.validate_strings):
            return value
        raise self._unknown(value)

    def _load(self, value: Any) -> Any:
        if value is None:
            return None
        try:
            return self._object_of[value]
        except KeyError:
            raise self._unknown(value) from None

    def _unknown(self, value: Any) -> LookupError:
        shown = [text if len(text) <= 10 else f"{text[:10]}.." for text in self.enums]
        if len(shown) > 4:
            shown = [*shown[:3], "...", shown[-1]]
        return LookupError(
            f"'{value}' is not among the defined enum values. Enum name: {self.name}. "
            f"Possible values: {', '.join(shown)}"
        )

    def bind_processor(self, dialect: Any) -> Processor | None:
        return self._store

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor | None:
        return self._load

    def literal_processor(self, dialect: Any) -> Processor | None:
        return lambda value: quote_literal(self._store(value))

    def __repr__(self) -> str:
        options = [
            f"{name}={value!r}"
            for name, value, default in (
                ("name", self.name, None),
                ("native_enum", self.native_enum, True),
                ("create_constraint", self.create_constraint, False),
                ("length", self._explicit_length, _LONGEST),
                ("schema", self.schema, None),
            )
            if value != default
        ]
        return f"{type(self).__name__}({', '.join([*map(repr, self.enums), *options])})"


Enum._type_affinity = Enum


def _members(
    enums: tuple[Any, ...],
    values_callable: Callable[[Any], Sequence[str]] | None,
    omit_aliases: bool,
) -> tuple[type[enum.Enum] | None, dict[str, Any]]:
    """The enum class, if one was given, and what each stored string stands for."""
    if len(enums) == 1 and isinstance(enums[0], (list, tuple)):
        enums = tuple(enums[0])
    if not (len(enums) == 1 and isinstance(enums[0], enum.EnumMeta)):
        for text in enums:
            if not isinstance(text, str):
                raise TypeError(
                    f"Enum takes one enum class or strings, not {text!r}; "
                    "write Enum(MyEnum) or Enum('a', 'b')"
                )
        return None, {text: text for text in enums}
    cls: Any = enums[0]
    members: dict[str, Any] = {
        name: member
        for name, member in cls.__members__.items()
        if not omit_aliases or name == member.name
    }
    if values_callable is not None:
        members = _stored_as(values_callable(cls), cls, list(members.values()))
    return cls, members


def _stored_as(texts: Sequence[str], cls: Any, members: list[Any]) -> dict[str, Any]:
    """The members by the strings that ``values_callable`` gave, with or without the aliases.

    :raises ValueError: it gave too few or too many, or the same for two members.
    """
    if len(texts) != len(members):
        members = list(cls)
    if len(texts) != len(members):
        raise ValueError(
            f"values_callable gave {len(texts)} strings for the {len(members)} members of "
            f"{cls.__name__}: {', '.join(map(repr, texts))}"
        )
    found: dict[str, Any] = {}
    for text, member in zip(texts, members, strict=True):
        if found.setdefault(text, member) is not member:
            raise ValueError(
                f"values_callable gave {text!r} for two members of {cls.__name__}: "
                f"{found[text].name} and {member.name}"
            )
    return found
