"""Random schemas: tables of every type, with constraints, indexes, defaults and foreign keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from random_choices import Choices, Namespace

#: The types of columns, as functions of the library's namespace.
TYPES: list[Callable[[Any], Any]] = [
    lambda sa: sa.Integer(),
    lambda sa: sa.String(30),
    lambda sa: sa.BigInteger(),
    lambda sa: sa.SmallInteger(),
    lambda sa: sa.String(),
    lambda sa: sa.String(8, collation="NOCASE"),
    lambda sa: sa.Text(),
    lambda sa: sa.Unicode(12),
    lambda sa: sa.UnicodeText(),
    lambda sa: sa.Boolean(),
    lambda sa: sa.Boolean(create_constraint=True, name="is_flag"),
    lambda sa: sa.Date(),
    lambda sa: sa.Time(),
    lambda sa: sa.DateTime(),
    lambda sa: sa.DateTime(timezone=True),
    lambda sa: sa.Interval(),
    lambda sa: sa.Float(),
    lambda sa: sa.Float(5),
    lambda sa: sa.Double(),
    lambda sa: sa.Numeric(),
    lambda sa: sa.Numeric(10, 2),
    lambda sa: sa.LargeBinary(),
    lambda sa: sa.LargeBinary(20),
    lambda sa: sa.JSON(),
    lambda sa: sa.Enum("a", "o'x", name="letters"),
    lambda sa: sa.Enum("a", "bb", name="short", native_enum=False, create_constraint=True),
    lambda sa: sa.Uuid(),
    lambda sa: sa.Uuid(native_uuid=False),
    lambda sa: sa.PickleType(),
    lambda sa: sa.CHAR(3),
    lambda sa: sa.NVARCHAR(5),
    lambda sa: sa.DECIMAL(8, 3),
    lambda sa: sa.TIMESTAMP(),
    lambda sa: sa.REAL(),
    lambda sa: sa.BLOB(),
    lambda sa: sa.VARBINARY(9),
    lambda sa: sa.Integer().with_variant(sa.BigInteger(), "postgresql", "mysql"),
]

#: Defaults that the server fills in.
DEFAULTS: list[Callable[[Any], Any]] = [
    lambda sa: None,
    lambda sa: "x",
    lambda sa: "it's 100%",
    lambda sa: sa.text("5"),
    lambda sa: sa.text("-5"),
    lambda sa: sa.func.now(),
    lambda sa: sa.func.coalesce(1, "a"),
    lambda sa: sa.null(),
    lambda sa: sa.text("CURRENT_TIMESTAMP"),
]

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

TABLES = ["parent", "Child", "order", "node x"]
COLUMNS = ["a", "b", "Big", "select", "we ird", "n_1"]
TABLE_OPTIONS: list[dict[str, Any]] = [
    {},
    {},
    {"comment": "it's a 'table'"},
    {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mariadb_engine": "Aria"},
    {"sqlite_strict": False, "sqlite_with_rowid": True},
    {"postgresql_with": {"fillfactor": 50}, "postgresql_tablespace": "fast"},
    {"sqlite_autoincrement": True},
    {"prefixes": ["/* first */"]},
]
INDEX_OPTIONS: list[dict[str, Any]] = [
    {},
    {},
    {"unique": True},
    {"postgresql_using": "hash", "mysql_using": "btree", "mariadb_using": "btree"},
    {"mysql_prefix": "FULLTEXT", "mariadb_prefix": "FULLTEXT"},
    {"postgresql_with": {"fillfactor": 40}},
]


class Schemas:
    """Makes the MetaData of one library.

    :param on_sqlite: leave out what SQLite can't create.
    """

    def __init__(self, lib: Namespace, choices: Choices, on_sqlite: bool) -> None:
        self.lib, self.sa = lib, lib.sa
        self.choose = choices
        self.on_sqlite = on_sqlite
        self.wide: list[str] = []  # tables whose key has two columns

    def metadata(self) -> Any:
        choose, sa = self.choose, self.sa
        options: dict[str, Any] = {}
        if choose.maybe(3):
            options["naming_convention"] = CONVENTION
        if choose.maybe(4) and not self.on_sqlite:
            options["schema"] = choose.of(["other", "The Schema"])
        metadata = sa.MetaData(**options)
        self.names = TABLES[: 1 + choose.below(4)]
        for name in self.names:
            self.table(name, metadata)
        return metadata

    def table(self, name: str, metadata: Any) -> None:
        choose, sa = self.choose, self.sa
        columns = [self.key()]
        # An identity column counts up on MySQL also where it is one of two.
        wide = choose.maybe(4) and columns[0].identity is None
        if wide:
            columns.append(sa.Column("part", sa.String(5), primary_key=True))
        names = COLUMNS[: 1 + choose.below(len(COLUMNS))]
        columns += [self.column(each) for each in names]
        columns += [self.reference(f"ref_{number}") for number in range(choose.below(3))]
        made = sa.Table(name, metadata, *columns, **choose.of(TABLE_OPTIONS))
        for number in range(choose.below(4)):
            self.constrain(made, names, f"{name[0]}{number}", number)
        if wide:
            self.wide.append(name)
        if self.wide and choose.maybe(3):
            self.refer_to_two(made)

    def refer_to_two(self, table: Any) -> None:
        """Add a foreign key of two columns."""
        choose, sa = self.choose, self.sa
        target = choose.of(self.wide)
        table.append_column(sa.Column("wide_id", sa.Integer))
        table.append_column(sa.Column("wide_part", sa.String(5)))
        options = choose.of([{}, {"ondelete": "CASCADE"}, {"deferrable": True}, {"match": "FULL"}])
        keys = [f"{target}.id", f"{target}.part"]
        table.append_constraint(
            sa.ForeignKeyConstraint(["wide_id", "wide_part"], keys, name="fk_wide", **options)
        )

    def key(self) -> Any:
        choose, sa = self.choose, self.sa
        shapes: list[dict[str, Any]] = [{}, {"autoincrement": False}, {"comment": "the key"}]
        options = choose.of(shapes)
        if choose.maybe(6) and not self.on_sqlite:
            choices: list[dict[str, Any]] = [{}, {"always": True}, {"start": 5, "cache": 3}]
            identity = sa.Identity(**choose.of(choices))
            return sa.Column("id", sa.Integer, identity, primary_key=True)
        return sa.Column("id", sa.Integer, primary_key=True, **options)

    def column(self, name: str) -> Any:
        choose, sa = self.choose, self.sa
        type_ = choose.of(TYPES)(sa)
        if isinstance(type_, (sa.Enum, sa.Boolean)) and type_.name:
            type_.name = f"{type_.name}_{name[0]}"
        options: dict[str, Any] = {}
        if choose.maybe(3):
            options["nullable"] = False
        if choose.maybe(6):
            options[choose.of(["index", "index" if self.on_sqlite else "unique"])] = True
        if choose.maybe(6):
            options["comment"] = "a 100% 'comment'"
        if choose.maybe(8):
            options["key"] = f"{name}_key"
        if choose.maybe(8):
            computed = sa.Computed("id + 1", persisted=choose.of([None, True]))
            return sa.Column(name, sa.Integer, computed, **options)
        default = choose.of(DEFAULTS)(sa)
        if default is not None and choose.maybe():
            options["server_default"] = default
        return sa.Column(name, type_, **options)

    def reference(self, name: str) -> Any:
        """A foreign key to any table, so that cycles come about."""
        choose, sa = self.choose, self.sa
        options: dict[str, Any] = {}
        if choose.maybe(3):
            options["ondelete"] = choose.of(["CASCADE", "SET NULL"])
        if choose.maybe(4):
            options["onupdate"] = "RESTRICT"
        if choose.maybe(5):
            options.update(deferrable=True, initially="DEFERRED")
        options["name"] = f"fk_of_{name}_{choose.below(250)}"
        if choose.maybe(5) and not self.on_sqlite:
            options["use_alter"] = True
        target = sa.ForeignKey(f"{choose.of(self.names)}.id", **options)
        return sa.Column(name, sa.Integer, target, index=choose.of([None, True]))

    def constrain(self, table: Any, names: list[str], name: str, number: int) -> None:
        """Add a constraint or an index."""
        choose, sa = self.choose, self.sa
        columns = [column for column in table.c if column.name in names]
        some = choose.some(columns)
        named = choose.of([{"name": f"of_{name}"}, {}])
        shape = choose.below(4)
        if shape == 0 and len(some) > number:
            # SQLAlchemy reflects one of several that are alike.
            table.append_constraint(sa.UniqueConstraint(*some[number:], **named))
        elif shape == 1:
            condition = choose.of([table.c.id > 3, "id != 9", some[0].is_not(None)])
            table.append_constraint(sa.CheckConstraint(condition, name=f"ck_{name}"))
        elif shape == 2:
            sa.Index(f"ix_of_{name}", *some, **choose.of(INDEX_OPTIONS))
        else:
            self.unusual_index(table, some[0], f"ix_un_{name}")

    def unusual_index(self, table: Any, column: Any, name: str) -> None:
        """An index of an expression, in descending order, or of some rows."""
        choose, sa = self.choose, self.sa
        shape = choose.below(3)
        if shape == 0:
            sa.Index(name, column.desc())
        elif shape == 1:
            sa.Index(name, sa.func.lower(column), column)
        else:
            where = table.c.id > 3
            sa.Index(name, column, sqlite_where=where, postgresql_where=where)
