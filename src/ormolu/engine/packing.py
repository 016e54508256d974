"""The values of an execution as the driver takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import exc
from ..compiler.compiled import Compiled
from ..io.requests import Params
from .core import ConnectionCore

ParameterSet = Mapping[str, Any]


def pack(
    core: ConnectionCore, compiled: Compiled, binds: Sequence[Any], params: ParameterSet
) -> tuple[str, Params]:
    """Return the text and the values for the driver.

    :raises StatementError: when a value is missing or its type refuses it.
    """
    try:
        if compiled.expanding:
            return compiled.expand(binds, params)
        return compiled.sql, compiled.pack(binds, params)
    except Exception as error:
        raise statement_error(core, compiled, params, error) from error


def pack_many(
    core: ConnectionCore, compiled: Compiled, binds: Sequence[Any], sets: Sequence[ParameterSet]
) -> list[Any]:
    """Return the values of many sets for one text.

    :raises StatementError: when a value is missing or its type refuses it.
    """
    try:
        return compiled.pack_many(binds, sets)
    except Exception as error:
        raise statement_error(core, compiled, sets, error) from error


def statement_error(
    core: ConnectionCore, compiled: Compiled, params: Any, error: Exception
) -> BaseException:
    """Return the `StatementError` for what went wrong before anything was sent."""
    if isinstance(error, exc.StatementError):
        if error.statement is not None:
            return error
        # A value is missing; who packs the values doesn't know for which text.
        error = exc.InvalidRequestError(str(error.args[0]), code="cd3x")
    kind = type(error)
    wrapped = exc.StatementError(
        f"({kind.__module__}.{kind.__qualname__}) {error}",
        compiled.sql,
        params,
        error,
        hide_parameters=core.engine.hide_parameters,
        code=getattr(error, "code", None),
        ismulti=isinstance(params, list),
    )
    if not core.dispatch.handle_error:
        return wrapped
    return core.told(error, wrapped, compiled.sql, params)
