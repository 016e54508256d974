"""What every executable statement has: options, and the plugin that lowers it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVarTuple

from ..exc import ArgumentError
from .immutable import immutabledict
from .node import FACT, Kind, Node

if TYPE_CHECKING:
    from typing import Self

NO_OPTIONS: Final[immutabledict[str, Any]] = immutabledict()
_NOT_FOR_STATEMENTS: Final = {
    "isolation_level": ", or per-engine using the isolation_level argument to create_engine().",
    "compiled_cache": ", not per statement.",
}
_Ts = TypeVarTuple("_Ts")


class Executable(Node):
    """Base of statements.

    ``_execution_options`` say how to run a statement, not what its SQL is, so they are no part of
    the key. ``_with_options`` are ORM loader options; each has a ``_key``, and they decide what is
    selected, so they are part of it. ``_plugin`` is ``"orm"`` when the statement met something
    that only the ORM can lower to Core.
    """

    __slots__ = ("_execution_options", "_plugin", "_with_options")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "_plugin": FACT,
        "_execution_options": FACT,
        "_with_options": FACT,
    }

    is_select: bool = False
    is_insert: bool = False
    is_update: bool = False
    is_delete: bool = False
    is_dml: bool = False
    is_text: bool = False
    is_ddl: bool = False
    is_from_statement: bool = False
    supports_execution: bool = True

    _plugin: str | None
    _execution_options: immutabledict[str, Any]
    _with_options: tuple[Any, ...]

    def _init_executable(self) -> None:
        self._plugin = None
        self._execution_options = NO_OPTIONS
        self._with_options = ()

    def options(self, *options: Any) -> Self:
        """A copy with these ORM loader options (``selectinload(User.posts)``, …)."""
        for option in options:
            if not hasattr(option, "_key"):
                raise ArgumentError(
                    f"ORM loader option expected, got {option!r}; "
                    "write selectinload(), joinedload(), defer() or the like"
                )
        new = self._twin()
        new._with_options = self._with_options + options
        if options:
            new._plugin = "orm"
            new._append_options(options)
        return new

    def _seal(self) -> None:
        super()._seal()
        if self._with_options:
            self._append_options(self._with_options)

    def _append_options(self, options: tuple[Any, ...]) -> None:
        self._key = (*self._key, "options", tuple([option._key for option in options]))
        for option in options:
            self._binds += getattr(option, "_binds", ())
            self._anon = self._anon or getattr(option, "_anon", False)

    def _twin(self) -> Self:
        """A copy with the same key, for a generative method to change."""
        new = self._shallow()
        new._key = self._key
        new._binds = self._binds
        new._anon = self._anon
        return new

    def execution_options(self, **options: Any) -> Self:
        """A copy with these execution options (``yield_per=100``, …).

        Raises `ArgumentError` for those of connections and engines.
        """
        for name, hint in _NOT_FOR_STATEMENTS.items():
            if name in options:
                raise ArgumentError(
                    f"{name!r} execution option may only be specified on "
                    f"Connection.execution_options(){hint}"
                )
        new = self._twin()
        new._execution_options = self._execution_options.union(options)
        return new

    def get_execution_options(self) -> immutabledict[str, Any]:
        """The execution options set so far."""
        return self._execution_options


ExecutableStatement = Executable


class TypedReturnsRows(Executable, Generic[*_Ts]):
    """A statement whose rows have values of these types: ``TypedReturnsRows[int, str]``."""

    __slots__ = ()
