"""Every statement of the second seed document (section 8.16), with only the import root changed."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from ormolu import BigInteger, create_engine, func, make_url, select, text
from ormolu.engine import Engine
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker


class Base(DeclarativeBase):
    pass


class Astronaut(Base):
    __tablename__ = "astronauts"

    id: Mapped[int] = mapped_column(primary_key=True)
    firstname: Mapped[str]
    lastname: Mapped[str]
    birthdate: Mapped[int] = mapped_column(BigInteger)


ASTRONAUTS = [
    (1, "Melissa", "Lewis", 805766400000),
    (2, "Rick", "Martinez", 822182400000),
    (3, "Alex", "Vogel", 784857600000),
    (4, "Chris", "Beck", 933552000000),
    (5, "Beth", "Johanssen", 822182400000),
    (6, "Mark", "Watney", 781920000000),
]


def astronaut(row: tuple[int, str, str, int]) -> Astronaut:
    return Astronaut(id=row[0], firstname=row[1], lastname=row[2], birthdate=row[3])


@pytest.fixture
def engine() -> Iterator[Engine]:
    DATABASE = "sqlite:///:memory:"
    engine = create_engine(DATABASE)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def objects() -> tuple[Astronaut, Astronaut]:
    return astronaut(ASTRONAUTS[0]), astronaut(ASTRONAUTS[1])


def stored(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(Astronaut)).scalar_one()


def test_8_16_1_setup() -> None:
    DATABASE = "sqlite:///:memory:"
    engine = create_engine(DATABASE)
    assert engine.url.database == ":memory:"
    assert make_url(str(engine.url)) == engine.url
    # The text is SQLAlchemy's: it quotes the colons.
    assert repr(engine) == "Engine(sqlite:///%3Amemory%3A)"


def test_8_16_1_setup_echo_shows_the_sql(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="ormolu.engine.Engine"):
        engine = create_engine("sqlite:///:memory:")
        with engine.connect() as connection:
            connection.execute(text("select 1"))
    messages = [record.getMessage() for record in caplog.records]
    assert messages[:2] == ["BEGIN (implicit)", "select 1"]
    assert messages[-1] == "ROLLBACK"


def test_8_16_2_sessionmaker_is_a_factory_with_begin(engine: Engine) -> None:
    factory = sessionmaker(engine)
    with factory.begin() as session:
        session.add(astronaut(ASTRONAUTS[0]))
    assert stored(engine) == 1
    with pytest.raises(RuntimeError), factory.begin() as session:
        session.add(astronaut(ASTRONAUTS[1]))
        session.flush()
        raise RuntimeError
    assert stored(engine) == 1


def test_8_16_3_style_1_factory_then_session(engine: Engine) -> None:
    Session = sessionmaker(bind=engine)
    session = Session()
    session.add(astronaut(ASTRONAUTS[0]))
    session.commit()
    session.close()
    assert stored(engine) == 1


def test_8_16_3_style_1_in_one_expression(engine: Engine) -> None:
    session = sessionmaker(bind=engine)()
    assert isinstance(session, Session)
    session.close()


def test_8_16_3_style_1_explicit_call(engine: Engine) -> None:
    session = sessionmaker(bind=engine).__call__()
    assert isinstance(session, Session)
    session.close()


def test_8_16_4_style_2_block_with_explicit_commit(
    engine: Engine, objects: tuple[Astronaut, Astronaut]
) -> None:
    object1, object2 = objects
    with Session(engine) as session:
        session.add(object1)
        session.add(object2)
        session.commit()
    assert stored(engine) == 2


def test_8_16_4_style_2_block_exit_commits(
    engine: Engine, objects: tuple[Astronaut, Astronaut]
) -> None:
    object1, object2 = objects
    with Session(engine) as session:
        session.add(object1)
        session.add(object2)
    assert stored(engine) == 2


def test_8_16_4_style_2_block_that_raises_rolls_back(
    engine: Engine, objects: tuple[Astronaut, Astronaut]
) -> None:
    with pytest.raises(RuntimeError), Session(engine) as session:
        session.add_all(objects)
        session.flush()
        raise RuntimeError
    assert stored(engine) == 0


def test_8_16_4_on_exit_rollback_restores_the_other_behaviour(
    engine: Engine, objects: tuple[Astronaut, Astronaut]
) -> None:
    with Session(engine, on_exit="rollback") as session:
        session.add_all(objects)
        session.flush()
    assert stored(engine) == 0


def test_8_16_5_transaction_begin_try_except_else(
    engine: Engine, objects: tuple[Astronaut, Astronaut]
) -> None:
    some_object, some_other_object = objects
    with Session(engine) as session:
        session.begin()
        try:
            session.add(some_object)
            session.add(some_other_object)
        except:
            session.rollback()
            raise
        else:
            session.commit()
    assert stored(engine) == 2


def test_8_16_5_transaction_begin_as_a_block(
    engine: Engine, objects: tuple[Astronaut, Astronaut]
) -> None:
    some_object, some_other_object = objects
    with Session(engine) as session, session.begin():
        session.add(some_object)
        session.add(some_other_object)
    assert stored(engine) == 2


def test_8_16_5_transaction_nested_with_statements(
    engine: Engine, objects: tuple[Astronaut, Astronaut]
) -> None:
    some_object, some_other_object = objects
    with Session(engine) as session:  # noqa: SIM117
        with session.begin():
            session.add(some_object)
            session.add(some_other_object)
    assert stored(engine) == 2


def test_8_16_5_transaction_savepoints_at_any_depth(
    engine: Engine, objects: tuple[Astronaut, Astronaut]
) -> None:
    object1, object2 = objects
    with Session(engine) as session:
        with session.begin_nested():
            session.add(object1)
            with session.begin_nested() as inner:
                session.add(object2)
                session.flush()
                inner.rollback()
            with session.begin_nested():
                session.add(astronaut(ASTRONAUTS[2]))
        assert object1 in session
        assert object2 not in session
    assert stored(engine) == 2


def test_8_16_6_example(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with Session(engine) as filling:
        filling.add_all([astronaut(row) for row in ASTRONAUTS])

    session = sessionmaker(bind=engine)

    with session.begin() as db:
        result = db.execute("SELECT * FROM astronauts").all()

    assert result == ASTRONAUTS
    print(result)
    assert capsys.readouterr().out == repr(ASTRONAUTS) + "\n"
    first = result[0]
    assert (first.firstname, first.lastname) == ("Melissa", "Lewis")
    assert first._mapping["birthdate"] == 805766400000
    number, firstname, *_ = first
    assert (number, firstname) == (1, "Melissa")


def test_8_16_6_example_plain_strings_take_binds(engine: Engine) -> None:
    with Session(engine) as session:
        session.add_all([astronaut(row) for row in ASTRONAUTS])
        statement = "SELECT firstname FROM astronauts WHERE lastname = :lastname"
        assert session.execute(statement, {"lastname": "Watney"}).scalar_one() == "Mark"
        assert session.execute(text(statement), {"lastname": "Beck"}).scalar_one() == "Chris"
