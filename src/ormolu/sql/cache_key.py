"""`CacheKey`: the key of a statement, as an object that can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .elements import BindParameter
    from .node import Key


class CacheKey(NamedTuple):
    """What two statements have in common that share a compiled form.

    ``key`` is the comparable key, ``bindparams`` the binds whose values it leaves out. Two are
    equal when their keys are; a `CacheKey` is no dictionary key itself, its ``key`` is.
    """

    key: Key
    bindparams: tuple[BindParameter[Any], ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CacheKey) and bool(self.key == other.key)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        raise TypeError("a CacheKey is no dictionary key; its .key is")

    def to_offline_string(self, statement_cache: Any, statement: Any, parameters: Any) -> str:
        """Return a text for this key, the parameters included, the same in every process."""
        names = [getattr(bind, "key", None) for bind in self.bindparams]
        return repr((str(statement.compile()), [parameters.get(name) for name in names]))
