"""The generated loaders, as text: ``tests/pure/golden/*.py.txt``.

A difference is shown in full. When a change is meant, write the new text into the file.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from loading_models import Event, Post, User

from ormolu import select
from ormolu.dialects import registry
from ormolu.orm import joinedload
from ormolu.orm.loading.entity_plan import lower_select
from ormolu.orm.loading.loader_source import build_loader

GOLDEN = Path(__file__).parent / "golden"

CASES = {
    "plain": (lambda: select(User), {}),
    "populate_existing": (lambda: select(User), {"overwrite": True}),
    "composite_key": (lambda: select(Event), {}),
    "two_entities": (lambda: select(User, Post).join(User.posts), {}),
    "joined_collection": (lambda: select(User).options(joinedload(User.posts)), {}),
    "column_mix": (lambda: select(User, Post.title).outerjoin(User.posts), {}),
}


@pytest.mark.parametrize("name", CASES)
def test_loader_text(name):
    build, arguments = CASES[name]
    dialect = registry.load("sqlite")()
    lowered = lower_select(build(), dialect)
    loader = build_loader(lowered.plan, repeats=lowered.repeats, **arguments)
    assert loader.__source__ == (GOLDEN / f"{name}.py.txt").read_text()
