"""The ORM's keys on MySQL and MariaDB, and plain SQL beside SQLAlchemy, on a real server."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy
import sqlalchemy.dialects.mysql
from every_driver import on_mariadb
from sqlalchemy.exc import DBAPIError as TheirDBAPIError

from ormolu import (
    Sequence,
    String,
    column,
    create_engine,
    func,
    insert,
    select,
    text,
    update,
)
from ormolu.dialects.mysql.server import Server
from ormolu.engine import Engine
from ormolu.exc import DBAPIError, InvalidRequestError
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column
from ormolu.testing.statements import count_queries

pytestmark = pytest.mark.backend("mysql+mysqldb")


@pytest.fixture
def engine(backend_url: str) -> Iterator[Engine]:
    engine = create_engine(backend_url)
    yield engine
    engine.dispose()


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "author"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
    rank: Mapped[int] = mapped_column(server_default="3")


class Numbered(Base):
    __tablename__ = "numbered"
    id: Mapped[int] = mapped_column(Sequence("numbers", start=5, increment=10), primary_key=True)
    n: Mapped[int]


class Token(Base):
    __tablename__ = "token"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    seen: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


def test_keys_come_back_in_the_order_of_the_objects(engine: Engine) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        authors = [Author(name=f"n{i}") for i in range(2500)]
        session.add_all(authors)
        with count_queries(engine) as log:
            session.flush()
        # One by one where there is no RETURNING, since nothing else tells whose key is which.
        assert len(log) <= 15 if on_mariadb(engine) else len(log) == 2500
        assert [author.id for author in authors] == list(range(1, 2501))
        assert {author.rank for author in authors} == {3}
        session.expire_all()
        names = session.scalars(select(Author.name).order_by(Author.id)).all()
        assert names == [f"n{i}" for i in range(2500)]


def test_keys_from_a_sequence(engine: Engine) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        first = Numbered(n=0)
        session.add(first)
        session.commit()
        more = [Numbered(n=n) for n in range(1, 4)]
        session.add_all(more)
        session.commit()
        keys = [5, 15, 25, 35] if on_mariadb(engine) else [1, 2, 3, 4]
        assert [each.id for each in (first, *more)] == keys
        assert [each.n for each in more] == [1, 2, 3]
    Base.metadata.drop_all(engine)


def test_updates_that_change_nothing_on_the_server_are_not_stale(engine: Engine) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        tokens = [Token() for _ in range(3)]
        author = Author(name="a")
        session.add_all([*tokens, author])
        session.commit()
        assert author.name == "a"
        session.commit()
        with engine.begin() as connection:
            connection.execute(update(Author).values(name="b"))
        author.name = "b"
        for token in tokens:
            token.seen += 1
        session.commit()
        assert [token.version for token in tokens] == [2, 2, 2]
        session.delete(tokens[0])
        session.commit()
        assert session.scalar(select(func.count()).select_from(Token)) == 2


class Made(Base):
    """A key that the server's function makes."""

    __tablename__ = "made"
    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=func.uuid())
    n: Mapped[int | None]


class Next(Base):
    """A key that depends on the rows that are there."""

    __tablename__ = "next"
    id: Mapped[int] = mapped_column(
        primary_key=True,
        autoincrement=False,
        default=select(func.coalesce(func.max(column("id")), 0) + 1).select_from(text("next")),
    )
    n: Mapped[int | None]


@pytest.mark.parametrize("cls", [Made, Next])
def test_keys_that_expressions_make(engine: Engine, cls: type[Made | Next]) -> None:
    cls.metadata.tables[cls.__tablename__].create(engine)
    with Session(engine) as session:
        many = [cls(n=i) for i in range(3)]
        session.add(cls(n=7))
        session.flush()
        session.add_all(many)
        session.flush()
        session.execute(insert(cls), [{"n": 8}])
        assert [session.get_one(cls, each.id) for each in many] == many
        session.expire_all()
        assert [each.n for each in many] == [0, 1, 2]
        assert len(session.scalars(select(cls.id)).unique().all()) == 5
        if not on_mariadb(engine):
            with count_queries(engine) as log:
                session.add(cls(n=9))
                session.flush()
            question, insertion = log.statements
            assert question.startswith("SELECT ")
            assert insertion == f"INSERT INTO {cls.__tablename__} (id, n) VALUES (%s, %s)"


# -- beside SQLAlchemy


DOUBTS = [
    "UPDATE author SET name = 'x' WHERE id = 1",
    "INSERT INTO author (name) VALUES ('q')",
    "DELETE FROM author WHERE id > 1",
    "SELECT 1 AS a, 'x%%' AS b, NULL AS c, NOW() > 0 AS d, 1.50 AS e, 2e0 AS f, X'00ff' AS g",
    "SELECT CAST('10:11:12' AS TIME) AS t, CAST('-20:00:00' AS TIME) AS u, DATE '2024-01-02' AS d",
    "SELECT 18446744073709551615 AS big, 1/3 AS third, b'101' AS bits, TRUE AS yes",
    "SHOW TABLES LIKE 'author'",
    "SET @x = 5",
    "SELECT @x := 6",
    "SELECT * FROM nowhere",
    "CREATE TEMPORARY TABLE brief (x INT)",
]


def answer(engine: Any, error: type[Any], sql: str) -> tuple[Any, ...]:
    """What a statement gives, or says."""
    with engine.connect() as connection:
        try:
            result = connection.exec_driver_sql(sql)
        except error as raised:
            return type(raised).__name__, str(raised.orig)
        if not result.returns_rows:
            return None, None, result.rowcount
        return list(map(tuple, result.all())), list(result.keys()), result.rowcount


@pytest.mark.parametrize("driver", ["mysql+mysqldb", "mariadb+pymysql"])
def test_plain_sql_has_sqlalchemys_results(engine: Engine, driver: str) -> None:
    Base.metadata.create_all(engine)
    url = engine.url.set(drivername=driver).render_as_string(hide_password=False)
    theirs, ours = sqlalchemy.create_engine(url), create_engine(url)
    if driver.startswith("mariadb") and not on_mariadb(engine):
        refusal = "is not a MariaDB variant"
        with pytest.raises(InvalidRequestError, match=refusal):
            ours.connect()
        with pytest.raises(sqlalchemy.exc.InvalidRequestError, match=refusal):
            theirs.connect()
        return
    for sql in DOUBTS:
        assert answer(ours, DBAPIError, sql) == answer(theirs, TheirDBAPIError, sql), sql
    theirs.dispose()
    ours.dispose()


@pytest.mark.parametrize("driver", ["mysql+mysqldb", "mysql+pymysql"])
def test_a_server_without_returning_tells_the_keys_one_by_one(engine: Engine, driver: str) -> None:
    url = engine.url.set(drivername=driver).render_as_string(hide_password=False)
    each = create_engine(url)
    with each.connect():
        each.dialect.adopt_server(Server((8, 0, 19)))  # write as for MySQL from now on
    Base.metadata.tables["author"].create(each)
    with Session(each) as session:
        session.add_all([Author(id=7, name="given"), Author(name="first")])
        session.flush()
        authors = [Author(name=f"n{i}") for i in range(250)]
        session.add_all(authors)
        with count_queries(each) as log:
            session.flush()
        assert not [sql for sql in log.statements if "RETURNING" in sql]
        assert [author.id for author in authors] == list(range(9, 259))
        unseen = [Author(name=f"m{i}") for i in range(250)]
        session.add_all(unseen)
        session.flush()
        assert [author.id for author in unseen] == list(range(259, 509))
        assert authors[5].rank == 3
        session.commit()
        session.add_all([Author(name="ok"), Author(id=9, name="twice"), Author(name="no")])
        with pytest.raises(DBAPIError, match="Duplicate"):
            session.flush()
        session.rollback()
        session.expunge_all()
        assert session.scalar(select(func.count()).select_from(Author)) == 502
        assert session.scalar(select(Author.name).where(Author.id == 20)) == "n11"
    each.dispose()
