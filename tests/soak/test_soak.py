"""A few seconds of what ``make soak`` does for half an hour."""

from __future__ import annotations

import pytest

from soak import DRIVERS, options_from, soak

SERVERS = [
    pytest.param(name, marks=[pytest.mark.backend(each) for each in (name, *blocking, *awaited)])
    for name, (_, blocking, awaited) in DRIVERS.items()
]


@pytest.mark.filterwarnings("default::ResourceWarning")
@pytest.mark.parametrize("server", SERVERS)
def test_a_short_soak(server: str) -> None:
    arguments = ["--seconds", "5", "--every", "1", "--threads", "4", "--tasks", "40"]
    assert soak(server, options_from(arguments)) == []
