"""The plans that load: statements, single objects, and what an object lacks."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from typing import Any


def execute_plan(
    session: Any,
    statement: Any,
    params: Mapping[str, Any] | None = None,
    execution_options: Mapping[str, Any] | None = None,
    bind_arguments: Mapping[str, Any] | None = None,
    scalars: bool = False,
) -> Generator[Any, Any, Any]:
    """Execute any SELECT, or a text; the reply is a `Result` (a `ScalarResult` with scalars)."""
    raise RuntimeError("skeleton")
    yield


def get_plan(
    session: Any,
    mapper: Any,
    ident: Any,
    options: tuple[Any, ...] = (),
    populate_existing: bool = False,
    with_for_update: Any = None,
    execution_options: Mapping[str, Any] | None = None,
) -> Generator[Any, Any, Any]:
    """The object under a primary key, from the identity map or by one SELECT; None when absent."""
    raise RuntimeError("skeleton")
    yield


def refresh_plan(
    session: Any, obj: object, names: Iterable[str] | None = None, with_for_update: Any = None
) -> Generator[Any, Any, None]:
    """Load an object's row again; `names` limits it to these attributes."""
    raise RuntimeError("skeleton")
    yield
