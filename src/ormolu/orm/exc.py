"""The ORM's exceptions; all are defined in `ormolu.exc`."""

from __future__ import annotations

from ormolu.exc import (
    DetachedInstanceError,
    FlushError,
    LoaderStrategyException,
    MappedAnnotationError,
    MultipleResultsFound,
    NoResultFound,
    ObjectDeletedError,
    ObjectDereferencedError,
    StaleDataError,
    UnmappedClassError,
    UnmappedColumnError,
    UnmappedError,
    UnmappedInstanceError,
)

ConcurrentModificationError = StaleDataError

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
