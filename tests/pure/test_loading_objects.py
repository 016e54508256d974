"""Loading on a database in memory: strategies, siblings, refresh, and how many statements."""

from __future__ import annotations

import datetime

import pytest
from loading_models import Comment, Event, Node, Post, Tag, User, database

from ormolu import exc, func, select, text, union
from ormolu.exc import SADeprecationWarning
from ormolu.orm import (
    Session,
    aliased,
    contains_eager,
    defaultload,
    defer,
    immediateload,
    joinedload,
    lazyload,
    load_only,
    noload,
    raiseload,
    selectinload,
    subqueryload,
    undefer,
    with_loader_criteria,
)
from ormolu.testing import count_queries


@pytest.fixture
def engine():
    return database()


@pytest.fixture
def session(engine):
    with Session(engine) as session:
        yield session


def titles(user):
    return [post.title for post in user.posts]


def test_the_same_row_is_the_same_object(session):
    first = session.scalars(select(User).order_by(User.id)).all()
    second = session.scalars(select(User).order_by(User.id)).all()
    assert [user.name for user in first] == ["u1", "u2", "u3"]
    assert all(a is b for a, b in zip(first, second, strict=True))


def test_rows_have_the_names_of_their_entities(session):
    result = session.execute(select(User, Post.title).join(User.posts).order_by(Post.id))
    assert list(result.keys()) == ["User", "title"]
    row = result.first()
    assert (row.User.name, row.title) == ("u1", "p11")


def test_values_are_converted_and_composite_keys_found(session):
    event = session.scalars(select(Event)).one()
    assert event.day == datetime.date(1969, 7, 20)
    assert session.get(Event, (1969, 1)) is event
    assert session.get(Event, {"number": 1, "year": 1969}) is event


@pytest.mark.parametrize(
    ("ident", "said"),
    [((1, 2), "primary key columns are 'users.id'"), ({"x": 1}, "attribute names are 'id'")],
)
def test_get_names_the_primary_key_when_the_values_do_not_fit(session, ident, said):
    with pytest.raises(exc.InvalidRequestError, match=said):
        session.get(User, ident)


def test_get_asks_the_identity_map_first(engine, session):
    user = session.get(User, 1)
    with count_queries(engine) as log:
        assert session.get(User, 1) is user
        assert session.get(User, 99) is None
    assert log.count == 1


def test_get_of_an_expired_object_whose_row_is_gone_gives_none(session):
    user = session.get(User, 3)
    session.execute(text("DELETE FROM users WHERE id = 3"))
    session.expire(user)
    assert session.get(User, 3) is None


@pytest.mark.parametrize("load", [selectinload, subqueryload])
def test_collections_are_loaded_with_one_more_statement(engine, session, load):
    with count_queries(engine) as log:
        users = session.scalars(select(User).options(load(User.posts)).order_by(User.id)).all()
        assert [titles(user) for user in users] == [["p11", "p12"], ["p21", "p22"], ["p31", "p32"]]
    assert log.count == 2


def test_select_in_of_many_to_many_and_empty_collections(engine, session):
    with count_queries(engine) as log:
        users = session.scalars(select(User).options(selectinload(User.tags)).order_by(User.id))
        found = [sorted(tag.name for tag in user.tags) for user in users]
    assert found == [["blue", "red"], ["blue"], []]
    assert log.count == 2


def test_select_in_of_many_to_one_takes_what_the_session_has(engine, session):
    users = session.scalars(select(User)).all()
    with count_queries(engine) as log:
        posts = session.scalars(select(Post).options(selectinload(Post.author))).all()
        assert {post.author for post in posts} == set(users)
    assert log.count == 1


def test_nested_select_in(engine, session):
    with count_queries(engine) as log:
        load = selectinload(User.posts).selectinload(Post.comments)
        users = session.scalars(select(User).options(load)).all()
        assert [c.body for user in users for post in user.posts for c in post.comments] == ["x"] * 6
    assert log.count == 3


def test_criteria_of_a_select_in_take_the_values_of_each_execution(session):
    def load(title):
        session.expunge_all()
        option = selectinload(User.posts.and_(Post.title == title))
        return titles(session.scalars(select(User).options(option).where(User.id == 1)).one())

    assert load("p11") == ["p11"]
    assert load("p12") == ["p12"]


def test_joined_collections_need_unique(session):
    result = session.scalars(select(User).options(joinedload(User.posts)))
    with pytest.raises(exc.InvalidRequestError, match=r"unique\(\) method must be invoked"):
        result.all()


def test_joined_collection(engine, session):
    with count_queries(engine) as log:
        option = joinedload(User.posts).joinedload(Post.comments)
        users = session.scalars(select(User).options(option).order_by(User.id)).unique().all()
        assert [titles(user) for user in users] == [["p11", "p12"], ["p21", "p22"], ["p31", "p32"]]
        assert [len(post.comments) for user in users for post in user.posts] == [1] * 6
    assert log.count == 1


def test_two_joined_collections_do_not_multiply(session):
    option = (joinedload(User.posts), joinedload(User.tags))
    user = session.scalars(select(User).options(*option).where(User.id == 1)).unique().one()
    assert titles(user) == ["p11", "p12"]
    assert sorted(tag.id for tag in user.tags) == [1, 2]


def test_joined_with_a_limit_counts_parents(session):
    statement = select(User).options(joinedload(User.posts)).order_by(User.id).limit(2)
    users = session.scalars(statement).unique().all()
    assert [titles(user) for user in users] == [["p11", "p12"], ["p21", "p22"]]


def test_joined_many_to_one(engine, session):
    with count_queries(engine) as log:
        posts = session.scalars(select(Post).options(joinedload(Post.author))).all()
        assert {post.author.name for post in posts} == {"u1", "u2", "u3"}
    assert log.count == 1


def test_contains_eager_fills_from_the_join(engine, session):
    statement = (
        select(User).join(User.posts).where(Post.title == "p21").options(contains_eager(User.posts))
    )
    with count_queries(engine) as log:
        user = session.scalars(statement).unique().one()
        assert titles(user) == ["p21"]
    assert log.count == 1


def test_the_second_lazy_load_of_a_result_loads_for_all_its_objects(engine, session):
    users = session.scalars(select(User).order_by(User.id)).all()
    with count_queries(engine) as log:
        assert [titles(user) for user in users] == [["p11", "p12"], ["p21", "p22"], ["p31", "p32"]]
    assert log.count == 2


def test_siblings_are_left_alone_when_batching_is_off(engine):
    with Session(engine, lazy_batch=False) as session, count_queries(engine) as log:
        users = session.scalars(select(User)).all()
        assert [len(user.posts) for user in users] == [2, 2, 2]
    assert log.count == 4


def test_a_many_to_one_of_the_identity_map_needs_no_statement(engine, session):
    users = session.scalars(select(User)).all()
    posts = session.scalars(select(Post)).all()
    with count_queries(engine) as log:
        assert {post.author for post in posts} == set(users)
    assert log.count == 0


def test_lazy_many_to_many(session):
    assert sorted(tag.name for tag in session.get(User, 1).tags) == ["blue", "red"]


def test_options_go_on_with_lazy_loads(engine, session):
    option = lazyload(User.posts).selectinload(Post.comments)
    user = session.scalars(select(User).options(option).where(User.id == 1)).one()
    posts = user.posts
    with count_queries(engine) as log:
        assert [len(post.comments) for post in posts] == [1, 1]
    assert log.count == 0


@pytest.mark.parametrize("option", [raiseload(User.posts), raiseload("*")])
def test_raiseload_names_the_attribute(session, option):
    user = session.scalars(select(User).options(option).limit(1)).one()
    with pytest.raises(exc.InvalidRequestError, match=r"'User.posts' is not available due to lazy"):
        _ = user.posts


def test_raise_on_sql_allows_what_the_identity_map_has(session):
    user = session.get(User, 1)
    option = raiseload(Post.author, sql_only=True)
    posts = session.scalars(select(Post).options(option).order_by(Post.id)).all()
    assert posts[0].author is user
    with pytest.raises(exc.InvalidRequestError, match="lazy='raise_on_sql'"):
        _ = posts[-1].author


def test_noload_and_immediateload(engine, session):
    with pytest.warns(SADeprecationWarning):
        option = noload(User.posts)
    user = session.scalars(select(User).options(option).limit(1)).one()
    assert user.posts == []
    session.expunge_all()
    user = session.scalars(select(User).options(immediateload(User.posts)).limit(1)).one()
    with count_queries(engine) as log:
        assert len(user.posts) == 2
    assert log.count == 0


def test_deferred_columns_load_on_use_and_undefer_brings_them(engine, session):
    event = session.scalars(select(Event)).one()
    with count_queries(engine) as log:
        assert event.notes == "landing"
    assert log.count == 1
    session.expunge_all()
    event = session.scalars(select(Event).options(undefer(Event.notes))).one()
    with count_queries(engine) as log:
        assert event.notes == "landing"
    assert log.count == 0


def test_a_later_load_fills_in_what_an_earlier_one_deferred(engine, session):
    post = session.scalars(select(Post).options(load_only(Post.user_id)).limit(1)).one()
    session.scalars(select(Post)).all()
    with count_queries(engine) as log:
        assert post.title == "p11"
    assert log.count == 0


def test_deferred_with_raiseload_refuses(session):
    option = defer(Post.title, raiseload=True)
    post = session.scalars(select(Post).options(option).limit(1)).one()
    with pytest.raises(exc.InvalidRequestError, match=r"'Post.title' is not available"):
        _ = post.title


def test_modified_attributes_are_kept_unless_populate_existing(session):
    session.autoflush = False
    user = session.get(User, 1)
    user.name = "changed"
    session.scalars(select(User)).all()
    assert user.name == "changed"
    session.scalars(select(User).execution_options(populate_existing=True)).all()
    assert user.name == "u1"
    assert user not in session.dirty


def test_expired_objects_are_refreshed_by_a_query(engine, session):
    users = session.scalars(select(User).order_by(User.id)).all()
    session.expire_all()
    session.scalars(select(User)).all()
    with count_queries(engine) as log:
        assert [user.name for user in users] == ["u1", "u2", "u3"]
    assert log.count == 0


def test_an_expired_object_reloads_all_its_columns_at_once(engine, session):
    post = session.get(Post, 11)
    session.expire(post)
    with count_queries(engine) as log:
        assert (post.title, post.user_id) == ("p11", 1)
    assert log.count == 1


def test_reload_of_a_deleted_row_names_the_object(session):
    user = session.get(User, 3)
    session.execute(text("DELETE FROM users WHERE id = 3"))
    session.expire(user)
    with pytest.raises(exc.ObjectDeletedError, match="User"):
        _ = user.name
    with pytest.raises(exc.InvalidRequestError, match="Could not refresh"):
        session.refresh(user)


def test_refresh_of_everything_and_of_names(engine, session):
    user = session.get(User, 1)
    assert len(user.posts) == 2
    session.execute(text("UPDATE users SET name = 'new' WHERE id = 1"))
    session.execute(text("DELETE FROM posts WHERE id = 11"))
    session.refresh(user, ["posts"])
    assert (user.name, titles(user)) == ("u1", ["p12"])
    session.refresh(user)
    assert user.name == "new"


def test_outer_joined_entities_may_be_none(session):
    session.execute(text("DELETE FROM posts WHERE user_id = 3"))
    rows = session.execute(select(User, Post).outerjoin(User.posts).where(User.id == 3)).all()
    assert [(user.name, post) for user, post in rows] == [("u3", None)]


def test_aliased_entities(session):
    other = aliased(User)
    pairs = select(User, other).where(User.id == 1, other.id == 2, User.id < other.id)
    rows = session.execute(pairs).all()
    assert [(a.name, b.name) for a, b in rows] == [("u1", "u2")]
    young = select(User).where(User.id > 1).subquery()
    found = session.scalars(select(aliased(User, young)).order_by(young.c.id)).all()
    assert [user.name for user in found] == ["u2", "u3"]
    assert found[0] is session.get(User, 2)


def test_from_statement(session):
    statement = select(User).from_statement(text("SELECT name, id FROM users ORDER BY id DESC"))
    assert [user.name for user in session.scalars(statement)] == ["u3", "u2", "u1"]
    with pytest.raises(exc.NoSuchColumnError, match=r"users\.id"):
        session.scalars(select(User).from_statement(text("SELECT name FROM users")))


def test_from_statement_of_a_union(session):
    both = union(select(User).where(User.id == 1), select(User).where(User.id == 3))
    assert {u.name for u in session.scalars(select(User).from_statement(both))} == {"u1", "u3"}


def test_core_statements_and_aggregates(session):
    assert session.scalar(select(func.count()).select_from(User)) == 3
    assert session.execute(text("SELECT 1 AS one")).one().one == 1


def test_loader_criteria_reach_entities_joins_and_lazy_loads(session):
    option = with_loader_criteria(Post, Post.title != "p11")
    statement = select(User).options(option, selectinload(User.posts)).where(User.id == 1)
    assert titles(session.scalars(statement).one()) == ["p12"]
    assert len(session.scalars(select(Post).options(option)).all()) == 5


def test_recursive_select_in(engine, session):
    option = selectinload(Node.children, recursion_depth=-1)
    with count_queries(engine) as log:
        root = session.scalars(select(Node).options(option).where(Node.id == 1)).one()
        assert [child.id for child in root.children] == [2, 4]
        assert [child.id for child in root.children[0].children] == [3]
        assert root.children[0].children[0].children == []
    assert log.count == 4


def test_defaultload_keeps_the_strategy_and_reaches_behind_it(session):
    option = defaultload(User.posts).load_only(Post.user_id)
    user = session.scalars(select(User).options(option).limit(1)).one()
    assert "title" not in user.posts[0].__dict__
    assert user.posts[0].title == "p11"


@pytest.mark.parametrize(
    ("build", "error", "said"),
    [
        (lambda: joinedload("posts"), exc.ArgumentError, "Strings are not accepted"),
        (lambda: joinedload(User.name), exc.InvalidRequestError, "User.name"),
        (lambda: defer(User.posts), exc.InvalidRequestError, "User.posts"),
        (lambda: selectinload(7), exc.ArgumentError, "not a mapped attribute"),
    ],
)
def test_wrong_options_say_what_is_wrong(build, error, said):
    with pytest.raises(error, match=said):
        build()


def test_options_must_lead_from_a_root_entity(session):
    with pytest.raises(exc.ArgumentError, match=r"does not apply to any of the root entities"):
        session.scalars(select(Post).options(joinedload(User.posts)))
    with pytest.raises(exc.ArgumentError, match="only expression-based entities"):
        session.execute(select(Post.title).options(joinedload(User.posts)))
    with pytest.raises(exc.ArgumentError, match="does not link from"):
        session.scalars(select(User).options(selectinload(User.tags).selectinload(Post.comments)))


def test_every_model_of_these_tests_is_loadable(session):
    assert len(session.scalars(select(Comment)).all()) == 6
    assert len(session.scalars(select(Tag)).all()) == 2


def test_refresh_keeps_the_options_and_values_of_the_load(session):
    def load(title):
        session.expunge_all()
        option = joinedload(User.posts.and_(Post.title == title))
        user = session.scalars(select(User).options(option).where(User.id == 1)).unique().one()
        session.refresh(user)
        return titles(user)

    assert load("p11") == ["p11"]
    assert load("p12") == ["p12"]


def test_aliased_statements_share_one_compiled_load(engine, session):
    def load(number):
        other = aliased(User)
        return session.scalars(select(other).where(other.id == number)).one().name

    assert load(1) == "u1"
    held = len(engine.core.cache)
    assert load(2) == "u2"
    assert len(engine.core.cache) == held
