"""Compiling SELECT, its compounds, and what holds them: subqueries, EXISTS, scalar values.

Line breaks are SQLAlchemy's: ``SELECT a \\nFROM t \\nWHERE x GROUP BY y \\nHAVING z ORDER BY w\\n
LIMIT n``.

An inner statement sees its surroundings through the stack of :class:`Level`: what it may correlate
to, and whether it stands in FROM. A statement that is a value or a condition leaves out the FROM
elements of the statement right around it; one in FROM or in a CTE only those it names.
"""

from __future__ import annotations

from typing import Any

from ormolu.compiler.compiled import ResultColumn
from ormolu.compiler.ctes import CTECompiler
from ormolu.compiler.expressions import ungrouped
from ormolu.compiler.froms import Level
from ormolu.compiler.lowering import lower
from ormolu.exc import CompileError
from ormolu.sql.boolean import and_
from ormolu.sql.clauses import NOTHING_RARE
from ormolu.sql.froms import display_froms
from ormolu.sql.label_style import LABEL_STYLE_NONE
from ormolu.sql.node import AnonName
from ormolu.sql.operators import comma_op
from ormolu.sql.selectbase import ScalarSelect, SelectBase
from ormolu.types import NULLTYPE

__all__ = ["SelectCompiler"]


class SelectCompiler(CTECompiler):
    """The SELECT half of the statement compiler."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        #: the next SELECT gives the rows of the whole statement
        self._gives_rows = True

    # -- SELECT

    def statement_text(self, node: Any, *, in_from: bool, lateral: bool = False) -> str:
        if node.__visit_name__ == "select":
            return self.select_text(node, in_from=in_from, lateral=lateral)
        if node.__visit_name__ == "compound_select":
            return self.compound_text(node, in_from=in_from)
        include, self.include_table = self.include_table, True
        text = self.visit(node)
        self.include_table = include
        return text

    def visit_select(self, node: Any) -> str:
        return self.select_text(node, in_from=False)

    def select_text(self, node: Any, *, in_from: bool, lateral: bool = False) -> str:
        """Return a SELECT; ``in_from`` names all its columns and forbids implicit correlation."""
        node = lower(node, inner=True)
        include, self.include_table = self.include_table, True
        outermost = not self.levels
        level, froms = self._enter(node, in_from, lateral)
        renamed, self.renamed = self.renamed, self.renamed_beside(froms, level.visible)
        level.gives_rows, self._gives_rows = self._gives_rows, False
        rare = node._rare
        if rare.ctes:
            self.add_ctes(rare.ctes, rare.nested)
        text = f"SELECT {self._before_columns(node)}"
        columns = self._columns_clause(node, level)
        text = text + columns if columns else text.rstrip()
        if outermost:
            self.result = self.result_columns(node.named_columns())
        hints, self.from_hints = self.from_hints, self._hints(rare)
        text += self._from_clause(node, froms)
        self.from_hints = hints
        self.lint("SELECT", froms, node._where)
        text += self._tail(node)
        self.renamed = renamed
        self.levels.pop()
        self.include_table = include
        return text

    def _before_columns(self, node: Any) -> str:
        if node._rare is NOTHING_RARE:
            return ""
        text = self._extended(node, "post_select", after=" ")
        text += self.prefix_text(node) + self.distinct_text(node)
        return text + self._extended(node, "pre_columns", after=" ")

    def _extended(self, node: Any, position: str, before: str = "", after: str = "") -> str:
        """Return the syntax extensions at a place of a SELECT, text before and after them."""
        if not node._rare.extensions:
            return ""
        texts = [self.visit(each) for each in node._extensions_at(position)]
        return f"{before}{' '.join(texts)}{after}" if texts else ""

    def _hints(self, rare: Any) -> dict[int, str]:
        """Return the hints to FROM elements that are meant for this dialect."""
        hints = self.for_dialect(
            zip(rare.hint_tables, rare.hint_texts, strict=True), rare.hint_dialects
        )
        return {id(table): text % {"name": self._hinted_name(table)} for table, text in hints}

    def _hinted_name(self, table: Any) -> str:
        is_table = table.__visit_name__ == "table"
        return self.table_text(table) if is_table else self.quote(table.name)

    def _enter(self, node: Any, in_from: bool, lateral: bool) -> tuple[Level, list[Any]]:
        """Push the level of a SELECT and return it with its FROM elements."""
        if not self.levels:
            froms = display_froms(node)
            level = Level(own=list(froms), visible=list(froms), in_from=in_from)
        else:
            outer = self.levels[-1]
            if in_from and not lateral:
                own = {id(element) for element in outer.own}
                around = [element for element in outer.visible if id(element) not in own]
                froms = display_froms(node, around)
            else:
                froms = display_froms(node, outer.visible, outer.own)
            level = Level(own=list(froms), visible=[*froms, *outer.visible], in_from=in_from)
        self.levels.append(level)
        return level, froms

    def prefix_text(self, node: Any) -> str:
        """Return what ``prefix_with()`` puts after SELECT, with a space after each."""
        return self.before_text(node._rare)

    def suffix_text(self, node: Any) -> str:
        """Return what ``suffix_with()`` puts at the end, with a space before it and after each."""
        return self.after_text(node._rare)

    def statement_hint_text(self, node: Any) -> str:
        """Return what ``with_statement_hint()`` puts at the end, with a space before it."""
        mine = ("*", self.dialect.name)
        hints = [text for text, dialect in node._rare.hints if dialect in mine]
        return f" {' '.join(hints)}" if hints else ""

    def distinct_text(self, node: Any) -> str:
        """Return DISTINCT; DISTINCT ON is PostgreSQL's alone.

        :raises UnsupportedCompilationError: for an extension that only another dialect has.
        """
        for element in node._rare.distinct_on:
            if element.stringify_dialect != "default":
                self.visit(element)
        return "DISTINCT " if node._rare.distinct else ""

    def _columns_clause(self, node: Any, level: Level) -> str:
        level.in_columns = True
        texts = [self._named_text(named, level) for named in node.named_columns()]
        level.in_columns = False
        return ", ".join([text for text in texts if text])

    def _named_text(self, named: Any, level: Level) -> str:
        """Return one column with its name, where it needs one."""
        element = named.element
        kind = element.__visit_name__
        if kind == "tuple":
            raise CompileError(
                "Most backends don't support SELECTing from a tuple() object: select its columns"
            )
        if kind == "textclause":
            return self.visit(element)
        if _is_changed(element, "label") and not level.in_from:
            return f"{self.visit(element)} AS {self.quote(element.element.name)}"
        around = self.column_expression(element) if level.gives_rows else None
        # At the top a column has its own name, and SQLAlchemy leaves -x and NOT x without one.
        written = (
            (level.in_from and not _is_bare(element))
            or (named.label and not _is_changed(element, "column"))
            or around is not None
        )
        if kind == "as_boolean" and not self.features.native_boolean:
            written = True  # it is written as a comparison
        if not written and kind not in ("label", "column"):
            return self.visit(element)
        # numbered before what stands inside of the element
        name = self.column_name(named, generated=written)
        text = self.visit(element if around is None else around)
        if kind == "label":  # of several of one name ORDER BY means the last
            level.labels[name] = element
        elif kind == "column" and element.table is not None:
            level.columns.setdefault(self.name_text(named.name), element)
        elif not isinstance(named.exported, AnonName):
            level.columns[named.exported] = element
            level.labels.pop(named.exported, None)
        return f"{text} AS {self.preparer.quote(name)}" if written else text

    def column_name(self, named: Any, *, generated: bool) -> str:
        """Return a selected column's name; one that nobody gave it may be shortened."""
        name: str = named.name
        if isinstance(name, AnonName) or (generated and named.element.__visit_name__ != "label"):
            return self.label_name(name)
        return name

    def result_columns(self, named_columns: Any) -> tuple[ResultColumn, ...]:
        """Return the columns that rows of the statement have."""
        columns = []
        for named in named_columns:
            element = named.element
            if _is_changed(element, "column", "label"):  # it has the name of what is inside
                name = self.name_text(element.element.name)
            else:
                name = self.column_name(named, generated=named.label)
            keys = _result_keys(named, name)
            columns.append(ResultColumn(name, keys, getattr(element, "type", NULLTYPE), element))
        return tuple(columns)

    def _from_clause(self, node: Any, froms: list[Any]) -> str:
        written = [given for given in node._from_obj if given.__visit_name__ == "textclause"]
        if not froms and not written:
            return self.default_from(node)
        text = ", ".join(self.from_text(element) for element in (*written, *froms))
        return f" \nFROM {text}"

    def default_from(self, node: Any) -> str:
        """Return the FROM of a SELECT from no table, with a space before it."""
        return ""

    def _tail(self, node: Any) -> str:
        """Return what follows FROM."""
        text = ""
        if node._where:
            where = self.conditions(node._where)
            if where:
                text += f" \nWHERE {where}"
        text += self.group_by_text(node)
        if node._rare.having:
            having = self.conditions(node._rare.having)
            if having:
                text += f" \nHAVING {having}"
        text += self._extended(node, "post_criteria", before=" \n")
        text += self.order_by_text(node)
        text += self.limit_text(node)
        text += self.for_update_text(node)
        if node._rare is not NOTHING_RARE:
            text += self._extended(node, "post_body", before=" ")
            text += self.statement_hint_text(node) + self.suffix_text(node)
        return text

    def conditions(self, criteria: Any) -> str:
        """Return criteria joined by AND."""
        if len(criteria) == 1:
            return self.condition_text(criteria[0].self_group(comma_op))
        return self.condition_text(and_(*criteria))

    def group_by_text(self, node: Any) -> str:
        """Return GROUP BY with a space before it."""
        text = self.by_clause(node._group_by) if node._group_by else ""
        return f" GROUP BY {text}" if text else ""

    def order_by_text(self, node: Any) -> str:
        """Return ORDER BY with a space before it."""
        text = self.by_clause(node._order_by, ordering=True) if node._order_by else ""
        return f" ORDER BY {text}" if text else ""

    def by_clause(self, elements: Any, *, ordering: bool = False) -> str:
        """Return the elements of ORDER BY or GROUP BY, a label by its name."""
        return ", ".join(text for e in elements if (text := self._by_text(e, ordering)))

    def _by_text(self, element: Any, ordering: bool) -> str:
        kind = element.__visit_name__
        if kind == "order_by_list":
            return self.by_clause(element.clauses, ordering=ordering)
        if kind == "unary" and element.modifier is not None:
            return self._by_text(element.element, ordering) + self._suffix(element.modifier)
        if kind == "label" and ordering and self.features.order_by_label:
            name = element.name
            if isinstance(name, AnonName):
                name = self.label_name(name)
            known = self.levels[-1].labels.get(name)
            if known is not None and (known is element or element.shares_lineage(known)):
                return self.preparer.quote(name)
        return self.visit(element)

    def visit_label_reference(self, node: Any) -> str:
        """A string in ORDER BY or GROUP BY: the label or column of that name.

        :raises CompileError: when the statement has none.
        """
        name = node.element
        level = self.levels[-1] if self.levels else None
        if level is not None and name in level.labels:
            return self.preparer.quote(name)
        found = None if level is None else _column_named(name, level)
        if found is not None:
            return self.visit(found)
        raise CompileError(
            "Can't resolve label reference for ORDER BY / GROUP BY / DISTINCT etc. Textual SQL "
            f"expression {name!r} should be explicitly declared as text({name!r})"
        )

    def limit_text(self, node: Any) -> str:
        """Return LIMIT and OFFSET, or FETCH."""
        if node._rare.fetch is not None:
            return self.fetch_text(node)
        text = ""
        limit, offset = node._limit, node._offset
        if limit is not None:
            text += f"\n LIMIT {self.visit(limit)}"
        if offset is not None:
            if limit is None and self.features.unlimited is not None:
                text += f"\n LIMIT {self.features.unlimited}"
            text += f" OFFSET {self.visit(offset)}"
        return text

    def fetch_text(self, node: Any) -> str:
        """Return OFFSET and FETCH FIRST, of a statement that has ``fetch()``."""
        rare = node._rare
        text = ""
        if node._offset is not None:
            text = f"\n OFFSET {self.visit(node._offset)} ROWS"
        percent = " PERCENT" if rare.fetch_percent else ""
        ties = "WITH TIES" if rare.fetch_ties else "ONLY"
        return f"{text}\n FETCH FIRST {self.visit(rare.fetch)}{percent} ROWS {ties}"

    def for_update_text(self, node: Any) -> str:
        """Return FOR UPDATE with a space before it; its options are the dialects' own."""
        if node._rare.for_update is None or not self.features.for_update:
            return ""
        return " FOR UPDATE"

    # -- UNION and its kind

    def visit_compound_select(self, node: Any) -> str:
        return self.compound_text(node, in_from=False)

    def compound_text(self, node: Any, *, in_from: bool) -> str:
        """Return UNION, INTERSECT or EXCEPT of statements."""
        outermost = not self.levels
        outer = self.levels[-1] if self.levels else None
        own = list(outer.own) if outer else []
        level = Level(own=own, visible=list(outer.visible) if outer else [], in_from=in_from)
        level.gives_rows, self._gives_rows = self._gives_rows, False
        self.levels.append(level)
        rare = node._rare
        if rare.ctes:
            self.add_ctes(rare.ctes, rare.nested)
        _check_widths(node)
        parts = [self._compound_part(part, level) for part in node.selects]
        text = f" {self.compound_keyword(node)} ".join(parts)
        if outermost:
            self.result = self.result_columns(node.named_columns())
        # The rows are those of no table: a column here is one of the result's, by its name.
        include, self.include_table = self.include_table, False
        for named in node.named_columns():
            name = self.column_name(named, generated=True)
            level.labels.setdefault(name, named.element)
        text += self.group_by_text(node)
        text += self.order_by_text(node) + self.limit_text(node)
        self.include_table = include
        self.levels.pop()
        return text

    def compound_keyword(self, node: Any) -> str:
        """Return UNION, INTERSECT ALL or the like."""
        return str(node.keyword)

    def _compound_part(self, part: Any, level: Level) -> str:
        in_from, self._gives_rows = level.in_from, level.gives_rows
        if part.__visit_name__ == "select_grouping":
            return f"({self.statement_text(part.element, in_from=in_from)})"
        return self.statement_text(part, in_from=in_from)

    # -- statements as values

    def visit_select_grouping(self, node: Any) -> str:
        return f"({self.nested_text(ungrouped(node), in_from=False)})"

    def visit_scalar_select(self, node: Any) -> str:
        return f"({self.nested_text(ungrouped(node.element), in_from=False)})"

    def visit_exists(self, node: Any) -> str:
        inner = node.element
        if isinstance(inner.element, SelectBase):  # nobody refers to its columns
            inner = ScalarSelect(inner.element.set_label_style(LABEL_STYLE_NONE))
        return f"EXISTS {self.visit(inner)}"

    # -- text

    def visit_textual_select(self, node: Any) -> str:
        """Hand-written SQL whose columns are known."""
        if not self.levels:
            self.result = self.result_columns(node.named_columns())
        return self.visit(node.element)


def _result_keys(named: Any, name: str) -> tuple[Any, ...]:
    """Return what a row may be asked by: the element, those it stands for, and its names."""
    element = named.element
    keys = [element, *getattr(element, "_proxies", ())]
    names = dict.fromkeys(key for key in (named.key, name) if isinstance(key, str))
    return (*keys, *names)


def _check_widths(node: Any) -> None:
    """Refuse a compound of statements that don't give as many columns."""
    first, *others = [len(part._selected) for part in node.selects]
    for number, width in enumerate(others, 2):
        if width != first:
            raise CompileError(
                "All selectables passed to CompoundSelect must have identical numbers of columns; "
                f"select #1 has {first} columns, select #{number} has {width}"
            )


def _column_named(name: str, level: Level) -> Any:
    """Return the selected column of a name, or the one of a FROM element."""
    found = level.columns.get(name)
    for element in level.own:
        if found is not None:
            break
        found = element.columns.get(name)
    return found


def _is_bare(element: Any) -> bool:
    """Whether it is a column of no table, which has its own name wherever it stands."""
    if element.__visit_name__ != "column" or element.table is not None:
        return False
    return not element.is_literal or element.name.isidentifier()


def _is_changed(element: Any, *kinds: str) -> bool:
    """Whether it is ``-column``, which SQLAlchemy leaves without a name, or ``-label``.

    ``NOT column`` has the name of its column, if any: see `ormolu.sql.naming`.
    """
    return element.__visit_name__ == "unary" and element.element.__visit_name__ in kinds
