"""ORDER BY, GROUP BY, LIMIT, FOR UPDATE: what SELECT and UNION have in common.

Each method copies the statement and appends ``(tag, key)`` to its key. Nothing is recomputed: that
is what makes building a statement cheap.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ..exc import ArgumentError
from . import coercion
from .clauses import NOTHING_RARE, ForUpdate
from .elements import BindParameter
from .froms import core_from
from .label_style import SelectLabelStyle
from .literals import BindFacts, LiteralBind
from .naming import Named, name_columns
from .node import NODE, NODES, Kind
from .selectbase import INTEGER, SelectBase, limit_bind

if TYPE_CHECKING:
    from typing import Self

GENERATIVE: Final[Mapping[str, Kind]] = {
    "_order_by": NODES,
    "_group_by": NODES,
    "_limit": NODE,
    "_offset": NODE,
    "_rare": NODE,
}
"""The fields of a `GenerativeSelect`, which each of its classes keeps in its own way."""
LIMIT_KEY: Final = ("limit", (BindParameter, "param", INTEGER._key))


class LimitBind(LiteralBind[int]):
    """The bind of ``limit(10)``: nothing but a value is its own."""

    __slots__ = ()

    _facts = BindFacts("param", INTEGER)
    _has_name = False


class GenerativeSelect(SelectBase):
    """Base of `Select` and `CompoundSelect`."""

    __slots__ = ()

    # Slots of a `CompoundSelect`, clauses of the log of a `Select`.
    _order_by: Any  # tuple[Any, ...]
    _group_by: Any  # tuple[Any, ...]
    _limit: Any
    _offset: Any
    _rare: Any  # Rare

    def _init_generative(self) -> None:
        self._init_executable()
        self._names = None
        self._order_by = self._group_by = ()
        self._limit = self._offset = None
        self._rare = NOTHING_RARE

    def _with_rare(self, **changes: Any) -> Self:
        new = self._twin()
        rare = new._rare = self._rare._copy(**changes)
        # The whole of it is appended: the last one in the key is the one that counts.
        new._key = (*self._key, "rare", rare._key)
        new._binds = self._binds + rare._binds
        new._anon = self._anon or rare._anon
        return new

    def _name_columns(self) -> tuple[Named, ...]:
        return name_columns(self._selected, self._rare.label_style)

    def set_label_style(self, style: SelectLabelStyle) -> Self:
        """A copy whose columns are named in another way, as ``LABEL_STYLE_TABLENAME_PLUS_COL``."""
        if self._rare.label_style is style:
            return self
        return self._with_rare(label_style=style)

    def get_label_style(self) -> SelectLabelStyle:
        """How the columns are named."""
        return self._rare.label_style  # type: ignore[no-any-return]

    def order_by(self, *clauses: Any) -> Self:
        """A copy with these added to ORDER BY; a single None removes all.

        Strings name labels or columns of the statement.
        """
        if len(clauses) == 1 and clauses[0] is None:
            new = self._twin()
            new._order_by = ()
            new._key = (*self._key, "order_by", None)
            return new
        return self._extend("_order_by", "order_by", [coercion.order_by(c) for c in clauses])

    def group_by(self, *clauses: Any) -> Self:
        """A copy with these added to GROUP BY; a single None removes all."""
        if len(clauses) == 1 and clauses[0] is None:
            new = self._twin()
            new._group_by = ()
            new._key = (*self._key, "group_by", None)
            return new
        return self._extend("_group_by", "group_by", [coercion.order_by(c) for c in clauses])

    def _extend(self, slot: str, tag: str, nodes: list[Any]) -> Self:
        new = self._twin()
        setattr(new, slot, (*getattr(self, slot), *nodes))
        for node in nodes:
            new._key = (*new._key, tag, node._key)
            new._binds += node._binds
            new._anon = new._anon or node._anon
        return new

    def limit(self, limit: Any) -> Self:
        """A copy with ``LIMIT limit``: an integer, an expression, or None for no limit."""
        new = self._twin()
        if self._rare.fetch is not None:
            new = new._with_rare(fetch=None, fetch_ties=False, fetch_percent=False)
        new._place("_limit", "limit", limit)
        return new

    def offset(self, offset: Any) -> Self:
        """A copy with ``OFFSET offset``: an integer, an expression, or None for no offset."""
        new = self._twin()
        new._place("_offset", "offset", offset)
        return new

    def _place(self, slot: str, tag: str, value: Any) -> None:
        node = None if value is None else limit_bind(value)
        setattr(self, slot, node)
        if node is None:
            self._key = (*self._key, tag, None)
        else:
            self._key = (*self._key, tag, node._key)
            self._binds += node._binds
            self._anon = self._anon or node._anon

    def slice(self, start: int | None, stop: int | None) -> Self:
        """A copy with LIMIT and OFFSET for rows ``start`` up to ``stop``, counted from its own.

        None for ``start`` leaves the OFFSET as it is, None for ``stop`` the LIMIT.
        """
        new = self if stop is None else self.limit(stop - (start or 0))
        return new if start is None else new.offset(new._offset_after(start))

    def _offset_after(self, start: int) -> Any:
        """The OFFSET that skips ``start`` rows more."""
        known = self._offset
        if known is None:
            return start or None
        if isinstance(known, BindParameter) and isinstance(known.value, int):
            return (known.value + start) or None
        return known + start if start else known

    def fetch(
        self, count: Any, with_ties: bool = False, percent: bool = False, **dialect_kw: Any
    ) -> Self:
        """A copy with ``FETCH FIRST count ROWS``, in place of LIMIT.

        Parameters: ``with_ties``, give rows too that the order doesn't tell from the last one;
        ``percent``, ``count`` is a percentage. Raises `ArgumentError` for other keywords.
        """
        if dialect_kw:
            raise ArgumentError(f"No dialect has the fetch() options {sorted(dialect_kw)}")
        new = self if self._limit is None else self.limit(None)
        if count is None:
            return new._with_rare(fetch=None, fetch_ties=False, fetch_percent=False)
        return new._with_rare(fetch=limit_bind(count), fetch_ties=with_ties, fetch_percent=percent)

    def with_for_update(
        self,
        *,
        nowait: bool = False,
        read: bool = False,
        of: Any = None,
        skip_locked: bool = False,
        key_share: bool = False,
    ) -> Self:
        """A copy with ``FOR UPDATE``.

        Parameters: ``of``, the tables or columns to lock; ``read``, lock against writers only.
        """
        if of is None:
            of = ()
        elif not isinstance(of, tuple | list):
            of = (of,)
        locked = tuple([core_from(coercion.select_column(element)) for element in of])
        return self._with_rare(for_update=ForUpdate(nowait, read, locked, skip_locked, key_share))

    def add_cte(self, *ctes: Any, nest_here: bool = False) -> Self:
        """A copy with CTEs in WITH that it doesn't refer to.

        ``nest_here`` writes them in a WITH of this statement, also where it stands in another.
        """
        rare = self._rare
        return self._with_rare(ctes=rare.ctes + ctes, nested=rare.nested + (nest_here,) * len(ctes))

    @property
    def _distinct(self) -> bool:
        return self._rare.distinct  # type: ignore[no-any-return]
