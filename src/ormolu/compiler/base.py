"""The ground of the statement compiler: dispatch, names and binds.

``visit(node)`` finds the method ``visit_<name>`` once per node class and compiler class and keeps
it in
a table. Methods return text; what they need to know of their surroundings is on the compiler (a
stack of SELECTs, a few flags), not in keyword arguments handed through every call.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from ormolu.compiler.binds import MARK, BindSlot, escape_name
from ormolu.compiler.custom import custom_function, on_change
from ormolu.exc import CompileError, UnsupportedCompilationError
from ormolu.sql.elements import BindParameter
from ormolu.sql.node import AnonName, NumberedName, PrefixedName, RepeatedName
from ormolu.types.literals import resolve as type_of_value

if TYPE_CHECKING:
    from ormolu.compiler.target import Target
    from ormolu.sql.node import Node
    from ormolu.types import TypeEngine

__all__ = ["CompilerBase"]

_RESERVED = (
    "bindparam() name '{name}' is reserved for automatic usage in the VALUES or SET clause of this "
    "insert/update statement. Please use a name other than column name when using bindparam() with "
    "insert() or update() (for example, 'b_{name}')."
)

#: What a generated name doesn't take over of the name that it is made from.
_NOT_IN_NAMES = re.compile(r"[%() $]+")
_NOT_IN_BINDS = re.compile(r"[%() $:\[\]]+")

Visit = Callable[[Any, Any], str]


class CompilerBase:
    """Dispatch, anonymous names and binds of one compilation.

    ``literal_binds`` writes values into the text. ``node_binds`` is the ``_binds`` of the statement
    as the user built it: binds are referred to by their index in it.
    """

    _visitors: ClassVar[dict[type, Visit]] = {}

    def __init_subclass__(cls) -> None:
        visitors: dict[type, Visit] = {}
        cls._visitors = visitors
        on_change(visitors.clear)

    def __init__(
        self,
        dialect: Target,
        node_binds: tuple[BindParameter[Any], ...] = (),
        *,
        literal_binds: bool = False,
        schema_translate_map: dict[str | None, str | None] | None = None,
    ) -> None:
        self.dialect = dialect
        self.features = dialect.features
        self.preparer = dialect.identifier_preparer
        self.literal_binds = literal_binds
        self.schema_translate_map = schema_translate_map
        self.node_binds = node_binds
        self.slots: dict[str, BindSlot] = {}
        self._index_of: dict[int, int] = {}
        for index, node in enumerate(node_binds):
            self._index_of.setdefault(id(node), index)
        self._bind_names: dict[int, str] = {}
        self._unique_names: dict[str, bool] = {}
        #: the key of each bind's name
        self._escaped: dict[str, str] = {}
        self._anon_names: dict[AnonName, str] = {}
        self._counters: dict[str, int] = {}
        self._constants: list[BindParameter[Any]] = []
        #: a generated name longer than this is shortened: six characters are for its number
        self._longest = max(self.features.max_identifier_length - 6, 0)
        self._shortened: dict[tuple[str, str], str] = {}
        self._shortened_counts: dict[str, int] = {}
        #: the binds met now are written into the text at each execution
        self.literal_execute = False

    # -- dispatch

    def visit(self, node: Node) -> str:
        """Return the text of a node.

        :raises UnsupportedCompilationError: when this compiler has no method for its class.
        """
        visitor = self._visitors.get(type(node))
        if visitor is None:
            visitor = self._find_visitor(node)
        return visitor(self, node)

    def _find_visitor(self, node: Any) -> Visit:
        cls = type(node)
        name = getattr(cls, "__visit_name__", None)
        method: Visit | None = getattr(type(self), f"visit_{name}", None)
        method = custom_function(cls, method) or method
        if method is None:
            return self.no_visitor(cls)
        self._visitors[cls] = method
        return method

    def no_visitor(self, cls: type) -> Visit:
        """Say that the compiler has no method for a class.

        :raises UnsupportedCompilationError: always, unless a compiler overrides it.
        """
        raise UnsupportedCompilationError(type(self).__name__, cls)

    def visit_all(self, nodes: Iterable[Node], separator: str = ", ") -> str:
        """Return the texts of nodes, joined; empty ones are left out."""
        return separator.join([text for node in nodes if (text := self.visit(node))])

    # -- names

    def name_text(self, name: str) -> str:
        """Return a name as it is in this text: an anonymous one gets its number."""
        if isinstance(name, PrefixedName):
            return f"{self.name_text(name.prefix)}_{self.name_text(name.suffix)}"
        if not isinstance(name, AnonName):
            return name
        made = self._anon_names.get(name)
        if made is None:
            made = self._anon_names[name] = self._new_name_of(name)
        return made

    def _new_name_of(self, name: AnonName) -> str:
        if isinstance(name, (RepeatedName, NumberedName)) and isinstance(name.base, AnonName):
            # One count is for all names that go on from one with a number of its own.
            apart = "_" if isinstance(name, RepeatedName) else ""
            return self.name_text(name.base) + apart + self.new_name("")
        return self.new_name(_NOT_IN_NAMES.sub("_", str.__str__(name)))

    def new_name(self, base: str) -> str:
        """Return ``base_1``, ``base_2``, …, counted for each base."""
        number = self._counters.get(base, 0) + 1
        self._counters[base] = number
        return f"{base}_{number}"

    def label_name(self, name: str) -> str:
        """Return the name of a column, of which the user did not decide, as it is in this text."""
        return self.shortened(self.name_text(name), "column")

    def shortened(self, name: str, kind: str) -> str:
        """Return a generated name, numbered where it is too long for the database.

        A name that the user gave is never shortened: the database says so if it is too long.
        ``kind`` is what it is a name of; each kind is numbered by itself.
        """
        if len(name) <= self._longest:
            return name
        short = self._shortened.get((kind, name))
        if short is None:
            number = self._shortened_counts[kind] = self._shortened_counts.get(kind, 0) + 1
            short = self._shortened[kind, name] = f"{name[: self._longest]}_{number:x}"
        return short

    def quote(self, name: str) -> str:
        """Return a name as it is in this text, quoted when it must be."""
        if isinstance(name, AnonName):
            name = self.shortened(self.name_text(name), "alias")
        return self.preparer.quote(name)

    def schema_of(self, table: Any) -> str | None:
        """Return the schema of a table, translated if there is a ``schema_translate_map``."""
        schema: str | None = getattr(table, "schema", None)
        if self.schema_translate_map is not None and schema in self.schema_translate_map:
            return self.schema_translate_map[schema]
        return schema

    def table_text(self, table: Any) -> str:
        """Return the qualified, quoted name of a table."""
        return self.preparer.format_qualified(self.schema_of(table), table.name)

    # -- binds

    def bind(self, node: BindParameter[Any], *, negated: bool = False) -> str:
        """Return the mark of a bind, making its slot when it is met for the first time."""
        known = self._bind_names.get(id(node))
        if known is not None:
            return f"{MARK}{known}{MARK}"
        name = node.key
        if node.unique:
            base = _NOT_IN_BINDS.sub("_", name).strip("_")
            name = self.shortened(self.new_name(base), "bind")
        name = self.bind_name(name)
        if name in self._unique_names and (node.unique or self._unique_names[name]):
            raise CompileError(
                f"Bind parameter {name!r} conflicts with unique bind parameter of the same name: "
                "give the bindparam() another name"
            )
        if name in self.slots and name not in self._unique_names:
            raise CompileError(_RESERVED.format(name=name))
        self._unique_names[name] = node.unique
        self._bind_names[id(node)] = name
        slot = self._slot(name, node, negated)
        if self.slots.setdefault(name, slot).expanding != slot.expanding:
            raise CompileError(
                f"Can't reuse bound parameter name {name!r} in both 'expanding' (e.g. within an IN "
                "expression) and non-expanding contexts: give one bindparam() another name"
            )
        if slot.index is not None:
            self.slots[name] = slot  # of several of one name the last one's value counts
        return f"{MARK}{name}{MARK}"

    def bind_name(self, key: str) -> str:
        """Return a bind's name free of what would end it: ``a b`` is ``a_b``, or ``a_b__1``.

        The names of two keys are never the same.
        """
        name = escaped = escape_name(key)
        number = 0
        while self._escaped.setdefault(name, key) != key:
            number += 1
            name = f"{escaped}__{number}"
        return name

    def _slot(self, name: str, node: BindParameter[Any], negated: bool) -> BindSlot:
        index = self._index_of.get(id(node))
        members = getattr(node.type, "types", None) if node.expanding else None
        calls = node.callable is not None
        literal = node.literal_execute or self.literal_execute
        return BindSlot(
            name,
            index,
            None if node.unique else node.key,
            node.type,
            self.dialect.bind_processor(node.type) if members is None else None,
            constant=node if index is None else None,
            expanding=node.expanding,
            arity=len(members) if members is not None else 0,
            processors=tuple(self.dialect.bind_processor(t) for t in members or ()),
            negated=negated,
            calls=calls,
            required=node.required,
            literal=partial(literal_text, self.dialect) if literal else None,
        )

    def constant(self, value: int) -> str:
        """Return the mark of a number that the compiler itself sends as a bind."""
        if self.literal_binds:
            return str(value)
        node: BindParameter[int] = BindParameter(None, value)
        self._constants.append(node)  # keeps its id() its own
        return self.bind(node)

    def parameter(self, key: str, type_: TypeEngine[Any]) -> str:
        """Return the mark of an execution parameter without a node (a column of an INSERT)."""
        name = self.bind_name(key)
        if name in self._unique_names:
            raise CompileError(_RESERVED.format(name=key))
        if name not in self.slots:
            self.slots[name] = BindSlot(
                name, None, key, type_, self.dialect.bind_processor(type_), required=True
            )
        return f"{MARK}{name}{MARK}"

    def literal(self, value: Any, type_: TypeEngine[Any]) -> str:
        """Return a value as SQL text.

        :raises CompileError: when its type cannot be written as text.
        """
        return literal_text(self.dialect, type_, value)


def literal_text(dialect: Target, type_: TypeEngine[Any], value: Any) -> str:
    """Return a value as SQL text.

    :raises CompileError: when its type cannot be written as text.
    """
    if value is None:
        return "NULL"
    if type_._is_null:  # of a tuple's member: the value has a type
        type_ = type_of_value(value)
    processor = dialect.type_impl(type_).literal_processor(dialect)
    if processor is None:
        raise CompileError(
            f"No literal value renderer is available for literal value {value!r} with "
            f"datatype {type_}: execute the statement with binds instead of literal_binds"
        )
    try:
        text: str = processor(value)
    except Exception as error:
        raise CompileError(
            f"Could not render literal value {value!r} with datatype {type_}: {error}"
        ) from error
    if MARK in text:
        raise CompileError(f"the value {value!r} holds a NUL, which SQL text cannot")
    return dialect.escaped(text)
