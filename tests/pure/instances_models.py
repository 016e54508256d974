"""A small mapped model and a session that records instead of waiting, for the instance tests."""

from __future__ import annotations

from typing import Any

from ormolu.orm.instances import state as states
from ormolu.orm.instances.attributes import Mapped
from ormolu.orm.instances.collections import loaded
from ormolu.orm.instances.identity import IdentityMap
from ormolu.orm.instances.keyed import attribute_keyed_dict
from ormolu.orm.mapping.declarative import DeclarativeBase
from ormolu.orm.mapping.properties import mapped_column
from ormolu.orm.mapping.relationship import relationship
from ormolu.schema import Column, ForeignKey, Table


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
    nick: Mapped[str | None]
    posts: Mapped[list[Post]] = relationship(back_populates="author", cascade="all, delete-orphan")
    tags: Mapped[set[Tag]] = relationship(secondary=user_tag, back_populates="users")
    notes: Mapped[dict[str, Note]] = relationship(collection_class=attribute_keyed_dict("title"))


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    author: Mapped[User | None] = relationship(back_populates="posts")


class Tag(Base):
    __tablename__ = "tags"
    id: Mapped[int] = mapped_column(primary_key=True)
    users: Mapped[list[User]] = relationship(secondary=user_tag, back_populates="tags")


class Note(Base):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class RecordingSession:
    """What the instances ask of a session, remembered."""

    def __init__(self) -> None:
        self._modified: dict[int, object] = {}
        self._new: dict[int, object] = {}
        self._transaction: object | None = None
        self._identity = IdentityMap()
        self.membership = states.Membership(self)
        self.loads: list[str] = []
        self.rows: dict[str, Any] = {}

    def _begun(self) -> None:
        self._transaction = object()

    def _load_attribute(self, obj: object, attribute: Any) -> Any:
        self.loads.append(attribute.key)
        value = self.rows[attribute.key]
        if attribute.impl.uselist:
            return loaded(obj, attribute.impl, value)
        obj.__dict__[attribute.key] = value
        return value

    def add(self, instance: object) -> None:
        if id(instance) not in self._new:
            self._new[id(instance)] = instance
            states.pending(instance, type(instance).__mapper__, self.membership)  # type: ignore[attr-defined]

    def expunge(self, instance: object) -> None:
        del self._new[id(instance)]
        states.detach(instance)

    def holds(self, class_: type[Any], **values: Any) -> Any:
        """A clean persistent object of this session."""
        mapper = class_.__mapper__
        mapper.registry.configure()
        obj = mapper.twin()
        for name, value in values.items():
            setattr(obj, name, value)
        obj._sa_instance_state = self.membership.shared(mapper)
        obj.__class__ = class_
        self._identity.add(mapper, states.identity_of(obj), obj)
        return obj
