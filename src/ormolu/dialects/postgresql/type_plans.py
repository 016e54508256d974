"""Creating and dropping the types that tables bring with them, as plans.

`ormolu.schema.create` asks the dialect for these before the first table is made and after the last
one is gone. A type is made once, however many columns have it: what counts is its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ormolu.io.plan import Plan
from ormolu.schema.create import present_plan

__all__ = ["create_type_plan", "create_types_plan", "drop_type_plan", "drop_types_plan"]


def create_type_plan(core: Any, type_: Any, checkfirst: bool) -> Plan[None]:
    """Create one type, unless ``checkfirst`` finds it there."""
    if checkfirst and (
        yield from core.dialect.has_type_plan(core, type_.name, core.schema_of(type_))
    ):
        return
    yield from core.execute_ddl_plan(type_.create_ddl(type_))


def drop_type_plan(core: Any, type_: Any, checkfirst: bool) -> Plan[None]:
    """Drop one type, unless ``checkfirst`` finds it absent."""
    if checkfirst and not (
        yield from core.dialect.has_type_plan(core, type_.name, core.schema_of(type_))
    ):
        return
    yield from core.execute_ddl_plan(type_.drop_ddl(type_))


def create_types_plan(core: Any, tables: Iterable[Any], checkfirst: bool) -> Plan[None]:
    """Create the types of tables that are about to be made."""
    types = _types_of(core.dialect, list(tables))
    ask = core.dialect.has_multi_type_plan
    known = set(map(id, (yield from present_plan(core, types, ask)))) if checkfirst else ()
    for type_ in types:
        if id(type_) not in known:
            yield from create_type_plan(core, type_, False)


def drop_types_plan(core: Any, tables: Iterable[Any], checkfirst: bool) -> Plan[None]:
    """Drop the types of tables that are gone."""
    types = _types_of(core.dialect, list(tables))
    if checkfirst:
        types = yield from present_plan(core, types, core.dialect.has_multi_type_plan)
    for type_ in types:
        yield from drop_type_plan(core, type_, False)


def _types_of(dialect: Any, tables: list[Any]) -> list[Any]:
    """The types to make or drop, each name once: those with a ``MetaData`` of their own first."""
    in_tables = [type_ for table in tables for type_ in _types_in(table, dialect)]
    own = [type_ for type_ in in_tables if type_.metadata is not None]
    found: dict[tuple[str | None, str], Any] = {}
    for type_ in (*own, *in_tables):
        if type_.create_type:
            found.setdefault((type_.schema, type_.name), type_)
    return list(found.values())


def _types_in(table: Any, dialect: Any) -> Iterator[Any]:
    for column in table.columns:
        found = _named(column.type, dialect)
        if found is not None:
            yield found


def _named(type_: Any, dialect: Any) -> Any:
    """The named type below a type (an array's items, a decorated type), or None."""
    impl = dialect.type_impl(type_)
    while not hasattr(impl, "create_ddl"):
        inner = impl.__dict__.get("item_type") or impl.__dict__.get("impl")
        if inner is None:
            return None
        impl = dialect.type_impl(inner)
    return impl
