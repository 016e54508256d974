"""After a fault: nothing is lost, nothing is left behind, the session goes on."""

from __future__ import annotations

from typing import ClassVar

import pytest

from ...exc import DBAPIError, IntegrityError, InvalidRequestError, PendingRollbackError
from ...inspection import inspect
from ...schema import MetaData
from ...sql import func, select, text
from .models import Base, Post, Tag, User, fill
from .suite import Database, Suite


class FaultSuite(Suite):
    """Sessions through failing statements, constraint violations and rollbacks."""

    metadata: ClassVar[MetaData | None] = Base.metadata

    async def test_failed_flush_can_be_mended(self, db: Database) -> None:
        async with db.session() as session:
            session.add(User(name="ann"))
            await session.commit()
            twin = User(name="ann", posts=[Post(title="p")])
            session.add(twin)
            with pytest.raises(IntegrityError, match="User"):
                await session.flush()
            await session.rollback()
            assert twin in session.new and inspect(twin).pending
            twin.name = "bea"
            await session.commit()
            assert await session.scalar(select(func.count()).select_from(Post)) == 1

    async def test_failed_flush_wants_a_rollback_first(self, db: Database) -> None:
        async with db.session() as session:
            session.add_all([User(name="ann"), User(name="ann")])
            with pytest.raises(IntegrityError):
                await session.flush()
            with pytest.raises(PendingRollbackError):
                await session.execute(select(User))
            await session.rollback()
            session.expunge_all()
            assert (await session.scalars(select(User))).all() == []

    async def test_rollback_restores_values(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
            ann = await session.get_one(User, 1)
            ann.name = "changed"
            await session.flush()
            await session.rollback()
            assert await db.read(ann, "name") == "ann"
            ann.name = "unflushed"
            await session.rollback()
            assert await db.read(ann, "name") == "ann"

    async def test_rollback_restores_deleted_and_new(self, db: Database) -> None:
        async with db.session() as session:
            session.add(tag := Tag(word="kept"))
            await session.commit()
            await session.delete(tag)
            session.add(other := Tag(word="new"))
            await session.flush()
            assert inspect(tag).deleted
            await session.rollback()
            assert inspect(tag).persistent and inspect(other).transient
            assert await session.get(Tag, 1) is tag

    async def test_rollback_restores_collections(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
            ann = await session.get_one(User, 1)
            await session.refresh(ann, ["posts"])
            ann.posts.append(Post(title="third"))
            ann.posts.pop(0)
            await session.flush()
            await session.rollback()
            await session.refresh(ann, ["posts"])
            assert [post.title for post in ann.posts] == ["ann 1", "ann 2"]

    async def test_savepoint_rollback_keeps_the_outer_changes(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
            ann, bob = await session.get_one(User, 1), await session.get_one(User, 2)
            ann.nick = "outer"
            with pytest.raises(IntegrityError):
                async with session.begin_nested():
                    bob.nick = "inner"
                    session.add(User(name="cyd"))
            assert await db.read(ann, "nick") == "outer"
            assert await db.read(bob, "nick") == "b"
            await session.commit()
            nicks = await session.scalars(select(User.nick).order_by(User.id))
            assert nicks.all() == ["outer", "b", "c"]

    async def test_failing_statement_in_the_middle(self, db: Database) -> None:
        async with db.session() as session:
            session.add(Tag(word="a"))
            await session.flush()
            with pytest.raises(DBAPIError, match="nowhere"):
                async with session.begin_nested():
                    await session.execute(text("SELECT * FROM nowhere"))
            session.add(Tag(word="b"))
            await session.commit()
            assert (await session.scalars(select(Tag.word).order_by(Tag.id))).all() == ["a", "b"]

    async def test_block_that_raises_rolls_back(self, db: Database) -> None:
        with pytest.raises(KeyError):
            async with db.session() as session:
                session.add(Tag(word="lost"))
                await session.flush()
                raise KeyError
        async with db.session() as session:
            assert (await session.scalars(select(Tag))).all() == []

    async def test_clean_block_commits_unless_told_otherwise(self, db: Database) -> None:
        async with db.session() as session:
            session.add(Tag(word="kept"))
        async with db.session(on_exit="rollback") as session:
            session.add(Tag(word="lost"))
            await session.flush()
        async with db.session() as session:
            assert (await session.scalars(select(Tag.word))).all() == ["kept"]

    async def test_object_of_another_session_is_refused(self, db: Database) -> None:
        async with db.session() as one, db.session() as other:
            one.add(tag := Tag(word="x"))
            with pytest.raises(InvalidRequestError, match="session"):
                other.add(tag)

    async def test_detached_objects_keep_their_values(self, db: Database) -> None:
        async with db.session() as session:
            session.add(tag := Tag(word="x"))
            await session.commit()
        assert (tag.id, tag.word, inspect(tag).detached) == (1, "x", True)
        async with db.session() as session:
            session.add(tag)
            tag.word = "y"
            await session.commit()
            assert (await session.scalars(select(Tag.word))).all() == ["y"]
