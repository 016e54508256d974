"""What a dialect says of itself, under the names that programs ask by.

The answers are those of its :class:`~ormolu.compiler.features.Features` and class attributes; here
they only have the names that SQLAlchemy's users know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from ormolu.compiler.features import Features

__all__ = ["DialectFacts"]

#: Name of the fact -> the feature that answers it.
_FEATURES: Mapping[str, str] = {
    "delete_returning": "delete_returning",
    "insert_executemany_returning": "insert_returning",
    "insert_returning": "insert_returning",
    "max_identifier_length": "max_identifier_length",
    "postfetch_lastrowid": "lastrowid",
    "supports_alter": "alter",
    "supports_comments": "comments",
    "supports_default_metavalue": "default_metavalue",
    "supports_default_values": "default_values",
    "supports_empty_insert": "empty_insert",
    "supports_identity_columns": "identity_columns",
    "supports_is_distinct_from": "is_distinct_from",
    "supports_multivalues_insert": "multivalues_insert",
    "supports_sane_multi_rowcount": "sane_multi_rowcount",
    "supports_sane_rowcount": "sane_rowcount",
    "supports_sequences": "sequences",
    "supports_simple_order_by_label": "order_by_label",
    "supports_views": "views",
    "tuple_in_values": "tuple_in_values",
    "update_returning": "update_returning",
    "use_insertmanyvalues": "multivalues_insert",
}


class DialectFacts:
    """The facts of a dialect; see the module."""

    features: Features
    isolation_levels: ClassVar[tuple[str, ...]]
    paramstyle: str
    #: A weak reference to the function that gives the listeners of the dialect's engine.
    events_of_engine: Any = None
    insertmanyvalues_page_size: ClassVar[int] = 1000
    supports_server_side_cursors: ClassVar[bool] = True
    has_terminate: ClassVar[bool] = False
    server_version_info: Any = None

    def __getattr__(self, name: str) -> Any:
        feature = _FEATURES.get(name)
        if feature is None:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self.features, feature)

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
