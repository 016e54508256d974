"""`SchemaType`: types that bring something into the schema besides their column."""

from __future__ import annotations

from typing import Any


class SchemaType:
    """Mixin of types with a name in the schema (``CREATE TYPE``) or a CHECK constraint."""

    #: The listeners to the type's events: put in by the schema.
    dispatch: Any = None
    name: str | None = None
    schema: str | None = None
    metadata: Any = None
    inherit_schema: bool = False
    quote: bool | None = None
    create_type: bool = True
    create_constraint: bool = False

    def __init__(
        self,
        name: str | None = None,
        schema: str | None = None,
        metadata: Any = None,
        inherit_schema: bool = False,
        quote: bool | None = None,
        create_type: bool = True,
    ) -> None:
        self.name = name
        self.schema = schema
        self.metadata = metadata
        self.inherit_schema = inherit_schema
        self.quote = quote
        self.create_type = create_type

    def create(self, bind: Any, checkfirst: bool = False) -> None:
        """Create the type, where the database of ``bind`` has such types by name."""
        impl = bind.dialect.type_impl(self)
        if impl is not self and isinstance(impl, SchemaType):
            impl.create(bind, checkfirst)

    def drop(self, bind: Any, checkfirst: bool = False) -> None:
        """Drop the type, where the database of ``bind`` has such types by name."""
        impl = bind.dialect.type_impl(self)
        if impl is not self and isinstance(impl, SchemaType):
            impl.drop(bind, checkfirst)

    def _inherit_schema(self, table: Any) -> None:
        """Take over the schema of a table's metadata: a type without one belongs to the first."""
        schema = table.schema if self.inherit_schema else table.metadata.schema
        if self.name is not None and self.schema is None and schema is not None:
            self.schema = schema
            self.__dict__.pop("_key", None)
