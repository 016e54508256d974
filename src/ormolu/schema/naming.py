"""Names of constraints and indexes by the ``MetaData``'s naming convention.

A convention maps a kind (``"ix"``, ``"uq"``, ``"ck"``, ``"fk"``, ``"pk"``, or the class) to a
pattern such as ``"fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"``. A name given by
the user stands as it is unless the pattern mentions ``%(constraint_name)s``; `conv` marks a name
as final in any case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ormolu.exc import InvalidRequestError

NamingConvention = Mapping[Any, str | Callable[[Any, Any], str]]

DEFAULT_CONVENTION: NamingConvention = {"ix": "ix_%(column_0_label)s"}


class conv(str):
    """A name that no convention changes; too long a one is shortened for the database."""

    __slots__ = ()

    _shortened_on_need = True


def named(item: Any, table: Any) -> str | None:
    """The name of a constraint or index that is being attached to a table or one of its columns."""
    given: str | None = item.name
    metadata = getattr(getattr(table, "table", table), "metadata", None)
    if isinstance(given, conv) or metadata is None:
        return given
    pattern = _pattern_for(item, metadata.naming_convention)
    if pattern is None:
        return given
    if given is not None and "constraint_name" not in pattern:
        return given
    if given is None and "constraint_name" in pattern and item._type_bound:
        return None
    owner = getattr(table, "table", table)
    return conv(pattern % _Tokens(item, owner, metadata.naming_convention))


def _pattern_for(item: Any, convention: NamingConvention) -> Any:
    for cls in type(item).__mro__:
        if cls in convention:
            return convention[cls]
    return convention.get(getattr(item, "_convention", None))


_COLUMN_TOKEN = r"^(referred_)?column_(\d+)(_?N)?_(name|key|label)$"


class _Tokens(Mapping[str, str]):
    """The tokens of a pattern, computed as they are asked for."""

    def __init__(self, item: Any, table: Any, convention: NamingConvention) -> None:
        self.item = item
        self.table = table
        self.convention = convention

    def __getitem__(self, token: str) -> str:
        if token in self.convention:
            function: Any = self.convention[token]
            return str(function(self.item, self.table))
        if token == "table_name":
            return str(self.table.name)
        if token == "constraint_name":
            return self._given_name()
        if token == "referred_table_name":
            return str(self._foreign_keys(token)[0].target_tokens.table_name)
        match = re.match(_COLUMN_TOKEN, token)
        if match is None:
            raise KeyError(
                f"{token}: the naming convention for {type(self.item).__name__} (table "
                f"{self.table.name!r}) has a token of this name; give the convention a function "
                "under it, or write one of the documented tokens"
            )
        return self._columns(*match.groups())

    def _given_name(self) -> str:
        if self.item.name is None:
            raise InvalidRequestError(
                "Naming convention including %(constraint_name)s token requires that constraint "
                f"is explicitly named (table {self.table.name!r})."
            )
        return str(self.item.name)

    def _columns(self, referred: str | None, index: str, several: str | None, what: str) -> str:
        if referred:
            keys = self._foreign_keys(f"referred_column_{index}_{what}")
            texts = [_referred(key, what) for key in keys]
        else:
            texts = [self._text(column, what) for column in self.item.columns]
        if several:
            return ("_" if several == "_N" else "").join(texts)
        return texts[int(index)] if int(index) < len(texts) else ""

    def _foreign_keys(self, token: str) -> Any:
        keys = getattr(self.item, "elements", None)
        if keys is None:
            raise InvalidRequestError(
                f"Naming convention for {type(self.item).__name__} (table {self.table.name!r}) has "
                f"the token %({token})s, which only a foreign key has: write it in the pattern of "
                '"fk"'
            )
        return keys

    def _text(self, column: Any, what: str) -> str:
        if what == "label":
            prefix = f"{self.table.schema}_".replace(".", "_") if self.table.schema else ""
            return f"{prefix}{self.table.name}_{column.name}"
        return str(getattr(column, what))

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


def _target(element: Any) -> Any:
    """The column that a foreign key refers to; None when its table isn't known yet."""
    known = not element._is_by_name or element._table_key() in element.parent.table.metadata.tables
    return element._resolve() if known else None


def _referred(element: Any, what: str) -> str:
    target = _target(element)
    if target is None:
        _, table, column = element._parts()
        column = element.parent.key if column is None else column
    else:
        table, column = target.table.name, getattr(target, _NAME_OR_KEY[what])
    return f"{table}_{column}" if what == "label" else str(column)


_NAME_OR_KEY = {"name": "name", "key": "key", "label": "name"}
