"""Arguments for one dialect: ``Table(…, mysql_engine="InnoDB")``, ``Index(…, sqlite_where=…)``.

An argument is named ``<dialect>_<argument>``. Which ones there are, with their defaults, a dialect
says in its ``construct_arguments``; it is loaded when its first argument is met. The arguments of
a dialect that isn't known here are kept (its package may not be installed), with a warning.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, Final

from ormolu.exc import ArgumentError, NoSuchModuleError, SAWarning

#: The name of an argument that stands for any: the dialect takes what it is given.
ANY: Final = "*"
#: Databases that programs give arguments for, though ormolu has no dialect for them.
_ELSEWHERE: Final = frozenset(("mssql", "oracle"))

Constructs = list[tuple[type, dict[str, Any]]]
_declared: dict[str, Constructs | None] = {}


def _constructs(dialect: str) -> Constructs | None:
    """What a dialect declares; None for a dialect that declares nothing or can't be loaded.

    :raises NoSuchModuleError: there is no dialect of this name.
    """
    if dialect not in _declared:
        registry = importlib.import_module("ormolu.dialects.registry")
        try:
            declared = registry.load(dialect).construct_arguments
        except ModuleNotFoundError:  # a known database whose driver is not installed
            return None
        _declared[dialect] = None if declared is None else [(c, dict(a)) for c, a in declared]
    return _declared[dialect]


def _defaults(dialect: str, owner: type) -> dict[str, Any] | None:
    """The arguments of a class of schema items with their defaults; None if nobody knows them."""
    if dialect in _ELSEWHERE:
        return None
    constructs = _constructs(dialect)
    if constructs is None:
        return None
    found: dict[str, Any] = {}
    for construct, arguments in constructs:
        if issubclass(owner, construct):
            found.update(arguments)
    return found


class ArgumentsOfDialect(dict[str, Any]):
    """The arguments of one dialect: those ``given``, and the others with their defaults."""

    __slots__ = ("given",)

    def __init__(self, defaults: Mapping[str, Any] = {}) -> None:
        super().__init__(defaults)
        self.given: set[str] = set()

    def __reduce__(self) -> tuple[Any, ...]:
        return _arguments, (dict(self), self.given)

    def __setitem__(self, name: str, value: Any) -> None:
        self.given.add(name)
        super().__setitem__(name, value)


def _arguments(values: dict[str, Any], given: set[str]) -> ArgumentsOfDialect:
    """What pickle calls."""
    made = ArgumentsOfDialect(values)
    made.given = given
    return made


class DialectOptions(dict[str, ArgumentsOfDialect]):
    """The arguments of a schema item by dialect; where none were given, the defaults.

    ``options["sqlite"]["where"]`` is the value that was given, or the dialect's default.
    """

    __slots__ = ("owner",)

    def __init__(self, owner: type, arguments: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.owner = owner
        if arguments:
            self.take(arguments)

    def __reduce__(self) -> tuple[Any, ...]:
        return _options, (self.owner, dict(self))

    def __missing__(self, dialect: str) -> ArgumentsOfDialect:
        defaults = _defaults(dialect, self.owner) or {}
        found = self[dialect] = ArgumentsOfDialect(defaults)
        return found

    def take(self, arguments: Mapping[str, Any]) -> None:
        """Take in ``{"mysql_engine": "InnoDB"}``.

        :raises TypeError: a keyword that has no dialect's name before it.
        :raises ArgumentError: the dialect has no such argument.
        """
        for name, value in arguments.items():
            dialect, argument = _split(name)
            self._check(name, dialect, argument)
            self[dialect][argument] = value

    def _check(self, name: str, dialect: str, argument: str) -> None:
        try:
            known = _defaults(dialect, self.owner)
        except NoSuchModuleError:
            warnings.warn(
                f"Can't validate argument {name!r}; can't locate any dialect named {dialect!r}",
                SAWarning,
                stacklevel=5,
            )
            self.setdefault(dialect, ArgumentsOfDialect())
            return
        if known is not None and argument not in known and ANY not in known:
            raise ArgumentError(
                f"Argument {name!r} is not accepted by dialect {dialect!r} on behalf of "
                f"{self.owner!r}; it takes: {', '.join(sorted(known)) or 'none'}"
            )

    def arguments(self) -> dict[str, Any]:
        """The arguments that were given, under their full names."""
        return {
            f"{dialect}_{name}": self[dialect][name]
            for dialect in sorted(self)
            for name in sorted(self[dialect].given)
        }

    def copy(self) -> DialectOptions:
        """The same options, to be changed on their own."""
        return DialectOptions(self.owner, self.arguments())


def _options(owner: type, found: dict[str, ArgumentsOfDialect]) -> DialectOptions:
    """What pickle calls."""
    made = DialectOptions(owner)
    made.update(found)
    return made


def _split(name: str) -> tuple[str, str]:
    dialect, separator, argument = name.partition("_")
    if not (dialect and separator and argument):
        raise TypeError(
            f"Additional arguments should be named <dialectname>_<argument>, got {name!r}"
        )
    return dialect, argument


class DialectArguments(MutableMapping[str, Any]):
    """A view of the options that were given under their full names; a new one is checked."""

    __slots__ = ("_options",)

    def __init__(self, options: DialectOptions) -> None:
        self._options = options

    def __getitem__(self, key: str) -> Any:
        return self._options.arguments()[key]

    def __setitem__(self, key: str, value: Any) -> None:
        if "_" not in key:
            raise ArgumentError(f"Keys must be of the form <dialectname>_<argname>, got {key!r}")
        self._options.take({key: value})

    def __delitem__(self, key: str) -> None:
        dialect, argument = _split(key)
        given = self._options[dialect]
        if argument not in given.given:
            raise KeyError(key)
        given.given.discard(argument)
        del given[argument]

    def __iter__(self) -> Iterator[str]:
        return iter(self._options.arguments())

    def __len__(self) -> int:
        return len(self._options.arguments())

    def __repr__(self) -> str:
        return repr(self._options.arguments())


class DialectKWArgs:
    """What takes arguments for single dialects: tables, columns, constraints, indexes, views."""

    __slots__ = ()

    dialect_options: DialectOptions

    @property
    def dialect_kwargs(self) -> DialectArguments:
        """The arguments that were given, as ``<dialect>_<argument>``; more can be set."""
        return DialectArguments(self.dialect_options)

    @property
    def kwargs(self) -> DialectArguments:
        """As ``dialect_kwargs``."""
        return self.dialect_kwargs

    @classmethod
    def argument_for(cls, dialect_name: str, argument_name: str, default: Any) -> None:
        """Have this class take another argument of a dialect.

        :raises ArgumentError: the dialect declares no arguments at all.
        :raises NoSuchModuleError: there is no dialect of this name.
        """
        constructs = _constructs(dialect_name)
        if constructs is None:
            raise ArgumentError(
                f"Dialect '{dialect_name}' declares no arguments of its own "
                "that could be checked: set construct_arguments on the dialect class"
            )
        for construct, arguments in constructs:
            if construct is cls:
                arguments[argument_name] = default
                return
        constructs.append((cls, {argument_name: default}))

    def get_dialect_option(self, dialect: Any, argument_name: str, *, else_: Any = None) -> Any:
        """The value of an argument for a dialect, by its object or name."""
        name = dialect if isinstance(dialect, str) else dialect.name
        return self.dialect_options[name].get(argument_name, else_)
