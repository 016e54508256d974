"""Relationships: both sides agree, cascades reach as far as they say, loaders too."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from ...exc import IntegrityError, InvalidRequestError, SADeprecationWarning
from ...orm import (
    contains_eager,
    defer,
    immediateload,
    joinedload,
    lazyload,
    load_only,
    noload,
    raiseload,
    selectinload,
    subqueryload,
)
from ...orm.session.async_session import AsyncSession
from ...schema import MetaData
from ...sql import func, select
from .models import Base, Comment, Node, Post, Profile, Tag, User, fill, tagging
from .suite import Database, Suite


async def count(session: AsyncSession, table: Any) -> int:
    """Return the number of rows."""
    return await session.scalar(select(func.count()).select_from(table)) or 0


class RelationshipSuite(Suite):
    """Writing object graphs."""

    metadata: ClassVar[MetaData] = Base.metadata

    async def test_one_to_many_sets_the_foreign_keys(self, db: Database) -> None:
        async with db.session() as session:
            user = User(name="ann", posts=[Post(title="a"), Post(title="b")])
            session.add(user)
            await session.flush()
            assert [post.author_id for post in user.posts] == [user.id, user.id]
            assert all(post.author is user for post in user.posts)

    async def test_many_to_one_reaches_the_parent(self, db: Database) -> None:
        async with db.session() as session:
            post = Post(title="a", author=User(name="ann"))
            session.add(post)
            await session.flush()
            assert post.author_id == post.author.id
            assert post.author.posts == [post]

    async def test_moving_a_child_to_another_parent(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
            ann, bob = (await session.scalars(
                select(User).order_by(User.id).limit(2).options(selectinload(User.posts))
            )).all()  # fmt: skip
            moved = ann.posts[0]
            moved.author = bob
            assert moved not in ann.posts and moved in bob.posts
            await session.commit()
            assert await session.scalar(select(Post.author_id).filter_by(id=1)) == 2

    async def test_delete_cascades_to_children(self, db: Database) -> None:
        async with db.session() as session:
            session.add(User(name="ann", posts=[Post(title="a")], profile=Profile(bio="x")))
            await session.commit()
            ann = (await session.scalars(select(User))).one()
            await session.delete(ann)
            await session.flush()
            assert [await count(session, t) for t in (User, Post, Profile)] == [0, 0, 0]

    async def test_orphan_is_deleted(self, db: Database) -> None:
        async with db.session() as session:
            user = User(name="ann", posts=[Post(title="a"), Post(title="b")])
            session.add(user)
            await session.flush()
            user.posts.pop()
            await session.flush()
            assert await count(session, Post) == 1

    async def test_replacing_a_one_to_one_deletes_the_old(self, db: Database) -> None:
        async with db.session() as session:
            user = User(name="ann", profile=Profile(bio="old"))
            session.add(user)
            await session.flush()
            user.profile = None
            await session.flush()
            user.profile = Profile(bio="new")
            await session.flush()
            assert (await session.scalars(select(Profile.bio))).all() == ["new"]

    async def test_without_delete_cascade_the_foreign_key_is_nulled(self, db: Database) -> None:
        async with db.session() as session:
            comment = Comment(body="x", post=Post(title="p", author=User(name="ann")))
            session.add(comment)
            await session.commit()
            query = select(Post).options(selectinload(Post.tags))
            await session.delete((await session.scalars(query)).one())
            await session.commit()
            assert (await session.execute(select(Comment.body, Comment.post_id))).all() == [
                ("x", None)
            ]

    async def test_many_to_many_writes_and_removes_links(self, db: Database) -> None:
        async with db.session() as session:
            red, blue = Tag(word="red"), Tag(word="blue")
            post = Post(title="p", author=User(name="ann"), tags=[red, blue])
            session.add(post)
            await session.flush()
            assert red.posts == [post]
            assert await count(session, tagging) == 2
            red.posts.remove(post)
            assert post.tags == [blue]
            await session.flush()
            assert await count(session, tagging) == 1
            await session.delete(post)
            await session.flush()
            assert [await count(session, t) for t in (tagging, Tag)] == [0, 2]

    async def test_backref_makes_the_other_side(self, db: Database) -> None:
        comment = Comment(body="x")
        post: Any = Post(title="p", author=User(name="ann"), comments=[comment])
        assert comment.post is post
        async with db.session() as session:
            session.add(comment)
            await session.flush()
            assert comment.post_id == post.id

    async def test_tree_is_inserted_and_deleted_in_order(self, db: Database) -> None:
        async with db.session() as session:
            root = Node(label="root", children=[
                Node(label="a", children=[Node(label="a1"), Node(label="a2")]), Node(label="b"),
            ])  # fmt: skip
            session.add(root)
            await session.commit()
            found = (await session.scalars(select(Node).where(Node.parent_id.is_(None)))).one()
            names = [n.label for n in await db.read(found, "children")]
            assert names == ["a", "b"]
            await session.refresh(found)
            await session.run_sync(lambda sync: sync.delete(found))
            await session.flush()
            assert await count(session, Node) == 0

    async def test_refused_objects_are_named(self, db: Database) -> None:
        with pytest.raises((TypeError, AttributeError)):
            User(name="ann", posts=5)
        with pytest.raises(TypeError, match="nmae"):
            User(nmae="ann")
        async with db.session() as session:
            session.add(Post(title="no author"))
            with pytest.raises(IntegrityError, match="post"):
                await session.flush()
            await session.rollback()
            session.expunge_all()  # the refused post is pending again

    async def test_merge_copies_a_graph(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
        async with db.session() as session:
            copy = await session.merge(User(id=1, name="anna", posts=[Post(id=1, title="t")]))
            await session.flush()
            assert (copy.name, [post.title for post in copy.posts]) == ("anna", ["t"])
            assert await count(session, Post) == 5


class LoaderSuite(Suite):
    """Each loader gives the same objects, by as many statements as it says."""

    metadata: ClassVar[MetaData] = Base.metadata

    EXPECTED: ClassVar[dict[str, list[str]]] = {
        name: [f"{name} 1", f"{name} 2"] for name in ("ann", "bob", "cyd")
    }

    @pytest.mark.parametrize(
        ("option", "statements"),
        [(selectinload, 2), (joinedload, 1), (subqueryload, 2), (immediateload, 4)],
        ids=lambda value: getattr(value, "__name__", None),
    )
    async def test_collections(self, db: Database, option: Any, statements: int) -> None:
        async with db.session() as session:
            await fill(session)
        async with db.session() as session:
            with db.counting() as seen:
                query = select(User).order_by(User.id).options(option(User.posts))
                users = (await session.scalars(query)).unique().all()
                found = {user.name: [post.title for post in user.posts] for user in users}
            assert found == self.EXPECTED
            assert seen.count == statements, seen.statements

    @pytest.mark.parametrize(
        "option", [selectinload, joinedload, subqueryload], ids=lambda o: o.__name__
    )
    async def test_scalars_nested_and_many_to_many(self, db: Database, option: Any) -> None:
        async with db.session() as session:
            await fill(session)
        async with db.session() as session:
            query = (
                select(Comment)
                .order_by(Comment.id)
                .options(
                    option(Comment.post).options(
                        option(Post.author).joinedload(User.profile), option(Post.tags)
                    )
                )
            )
            comments = (await session.scalars(query)).unique().all()
            with db.counting() as seen:
                found = [
                    (c.body, c.post.author.profile.bio, [tag.word for tag in c.post.tags])
                    for c in comments
                ]
            assert seen.count == 0
            assert found[:2] == [
                ("first!", "I am ann", ["red", "blue"]),
                ("second", "I am ann", ["red", "blue"]),
            ]
            assert len(found) == 6

    async def test_joined_inner_and_limit(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
        async with db.session() as session:
            query = select(User).options(joinedload(User.posts)).order_by(User.name.desc()).limit(2)
            users = (await session.scalars(query)).unique().all()
            assert [(u.name, len(u.posts)) for u in users] == [("cyd", 2), ("bob", 2)]
            inner = select(Post).options(joinedload(Post.author, innerjoin=True))
            with db.counting() as seen:
                await session.scalars(inner)
            assert "LEFT OUTER" not in seen.statements[0]

    async def test_joined_collection_needs_unique(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
            with pytest.raises(InvalidRequestError, match="unique"):
                (await session.scalars(select(User).options(joinedload(User.posts)))).all()

    async def test_contains_eager(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
        async with db.session() as session:
            query = (
                select(User)
                .join(User.posts)
                .where(Post.title.like("%2"))
                .options(contains_eager(User.posts))
                .order_by(User.id)
            )
            users = (await session.scalars(query)).unique().all()
            assert [[p.title for p in u.posts] for u in users] == [["ann 2"], ["bob 2"], ["cyd 2"]]

    async def test_raiseload_names_the_attribute(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
        async with db.session() as session:
            query = select(User).limit(1).options(raiseload(User.posts))
            user = (await session.scalars(query)).one()
            with pytest.raises(InvalidRequestError, match=r"User\.posts"):
                await db.read(user, "posts")
            everything = select(Post).limit(1).options(raiseload("*"), lazyload(Post.author))
            post = (await session.scalars(everything)).one()
            assert (await db.read(post, "author")).name == "ann"
            with pytest.raises(InvalidRequestError, match=r"Post\.tags"):
                await db.read(post, "tags")

    async def test_siblings_load_together(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
        async with db.session() as session:
            with db.counting() as seen:
                users = (await session.scalars(select(User).order_by(User.id))).all()
                for user in users:
                    assert len(await db.read(user, "posts")) == 2
            assert seen.count == 3, seen.statements

    async def test_siblings_load_many_to_one_together(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
        async with db.session() as session:
            with db.counting() as seen:
                posts = (await session.scalars(select(Post).order_by(Post.id))).all()
                names = [(await db.read(post, "author")).name for post in posts]
            assert names == ["ann", "ann", "bob", "bob", "cyd", "cyd"]
            assert seen.count == 3, seen.statements

    async def test_lazy_batch_off_loads_one_by_one(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
        async with db.session(lazy_batch=False) as session:
            with db.counting() as seen:
                for user in (await session.scalars(select(User).order_by(User.id))).all():
                    assert len(await db.read(user, "posts")) == 2
            assert seen.count == 4, seen.statements

    async def test_many_to_one_of_a_known_object_sends_nothing(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
        async with db.session() as session:
            users = (await session.scalars(select(User))).all()
            posts = (await session.scalars(select(Post))).all()
            with db.counting() as seen:
                assert {(await db.read(post, "author")).id for post in posts} == {1, 2, 3}
            assert (len(users), seen.count) == (3, 0)

    async def test_deferred_columns(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
        async with db.session() as session:
            query = select(User).options(load_only(User.name)).limit(1)
            with db.counting() as seen:
                user = (await session.scalars(query)).one()
            assert "age" not in seen.statements[0]
            assert await db.read(user, "age") == 18
            session.expunge_all()
            with db.counting() as seen:
                await session.scalars(select(User).options(defer(User.nick)))
            assert "nick" not in seen.statements[0]

    async def test_noload_gives_nothing(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
        async with db.session() as session:
            with pytest.warns(SADeprecationWarning):
                option = noload(User.posts)
            user = (await session.scalars(select(User).limit(1).options(option))).one()
            assert user.posts == []

    async def test_refresh_loads_a_relationship(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
            user = (await session.scalars(select(User).limit(1))).one()
            await session.refresh(user, ["posts"])
            assert len(user.posts) == 2

    async def test_relationship_operators(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
            ann = await session.get_one(User, 1)
            red = await session.get_one(Tag, 1)
            cases = [
                (select(func.count(Post.id)).where(Post.author == ann), 2),
                (select(func.count(Post.id)).where(Post.author != ann), 4),
                (select(func.count(Post.id)).where(Post.author.has(User.name == "bob")), 2),
                (select(func.count(User.id)).where(User.posts.any(Post.title == "bob 1")), 1),
                (select(func.count(User.id)).where(~User.posts.any()), 0),
                (select(func.count(Post.id)).where(Post.tags.contains(red)), 6),
                (select(func.count(Comment.id)).where(Comment.post.is_(None)), 0),
            ]
            for query, expected in cases:
                assert await session.scalar(query) == expected, str(query)
