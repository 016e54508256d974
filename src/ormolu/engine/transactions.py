"""``Transaction`` and its kinds: what ``connection.begin()`` and its like return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from .transaction import TransactionCore

if TYPE_CHECKING:
    from .connection import Connection

F = TypeVar("F", bound="Transaction")


class Transaction:
    """A transaction. As a context manager it commits, or rolls back when the block raises."""

    __slots__ = ("__weakref__", "_core", "connection")

    def __init__(self, connection: Connection, core: TransactionCore) -> None:
        self.connection = connection
        self._core = core

    @property
    def is_active(self) -> bool:
        """Whether it can be committed."""
        return self._core.is_active

    @property
    def is_valid(self) -> bool:
        """Whether it has not been ended, and its connection was not lost."""
        return self._core.is_valid and not self.connection.invalidated

    def commit(self) -> None:
        """Commit.

        :raises InvalidRequestError: when it was ended already.
        """
        self.connection._run(self.connection._state.commit_plan(self._core))

    def rollback(self) -> None:
        """Roll back; a transaction that was ended already is left alone."""
        self.connection._run(self.connection._state.rollback_plan(self._core))

    def close(self) -> None:
        """Roll back unless it was ended already."""
        self.rollback()

    def __enter__(self) -> Self:
        self.connection._state.enter(self._core)
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        state = self.connection._state
        self.connection._run(state.leave_plan(self._core, kind is not None))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Transaction) and other._core is self._core

    def __hash__(self) -> int:
        return hash(self._core)


class RootTransaction(Transaction):
    """The outermost transaction of a connection."""

    __slots__ = ()


class NestedTransaction(Transaction):
    """A savepoint."""

    __slots__ = ()


class TwoPhaseTransaction(RootTransaction):
    """A transaction that is prepared first and committed then, with others of the same kind."""

    __slots__ = ()

    @property
    def xid(self) -> Any:
        """Its identifier among all databases that take part."""
        return self._core.xid

    def prepare(self) -> None:
        """Prepare: after this, ``commit`` can't fail for reasons of the data.

        :raises InvalidRequestError: when it was ended already.
        """
        self.connection._run(self.connection._state.prepare_plan(self._core))


def shown(connection: Any, core: TransactionCore) -> Transaction:
    """Return the object that shows a transaction to its user, the same one each time."""
    found: Transaction | None = core.shown()
    if found is None:
        if core.name is not None:
            found = NestedTransaction(connection, core)
        elif core.xid is not None:
            found = TwoPhaseTransaction(connection, core)
        else:
            found = RootTransaction(connection, core)
        core.show(found)
    return found
