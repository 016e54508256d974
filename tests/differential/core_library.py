"""What Core programs share: a harbour's tables, the dialects, and what is sent to the driver.

A Core program is a generator function of a `Library`. What it yields is what it prints: strings
as they are, anything else by `repr()`. The lines of both libraries must be equal.
"""

from __future__ import annotations

import datetime
import decimal
import importlib
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

from library import Library

DIALECTS = ("default", "sqlite", "postgresql", "mysql")
Program = Callable[[Library], Iterator[Any]]

_UNLIKE = re.compile(r"0x[0-9a-f]+|(sqlalchemy|ormolu)(\.\w+)*")
_TIMES = re.compile(r"\d+\.\d+s(?: ago)?")


def printed(program: Program, lib: Library) -> list[str]:
    """The lines that `program` prints, without addresses, times and names of the library."""
    return [plain(line if isinstance(line, str) else repr(line)) for line in program(lib)]


def plain(text: str) -> str:
    return _TIMES.sub("[time]", _UNLIKE.sub("", text))


def module(lib: Library, name: str) -> Any:
    """The library's module of that name: `module(lib, "dialects.postgresql")`."""
    return importlib.import_module(f"{lib.root}.{name}")


def dialect(lib: Library, name: str) -> Any:
    """A dialect of the library, with no server and no driver behind it."""
    if name == "default":
        return module(lib, "engine.default").StrCompileDialect()
    return module(lib, f"dialects.{name}").dialect()


def texts(lib: Library, element: Any, *names: str, **options: Any) -> Iterator[str]:
    """The text of `element` for the named dialects, or for all of them."""
    for name in names or DIALECTS:
        yield f"{name}: {element.compile(dialect=dialect(lib, name), **options)}"


def harbour(lib: Library) -> SimpleNamespace:
    """Tables of ships, of their voyages, and of the cargo of these."""
    sql = lib.sql
    metadata = sql.MetaData()
    ship = sql.Table(
        "ship",
        metadata,
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("name", sql.String(30), nullable=False),
        sql.Column("flag", sql.String(2)),
        sql.Column("tonnage", sql.Integer),
    )
    voyage = sql.Table(
        "voyage",
        metadata,
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("ship_id", sql.ForeignKey("ship.id"), nullable=False),
        sql.Column("port", sql.String(30)),
        sql.Column("sailed", sql.Date),
        sql.Column("days", sql.Integer),
    )
    cargo = sql.Table(
        "cargo",
        metadata,
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("voyage_id", sql.Integer, sql.ForeignKey("voyage.id")),
        sql.Column("goods", sql.String(20)),
        sql.Column("weight", sql.Numeric(8, 2)),
    )
    return SimpleNamespace(metadata=metadata, ship=ship, voyage=voyage, cargo=cargo)


SHIPS = [
    {"id": 1, "name": "Alma", "flag": "NO", "tonnage": 900},
    {"id": 2, "name": "Brage", "flag": "NO", "tonnage": 4200},
    {"id": 3, "name": "Cato", "flag": "IT", "tonnage": 1500},
    {"id": 4, "name": "Dara", "flag": None, "tonnage": None},
]
VOYAGES = [
    {"id": i, "ship_id": ship, "port": port, "sailed": datetime.date(1911, 3, i), "days": days}
    for i, ship, port, days in (
        (1, 1, "Bergen", 4),
        (2, 1, "Hull", 6),
        (3, 2, "Hull", 3),
        (4, 3, "Bari", None),
        (5, 3, "Bergen", 12),
    )
]
CARGO = [
    {"id": i, "voyage_id": voyage, "goods": goods, "weight": decimal.Decimal(weight)}
    for i, voyage, goods, weight in (
        (1, 1, "salt", "12.50"),
        (2, 1, "cod", "40.25"),
        (3, 3, "coal", "300.00"),
        (4, 5, "salt", "7.75"),
    )
]


def filled_harbour(lib: Library) -> tuple[SimpleNamespace, Any]:
    """The harbour's tables with rows, and the engine that holds them."""
    tables, engine = harbour(lib), lib.engine()
    tables.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(lib.sql.insert(tables.ship), SHIPS)
        connection.execute(lib.sql.insert(tables.voyage), VOYAGES)
        connection.execute(lib.sql.insert(tables.cargo), CARGO)
    return tables, engine


def shown(connection: Any, statement: Any, *parameters: Any) -> Iterator[Any]:
    """The statement's text, then its rows."""
    yield str(statement)
    yield connection.execute(statement, *parameters).all()
