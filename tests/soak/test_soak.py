"""A few seconds of what ``make soak`` does for half an hour."""

from __future__ import annotations

import pytest

from soak import options_from, soak


@pytest.mark.filterwarnings("default::ResourceWarning")
@pytest.mark.parametrize("server", ["postgresql", "mysql"])
def test_a_short_soak(server: str) -> None:
    arguments = ["--seconds", "5", "--every", "1", "--threads", "4", "--tasks", "40"]
    assert soak(server, options_from(arguments)) == []
