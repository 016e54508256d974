"""`quoted_name`: a name that says itself whether it is quoted."""

from __future__ import annotations

from typing import Any, overload


class quoted_name(str):
    """A name with a decision about its quotes.

    :param quote: True always, False never, None as its characters need it.
    """

    __slots__ = ("quote",)

    quote: bool | None

    def __new__(cls, value: str, quote: bool | None) -> quoted_name:
        if isinstance(value, quoted_name) and (quote is None or value.quote == quote):
            return value
        made = super().__new__(cls, value)
        made.quote = quote
        return made

    @overload
    @classmethod
    def construct(cls, value: str, quote: bool | None) -> quoted_name: ...
    @overload
    @classmethod
    def construct(cls, value: None, quote: bool | None) -> None: ...
    @classmethod
    def construct(cls, value: str | None, quote: bool | None) -> quoted_name | None:
        """As the class itself, None staying None."""
        return None if value is None else cls(value, quote)

    def lower(self) -> str:
        """The name in lower case; a name that is always quoted stays as it is."""
        return self if self.quote else str.lower(self)

    def upper(self) -> str:
        """The name in upper case; a name that is always quoted stays as it is."""
        return self if self.quote else str.upper(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return quoted_name, (str.__str__(self), self.quote)


def with_quotes(name: str | None, quote: bool | None) -> Any:
    """``name`` itself when nothing is decided about its quotes, else a `quoted_name`."""
    return name if name is None or quote is None else quoted_name(name, quote)
