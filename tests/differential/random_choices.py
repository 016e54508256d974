"""What random programs share: choices read from a byte string, values, dialects, and outcomes.

A random program is a function of `(library, choices, values)` that asks `choices` at every turn
what to do next. It runs once with each library on the same bytes, so both build the same thing as
long as both see the same; hypothesis makes the bytes, and shrinks a failure by shortening them.
Bytes that have run out answer 0: the first option of a list is the plainest one.
"""

from __future__ import annotations

import importlib
import random
import warnings
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import sqlalchemy
from hypothesis import strategies as st

import ormolu

T = TypeVar("T")

#: Dialects by name, as (SQLAlchemy's, ormolu's); None is the default dialect.
DIALECTS: dict[str, tuple[Any, Any]] = {"default": (None, None)}
for _name in ("sqlite", "postgresql", "mysql", "mariadb"):
    DIALECTS[_name] = (
        sqlalchemy.make_url(f"{_name}://").get_dialect()(),
        ormolu.make_url(f"{_name}://").get_dialect()(),
    )

#: Structure and values of one example; the same structure is built with several values.
BYTES = st.binary(min_size=8, max_size=90)
SEEDS = st.integers(0, 2**16)

WORDS = ["a", "b", "ab", "", "a%", "c_", "o'x", "%s", ":x", "\\", "é"]


class Choices:
    """Decisions read one by one from a byte string."""

    def __init__(self, data: bytes) -> None:
        self._data = iter(data)

    def below(self, limit: int) -> int:
        return next(self._data, 0) % limit

    def maybe(self, one_in: int = 2) -> bool:
        return self.below(one_in) == one_in - 1

    def of(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def some(self, options: Sequence[T], at_least: int = 1) -> list[T]:
        """Some of the options in their order, `at_least` that many."""
        chosen = [option for option in options if self.maybe()]
        return chosen if len(chosen) >= at_least else list(options[:at_least])


class Values:
    """Values that stand in statements: their kinds depend on the program, they on the seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def number(self) -> int:
        return self._random.randint(-3, 9)

    def count(self) -> int:
        return self._random.randint(0, 6)

    def word(self) -> str:
        return self._random.choice(WORDS)

    def numbers(self) -> list[int]:
        return [self.number() for _ in range(self._random.randint(0, 3))]

    def words(self) -> list[str]:
        return [self.word() for _ in range(self._random.randint(0, 3))]


class Namespace:
    """One library: its names, and its modules by their path below the root."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.sa: Any = importlib.import_module(root)
        self.schema: Any = importlib.import_module(f"{root}.schema")
        self.sqlite: Any = importlib.import_module(f"{root}.dialects.sqlite")
        self.postgresql: Any = importlib.import_module(f"{root}.dialects.postgresql")
        self.mysql: Any = importlib.import_module(f"{root}.dialects.mysql")
        self._tables: dict[Any, dict[str, Any]] = {}

    def tables(self, make: Callable[[Namespace], dict[str, Any]]) -> dict[str, Any]:
        """The tables that `make` makes, once for this library."""
        if make not in self._tables:
            self._tables[make] = make(self)
        return self._tables[make]

    def text(self, element: Any, dialect: str, **options: Any) -> Any:
        """Text and parameters of a compiled element, or the class of what refuses it."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                compiled = element.compile(dialect=self.dialect(dialect), **options)
            except (sqlalchemy.exc.SQLAlchemyError, ormolu.exc.SQLAlchemyError) as error:
                return type(error).__name__
            except NotImplementedError:  # so SQLAlchemy refuses a DELETE of several tables
                return "CompileError"
            return str(compiled), compiled.params

    def texts(self, element: Any, dialects: Any = DIALECTS, **options: Any) -> dict[str, Any]:
        return {name: self.text(element, name, **options) for name in dialects}

    def dialect(self, name: str) -> Any:
        return DIALECTS[name][self.root == "ormolu"]


THEIRS, OURS = Namespace("sqlalchemy"), Namespace("ormolu")
