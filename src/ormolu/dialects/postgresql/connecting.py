"""URLs as arguments of libpq.

https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS

What stands in a URL's query is passed on: ``?host=/run/postgresql`` names the folder of a Unix
socket, ``?host=one:5432&host=two:5433`` several servers to be tried in turn, ``?service=name`` an
entry of ``pg_service.conf``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ormolu.exc import ArgumentError

__all__ = ["hosts_and_ports", "libpq_arguments"]


def libpq_arguments(url: Any) -> dict[str, Any]:
    """Return the keyword arguments for a URL.

    :raises ArgumentError: when hosts and ports in the query don't belong together.
    """
    arguments: dict[str, Any] = {
        key: ",".join(value) if isinstance(value, tuple) else value
        for key, value in url.query.items()
        if key not in ("host", "port")
    }
    for name, key in (("database", "dbname"), ("username", "user"), ("password", "password")):
        value = getattr(url, name)
        if value:
            arguments[key] = value
    hosts, ports = hosts_and_ports(url)
    if hosts:
        arguments["host"] = ",".join(hosts)
    if any(ports):
        arguments["port"] = ",".join(ports)
    if not arguments:
        # psycopg takes no arguments at all for what its environment variables say.
        arguments["dbname"] = ""
    return arguments


def hosts_and_ports(url: Any) -> tuple[list[str], list[str]]:
    """Return the hosts of a URL and the port of each, ``""`` for the usual one.

    :raises ArgumentError: when hosts and ports in the query don't belong together.
    """
    hosts, ports = _listed(url.query.get("host")), _listed(url.query.get("port"))
    if not hosts:
        port = "" if url.port is None else str(url.port)
        return ([url.host] if url.host else []), ([port] if port else ports)
    if ports:
        if len(ports) not in (1, len(hosts)):
            raise ArgumentError("number of hosts and ports don't match: give one port, or each one")
        return hosts, ports
    pairs = [_split(host) for host in hosts]
    return [host for host, _ in pairs], [port for _, port in pairs]


def _listed(value: str | Sequence[str] | None) -> list[str]:
    if value is None:
        return []
    values = (value,) if isinstance(value, str) else value
    return [part for each in values for part in each.split(",")]


def _split(host: str) -> tuple[str, str]:
    """Return host and port of ``host:port``; a folder and an IPv6 address have colons of theirs."""
    if host.startswith("/") or (host.count(":") > 1 and not host.startswith("[")):
        return host, ""
    name, colon, port = host.rpartition(":")
    if not colon or port.endswith("]"):
        return host.strip("[]"), ""
    return name.strip("[]"), port
