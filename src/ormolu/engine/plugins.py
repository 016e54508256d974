"""Plugins of ``create_engine``: code by name that changes how an engine is made.

A plugin is a subclass of :class:`CreateEnginePlugin`, found by the name under which it was
registered or published as an entry point of the group ``ormolu.plugins``. The URL names it
(``?plugin=name``), or ``create_engine(url, plugins=["name"])`` does.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..deferred import deferred
from ..exc import ArgumentError, NoSuchModuleError

if TYPE_CHECKING:
    from importlib import metadata

    from .url import URL
else:
    metadata = deferred("importlib.metadata")


class CreateEnginePlugin:
    """Takes part in making an engine; override what is needed.

    :param url: the URL as given, ``plugin`` in its query included.
    :param kwargs: the keyword arguments of ``create_engine``; take out what is the plugin's own.
    """

    def __init__(self, url: URL, kwargs: dict[str, Any]) -> None:
        self.url = url

    def update_url(self, url: URL) -> URL:
        """Return the URL to connect to, without what is the plugin's own."""
        return url

    def handle_dialect_kwargs(self, dialect_cls: type[Any], dialect_args: dict[str, Any]) -> None:
        """Change the arguments of the dialect."""

    def handle_pool_kwargs(self, pool_cls: type[Any], pool_args: dict[str, Any]) -> None:
        """Change the arguments of the pool."""

    def engine_created(self, engine: Any) -> None:
        """Receive the engine when it is there, to listen to its events."""


class PluginLoader:
    """Finds things by name: registered ones, else those that installed packages publish."""

    def __init__(self, group: str) -> None:
        self.group = group
        self.impls: dict[str, Callable[[], Any]] = {}

    def register(self, name: str, modulepath: str, objname: str) -> None:
        """Make ``objname`` of the module ``modulepath`` known as ``name``."""
        self.impls[name] = lambda: getattr(importlib.import_module(modulepath), objname)

    def deregister(self, name: str) -> None:
        """Forget a name."""
        del self.impls[name]

    def load(self, name: str) -> Any:
        """Return what a name stands for.

        :raises NoSuchModuleError: when nobody registered it.
        """
        if name in self.impls:
            return self.impls[name]()
        for entry_point in metadata.entry_points(group=self.group, name=name):
            self.impls[name] = entry_point.load
            return entry_point.load()
        raise NoSuchModuleError(
            f"Can't load plugin: {self.group}:{name}: no package publishes it; "
            f"write plugins.register({name!r}, 'package.module', 'ClassName')"
        )


plugins = PluginLoader("ormolu.plugins")


def plugins_for(
    url: URL, options: dict[str, Any]
) -> tuple[URL, Sequence[CreateEnginePlugin], dict[str, Any]]:
    """Return the URL and options without their plugins, and the plugins.

    :raises NoSuchModuleError: for a plugin that there is not.
    """
    options = dict(options)
    own = options.pop("plugins", None) or []
    if not isinstance(own, (list, tuple)):
        raise ArgumentError(f"plugins must be a list of names, not {own!r}")
    names = [*url.normalized_query.get("plugin", ()), *own]
    if not names:
        return url, (), options
    made: list[CreateEnginePlugin] = [plugins.load(name)(url, options) for name in names]
    url = url.difference_update_query(["plugin"])
    for plugin in made:
        url = plugin.update_url(url)
    return url, made, options
