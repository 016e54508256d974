"""The generative half of `Query`: each method gives a new query over a changed `Select`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ormolu import exc
from ormolu.deprecation import warn_deprecated
from ormolu.orm.loading.options import lazyload
from ormolu.sql import (
    LABEL_STYLE_DEFAULT,
    LABEL_STYLE_TABLENAME_PLUS_COL,
    except_,
    except_all,
    intersect,
    intersect_all,
    literal_column,
    select,
    union,
    union_all,
)

from .query_compound import Compound, is_entity

if TYPE_CHECKING:
    from typing import Self


def labelled(statement: Any) -> Any:
    """The statement with its columns labelled ``table_column``, as queries have always done."""
    statement = statement.set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
    if statement._plugin is None:
        # Rows of plain columns too are named by the columns, not by these labels.
        statement = statement._twin()
        statement._plugin = "orm"
    return statement


class QueryBuilder:
    """Building a query; running it is `Query`'s."""

    def __init__(self, entities: Any, session: Any = None) -> None:
        if not isinstance(entities, (tuple, list)):
            entities = (entities,)
        self.session = session
        self._entities: tuple[Any, ...] = tuple(entities)
        self._stmt: Any = None
        if self._entities:
            self._stmt = labelled(select(*self._entities))
        self._wheres: tuple[Any, ...] = ()
        self._params: dict[str, Any] = {}
        self._options: dict[str, Any] = {}
        self._textual: Any = None
        self._autoflush: bool | None = None
        self._called: frozenset[str] = frozenset()
        self._compound: Compound | None = None
        self._joined: Any = None
        self._skipped = 0

    def _copy(self, stmt: Any = None, called: str | None = None) -> Self:
        new = object.__new__(type(self))
        new.__dict__.update(self.__dict__)
        if stmt is not None:
            new._stmt = stmt
        if called is not None:
            new._called = self._called | {called}
        return new

    def _select(self) -> Any:
        if self._stmt is None:
            raise exc.InvalidRequestError(
                "Query contains no columns with which to SELECT from. Name a class or a column: "
                "session.query(User)"
            )
        return self._stmt

    def _unlimited(self, method: str) -> Any:
        """The statement, when it has no LIMIT or OFFSET yet: what follows would apply after it."""
        if "limit" in self._called or "offset" in self._called:
            raise exc.InvalidRequestError(
                f"Query.{method}() being called on a Query which already has LIMIT or OFFSET "
                f"applied.  Call {method}() before limit() or offset() are applied."
            )
        return self._select()

    # -- criteria ----------------------------------------------------------------------------

    def filter(self, *criterion: Any) -> Self:
        """Add conditions to the WHERE clause, joined by AND."""
        criterion = self._adapted(criterion)
        new = self._copy(self._unlimited("filter").where(*criterion))
        new._wheres = (*self._wheres, *criterion)
        return new

    def where(self, *criterion: Any) -> Self:
        """``filter``, as `select()` calls it."""
        return self.filter(*criterion)

    def filter_by(self, **kwargs: Any) -> Self:
        """Add conditions by attribute name, on the entity that was joined last."""
        target = self._entities[0] if self._joined is None else self._joined
        if self._compound is not None:
            target = self._compound.origin(target)  # whose columns the parameters are named after
        return self.filter(*[_named(target, name) == value for name, value in kwargs.items()])

    def order_by(self, *clauses: Any) -> Self:
        """Add to ORDER BY; ``None`` or ``False`` alone takes it away."""
        if len(clauses) == 1 and (clauses[0] is None or clauses[0] is False):
            return self._copy(self._select().order_by(None), "order_by")
        clauses = self._adapted(clauses)
        return self._copy(self._unlimited("order_by").order_by(*clauses), "order_by")

    def group_by(self, *clauses: Any) -> Self:
        """Add to GROUP BY."""
        clauses = self._adapted(clauses)
        return self._copy(self._unlimited("group_by").group_by(*clauses), "group_by")

    def having(self, *having: Any) -> Self:
        """Add conditions on groups."""
        having = self._adapted(having)
        return self._copy(self._unlimited("having").having(*having), "having")

    def limit(self, limit: Any) -> Self:
        """At most this many rows."""
        return self._copy(self._select().limit(limit), "limit")

    def offset(self, offset: Any) -> Self:
        """Skip this many rows."""
        new = self._copy(self._select().offset(offset), "offset")
        new._skipped = offset if isinstance(offset, int) else 0
        return new

    def slice(self, start: int | None, stop: int | None) -> Self:
        """The rows from ``start`` to before ``stop``, within those selected so far."""
        begin = self._skipped + (start or 0)
        if stop is None:
            return self.offset(begin)
        count = stop - (start or 0)
        return self._copy(self._select().offset(None).slice(begin, begin + count), "limit")

    def distinct(self, *expr: Any) -> Self:
        """SELECT DISTINCT."""
        return self._copy(self._select().distinct(*expr), "distinct")

    # -- what is selected, and from where ----------------------------------------------------

    def with_entities(self, *entities: Any) -> Self:
        """The same rows, other columns."""
        entities = self._adapted(entities)
        new = self._copy(self._select().with_only_columns(*entities, maintain_column_froms=False))
        new._entities = entities
        return new

    def add_columns(self, *column: Any) -> Self:
        """Select more columns."""
        column = self._adapted(column)
        new = self._copy(self._select().add_columns(*column))
        new._entities = (*self._entities, *column)
        return new

    def add_column(self, column: Any) -> Self:
        """Select one more column; ``add_columns``."""
        return self.add_columns(column)

    def add_entity(self, entity: Any, alias: Any = None) -> Self:
        """Select one more entity."""
        return self.add_columns(entity if alias is None else alias)

    def select_from(self, *from_obj: Any) -> Self:
        """Say what FROM starts with."""
        return self._copy(self._select().select_from(*from_obj), "select_from")

    def join(self, target: Any, *props: Any, isouter: bool = False, full: bool = False) -> Self:
        """Join a relationship attribute, or an entity (with its ON clause)."""
        if isinstance(target, str):
            raise exc.ArgumentError(
                f"Join target {target!r} is a string: write the attribute, as in "
                f"join(Class.{target})"
            )
        (target,) = self._adapted((target,), entities=False)
        props = self._adapted(props)
        stmt = self._unlimited("join").join(target, *props, isouter=isouter, full=full)
        new = self._copy(stmt, "join")
        new._joined = _joined_entity(target)
        return new

    def outerjoin(self, target: Any, *props: Any, full: bool = False) -> Self:
        """LEFT OUTER JOIN; see ``join``."""
        return self.join(target, *props, isouter=True, full=full)

    def reset_joinpoint(self) -> Self:
        """Have ``filter_by`` apply to the first entity again."""
        new = self._copy()
        new._joined = None
        return new

    def correlate(self, *fromclauses: Any) -> Self:
        """What the query takes from the statement around it, when it is a subquery."""
        return self._copy(self._select().correlate(*fromclauses))

    def with_for_update(
        self,
        *,
        nowait: bool = False,
        read: bool = False,
        of: Any = None,
        skip_locked: bool = False,
        key_share: bool = False,
    ) -> Self:
        """Lock the rows."""
        stmt = self._select().with_for_update(
            nowait=nowait, read=read, of=of, skip_locked=skip_locked, key_share=key_share
        )
        return self._copy(stmt)

    def prefix_with(self, *prefixes: Any, dialect: str = "*") -> Self:
        """Text after SELECT."""
        return self._copy(self._select().prefix_with(*prefixes, dialect=dialect))

    def suffix_with(self, *suffixes: Any, dialect: str = "*") -> Self:
        """Text after the statement."""
        return self._copy(self._select().suffix_with(*suffixes, dialect=dialect))

    def with_hint(self, selectable: Any, text: str, dialect_name: str = "*") -> Self:
        """A hint for one of the tables or entities; ``%(name)s`` is its name."""
        return self._copy(self._select().with_hint(selectable, text, dialect_name))

    def with_statement_hint(self, text: str, dialect_name: str = "*") -> Self:
        """A hint for the whole statement, for one dialect."""
        return self._copy(self._select().with_statement_hint(text, dialect_name))

    def with_labels(self) -> Self:
        """Label columns ``table_column``; what a query does anyway."""
        return self._copy(labelled(self._select()))

    def from_statement(self, statement: Any) -> Self:
        """Load the entities from this statement's rows."""
        new = self._copy()
        new._textual = statement
        return new

    # -- how it is run -----------------------------------------------------------------------

    def options(self, *args: Any) -> Self:
        """Loader options: ``selectinload(User.posts)`` and the like."""
        return self._copy(self._select().options(*args))

    def with_transformation(self, fn: Callable[[Any], Any]) -> Any:
        """``fn(self)``."""
        return fn(self)

    def enable_eagerloads(self, value: bool) -> Self:
        """False: load no relationship with the objects."""
        return self._copy() if value else self.options(lazyload("*"))

    def execution_options(self, **kwargs: Any) -> Self:
        """Set options of the execution."""
        new = self._copy()
        new._options = {**self._options, **kwargs}
        return new

    def get_execution_options(self) -> Mapping[str, Any]:
        """The execution options set so far."""
        return self._options

    def populate_existing(self) -> Self:
        """Load attributes of objects that are in the session already again."""
        return self.execution_options(populate_existing=True)

    def yield_per(self, count: int) -> Self:
        """Fetch this many rows at a time."""
        return self.execution_options(yield_per=count)

    def autoflush(self, setting: bool) -> Self:
        """Whether running this query flushes first."""
        new = self._copy()
        new._autoflush = setting
        return new

    def params(self, *args: Mapping[str, Any], **kwargs: Any) -> Self:
        """Give values to the binds of the query."""
        new = self._copy()
        new._params = {**self._params, **(args[0] if args else {}), **kwargs}
        return new

    def with_session(self, session: Any) -> Self:
        """The same query in another session."""
        new = self._copy()
        new.session = session
        return new

    # -- compounds ---------------------------------------------------------------------------

    def union(self, *q: Any) -> Self:
        """The rows of any of the queries, once each."""
        return self._combine(union, q)

    def union_all(self, *q: Any) -> Self:
        """The rows of all the queries."""
        return self._combine(union_all, q)

    def intersect(self, *q: Any) -> Self:
        """The rows that all the queries have."""
        return self._combine(intersect, q)

    def intersect_all(self, *q: Any) -> Self:
        """The rows that all the queries have, repeated as often."""
        return self._combine(intersect_all, q)

    def except_(self, *q: Any) -> Self:
        """The rows of this query that the others don't have."""
        return self._combine(except_, q)

    def except_all(self, *q: Any) -> Self:
        """The rows of this query without those of the others, counted."""
        return self._combine(except_all, q)

    def _combine(self, combine: Callable[..., Any], others: tuple[Any, ...]) -> Self:
        parts = [self._select(), *(other._select() for other in others)]
        compound = Compound(combine(*parts).subquery(), self._entities)
        chosen = tuple(compound.adapted(entity) for entity in self._entities)
        new = self._copy(labelled(select(*chosen)))
        new._entities = chosen
        new._wheres = ()
        new._called = frozenset()
        new._compound = compound
        new._joined = None
        return new

    def _adapted(self, given: tuple[Any, ...], entities: bool = True) -> tuple[Any, ...]:
        """What was given, taken from the union when the query selects from one."""
        compound = self._compound
        if compound is None:
            return given
        return tuple(
            each if not entities and is_entity(each) else compound.adapted(each) for each in given
        )

    # -- as part of another statement --------------------------------------------------------

    @property
    def statement(self) -> Any:
        """The statement, to be run with ``session.execute``; its labels are plain names."""
        if self._textual is not None:
            return self._textual
        stmt = self._select().set_label_style(LABEL_STYLE_DEFAULT)
        return stmt.params(**self._params) if self._params else stmt

    def subquery(
        self, name: str | None = None, with_labels: bool = False, reduce_columns: bool = False
    ) -> Any:
        """The query as a FROM element."""
        stmt = self._select() if with_labels else self.statement
        return (stmt.reduce_columns() if reduce_columns else stmt).subquery(name)

    def cte(self, name: str | None = None, recursive: bool = False, nesting: bool = False) -> Any:
        """The query as a common table expression."""
        return self.statement.cte(name, recursive=recursive, nesting=nesting)

    def label(self, name: str | None) -> Any:
        """The query as a labelled scalar subquery."""
        return self.statement.label(name)

    def scalar_subquery(self) -> Any:
        """The query as a value."""
        return self.statement.scalar_subquery()

    def as_scalar(self) -> Any:
        """``scalar_subquery``, by its old name."""
        warn_deprecated("Query.as_scalar()", "write scalar_subquery()", "1.4")
        return self.scalar_subquery()

    def exists(self) -> Any:
        """``EXISTS (SELECT 1 FROM ... WHERE ...)`` of this query."""
        inner = self._select().with_only_columns(literal_column("1"), maintain_column_froms=True)
        return inner.exists()

    @property
    def selectable(self) -> Any:
        """The statement."""
        return self.__clause_element__()

    def __clause_element__(self) -> Any:
        return self._select()

    @property
    def whereclause(self) -> Any:
        """The WHERE clause, or None."""
        return self._select().whereclause

    @property
    def column_descriptions(self) -> list[dict[str, Any]]:
        """What each row holds: name, type, expression, entity."""
        return [_described(entity) for entity in self._entities]

    @property
    def is_single_entity(self) -> bool:
        """Whether the query gives objects instead of rows."""
        return len(self._entities) == 1 and is_entity(self._entities[0])


def _described(item: Any) -> dict[str, Any]:
    """What one element of the query gives in each row."""
    if is_entity(item):
        mapper = getattr(item, "__mapper__", None) or item.mapper
        aliased_ = not isinstance(item, type) and item is not mapper
        name = getattr(item, "__name__", None) or mapper.class_.__name__
        return {"name": name, "type": mapper.class_, "aliased": aliased_, "expr": item,
                "entity": item}  # fmt: skip
    return {
        "name": getattr(item, "key", None) or getattr(item, "name", None),
        "type": getattr(item, "type", None),
        "aliased": False,
        "expr": item,
        "entity": getattr(item, "class_", None),
    }


def _named(target: Any, name: str) -> Any:
    """The attribute that ``filter_by`` names."""
    entity = target if is_entity(target) else getattr(target, "class_", None)
    attribute = getattr(entity, name, None)
    if attribute is None:
        mapper = getattr(entity, "__mapper__", None) or getattr(entity, "mapper", None)
        table = target if mapper is None else mapper.local_table.name
        raise exc.InvalidRequestError(f'Entity namespace for "{table}" has no property "{name}"')
    return attribute


def _joined_entity(target: Any) -> Any:
    """The entity that a join adds: that of a relationship attribute, or the target itself."""
    prop = getattr(target, "property", None)
    mapper = getattr(prop, "mapper", None)
    if mapper is None:
        return target
    of_type = getattr(target, "_of_type", None)
    return mapper.class_ if of_type is None else of_type


__all__ = ["QueryBuilder", "is_entity"]
