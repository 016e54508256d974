"""What a dialect says of itself, under the names that programs ask by.

The answers are those of its :class:`~ormolu.compiler.features.Features` and class attributes; here
they only have the names that SQLAlchemy's users know.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from ormolu.compiler.features import Features

__all__ = ["DialectFacts"]


class _Answer:
    """A fact that a field of the dialect's features answers."""

    __slots__ = ("_feature",)

    def __init__(self, feature: str) -> None:
        self._feature = feature

    def __get__(self, dialect: Any, owner: type[Any] | None = None) -> Any:
        return self if dialect is None else getattr(dialect.features, self._feature)


class DialectFacts:
    """The facts of a dialect; see the module."""

    features: Features
    isolation_levels: ClassVar[tuple[str, ...]]
    paramstyle: str
    #: A weak reference to the function that gives the listeners of the dialect's engine.
    events_of_engine: Any = None
    insertmanyvalues_page_size: ClassVar[int] = 1000
    label_length: int | None = None
    requires_name_normalize: ClassVar[bool] = False
    supports_server_side_cursors: ClassVar[bool] = True
    has_terminate: ClassVar[bool] = False
    server_version_info: Any = None

    if TYPE_CHECKING:  # the rest of the dialect

        def __getattr__(self, name: str) -> Any: ...

    delete_returning = _Answer("delete_returning")
    div_is_floordiv = _Answer("integer_division_floors")
    inline_comments = _Answer("inline_comments")
    insert_executemany_returning = _Answer("insert_returning")
    insert_executemany_returning_sort_by_parameter_order = _Answer("insert_returning")
    insert_null_pk_still_autoincrements = _Answer("null_primary_key_generates")
    insert_returning = _Answer("insert_returning")
    insertmanyvalues_max_parameters = _Answer("max_binds")
    max_identifier_length = _Answer("max_identifier_length")
    postfetch_lastrowid = _Answer("lastrowid")
    sequences_optional = _Answer("sequences_optional")
    supports_alter = _Answer("alter")
    supports_comments = _Answer("comments")
    supports_constraint_comments = _Answer("constraint_comments")
    supports_default_metavalue = _Answer("default_metavalue")
    supports_default_values = _Answer("default_values")
    supports_empty_insert = _Answer("empty_insert")
    supports_identity_columns = _Answer("identity_columns")
    supports_is_distinct_from = _Answer("is_distinct_from")
    supports_multivalues_insert = _Answer("multivalues_insert")
    supports_sane_multi_rowcount = _Answer("sane_multi_rowcount")
    supports_sane_rowcount = _Answer("sane_rowcount")
    supports_sequences = _Answer("sequences")
    supports_simple_order_by_label = _Answer("order_by_label")
    supports_views = _Answer("views")
    tuple_in_values = _Answer("tuple_in_values")
    update_returning = _Answer("update_returning")
    use_insertmanyvalues = _Answer("multivalues_insert")

    @property
    def positional(self) -> bool:
        """Whether parameters go by position."""
        return self.paramstyle in ("qmark", "format", "numeric", "numeric_dollar")

    @property
    def dbapi(self) -> Any:
        """The driver's own module, None for a dialect that has no driver."""
        if self.adapter is None:
            return None
        return self.load_driver().dbapi

    loaded_dbapi = dbapi

    @property
    def statement_compiler(self) -> Any:
        """The class that compiles statements."""
        return self.compiler_class

    @property
    def ddl_compiler(self) -> Any:
        """The class that compiles DDL."""
        return self.ddl_compiler_class

    @property
    def type_compiler_cls(self) -> Any:
        """The class that compiles types."""
        return self.type_compiler_class

    @property
    def type_compiler_instance(self) -> Any:
        """What compiles types."""
        return self.type_compiler

    @property
    def dialect_description(self) -> str:
        """The database and driver: ``sqlite+pysqlite``."""
        return f"{self.name}+{self.driver}"

    def get_isolation_level_values(self, dbapi_conn: Any = None) -> Sequence[str]:
        """Return the isolation levels that the database has."""
        return list(self.isolation_levels)

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """Return the positional and keyword arguments of the driver's ``connect`` for a URL."""
        arguments: tuple[Sequence[Any], dict[str, Any]] = self.connect_args(url)
        return arguments
