"""SQL written by hand: `text`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from ..exc import ArgumentError
from ..types import NULLTYPE
from .elements import BindParameter, ClauseElement, Grouping, as_type
from .executable import Executable
from .node import CONST, NODES, Kind

if TYPE_CHECKING:
    from .operators import Operator
    from .textual import TextualSelect

BIND: Final = re.compile(r"(?<![:\w\x5c]):(\w+)(?!:)", re.UNICODE)
"""A bind in hand-written SQL: ``:name``, but not ``::type``, ``a:b`` or ``\\:name``."""

_COLON: Final = re.compile(r"(?<![:\w]):(?=\w)|(?<=\x5c):")


class TextClause(Executable, ClauseElement):
    """Hand-written SQL. ``:name`` is a bind; ``\\:`` is a colon."""

    __slots__ = ("_bindparams", "text")
    _fields: ClassVar[Mapping[str, Kind]] = {"text": CONST, "_bindparams": NODES}
    __visit_name__ = "textclause"

    is_text = True
    is_select = False
    type: Any = NULLTYPE
    key: str | None = None
    name: str | None = None
    _from_objects: tuple[Any, ...] = ()
    _select: ClassVar[Callable[..., TextualSelect]]
    """`TextualSelect`, which registers itself: it is made of FROM elements, which accept text."""

    text: str
    _bindparams: tuple[BindParameter[Any], ...]

    def __init__(self, text: str) -> None:
        self._init_executable()
        self.text = text
        names = dict.fromkeys(BIND.findall(text))
        self._bindparams = tuple([BindParameter(name, required=True) for name in names])
        self._seal()

    @property
    def comparator(self) -> Any:
        return self

    def bindparams(self, *binds: BindParameter[Any], **names_to_values: Any) -> TextClause:
        """A copy in which the named binds have values, or are other `bindparam` objects.

        Raises `ArgumentError` for a name that the text doesn't hold.
        """
        found = {bind.key: bind for bind in self._bindparams}
        for bind in binds:
            if bind.key not in found:
                raise self._no_bind(bind.key)
            found[bind.key] = bind
        for name, value in names_to_values.items():
            if name not in found:
                raise self._no_bind(name)
            old = found[name]
            found[name] = BindParameter(name, value, None if old.type is NULLTYPE else old.type)
        return self._copy(_bindparams=tuple(found.values()))

    def _no_bind(self, name: str) -> ArgumentError:
        return ArgumentError(
            f"This text() construct doesn't define a bound parameter named {name!r}; "
            f"it holds {', '.join(b.key for b in self._bindparams) or 'none'}: {self.text!r}"
        )

    def columns(self, *cols: Any, **types: Any) -> TextualSelect:
        """This text as a SELECT that gives these columns."""
        return type(self)._select(self, cols, {k: as_type(t) for k, t in types.items()})

    def self_group(self, against: Operator | None = None) -> Any:
        if against is not None and against.name in ("in_op", "not_in_op"):
            return Grouping(self)
        return self

    def _negate(self) -> Any:
        raise ArgumentError(
            f"not_() can't be applied to text({self.text!r}); write NOT in the text"
        )

    def label(self, name: str | None) -> Any:
        """Raises `ArgumentError`: text is no column; `literal_column` is."""
        raise ArgumentError(
            f"text({self.text!r}) has no label(); write literal_column({self.text!r}).label(...)"
        )


def text(text: str) -> TextClause:
    """SQL by hand: ``text("SELECT * FROM users WHERE id = :id")``."""
    return TextClause(text)


def escaped(sql: str) -> str:
    """SQL that holds no binds, as `text` has to be given it: ``':x'`` is ``'\\:x'``."""
    return _COLON.sub(r"\\:", sql)
