"""How a SELECT names its columns; see `ormolu.sql.naming`."""

from __future__ import annotations

import enum
from typing import Final


class SelectLabelStyle(enum.Enum):
    """What ``Select.set_label_style()`` takes."""

    LABEL_STYLE_NONE = 0
    """Names as they are, repeated ones too."""
    LABEL_STYLE_TABLENAME_PLUS_COL = 1
    """``users.id AS users_id``: what `Query` does."""
    LABEL_STYLE_DISAMBIGUATE_ONLY = 2
    """Only a repeated name gets a label: what `select()` does."""
    LABEL_STYLE_DEFAULT = LABEL_STYLE_DISAMBIGUATE_ONLY
    LABEL_STYLE_LEGACY_ORM = 3
    """The names that ``Query.statement`` gives: those of a plain `select()`."""


LABEL_STYLE_NONE: Final = SelectLabelStyle.LABEL_STYLE_NONE
LABEL_STYLE_TABLENAME_PLUS_COL: Final = SelectLabelStyle.LABEL_STYLE_TABLENAME_PLUS_COL
LABEL_STYLE_DISAMBIGUATE_ONLY: Final = SelectLabelStyle.LABEL_STYLE_DISAMBIGUATE_ONLY
LABEL_STYLE_DEFAULT: Final = SelectLabelStyle.LABEL_STYLE_DEFAULT
