"""ormolu or SQLAlchemy behind one face, so that every workload is written once.

Both have the same API, so one class serves both: it is given the name of the import root, and the
place whose database it works on.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

from bench.places import Place


class Library:
    """ormolu or SQLAlchemy: its modules, a model of each table, sessions and engines at a place."""

    def __init__(self, root: str, place: Place) -> None:
        self.name = root
        self.place = place
        self.sizes = place.sizes
        self.sql: ModuleType = importlib.import_module(root)
        self.orm: ModuleType = importlib.import_module(f"{root}.orm")
        self.pool: ModuleType = importlib.import_module(f"{root}.pool")
        if place.awaited:
            self.aio: ModuleType = importlib.import_module(f"{root}.ext.asyncio")
            self.create_engine: Any = self.aio.create_async_engine
            self.Session: Any = self.aio.AsyncSession
        else:
            self.create_engine = self.sql.create_engine
            self.Session = self.orm.Session
        self._define()

    def _define(self) -> None:
        sql, orm = self.sql, self.orm
        base = orm.declarative_base(cls=self.aio.AsyncAttrs if self.place.awaited else object)
        column = sql.Column

        class Item(base):  # type: ignore[misc, valid-type]
            __tablename__ = "item"
            id = column(sql.Integer, primary_key=True)
            name = column(sql.String(50), nullable=False)
            email = column(sql.String(100), nullable=False)
            age = column(sql.Integer, nullable=False)
            score = column(sql.Float, nullable=False)
            city = column(sql.String(50), nullable=False)
            note = column(sql.Text)
            active = column(sql.Integer, nullable=False)

        class Parent(base):  # type: ignore[misc, valid-type]
            __tablename__ = "parent"
            id = column(sql.Integer, primary_key=True)
            name = column(sql.String(50), nullable=False)
            children = orm.relationship("Child", back_populates="parent")

        class Child(base):  # type: ignore[misc, valid-type]
            __tablename__ = "child"
            id = column(sql.Integer, primary_key=True)
            name = column(sql.String(50), nullable=False)
            parent_id = column(sql.ForeignKey("parent.id"), nullable=False, index=True)
            parent = orm.relationship("Parent", back_populates="children")

        self.Item, self.Parent, self.Child = Item, Parent, Child
        orm.configure_mappers()

    def engine(self, *, items: int = 0, family: bool = False, **options: Any) -> Any:
        """An engine on fresh tables; it is disposed of after the run."""
        engine = self.place.engine(self, items=items, family=family, **options)
        self.place.opened(engine.dispose)
        return engine

    def session(self, engine: Any) -> Any:
        """A session that is closed after the run."""
        session = self.Session(engine)
        self.place.opened(session.close)
        return session
