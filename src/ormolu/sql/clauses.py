"""The parts of a SELECT that are things of their own: joins, FOR UPDATE, and the rarer clauses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from .label_style import LABEL_STYLE_DEFAULT, SelectLabelStyle
from .node import CONST, NODE, NODES, Kind, Node


class JoinSpec(Node):
    """One ``.join()`` of a SELECT, before its left side and its condition are worked out.

    ``target`` and ``onclause`` may be ORM things (an entity, a relationship attribute); ``left``
    is given by ``join_from()``.
    """

    __slots__ = ("full", "isouter", "left", "onclause", "target")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "target": NODE,
        "onclause": NODE,
        "left": NODE,
        "isouter": CONST,
        "full": CONST,
    }
    __visit_name__ = "join_spec"

    target: Any
    onclause: Any
    left: Any
    isouter: bool
    full: bool

    def __init__(self, target: Any, onclause: Any, left: Any, isouter: bool, full: bool) -> None:
        self.target = target
        self.onclause = onclause
        self.left = left
        self.isouter = isouter
        self.full = full
        self._seal()


class ForUpdate(Node):
    """``FOR UPDATE`` and its options."""

    __slots__ = ("key_share", "nowait", "of", "read", "skip_locked")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "nowait": CONST,
        "read": CONST,
        "of": NODES,
        "skip_locked": CONST,
        "key_share": CONST,
    }
    __visit_name__ = "for_update"

    nowait: bool
    read: bool
    of: tuple[Any, ...]
    skip_locked: bool
    key_share: bool

    def __init__(
        self,
        nowait: bool = False,
        read: bool = False,
        of: tuple[Any, ...] = (),
        skip_locked: bool = False,
        key_share: bool = False,
    ) -> None:
        self.nowait = nowait
        self.read = read
        self.of = of
        self.skip_locked = skip_locked
        self.key_share = key_share
        self._seal()


class Rare(Node):
    """The clauses that few statements have, in one object, so that copying a statement is cheap.

    ``prefix_dialects`` and ``suffix_dialects`` name the dialect each prefix and suffix is for
    (``"*"``: all); ``hints`` are (text, dialect) pairs for the statement, and ``hint_texts`` and
    ``hint_dialects`` those for ``hint_tables``; ``ctes`` are those of ``add_cte()`` and ``nested``
    says of each whether it is written here; ``extensions`` are syntax extensions and ``positions``
    their places.
    """

    __slots__ = (
        "correlate",
        "correlate_except",
        "ctes",
        "distinct",
        "distinct_on",
        "extensions",
        "fetch",
        "fetch_percent",
        "fetch_ties",
        "for_update",
        "having",
        "hint_dialects",
        "hint_tables",
        "hint_texts",
        "hints",
        "is_correlating",
        "label_style",
        "nested",
        "positions",
        "prefix_dialects",
        "prefixes",
        "suffix_dialects",
        "suffixes",
    )
    _fields: ClassVar[Mapping[str, Kind]] = {
        "distinct": CONST,
        "distinct_on": NODES,
        "having": NODES,
        "fetch": NODE,
        "fetch_ties": CONST,
        "fetch_percent": CONST,
        "for_update": NODE,
        "prefixes": NODES,
        "prefix_dialects": CONST,
        "suffixes": NODES,
        "suffix_dialects": CONST,
        "hints": CONST,
        "hint_tables": NODES,
        "hint_texts": CONST,
        "hint_dialects": CONST,
        "ctes": NODES,
        "nested": CONST,
        "extensions": NODES,
        "positions": CONST,
        "correlate": NODES,
        "correlate_except": NODES,
        "is_correlating": CONST,
        "label_style": CONST,
    }
    __visit_name__ = "rare"

    distinct: bool
    distinct_on: tuple[Any, ...]
    having: tuple[Any, ...]
    fetch: Any
    fetch_ties: bool
    fetch_percent: bool
    for_update: ForUpdate | None
    prefixes: tuple[Any, ...]
    prefix_dialects: tuple[str, ...]
    suffixes: tuple[Any, ...]
    suffix_dialects: tuple[str, ...]
    hints: tuple[tuple[str, str], ...]
    hint_tables: tuple[Any, ...]
    hint_texts: tuple[str, ...]
    hint_dialects: tuple[str, ...]
    ctes: tuple[Any, ...]
    nested: tuple[bool, ...]
    extensions: tuple[Any, ...]
    positions: tuple[str, ...]
    correlate: tuple[Any, ...]
    correlate_except: tuple[Any, ...] | None
    is_correlating: bool
    label_style: SelectLabelStyle

    def __init__(self) -> None:
        self.distinct = self.fetch_ties = self.fetch_percent = False
        self.is_correlating = True
        self.distinct_on = self.having = self.prefixes = self.suffixes = self.hints = ()
        self.prefix_dialects = self.suffix_dialects = self.nested = self.positions = ()
        self.hint_tables = self.hint_texts = self.hint_dialects = self.extensions = ()
        self.ctes = self.correlate = ()
        self.fetch = self.for_update = self.correlate_except = None
        self.label_style = LABEL_STYLE_DEFAULT
        self._seal()


NOTHING_RARE: Final = Rare()
