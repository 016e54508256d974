"""The same program on ormolu and on SQLAlchemy: what it returns must be equal.

A *program* is a function of a `Library`; it builds its own models and engine from it and returns
plain data: tuples, lists, strings, numbers. Whatever raises inside `lib.error(…)` is recorded as
the name of the exception's class, since messages are ormolu's own.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any


class Library:
    """One of the two libraries, with the names programs use most as attributes."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.sql: Any = importlib.import_module(root)
        self.orm: Any = importlib.import_module(f"{root}.orm")
        self.exc: ModuleType = importlib.import_module(f"{root}.exc")
        self.pool: Any = importlib.import_module(f"{root}.pool")

    def engine(self) -> Any:
        engine = self.sql.create_engine("sqlite://", poolclass=self.pool.StaticPool)
        if self.root == "sqlalchemy":
            # Transactions begun by the driver's own guess of when one is needed would differ on
            # savepoints; SQLAlchemy documents this recipe for correct ones.
            self.sql.event.listen(
                engine, "connect", lambda dbapi, _: setattr(dbapi, "isolation_level", None)
            )
            self.sql.event.listen(
                engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN")
            )
        return engine

    def statements(self, engine: Any) -> list[tuple[str, Any]]:
        """A list that fills with every statement (and its parameters) the engine sends."""
        sent: list[tuple[str, Any]] = []

        def record(conn: Any, cursor: Any, sql: str, params: Any, context: Any, many: bool) -> None:
            if sql != "BEGIN":
                sent.append((sql, params))

        self.sql.event.listen(engine, "before_cursor_execute", record)
        return sent

    def error(self, function: Callable[[], Any]) -> Any:
        """What `function` returns, or the name of the exception class that it raises."""
        try:
            return function()
        except Exception as error:
            return type(error).__name__

    def states(self, obj: Any) -> str:
        """The name of the object's state."""
        state = self.sql.inspect(obj)
        names = ("transient", "pending", "persistent", "deleted", "detached")
        return "+".join(name for name in names if getattr(state, name))

    def blog(self) -> SimpleNamespace:
        """Users with posts (one to many, delete-orphan), tags (many to many), a profile."""
        sql, orm = self.sql, self.orm
        base = orm.declarative_base()
        post_tags = sql.Table(
            "post_tags",
            base.metadata,
            sql.Column("post_id", sql.ForeignKey("posts.id"), primary_key=True),
            sql.Column("tag_id", sql.ForeignKey("tags.id"), primary_key=True),
        )

        class User(base):  # type: ignore[misc, valid-type]
            __tablename__ = "users"
            id = sql.Column(sql.Integer, primary_key=True)
            name = sql.Column(sql.String(50), nullable=False, unique=True)
            age = sql.Column(sql.Integer)
            posts = orm.relationship(
                "Post", back_populates="author", cascade="all, delete-orphan", order_by="Post.id"
            )
            profile = orm.relationship("Profile", back_populates="user", uselist=False)

        class Profile(base):  # type: ignore[misc, valid-type]
            __tablename__ = "profiles"
            id = sql.Column(sql.Integer, primary_key=True)
            bio = sql.Column(sql.String(50))
            user_id = sql.Column(sql.ForeignKey("users.id"))
            user = orm.relationship("User", back_populates="profile")

        class Post(base):  # type: ignore[misc, valid-type]
            __tablename__ = "posts"
            id = sql.Column(sql.Integer, primary_key=True)
            title = sql.Column(sql.String(50), nullable=False)
            stars = sql.Column(sql.Integer, default=0)
            author_id = sql.Column(sql.ForeignKey("users.id"), nullable=False)
            author = orm.relationship("User", back_populates="posts")
            tags = orm.relationship(
                "Tag", secondary=post_tags, back_populates="posts", order_by="Tag.name"
            )

        class Tag(base):  # type: ignore[misc, valid-type]
            __tablename__ = "tags"
            id = sql.Column(sql.Integer, primary_key=True)
            name = sql.Column(sql.String(20), nullable=False)
            posts = orm.relationship(
                "Post", secondary=post_tags, back_populates="tags", order_by="Post.id"
            )

        class Node(base):  # type: ignore[misc, valid-type]
            __tablename__ = "nodes"
            id = sql.Column(sql.Integer, primary_key=True)
            name = sql.Column(sql.String(20))
            parent_id = sql.Column(sql.ForeignKey("nodes.id"))
            children = orm.relationship(
                "Node", backref=orm.backref("parent", remote_side=[id]), order_by="Node.id"
            )

        return SimpleNamespace(
            base=base,
            User=User,
            Profile=Profile,
            Post=Post,
            Tag=Tag,
            Node=Node,
            post_tags=post_tags,
        )

    def filled_blog(self) -> tuple[SimpleNamespace, Any]:
        """The blog's models and an engine with three users, five posts, three tags."""
        m = self.blog()
        engine = self.engine()
        m.base.metadata.create_all(engine)
        with engine.begin() as connection:
            insert = self.sql.insert
            connection.execute(
                insert(m.User.__table__),
                [
                    {"id": 1, "name": "ann", "age": 30},
                    {"id": 2, "name": "bob", "age": None},
                    {"id": 3, "name": "cyd", "age": 25},
                ],
            )
            connection.execute(
                insert(m.Post.__table__),
                [
                    {"id": i, "title": f"post {i}", "stars": i % 3, "author_id": 1 + i % 2}
                    for i in range(1, 6)
                ],
            )
            connection.execute(
                insert(m.Tag.__table__), [{"id": i, "name": n} for i, n in enumerate("xyz", 1)]
            )
            connection.execute(
                insert(m.post_tags),
                [{"post_id": p, "tag_id": t} for p, t in ((1, 1), (1, 2), (2, 2), (5, 3))],
            )
            connection.execute(
                insert(m.Node.__table__),
                [
                    {"id": 1, "name": "root", "parent_id": None},
                    {"id": 2, "name": "a", "parent_id": 1},
                    {"id": 3, "name": "b", "parent_id": 1},
                    {"id": 4, "name": "a1", "parent_id": 2},
                ],
            )
        return m, engine

    def dump(self, m: SimpleNamespace, engine: Any) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, ordered."""
        with engine.connect() as connection:
            return {
                table.name: [
                    tuple(row)
                    for row in connection.execute(
                        self.sql.select(table).order_by(*table.primary_key.columns)
                    )
                ]
                for table in m.base.metadata.sorted_tables
            }


def both() -> tuple[Library, Library]:
    return Library("ormolu"), Library("sqlalchemy")


class Plugins:
    """In its block, `create_engine` knows the plugin "counting", which notes what it is told."""

    def __init__(self, lib: Library, told: list[Any]) -> None:
        engine: Any = importlib.import_module(f"{lib.root}.engine")
        self._loader: Any = importlib.import_module(f"{lib.root}.engine.url").plugins

        class Counting(engine.CreateEnginePlugin):  # type: ignore[misc]
            def __init__(self, url: Any, kwargs: dict[str, Any]) -> None:
                told.append((url.query.get("count"), kwargs.pop("counting")))

            def update_url(self, url: Any) -> Any:
                return url.difference_update_query(["count"])

            def handle_dialect_kwargs(self, dialect_cls: Any, dialect_args: Any) -> None:
                told.append(dialect_cls.name)

            def handle_pool_kwargs(self, pool_cls: Any, pool_args: Any) -> None:
                told.append(pool_cls.__name__)

            def engine_created(self, engine: Any) -> None:
                told.append(engine.name)

        self._load = lambda: Counting

    def __enter__(self) -> None:
        self._loader.impls["counting"] = self._load

    def __exit__(self, *exc_info: object) -> None:
        del self._loader.impls["counting"]
