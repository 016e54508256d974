"""What an annotation such as ``Mapped[list["Address"] | None]`` says about an attribute.

Annotations are evaluated when the class is mapped. A name that is not defined yet (the class is
further down, or imported for type checkers only) becomes a `Later`, which takes part in type
expressions and is resolved by its name when the mappers are configured.
"""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Mapping
from typing import Annotated, Any, ForwardRef, Union, get_args, get_origin

from ormolu.orm import exc as orm_exc
from ormolu.orm.instances.attributes import DynamicMapped, Mapped, WriteOnlyMapped
from ormolu.orm.mapping.evaluation import evaluate
from ormolu.types.annotations import unwrap_optional

_COLLECTIONS: Mapping[Any, type[Any] | None] = {
    list: list,
    set: set,
    frozenset: set,
    dict: dict,
    tuple: None,
}


class Later:
    """A name in an annotation that is not defined yet."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self) -> None:
        raise TypeError(f"{self.name} is the name of a class that is not defined yet")

    def __getattr__(self, name: str) -> Later:
        if name.startswith("__"):
            raise AttributeError(name)
        return Later(f"{self.name}.{name}")

    def __or__(self, other: Any) -> Any:
        return Union[self, other]  # noqa: UP007 - `|` is what is being defined

    def __ror__(self, other: Any) -> Any:
        return Union[other, self]  # noqa: UP007 - `|` is what is being defined

    def __repr__(self) -> str:
        return self.name


class _Scope(dict[str, Any]):
    """The names that an annotation may use: the class's, its module's, builtins; else `Later`."""

    def __init__(self, class_: type[Any]) -> None:
        super().__init__(vars(sys.modules["builtins"]))
        module = sys.modules.get(class_.__module__)
        self.update(vars(module) if module is not None else {})
        self.setdefault("Mapped", Mapped)
        self[class_.__name__] = class_

    def __missing__(self, name: str) -> Any:
        return Later(name)


class Annotation:
    """An annotation taken apart.

    ``wrapper`` is `Mapped` or a subclass; ``type`` what it holds, without None; ``optional``
    whether None is allowed; ``whole`` the same with ``Annotated`` and None still in it;
    ``metadata`` the things in ``Annotated``.
    """

    __slots__ = ("metadata", "optional", "type", "whole", "wrapper")

    def __init__(self, wrapper: Any, whole: Any, scope: Mapping[str, Any]) -> None:
        self.wrapper = wrapper
        self.whole = whole = _evaluated(whole, scope)
        self.metadata: list[Any] = []
        self.optional = False
        self.type = self._peel(whole, scope)

    def _peel(self, given: Any, scope: Mapping[str, Any]) -> Any:
        given = _evaluated(given, scope)
        if get_origin(given) is Annotated:
            self.metadata.extend(given.__metadata__)
            return self._peel(given.__origin__, scope)
        if get_origin(given) in (Union, types.UnionType):
            members = [_evaluated(member, scope) for member in get_args(given)]
            rest = [member for member in members if member is not types.NoneType]
            if len(rest) < len(members):
                self.optional = True
            if len(rest) == 1:
                return self._peel(rest[0], scope)
            return Union[tuple(rest)]  # noqa: UP007 - a union of a computed tuple
        if unwrap_optional(given)[1]:  # an alias of something optional
            self.optional = True
        return given

    def collection(self) -> tuple[Any, Any] | None:
        """``(collection class, element)`` when it is a collection, else None."""
        origin = get_origin(self.type)
        if isinstance(origin, type) and issubclass(origin, (list, set, frozenset, dict)):
            base = _COLLECTIONS.get(origin, origin)
        elif origin in _ABSTRACT:
            base = _ABSTRACT[origin]
        else:
            return None
        args = get_args(self.type)
        return (base, args[-1]) if args else None


_ABSTRACT: Mapping[Any, type[Any]] = {
    typing.get_origin(typing.Sequence[int]): list,
    typing.get_origin(typing.MutableSequence[int]): list,
    typing.get_origin(typing.Collection[int]): list,
    typing.get_origin(typing.Iterable[int]): list,
    typing.get_origin(typing.AbstractSet[int]): set,
    typing.get_origin(typing.MutableSet[int]): set,
}


def _evaluated(given: Any, scope: Mapping[str, Any]) -> Any:
    if isinstance(given, ForwardRef):
        given = given.__forward_arg__
    if isinstance(given, str):
        return evaluate(given, scope)
    return given


def target_of(given: Any) -> Any:
    """The class of a relationship's annotation, or its name."""
    if isinstance(given, ForwardRef):
        return given.__forward_arg__
    if isinstance(given, Later):
        return given.name
    return given


def parse(class_: type[Any], key: str, given: Any) -> Annotation | None:
    """Take one annotation of a class apart; None when it is not a `Mapped` one.

    Raises `MappedAnnotationError` when it can't be evaluated.
    """
    if isinstance(given, str) and "Mapped" not in given and "[" not in given:
        return None
    scope = _Scope(class_)
    try:
        found = _evaluated(given, scope)
        origin = get_origin(found)
        if origin is typing.ClassVar or not (isinstance(origin, type)):
            return None
        if not issubclass(origin, Mapped):
            return None
        return Annotation(origin, get_args(found)[0], scope)
    except (SyntaxError, TypeError, NameError) as error:
        raise orm_exc.MappedAnnotationError(
            f"Could not interpret annotation {given!r} of {class_.__name__}.{key}: {error}. Write "
            "Mapped[type], with the class's name in quotes when it is defined later"
        ) from error


def is_class_variable(given: Any) -> bool:
    """Whether an annotation, in quotes or not, is a ``ClassVar``."""
    if isinstance(given, str):
        return given.partition("[")[0].rpartition(".")[2].strip() == "ClassVar"
    return given is typing.ClassVar or get_origin(given) is typing.ClassVar


def spelled(given: Any) -> str:
    """An annotation as its author wrote it."""
    if isinstance(given, str):
        return given
    return given.__name__ if isinstance(given, type) else str(given)


def is_dynamic(annotation: Annotation) -> str | None:
    """The ``lazy`` setting that the wrapper asks for, or None."""
    if issubclass(annotation.wrapper, DynamicMapped):
        return "dynamic"
    if issubclass(annotation.wrapper, WriteOnlyMapped):
        return "write_only"
    return None
