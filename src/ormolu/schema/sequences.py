"""What counts in the database: sequences and identity columns."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from ormolu.exc import ArgumentError, SADeprecationWarning
from ormolu.sql.function_element import GenericFunction
from ormolu.sql.node import KEYED, Kind
from ormolu.sql.quoted_name import with_quotes
from ormolu.types import INTEGERTYPE, TypeEngine, to_instance

from .constants import BLANK_SCHEMA
from .create import CheckFirst, create_sequence_plan, drop_sequence_plan
from .defaults import DefaultGenerator, FetchedValue
from .dialect_options import DialectKWArgs, DialectOptions

if TYPE_CHECKING:
    from .metadata import MetaData

_NUMBERS = (
    "start",
    "increment",
    "minvalue",
    "maxvalue",
    "nominvalue",
    "nomaxvalue",
    "cycle",
    "cache",
    "order",
)


class IdentityOptions(DialectKWArgs):
    """What a sequence and an identity column have in common.

    :param start: the first value; ``increment``: the step.
    :param minvalue: the least value; ``nominvalue`` says that there is none.
    :param maxvalue: the greatest value; ``nomaxvalue`` says that there is none.
    :param cycle: start again after the last value.
    :param cache: how many values the database takes at once.
    :param order: as Oracle has it; ``oracle_order`` in ``dialect_kw`` says the same.
    """

    start: int | None
    increment: int | None
    minvalue: int | None
    maxvalue: int | None
    nominvalue: bool | None
    nomaxvalue: bool | None
    cycle: bool | None
    cache: int | None
    order: bool | None

    def __init__(
        self,
        start: int | None = None,
        increment: int | None = None,
        minvalue: int | None = None,
        maxvalue: int | None = None,
        nominvalue: bool | None = None,
        nomaxvalue: bool | None = None,
        cycle: bool | None = None,
        cache: int | None = None,
        order: bool | None = None,
        **dialect_kw: Any,
    ) -> None:
        if order is not None:
            _warn_of_oracle("order")
        self.start, self.increment = start, increment
        self.minvalue, self.nominvalue = minvalue, nominvalue
        self.maxvalue, self.nomaxvalue = maxvalue, nomaxvalue
        self.cycle, self.cache, self.order = cycle, cache, order
        self.dialect_options = DialectOptions(type(self), dialect_kw)

    def _options(self) -> dict[str, Any]:
        """What was given, as keyword arguments."""
        found = {name: getattr(self, name) for name in _NUMBERS}
        return {name: value for name, value in found.items() if value is not None}


def _warn_of_oracle(name: str) -> None:
    warnings.warn(
        f"This parameter is supported only by Oracle Database, use ``oracle_{name}`` instead.",
        SADeprecationWarning,
        stacklevel=4,
    )


class Identity(IdentityOptions, FetchedValue):
    """``GENERATED {ALWAYS | BY DEFAULT} AS IDENTITY``.

    :param always: ALWAYS: a value given by an INSERT is refused.
    """

    __visit_name__ = "identity_column"
    is_identity = True
    on_null: bool | None

    def __init__(
        self,
        always: bool | None = False,
        on_null: bool | None = None,
        start: int | None = None,
        increment: int | None = None,
        minvalue: int | None = None,
        maxvalue: int | None = None,
        nominvalue: bool | None = None,
        nomaxvalue: bool | None = None,
        cycle: bool | None = None,
        cache: int | None = None,
        order: bool | None = None,
        **dialect_kw: Any,
    ) -> None:
        FetchedValue.__init__(self)
        IdentityOptions.__init__(
            self,
            start,
            increment,
            minvalue,
            maxvalue,
            nominvalue,
            nomaxvalue,
            cycle,
            cache,
            order,
            **dialect_kw,
        )
        if on_null is not None:
            _warn_of_oracle("on_null")
        self.always = always
        self.on_null = on_null

    def _set_parent(self, parent: Any, **options: Any) -> None:
        if parent.server_default is not None or parent.server_onupdate is not None:
            raise ArgumentError(
                "A column with an Identity object cannot specify a server_default or a "
                "server_onupdate argument"
            )
        if parent.autoincrement is False:
            raise ArgumentError(
                "A column with an Identity object cannot specify autoincrement=False"
            )
        self.column = parent
        parent.identity = self
        parent.server_default = self
        if not parent._nullable_given:
            parent.nullable = False

    def _as_for_update(self, for_update: bool) -> FetchedValue:
        return self

    def __repr__(self) -> str:
        parts = [f"always={self.always!r}"] if self.always else []
        parts += [f"{name}={value!r}" for name, value in self._options().items()]
        return f"Identity({', '.join(parts)})"


class Sequence(IdentityOptions, DefaultGenerator):
    """A named counter of the database; as a column's default, it gives the column's values.

    On databases without sequences it is left out, and so is an ``optional`` one where the
    database generates keys anyway.

    :param schema: the schema; by default that of ``metadata``, none with ``BLANK_SCHEMA``.
    :param data_type: the type of the values, in CREATE SEQUENCE.
    :param metadata: whose ``create_all`` creates the sequence.
    """

    __visit_name__ = "sequence"
    is_sequence = True

    def __init__(
        self,
        name: str,
        start: int | None = None,
        increment: int | None = None,
        minvalue: int | None = None,
        maxvalue: int | None = None,
        nominvalue: bool | None = None,
        nomaxvalue: bool | None = None,
        cycle: bool | None = None,
        schema: Any = None,
        cache: int | None = None,
        order: bool | None = None,
        data_type: TypeEngine[Any] | type[TypeEngine[Any]] | None = None,
        optional: bool = False,
        quote: bool | None = None,
        metadata: MetaData | None = None,
        quote_schema: bool | None = None,
        for_update: bool = False,
        **dialect_kw: Any,
    ) -> None:
        DefaultGenerator.__init__(self, for_update)
        IdentityOptions.__init__(
            self,
            start,
            increment,
            minvalue,
            maxvalue,
            nominvalue,
            nomaxvalue,
            cycle,
            cache,
            order,
            **dialect_kw,
        )
        self.name: str = with_quotes(name, quote)
        self.optional = optional
        self.schema: str | None = _schema_of(schema, quote_schema, metadata)
        self.data_type = None if data_type is None else to_instance(data_type)
        self.metadata = metadata
        if metadata is not None:
            metadata._add_sequence(self)

    @property
    def fullname(self) -> str:
        """The name, with the schema's before it."""
        return self.name if self.schema is None else f"{self.schema}.{self.name}"

    @property
    def _key(self) -> tuple[Any, ...]:
        return Sequence, self.schema, self.name

    def next_value(self) -> next_value:
        """A function that gives the next value, to be used in a statement."""
        return next_value(self)

    def _set_parent(self, parent: Any, **options: Any) -> None:
        super()._set_parent(parent, **options)
        parent._when_in_table(lambda column, table: self._join(table.metadata))

    def _join(self, metadata: MetaData) -> None:
        self.metadata = metadata
        metadata._add_sequence(self)

    def create(self, bind: Any, checkfirst: bool | CheckFirst = CheckFirst.SEQUENCES) -> None:
        """Create the sequence, where the database has sequences."""
        bind._run_ddl(lambda core: create_sequence_plan(core, self, checkfirst))

    def drop(self, bind: Any, checkfirst: bool | CheckFirst = CheckFirst.SEQUENCES) -> None:
        """Drop the sequence, where the database has sequences."""
        bind._run_ddl(lambda core: drop_sequence_plan(core, self, checkfirst))

    def _copy(self) -> Self:
        new = object.__new__(type(self))
        new.__dict__.update(self.__dict__)
        new.__dict__.pop("column", None)
        new.metadata = None
        return new

    def __repr__(self) -> str:
        parts = [repr(self.name)]
        parts += [f"{name}={value!r}" for name, value in self._options().items()]
        if self.schema is not None:
            parts.append(f"schema={str(self.schema)!r}")
        if self.metadata is not None:
            parts.append(f"metadata={self.metadata!r}")
        return f"Sequence({', '.join(parts)})"


class next_value(GenericFunction[int]):
    """The next value of a `Sequence`: ``func.next_value(sequence)``."""

    __slots__ = ("sequence",)
    _fields: ClassVar[Mapping[str, Kind]] = {"sequence": KEYED}
    __visit_name__ = "next_value"

    sequence: Sequence

    def __init__(self, seq: Sequence, **kw: Any) -> None:
        if not isinstance(seq, Sequence):
            raise ArgumentError(f"next_value() accepts a Sequence object as input, not {seq!r}")
        self.sequence = seq
        self._init_function("next_value", (), (), seq.data_type or INTEGERTYPE)


def _schema_of(schema: Any, quote: bool | None, metadata: MetaData | None) -> Any:
    if schema is BLANK_SCHEMA:
        return None
    if schema is None and metadata is not None:
        schema = metadata.schema
        quote = metadata.quote_schema if quote is None else quote
    return with_quotes(schema, quote)
