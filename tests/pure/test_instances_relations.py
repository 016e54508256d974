"""Related objects: both sides agree, nothing unloaded is loaded, history tells what changed."""

from __future__ import annotations

from typing import Any

import pytest
from instances_models import Note, Post, RecordingSession, Tag, User

from ormolu import exc
from ormolu.orm.instances import state as states
from ormolu.orm.instances.collections import loaded
from ormolu.orm.instances.history import get_history
from ormolu.orm.instances.setters import set_committed_value


@pytest.fixture
def session() -> RecordingSession:
    return RecordingSession()


def load_posts(user: User, posts: list[Post]) -> None:
    loaded(user, User.posts.impl, posts)


def test_append_sets_the_other_side() -> None:
    user, post = User(), Post()
    user.posts.append(post)
    assert post.author is user


def test_setting_the_scalar_side_appends_to_the_collection() -> None:
    user, post = User(), Post()
    post.author = user
    assert user.posts == [post]


def test_moving_a_child_takes_it_from_its_former_parent() -> None:
    first, second, post = User(), User(), Post()
    first.posts.append(post)
    second.posts.append(post)
    assert first.posts == []
    assert post.author is second
    post.author = first
    assert (first.posts, second.posts) == ([post], [])
    post.author = None
    assert first.posts == []


def test_many_to_many_agrees_on_both_sides() -> None:
    user, tag = User(), Tag()
    user.tags.add(tag)
    assert tag.users == [user]
    tag.users.remove(user)
    assert user.tags == set()


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda posts: posts.pop(), 2),
        (lambda posts: posts.remove(posts[0]), 2),
        (lambda posts: posts.clear(), 0),
        (lambda posts: posts.__delitem__(slice(0, 2)), 1),
        (lambda posts: posts.extend([Post(), Post()]), 5),
        (lambda posts: posts.insert(0, Post()), 4),
        (lambda posts: posts.__setitem__(0, Post()), 3),
        (lambda posts: posts.__setitem__(slice(0, 3), [Post()]), 1),
        (lambda posts: posts.__iadd__([Post()]), 4),
    ],
)
def test_every_list_operation_keeps_the_other_side_true(change: Any, left: int) -> None:
    user = User(posts=[Post(), Post(), Post()])
    before = list(user.posts)
    change(user.posts)
    assert len(user.posts) == left
    assert all(post.author is user for post in user.posts)
    assert all(post.author is None for post in before if post not in user.posts)


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda tags, one: tags.remove(one), 1),
        (lambda tags, one: tags.discard(one), 1),
        (lambda tags, one: tags.pop(), 1),
        (lambda tags, one: tags.clear(), 0),
        (lambda tags, one: tags.update([Tag(), Tag()]), 4),
        (lambda tags, one: tags.__ior__({Tag()}), 3),
        (lambda tags, one: tags.__isub__({one}), 1),
        (lambda tags, one: tags.__iand__({one}), 1),
        (lambda tags, one: tags.__ixor__({one, Tag()}), 2),
    ],
)
def test_every_set_operation_keeps_the_other_side_true(change: Any, left: int) -> None:
    one = Tag()
    user = User(tags={one, Tag()})
    before = set(user.tags)
    change(user.tags, one)
    assert len(user.tags) == left
    assert all(tag.users == [user] for tag in user.tags)
    assert all(tag.users == [] for tag in before - user.tags)


def test_dict_collection_goes_by_its_key_function() -> None:
    user, note = User(), Note(title="a")
    user.notes["a"] = note
    user.notes.set(Note(title="b"))
    assert sorted(user.notes) == ["a", "b"]
    user.notes.remove(note)
    assert list(user.notes) == ["b"]
    user.notes = {"c": Note(title="c")}
    assert list(user.notes) == ["c"]


def test_replacing_a_collection_releases_and_attaches_the_difference() -> None:
    kept, gone, new = Post(), Post(), Post()
    user = User(posts=[kept, gone])
    former = user.posts
    user.posts = [kept, new]
    assert gone.author is None
    assert new.author is user
    former.append(Post())
    assert len(user.posts) == 2


def test_collection_of_the_wrong_kind_is_refused() -> None:
    with pytest.raises(TypeError, match=r"None is not list-like; User\.posts"):
        User(posts=None)
    with pytest.raises(TypeError, match="not set-like"):
        User().tags = [Tag()]


def test_unmapped_value_is_refused_naming_both_classes() -> None:
    user = User()
    with pytest.raises(AttributeError, match=r"User\.posts holds instances of Post; 'x'.*'str'"):
        user.posts.append("x")
    with pytest.raises(AttributeError, match=r"Post\.author"):
        Post().author = 3


def test_change_of_an_unloaded_collection_is_queued_and_not_loaded(
    session: RecordingSession,
) -> None:
    user = session.holds(User, id=1)
    stored, gone = session.holds(Post, id=1), session.holds(Post, id=2, author=user)
    new = Post(author=user)
    gone.author = None
    assert session.loads == []
    assert get_history(user, "posts") == ([new], (), [gone])
    session.rows["posts"] = [stored, gone]
    assert user.posts == [stored, new]
    assert get_history(user, "posts") == ([new], [stored], [gone])


def test_history_of_a_loaded_collection(session: RecordingSession) -> None:
    user = session.holds(User, id=1)
    first, second, third = (session.holds(Post, id=n, author=user) for n in (1, 2, 3))
    load_posts(user, [first, second])
    user.posts.append(third)
    user.posts.remove(first)
    assert get_history(user, "posts") == ([third], [second], [first])


def test_appending_to_a_persistent_parent_cascades_into_its_session(
    session: RecordingSession,
) -> None:
    user, post = session.holds(User, id=1), Post()
    load_posts(user, [])
    user.posts.append(post)
    assert states.phase_of(post) is states.PENDING


def test_setting_the_parent_does_not_cascade_backwards(session: RecordingSession) -> None:
    user = session.holds(User, id=1)
    load_posts(user, [])
    post = Post(author=user)
    assert user.posts == [post]
    assert states.phase_of(post) is states.TRANSIENT


def test_pending_orphan_leaves_the_session(session: RecordingSession) -> None:
    user, post = session.holds(User, id=1), Post()
    load_posts(user, [])
    user.posts.append(post)
    user.posts.remove(post)
    assert session._new == {}
    assert states.phase_of(post) is states.TRANSIENT


def test_unloaded_many_to_one_finds_its_former_object_in_the_identity_map(
    session: RecordingSession,
) -> None:
    user = session.holds(User, id=1)
    post = session.holds(Post, id=1, user_id=1)
    load_posts(user, [post])
    post.author = None
    assert user.posts == []
    assert session.loads == []


def test_committed_value_is_no_change(session: RecordingSession) -> None:
    user = session.holds(User, id=1, name="ann")
    set_committed_value(user, "posts", [Post()])
    set_committed_value(user, "name", "bob")
    assert not get_history(user, "posts")
    assert not get_history(user, "name")
    assert len(user.posts) == 1


def test_dict_collection_whose_key_changed_says_so() -> None:
    note = Note(title="a")
    user = User()
    user.notes.set(note)
    note.title = "b"
    with pytest.raises(exc.InvalidRequestError, match="Can not remove"):
        user.notes.remove(note)
