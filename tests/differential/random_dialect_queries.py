"""Random SELECTs of what some databases have alone, over columns of every type and any name.

They are compiled and not executed: LATERAL, TABLESAMPLE, DISTINCT ON, FOR UPDATE and its options,
CUBE and its kin, frames of windows, FETCH, hints, CTEs inside of CTEs.
"""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import random
import uuid
from collections.abc import Callable
from itertools import chain, count
from typing import Any

from random_choices import Choices, Namespace

#: Names that must be quoted, that look like binds, or that other things have too.
NAMES = [
    "a", "A b", "select", "x%y", "%(x)s", 'q"q', "b`t", "it's", "c:d", "?", "é", "_u", "1st", "p.q",
    "Order", "x$", "(y)", "[z]", "end ", "--", "anon_1", "param_1", "lateral", "user",
]  # fmt: skip


class Colour(enum.Enum):
    RED = "red"
    DARK_BLUE = "dark blue"


#: A maker of the type, and of a value from a random generator.
KINDS: dict[str, tuple[Callable[[Any], Any], Callable[[random.Random], Any]]] = {
    "integer": (lambda sa: sa.Integer(), lambda r: r.choice([0, -1, 7, 2**40])),
    "text": (lambda sa: sa.String(30), lambda r: r.choice(["", "o'x", "50%", "\\", ":x", "é"])),
    "numeric": (lambda sa: sa.Numeric(8, 2), lambda r: decimal.Decimal(r.randint(-999, 999)) / 4),
    "float": (lambda sa: sa.Float(), lambda r: r.choice([0.5, -1.25, 1e20])),
    "boolean": (lambda sa: sa.Boolean(), lambda r: r.choice([True, False])),
    "date": (lambda sa: sa.Date(), lambda r: dt.date(2000 + r.randint(0, 30), 2, 3)),
    "datetime": (lambda sa: sa.DateTime(), lambda r: dt.datetime(2001, 2, 3, 4, r.randint(0, 59))),
    "time": (lambda sa: sa.Time(), lambda r: dt.time(r.randint(0, 23), 5)),
    "interval": (lambda sa: sa.Interval(), lambda r: dt.timedelta(seconds=r.randint(-90, 90))),
    "bytes": (lambda sa: sa.LargeBinary(), lambda r: r.choice([b"", b"ab", b"\x00%"])),
    "json": (lambda sa: sa.JSON(), lambda r: r.choice([{"a": [1, None]}, [], "x", 5])),
    "enum": (lambda sa: sa.Enum(Colour, name="colour"), lambda r: r.choice(list(Colour))),
    "words": (lambda sa: sa.Enum("one", "it's", name="words"), lambda r: r.choice(["one", "it's"])),
    "uuid": (lambda sa: sa.Uuid(), lambda r: uuid.UUID(int=r.getrandbits(128))),
}  # fmt: skip


class DialectQueries:
    """Makes statements of one library; what is drawn depends on the choices alone."""

    def __init__(self, lib: Namespace, choices: Choices, seed: int) -> None:
        self.sa, self.lib, self.choose = lib.sa, lib, choices
        self.random = random.Random(seed)
        self.named = chain([f"{name}2" for name in NAMES], map("n{}".format, count()))
        self.tables = [self.table() for _ in range(2)]

    def table(self) -> Any:
        sa, choose = self.sa, self.choose
        names = [choose.of(NAMES) for _ in range(5)]
        name, *columns = dict.fromkeys(names)
        made = [
            sa.Column(column, KINDS[choose.of(list(KINDS))][0](sa)) for column in columns or ["c"]
        ]
        schema = choose.of([None, None, None, "other", "S 1"])
        return sa.Table(name, sa.MetaData(), *made, schema=schema)

    def name(self) -> str:
        """A name that nothing else of the statement has."""
        return next(self.named)

    def value(self, column: Any) -> Any:
        """A value of the column's type; None now and then."""
        kind = type(column.type)
        if self.choose.maybe(9) and kind is not self.sa.Interval:
            return None
        if kind is self.sa.Enum:
            return self.random.choice(list(column.type.enum_class or column.type.enums))
        for make, draw in KINDS.values():
            if type(make(self.sa)) is kind:
                return draw(self.random)
        return 5

    # -- FROM

    def source(self, depth: int) -> Any:
        kinds = [self.plain, self.aliased]
        if depth > 0:
            kinds += [self.sampled, self.lateral, self.subquery, self.cte, self.series, self.joined]
        return self.choose.of(kinds)(depth - 1)

    def plain(self, depth: int) -> Any:
        return self.choose.of(self.tables)

    def aliased(self, depth: int) -> Any:
        return self.plain(depth).alias(self.choose.of([None, self.name()]))

    def sampled(self, depth: int) -> Any:
        sa, choose = self.sa, self.choose
        how = choose.of([10, sa.func.system(5), sa.text("bernoulli(3)")])
        seed = choose.of([None, sa.func.random(), sa.text("7")])
        return self.plain(depth).tablesample(how, name=self.name(), seed=seed)

    def lateral(self, depth: int) -> Any:
        inner = self.query(0, outer=self.plain(0))
        return inner.lateral(self.choose.of([None, self.name()]))

    def subquery(self, depth: int) -> Any:
        return self.query(depth).subquery(self.choose.of([None, self.name()]))

    def cte(self, depth: int) -> Any:
        nesting = self.choose.maybe(3)
        return self.query(depth).cte(self.choose.of([None, self.name()]), nesting=nesting)

    def series(self, depth: int) -> Any:
        sa, choose = self.sa, self.choose
        call = sa.func.generate_series(1, self.random.randint(2, 9))
        name, column = self.name(), self.name()
        shape = choose.below(4)
        if shape == 0:
            return call.table_valued(column, with_ordinality="nth").alias(name)
        if shape == 1:
            return call.table_valued(sa.column(column, sa.Integer), name=name).render_derived()
        made = call.table_valued(column).alias(name)
        return made.lateral() if shape == 2 else made

    def joined(self, depth: int) -> Any:
        left, right = self.aliased(0), self.aliased(0)
        options = self.choose.of([{}, {"isouter": True}, {"full": True}])
        return left.join(right, self.choose.of([self.sa.true(), self.condition(right)]), **options)

    # -- expressions

    def column(self, source: Any) -> Any:
        return self.choose.of(list(source.c))

    def condition(self, source: Any) -> Any:
        choose = self.choose
        column = self.column(source)
        shape = choose.below(9)
        if shape == 0:
            return column == self.value(column)
        if shape == 1:
            return column.in_([self.value(column) for _ in range(choose.below(3))])
        if shape == 2:
            return column.between(self.value(column), self.value(column))
        if shape == 3:
            return column.is_distinct_from(self.value(column))
        if shape == 4:
            return self.sa.func.coalesce(column, self.value(column)) != column
        if shape == 5:
            return self.sa.tuple_(column, column).in_([(self.value(column), self.value(column))])
        if shape == 6:
            return self.sa.or_(column.is_(None), column > self.value(column))
        if shape == 7:
            return self.sa.cast(column, self.sa.String) == "x"
        return self.window(source) > 1

    def window(self, source: Any) -> Any:
        """A window function with a frame, or another function that only some databases have."""
        sa, choose = self.sa, self.choose
        column = self.column(source)
        shape = choose.below(6)
        if shape == 0:
            return sa.func.percentile_cont(0.5).within_group(column.desc())
        if shape == 1:
            return sa.func.mode().within_group(column).filter(column.is_not(None))
        if shape == 2:
            return sa.func.array_agg(column).aggregate_order_by(column.desc())
        frame = choose.of([(None, 0), (-2, 2), (0, None), (None, None), (1, 3)])
        kind = choose.of(["rows", "range_", "groups"])
        options = {"order_by": column, kind: frame}
        if choose.maybe():
            options["partition_by"] = [self.column(source), column]
        if choose.maybe(3):
            options["exclude"] = choose.of(["NO OTHERS", "CURRENT ROW", "TIES"])
        return choose.of([sa.func.count(), sa.func.first_value(column)]).over(**options)

    # -- SELECT

    def statement(self) -> Any:
        made = self.query(2)
        if self.choose.maybe(4):
            nothing = self.sa.select(*[self.sa.null() for _ in made.selected_columns])
            made = self.sa.union_all(made, nothing).limit(self.random.randint(0, 9))
        if self.choose.maybe(4):
            made = made.add_cte(self.query(0).cte(self.name()), nest_here=self.choose.maybe())
        return made

    def query(self, depth: int, outer: Any = None) -> Any:
        choose, sa = self.choose, self.sa
        source = self.source(depth)
        columns = [self.column(source) for _ in range(1 + choose.below(3))]
        columns = [c.label(self.name()) if choose.maybe(3) else c for c in columns]
        if choose.maybe(4):
            columns.append(self.window(source).label(self.name()))
        query = sa.select(*columns).select_from(source)
        for _ in range(choose.below(3)):
            query = query.where(self.condition(source))
        if outer is not None and choose.maybe():
            query = query.where(self.column(outer) == self.column(source))
        if choose.maybe(4):
            query = query.group_by(self.grouping(source)).having(sa.func.count() > 1)
        if choose.maybe(5):
            query = self.distinct(query, source)
        query = self.ordered(query, source)
        if choose.maybe(4):
            query = self.locked(query, source)
        return self.hinted(query, source) if choose.maybe(5) else query

    def grouping(self, source: Any) -> Any:
        sa, choose = self.sa, self.choose
        columns = [self.column(source), self.column(source)]
        shape = choose.below(4)
        if shape == 0:
            return sa.func.cube(*columns)
        if shape == 1:
            return sa.func.rollup(*columns)
        if shape == 2:
            return sa.func.grouping_sets(sa.tuple_(*columns), columns[0])
        return sa.func.grouping_sets(sa.func.cube(*columns), sa.func.rollup(columns[1]))

    def distinct(self, query: Any, source: Any) -> Any:
        if self.choose.maybe():
            return query.distinct()
        return query.ext(self.lib.postgresql.distinct_on(self.column(source)))

    def ordered(self, query: Any, source: Any) -> Any:
        choose = self.choose
        for _ in range(choose.below(3)):
            by = self.column(source)
            query = query.order_by(choose.of([by, by.desc(), by.asc().nulls_last()]))
        shape = choose.below(6)
        if shape == 1:
            return query.limit(self.random.randint(0, 9)).offset(self.random.randint(0, 9))
        if shape == 2:
            options = choose.of([{}, {"with_ties": True}, {"percent": True}])
            return query.fetch(self.random.randint(0, 9), **options)
        return query.offset(self.random.randint(0, 9)) if shape == 3 else query

    def locked(self, query: Any, source: Any) -> Any:
        choose = self.choose
        options: dict[str, Any] = choose.of(
            [{}, {"nowait": True}, {"skip_locked": True}, {"read": True}, {"key_share": True}]
        )
        if choose.maybe():
            options = {**options, "of": choose.of([self.tables[0], next(iter(self.tables[1].c))])}
        return query.with_for_update(**options)

    def hinted(self, query: Any, source: Any) -> Any:
        choose = self.choose
        shape = choose.below(4)
        if shape == 0:
            return query.prefix_with("SQL_NO_CACHE", dialect="mysql")
        if shape == 1:
            return query.suffix_with("-- end", dialect="postgresql")
        if shape == 2:
            return query.with_statement_hint("PLAN")
        return query.with_hint(self.tables[0], "USE INDEX (%(name)s_x)", "mysql")
