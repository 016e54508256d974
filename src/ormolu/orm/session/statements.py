"""The statements that a `Session` executes, with what type checkers know of their results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, LiteralString, TypeVar, TypeVarTuple, overload

from ormolu.deferred import deferred
from ormolu.engine.result import Result, ScalarResult

from . import execution, objects
from .core import SessionBase

if TYPE_CHECKING:
    from typing import Unpack

    from ormolu.engine.cursor import CursorResult
    from ormolu.engine.row import Row
    from ormolu.orm.mapping.mapper import Mapper
    from ormolu.sql.column_operators import SQLCoreOperations
    from ormolu.sql.dml import UpdateBase
    from ormolu.sql.executable import Executable, TypedReturnsRows

    from . import query
    from .keywords import GetOptions, StatementOptions
    from .query import Query
else:
    query = deferred("ormolu.orm.session.query")

_O = TypeVar("_O")
_T = TypeVar("_T")
_T0 = TypeVar("_T0")
_T1 = TypeVar("_T1")
_T2 = TypeVar("_T2")
_T3 = TypeVar("_T3")
_Ts = TypeVarTuple("_Ts")

AnyParams = execution.AnyParams
Options = execution.Options


class SessionStatements(SessionBase):
    """The part of a `Session` that executes statements and finds objects by their keys."""

    @overload
    def execute(
        self,
        statement: TypedReturnsRows[*_Ts],
        params: AnyParams = None,
        **options: Unpack[StatementOptions],
    ) -> Result[*_Ts]: ...
    @overload
    def execute(
        self,
        statement: UpdateBase,
        params: AnyParams = None,
        **options: Unpack[StatementOptions],
    ) -> CursorResult[*tuple[Any, ...]]: ...
    @overload
    def execute(
        self,
        statement: Executable | LiteralString,
        params: AnyParams = None,
        **options: Unpack[StatementOptions],
    ) -> Result[*tuple[Any, ...]]: ...

    def execute(
        self,
        statement: Any,
        params: AnyParams = None,
        *,
        execution_options: Options = None,
        bind_arguments: Options = None,
    ) -> Result[Any]:
        """Run a statement, a plain string too, and return its result."""
        return self._run(
            execution.execute_plan(self, statement, params, execution_options, bind_arguments)
        )

    @overload
    def scalars(
        self,
        statement: TypedReturnsRows[_T, *tuple[Any, ...]],
        params: AnyParams = None,
        **options: Unpack[StatementOptions],
    ) -> ScalarResult[_T]: ...
    @overload
    def scalars(
        self,
        statement: Executable | LiteralString,
        params: AnyParams = None,
        **options: Unpack[StatementOptions],
    ) -> ScalarResult[Any]: ...

    def scalars(
        self,
        statement: Any,
        params: AnyParams = None,
        *,
        execution_options: Options = None,
        bind_arguments: Options = None,
    ) -> ScalarResult[Any]:
        """Run a statement and return the first column of its rows."""
        return self._run(
            execution.execute_plan(self, statement, params, execution_options, bind_arguments, True)
        )

    @overload
    def scalar(
        self,
        statement: TypedReturnsRows[_T, *tuple[Any, ...]],
        params: AnyParams = None,
        **options: Unpack[StatementOptions],
    ) -> _T | None: ...
    @overload
    def scalar(
        self,
        statement: Executable | LiteralString,
        params: AnyParams = None,
        **options: Unpack[StatementOptions],
    ) -> Any: ...

    def scalar(
        self,
        statement: Any,
        params: AnyParams = None,
        *,
        execution_options: Options = None,
        bind_arguments: Options = None,
    ) -> Any:
        """Run a statement and return the first column of its first row, or None."""
        return self._run(
            execution.scalar_plan(self, statement, params, execution_options, bind_arguments)
        )

    @overload
    def query(self, entity: type[_O], /) -> Query[_O]: ...
    @overload
    def query(self, expression: SQLCoreOperations[_T], /) -> Query[Row[_T]]: ...
    @overload
    def query(
        self,
        entity0: type[_T0] | SQLCoreOperations[_T0],
        entity1: type[_T1] | SQLCoreOperations[_T1],
        /,
    ) -> Query[Row[_T0, _T1]]: ...
    @overload
    def query(
        self,
        entity0: type[_T0] | SQLCoreOperations[_T0],
        entity1: type[_T1] | SQLCoreOperations[_T1],
        entity2: type[_T2] | SQLCoreOperations[_T2],
        /,
    ) -> Query[Row[_T0, _T1, _T2]]: ...
    @overload
    def query(
        self,
        entity0: type[_T0] | SQLCoreOperations[_T0],
        entity1: type[_T1] | SQLCoreOperations[_T1],
        entity2: type[_T2] | SQLCoreOperations[_T2],
        entity3: type[_T3] | SQLCoreOperations[_T3],
        /,
    ) -> Query[Row[_T0, _T1, _T2, _T3]]: ...
    @overload
    def query(self, *entities: Any, **kwargs: Any) -> Query[Any]: ...

    def query(self, *entities: Any, **kwargs: Any) -> Query[Any]:
        """A legacy `Query` over classes and columns."""
        return (self._query_cls or query.Query)(entities, self, **kwargs)

    @overload
    def get(
        self,
        entity: type[_O],
        ident: Any,
        **options: Unpack[GetOptions],
    ) -> _O | None: ...
    @overload
    def get(
        self,
        entity: Mapper,
        ident: Any,
        **options: Unpack[GetOptions],
    ) -> Any: ...

    def get(
        self,
        entity: Any,
        ident: Any,
        *,
        options: Sequence[Any] | None = None,
        populate_existing: bool | None = None,
        with_for_update: Any = None,
        identity_token: Any = None,
        execution_options: Options = None,
        bind_arguments: Options = None,
    ) -> Any:
        """The object under a primary key, from the session or the database; None if neither."""
        return self._run(
            objects.get_plan(
                self,
                entity,
                ident,
                options,
                populate_existing,
                with_for_update,
                identity_token,
                execution_options,
                bind_arguments,
            )
        )

    @overload
    def get_one(
        self,
        entity: type[_O],
        ident: Any,
        **options: Unpack[GetOptions],
    ) -> _O: ...
    @overload
    def get_one(
        self,
        entity: Mapper,
        ident: Any,
        **options: Unpack[GetOptions],
    ) -> Any: ...

    def get_one(
        self,
        entity: Any,
        ident: Any,
        *,
        options: Sequence[Any] | None = None,
        populate_existing: bool | None = None,
        with_for_update: Any = None,
        identity_token: Any = None,
        execution_options: Options = None,
        bind_arguments: Options = None,
    ) -> Any:
        """As ``get``; raises `NoResultFound` when there is no such row."""
        return self._run(
            objects.get_one_plan(
                self,
                entity,
                ident,
                options=options,
                populate_existing=populate_existing,
                with_for_update=with_for_update,
                identity_token=identity_token,
                execution_options=execution_options,
                bind_arguments=bind_arguments,
            )
        )
