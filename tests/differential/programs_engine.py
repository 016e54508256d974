"""Programs about engines: events, the log, options, transactions, errors."""

from __future__ import annotations

import logging
import re
import sqlite3
import warnings
from typing import Any

from library import Library, Plugins

_TIMES = re.compile(r"\d+\.\d+s|\d+(\.\d+)?(e-\d+)?s ago")
CONNECTION_EVENTS = [
    "before_execute", "after_execute", "before_cursor_execute", "after_cursor_execute", "begin",
    "commit", "rollback", "savepoint", "rollback_savepoint", "release_savepoint",
    "engine_connect", "set_connection_execution_options",
]  # fmt: skip


def _crew(lib: Library) -> tuple[Any, Any]:
    """An engine with an empty table, and the table."""
    sql = lib.sql
    crew = sql.Table(
        "crew",
        sql.MetaData(),
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("name", sql.String(20), unique=True),
    )
    engine = lib.engine()
    crew.metadata.create_all(engine)
    return engine, crew


def _heard(lib: Library, target: Any, names: list[str]) -> list[Any]:
    """A list that fills with what listeners of the events of `target` hear."""
    heard: list[Any] = []

    def listen(name: str) -> None:
        def listener(**arguments: Any) -> None:
            told = {
                key: arguments[key]
                for key in ("statement", "parameters", "executemany", "opts", "multiparams")
                if key in arguments
            }
            if "multiparams" in told:
                told["multiparams"] = list(told["multiparams"])
            # There, a savepoint is a construct that is executed.
            kind = type(arguments.get("clauseelement")).__name__
            if told.get("statement") != "BEGIN" and "Savepoint" not in kind:
                heard.append((name, told))

        lib.sql.event.listen(target, name, listener, named=True)

    for name in names:
        listen(name)
    return heard


def program_connection_events(lib: Library) -> Any:
    engine, crew = _crew(lib)
    heard = _heard(lib, engine, CONNECTION_EVENTS)
    sql = lib.sql
    with engine.connect() as connection:
        connection.execute(sql.insert(crew), {"name": "a"})
        connection.execute(sql.insert(crew), [{"name": "b"}, {"name": "c"}])
        connection.commit()
        connection.execution_options(color="red")
        nested = connection.begin_nested()
        connection.execute(sql.text("select :x"), {"x": 1}).all()
        nested.rollback()
        with connection.begin_nested():
            connection.exec_driver_sql("select 1").all()
        connection.rollback()
        with connection.begin():
            connection.scalar(sql.select(sql.func.count()).select_from(crew))
    return heard


def program_session_statements_are_announced(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    seen = []

    def before(conn: Any, clause: Any, multi: Any, params: Any, options: Any) -> None:
        seen.append((type(clause).__name__, multi, dict(params)))

    lib.sql.event.listen(engine, "before_execute", before)
    with lib.orm.Session(engine) as session:
        session.scalars(lib.sql.select(m.User).where(m.User.id == 1)).all()
        session.execute(lib.sql.select(m.User.id).where(m.User.id == 1)).all()
        session.execute(lib.sql.text("select :x"), {"x": 1}).all()
        session.execute(lib.sql.insert(m.Tag.__table__), {"name": "w"})
        session.rollback()
    return seen


def program_statements_are_replaced(lib: Library) -> Any:
    engine, crew = _crew(lib)
    sql, listen = lib.sql, lib.sql.event.listen
    after = []

    def other(conn: Any, clause: Any, multi: Any, params: Any, options: Any) -> Any:
        if isinstance(clause, sql.TextClause):
            return sql.text("select 7"), multi, params
        return clause, multi, params

    def comment(conn: Any, cursor: Any, sql: str, params: Any, context: Any, many: bool) -> Any:
        return sql.replace("select 7", "select 8"), params

    listen(engine, "before_execute", other, retval=True)
    listen(engine, "before_cursor_execute", comment, retval=True)
    listen(engine, "after_execute", lambda *args: after.append((str(args[1]), args[5].rowcount)))
    with engine.connect() as connection:
        found = connection.scalar(sql.text("select 1"))
        connection.execute(sql.insert(crew), {"name": "a"})
    return found, after


def program_listeners_written_before_execution_options(lib: Library) -> Any:
    engine, _ = _crew(lib)
    seen: list[Any] = []
    listen = lib.sql.event.listen
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        listen(engine, "before_execute", lambda conn, clause, many, one: seen.append(one))
        listen(engine, "after_execute", lambda conn, clause, many, one, result: seen.append(1))
        with engine.connect() as connection:
            connection.execute(lib.sql.text("select :x"), {"x": 1})
    return seen


def program_driver_calls_are_taken_over(lib: Library) -> Any:
    engine, crew = _crew(lib)
    sql = lib.sql
    seen = []

    def do_execute(cursor: Any, statement: str, parameters: Any, context: Any) -> Any:
        seen.append((statement, parameters))
        if "mine" in statement:
            cursor.execute("select 42")
            return True
        return None

    def do_executemany(cursor: Any, statement: str, parameters: Any, context: Any) -> Any:
        seen.append(("many", statement, parameters))

    def no_params(cursor: Any, statement: str, context: Any) -> Any:
        seen.append(("none", statement))

    sql.event.listen(engine, "do_execute", do_execute)
    sql.event.listen(engine, "do_executemany", do_executemany)
    sql.event.listen(engine, "do_execute_no_params", no_params)
    with engine.connect() as connection:
        found = connection.execute(sql.text("select 1 as mine")).all()
        connection.execute(sql.insert(crew), [{"name": "a"}, {"name": "b"}])
        names = connection.scalars(sql.select(crew.c.name)).all()
        connection.exec_driver_sql("select 1", execution_options={"no_parameters": True})
    return found, names, [each for each in seen if each[0] != "BEGIN"]


def program_errors_are_handled(lib: Library) -> Any:
    class Mine(Exception):
        pass

    engine, crew = _crew(lib)
    sql, told = lib.sql, []

    def note(context: Any) -> None:
        told.append(
            (
                context.statement,
                context.parameters or None,
                type(context.original_exception).__name__,
                type(context.sqlalchemy_exception).__name__,
                type(getattr(context, "chained_exception", None)).__name__,
                context.is_disconnect,
                context.is_pre_ping,
                context.connection is not None,
                context.engine is engine,
                context.dialect.name,
            )
        )

    def replace(context: Any) -> Any:
        return Mine() if "nowhere" in context.statement else None

    sql.event.listen(engine, "handle_error", replace, retval=True)
    sql.event.listen(engine, "handle_error", note)
    with engine.connect() as connection:
        raised = [
            lib.error(lambda: connection.execute(sql.text("select * from nowhere"))),
            lib.error(lambda: connection.execute(sql.text("selec"))),
            lib.error(lambda: connection.execute(sql.insert(crew), [{"id": 1}, {"id": 1}])),
            lib.error(lambda: connection.execute(sql.text("select :x"))),
            lib.error(lambda: connection.exec_driver_sql("select ?", (1, 2))),
        ]
    return raised, told


def program_an_error_is_made_a_disconnect(lib: Library) -> Any:
    engine, _ = _crew(lib)

    def lost(context: Any) -> None:
        context.is_disconnect = True
        context.invalidate_pool_on_disconnect = False

    lib.sql.event.listen(engine, "handle_error", lost)
    with engine.connect() as connection:
        try:
            connection.execute(lib.sql.text("selec"))
        except lib.exc.DBAPIError as error:
            return error.connection_invalidated, connection.invalidated
    return None


def program_errors_carry_their_statement(lib: Library) -> Any:
    engine, crew = _crew(lib)
    sql = lib.sql
    found = []
    hidden = sql.create_engine("sqlite://", hide_parameters=True)
    statements = [
        (engine, sql.text("select * from nowhere"), None),
        (engine, sql.insert(crew).values(id=1, name="a"), None),
        (engine, sql.insert(crew).values(id=1, name="b"), None),
        (engine, sql.insert(crew), [{"id": 7}, {"id": 7}]),
        (engine, sql.text("select :x"), {}),
        (engine, sql.text("select :x"), {"x": object}),
        (hidden, sql.text("select :x from nowhere"), {"x": "secret"}),
    ]
    for where, statement, params in statements:
        with where.connect() as connection:
            try:
                connection.execute(statement, params)
                connection.commit()
            except lib.exc.StatementError as error:
                error.add_detail("more")
                found.append(
                    (
                        type(error).__name__,
                        error.statement,
                        repr(error.params) if error.params and params != {"x": object} else None,
                        type(error.orig).__name__,
                        error.code,
                        error.hide_parameters,
                        error.ismulti,
                        error.detail,
                        getattr(error, "connection_invalidated", None),
                        "secret" in str(error),
                        "[SQL: " in str(error),
                        isinstance(error.__cause__, Exception),
                    )
                )
    return found


def _logged(lib: Library, work: Any, **options: Any) -> list[str]:
    """The lines of the engine's log while `work(engine)` runs, times left out."""
    lines: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            text = _TIMES.sub("…", record.getMessage())
            lines.append(f"{record.levelname} {record.name.replace(lib.root, '')} {text}")

    logger = logging.getLogger(lib.root)
    handler = Handler()
    logger.addHandler(handler)
    before, logger.propagate = logger.propagate, False
    inner = logging.getLogger(f"{lib.root}.engine")
    level = inner.level
    inner.setLevel(logging.DEBUG)
    try:
        engine = lib.sql.create_engine("sqlite://", poolclass=lib.pool.StaticPool, **options)
        if lib.root == "sqlalchemy":
            lib.sql.event.listen(
                engine, "connect", lambda dbapi, _: setattr(dbapi, "isolation_level", None)
            )
        work(engine)
        engine.dispose()
    finally:
        inner.setLevel(level)
        logger.removeHandler(handler)
        logger.propagate = before
    return lines


def program_the_log_of_statements(lib: Library) -> Any:
    sql = lib.sql
    t = sql.table("t", sql.column("id", sql.Integer), sql.column("a"))

    def work(engine: Any) -> None:
        with engine.begin() as c:
            c.execute(sql.text("create table t (id integer primary key, a varchar)"))
            c.execute(sql.select(t).where(t.c.id == 1)).all()
            c.execute(sql.select(t).where(t.c.id == 2)).all()
            c.execute(sql.insert(t), {"a": "x"})
            c.execute(sql.insert(t).values(a="x"), [{"a": "x" * 400}, {"a": "y"}] * 20)
            c.execute(sql.select(t).where(t.c.id.in_([1, 2]))).all()
            c.execute(sql.select(t)).fetchmany(2)
            c.exec_driver_sql("select ?", (5,)).all()
            c.exec_driver_sql("insert into t (a) values (?)", [("a",), ("b",)])
            c.execute(sql.text("select :a"), {"a": "z" * 500}).all()
            c.execute(sql.DDL("create table q (a int)"))
            with c.begin_nested():
                pass
            c.begin_nested().rollback()
            c.execute(sql.text("select 3"), execution_options={"compiled_cache": None}).all()
            c.execute(sql.text("select 3 as x"), execution_options={"yield_per": 1}).all()
            lib.error(lambda: c.execute(sql.text("selec")))
        with engine.connect() as c:
            c.execute(sql.text("select 1"))

    return _logged(lib, work, logging_name="main")


def program_the_log_of_many_rows_with_returning(lib: Library) -> Any:
    sql = lib.sql
    metadata = sql.MetaData()
    t = sql.Table(
        "t",
        metadata,
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("a", sql.String(9)),
    )

    def work(engine: Any) -> None:
        with engine.begin() as c:
            c.exec_driver_sql("create table t (id integer primary key, a varchar)")
            c.execute(sql.insert(t).returning(t.c.id), [{"a": "x"}, {"a": "y"}]).all()
            paged = {"insertmanyvalues_page_size": 2}
            sets = [{"a": "x"}] * 3
            c.execute(sql.insert(t).returning(t.c.id), sets, execution_options=paged).all()

    return _logged(lib, work)


def program_logging_tokens_and_hidden_parameters(lib: Library) -> Any:
    sql = lib.sql

    def work(engine: Any) -> None:
        with engine.connect().execution_options(logging_token="mine") as c:
            c.execute(sql.text("select :x"), {"x": 1}).all()
            c.commit()
        with engine.execution_options(logging_token="other").connect() as c:
            c.execute(sql.text("select 1"))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
            c.execute(sql.text("select 1"))
            c.commit()

    return _logged(lib, work, hide_parameters=True)[:-1]


def program_schema_translate_map(lib: Library) -> Any:
    engine, _ = _crew(lib)
    sql = lib.sql
    there = sql.Table("there", sql.MetaData(), sql.Column("id", sql.Integer), schema="one")
    here = sql.Table("here", sql.MetaData(), sql.Column("id", sql.Integer))
    sent = lib.statements(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("attach database ':memory:' as two")
        connection = connection.execution_options(schema_translate_map={"one": "two", None: "two"})
        for table in (there, here):
            table.create(connection, checkfirst=False)
            connection.execute(sql.insert(table), {"id": 1})
            connection.execute(sql.select(table)).all()
        schemas = connection.schema_for_object(there), connection.schema_for_object(here)
        one = {"schema_translate_map": {"one": "main"}}
        missing = lib.error(lambda: connection.execute(sql.select(there), execution_options=one))
    return sent, schemas, missing


def program_options_of_engines_connections_and_statements(lib: Library) -> Any:
    engine, _ = _crew(lib)
    seen = []

    def note(conn: Any, clause: Any, multi: Any, params: Any, options: Any) -> None:
        seen.append({key: options[key] for key in sorted(options)})

    derived = engine.execution_options(a=1, b=1)
    lib.sql.event.listen(derived, "before_execute", note)
    statement = lib.sql.text("select 1").execution_options(b=3, c=3)
    with derived.connect() as connection:
        connection.execute(statement)
        connection.execution_options(b=2, c=2, d=2)
        connection.execute(statement)
        connection.execute(statement, execution_options={"c": 4})
        own = dict(connection.get_execution_options())
    return (
        seen, own, dict(derived.get_execution_options()), dict(engine.get_execution_options()),
        derived.pool is engine.pool, derived.dialect is engine.dialect, derived.url == engine.url,
        statement.get_execution_options()["c"],
    )  # fmt: skip


def program_isolation_levels(lib: Library) -> Any:
    engine = lib.sql.create_engine("sqlite://")
    sql, found = lib.sql, []
    with engine.connect() as connection:
        found.append(connection.get_isolation_level())
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(sql.text("create table t (x)"))
        connection.execute(sql.text("insert into t values (1)"))
        connection.rollback()
        found.append(connection.scalar(sql.text("select count(*) from t")))
    with engine.connect() as connection:
        found.append(connection.get_isolation_level())
        connection.begin()
        set_level = connection.execution_options
        found.append(lib.error(lambda: set_level(isolation_level="AUTOCOMMIT")))
        found.append(lib.error(lambda: set_level(isolation_level="nonsense")))
    statement = sql.text("select 1")
    for name in ("isolation_level", "compiled_cache"):
        found.append(lib.error(lambda name=name: statement.execution_options(**{name: "x"}) and 1))
    found.append(lib.error(lambda: sql.create_engine("sqlite://", isolation_level="x").connect()))
    return found


def program_styles_of_transactions(lib: Library) -> Any:
    engine, crew = _crew(lib)
    sql, found = lib.sql, []

    def names() -> Any:
        with engine.connect() as connection:
            return connection.scalars(sql.select(crew.c.name).order_by(crew.c.id)).all()

    with engine.connect() as connection:
        connection.execute(sql.insert(crew), {"name": "a"})
        found.append(lib.error(connection.begin) if connection.in_transaction() else None)
        connection.commit()
        connection.execute(sql.insert(crew), {"name": "b"})
        connection.rollback()
        with connection.begin() as transaction:
            connection.execute(sql.insert(crew), {"name": "c"})
            found.append((transaction.is_active, connection.get_transaction() is transaction))
            transaction.commit()
            found.append(lib.error(lambda: connection.execute(sql.select(1))))
        found.append((transaction.is_active, transaction.is_valid, connection.in_transaction()))
        found.append(lib.error(transaction.commit))
        with connection.begin():
            inner = connection.begin_nested()
            connection.execute(sql.insert(crew), {"name": "d"})
            inner.rollback()
            found.append((inner.is_active, connection.in_nested_transaction()))
            with connection.begin_nested() as nested:
                connection.execute(sql.insert(crew), {"name": "e"})
            found.append(nested.is_active)
        connection.begin_nested()
        connection.commit()
        found.append((connection.in_transaction(), connection.in_nested_transaction()))
    found.append(lib.error(lambda: connection.execute(sql.select(1))))
    found.append(lib.error(connection.begin))
    found.append((connection.closed, connection.in_transaction(), connection.get_transaction()))
    with lib.error(lambda: engine.begin()) as connection:
        connection.execute(sql.insert(crew), {"name": "f"})
    return found, names()


def program_two_phases_are_not_sqlites(lib: Library) -> Any:
    engine, _ = _crew(lib)
    with engine.connect() as connection:
        return (
            lib.error(connection.begin_twophase),
            connection.in_transaction(),
            lib.error(connection.recover_twophase),
            lib.error(lambda: connection.commit_prepared("x")),
            lib.error(lambda: connection.rollback_prepared("x")),
        )


def program_detached_and_invalidated(lib: Library) -> Any:
    engine = lib.sql.create_engine("sqlite://", poolclass=lib.pool.QueuePool)
    text, found = lib.sql.text, []
    with engine.connect() as connection:
        connection.detach()
        found.append(
            (connection.closed, connection.scalar(text("select 1")), engine.pool.checkedout())
        )
    found.append(engine.pool.checkedin())
    with engine.connect() as connection:
        connection.scalar(text("select 1"))
        connection.invalidate()
        found.append((connection.invalidated, connection.closed))
        found.append(lib.error(lambda: connection.scalar(text("select 1"))))
        connection.rollback()
        found.append((connection.scalar(text("select 2")), connection.invalidated))
    return found


def program_engines_from_configurations(lib: Library) -> Any:
    sql = lib.sql
    config = {
        "sqlalchemy.url": "sqlite:///x.db", "sqlalchemy.echo": "false",
        "sqlalchemy.pool_size": "7", "sqlalchemy.max_overflow": "2",
        "sqlalchemy.pool_timeout": "5", "sqlalchemy.pool_recycle": "60", "other": "x",
    }  # fmt: skip
    engine = sql.engine_from_config(config, poolclass=lib.pool.QueuePool)
    shorter = sql.engine_from_config({"db.url": "sqlite://", "db.echo": "debug"}, prefix="db.")
    shorter.echo = False
    return (
        str(engine.url), bool(engine.echo), engine.pool.size(), engine.pool.timeout(),
        str(shorter.url),
        lib.error(lambda: sql.engine_from_config({}, "x.")),
        lib.error(lambda: sql.engine_from_config({"x.url": "sqlite://", "x.nope": "1"}, "x.")),
    )  # fmt: skip


def program_options_that_are_refused(lib: Library) -> Any:
    make = lib.sql.create_engine
    return [
        lib.error(lambda options=options: make("sqlite://", **options) and "made")
        for options in (
            {}, {"nope": 1}, {"pool_size": 3}, {"future": False},
            {"plugins": ["nope"]}, {"echo": True, "logging_name": "x", "hide_parameters": True},
            {"query_cache_size": 0}, {"insertmanyvalues_page_size": 5}, {"paramstyle": "named"},
            {"pool_pre_ping": True, "pool_recycle": 3, "pool_use_lifo": True},
            {"execution_options": {"a": 1}}, {"use_insertmanyvalues": False},
            {"enable_from_linting": False}, {"connect_args": {"timeout": 3}},
        )
    ]  # fmt: skip


def program_raw_connections(lib: Library) -> Any:
    engine, _ = _crew(lib)
    raw = engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute("select 1")
    found = [cursor.fetchall(), raw.is_valid, raw.dbapi_connection is raw.driver_connection]
    raw.close()
    return found, lib.error(lambda: raw.cursor() and None) is not None


def program_a_listener_opens_the_connection(lib: Library) -> Any:
    engine = lib.sql.create_engine("sqlite://", poolclass=lib.pool.StaticPool)
    asked = []

    def connect(dialect: Any, record: Any, cargs: Any, cparams: Any) -> Any:
        asked.append((dialect.name, list(cargs)))
        mine = sqlite3.connect(":memory:", isolation_level=None)
        mine.create_function("mine", 0, lambda: 5)
        return mine

    lib.sql.event.listen(engine, "do_connect", connect)
    with engine.connect() as connection:
        return connection.scalar(lib.sql.text("select mine()")), asked


def program_a_plugin_takes_part(lib: Library) -> Any:
    made: list[Any] = []
    with Plugins(lib, made):
        engine = lib.sql.create_engine("sqlite:///x.db?plugin=counting&count=3", counting="yes")
        other = lib.sql.create_engine("sqlite://", plugins=["counting"], counting="no")
    return made, str(engine.url), str(other.url)
