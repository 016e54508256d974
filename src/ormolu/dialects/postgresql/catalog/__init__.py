"""What there is in a PostgreSQL database, asked of its catalogue.

Every question is one query for any number of tables, columns with ENUM or DOMAIN types are two. The
statements are the same for all supported versions: what is new in a version is read through
``to_jsonb``, which has no such key before. https://www.postgresql.org/docs/current/catalogs.html
"""

from __future__ import annotations

from typing import ClassVar

from ormolu.dialects.many import DescribesMany
from ormolu.dialects.postgresql.catalog.columns import Columns
from ormolu.dialects.postgresql.catalog.constraints import Constraints
from ormolu.dialects.postgresql.catalog.foreign_keys import ForeignKeys
from ormolu.dialects.postgresql.catalog.further import Further
from ormolu.dialects.postgresql.catalog.indexes import Indexes
from ormolu.dialects.postgresql.catalog.named_types import NamedTypesPlans
from ormolu.dialects.postgresql.catalog.names import Names
from ormolu.dialects.postgresql.catalog.tables import Tables
from ormolu.dialects.reflection import DESCRIBED

__all__ = ["Catalog"]


class Catalog(
    Names,
    NamedTypesPlans,
    Columns,
    ForeignKeys,
    Constraints,
    Indexes,
    Tables,
    Further,
    DescribesMany,
):
    """The reflection half of the PostgreSQL dialects."""

    described: ClassVar[tuple[str, ...]] = (*DESCRIBED, "exclude_constraints")
    reflection_options: ClassVar[tuple[str, ...]] = ("postgresql_ignore_search_path",)
    inspector = "ormolu.dialects.postgresql.inspector:PGInspector"
