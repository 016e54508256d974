"""The classes that the ORM suites work with: a blog, by declarative."""

from __future__ import annotations

from ...ext.asyncio import AsyncAttrs
from ...orm import DeclarativeBase, Mapped, backref, mapped_column, relationship
from ...orm.session.async_session import AsyncSession
from ...schema import Column, ForeignKey, Table
from ...types import String


class Base(AsyncAttrs, DeclarativeBase):
    """The base of the blog's classes."""


tagging = Table(
    "tagging",
    Base.metadata,
    Column("post_id", ForeignKey("post.id"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id"), primary_key=True),
)


class User(Base):
    """One profile, many posts."""

    __tablename__ = "user"  # a reserved word in several databases

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50), unique=True)
    nick: Mapped[str | None] = mapped_column(String(50))
    age: Mapped[int] = mapped_column(default=18)

    posts: Mapped[list[Post]] = relationship(
        back_populates="author", cascade="all, delete-orphan", order_by="Post.id"
    )
    profile: Mapped[Profile | None] = relationship(
        back_populates="user", cascade="all, delete-orphan"
    )


class Profile(Base):
    """The other side of a one-to-one."""

    __tablename__ = "profile"

    id: Mapped[int] = mapped_column(primary_key=True)
    bio: Mapped[str] = mapped_column(String(200))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), unique=True)
    user: Mapped[User] = relationship(back_populates="profile")


class Post(Base):
    """Has an author, tags, and comments by ``backref``."""

    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(100))
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    author: Mapped[User] = relationship(back_populates="posts")
    tags: Mapped[list[Tag]] = relationship(
        secondary=tagging, back_populates="posts", order_by="Tag.id"
    )


class Tag(Base):
    """On many posts."""

    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(30))
    posts: Mapped[list[Post]] = relationship(
        secondary=tagging, back_populates="tags", order_by="Post.id"
    )


class Comment(Base):
    """May outlive its post."""

    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(String(100))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    post = relationship(Post, backref=backref("comments", order_by="Comment.id"))


class Node(Base):
    """A tree."""

    __tablename__ = "node"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(30))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    children: Mapped[list[Node]] = relationship(
        back_populates="parent", cascade="all", order_by="Node.id"
    )
    parent: Mapped[Node | None] = relationship(back_populates="children", remote_side=[id])


async def fill(session: AsyncSession) -> None:
    """Write three users with two posts each, tagged and commented; commit."""
    red, blue = Tag(word="red"), Tag(word="blue")
    for name in ("ann", "bob", "cyd"):
        posts = [Post(title=f"{name} {n}", tags=[red, blue] if n == 1 else [red]) for n in (1, 2)]
        posts[0].comments = [Comment(body="first!"), Comment(body="second")]  # type: ignore[attr-defined]
        user = User(name=name, nick=name[0], posts=posts, profile=Profile(bio=f"I am {name}"))
        session.add(user)
        await session.flush()
    await session.commit()
