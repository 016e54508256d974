"""SQL without binds stays as it is: `escaped` for `text`."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from ormolu import text
from ormolu.sql.text import escaped


@given(st.text(alphabet="a1_ :'\\\"%[é", max_size=12))
@example(r"':x' \:y ::z a:b \\: \:")
def test_escaped_text_is_the_text(sql: str) -> None:
    clause = text(escaped(sql))
    assert str(clause) == sql
    assert not clause.compile().params


def test_what_is_no_bind_is_left_alone() -> None:
    assert escaped("nextval('a.b'::regclass)") == "nextval('a.b'::regclass)"
    assert escaped("'12:30' = x[1:2]") == "'12:30' = x[1:2]"
    assert escaped("':x'") == r"'\:x'"
