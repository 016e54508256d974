"""``inspect``: lookup by type."""

from __future__ import annotations

import pytest

from ormolu.exc import NoInspectionAvailable
from ormolu.inspection import inspect, register, self_inspecting


def test_nearest_registered_class_answers() -> None:
    class Base:
        pass

    class Sub(Base):
        pass

    register(Base)(lambda subject: ("base", subject))
    found = Sub()
    assert inspect(found) == ("base", found)


def test_an_answer_of_none_passes_the_question_on() -> None:
    class Base:
        pass

    class Sub(Base):
        pass

    register(Base)(lambda subject: "base")
    register(Sub)(lambda subject: None)
    assert inspect(Sub()) == "base"


def test_what_nobody_knows_is_refused_or_none() -> None:
    class Unknown:
        __slots__ = ()

    with pytest.raises(NoInspectionAvailable, match="No inspection system is available"):
        inspect(Unknown())
    assert inspect(Unknown(), raiseerr=False) is None


def test_a_self_inspecting_object_is_its_own_answer() -> None:
    @self_inspecting
    class Me:
        pass

    me = Me()
    assert inspect(me) is me


def test_a_type_is_registered_once() -> None:
    class Once:
        pass

    register(Once)(lambda subject: 1)
    with pytest.raises(AssertionError, match="already registered"):
        register(Once)(lambda subject: 2)
