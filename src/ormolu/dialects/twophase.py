"""The statements of two-phase transactions, as data of a dialect."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["TwoPhase"]


class TwoPhase(NamedTuple):
    """The statements of each step, sent in order; ``{xid}`` stands for the identifier.

    ``begin_in`` begins one of a mode (isolation level and the like), ``{mode}`` in its text.
    ``commit`` and ``rollback`` end a transaction that was not prepared, ``commit_prepared`` and
    ``rollback_prepared`` one that was. ``recover`` lists the prepared ones, whose identifier is in
    the column ``recover_column``.
    """

    begin: tuple[str, ...]
    prepare: tuple[str, ...]
    commit: tuple[str, ...]
    commit_prepared: tuple[str, ...]
    rollback: tuple[str, ...]
    rollback_prepared: tuple[str, ...]
    recover: str
    recover_column: int = 0
    begin_in: tuple[str, ...] = ()


#: https://www.postgresql.org/docs/current/sql-prepare-transaction.html
POSTGRESQL = TwoPhase(
    begin=("BEGIN",),
    begin_in=("BEGIN {mode}",),
    prepare=("PREPARE TRANSACTION '{xid}'",),
    commit=("COMMIT",),
    commit_prepared=("COMMIT PREPARED '{xid}'",),
    rollback=("ROLLBACK",),
    rollback_prepared=("ROLLBACK PREPARED '{xid}'",),
    recover="SELECT gid FROM pg_prepared_xacts",
)

#: https://dev.mysql.com/doc/refman/en/xa-statements.html
MYSQL = TwoPhase(
    begin=("XA BEGIN '{xid}'",),
    begin_in=("SET TRANSACTION ISOLATION LEVEL {mode}", "XA BEGIN '{xid}'"),
    prepare=("XA END '{xid}'", "XA PREPARE '{xid}'"),
    commit=("XA END '{xid}'", "XA PREPARE '{xid}'", "XA COMMIT '{xid}'"),
    commit_prepared=("XA COMMIT '{xid}'",),
    rollback=("XA END '{xid}'", "XA ROLLBACK '{xid}'"),
    rollback_prepared=("XA ROLLBACK '{xid}'",),
    recover="XA RECOVER",
    recover_column=3,
)
