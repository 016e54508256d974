"""The generated loaders, as text: ``tests/pure/golden/*.py.txt``.

A difference is shown in full. When a change is meant, write the new text into the file.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from loading_models import Event, Post, User

from ormolu import select
from ormolu.dialects import registry
from ormolu.orm import joinedload, selectinload
from ormolu.orm.loading.entity_plan import lower_select
from ormolu.orm.loading.entry import Context
from ormolu.orm.loading.loader_source import build_loader
from ormolu.orm.loading.related import Related

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


def related(dialect):
    """The load of the posts of many users."""
    lowered = lower_select(select(User).options(selectinload(User.posts)), dialect)
    (later,) = lowered.plan.entities[0].later
    core = SimpleNamespace(dialect=dialect, execution_options={})
    return Related(later, Context(None, core)).load


def test_loader_text_of_a_select_in_load():
    loader = related(registry.load("sqlite")()).loader
    assert loader.__source__ == (GOLDEN / "select_in.py.txt").read_text()


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("sqlite", "posts.user_id IN (__[POSTCOMPILE_primary_keys])"),
        ("mysql+mysqldb", "posts.user_id IN (__[POSTCOMPILE_primary_keys])"),
        ("postgresql+psycopg", "posts.user_id = ANY (%(primary_keys)s::INTEGER[])"),
        ("postgresql+asyncpg", "posts.user_id = ANY ($1::INTEGER[])"),
    ],
)
def test_how_the_keys_of_a_select_in_load_are_sent(name, condition):
    assert f"\nWHERE {condition} ORDER BY" in related(registry.load(name)()).sql
