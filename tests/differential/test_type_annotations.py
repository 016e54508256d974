"""``type_annotation_map``: the column of an annotation is the one that SQLAlchemy makes."""

# ruff: noqa: UP007, UP045 - both ways of writing a union are looked up

from __future__ import annotations

import datetime as dt
import enum
import importlib
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Dict, Literal, NewType, Optional, Union  # noqa: UP035

import pytest
from typing_extensions import TypeAliasType


class Colour(enum.Enum):
    RED = "r"
    BLUE = "b"


def by_value(cls: type[enum.Enum]) -> list[str]:
    return [member.value for member in cls]


Name = NewType("Name", str)
Alias = TypeAliasType("Alias", str)
OptionalAlias = TypeAliasType("OptionalAlias", str | None)
UnionAlias = TypeAliasType("UnionAlias", int | str)
LiteralAlias = TypeAliasType("LiteralAlias", Literal["a", "b"])
Short = Annotated[str, 30]
Money = Annotated[Decimal, 12]
Document = dict[str, Any]

PLAIN: list[Any] = [
    int, str, bytes, bool, float, Decimal, dt.date, dt.datetime, dt.time, dt.timedelta, uuid.UUID,
    Optional[int], int | None, Colour, Optional[Colour], Alias, OptionalAlias, LiteralAlias, Short,
    Literal["a", "b"], Optional[Literal["a", "b"]], Optional[Short], Money,
    dict, list, Document, int | str, UnionAlias,
]  # fmt: skip

Map = Callable[[Any], dict[Any, Any]]
MAPPED: list[tuple[Any, Map]] = [
    (str, lambda sql: {str: sql.String(50)}),
    (Short, lambda sql: {Short: sql.String(30)}),
    (Short, lambda sql: {str: sql.Text}),
    (Optional[Short], lambda sql: {Short: sql.String(30)}),
    (Money, lambda sql: {Money: sql.Numeric(5, 2)}),
    (Name, lambda sql: {Name: sql.String(9)}),
    (Optional[Name], lambda sql: {Name: sql.String(9)}),
    (Alias, lambda sql: {Alias: sql.String(3)}),
    (Alias, lambda sql: {str: sql.String(4)}),
    (Alias, lambda sql: {str: sql.String(4), Alias: sql.String(5)}),
    (OptionalAlias, lambda sql: {OptionalAlias: sql.String(3)}),
    (OptionalAlias, lambda sql: {str: sql.String(3)}),
    (Optional[Alias], lambda sql: {Alias: sql.String(3)}),
    (UnionAlias, lambda sql: {UnionAlias: sql.String(3)}),
    (int | str, lambda sql: {int | str: sql.String(3)}),
    (int | str, lambda sql: {Union[int, str]: sql.String(3)}),
    (str | int, lambda sql: {Union[int, str]: sql.String(3)}),
    (int | str | None, lambda sql: {int | str: sql.String(3)}),
    (int | str, lambda sql: {int | str | None: sql.String(3)}),
    (Document, lambda sql: {Document: sql.JSON}),
    (Optional[Document], lambda sql: {Document: sql.JSON}),
    (Document, lambda sql: {Dict[str, Any]: sql.JSON}),  # noqa: UP006
    (dict[str, int], lambda sql: {Document: sql.JSON}),
    (dict, lambda sql: {dict: sql.JSON}),
    (Colour, lambda sql: {enum.Enum: sql.Enum(enum.Enum, native_enum=False, length=40)}),
    (
        Colour,
        lambda sql: {
            enum.Enum: sql.Enum(enum.Enum, values_callable=lambda e: [m.value for m in e])
        },
    ),
    (Colour, lambda sql: {Colour: sql.Enum(Colour, name="nn")}),
    (Colour, lambda sql: {Colour: sql.String(3)}),
    (Literal["a", "b"], lambda sql: {Literal["a", "b"]: sql.String(8)}),
    (Literal["b", "a"], lambda sql: {Literal["a", "b"]: sql.String(8)}),
    (Literal["a", "b"], lambda sql: {str: sql.String(8)}),
    (Literal[1, 2], lambda sql: {Literal[1, 2]: sql.Integer}),
    (LiteralAlias, lambda sql: {LiteralAlias: sql.Enum("a", "b", name="q")}),
    (LiteralAlias, lambda sql: {Literal["a", "b"]: sql.String(8)}),
    (Any, lambda sql: {Any: sql.JSON}),
    (object, lambda sql: {object: sql.JSON}),
    (bool, lambda sql: {int: sql.BIGINT}),
    (dt.datetime, lambda sql: {dt.datetime: sql.TIMESTAMP(timezone=True)}),
    (float, lambda sql: {float: sql.Numeric(9)}),
    (tuple[int, int], lambda sql: {tuple[int, int]: sql.JSON}),
]


def column_of(root: str, annotation: Any, make: Map) -> Any:
    sql: Any = importlib.import_module(root)
    orm: Any = importlib.import_module(f"{root}.orm")
    registry = orm.registry(type_annotation_map=make(sql))
    body = {
        "__tablename__": "thing",
        "__annotations__": {"id": orm.Mapped[int], "x": orm.Mapped[annotation]},
        "id": orm.mapped_column(primary_key=True),
    }
    try:
        made = type("Thing", (registry.generate_base(),), body)
    except Exception as error:
        return type(error).__name__
    column = made.__table__.c.x  # type: ignore[attr-defined]
    return repr(column.type), column.nullable


@pytest.mark.parametrize(
    ("annotation", "make"),
    [*((annotation, lambda sql: {}) for annotation in PLAIN), *MAPPED],
    ids=[str(number) for number in range(len(PLAIN) + len(MAPPED))],
)
def test_the_column_is_sqlalchemys(annotation: Any, make: Map) -> None:
    assert column_of("ormolu", annotation, make) == column_of("sqlalchemy", annotation, make)


def test_a_new_type_has_the_type_of_what_it_stands_for() -> None:
    assert column_of("ormolu", Name, lambda sql: {}) == ("String()", False)
