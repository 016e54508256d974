"""Programs about reflection: tables and metadata from a database, and the inspector."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core_library import filled_harbour
from library import Library

_SCHEMA = (
    "CREATE TABLE author (id INTEGER NOT NULL, name VARCHAR(40) NOT NULL, born DATE,"
    " PRIMARY KEY (id), CONSTRAINT uq_name UNIQUE (name))",
    "CREATE TABLE book (isbn CHAR(13) NOT NULL PRIMARY KEY, title TEXT DEFAULT 'untitled',"
    " price NUMERIC(8, 2) DEFAULT 0, author_id INTEGER,"
    " CONSTRAINT fk_author FOREIGN KEY(author_id) REFERENCES author (id) ON DELETE CASCADE,"
    " CONSTRAINT ck_price CHECK (price >= 0))",
    "CREATE INDEX ix_title ON book (title)",
    "CREATE UNIQUE INDEX ix_both ON book (author_id, title) WHERE price > 5",
    "CREATE VIEW cheap AS SELECT title FROM book WHERE price < 5",
)


def _library(lib: Library) -> Any:
    engine = lib.engine()
    with engine.begin() as connection:
        for statement in _SCHEMA:
            connection.exec_driver_sql(statement)
    return engine


def _without_types(columns: list[dict[str, Any]]) -> list[Any]:
    return [{**column, "type": repr(column["type"])} for column in columns]


def program_inspector(lib: Library) -> Iterator[Any]:
    inspector = lib.sql.inspect(_library(lib))
    yield inspector.get_table_names(), inspector.get_view_names(), inspector.get_schema_names()
    yield inspector.default_schema_name, inspector.has_table("book"), inspector.has_table("none")
    for name in ("author", "book"):
        yield _without_types(inspector.get_columns(name))
        yield inspector.get_pk_constraint(name), inspector.get_foreign_keys(name)
        yield [{k: str(v) for k, v in index.items()} for index in inspector.get_indexes(name)]
        yield inspector.get_unique_constraints(name), inspector.get_check_constraints(name)
    yield inspector.get_view_definition("cheap"), inspector.has_index("book", "ix_title")
    yield inspector.get_temp_table_names(), inspector.get_sorted_table_and_fkc_names()
    yield lib.error(lambda: inspector.get_columns("nothing"))
    yield lib.error(lambda: inspector.get_table_comment("book"))
    yield lib.error(lambda: inspector.get_sequence_names())


def program_inspector_of_everything(lib: Library) -> Iterator[Any]:
    inspector = lib.sql.inspect(_library(lib))
    yield {k: _without_types(v) for k, v in inspector.get_multi_columns().items()}
    yield inspector.get_multi_pk_constraint(), inspector.get_multi_foreign_keys()
    yield inspector.get_multi_unique_constraints(), inspector.get_multi_check_constraints()
    yield sorted(inspector.get_multi_indexes(filter_names=["book"]))


def program_inspector_remembers(lib: Library) -> Iterator[Any]:
    engine = _library(lib)
    inspector = lib.sql.inspect(engine)
    yield sorted(inspector.get_table_names())
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE shelf (id INTEGER PRIMARY KEY)")
    yield sorted(inspector.get_table_names())
    inspector.clear_cache()
    yield sorted(inspector.get_table_names())


def program_reflected_tables(lib: Library) -> Iterator[Any]:
    sql, engine = lib.sql, _library(lib)
    metadata = sql.MetaData()
    book = sql.Table("book", metadata, autoload_with=engine)
    yield sorted(metadata.tables), [repr(column) for column in book.c]
    yield book.primary_key.columns.keys(), [key.target_fullname for key in book.foreign_keys]
    yield sorted(str(constraint.name) for constraint in book.constraints)
    yield sorted((i.name, bool(i.unique), [c.name for c in i.columns]) for i in book.indexes)
    yield str(sql.select(book).join(metadata.tables["author"]))
    view = sql.Table("cheap", metadata, autoload_with=engine)
    yield [repr(column) for column in view.c]
    yield lib.error(lambda: sql.Table("nothing", metadata, autoload_with=engine).name)


def program_reflection_with_own_columns(lib: Library) -> Iterator[Any]:
    sql, engine = lib.sql, _library(lib)
    own = sql.Table(
        "book",
        sql.MetaData(),
        sql.Column("isbn", sql.String(20), primary_key=True, key="number"),
        sql.Column("extra", sql.Integer),
        autoload_with=engine,
        resolve_fks=False,
    )
    yield own.c.keys(), repr(own.c.number.type), sorted(own.metadata.tables)
    chosen = sql.Table(
        "book", sql.MetaData(), autoload_with=engine, include_columns=["isbn", "title"]
    )
    yield chosen.c.keys()
    grown = sql.Table("book", chosen.metadata, autoload_with=engine, extend_existing=True)
    yield grown is chosen, grown.c.keys()


def program_metadata_reflects(lib: Library) -> Iterator[Any]:
    sql, engine = lib.sql, _library(lib)
    for options in (
        {}, {"only": ["author"]}, {"only": lambda name, meta: name.startswith("b")},
        {"views": True}, {"only": ["book"], "resolve_fks": False},
    ):  # fmt: skip
        metadata = sql.MetaData()
        metadata.reflect(engine, **options)
        yield sorted(metadata.tables)
    with engine.begin() as connection:
        metadata = sql.MetaData()
        metadata.reflect(connection)
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    yield lib.error(lambda: sql.MetaData().reflect(engine, only=["nothing"]))


def program_listener_changes_columns(lib: Library) -> Iterator[Any]:
    sql, engine = lib.sql, _library(lib)
    metadata = sql.MetaData()

    def rename(inspector: Any, table: Any, column: dict[str, Any]) -> None:
        column["key"] = f"attr_{column['name']}"
        if column["name"] == "price":
            column["type"] = sql.Float()

    sql.event.listen(metadata, "column_reflect", rename)
    metadata.reflect(engine, only=["book"])
    book = metadata.tables["book"]
    yield book.c.keys(), repr(book.c.attr_price.type), str(sql.select(book.c.attr_title))


def program_generic_types(lib: Library) -> Iterator[Any]:
    sql, engine = lib.sql, _library(lib)
    metadata = sql.MetaData()

    @sql.event.listens_for(metadata, "column_reflect")  # type: ignore[untyped-decorator]
    def generic(inspector: Any, table: Any, column: dict[str, Any]) -> None:
        column["type"] = column["type"].as_generic()

    metadata.reflect(engine)
    for table in metadata.sorted_tables:
        yield [(column.name, repr(column.type)) for column in table.c]


def program_reflect_table_into(lib: Library) -> Iterator[Any]:
    sql, engine = lib.sql, _library(lib)
    empty = sql.Table("author", sql.MetaData())
    inspector = sql.inspect(engine)
    inspector.reflect_table(empty, None)
    yield repr(empty)
    inspector.reflect_table(empty, include_columns=["name"], exclude_columns=["born"])
    yield empty.c.keys()


def program_round_trip(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    _, engine = filled_harbour(lib)
    metadata = sql.MetaData()
    metadata.reflect(engine)
    other = lib.engine()
    sent = lib.statements(other)
    metadata.create_all(other, checkfirst=False)
    yield from sent
