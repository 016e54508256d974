"""Events: who hears what, in which order."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from ormolu import event
from ormolu.event import Dispatch, Event
from ormolu.exc import ArgumentError, InvalidRequestError


class DemoDispatch(Dispatch):
    events: ClassVar[tuple[Event, ...]] = (
        Event("happened", ("target", "value")),
        Event("set", ("target", "value", "old"), value=("value",)),
    )


@pytest.fixture
def demo() -> type[Any]:
    class Demo:
        dispatch = DemoDispatch()

        def fire(self, value: Any) -> None:
            if self.dispatch.happened:
                for fn in self.dispatch.happened:
                    fn(self, value)

        def set(self, value: Any) -> Any:
            for fn in self.dispatch.set:
                value = fn(self, value, None)
            return value

    event.register_target(Demo)
    return Demo


def test_event_nobody_listens_to_is_an_empty_tuple(demo: Any) -> None:
    assert demo().dispatch.happened == ()
    assert "dispatch" not in vars(demo())


def test_listener_on_the_class_reaches_instances_made_before_and_after(demo: Any) -> None:
    heard: list[Any] = []
    before = demo()
    event.listen(demo, "happened", lambda target, value: heard.append(value))
    before.fire(1)
    demo().fire(2)
    assert heard == [1, 2]


def test_listener_on_one_object_reaches_no_other(demo: Any) -> None:
    heard: list[Any] = []
    one, other = demo(), demo()
    event.listen(one, "happened", lambda target, value: heard.append(target))
    one.fire(1)
    other.fire(2)
    assert heard == [one]


def test_class_listener_added_later_still_reaches_an_object_with_its_own(demo: Any) -> None:
    heard: list[str] = []
    one = demo()
    event.listen(one, "happened", lambda *args: heard.append("own"))
    event.listen(demo, "happened", lambda *args: heard.append("class"))
    one.fire(1)
    assert heard == ["class", "own"]


def test_subclass_listener_stays_below(demo: Any) -> None:
    class Sub(demo):  # type: ignore[misc, valid-type]
        pass

    heard: list[str] = []
    event.listen(Sub, "happened", lambda *args: heard.append("sub"))
    event.listen(demo, "happened", lambda *args: heard.append("base"))
    demo().fire(1)
    assert heard == ["base"]
    Sub().fire(1)
    assert heard == ["base", "base", "sub"]


def test_insert_goes_first_and_once_goes_away(demo: Any) -> None:
    heard: list[str] = []
    event.listen(demo, "happened", lambda *args: heard.append("second"))
    event.listen(demo, "happened", lambda *args: heard.append("first"), insert=True, once=True)
    demo().fire(1)
    demo().fire(2)
    assert heard == ["first", "second", "second"]


def test_named_passes_keywords(demo: Any) -> None:
    heard: list[dict[str, Any]] = []
    event.listen(demo, "happened", lambda **kw: heard.append(kw), named=True)
    one = demo()
    one.fire(5)
    assert heard == [{"target": one, "value": 5}]


def test_only_retval_listeners_change_the_value(demo: Any) -> None:
    event.listen(demo, "set", lambda target, value, old: "ignored")
    event.listen(demo, "set", lambda target, value, old: value + 1, retval=True)
    assert demo().set(1) == 2


def test_once_on_an_event_with_a_value_hands_it_on(demo: Any) -> None:
    event.listen(demo, "set", lambda target, value, old: value * 10, retval=True, once=True)
    one = demo()
    assert one.set(1) == 10
    assert one.set(1) == 1


def test_remove_and_contains_take_the_same_three_arguments(demo: Any) -> None:
    def fn(*args: Any) -> None: ...

    event.listen(demo, "happened", fn)
    assert event.contains(demo, "happened", fn)
    assert not event.contains(demo(), "happened", fn)
    event.remove(demo, "happened", fn)
    assert not event.contains(demo, "happened", fn)
    with pytest.raises(InvalidRequestError, match="No listeners found"):
        event.remove(demo, "happened", fn)


def test_the_same_function_is_registered_once(demo: Any) -> None:
    heard: list[int] = []

    def fn(*args: Any) -> None:
        heard.append(1)

    event.listen(demo, "happened", fn)
    event.listen(demo, "happened", fn)
    demo().fire(1)
    assert heard == [1]


def test_unknown_events_and_targets_are_refused(demo: Any) -> None:
    with pytest.raises(InvalidRequestError, match="No such event 'nope'"):
        event.listen(demo, "nope", print)
    with pytest.raises(InvalidRequestError, match="No such event"):
        event.listen(object(), "happened", print)
    with pytest.raises(ArgumentError, match="without retval=True"):
        event.listen(demo, "happened", print, retval=True)


def test_children_that_inherit_only_propagating_listeners() -> None:
    parent = DemoDispatch()
    child = parent.child(propagating_only=True)

    class Target:
        dispatch = parent

    event.register_target(Target)
    event.listen(Target, "happened", print)
    assert child.happened == ()  # type: ignore[attr-defined]
    event.listen(Target, "happened", repr, propagate=True)
    assert child.happened == (repr,)  # type: ignore[attr-defined]
