"""Random columns and conditions over the sources that a query has in reach."""

from __future__ import annotations

from typing import Any


class Terms:
    """Numbers, words and conditions made of the columns of some sources.

    :param queries: the maker of subqueries, with the choices, the values and the library.
    :param nested: how deep subqueries may go.
    """

    def __init__(self, queries: Any, sources: list[Any], nested: int) -> None:
        self.queries, self.sources, self.nested = queries, sources, nested
        self.choose, self.values, self.sa = queries.choose, queries.values, queries.sa

    def column(self, kind: str) -> Any:
        """A column of that kind, or a value where no source has one."""
        columns = [column for source in self.sources for column in source.columns[kind]]
        if columns:
            return self.choose.of(columns)
        return self.sa.literal(self.values.word() if kind == "s" else self.values.number())

    def any(self, depth: int) -> Any:
        return self.choose.of([self.number, self.word, self.condition])(depth)

    def number(self, depth: int) -> Any:
        sa, choose, values = self.sa, self.choose, self.values
        shape = choose.below(14) if depth > 0 else 0
        if shape < 3:
            return self.column("n")
        if shape == 3:
            return self.number(depth - 1) + values.number()
        if shape == 4:
            return self.number(depth - 1) * self.number(depth - 1)
        if shape == 5:
            return sa.func.coalesce(self.column("n"), values.number())
        if shape == 6:
            return sa.case((self.condition(depth - 1), self.column("n")), else_=values.number())
        if shape == 7:
            return sa.func.length(self.word(depth - 1), type_=sa.Integer)
        if shape == 8:
            return sa.cast(self.column(choose.of(["n", "s"])), sa.Integer)
        if shape == 9:
            return self.window()
        if shape == 10:
            return self.scalar()
        if shape == 11:
            return -self.column("n")
        if shape == 12:
            return sa.case({values.number(): self.column("n")}, value=self.column("n"))
        return sa.literal(values.number())

    def word(self, depth: int) -> Any:
        sa, choose = self.sa, self.choose
        shape = choose.below(8) if depth > 0 else 0
        if shape < 2:
            return self.column("s")
        if shape == 2:
            return self.word(depth - 1) + self.values.word()
        if shape == 3:
            return sa.func.lower(self.word(depth - 1))
        if shape == 4:
            return sa.cast(self.number(depth - 1), sa.String(10))
        if shape == 5:
            return sa.func.coalesce(self.column("s"), self.values.word())
        if shape == 6:
            return sa.case((self.condition(depth - 1), self.word(depth - 1)), else_="z")
        return sa.literal(self.values.word())

    def aggregate(self) -> Any:
        sa = self.sa
        number = self.number(1)
        aggregate = self.choose.of(
            [
                sa.func.count(),
                sa.func.sum(number),
                sa.func.max(self.column("n")),
                sa.func.count(self.column("s").distinct()),
                sa.func.min(number, type_=sa.Integer),
            ]
        )
        if self.choose.maybe(4):
            return aggregate.filter(self.condition(1))
        return aggregate

    def window(self) -> Any:
        choose, sa = self.choose, self.sa
        function = choose.of([sa.func.row_number(), sa.func.sum(self.column("n")), sa.func.rank()])
        options: dict[str, Any] = {}
        if choose.maybe():
            options["partition_by"] = choose.of(
                [self.column("n"), [self.column("s"), self.column("n")]]
            )
        if choose.maybe():
            options["order_by"] = choose.of([self.column("n"), self.column("s").desc()])
        if choose.maybe(3):
            options["rows"] = choose.of([(None, 0), (-1, 1), (0, None), (1, 2)])
        elif choose.maybe(4):
            options["range_"] = (None, 0)
        return function.over(**options)

    def scalar(self) -> Any:
        """A subquery of one value, related to a row outside or not."""
        sa, choose = self.sa, self.choose
        if self.nested <= 0:
            return sa.literal(self.values.number())
        inner = self.queries.source(0)
        terms = Terms(self.queries, [inner, *self.sources[:1]], 0)
        query = sa.select(terms.aggregate()).select_from(inner.element)
        query = query.where(terms.condition(1))
        outer = self.sources[0].element if self.sources else inner.element
        if choose.maybe() and outer is not inner.element and not hasattr(outer, "onclause"):
            query = query.correlate(outer)
        return query.scalar_subquery()

    def condition(self, depth: int) -> Any:
        sa, choose, values = self.sa, self.choose, self.values
        shape = choose.below(18) if depth > 0 else choose.below(6)
        number = self.column("n")
        if shape == 0:
            return number > values.number()
        if shape == 1:
            return self.column("s") == values.word()
        if shape == 2:
            return number.in_(values.numbers())
        if shape == 3:
            return self.column("s").is_(None)
        if shape == 4:
            return number.between(values.number(), values.number())
        if shape == 5:
            return self.column("s").contains(values.word(), autoescape=True)
        if shape == 6:
            return sa.and_(self.condition(depth - 1), self.condition(depth - 1))
        if shape == 7:
            return sa.or_(self.condition(depth - 1), self.condition(depth - 1))
        if shape == 8:
            return ~self.condition(depth - 1)
        if shape == 9:
            return self.number(depth - 1) <= self.number(depth - 1)
        if shape == 10:
            pairs = [(values.number(), values.word()) for _ in range(choose.below(3))]
            return sa.tuple_(number, self.column("s")).in_(pairs)
        if shape == 11:
            return number.in_(self.inner_query())
        if shape == 12:
            return number.not_in(self.inner_query())
        if shape == 13:
            return self.exists()
        if shape == 14:
            return self.column("s").not_in(values.words())
        if shape == 15:
            return self.column("b")
        if shape == 16:
            return self.column("s").ilike(values.word())
        return self.word(depth - 1).is_distinct_from(self.column("s"))

    def inner_query(self) -> Any:
        inner = self.queries.source(0)
        terms = Terms(self.queries, [inner], 0)
        query = self.sa.select(terms.column("n")).where(terms.condition(1))
        if self.choose.maybe(4):
            query = query.union_all(self.sa.select(self.sa.literal(self.values.number())))
        return query

    def exists(self) -> Any:
        sa, choose = self.sa, self.choose
        inner = self.queries.alias(0)
        terms = Terms(self.queries, [inner, *self.sources[:1]], 0)
        condition = self.queries.condition_of([inner, *self.sources[:1]])
        if choose.maybe():
            return sa.exists().where(condition)
        query = sa.select(terms.column("n")).select_from(inner.element).where(condition)
        made = query.exists() if choose.maybe() else sa.exists(query)
        return ~made if choose.maybe() else made
