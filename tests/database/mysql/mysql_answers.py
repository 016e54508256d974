"""What an inspector of either library answers, in a form that can be compared."""

from __future__ import annotations

from typing import Any

import sqlalchemy.exc

from ormolu.dialects.mysql.reflection.describe import DESCRIBERS
from ormolu.exc import NoSuchTableError

OF_A_TABLE = [f"get_{what}" for what in DESCRIBERS]
TYPE_ATTRIBUTES = (
    *("display_width", "unsigned", "zerofill", "precision", "scale", "asdecimal"),
    *("length", "charset", "collation", "fsp", "as_uuid", "enums", "values"),
    "retrieve_as_bitwise",
)


def plain(value: Any) -> Any:
    """What an inspector said, without the classes of either library."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if value is None or isinstance(value, (str, int)):
        return value
    given = {name: plain(getattr(value, name, None)) for name in TYPE_ATTRIBUTES}
    return type(value).__name__, {name: each for name, each in given.items() if each}


def answer(inspector: Any, method: str, *args: Any, **options: Any) -> Any:
    """What a method gives or, by its name, what it raises."""
    try:
        return plain(getattr(inspector, method)(*args, **options))
    except (NotImplementedError, NoSuchTableError, sqlalchemy.exc.NoSuchTableError) as error:
        return type(error).__name__
