"""What a driver's error says about its connection and its transaction.

Every driver gives the server's number, or the client library's, as the first argument of its
exceptions. Client library: https://dev.mysql.com/doc/mysql-errors/8.4/en/client-error-reference.html,
server: https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html,
https://mariadb.com/kb/en/mariadb-error-code-reference/.
"""

from __future__ import annotations

__all__ = ["ENDS_TRANSACTION", "GONE", "LOCK_WAIT_TIMEOUT", "TIMEOUT_QUESTION", "is_gone"]

#: The connection can't be used again.
GONE = frozenset(
    {
        0,  # PyMySQL, asyncmy: the connection is closed
        1053,  # the server is shutting down
        1152,  # aborted connection
        1153,  # a packet was larger than max_allowed_packet; the server hangs up
        1158,  # error reading packets
        1159,  # timeout reading packets
        1160,  # error writing packets
        1161,  # timeout writing packets
        1927,  # MariaDB: the connection was killed
        2006,  # the server has gone away
        2013,  # lost during a query
        2014,  # commands out of sync
        2026,  # MariaDB's client library: lost, over TLS
        2045,  # shared memory: lost
        2055,  # lost while talking to the server
        3169,  # the session was killed
        4031,  # disconnected for inactivity
    }
)

#: The server has rolled the whole transaction back.
ENDS_TRANSACTION = frozenset(
    {
        1020,  # MariaDB, innodb_snapshot_isolation: a row changed since it was read
        1047,  # Galera: the node left its cluster
        1180,  # the commit failed
        1213,  # deadlock
        1613,  # XA: rolled back, took too long
        1614,  # XA: rolled back, deadlock
        3101,  # group replication rolled it back
    }
)

#: Rolls back the statement, or with ``innodb_rollback_on_timeout`` the transaction.
LOCK_WAIT_TIMEOUT = 1205
TIMEOUT_QUESTION = "SELECT @@innodb_rollback_on_timeout"

_CLOSED = ("not connected", "already closed", "cancelled during execution", "packet sequence")


def is_gone(error: BaseException) -> bool:
    """Say whether an error means that its connection can't be used again."""
    number = error.args[0] if error.args else None
    if isinstance(number, int):
        return number in GONE
    said = str(error).lower()
    return any(words in said for words in _CLOSED)
