"""A table copied into another ``MetaData`` keeps everything, and refers to nothing of the old one.

Here ``info`` of an index is kept, its ``postgresql_where`` is that of the new table, and a type
that has a schema of its own stays there unless the table is moved.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy

import ormolu


def table(sa: Any) -> Any:
    postgresql = importlib.import_module(f"{sa.__name__}.dialects.postgresql")
    made = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer),
        sa.Column("x", sa.Integer, info={"of": "x"}, comment="a number", nullable=False),
        sa.Column("s", sa.String(5), index=True),
        sa.Column("up", sa.Integer, sa.ForeignKey("t.id", ondelete="CASCADE", info={"of": "up"})),
        sa.Column("sum", sa.Integer, sa.Computed("x + 1")),
        sa.PrimaryKeyConstraint("id", name="pk", info={"of": "pk"}, comment="key"),
        sa.CheckConstraint("x > 1", name="ck", info={"of": "ck"}, comment="check"),
        sa.UniqueConstraint("x", "s", name="uq", deferrable=True, info={"of": "uq"}, comment="two"),
        sa.ForeignKeyConstraint(["x"], ["t.id"], name="fk", info={"of": "fk"}, comment="ref"),
        info={"of": "t"},
        comment="a table",
        sqlite_autoincrement=True,
    )
    sa.CheckConstraint(made.c.x > sa.func.length(made.c.s), name="longer")
    condition = made.c.x > 5
    sa.Index(
        "ix", sa.func.lower(made.c.s), made.c.x.desc(), postgresql_where=condition, unique=True
    )
    sa.Index("plain", made.c.x, made.c.s, postgresql_using="gin")
    made.append_constraint(
        postgresql.ExcludeConstraint((made.c.x, "="), where=made.c.x > 1, name="ex")
    )
    return made


def columns_of(sa: Any, element: Any) -> Iterator[Any]:
    visitors = importlib.import_module(f"{sa.__name__}.sql.visitors")
    for node in visitors.iterate(element):
        if node.__visit_name__ == "column" and node.table is not None:
            yield node


@pytest.fixture(params=[{}, {"schema": "other"}])
def copies(request: pytest.FixtureRequest) -> SimpleNamespace:
    made = {
        sa.__name__: table(sa).to_metadata(sa.MetaData(), **request.param)
        for sa in (sqlalchemy, ormolu)
    }
    return SimpleNamespace(theirs=made["sqlalchemy"], ours=made["ormolu"])


def notes(copy: Any) -> Any:
    constraints = sorted(copy.constraints, key=lambda each: str(each.name))
    return [
        (copy.info, copy.comment, copy.schema, copy.dialect_options["sqlite"]["autoincrement"]),
        [(c.name, c.info, c.comment, c.nullable, c.computed is not None) for c in copy.c],
        [(key.info, key.ondelete) for c in copy.c for key in c.foreign_keys],
        [(type(k).__name__, k.name, k.info, k.comment, k.deferrable) for k in constraints],
        sorted((i.name, i.unique) for i in copy.indexes),
    ]


def test_notes_comments_and_options_are_kept(copies: SimpleNamespace) -> None:
    assert notes(copies.ours) == notes(copies.theirs)


def test_nothing_refers_to_the_old_table(copies: SimpleNamespace) -> None:
    copy = copies.ours
    found = [column for key in copy.constraints for column in key.columns]
    elements = [expression for index in copy.indexes for expression in index.expressions]
    for index in copy.indexes:
        found += index.columns
        elements += [index.dialect_options["postgresql"]["where"]]
    for constraint in copy.constraints:
        elements += [getattr(constraint, name, None) for name in ("sqltext", "where")]
    found += [c for each in elements if each is not None for c in columns_of(ormolu, each)]
    assert len(found) > 15
    assert [column for column in found if column.table is not copy] == []
    assert all(key.column.table is copy for key in copy.foreign_keys)


@pytest.mark.parametrize("sa", [sqlalchemy, ormolu])
def test_the_text_of_the_indexes_is_the_same(sa: Any, copies: SimpleNamespace) -> None:
    dialect = sa.make_url("postgresql://").get_dialect()()
    copy = copies.theirs if sa is sqlalchemy else copies.ours
    texts = {str(sa.schema.CreateIndex(i).compile(dialect=dialect)) for i in copy.indexes}
    name = f"{copy.schema}.t" if copy.schema else "t"
    assert texts == {
        f"CREATE UNIQUE INDEX ix ON {name} (lower(s), x DESC) WHERE x > 5",
        f"CREATE INDEX plain ON {name} USING gin (x, s)",
        f"CREATE INDEX ix_t_s ON {name} (s)"
        if not copy.schema
        else f"CREATE INDEX ix_other_t_s ON {name} (s)",
    }


ENUMS: dict[str, dict[str, Any]] = {
    "a name": {},
    "a schema": {"schema": "q"},
    "the table's": {"inherit_schema": True},
}


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning")
@pytest.mark.parametrize("options", ENUMS.values(), ids=ENUMS)
def test_a_named_type_goes_with_the_table(options: dict[str, Any]) -> None:
    def schemas(sa: Any) -> list[str | None]:
        made = sa.Table(
            "t", sa.MetaData(), sa.Column("x", sa.Enum("a", name="e", **options)), schema="a"
        )
        copies = [
            *([] if "schema" in options else [made.to_metadata(sa.MetaData())]),
            made.to_metadata(sa.MetaData(), schema="b"),
            made.to_metadata(sa.MetaData(schema="z"), schema=None),
        ]
        return [copy.c.x.type.schema for copy in (*copies, made)]

    assert schemas(ormolu) == schemas(sqlalchemy)


def test_a_named_type_takes_the_schema_of_its_metadata() -> None:
    def schemas(sa: Any) -> list[str | None]:
        enum = sa.Enum("a", name="e", metadata=sa.MetaData(schema="k"))
        made = sa.Table("t", sa.MetaData(), sa.Column("x", enum), schema="a")
        return [enum.schema, made.to_metadata(sa.MetaData(), schema="b").c.x.type.schema]

    assert schemas(ormolu) == schemas(sqlalchemy)
