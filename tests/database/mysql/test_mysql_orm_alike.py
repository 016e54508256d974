"""One program of the ORM on both libraries, on the same server: the same rows and objects."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy
import sqlalchemy.orm
from sqlalchemy.exc import IntegrityError as TheirIntegrityError
from sqlalchemy.orm.exc import StaleDataError as TheirStaleDataError

import ormolu
import ormolu.orm
from ormolu import create_engine, make_url
from ormolu.exc import IntegrityError, StaleDataError

ERRORS: dict[str, tuple[type[Exception], type[Exception]]] = {
    "ormolu": (IntegrityError, StaleDataError),
    "sqlalchemy": (TheirIntegrityError, TheirStaleDataError),
}


def is_mariadb(url: str) -> bool:
    """Whether MariaDB answers at a URL."""
    engine = create_engine(url)
    with engine.connect():
        known: bool = engine.dialect.is_mariadb
    engine.dispose()
    return known


class Models:
    """The classes of the program, mapped by one of the libraries."""

    def __init__(self, lib: Any, orm: Any) -> None:
        class Base(orm.DeclarativeBase):
            pass

        column, relationship = orm.mapped_column, orm.relationship
        links = lib.Table(
            "link",
            Base.metadata,
            lib.Column("post_id", lib.ForeignKey("post.id"), primary_key=True),
            lib.Column("tag_id", lib.ForeignKey("tag.id"), primary_key=True),
        )

        class User(Base):
            __tablename__ = "user"
            id = column(lib.Integer, primary_key=True)
            name = column(lib.String(30), unique=True)
            made = column(lib.DateTime, server_default=lib.func.now())
            changes = column(
                lib.Integer, server_default="0", onupdate=lib.text("changes + 1"), nullable=False
            )
            boss_id = column(lib.ForeignKey("user.id"))
            version = column(lib.Integer, nullable=False)
            boss = relationship("User", remote_side=[id])
            posts = relationship(
                "Post", back_populates="user", cascade="all, delete-orphan", order_by="Post.id"
            )
            __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

        class Post(Base):
            __tablename__ = "post"
            id = column(lib.Integer, primary_key=True)
            title = column(lib.String(30))
            user_id = column(lib.ForeignKey("user.id"))
            n = column(lib.Integer, default=1)
            twice = column(lib.Integer, lib.Computed("n * 2"))
            user = relationship("User", back_populates="posts")
            tags = relationship("Tag", secondary=links, order_by="Tag.id")

        class Tag(Base):
            __tablename__ = "tag"
            id = column(lib.Integer, primary_key=True)
            word = column(lib.String(20), unique=True)

        class Cell(Base):
            __tablename__ = "cell"
            a = column(lib.Integer, primary_key=True, autoincrement=False)
            b = column(lib.String(5), primary_key=True)
            v = column(lib.Text)

        self.metadata = Base.metadata
        self.User, self.Post, self.Tag, self.Cell = User, Post, Tag, Cell


class Program:
    """The program; `seen` is what it saw."""

    def __init__(self, lib: Any, orm: Any, url: str) -> None:
        self.lib, self.orm = lib, orm
        self.models = Models(lib, orm)
        self.seen: list[Any] = []
        self.engine = lib.create_engine(url)
        self.integrity, self.stale = ERRORS[lib.__name__]

    def run(self) -> list[Any]:
        self.models.metadata.create_all(self.engine)
        with self.orm.Session(self.engine) as session:
            self._relationships(session)
            self._bulk(session)
            self._queries(session)
        self._versions()
        self.models.metadata.drop_all(self.engine)
        self.engine.dispose()
        return self.seen

    def _relationships(self, session: Any) -> None:
        m, see = self.models, self.seen.append
        users = [m.User(name=f"u{i}") for i in range(10)]
        for i, user in enumerate(users):
            user.boss = users[i - 1] if i else None
            user.posts = [m.Post(title=f"p{i}-{j}", tags=[]) for j in range(i % 4)]
        tags = [m.Tag(word=word) for word in "abc"]
        users[3].posts[0].tags = tags
        users[2].posts[1].tags = tags[:1]
        session.add_all([*users, *tags])
        session.commit()
        see([(user.id, user.version, [post.id for post in user.posts]) for user in users])
        see([post.twice for post in users[3].posts])
        users[1].name = "changed"
        users[2].posts.pop(0)
        users[3].posts[0].tags.remove(tags[1])
        users[5].boss = users[0]
        session.commit()
        see([(user.changes, user.version) for user in users])
        with pytest.raises(self.integrity), session.begin_nested():
            session.add(m.Tag(word="a"))
            session.flush()
        session.delete(users[9])
        session.commit()

    def _bulk(self, session: Any) -> None:
        lib, m, see = self.lib, self.models, self.seen.append
        for statement, synchronize in (
            (lib.update(m.Post).where(m.Post.n == 1).values(n=5), "fetch"),
            (lib.update(m.Post).where(m.Post.title == "p3-1").values(n=m.Post.n + 1), "evaluate"),
            (lib.delete(m.Post).where(m.Post.title.like("p6%")), "fetch"),
        ):
            options = {"synchronize_session": synchronize}
            see(session.execute(statement, execution_options=options).rowcount)
        session.commit()
        posts = session.scalars(lib.select(m.Post).order_by(m.Post.id))
        see([(post.title, post.n, post.twice) for post in posts])
        new, words = lib.insert(m.Tag), [{"word": f"w{i}"} for i in range(5)]
        returning = new.returning(m.Tag.id, m.Tag.word, sort_by_parameter_order=True)
        if self.engine.dialect.insert_executemany_returning_sort_by_parameter_order:
            see(list(map(tuple, session.execute(returning, words))))
        else:
            with pytest.raises(lib.exc.InvalidRequestError, match="RETURNING"):
                session.execute(returning, words)
            session.execute(new, words)
        session.execute(lib.update(m.Tag), [{"id": 1, "word": "A"}, {"id": 2, "word": "B"}])
        cells = [{"a": i, "b": "k", "v": None if i % 2 else "v"} for i in range(6)]
        session.bulk_insert_mappings(m.Cell, cells)
        session.merge(m.Cell(a=1, b="k", v="merged"))
        session.merge(m.Cell(a=99, b="n", v="new"))
        session.commit()

    def _queries(self, session: Any) -> None:
        lib, orm, m, see = self.lib, self.orm, self.models, self.seen.append
        users = lib.select(m.User).order_by(m.User.id)
        see([(u.name, u.boss_id, u.version, u.made is None) for u in session.scalars(users)])
        loaded = users.options(orm.selectinload(m.User.posts).selectinload(m.Post.tags))
        see([[[t.word for t in p.tags] for p in u.posts] for u in session.scalars(loaded)])
        joined = lib.select(m.Post).options(orm.joinedload(m.Post.user)).order_by(m.Post.id)
        see([(p.title, p.user.name) for p in session.scalars(joined.limit(3).offset(1))])
        counted = lib.select(m.User.name, lib.func.count(m.Post.id)).join(m.Post, isouter=True)
        counted = counted.group_by(m.User.id).order_by(m.User.name)
        see(list(map(tuple, session.execute(counted))))
        tagged = users.where(m.User.posts.any(m.Post.tags.any(m.Tag.word == "A")))
        see([user.name for user in session.scalars(tagged)])
        words = lib.union_all(lib.select(m.Tag.word), lib.select(m.User.name)).order_by("word")
        see(list(map(tuple, session.execute(words))))
        cells = session.scalars(lib.select(m.Cell).order_by(m.Cell.a))
        see([(cell.a, cell.b, cell.v) for cell in cells])
        see(session.get(m.Cell, (99, "n")).v)

    def _versions(self) -> None:
        with self.orm.Session(self.engine) as one, self.orm.Session(self.engine) as two:
            mine, yours = one.get(self.models.User, 1), two.get(self.models.User, 1)
            mine.name = "one"
            one.commit()
            yours.name = "two"
            with pytest.raises(self.stale):
                two.commit()
            two.rollback()


@pytest.mark.backend("mysql+mysqldb")
@pytest.mark.parametrize("driver", ["mysql+mysqldb", "mysql+pymysql", "mariadb+pymysql"])
def test_the_same_program_sees_the_same(backend_url: str, driver: str) -> None:
    url = make_url(backend_url).set(drivername=driver).render_as_string(hide_password=False)
    if driver.startswith("mariadb") and not is_mariadb(backend_url):
        for lib in (sqlalchemy, ormolu):
            with pytest.raises(lib.exc.InvalidRequestError, match="MariaDB"):
                lib.create_engine(url).connect()
        return
    theirs = Program(sqlalchemy, sqlalchemy.orm, url).run()
    ours = Program(ormolu, ormolu.orm, url).run()
    assert len(ours) > 14
    assert ours == theirs
