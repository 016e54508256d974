"""Questions to a dialect about the database behind a connection: ``dialect.has_table(conn, "t")``.

They are those of the connection's ``Inspector``, asked afresh each time, under the names by which
tools and migration scripts put them to the dialect.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ormolu.inspection import inspect

if TYPE_CHECKING:
    from ormolu.compiler.identifiers import IdentifierPreparer

__all__ = ["DialectQuestions"]


class DialectQuestions:
    """What the database of a connection has; ``connection`` is a ``Connection``.

    A question about a table that there is not raises ``NoSuchTableError``, and one about something
    that the database has nothing of the kind of ``NotImplementedError``.
    """

    identifier_preparer: IdentifierPreparer

    # -- is it there

    def has_table(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> bool:
        """Say whether a table or view exists."""
        return _ask(connection, "has_table", table_name, schema)  # type: ignore[no-any-return]

    def has_multi_table(
        self, connection: Any, table_names: Sequence[str], schema: str | None = None, **kw: Any
    ) -> Iterable[tuple[tuple[str | None, str], bool]]:
        """Say of each table whether it exists."""
        return list(_ask(connection, "has_multi_table", table_names, schema).items())

    def has_index(
        self,
        connection: Any,
        table_name: str,
        index_name: str,
        schema: str | None = None,
        **kw: Any,
    ) -> bool:
        """Say whether a table has an index of this name."""
        found = _ask(connection, "has_index", table_name, index_name, schema)
        return found  # type: ignore[no-any-return]

    def has_sequence(
        self, connection: Any, sequence_name: str, schema: str | None = None, **kw: Any
    ) -> bool:
        """Say whether a sequence exists."""
        return _ask(connection, "has_sequence", sequence_name, schema)  # type: ignore[no-any-return]

    def has_schema(self, connection: Any, schema_name: str, **kw: Any) -> bool:
        """Say whether a schema exists."""
        return _ask(connection, "has_schema", schema_name)  # type: ignore[no-any-return]

    # -- names

    def get_schema_names(self, connection: Any, **kw: Any) -> list[str]:
        """The schemas."""
        return _ask(connection, "get_schema_names")  # type: ignore[no-any-return]

    def get_temp_table_names(self, connection: Any, **kw: Any) -> list[str]:
        """The temporary tables of the connection."""
        return _ask(connection, "get_temp_table_names")  # type: ignore[no-any-return]

    def get_temp_view_names(self, connection: Any, **kw: Any) -> list[str]:
        """The temporary views of the connection."""
        return _ask(connection, "get_temp_view_names")  # type: ignore[no-any-return]

    def get_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """The tables."""
        return _ask(connection, "get_table_names", schema)  # type: ignore[no-any-return]

    def get_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """The views."""
        return _ask(connection, "get_view_names", schema)  # type: ignore[no-any-return]

    def get_materialized_view_names(
        self, connection: Any, schema: str | None = None, **kw: Any
    ) -> list[str]:
        """The materialized views."""
        found = _ask(connection, "get_materialized_view_names", schema)
        return found  # type: ignore[no-any-return]

    def get_sequence_names(
        self, connection: Any, schema: str | None = None, **kw: Any
    ) -> list[str]:
        """The sequences."""
        return _ask(connection, "get_sequence_names", schema)  # type: ignore[no-any-return]

    # -- a table

    def get_columns(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[Any]:
        """A table's columns."""
        return _ask(connection, "get_columns", table_name, schema)  # type: ignore[no-any-return]

    def get_pk_constraint(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """A table's primary key."""
        return _ask(connection, "get_pk_constraint", table_name, schema)

    def get_foreign_keys(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[Any]:
        """A table's foreign keys."""
        found = _ask(connection, "get_foreign_keys", table_name, schema)
        return found  # type: ignore[no-any-return]

    def get_indexes(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[Any]:
        """A table's indexes."""
        return _ask(connection, "get_indexes", table_name, schema)  # type: ignore[no-any-return]

    def get_unique_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[Any]:
        """A table's unique constraints."""
        found = _ask(connection, "get_unique_constraints", table_name, schema)
        return found  # type: ignore[no-any-return]

    def get_check_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[Any]:
        """A table's CHECK constraints."""
        found = _ask(connection, "get_check_constraints", table_name, schema)
        return found  # type: ignore[no-any-return]

    def get_table_comment(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """A table's comment."""
        return _ask(connection, "get_table_comment", table_name, schema)

    def get_table_options(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """A table's options, as the dialect names them."""
        return _ask(connection, "get_table_options", table_name, schema)

    def get_view_definition(
        self, connection: Any, view_name: str, schema: str | None = None, **kw: Any
    ) -> str:
        """The SELECT of a view."""
        found = _ask(connection, "get_view_definition", view_name, schema)
        return found  # type: ignore[no-any-return]

    # -- of many tables: pairs of (schema, table) and what there is of it

    def get_multi_columns(self, connection: Any, **kw: Any) -> Iterable[Any]:
        """The columns of many tables, by the keywords of the inspector."""
        return _ask_many(connection, "get_multi_columns", kw)

    def get_multi_pk_constraint(self, connection: Any, **kw: Any) -> Iterable[Any]:
        """The primary keys of many tables, by the keywords of the inspector."""
        return _ask_many(connection, "get_multi_pk_constraint", kw)

    def get_multi_foreign_keys(self, connection: Any, **kw: Any) -> Iterable[Any]:
        """The foreign keys of many tables, by the keywords of the inspector."""
        return _ask_many(connection, "get_multi_foreign_keys", kw)

    def get_multi_indexes(self, connection: Any, **kw: Any) -> Iterable[Any]:
        """The indexes of many tables, by the keywords of the inspector."""
        return _ask_many(connection, "get_multi_indexes", kw)

    def get_multi_unique_constraints(self, connection: Any, **kw: Any) -> Iterable[Any]:
        """The unique constraints of many tables, by the keywords of the inspector."""
        return _ask_many(connection, "get_multi_unique_constraints", kw)

    def get_multi_check_constraints(self, connection: Any, **kw: Any) -> Iterable[Any]:
        """The CHECK constraints of many tables, by the keywords of the inspector."""
        return _ask_many(connection, "get_multi_check_constraints", kw)

    def get_multi_table_comment(self, connection: Any, **kw: Any) -> Iterable[Any]:
        """The comments of many tables, by the keywords of the inspector."""
        return _ask_many(connection, "get_multi_table_comment", kw)

    def get_multi_table_options(self, connection: Any, **kw: Any) -> Iterable[Any]:
        """The options of many tables, by the keywords of the inspector."""
        return _ask_many(connection, "get_multi_table_options", kw)

    # -- names in another case

    def normalize_name(self, name: str | None) -> str | None:
        """A name of a database that stores upper case, as programs write it: in lower case."""
        if name is not None and name == name.upper() and self._stays_bare(name.lower()):
            return name.lower()
        return name

    def denormalize_name(self, name: str | None) -> str | None:
        """A name that a program writes in lower case, as a database that stores upper case does."""
        if name is not None and name == name.lower() and self._stays_bare(name):
            return name.upper()
        return name

    def _stays_bare(self, name: str) -> bool:
        return self.identifier_preparer.quote(name) == name

    def validate_identifier(self, ident: str) -> None:
        """Refuse a name that is too long.

        :raises IdentifierError: it is longer than the database takes.
        """
        self.identifier_preparer.check_length(ident)


def _ask(connection: Any, question: str, *args: Any) -> Any:
    return getattr(inspect(connection), question)(*args)


def _ask_many(connection: Any, question: str, options: dict[str, Any]) -> Iterable[Any]:
    given = {name: value for name, value in options.items() if value is not None}
    return list(getattr(inspect(connection), question)(**given).items())
