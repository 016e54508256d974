"""INSERT … ON CONFLICT, which PostgreSQL and SQLite write alike.

https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT
https://www.sqlite.org/lang_upsert.html

The clauses are syntax extensions of an INSERT (``ormolu.sql.extension``), at its place
``post_values``; `OnConflictCompiler` writes them. A dialect subclasses `OnConflictInsert` with the
signature of its own methods, and mixes `OnConflictCompiler` into its compiler.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from ormolu.compiler.sql_compiler import SQLCompiler
from ormolu.exc import InvalidRequestError, SAWarning
from ormolu.sql import coercion
from ormolu.sql.collections import ColumnCollection
from ormolu.sql.columns import ColumnClause
from ormolu.sql.dml import Insert
from ormolu.sql.elements import BindParameter, ClauseElement, Grouping
from ormolu.sql.extension import SyntaxExtension
from ormolu.sql.node import CONST, NODE, NODES, Kind

if TYPE_CHECKING:
    from typing import Self

__all__ = [
    "OnConflictClause",
    "OnConflictCompiler",
    "OnConflictDoNothing",
    "OnConflictDoUpdate",
    "OnConflictInsert",
]


class OnConflictClause(SyntaxExtension, ClauseElement):
    """Base of both clauses: the conflict target.

    ``constraint`` is the name of a constraint, ``elements`` the columns or expressions of a unique
    index and ``index_where`` its condition. Without any of them every conflict is meant.
    ``repeatable`` clauses may be several, the last of them without a target.
    """

    __slots__ = ("constraint", "elements", "index_where", "repeatable")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "constraint": CONST,
        "elements": NODES,
        "index_where": NODE,
        "repeatable": CONST,
    }

    constraint: str | None
    elements: tuple[Any, ...]
    index_where: Any
    repeatable: bool

    def _init_target(
        self, constraint: Any, index_elements: Iterable[Any] | None, index_where: Any
    ) -> None:
        self.repeatable = False
        self.constraint = None
        if constraint is not None:
            if index_elements is not None:
                raise ValueError("'constraint' and 'index_elements' are mutually exclusive")
            name = constraint if isinstance(constraint, str) else _constraint_name(constraint)
            if name is None:
                index_elements, index_where = _constraint_elements(constraint)
            self.constraint = name
        self.elements = tuple([_element(each) for each in index_elements or ()])
        wanted = index_where is not None and bool(self.elements)
        self.index_where = _condition(index_where) if wanted else None

    @property
    def has_target(self) -> bool:
        """Whether the clause says which conflicts it is for."""
        return self.constraint is not None or bool(self.elements)

    def apply_to_insert(self, insert_stmt: Insert) -> None:
        insert_stmt.apply_syntax_extension_point(self._appended, "post_values")

    def _appended(self, existing: Any) -> list[Any]:
        for each in existing:
            if not isinstance(each, OnConflictClause):
                continue
            if not self.repeatable:
                raise InvalidRequestError(
                    "This Insert construct already has an ON CONFLICT clause established"
                )
            if not each.has_target:
                raise InvalidRequestError(
                    "This Insert construct already has an ON CONFLICT clause that omits a "
                    "conflict target; such a clause must be the last ON CONFLICT clause in the "
                    "statement"
                )
        return [*existing, self]


class OnConflictDoNothing(OnConflictClause):
    """``ON CONFLICT (…) DO NOTHING``."""

    __slots__ = ()
    __visit_name__ = "on_conflict_do_nothing"

    def __init__(
        self,
        constraint: Any = None,
        index_elements: Iterable[Any] | None = None,
        index_where: Any = None,
    ) -> None:
        self._init_target(constraint, index_elements, index_where)
        self._seal()


class OnConflictDoUpdate(OnConflictClause):
    """``ON CONFLICT (…) DO UPDATE SET … WHERE …``.

    ``keys`` are the keys of the columns of SET, ``values`` their values.
    """

    __slots__ = ("keys", "update_where", "values")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "keys": CONST,
        "values": NODES,
        "update_where": NODE,
    }
    __visit_name__ = "on_conflict_do_update"

    keys: tuple[str, ...]
    values: tuple[Any, ...]
    update_where: Any

    def __init__(
        self,
        constraint: Any = None,
        index_elements: Iterable[Any] | None = None,
        index_where: Any = None,
        set_: Any = None,
        where: Any = None,
        *,
        table: Any,
    ) -> None:
        self._init_target(constraint, index_elements, index_where)
        pairs = _set_pairs(set_, table)
        self.keys = tuple(pairs)
        self.values = tuple(pairs.values())
        self.update_where = None if where is None else _condition(where)
        self._seal()


class OnConflictInsert(Insert):
    """Base of the INSERT of a database with ON CONFLICT."""

    __slots__ = ()
    # The same statement to the compiler and the engine as any INSERT.
    __visit_name__ = "insert"

    @property
    def excluded(self) -> ColumnCollection[Any]:
        """The columns of the row that was not inserted: ``set_={"n": stmt.excluded.n}``."""
        found: ColumnCollection[Any] = self.table.alias("excluded").columns
        return found

    def _on_conflict(self, clause: OnConflictClause, repeatable: bool = False) -> Self:
        """A copy with a clause."""
        return self.ext(clause._copy(repeatable=True) if repeatable else clause)


def _constraint_name(constraint: Any) -> str | None:
    """Return the name of a constraint; None for an index, whose columns name it."""
    if hasattr(constraint, "expressions"):
        return None
    name: str | None = constraint.name
    return name


def _constraint_elements(constraint: Any) -> tuple[list[Any], Any]:
    """Return the columns of a constraint or index, and the condition of the latter."""
    elements = list(getattr(constraint, "expressions", constraint.columns))
    options = getattr(constraint, "dialect_options", {}).get("postgresql", {})
    return elements, options.get("where")


def _element(given: Any) -> Any:
    return ColumnClause(given) if isinstance(given, str) else coercion.expression(given)


def _condition(given: Any) -> Any:
    """Return a condition that stands alone after WHERE, where it needs no parentheses."""
    found = coercion.where(given)
    return found.element if isinstance(found, Grouping) else found


def _set_pairs(given: Any, table: Any) -> dict[str, Any]:
    """Return what to SET as key -> expression.

    :raises ValueError: when it is no dictionary or has nothing in it.
    """
    if isinstance(given, ColumnCollection):
        given = dict(given.items())
    if not isinstance(given, Mapping):
        raise ValueError(
            "set parameter must be a non-empty dictionary or a ColumnCollection such as the `.c.` "
            f"collection of a Table object, not {given!r}"
        )
    if not given:
        raise ValueError("set parameter dictionary must not be empty")
    pairs = {}
    for key, value in given.items():
        name = coercion.column_key(key)
        pairs[name] = _set_value(value, table.columns.get(name))
    return pairs


def _set_value(value: Any, column: Any) -> Any:
    """Return a value of SET: an expression as it is, anything else as a bind of the column."""
    found = coercion.resolve(value)
    if found is None:
        return BindParameter(None, value, None if column is None else column.type)
    if type(found) is BindParameter and found.type._is_null and column is not None:
        return found._copy(type=column.type)
    return coercion.expression(found)


class OnConflictCompiler(SQLCompiler):
    """Writes the clauses.

    ``literal_index_where``: the values of an index's condition are written into the text, because
    the database recognises its partial indexes only so.
    """

    literal_index_where: ClassVar[bool] = False

    def visit_on_conflict_do_nothing(self, node: OnConflictDoNothing) -> str:
        target = self._conflict_target(node)
        return f"ON CONFLICT {target} DO NOTHING" if target else "ON CONFLICT DO NOTHING"

    def visit_on_conflict_do_update(self, node: OnConflictDoUpdate) -> str:
        target = self._conflict_target(node)
        text = f"ON CONFLICT {target} DO UPDATE SET {self._conflict_set(node)}"
        if node.update_where is not None:
            text += f" WHERE {self.visit(node.update_where)}"
        return text

    def _conflict_target(self, node: OnConflictClause) -> str:
        if node.constraint is not None:
            return f"ON CONSTRAINT {self.quote(node.constraint)}"
        if not node.elements:
            return ""
        include, self.include_table = self.include_table, False
        text = f"({self.visit_all(node.elements)})"
        if node.index_where is not None:
            literal, self.literal_execute = self.literal_execute, self.literal_index_where
            text += f" WHERE {self.visit(node.index_where)}"
            self.literal_execute = literal
        self.include_table = include
        return text

    def _conflict_set(self, node: OnConflictDoUpdate) -> str:
        """Return the assignments, in the order of the table's columns."""
        table = self.written[-1].table
        values = dict(zip(node.keys, node.values, strict=True))
        parts = [
            f"{self.quote(column.name)} = {self._set_text(values.pop(column.key))}"
            for column in table.columns
            if column.key in values
        ]
        if values:
            names = ", ".join(map(repr, values))
            warnings.warn(
                "Additional column names not matching any column keys in table "
                f"{table.name!r}: {names}",
                SAWarning,
                stacklevel=2,
            )
        parts += [f"{self.quote(key)} = {self._set_text(value)}" for key, value in values.items()]
        return ", ".join(parts)

    def _set_text(self, value: Any) -> str:
        include, self.include_table = self.include_table, True
        text = self.visit(value)
        self.include_table = include
        return f"({text})" if value.__visit_name__ in _GROUPED else text


#: What stands in parentheses on the right of SET.
_GROUPED = frozenset({"binary", "boolean_list", "exists", "unary"})
