"""`SchemaType`: types that bring something into the schema besides their column."""

from __future__ import annotations

from typing import Any


class SchemaType:
    """Mixin of types with a name in the schema (``CREATE TYPE``) or a CHECK constraint."""

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
