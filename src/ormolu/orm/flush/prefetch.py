"""*prefetch*: what deciding needs from the database, loaded before anything is planned.

Deleting an object asks for what is related to it: children to clear or to delete, rows of
`secondary` tables to remove. What is loaded already, or left to the database by `passive_deletes`,
costs nothing, and neither does an object whose mapper has no relationships.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING, Any

from ormolu.orm.flush.cascades import cascade_deletes_plan, load_plan
from ormolu.orm.flush.keys import holds_foreign_key
from ormolu.orm.flush.work import Grouped, Work, written
from ormolu.orm.instances.state import session_of

if TYPE_CHECKING:
    from ormolu.orm.mapping.mapper import Mapper
    from ormolu.orm.mapping.relationship import Relationship


def needs_prefetch(work: Work) -> bool:
    """Whether `prefetch_plan` has anything to look at."""
    if not work.deletes:
        return False
    return bool(work.orphans) or any(_needed(mapper) for mapper in work.deletes)


def prefetch_plan(session: Any, work: Work) -> Generator[Any, Any, list[Any]]:
    """Load what `work` needs; returns the objects to delete beyond those the session marked.

    The caller collects again afterwards: loading shows children that were not known before.
    """
    orphans: list[Any] = list(work.orphans)
    followers = yield from cascade_deletes_plan(session, orphans)
    known = set(session._deleted)
    found = [obj for obj in (*orphans, *followers) if id(obj) not in known]
    extra = [obj for obj in found if session_of(obj) is session]
    yield from _load_related_plan(session, work.deletes)
    yield from _load_related_plan(session, _by_mapper(extra))
    return extra


def _by_mapper(objects: Iterable[Any]) -> Grouped:
    grouped: Grouped = {}
    for obj in objects:
        grouped.setdefault(type(obj).__mapper__, []).append(obj)
    return grouped


def _load_related_plan(session: Any, deletes: Grouped) -> Generator[Any, Any, None]:
    for mapper, objects in deletes.items():
        for rel in _needed(mapper):
            for obj in objects:
                yield from load_plan(session, obj, rel)


def _needed(mapper: Mapper) -> list[Relationship]:
    """The relationships whose rows must be known before an object is deleted."""
    return [
        rel
        for rel in written(mapper)
        if not rel.passive_deletes and (not holds_foreign_key(rel) or rel.post_update)
    ]
