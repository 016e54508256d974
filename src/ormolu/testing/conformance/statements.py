"""Statements: what ``select``, ``insert``, ``update`` and ``delete`` say is what is done."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from ...exc import DBAPIError, IntegrityError, InvalidRequestError, ProgrammingError
from ...orm import aliased
from ...schema import MetaData
from ...sql import (
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    not_,
    null,
    or_,
    select,
    text,
    tuple_,
    update,
)
from ...types import String
from .models import Base, Node, Post, Profile, Tag, User, fill, tagging
from .suite import Database, Suite

people = aliased(User, name="people")
posts_of = select(func.count(Post.id)).where(Post.author_id == User.id).scalar_subquery()
by_author = (
    select(Post.author_id, func.count().label("n")).group_by(Post.author_id).subquery("by_author")
)
ALL = [("ann",), ("bob",), ("cyd",)]

SELECTS: dict[str, tuple[Any, list[Any]]] = {
    "columns": (select(User.id, User.name).order_by(User.id), [(1, "ann"), (2, "bob"), (3, "cyd")]),
    "where": (select(User.name).where(User.id > 1, User.name != "cyd"), [("bob",)]),
    "filter_by": (select(User.name).filter_by(id=1, name="ann"), [("ann",)]),
    "filter_by of a join": (
        select(User.name).join(User.posts).filter_by(title="bob 2"), [("bob",)],
    ),
    "join with on": (
        select(User.name).join(Post, Post.author_id == User.id).where(Post.title == "cyd 1"),
        [("cyd",)],
    ),
    "join through two": (
        select(User.name).join(User.posts).join(Post.tags).where(Tag.word == "blue")
        .order_by(User.id), ALL,
    ),
    "outerjoin": (
        select(User.name).outerjoin(Post, and_(Post.author_id == User.id, Post.id < 0))
        .where(Post.id.is_(None)).order_by(User.id), ALL,
    ),
    "select_from": (select(func.count()).select_from(User).join(User.posts), [(6,)]),
    "descending": (select(User.name).order_by(User.name.desc()), ALL[::-1]),
    "order by label": (
        select(User.name, (-User.id).label("turned")).order_by("turned"),
        [("cyd", -3), ("bob", -2), ("ann", -1)],
    ),
    "group and having": (
        select(Post.author_id, func.count()).group_by(Post.author_id).having(func.count() > 1)
        .order_by(Post.author_id), [(1, 2), (2, 2), (3, 2)],
    ),
    "distinct": (select(tagging.c.tag_id).distinct().order_by(tagging.c.tag_id), [(1,), (2,)]),
    "count distinct": (select(func.count(tagging.c.tag_id.distinct())), [(2,)]),
    "limit and offset": (select(User.name).order_by(User.id).limit(1).offset(1), [("bob",)]),
    "offset alone": (select(User.name).order_by(User.id).offset(2), [("cyd",)]),
    "slice": (select(User.name).order_by(User.id).slice(0, 2), ALL[:2]),
    "in": (select(User.name).where(User.id.in_([3, 1])).order_by(User.id), [("ann",), ("cyd",)]),
    "in nothing": (select(User.name).where(User.id.in_([])), []),
    "not in nothing": (select(User.name).where(User.id.not_in([])).order_by(User.id), ALL),
    "in a subquery": (
        select(User.name).where(User.id.in_(select(Post.author_id).where(Post.title == "ann 1"))),
        [("ann",)],
    ),
    "tuple in": (
        select(User.name).where(tuple_(User.id, User.name).in_([(1, "ann"), (2, "x")])), [("ann",)],
    ),
    "like": (select(User.name).where(User.name.like("%b")), [("bob",)]),
    "ilike": (select(User.name).where(User.name.ilike("B%")), [("bob",)]),
    "startswith escapes": (
        select(literal("50% off").startswith("50%", autoescape=True).label("yes")), [(True,)],
    ),
    "contains": (select(User.name).where(User.name.contains("o")), [("bob",)]),
    "between": (
        select(User.name).where(User.id.between(2, 3)).order_by(User.id), ALL[1:],
    ),
    "is none": (select(User.name).where(User.nick.is_(None)), []),
    "equals none": (select(User.name).where(User.nick == None), []),  # noqa: E711
    "is not": (select(func.count()).where(User.nick.is_not(null())), [(3,)]),
    "is distinct from": (
        select(User.name).where(User.nick.is_distinct_from("a")).order_by(User.id), ALL[1:],
    ),
    "and or not": (
        select(User.name).where(or_(and_(User.id == 1, User.age == 18), not_(User.id < 3)))
        .order_by(User.id), [("ann",), ("cyd",)],
    ),
    "operators": (
        select(User.name).where((User.id == 1) | ~(User.id <= 2) & (User.age >= 18))
        .order_by(User.id), [("ann",), ("cyd",)],
    ),
    "arithmetic": (
        select(User.id * 2 + 1, User.id - 1, 7 % User.id, -User.id).where(User.id == 3),
        [(7, 2, 1, -3)],
    ),
    "division": (select(literal(7) / literal(2), literal(7) // literal(2)), [(3.5, 3)]),
    "concatenation": (select(User.name + "!" + User.nick).where(User.id == 1), [("ann!a",)]),
    "functions": (
        select(func.upper(User.name), func.coalesce(null(), User.nick), func.length(User.name))
        .where(User.id == 1), [("ANN", "a", 3)],
    ),
    "aggregates": (
        select(func.min(User.id), func.max(User.id), func.sum(User.id), func.count()),
        [(1, 3, 6, 3)],
    ),
    "window": (
        select(User.name, func.row_number().over(order_by=User.id.desc())).order_by(User.id),
        [("ann", 3), ("bob", 2), ("cyd", 1)],
    ),
    "case": (
        select(case((User.id == 1, "first"), (User.id == 2, "second"), else_="other"))
        .order_by(User.id), [("first",), ("second",), ("other",)],
    ),
    "case of a value": (
        select(case({"ann": 1}, value=User.name, else_=0)).order_by(User.id), [(1,), (0,), (0,)],
    ),
    "cast": (select(cast(User.id, String(5))).where(User.id == 2), [("2",)]),
    "exists": (
        select(User.name).where(exists().where(Post.author_id == User.id, Post.title == "ann 2")),
        [("ann",)],
    ),
    "not exists": (
        select(User.name).where(~exists().where(Node.id == User.id)).order_by(User.id), ALL,
    ),
    "select exists": (select(select(User).where(User.id == 9).exists()), [(False,)]),
    "scalar subquery": (
        select(User.name, posts_of.label("n")).order_by(User.id),
        [("ann", 2), ("bob", 2), ("cyd", 2)],
    ),
    "join to a subquery": (
        select(User.name, by_author.c.n).join(by_author, by_author.c.author_id == User.id)
        .order_by(User.id), [("ann", 2), ("bob", 2), ("cyd", 2)],
    ),
    "aliased": (
        select(User.name, people.name).join(people, people.id == User.id + 1).order_by(User.id),
        [("ann", "bob"), ("bob", "cyd")],
    ),
    "common table expression": (
        select(select(User.id).where(User.id > 1).cte("late").c.id), [(2,), (3,)],
    ),
    "union": (
        select(User.name).where(User.id == 1)
        .union(select(User.name).where(User.id.in_([1, 2]))).order_by("name"), ALL[:2],
    ),
    "union all": (select(literal(1).label("x")).union_all(select(literal(1))), [(1,), (1,)]),
    "textual pieces": (select(text("name")).select_from(User).where(text("id = 2")), [("bob",)]),
}  # fmt: skip


class SelectSuite(Suite):
    """One table of statements with their rows, run as Core and as ORM."""

    metadata: ClassVar[MetaData | None] = Base.metadata

    @pytest.mark.parametrize("name", SELECTS)
    async def test_select(self, db: Database, name: str) -> None:
        statement, expected = SELECTS[name]
        async with db.session() as session:
            await fill(session)
            for _ in range(2):  # the second time from the statement cache
                assert (await session.execute(statement)).all() == expected
        async with db.connect() as connection:
            assert (await connection.execute(statement)).all() == expected

    async def test_nulls_come_where_they_are_wanted(self, db: Database) -> None:
        statement = select(User.name).order_by(User.nick.desc().nulls_last())
        async with db.session() as session:
            await fill(session)
            (await session.get_one(User, 2)).nick = None
            await session.flush()
            if self.orders_nulls:
                found = (await session.scalars(statement)).all()
                assert found == ["cyd", "ann", "bob"]
            else:
                with pytest.raises(ProgrammingError, match="NULLS LAST"):
                    await session.scalars(statement)

    async def test_entities_and_columns_together(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
            query = select(User, Post.title, people).join(User.posts)
            query = query.join(people, people.id == User.id).order_by(Post.id).limit(1)
            user, title, person = (await session.execute(query)).one()
            assert (user.name, title, person is user) == ("ann", "ann 1", True)
            row = (await session.execute(query)).one()
            assert (row.User is user, row.people is user) == (True, True)

    async def test_entity_from_a_subquery(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
            late = aliased(User, select(User).where(User.id > 1).subquery())
            found = (await session.scalars(select(late).order_by(late.id))).all()
            assert [user.name for user in found] == ["bob", "cyd"]
            assert await session.get(User, 2) is found[0]

    async def test_from_statement(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
            quoted = db.engine.dialect.identifier_preparer.quote("user")
            raw = text(f"SELECT * FROM {quoted} WHERE id = :id")
            user = (await session.scalars(select(User).from_statement(raw), {"id": 2})).one()
            assert user.name == "bob"

    async def test_filter_by_names_what_is_missing(self, db: Database) -> None:
        with pytest.raises(InvalidRequestError, match="nmae"):
            select(User).filter_by(nmae="x")


class WriteSuite(Suite):
    """INSERT, UPDATE and DELETE, in bulk and with RETURNING."""

    metadata: ClassVar[MetaData | None] = Base.metadata

    async def _returned(self, db: Database, statement: Any, possible: bool) -> Any:
        """Return the rows of a statement on two tags; None where the database refuses it."""
        async with db.connect() as connection:
            await connection.execute(insert(Tag), [{"word": "a"}, {"word": "b"}])
            await connection.commit()
            if possible:
                return (await connection.execute(statement)).all()
            with pytest.raises(DBAPIError, match="RETURNING"):
                await connection.execute(statement)
            return None

    async def test_insert_returning(self, db: Database) -> None:
        possible = db.engine.dialect.insert_returning
        one = insert(Tag).values(word="x").returning(Tag.id, func.upper(Tag.word))
        assert await self._returned(db, one, possible) == ([(3, "X")] if possible else None)

    async def test_update_returning(self, db: Database) -> None:
        possible = db.engine.dialect.update_returning
        changed = update(Tag).where(Tag.id == 1).values(word=Tag.word + "y").returning(Tag.word)
        assert await self._returned(db, changed, possible) == ([("ay",)] if possible else None)

    async def test_delete_returning(self, db: Database) -> None:
        possible = db.engine.dialect.delete_returning
        gone = delete(Tag).where(Tag.word == "b").returning(Tag.id)
        assert await self._returned(db, gone, possible) == ([(2,)] if possible else None)

    async def test_insert_many_values_and_from_select(self, db: Database) -> None:
        async with db.connect() as connection:
            await connection.execute(insert(Tag).values([{"word": "a"}, {"word": "b"}]))
            source = select(Tag.word + "2").order_by(Tag.id)
            await connection.execute(insert(Tag).from_select(["word"], source))
            words = await connection.execute(select(Tag.word).order_by(Tag.id))
            assert list(words.scalars()) == ["a", "b", "a2", "b2"]

    async def test_bulk_insert(self, db: Database) -> None:
        async with db.session() as session:
            with db.counting() as seen:
                await session.execute(insert(User), [{"name": n} for n in "abc"])
            assert seen.count == 1
            rows = (await session.execute(select(User.id, User.name, User.age))).all()
            assert rows == [(1, "a", 18), (2, "b", 18), (3, "c", 18)]

    async def test_bulk_insert_returning_objects_in_order(self, db: Database) -> None:
        async with db.session() as session:
            statement = insert(User).returning(User, sort_by_parameter_order=True)
            names = [f"n{n:03}" for n in range(300)]
            if not db.engine.dialect.insert_returning:
                with pytest.raises(InvalidRequestError, match="RETURNING for bulk INSERT"):
                    await session.scalars(statement, [{"name": name} for name in names])
                return
            with db.counting() as seen:
                result = await session.scalars(statement, [{"name": name} for name in names])
                users = result.all()
            assert [user.name for user in users] == names
            assert all(user in session for user in users)
            assert seen.count < 10
            columns = insert(Tag).returning(Tag.id, Tag.word)
            many = (await session.execute(columns, [{"word": "a"}, {"word": "b"}])).all()
            assert sorted(many) == [(1, "a"), (2, "b")]

    async def test_bulk_insert_with_uneven_keys(self, db: Database) -> None:
        async with db.session() as session:
            rows: list[dict[str, Any]] = [
                {"name": "a"}, {"name": "b", "nick": "x"}, {"name": "c", "age": 3},
            ]  # fmt: skip
            await session.execute(insert(User), rows)
            query = select(User.name, User.nick, User.age).order_by(User.id)
            found = (await session.execute(query)).all()
            assert found == [("a", None, 18), ("b", "x", 18), ("c", None, 3)]

    async def test_bulk_update_by_primary_key(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
            await session.execute(update(User), [{"id": 1, "age": 5}, {"id": 3, "age": 6}])
            ages = await session.scalars(select(User.age).order_by(User.id))
            assert ages.all() == [5, 18, 6]

    async def test_update_and_delete_keep_objects_in_step(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
            users = (await session.scalars(select(User).order_by(User.id))).all()
            await session.execute(update(User).where(User.id <= 2).values(age=User.age + 1))
            for user in users:
                await session.refresh(user)
            assert [user.age for user in users] == [19, 19, 18]
            await session.execute(update(User).where(User.name == "cyd").values(nick="z"))
            assert await db.read(users[2], "nick") == "z"
            await session.execute(delete(Profile).where(Profile.user_id == 1))
            assert await session.get(Profile, 1) is None

    async def test_update_returning_objects(self, db: Database) -> None:
        async with db.session() as session:
            await fill(session)
            bob = await session.get_one(User, 2)
            statement = update(User).where(User.id == 2).values(age=50).returning(User)
            if not db.engine.dialect.update_returning:
                with pytest.raises(DBAPIError, match="RETURNING"):
                    await session.scalars(statement)
                return
            assert (await session.scalars(statement)).one() is bob
            assert bob.age == 50

    async def test_failed_bulk_insert_leaves_nothing(self, db: Database) -> None:
        async with db.session() as session:
            with pytest.raises(IntegrityError):
                await session.execute(insert(User), [{"name": "a"}, {"name": "a"}])
            await session.rollback()
            assert (await session.scalars(select(User))).all() == []
