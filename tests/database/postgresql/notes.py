"""The class that the tests of a single new object write: its key is all that the database gives."""

from __future__ import annotations

from ormolu.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The base of the one class."""


class Note(Base):
    """A key that the database gives, and a title that it may refuse."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(unique=True)
