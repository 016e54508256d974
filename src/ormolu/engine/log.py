"""The engine's log, as its users know it: ``BEGIN (implicit)``, the SQL, its parameters, COMMIT.

``echo`` is a shortcut for the standard logger's level: ``True`` logs statements (INFO), ``"debug"``
rows as well. Statements go to ``ormolu.engine.Engine`` (with ``logging_name`` appended). Whether
anything is logged is decided at connection checkout and when ``echo`` is set; with logging off, a
statement costs one attribute test.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from .. import exc
from ..deferred import deferred
from ..pool.log import add_stdout_handler, emit
from .events import refresh_observed

if TYPE_CHECKING:
    import logging
else:
    logging = deferred("logging")

ENGINE_LOGGER = "ormolu.engine.Engine"
_REMEMBERED = 2000
# ``logging.INFO``, asked for at every checkout: a name of the deferred module is looked up anew.
INFO = 20


class EngineLog:
    """The log of one engine."""

    __slots__ = ("_made", "echo", "hide_parameters", "logger", "logging_name", "observers")

    def __init__(
        self,
        echo: bool | str | None = False,
        logging_name: str | None = None,
        hide_parameters: bool = False,
    ) -> None:
        self.logging_name = logging_name
        self.logger = logging.getLogger(
            f"{ENGINE_LOGGER}.{logging_name}" if logging_name else ENGINE_LOGGER
        )
        self.echo: bool | str = False
        self.observers: list[Callable[[str, Any], object]] = []
        # Text -> when it was made and how long that took; None once that was told.
        self._made: dict[str, tuple[float, float | None]] = {}
        self.hide_parameters = hide_parameters
        self.set_echo(echo or False)

    def set_echo(self, echo: bool | str) -> None:
        """Turn ``echo`` on (True, ``"debug"``) or off; adds a handler to stdout if none is set."""
        self.echo = echo
        self.refresh()
        if echo and not logging.getLogger("ormolu").handlers and not logging.getLogger().handlers:
            add_stdout_handler()

    @property
    def enabled(self) -> bool:
        """Whether statements are logged now."""
        if self.echo or self.observers:
            return True
        return self.logger.isEnabledFor(INFO)

    def refresh(self) -> None:
        """Tell the open connections whether statements are logged now."""
        refresh_observed()

    @property
    def debug(self) -> bool:
        """Whether rows are logged now."""
        return self.echo == "debug" or self.logger.isEnabledFor(logging.DEBUG)

    def info(self, message: str, token: str | None = None) -> None:
        """Log one line, behind the ``logging_token`` if there is one."""
        if token is not None:
            message = f"[{token}] {message}"
        emit(self.logger, logging.INFO, message, bool(self.echo))

    def columns(self, keys: Sequence[str], token: str | None = None) -> None:
        """Log the columns of a result (``echo="debug"``)."""
        self._debug(f"Col {tuple(keys)!r}", token)

    def row(self, row: Any, token: str | None = None) -> Any:
        """Log a row of a result, and return it."""
        self._debug(f"Row {exc.parameters_text(tuple(row), False)}", token)
        return row

    def _debug(self, message: str, token: str | None) -> None:
        if token is not None:
            message = f"[{token}] {message}"
        emit(self.logger, logging.DEBUG, message, self.echo == "debug")

    def generated(self, sql: str, seconds: float) -> None:
        """Note that a statement was compiled, for its first line in the log."""
        if len(self._made) >= _REMEMBERED:
            self._made.clear()
        self._made[sql] = (time.perf_counter(), seconds)

    def statement(
        self,
        sql: str,
        params: Any,
        remark: str | None = None,
        token: str | None = None,
        *,
        counted: bool = True,
    ) -> None:
        """Log a statement and its parameters.

        :param remark: where the text came from; by default how it was made or how old it is.
        :param counted: whether the observers hear of it (not of savepoints and DDL).
        """
        for observer in self.observers if counted else ():
            observer(sql, params)
        self.info(sql, token)
        if self.hide_parameters:
            shown = "[SQL parameters hidden due to hide_parameters=True]"
        else:
            shown = exc.parameters_text(params, isinstance(params, list))
        self.info(f"[{remark or self.remark(sql)}] {shown}", token)

    def remark(self, sql: str, uncached: str | None = None) -> str:
        """Return how long compiling took, or how long ago it was.

        :param uncached: why the compiled form is not kept, for one that isn't.
        """
        made = self._made.get(sql)
        if made is None:
            return "raw sql" if uncached is None else uncached
        when, took = made
        if uncached is not None:
            return f"{uncached} {took or 0:.5f}s"
        if took is not None:
            self._made[sql] = (when, None)
            return f"generated in {took:.5f}s"
        return f"cached since {time.perf_counter() - when:.4g}s ago"
