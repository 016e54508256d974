"""The ORM's exceptions, and those of results that programs look for here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ormolu.exc import (
    ArgumentError,
    InvalidRequestError,
    MultipleResultsFound,
    NoResultFound,
    SQLAlchemyError,
)
from ormolu.exc.errors import qualified

__all__ = [
    "ConcurrentModificationError",
    "DetachedInstanceError",
    "FlushError",
    "LoaderStrategyException",
    "MappedAnnotationError",
    "MultipleResultsFound",
    "NoResultFound",
    "ObjectDeletedError",
    "ObjectDereferencedError",
    "StaleDataError",
    "UnmappedClassError",
    "UnmappedColumnError",
    "UnmappedError",
    "UnmappedInstanceError",
]


class StaleDataError(SQLAlchemyError):
    """An UPDATE or DELETE of a mapped object met another number of rows than expected.

    Somebody else deleted the row, or changed it (version counters).
    """


ConcurrentModificationError = StaleDataError


class FlushError(SQLAlchemyError):
    """A flush can't be done: the state of the objects is contradictory."""


class MappedAnnotationError(ArgumentError):
    """A ``Mapped[...]`` annotation can't be turned into a mapped attribute."""


class UnmappedError(InvalidRequestError):
    """Something that is not mapped was used where a mapped thing is needed."""


class ObjectDereferencedError(SQLAlchemyError):
    """An operation needs an object that has been garbage collected."""


class DetachedInstanceError(SQLAlchemyError):
    """An attribute that was never loaded was read on an object outside any session."""

    code = "bhk3"


class UnmappedInstanceError(UnmappedError):
    """An object whose class is not mapped was given to the ORM."""

    def __init__(self, obj: object, msg: str | None = None) -> None:
        if msg is None:
            cls = type(obj)
            msg = f"Class '{qualified(cls)}' is not mapped"
            if isinstance(obj, type):
                msg += f"; was a class ({qualified(obj)}) supplied where an instance was required?"
        super().__init__(msg)

    def __reduce__(self) -> tuple[Any, ...]:
        return self.__class__, (None, self.args[0])


class UnmappedClassError(UnmappedError):
    """A class that is not mapped was given to the ORM."""

    def __init__(self, cls: type[Any], msg: str | None = None) -> None:
        super().__init__(msg or f"Class '{qualified(cls)}' is not mapped")

    def __reduce__(self) -> tuple[Any, ...]:
        return self.__class__, (object, self.args[0])


class ObjectDeletedError(InvalidRequestError):
    """The row of an object that was to be refreshed is gone.

    :param state: the object's state, which can name the object by ``state.class_``.
    """

    def __init__(self, state: Any, msg: str | None = None) -> None:
        if msg is None:
            name = getattr(getattr(state, "class_", None), "__name__", type(state).__name__)
            msg = (
                f"Instance '<{name} at {id(state):#x}>' has been deleted, "
                "or its row is otherwise not present."
            )
        super().__init__(msg)

    def __reduce__(self) -> tuple[Any, ...]:
        return self.__class__, (None, self.args[0])


class UnmappedColumnError(InvalidRequestError):
    """A column that is not mapped was used where a mapped one is needed."""


class LoaderStrategyException(InvalidRequestError):
    """A loader option doesn't fit the kind of attribute it was applied to."""

    def __init__(
        self,
        applied_to_property_type: type[Any],
        requesting_property: object,
        applies_to: type[Any] | None = None,
        actual_strategy_type: type[Any] | None = None,
        strategy_key: Iterable[object] = (),
    ) -> None:
        fits = "" if applies_to is None else f"; it applies to {applies_to.__name__} attributes"
        super().__init__(
            f"The loader strategy {tuple(strategy_key)!r} can't be applied to "
            f"'{requesting_property}', which is a {applied_to_property_type.__name__}{fits}"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        # A property can't be pickled with its mapper, so the copy is made from the message.
        return self.__class__.__new__, (self.__class__, *self.args), vars(self)
