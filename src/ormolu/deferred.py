"""Standard modules that are imported when they are first needed.

``import ormolu.orm`` has to stay light, and a few modules of the standard library cost more than
whole rooms of ormolu while most programs never reach them (``pickle``) or reach them later
(``inspect`` in ``create_engine``, ``logging`` when an engine is made). Such a module is named once,
at the top of its user, where an import would stand::

    if TYPE_CHECKING:
        import inspect
    else:
        inspect = deferred("inspect")

A package whose ``__init__`` offers names that few programs use, or that programs use after they are
loaded, gives them by `lazy_names`::

    if TYPE_CHECKING:
        from .create import create_engine as create_engine
    else:
        __getattr__, __dir__ = lazy_names(__name__, {"ormolu.engine.create": ("create_engine",)})
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

__all__ = ["deferred", "lazy_names"]


class _Deferred(ModuleType):
    """A module's stand-in. It asks the module itself each time, so patches to that are seen."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)


def deferred(name: str) -> ModuleType:
    """Return a stand-in for a module, which imports it when one of its names is asked for.

    :param name: the module's full name.
    """
    return _Deferred(name)


def lazy_names(
    package: str, modules: Mapping[str, Sequence[str]]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` of a package that loads names when they are asked for.

    A name is then the package's own, so that it is asked for once. None may be that of a submodule,
    unless it means the submodule: the import system sets that by itself.

    :param package: the package's ``__name__``.
    :param modules: full name of a module -> the names that it gives.
    """
    places = {name: module for module, names in modules.items() for name in names}

    def get(name: str) -> Any:
        place = places.get(name)
        if place is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = import_module(place)
        found = module if place == f"{package}.{name}" else getattr(module, name)
        setattr(sys.modules[package], name, found)
        return found

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *places})

    return get, names
