"""The values of INSERT and UPDATE: where each column's comes from.

In this order: the statement's ``values()``, the execution parameters (``column_keys``), the
column's default, the database. What the compiler cannot put into the text it records in
:class:`WriteFacts`, for the engine to act on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ormolu.compiler.binds import MARK, BindSlot
from ormolu.compiler.compiled import InsertKeys, Prefetch
from ormolu.compiler.selects import SelectCompiler
from ormolu.compiler.sentinels import Sentinels
from ormolu.exc import CompileError
from ormolu.sql.elements import BindParameter

if TYPE_CHECKING:
    from ormolu.schema import Column

__all__ = ["ValuesCompiler", "WriteFacts", "target_columns"]

#: Expressions that stand in parentheses as the value of a column.
_GROUPED = frozenset({"binary", "boolean_list", "exists", "select", "unary"})


#: Says of a column that statements which don't name it leave it out (``insert_sentinel()``).
_OMITTED = "_omit_from_statements"


class WriteFacts:
    """What the engine must know of a compiled INSERT, UPDATE or DELETE besides its text.

    ``sources`` has, for a column key, the slot of its value where that is a bind or a parameter;
    ``written`` the keys of all columns with a value in the text. ``tells_apart`` says that the rows
    of many sets are to be told apart, and ``sentinels`` by what.
    """

    __slots__ = (
        "implicit_returning",
        "insert_keys",
        "multi_values",
        "outermost",
        "postfetch",
        "prefetch",
        "sentinels",
        "sources",
        "table",
        "tells_apart",
        "written",
    )

    def __init__(self, table: Any = None, *, outermost: bool = True) -> None:
        self.table: Any = table
        self.outermost = outermost
        self.prefetch: list[Prefetch] = []
        self.postfetch: list[Column[Any]] = []
        self.implicit_returning: list[Column[Any]] = []
        self.insert_keys: InsertKeys | None = None
        self.multi_values = False
        self.tells_apart = False
        self.sentinels: Sentinels | None = None
        self.sources: dict[str, BindSlot] = {}
        self.written: set[str] = set()


class Row:
    """One row of values being written, and the texts of those written so far."""

    __slots__ = ("facts", "inserts", "parameters", "suffix", "texts", "values")

    def __init__(
        self,
        values: Mapping[str, Any],
        parameters: frozenset[str],
        facts: WriteFacts,
        suffix: str,
        *,
        inserts: bool = True,
    ) -> None:
        self.values = values
        self.parameters = parameters
        self.facts = facts
        self.suffix = suffix
        self.inserts = inserts
        self.texts: dict[str, str] = {}


class ValuesCompiler(SelectCompiler):
    """Writes the values of columns. ``column_keys`` as of ``compile_statement``.

    ``top`` is the statement that is compiled; what is met below it is part of it.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.column_keys: tuple[str, ...] | None = None
        self.top: Any = None
        self.dml = WriteFacts()
        self._rows: list[Row] = []

    def parameter_keys(self, node: Any, facts: WriteFacts) -> tuple[str, ...]:
        """Return the keys of columns that take an execution parameter.

        :raises CompileError: for a key, here or in ``values()``, that is no column's.
        """
        values = node._keys
        self.check_keys(node, values)
        if not facts.outermost or self.column_keys is None:
            printing = not node._valued
            columns = target_columns(node.table) if printing else ()
            return tuple([c.key for c in columns if not getattr(c, _OMITTED, False)])
        keys = tuple([key for key in self.column_keys if key not in values])
        self.check_keys(node, keys, parameters=True)
        return keys

    def check_keys(self, node: Any, keys: Iterable[str], *, parameters: bool = False) -> None:
        """Refuse keys that are no columns; parameters may also be named binds of the statement."""
        known = {column.key for column in target_columns(node.table)}
        if parameters:
            known |= {bind.key for bind in self.node_binds if not bind.unique}
        unknown = [key for key in keys if key not in known]
        if unknown:
            raise CompileError(
                f"Unconsumed column names: {', '.join(map(str, unknown))}: "
                f"table {node.table.name!r} has {', '.join(sorted(map(str, known)))}"
            )

    def row_pairs(
        self,
        node: Any,
        facts: WriteFacts,
        values: Mapping[str, Any],
        wanted: Iterable[str],
        suffix: str,
    ) -> list[tuple[Any, str]]:
        """Return (column, text of its value) for one row of an INSERT."""
        self._rows.append(Row(values, frozenset(wanted), facts, suffix))
        pairs = []
        for column in target_columns(node.table):
            given = self._given_text(column)
            if given is not None:
                text = given
            else:
                default = self._default_text(column, facts, suffix)
                if default is None:
                    continue
                text = default
            pairs.append((column, text))
        self._rows.pop()
        self._learn_generated(node.table, facts)
        return pairs

    def _given_text(self, column: Any) -> str | None:
        """Return the text of the value that the statement or the parameters give a column."""
        row = self._rows[-1]
        text = row.texts.get(column.key)
        if text is None and column.key in row.values:
            text = self.value_text(column, row.values[column.key], row.facts, row.suffix)
        elif text is None and column.key in row.parameters:
            text = self._parameter_text(column, column.key, row.facts)
        if text is not None:
            row.texts[column.key] = text
            row.facts.written.add(column.key)
        return text

    def visit_dmltargetcopy(self, node: Any) -> str:
        """What the statement gives another column."""
        column = node.column
        if not self._rows:
            raise CompileError(
                "DML target objects may only be used with compiled INSERT or UPDATE statements"
            )
        text = self._given_text(column)
        if text is not None:
            return text
        if self._rows[-1].inserts:
            raise CompileError(
                f"Can't resolve referenced column name in INSERT statement: {column.key!r}: give "
                "it a value"
            )
        return self.visit(column)

    def set_pairs(self, node: Any, facts: WriteFacts) -> list[tuple[Any, str]]:
        """Return (column, text of its value) for the SET of an UPDATE."""
        values = dict(zip(node._keys, node._values, strict=True))
        wanted = self.parameter_keys(node, facts)
        columns = target_columns(node.table)
        if node._ordered:
            columns = sorted(columns, key=lambda c: (*node._keys, c.key).index(c.key))
        self._rows.append(Row(values, frozenset(wanted), facts, "", inserts=False))
        pairs = []
        for column in columns:
            given = self._given_text(column)
            if given is not None:
                text = given
            else:
                found = self._onupdate_text(column, facts)
                if found is None:
                    continue
                text = found
            pairs.append((column, text))
        self._rows.pop()
        self._learn_generated(node.table, facts)
        return pairs

    def value_text(self, column: Any, value: Any, facts: WriteFacts, suffix: str = "") -> str:
        """Return the text of a value given in the statement."""
        if isinstance(value, BindParameter) and self.literal_binds:
            facts.sources.setdefault(column.key, self._slot(column.key, value, False))
            return self.visit(value)
        if (
            isinstance(value, BindParameter)
            and value.unique
            and (value.key == column.key or suffix in ("", "_m0"))
        ):
            name = f"{column.key}{suffix}" if facts.outermost else self.new_name("param")
            slot = self._named_slot(name, value)
            facts.sources.setdefault(column.key, slot)
            return self.wrapped_bind(value, f"{MARK}{slot.name}{MARK}")
        text = self.visit(value)
        if isinstance(value, BindParameter):
            facts.sources.setdefault(column.key, self.slots[self._bind_names[id(value)]])
        else:
            self.learn(column, facts)
        return f"({text})" if value.__visit_name__ in _GROUPED else text

    def _named_slot(self, key: str, node: BindParameter[Any]) -> BindSlot:
        """Return the slot of a value that the statement holds, named for its column."""
        name = self.bind_name(key)
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
        if getattr(default, "is_sentinel", False) and not facts.tells_apart:
            return None
        if default is not None and not getattr(default, "is_sequence", False):
            if default.is_clause_element and not self._is_asked_for(column, facts, suffix):
                self.learn(column, facts)
                return self._expression_text(default.arg)
            key = column.key if suffix in ("", "_m0") else column.key + suffix
            return self._prefetched(column, key, default, facts)
        if default is not None:
            text = self.sequence_default_text(default)
            if text is not None:
                self.learn(column, facts)
                return text
        if getattr(column, "server_default", None) is not None:
            self.learn(column, facts)
        return None

    def _is_asked_for(self, column: Any, facts: WriteFacts, suffix: str) -> bool:
        """Whether the engine asks for the value of an expression before the INSERT.

        Where no RETURNING tells what an expression made of a key, nothing else would.
        """
        if self.features.insert_returning or suffix or not facts.outermost:
            return False
        return bool(getattr(column, "primary_key", False)) and not self.top._inline

    def sequence_default_text(self, sequence: Any) -> str | None:
        """Return the value of a column whose default is a sequence; None leaves the column out."""
        return None

    def _onupdate_text(self, column: Any, facts: WriteFacts) -> str | None:
        default = getattr(column, "onupdate", None)
        if default is None:
            if getattr(column, "server_onupdate", None) is not None:
                facts.postfetch.append(column)
            return None
        if default.is_clause_element:
            facts.postfetch.append(column)
            return self._expression_text(default.arg)
        return self._prefetched(column, column.key, default, facts)

    def _prefetched(self, column: Any, key: str, default: Any, facts: WriteFacts) -> str:
        """Return the text of a default that the engine computes before execution."""
        if not facts.outermost and self.bind_name(key) in self.slots:
            key = self.new_name(key)
        # The engine looks only at those of the whole statement.
        self.dml.prefetch.append(Prefetch(column, key, default))
        facts.written.add(column.key)
        return self._parameter_text(column, key, facts)

    def _expression_text(self, node: Any) -> str:
        """Return a default written in SQL; a statement as a scalar."""
        text = self.visit(node)
        return f"({text})" if node.__visit_name__ in _GROUPED else text

    def _learn_generated(self, table: Any, facts: WriteFacts) -> None:
        for column in table.columns:
            if getattr(column, "computed", None) is not None:
                self.learn(column, facts)

    def learn(self, column: Any, facts: WriteFacts) -> None:
        """Note a column whose value only the database knows."""
        is_key = getattr(column, "primary_key", False)
        wanted = facts.implicit_returning if is_key else facts.postfetch
        if not any(known is column for known in wanted):
            wanted.append(column)


def target_columns(table: Any) -> list[Any]:
    """Return the columns of a table that is written to.

    Computed ones too: ``DEFAULT`` may be written there, and the database refuses anything else.

    :raises CompileError: when it is no table (a join).
    """
    if getattr(table, "_is_join", False):
        raise CompileError(
            "Encountered unsupported case when compiling an INSERT or UPDATE statement: a join "
            "can't be written to; write one statement per table"
        )
    return list(table.columns)
