"""Reflection: a `Table` from what an inspector says of the database.

The inspector is found through `ormolu.inspect`, so this room needs no engine; what it answers are
the dictionaries of ``dialects/reflected.py``. Columns are found by the name that the database
knows, since a ``column_reflect`` listener may give them another key.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ormolu.exc import (
    ArgumentError,
    InvalidRequestError,
    NoSuchTableError,
    SAWarning,
    UnreflectableTableError,
)
from ormolu.inspection import inspect
from ormolu.sql.clause import ClauseElement
from ormolu.sql.columns import literal_column
from ormolu.sql.expressions import asc, desc, nulls_first, nulls_last
from ormolu.sql.text import escaped, text

from .column import Column
from .constants import BLANK_SCHEMA
from .constraints import (
    CheckConstraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from .defaults import Computed, DefaultClause, FetchedValue
from .foreign_key import ForeignKeyTarget
from .index import Index
from .sequences import Identity

if TYPE_CHECKING:
    from .metadata import MetaData
    from .table import Table

#: How an index sorts, by the names that reflection has for it.
_ORDERS = {"asc": asc, "desc": desc, "nulls_first": nulls_first, "nulls_last": nulls_last}
#: What of a reflected column goes to `Column` as it is.
_COLUMN_OPTIONS = ("nullable", "autoincrement", "quote", "info", "key", "comment")


def inspector_of(bind: Any) -> Any:
    """The inspector of an engine or connection; an inspector itself."""
    return bind if hasattr(bind, "get_columns") else inspect(bind)


# -- several tables


def reflect_metadata(
    metadata: MetaData,
    make_table: Any,
    bind: Any,
    *,
    schema: str | None,
    views: bool,
    only: Sequence[str] | Callable[[str, MetaData], bool] | None,
    extend_existing: bool,
    **options: Any,
) -> None:
    """See ``MetaData.reflect``; ``make_table`` is the class `Table`."""
    inspector = inspector_of(bind)
    prefix = "" if schema is None else f"{schema}."
    names = [
        name
        for name in _names_to_reflect(inspector, metadata, schema, views, only)
        if extend_existing or f"{prefix}{name}" not in metadata.tables
    ]
    resolve_fks = options.get("resolve_fks", True)
    inspector._prepare(schema, names, metadata if resolve_fks else None, options)
    for name in names:
        if not extend_existing and f"{prefix}{name}" in metadata.tables:
            continue  # read meanwhile, since a foreign key refers to it
        try:
            make_table(
                name,
                metadata,
                schema=BLANK_SCHEMA if schema is None else schema,
                autoload_with=inspector,
                extend_existing=extend_existing,
                **options,
            )
        except UnreflectableTableError as error:
            warnings.warn(f"Skipping table {name}: {error}", SAWarning, stacklevel=3)


def _names_to_reflect(
    inspector: Any,
    metadata: MetaData,
    schema: str | None,
    views: bool,
    only: Sequence[str] | Callable[[str, MetaData], bool] | None,
) -> list[str]:
    """The names of the tables to read.

    :raises InvalidRequestError: a name that was asked for isn't there.
    """
    available: list[str] = list(inspector.get_table_names(schema))
    if views:
        available += inspector.get_view_names(schema)
        available += _materialized_views(inspector, schema)
    if only is None:
        return available
    if callable(only):
        return [name for name in available if only(name, metadata)]
    missing = [name for name in only if name not in available]
    if missing:
        where = "" if schema is None else f" schema {schema!r}"
        raise InvalidRequestError(
            f"Could not reflect: requested table(s) not available in {inspector.bind!r}{where}: "
            f"({', '.join(missing)}); it has: {', '.join(available) or 'none'}"
        )
    return list(only)


def _materialized_views(inspector: Any, schema: str | None) -> list[str]:
    try:
        return list(inspector.get_materialized_view_names(schema))
    except NotImplementedError:  # the database has none
        return []


# -- one table


def split_columns(
    table: Table, inspector: Any, items: Sequence[Any], resolve_fks: bool
) -> tuple[list[Column[Any]], Sequence[Any]]:
    """Return the columns among a table's items that the database has as well, and what is left.

    :raises NoSuchTableError: the database has no such table.
    """
    if not any(isinstance(item, Column) for item in items):
        return [], items
    metadata = table.metadata if resolve_fks else None
    inspector._prepare(table.schema, (table.name,), metadata, table.dialect_kwargs)
    described = _described(table, inspector)
    own = [item for item in items if isinstance(item, Column) and item.name in described]
    return own, [item for item in items if not any(item is column for column in own)]


def require_key(
    table: Table, inspector: Any, own: Iterable[Column[Any]], include: Collection[str] | None
) -> None:
    """Refuse a user's columns that would take a part of the primary key away.

    :param include: what of the table is read, None for all of it.
    :raises ArgumentError: naming the column.
    """
    for column in own:
        if column.primary_key or not (include is None or column.name in include):
            continue
        if column.name in _key_of(table, inspector):
            raise ArgumentError(
                f"Column {column.name!r} of table {table.name!r} is in its primary key, as the "
                f"database has it: write Column({column.name!r}, ..., primary_key=True)"
            )


def _key_of(table: Table, inspector: Any) -> Sequence[str]:
    """The names of the columns of a table's primary key in the database."""
    try:
        key: Sequence[str] = inspector.get_pk_constraint(table.name, table.schema)[
            "constrained_columns"
        ]
    except NotImplementedError:
        return ()
    return key


def _described(table: Table, inspector: Any) -> list[str]:
    """The names of a table's columns in the database."""
    return [found["name"] for found in inspector.get_columns(table.name, table.schema)]


def order_columns(table: Table, inspector: Any) -> None:
    """Give the columns their places in the database, a user's own among them; others stay last."""
    by_name = {column.name: column for column in table.columns}
    described = _described(table, inspector)
    for place, name in enumerate(name for name in described if name in by_name):
        table.columns._move(by_name[name], place)


def reflect_table(
    table: Table,
    bind: Any,
    include_columns: Collection[str] | None,
    exclude_columns: Collection[str] = (),
    resolve_fks: bool = True,
) -> None:
    """Fill a table from the database.

    :param exclude_columns: the names of columns that are left to the user.
    :raises NoSuchTableError: it isn't there.
    """
    _Reflected(table, inspector_of(bind), include_columns, exclude_columns, resolve_fks).fill()


class _Reflected:
    """One table being filled; ``columns`` are those that were made, by the database's names.

    Columns that are left to the user, and there already, stand among them: the indexes and
    unique constraints of the database are on them. Their foreign keys are the user's.
    """

    def __init__(
        self,
        table: Table,
        inspector: Any,
        include: Collection[str] | None,
        exclude: Collection[str],
        resolve_fks: bool,
    ) -> None:
        self.table = table
        self.inspector = inspector
        self.include = include
        self.exclude = exclude
        self.resolve_fks = resolve_fks
        #: What of the table's keywords is for the tables that it refers to as well.
        self.options = {
            name: value
            for name, value in table.dialect_kwargs.items()
            if name in inspector.dialect.reflection_options
        }
        self.columns: dict[str, Column[Any]] = {
            column.name: column for column in table.columns if self._is_left(column.name)
        }

    def _is_left(self, name: str) -> bool:
        """Whether a column is the user's, and among those to be read."""
        return name in self.exclude and (self.include is None or name in self.include)

    def ask(self, method: str, **options: Any) -> Any:
        table = self.table
        return getattr(self.inspector, method)(table.name, schema=table.schema, **options)

    def ask_if_any(self, method: str, **options: Any) -> Any:
        """What the inspector says, None where the database has nothing of the kind."""
        try:
            return self.ask(method, **options)
        except NotImplementedError:
            return None

    def fill(self) -> None:
        described = self.ask("get_columns")
        if not described and not self.inspector.has_table(self.table.name, self.table.schema):
            raise NoSuchTableError(self.table.name)
        for found in described:
            self._add_column(dict(found))
        self._add_key()
        for found in self.ask_if_any("get_foreign_keys", **self.options) or ():
            self._add_foreign_key(found)
        for found in self.ask_if_any("get_indexes") or ():
            self._add_index(found)
        for found in self.ask_if_any("get_unique_constraints") or ():
            self._add_unique(found)
        for found in self.ask_if_any("get_check_constraints") or ():
            self._add_check(found)
        comment = self.ask_if_any("get_table_comment")
        if comment is not None and comment["text"] is not None:
            self.table.comment = comment["text"]
        self.table.dialect_options.take(self.ask_if_any("get_table_options") or {})
        made = {name: c for name, c in self.columns.items() if name not in self.exclude}
        self.inspector.dialect.reflect_further(self.table, self.inspector, made)

    def _add_column(self, found: dict[str, Any]) -> None:
        name = found["name"]
        table = self.table
        for dispatch in dict.fromkeys((table.metadata.dispatch, table.dispatch)):
            for handler in dispatch.column_reflect:
                handler(self.inspector, table, found)
        included = self.include is None or name in self.include
        if not included or name in self.exclude:
            return
        if found.get("identity"):
            stated = self.inspector.dialect.stated_identity
            found["identity"] = stated(found["identity"], found["type"])
        column = self.columns[name] = _column(found)
        table.append_column(column, replace_existing=True)

    def _add_key(self) -> None:
        key = self.ask_if_any("get_pk_constraint")
        columns = self._all((key or {}).get("constrained_columns", ()), partly=True)
        own = [each for each in self.table.primary_key.columns if each.name in self.exclude]
        columns = [each for each in columns if each.name not in self.exclude or each.primary_key]
        names = {column.name for column in columns}
        columns += [column for column in own if column.name not in names]
        if not columns:
            return
        made = [column for column in columns if column.name not in self.exclude]
        # Of several identity columns one is the table's: its value is known after an insert.
        for column in [each for each in made if each.autoincrement is True][1:]:
            column.autoincrement = False
        constraint = PrimaryKeyConstraint(
            *columns, name=key.get("name"), **_deferring(key), **self._stated(key)
        )
        # Already the key's columns, so that they may stay nullable as the database has them.
        for column in made:
            column.primary_key = True
            column._nullable_given = True
        constraint.comment = key.get("comment")
        self.table.append_constraint(constraint)

    def _all(self, names: Sequence[str | None], *, partly: bool = False) -> list[Column[Any]]:
        """The columns of these names; none at all when one is missing."""
        found = [self.columns[name] for name in names if name in self.columns]
        return found if partly or len(found) == len(names) else []

    def _add_foreign_key(self, found: Mapping[str, Any]) -> None:
        columns = self._all(found["constrained_columns"])
        if not columns or any(column.name in self.exclude for column in columns):
            return
        schema, name = found.get("referred_schema"), found["referred_table"]
        metadata = self.table.metadata
        key = name if schema is None else f"{schema}.{name}"
        if self.resolve_fks and key not in metadata.tables:
            # The class of the table, since this module can't import it: Table imports this one.
            type(self.table)(
                name,
                metadata,
                schema=BLANK_SCHEMA if schema is None else schema,
                autoload_with=self.inspector,
                **self.options,
            )
        self.table.append_constraint(
            ForeignKeyConstraint(
                [column.key for column in columns],
                [ForeignKeyTarget(schema, name, column) for column in found["referred_columns"]],
                name=found.get("name"),
                link_to_name=True,
                comment=found.get("comment"),
                **found.get("options", {}),
                **self._stated(found),
            )
        )

    def _add_index(self, found: Mapping[str, Any]) -> None:
        if found.get("duplicates_constraint"):
            return
        expressions = found.get("expressions") or found["column_names"]
        named = [name for name in found["column_names"] if name is not None]
        if len(self._all(named)) < len(named):
            return
        options = self._stated(found)
        op_classes = options.get(f"{self.inspector.dialect.name}_ops") or {}
        parts = [
            self._index_part(found, given, name, op_classes)
            for given, name in zip(expressions, found["column_names"], strict=True)
        ]
        Index(found["name"], *parts, unique=bool(found["unique"]), _table=self.table, **options)

    def _index_part(
        self, found: Mapping[str, Any], given: str, name: str | None, op_classes: Any
    ) -> Any:
        """A column or an expression of an index; one that is no column has its class by a label."""
        part: Any = text(escaped(given)) if name is None else self.columns[name]
        key = given if name is None else part.key
        collation = (found.get("column_collations") or {}).get(given)
        if collation is not None:
            part = part.collate(collation)
        if key in op_classes and (name is None or collation is not None):
            part = (literal_column(given) if name is None else part).label(key)
        for order in (found.get("column_sorting") or {}).get(given, ()):
            part = _ORDERS[order](part)
        return part

    def _add_unique(self, found: Mapping[str, Any]) -> None:
        columns = self._all(found["column_names"])
        if columns and not found.get("duplicates_index"):
            constraint = UniqueConstraint(
                *columns,
                name=found.get("name"),
                _autoattach=False,
                **_deferring(found),
                **self._stated(found),
            )
            constraint.comment = found.get("comment")
            self.table.append_constraint(constraint)

    def _add_check(self, found: Mapping[str, Any]) -> None:
        constraint = CheckConstraint(
            escaped(found["sqltext"]), name=found.get("name"), **self._stated(found)
        )
        constraint.comment = found.get("comment")
        self.table.append_constraint(constraint)

    def _stated(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """The options of a dialect as keywords, without those that only say that they are off.

        Columns in them are named by their keys, as everywhere in a table.
        """
        prefix = f"{self.inspector.dialect.name}_"
        options = {
            name if name.startswith(prefix) else prefix + name: value
            for name, value in (found.get("dialect_options") or {}).items()
            if value is not False
        }
        include, ops, where = (prefix + name for name in ("include", "ops", "where"))
        if include in options:
            options[include] = [column.key for column in self._all(options[include], partly=True)]
        if ops in options:
            options[ops] = {self._key_of(name): each for name, each in options[ops].items()}
        if isinstance(options.get(where), str):
            options[where] = escaped(options[where])
        return options

    def _key_of(self, name: str) -> str:
        """The key of a column; an expression by itself."""
        return self.columns[name].key if name in self.columns else name


def _deferring(found: Mapping[str, Any]) -> dict[str, Any]:
    """When a key is verified, as keywords of the constraint."""
    return {name: found[name] for name in ("deferrable", "initially") if name in found}


def _column(found: dict[str, Any]) -> Column[Any]:
    options = {name: found[name] for name in _COLUMN_OPTIONS if found.get(name) is not None}
    options.update(found.get("dialect_options") or {})
    return Column(found["name"], found["type"], *_default(found), **options)


def _default(found: Mapping[str, Any]) -> list[Any]:
    """What gives a reflected column its value."""
    if found.get("computed"):
        computed = found["computed"]
        return [Computed(**{**computed, "sqltext": escaped(computed["sqltext"])})]
    if found.get("identity") is not None:
        return [Identity(**found["identity"])]
    default = found.get("default")
    if default is None:
        return []
    if isinstance(default, FetchedValue):
        return [default]
    expression = default if isinstance(default, ClauseElement) else text(escaped(default))
    return [DefaultClause(expression, _reflected=True)]
