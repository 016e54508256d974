"""A program written for SQLAlchemy, moved by changing its imports.

The program below is a text, as it would stand in a file of yours. `moved` changes the root of its
imports, and nothing else. The program runs with both, if SQLAlchemy is installed, and prints the
same lines.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys

PROGRAM = """
from sqlalchemy import ForeignKey, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Shelf(Base):
    __tablename__ = "shelves"
    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    books: Mapped[list["Book"]] = relationship(
        back_populates="shelf", cascade="all, delete-orphan"
    )


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    shelf_id: Mapped[int] = mapped_column(ForeignKey("shelves.id"))
    shelf: Mapped[Shelf] = relationship(back_populates="books")


engine = create_engine("sqlite://")
Base.metadata.create_all(engine)

with Session(engine) as session:
    session.add(Shelf(label="poetry", books=[Book(title="Duino"), Book(title="Howl")]))
    session.commit()
    statement = select(Shelf.label, func.count(Book.id)).join(Shelf.books).group_by(Shelf.label)
    print(statement)
    print(session.execute(statement).all())
    shelf = session.query(Shelf).filter_by(label="poetry").one()
    shelf.books.pop()
    session.commit()
    print([book.title for book in shelf.books], session.scalar(select(func.count(Book.id))))
engine.dispose()
"""


def moved(program: str) -> str:
    """The program with SQLAlchemy's import root changed."""
    return re.sub(r"^(from|import) sqlalchemy\b", r"\1 ormolu", program, flags=re.MULTILINE)


def output(program: str) -> str:
    """What the program prints, in an interpreter of its own."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def main() -> None:
    ours = output(moved(PROGRAM))
    print("== with ormolu", ours, sep="\n")
    if importlib.util.find_spec("sqlalchemy") is None:
        print("SQLAlchemy isn't installed, so there is nothing to compare with.")
    else:
        print("== with SQLAlchemy:", "the same" if output(PROGRAM) == ours else "something else")


if __name__ == "__main__":
    main()
