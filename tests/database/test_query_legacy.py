"""The 1.x `Query`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ormolu.engine import Engine, create_engine
from ormolu.exc import InvalidRequestError, MultipleResultsFound, NoResultFound
from ormolu.orm import (
    DeclarativeBase,
    Mapped,
    Query,
    Session,
    joinedload,
    mapped_column,
    relationship,
)
from ormolu.schema import ForeignKey
from ormolu.sql import bindparam, func, select, text


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    posts: Mapped[list[Post]] = relationship(back_populates="author", order_by="Post.id")


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    author: Mapped[User | None] = relationship(back_populates="posts")


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    session = Session(engine)
    session.add_all(
        [
            User(name="ann", posts=[Post(title="one"), Post(title="two")]),
            User(name="bob", posts=[Post(title="three")]),
            User(name="cyd"),
        ]
    )
    session.flush()
    yield session
    session.close()


def names(users: list[User]) -> list[str | None]:
    return [user.name for user in users]


def test_everyday_queries(session: Session) -> None:
    query = session.query(User)
    assert names(query.order_by(User.id).all()) == ["ann", "bob", "cyd"]
    assert names(query.filter(User.id > 1).order_by(User.id.desc()).all()) == ["cyd", "bob"]
    assert query.filter_by(name="bob").one().id == 2
    assert query.filter_by(name="nobody").first() is None
    assert query.filter_by(name="nobody").one_or_none() is None
    assert names(query.order_by(User.id).limit(1).offset(1).all()) == ["bob"]
    assert names(list(query.order_by(User.id))) == ["ann", "bob", "cyd"]
    assert query.get(1) is session.get(User, 1)
    assert query.count() == 3
    assert query.filter(User.id > 1).count() == 2
    assert session.query(User.name).filter_by(id=1).scalar() == "ann"
    assert session.query(func.count(User.id)).scalar() == 3
    assert session.query(query.filter_by(name="ann").exists()).scalar() is True


def test_columns_come_as_rows(session: Session) -> None:
    rows = session.query(User.id, User.name.label("called")).order_by(User.id).all()
    assert rows[0] == (1, "ann")
    assert rows[0].called == "ann"
    pairs = session.query(User, User.name).order_by(User.id).all()
    assert pairs[1][0].name == pairs[1].name == "bob"


def test_indexing_and_slicing(session: Session) -> None:
    query = session.query(User).order_by(User.id)
    assert query[1].name == "bob"
    assert names(query[0:2]) == ["ann", "bob"]
    assert names(query[1:]) == ["bob", "cyd"]
    assert names(query[0:3:2]) == ["ann", "cyd"]
    assert query[2:2] == []
    assert names(query.offset(1)[1:2]) == ["cyd"]
    with pytest.raises(IndexError, match="negative indexes"):
        query[-1]
    with pytest.raises(IndexError):
        query[9]


def test_exactly_one_or_an_error(session: Session) -> None:
    with pytest.raises(MultipleResultsFound, match="Multiple rows were found"):
        session.query(User).one()
    with pytest.raises(MultipleResultsFound):
        session.query(User).one_or_none()
    with pytest.raises(MultipleResultsFound):
        session.query(User.id).scalar()
    with pytest.raises(NoResultFound, match="No row was found when one was required"):
        session.query(User).filter_by(id=99).one()


def test_joins_and_filter_by_on_what_was_joined(session: Session) -> None:
    query = session.query(User).join(User.posts).filter_by(title="three")
    assert names(query.all()) == ["bob"]
    by_entity = session.query(User).join(Post, Post.author_id == User.id).filter(Post.id < 3)
    assert names(by_entity.all()) == ["ann"]
    alone = session.query(User).outerjoin(User.posts).filter(Post.id.is_(None))
    assert names(alone.all()) == ["cyd"]
    first = session.query(User).join(User.posts).reset_joinpoint().filter_by(name="ann")
    assert names(first.all()) == ["ann"]


def test_joined_eager_loads_give_each_object_once(session: Session) -> None:
    session.expunge_all()
    users = session.query(User).options(joinedload(User.posts)).order_by(User.id).all()
    assert [len(user.__dict__["posts"]) for user in users] == [2, 1, 0]


def test_grouping_and_distinct(session: Session) -> None:
    counted = (
        session.query(Post.author_id, func.count(Post.id))
        .group_by(Post.author_id)
        .having(func.count(Post.id) > 1)
    )
    assert counted.all() == [(1, 2)]
    assert session.query(Post.author_id).distinct().count() == 2


def test_update_and_delete(session: Session) -> None:
    ann = session.get_one(User, 1)
    assert session.query(User).filter(User.id == 1).update({"name": "anna"}) == 1
    assert ann.name == "anna"
    assert session.query(User).filter(User.id == 1).update({User.name: User.name + "!"}) == 1
    assert ann.name == "anna!"
    assert session.query(User).filter_by(name="cyd").delete() == 1
    assert session.query(User).count() == 2
    for refused in ("limit", "order_by"):
        query = getattr(session.query(User), refused)(1 if refused == "limit" else User.id)
        with pytest.raises(InvalidRequestError, match=refused):
            query.delete()


def test_other_sources(session: Session) -> None:
    users = session.query(User).from_statement(text("SELECT * FROM users WHERE id = 2")).all()
    assert names(users) == ["bob"]
    query = session.query(User).filter(User.id == bindparam("wanted"))
    assert names(query.params(wanted=3).all()) == ["cyd"]
    sub = session.query(User.id).filter(User.id > 1).subquery()
    assert session.execute(select(func.count()).select_from(sub)).scalar() == 2
    assert session.query(User).with_entities(User.name).filter_by(id=1).one() == ("ann",)
    assert session.query(User.id).add_columns(User.name).filter_by(id=1).one() == (1, "ann")
    both = session.query(User).filter_by(id=1).union(session.query(User).filter_by(id=2))
    assert sorted(map(str, names(both.all()))) == ["ann", "bob"]


def test_options_of_a_run(session: Session) -> None:
    ann = session.get_one(User, 1)
    session.execute(text("UPDATE users SET name = 'changed' WHERE id = 1"))
    assert session.query(User).filter_by(id=1).one().name == "ann"
    assert session.query(User).filter_by(id=1).populate_existing().one() is ann
    assert ann.name == "changed"
    session.add(User(name="pending"))
    assert session.query(User).autoflush(False).count() == 3
    assert session.query(User).count() == 4
    assert len(list(session.query(User).yield_per(2))) == 4


def test_what_is_not_possible_says_so(session: Session) -> None:
    with pytest.raises(InvalidRequestError, match=r'Entity namespace for "users" has no .*"nope"'):
        session.query(User).filter_by(nope=1)
    with pytest.raises(InvalidRequestError, match="already has LIMIT or OFFSET applied"):
        session.query(User).limit(1).filter(User.id == 1)
    with pytest.raises(InvalidRequestError, match="contains no columns"):
        session.query().all()
    with pytest.raises(InvalidRequestError, match="has no session"):
        Query(User).all()


def test_descriptions(session: Session) -> None:
    found = session.query(User, User.name).column_descriptions
    assert [(d["name"], d["entity"]) for d in found] == [("User", User), ("name", User)]
    assert session.query(User).is_single_entity
    assert not session.query(User.id).is_single_entity
