"""Random SELECTs: what may stand in FROM, in a column list, in WHERE, and around a query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from random_choices import Choices, Namespace, Values
from random_terms import Terms

NUMBER, WORD, FLAG = "n", "s", "b"


class Source(NamedTuple):
    """A FROM element and its columns by kind."""

    element: Any
    columns: dict[str, list[Any]]


def tables(lib: Namespace) -> dict[str, Any]:
    """People in towns, who are each other's friends."""
    sa = lib.sa
    metadata = sa.MetaData()
    sa.Table(
        "town",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20)),
        sa.Column("size", sa.Integer),
        sa.Column("open", sa.Boolean),
    )
    sa.Table(
        "person",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("town_id", sa.ForeignKey("town.id")),
        sa.Column("name", sa.String(20)),
        sa.Column("Age", sa.Integer),
        sa.Column("away", sa.Boolean),
    )
    sa.Table(
        "friend",
        metadata,
        sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("since", sa.Integer, key="year"),
        sa.Column("note", sa.String(20)),
    )
    return dict(metadata.tables)


def kind_of(column: Any) -> str:
    """Numbers, words or flags, told by the type."""
    name = type(column.type).__name__
    if name in ("String", "VARCHAR", "Text"):
        return WORD
    return FLAG if name == "Boolean" else NUMBER


def source_of(element: Any) -> Source:
    columns: dict[str, list[Any]] = {NUMBER: [], WORD: [], FLAG: []}
    for column in element.c:
        columns[kind_of(column)].append(column)
    return Source(element, columns)


class Queries:
    """Makes statements of one library; what is drawn depends on the choices alone."""

    def __init__(self, lib: Namespace, choices: Choices, values: Values) -> None:
        self.lib, self.sa = lib, lib.sa
        self.choose, self.values = choices, values
        self.tables = lib.tables(tables)
        self.names = iter("pqrstuvwxyz" * 9)
        self.ctes: list[Source] = []

    def statement(self) -> Any:
        return self.choose.of([self.query, self.query, self.compound])(2)

    # -- FROM

    def source(self, depth: int) -> Source:
        kinds: list[Callable[[int], Source]] = [self.table, self.alias]
        if depth > 0:
            kinds += [self.joined, self.subquery, self.cte, self.values_of, self.known_cte]
            kinds += [self.recursive_cte, self.compound_subquery, self.json_each]
        return self.choose.of(kinds)(depth - 1)

    def table(self, depth: int) -> Source:
        return source_of(self.tables[self.choose.of(["town", "person", "friend"])])

    def alias(self, depth: int) -> Source:
        return source_of(self.table(depth).element.alias(*self.name()))

    def name(self) -> tuple[str, ...]:
        """A new name, or none: the library invents one."""
        return (next(self.names),) if self.choose.maybe() else ()

    def joined(self, depth: int) -> Source:
        left, right = self.source(depth), self.source(depth)
        made = self.choose.of([{}, {"isouter": True}, {"full": True}])
        if left.element is right.element:
            right = source_of(right.element.alias())
        join = left.element.join(right.element, self.condition_of([left, right]), **made)
        columns = {kind: left.columns[kind] + right.columns[kind] for kind in left.columns}
        return Source(join, columns)

    def condition_of(self, sources: list[Source]) -> Any:
        numbers = [source.columns[NUMBER] for source in sources]
        if all(numbers) and self.choose.maybe():
            return self.choose.of(numbers[0]) == self.choose.of(numbers[-1])
        return self.terms(sources).condition(1)

    def subquery(self, depth: int) -> Source:
        return source_of(self.query(depth).subquery(*self.name()))

    def compound_subquery(self, depth: int) -> Source:
        return source_of(self.compound(depth).subquery(*self.name()))

    def cte(self, depth: int) -> Source:
        source = source_of(self.choose.of([self.query, self.compound])(depth).cte(*self.name()))
        self.ctes.append(source)
        return source

    def known_cte(self, depth: int) -> Source:
        """A CTE that was used before, as it is or under another name."""
        if not self.ctes:
            return self.cte(depth)
        known = self.choose.of(self.ctes)
        return source_of(known.element.alias(*self.name())) if self.choose.maybe() else known

    def recursive_cte(self, depth: int) -> Source:
        sa, start = self.sa, self.values.number()
        first = sa.select(sa.literal(start).label("i"), sa.literal(self.values.word()).label("w"))
        cte = first.cte(*self.name(), recursive=True)
        step = sa.select(cte.c.i + 1, cte.c.w + "x").where(cte.c.i < start + 3)
        if self.choose.maybe():
            town = self.tables["town"]
            step = step.where(cte.c.i == town.c.id)
        whole = cte.union(step) if self.choose.maybe() else cte.union_all(step)
        return Source(whole, {NUMBER: [whole.c.i], WORD: [whole.c.w], FLAG: []})

    def values_of(self, depth: int) -> Source:
        sa, name = self.sa, self.name()
        columns = sa.column("i", sa.Integer), sa.column("w", sa.String(20))
        made = sa.values(*columns, name=name[0] if name else None)
        data = [(self.values.number(), self.values.word()) for _ in range(1 + self.choose.below(2))]
        made = made.data(data)
        if not name or self.choose.maybe():
            made = made.cte(next(self.names))
        return source_of(made)

    def json_each(self, depth: int) -> Source:
        sa = self.sa
        each = sa.func.json_each(f"[{self.values.number()}, 2]").table_valued(
            sa.column("value", sa.Integer), *self.name()
        )
        return Source(each, {NUMBER: [each.c.value], WORD: [], FLAG: []})

    # -- SELECT

    def terms(self, sources: list[Source], nested: int = 1) -> Terms:
        return Terms(self, sources, nested)

    def query(self, depth: int, outer: list[Source] | None = None) -> Any:
        """A SELECT whose columns have names, so that it can be a source."""
        choose, sa = self.choose, self.sa
        sources = [self.source(depth)]
        if choose.maybe(4):
            sources.append(self.source(0))
        terms = self.terms(sources + (outer or []), depth)
        if choose.maybe(4):
            return self.grouped(sources, terms)
        columns = self.columns(sources, terms)
        query = sa.select(*columns)
        shape = choose.below(8)
        if shape == 1:
            query = query.select_from(*dict.fromkeys(source.element for source in sources))
        if shape in (2, 3):
            query = self.joined_query(query, sources)
        for _ in range(choose.below(3)):
            query = query.where(terms.condition(depth))
        if choose.maybe(6):
            query = query.distinct()
        return self.ordered(query, terms)

    def columns(self, sources: list[Source], terms: Terms) -> list[Any]:
        """A few columns, some under new names, some of one name."""
        choose = self.choose
        columns: list[Any] = []
        for _ in range(1 + choose.below(3)):
            shape = choose.below(4)
            if shape == 0:
                columns.append(terms.column(choose.of([NUMBER, WORD])))
            elif shape == 1:
                columns.append(terms.number(1).label(choose.of(["x", "y", "Z z"])))
            elif shape == 2:
                columns.append(terms.word(1).label(choose.of(["x", "w"])))
            else:
                columns.append(terms.any(2))
        return columns

    def joined_query(self, query: Any, sources: list[Source]) -> Any:
        """One more table, joined by the query itself."""
        extra = source_of(self.table(0).element.alias(next(self.names)))
        options = self.choose.of([{}, {"isouter": True}, {"full": True}])
        on = self.condition_of([sources[0], extra])
        if self.choose.maybe():
            return query.join_from(sources[0].element, extra.element, on, **options)
        return query.select_from(sources[0].element).join(extra.element, on, **options)

    def grouped(self, sources: list[Source], terms: Terms) -> Any:
        choose, sa = self.choose, self.sa
        by = [terms.column(choose.of([NUMBER, WORD])) for _ in range(1 + choose.below(2))]
        aggregate = terms.aggregate().label("g")
        query = sa.select(*by, aggregate).group_by(*by)
        if choose.maybe():
            query = query.where(terms.condition(1))
        if choose.maybe():
            query = query.having(terms.aggregate() > self.values.number())
        if choose.maybe():
            query = query.order_by(choose.of([by[0], aggregate.desc(), sa.desc("g"), aggregate]))
        return query

    def ordered(self, query: Any, terms: Terms) -> Any:
        choose = self.choose
        for _ in range(choose.below(3)):
            by = choose.of([terms.number, terms.word])(1)
            by = choose.of([by, by.desc(), by.asc().nulls_last(), by.desc().nulls_first()])
            query = query.order_by(by)
        limit = choose.below(8)
        if limit in (1, 3):
            query = query.limit(self.values.count())
        if limit in (2, 3):
            query = query.offset(self.values.count())
        return query

    # -- UNION and its kin

    def compound(self, depth: int) -> Any:
        choose = self.choose
        name = choose.of(["union_all", "union", "intersect", "except_"])
        parts = [self.part(depth) for _ in range(2 + choose.below(2))]
        if choose.maybe(4) and depth > 0:
            parts[-1] = self.compound(depth - 1)
        made = getattr(self.sa, name)(*parts)
        if choose.maybe():
            made = made.order_by(choose.of(["i", self.sa.desc("w"), made.selected_columns.i]))
        limit = choose.below(6)
        if limit in (1, 3):
            made = made.limit(self.values.count())
        if limit in (2, 3):
            made = made.offset(self.values.count())
        return made

    def part(self, depth: int) -> Any:
        """A SELECT of a number and a word."""
        source = self.source(min(depth - 1, 1))
        terms = self.terms([source], 0)
        query = self.sa.select(terms.number(1).label("i"), terms.word(1).label("w"))
        if self.choose.maybe():
            query = query.where(terms.condition(1))
        if self.choose.maybe(6):
            query = query.order_by(terms.number(0)).limit(self.values.count())
        return query
