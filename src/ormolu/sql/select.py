"""SELECT.

The methods of the hot path (`where`, `join`, `order_by`, `limit`) only note in ``_log`` what they
are given, beside key and binds; see `select_clauses`. Raw columns and FROM elements may be ORM
entities and attributes; then ``_plugin`` is ``"orm"`` and the ORM lowers the statement to Core
before it is compiled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias, TypeVarTuple

from ..deprecation import warn_deprecated
from . import coercion
from .boolean import and_
from .clauses import JoinSpec, Rare
from .coercion import select_column
from .coercion import where as where_clause
from .columns import literal_column
from .compound import Combinable
from .descriptions import descriptions
from .elements import BinaryExpression, ClauseElement, ClauseList, ColumnElement
from .executable import NO_OPTIONS, TypedReturnsRows
from .extension import Extensible
from .filtering import attribute_named
from .fromclause import _SELECT, FromClause
from .froms import all_froms, core_from, final_froms
from .generative import GENERATIVE, LIMIT_KEY, GenerativeSelect, LimitBind
from .literals import COMPARISONS, LiteralComparison
from .node import NODES, Kind
from .reduction import reduced
from .select_clauses import COLUMNS, JOIN, LIMIT, ORDER_BY, WHERE, Clause, Log
from .selectables import HasPrefixes, HasSuffixes
from .selectbase import _SELECT_OF, Exists

if TYPE_CHECKING:
    from typing import Self

_Ts = TypeVarTuple("_Ts")
AnySelect: TypeAlias = "Select[*tuple[Any, ...]]"
"""A SELECT of any number of columns of any types."""
_new: Final[Any] = object.__new__


class Select(
    HasPrefixes, HasSuffixes, Extensible, Combinable, GenerativeSelect, TypedReturnsRows[*_Ts]
):
    """A SELECT statement; see `select`."""

    __slots__ = ("_log",)
    _fields: ClassVar[Mapping[str, Kind]] = {
        **GENERATIVE,
        "_raw_columns": NODES,
        "_from_obj": NODES,
        "_where": NODES,
        "_joins": NODES,
    }
    __visit_name__ = "select"
    _positions = ("post_select", "pre_columns", "post_criteria", "post_body")

    _log: Log
    _raw_columns = Clause[tuple[Any, ...]]()
    _from_obj = Clause[tuple[Any, ...]]()
    _where = Clause[tuple[Any, ...]]()
    _joins = Clause[tuple[JoinSpec, ...]]()
    _order_by = Clause[tuple[Any, ...]]()
    _group_by = Clause[tuple[Any, ...]]()
    _limit = Clause[Any]()
    _offset = Clause[Any]()
    _rare = Clause[Rare]()

    def __init__(self, *entities: Any) -> None:
        columns: list[Any] = []
        keys: list[Any] = []
        binds: tuple[Any, ...] = ()
        plugin = None
        anon = False
        for entity in entities:
            column = entity if isinstance(entity, ClauseElement) else select_column(entity)
            columns.append(column)
            keys.append(column._key)
            if column._binds:
                binds += column._binds
            if column._anon:
                anon = True
            if column._plugin is not None:
                plugin = column._plugin
        self._log = (COLUMNS, tuple(columns))
        self._names = None
        self._plugin = plugin
        self._execution_options = NO_OPTIONS
        self._with_options = ()
        self._key = (Select, tuple(keys))
        self._binds = binds
        self._anon = anon

    def _twin(self) -> Self:
        new = _new(type(self))
        new._log = self._log
        new._names = None
        new._plugin = self._plugin
        new._execution_options = self._execution_options
        new._with_options = self._with_options
        new._key = self._key
        new._binds = self._binds
        new._anon = self._anon
        return new  # type: ignore[no-any-return]

    def _shallow(self) -> Self:
        new = self._twin()
        new._names = self._names
        return new

    def where(self, *whereclause: Any) -> Self:
        """A copy with these conditions added, joined by AND."""
        new = self._twin()
        key = self._key
        binds = self._binds
        for clause in whereclause:
            if type(clause) is LiteralComparison:
                added, more = clause._sealed
                key += WHERE, added
                binds += more
            elif type(clause) is BinaryExpression:
                key += WHERE, clause._key
                binds += clause._binds
                if clause._anon:
                    new._anon = True
            else:
                return self._where_all([where_clause(clause) for clause in whereclause])
        new._log += (WHERE, whereclause)
        new._key = key
        new._binds = binds
        return new

    def _where_all(self, criteria: list[Any]) -> Self:
        """What `where` does with any other conditions, already made into nodes."""
        new = self._twin()
        for criterion in criteria:
            new._key += WHERE, criterion._key
            new._binds += criterion._binds
            if criterion._anon:
                new._anon = True
        new._log += (WHERE, tuple(criteria))
        return new

    filter = where

    @property
    def whereclause(self) -> ColumnElement[Any] | None:
        """The conditions as one, or None."""
        return _all_of(self._where)

    @property
    def _having(self) -> ColumnElement[Any] | None:
        return _all_of(self._rare.having)

    def having(self, *having: Any) -> Self:
        """A copy with these conditions added to HAVING."""
        added = tuple([coercion.where(clause) for clause in having])
        return self._with_rare(having=self._rare.having + added)

    def distinct(self, *expr: Any) -> Self:
        """A copy with DISTINCT, or ``DISTINCT ON`` these expressions."""
        added = tuple([coercion.order_by(e) for e in expr])
        return self._with_rare(distinct=True, distinct_on=self._rare.distinct_on + added)

    def filter_by(self, **kwargs: Any) -> Self:
        """A copy with ``name = value`` conditions on the entities and tables it selects from.

        Raises `InvalidRequestError` when none of them has the name and `AmbiguousColumnError` when
        several have.
        """
        return self.where(*[attribute_named(self, name) == value for name, value in kwargs.items()])

    def select_from(self, *froms: Any) -> Self:
        """A copy with these FROM elements or entities first."""
        return self._add_froms([coercion.from_(f) for f in froms])

    def from_statement(self, statement: Any) -> Any:
        """The entities of this SELECT, read from the rows of a ``text()`` or another statement."""
        return _FROM_STATEMENT[0](self, statement)

    def _add_froms(self, froms: list[Any]) -> Self:
        new = self._extend("_from_obj", "from", froms)
        for element in froms:
            if element._plugin is not None:
                new._plugin = element._plugin
        return new

    def join(
        self, target: Any, onclause: Any = None, *, isouter: bool = False, full: bool = False
    ) -> Self:
        """A copy with ``JOIN target ON onclause``; without one, by the foreign keys.

        ``target`` may be a relationship attribute, which says both.
        """
        return self._join(None, target, onclause, isouter, full)

    def outerjoin(self, target: Any, onclause: Any = None, *, full: bool = False) -> Self:
        """A copy with ``LEFT OUTER JOIN target``."""
        return self._join(None, target, onclause, True, full)

    def join_from(
        self,
        from_: Any,
        target: Any,
        onclause: Any = None,
        *,
        isouter: bool = False,
        full: bool = False,
    ) -> Self:
        """A copy with ``from_ JOIN target``."""
        return self._join(from_, target, onclause, isouter, full)

    def outerjoin_from(
        self, from_: Any, target: Any, onclause: Any = None, *, full: bool = False
    ) -> Self:
        """A copy with ``from_ LEFT OUTER JOIN target``."""
        return self._join(from_, target, onclause, True, full)

    def _join(self, left: Any, target: Any, onclause: Any, isouter: bool, full: bool) -> Self:
        if not isinstance(target, FromClause):
            target = coercion.from_(target, _TARGET)
        if left is not None:
            left = coercion.from_(left)
        plugin = target._plugin
        if onclause is not None and type(onclause) not in COMPARISONS:
            if getattr(onclause, "_plugin", None) is None:
                onclause = coercion.where(onclause)
            plugin = plugin or onclause._plugin
        new = self._twin()
        new._log += (JOIN, (target, onclause, left, isouter, full))
        binds = target._binds
        anon = target._anon
        on_key = left_key = None
        if onclause is not None:
            on_key = onclause._key
            binds += onclause._binds
            anon = anon or onclause._anon
        if left is not None:
            left_key = left._key
            binds += left._binds
            anon = anon or left._anon
            plugin = plugin or left._plugin
        new._key += (JOIN, target._key, on_key, left_key, isouter, full)
        if binds:
            new._binds += binds
        if anon:
            new._anon = True
        if plugin is not None:
            new._plugin = plugin
        return new

    def order_by(self, *clauses: Any) -> Self:
        """A copy with these added to ORDER BY; a single None removes all.

        Strings name labels or columns of the statement.
        """
        if len(clauses) != 1 or not isinstance(clauses[0], ColumnElement):
            return super().order_by(*clauses)
        clause = clauses[0]
        new = self._twin()
        new._log += (ORDER_BY, clauses)
        new._key += (ORDER_BY, clause._key)
        binds = clause._binds
        if binds:
            new._binds += binds
        if clause._anon:
            new._anon = True
        return new

    def limit(self, limit: Any) -> Self:
        """A copy with ``LIMIT limit``: an integer, an expression, or None for no limit."""
        log = self._log
        # Nothing that is only noted is a FETCH, which a LIMIT takes the place of.
        if type(limit) is not int or (len(log) % 2 and log[0]._rare.fetch is not None):
            return super().limit(limit)
        bind = _new(LimitBind)
        bind.value = limit
        new = self._twin()
        new._log += (LIMIT, bind)
        new._key += LIMIT_KEY
        new._binds += (bind,)
        return new

    def _with_prefixes(self, prefixes: tuple[Any, ...], dialect: str) -> Self:
        rare = self._rare
        return self._with_rare(
            prefixes=rare.prefixes + prefixes,
            prefix_dialects=rare.prefix_dialects + (dialect,) * len(prefixes),
        )

    def _with_suffixes(self, suffixes: tuple[Any, ...], dialect: str) -> Self:
        rare = self._rare
        return self._with_rare(
            suffixes=rare.suffixes + suffixes,
            suffix_dialects=rare.suffix_dialects + (dialect,) * len(suffixes),
        )

    def with_statement_hint(self, text: str, dialect_name: str = "*") -> Self:
        """A copy with a hint to the database's planner, written at the end."""
        return self._with_rare(hints=(*self._rare.hints, (text, dialect_name)))

    def with_hint(self, selectable: Any, text: str, dialect_name: str = "*") -> Self:
        """A copy with a hint for one FROM element, where the database understands them.

        ``%(name)s`` in the text is the element's name. A further hint to the same element for the
        same dialect takes the place of the first.
        """
        table = core_from(coercion.from_(selectable))
        rare = self._rare
        kept = [
            (known, hint, dialect)
            for known, hint, dialect in zip(
                rare.hint_tables, rare.hint_texts, rare.hint_dialects, strict=True
            )
            if known is not table or dialect != dialect_name
        ]
        tables, texts, dialects = zip(*kept, (table, text, dialect_name), strict=True)
        return self._with_rare(hint_tables=tables, hint_texts=texts, hint_dialects=dialects)

    def column(self, column: Any) -> AnySelect:
        """The same as `add_columns` with one column."""
        return self.add_columns(column)

    def add_columns(self, *entities: Any) -> AnySelect:
        """A copy with these added to the columns clause."""
        return self._with_columns(self._raw_columns, entities)

    def with_only_columns(self, *entities: Any, maintain_column_froms: bool = False) -> AnySelect:
        """A copy with these in place of the columns clause.

        ``maintain_column_froms`` keeps the FROM elements that the old columns drew from.
        """
        if len(entities) == 1 and isinstance(entities[0], list | tuple):
            entities = tuple(entities[0])
        base: Any = self
        if maintain_column_froms:
            known = {id(element) for element in self._from_obj}
            base = self._add_froms([f for f in self.columns_clause_froms if id(f) not in known])
        return base._with_columns((), entities)  # type: ignore[no-any-return]

    def _with_columns(self, old: tuple[Any, ...], entities: tuple[Any, ...]) -> AnySelect:
        columns = [coercion.select_column(entity) for entity in entities]
        new: AnySelect = self._twin()
        new._raw_columns = old
        new._key = (*self._key, "columns", len(old))
        new = new._extend("_raw_columns", "column", columns)
        for column in columns:
            if column._plugin is not None:
                new._plugin = column._plugin
        return new

    def reduce_columns(self, only_synonyms: bool = True) -> AnySelect:
        """A copy without columns that say the same as another one, by a foreign key or by WHERE.

        ``only_synonyms`` leaves those out only that have the other one's name.
        """
        kept = reduced(self._selected, self._where, only_synonyms)
        joins = [raw for raw in self._raw_columns if getattr(raw, "_is_join", False)]
        return self._add_froms(joins).with_only_columns(*kept)

    def correlate(self, *fromclauses: Any) -> Self:
        """A copy that leaves these FROM elements to the enclosing statement; None for none."""
        if len(fromclauses) == 1 and (fromclauses[0] is None or fromclauses[0] is False):
            return self._with_rare(is_correlating=False, correlate=())
        added = tuple([coercion.from_(f) for f in fromclauses])
        return self._with_rare(is_correlating=False, correlate=self._rare.correlate + added)

    def correlate_except(self, *fromclauses: Any) -> Self:
        """A copy that leaves all but these FROM elements to the enclosing statement."""
        if len(fromclauses) == 1 and fromclauses[0] is None:
            return self._with_rare(is_correlating=False, correlate_except=())
        kept = (self._rare.correlate_except or ()) + tuple([coercion.from_(f) for f in fromclauses])
        return self._with_rare(is_correlating=False, correlate_except=kept)

    @property
    def _correlate(self) -> tuple[Any, ...]:
        return self._rare.correlate

    @property
    def _correlate_except(self) -> tuple[Any, ...] | None:
        return self._rare.correlate_except

    @property
    def _auto_correlate(self) -> bool:
        return self._rare.is_correlating

    @property
    def _selected(self) -> tuple[ColumnElement[Any], ...]:
        found: list[Any] = []
        for raw in self._raw_columns:
            found.extend(_columns_of(raw))
        return tuple(found)

    @property
    def inner_columns(self) -> tuple[ColumnElement[Any], ...]:
        """The columns of the columns clause."""
        return self._selected

    @property
    def columns_clause_froms(self) -> list[FromClause]:
        """The FROM elements that the columns clause draws from."""
        return list({id(f): f for c in self._raw_columns for f in c._from_objects}.values())

    def get_final_froms(self) -> list[FromClause]:
        """The FROM elements in the end, joins built."""
        return final_froms(self)

    def _derived_froms(self) -> tuple[FromClause, ...]:
        return tuple(all_froms(self))

    @property
    def froms(self) -> list[FromClause]:
        """The same as `get_final_froms` (deprecated)."""
        warn_deprecated("Select.froms", "write get_final_froms()", "1.4.23")
        return final_froms(self)

    @property
    def column_descriptions(self) -> list[dict[str, Any]]:
        """What each element of the columns clause is: name, type, expression, entity."""
        return descriptions(self._raw_columns, self._plugin is not None)


_FROM_STATEMENT: list[Any] = []
"""The ORM's `FromStatement`, which registers itself."""

_TARGET = "Join target, typically a FROM expression, or ORM relationship attribute"


def _all_of(criteria: tuple[Any, ...]) -> ColumnElement[Any] | None:
    if not criteria:
        return None
    if len(criteria) == 1:
        return criteria[0]  # type: ignore[no-any-return]
    return and_(*criteria)


def _columns_of(raw: Any) -> tuple[ColumnElement[Any], ...]:
    if isinstance(raw, FromClause):
        return raw._all_from_columns
    columns = getattr(raw, "_columns_for_select", None)
    if columns is not None:
        return columns()  # type: ignore[no-any-return]
    if isinstance(raw, ClauseList):
        return raw.clauses
    if isinstance(raw, ClauseElement):
        return (coercion.select_column(raw),)
    return (coercion.resolve(raw),)


_SELECT.append(Select)
_SELECT_OF.append(Select)


def exists(*args: Any) -> Exists:
    """``EXISTS (SELECT …)``: of a statement or of columns; without any, of ``*``."""
    if len(args) == 1 and hasattr(args[0], "scalar_subquery"):
        return Exists(args[0].scalar_subquery())
    columns = args or (literal_column("*"),)
    return Exists(Select(*columns))
