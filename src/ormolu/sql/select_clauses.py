"""The clauses of a SELECT, worked out of the calls that made it when somebody reads one.

A program builds the same statement for each request; its key finds the compiled form, and nobody
asks again what stands in which clause. So a `Select` doesn't keep clauses but a *log* of the calls
that made it, each with what it was given, beside the key and the binds that every call appends to:
a call copies a handful of slots, whatever clauses there are. The first that reads a clause (the
compiler, on a miss of the cache) has them written out in a `Clauses`, which takes the place of the
log.

A log is one tuple, replaced as a whole, so that two threads may write out the same statement at
once: ``(tag, given, tag, given, …)``, with a `Clauses` in front when one was written out before.
"""

from __future__ import annotations

from typing import Any, Final, Generic, TypeAlias, TypeVar, overload

from .clauses import NOTHING_RARE, JoinSpec, Rare

_T = TypeVar("_T")
Log: TypeAlias = tuple[Any, ...]
"""``(tag, given, …)``, or ``(Clauses, tag, given, …)``."""

COLUMNS: Final = "columns"
WHERE: Final = "where"
JOIN: Final = "join"
ORDER_BY: Final = "order_by"
LIMIT: Final = "limit"


class Clauses:
    """What a SELECT says, by clause; never changed once a log holds it."""

    __slots__ = (
        "_from_obj",
        "_group_by",
        "_joins",
        "_limit",
        "_offset",
        "_order_by",
        "_rare",
        "_raw_columns",
        "_where",
    )

    _raw_columns: tuple[Any, ...]
    _from_obj: tuple[Any, ...]
    _where: tuple[Any, ...]
    _joins: tuple[JoinSpec, ...]
    _order_by: tuple[Any, ...]
    _group_by: tuple[Any, ...]
    _limit: Any
    _offset: Any
    _rare: Rare

    def __init__(self) -> None:
        self._raw_columns = self._from_obj = self._where = self._joins = ()
        self._order_by = self._group_by = ()
        self._limit = self._offset = None
        self._rare = NOTHING_RARE

    def copy(self) -> Clauses:
        """The same clauses, for whoever is about to change one."""
        new = Clauses()
        for name in Clauses.__slots__:
            setattr(new, name, getattr(self, name))
        return new

    def add(self, tag: str, given: Any) -> None:
        """Do what one call of the log says."""
        if tag is WHERE:
            self._where += given
        elif tag is ORDER_BY:
            self._order_by += given
        elif tag is JOIN:
            self._joins += (JoinSpec(*given),)
        elif tag is LIMIT:
            self._limit = given
        else:
            self._raw_columns = given


def written_out(log: Log) -> Clauses:
    """The clauses that a log comes to."""
    if len(log) % 2:
        first: Clauses = log[0]
        clauses, steps = first.copy(), log[1:]
    else:
        clauses, steps = Clauses(), log
    for index in range(0, len(steps), 2):
        clauses.add(steps[index], steps[index + 1])
    return clauses


class Clause(Generic[_T]):
    """A clause as an attribute of the statement."""

    __slots__ = ("_name",)

    _name: str

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, select: None, owner: type) -> Clause[_T]: ...

    @overload
    def __get__(self, select: Any, owner: type) -> _T: ...

    def __get__(self, select: Any, owner: type) -> Any:
        if select is None:
            return self
        log = select._log
        if len(log) != 1:
            log = select._log = (written_out(log),)
        return getattr(log[0], self._name)

    def __set__(self, select: Any, value: _T) -> None:
        clauses = written_out(getattr(select, "_log", ()))
        setattr(clauses, self._name, value)
        select._log = (clauses,)
