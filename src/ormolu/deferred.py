"""Standard modules that are imported when they are first needed.

``import ormolu.orm`` has to stay light, and a few modules of the standard library cost more than
whole rooms of ormolu while most programs never reach them (``pickle``) or reach them later
(``inspect`` in ``create_engine``, ``logging`` when an engine is made). Such a module is named once,
at the top of its user, where an import would stand::

    if TYPE_CHECKING:
        import inspect
    else:
        inspect = deferred("inspect")
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any

__all__ = ["deferred"]


class _Deferred(ModuleType):
    """A module's stand-in. It asks the module itself each time, so patches to that are seen."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)


def deferred(name: str) -> ModuleType:
    """Return a stand-in for a module, which imports it when one of its names is asked for.

    :param name: the module's full name.
    """
    return _Deferred(name)
