"""What is known of a table before it is described, whichever way the server told it.

`information_schema` answers for many tables at once, SHOW CREATE TABLE for one (a temporary table
stands nowhere else). Both fill these records, and `describe.py` makes the inspector's dictionaries
of them, so that the two ways can't differ in more than what they read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["CheckFacts", "ColumnFacts", "ForeignKeyFacts", "IndexFacts", "IndexPart", "TableFacts"]


class ColumnFacts(NamedTuple):
    """One column; ``charset`` and ``collation`` where they aren't those of the table.

    ``default``, ``on_update`` and ``computed`` are SQL text.
    """

    name: str
    type: str
    nullable: bool = True
    charset: str | None = None
    collation: str | None = None
    default: str | None = None
    on_update: str | None = None
    autoincrement: bool = False
    comment: str | None = None
    computed: str | None = None
    persisted: bool = False

    @property
    def default_is_bytes(self) -> bool:
        """Whether the default is a literal in hexadecimal digits."""
        return self.default is not None and self.default.startswith("0x")


class IndexPart(NamedTuple):
    """A column of an index, with the length of its prefix, or an expression (SQL text)."""

    column: str | None
    expression: str | None = None
    length: int | None = None
    descending: bool = False


class IndexFacts(NamedTuple):
    """One index, the primary key among them.

    ``prefix`` is ``FULLTEXT`` or ``SPATIAL``, ``using`` an algorithm that isn't the engine's usual
    one, ``parser`` the plugin that cuts a full text into words.
    """

    name: str
    unique: bool
    parts: tuple[IndexPart, ...]
    prefix: str | None = None
    using: str | None = None
    parser: str | None = None

    @property
    def is_primary(self) -> bool:
        """Whether this is the primary key, which always has this name."""
        return self.name == "PRIMARY"

    @property
    def has_expressions(self) -> bool:
        """Whether some of its parts are no columns."""
        return any(part.column is None for part in self.parts)


class ForeignKeyFacts(NamedTuple):
    """One foreign key; rules that are the server's default are None.

    ``schema`` is None for a table of the same schema.
    """

    name: str
    columns: tuple[str, ...]
    schema: str | None
    table: str
    referred: tuple[str, ...]
    on_update: str | None = None
    on_delete: str | None = None


class CheckFacts(NamedTuple):
    """One CHECK constraint; that of a single column has no name on MariaDB."""

    name: str | None
    sqltext: str


@dataclass(slots=True)
class TableFacts:
    """One table or view, as far as it was asked for.

    ``any_case``: whether its name may be written in upper or lower case as one likes. ``options``
    are what follows CREATE TABLE's parenthesis, by lower-case names.
    """

    name: str
    is_view: bool = False
    any_case: bool = False
    collation: str | None = None
    comment: str | None = None
    options: dict[str, str] = field(default_factory=dict)
    columns: list[ColumnFacts] = field(default_factory=list)
    indexes: list[IndexFacts] = field(default_factory=list)
    foreign_keys: list[ForeignKeyFacts] = field(default_factory=list)
    checks: list[CheckFacts] = field(default_factory=list)

    @property
    def has_untold_defaults(self) -> bool:
        """Whether it has defaults that only SHOW CREATE TABLE tells: bytes.

        MySQL's ``information_schema`` ends them at the first zero byte.
        """
        return not self.is_view and any(column.default_is_bytes for column in self.columns)

    @property
    def has_untold_options(self) -> bool:
        """Whether it has options that only SHOW CREATE TABLE tells: partitions, and of a union."""
        # MySQL's `information_schema` writes it in capitals.
        united = self.options.get("engine", "").upper() == "MRG_MYISAM"
        return united or "partitioned" in self.options

    def usual_algorithm(self) -> str:
        """The index algorithm that the engine takes unless told otherwise.

        https://dev.mysql.com/doc/refman/8.4/en/create-index.html
        """
        return "HASH" if self.options.get("engine") in ("MEMORY", "NDBCLUSTER") else "BTREE"
