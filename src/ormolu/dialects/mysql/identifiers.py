"""Names in backticks. https://dev.mysql.com/doc/refman/8.4/en/identifiers.html"""

from __future__ import annotations

from typing import ClassVar

from ormolu.compiler.identifiers import IdentifierPreparer

__all__ = ["MySQLIdentifierPreparer"]


class MySQLIdentifierPreparer(IdentifierPreparer):
    """Quotes names for MySQL and MariaDB."""

    __slots__ = ()
    max_constraint_name_length: ClassVar[int | None] = 64
    max_index_name_length: ClassVar[int | None] = 64
