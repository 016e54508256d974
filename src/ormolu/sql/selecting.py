"""`select`, typed: what rows a statement gives is inferred from its arguments."""

from __future__ import annotations

from typing import Any, TypeVar, overload

from .column_operators import SQLCoreOperations
from .select import AnySelect, Select

_T0 = TypeVar("_T0")
_T1 = TypeVar("_T1")
_T2 = TypeVar("_T2")
_T3 = TypeVar("_T3")
_T4 = TypeVar("_T4")
_T5 = TypeVar("_T5")
_T6 = TypeVar("_T6")
_T7 = TypeVar("_T7")
_T8 = TypeVar("_T8")
_T9 = TypeVar("_T9")


@overload
def select(
    ent0: type[_T0] | SQLCoreOperations[_T0],
    /,
) -> Select[_T0]: ...


@overload
def select(
    ent0: type[_T0] | SQLCoreOperations[_T0],
    ent1: type[_T1] | SQLCoreOperations[_T1],
    /,
) -> Select[_T0, _T1]: ...


@overload
def select(
    ent0: type[_T0] | SQLCoreOperations[_T0],
    ent1: type[_T1] | SQLCoreOperations[_T1],
    ent2: type[_T2] | SQLCoreOperations[_T2],
    /,
) -> Select[_T0, _T1, _T2]: ...


@overload
def select(
    ent0: type[_T0] | SQLCoreOperations[_T0],
    ent1: type[_T1] | SQLCoreOperations[_T1],
    ent2: type[_T2] | SQLCoreOperations[_T2],
    ent3: type[_T3] | SQLCoreOperations[_T3],
    /,
) -> Select[_T0, _T1, _T2, _T3]: ...


@overload
def select(
    ent0: type[_T0] | SQLCoreOperations[_T0],
    ent1: type[_T1] | SQLCoreOperations[_T1],
    ent2: type[_T2] | SQLCoreOperations[_T2],
    ent3: type[_T3] | SQLCoreOperations[_T3],
    ent4: type[_T4] | SQLCoreOperations[_T4],
    /,
) -> Select[_T0, _T1, _T2, _T3, _T4]: ...


@overload
def select(
    ent0: type[_T0] | SQLCoreOperations[_T0],
    ent1: type[_T1] | SQLCoreOperations[_T1],
    ent2: type[_T2] | SQLCoreOperations[_T2],
    ent3: type[_T3] | SQLCoreOperations[_T3],
    ent4: type[_T4] | SQLCoreOperations[_T4],
    ent5: type[_T5] | SQLCoreOperations[_T5],
    /,
) -> Select[_T0, _T1, _T2, _T3, _T4, _T5]: ...


@overload
def select(
    ent0: type[_T0] | SQLCoreOperations[_T0],
    ent1: type[_T1] | SQLCoreOperations[_T1],
    ent2: type[_T2] | SQLCoreOperations[_T2],
    ent3: type[_T3] | SQLCoreOperations[_T3],
    ent4: type[_T4] | SQLCoreOperations[_T4],
    ent5: type[_T5] | SQLCoreOperations[_T5],
    ent6: type[_T6] | SQLCoreOperations[_T6],
    /,
) -> Select[_T0, _T1, _T2, _T3, _T4, _T5, _T6]: ...


@overload
def select(
    ent0: type[_T0] | SQLCoreOperations[_T0],
    ent1: type[_T1] | SQLCoreOperations[_T1],
    ent2: type[_T2] | SQLCoreOperations[_T2],
    ent3: type[_T3] | SQLCoreOperations[_T3],
    ent4: type[_T4] | SQLCoreOperations[_T4],
    ent5: type[_T5] | SQLCoreOperations[_T5],
    ent6: type[_T6] | SQLCoreOperations[_T6],
    ent7: type[_T7] | SQLCoreOperations[_T7],
    /,
) -> Select[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7]: ...


@overload
def select(
    ent0: type[_T0] | SQLCoreOperations[_T0],
    ent1: type[_T1] | SQLCoreOperations[_T1],
    ent2: type[_T2] | SQLCoreOperations[_T2],
    ent3: type[_T3] | SQLCoreOperations[_T3],
    ent4: type[_T4] | SQLCoreOperations[_T4],
    ent5: type[_T5] | SQLCoreOperations[_T5],
    ent6: type[_T6] | SQLCoreOperations[_T6],
    ent7: type[_T7] | SQLCoreOperations[_T7],
    ent8: type[_T8] | SQLCoreOperations[_T8],
    /,
) -> Select[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8]: ...


@overload
def select(
    ent0: type[_T0] | SQLCoreOperations[_T0],
    ent1: type[_T1] | SQLCoreOperations[_T1],
    ent2: type[_T2] | SQLCoreOperations[_T2],
    ent3: type[_T3] | SQLCoreOperations[_T3],
    ent4: type[_T4] | SQLCoreOperations[_T4],
    ent5: type[_T5] | SQLCoreOperations[_T5],
    ent6: type[_T6] | SQLCoreOperations[_T6],
    ent7: type[_T7] | SQLCoreOperations[_T7],
    ent8: type[_T8] | SQLCoreOperations[_T8],
    ent9: type[_T9] | SQLCoreOperations[_T9],
    /,
) -> Select[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7, _T8, _T9]: ...


@overload
def select(*entities: Any) -> AnySelect: ...


def select(*entities: Any) -> AnySelect:
    """A SELECT of columns, tables, mapped classes: ``select(User.id, User.name)``.

    Raises `ArgumentError` for anything that can't stand in a columns clause.
    """
    return Select(*entities)
