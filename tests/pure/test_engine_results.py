"""Rows are tuples with names; results give them in every shape, once."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from ormolu.engine.result import Result
from ormolu.engine.row import Layout, Row, RowMapping, row_class
from ormolu.engine.source import Source, streamed
from ormolu.exc import (
    InvalidRequestError,
    MultipleResultsFound,
    NoResultFound,
    NoSuchColumnError,
    ResourceClosedError,
)

ROWS = [(1, "Neil"), (2, "Buzz"), (3, "Michael")]


def crew(rows: list[tuple[Any, ...]] = ROWS) -> Result[Any]:
    return Result(["id", "name"], rows)


def numbers(*values: int) -> Result[Any]:
    return Result(["n"], list(values), scalar=True)


def test_a_row_is_a_tuple_with_names() -> None:
    row: Any = crew().first()
    assert row == (1, "Neil")
    assert isinstance(row, tuple)
    assert repr(row) == "(1, 'Neil')"
    assert (row.id, row.name, row[1], row[-1]) == (1, "Neil", "Neil", "Neil")
    assert row._fields == ("id", "name")
    assert row._asdict() == {"id": 1, "name": "Neil"}
    assert hash(row) == hash((1, "Neil"))
    ident, name = row
    assert (ident, name) == (1, "Neil")


def test_a_row_refuses_unknown_names_and_writes() -> None:
    row: Any = crew().first()
    message = "Could not locate column in row for column 'rank'; the row has id, name"
    with pytest.raises(AttributeError, match=message):
        _ = row.rank
    with pytest.raises(AttributeError, match="read-only"):
        row.name = "Buzz"


def test_columns_may_be_named_like_methods_of_tuple() -> None:
    row: Any = Result(["count", "index", "t", "_fields"], [(1, 2, 3, 4)]).one()
    assert (row.count, row.index, row.t) == (1, 2, 3)
    assert row._fields == ("count", "index", "t", "_fields")
    assert row._mapping["_fields"] == 4


def test_a_name_that_two_columns_have_is_ambiguous() -> None:
    row: Any = Result(["a", "a", "b"], [(1, 2, 3)]).one()
    assert row.b == 3
    assert tuple(row) == (1, 2, 3)
    for ask in (lambda: row.a, lambda: row._mapping["a"]):
        with pytest.raises(InvalidRequestError, match="Ambiguous column name 'a'"):
            ask()


def test_rows_survive_pickle_and_copy() -> None:
    row: Any = crew().first()
    again = pickle.loads(pickle.dumps(row))
    assert (again, again.name, again._fields) == (row, "Neil", row._fields)
    assert copy.copy(row) == row
    mapping = pickle.loads(pickle.dumps(row._mapping))
    assert dict(mapping) == {"id": 1, "name": "Neil"}


def test_rows_of_one_layout_share_their_class() -> None:
    assert row_class(("a", "b")) is row_class(("a", "b"))
    assert type(crew().first()) is row_class(("id", "name"))
    assert issubclass(row_class(("a",)), Row)


def test_a_mapping_is_found_by_name_and_by_column_object() -> None:
    column = object()
    layout = Layout(["id"], [[column]])
    mapping = RowMapping(layout, (7,))
    assert mapping["id"] == mapping[column] == 7
    assert (list(mapping), len(mapping), "id" in mapping, "x" in mapping) == (
        ["id"],
        1,
        True,
        False,
    )
    assert list(mapping.items()) == [("id", 7)]
    assert list(mapping.values()) == [7]
    assert repr(mapping) == "{'id': 7}"
    with pytest.raises(NoSuchColumnError, match="column 'x'; the row has id"):
        mapping["x"]


def test_rows_are_taken_once() -> None:
    result = crew()
    assert result.fetchone() == (1, "Neil")
    assert result.fetchmany(1) == [(2, "Buzz")]
    assert result.all() == [(3, "Michael")]
    assert result.all() == []
    assert result.fetchone() is None
    assert list(crew()) == ROWS
    assert next(crew()) == (1, "Neil")


def test_iteration_leaves_the_rest() -> None:
    result = crew()
    for row in result:
        assert row.id == 1
        break
    assert result.all() == ROWS[1:]


@pytest.mark.parametrize("rows", [[], ROWS[:1], ROWS[:2]])
def test_one_wants_exactly_one_row(rows: list[tuple[Any, ...]]) -> None:
    errors = {0: NoResultFound, 2: MultipleResultsFound}
    if len(rows) == 1:
        assert crew(rows).one() == rows[0]
        assert crew(rows).scalar_one() == 1
        assert crew(rows).scalars("name").one() == "Neil"
        assert crew(rows).mappings().one() == {"id": 1, "name": "Neil"}
        return
    for method in ("one", "scalar_one"):
        with pytest.raises(errors[len(rows)]):
            getattr(crew(rows), method)()


def test_one_or_none_wants_at_most_one_row() -> None:
    assert crew([]).one_or_none() is None
    assert crew([]).scalar_one_or_none() is None
    assert crew(ROWS[:1]).scalar_one_or_none() == 1
    with pytest.raises(MultipleResultsFound, match="when one or none was required"):
        crew().one_or_none()


def test_scalar_takes_the_first_value_and_closes() -> None:
    result = crew()
    assert result.scalar() == 1
    assert result.closed
    with pytest.raises(ResourceClosedError, match="This result object is closed"):
        result.all()
    assert crew([]).scalar() is None


def test_scalars_of_any_column() -> None:
    assert crew().scalars().all() == [1, 2, 3]
    assert crew().scalars(1).all() == ["Neil", "Buzz", "Michael"]
    assert crew().scalars("name").first() == "Neil"
    with pytest.raises(NoSuchColumnError):
        crew().scalars("rank")
    with pytest.raises(IndexError, match="index 2; the row has 2 columns"):
        crew().scalars(2)


def test_bare_values_become_rows_only_when_asked() -> None:
    assert numbers(1, 2).scalars().all() == [1, 2]
    assert numbers(1, 2).all() == [(1,), (2,)]
    assert numbers(5).one().n == 5
    assert numbers(5).scalar_one() == 5
    assert numbers(5).mappings().one() == {"n": 5}
    assert numbers(5).columns("n").all() == [(5,)]
    assert numbers(5, 6).freeze()().scalars().all() == [5, 6]


def test_columns_picks_and_reorders() -> None:
    picked = crew().columns("name", "id")
    assert list(picked.keys()) == ["name", "id"]
    assert picked.first() == ("Neil", 1)
    assert crew().columns(1).all() == [("Neil",), ("Buzz",), ("Michael",)]
    assert crew().columns("name", "id").columns("id").all() == [(1,), (2,), (3,)]
    assert crew().mappings().columns("name").first() == {"name": "Neil"}


def test_unique_gives_each_row_once() -> None:
    rows = [(1, "a"), (1, "b"), (1, "a")]
    assert crew(rows).unique().all() == rows[:2]
    assert crew(rows).unique(lambda row: row.id).all() == rows[:1]
    assert crew(rows).scalars().unique().all() == [1]
    assert crew(rows).unique().scalars().all() == [1]
    assert crew(rows).mappings().unique().all() == [{"id": 1, "name": n} for n in "ab"]


def test_unique_of_objects_goes_by_the_given_keys() -> None:
    one, other = [1], [1]
    result: Result[Any] = Result(["x"], [one, other, one], scalar=True, unique_keys=[id])
    assert result.scalars().unique().all() == [one, other]
    result = Result(["x", "y"], [(one, 1), (one, 1), (other, 1)], unique_keys=[id, None])
    assert len(result.unique().all()) == 2


def test_a_result_may_require_unique() -> None:
    def result() -> Result[Any]:
        return Result(["x"], [1, 1], scalar=True, require_unique="call unique() first")

    for take in (lambda: result().all(), lambda: result().scalars().all()):
        with pytest.raises(InvalidRequestError, match=r"call unique\(\) first"):
            take()
    assert result().unique().scalars().all() == [1]
    assert result().scalars().unique().all() == [1]


def test_partitions() -> None:
    assert [list(part) for part in crew().partitions(2)] == [ROWS[:2], ROWS[2:]]
    assert [list(part) for part in crew().yield_per(1).scalars().partitions()] == [[1], [2], [3]]


def test_freeze_and_merge() -> None:
    frozen = crew().freeze()
    assert frozen().all() == frozen().all() == ROWS
    assert frozen.with_new_rows([(9, "x")])().all() == [(9, "x")]
    assert crew(ROWS[:1]).merge(crew(ROWS[1:])).all() == ROWS


def test_keys_know_names() -> None:
    keys = crew().keys()
    assert list(keys) == ["id", "name"]
    assert keys == ["id", "name"]
    assert ("id" in keys, "x" in keys, keys[0], len(keys)) == (True, False, "id", 2)
    assert repr(keys) == "RMKeyView(['id', 'name'])"


def test_a_streamed_source_is_fetched_in_chunks_and_closed() -> None:
    rows = [(1, "a"), (2, "b"), (3, "c")]
    sizes: list[int] = []
    closed: list[bool] = []

    def more(size: int) -> list[Any]:
        sizes.append(size)
        chunk, rows[:] = rows[:size], rows[size:]
        return chunk

    source = Source(streamed(more, 2), on_close=lambda: closed.append(True))
    with Result(["id", "name"], source) as result:
        assert result.fetchone() == (1, "a")
        assert sizes == [2]
        assert result.scalars("name").all() == ["b", "c"]
    assert (sizes, closed) == ([2, 2, 2], [True])
