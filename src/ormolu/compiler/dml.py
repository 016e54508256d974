"""Compiling INSERT, UPDATE and DELETE.

Which values stand in them is in ``write_values``; here are the statements around these, RETURNING,
and where the primary key of a new row is to be found.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from ormolu.compiler.binds import MARK
from ormolu.compiler.compiled import InsertKeys, Prefetch
from ormolu.compiler.froms import Level
from ormolu.compiler.sentinels import sentinels_of
from ormolu.compiler.write_values import ValuesCompiler, WriteFacts, target_columns
from ormolu.exc import ArgumentError, CompileError
from ormolu.sql.elements import BindParameter
from ormolu.sql.naming import name_columns

__all__ = ["DMLCompiler", "WriteFacts"]


class DMLCompiler(ValuesCompiler):
    """The writing half of the statement compiler.

    A dialect overrides what it writes differently: ``update_tables_text`` and ``update_from_text``
    (where an UPDATE names its tables), ``set_name_text``, ``delete_tables_text`` and
    ``delete_from_text``, ``write_hint_text``. ``written[-1]`` is the statement being written.
    """

    #: May an UPDATE set columns of several tables?
    updates_several_tables: ClassVar[bool] = False
    #: What ``with_dialect_options()`` takes for this dialect.
    write_options: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        #: the INSERT, UPDATE and DELETE statements being written, the innermost last
        self.written: list[Any] = []

    # -- what the three have in common

    def _start(self, node: Any, own: list[Any]) -> WriteFacts:
        """Push the level of a statement, and return its facts."""
        inside = bool(self.levels or self.written)
        # A @compiles function may have put another statement in the place of the outermost one.
        outermost = node is self.top or (not inside and type(self.top) in (type(None), type(node)))
        facts = self.dml if outermost else WriteFacts(outermost=False)
        self._gives_rows = False
        facts.table = node.table
        rare = node._rare
        if node._returning and rare.return_defaults:
            raise CompileError(
                "Can't compile statement that includes returning() and return_defaults() "
                "simultaneously: write one of them"
            )
        self._check_options(node)
        target_columns(node.table)
        self.written.append(node)
        self.levels.append(Level(own=own, visible=list(own)))
        for cte in rare.ctes:
            self.visit(cte)
        return facts

    def _check_options(self, node: Any) -> None:
        for dialect, name, _ in node._rare.options:
            if dialect == self.dialect.name and name not in self.write_options:
                raise ArgumentError(
                    f"Argument {dialect}_{name!s} is not accepted by dialect {dialect!r} on behalf "
                    f"of {type(node).__name__}; it takes {sorted(self.write_options) or 'none'}"
                )

    def _finish(
        self, text: str, node: Any, facts: WriteFacts, position: str, returning: str | None = None
    ) -> str:
        """Pop the level; return the text with what ends the statement."""
        if returning is None:  # its binds are numbered first
            returning = self._returning(node, facts)
        text += self.extensions_text(node, position) + returning
        self.levels.pop()
        self.written.pop()
        return text

    def _prefix_words(self, node: Any) -> list[str]:
        rare = node._rare
        pairs = zip(rare.prefixes, rare.prefix_dialects, strict=True)
        return [self.visit(each) for each, dialect in pairs if dialect in ("*", self.dialect.name)]

    def extensions_text(self, node: Any, position: str) -> str:
        """Return the syntax extensions at a place of a statement, each with a space before it.

        This is how ON CONFLICT and ON DUPLICATE KEY UPDATE (``post_values``, between VALUES and
        RETURNING) and a dialect's LIMIT of UPDATE and DELETE (``post_criteria``, between WHERE and
        RETURNING) are written: a dialect makes a node class of its own that is a
        ``SyntaxExtension`` and a ``ClauseElement`` (see ``ormolu.sql.extension``), its ``insert()``
        adds it with ``ext()``, and its compiler has the ``visit`` method.
        """
        return "".join([f" {self.visit(each)}" for each in node._extensions_at(position)])

    def written_table_text(self, node: Any) -> str:
        """Return the table that is written to, with the hints for it."""
        return self._hinted(node, node.table, self.table_text(node.table))

    def _hinted(self, node: Any, table: Any, text: str) -> str:
        rare = node._rare
        for (hint, dialect), hinted in zip(rare.hints, rare.hint_tables, strict=True):
            if hinted is table and dialect in ("*", self.dialect.name):
                text = self.write_hint_text(text, hint)
        return text

    def write_hint_text(self, text: str, hint: str) -> str:
        """Return the text of a table with a hint.

        Standard SQL has no hints, so they are left out; a dialect that has them overrides this.
        """
        return text

    # -- INSERT

    def visit_insert(self, node: Any) -> str:
        facts = self._start(node, [])
        words = ["INSERT", *self._prefix_words(node), "INTO", self.written_table_text(node)]
        returning = None
        if node.select is not None:
            returning = self._returning(node, facts)
            body = self._insert_select(node, facts)
        elif node._multi:
            body = self._insert_rows(node, facts)
        else:
            body = self._insert_row(node, facts)
        self._insert_keys(node, facts)
        return self._finish(f"{' '.join(words)} {body}", node, facts, "post_values", returning)

    def _insert_row(self, node: Any, facts: WriteFacts) -> str:
        values = dict(zip(node._keys, node._values, strict=True))
        pairs = self.row_pairs(node, facts, values, self.parameter_keys(node, facts), "")
        if not pairs:
            if self.features.default_values:
                return "DEFAULT VALUES"
            if not self.features.empty_insert:
                raise CompileError(
                    f"The {self.dialect.name!r} dialect does not support empty inserts: give "
                    f"{node.table.name!r} a value for at least one column"
                )
        names = ", ".join([self.quote(column.name) for column, _ in pairs])
        return f"({names}) VALUES ({', '.join([text for _, text in pairs])})"

    def _insert_rows(self, node: Any, facts: WriteFacts) -> str:
        if not self.features.multivalues_insert:
            raise CompileError(
                f"The {self.dialect.name!r} dialect with current database version settings does "
                "not support in-place multirow inserts: execute the statement with a list instead"
            )
        facts.multi_values = True
        rows = node._multi_values
        self.check_keys(node, rows[0])
        texts = []
        names: list[str] = []
        for number, row in enumerate(rows):
            if set(row) != set(rows[0]):
                missing = sorted(set(rows[0]) - set(row)) or sorted(set(row) - set(rows[0]))
                raise CompileError(
                    f"Can't mix single and multiple values: row {number} of values() for "
                    f"{node.table.name!r} differs in {missing}: give all rows the same columns"
                )
            pairs = self.row_pairs(node, facts, row, (), f"_m{number}")
            names = names or [self.quote(column.name) for column, _ in pairs]
            texts.append(f"({', '.join([text for _, text in pairs])})")
        return f"({', '.join(names)}) VALUES {', '.join(texts)}"

    def _insert_select(self, node: Any, facts: WriteFacts) -> str:
        self.check_keys(node, node._keys)
        by_key = {column.key: column for column in target_columns(node.table)}
        columns = [by_key[key] for key in node._keys]
        select = node.select
        if node.include_insert_from_select_defaults:
            for column in by_key.values():
                default = getattr(column, "default", None)
                if column.key in node._keys or default is None:
                    continue
                if not hasattr(select, "add_columns"):
                    raise CompileError(
                        f"The default of column {column.name!r} can't be added to what "
                        f"{node.table.name!r} is filled from: write select(it.subquery()), or "
                        "from_select(…, include_defaults=False)"
                    )
                columns.append(column)
                select = select.add_columns(self._selected_default(column, default))
        names = ", ".join([self.quote(column.name) for column in columns])
        self.levels.append(Level(own=[], visible=[]))
        text = self.statement_text(_ungrouped(select), in_from=False)
        self.levels.pop()
        return f"({names}) {self.inserted_select_text(text)}"

    def inserted_select_text(self, text: str) -> str:
        """Return the SELECT of an INSERT, after its WITH where that may not stand at the front."""
        return text

    def _selected_default(self, column: Any, default: Any) -> Any:
        if default.is_clause_element:
            return default.arg
        bind: BindParameter[Any] = BindParameter(column.key, type_=column.type, required=True)
        self._constants.append(bind)
        self.dml.prefetch.append(Prefetch(column, column.key, default))
        return bind

    def _insert_keys(self, node: Any, facts: WriteFacts) -> None:
        """Decide what an INSERT returns unasked, and where its primary key is to be found."""
        if not facts.outermost or node.select is not None or node._multi:
            facts.implicit_returning.clear()
            return
        table = node.table
        columns = [c for c in target_columns(table) if getattr(c, "primary_key", False)]
        automatic = getattr(table, "autoincrement_column", None)
        asks = self.features.insert_returning and not node._returning and not node._inline
        learned = {id(column) for column in facts.implicit_returning}
        default = getattr(automatic, "default", None)
        # The driver tells of a key that the column counts, not of one that a sequence does.
        drawn = id(automatic) in learned and getattr(default, "is_sequence", False)
        if not asks or (self.features.lastrowid and not drawn):
            learned.discard(id(automatic))
        elif automatic is not None and automatic.key not in facts.sources:
            learned.add(id(automatic))
        wanted = {id(column) for column in self._defaults_to_return(node, facts)}
        if wanted:
            wanted |= {id(c) for c in columns if c.key not in facts.sources}
        returned = [c for c in table.columns if id(c) in learned | wanted] if asks else []
        facts.implicit_returning[:] = returned
        if columns:
            counted = None if node._inline else automatic
            sources = [self._key_source(c, counted, returned, facts) for c in columns]
            facts.insert_keys = InsertKeys(tuple(sources))

    def _key_source(
        self, column: Any, automatic: Any, returned: list[Any], facts: WriteFacts
    ) -> tuple[str, Any]:
        """Return where one column of the primary key is to be found (see ``InsertKeys``)."""
        for place, each in enumerate(returned):
            if each is column:
                return ("returned", place)
        if column.key in facts.sources:
            return ("slot", facts.sources[column.key])
        return ("lastrowid" if column is automatic else "unknown", None)

    def _defaults_to_return(self, node: Any, facts: WriteFacts) -> list[Any]:
        """Return the columns that ``return_defaults()`` asks for."""
        rare = node._rare
        if not rare.return_defaults:
            return []
        chosen = {id(column) for column in rare.default_columns}
        extra = {id(column) for column in rare.supplemental}
        computed = {id(column) for column in facts.postfetch}
        found = []
        for column in node.table.columns:
            is_expression = id(column) in computed
            wanted = id(column) in chosen if chosen else self._is_generated(node, column)
            if not chosen and is_expression:
                wanted = True
            elif column.key in facts.written and not is_expression:
                wanted = False
            if wanted or id(column) in extra:
                found.append(column)
        return found

    def _is_generated(self, node: Any, column: Any) -> bool:
        """Say whether the database may generate a column's value in this statement."""
        if node.is_insert:
            return True
        if node.is_delete:
            return False
        sql = getattr(column, "onupdate", None)
        return (
            getattr(column, "server_onupdate", None) is not None
            or getattr(column, "computed", None) is not None
            or (sql is not None and sql.is_clause_element)
        )

    # -- UPDATE and DELETE

    def visit_update(self, node: Any) -> str:
        extra = list(node._extra_froms)
        facts = self._start(node, [node.table, *extra])
        words = ["UPDATE", *self._prefix_words(node), self.update_tables_text(node, extra)]
        elements = self._element_assignments(node) if node._others else []
        pairs = self.set_pairs(node, facts)
        assignments = elements + self._other_assignments(node, facts, extra)
        assignments += [f"{self.set_name_text(c, extra)}={text}" for c, text in pairs]
        text = f"{' '.join(words)} SET {', '.join(assignments)}"
        if extra:
            self.lint("UPDATE", [node.table, *extra], node._where)
            text += self.update_from_text(extra)
        text += self._where_text(node)
        if self.features.update_returning:
            facts.implicit_returning[:] = self._defaults_to_return(node, facts)
        return self._finish(text, node, facts, "post_criteria")

    def _other_assignments(self, node: Any, facts: WriteFacts, extra: list[Any]) -> list[str]:
        """Return the assignments to columns of other tables than the one updated."""
        others = [pair for pair in node._others if pair[0].__visit_name__ != "binary"]
        if others and not self.updates_several_tables:
            names = ", ".join(sorted({repr(column.table.name) for column, _ in others}))
            raise CompileError(
                "Backend does not support additional tables in the SET clause; cannot include "
                f"columns from table(s) {names} in SET clause: write one UPDATE per table"
            )
        texts = [
            f"{self.set_name_text(column, extra)}={self._other_value(column, value, facts)}"
            for column, value in others
        ]
        given = {column for column, _ in others}
        for table in dict.fromkeys(column.table for column, _ in others):
            texts += self._other_onupdates(table, given, extra)
        return texts

    def _other_onupdates(self, table: Any, given: Collection[Any], extra: list[Any]) -> list[str]:
        """Return the assignments that ``onupdate`` makes in another table than the one updated."""
        columns = [c for c in table.columns if getattr(c, "onupdate", None) is not None]
        return [
            f"{self.set_name_text(column, extra)}={self._other_onupdate(column)}"
            for column in columns
            if column not in given
        ]

    def _other_onupdate(self, column: Any) -> str:
        default = column.onupdate
        if default.is_clause_element:
            return self._expression_text(default.arg)
        key = f"{column.table.name}_{column.key}"
        self.dml.prefetch.append(Prefetch(column, key, default))
        return self.wrapped_parameter(key, column.type, self.parameter(key, column.type))

    def _element_assignments(self, node: Any) -> list[str]:
        """Return the assignments to elements of columns: ``array[2]=5``."""
        include, self.include_table = self.include_table, False
        targets = [
            (self.visit(target), value)
            for target, value in node._others
            if target.__visit_name__ == "binary"
        ]
        self.include_table = include
        return [f"{text}={self._expression_text(value)}" for text, value in targets]

    def _other_value(self, column: Any, value: Any, facts: WriteFacts) -> str:
        """Return a value for a column of another table, whose bind is named for both."""
        if isinstance(value, BindParameter) and value.unique and not self.literal_binds:
            slot = self._named_slot(f"{column.table.name}_{column.key}", value)
            return self.wrapped_bind(value, f"{MARK}{slot.name}{MARK}")
        return self.value_text(column, value, facts)

    def set_name_text(self, column: Any, extra: list[Any]) -> str:
        """Return how SET names a column; ``extra`` are the further tables of the statement."""
        return self.quote(column.name)

    def update_tables_text(self, node: Any, extra: list[Any]) -> str:
        """Return what stands between UPDATE and SET: the table, and ``extra`` where they may."""
        return self._hinted(node, node.table, self.from_text(node.table))

    def update_from_text(self, froms: list[Any]) -> str:
        """Return the FROM of an UPDATE that draws from several tables, with a space before it."""
        if not self.features.update_from:
            raise CompileError(f"{self.dialect.name} cannot UPDATE from several tables")
        return f" FROM {', '.join([self.from_text(element) for element in froms])}"

    def visit_delete(self, node: Any) -> str:
        extra = list(node._extra_froms)
        facts = self._start(node, [node.table, *extra])
        words = ["DELETE", *self._prefix_words(node), self.delete_tables_text(node, extra)]
        text = " ".join(words)
        if extra:
            self.lint("DELETE", [node.table, *extra], node._where)
            text += self.delete_from_text(extra)
        text += self._where_text(node)
        if self.features.delete_returning:
            facts.implicit_returning[:] = self._defaults_to_return(node, facts)
        return self._finish(text, node, facts, "post_criteria")

    def delete_tables_text(self, node: Any, extra: list[Any]) -> str:
        """Return FROM and the table of a DELETE."""
        return f"FROM {self._hinted(node, node.table, self.from_text(node.table))}"

    def delete_from_text(self, froms: list[Any]) -> str:
        """Return the further tables of a DELETE, with a space before them."""
        return f" , {', '.join([self.from_text(element) for element in froms])}"

    def _where_text(self, node: Any) -> str:
        where = self.conditions(node._where) if node._where else ""
        return f" WHERE {where}" if where else ""

    # -- RETURNING

    def _returning(self, node: Any, facts: WriteFacts) -> str:
        named = node.named_columns() or name_columns(facts.implicit_returning)
        if not named:
            return ""
        asked = len(named)
        if facts.tells_apart:
            facts.sentinels = sentinels_of(node, facts)
            if facts.sentinels is not None:
                seen = node._selected or facts.implicit_returning
                named = name_columns((*seen, *facts.sentinels.columns))
        level = self.levels[-1]
        level.gives_rows = facts.outermost
        level.in_columns = True
        text = ", ".join([self._returned_text(each, level) for each in named])
        if facts.outermost and node._returning:
            self.result = self.result_columns(named[:asked])
        return f" RETURNING {text}"

    def _returned_text(self, named: Any, level: Level) -> str:
        return self._named_text(named, level)


def _ungrouped(select: Any) -> Any:
    return select.element if select.__visit_name__ == "select_grouping" else select
