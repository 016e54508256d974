"""`TypedColumns`: the same classes give the same tables, and the same are refused."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Literal, Optional

import pytest
import sqlalchemy

import ormolu

LIBRARIES = (ormolu, sqlalchemy)


class Colour(enum.Enum):
    RED = 1


def body(sa: Any, base: Any, annotations: dict[str, Any], **columns: Any) -> Any:
    return type("Columns", (base,), {"__annotations__": annotations, **columns})


def described(sa: Any, class_: Any, *items: Any) -> list[tuple[Any, ...]]:
    table = sa.Table("t", sa.MetaData(), class_, *items)
    return [
        (c.key, c.name, repr(c.type), c.nullable, c.primary_key, c.index, len(c.foreign_keys))
        for c in table.c
    ]


def plain(sa: Any) -> Any:
    named = sa.Named
    return body(
        sa,
        sa.TypedColumns,
        {"name": named[str], "weight": named[float | None], "age": named[Optional[int]]},  # noqa: UP045
        id=sa.Column(sa.Integer, primary_key=True),
        age=sa.Column("user_age"),
    )


def mixed(sa: Any) -> Any:
    named = sa.Named
    annotations = {
        "short": named[str],
        "at": sa.Column[dt.datetime],
        "never": named[int | None],
        "maybe": named[int],
        "key": named[int | None],
        "other": named[int],
        "number": named[Decimal | None],
        "token": named[uuid.UUID],
        "data": named[bytes],
        "length": named[dt.timedelta],
    }
    return body(
        sa,
        sa.TypedColumns,
        annotations,
        short=sa.Column(sa.String(42), index=True),
        never=sa.Column(nullable=False),
        maybe=sa.Column(nullable=True),
        key=sa.Column(primary_key=True),
        other=sa.Column(sa.ForeignKey("x.id")),
        loose=sa.Column(sa.ForeignKey("x.id")),
    )


def inherited(sa: Any) -> Any:
    first = body(
        sa, sa.TypedColumns, {"a": sa.Named[int], "c": sa.Named[int]}, b=sa.Column(sa.Integer)
    )
    second = body(sa, sa.TypedColumns, {"d": sa.Named[int]})
    both = type("Both", (first, second), {"__annotations__": {"f": sa.Named[int]}})
    return body(sa, both, {"a": sa.Named[str | None]}, g=sa.Column(sa.Integer))


def with_row(sa: Any) -> Any:
    return body(sa, sa.TypedColumns, {"x": sa.Named[int], "__row_pos__": tuple[int]})


def keyed(sa: Any) -> Any:
    return body(sa, sa.TypedColumns, {"x": sa.Named[int]}, x=sa.Column(sa.Integer, key="k"))


@pytest.mark.parametrize("make", [plain, mixed, inherited, with_row, keyed])
def test_a_class_gives_the_columns_that_sqlalchemy_gives(make: Callable[[Any], Any]) -> None:
    found, expected = (described(sa, make(sa), sa.Column("more", sa.Integer)) for sa in LIBRARIES)
    assert found == expected


REFUSED: dict[str, Callable[[Any], Any]] = {
    "an enumeration": lambda sa: body(sa, sa.TypedColumns, {"x": sa.Named[Any]}),
    "a plain annotation": lambda sa: body(sa, sa.TypedColumns, {"x": int}),
    "a bare Named": lambda sa: body(sa, sa.TypedColumns, {"x": sa.Named}),
    "a dict": lambda sa: body(sa, sa.TypedColumns, {"x": sa.Named[dict[str, int]]}),
    "a value": lambda sa: body(sa, sa.TypedColumns, {}, x=5),
    "a value with an annotation": lambda sa: body(sa, sa.TypedColumns, {"x": sa.Named[int]}, x=5),
    "nothing known": lambda sa: body(sa, sa.TypedColumns, {}, x=sa.Column()),
    "a method": lambda sa: body(sa, sa.TypedColumns, {}, f=lambda self: 1),
    "another class": lambda sa: int,
    "an instance": lambda sa: sa.TypedColumns(),
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED)
def test_what_sqlalchemy_refuses_is_refused(make: Callable[[Any], Any]) -> None:
    errors = []
    for sa in LIBRARIES:
        with pytest.raises(sa.exc.SQLAlchemyError) as caught:
            described(sa, make(sa))
        errors.append(type(caught.value).__name__)
    assert errors[0] == errors[1]


def test_enumerations_and_literals_have_types() -> None:
    class_ = body(
        ormolu,
        ormolu.TypedColumns,
        {"colour": ormolu.Named[Colour], "word": ormolu.Named[Literal["a", "b"] | None]},
    )
    table = ormolu.Table("t", ormolu.MetaData(), class_)
    assert isinstance(table.c.colour.type, ormolu.Enum) and not table.c.colour.nullable
    assert table.c.word.type.enums == ["a", "b"] and table.c.word.nullable


class OfTheModule(ormolu.TypedColumns):
    id = ormolu.Column(ormolu.Integer, primary_key=True)
    name: ormolu.Named[str]


def test_each_table_has_columns_of_its_own() -> None:
    tables = [ormolu.Table(name, ormolu.MetaData(), OfTheModule) for name in ("a", "b")]
    assert [str(table.c.name) for table in tables] == ["a.name", "b.name"]
    assert OfTheModule.id.table is None
    assert tables[0].with_cols(OfTheModule) is tables[0]


def test_an_annotation_that_cannot_be_evaluated_names_the_class() -> None:
    class Local:
        pass

    class Columns(ormolu.TypedColumns):
        x: ormolu.Named[Local]

    with pytest.raises(ormolu.exc.ArgumentError, match=r"annotation of 'Columns'.*'Local'"):
        ormolu.Table("t", ormolu.MetaData(), Columns)
