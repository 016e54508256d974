"""Sessions that a function in ``run_sync`` makes over the connection it is given.

The function is written for blocking code, so SQLAlchemy runs the same one on a blocking connection
to the same database; what it sees and what it leaves there must be equal.
"""

from __future__ import annotations

import asyncio
import importlib
from typing import Any

import pytest
from library import Library

import ormolu
from backends import with_driver
from ormolu import event
from ormolu.exc import MissingGreenlet
from ormolu.ext.asyncio import AsyncSession, create_async_engine

BACKENDS = {
    "sqlite+aiosqlite": "sqlite",
    "postgresql+psycopg_async": "postgresql+psycopg",
    "postgresql+asyncpg": "postgresql+psycopg",
    "mysql+asyncmy": "mysql+pymysql",
    "mysql+aiomysql": "mysql+pymysql",
}


def work(root: str, connection: Any) -> list[Any]:
    """Use sessions over a connection in every usual way."""
    sql, orm = importlib.import_module(root), importlib.import_module(f"{root}.orm")
    blog = Library(root).blog()
    blog.base.metadata.create_all(connection)
    connection.commit()
    seen: list[Any] = []
    session = orm.Session(bind=connection)
    ann = blog.User(name="ann", posts=[blog.Post(title="a"), blog.Post(title="b")])
    session.add(ann)
    session.commit()
    seen.append((ann.name, [post.title for post in ann.posts], session.connection() is connection))
    with session.begin_nested() as nested:
        session.add(blog.User(name="bob"))
        nested.rollback()
    names = sql.select(blog.User.name).order_by(blog.User.name)
    seen.append((session.get(blog.User, ann.id) is ann, session.scalars(names).all()))
    ann.name = "eve"
    seen.append((session.query(blog.User).filter_by(name="eve").count(), list(session.dirty)))
    session.rollback()
    seen.append((ann.name, session.in_transaction()))
    session.close()

    connection.begin()
    with orm.Session(connection, join_transaction_mode="create_savepoint") as inside:
        inside.add(blog.User(name="cid"))
        inside.commit()
        seen.append(inside.scalars(names).all())
    connection.rollback()
    for made in (orm.sessionmaker(binds={blog.base: connection}), orm.sessionmaker(connection)):
        scoped = orm.scoped_session(made)
        seen.append([row.title for row in scoped.query(blog.Post).order_by(blog.Post.id)])
        scoped.remove()
    connection.rollback()
    return seen


def blocking(url: str) -> tuple[list[Any], list[str]]:
    sqlalchemy = importlib.import_module("sqlalchemy")
    engine = sqlalchemy.create_engine(url)
    if engine.name == "sqlite":
        # SQLAlchemy's recipe for savepoints that work: pysqlite begins too late for them.
        listen = sqlalchemy.event.listen
        listen(engine, "connect", lambda dbapi, record: setattr(dbapi, "isolation_level", None))
        listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    with engine.connect() as connection:
        seen = work("sqlalchemy", connection)
    with engine.connect() as connection:
        rows = connection.execute(sqlalchemy.text("SELECT name FROM users")).scalars().all()
    engine.dispose()
    return seen, rows


async def bridged(url: str) -> tuple[list[Any], list[str]]:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        seen = await connection.run_sync(lambda inner: work("ormolu", inner))
    async with engine.connect() as connection:
        rows = (await connection.scalars(ormolu.text("SELECT name FROM users"))).all()
    await engine.dispose()
    return seen, list(rows)


@pytest.mark.parametrize(
    ("backend_url", "oracle"), BACKENDS.items(), ids=list(BACKENDS), indirect=["backend_url"]
)
def test_sessions_over_a_connection(backend_url: str, oracle: str, empty_database: Any) -> None:
    ours = asyncio.run(bridged(backend_url))
    if backend_url.startswith("sqlite"):
        backend_url += "2"
    empty_database()
    assert ours == blocking(with_driver(backend_url, oracle))


def test_sessions_over_the_connection_of_an_async_session() -> None:
    async def main() -> Any:
        engine = create_async_engine("sqlite+aiosqlite://")

        def inner(outer: Any) -> Any:
            connection = outer.connection()
            connection.exec_driver_sql("CREATE TABLE t (n INTEGER)")
            with ormolu.orm.Session(connection) as session:
                session.execute(ormolu.text("INSERT INTO t VALUES (1)"))
                cursor = session.connection().connection.cursor()
                return cursor.execute("SELECT n FROM t").fetchall(), connection.engine

        async with AsyncSession(engine) as session:
            found, seen = await session.run_sync(inner)
        async with engine.connect() as connection, AsyncSession(connection) as session:
            shown = await session.run_sync(lambda outer: outer.connection().scalar("SELECT 2"))
        await engine.dispose()
        return found, seen is engine.sync_engine, shown

    assert asyncio.run(main()) == ([(1,)], True, 2)


def test_such_a_session_is_of_no_use_on_the_event_loop() -> None:
    async def main() -> None:
        engine = create_async_engine("sqlite+aiosqlite://")
        async with engine.connect() as connection:
            session = await connection.run_sync(ormolu.orm.Session)
            with pytest.raises(MissingGreenlet, match="run_sync"):
                session.execute(ormolu.text("SELECT 1"))
        await engine.dispose()

    asyncio.run(main())


def test_events_of_such_a_session() -> None:
    heard: list[str] = []

    def inner(connection: Any) -> None:
        session = ormolu.orm.Session(connection)
        event.listen(session, "after_begin", lambda *given: heard.append("begin"))
        event.listen(session, "after_commit", lambda *given: heard.append("commit"))
        session.execute(ormolu.text("SELECT 1"))
        session.commit()
        session.close()

    async def main() -> None:
        engine = create_async_engine("sqlite+aiosqlite://")
        async with engine.connect() as connection:
            await connection.run_sync(inner)
        await engine.dispose()

    asyncio.run(main())
    assert heard == ["begin", "commit"]
