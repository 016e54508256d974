"""Database URLs: ``dialect+driver://user:password@host:port/database?key=value``."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from ..deferred import deferred
from ..dialects import registry
from ..exc import ArgumentError
from .plugins import plugins as plugins

if TYPE_CHECKING:
    import urllib.parse as urls

    from ..dialects.base import Dialect
else:
    urls = deferred("urllib.parse")

QueryValue = str | tuple[str, ...]
Query = Mapping[str, QueryValue]

# Kept as text: `re` compiles it for the first URL, and remembers it.
_FORM = r"""
    (?P<name>[\w\+]+)://
    (?:(?P<username>[^:/]*)(?::(?P<password>[^@]*))?@)?
    (?:(?:\[(?P<ipv6>[^/\?]+)\]|(?P<host>[^/:\?]+))?(?::(?P<port>[^/\?]*))?)?
    (?:/(?P<database>[^\?]*))?
    (?:\?(?P<query>.*))?
    """


class URL(NamedTuple):
    """The parts of a database URL. Immutable; make one with :meth:`create` or :func:`make_url`."""

    drivername: str
    username: str | None = None
    password: str | None = None
    host: str | None = None
    port: int | None = None
    database: str | None = None
    query: Query = MappingProxyType({})

    @classmethod
    def create(
        cls,
        drivername: str,
        username: str | None = None,
        password: str | None = None,
        host: str | None = None,
        port: int | None = None,
        database: str | None = None,
        query: Mapping[str, Sequence[str] | str] = MappingProxyType({}),
    ) -> URL:
        """Return a URL of these parts, unquoted.

        :raises TypeError: for a part of the wrong type.
        """
        for name, value in (("drivername", drivername), ("username", username), ("host", host)):
            if value is not None and not isinstance(value, str):
                raise TypeError(f"{name} must be a string, not {value!r}")
        if not drivername:
            raise TypeError("drivername may not be empty")
        if database is not None and not isinstance(database, str):
            raise TypeError(f"database must be a string, not {database!r}")
        return cls(
            drivername,
            username,
            None if password is None else str(password),
            host,
            _port(port),
            database,
            _frozen_query(query),
        )

    def set(
        self,
        drivername: str | None = None,
        username: str | None = None,
        password: str | None = None,
        host: str | None = None,
        port: int | None = None,
        database: str | None = None,
        query: Mapping[str, Sequence[str] | str] | None = None,
    ) -> URL:
        """Return a URL with some parts replaced."""
        given: dict[str, Any] = {
            "drivername": drivername,
            "username": username,
            "password": password,
            "host": host,
            "port": port,
            "database": database,
            "query": query,
        }
        parts = {**self._asdict(), **{k: v for k, v in given.items() if v is not None}}
        return URL.create(**parts)

    def update_query_dict(
        self, query_parameters: Mapping[str, str | Sequence[str]], append: bool = False
    ) -> URL:
        """Return a URL with these query parameters added to or put in place of its own."""
        fresh = _frozen_query(query_parameters)
        if append:
            own = self.query
            both = {
                key: _values(own[key]) + _values(value) if key in own else value
                for key, value in fresh.items()
            }
            return self._replace(query=_frozen_query({**both, **_without(own, both)}))
        return self._replace(query=_frozen_query({**self.query, **fresh}))

    def update_query_pairs(
        self, key_value_pairs: Iterable[tuple[str, str]], append: bool = False
    ) -> URL:
        """Return a URL with these query parameters added to or put in place of its own."""
        return self.update_query_dict(_grouped(key_value_pairs), append=append)

    def update_query_string(
        self, query_string: str, append: bool = False, *, keep_blank_values: bool = False
    ) -> URL:
        """Return a URL with the parameters of ``query_string`` added or put in place.

        :param keep_blank_values: take parameters without a value, such as ``a=``, too.
        """
        pairs = urls.parse_qsl(query_string, keep_blank_values=keep_blank_values)
        return self.update_query_pairs(pairs, append=append)

    def difference_update_query(self, names: Iterable[str]) -> URL:
        """Return a URL without these query parameters."""
        return self._replace(query=_frozen_query(_without(self.query, set(names))))

    @property
    def normalized_query(self) -> Mapping[str, tuple[str, ...]]:
        """The query with a tuple for every key."""
        return {k: (v,) if isinstance(v, str) else tuple(v) for k, v in self.query.items()}

    def render_as_string(self, hide_password: bool = True) -> str:
        """Return the URL as text, by default with ``***`` for the password."""
        text = f"{self.drivername}://"
        if self.username is not None:
            text += urls.quote(self.username, safe=" +")
            if self.password is not None:
                text += ":" + ("***" if hide_password else urls.quote(self.password, safe=" +"))
            text += "@"
        if self.host is not None:
            text += f"[{self.host}]" if ":" in self.host else self.host
        if self.port is not None:
            text += f":{self.port}"
        if self.database is not None:
            text += "/" + urls.quote(self.database, safe=" +/")
        if self.query:
            pairs = [
                f"{urls.quote_plus(key)}={urls.quote_plus(value)}"
                for key in sorted(self.query)
                for value in self.normalized_query[key]
            ]
            text += "?" + "&".join(pairs)
        return text

    def __str__(self) -> str:
        return self.render_as_string()

    def __repr__(self) -> str:
        return self.render_as_string()

    def __hash__(self) -> int:
        return hash(self.render_as_string(hide_password=False))

    def __copy__(self) -> URL:
        return self

    def __deepcopy__(self, memo: Any) -> URL:
        return self

    def __reduce__(self) -> Any:
        return make_url, (self.render_as_string(hide_password=False),)

    def get_backend_name(self) -> str:
        """Return the name of the database: what stands before ``+``."""
        return self.drivername.partition("+")[0]

    def get_driver_name(self) -> str:
        """Return the name of the driver, the dialect's usual one when the URL names none."""
        _, plus, driver = self.drivername.partition("+")
        return driver if plus else self.get_dialect().driver

    def get_dialect(self) -> type[Dialect]:
        """Return the dialect class."""
        return registry.load(self.drivername)

    def translate_connect_args(
        self, names: Sequence[str] | None = None, **kw: str
    ) -> dict[str, Any]:
        """Return the parts that are set as keyword arguments, under other names if given."""
        parts = ("host", "database", "username", "password", "port")
        translated: dict[str, Any] = {}
        for index, part in enumerate(parts):
            name = names[index] if names and index < len(names) else kw.get(part, part)
            value = getattr(self, part)
            if name is not None and value:
                translated[name] = value
        return translated


def make_url(name_or_url: str | URL, *, keep_blank_values: bool = False) -> URL:
    """Parse a URL; a ``URL`` is returned as it is.

    :param keep_blank_values: keep parameters of the query that have no value, as ``?key=``.
    :raises ArgumentError: when it can't be parsed.
    """
    if isinstance(name_or_url, URL):
        return name_or_url
    if not isinstance(name_or_url, str):
        raise ArgumentError(f"Expected string or URL object, got {name_or_url!r}")
    found = re.fullmatch(_FORM, name_or_url, re.X)
    if found is None:
        raise ArgumentError(
            "Could not parse ormolu URL from given URL string; "
            "write dialect+driver://user:password@host:port/database"
        )
    parts = found.groupdict()
    query = _grouped(urls.parse_qsl(parts["query"] or "", keep_blank_values=keep_blank_values))
    return URL.create(
        parts["name"],
        username=_unquoted(parts["username"]),
        password=_unquoted(parts["password"]),
        host=parts["ipv6"] or parts["host"],
        port=_parse_port(parts["port"]),
        database=_unquoted(parts["database"]),
        query=query,
    )


def _unquoted(text: str | None) -> str | None:
    return None if text is None else urls.unquote(text)


def _parse_port(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return int(text)
    except ValueError:
        raise ValueError(
            f"invalid port {text!r} in the database URL: it must be a number"
        ) from None


def _port(port: int | None) -> int | None:
    if port is None:
        return None
    try:
        return int(port)
    except ValueError as error:
        raise ValueError("Port argument must be an integer or None") from error


def _grouped(pairs: Iterable[tuple[str, str | Sequence[str]]]) -> dict[str, QueryValue]:
    """Return the values of each key: the value itself where there is one, else a tuple."""
    grouped: dict[str, QueryValue] = {}
    for key, value in pairs:
        given = _values(value)
        if key in grouped:
            grouped[key] = _values(grouped[key]) + given
        else:
            grouped[key] = value if isinstance(value, str) else given
    return grouped


def _without(query: Query, names: Container[str]) -> dict[str, QueryValue]:
    return {key: value for key, value in query.items() if key not in names}


def _values(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _frozen_query(query: Mapping[str, Sequence[str] | str] | None) -> Query:
    pairs = dict(query or {})
    return MappingProxyType(
        {key: value if isinstance(value, str) else tuple(value) for key, value in pairs.items()}
    )
