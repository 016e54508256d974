"""`Query`: the 1.x way to write a SELECT over mapped classes, on top of `select()`.

A query is a frozen `Select` with its session; each method gives a new query. What differs from
running the `Select` oneself: labels are ``table_column``, a query of one class gives objects
instead of rows, and objects that a join repeats come once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from ormolu import exc
from ormolu.deprecation import IS_A_TUPLE, warn_deprecated
from ormolu.sql import delete, func, literal_column, select, update

from .query_building import QueryBuilder, is_entity

if TYPE_CHECKING:
    from .session import Session

_T = TypeVar("_T")

_NOT_IN_BULK = ("limit", "offset", "order_by", "group_by", "distinct", "from_statement", "join")


class Query(QueryBuilder, Generic[_T]):
    """A SELECT over mapped classes and columns, bound to a session.

    :param entities: classes, aliases, columns; one alone needs no tuple.
    :param session: where it runs; may be given later by ``with_session``.
    """

    session: Session

    # -- running it --------------------------------------------------------------------------

    def _execute(self, stmt: Any = None) -> Any:
        """The result, as it comes from the session."""
        session = self._session()
        if stmt is None:
            stmt = self._to_run()
        if self._autoflush is None:
            return session.execute(
                stmt, self._params or None, execution_options=self._options or None
            )
        was, session.autoflush = session.autoflush, self._autoflush and session.autoflush
        try:
            return session.execute(
                stmt, self._params or None, execution_options=self._options or None
            )
        finally:
            session.autoflush = was

    def _session(self) -> Session:
        if self.session is None:
            raise exc.UnboundExecutionError(
                "This Query has no session to run in; write session.query(...) or "
                "query.with_session(session)"
            )
        return self.session

    def _to_run(self) -> Any:
        if self._textual is not None:
            return select(*self._entities).from_statement(self._textual)
        return self._select()

    def _results(self, stmt: Any = None) -> Any:
        """What ``all`` gives, still to be fetched: objects or rows, each object once."""
        result = self._execute(stmt)
        if self.is_single_entity:
            result = result.scalars()
        if "yield_per" not in self._options and any(map(is_entity, self._entities)):
            return result.unique()
        return result

    def all(self) -> list[_T]:
        """All objects, or rows."""
        return list(self._results().all())

    def first(self) -> _T | None:
        """The first, or None; asks the database for one row only."""
        if self._textual is not None:
            found: _T | None = self._results().first()
            return found
        rows = self.limit(1)._results().all()
        return rows[0] if rows else None

    def one(self) -> _T:
        """The only one.

        :raises NoResultFound: when there is none.
        :raises MultipleResultsFound: when there are several.
        """
        found: _T = self._results().one()
        return found

    def one_or_none(self) -> _T | None:
        """The only one, or None; `MultipleResultsFound` when there are several."""
        found: _T | None = self._results().one_or_none()
        return found

    def scalar(self) -> Any:
        """The first column of the only row, or None without one.

        :raises MultipleResultsFound: when there are several rows.
        """
        found = self._results().one_or_none()
        if found is None or self.is_single_entity:
            return found
        return found[0]

    def __iter__(self) -> Iterator[_T]:
        return iter(self._results())

    def count(self) -> int:
        """How many rows the query gives, counted by the database."""
        inner = self._select().subquery()
        stmt = select(func.count(literal_column("*"))).select_from(inner)
        return int(self._execute(stmt).scalar())

    def get(self, ident: Any) -> _T | None:
        """The object under a primary key; use ``session.get``."""
        if not self.is_single_entity or self._wheres or self._called:
            raise exc.InvalidRequestError(
                "Query.get() being called on a Query with existing criterion. "
                "Use session.get(Class, primary_key)"
            )
        found: _T | None = self._session().get(
            self._entities[0],
            ident,
            options=self._select()._with_options,
            populate_existing=bool(self._options.get("populate_existing")),
        )
        return found

    @overload
    def __getitem__(self, item: int) -> _T: ...
    @overload
    def __getitem__(self, item: slice) -> list[_T]: ...
    def __getitem__(self, item: int | slice) -> _T | list[_T]:
        if isinstance(item, slice):
            start, stop, step = item.start, item.stop, item.step
            _refuse_negative(start, stop)
            if start is not None and stop is not None and stop <= start:
                return []
            rows = self.slice(start, stop).all()
            return rows if step is None else rows[::step]
        _refuse_negative(item)
        rows = self.slice(item, item + 1).all()
        return rows[0]

    def tuples(self) -> Query[Any]:
        """The same query (deprecated: a row is a tuple)."""
        warn_deprecated("Query.tuples()", IS_A_TUPLE, "2.1.0")
        return self

    def merge_result(self, iterator: Any, load: bool = True) -> Sequence[Any]:
        """Merge objects from elsewhere into the session, in their order."""
        return self._session().merge_all(iterator, load=load)

    # -- changing rows -----------------------------------------------------------------------

    def update(
        self,
        values: dict[Any, Any],
        synchronize_session: Any = "auto",
        update_args: dict[Any, Any] | None = None,
    ) -> int:
        """UPDATE the rows that the criteria select; the number of rows matched.

        :param synchronize_session: how objects in the session follow: ``"auto"``, ``"evaluate"``,
            ``"fetch"`` or False.
        """
        stmt = update(self._bulk_target()).where(*self._wheres).values(values)
        if update_args:
            stmt = stmt.with_dialect_options(**update_args)
        return self._run_bulk(stmt, synchronize_session)

    def delete(
        self, synchronize_session: Any = "auto", delete_args: dict[Any, Any] | None = None
    ) -> int:
        """DELETE the rows that the criteria select; the number of rows matched."""
        stmt = delete(self._bulk_target()).where(*self._wheres)
        if delete_args:
            stmt = stmt.with_dialect_options(**delete_args)
        return self._run_bulk(stmt, synchronize_session)

    def _bulk_target(self) -> Any:
        for method in _NOT_IN_BULK:
            if method in self._called:
                raise exc.InvalidRequestError(
                    f"Can't call Query.update() or Query.delete() when {method}() has been called"
                )
        if self._compound or not self._entities:
            raise exc.InvalidRequestError(
                "Query.update() and Query.delete() need a query of one class"
            )
        entity = self._entities[0]
        return entity if is_entity(entity) else entity.class_

    def _run_bulk(self, stmt: Any, synchronize_session: Any) -> int:
        options = {**self._options, "synchronize_session": synchronize_session}
        session = self._session()
        result: Any = session.execute(stmt, self._params or None, execution_options=options)
        return int(result.rowcount)

    def __str__(self) -> str:
        stmt = self._to_run()
        bind = None if self.session is None else self.session.bind
        if bind is None:
            return str(stmt)
        return str(stmt.compile(dialect=bind.dialect))


def _refuse_negative(*indexes: int | None) -> None:
    if any(index is not None and index < 0 for index in indexes):
        raise IndexError("negative indexes are not accepted by SQL index / slice operators")
