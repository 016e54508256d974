"""Compiling INSERT, UPDATE and DELETE.

Where the value of a column comes from, in this order: the statement's ``values()``, the execution
parameters (``column_keys``), the column's Python-side default, the database. What the compiler
cannot put into the text it records in :class:`WriteFacts`, for the engine to act on: which
defaults to
compute for each row before execution, which columns the database fills in, and where the primary
key of a new row is to be found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ormolu.compiler.binds import MARK, BindSlot, escape_name
from ormolu.compiler.compiled import InsertKeys, Prefetch
from ormolu.compiler.froms import Level
from ormolu.compiler.selects import SelectCompiler
from ormolu.exc import CompileError
from ormolu.sql.elements import BindParameter
from ormolu.sql.naming import name_columns

if TYPE_CHECKING:
    from ormolu.schema import Column

__all__ = ["DMLCompiler", "WriteFacts"]

#: Expressions that stand in parentheses as the value of a column.
_GROUPED = frozenset({"binary", "boolean_list", "select"})


class WriteFacts:
    """What the engine must know of a compiled INSERT, UPDATE or DELETE besides its text."""

    __slots__ = (
        "implicit_returning",
        "insert_keys",
        "multi_values",
        "postfetch",
        "prefetch",
        "sources",
        "table",
    )

    def __init__(self) -> None:
        self.table: Any = None
        self.prefetch: list[Prefetch] = []
        self.postfetch: list[Column[Any]] = []
        self.implicit_returning: list[Column[Any]] = []
        self.insert_keys: InsertKeys | None = None
        self.multi_values = False
        #: column key -> the slot of its value, where the value is a bind or a parameter
        self.sources: dict[str, BindSlot] = {}


class DMLCompiler(SelectCompiler):
    """The writing half of the statement compiler. ``column_keys`` as of ``compile_statement``."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.column_keys: tuple[str, ...] | None = None
        self.dml = WriteFacts()

    # -- INSERT

    def visit_insert(self, node: Any) -> str:
        facts, outermost = self._start(node)
        self.levels.append(Level(own=[], visible=[]))
        words = ["INSERT", *map(self.visit, node._prefixes), "INTO", self.table_text(node.table)]
        if node.select is not None:
            body = self._insert_select(node, facts)
        elif node._multi:
            body = self._insert_rows(node, facts)
        else:
            body = self._insert_row(node, facts)
        if outermost:
            facts.insert_keys = self._insert_keys(node, facts)
        text = f"{' '.join(words)} {body}" + self._returning(node, facts, outermost)
        self.levels.pop()
        return text

    def _start(self, node: Any) -> tuple[WriteFacts, bool]:
        """Return the facts of this statement, and whether it is the outermost one."""
        outermost = not self.levels
        facts = self.dml if outermost else WriteFacts()
        self._gives_rows = False
        facts.table = node.table
        for cte in node._ctes:
            self.visit(cte)
        return facts, outermost

    def _insert_row(self, node: Any, facts: WriteFacts) -> str:
        values = dict(zip(node._keys, node._values, strict=True))
        wanted = self._parameter_keys(node, values, printing=not values)
        pairs = self._row_pairs(node, facts, values, wanted, "")
        if not pairs:
            if self.features.default_values:
                return "DEFAULT VALUES"
            if not self.features.empty_insert:
                raise CompileError(
                    f"The {self.dialect.name!r} dialect does not support empty inserts: give "
                    f"{node.table.name!r} a value for at least one column"
                )
        names = ", ".join(self.quote(column.name) for column, _ in pairs)
        return f"({names}) VALUES ({', '.join(text for _, text in pairs)})"

    def _insert_rows(self, node: Any, facts: WriteFacts) -> str:
        if not self.features.multivalues_insert:
            raise CompileError(
                f"The {self.dialect.name!r} dialect with current database version settings does "
                "not support in-place multirow inserts: execute the statement with a list instead"
            )
        facts.multi_values = True
        rows = node._multi_values
        self._check_keys(node, rows[0])
        texts = []
        names: list[str] = []
        for number, row in enumerate(rows):
            if set(row) != set(rows[0]):
                missing = sorted(set(rows[0]) - set(row)) or sorted(set(row) - set(rows[0]))
                raise CompileError(
                    f"Can't mix single and multiple values: row {number} of values() for "
                    f"{node.table.name!r} differs in {missing}: give all rows the same columns"
                )
            pairs = self._row_pairs(node, facts, row, (), f"_m{number}")
            names = names or [self.quote(column.name) for column, _ in pairs]
            texts.append(f"({', '.join(text for _, text in pairs)})")
        return f"({', '.join(names)}) VALUES {', '.join(texts)}"

    def _insert_select(self, node: Any, facts: WriteFacts) -> str:
        columns = [self._column(node, key) for key in node._keys]
        select = node.select
        if node.include_insert_from_select_defaults:
            for column in _columns(node.table):
                default = getattr(column, "default", None)
                if column.key in node._keys or default is None:
                    continue
                columns.append(column)
                select = select.add_columns(self._selected_default(column, default, facts))
        names = ", ".join(self.quote(column.name) for column in columns)
        self.levels.append(Level(own=[], visible=[]))
        text = self.statement_text(_ungrouped(select), in_from=False)
        self.levels.pop()
        return f"({names}) {text}"

    def _selected_default(self, column: Any, default: Any, facts: WriteFacts) -> Any:
        if default.is_clause_element:
            return default.arg
        bind: BindParameter[Any] = BindParameter(column.key, type_=column.type, required=True)
        self._constants.append(bind)
        facts.prefetch.append(Prefetch(column, column.key, default))
        return bind

    def _parameter_keys(
        self, node: Any, values: Mapping[str, Any], *, printing: bool
    ) -> tuple[str, ...]:
        """Return the keys of columns that take an execution parameter."""
        self._check_keys(node, values)
        if self.column_keys is None:
            return tuple(column.key for column in _columns(node.table)) if printing else ()
        keys = tuple(key for key in self.column_keys if key not in values)
        self._check_keys(node, keys, parameters=True)
        return keys

    def _check_keys(self, node: Any, keys: Iterable[str], *, parameters: bool = False) -> None:
        """Refuse keys that are no columns; parameters may also be named binds of the statement."""
        known = {column.key for column in _columns(node.table)}
        if parameters:
            known |= {bind.key for bind in self.node_binds if not bind.unique}
        unknown = [key for key in keys if key not in known]
        if unknown:
            raise CompileError(
                f"Unconsumed column names: {', '.join(map(str, unknown))}: "
                f"table {node.table.name!r} has {', '.join(sorted(map(str, known)))}"
            )

    def _row_pairs(
        self,
        node: Any,
        facts: WriteFacts,
        values: Mapping[str, Any],
        wanted: Iterable[str],
        suffix: str,
    ) -> list[tuple[Any, str]]:
        """Return (column, text of its value) for one row of an INSERT."""
        parameters = set(wanted)
        pairs = []
        for column in _columns(node.table):
            if column.key in values:
                text = self._value_text(column, values[column.key], facts, suffix)
            elif column.key in parameters:
                text = self._parameter_text(column, column.key, facts)
            else:
                default = self._default_text(column, facts, suffix)
                if default is None:
                    continue
                text = default
            pairs.append((column, text))
        return pairs

    def _value_text(self, column: Any, value: Any, facts: WriteFacts, suffix: str) -> str:
        """Return the text of a value given in the statement."""
        if isinstance(value, BindParameter) and value.unique and value.key == column.key:
            if self.literal_binds:
                return self.visit(value)
            slot = self._named_slot(column.key + suffix, value)
            facts.sources.setdefault(column.key, slot)
            return self.wrapped_bind(value, f"{MARK}{slot.name}{MARK}")
        text = self.visit(value)
        if isinstance(value, BindParameter) and not self.literal_binds:
            facts.sources.setdefault(column.key, self.slots[self._bind_names[id(value)]])
        elif getattr(column, "primary_key", False):
            self._learn(column, facts)
        return f"({text})" if value.__visit_name__ in _GROUPED else text

    def _named_slot(self, key: str, node: BindParameter[Any]) -> BindSlot:
        """Return the slot of a value that the statement holds, named for its column."""
        name = escape_name(key)
        if name in self.slots:
            raise CompileError(
                f"bindparam() name {key!r} is reserved for the value of the column of that name: "
                f"give the bindparam() another name (for example, 'b_{key}')"
            )
        slot = self._slot(name, node, False)
        slot.key = key
        self.slots[name] = slot
        self._bind_names[id(node)] = name
        return slot

    def _parameter_text(self, column: Any, key: str, facts: WriteFacts) -> str:
        text = self.parameter(key, column.type)
        facts.sources.setdefault(column.key, self.slots[text.strip(MARK)])
        return self.wrapped_parameter(key, column.type, text)

    def _default_text(self, column: Any, facts: WriteFacts, suffix: str) -> str | None:
        """Return the text of a column's default, None if the database is to fill it in."""
        default = getattr(column, "default", None)
        if default is not None and not getattr(default, "is_sequence", False):
            if default.is_clause_element:
                self._learn(column, facts)
                return self._expression_text(default.arg)
            key = column.key if suffix in ("", "_m0") else column.key + suffix
            facts.prefetch.append(Prefetch(column, key, default))
            return self._parameter_text(column, key, facts)
        if getattr(column, "server_default", None) is not None:
            self._learn(column, facts)
        return None

    def _expression_text(self, node: Any) -> str:
        """Return a default written in SQL; a statement as a scalar."""
        text = self.visit(node)
        return f"({text})" if node.__visit_name__ in _GROUPED else text

    def _learn(self, column: Any, facts: WriteFacts) -> None:
        """Note a column whose value only the database knows."""
        wanted = facts.implicit_returning if column.primary_key else facts.postfetch
        if not any(known is column for known in wanted):
            wanted.append(column)

    def _insert_keys(self, node: Any, facts: WriteFacts) -> InsertKeys | None:
        """Return where the primary key of the new row is to be found."""
        columns = [c for c in _columns(node.table) if getattr(c, "primary_key", False)]
        if not columns or node.select is not None or node._multi:
            facts.implicit_returning.clear()
            return None
        automatic = getattr(node.table, "autoincrement_column", None)
        if node._returning or not self.features.insert_returning:
            facts.implicit_returning.clear()
        returned = list(facts.implicit_returning)
        sources: list[tuple[str, Any]] = []
        for column in columns:
            place = next((i for i, each in enumerate(returned) if each is column), None)
            if place is not None:
                sources.append(("returned", place))
            elif column.key in facts.sources:
                sources.append(("slot", facts.sources[column.key]))
            elif column is automatic:
                sources.append(self._automatic(column, facts))
            else:
                sources.append(("unknown", None))
        return InsertKeys(tuple(sources))

    def _automatic(self, column: Any, facts: WriteFacts) -> tuple[str, Any]:
        """Return the source of a generated key: the driver's lastrowid, or RETURNING."""
        if self.features.lastrowid or not self.features.insert_returning:
            return ("lastrowid", None)
        facts.implicit_returning.append(column)
        return ("returned", len(facts.implicit_returning) - 1)

    # -- UPDATE and DELETE

    def visit_update(self, node: Any) -> str:
        facts, outermost = self._start(node)
        extra = self._enter_write(node)
        values = dict(zip(node._keys, node._values, strict=True))
        wanted = self._parameter_keys(node, values, printing=not values)
        pairs = self._set_pairs(node, facts, values, wanted)
        assignments = ", ".join(f"{self.quote(column.name)}={text}" for column, text in pairs)
        words = ["UPDATE", *map(self.visit, node._prefixes), self.table_text(node.table)]
        text = f"{' '.join(words)} SET {assignments}"
        if extra:
            text += self.update_from_text(extra)
        text += self._where_text(node) + self._returning(node, facts, outermost)
        self.levels.pop()
        return text

    def _set_pairs(
        self, node: Any, facts: WriteFacts, values: Mapping[str, Any], wanted: tuple[str, ...]
    ) -> list[tuple[Any, str]]:
        columns = _columns(node.table)
        if node._ordered:
            columns = sorted(columns, key=lambda c: (*node._keys, c.key).index(c.key))
        pairs = []
        for column in columns:
            if column.key in values:
                text = self._value_text(column, values[column.key], facts, "")
            elif column.key in wanted:
                text = self._parameter_text(column, column.key, facts)
            else:
                found = self._onupdate_text(column, facts)
                if found is None:
                    continue
                text = found
            pairs.append((column, text))
        return pairs

    def _onupdate_text(self, column: Any, facts: WriteFacts) -> str | None:
        default = getattr(column, "onupdate", None)
        if default is None:
            if getattr(column, "server_onupdate", None) is not None:
                facts.postfetch.append(column)
            return None
        if default.is_clause_element:
            facts.postfetch.append(column)
            return self._expression_text(default.arg)
        facts.prefetch.append(Prefetch(column, column.key, default))
        return self._parameter_text(column, column.key, facts)

    def update_from_text(self, froms: list[Any]) -> str:
        """Return the FROM of an UPDATE that draws from several tables."""
        if not self.features.update_from:
            raise CompileError(f"{self.dialect.name} cannot UPDATE from several tables")
        return f" FROM {', '.join(self.from_text(element) for element in froms)}"

    def visit_delete(self, node: Any) -> str:
        facts, outermost = self._start(node)
        extra = self._enter_write(node)
        words = ["DELETE", *map(self.visit, node._prefixes), "FROM", self.table_text(node.table)]
        text = " ".join(words)
        if extra:
            text += self.delete_from_text(extra)
        text += self._where_text(node) + self._returning(node, facts, outermost)
        self.levels.pop()
        return text

    def delete_from_text(self, froms: list[Any]) -> str:
        """Return the further tables of a DELETE."""
        return f" , {', '.join(self.from_text(element) for element in froms)}"

    def _enter_write(self, node: Any) -> list[Any]:
        """Push the level of an UPDATE or DELETE; return its FROM elements besides the table."""
        extra = list(node._extra_froms)
        own = [node.table, *extra]
        self.levels.append(Level(own=own, visible=list(own)))
        return extra

    def _where_text(self, node: Any) -> str:
        where = self.conditions(node._where) if node._where else ""
        return f" WHERE {where}" if where else ""

    # -- RETURNING

    def _returning(self, node: Any, facts: WriteFacts, outermost: bool) -> str:
        selected = node._selected
        implicit = not selected
        if implicit:
            selected = facts.implicit_returning
        if not selected:
            return ""
        named = name_columns(selected)
        level = self.levels[-1]
        level.in_from = not outermost
        level.gives_rows = outermost
        text = ", ".join(self._returned_text(each, level) for each in named)
        if outermost and not implicit:
            self.result = self.result_columns(named)
        return f" RETURNING {text}"

    def _returned_text(self, named: Any, level: Level) -> str:
        return self._named_text(named, level)

    def _column(self, node: Any, key: str) -> Any:
        self._check_keys(node, (key,))
        return next(column for column in _columns(node.table) if column.key == key)


def _columns(table: Any) -> list[Any]:
    """Return the columns of a table that can be written."""
    return [c for c in table.columns if getattr(c, "computed", None) is None]


def _ungrouped(select: Any) -> Any:
    return select.element if select.__visit_name__ == "select_grouping" else select
