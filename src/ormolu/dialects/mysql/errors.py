"""The errors of MySQL and MariaDB.

https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
https://mariadb.com/kb/en/mariadb-error-code-reference/

An error is a number and a message. The server sends an SQLSTATE as well, which not every driver
keeps: for the others it is looked up by the number. The message names a key or a constraint.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ormolu.dialects.errors import ConstraintViolation, ErrorFacts

__all__ = ["describe_error", "errno_of", "is_servers"]

_STATES: dict[str, Iterable[int]] = {
    "08004": (1040, 1251),
    "08S01": (1042, 1043, 1047, 1053, *range(1080, 1082), *range(1152, 1162), 1184, 1189, 1190),
    "0A000": (1312, 1314, 1335, 1336, 1415, 1845, 1846),
    "21000": (1222, 1241, 1242),
    "21S01": (1058, 1136),
    "22001": (1406, 3907),
    "22003": (1264, 1416, 1690, 3155, 3669, 3752),
    "22004": (1138, 1263),
    "22007": (1292, 1366, 1367),
    "22008": (1441,),
    "22012": (1365,),
    "22018": (3156, 3903),
    "22032": (3140, 3141, *range(3144, 3148), 3150, 3151, 3157, 3158, 3853),
    "23000": (
        *(1022, 1048, 1052, 1062, 1169, 1216, 1217, 1451, 1452),
        *(1557, 1586, 1761, 1762, 1859, 4025),
    ),
    "25000": (1179, 1207),
    "25001": (1568,),
    "25006": (1792,),
    "28000": (1045, 1698),
    "3D000": (1046,),
    "40000": (3101,),
    "40001": (1213,),
    "42000": (
        *(1044, 1049, 1055, 1056, 1057, 1059, 1061, *range(1063, 1076), 1083, 1084, 1090, 1091),
        *(1101, 1102, 1103, 1104, 1106, 1107, 1110, 1112, 1113, 1115, 1118, 1120, 1121, 1131),
        *(1132, 1133, *range(1139, 1146), *range(1147, 1150), *range(1162, 1165), 1166, 1167),
        *(*range(1170, 1174), 1177, 1178, 1203, 1211, 1226, 1227, *range(1230, 1240), 1248, 1250),
        *(
            1252,
            1253,
            1280,
            1281,
            1286,
            1304,
            1305,
            1318,
            1370,
            1407,
            1410,
            1413,
            *range(1425, 1428),
        ),
        *(1437, 1439, 1453, 1458, 1463, *range(1582, 1585), 1701),
        *(3057, 3143, *range(3148, 3150), *range(3152, 3155), 3165, 3948),
    ),
    "42S01": (1050,),
    "42S02": (1051, 1109, 1146),
    "42S12": (1082,),
    "42S21": (1060,),
    "42S22": (1054, 1247),
    "70100": (1317, 1969),
    "HY001": (1037, 1038),
    "XA100": (1402,),
    "XA102": (1614,),
    "XA106": (1613,),
    "XAE03": (1401,),
    "XAE04": (1397,),
    "XAE05": (1398,),
    "XAE07": (1399,),
    "XAE08": (1440,),
    "XAE09": (1400,),
}
_STATE_OF = {errno: state for state, numbers in _STATES.items() for errno in numbers}

# Numbers from 2000 on are the client library's, who has no SQLSTATE of the server to tell.
_CLIENT = range(2000, 3000)

_LAST_QUOTED = re.compile(r"'([^']+)'[^']*$")
_QUOTED = re.compile(r"'([^']+)'")
_KEY = re.compile(r".* for key '(.+)'$", re.DOTALL)
_FOREIGN_KEY = re.compile(
    r"\((?:`(?P<schema>[^`]*)`\.)?`(?P<table>[^`]*)`, CONSTRAINT `(?P<name>[^`]*)` "
    r"FOREIGN KEY \((?P<columns>[^)]*)\)"
)
_CHECK = re.compile(r"`(?P<name>[^`]+)`[^`]*`(?P<schema>[^`]+)`\.`(?P<table>[^`]+)`")


def errno_of(error: BaseException) -> int | None:
    """Return the number of a driver's error."""
    number = error.args[0] if error.args else None
    return number if isinstance(number, int) and number else None


def is_servers(error: BaseException) -> bool:
    """Say whether a driver's error is the server's, who has an SQLSTATE for it."""
    number = errno_of(error)
    return number is not None and number not in _CLIENT


def describe_error(error: BaseException, *, keys_of_tables: bool = True) -> ErrorFacts:
    """Return the number, the SQLSTATE and, of a constraint, what the message says.

    :param keys_of_tables: whether a key is named with its table, as MySQL does since 8.0.19.
    """
    errno = errno_of(error)
    if errno is None:
        return ErrorFacts()
    sent: str | None = getattr(error, "sqlstate", None)
    known = None if errno in _CLIENT else _STATE_OF.get(errno, "HY000")
    message = str(error.args[1]) if len(error.args) > 1 else ""
    return ErrorFacts(sent or known, errno, _violation(errno, message, keys_of_tables))


def _violation(errno: int, message: str, keys_of_tables: bool) -> ConstraintViolation | None:
    if errno in (1062, 1586):
        return _duplicate(message, keys_of_tables)
    if errno in (1022, 1169):
        return ConstraintViolation("unique", None, None, _last_quoted(message))
    if errno in (1048, 1364):
        column = _QUOTED.search(message)
        return ConstraintViolation("not_null", columns=(column[1],) if column else ())
    if errno in (1216, 1217, 1451, 1452):
        return _foreign_key(message)
    if errno in (4025, 3819):
        return _check(message)
    return None


def _duplicate(message: str, keys_of_tables: bool) -> ConstraintViolation:
    found = _KEY.match(message)
    key = _last_quoted(message) if found is None else found[1]
    if key is None or not keys_of_tables or "." not in key:
        return ConstraintViolation("unique", key)
    table, _, name = key.partition(".")
    return ConstraintViolation("unique", name, None, table)


def _foreign_key(message: str) -> ConstraintViolation:
    found = _FOREIGN_KEY.search(message)
    if found is None:
        return ConstraintViolation("foreign_key")
    columns = tuple([part.strip().strip("`") for part in found["columns"].split(",")])
    return ConstraintViolation(
        "foreign_key", found["name"], found["schema"], found["table"], columns
    )


def _check(message: str) -> ConstraintViolation:
    found = _CHECK.search(message)
    if found is None:
        return ConstraintViolation("check", _last_quoted(message))
    # MariaDB writes the check of a single column as `table.column`, and has no other name for it.
    table, dot, column = found["name"].rpartition(".")
    if dot and table == found["table"]:
        return ConstraintViolation("check", column, found["schema"], table, (column,))
    return ConstraintViolation("check", found["name"], found["schema"], found["table"])


def _last_quoted(message: str) -> str | None:
    found = _LAST_QUOTED.search(message)
    return None if found is None else found[1]
