"""Every statement of the first seed document, with only the import root changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from ormolu import create_engine, inspect, select
from ormolu.engine import Engine
from ormolu.exc import IntegrityError
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str]


GetSession = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path}/users.db")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def get_session(engine: Engine) -> GetSession:
    Factory = sessionmaker(bind=engine)

    @contextmanager
    def get_session() -> Iterator[Session]:
        session = Factory()
        try:
            yield session
            session.commit()
        except:
            session.rollback()
            raise
        finally:
            session.close()

    return get_session


def create_user(get_session: GetSession, username: str, email: str) -> None:
    with get_session() as session:
        user = User(username=username, email=email)
        session.add(user)


def get_user(get_session: GetSession, username: str) -> User | None:
    with get_session() as session:
        user = session.query(User).filter_by(username=username).first()
        return user


def test_connecting_to_the_database_names_the_package_to_install(
    hide: Callable[..., None],
) -> None:
    hide("psycopg")  # so that the test says the same wherever it runs
    with pytest.raises(ImportError, match=r'pip install "ormolu\[postgresql\]"'):
        create_engine("postgresql://username:password@localhost/database")


def test_creating_a_session(engine: Engine) -> None:
    Session_ = sessionmaker(bind=engine)
    session = Session_()
    assert isinstance(session, Session)
    assert session.get_bind() is engine
    session.close()


def test_usage_of_sessions_create_user_commits(get_session: GetSession, engine: Engine) -> None:
    create_user(get_session, "alice", "alice@example.org")
    with engine.connect() as connection:
        rows = connection.execute(select(User.username, User.email)).all()
    assert rows == [("alice", "alice@example.org")]


def test_using_the_session_get_user_stays_readable_by_its_caller(get_session: GetSession) -> None:
    create_user(get_session, "alice", "alice@example.org")
    user = get_user(get_session, "alice")
    assert user is not None
    assert inspect(user).detached
    assert (user.username, user.email, user.id) == ("alice", "alice@example.org", 1)


def test_using_the_session_get_user_of_nobody_is_none(get_session: GetSession) -> None:
    assert get_user(get_session, "nobody") is None


def test_get_session_rolls_back_when_the_block_raises(get_session: GetSession) -> None:
    with pytest.raises(ZeroDivisionError), get_session() as session:
        session.add(User(username="bob", email="bob@example.org"))
        session.flush()
        _ = 1 / 0
    assert get_user(get_session, "bob") is None


def test_get_session_rolls_back_when_the_commit_fails(get_session: GetSession) -> None:
    create_user(get_session, "alice", "alice@example.org")
    with pytest.raises(IntegrityError, match=r"UNIQUE constraint failed: users\.username"):
        create_user(get_session, "alice", "other@example.org")
    create_user(get_session, "carol", "carol@example.org")
    assert get_user(get_session, "carol") is not None
