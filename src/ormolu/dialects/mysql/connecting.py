"""From a URL to the arguments of a driver's ``connect``.

The drivers take the same names, as mysqlclient's documentation lists them
(https://mysqlclient.readthedocs.io/user_guide.html#functions-and-attributes); text that stands in a
URL's query gets the type that they expect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ormolu.exc import ArgumentError

__all__ = ["connect_options"]

#: ``CLIENT_FOUND_ROWS``: an UPDATE counts the rows that it matched, not those that it changed.
#: https://dev.mysql.com/doc/c-api/8.4/en/mysql-real-connect.html
FOUND_ROWS = 2

_SSL = ("ca", "key", "cert", "capath", "cipher", "check_hostname", "verify_mode")


def _flag(value: str) -> bool:
    word = value.lower()
    if word in ("1", "true", "yes", "on"):
        return True
    if word in ("0", "false", "no", "off"):
        return False
    raise ValueError(value)


def _flag_or_mode(value: str) -> bool | str:
    return value if value.lower() in ("none", "optional", "required") else _flag(value)


_KINDS: Mapping[str, Callable[[str], Any]] = {
    "autocommit": _flag,
    "binary_prefix": _flag,
    "client_flag": int,
    "compress": _flag,
    "connect_timeout": int,
    "local_infile": _flag,
    "max_allowed_packet": int,
    "multi_statements": _flag,
    "read_timeout": int,
    "ssl_check_hostname": _flag,
    "ssl_disabled": _flag,
    "ssl_verify_cert": _flag,
    "ssl_verify_identity": _flag,
    "ssl_verify_mode": _flag_or_mode,
    "stmt_cache_size": int,
    "use_unicode": _flag,
    "write_timeout": int,
}


def connect_options(url: Any) -> dict[str, Any]:
    """Return the keyword arguments of ``connect``: the URL's parts, and its query.

    ``ssl_ca=…``, ``ssl_key=…`` and their like become one ``ssl`` dictionary.

    :raises ArgumentError: for a value in the query that isn't of its argument's type.
    """
    options = {name: _converted(name, value) for name, value in url.query.items()}
    encrypted = {n: options.pop(f"ssl_{n}") for n in _SSL if f"ssl_{n}" in options}
    if encrypted:
        options["ssl"] = encrypted
    elif isinstance(options.get("ssl"), str):
        options["ssl"] = _converted_by(_flag, "ssl", options["ssl"])
    for name in ("host", "port", "database", "password"):
        value = getattr(url, name)
        if value is not None:
            options[name] = value
    if url.username is not None:
        options["user"] = url.username
    return options


def prepared(options: dict[str, Any], **defaults: Any) -> dict[str, Any]:
    """Fill in what ormolu needs of any driver: counted matches, all of Unicode."""
    options["client_flag"] = options.get("client_flag", 0) | FOUND_ROWS
    for name, value in {"charset": "utf8mb4", **defaults}.items():
        options.setdefault(name, value)
    return options


def _converted(name: str, value: Any) -> Any:
    kind = _KINDS.get(name)
    if not isinstance(value, str):
        raise ArgumentError(f"{name} stands several times in the URL; write it once")
    return value if kind is None else _converted_by(kind, name, value)


def _converted_by(kind: Callable[[str], Any], name: str, value: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        wanted = "a whole number" if kind is int else "true or false"
        raise ArgumentError(f"{name}={value!r} in the URL: write {wanted}") from None
