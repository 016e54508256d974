"""``ddl_if`` and ``execute_if``: DDL that is written for some databases only."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Self

DDLCondition = Callable[..., bool]


class DDLIf:
    """The condition of a schema item or of a DDL statement.

    :param dialect: the name of a dialect, or several.
    :param callable_: called as ``callable_(ddl, target, bind, state=…, dialect=…, compiler=…, …)``.
    :param state: handed to the callable.
    """

    __slots__ = ("callable_", "dialect", "state")

    def __init__(
        self,
        dialect: str | Collection[str] | None,
        callable_: DDLCondition | None,
        state: Any | None,
    ) -> None:
        self.dialect = dialect
        self.callable_ = callable_
        self.state = state

    def holds(
        self, ddl: Any, target: Any, bind: Any, *, dialect: Any, compiler: Any = None, **kw: Any
    ) -> bool:
        """Whether the DDL is to be written.

        :param bind: the connection, None where there is none (inside CREATE TABLE).
        """
        if isinstance(self.dialect, str):
            if self.dialect != dialect.name:
                return False
        elif self.dialect is not None and dialect.name not in self.dialect:
            return False
        if self.callable_ is None:
            return True
        return bool(
            self.callable_(
                ddl, target, bind, compiler=compiler, state=self.state, dialect=dialect, **kw
            )
        )


class HasConditionalDDL:
    """A constraint or an index, which ``ddl_if`` can confine to some databases."""

    _ddl_if: DDLIf | None = None

    def ddl_if(
        self,
        dialect: str | Collection[str] | None = None,
        callable_: DDLCondition | None = None,
        state: Any | None = None,
    ) -> Self:
        """Write this item only for a dialect, or only when a function says so.

        :param dialect: a name (``"postgresql"``) or several.
        :param callable_: called as
            ``callable_(ddl, item, bind, compiler=…, state=…, dialect=…, **kw)``.
        :param state: handed to the callable.
        """
        self._ddl_if = DDLIf(dialect, callable_, state)
        return self
