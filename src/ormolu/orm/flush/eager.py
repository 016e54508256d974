"""`eager_defaults=True`: what the database computed is fetched by the flush, not on use.

An INSERT with RETURNING brings its values along whatever the setting, those of SQL expressions
unless it is False. What else there is (an UPDATE's `server_onupdate`, computed columns and SQL
expressions, an INSERT where the database has no RETURNING) is selected here, by primary key, before
the flush ends: an asynchronous program may read it without a statement of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ormolu.orm.instances.state import PERSISTENT, phase_of
from ormolu.orm.loading.identity import load_columns_plan

if TYPE_CHECKING:
    from ormolu.io.plan import Plan
    from ormolu.orm.flush.execution import Execution


def fetch_defaults_plan(run: Execution) -> Plan[None]:
    """Load what is missing in the written objects whose mappers want it at once."""
    for obj, names in _written(run):
        own = obj.__dict__
        missing = tuple([name for name in names if name not in own])
        if missing and phase_of(obj) is PERSISTENT:
            yield from load_columns_plan(run.session, obj, missing)


def _written(run: Execution) -> Iterator[tuple[Any, Iterable[str]]]:
    for mapper, objects, _ in run.inserted:
        if mapper.eager_defaults is True:
            names = [key for key, prop in mapper.column_attrs.items() if not prop.deferred]
            yield from ((obj, names) for obj in objects)
    for obj, names in run.stale_names:
        if type(obj).__mapper__.eager_defaults is True:
            yield obj, names
