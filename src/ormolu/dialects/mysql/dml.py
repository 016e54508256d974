"""What MySQL adds to INSERT, UPDATE and DELETE: ON DUPLICATE KEY UPDATE and LIMIT.

https://dev.mysql.com/doc/refman/8.4/en/insert-on-duplicate.html. Both are syntax extensions
(`ormolu.sql.extension`), which `MySQLWriteCompiler` writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ormolu.exc import ArgumentError, InvalidRequestError
from ormolu.sql import coercion
from ormolu.sql.collections import ColumnCollection
from ormolu.sql.dml import Delete, Update
from ormolu.sql.dml import Insert as _Insert
from ormolu.sql.elements import BindParameter, ClauseElement
from ormolu.sql.extension import SyntaxExtension
from ormolu.sql.fromclause import Alias
from ormolu.sql.node import CONST, NODE, NODES, Kind
from ormolu.types import Integer

if TYPE_CHECKING:
    from typing import Self

__all__ = ["DMLLimitClause", "Insert", "InsertedRow", "OnDuplicateClause", "insert", "limit"]


class InsertedRow(Alias):
    """The row that was to be inserted; its columns are written ``VALUES(column)``."""

    __slots__ = ()


class OnDuplicateClause(SyntaxExtension, ClauseElement):
    """``ON DUPLICATE KEY UPDATE …``.

    ``keys`` are the keys of columns, ``values`` what they are set to; ``ordered`` says that they
    are written in the order given instead of the table's.
    """

    __slots__ = ("keys", "ordered", "values")
    _fields: ClassVar[Mapping[str, Kind]] = {"keys": CONST, "ordered": CONST, "values": NODES}
    __visit_name__ = "on_duplicate_key_update"
    stringify_dialect = "mysql"

    keys: tuple[str, ...]
    ordered: bool
    values: tuple[Any, ...]

    def __init__(self, table: Any, pairs: Sequence[tuple[Any, Any]], *, ordered: bool) -> None:
        found = {}
        for given, value in pairs:
            key = coercion.column_key(given)
            found[key] = _assigned(value, table.columns.get(key))
        self.keys = tuple(found)
        self.ordered = ordered
        self.values = tuple(found.values())
        self._seal()

    def apply_to_insert(self, insert_stmt: _Insert) -> None:
        insert_stmt.apply_syntax_extension_point(self._appended, "post_values")

    def _appended(self, existing: Sequence[Any]) -> list[Any]:
        if any(isinstance(each, OnDuplicateClause) for each in existing):
            raise InvalidRequestError(
                "This Insert construct already has an ON DUPLICATE KEY clause present: call "
                "on_duplicate_key_update() once, with everything that is to be updated"
            )
        return [*existing, self]


class Insert(_Insert):
    """An INSERT of MySQL; see `insert`."""

    __slots__ = ()
    # The same statement to the compiler and the engine as any INSERT.
    __visit_name__ = "insert"
    stringify_dialect = "mysql"
    inherit_cache = True

    @property
    def inserted_alias(self) -> InsertedRow:
        """The row that was to be inserted, as a FROM element."""
        return InsertedRow(self.table, "inserted")

    @property
    def inserted(self) -> ColumnCollection[Any]:
        """The columns of the row that was to be inserted: ``data=stmt.inserted.data``."""
        return self.inserted_alias.columns

    def on_duplicate_key_update(self, *args: Any, **kw: Any) -> Self:
        """A copy that updates the row which has the same key already.

        :param args: one dictionary of column -> value, or a list of such pairs, which are then
            written in its order.
        :param kw: column -> value. Values are SQL expressions (also of `inserted`) or plain ones;
            the columns' own ``onupdate`` isn't used.
        :raises ArgumentError: both forms, or several positional arguments.
        :raises ValueError: no values, or something that is neither dictionary nor list.
        :raises InvalidRequestError: the statement has the clause already.
        """
        if args and kw:
            raise ArgumentError(
                "Can't pass kwargs and positional arguments simultaneously: write "
                "on_duplicate_key_update({...}) or on_duplicate_key_update(name=...)"
            )
        if len(args) > 1:
            raise ArgumentError(
                "Only a single dictionary or list of tuples is accepted positionally: write "
                "on_duplicate_key_update([(name, value), ...])"
            )
        pairs, ordered = _pairs(args[0] if args else kw)
        return self.ext(OnDuplicateClause(self.table, pairs, ordered=ordered))


def insert(table: Any) -> Insert:
    """An INSERT that may have ``on_duplicate_key_update()``."""
    return Insert(table)


def _pairs(given: Any) -> tuple[list[tuple[Any, Any]], bool]:
    """The pairs of column and value, and whether they are in an order of their own.

    :raises ValueError: there are none, or it is something else.
    """
    if isinstance(given, ColumnCollection):
        given = dict(given.items())
    ordered = isinstance(given, list) and bool(given)
    if not ordered and not isinstance(given, Mapping):
        raise ValueError(
            "update parameter must be a non-empty dictionary or a ColumnCollection such as "
            f"the `.c.` collection of a Table object, not {given!r}"
        )
    if not given:
        raise ValueError(
            "update parameter dictionary must not be empty: name a column and its new value, or "
            "the key's own, on_duplicate_key_update(id=table.c.id), to leave the row as it is"
        )
    return (given if ordered else list(given.items())), ordered


def _assigned(value: Any, column: Any) -> Any:
    """What a column is set to: an expression as it is, anything else as a bind of the column."""
    found = coercion.resolve(value)
    if found is None:
        return BindParameter(None, value, None if column is None else column.type, unique=True)
    if type(found) is BindParameter and found.type._is_null and column is not None:
        return found._copy(type=column.type)
    return coercion.expression(found)


class DMLLimitClause(SyntaxExtension, ClauseElement):
    """``LIMIT n`` of an UPDATE or DELETE."""

    __slots__ = ("limit",)
    _fields: ClassVar[Mapping[str, Kind]] = {"limit": NODE}
    __visit_name__ = "mysql_dml_limit_clause"
    stringify_dialect = "mysql"

    limit: Any

    def __init__(self, limit: Any) -> None:
        found = coercion.resolve(limit)
        if found is None:
            found = BindParameter(None, int(limit), Integer(), unique=True)
        self.limit = found
        self._seal()

    def apply_to_update(self, update_stmt: Update) -> None:
        update_stmt.apply_syntax_extension_point(self.append_replacing_same_type, "post_criteria")

    def apply_to_delete(self, delete_stmt: Delete) -> None:
        delete_stmt.apply_syntax_extension_point(self.append_replacing_same_type, "post_criteria")


def limit(limit: Any) -> DMLLimitClause:
    """``LIMIT`` of an UPDATE or DELETE: ``update(t).values(q="hi").ext(limit(5))``.

    :raises ValueError: a limit that is no number and no expression.
    """
    return DMLLimitClause(limit)
