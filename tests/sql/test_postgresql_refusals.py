"""What PostgreSQL's dialect refuses, and the facts that it states."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

import ormolu
from ormolu.dialects import postgresql, registry
from ormolu.dialects.postgresql import AsyncpgDialect, AsyncPsycopgDialect, PsycopgDialect
from ormolu.exc import ArgumentError, CompileError, InvalidRequestError
from ormolu.io.requests import FetchAll

METADATA = ormolu.MetaData()
T = ormolu.Table(
    "t",
    METADATA,
    ormolu.Column("id", ormolu.Integer, primary_key=True),
    ormolu.Column("name", ormolu.String),
)
DIALECT = postgresql.dialect()


@pytest.mark.parametrize(
    ("name", "cls"),
    [
        ("postgresql", PsycopgDialect),
        ("postgresql+psycopg", PsycopgDialect),
        ("postgresql+psycopg_async", AsyncPsycopgDialect),
        ("postgresql+asyncpg", AsyncpgDialect),
    ],
)
def test_a_url_names_the_dialect_of_its_driver(name: str, cls: type) -> None:
    assert registry.load(name) is cls


def test_the_drivers_have_their_paramstyles() -> None:
    assert (PsycopgDialect().paramstyle, PsycopgDialect.is_async) == ("pyformat", False)
    assert AsyncPsycopgDialect.is_async and AsyncpgDialect.is_async
    assert AsyncpgDialect().paramstyle == "numeric_dollar"
    formatted = PsycopgDialect(paramstyle="format")
    assert str((T.c.id % 5).compile(dialect=formatted)) == "t.id %% %s::INTEGER"


@pytest.mark.parametrize("level", ["SERIALIZABLE", "read committed", "REPEATABLE_READ"])
def test_isolation_levels_follow_begin(level: str) -> None:
    checked = DIALECT.check_isolation_level(level)
    assert DIALECT.begin_mode(checked) == f"ISOLATION LEVEL {checked}"
    assert DIALECT.begin_mode(None) == DIALECT.begin_mode("AUTOCOMMIT") == ""


def insert() -> Any:
    return postgresql.insert(T).values(name="x")


def test_on_conflict_refuses_what_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="Either constraint or index_elements"):
        insert().on_conflict_do_update(set_={"name": "y"})
    with pytest.raises(ValueError, match="mutually exclusive"):
        insert().on_conflict_do_nothing(constraint="c", index_elements=["id"])
    with pytest.raises(ValueError, match="must not be empty"):
        insert().on_conflict_do_update(index_elements=["id"], set_={})
    with pytest.raises(ValueError, match="non-empty dictionary"):
        insert().on_conflict_do_update(index_elements=["id"], set_=[("name", "y")])
    with pytest.raises(InvalidRequestError, match="already has an ON CONFLICT"):
        insert().on_conflict_do_nothing().on_conflict_do_nothing()


def test_astext_needs_an_index() -> None:
    column = ormolu.column("j", postgresql.JSONB)
    with pytest.raises(TypeError, match=r'column\["key"\]\.astext'):
        column.astext  # noqa: B018


def test_an_excluding_constraint_takes_pairs() -> None:
    with pytest.raises(ArgumentError, match="pairs"):
        postgresql.ExcludeConstraint("during")  # type: ignore[arg-type]


def test_aggregate_order_by_needs_an_order() -> None:
    with pytest.raises(ArgumentError, match="at least one ORDER BY"):
        postgresql.aggregate_order_by(T.c.name)


@pytest.mark.parametrize(
    "node",
    [
        ormolu.try_cast(T.c.id, ormolu.String),
        ormolu.select(T).with_hint(T, "INDEX (x)", "postgresql"),
    ],
)
def test_what_postgresql_does_not_have_is_refused(node: Any) -> None:
    with pytest.raises(CompileError, match="PostgreSQL has"):
        node.compile(dialect=DIALECT)


def test_an_index_method_is_a_name() -> None:
    index = ormolu.Index("ix", T.c.name, postgresql_using="gin (x); DROP TABLE t")
    T.indexes.discard(index)
    with pytest.raises(CompileError, match="Unexpected SQL phrase"):
        ormolu.schema.CreateIndex(index).compile(dialect=DIALECT)


@pytest.mark.parametrize("owner", ["Table", "Index", "UniqueConstraint"])
def test_an_unknown_argument_is_named(owner: str) -> None:
    makers: dict[str, Any] = {
        "Table": lambda **kw: ormolu.Table("x", ormolu.MetaData(), **kw),
        "Index": lambda **kw: ormolu.Index("ix", "a", **kw),
        "UniqueConstraint": lambda **kw: ormolu.UniqueConstraint("a", **kw),
    }
    with pytest.raises(ArgumentError, match="postgresql_nonsense"):
        makers[owner](postgresql_nonsense=1)


def test_an_excluding_constraint_is_copied_with_its_table() -> None:
    table = ormolu.Table(
        "booking",
        ormolu.MetaData(),
        ormolu.Column("room", ormolu.Integer),
        ormolu.Column("during", postgresql.TSRANGE),
    )
    table.append_constraint(
        postgresql.ExcludeConstraint(
            (table.c.room, "="), ("during", "&&"), where=table.c.room > 5, ops={"room": "int4_ops"}
        )
    )
    copy = table.to_metadata(ormolu.MetaData(), name="copied")
    text = str(ormolu.schema.CreateTable(copy).compile(dialect=DIALECT))
    assert "EXCLUDE USING gist (room int4_ops WITH =, during WITH &&) WHERE (room > 5)" in text


class Core:
    """A connection core of which the catalogue uses the dialect, and asks with ``query_plan``."""

    def __init__(self, dialect: Any) -> None:
        self.dialect = dialect

    def query_plan(self, sql: str, params: Any = ()) -> Any:
        rows = yield FetchAll(None, sql, params)
        return rows


@pytest.mark.parametrize("schema", [None, "other"])
@pytest.mark.parametrize("what", ["table", "sequence", "type"])
@pytest.mark.parametrize("dialect", [PsycopgDialect(), AsyncpgDialect()])
def test_the_catalogue_is_asked_for_one_thing_by_name(
    dialect: Any, what: str, schema: str | None
) -> None:
    for count in (0, 1):
        plan = getattr(dialect, f"has_{what}_plan")(Core(dialect), "thing", schema)
        request = next(plan)
        assert isinstance(request, FetchAll)
        given = request.params.values() if isinstance(request.params, dict) else request.params
        assert "thing" in given
        assert ("other" in given) == (schema is not None)
        with pytest.raises(StopIteration) as ended:
            plan.send([("thing",)] * count)
        assert ended.value.value is bool(count)


def test_asyncpg_gets_ranges_and_bits_of_its_own_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(*arguments: Any, **options: Any) -> tuple[Any, ...]:
        return (*arguments, *options.values())

    driver = SimpleNamespace(Range=made, BitString=made)
    monkeypatch.setattr("importlib.import_module", lambda name: driver)
    dialect = AsyncpgDialect()
    ranges = dialect.bind_processor(postgresql.INT4RANGE())
    bits = dialect.bind_processor(postgresql.BIT(2))
    assert ranges is not None and bits is not None
    assert ranges(postgresql.Range(1, 2)) == (1, 2, True, False, False)
    several = dialect.bind_processor(postgresql.INT4MULTIRANGE())
    assert several is not None
    assert several([postgresql.Range(1, 2)]) == [(1, 2, True, False, False)]
    assert several(postgresql.Range(1, 2)) == [(1, 2, True, False, False)]
    assert ranges(None) is None and bits(None) is None
    assert bits("01") == ("01",)
    path = dialect.bind_processor(ormolu.JSON.JSONPathType())
    assert path is not None and path(("a", 1)) == ["a", "1"]
    back = dialect.result_processor(postgresql.BIT(2))
    assert back is not None
    assert back(SimpleNamespace(as_string=lambda: "01")) == postgresql.BitString("01")
