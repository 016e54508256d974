"""The binds of a compiled statement: their order, their names, and how values reach the driver.

While a statement is compiled, each bind stands in the text as a *mark*: its name between NULs. The
final text is made in one pass over the marks (:class:`BindLayout`), so the order of the binds is
the order of the text, whichever part of the statement was compiled first (a CTE is compiled when it
is met but written at the front). The same pass doubles the percent signs for the paramstyles that
give them a meaning; no visit method needs to know.

A slot never holds a value. It holds the *index* of its node in the statement's ``_binds``, or the
key of an execution parameter, so that one compiled form serves every statement with an equal
key. The functions that fetch and convert the values are generated (``def pack(b, p): return
(b[0].value, f1(b[1].value), p["name"])``): a converter that is not needed leaves no call behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from ormolu.compiler.features import Paramstyle

__all__ = ["MARK", "BindLayout", "BindSlot", "EmptySet", "escape_name", "list_names"]

#: Encloses the name of a bind in the text being compiled.
MARK = "\0"

#: ``empty(arity)`` gives the text of a set without elements, for ``IN ()``.
EmptySet = Callable[[int, bool], str]

_ESCAPES = str.maketrans(
    {"%": "P", "(": "A", ")": "Z", ":": "C", ".": "_", "[": "_", "]": "_", " ": "_"}
)


class BindSlot:
    """One place of a statement that takes a value.

    - ``name``: what the text calls it.
    - ``index``: the index of its node in the statement's ``_binds``; None for an execution
      parameter
      without a node (a column of ``INSERT``/``UPDATE`` given by ``column_keys``).
    - ``key``: the execution parameter that gives or overrides the value; None if none may.
    - ``type``, ``processor``: the type and its bind converter for this dialect.
    - ``expanding``: the value is a sequence, written out at execution; ``arity`` is the length of
      its
      elements when they are tuples (then ``processors`` has one converter for each), else 0.
    - ``negated``: the empty sequence stands in a ``NOT IN``.
    - ``around``: what the type's ``bind_expression`` puts before and after each element of a list.
    - ``cast``: what follows each member of a list: ``::INTEGER``, or nothing.
    - ``calls``: the node has a callable that gives the value.
    - ``required``: a missing value is an error.
    - ``literal``: where the value is written into the text at each execution (``literal_execute``),
      the function ``(type, value) -> text``.
    - ``constant``: the bind node itself when it is no part of the statement (a column's SQL
      default).
    """

    __slots__ = (
        "arity",
        "around",
        "calls",
        "cast",
        "constant",
        "expanding",
        "index",
        "key",
        "literal",
        "name",
        "negated",
        "processor",
        "processors",
        "required",
        "type",
    )

    def __init__(
        self,
        name: str,
        index: int | None,
        key: str | None,
        type_: Any,
        processor: Callable[[Any], Any] | None,
        *,
        expanding: bool = False,
        arity: int = 0,
        processors: tuple[Callable[[Any], Any] | None, ...] = (),
        negated: bool = False,
        calls: bool = False,
        required: bool = False,
        constant: Any = None,
        literal: Callable[[Any, Any], str] | None = None,
    ) -> None:
        self.name = name
        self.index = index
        self.key = key
        self.type = type_
        self.processor = processor
        self.expanding = expanding
        self.arity = arity
        self.around: tuple[str, str] | None = None
        self.cast = ""
        self.processors = processors
        self.negated = negated
        self.calls = calls
        self.required = required
        self.constant = constant
        self.literal = literal

    @property
    def late(self) -> bool:
        """Whether its text is known at execution only."""
        return self.expanding or self.literal is not None

    def literal_texts(self, values: Sequence[Any]) -> list[str]:
        """Return the texts of values that are written into the statement."""
        render = self.literal
        if render is None:
            raise ValueError(f"the values of {self.name!r} are no literals")
        if not self.arity:
            return [render(self.type, value) for value in values]
        return [
            render(type_, value)
            for row in values
            for type_, value in zip(self.type.types, row, strict=True)
        ]

    def peek(self, binds: Sequence[Any], params: Mapping[str, Any]) -> Any:
        """Return the unprocessed value, None if there is none."""
        if self.key is not None and self.key in params:
            return params[self.key]
        if self.index is not None:
            node = binds[self.index]
        elif self.constant is not None:
            node = self.constant
        else:
            return None
        return node.callable() if self.calls else node.value

    def source(self, constant: str) -> str:
        """Return the source text that fetches the unprocessed value from ``b`` and ``p``.

        ``constant`` is the name under which the generated code finds :attr:`constant`.
        """
        if self.index is None and self.constant is None:
            return f"p[{self.key!r}]"
        node = constant if self.index is None else f"b[{self.index}]"
        own = f"{node}.callable()" if self.calls else f"{node}.value"
        if self.key is None:
            return own
        if self.required:
            return f"p[{self.key!r}]"
        return f"(p[{self.key!r}] if {self.key!r} in p else {own})"

    def __repr__(self) -> str:
        return f"BindSlot({self.name!r}, index={self.index}, key={self.key!r})"


class BindLayout:
    """The binds of one text, in order.

    Built from the marked text. ``sql`` is the final text, ``slots`` has one entry per mark, and
    ``shared`` holds the groups of indexes at which one node of ``node_binds`` stands.
    ``tuple_prefix``
    stands before a list of tuples (``VALUES``, where the database wants it).
    """

    __slots__ = (
        "_empty_set",
        "_texts",
        "_tuple_prefix",
        "expanding",
        "node_binds",
        "shared",
        "slots",
        "sql",
        "style",
    )

    def __init__(
        self,
        marked: str,
        slots: Mapping[str, BindSlot],
        style: Paramstyle,
        *,
        empty_set: EmptySet,
        node_binds: tuple[Any, ...] = (),
        tuple_prefix: str = "",
    ) -> None:
        pieces = marked.split(MARK)
        texts = pieces[::2]
        self.style: Paramstyle = style
        self._texts = self._escaped(texts)
        self._empty_set = empty_set
        self._tuple_prefix = tuple_prefix
        self.slots: tuple[BindSlot, ...] = tuple(slots[name] for name in pieces[1::2])
        self.expanding = any(slot.late for slot in self.slots)
        self.node_binds = node_binds
        self.shared = _shared(node_binds)
        self.sql = self.text_for(None)

    def _escaped(self, texts: Iterable[str]) -> list[str]:
        """Return texts with the signs doubled that mean something to the paramstyle."""
        if self.style in ("format", "pyformat"):
            return [text.replace("%", "%%") for text in texts]
        return list(texts)

    def text_for(
        self,
        lengths: Mapping[str, int] | None,
        literals: Mapping[str, Sequence[str]] = MappingProxyType({}),
    ) -> str:
        """Return the text with each IN list written out for its length in ``lengths``.

        Without ``lengths`` a list stands as ``__[POSTCOMPILE_name]``, and so does a value that is
        written into the text; ``literals`` has the texts of such values.
        """
        parts = [self._texts[0]]
        numbers: dict[str, list[int]] = {}
        for slot, text in zip(self.slots, self._texts[1:], strict=True):
            if not slot.late:
                parts.append(self._places(slot.name, [slot.name], numbers)[0])
            elif lengths is None:
                parts.append(f"__[POSTCOMPILE_{slot.name}{_around_text(slot)}]")
            elif slot.literal is not None:
                parts.append(self._literal_text(slot, literals[slot.name]))
            else:
                parts.append(self._list_text(slot, lengths[slot.name], numbers))
            parts.append(text)
        return "".join(parts)

    def _places(self, name: str, written: list[str], numbers: dict[str, list[int]]) -> list[str]:
        """Return the placeholders of ``written``; a numbered style counts each name once."""
        if self.style != "numeric_dollar":
            return [placeholder(self.style, each) for each in written]
        if name not in numbers:
            start = sum(map(len, numbers.values())) + 1
            numbers[name] = list(range(start, start + len(written)))
        return [f"${number}" for number in numbers[name]]

    def _literal_text(self, slot: BindSlot, texts: Sequence[str]) -> str:
        """Return values as the text that stands for them: one value, or the members of a list."""
        texts = self._escaped(texts)
        return self._members_text(slot, texts) if slot.expanding else texts[0]

    def _list_text(self, slot: BindSlot, length: int, numbers: dict[str, list[int]]) -> str:
        if not length:
            return self._members_text(slot, ())
        places = self._places(slot.name, list_names(slot, length), numbers)
        return self._members_text(slot, [f"{place}{slot.cast}" for place in places])

    def _members_text(self, slot: BindSlot, places: Sequence[str]) -> str:
        """Return an IN list of these members."""
        if not places:
            return self._empty_set(slot.arity, slot.negated)
        if slot.around is not None:
            before, after = self._escaped(slot.around)
            places = [f"{before}{place}{after}" for place in places]
        step = slot.arity
        if step:
            places = [f"({', '.join(places[i : i + step])})" for i in range(0, len(places), step)]
            return self._tuple_prefix + ", ".join(places)
        return ", ".join(places)


def _around_text(slot: BindSlot) -> str:
    """Return how an unwritten IN list names what stands around its members."""
    if slot.around is None:
        return ""
    before, after = slot.around
    return f"~~{before}~~REPL~~{after}~~"


def _shared(nodes: tuple[Any, ...]) -> tuple[tuple[int, ...], ...]:
    """Return the groups of indexes at which the same node stands."""
    places: dict[int, list[int]] = {}
    for index, node in enumerate(nodes):
        places.setdefault(id(node), []).append(index)
    return tuple(tuple(group) for group in places.values() if len(group) > 1)


def list_names(slot: BindSlot, length: int) -> list[str]:
    """Return the bind names of a written-out IN list: ``id_1_1``, or ``id_1_1_2`` in tuples."""
    if not slot.arity:
        return [f"{slot.name}_{i}" for i in range(1, length + 1)]
    return [f"{slot.name}_{i}_{j}" for i in range(1, length + 1) for j in range(1, slot.arity + 1)]


def placeholder(style: Paramstyle, name: str) -> str:
    """Return how the text refers to the bind ``name`` (numbered styles are written elsewhere)."""
    if style == "qmark":
        return "?"
    if style == "format":
        return "%s"
    if style == "pyformat":
        return f"%({name})s"
    return f":{name}"


def escape_name(name: str) -> str:
    """Return a bind name free of the characters that would end it in the text."""
    return name.translate(_ESCAPES)
