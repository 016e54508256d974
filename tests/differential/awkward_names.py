"""Names and strings that break careless quoting, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.errors import UnsatisfiedAssumption

#: What means something to a database, to a driver's paramstyle, or to a compiler's own marks.
PIECES = [
    *"'\"`\\%:;?$@#()[]{}.,=<>-_ \t\n\r/*",
    "''",
    '""',
    "``",
    "\\'",
    "%%",
    "%s",
    "%(x)s",
    ":x",
    "::",
    "?",
    "$1",
    "--",
    "/*",
    "*/",
    "; DROP TABLE t; ",
    "__[POSTCOMPILE_x]",
    "~~",
    "select",
    "SELECT",
    "order",
    "user",
    "lag",
    "offset",
    "é",
    "ß",
    "İ",
    "日本",
    "😀",
    "\u0301",
    "\u2028",
    "\ufeff",
    "\x7f",
    "a",
    "b1",
    "A",
    "_",
    "1",
]

_characters = st.characters(exclude_categories=["Cs"])
#: Any text that Python can encode, also with NULs.
ANY_TEXT = st.one_of(
    st.sampled_from(PIECES),
    st.lists(st.sampled_from(PIECES), max_size=6).map("".join),
    st.text(_characters, max_size=12),
    st.builds("".join, st.lists(st.one_of(st.sampled_from(PIECES), _characters), max_size=8)),
)
#: Text that SQL can hold.
TEXT = ANY_TEXT.filter(lambda text: "\0" not in text)
#: Text that can be the name of something.
NAMES = TEXT.filter(bool)


def suppose(condition: bool) -> None:
    """Refuse an example that doesn't meet the condition: ``assume``, also outside of hypothesis."""
    if not condition:
        raise UnsatisfiedAssumption
