"""The models that the loading tests share, and a database with rows for them."""

from __future__ import annotations

import datetime

from ormolu import Column, ForeignKey, Table, create_engine
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


user_tag = Table(
    "user_tag",
    Base.metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
)


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    posts: Mapped[list[Post]] = relationship(back_populates="author", order_by="Post.id")
    tags: Mapped[list[Tag]] = relationship(secondary=user_tag)


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    author: Mapped[User | None] = relationship(back_populates="posts")
    comments: Mapped[list[Comment]] = relationship()


class Comment(Base):
    __tablename__ = "comments"
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    body: Mapped[str]


class Tag(Base):
    __tablename__ = "tags"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Node(Base):
    __tablename__ = "nodes"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("nodes.id"))
    children: Mapped[list[Node]] = relationship(order_by="Node.id")


class Event(Base):
    __tablename__ = "events"
    year: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[datetime.date]
    notes: Mapped[str | None] = mapped_column(deferred=True)


def database():
    """An engine on a fresh database: three users with two posts each, the first two with tags."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        red, blue = Tag(id=1, name="red"), Tag(id=2, name="blue")
        for number, tags in ((1, [red, blue]), (2, [blue]), (3, [])):
            posts = [
                Post(id=number * 10 + k, title=f"p{number}{k}", comments=[Comment(body="x")])
                for k in (1, 2)
            ]
            session.add(User(id=number, name=f"u{number}", posts=posts, tags=tags))
        session.add(Event(year=1969, number=1, day=datetime.date(1969, 7, 20), notes="landing"))
        root = Node(id=1, children=[Node(id=2, children=[Node(id=3)]), Node(id=4)])
        session.add(root)
    return engine
