"""MySQL's character and binary strings.

https://dev.mysql.com/doc/refman/8.4/en/string-types.html
"""

from __future__ import annotations

from typing import Any

from ormolu import types as sqltypes

__all__ = [
    "CHAR",
    "LONGBLOB",
    "LONGTEXT",
    "MEDIUMBLOB",
    "MEDIUMTEXT",
    "NCHAR",
    "NVARCHAR",
    "TEXT",
    "TINYBLOB",
    "TINYTEXT",
    "VARCHAR",
    "CharacterString",
]


class CharacterString(sqltypes.String):
    """A string with MySQL's column attributes.

    :param length: the most characters it may have.
    :param collation: the collation of the column; it wins over ``binary``.
    :param charset: the character set; it wins over ``ascii`` and ``unicode``.
    :param ascii: the short form ``ASCII`` of ``CHARACTER SET latin1``.
    :param unicode: the short form ``UNICODE`` of ``CHARACTER SET ucs2``.
    :param binary: the binary collation of the character set.
    :param national: the server's national character set.
    """

    def __init__(
        self,
        length: int | None = None,
        *,
        collation: str | None = None,
        charset: str | None = None,
        ascii: bool = False,
        unicode: bool = False,
        binary: bool = False,
        national: bool = False,
    ) -> None:
        super().__init__(length, collation)
        self.charset = charset
        self.ascii = ascii
        self.unicode = unicode
        self.binary = binary
        self.national = national


class CHAR(CharacterString, sqltypes.CHAR):
    """A string of fixed length."""

    __visit_name__ = "CHAR"


class VARCHAR(CharacterString, sqltypes.VARCHAR):
    """A string of a length that is limited."""

    __visit_name__ = "VARCHAR"


class NCHAR(CharacterString, sqltypes.NCHAR):
    """A string of fixed length in the national character set."""

    __visit_name__ = "NCHAR"

    def __init__(self, length: int | None = None, **options: Any) -> None:
        super().__init__(length, **{**options, "national": True})


class NVARCHAR(CharacterString, sqltypes.NVARCHAR):
    """A string of limited length in the national character set."""

    __visit_name__ = "NVARCHAR"

    def __init__(self, length: int | None = None, **options: Any) -> None:
        super().__init__(length, **{**options, "national": True})


class TEXT(CharacterString, sqltypes.TEXT):
    """A string of up to 2^16 bytes; with a length, of the smallest size that holds as many."""

    __visit_name__ = "TEXT"


class _SizedText(CharacterString):
    """A text type whose size is in its name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(None, **options)


class TINYTEXT(_SizedText):
    """A string of up to 2^8 bytes."""

    __visit_name__ = "TINYTEXT"


class MEDIUMTEXT(_SizedText):
    """A string of up to 2^24 bytes."""

    __visit_name__ = "MEDIUMTEXT"


class LONGTEXT(_SizedText):
    """A string of up to 2^32 bytes."""

    __visit_name__ = "LONGTEXT"


class TINYBLOB(sqltypes.LargeBinary):
    """Up to 2^8 bytes."""

    __visit_name__ = "TINYBLOB"


class MEDIUMBLOB(sqltypes.LargeBinary):
    """Up to 2^24 bytes."""

    __visit_name__ = "MEDIUMBLOB"


class LONGBLOB(sqltypes.LargeBinary):
    """Up to 2^32 bytes."""

    __visit_name__ = "LONGBLOB"
