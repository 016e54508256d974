"""Arguments that stand for something that None can't say."""

from __future__ import annotations

import enum
from typing import Final, Literal


class SchemaConst(enum.Enum):
    """The constants of schema arguments."""

    #: ``to_metadata``: the copy has the schema of the original.
    RETAIN_SCHEMA = 1
    #: A table or sequence without a schema, though its ``MetaData`` has one.
    BLANK_SCHEMA = 2
    #: ``nullable`` isn't given: true, unless the column is in the primary key.
    NULL_UNSPECIFIED = 3


RETAIN_SCHEMA: Final[Literal[SchemaConst.RETAIN_SCHEMA]] = SchemaConst.RETAIN_SCHEMA
BLANK_SCHEMA: Final[Literal[SchemaConst.BLANK_SCHEMA]] = SchemaConst.BLANK_SCHEMA
NULL_UNSPECIFIED: Final[Literal[SchemaConst.NULL_UNSPECIFIED]] = SchemaConst.NULL_UNSPECIFIED
