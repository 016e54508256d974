"""``bind_expression`` and ``column_expression``: what types put around values and columns."""

from __future__ import annotations

from typing import Any

from ormolu import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)
from ormolu.orm import DeclarativeBase, Mapped, Session, mapped_column
from ormolu.types import TypeDecorator, UserDefinedType


class Upper(UserDefinedType[str]):
    """Stored in capitals, read in small letters."""

    cache_ok = True

    def get_col_spec(self, **kw: Any) -> str:
        return "VARCHAR"

    def bind_expression(self, bindvalue: Any) -> Any:
        return func.upper(bindvalue, type_=self)

    def column_expression(self, colexpr: Any) -> Any:
        return func.lower(colexpr, type_=self)


class Marked(TypeDecorator[str]):
    impl = String
    cache_ok = True

    def bind_expression(self, bindvalue: Any) -> Any:
        return func.trim(bindvalue)

    def column_expression(self, colexpr: Any) -> Any:
        return colexpr + literal_column("'!'")


metadata = MetaData()
words = Table(
    "words",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("a", Upper),
    Column("b", Marked),
)


class Base(DeclarativeBase):
    pass


class Word(Base):
    __tablename__ = "word"
    id: Mapped[int] = mapped_column(primary_key=True)
    a: Mapped[str] = mapped_column(Upper)


def test_core_writes_and_reads_through_the_expressions() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        connection.execute(insert(words), [{"a": "one", "b": " x "}, {"a": "two", "b": None}])
        assert connection.execute(text("SELECT a, b FROM words")).all() == [
            ("ONE", "x"),
            ("TWO", None),
        ]
        assert connection.execute(select(words)).all() == [(1, "one", "x!"), (2, "two", None)]
        for names in (["one", "nope"], ["two"], []):
            found = connection.scalars(select(words.c.a).where(words.c.a.in_(names))).all()
            assert found == [name for name in names if name != "nope"]
        changed = update(words).where(words.c.a == "one").values(a="uno").returning(words.c.a)
        assert connection.scalars(changed).all() == ["uno"]
        assert connection.scalar(text("SELECT a FROM words WHERE id = 1")) == "UNO"
    engine.dispose()


def test_inner_statements_hand_on_what_is_stored() -> None:
    inner = select(words.c.a).subquery()
    assert str(select(inner)) == (
        "SELECT lower(anon_1.a) AS a \nFROM (SELECT words.a AS a \nFROM words) AS anon_1"
    )


def test_an_in_list_puts_the_expression_around_each_member() -> None:
    assert "IN (__[POSTCOMPILE_a_1~~upper(~~REPL~~)~~])" in str(
        select(words.c.id).where(words.c.a.in_(["x", "y"]))
    )


def test_sessions_flush_and_load_through_the_expressions() -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Word(a="one"), Word(a="two")])
        session.flush()
        session.expire_all()
        assert session.scalars(select(Word.a).order_by(Word.id)).all() == ["one", "two"]
        word = session.scalars(select(Word).where(Word.a == "two")).one()
        word.a = "three"
        session.flush()
        session.refresh(word)
        assert word.a == "three"
        assert session.execute(text("SELECT a FROM word ORDER BY id")).scalars().all() == [
            "ONE",
            "THREE",
        ]
    engine.dispose()


def test_types_of_one_statement_alone_do_not_pile_up() -> None:
    class Fleeting(TypeDecorator[str]):
        impl = String
        cache_ok = False

    engine = create_engine("sqlite://")
    for _ in range(2500):
        engine.dialect.result_processor(Fleeting())
    assert len(engine.dialect._result_processors) <= 2000
    engine.dispose()
