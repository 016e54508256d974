"""Making sessions: options, factories, registries; nothing here touches a database."""

from __future__ import annotations

import threading

import pytest

from ormolu.exc import ArgumentError, InvalidRequestError, UnboundExecutionError
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column, scoped_session, sessionmaker
from ormolu.orm.exc import UnmappedInstanceError
from ormolu.orm.session.views import IdentitySet


class Base(DeclarativeBase):
    pass


class Thing(Base):
    __tablename__ = "things"
    id: Mapped[int] = mapped_column(primary_key=True)


class Other(Base):
    __tablename__ = "others"
    id: Mapped[int] = mapped_column(primary_key=True)


def test_options_that_are_no_longer_supported_are_refused() -> None:
    with pytest.raises(ArgumentError, match="autocommit=True is no longer supported"):
        Session(autocommit=True)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="'future' parameter"):
        Session(future=False)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match='join_transaction_mode: "x"'):
        Session(join_transaction_mode="x")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="on_exit"):
        Session(on_exit="explode")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="foo"):
        Session(foo=1)  # type: ignore[call-arg]


def test_a_session_without_bind_names_the_mapper() -> None:
    with pytest.raises(UnboundExecutionError, match=r"mapper .*Thing"):
        Session().get_bind(Thing)
    with pytest.raises(UnboundExecutionError, match="not bound to a single Engine"):
        Session().get_bind()


def test_binds_are_found_by_class_base_class_and_table() -> None:
    one, two, three = object(), object(), object()
    session = Session(one, binds={Thing: two})
    assert session.get_bind(Thing) is two
    assert session.get_bind(Other) is one
    by_base = Session(binds={Base: three})
    assert by_base.get_bind(Other) is three
    by_table = Session(one)
    by_table.bind_table(Thing.__table__, two)
    assert by_table.get_bind(Thing) is two
    assert by_table.get_bind(Other) is one
    assert by_table.get_bind(Other, bind=three) is three
    with pytest.raises(ArgumentError, match="can't be a key of Session"):
        Session(binds={"things": one})


def test_info_is_a_dict_of_each_session() -> None:
    maker = sessionmaker(info={"a": 1})
    session = maker(info={"b": 2})
    assert session.info == {"a": 1, "b": 2}
    session.info["c"] = 3
    assert maker().info == {"a": 1}
    assert Session().info == {}


def test_sessionmaker_makes_configured_sessions_of_a_class() -> None:
    class Mine(Session):
        pass

    engine = object()
    maker = sessionmaker(engine, class_=Mine, autoflush=False)
    session = maker(expire_on_commit=False)
    assert isinstance(session, Mine)
    assert (session.bind, session.autoflush, session.expire_on_commit) == (engine, False, False)
    maker.configure(autoflush=True)
    assert maker().autoflush is True
    assert maker.__call__().bind is engine
    assert repr(maker).startswith("sessionmaker(class_='Mine', bind=<object")


def test_scoped_session_is_one_per_thread() -> None:
    registry = scoped_session(sessionmaker())
    mine = registry()
    assert registry() is mine
    theirs: list[Session] = []
    thread = threading.Thread(target=lambda: theirs.append(registry()))
    thread.start()
    thread.join()
    assert theirs[0] is not mine
    registry.remove()
    assert registry() is not mine


def test_scoped_session_hands_everything_on() -> None:
    registry = scoped_session(sessionmaker(), scopefunc=lambda: 1)
    thing = Thing()
    registry.add(thing)
    assert thing in registry
    assert list(registry) == [thing]
    assert list(registry.new) == [thing]
    registry.autoflush = False
    assert registry().autoflush is False
    with pytest.raises(InvalidRequestError, match="already present"):
        registry(autoflush=True)
    missing = {n for n in dir(Session) if not n.startswith("_")} - set(dir(registry))
    assert missing == {"dispatch"}
    registry.remove()


def test_query_property_gives_a_query_of_the_class() -> None:
    registry = scoped_session(sessionmaker())
    Base.query = registry.query_property()  # type: ignore[attr-defined]
    try:
        assert str(Thing.query).startswith("SELECT things.id")  # type: ignore[attr-defined]
        assert Thing.query.session is registry()  # type: ignore[attr-defined]
    finally:
        del Base.query  # type: ignore[attr-defined]
        registry.remove()


def test_add_expunge_and_what_is_where() -> None:
    session = Session()
    one, two = Thing(), Thing()
    session.add_all([one, two])
    assert one in session
    assert session.new == IdentitySet([one, two])
    assert list(session) == [one, two]
    assert session.in_transaction()
    session.expunge(one)
    assert one not in session
    with pytest.raises(InvalidRequestError, match="is not present in this Session"):
        session.expunge(one)
    session.expunge_all()
    assert list(session) == []


def test_an_object_of_another_session_is_refused_by_name() -> None:
    first, second = Session(), Session()
    thing = Thing()
    first.add(thing)
    with pytest.raises(InvalidRequestError, match=r"<Thing at .*already attached to session"):
        second.add(thing)
    first.close()
    second.add(thing)
    assert thing in second


def test_what_is_not_mapped_is_refused() -> None:
    session = Session()
    for call in (session.add, session.delete, session.expunge, session.is_modified, session.expire):
        with pytest.raises(UnmappedInstanceError, match=r"builtins\.object"):
            call(object())
    with pytest.raises(UnmappedInstanceError):
        object() in session  # noqa: B015


def test_identity_keys() -> None:
    assert Session.identity_key(Thing, 1) == (Thing, (1,), None)
    assert Session.identity_key(Thing, (1,)) == (Thing, (1,), None)
    assert Session.identity_key(instance=Thing(id=3)) == (Thing, (3,), None)
    with pytest.raises(ArgumentError):
        Session.identity_key()


def test_no_autoflush_is_for_the_block_only() -> None:
    session = Session()
    with session.no_autoflush as same:
        assert same is session
        assert session.autoflush is False
    assert session.autoflush is True


def test_begin_twice_and_autobegin_off() -> None:
    session = Session()
    session.begin()
    with pytest.raises(InvalidRequestError, match="A transaction is already begun on this Session"):
        session.begin()
    manual = Session(autobegin=False)
    with pytest.raises(InvalidRequestError, match="Autobegin is disabled"):
        manual.add(Thing())
    with manual.begin():
        manual.add(Thing())
        manual.expunge_all()
    assert not manual.in_transaction()


def test_closed_for_good() -> None:
    session = Session(close_resets_only=False)
    session.close()
    with pytest.raises(InvalidRequestError, match="permanently closed"):
        session.begin()
    again = Session()
    again.close()
    again.begin()
    again.close()
