"""What only ormolu describes of PostgreSQL, or describes better: expectations are written out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

import ormolu
from ormolu.dialects.postgresql import ExcludeConstraint
from ormolu.engine.reflection import ObjectKind

pytestmark = pytest.mark.backend("postgresql+psycopg")


class Database:
    """An empty database, which is described after a script ran in it."""

    def __init__(self, url: str, engine: ormolu.Engine) -> None:
        self._url = url
        self.engine = engine

    def run(self, *scripts: str) -> None:
        """Run statements as they stand, each script in a transaction of its own."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            for script in scripts:
                connection.execute(script.encode())

    def inspector(self, script: str) -> Any:
        """An inspector of the database, once a script ran."""
        self.run(script)
        return ormolu.inspect(self.engine)

    def types(self, script: str, table: str = "t", schema: str | None = None) -> list[str]:
        """The types of a table's columns, once a script ran."""
        columns = self.inspector(script).get_columns(table, schema)
        return [repr(column["type"]) for column in columns]


@pytest.fixture
def database(postgresql_url: str) -> Iterator[Database]:
    engine = ormolu.create_engine(postgresql_url)
    yield Database(postgresql_url, engine)
    engine.dispose()


# -- types


def test_a_domain_keeps_the_length_of_its_type(database: Database) -> None:
    assert database.types(
        """
        CREATE DOMAIN code AS varchar(10) COLLATE "C"; CREATE DOMAIN price AS numeric(5, 2);
        CREATE TABLE t (a code, b price, c code[])
        """
    ) == [
        "DOMAIN('code', VARCHAR(length=10, collation='C'))",
        "DOMAIN('price', NUMERIC(precision=5, scale=2))",
        "ARRAY(DOMAIN('code', VARCHAR(length=10, collation='C')))",
    ]


def test_a_domain_has_its_own_collation_whatever_the_column_has(database: Database) -> None:
    inspector = database.inspector(
        """CREATE DOMAIN word AS text COLLATE "C"; CREATE TABLE t (a word COLLATE "POSIX")"""
    )
    (column,) = inspector.get_columns("t")
    assert column["type"].collation == "C"


def test_a_domain_has_its_default_condition_and_base(database: Database) -> None:
    inspector = database.inspector(
        """
        CREATE DOMAIN small AS smallint DEFAULT 3 NOT NULL CONSTRAINT low CHECK (VALUE < 10);
        CREATE DOMAIN smaller AS small CHECK (VALUE < 5);
        CREATE TABLE t (a smaller)
        """
    )
    (column,) = inspector.get_columns("t")
    smaller = column["type"]
    assert (smaller.name, smaller.constraint_name, smaller.not_null) == (
        "smaller",
        "smaller_check",
        False,
    )
    assert str(smaller.check) == "VALUE::smallint < 5"
    small = smaller.data_type
    assert (small.name, small.default, small.not_null, str(small.check)) == (
        "small",
        "3",
        True,
        "VALUE < 10",
    )


def test_paths_into_json_are_known(database: Database) -> None:
    assert database.types("CREATE TABLE t (a jsonpath)") == ["JSONPATH()"]


def test_types_of_extensions_are_known_in_any_schema(database: Database) -> None:
    assert database.types(
        """
        CREATE SCHEMA ext; CREATE EXTENSION hstore SCHEMA ext; CREATE EXTENSION citext SCHEMA ext;
        CREATE TABLE t (a ext.hstore, b ext.citext, c ext.hstore[])
        """
    ) == ["HSTORE()", "CITEXT()", "ARRAY(HSTORE())"]


def test_a_type_of_no_name_known_is_a_null_type_and_a_warning(database: Database) -> None:
    inspector = database.inspector("CREATE TYPE pair AS (a int); CREATE TABLE t (a pair, b pair[])")
    with pytest.warns(
        ormolu.exc.SAWarning, match=r"Did not recognize type 'pair' of column '[ab]'"
    ):
        columns = inspector.get_columns("t")
    assert [repr(column["type"]) for column in columns] == ["NullType()", "NullType()"]


# -- defaults


def test_a_default_is_of_the_sequence_that_it_is_of(database: Database) -> None:
    """Whatever the search path is, the text that comes out means the same sequence."""
    script = """
    CREATE SCHEMA other; CREATE SEQUENCE s; CREATE SEQUENCE other.s; CREATE SEQUENCE other.r;
    CREATE TABLE other.t (a serial, b int DEFAULT nextval('public.s'),
        c int DEFAULT nextval('other.s'), d int DEFAULT nextval('other.r'))
    """
    database.run(script)

    def defaults(path: str) -> list[str]:
        with database.engine.connect() as connection:
            connection.exec_driver_sql(f"SET search_path TO {path}")
            columns = ormolu.inspect(connection).get_columns("t", schema="other")
        return [column["default"] for column in columns]

    assert defaults("public") == [
        "nextval('other.t_a_seq'::regclass)",
        "nextval('s'::regclass)",
        "nextval('other.s'::regclass)",
        "nextval('other.r'::regclass)",
    ]
    assert defaults("other, public") == [
        """nextval('"other".t_a_seq'::regclass)""",
        "nextval('public.s'::regclass)",
        """nextval('"other".s'::regclass)""",
        """nextval('"other".r'::regclass)""",
    ]


# -- constraints


def test_columns_of_any_name_are_referred_to(database: Database) -> None:
    inspector = database.inspector(
        """
        CREATE TABLE p ("a, b" int, "(c)" int, PRIMARY KEY ("(c)", "a, b"));
        CREATE TABLE t ("x "" y" int, z int, FOREIGN KEY (z, "x "" y") REFERENCES p)
        """
    )
    (key,) = inspector.get_foreign_keys("t")
    assert key["constrained_columns"] == ["z", 'x " y']
    assert key["referred_columns"] == ["(c)", "a, b"]


def test_a_key_of_a_partitioned_table_is_one_key(database: Database) -> None:
    inspector = database.inspector(
        """
        CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
        CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
        CREATE TABLE t (id int REFERENCES p) PARTITION BY LIST (id);
        CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1)
        """
    )
    (key,) = inspector.get_foreign_keys("t")
    assert (key["name"], key["referred_table"]) == ("t_id_fkey", "p")
    (key,) = inspector.get_foreign_keys("t1")
    assert key["referred_table"] == "p"


def test_what_is_verified_late_says_so(database: Database) -> None:
    inspector = database.inspector(
        """
        CREATE TABLE t (a int, b int UNIQUE DEFERRABLE, c int, PRIMARY KEY (a) DEFERRABLE
            INITIALLY DEFERRED, CONSTRAINT u UNIQUE (c));
        ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES t (c) NOT VALID
        """
    )
    key = inspector.get_pk_constraint("t")
    assert (key["deferrable"], key["initially"]) == (True, "DEFERRED")
    late, at_once = inspector.get_unique_constraints("t")
    assert late["deferrable"] is True
    assert "initially" not in late
    assert not {"deferrable", "initially"} & at_once.keys()
    (foreign,) = inspector.get_foreign_keys("t")
    assert foreign["dialect_options"] == {"not_valid": True}


def test_exclusion_constraints_are_described(database: Database) -> None:
    inspector = database.inspector(
        """
        CREATE EXTENSION btree_gist;
        CREATE TABLE t (id int, "the room" int, during int4range, a int,
            CONSTRAINT apart EXCLUDE USING gist ("the room" WITH =, during WITH &&)
                WHERE (id > 5) DEFERRABLE INITIALLY DEFERRED,
            CONSTRAINT sums EXCLUDE USING gist (int4range(a, a + 5) WITH &&),
            EXCLUDE USING hash (id WITH =));
        COMMENT ON CONSTRAINT apart ON t IS 'no two at once';
        CREATE TABLE other_one (a int)
        """
    )
    apart, sums, hashed = inspector.get_exclude_constraints("t")
    assert apart == {
        "name": "apart",
        "column_names": ["the room", "during"],
        "expressions": ["the room", "during"],
        "operators": ["=", "&&"],
        "ops": {},
        "using": "gist",
        "where": "id > 5",
        "options": {"deferrable": True, "initially": "DEFERRED"},
        "comment": "no two at once",
    }
    assert (sums["column_names"], sums["expressions"]) == ([None], ["int4range(a, a + 5)"])
    assert (hashed["using"], hashed["operators"]) == ("hash", ["="])
    assert inspector.get_exclude_constraints("other_one") == []
    several = inspector.get_multi_exclude_constraints()
    assert several == {(None, "t"): [apart, sums, hashed], (None, "other_one"): []}
    with pytest.raises(ormolu.exc.NoSuchTableError, match="missing"):
        inspector.get_exclude_constraints("missing")


def test_the_search_path_is_ignored_for_tables_of_the_default_schema_too(
    database: Database,
) -> None:
    inspector = database.inspector(
        """
        CREATE SCHEMA other; CREATE TABLE p (id int PRIMARY KEY);
        CREATE TABLE other.t (id int REFERENCES p)
        """
    )
    (key,) = inspector.get_foreign_keys("t", schema="other", postgresql_ignore_search_path=True)
    assert key["referred_schema"] is None


def test_an_index_keeps_the_collations_that_are_its_own(database: Database) -> None:
    inspector = database.inspector(
        """
        CREATE TABLE t (a text, b text COLLATE "C", c int);
        CREATE INDEX i ON t (a COLLATE "POSIX", b, lower(a), c)
        """
    )
    (index,) = inspector.get_indexes("t")
    assert index["column_names"] == ["a", "b", None, "c"]
    assert index["column_collations"] == {"a": "POSIX"}


# -- tables


def test_partitioned_tables_say_by_what(database: Database) -> None:
    inspector = database.inspector(
        """
        CREATE TABLE a (id int, "The Day" date) PARTITION BY RANGE ("The Day", (id + 1));
        CREATE TABLE b (id int) PARTITION BY LIST (id);
        CREATE TABLE b1 PARTITION OF b FOR VALUES IN (1) PARTITION BY HASH (id)
        """
    )
    options = {name: found for (_, name), found in inspector.get_multi_table_options().items()}
    assert options == {
        "a": {"postgresql_partition_by": 'RANGE ("The Day", ((id + 1)))'},
        "b": {"postgresql_partition_by": "LIST (id)"},
        "b1": {"postgresql_partition_by": "HASH (id)"},
    }


def test_a_partition_is_reflected_as_a_table_that_can_be_made(database: Database) -> None:
    inspector = database.inspector(
        """
        CREATE TABLE b (id int) PARTITION BY LIST (id);
        CREATE TABLE b1 PARTITION OF b FOR VALUES IN (1) PARTITION BY HASH (id)
        """
    )
    options = inspector.get_multi_table_options()
    metadata = ormolu.MetaData()
    metadata.reflect(database.engine)
    database.run("DROP TABLE b")
    metadata.create_all(database.engine)
    assert ormolu.inspect(database.engine).get_multi_table_options() == options


def test_tablespaces_of_tables_and_indexes_are_described(database: Database) -> None:
    """In a place of the server's own: https://www.postgresql.org/docs/15/runtime-config-developer.html"""
    space = ormolu.make_url(str(database.engine.url)).database
    assert space is not None
    database.run("SET allow_in_place_tablespaces = true", f"CREATE TABLESPACE {space} LOCATION ''")
    try:
        inspector = database.inspector(
            f"CREATE TABLE t (a int) TABLESPACE {space}; CREATE INDEX i ON t (a) TABLESPACE {space}"
        )
        assert inspector.get_table_options("t") == {"postgresql_tablespace": space}
        (index,) = inspector.get_indexes("t")
        assert index["dialect_options"]["postgresql_tablespace"] == space
    finally:
        database.run("DROP TABLE t")
        database.run(f"DROP TABLESPACE {space}")


def test_tables_are_sorted_by_their_foreign_keys(database: Database) -> None:
    inspector = database.inspector(
        """
        CREATE SCHEMA other; CREATE TABLE b (id int PRIMARY KEY);
        CREATE TABLE a (id int PRIMARY KEY, b int CONSTRAINT to_b REFERENCES b);
        CREATE TABLE other.c (id int CONSTRAINT to_a REFERENCES a)
        """
    )
    assert inspector.get_sorted_table_and_fkc_names() == [
        ("b", []),
        ("a", [("a", "to_b")]),
        (None, []),
    ]
    assert inspector.sort_tables_on_foreign_key_dependency((None, "other")) == [
        ((None, "b"), []),
        ((None, "a"), [((None, "a"), "to_b")]),
        (("other", "c"), [(("other", "c"), "to_a")]),
        (None, []),
    ]


def test_an_inspector_remembers_until_it_is_told_to_forget(database: Database) -> None:
    inspector = database.inspector("CREATE TABLE a (id int)")
    columns = inspector.get_columns("a")
    columns[0]["name"] = "changed by the caller"
    database.run("ALTER TABLE a RENAME id TO number")
    assert [column["name"] for column in inspector.get_columns("a")] == ["id"]
    inspector.clear_cache()
    assert [column["name"] for column in inspector.get_columns("a")] == ["number"]


def test_kinds_that_are_not_asked_for_are_left_out(database: Database) -> None:
    inspector = database.inspector("CREATE TABLE a (id int); CREATE VIEW v AS SELECT 1 AS one")
    views = inspector.get_multi_columns(kind=ObjectKind.ANY_VIEW, filter_names=["a", "v", "x"])
    assert list(views) == [(None, "v")]


def test_a_reflected_table_has_its_exclusion_constraint(database: Database) -> None:
    database.run("CREATE TABLE t (r int4range, CONSTRAINT e EXCLUDE USING gist (r WITH &&))")
    table = ormolu.Table("t", ormolu.MetaData(), autoload_with=database.engine)
    (constraint,) = [each for each in table.constraints if isinstance(each, ExcludeConstraint)]
    assert (constraint.name, constraint.using, list(constraint.columns)) == (
        "e",
        "gist",
        [table.c.r],
    )
    without = ormolu.Table(
        "t", ormolu.MetaData(), ormolu.Column("r", ormolu.Text), autoload_with=database.engine
    )
    assert not [each for each in without.constraints if isinstance(each, ExcludeConstraint)]


def test_the_default_schema_is_that_of_the_search_path(database: Database) -> None:
    name = database.engine.url.database
    database.run(f'CREATE SCHEMA other; ALTER DATABASE "{name}" SET search_path TO other, public')
    assert ormolu.inspect(database.engine).default_schema_name == "other"
