"""Reading the text of an array."""

from __future__ import annotations

import pytest

from ormolu.dialects.postgresql.array_reader import read_array


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", []),
        ("{a}", ["a"]),
        ("{a,b c,NULL}", ["a", "b c", None]),
        ('{"NULL","","a,b","q\\"u\\\\o","{x}"}', ["NULL", "", "a,b", 'q"u\\o', "{x}"]),
        ("{{1,2},{3,NULL}}", [["1", "2"], ["3", None]]),
        ("{{},{}}", [[], []]),
        ('{"line\nbreak"," spaced "}', ["line\nbreak", " spaced "]),
        ("[0:1]={a,b}", ["a", "b"]),
        ("[0:0][1:2]={{a,b}}", [["a", "b"]]),
        ("{a\\,b}", ["a,b"]),
    ],
)
def test_an_array_is_read(text: str, expected: object) -> None:
    assert read_array(text) == expected


@pytest.mark.parametrize("text", ["", "a", "{", "{a", "}", "{a}}", "{a}{b}", '{"a}', "{a},b"])
def test_a_text_that_is_no_array_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Could not parse the array text"):
        read_array(text)
