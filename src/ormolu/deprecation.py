"""The warning about names that only old programs use; SQLAlchemy keeps them with the same one."""

from __future__ import annotations

import warnings
from typing import Final

from .exc import SADeprecationWarning

IS_A_TUPLE: Final = "a row is a tuple"


def warn_deprecated(what: str, why: str, since: str) -> None:
    """Warn whoever calls the deprecated function, method or attribute that calls this."""
    warnings.warn(
        f"{what} is deprecated: {why} (deprecated since: {since})",
        SADeprecationWarning,
        stacklevel=3,
    )
