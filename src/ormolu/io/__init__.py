"""Requests, plans, and the loops that run them (the asynchronous one: ``io.async_loop``)."""

from typing import TYPE_CHECKING

from ..deferred import lazy_names
from .loops import run_sync as run_sync
from .outcome import Description as Description
from .outcome import Outcome as Outcome
from .plan import Plan as Plan
from .requests import Batch as Batch
from .requests import Begin as Begin
from .requests import Close as Close
from .requests import CloseCursor as CloseCursor
from .requests import Commit as Commit
from .requests import Connect as Connect
from .requests import Execute as Execute
from .requests import ExecuteMany as ExecuteMany
from .requests import Fetch as Fetch
from .requests import FetchAll as FetchAll
from .requests import OpenCursor as OpenCursor
from .requests import Params as Params
from .requests import ReleaseSavepoint as ReleaseSavepoint
from .requests import Request as Request
from .requests import Rollback as Rollback
from .requests import RollbackTo as RollbackTo
from .requests import RunHook as RunHook
from .requests import Savepoint as Savepoint
from .requests import Sleep as Sleep
from .requests import Wait as Wait
from .waiter import Waiter as Waiter

if TYPE_CHECKING:
    from .drivers import AsyncDriver as AsyncDriver
    from .drivers import DriverConnection as DriverConnection
    from .drivers import DriverCursor as DriverCursor
    from .drivers import DriverModule as DriverModule
    from .drivers import SyncDriver as SyncDriver
else:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "ormolu.io.drivers": (
                "AsyncDriver",
                "DriverConnection",
                "DriverCursor",
                "DriverModule",
                "SyncDriver",
            )
        },
    )
