"""Objects and their state: phases, writes, expiry, detachment, copies."""

from __future__ import annotations

import copy
import pickle
import sys
from typing import Any

import pytest
from instances_models import Note, Post, RecordingSession, User

from ormolu import exc
from ormolu.inspection import inspect
from ormolu.orm.instances import state as states
from ormolu.orm.instances.history import get_history
from ormolu.orm.instances.state import (
    DELETED,
    DETACHED,
    PENDING,
    PERSISTENT,
    STATE,
    TRANSIENT,
    Expired,
    Private,
    Shared,
)


@pytest.fixture
def session() -> RecordingSession:
    return RecordingSession()


@pytest.fixture
def user(session: RecordingSession) -> Any:
    return session.holds(User, id=1, name="ann", nick=None)


def test_transient_object_carries_no_state() -> None:
    user = User(name="ann")
    assert user.__dict__ == {"name": "ann"}
    assert states.phase_of(user) is TRANSIENT
    assert states.identity_of(user) is None


def test_missing_values_of_a_transient_object_are_none_and_not_stored() -> None:
    user = User()
    assert user.name is None
    assert Post().author is None
    assert user.__dict__ == {}


def test_missing_collection_of_a_transient_object_is_empty_and_stored() -> None:
    user = User()
    assert user.posts == []
    assert user.posts is user.posts


def test_loaded_objects_share_one_state(session: RecordingSession) -> None:
    first, second = session.holds(User, id=1), session.holds(User, id=2)
    assert first.__dict__[STATE] is second.__dict__[STATE]
    assert type(first.__dict__[STATE]) is Shared
    assert states.phase_of(first) is PERSISTENT


def test_first_write_makes_the_state_private_and_registers_the_object(
    session: RecordingSession, user: Any
) -> None:
    user.name = "bob"
    state = user.__dict__[STATE]
    assert type(state) is Private
    assert state.key == 1
    assert state.committed == {"name": "ann"}
    assert list(session._modified.values()) == [user]


def test_second_write_keeps_the_first_old_value(user: Any) -> None:
    user.name = "bob"
    user.name = "cat"
    assert get_history(user, "name") == (["cat"], (), ["ann"])


def test_writing_an_equal_value_is_no_change(session: RecordingSession, user: Any) -> None:
    user.name = "ann"
    assert not get_history(user, "name")
    assert session._modified


def test_settle_makes_a_changed_object_clean(user: Any) -> None:
    user.name = "bob"
    states.settle(user)
    assert type(user.__dict__[STATE]) is Shared
    assert get_history(user, "name") == ((), ["bob"], ())


def test_expiry_keeps_identity_and_loads_on_the_next_read(
    session: RecordingSession, user: Any
) -> None:
    states.expire(user)
    assert type(user.__dict__[STATE]) is Expired
    assert states.identity_of(user) == 1
    session.rows["name"] = "fresh"
    assert user.name == "fresh"
    assert session.loads == ["name"]


def test_expiry_drops_unflushed_changes(session: RecordingSession, user: Any) -> None:
    user.name = "bob"
    states.expire(user)
    assert session._modified == {}
    assert states.last_values(user)["name"] == "ann"


def test_expiry_keeps_ordinary_attributes(user: Any) -> None:
    user.cache = [1]
    states.expire(user)
    assert user.cache == [1]
    User.__mapper__.plain_names.discard("cache")


def test_writing_an_expired_attribute_loads_nothing(session: RecordingSession, user: Any) -> None:
    states.expire(user)
    user.name = "bob"
    assert session.loads == []
    assert get_history(user, "name") == (["bob"], (), ())


def test_changed_primary_key_remembers_the_old_one_even_when_expired(user: Any) -> None:
    states.expire(user)
    user.id = 7
    assert user.__dict__[STATE].committed == {"id": 1}
    assert states.identity_of(user) == 1


def test_partial_expiry_leaves_the_other_attributes(session: RecordingSession, user: Any) -> None:
    states.expire_attributes(user, ["name"])
    assert user.nick is None
    assert session.loads == []
    assert inspect(user).expired_attributes == {"name"}


def test_settling_a_partly_expired_object_keeps_what_is_loaded(user: Any) -> None:
    states.expire_attributes(user, ["name"])
    states.settle(user)
    assert type(user.__dict__[STATE]) is Expired
    assert states.identity_of(user) == 1
    assert user.__dict__["id"] == 1


def test_closing_the_session_detaches_every_object_at_once(
    session: RecordingSession, user: Any
) -> None:
    other = session.holds(User, id=2)
    session.membership.session = None
    assert states.phase_of(user) is DETACHED
    assert states.phase_of(other) is DETACHED


def test_expired_detached_object_shows_its_last_values(
    session: RecordingSession, user: Any
) -> None:
    states.expire(user)
    session.membership.session = None
    assert user.name == "ann"


def test_never_loaded_attribute_of_a_detached_object_names_the_option_to_add(
    session: RecordingSession, user: Any
) -> None:
    session.membership.session = None
    with pytest.raises(exc.DetachedInstanceError, match=r"selectinload\(User\.posts\)"):
        _ = user.posts


def test_pending_object_becomes_transient_when_its_session_lets_go(
    session: RecordingSession,
) -> None:
    user = User(name="ann")
    session.add(user)
    assert states.phase_of(user) is PENDING
    session.expunge(user)
    assert states.phase_of(user) is TRANSIENT
    assert user.__dict__ == {"name": "ann"}


def test_deleted_object_is_detached_without_its_session(
    session: RecordingSession, user: Any
) -> None:
    states.private(user).phase = DELETED
    assert inspect(user).deleted
    session.membership.session = None
    assert inspect(user).detached
    assert inspect(user).was_deleted


def test_attaching_a_changed_detached_object_makes_it_dirty(
    session: RecordingSession, user: Any
) -> None:
    states.detach(user)
    user.name = "bob"
    assert session._modified == {}
    states.attach(user, session.membership)
    assert states.phase_of(user) is PERSISTENT
    assert list(session._modified.values()) == [user]


def test_objects_do_not_keep_their_session_alive() -> None:
    session = RecordingSession()
    user = session.holds(User, id=1, name="ann")
    references = sys.getrefcount(session)
    user.name = "bob"
    # The change is in the session's dict, nothing leads back from the object.
    assert sys.getrefcount(session) == references
    del session
    assert states.session_of(user) is None


def test_deleting_an_attribute_sets_it_to_null(user: Any) -> None:
    del user.name
    assert user.name is None
    assert get_history(user, "name") == ((), (), ["ann"])


def test_deleting_an_absent_attribute_says_which() -> None:
    with pytest.raises(AttributeError, match=r"User\.name"):
        del User().name


def test_unmapped_object_is_refused_by_name() -> None:
    with pytest.raises(exc.UnmappedInstanceError, match="not mapped"):
        states.state_of(object())


def test_copy_of_a_persistent_object_is_detached(user: Any) -> None:
    user.name = "bob"
    twin = copy.copy(user)
    assert twin is not user
    assert twin.name == "bob"
    assert states.phase_of(twin) is DETACHED
    assert states.identity_of(twin) == 1
    assert get_history(twin, "name") == (["bob"], (), ["ann"])


def test_pickled_expired_object_keeps_its_last_values(user: Any) -> None:
    states.expire(user)
    again = pickle.loads(pickle.dumps(user))
    assert again.name == "ann"
    assert states.identity_of(again) == 1


def test_pickled_graph_keeps_its_collections_alive() -> None:
    user = User(name="ann", posts=[Post(title="a")])
    user.notes["n"] = Note(title="n")
    again = pickle.loads(pickle.dumps(user))
    assert again.posts[0].author is again
    assert list(again.notes) == ["n"]
    post = Post()
    again.posts.append(post)
    assert post.author is again


def test_instance_state_shows_identity_and_changes(user: Any) -> None:
    state = inspect(user)
    assert state.persistent
    assert state.identity == (1,)
    assert state.identity_key == (User, (1,), None)
    assert not state.modified
    user.name = "bob"
    assert state.modified
    assert state.attrs.name.history == (["bob"], (), ["ann"])
    assert state.attrs.name.value == "bob"
    assert "posts" in state.unloaded
    assert state.mapper is User.__mapper__


def test_instance_state_names_the_attributes_there_are(user: Any) -> None:
    with pytest.raises(AttributeError, match="name, nick"):
        _ = inspect(user).attrs.nmae


def test_user_defined_setattr_still_sees_ordinary_attributes() -> None:
    user = User()
    user.anything = 3
    assert user.anything == 3
    del user.anything
    assert not hasattr(user, "anything")
    User.__mapper__.plain_names.discard("anything")


def test_object_made_without_init_works() -> None:
    user = User.__new__(User)
    user.name = "ann"
    assert user.name == "ann"
    assert user.posts == []
