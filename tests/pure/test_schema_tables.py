"""Tables, columns, constraints: how they find each other, and what is refused."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from schema_models import two_tables

from ormolu import exc
from ormolu.dialects.default import DefaultDialect
from ormolu.schema import (
    CheckConstraint,
    Column,
    ColumnDefault,
    Computed,
    CreateTable,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    SchemaVisitor,
    Table,
    UniqueConstraint,
    insert_sentinel,
)
from ormolu.sql.quoted_name import quoted_name
from ormolu.types import Boolean, Enum, Integer, Numeric, String


def test_a_name_is_one_table() -> None:
    metadata = two_tables()
    assert Table("a", metadata) is metadata.tables["a"]
    with pytest.raises(exc.InvalidRequestError, match="Table 'a' is already defined"):
        Table("a", metadata, Column("q", Integer))
    with pytest.raises(exc.InvalidRequestError, match="Table 'zz' not defined"):
        Table("zz", metadata, must_exist=True)


def test_extend_existing_adds_and_replaces_columns_and_keep_existing_ignores_them() -> None:
    metadata = two_tables()
    table = Table("b", metadata, Column("n", String), extend_existing=True)
    Table("b", metadata, Column("n", Integer), extend_existing=True)
    Table("b", metadata, Column("q", Integer), keep_existing=True)
    assert table.c.keys() == ["id", "n"]
    assert isinstance(table.c.n.type, Integer)


def test_a_table_that_failed_to_be_made_leaves_no_trace() -> None:
    metadata = MetaData()
    with pytest.raises(exc.ArgumentError, match="'SchemaItem' object"):
        Table("t", metadata, Column("id", Integer), "foo")
    assert "t" not in metadata


def test_duplicate_and_foreign_columns_are_refused() -> None:
    metadata = MetaData()
    with pytest.raises(exc.DuplicateColumnError, match="'x' is already present in table 'd'"):
        Table("d", metadata, Column("x", Integer), Column("x", String))
    column = Column("id", Integer)
    Table("p", metadata, column)
    with pytest.raises(exc.ArgumentError, match="'id' already assigned to Table 'p'"):
        Table("q", metadata, column)
    with pytest.raises(exc.ArgumentError, match="non-blank name"):
        Table("r", metadata, Column(Integer))


def test_schema_of_the_metadata_is_the_default() -> None:
    metadata = MetaData(schema="s")
    table = Table("t", metadata, Column("id", Integer, primary_key=True))
    assert (table.fullname, list(metadata.tables)) == ("s.t", ["s.t"])


# -- columns


def test_column_keys_are_unique_and_the_key_names_it_in_c() -> None:
    table = Table("t", MetaData(), Column("n", Integer, key="k"), Column("m", Integer))
    assert table.c.k.name == "n"
    assert isinstance(table.c.k._key, int)
    assert table.c.k._key != table.c.m._key


def test_nullable_is_the_opposite_of_primary_key_unless_given() -> None:
    assert Column("a", Integer).nullable
    assert not Column("a", Integer, primary_key=True).nullable
    assert not Column("a", Integer, Identity()).nullable
    assert Column("a", Integer, primary_key=True, nullable=True).nullable


def test_defaults_are_classified() -> None:
    scalar = Column("a", Integer, default=5).default
    function = Column("a", Integer, default=lambda: 7).default
    context = Column("a", Integer, insert_default=lambda ctx: ctx + 1).default
    builtin = Column("a", Integer, default=int).default
    assert scalar is not None and function is not None
    assert (scalar.is_scalar, scalar.arg) == (True, 5)  # type: ignore[union-attr]
    assert (function.is_callable, function.arg(None)) == (True, 7)  # type: ignore[union-attr]
    assert context.arg(1) == 2  # type: ignore[union-attr]
    assert builtin.arg(None) == 0  # type: ignore[union-attr]
    with pytest.raises(exc.ArgumentError, match="zero or one positional"):
        ColumnDefault(lambda a, b: 5)


def test_contradictory_arguments_are_refused() -> None:
    with pytest.raises(exc.ArgumentError, match="type_ positionally"):
        Column("x", Integer, type_=String)
    with pytest.raises(TypeError, match="<dialectname>_<argument>, got 'foo'"):
        Column("x", Integer, foo=1)
    with pytest.raises(exc.ArgumentError, match="generated column"):
        Column("x", Integer, Computed("1"), server_default="2")


def test_a_copied_column_is_in_no_table_and_keeps_everything() -> None:
    table = Table("t", MetaData(), Column("n", String(5), ForeignKey("u.id"), default="x", key="k"))
    copy = table.c.k._copy()
    assert copy.table is None
    assert (copy.name, copy.key, copy.default.arg) == ("n", "k", "x")
    assert [fk.target_fullname for fk in copy.foreign_keys] == ["u.id"]
    assert copy._key != table.c.k._key


def test_repr_names_what_a_column_is() -> None:
    table = Table("t", MetaData(), Column("n", String(20), nullable=False, server_default="y"))
    assert repr(table.c.n) == (
        "Column('n', String(length=20), table=<t>, nullable=False, "
        "server_default=DefaultClause('y', for_update=False))"
    )


# -- keys and constraints


def test_autoincrement_column() -> None:
    metadata = MetaData()
    key = Column("id", Integer, primary_key=True)
    assert Table("one", metadata, key).autoincrement_column is key
    text = Table("text", metadata, Column("id", String, primary_key=True))
    assert text.autoincrement_column is None
    fk = Table("fk", metadata, Column("id", ForeignKey("one.id"), primary_key=True))
    assert fk.autoincrement_column is None
    two = [Column(n, Integer, primary_key=True) for n in "ab"]
    assert Table("two", metadata, *two).autoincrement_column is None
    bad = Table("bad", metadata, Column("s", String, primary_key=True, autoincrement=True))
    with pytest.raises(exc.ArgumentError, match="not compatible with autoincrement=True"):
        _ = bad.autoincrement_column


def test_foreign_key_is_resolved_late_and_gives_its_column_a_type() -> None:
    metadata = two_tables()
    table = metadata.tables["a"]
    (key,) = table.foreign_keys
    assert key.column is metadata.tables["b"].c.id
    assert isinstance(table.c.b_id.type, Integer)
    (constraint,) = table.foreign_key_constraints
    assert constraint.referred_table is metadata.tables["b"]


def test_types_travel_along_chains_of_foreign_keys() -> None:
    metadata = MetaData()
    c = Table("c", metadata, Column("id", ForeignKey("b.id")))
    Table("b", metadata, Column("id", ForeignKey("a.id"), primary_key=True))
    Table("a", metadata, Column("id", Numeric, primary_key=True))
    assert isinstance(c.c.id.type, Numeric)


def test_missing_targets_name_both_sides() -> None:
    metadata = MetaData()
    table = Table("a", metadata, Column("k", ForeignKey("b.id")))
    (key,) = table.foreign_keys
    with pytest.raises(exc.NoReferencedTableError, match=r"'a.k' could not find table 'b'"):
        _ = key.column
    Table("b", metadata, Column("other", Integer))
    with pytest.raises(
        exc.NoReferencedColumnError,
        match=r"'b.id' on table 'a': table 'b' has no column named 'id'",
    ):
        _ = key.column


def test_constraints_name_missing_columns() -> None:
    with pytest.raises(
        exc.ConstraintColumnNotFoundError, match=r"on table 'g': no column named 'b'"
    ):
        Table("g", MetaData(), Column("a", Integer), UniqueConstraint("b"))
    with pytest.raises(exc.ConstraintColumnNotFoundError, match="Can't create Index on table 'h'"):
        Table("h", MetaData(), Column("a", Integer), Index("i", "b"))


def test_constraints_of_column_objects_attach_themselves() -> None:
    a, b = Column("a", Integer), Column("b", Integer)
    constraint, index = UniqueConstraint(a, b), Index("ix", a)
    table = Table("t", MetaData(), a, b)
    assert constraint in table.constraints
    assert index in table.indexes
    later = Index("ix2", table.c.a, unique=True)
    assert later in table.indexes


def test_composite_keys() -> None:
    metadata = MetaData()
    Table("p", metadata, Column("a", Integer), Column("b", Integer), PrimaryKeyConstraint("a", "b"))
    child = Table(
        "c",
        metadata,
        Column("a", Integer),
        Column("b", Integer),
        ForeignKeyConstraint(["a", "b"], ["p.a", "p.b"]),
    )
    assert [c.name for c in metadata.tables["p"].primary_key] == ["a", "b"]
    assert not metadata.tables["p"].c.a.nullable
    assert {fk.column.name for fk in child.foreign_keys} == {"a", "b"}
    with pytest.raises(exc.ArgumentError, match="must match the number"):
        ForeignKeyConstraint(["a", "b"], ["p.a"])


def test_naming_convention() -> None:
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    table = Table(
        "u",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("n", String, index=True),
        Column("f", ForeignKey("u.id")),
        CheckConstraint("n > 1", name="pos"),
        UniqueConstraint("n", "f"),
        UniqueConstraint("f", name="mine"),
    )
    items: list[Any] = [*table.constraints, *table.indexes]
    names = {item.name for item in items}
    assert names == {"pk_u", "ix_u_n", "fk_u_f_u", "ck_u_pos", "uq_u_n_f", "mine"}


def test_types_bring_check_constraints_only_on_request() -> None:
    plain = Table("p", MetaData(), Column("b", Boolean), Column("e", Enum("a", "b")))
    assert {type(c) for c in plain.constraints} == {PrimaryKeyConstraint}
    checked = Table("c", MetaData(), Column("b", Boolean(create_constraint=True, name="ck")))
    assert "ck" in {c.name for c in checked.constraints}


def test_to_metadata_copies_everything_and_shares_nothing() -> None:
    metadata = two_tables()
    Table("b", metadata, UniqueConstraint("id", name="u"), extend_existing=True)
    other = MetaData()
    for table in metadata.sorted_tables:
        table.to_metadata(other)
    copy = other.tables["a"]
    assert {fk.column.table for fk in copy.foreign_keys} == {other.tables["b"]}
    assert [index.name for index in copy.indexes] == ["ix_a_b_id"]
    assert "u" in {c.name for c in other.tables["b"].constraints}
    moved = metadata.tables["b"].to_metadata(MetaData(), schema="s")
    assert moved.fullname == "s.b"


def test_metadata_is_pickled_with_all_that_it_holds() -> None:
    metadata = MetaData(schema="s", naming_convention={"uq": "uq_%(table_name)s"}, info={"a": 1})
    Table(
        "p",
        metadata,
        Column("id", Integer, Identity(start=2), primary_key=True, info={"b": 2}),
        Column("n", Enum("x", "y", create_constraint=True), index=True, unique=True),
        UniqueConstraint("n"),
        sqlite_strict=True,
    )
    Table("c", metadata, Column("p_id", ForeignKey("s.p.id")), CheckConstraint("p_id > 1"))
    found = pickle.loads(pickle.dumps(metadata))
    assert found.info == {"a": 1}
    assert [table.name for table in found.sorted_tables] == ["p", "c"]
    for key, table in metadata.tables.items():
        assert str(CreateTable(found.tables[key])) == str(CreateTable(table))
    copy = found.tables["s.p"]
    assert copy.c.id.info == {"b": 2}
    assert dict(copy.dialect_kwargs) == {"sqlite_strict": True}
    assert found.tables["s.c"].c.p_id.references(copy.c.id)


def test_a_copy_keeps_the_names_that_a_convention_made() -> None:
    metadata = MetaData(naming_convention={"uq": "uq_%(table_name)s"})
    table = Table("t", metadata, Column("a", Integer), UniqueConstraint("a"), info={"x": 1})
    copy = table.to_metadata(MetaData(), name="other")
    assert "uq_t" in {constraint.name for constraint in copy.constraints}
    assert copy.info == {"x": 1}


def test_contradictory_constraints_are_refused_naming_the_tables() -> None:
    metadata = MetaData()
    a = Table("a", metadata, Column("x", Integer), Column("y", Integer))
    b = Table("b", metadata, Column("x", Integer))
    with pytest.raises(exc.ArgumentError, match="of a, b"):
        Index("ix", a.c.x, b.c.x)
    with pytest.raises(exc.ArgumentError, match="multiple remote tables: a and b"):
        a.append_constraint(ForeignKeyConstraint(["x", "y"], ["a.x", "b.x"]))
    with pytest.warns(exc.SAWarning, match="'x' as primary_key=True, not matching"):
        Table(
            "c",
            metadata,
            Column("x", Integer, primary_key=True),
            Column("y", Integer),
            PrimaryKeyConstraint("y"),
        )


def test_arguments_of_dialects_are_checked_and_have_defaults() -> None:
    table = Table("t", MetaData(), Column("a", Integer), sqlite_strict=True, mysql_engine="x")
    assert table.dialect_options["sqlite"] == {
        "autoincrement": False,
        "with_rowid": True,
        "strict": True,
    }
    assert dict(table.dialect_kwargs) == {"mysql_engine": "x", "sqlite_strict": True}
    table.dialect_kwargs["sqlite_strict"] = False
    assert table.get_dialect_option("sqlite", "strict") is False
    with pytest.raises(exc.ArgumentError, match="'sqlite_nope' is not accepted"):
        Table("u", MetaData(), sqlite_nope=1)
    with pytest.warns(exc.SAWarning, match="any dialect named 'nosuch'"):
        other = Table("v", MetaData(), nosuch_thing=1)
    assert dict(other.dialect_kwargs) == {"nosuch_thing": 1}
    with pytest.raises(exc.NoSuchModuleError, match="nosuch"):
        Index.argument_for("nosuch", "thing", None)


def test_an_argument_of_a_dialect_can_be_declared() -> None:
    CheckConstraint.argument_for("sqlite", "remark", "none")
    assert CheckConstraint("a").dialect_options["sqlite"]["remark"] == "none"
    assert CheckConstraint("a", sqlite_remark="x").dialect_options["sqlite"]["remark"] == "x"


def test_a_sentinel_stays_out_of_statements_unless_it_is_named() -> None:
    table = Table("t", MetaData(), Column("id", Integer, primary_key=True), insert_sentinel("s"))
    assert table.c.keys() == ["id", "s"]
    assert str(table.select()) == "SELECT t.id \nFROM t"
    assert str(table.insert()) == "INSERT INTO t (id) VALUES (:id)"
    assert str(table.update().values(s=3)) == "UPDATE t SET s=:s"


def test_a_visitor_meets_every_item_once() -> None:
    seen: list[str] = []

    class Names(SchemaVisitor):
        def visit_table(self, table: Any) -> None:
            seen.append(table.name)

        def visit_column(self, column: Any) -> None:
            seen.append(f"{column.table.name}.{column.name}")

        def visit_index(self, index: Any) -> None:
            seen.append(index.name)

    Names().traverse(two_tables())
    assert seen == ["a", "a.b_id", "ix_a_b_id", "b", "b.id"]


def test_names_may_decide_about_their_quotes() -> None:
    name = quoted_name("Name", True)
    assert (name, name.lower(), hash(name)) == ("Name", "Name", hash("Name"))
    assert quoted_name("Name", False).lower() == "name"
    assert quoted_name(name, None) is name
    assert pickle.loads(pickle.dumps(name)).quote is True
    assert quoted_name.construct(None, True) is None


def test_targets_of_foreign_keys_are_known_by_their_parts() -> None:
    assert ForeignKey("s.t.c").target_tokens == ("s", "t", "c")
    assert ForeignKey(("t.with.dots", "c")).target_tokens == (None, "t.with.dots", "c")
    metadata = MetaData()
    target = Table("a.b", metadata, Column("c.d", Integer))
    table = Table("t", metadata, Column("x", ForeignKey(("a.b", "c.d"))))
    assert table.c.x.references(target.c["c.d"])


# -- order, create, drop


def test_expressions_on_table_columns_compile() -> None:
    table = Table("t", MetaData(), Column("id", Integer, primary_key=True))
    assert str((table.c.id == 5).compile(dialect=DefaultDialect())) == "t.id = :id_1"
