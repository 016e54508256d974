"""What selectables tell of themselves, and what they refuse, is as in SQLAlchemy."""

from __future__ import annotations

from typing import Any

import pytest
import selectable_facts
import sqlalchemy
from test_selectables_against_sqlalchemy import OURS, build


@pytest.mark.parametrize("name", selectable_facts.FACTS)
def test_a_fact_is_as_in_sqlalchemy(name: str) -> None:
    fact = selectable_facts.FACTS[name]
    assert build(OURS, fact) == build(sqlalchemy, fact)


def refusal(namespace: Any, case: selectable_facts.Fact) -> list[str]:
    """The names of an error's classes, ours and SQLAlchemy's being called alike."""
    with pytest.raises(Exception) as caught:
        build(namespace, case)
    return [cls.__name__ for cls in type(caught.value).__mro__]


@pytest.mark.parametrize("name", selectable_facts.ERRORS)
def test_a_mistake_is_the_same_error(name: str) -> None:
    case = selectable_facts.ERRORS[name]
    assert refusal(OURS, case)[0] == refusal(sqlalchemy, case)[0]
