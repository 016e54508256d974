"""Programs about engines and connections: transactions, options, streaming, caching, the log."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

from core_library import filled_harbour, harbour, module, plain
from library import Library


def program_transactions(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    insert = sql.insert(tables.ship)
    count = sql.select(sql.func.count()).select_from(tables.ship)
    with engine.connect() as connection:
        yield connection.in_transaction(), connection.get_transaction()
        connection.execute(insert, {"name": "a"})
        yield connection.in_transaction(), connection.in_nested_transaction()
        connection.rollback()
        yield connection.scalar(count)
        yield lib.error(connection.begin)
        connection.commit()
        with connection.begin() as outer:
            connection.execute(insert, {"name": "b"})
            with connection.begin_nested():
                connection.execute(insert, {"name": "c"})
            nested = connection.begin_nested()
            connection.execute(insert, {"name": "d"})
            nested.rollback()
            yield nested.is_active, outer.is_active, connection.in_nested_transaction()
        yield connection.scalar(count), outer.is_active
        yield lib.error(outer.commit)
    yield connection.closed, lib.error(lambda: connection.execute(count))


def program_ending_a_transaction_inside_its_block(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    insert = sql.insert(tables.ship).values(name="x")

    def goes_on() -> Any:
        with engine.begin() as connection:
            connection.execute(insert)
            connection.commit()
            connection.execute(insert)

    yield lib.error(goes_on)
    with engine.connect() as connection:
        yield connection.scalar(sql.select(sql.func.count()).select_from(tables.ship))
        connection.rollback()
        transaction = connection.begin()
        connection.execute(insert)
        transaction.close()
        yield connection.scalar(sql.select(sql.func.count()).select_from(tables.ship))


def program_isolation_levels(lib: Library) -> Iterator[Any]:
    engine = lib.sql.create_engine("sqlite://")
    with engine.connect() as connection:
        yield connection.default_isolation_level, connection.get_isolation_level()
        loose = connection.execution_options(isolation_level="READ UNCOMMITTED")
        yield loose is connection, connection.get_isolation_level()
    with engine.connect() as connection:
        yield connection.get_isolation_level()
        yield lib.error(lambda: connection.execution_options(isolation_level="NONE SUCH"))
        connection.execute(lib.sql.text("select 1"))
        yield lib.error(lambda: connection.execution_options(isolation_level="SERIALIZABLE"))
    automatic = engine.execution_options(isolation_level="AUTOCOMMIT")
    with automatic.connect() as connection:
        yield dict(connection.get_execution_options())
    yield dict(engine.get_execution_options()), automatic.pool is engine.pool
    serial = lib.sql.create_engine("sqlite://", isolation_level="SERIALIZABLE")
    with serial.connect() as connection:
        yield connection.get_isolation_level()


def program_execution_options(lib: Library) -> Iterator[Any]:
    sql, engine = lib.sql, lib.engine()
    statement = sql.select(sql.literal(1)).execution_options(own=1)
    yield (
        dict(statement.get_execution_options()),
        sorted(statement.execution_options(more=2).get_execution_options()),
    )
    with engine.connect().execution_options(color="red") as connection:
        yield dict(connection.get_execution_options())
        result = connection.execute(statement, execution_options={"third": 3})
        yield sorted(result.context.execution_options.items())
    shard = engine.execution_options(shard="one")
    yield dict(shard.get_execution_options()), dict(engine.get_execution_options())


def program_schema_translation(lib: Library) -> Iterator[Any]:
    sql, engine = lib.sql, lib.engine()
    metadata = sql.MetaData()
    local = sql.Table("t", metadata, sql.Column("x", sql.Integer))
    far = sql.Table("t", metadata, sql.Column("x", sql.Integer), schema="far")
    sent = lib.statements(engine)
    with engine.connect() as connection:
        mapped = connection.execution_options(schema_translate_map={None: "main", "far": "temp"})
        metadata.create_all(mapped, checkfirst=False)
        mapped.execute(sql.insert(local), {"x": 1})
        yield mapped.execute(sql.select(local, far).join(far, sql.true(), isouter=True)).all()
        yield mapped.scalar(sql.select(sql.func.count()).select_from(far))
    yield from sent


def program_streaming(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    statement = sql.select(tables.voyage.c.id).order_by(tables.voyage.c.id)
    with engine.connect() as connection:
        options = {"stream_results": True, "max_row_buffer": 2}
        with connection.execution_options(**options).execute(statement) as result:
            yield result.fetchmany(2), result.fetchone(), result.all()
        result = connection.execute(statement, execution_options={"yield_per": 2})
        yield list(result.partitions())
        result = connection.execute(statement.execution_options(yield_per=2)).scalars()
        yield list(result.partitions())
        result = connection.execute(statement)
        result.close()
        yield lib.error(result.all), result.closed


def program_driver_sql(lib: Library) -> Iterator[Any]:
    with lib.engine().begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x INTEGER, y TEXT)")
        connection.exec_driver_sql("INSERT INTO t VALUES (?, ?)", (1, "a"))
        connection.exec_driver_sql("INSERT INTO t VALUES (?, ?)", [(2, "b"), (3, "c")])
        connection.exec_driver_sql("INSERT INTO t VALUES (:x, :y)", {"x": 4, "y": "d"})
        result = connection.exec_driver_sql("SELECT x, y FROM t WHERE x > ?", (1,))
        yield result.keys(), result.mappings().all()
        raw = connection.connection
        cursor = raw.cursor()
        cursor.execute("SELECT count(*) FROM t")
        yield cursor.fetchone(), raw.driver_connection is raw.dbapi_connection
        cursor.close()


def program_errors(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    with engine.connect() as connection:
        for statement, given in (
            (sql.insert(tables.ship), {"id": 1, "name": "again"}),
            (sql.insert(tables.ship), {"id": 9, "name": None}),
            (sql.text("SELECT nothing FROM ship"), {}),
            (sql.text("not sql"), {}),
        ):
            try:
                connection.execute(statement, given)
            except lib.exc.StatementError as error:
                yield type(error).__name__, type(error.orig).__name__, error.statement, error.params
                yield getattr(error, "connection_invalidated", None), error.hide_parameters
                yield [kind.__name__ for kind in type(error).__mro__]
        missing = sql.select(tables.ship).where(tables.ship.c.id == sql.bindparam("i"))
        yield lib.error(lambda: connection.execute(missing))
    hidden = sql.create_engine("sqlite://", hide_parameters=True)
    with hidden.connect() as connection:
        try:
            connection.execute(sql.text("SELECT :secret FROM nowhere"), {"secret": "word"})
        except lib.exc.OperationalError as error:
            yield "word" in str(error), error.hide_parameters


def program_urls(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    url = sql.make_url("postgresql+psycopg://scott:t%40ger@host:5433/db?a=1&b=2&b=3")
    yield (
        url.drivername,
        url.username,
        url.password,
        url.host,
        url.port,
        url.database,
        dict(url.query),
    )
    yield url, str(url), url.render_as_string(hide_password=False)
    yield url.set(host="other", password=None), url.update_query_dict({"c": "x"})
    yield url.difference_update_query(["b"]), dict(url.normalized_query)
    yield url.get_backend_name(), url.get_driver_name(), url == sql.make_url(url)
    yield sql.URL.create("mysql", "me", "p@ss/w", "h", query={"charset": "utf8mb4"})
    yield sql.make_url("sqlite:///a.db"), lib.error(lambda: sql.make_url("no url at all"))
    config = {"db.url": "sqlite://", "db.echo": "false", "other": 1, "db.pool_recycle": "50"}
    engine = sql.engine_from_config(config, prefix="db.")
    yield engine.url, engine.echo


def program_log(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger = logging.getLogger(f"{lib.root}.engine.Engine")
    old = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        engine = sql.create_engine("sqlite://", logging_name=None)
        table = harbour(lib).ship
        with engine.begin() as connection:
            table.create(connection)
            connection.execute(sql.insert(table), [{"name": "a"}, {"name": "b"}])
            for ident in (1, 2):
                connection.execute(sql.select(table.c.name).where(table.c.id == ident)).all()
            tracked = connection.execution_options(logging_token="mine")
            tracked.execute(sql.text("SELECT :x"), {"x": "y" * 5})
            with connection.begin_nested():
                pass
    finally:
        logger.removeHandler(handler)
        logger.setLevel(old)
    lines = plain(stream.getvalue()).splitlines()
    yield from (line for line in lines if "SAVEPOINT" not in line and "no key" not in line)


def program_caching(lib: Library) -> Iterator[Any]:
    sql, (tables, engine) = lib.sql, filled_harbour(lib)
    ship = tables.ship
    one, two = (sql.select(ship.c.id).where(ship.c.id == n) for n in (1, 2))
    other = sql.select(ship.c.id).where(ship.c.name == "x")
    yield one.compare(two), one.compare(sql.select(ship.c.id).where(ship.c.id == 1))
    keys = [statement._generate_cache_key() for statement in (one, two, other)]
    yield keys[0] == keys[1], keys[0] == keys[2]
    with engine.connect() as connection:
        for number in (1, 2, 1):
            yield connection.scalar(sql.select(ship.c.name).where(ship.c.id == number))
        lists = [[], [1], [1, 2], [3]]
        for each in lists:
            yield connection.execute(sql.select(ship.c.name).where(ship.c.id.in_(each))).all()
        select = sql.select
        named = sql.lambda_stmt(lambda: select(ship.c.name))
        for number in (1, 3):
            yield connection.scalar(named + (lambda s: s.where(ship.c.id == number)))  # noqa: B023
    yield engine.dialect.name, module(lib, "dialects.sqlite").dialect.name
    engine.clear_compiled_cache()
