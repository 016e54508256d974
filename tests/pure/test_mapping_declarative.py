"""Declarative classes: from annotations and bodies to tables, attributes and constructors."""

from __future__ import annotations

import enum
from typing import Annotated, Any, ClassVar

import pytest

from ormolu import exc
from ormolu.event import listen
from ormolu.inspection import inspect
from ormolu.orm.instances.attributes import InstrumentedAttribute, Mapped
from ormolu.orm.mapping.declarative import (
    DeclarativeBase,
    DeclarativeBaseNoMeta,
    declarative_base,
    registry,
)
from ormolu.orm.mapping.declared import declared_attr, validates
from ormolu.orm.mapping.mapper import Mapper
from ormolu.orm.mapping.properties import column_property, deferred, mapped_column, synonym
from ormolu.orm.mapping.registry import class_mapper, object_mapper
from ormolu.schema import Column, MetaData, Table
from ormolu.types import BigInteger, Enum, Integer, String, Text

key = Annotated[int, mapped_column(primary_key=True)]
short = Annotated[str, 30]


class Colour(enum.Enum):
    red = 1
    blue = 2


def base(**body: Any) -> Any:
    return type("Base", (DeclarativeBase,), body)


def test_types_and_nullability_come_from_the_annotations() -> None:
    class Base(DeclarativeBase):
        type_annotation_map: ClassVar[Any] = {short: String(30), int: BigInteger}

    class Thing(Base):
        __tablename__ = "thing"
        id: Mapped[key]
        name: Mapped[short]
        note: Mapped[str | None] = mapped_column(Text)
        count: Mapped[int | None]
        colour: Mapped[Colour]
        plain = Column(Integer)
        unmapped: ClassVar[int] = 3

    columns = Thing.__table__.c
    assert [column.name for column in columns] == [
        "id", "name", "note", "count", "colour", "plain"
    ]  # fmt: skip
    assert columns["id"].primary_key
    assert isinstance(columns["id"].type, BigInteger)
    assert columns["name"].type.length == 30
    assert isinstance(columns["note"].type, Text)
    assert isinstance(columns["colour"].type, Enum)
    assert [column.nullable for column in columns] == [False, False, True, True, False, True]


def test_attribute_and_column_may_have_different_names() -> None:
    class Thing(base()):
        __tablename__ = "thing"
        id: Mapped[int] = mapped_column("thing_id", primary_key=True)

    assert Thing.__table__.c.keys() == ["thing_id"]
    assert class_mapper(Thing).key_of_column == {Thing.__table__.c["thing_id"]: "id"}
    assert class_mapper(Thing).pk_keys == ("id",)


def test_class_attribute_is_a_sql_expression() -> None:
    class Thing(base()):
        __tablename__ = "thing"
        id: Mapped[int] = mapped_column(primary_key=True)

    attribute = Thing.id
    assert isinstance(attribute, InstrumentedAttribute)
    assert attribute.expression is Thing.__table__.c["id"]
    assert (attribute == 5)._key == (Thing.__table__.c["id"] == 5)._key
    assert attribute.key == "id"
    assert attribute.parent is Thing.__mapper__
    assert str(attribute) == "Thing.id"


def test_constructor_takes_the_attributes_as_keywords() -> None:
    class Thing(base()):
        __tablename__ = "thing"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]

    assert Thing(id=1, name="x").name == "x"
    with pytest.raises(TypeError, match="'nmae' is an invalid keyword argument for Thing; it has"):
        Thing(nmae="x")


def test_own_constructor_is_kept_and_may_call_the_default_one() -> None:
    class Thing(base()):
        __tablename__ = "thing"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]

        def __init__(self, name: str) -> None:
            super().__init__(id=4)
            self.name = name.upper()

    thing = Thing("x")
    assert (thing.id, thing.name) == (4, "X")


def test_mixin_columns_are_copied_for_each_class() -> None:
    class Stamped:
        created: Mapped[str | None]
        by = Column(String)

        @declared_attr.directive
        def __tablename__(cls) -> str:
            return cls.__name__.lower()

        @declared_attr
        def kind(cls) -> Mapped[str]:
            return mapped_column(String(len(cls.__name__)))

    Base = base()

    class One(Stamped, Base):
        id: Mapped[int] = mapped_column(primary_key=True)

    class Three(Stamped, Base):
        id: Mapped[int] = mapped_column(primary_key=True)

    assert One.__table__.name == "one"
    assert One.__table__.c["by"] is not Three.__table__.c["by"]
    assert (One.kind.type.length, Three.kind.type.length) == (3, 5)


def test_column_added_later_joins_table_and_constructor() -> None:
    class Thing(base()):
        __tablename__ = "thing"
        id: Mapped[int] = mapped_column(primary_key=True)

    Thing.name = mapped_column(String)
    assert "name" in Thing.__table__.c
    assert Thing(name="x").name == "x"


def test_base_without_metaclass_and_function_base_work() -> None:
    class Base(DeclarativeBaseNoMeta):
        metadata = MetaData()

    class One(Base):
        __tablename__ = "one"
        id: Mapped[int] = mapped_column(primary_key=True)

    Old = declarative_base()

    class Two(Old):
        __tablename__ = "two"
        id = Column(Integer, primary_key=True)

    assert "one" in Base.metadata.tables
    assert Two(id=3).id == 3
    assert One.metadata is not Two.metadata


def test_imperative_mapping_of_a_plain_class() -> None:
    class Thing:
        pass

    reg = registry()
    table = Table(
        "thing", reg.metadata, Column("id", Integer, primary_key=True), Column("n", String)
    )
    mapper = reg.map_imperatively(Thing, table, properties={"name": table.c["n"]})
    assert isinstance(mapper, Mapper)
    assert Thing(id=1, name="x").name == "x"
    assert list(mapper.columns.keys()) == ["id", "name"]
    with pytest.raises(exc.ArgumentError, match="already has a primary mapper"):
        reg.map_imperatively(Thing, table)
    reg.dispose()
    assert not hasattr(Thing, "__mapper__")


def test_decorated_class_is_mapped() -> None:
    reg = registry()

    @reg.mapped
    class Thing:
        __tablename__ = "thing"
        id: Mapped[int] = mapped_column(primary_key=True)

    assert inspect(Thing) is Thing.__mapper__
    assert inspect(Thing(id=1)).transient


def test_synonym_reads_writes_and_queries_the_attribute() -> None:
    class Thing(base()):
        __tablename__ = "thing"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]
        title = synonym("name")

    thing = Thing(title="x")
    assert thing.name == "x"
    thing.title = "y"
    assert thing.name == "y"
    assert Thing.title is Thing.name


def test_deferred_and_computed_columns_are_properties() -> None:
    class Thing(base()):
        __tablename__ = "thing"
        id: Mapped[int] = mapped_column(primary_key=True)
        body = deferred(Column(Text), group="large")
        more: Mapped[str] = mapped_column(Text, deferred=True)
        twice = column_property(id.column * 2)

    props = class_mapper(Thing).column_attrs
    assert (props.body.deferred, props.body.group, props.more.deferred) == (True, "large", True)
    assert not props.twice.is_column
    assert [c.name for c in Thing.__table__.c] == ["id", "body", "more"]
    assert len(Thing.__mapper__._columns_for_select()) == 2


def test_validator_replaces_or_refuses_a_value() -> None:
    class Thing(base()):
        __tablename__ = "thing"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]

        @validates("name")
        def check(self, key: str, value: str) -> str:
            if not value:
                raise ValueError(f"{key} is empty")
            return value.strip()

    thing = Thing(name=" x ")
    assert thing.name == "x"
    with pytest.raises(ValueError, match="name is empty"):
        thing.name = ""
    assert thing.name == "x"


def test_attribute_event_may_replace_the_value() -> None:
    class Thing(base()):
        __tablename__ = "thing"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]

    seen: list[Any] = []

    def shout(target: Any, value: str, old: Any, initiator: Any) -> str:
        seen.append((value, old))
        return value.upper()

    thing = Thing(name="a")
    listen(Thing.name, "set", shout, retval=True)
    thing.name = "b"
    assert thing.name == "B"
    assert seen == [("b", "a")]


def test_missing_table_name_and_primary_key_are_named() -> None:
    with pytest.raises(exc.InvalidRequestError, match="__tablename__"):
        type("Thing", (base(),), {"id": mapped_column(Integer, primary_key=True)})
    with pytest.raises(exc.ArgumentError, match="could not assemble any primary key"):
        type("Thing", (base(),), {"__tablename__": "t", "id": mapped_column(Integer)})


def test_unknown_python_type_names_the_attribute() -> None:
    with pytest.raises(exc.MappedAnnotationError, match=r"Thing\.value"):

        class Thing(base()):
            __tablename__ = "thing"
            id: Mapped[int] = mapped_column(primary_key=True)
            value: Mapped[object]


def test_mapper_of_class_and_object_or_a_clear_refusal() -> None:
    class Thing(base()):
        __tablename__ = "thing"
        id: Mapped[int] = mapped_column(primary_key=True)

    assert object_mapper(Thing()) is class_mapper(Thing)
    with pytest.raises(exc.UnmappedClassError, match="not mapped"):
        class_mapper(dict)
    with pytest.raises(exc.UnmappedInstanceError):
        object_mapper(3)
    with pytest.raises(exc.InvalidRequestError, match="has no property 'x'"):
        class_mapper(Thing).get_property("x")


def test_abstract_class_is_not_mapped() -> None:
    class Middle(base()):
        __abstract__ = True
        id: Mapped[int] = mapped_column(primary_key=True)

    class Thing(Middle):
        __tablename__ = "thing"

    assert "__mapper__" not in Middle.__dict__
    assert Thing.__table__.c.keys() == ["id"]


def test_loading_class_has_the_layout_of_the_mapped_one() -> None:
    class Thing(base()):
        __tablename__ = "thing"
        id: Mapped[int] = mapped_column(primary_key=True)

    twin = Thing.__mapper__.twin
    assert twin is not None
    thing = twin()
    thing.id = 3
    thing.__class__ = Thing
    assert isinstance(thing, Thing)
    assert thing.id == 3
