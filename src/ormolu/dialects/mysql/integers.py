"""MySQL's integers. https://dev.mysql.com/doc/refman/8.4/en/integer-types.html"""

from __future__ import annotations

from ormolu import types as sqltypes

__all__ = ["BIGINT", "INTEGER", "MEDIUMINT", "SMALLINT", "TINYINT"]


class _Integer(sqltypes.Integer):
    """What all sizes have in common.

    :param display_width: the digits that clients show; it limits no value.
    :param unsigned: without negative numbers.
    :param zerofill: shown with leading zeros; implies ``unsigned`` in the database.
    """

    def __init__(
        self,
        display_width: int | None = None,
        *,
        unsigned: bool = False,
        zerofill: bool = False,
    ) -> None:
        self.display_width = display_width
        self.unsigned = unsigned
        self.zerofill = zerofill


class TINYINT(_Integer):
    """A whole number of 8 bits."""

    __visit_name__ = "TINYINT"


class SMALLINT(_Integer, sqltypes.SMALLINT):
    """A whole number of 16 bits."""

    __visit_name__ = "SMALLINT"


class MEDIUMINT(_Integer):
    """A whole number of 24 bits."""

    __visit_name__ = "MEDIUMINT"


class INTEGER(_Integer, sqltypes.INTEGER):
    """A whole number of 32 bits."""

    __visit_name__ = "INTEGER"


class BIGINT(_Integer, sqltypes.BIGINT):
    """A whole number of 64 bits."""

    __visit_name__ = "BIGINT"
