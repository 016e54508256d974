"""`Session`: the façade that runs the plans with blocking drivers, a plan per method."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import get_ident
from typing import TYPE_CHECKING, Any, TypeVar

from ormolu import exc
from ormolu.deferred import deferred
from ormolu.engine.connection import Connection
from ormolu.io.loops import run_sync
from ormolu.io.plan import Plan
from ormolu.orm.flush.run import preview
from ormolu.orm.loading import lazy

from . import connections, contention, execution, helpers, objects, plans
from .contention import AsyncOwner
from .core import SessionBase
from .statements import SessionStatements
from .transaction import TransactionCore
from .views import IdentityKey

if TYPE_CHECKING:
    from . import bulk_legacy, merge
    from .transaction import Enlisted
else:
    bulk_legacy = deferred("ormolu.orm.session.bulk_legacy")
    merge = deferred("ormolu.orm.session.merge")

_O = TypeVar("_O")
_S = TypeVar("_S", bound="Session")
_T = TypeVar("_T")

Options = execution.Options


class SessionTransaction(TransactionCore):
    """The transaction of a `Session`, or a savepoint in it; a context manager.

    The block's end commits, an exception in the block rolls back. A transaction that was ended
    inside the block is left alone.
    """

    __slots__ = ("entered",)

    entered: SessionBase

    def commit(self) -> None:
        """Flush and commit this level and those inside it."""
        self._open_session()._run(plans.commit_level_plan(self))

    def rollback(self) -> None:
        """Roll back this level and those inside it."""
        self._open_session()._run(plans.rollback_level_plan(self))

    def prepare(self) -> None:
        """Make ready for a two-phase commit."""
        session = self._open_session()
        session._run(plans.prepare_plan(session))

    def close(self, invalidate: bool = False) -> None:
        """Roll back if the level is still open."""
        if self.session is not None:
            self.session._run(plans.close_level_plan(self))

    def connection(
        self, bindkey: Any = None, execution_options: Options = None, **kw: Any
    ) -> Connection:
        """The connection for a mapper, in this transaction."""
        session: Any = self._open_session()
        connection: Connection = session.connection(
            {"mapper": bindkey, **kw}, execution_options=execution_options
        )
        return connection

    def _open_session(self) -> SessionBase:
        if self.session is None:
            raise exc.ResourceClosedError("This transaction is closed")
        return self.session

    def __enter__(self) -> SessionTransaction:
        session = self._open_session()
        self.entered = session
        self.context, session._context = session._context, self
        return self

    def __exit__(self, type_: object, value: object, traceback: object) -> None:
        session = self.entered
        try:
            if self.session is not None:
                session._run(plans.exit_level_plan(self, type_ is None))
        finally:
            session._context, self.context = self.context, None
            del self.entered


class Session(SessionStatements):
    """A conversation with the database: a transaction, and the objects that take part in it.

    :param bind: the `Engine` or `Connection` that statements go to; ``binds`` says it per class.
    :param autoflush: write pending changes before each query.
    :param expire_on_commit: load objects again after a commit, when they are next used.
    :param autobegin: begin by itself on first use.
    :param join_transaction_mode: see `ormolu.orm.session.connections`.
    :param close_resets_only: False: a closed session can't be used again.
    :param on_exit: what leaving ``with Session(...)`` without an exception does: ``"commit"`` or
        ``"rollback"``.
    :param lazy_batch: load a lazy attribute for all objects of a result at once, from the second
        use on.
    """

    _transaction_class = SessionTransaction

    def _run(self, plan: Plan[_T]) -> _T:
        """Run a plan; refuse when another thread is inside this session."""
        ident = get_ident()
        if self._owner is not None:
            return self._run_inside(plan, ident)
        self._owner = ident
        try:
            return run_sync(plan)
        finally:
            self._owner = None

    def _run_inside(self, plan: Plan[_T], ident: int) -> _T:
        owner = self._owner
        if owner == ident:
            return run_sync(plan)
        if isinstance(owner, AsyncOwner):
            if owner.bridge is not None and owner.serves(ident):
                return owner.bridge(plan)  # type: ignore[no-any-return]
            plan.close()
            raise contention.needs_await_call()
        plan.close()
        assert isinstance(owner, int)
        raise contention.shared_by_threads(owner)

    def _load_attribute(self, obj: object, attribute: Any) -> Any:
        owner = self._owner
        if isinstance(owner, AsyncOwner) and not owner.serves(get_ident()):
            impl = attribute.impl
            if impl.is_relationship and lazy.load_known(self, obj, attribute.property):
                return obj.__dict__[impl.key]
            raise contention.needs_await(obj, impl.key, impl.is_relationship)
        return self._run(objects.load_attribute_plan(self, obj, attribute.key))

    def _public_connection(self, entry: Enlisted) -> Any:
        owner = self._owner
        if isinstance(owner, AsyncOwner):
            return self._bridged_connection(owner.facade, entry)
        connection = connections.public(Connection, entry)
        if connection is not entry.bind:
            connection._run = self._run
        return connection

    def _bridged_connection(self, facade: type[Any], entry: Enlisted) -> Any:
        """The connection of an asynchronous session as its ``run_sync`` sees it."""
        connection = connections.public(facade, entry)
        if not isinstance(connection, facade):
            found, connection = connection, object.__new__(facade)
            connection.engine, connection._state = found.engine, found._state
        if connection is not entry.bind:
            connection.engine = getattr(connection.engine, "sync_engine", connection.engine)
            connection._run = self._run
        return connection

    # -- the transaction ---------------------------------------------------------------------

    def begin(self, nested: bool = False) -> SessionTransaction:
        """Begin the transaction (a savepoint with ``nested=True``); a context manager.

        :raises InvalidRequestError: when one has begun already.
        """
        return self._run(plans.begin_plan(self, nested))  # type: ignore[return-value]

    def begin_nested(self) -> SessionTransaction:
        """Flush and begin a savepoint; a context manager."""
        return self._run(plans.begin_plan(self, True))  # type: ignore[return-value]

    def commit(self) -> None:
        """Flush, commit everything that is open, and expire the objects."""
        self._run(plans.commit_plan(self))

    def rollback(self) -> None:
        """Roll back everything that is open."""
        self._run(plans.rollback_plan(self))

    def prepare(self) -> None:
        """Make ready for a two-phase commit."""
        self._run(plans.prepare_plan(self))

    def close(self) -> None:
        """Detach all objects and roll back what is open; never commits."""
        self._run(plans.close_plan(self))

    def reset(self) -> None:
        """As ``close``; the session can be used again even with ``close_resets_only=False``."""
        self._run(plans.reset_plan(self))

    def invalidate(self) -> None:
        """As ``close``, and the driver connections are closed too."""
        self._run(plans.invalidate_plan(self))

    def get_transaction(self) -> SessionTransaction | None:
        """The root transaction, if it has begun."""
        return self._root  # type: ignore[return-value]

    def get_nested_transaction(self) -> SessionTransaction | None:
        """The innermost savepoint, if there is one."""
        level = self._transaction
        return level if level is not None and level.nested else None  # type: ignore[return-value]

    def __enter__(self: _S) -> _S:
        return self

    def __exit__(self, type_: object, value: object, traceback: object) -> None:
        self._run(plans.exit_session_plan(self, type_ is None))

    def connection(
        self, bind_arguments: Options = None, execution_options: Options = None
    ) -> Connection:
        """The `Connection` that this session's transaction uses."""
        return self._run(connection_plan(self, bind_arguments, execution_options))

    # -- objects -----------------------------------------------------------------------------

    def refresh(
        self,
        instance: object,
        attribute_names: Iterable[str] | None = None,
        with_for_update: Any = None,
    ) -> None:
        """Load the object's attributes again, or those named; relationships too when named."""
        self._run(objects.refresh_plan(self, instance, attribute_names, with_for_update))

    def delete(self, instance: object) -> None:
        """Have the next flush delete the object's row, and what the ``delete`` cascade reaches."""
        if not self._delete_simple(instance):
            self._run(objects.delete_plan(self, instance))

    def delete_all(self, instances: Iterable[object]) -> None:
        """``delete`` each object."""
        for instance in instances:
            self.delete(instance)

    def merge(self, instance: _O, *, load: bool = True, options: Sequence[Any] | None = None) -> _O:
        """Copy the object's values onto the session's object of the same identity; return that.

        :param load: False: take the values as what the database has, without asking it.
        """
        return self._run(merge.merge_plan(self, instance, load, options))  # type: ignore[no-any-return]

    def merge_all(
        self, instances: Iterable[_O], *, load: bool = True, options: Sequence[Any] | None = None
    ) -> Sequence[_O]:
        """``merge`` each object."""
        return self._run(merge.merge_all_plan(self, instances, load, options))

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what is new, changed or deleted."""
        self._run(plans.flush_session_plan(self, objects))

    def enable_relationship_loading(self, obj: object) -> None:
        """Have a transient object load its relationships from this session; legacy."""
        helpers.attach_for_loading(self, obj)

    def bulk_save_objects(
        self,
        objects: Iterable[object],
        return_defaults: bool = False,
        update_changed_only: bool = True,
        preserve_order: bool = True,
    ) -> None:
        """Insert or update objects without adding them to the session; legacy."""
        self._run(
            bulk_legacy.save_objects_plan(
                self, objects, return_defaults, update_changed_only, preserve_order
            )
        )

    def bulk_insert_mappings(
        self,
        mapper: Any,
        mappings: Iterable[dict[str, Any]],
        return_defaults: bool = False,
        render_nulls: bool = False,
    ) -> None:
        """Insert rows given as dicts of attribute names; legacy."""
        self._run(
            bulk_legacy.insert_mappings_plan(self, mapper, mappings, return_defaults, render_nulls)
        )

    def bulk_update_mappings(self, mapper: Any, mappings: Iterable[dict[str, Any]]) -> None:
        """Update rows given as dicts of attribute names with the primary key; legacy."""
        self._run(bulk_legacy.update_mappings_plan(self, mapper, mappings))

    def flush_plan(self, objects: Sequence[Any] | None = None) -> list[Any]:
        """The actions that a flush would run now, as data; nothing is run."""
        return preview(self, objects)

    # -- helpers -----------------------------------------------------------------------------

    @classmethod
    def object_session(cls, instance: object) -> Session | None:
        """The session that holds the object."""
        found: Session | None = helpers.object_session(instance)
        return found

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
    def close_all(cls) -> None:
        """Close every session; `close_all_sessions`."""
        helpers.close_all_sessions()


def connection_plan(
    session: Session, bind_arguments: Options, execution_options: Options
) -> Plan[Connection]:
    """The public connection for what ``bind_arguments`` says."""
    wanted = bind_arguments or {}
    transaction = session._begun()
    bind = session.get_bind(**{"mapper": None, **wanted})
    entry = yield from connections.enlist_plan(session, transaction, bind, execution_options)
    connection: Connection = session._public_connection(entry)
    return connection
