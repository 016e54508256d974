"""An executemany of more sets than are packed at once: by parts, which nobody sees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ormolu import (
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    bindparam,
    create_engine,
    event,
    exc,
    func,
    insert,
    select,
    update,
)
from ormolu.engine.parts import SIZE

_MANY = 2 * SIZE + SIZE // 2
_packed: list[int] = []


class Noted(TypeDecorator[int]):
    """An integer that leaves a note when it is packed, and must not be negative."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        if value < 0:
            raise ValueError(f"{value} is negative")
        _packed.append(value)
        return value


_metadata = MetaData()
_thing = Table(
    "thing",
    _metadata,
    Column("id", Noted, primary_key=True, autoincrement=False),
    Column("name", String(20), unique=True),
)


@pytest.fixture
def connection() -> Iterator[Connection]:
    _packed.clear()
    engine = create_engine("sqlite://")
    _metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _sets(number: int = _MANY) -> list[dict[str, Any]]:
    return [{"id": i, "name": f"name {i}"} for i in range(number)]


def _count(connection: Connection) -> int:
    return connection.scalars(select(func.count()).select_from(_thing)).one()


def test_parts_are_sent_before_the_last_is_packed(connection: Connection) -> None:
    sent_after: list[int] = []
    raw: Any = connection.connection.driver_connection
    connection.rollback()
    raw.set_trace_callback(lambda sql: sent_after.append(len(_packed)))
    result = connection.execute(insert(_thing), _sets())
    raw.set_trace_callback(None)
    assert sorted(set(sent_after)) == [0, SIZE, 2 * SIZE, _MANY]
    assert result.rowcount == _MANY == _count(connection)
    connection.rollback()
    assert _count(connection) == 0


def test_the_context_tells_all_sets(connection: Connection) -> None:
    result = connection.execute(insert(_thing), _sets())
    assert result.context.parameters == [(i, f"name {i}") for i in range(_MANY)]
    assert result.context.executemany


@pytest.mark.parametrize("wrong", [{"id": -1, "name": "x"}, {"id": _MANY}])
def test_nothing_is_sent_when_a_late_set_is_refused(
    connection: Connection, wrong: dict[str, Any]
) -> None:
    connection.execute(insert(_thing), {"id": 10_000, "name": "before"})
    with pytest.raises(exc.StatementError) as caught:
        connection.execute(insert(_thing), [*_sets(), wrong])
    assert not isinstance(caught.value, exc.DBAPIError)
    assert _count(connection) == 1
    connection.execute(insert(_thing), _sets())
    connection.commit()
    assert _count(connection) == _MANY + 1


def test_what_the_database_refuses_leaves_the_sets_before_it(connection: Connection) -> None:
    sets = _sets()
    sets[SIZE + 5]["name"] = "name 3"
    with pytest.raises(exc.IntegrityError) as caught:
        connection.execute(insert(_thing), sets)
    assert caught.value.params == [(one["id"], one["name"]) for one in sets]
    assert f"of {_MANY} total bound parameter sets" in str(caught.value)
    assert _count(connection) == SIZE + 5
    with connection.begin_nested():
        connection.execute(insert(_thing), {"id": _MANY, "name": "after"})
    connection.commit()
    assert _count(connection) == SIZE + 6


def test_a_set_that_can_not_be_packed_goes_before_one_that_is_refused(
    connection: Connection,
) -> None:
    sets = _sets()
    sets[5]["name"] = "name 3"
    sets[-1]["id"] = -1
    with pytest.raises(exc.StatementError, match="-1 is negative"):
        connection.execute(insert(_thing), sets)
    assert _count(connection) == 0


def test_a_rollback_by_the_database_itself_is_no_second_error(connection: Connection) -> None:
    sets = _sets()
    sets[SIZE + 5]["name"] = "name 3"
    with pytest.raises(exc.IntegrityError):
        connection.execute(insert(_thing).prefix_with("OR ROLLBACK"), sets)
    connection.rollback()
    assert _count(connection) == 0


def test_a_connection_that_was_closed_below_is_told_as_any_error(connection: Connection) -> None:
    raw: Any = connection.connection.driver_connection
    assert _count(connection) == 0
    raw.close()
    with pytest.raises(exc.ProgrammingError, match="closed database"):
        connection.execute(insert(_thing), _sets())


def test_updates_count_the_rows_of_all_parts(connection: Connection) -> None:
    connection.execute(insert(_thing), _sets())
    changes = [{"key": i, "name": f"new {i}"} for i in range(_MANY + 5)]
    result = connection.execute(update(_thing).where(_thing.c.id == bindparam("key")), changes)
    assert result.rowcount == _MANY
    assert connection.scalar(select(_thing.c.name).where(_thing.c.id == SIZE)) == f"new {SIZE}"


def test_listeners_and_autocommit_see_one_executemany(connection: Connection) -> None:
    seen: list[int] = []
    engine = connection.engine
    connection.rollback()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as own:
        with pytest.raises(exc.StatementError):
            own.execute(insert(_thing), [*_sets(), {"id": -1, "name": "x"}])
        assert _count(own) == 0
    event.listen(
        engine,
        "before_cursor_execute",
        lambda conn, cursor, sql, sets, context, many: seen.append(len(sets)),
    )
    with engine.begin() as observed:
        observed.execute(insert(_thing), _sets())
    assert seen == [_MANY]
