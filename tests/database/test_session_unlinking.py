"""Deleting an object removes its rows of association tables, whatever session its items are in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ormolu.engine import Engine, create_engine
from ormolu.exc import StaleDataError
from ormolu.inspection import inspect
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from ormolu.schema import Column, ForeignKey, Table
from ormolu.sql import select, text


class Base(DeclarativeBase):
    pass


links = Table(
    "links",
    Base.metadata,
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
)


class Tag(Base):
    __tablename__ = "tags"
    id: Mapped[int] = mapped_column(primary_key=True)


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    tags: Mapped[list[Tag]] = relationship(secondary=links)


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Post(id=n, tags=[Tag(id=n)]) for n in (1, 2, 3)])
    yield engine
    engine.dispose()


def linked(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return list(connection.scalars(select(links.c.post_id).order_by(links.c.post_id)))


def test_a_detached_object_is_deleted_with_its_links_to_detached_items(engine: Engine) -> None:
    session = Session(engine)
    post = session.get_one(Post, 2)
    assert [tag.id for tag in post.tags] == [2]
    session.close()
    session.delete(post)
    session.commit()
    assert linked(engine) == [1, 3]


def test_links_that_a_sibling_had_loaded_go_with_a_detached_object(engine: Engine) -> None:
    session = Session(engine)
    posts = session.scalars(select(Post).order_by(Post.id)).all()
    session.rollback()  # expires them: only the links are loaded by the next lines
    assert [len(post.tags) for post in posts[:2]] == [1, 1]
    session.close()
    session.delete(posts[2])
    session.commit()
    assert linked(engine) == [1, 2]


def test_links_that_went_with_a_deleted_item_are_not_missed(engine: Engine) -> None:
    session = Session(engine, expire_on_commit=False)
    post = session.get_one(Post, 1)
    tag = post.tags[0]
    with Session(engine) as other:
        other.execute(text("DELETE FROM links WHERE tag_id = 1"))
    session.expunge(tag)
    session.delete(post)
    session.commit()
    assert linked(engine) == [2, 3]


def test_a_missing_link_to_an_item_of_the_session_is_stale(engine: Engine) -> None:
    session = Session(engine)
    post = session.get_one(Post, 1)
    assert len(post.tags) == 1
    session.execute(text("DELETE FROM links WHERE tag_id = 1"))
    session.delete(post)
    with pytest.raises(StaleDataError, match="links"):
        session.flush()
    session.close()


def test_a_deleted_object_that_was_expunged_stays_out_of_a_rollback(engine: Engine) -> None:
    session = Session(engine)
    expunged, kept = session.get_one(Tag, 1), session.get_one(Tag, 2)
    session.execute(links.delete())
    session.delete(expunged)
    session.delete(kept)
    session.flush()
    session.expunge(expunged)
    session.rollback()
    assert inspect(expunged).detached
    assert inspect(kept).persistent
    session.close()
