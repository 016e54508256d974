"""From a statement of a plugin (the ORM's) to the plain Core statement that is compiled.

A statement that met an entity has ``_plugin`` set. Whoever owns the plugin registers how to lower
it;
the arrow between the rooms stays downward.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ormolu.exc import InvalidRequestError
from ormolu.sql.froms import _LOWER

__all__ = ["lower", "register"]

Lower = Callable[[Any], Any]

_LOWERINGS: dict[str, tuple[Lower, Lower]] = {}


def register(plugin: str, lowering: Lower, inner: Lower | None = None) -> None:
    """Set the function that turns a statement of ``plugin`` into one of Core.

    :param inner: the same for a statement inside of another, which gives nothing but its columns.
    """
    _LOWERINGS[plugin] = (lowering, inner or lowering)


def lower(statement: Any, *, inner: bool = False) -> Any:
    """Return the Core statement to compile, which is ``statement`` itself when it has no plugin.

    :param inner: it stands inside of another statement.
    :raises InvalidRequestError: when nobody registered the plugin.
    """
    plugin = getattr(statement, "_plugin", None)
    if plugin is None:
        return statement
    lowering = _LOWERINGS.get(plugin)
    if lowering is None:
        raise InvalidRequestError(
            f"the statement holds things of the {plugin!r} plugin, which is not loaded: "
            f"import ormolu.{plugin} first"
        )
    return lowering[inner](statement)


_LOWER.append(lower)
