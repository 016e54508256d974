"""The main example: the astronauts, in every style of opening a session.

Run it with `make demo`. It needs no database server: everything happens in an in-memory SQLite
database. Each section prints the SQL that is sent, behind `sql |`, and the objects that come back.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import textwrap
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date

from ormolu import ForeignKey, create_engine, event, func, select, text
from ormolu.engine import Connection, Engine
from ormolu.exc import IntegrityError
from ormolu.ext.asyncio import async_sessionmaker, create_async_engine
from ormolu.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    mapped_column,
    relationship,
    selectinload,
    sessionmaker,
)


class Base(DeclarativeBase):
    pass


class Mission(Base):
    __tablename__ = "missions"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    crew: Mapped[list[Astronaut]] = relationship(
        back_populates="mission", order_by="Astronaut.lastname"
    )


class Astronaut(Base):
    __tablename__ = "astronauts"

    id: Mapped[int] = mapped_column(primary_key=True)
    firstname: Mapped[str]
    lastname: Mapped[str]
    born: Mapped[date | None]
    mission_id: Mapped[int | None] = mapped_column(ForeignKey("missions.id"))
    mission: Mapped[Mission | None] = relationship(back_populates="crew")

    def __repr__(self) -> str:
        return f"<Astronaut {self.firstname} {self.lastname}>"


CREW = [
    ("Melissa", "Lewis", date(1995, 7, 15)),
    ("Rick", "Martinez", date(1996, 1, 21)),
    ("Alex", "Vogel", date(1994, 11, 15)),
    ("Chris", "Beck", date(1999, 8, 2)),
    ("Beth", "Johanssen", date(1996, 1, 21)),
    ("Mark", "Watney", date(1994, 10, 12)),
]


def heading(title: str) -> None:
    print(f"\n== {title} " + "=" * (76 - len(title)))


class Compact(logging.Formatter):
    """A statement, or its parameters, without blank lines and cut where it gets long."""

    def format(self, record: logging.LogRecord) -> str:
        line = " ".join(record.getMessage().split())
        if line.startswith("["):  # "[raw sql] (1, 2)": how it was compiled, and the parameters
            line = "with " + line.partition("] ")[2]
        return textwrap.fill(
            line,
            width=100,
            initial_indent="   sql | ",
            subsequent_indent="       |    ",
            max_lines=3,
            placeholder=" …",
        )


def has_content(record: logging.LogRecord) -> bool:
    """Whether a log record says more than that a statement has no parameters."""
    return not record.getMessage().endswith("] ()")


def show_sql() -> None:
    """Print every statement that the engines log; create_engine(echo=True) is the short form."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(Compact())
    handler.addFilter(has_content)
    logger = logging.getLogger("ormolu.engine.Engine")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False


def create(engine: Engine) -> None:
    heading("create the tables, and a crew with its mission in one commit")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        ares = Mission(name="Ares 3")
        ares.crew = [Astronaut(firstname=f, lastname=n, born=b) for f, n, b in CREW]
        session.add(ares)
        print("the flush is going to run:", *session.flush_plan(), sep="\n    ")
        # A clean exit from the block commits.


def factory_styles(engine: Engine) -> None:
    heading("sessionmaker: a factory of sessions")
    factory = sessionmaker(bind=engine)
    session = factory()
    print(session.scalar(select(func.count()).select_from(Astronaut)), "astronauts")
    session.close()

    session = sessionmaker(bind=engine).__call__()
    print(session.query(Astronaut).filter_by(lastname="Watney").first())
    session.close()

    with factory.begin() as db:
        result = db.execute("SELECT firstname, lastname FROM astronauts").all()
    print(result)


@contextmanager
def get_session(factory: sessionmaker[Session]) -> Generator[Session, None, None]:
    session = factory()
    try:
        yield session
        session.commit()
    except:
        session.rollback()
        raise
    finally:
        session.close()


def helper_style(engine: Engine) -> None:
    heading("a get_session() of one's own; the object stays readable afterwards")
    factory = sessionmaker(bind=engine)

    def get_astronaut(lastname: str) -> Astronaut | None:
        with get_session(factory) as session:
            return session.query(Astronaut).filter_by(lastname=lastname).first()

    lewis = get_astronaut("Lewis")
    assert lewis is not None
    print(lewis, "was born on", lewis.born)


def transaction_styles(engine: Engine) -> None:
    heading("transactions: explicit, as a block, and nested")
    with Session(engine) as session:
        session.begin()
        try:
            session.add(Astronaut(firstname="Vincent", lastname="Kapoor"))
        except:
            session.rollback()
            raise
        else:
            session.commit()

    with Session(engine) as session, session.begin():
        ares = session.scalars(select(Mission)).one()
        try:
            with session.begin_nested():
                session.add(Mission(name="Ares 3"))
        except IntegrityError as error:
            print("refused:", error.orig)
        print("the outer transaction goes on:", ares.name)


def relationships(engine: Engine) -> None:
    heading("relationships: a crew loaded by one more SELECT")
    with Session(engine) as session:
        for mission in session.scalars(select(Mission).options(selectinload(Mission.crew))):
            print(mission.name, mission.crew)


async def asynchronous() -> None:
    heading("the same in async")
    engine = create_async_engine("sqlite+aiosqlite://")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    factory = async_sessionmaker(engine)
    async with factory() as session:
        session.add(Mission(name="Ares 4", crew=[Astronaut(firstname="Ann", lastname="Lee")]))
        await session.commit()
        mission = (await session.scalars(select(Mission).options(selectinload(Mission.crew)))).one()
        print(mission.name, mission.crew)
        rows = await session.execute(text("SELECT count(*) FROM astronauts"))
        print(rows.scalar_one(), "astronaut")
    await engine.dispose()


def main() -> None:
    show_sql()
    engine = create_engine("sqlite:///:memory:")
    begun: list[Connection] = []
    event.listen(engine, "begin", begun.append)
    create(engine)
    factory_styles(engine)
    helper_style(engine)
    transaction_styles(engine)
    relationships(engine)
    asyncio.run(asynchronous())
    heading("done")
    print(len(begun), "transactions were begun on the synchronous engine")


if __name__ == "__main__":
    main()
