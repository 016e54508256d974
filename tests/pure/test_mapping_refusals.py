"""Parameters of mappings that nothing here would honour are refused, not ignored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ormolu import Integer
from ormolu.exc import ArgumentError
from ormolu.orm import column_property, relationship, synonym
from ormolu.schema import Column

REFUSED: list[Callable[[], Any]] = [
    lambda: relationship("Other", comparator_factory=object),
    lambda: column_property(Column(Integer), comparator_factory=object),
    lambda: synonym("other", comparator_factory=object),
]


@pytest.mark.parametrize("declare", REFUSED, ids=["relationship", "column_property", "synonym"])
def test_a_comparator_factory_is_refused(declare: Callable[[], Any]) -> None:
    with pytest.raises(ArgumentError, match="comparator_factory is not available"):
        declare()
