"""What the MySQL dialects do beyond the common text: servers, refusals, keys, names."""

from __future__ import annotations

import sys
import warnings
from typing import Any

import pytest
import sqlalchemy.dialects.mysql
from mysql_parts import DIALECTS, OURS, THEIRS, helpers, parts

import ormolu as orm
from ormolu import exc
from ormolu.dialects import mysql, registry
from ormolu.dialects.mysql import drivers
from ormolu.dialects.mysql.server import Server
from ormolu.sql.keys import normalise
from ormolu.sql.node import Node

MODERN = Server((8, 0, 33))
MARIADB = Server((10, 11, 2), mariadb=True)
OLD = Server((5, 6, 40))
OLD_MARIADB = Server((10, 1, 0), mariadb=True)

k = parts(orm, mysql)


def dialect_of(server: Server) -> mysql.MySQLDialect:
    dialect = mysql.MariaDBDialect() if server.mariadb else mysql.MySQLDialect()
    dialect.adopt_server(server)
    return dialect


def text(element: Any, server: Server = MODERN, **options: Any) -> str:
    return str(element.compile(dialect=dialect_of(server), **options))


# -- what depends on the server


@pytest.mark.parametrize(
    ("locks", "modern", "old"),
    [
        ({"read": True}, " FOR SHARE", " LOCK IN SHARE MODE"),
        ({"of": k.t}, " FOR UPDATE OF t", " FOR UPDATE"),
        ({"of": [k.t.c.id, k.t.c.name]}, " FOR UPDATE OF t", " FOR UPDATE"),
        ({"of": k.u}, " FOR UPDATE OF u", " FOR UPDATE"),
        ({"of": k.zed, "skip_locked": True}, " FOR UPDATE OF zed SKIP LOCKED", None),
        ({"of": k.t, "read": True, "nowait": True}, " FOR SHARE OF t NOWAIT", None),
    ],
)
def test_locks(locks: dict[str, Any], modern: str, old: str | None) -> None:
    statement = k.s.with_for_update(**locks)
    assert text(statement).endswith(modern)
    for server in (OLD, OLD_MARIADB, MARIADB):
        assert old is None or text(statement, server).endswith(old)


def test_a_new_row_has_a_name_where_values_is_deprecated() -> None:
    upsert = k.i.on_duplicate_key_update(akey=k.i.inserted.akey, Up=k.i.inserted.Up + k.w.c.Up)
    values = "INSERT INTO w (id, a) VALUES (%s, %s)"
    assert text(upsert) == (
        f"{values} AS new ON DUPLICATE KEY UPDATE a = new.a, `Up` = (new.`Up` + w.`Up`)"
    )
    for server in (OLD, MARIADB):
        assert text(upsert, server) == (
            f"{values} ON DUPLICATE KEY UPDATE a = VALUES(a), `Up` = (VALUES(`Up`) + w.`Up`)"
        )


def test_rows_of_values_are_named_so_where_they_must() -> None:
    rows = orm.values(orm.column("n", orm.Integer), name="v").data([(1,), (2,)])
    assert text(orm.select(rows)).endswith("FROM (VALUES ROW(%s), ROW(%s)) AS v (n)")
    for server in (OLD, MARIADB, Server()):
        assert text(orm.select(rows), server).endswith("FROM (VALUES (%s), (%s)) AS v (n)")


def test_a_key_that_an_expression_makes_is_a_value_without_returning() -> None:
    table = orm.Table(
        "made",
        orm.MetaData(),
        orm.Column("id", orm.String(36), primary_key=True, default=orm.func.uuid()),
        orm.Column("n", orm.Integer),
    )
    one, many = orm.insert(table).values(n=1), orm.insert(table).values([{"n": 1}, {"n": 2}])
    assert text(one) == "INSERT INTO made (id, n) VALUES (%s, %s)"
    assert text(one, MARIADB).startswith("INSERT INTO made (id, n) VALUES (uuid(), %s)")
    assert text(one.inline()) == "INSERT INTO made (id, n) VALUES (uuid(), %s)"
    assert text(many) == "INSERT INTO made (id, n) VALUES (uuid(), %s), (uuid(), %s)"


def test_literals_of_each_execution_are_escaped() -> None:
    statement = orm.select(orm.bindparam("x", "a\\'", literal_execute=True).label("x"))
    options = {"compile_kwargs": {"render_postcompile": True}}
    assert text(statement, **options) == r"SELECT 'a\\''' AS x"
    plain = MODERN._replace(backslash_escapes=False)
    assert text(statement, plain, **options) == r"SELECT 'a\''' AS x"


def test_a_row_from_select_has_no_name() -> None:
    insert = mysql.insert(k.w).from_select(["akey"], orm.select(k.t.c.name))
    upsert = insert.on_duplicate_key_update(akey=insert.inserted.akey)
    assert text(upsert).endswith("\nFROM t ON DUPLICATE KEY UPDATE a = VALUES(a)")


@pytest.mark.parametrize(
    ("type_", "written"),
    [
        (orm.Float(5), "FLOAT(5)"),
        (mysql.FLOAT(10, 2, unsigned=True), "FLOAT(10, 2) UNSIGNED"),
        (orm.Double(), "DOUBLE"),
        (orm.REAL(), "FLOAT"),
        (mysql.DOUBLE(5, 2), "DOUBLE(5, 2)"),
    ],
)
def test_casts_to_floats(type_: Any, written: str) -> None:
    expression = orm.cast(k.t.c.id, type_)
    for server in (MODERN, MARIADB):
        assert text(expression, server) == f"CAST(t.id AS {written})"
    for server in (OLD, OLD_MARIADB):
        with pytest.warns(exc.SAWarning, match="does not support CAST"):
            assert text(expression, server) == "t.id"


def test_default_expressions_of_old_servers_have_no_parentheses() -> None:
    column = orm.Column("d", orm.DateTime, server_default=orm.func.now())
    create = helpers(orm).create(column)
    assert "DEFAULT (now())" in text(create)
    assert "DEFAULT now()" in text(create, OLD)


def test_sequences_of_mariadb() -> None:
    key = orm.Column("id", orm.Integer, orm.Sequence("s"), primary_key=True)
    create = helpers(orm).create(key)
    assert "AUTO_INCREMENT" not in text(create, MARIADB)
    for server in (MODERN, OLD_MARIADB):
        assert "AUTO_INCREMENT" in text(create, server)


def test_returning_of_servers() -> None:
    assert dialect_of(MARIADB).features.insert_returning
    assert dialect_of(OLD_MARIADB).features.delete_returning
    assert not dialect_of(OLD_MARIADB).features.insert_returning
    assert not dialect_of(MODERN).features.insert_returning


def test_the_uuid_type_of_mariadb() -> None:
    assert str(orm.Uuid().compile(dialect=dialect_of(MARIADB))) == "UUID"
    assert str(orm.Uuid().compile(dialect=dialect_of(OLD_MARIADB))) == "CHAR(32)"


def test_backslashes_are_doubled_unless_the_server_takes_them_literally() -> None:
    literal = {"compile_kwargs": {"literal_binds": True}}
    no_escapes = MODERN._replace(backslash_escapes=False)
    for element, escaped, plain in (
        (orm.literal("a\\b'c"), "'a\\\\b''c'", "'a\\b''c'"),
        (orm.column("x").like("a", escape="\\"), "x LIKE 'a' ESCAPE '\\\\'", None),
    ):
        assert text(element, **literal) == escaped
        assert plain is None or text(element, no_escapes, **literal) == plain
    assert str(orm.Enum("a\\b").compile(dialect=dialect_of(no_escapes))) == "ENUM('a\\b')"


def test_ansi_quotes() -> None:
    server = MODERN._replace(ansi_quotes=True)
    assert text(orm.column("a b"), server) == '"a b"'


def test_reserved_words_are_the_servers() -> None:
    assert text(orm.column("lag"), MODERN) == "`lag`"
    assert text(orm.column("lag"), MARIADB) == "lag"
    assert text(orm.column("offset"), MARIADB) == "`offset`"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_reserved_words_are_sqlalchemys(dialect: str) -> None:
    theirs, ours = DIALECTS[dialect]
    assert ours.identifier_preparer.reserved_words == theirs.identifier_preparer.reserved_words


# -- better than what SQLAlchemy writes


def test_a_json_key_is_escaped() -> None:
    literal = {"compile_kwargs": {"literal_binds": True}}
    written = text(k.t.c.j['a"b'], **literal)
    assert written == 'JSON_EXTRACT(t.j, \'$."a\\\\"b"\')'


def test_a_dropped_column_comment_changes_the_column() -> None:
    table = helpers(orm).table(orm.Column("a", orm.Integer, comment="x", nullable=False))
    drop = orm.schema.DropColumnComment(table.c.a)
    assert text(drop) == "ALTER TABLE t CHANGE a a INTEGER NOT NULL"


@pytest.mark.parametrize(
    ("given", "options", "written"),
    [
        (lambda t: t.c.a.desc(), {"mysql_length": 5}, "a(5) DESC"),
        (lambda t: orm.func.lower(t.c.a), {"mysql_length": 5}, "(lower(a))"),
        (lambda t: orm.func.lower(t.c.a).desc(), {}, "(lower(a)) DESC"),
        (lambda t: orm.cast(t.c.a, orm.String(5)), {}, "(CAST(a AS CHAR(5)))"),
    ],
)
def test_parts_of_an_index(given: Any, options: dict[str, Any], written: str) -> None:
    index = helpers(orm).index(given, **options)
    assert text(orm.schema.CreateIndex(index)) == f"CREATE INDEX ix ON t ({written})"


@pytest.mark.parametrize(
    ("default", "written"),
    [
        ("now(6) + 1", "(now(6) + 1)"),
        ("(1) + (2)", "((1) + (2))"),
        ("'a' || 'b'", "('a' || 'b')"),
        ("')('", "')('"),
        ("(')')", "(')')"),
        ("now(6) ON UPDATE now(6)", "now(6) ON UPDATE now(6)"),
    ],
)
def test_defaults_in_parentheses(default: str, written: str) -> None:
    column = orm.Column("a", orm.String(5), server_default=orm.text(default))
    assert f"DEFAULT {written}\n" in text(helpers(orm).create(column))


def test_the_inserted_row_of_another_statement_is_the_same_row() -> None:
    other = mysql.insert(k.w)
    upsert = k.i.on_duplicate_key_update(akey=other.inserted.akey)
    assert text(upsert, OLD).endswith("ON DUPLICATE KEY UPDATE a = VALUES(a)")


def test_all_columns_can_be_taken_from_the_inserted_row() -> None:
    upsert = k.i.on_duplicate_key_update(k.i.inserted)
    assert text(upsert, OLD).endswith(
        "UPDATE id = VALUES(id), a = VALUES(a), b = VALUES(b), `Up` = VALUES(`Up`)"
    )


def test_options_that_are_numbers() -> None:
    create = helpers(orm).create(helpers(orm).pk(), mysql_max_rows=5)
    assert text(create).endswith(")MAX_ROWS=5\n\n")


# -- refusals


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda my: my.limit("foo"), ValueError, "foo"),
        (lambda my: k.i.on_duplicate_key_update(), ValueError, "must not be empty"),
        (lambda my: k.i.on_duplicate_key_update({}), ValueError, "must not be empty"),
        (lambda my: k.i.on_duplicate_key_update([]), ValueError, "non-empty dictionary"),
        (lambda my: k.i.on_duplicate_key_update(5), ValueError, "non-empty dictionary"),
        (lambda my: k.i.on_duplicate_key_update((("b", 5),)), ValueError, "non-empty"),
        (lambda my: k.i.on_duplicate_key_update({"a": 1}, b=2), exc.ArgumentError, "kwargs"),
        (lambda my: k.i.on_duplicate_key_update({}, {}), exc.ArgumentError, "single dictionary"),
        (
            lambda my: k.i.on_duplicate_key_update(b=1).on_duplicate_key_update(b=2),
            exc.InvalidRequestError,
            "already has an ON DUPLICATE KEY",
        ),
        (lambda my: my.match(k.t.c.name), exc.ArgumentError, "against is required"),
        (lambda my: my.match(against="x"), exc.ArgumentError, "columns are required"),
        (lambda my: my.match(k.t.c.name, against="x", foo=1), exc.ArgumentError, "foo"),
        (lambda my: k.s.ext(my.limit(3)), NotImplementedError, "select"),
        (lambda my: k.i.ext(my.limit(3)), NotImplementedError, "insert"),
        (
            lambda my: text(orm.update(k.w).with_dialect_options(mysql_foo=3)),
            exc.ArgumentError,
            "mysql_foo",
        ),
        (lambda my: helpers(orm).index("a", mysql_foo=1), exc.ArgumentError, "mysql_foo"),
        (
            lambda my: text(
                my.match(k.t.c.name, against="x", in_boolean_mode=True).with_query_expansion()
            ),
            exc.CompileError,
            "Invalid MySQL match flags",
        ),
        (lambda my: text(orm.try_cast(k.t.c.id, orm.Integer)), exc.CompileError, "cast"),
        (
            lambda my: text(helpers(orm).create(orm.Column("a", orm.String))),
            exc.CompileError,
            r"VARCHAR requires a length on dialect mysql: write String\(50\)",
        ),
    ],
)
def test_refusals(make: Any, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        make(mysql)


def test_unknown_columns_of_an_upsert_are_warned_of() -> None:
    with pytest.warns(exc.SAWarning, match="'zzz'"):
        assert text(k.i.on_duplicate_key_update(b=1, zzz=5), OLD).endswith("UPDATE b = %s")


def test_mysql_arguments_serve_mariadb_with_a_warning() -> None:
    index = helpers(orm).index("a", mysql_using="btree")
    with pytest.warns(exc.SADeprecationWarning, match="mariadb_using"):
        assert text(orm.schema.CreateIndex(index), MARIADB).endswith("USING btree")


# -- keys


def test_equal_upserts_have_equal_keys_and_their_own_values() -> None:
    def upsert(value: str) -> Any:
        insert = mysql.insert(k.w).values(id=1)
        return insert.on_duplicate_key_update(akey=value, b=insert.inserted.b)

    first, second = upsert("x"), upsert("y")
    assert normalise(first._key) == normalise(second._key)
    assert {bind.value for bind in first._binds} == {1, "x"}
    assert {bind.value for bind in second._binds} == {1, "y"}
    insert = mysql.insert(k.w).values(id=1)
    ordered = insert.on_duplicate_key_update([("akey", "x"), ("b", insert.inserted.b)])
    assert normalise(ordered._key) != normalise(first._key)


def test_matches_differ_in_their_keys_by_mode() -> None:
    found = mysql.match(k.t.c.name, against="x")
    keys = {
        found._key,
        found.in_boolean_mode()._key,
        found.in_natural_language_mode()._key,
        found.with_query_expansion()._key,
        mysql.match(k.t.c.name, k.t.c.id, against="x")._key,
    }
    assert len(keys) == 5
    assert found._key == mysql.match(k.t.c.name, against="y")._key
    assert found.in_boolean_mode().modifiers == {
        "in_boolean_mode": True,
        "in_natural_language_mode": False,
        "with_query_expansion": False,
    }


def test_every_node_of_the_dialect_has_a_visit_method() -> None:
    found: list[type[Node]] = []
    waiting = [Node]
    while waiting:
        cls = waiting.pop()
        waiting += cls.__subclasses__()
        if cls.__module__.startswith("ormolu.dialects.mysql"):
            found.append(cls)
    assert {"match", "OnDuplicateClause", "DMLLimitClause"} <= {cls.__name__ for cls in found}
    compiler = mysql.MySQLDialect.compiler_class
    assert [c for c in found if not hasattr(compiler, f"visit_{c.__visit_name__}")] == []


# -- names and drivers


def test_public_names_are_sqlalchemys() -> None:
    assert set(sqlalchemy.dialects.mysql.__all__) <= set(mysql.__all__)
    assert all(hasattr(mysql, name) for name in mysql.__all__)


@pytest.fixture
def without_drivers(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no driver were installed: importing one, or its adapter afresh, fails."""
    for module in ("MySQLdb", "pymysql", "asyncmy", "aiomysql"):
        monkeypatch.setitem(sys.modules, module, None)
    for adapter in ("mysqldb", "pymysql", "asyncmy", "aiomysql"):
        monkeypatch.delitem(sys.modules, f"ormolu.dialects.mysql.{adapter}_driver", raising=False)


@pytest.mark.usefixtures("without_drivers")
@pytest.mark.parametrize("name", ["mysql", "mariadb"])
@pytest.mark.parametrize(
    ("suffix", "module", "is_async", "extra"),
    [
        ("", "pymysql", False, "mysql"),
        ("+mysqldb", "MySQLdb", False, "mysqlclient"),
        ("+pymysql", "pymysql", False, "mysql"),
        ("+asyncmy", "asyncmy", True, "mysql"),
        ("+aiomysql", "aiomysql", True, "aiomysql"),
    ],
)
def test_an_absent_driver_is_named(
    name: str, suffix: str, module: str, is_async: bool, extra: str
) -> None:
    cls: Any = registry.load(name + suffix)
    dialect = cls()
    assert (dialect.name, dialect.is_async) == (name, is_async)
    assert dialect.is_mariadb is (name == "mariadb")
    expected = rf"No module named '{module}'.*{name}.*ormolu\[{extra}\]"
    with pytest.raises(ModuleNotFoundError, match=expected):
        orm.create_engine(f"{name}{suffix}://user@host/db")


@pytest.mark.parametrize("name", ["mysql", "mariadb"])
def test_a_url_without_a_driver_takes_mysqlclient_or_else_pymysql(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert registry.load(name)().load_driver().name == "mysqldb"
    monkeypatch.setitem(sys.modules, "MySQLdb", None)
    monkeypatch.delitem(sys.modules, "ormolu.dialects.mysql.mysqldb_driver", raising=False)
    engine = orm.create_engine(f"{name}://user@host/db")
    assert engine.driver == "pymysql"
    assert engine.dialect.dialect_description == f"{name}+pymysql"


def test_the_dialects_of_drivers_write_the_same() -> None:
    statement = orm.select(k.t.c.name + "x").limit(3)
    expected = str(statement.compile(dialect=mysql.MySQLDialect()))
    for name in drivers.__all__:
        dialect = getattr(drivers, name)()
        assert str(statement.compile(dialect=dialect)) == expected


@pytest.mark.parametrize(
    ("attribute"),
    [
        "name",
        "driver",
        "is_mariadb",
        "paramstyle",
        "positional",
        "insert_returning",
        "update_returning",
        "delete_returning",
        "supports_alter",
        "supports_comments",
        "supports_default_metavalue",
        "supports_default_values",
        "supports_empty_insert",
        "supports_identity_columns",
        "supports_multivalues_insert",
        "supports_native_boolean",
        "supports_native_decimal",
        "supports_native_enum",
        "supports_native_uuid",
        "supports_sane_rowcount",
        "supports_sane_multi_rowcount",
        "supports_sequences",
        "supports_views",
        "max_identifier_length",
        "tuple_in_values",
        "postfetch_lastrowid",
        "server_version_info",
    ],
)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_facts_are_sqlalchemys(attribute: str, dialect: str) -> None:
    theirs, ours = DIALECTS[dialect]
    assert getattr(ours, attribute) == getattr(theirs, attribute)


def test_a_mysql_dialect_may_be_told_that_the_server_is_mariadb() -> None:
    ours, theirs = (library.dialect(is_mariadb=True) for library in (OURS[1], THEIRS[1]))
    assert (ours.name, ours.is_mariadb) == (theirs.name, theirs.is_mariadb) == ("mysql", True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        statements = [
            (k.t.c.name.regexp_match("a", flags="i"), "REGEXP CONCAT('(?', 'i', ')', %s)"),
            (orm.column("offset"), "`offset`"),
        ]
        assert all(str(s.compile(dialect=ours)).endswith(end) for s, end in statements)
