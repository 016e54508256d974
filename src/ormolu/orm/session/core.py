"""`SessionBase`: what a session knows and decides without I/O.

Membership (which objects are new, modified, deleted, persistent), the phases of objects, and the
transaction that is open. Whatever waits is a plan (`plans.py`); binds are chosen in `binds.py`.
"""

from __future__ import annotations

import gc
from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, TypeVar

from ormolu import exc
from ormolu.io.blocking import BRIDGED
from ormolu.io.plan import Plan
from ormolu.orm.instances.layout import lay_out

from . import binds as _binds
from . import contention, execution
from .connections import connection_now, connection_plan
from .contention import AsyncOwner
from .membership import SessionMembership
from .plans import autoflush_plan
from .transaction import (
    ACTIVE,
    AUTOBEGIN,
    CLOSED,
    Enlisted,
    SessionTransactionOrigin,
    Step,
    TransactionCore,
)

if TYPE_CHECKING:
    from ormolu.engine.core import ConnectionCore

_T = TypeVar("_T")

OnExit = Literal["commit", "rollback"]
JoinMode = Literal["conditional_savepoint", "rollback_only", "control_fully", "create_savepoint"]

_JOIN_MODES = ("conditional_savepoint", "rollback_only", "control_fully", "create_savepoint")


_LAYOUT: Final = (
    "bind",
    "autoflush",
    "expire_on_commit",
    "autobegin",
    "twophase",
    "enable_baked_queries",
    "join_transaction_mode",
    "execution_options",
    "on_exit",
    "lazy_batch",
    "binds",
    "_query_cls",
    "_close_state",
    "_new",
    "_modified",
    "_deleted",
    "_owner",
    "_transaction",
    "_core",
    "_context",
    "_flushing",
    "_has_membership",
    "_membership",
    "_has_identity_map",
    "_identity",
    "_info",
    "_permanently_closed",
)


class SessionBase(SessionMembership):
    """Membership and configuration of a session; no I/O.

    What other rooms use: ``_identity`` (the `IdentityMap`), ``_membership`` (what states refer
    to), ``_new`` / ``_modified`` / ``_deleted`` (``id(obj) -> obj``, strong), ``_transaction``
    (the innermost level or None), ``lazy_batch``, ``autoflush``, ``expire_on_commit``.

    ``_core`` is the open transaction's connection when it serves every mapper, else None: hot
    code looks there before it runs ``_connection_plan``.
    """

    _transaction_class: ClassVar[type[TransactionCore]] = TransactionCore
    _routes: ClassVar[bool] = False
    """Whether the class has a ``get_bind`` of its own."""

    # How every session begins. A session of one statement is common, and should not pay for
    # attributes and dicts that it never comes to use.
    _permanently_closed = False
    _flushing = False
    _owner: int | AsyncOwner | None = None
    _core: ConnectionCore | None = None
    _transaction: TransactionCore | None = None
    _context: TransactionCore | None = None
    _info: dict[Any, Any] | None = None

    def __init__(
        self,
        bind: Any = None,
        *,
        autoflush: bool = True,
        future: Literal[True] = True,
        expire_on_commit: bool = True,
        autobegin: bool = True,
        twophase: bool = False,
        binds: Mapping[Any, Any] | None = None,
        enable_baked_queries: bool = True,
        info: Mapping[Any, Any] | None = None,
        query_cls: type[Any] | None = None,
        autocommit: Literal[False] = False,
        join_transaction_mode: JoinMode = "conditional_savepoint",
        close_resets_only: bool | None = None,
        execution_options: Mapping[str, Any] | None = None,
        on_exit: OnExit = "commit",
        lazy_batch: bool = True,
    ) -> None:
        if (
            autocommit
            or future is not True
            or join_transaction_mode not in _JOIN_MODES
            or on_exit not in ("commit", "rollback")
        ):
            _refuse_options(autocommit, future, join_transaction_mode, on_exit)
        self.bind = bind
        if type(bind) in BRIDGED:
            self._owner = contention.bridged(bind)
        self.autoflush = autoflush
        self.expire_on_commit = expire_on_commit
        self.autobegin = autobegin
        self.twophase = twophase
        self.enable_baked_queries = enable_baked_queries
        self.join_transaction_mode = join_transaction_mode
        self.execution_options: Mapping[str, Any] = execution_options or {}
        self.on_exit = on_exit
        self.lazy_batch = lazy_batch
        self.binds: dict[Any, Any] = {}
        if binds:
            for key, value in binds.items():
                self._add_bind(key, value)
        self._query_cls = query_cls
        if info is not None:
            self._info = dict(info)
        self._close_state = close_resets_only
        self._new: dict[int, object] = {}
        self._modified: dict[int, object] = {}
        self._deleted: dict[int, object] = {}

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        cls._routes = cls.get_bind is not SessionBase.get_bind
        lay_out(cls, _LAYOUT)

    # -- transaction, seen from outside ------------------------------------------------------

    def in_transaction(self) -> bool:
        """Whether a transaction has begun, on the session at least."""
        return self._transaction is not None

    def in_nested_transaction(self) -> bool:
        """Whether a savepoint is open."""
        return self._transaction is not None and self._transaction.parent is not None

    @property
    def is_active(self) -> bool:
        """False when a failed flush waits for ``rollback()`` (or autobegin is off and due)."""
        if self._transaction is None:
            return self.autobegin
        return self._transaction.is_active

    @property
    def _root(self) -> TransactionCore | None:
        """The outermost open level."""
        level = self._transaction
        while level is not None and level.parent is not None:
            level = level.parent
        return level

    @property
    def _has_objects(self) -> bool:
        """Whether any object may refer to this session."""
        transaction = self._transaction
        if self._new or (transaction is not None and transaction.deleted):
            return True
        return self._has_identity_map and bool(self._identity)

    def _begun(self) -> TransactionCore:
        """The open transaction, usable; begun now if there is none.

        :raises InvalidRequestError: when the session is closed for good, must be begun by
            hand, or is inside a ``with session.begin():`` whose transaction has ended.
        :raises PendingRollbackError: after a failed flush.
        """
        transaction = self._transaction
        if self._context is not None:
            self._check_context()
        if transaction is not None:
            if transaction.state is not ACTIVE:
                transaction.check(Step.USE)
            return transaction
        if not self.autobegin:
            self._check_open()
            raise exc.InvalidRequestError(
                "Autobegin is disabled on this Session; please call session.begin() to start a new "
                "transaction"
            )
        return self._begin_level(AUTOBEGIN)

    def _begin_level(self, origin: SessionTransactionOrigin) -> TransactionCore:
        if self._permanently_closed:
            self._check_open()
        parent = self._transaction
        transaction = self._transaction_class(self, origin, parent)
        self._transaction = transaction
        self._core = None
        if self.dispatch.active:
            self._fire("after_transaction_create", (self, transaction))
        return transaction

    def _begin_allowed(self) -> None:
        """A savepoint may be begun now; its root is begun when there is none."""
        if self._transaction is None:
            self._check_context()
            self._begin_level(SessionTransactionOrigin.BEGIN)
        self._begun()

    def _check_context(self) -> None:
        context = self._context
        if context is not None and context.state is CLOSED:
            raise exc.InvalidRequestError(
                "Can't operate on closed transaction inside context manager.  Please complete the "
                "context manager before emitting further commands."
            )

    def _check_open(self) -> None:
        if self._permanently_closed:
            raise exc.InvalidRequestError(
                "This Session has been permanently closed and is unable to handle any more "
                "transaction requests. Make a new one, or use close_resets_only=True"
            )

    # -- binds -------------------------------------------------------------------------------

    def get_bind(
        self, mapper: Any = None, *, clause: Any = None, bind: Any = None, **kw: Any
    ) -> Any:
        """The engine or connection for a mapper or statement; override it to route.

        :raises UnboundExecutionError: when nothing says which.
        """
        if bind is not None:
            return bind
        return _binds.choose(self, mapper, clause)

    def bind_mapper(self, mapper: Any, bind: Any) -> None:
        """Send the statements of a mapper, mapped class or base class to ``bind``."""
        self._add_bind(mapper, bind)

    def bind_table(self, table: Any, bind: Any) -> None:
        """Send the statements on a table to ``bind``."""
        self._add_bind(table, bind)

    def _add_bind(self, key: Any, bind: Any) -> None:
        _binds.add(self, key, bind)

    # -- what waits --------------------------------------------------------------------------

    def _connection_now(self) -> ConnectionCore | None:
        """The connection, begun, if that needs no I/O; None: run ``_connection_plan``."""
        return connection_now(self)

    def _connection_plan(
        self, mapper: Any = None, clause: Any = None, bind: Any = None
    ) -> Plan[ConnectionCore]:
        """The connection for a mapper or statement, begun, in this session's transaction."""
        return connection_plan(self, mapper, clause, bind)

    def _get_heard_plan(self, *wanted: Any) -> Plan[Any]:
        """``get`` where ``do_orm_execute`` handlers see the statement."""
        return execution.get_heard_plan(self, *wanted)

    def _autoflush_plan(self) -> Plan[None]:
        """Flush if autoflush is on and anything is pending."""
        return autoflush_plan(self)

    @abstractmethod
    def _run(self, plan: Plan[_T]) -> _T:
        """Run a plan to its end; in an async session raise what to await instead."""

    @abstractmethod
    def _public_connection(self, entry: Enlisted) -> Any:
        """The `Connection` that users see for an enlisted one."""

    @property
    def _single(self) -> bool:
        """Whether one bind serves every statement."""
        return not self.binds and not self._routes

    @property
    def _needs_flush(self) -> bool:
        """Whether anything waits to be written."""
        return bool(self._new or self._modified or self._deleted)

    def __repr__(self) -> str:
        return f"<{type(self).__module__}.{type(self).__qualname__} object at {id(self):#x}>"


def all_sessions() -> list[Any]:
    """Every session of this process.

    They are looked for among all objects: a record of them would cost every session, for what
    programs ask at most once.
    """
    return [obj for obj in gc.get_objects() if issubclass(type(obj), SessionBase)]


def _refuse_options(autocommit: object, future: object, join: object, on_exit: object) -> None:
    if autocommit:
        raise exc.ArgumentError(
            "autocommit=True is no longer supported; a session begins by itself, and commit() "
            "ends its transaction"
        )
    if future is not True:
        raise exc.ArgumentError(
            "The 'future' parameter passed to Session() may only be set to True."
        )
    if join not in _JOIN_MODES:
        raise exc.ArgumentError(f'invalid selection for join_transaction_mode: "{join}"')
    raise exc.ArgumentError(f"on_exit is 'commit' or 'rollback', not {on_exit!r}")
