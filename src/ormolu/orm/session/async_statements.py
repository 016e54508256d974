"""How an `AsyncSession` runs its plans, and the statements that it executes.

One task at a time is inside of a session; functions written for a `Session` run in a worker thread,
where its I/O is done on the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from threading import get_ident
from typing import (
    TYPE_CHECKING,
    Any,
    Concatenate,
    LiteralString,
    ParamSpec,
    TypeVar,
    TypeVarTuple,
    overload,
)

from ormolu.engine.async_errors import refuse_stream
from ormolu.engine.async_result import AsyncResult, AsyncScalarResult
from ormolu.engine.result import Result, ScalarResult
from ormolu.io.async_loop import bridge, in_thread, run_async
from ormolu.io.plan import Plan
from ormolu.orm.loading.streaming import AWAITED

from . import async_helpers, execution
from .contention import AsyncOwner
from .session import Session

if TYPE_CHECKING:
    from typing import Unpack

    from ormolu.engine.cursor import CursorResult
    from ormolu.sql.dml import UpdateBase
    from ormolu.sql.executable import Executable, TypedReturnsRows

    from .keywords import StatementOptions

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")
_P = ParamSpec("_P")

AnyParams = execution.AnyParams
Options = execution.Options


class AsyncStatements:
    """The part of an `AsyncSession` that runs plans and executes statements."""

    sync_session: Session
    _guard: AsyncOwner

    def _run(self, plan: Plan[_T]) -> Coroutine[Any, Any, _T]:
        """Run a plan; refuse when another task is inside this session."""
        return run_async(plan, self._guard)

    @overload
    async def execute(
        self,
        statement: TypedReturnsRows[*_Ts],
        params: AnyParams = None,
        **options: Unpack[StatementOptions],
    ) -> Result[*_Ts]: ...
    @overload
    async def execute(
        self,
        statement: UpdateBase,
        params: AnyParams = None,
        **options: Unpack[StatementOptions],
    ) -> CursorResult[*tuple[Any, ...]]: ...
    @overload
    async def execute(
        self,
        statement: Executable | LiteralString,
        params: AnyParams = None,
        **options: Unpack[StatementOptions],
    ) -> Result[*tuple[Any, ...]]: ...

    async def execute(
        self,
        statement: Any,
        params: AnyParams = None,
        *,
        execution_options: Options = None,
        bind_arguments: Options = None,
    ) -> Result[Any]:
        """Run a statement, a plain string too, and return its buffered result.

        :raises AsyncMethodRequired: for ``yield_per`` or ``stream_results``; ``stream`` has them.
        """
        refuse_stream("AsyncSession", statement, params, execution_options)
        return await run_async(
            execution.execute_plan(
                self.sync_session, statement, params, execution_options, bind_arguments
            ),
            self._guard,
        )

    @overload
    async def scalars(
        self,
        statement: TypedReturnsRows[_T, *tuple[Any, ...]],
        params: AnyParams = None,
        **options: Unpack[StatementOptions],
    ) -> ScalarResult[_T]: ...
    @overload
    async def scalars(
        self,
        statement: Executable | LiteralString,
        params: AnyParams = None,
        **options: Unpack[StatementOptions],
    ) -> ScalarResult[Any]: ...

    async def scalars(
        self,
        statement: Any,
        params: AnyParams = None,
        *,
        execution_options: Options = None,
        bind_arguments: Options = None,
    ) -> ScalarResult[Any]:
        """Run a statement and return the first column of its rows."""
        refuse_stream("AsyncSession", statement, params, execution_options)
        return await run_async(
            execution.execute_plan(
                self.sync_session, statement, params, execution_options, bind_arguments, True
            ),
            self._guard,
        )

    @overload
    async def scalar(
        self,
        statement: TypedReturnsRows[_T, *tuple[Any, ...]],
        params: AnyParams = None,
        **options: Unpack[StatementOptions],
    ) -> _T | None: ...
    @overload
    async def scalar(
        self,
        statement: Executable | LiteralString,
        params: AnyParams = None,
        **options: Unpack[StatementOptions],
    ) -> Any: ...

    async def scalar(
        self,
        statement: Any,
        params: AnyParams = None,
        *,
        execution_options: Options = None,
        bind_arguments: Options = None,
    ) -> Any:
        """Run a statement and return the first column of its first row, or None."""
        return await run_async(
            execution.scalar_plan(
                self.sync_session, statement, params, execution_options, bind_arguments
            ),
            self._guard,
        )

    @overload
    async def stream(
        self,
        statement: TypedReturnsRows[*_Ts],
        params: AnyParams = None,
        **options: Unpack[StatementOptions],
    ) -> AsyncResult[*_Ts]: ...
    @overload
    async def stream(
        self,
        statement: Executable | LiteralString,
        params: AnyParams = None,
        **options: Unpack[StatementOptions],
    ) -> AsyncResult[*tuple[Any, ...]]: ...

    async def stream(
        self,
        statement: Any,
        params: AnyParams = None,
        *,
        execution_options: Options = None,
        bind_arguments: Options = None,
    ) -> AsyncResult[Any]:
        """Run a statement and return a result that is iterated with ``async for``."""
        options = {"stream_results": True, **(execution_options or {}), AWAITED: True}
        found = await self._run(
            execution.execute_plan(self.sync_session, statement, params, options, bind_arguments)
        )
        return async_helpers.streamed(found, self._run)

    @overload
    async def stream_scalars(
        self,
        statement: TypedReturnsRows[_T, *tuple[Any, ...]],
        params: AnyParams = None,
        **options: Unpack[StatementOptions],
    ) -> AsyncScalarResult[_T]: ...
    @overload
    async def stream_scalars(
        self,
        statement: Executable | LiteralString,
        params: AnyParams = None,
        **options: Unpack[StatementOptions],
    ) -> AsyncScalarResult[Any]: ...

    async def stream_scalars(
        self,
        statement: Any,
        params: AnyParams = None,
        *,
        execution_options: Options = None,
        bind_arguments: Options = None,
    ) -> AsyncScalarResult[Any]:
        """As ``stream``, of the first column."""
        result = await self.stream(
            statement, params, execution_options=execution_options, bind_arguments=bind_arguments
        )
        return result.scalars()

    async def run_sync(
        self, fn: Callable[Concatenate[Session, _P], _T], *arg: _P.args, **kw: _P.kwargs
    ) -> _T:
        """Call ``fn(sync_session, ...)`` in a worker thread and return what it returns.

        There the inner session may block: its I/O runs on this event loop. So functions written for
        a `Session` work, lazy attributes included; each statement costs a change of threads.
        """
        guard = self._guard
        task = asyncio.current_task()
        assert task is not None
        if guard.task is not None and guard.task is not task:
            raise guard.refusal(task)
        outer, guard.task = guard.task, task
        try:
            return await in_thread(self._call_bridged, bridge(), fn, arg, kw)
        finally:
            guard.task = outer

    def _call_bridged(
        self, run: Callable[[Plan[Any]], Any], fn: Callable[..., _T], arg: Any, kw: Any
    ) -> _T:
        guard = self._guard
        guard.thread, guard.bridge = get_ident(), run
        try:
            return fn(self.sync_session, *arg, **kw)
        finally:
            guard.thread = guard.bridge = None
