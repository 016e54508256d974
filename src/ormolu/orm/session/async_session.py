"""`AsyncSession`: the façade that runs the plans with asynchronous drivers.

It keeps a `Session` (``sync_session``) that holds the objects and decides everything; the two run
the same plans. What needs I/O is awaited here; on the inner session it raises `MissingGreenlet`,
which says what to await instead.
"""

from __future__ import annotations

import inspect
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    TypeVar,
    overload,
)

from ormolu.engine.async_connection import BridgedConnection
from ormolu.engine.async_engine import AsyncConnection
from ormolu.event import Dispatch, owned_dispatch, register_target
from ormolu.io.async_loop import run_async
from ormolu.io.plan import Plan

from . import async_helpers, connections, contention, execution, helpers, merge, objects, plans
from .async_statements import AsyncStatements
from .async_transaction import AsyncSessionTransaction
from .contention import AsyncOwner
from .events import SessionDispatch
from .membership import NoAutoflush
from .session import Session
from .transaction import Enlisted
from .views import IdentityKey, IdentityMapView, IdentitySet

if TYPE_CHECKING:
    from typing import Unpack

    from ormolu.orm.mapping.mapper import Mapper

    from .keywords import GetOptions

_O = TypeVar("_O")
_AS = TypeVar("_AS", bound="AsyncSession")

Options = execution.Options


class AsyncSession(AsyncStatements):
    """A session whose I/O is awaited; the rest is as in `Session`, whose options it takes.

    :param bind: an `AsyncEngine` or `AsyncConnection`; ``binds`` says it per class.
    :param sync_session_class: the class of the inner session, for event listeners.
    """

    sync_session_class: ClassVar[type[Session]] = Session
    _is_asyncio = True

    def __init__(
        self,
        bind: Any = None,
        *,
        binds: Mapping[Any, Any] | None = None,
        sync_session_class: type[Session] | None = None,
        **kw: Any,
    ) -> None:
        self.bind = bind
        self.binds = binds
        self._guard = AsyncOwner(BridgedConnection, weakref.ref(self))
        self.sync_session: Session = (sync_session_class or self.sync_session_class)(
            bind, binds=binds, **kw
        )
        self.sync_session._owner = self._guard

    # -- the transaction ---------------------------------------------------------------------

    def begin(self, nested: bool = False) -> AsyncSessionTransaction:
        """Begin: ``async with session.begin():`` or ``await session.begin()``."""
        return AsyncSessionTransaction(self, nested)

    def begin_nested(self) -> AsyncSessionTransaction:
        """Begin a savepoint: ``async with session.begin_nested():``, or await it."""
        return AsyncSessionTransaction(self, nested=True)

    async def commit(self) -> None:
        """Flush, commit everything that is open, and expire the objects."""
        await self._run(plans.commit_plan(self.sync_session))

    async def rollback(self) -> None:
        """Roll back everything that is open."""
        await self._run(plans.rollback_plan(self.sync_session))

    async def prepare(self) -> None:
        """Make ready for a two-phase commit."""
        await self._run(plans.prepare_plan(self.sync_session))

    async def close(self) -> None:
        """Detach all objects and roll back what is open; never commits."""
        await self._run(plans.close_plan(self.sync_session))

    async def aclose(self) -> None:
        """``close``, under the name that ``contextlib.aclosing`` calls."""
        await self.close()

    async def reset(self) -> None:
        """As ``close``; the session can be used again even with ``close_resets_only=False``."""
        await self._run(plans.reset_plan(self.sync_session))

    async def invalidate(self) -> None:
        """As ``close``, and the driver connections are closed too."""
        await self._run(plans.invalidate_plan(self.sync_session))

    def in_transaction(self) -> bool:
        """Whether a transaction has begun."""
        return self.sync_session.in_transaction()

    def in_nested_transaction(self) -> bool:
        """Whether a savepoint is open."""
        return self.sync_session.in_nested_transaction()

    def get_transaction(self) -> AsyncSessionTransaction | None:
        """The root transaction, if it has begun."""
        return AsyncSessionTransaction.of(self, self.sync_session.get_transaction())

    def get_nested_transaction(self) -> AsyncSessionTransaction | None:
        """The innermost savepoint, if there is one."""
        return AsyncSessionTransaction.of(self, self.sync_session.get_nested_transaction())

    async def __aenter__(self: _AS) -> _AS:
        return self

    async def __aexit__(self, type_: object, value: object, traceback: object) -> None:
        await self._run(plans.exit_session_plan(self.sync_session, type_ is None))

    async def connection(
        self, bind_arguments: Options = None, execution_options: Options = None
    ) -> AsyncConnection:
        """The `AsyncConnection` that this session's transaction uses."""
        wanted = {"mapper": None, **(bind_arguments or {})}
        entry = await self._run(_enlist_plan(self.sync_session, wanted, execution_options))
        return connections.public(AsyncConnection, entry)

    def get_bind(
        self, mapper: Any = None, *, clause: Any = None, bind: Any = None, **kw: Any
    ) -> Any:
        """The engine or connection for a mapper or statement."""
        return self.sync_session.get_bind(mapper, clause=clause, bind=bind, **kw)

    def bind_mapper(self, mapper: Any, bind: Any) -> None:
        """Send the statements of a mapper, mapped class or base class to ``bind``."""
        self.sync_session.bind_mapper(mapper, bind)

    def bind_table(self, table: Any, bind: Any) -> None:
        """Send the statements on a table to ``bind``."""
        self.sync_session.bind_table(table, bind)

    # -- objects -----------------------------------------------------------------------------

    @overload
    async def get(
        self,
        entity: type[_O],
        ident: Any,
        **options: Unpack[GetOptions],
    ) -> _O | None: ...
    @overload
    async def get(
        self,
        entity: Mapper,
        ident: Any,
        **options: Unpack[GetOptions],
    ) -> Any: ...

    async def get(
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
        return await run_async(
            objects.get_plan(
                self.sync_session,
                entity,
                ident,
                options,
                populate_existing,
                with_for_update,
                identity_token,
                execution_options,
                bind_arguments,
            ),
            self._guard,
        )

    @overload
    async def get_one(
        self,
        entity: type[_O],
        ident: Any,
        **options: Unpack[GetOptions],
    ) -> _O: ...
    @overload
    async def get_one(
        self,
        entity: Mapper,
        ident: Any,
        **options: Unpack[GetOptions],
    ) -> Any: ...

    async def get_one(
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
        return await self._run(
            objects.get_one_plan(
                self.sync_session,
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

    async def refresh(
        self,
        instance: object,
        attribute_names: Iterable[str] | None = None,
        with_for_update: Any = None,
    ) -> None:
        """Load the object's attributes again, or those named; relationships too when named."""
        await self._run(
            objects.refresh_plan(self.sync_session, instance, attribute_names, with_for_update)
        )

    async def delete(self, instance: object) -> None:
        """Have the next flush delete the object's row, and what the ``delete`` cascade reaches."""
        session = self.sync_session
        # While a plan runs, another task must be refused: a flush would lose what it adds.
        if self._guard.task is not None or not session._delete_simple(instance):
            await self._run(objects.delete_plan(session, instance))

    async def delete_all(self, instances: Iterable[object]) -> None:
        """``delete`` each object."""
        for instance in instances:
            await self.delete(instance)

    async def merge(
        self, instance: _O, *, load: bool = True, options: Sequence[Any] | None = None
    ) -> _O:
        """Copy the object's values onto the session's object of the same identity; return that."""
        return await self._run(merge.merge_plan(self.sync_session, instance, load, options))

    async def merge_all(
        self, instances: Iterable[_O], *, load: bool = True, options: Sequence[Any] | None = None
    ) -> Sequence[_O]:
        """``merge`` each object."""
        return await self._run(merge.merge_all_plan(self.sync_session, instances, load, options))

    async def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what is new, changed or deleted."""
        await self._run(plans.flush_session_plan(self.sync_session, objects))

    def flush_plan(self, objects: Sequence[Any] | None = None) -> list[Any]:
        """The actions that a flush would run now, as data; nothing is run."""
        return self.sync_session.flush_plan(objects)

    def enable_relationship_loading(self, obj: object) -> None:
        """Have a transient object load its relationships from this session; legacy."""
        self.sync_session.enable_relationship_loading(obj)

    def add(self, instance: object, *, _warn: bool = True) -> None:
        """Put an object into the session; see `Session.add`."""
        self.sync_session.add(instance)

    def add_all(self, instances: Iterable[object]) -> None:
        """``add`` each object."""
        self.sync_session.add_all(instances)

    def expunge(self, instance: object) -> None:
        """Take the object out of the session."""
        self.sync_session.expunge(instance)

    def expunge_all(self) -> None:
        """Take every object out of the session."""
        self.sync_session.expunge_all()

    def expire(self, instance: object, attribute_names: Iterable[str] | None = None) -> None:
        """Have attributes loaded again; in async that needs ``await session.refresh()``."""
        self.sync_session.expire(instance, attribute_names)

    def expire_all(self) -> None:
        """Expire every persistent object."""
        self.sync_session.expire_all()

    def is_modified(self, instance: object, include_collections: bool = True) -> bool:
        """Whether a flush would find net changes on the object."""
        return self.sync_session.is_modified(instance, include_collections)

    def __contains__(self, instance: object) -> bool:
        return instance in self.sync_session

    def __iter__(self) -> Iterator[Any]:
        return iter(self.sync_session)

    @property
    def dispatch(self) -> SessionDispatch:
        """The handlers of the inner session's events."""
        return self.sync_session.dispatch

    @property
    def new(self) -> IdentitySet:
        """The objects that the next flush inserts."""
        return self.sync_session.new

    @property
    def dirty(self) -> IdentitySet:
        """The persistent objects with attribute changes."""
        return self.sync_session.dirty

    @property
    def deleted(self) -> IdentitySet:
        """The objects that the next flush deletes."""
        return self.sync_session.deleted

    @property
    def identity_map(self) -> IdentityMapView:
        """The persistent objects under their identity keys."""
        return self.sync_session.identity_map

    @property
    def is_active(self) -> bool:
        """False when a failed flush waits for ``rollback()``."""
        return self.sync_session.is_active

    @property
    def info(self) -> dict[Any, Any]:
        """A dict for the user's own data."""
        return self.sync_session.info

    @property
    def no_autoflush(self) -> NoAutoflush:
        """A context manager (``with``, not ``async with``) that turns autoflush off."""
        return NoAutoflush(self.sync_session)

    @property
    def autoflush(self) -> bool:
        """Whether queries flush first."""
        return self.sync_session.autoflush

    @autoflush.setter
    def autoflush(self, value: bool) -> None:
        self.sync_session.autoflush = value

    @classmethod
    def object_session(cls, instance: object) -> Session | None:
        """The inner `Session` that holds the object."""
        return Session.object_session(instance)

    @classmethod
    def identity_key(
        cls,
        class_: type[Any] | None = None,
        ident: Any = None,
        *,
        instance: Any = None,
        row: Any = None,
        identity_token: Any = None,
    ) -> IdentityKey:
        """The identity key of a class and primary key, of an object, or of a row."""
        return helpers.identity_key(
            class_, ident, instance=instance, row=row, identity_token=identity_token
        )

    @classmethod
    async def close_all(cls) -> None:
        """Close every async session; `close_all_sessions`."""
        await async_helpers.close_all_sessions()


def _enlist_plan(
    session: Session, wanted: Mapping[str, Any], execution_options: Options
) -> Plan[Enlisted]:
    transaction = session._begun()
    bind = session.get_bind(**wanted)
    return (yield from connections.enlist_plan(session, transaction, bind, execution_options))


for _name, _member in [*vars(AsyncStatements).items(), *vars(AsyncSession).items()]:
    if not _name.startswith("_") and inspect.iscoroutinefunction(_member):
        _member.__qualname__ = f"AsyncSession.{_name}"  # as "was never awaited" names it
        setattr(AsyncSession, _name, contention.sited(_member))


def async_targets(target: Any) -> Dispatch:
    """Where a listener on an async session or session class goes: to its inner session."""
    inner: Any = getattr(target, "sync_session", None) or target.sync_session_class
    return owned_dispatch(inner)


register_target(AsyncSession, async_targets)
