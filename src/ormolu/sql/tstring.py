"""SQL in template strings: ``tstring(t"SELECT * FROM users WHERE id = {user_id}")``.

Template strings exist since Python 3.14 (https://peps.python.org/pep-0750/). The text between the
braces' values is rendered as it stands, without looking for ``:name``; SQL elements are rendered
in their place, and plain values become binds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from ..exc import ArgumentError
from . import coercion
from .elements import BindParameter
from .label import FixedText
from .node import NODES, Kind
from .text import TextClause

__all__ = ["TString", "tstring"]

_TEMPLATES: Final = "string.templatelib"


class TString(TextClause):
    """A template string as SQL; ``parts`` are its texts and what stands between them."""

    __slots__ = ("parts",)
    _fields: ClassVar[Mapping[str, Kind]] = {"parts": NODES}
    __visit_name__ = "tstring"

    parts: tuple[Any, ...]

    def __init__(self, template: Any) -> None:
        kind = type(template)
        if kind.__module__ != _TEMPLATES or kind.__name__ != "Template":
            raise ArgumentError(
                f"pep-750 Tstring (e.g. t'...') expected, got {template!r}: tstring() needs "
                "Python 3.14 or later; text() with :name binds works everywhere"
            )
        self._init_executable()
        self.text = ""
        self._bindparams = ()
        self.parts = tuple([_part(each) for each in template])
        self._seal()

    def bindparams(self, *binds: BindParameter[Any], **names_to_values: Any) -> TString:
        """Raises `ArgumentError`: the values stand in the template."""
        raise ArgumentError(
            "tstring() has no bindparams(): put the values, or bindparam() objects, into the "
            "template"
        )


def _part(part: Any) -> Any:
    if isinstance(part, str):
        return FixedText(part)
    if part.conversion is not None or part.format_spec:
        raise ArgumentError(
            f"{{{part.expression}}} in a tstring() can't have a conversion or a format: its value "
            "is sent to the database as it is"
        )
    found = coercion.resolve(part.value)
    return BindParameter(None, part.value) if found is None else found


def tstring(template: Any) -> TString:
    """SQL from a template string: its values become binds, its SQL elements are rendered.

    Raises `ArgumentError` for anything but a template string.
    """
    return TString(template)
