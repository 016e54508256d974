"""Types with a name in the schema: `ENUM` and `DOMAIN`, and the DDL that makes and drops them.

https://www.postgresql.org/docs/current/sql-createtype.html
https://www.postgresql.org/docs/current/sql-createdomain.html

Such a type is created before the tables that use it, unless ``create_type=False``; which those are
is in ``type_plans``.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Hashable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from ormolu import types as sqltypes
from ormolu.dialects.postgresql.type_plans import create_type_plan, drop_type_plan
from ormolu.exc import ArgumentError
from ormolu.schema.ddl import _ElementDDL
from ormolu.sql.clause import NO_ARG, NoArg
from ormolu.types import TypeEngine, to_instance
from ormolu.types.schema_type import SchemaType

if TYPE_CHECKING:
    from ormolu.sql.text import TextClause

__all__ = [
    "DOMAIN",
    "ENUM",
    "CreateDomainType",
    "CreateEnumType",
    "DropDomainType",
    "DropEnumType",
    "NamedType",
]

Processor = Callable[[Any], Any]


#: Python class of a value -> what reads its text form.
_FROM_TEXT: Mapping[type[Any], Processor] = {
    int: int,
    float: float,
    Decimal: Decimal,
    bool: lambda text: text == "t",
    uuid.UUID: uuid.UUID,
    dt.date: dt.date.fromisoformat,
    dt.datetime: dt.datetime.fromisoformat,
    dt.time: dt.time.fromisoformat,
}


class CreateEnumType(_ElementDDL):
    """``CREATE TYPE … AS ENUM (…)``."""

    __slots__ = ()
    __visit_name__ = "create_enum_type"
    stringify_dialect = "postgresql"

    def __init__(self, element: Any) -> None:
        super().__init__(element)


class DropEnumType(_ElementDDL):
    """``DROP TYPE``."""

    __slots__ = ()
    __visit_name__ = "drop_enum_type"
    stringify_dialect = "postgresql"

    def __init__(self, element: Any) -> None:
        super().__init__(element)


class CreateDomainType(_ElementDDL):
    """``CREATE DOMAIN``."""

    __slots__ = ()
    __visit_name__ = "create_domain_type"
    stringify_dialect = "postgresql"

    def __init__(self, element: Any) -> None:
        super().__init__(element)


class DropDomainType(_ElementDDL):
    """``DROP DOMAIN``."""

    __slots__ = ()
    __visit_name__ = "drop_domain_type"
    stringify_dialect = "postgresql"

    def __init__(self, element: Any) -> None:
        super().__init__(element)


class NamedType(SchemaType):
    """Base of the types with a name in the schema."""

    create_ddl: ClassVar[type[_ElementDDL]]
    drop_ddl: ClassVar[type[_ElementDDL]]

    def create(self, bind: Any, checkfirst: bool = True) -> None:
        """Create the type.

        :param bind: an engine or a connection.
        :param checkfirst: only if the database has no type of the name.
        """
        bind._run_ddl(lambda core: create_type_plan(core, self, checkfirst))

    def drop(self, bind: Any, checkfirst: bool = True) -> None:
        """Drop the type.

        :param bind: an engine or a connection.
        :param checkfirst: only if the database has a type of the name.
        """
        bind._run_ddl(lambda core: drop_type_plan(core, self, checkfirst))

    def item_from_text(self, dialect: Any) -> Processor | None:
        """Return what reads an item of an array that came as text, None for the text itself."""
        return None


class ENUM(NamedType, sqltypes.Enum):
    """``ENUM``: one of a fixed set of names, a type of the database's own.

    Arguments as of `ormolu.Enum`.

    :param create_type: create and drop the type with the table; else only by `create` and `drop`.
    :raises ArgumentError: for ``native_enum=False``, which only `ormolu.Enum` has.
    """

    create_ddl = CreateEnumType
    drop_ddl = DropEnumType
    native_enum = True

    def __init__(
        self,
        *enums: Any,
        name: str | NoArg | None = NO_ARG,
        create_type: bool = True,
        **kw: Any,
    ) -> None:
        if not kw.pop("native_enum", True):
            raise ArgumentError(
                "an ENUM is a type of the database's own: for native_enum=False, write ormolu.Enum"
            )
        if not isinstance(name, NoArg):
            kw["name"] = name
        sqltypes.Enum.__init__(self, *enums, create_type=create_type, **kw)

    @classmethod
    def adapt_emulated_to_native(cls, impl: sqltypes.Enum, **kw: Any) -> ENUM:
        """The type for a generic ``Enum``."""
        given = [impl.enum_class] if impl.enum_class is not None else impl.enums
        options = impl._options()
        del options["native_enum"]
        return cls(*given, **{**options, **kw})


class DOMAIN(NamedType, TypeEngine[Any]):
    """A type with conditions on its values: ``DOMAIN("posint", Integer, check="VALUE > 0")``.

    :param name: the domain's name.
    :param data_type: the type below it.
    :param collation: the collation of a string type.
    :param default: the default of columns of this type.
    :param constraint_name: the name of the constraint.
    :param not_null: values may not be NULL.
    :param check: a condition on ``VALUE``, as SQL.
    :param create_type: create and drop the domain with the table.
    """

    __visit_name__ = "DOMAIN"
    create_ddl = CreateDomainType
    drop_ddl = DropDomainType

    def __init__(
        self,
        name: str,
        data_type: TypeEngine[Any] | type[TypeEngine[Any]],
        *,
        collation: str | None = None,
        collation_schema: str | None = None,
        default: TextClause | str | None = None,
        constraint_name: str | None = None,
        not_null: bool | None = None,
        check: TextClause | str | None = None,
        create_type: bool = True,
        schema: str | None = None,
        metadata: Any = None,
        inherit_schema: bool = False,
        quote: bool | None = None,
    ) -> None:
        super().__init__(name, schema, metadata, inherit_schema, quote, create_type)
        self.data_type = to_instance(data_type)
        self.collation = collation
        self.collation_schema = collation_schema
        self.default = default
        self.constraint_name = constraint_name
        self.not_null = bool(not_null)
        self.check = check

    @cached_property
    def _key(self) -> Hashable:
        mine = (type(self), self.name, self.schema, self.data_type._key)
        return self._with_variants(mine)

    @property
    def python_type(self) -> type[Any]:
        return self.data_type.python_type

    def bind_processor(self, dialect: Any) -> Processor | None:
        found: Processor | None = dialect.bind_processor(self.data_type)
        return found

    def result_processor(self, dialect: Any, coltype: Any = None) -> Processor | None:
        found: Processor | None = dialect.result_processor(self.data_type)
        return found

    def literal_processor(self, dialect: Any) -> Processor | None:
        return dialect.type_impl(self.data_type).literal_processor(dialect)  # type: ignore[no-any-return]

    def item_from_text(self, dialect: Any) -> Processor | None:
        return _FROM_TEXT.get(self.data_type.python_type)

    def __repr__(self) -> str:
        return f"DOMAIN({self.name!r}, {self.data_type!r})"


def in_schema(type_: Any, schema_of: Callable[[Any], str | None]) -> Any:
    """A type with the schema that ``schema_translate_map`` gives it; most types as they are."""
    if isinstance(type_, sqltypes.ARRAY):
        item = in_schema(type_.item_type, schema_of)
        return type_ if item is type_.item_type else type_.copy(item_type=item)
    if not isinstance(type_, (sqltypes.Enum, DOMAIN)):
        return type_
    schema = schema_of(type_)
    return type_ if schema == type_.schema else type_.copy(schema=schema)
