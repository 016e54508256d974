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
    #: ``schema`` is that of a table, not one that was given.
    _schema_of_table: bool = False

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
        if schema is None and metadata is not None and metadata.schema is not None:
            self.schema = metadata.schema
            self._schema_of_table = True

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
            self._schema_of_table = True
            self.__dict__.pop("_key", None)

    def _copy_for(self, schema: str | None, moved: bool) -> Any:
        """This type for the copy of a table in ``schema``.

        A schema that was given to the type stays, unless the table is moved to another.
        """
        new: Any = self._copy()  # type: ignore[attr-defined]
        if moved or self.inherit_schema or self._schema_of_table or self.schema is None:
            new.schema = schema
            new._schema_of_table = True
        new.__dict__.pop("_key", None)
        return new
