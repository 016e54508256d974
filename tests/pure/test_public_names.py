"""What `ormolu` and `ormolu.orm` export is there, documented, and the version is the package's."""

from __future__ import annotations

import inspect
from importlib.metadata import metadata
from pathlib import Path
from types import ModuleType

import pytest

import ormolu
import ormolu.dialects.mysql
import ormolu.dialects.postgresql
import ormolu.dialects.sqlite
import ormolu.exc
import ormolu.ext.asyncio
import ormolu.orm
import ormolu.pool
import ormolu.schema
import ormolu.sql
import ormolu.types

NAMESPACES = pytest.mark.parametrize(
    "module",
    [
        ormolu, ormolu.dialects.mysql, ormolu.dialects.postgresql, ormolu.dialects.sqlite,
        ormolu.exc, ormolu.ext.asyncio, ormolu.orm, ormolu.pool, ormolu.schema, ormolu.sql,
        ormolu.types,
    ],
    ids=lambda module: module.__name__,
)  # fmt: skip


def exported_classes(module: ModuleType) -> list[type]:
    """The classes that a module exports, those that are loaded on first use among them."""
    exported = (getattr(module, name) for name in module.__all__)
    return [each for each in exported if inspect.isclass(each)]


@NAMESPACES
def test_all_names_every_export_once_in_order(module: ModuleType) -> None:
    names = module.__all__
    assert len(names) == len(set(names))
    assert [name for name in names if not hasattr(module, name)] == []
    for name in dir(module):
        getattr(module, name)  # those that are loaded on first use, too
    public = {name for name in vars(module) if not name.startswith("_") and name in names}
    imported = {
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and getattr(value, "__module__", "").startswith("ormolu")
        and not isinstance(value, ModuleType)
    }
    assert imported - public == set()


@NAMESPACES
def test_every_exported_class_and_function_has_a_docstring_of_its_own(module: ModuleType) -> None:
    bare = []
    for name in module.__all__:
        exported = getattr(module, name)
        if inspect.isclass(exported):
            documented = exported.__dict__.get("__doc__")
        elif inspect.isroutine(exported):
            documented = exported.__doc__
        else:
            continue
        if not documented:
            bare.append(name)
    assert bare == []


def visited(cls: type, name: str) -> bool:
    """Whether a method is one of a visitor's, named after what it visits.

    Such a method has nothing to say of its own; the class says what all of them do.
    """
    kind = name.removeprefix("visit_")
    return kind != name and kind in VISIT_NAMES and "``visit_" in (cls.__doc__ or "")


VISIT_NAMES = {
    each.__visit_name__
    for each in exported_classes(ormolu.types)
    if issubclass(each, ormolu.types.TypeEngine)
}


@NAMESPACES
def test_every_public_method_of_an_exported_class_has_a_docstring(module: ModuleType) -> None:
    bare = {
        f"{cls.__name__}.{name}"
        for cls in exported_classes(module)
        for name, member in vars(cls).items()
        if not name.startswith("_")
        and inspect.isfunction(member)
        and not inspect.getdoc(getattr(cls, name))
        and not visited(cls, name)
    }
    assert bare == set()


def test_the_version_is_the_distributions() -> None:
    assert ormolu.__version__ == metadata("ormolu")["Version"]


def test_the_package_declares_its_types() -> None:
    assert (Path(ormolu.__file__).parent / "py.typed").is_file()


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"'ormolu\.orm' has no attribute 'Sesion'"):
        ormolu.orm.Sesion  # noqa: B018
    assert "scoped_session" in dir(ormolu.orm)
