"""Mappings that can't work: refused by name when declared or configured, with the way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ormolu import Column, ForeignKey, Integer, MetaData, String, Table, create_engine, select
from ormolu.exc import (
    AmbiguousForeignKeysError,
    ArgumentError,
    InvalidRequestError,
    NoForeignKeysError,
    NoReferencedTableError,
)
from ormolu.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    mapped_column,
    registry,
    relationship,
)
from ormolu.orm.exc import MappedAnnotationError


def key() -> Any:
    return mapped_column(Integer, primary_key=True)


def pair(parent: dict[str, Any], child: dict[str, Any]) -> type[DeclarativeBase]:
    """Two mapped classes, `Parent` and `Child`, with these attributes."""

    class Base(DeclarativeBase):
        pass

    type("Parent", (Base,), {"__tablename__": "parent", "id": key(), **parent})
    type("Child", (Base,), {"__tablename__": "child", "id": key(), **child})
    return Base


def reference() -> Any:
    return mapped_column(ForeignKey("parent.id"))


BROKEN: dict[str, tuple[Callable[[], type[DeclarativeBase]], type[Exception], str]] = {
    "unknown class name": (
        lambda: pair({"children": relationship("Chidl")}, {"parent_id": reference()}),
        InvalidRequestError,
        r"'Chidl' that Parent\.children uses leads to no mapped class.*Child, Parent",
    ),
    "no foreign key": (
        lambda: pair({"children": relationship("Child")}, {}),
        NoForeignKeysError,
        r"Parent\.children - there are no foreign keys linking.*primaryjoin",
    ),
    "two foreign keys": (
        lambda: pair({"children": relationship("Child")}, {"a": reference(), "b": reference()}),
        AmbiguousForeignKeysError,
        r"Parent\.children - there are multiple foreign key paths.*foreign_keys",
    ),
    "back_populates of no attribute": (
        lambda: pair(
            {"children": relationship("Child", back_populates="mum")}, {"parent_id": reference()}
        ),
        InvalidRequestError,
        r"has no property 'mum'.*Parent\.children names it as back_populates",
    ),
    "back_populates of a column": (
        lambda: pair(
            {"children": relationship("Child", back_populates="parent_id")},
            {"parent_id": reference()},
        ),
        InvalidRequestError,
        r"'Parent\.children' refers to attribute 'Child\.parent_id' that is not a relationship",
    ),
    "back_populates to another class": (
        lambda: pair(
            {"children": relationship("Child", back_populates="other")},
            {
                "parent_id": reference(),
                "child_id": mapped_column(ForeignKey("child.id")),
                "other": relationship("Child", foreign_keys="Child.child_id"),
            },
        ),
        ArgumentError,
        r"relationship Parent\.children references relationship Child\.other, which does not",
    ),
    "both sides in one direction": (
        lambda: pair(
            {
                "boss_id": reference(),
                "boss": relationship("Parent", back_populates="team"),
                "team": relationship("Parent", back_populates="boss"),
            },
            {},
        ),
        ArgumentError,
        r"Parent\.boss and back-reference Parent\.team are both of the same direction.*remote_side",
    ),
    "an expression that leads nowhere": (
        lambda: pair(
            {"children": relationship("Child", order_by="Child.nmae")}, {"parent_id": reference()}
        ),
        InvalidRequestError,
        r"Parent\.children is declared with the expression 'Child\.nmae'.*no attribute 'nmae'",
    ),
    "delete-orphan on the many side": (
        lambda: pair(
            {},
            {
                "parent_id": reference(),
                "parent": relationship("Parent", cascade="all, delete-orphan"),
            },
        ),
        ArgumentError,
        r"many-to-one relationship Child\.parent, delete-orphan.*single_parent=True",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_relationship_names_itself_every_time(name: str) -> None:
    declare, error, message = BROKEN[name]
    base = declare()
    for _ in range(2):
        with pytest.raises(error, match=f"(?s){message}"):
            base.registry.configure()
    base.registry.dispose()


def test_a_broken_mapping_leaves_other_registries_alone() -> None:
    broken = pair({"children": relationship("Chidl")}, {})

    class Base(DeclarativeBase):
        pass

    class User(Base):
        __tablename__ = "users"

        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]
        boss_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
        boss: Mapped[User | None] = relationship(remote_side="User.id")

    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(User(name="ann", boss=User(name="bob")))
    with Session(engine) as session:
        assert session.scalars(select(User.name).order_by(User.id)).all() == ["bob", "ann"]
    engine.dispose()
    broken.registry.dispose()


def test_a_second_table_of_one_name() -> None:
    base = pair({}, {})
    with pytest.raises(InvalidRequestError, match=r"'parent' is already defined.*extend_existing"):
        type("Again", (base,), {"__tablename__": "parent", "id": key()})


def test_a_class_without_primary_key() -> None:
    base = pair({}, {})
    with pytest.raises(ArgumentError, match=r"could not assemble any primary key.*'things'.*mark"):
        type("Thing", (base,), {"__tablename__": "things", "name": mapped_column(String)})


def test_a_class_without_table_name() -> None:
    base = pair({}, {})
    with pytest.raises(InvalidRequestError, match=r"Thing.*__tablename__"):
        type("Thing", (base,), {"id": key()})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {
            "__tablename__": "special",
            "id": mapped_column(ForeignKey("parent.id"), primary_key=True),
        },
        {"__tablename__": "special", "id": key(), "__mapper_args__": {"concrete": True}},
    ],
    ids=["single table", "joined table", "concrete table"],
)
def test_inheriting_a_mapping_is_refused(body: dict[str, Any]) -> None:
    base = pair({}, {})
    parent = next(m.class_ for m in base.registry.mappers if m.class_.__name__ == "Parent")
    with pytest.raises(ArgumentError, match=r"Special: mapped inheritance.*mixin"):
        type("Special", (parent,), dict(body))


def test_polymorphic_arguments_are_refused() -> None:
    base = pair({}, {})
    body = {"__tablename__": "things", "id": key(), "kind": mapped_column(String)}
    with pytest.raises(ArgumentError, match=r"Thing: mapped inheritance \(polymorphic_on\)"):
        type("Thing", (base,), {**body, "__mapper_args__": {"polymorphic_on": "kind"}})


def test_imperative_mapping_refuses_inherits_and_a_second_mapping() -> None:
    mapped = registry()
    table = Table("things", MetaData(), Column("id", Integer, primary_key=True))

    class Thing:
        pass

    class Special(Thing):
        pass

    mapped.map_imperatively(Thing, table)
    with pytest.raises(ArgumentError, match=r"Special: mapped inheritance \(inherits\)"):
        mapped.map_imperatively(Special, inherits=Thing)
    with pytest.raises(ArgumentError, match=r"Thing.*already has a primary mapper"):
        mapped.map_imperatively(Thing, table)


def test_unknown_cascades_and_loaders_are_listed() -> None:
    with pytest.raises(ArgumentError, match=r"'delete_orphan'.*delete-orphan"):
        relationship("Child", cascade="save-update, delete_orphan")
    with pytest.raises(ArgumentError, match=r"lazy='eager'.*selectin"):
        relationship("Child", lazy="eager")


def test_backref_and_back_populates_exclude_each_other() -> None:
    with pytest.raises(ArgumentError, match="mutually exclusive"):
        relationship("Child", backref="parent", back_populates="parent")


def test_an_annotation_without_sql_type_names_the_attribute() -> None:
    class Odd:
        pass

    base = pair({}, {})
    body = {"__tablename__": "things", "id": key(), "__annotations__": {"odd": Mapped[Odd]}}
    with pytest.raises(MappedAnnotationError, match=r"Odd.*Thing\.odd.*type_annotation_map"):
        type("Thing", (base,), body)


def test_a_foreign_key_to_no_table_is_named() -> None:
    metadata = MetaData()
    Table(
        "child",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("parent_id", ForeignKey("nowhere.id")),
    )
    engine = create_engine("sqlite://")
    with pytest.raises(NoReferencedTableError, match=r"child\.parent_id.*'nowhere'"):
        metadata.create_all(engine)
    engine.dispose()
