"""Random INSERT, UPDATE and DELETE in every form, upserts and statements in CTEs included."""

from __future__ import annotations

from typing import Any, NamedTuple

from random_choices import DIALECTS, Choices, Namespace, Values
from random_queries import Queries, Source, source_of
from random_queries import tables as read_tables


class Write(NamedTuple):
    """A statement, the parameters that it is executed with, and the dialects that it is for."""

    statement: Any
    parameters: Any = None
    dialects: Any = DIALECTS


def tables(lib: Namespace) -> dict[str, Any]:
    """The tables to read, and one to write with defaults of every kind."""
    sa = lib.sa
    made = read_tables(lib)
    made["parcel"] = sa.Table(
        "parcel",
        made["town"].metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("town_id", sa.Integer, sa.ForeignKey("town.id")),
        sa.Column("weight", sa.Integer, default=3),
        sa.Column("size", sa.Integer, default=sa.text("2 + 2"), onupdate=sa.text("6 + 1")),
        sa.Column("note", sa.String(20), server_default="new"),
        sa.Column("Mark", sa.String(20), default=lambda: "made", onupdate=lambda: "changed"),
        sa.Column("twice", sa.Integer, key="double"),
        sa.Column("sealed", sa.Boolean),
    )
    return made


class Writes(Queries):
    """Makes statements that write of one library."""

    def __init__(self, lib: Namespace, choices: Choices, values: Values) -> None:
        super().__init__(lib, choices, values)
        self.tables = lib.tables(tables)

    def write(self) -> Write:
        kinds = [self.insert, self.update, self.delete, self.insert_many, self.insert_select]
        kinds += [self.upsert_sqlite, self.upsert_other, self.update_many, self.update_beside]
        kinds += [self.delete_beside, self.write_in_cte, self.insert_sets]
        return self.choose.of(kinds)()

    def target(self) -> Any:
        return self.tables[self.choose.of(["parcel", "parcel", "town", "friend"])]

    # -- values

    def settable(self, table: Any, at_least: int = 1) -> list[Any]:
        columns = [column for column in table.c if not column.primary_key]
        return self.choose.some(columns, at_least)

    def constant(self, column: Any) -> Any:
        """A plain value of the column's kind."""
        kind = type(column.type).__name__
        if kind == "Boolean":
            return self.choose.of([True, False, None])
        if self.choose.maybe(5):
            return None
        return self.values.word() if kind == "String" else self.values.number()

    def value(self, column: Any, sources: list[Source]) -> Any:
        """A plain value, or an expression over the sources."""
        sa, choose = self.sa, self.choose
        if not choose.maybe(3):
            return self.constant(column)
        terms = self.terms(sources)
        kind = type(column.type).__name__
        if kind == "Boolean":
            return terms.condition(1)
        made = (terms.word if kind == "String" else terms.number)(1)
        return choose.of([made, sa.null(), sa.cast(made, column.type)])

    def assignments(self, table: Any, sources: list[Source]) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for column in self.settable(table):
            key = self.choose.of([column.key, column])
            found[key] = self.value(column, sources)
        return found

    def key_of(self, table: Any) -> Any:
        return next(column for column in table.c if column.primary_key)

    def returning(self, statement: Any, table: Any) -> Any:
        """The statement, giving nothing, all columns, or some of them and an expression."""
        choose = self.choose
        shape = choose.below(5)
        if shape < 2:
            return statement
        if shape == 2:
            return statement.returning(table)
        columns = choose.some(list(table.c))
        if shape == 3:
            return statement.returning(*columns)
        term = self.terms([source_of(table)], 0).number(1)
        return statement.returning(*columns, term.label("t"), term + 1)

    # -- INSERT

    def insert(self) -> Write:
        sa, choose = self.sa, self.choose
        table = self.target()
        made = sa.insert(table).values(self.assignments(table, []))
        if table.name == "friend" or choose.maybe(3):
            made = made.values({self.key_of(table).key: 50 + self.values.count()})
        if choose.maybe(5):
            made = made.inline()
        if choose.maybe(6):
            made = made.prefix_with("OR IGNORE", dialect="sqlite")
        return Write(self.returning(made, table))

    def rows(self, table: Any) -> list[dict[str, Any]]:
        columns = self.settable(table)
        key = self.key_of(table).key
        keyed = table.name == "friend" or self.choose.maybe()
        rows = []
        for number in range(1 + self.choose.below(3)):
            row = {column.key: self.constant(column) for column in columns}
            rows.append({key: 60 + number, **row} if keyed else row)
        return rows

    def insert_many(self) -> Write:
        """Many rows in one VALUES."""
        table = self.target()
        made = self.sa.insert(table).values(self.rows(table))
        return Write(self.returning(made, table))

    def insert_sets(self) -> Write:
        """Many sets of parameters."""
        table = self.target()
        made = self.sa.insert(table)
        if self.choose.maybe():
            made = made.returning(table, sort_by_parameter_order=True)
        return Write(made, self.rows(table))

    def insert_select(self) -> Write:
        sa, choose = self.sa, self.choose
        table = self.tables["parcel"]
        if choose.maybe():
            query = self.compound(1)
            names = ["weight", table.c.note]
        else:
            source = self.source(1)
            terms = self.terms([source])
            query = sa.select(terms.number(1), terms.word(1), sa.literal(self.values.number()))
            query = self.ordered(query.where(terms.condition(1)), terms)
            names = ["town_id", "note", "double"]
        options = choose.of([{}, {"include_defaults": False}])
        return Write(self.returning(sa.insert(table).from_select(names, query, **options), table))

    # -- upserts

    def upsert_sqlite(self) -> Write:
        choose = self.choose
        table = self.tables["town"]
        made = self.lib.sqlite.insert(table)
        rows = [{**row, "id": choose.below(9)} for row in self.rows(table)]
        many = choose.maybe()
        if not many:
            made = made.values(choose.of([rows[0], rows]))
        made = self.returning(self.on_conflict(made, table), table)
        return Write(made, rows if many else None, ["sqlite"])

    def on_conflict(self, made: Any, table: Any) -> Any:
        choose = self.choose
        if choose.maybe(4):
            return made.on_conflict_do_nothing(**choose.of([{}, {"index_elements": ["id"]}]))
        options: dict[str, Any] = {"index_elements": choose.of([["id"], [table.c.id]])}
        if choose.maybe(4):
            # A boolean column alone would be `WHERE open` in SQLAlchemy, `WHERE open = 1` here.
            options["where"] = table.c.size > self.values.number()
        options["set_"] = self.conflict_values(made, table)
        return made.on_conflict_do_update(**options)

    def conflict_values(self, made: Any, table: Any) -> dict[Any, Any]:
        proposed = made.excluded if hasattr(made, "excluded") else made.inserted
        terms = self.terms([source_of(table)], 0)
        found: dict[Any, Any] = {}
        for column in self.settable(table):
            new = proposed[column.key]
            options = [new, self.constant(column)]
            if type(column.type).__name__ == "Integer":
                options += [column + new, terms.number(1), self.sa.func.coalesce(new, column)]
            found[column.key] = self.choose.of(options)
        return found

    def upsert_other(self) -> Write:
        """An upsert of PostgreSQL, MySQL or MariaDB, which isn't executed."""
        choose = self.choose
        table = self.target()
        if choose.maybe():
            made = self.lib.postgresql.insert(table).values(self.rows(table))
            made = self.on_conflict_of(made, table)
            return Write(self.returning(made, table), None, ["postgresql"])
        made = self.lib.mysql.insert(table).values(self.rows(table))
        made = made.on_duplicate_key_update(self.conflict_values(made, table))
        return Write(made, None, ["mysql", "mariadb"])

    def on_conflict_of(self, made: Any, table: Any) -> Any:
        key = self.key_of(table)
        options: dict[str, Any] = {"index_elements": [key]}
        if self.choose.maybe(4):
            options = {"constraint": "some_key"}
        elif self.choose.maybe(4):
            options["index_where"] = key > self.values.number()
        return made.on_conflict_do_update(**options, set_=self.conflict_values(made, table))

    # -- UPDATE and DELETE

    def where(self, statement: Any, sources: list[Source]) -> Any:
        terms = self.terms(sources)
        for _ in range(self.choose.below(3)):
            statement = statement.where(terms.condition(2))
        return statement

    def update(self) -> Write:
        sa, choose = self.sa, self.choose
        table = self.target()
        source = source_of(table)
        values = self.assignments(table, [source])
        if choose.maybe(3):
            made = sa.update(table).ordered_values(*reversed(values.items()))
        else:
            made = sa.update(table).values(values)
        return Write(self.returning(self.where(made, [source]), table))

    def update_many(self) -> Write:
        """Many sets of parameters, some of them in WHERE."""
        sa = self.sa
        table = self.target()
        made = sa.update(table).where(self.key_of(table) == sa.bindparam("wanted"))
        rows = [
            {"wanted": number, **{c.key: self.constant(c) for c in self.settable(table)}}
            for number in range(1, 2 + self.choose.below(3))
        ]
        rows = [row for row in rows if row.keys() == rows[0].keys()]
        return Write(made, rows)

    def beside(self, table: Any) -> Source:
        """Another source than the table that is written."""
        found = self.choose.of([self.alias, self.subquery, self.cte])(1)
        return found

    def update_beside(self) -> Write:
        table = self.tables["parcel"]
        own, other = source_of(table), self.beside(table)
        made = self.sa.update(table).values(self.assignments(table, [other, own]))
        made = made.where(self.condition_of([own, other]))
        return Write(self.returning(self.where(made, [own]), table))

    def delete(self) -> Write:
        table = self.target()
        made = self.where(self.sa.delete(table), [source_of(table)])
        return Write(self.returning(made, table))

    def delete_beside(self) -> Write:
        """A DELETE with other tables in its condition, which SQLite can't do."""
        table = self.tables["parcel"]
        own, other = source_of(table), self.beside(table)
        made = self.sa.delete(table).where(self.condition_of([own, other]))
        return Write(self.returning(made, table))

    # -- CTEs

    def write_in_cte(self) -> Write:
        """A statement that writes as a CTE of another; SQLite refuses it."""
        sa, choose = self.sa, self.choose
        inner = choose.of([self.insert, self.update, self.delete, self.insert_many])().statement
        cte = inner.cte(*self.name())
        if not list(cte.c) or choose.maybe(4):
            return Write(sa.select(sa.literal(1)).add_cte(cte))
        source = source_of(cte)
        terms = self.terms([source], 0)
        if choose.maybe():
            return Write(sa.select(terms.number(1).label("x")).where(terms.condition(1)))
        # Written beside it is a table without its columns: SQLAlchemy mixes up binds of one name.
        table = self.tables["person"]
        if choose.maybe():
            query = sa.select(terms.number(1))
            return Write(sa.insert(table).from_select(["Age"], query))
        inside = sa.select(terms.number(0))
        return Write(sa.update(table).values(Age=1).where(table.c.id.in_(inside)))
