"""The import path ``ormolu.orm.attributes``, as SQLAlchemy documents it; re-exports only."""

from __future__ import annotations

from typing import Final

from ormolu.orm.instances.attributes import InstrumentedAttribute, QueryableAttribute
from ormolu.orm.instances.history import History
from ormolu.orm.instances.instance_state import instance_dict, instance_state
from ormolu.orm.instances.manual import (
    PassiveFlag,
    del_attribute,
    flag_dirty,
    flag_modified,
    get_attribute,
    get_history,
    set_attribute,
)
from ormolu.orm.instances.setters import set_committed_value
from ormolu.orm.instances.state import NO_VALUE

PASSIVE_OFF: Final = PassiveFlag.PASSIVE_OFF
PASSIVE_NO_FETCH: Final = PassiveFlag.PASSIVE_NO_FETCH
PASSIVE_NO_INITIALIZE: Final = PassiveFlag.PASSIVE_NO_INITIALIZE

__all__ = [
    "NO_VALUE",
    "PASSIVE_NO_FETCH",
    "PASSIVE_NO_INITIALIZE",
    "PASSIVE_OFF",
    "History",
    "InstrumentedAttribute",
    "PassiveFlag",
    "QueryableAttribute",
    "del_attribute",
    "flag_dirty",
    "flag_modified",
    "get_attribute",
    "get_history",
    "instance_dict",
    "instance_state",
    "set_attribute",
    "set_committed_value",
]
