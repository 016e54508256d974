"""Programs of applications on MySQL and MariaDB: queues, tenants, logs, upserts, errors.

Each is a generator of what it prints; an engine of its library is of an empty database.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from core_library import module
from library import Library


def _jobs(lib: Library) -> SimpleNamespace:
    sql = lib.sql
    mysql = module(lib, "dialects.mysql")
    base = lib.orm.declarative_base()

    class Job(base):  # type: ignore[misc, valid-type]
        __tablename__ = "job"
        id = sql.Column(sql.Integer, primary_key=True)
        kind = sql.Column(sql.String(20), index=True)
        payload = sql.Column(sql.JSON)
        state = sql.Column(sql.Enum("todo", "doing", "done"), server_default="todo")
        tries = sql.Column(sql.SmallInteger, default=0)
        urgency = sql.Column(mysql.TINYINT(unsigned=True), default=5)

    return SimpleNamespace(base=base, Job=Job)


def program_a_queue_of_jobs(lib: Library) -> Iterator[Any]:
    sql, m, mysql = lib.sql, _jobs(lib), module(lib, "dialects.mysql")
    engine, job = lib.engine(), m.Job
    m.base.metadata.create_all(engine)
    new = lib.orm.sessionmaker(engine.execution_options(isolation_level="READ COMMITTED"))
    waiting = sql.select(job).where(job.state == "todo").order_by(job.urgency.desc(), job.id)
    with new() as one, new() as two:
        rows = [{"kind": "ab"[i % 2], "payload": {"n": i}, "urgency": i % 3} for i in range(12)]
        one.execute(sql.insert(job), rows)
        one.commit()
        taken = one.scalars(waiting.limit(3).with_for_update(skip_locked=True)).all()
        yield [(j.id, j.payload, j.urgency) for j in taken]
        yield two.scalars(waiting.limit(3).with_for_update(skip_locked=True)).all() == taken
        locked = sql.select(job.id).where(job.id == taken[0].id).with_for_update(nowait=True)
        yield lib.error(lambda: two.scalars(locked).all())
        two.rollback()
        for each in taken:
            each.state, each.tries = "doing", each.tries + 1
        one.commit()
        first = sql.update(job).where(job.kind == "a").values(state="done", tries=job.tries + 1)
        yield two.execute(first.ext(mysql.limit(2))).rowcount
        counted = sql.select(job.state, sql.func.count()).group_by(job.state).order_by(job.state)
        yield two.execute(counted).all()
        yield two.scalars(sql.select(job.id).where(job.payload["n"].as_integer() > 9)).all()
        for wrong in ({"state": "lost"}, {"urgency": 300}, {"id": 1}):
            yield lib.error(lambda: two.execute(sql.insert(job).values(**wrong)))  # noqa: B023
            two.rollback()
        hinted = sql.select(job.id).where(job.kind == "b").with_hint(job, "USE INDEX (ix_job_kind)")
        yield two.scalars(hinted.order_by(job.id).limit(2)).all()


def program_tenants_in_schemas(lib: Library) -> Iterator[Any]:
    sql, orm = lib.sql, lib.orm
    shared, other = lib.engine(), lib.engine()
    base = orm.declarative_base()

    class Plan(base):  # type: ignore[misc, valid-type]
        __tablename__ = "plan"
        __table_args__ = {"schema": "shared"}  # noqa: RUF012
        id = sql.Column(sql.Integer, primary_key=True)
        name = sql.Column(sql.String(20))

    class User(base):  # type: ignore[misc, valid-type]
        __tablename__ = "user"
        __table_args__ = {"schema": "tenant"}  # noqa: RUF012
        id = sql.Column(sql.Integer, primary_key=True)
        name = sql.Column(sql.String(20))
        plan_id = sql.Column(sql.ForeignKey("shared.plan.id"))
        plan = orm.relationship(Plan)
        notes = orm.relationship("Note", order_by="Note.id")

    class Note(base):  # type: ignore[misc, valid-type]
        __tablename__ = "note"
        __table_args__ = {"schema": "tenant"}  # noqa: RUF012
        id = sql.Column(sql.Integer, primary_key=True)
        user_id = sql.Column(sql.ForeignKey("tenant.user.id"))

    names = [engine.url.database for engine in (shared, other)]
    maps = [{"shared": names[0], "tenant": name} for name in names]
    engines = [shared.execution_options(schema_translate_map=each) for each in maps]
    with orm.Session(engines[1]) as session:
        base.metadata.create_all(engines[0])
        base.metadata.create_all(engines[1])
        session.add_all(
            [User(name=f"u{i}", plan=Plan(name=f"p{i}"), notes=[Note()] * i) for i in (0, 1)]
        )
        session.commit()
    with orm.Session(engines[0]) as session:
        session.add(User(name="alone", plan_id=1))
        session.commit()
    users = sql.select(User).order_by(User.id)
    for engine in engines:
        with orm.Session(engine) as session:
            yield [(u.name, u.plan.name, len(u.notes)) for u in session.scalars(users)]
            session.expunge_all()
            loaded = users.options(orm.selectinload(User.notes), orm.joinedload(User.plan))
            yield [(u.name, u.plan.name, len(u.notes)) for u in session.scalars(loaded)]
            yield session.get(User, 2) is None, session.scalar(sql.select(sql.func.count(Note.id)))
            yield session.execute(sql.update(User).values(name=sql.func.upper(User.name))).rowcount
            session.commit()
            yield [u.name for u in session.scalars(users)]
            gone = sql.delete(Note).where(Note.user_id == User.id)
            yield session.execute(gone, execution_options={"is_delete_using": True}).rowcount
    with orm.Session(shared) as session:
        for each in maps:
            options = {"schema_translate_map": each}
            yield session.scalars(sql.select(User.name), execution_options=options).all()
            session.rollback()
        session.connection(execution_options={"schema_translate_map": maps[1]})
        yield [u.name for u in session.scalars(users)]
    base.metadata.drop_all(engines[1], tables=[Note.__table__, User.__table__])


def program_a_log_of_documents(lib: Library) -> Iterator[Any]:
    sql, mysql = lib.sql, module(lib, "dialects.mysql")
    base = lib.orm.declarative_base()

    class Event(base):  # type: ignore[misc, valid-type]
        __tablename__ = "event"
        id = sql.Column(sql.BigInteger, primary_key=True)
        at = sql.Column(mysql.DATETIME(fsp=6), server_default=sql.text("CURRENT_TIMESTAMP(6)"))
        data = sql.Column(sql.JSON, nullable=False)
        kind = sql.Column(
            sql.String(30),
            sql.Computed("json_unquote(json_extract(data, '$.kind'))", persisted=True),
        )
        size = sql.Column(sql.Integer, sql.Computed("json_length(data)", persisted=False))
        __table_args__ = (sql.Index("ix_kind", "kind", sql.desc("at")),)

    engine = lib.engine()
    base.metadata.create_all(engine)
    noon = datetime.datetime(2024, 1, 1, 12)
    with lib.orm.Session(engine) as session:
        events = [
            Event(
                at=noon + datetime.timedelta(days=i, microseconds=111 * i),
                data={"kind": f"k{i % 2}", "n": i, "list": [1, {"a": [i]}], "u": "ü😀"},
            )
            for i in range(5)
        ]
        session.add_all([*events, Event(at=noon, data={})])
        session.commit()
        yield [(e.id, e.at, e.kind, e.size) for e in events]
        data, query = Event.data, sql.select(Event.id).order_by(Event.id)
        for criterion in (
            data["n"].as_integer() > 2,
            data[("list", 1, "a", 0)].as_integer().in_([1, 3]),
            data["u"].as_string() == "ü😀",
            data["kind"].is_(None),
            Event.kind.is_(None),
            sql.func.json_contains(data, "1", "$.list") == 1,
        ):
            yield session.scalars(query.where(criterion)).all()
        shown = sql.select(data["list"][1], data["n"].as_numeric(10, 2), data["u"].as_string())
        yield session.execute(shown.where(Event.id == 3)).one()
        set_ = sql.func.json_set(data, "$.kind", "new")
        session.execute(sql.update(Event).where(Event.id == 1).values(data=set_))
        yield events[0].kind, events[0].data["kind"]
        events[1].data = {"kind": None, "deep": {"x": None}}
        session.commit()
        yield events[1].kind, events[1].size, events[1].data
        session.add(Event(data=None))
        yield lib.error(session.flush)


def program_writing_to_several_tables(lib: Library) -> Iterator[Any]:
    sql, mysql = lib.sql, module(lib, "dialects.mysql")
    base = lib.orm.declarative_base()

    class Account(base):  # type: ignore[misc, valid-type]
        __tablename__ = "account"
        id = sql.Column(sql.Integer, primary_key=True)
        name = sql.Column("account_name", sql.String(20), unique=True)
        balance = sql.Column(sql.Numeric(10, 2), default=Decimal(0))

    class Payment(base):  # type: ignore[misc, valid-type]
        __tablename__ = "payment"
        id = sql.Column(sql.Integer, primary_key=True)
        account_id = sql.Column(sql.ForeignKey("account.id"))
        amount = sql.Column(sql.Numeric(10, 2))
        booked = sql.Column(sql.Boolean, default=False)

    engine = lib.engine()
    base.metadata.create_all(engine)
    accounts = sql.select(Account.name, Account.balance).order_by(Account.id)
    with lib.orm.Session(engine) as session:
        session.execute(sql.insert(Account), [{"name": f"a{i}"} for i in (1, 2, 3)])
        rows = [{"account_id": 1 + i % 2, "amount": Decimal(i)} for i in range(1, 5)]
        session.execute(sql.insert(Payment), rows)
        joined = Account.id == Payment.account_id
        options = {"synchronize_session": False}
        both = (
            sql.update(Account)
            .values({Account.balance: Account.balance + Payment.amount, Payment.booked: True})
            .where(joined, Payment.amount > 2)
        )
        yield (
            str(both.compile(dialect=mysql.dialect())),
            session.execute(both, execution_options=options).rowcount,
        )
        yield session.execute(accounts).all()
        unjoined = sql.update(Account).values({Payment.booked: False})
        yield lib.error(lambda: session.execute(unjoined, execution_options=options))
        found = session.scalars(sql.select(Account).order_by(Account.id)).all()
        renamed = sql.update(Account).where(joined, Payment.booked).values(name=Account.name + "!")
        yield (
            session.execute(renamed, execution_options={"synchronize_session": "fetch"}).rowcount,
            [a.name for a in found],
        )
        yield session.execute(
            sql.delete(Payment).where(joined, Account.balance > 3), execution_options=options
        ).rowcount
        upsert = mysql.insert(Account).values([{"id": 1, "name": "x"}, {"id": 9, "name": "y"}])
        upsert = upsert.on_duplicate_key_update(
            account_name=upsert.inserted.account_name, balance=Account.balance + 100
        )
        yield str(upsert.compile(dialect=mysql.dialect())), session.execute(upsert).rowcount
        yield session.execute(accounts).all()
        yield session.execute(mysql.insert(Account).prefix_with("IGNORE").values(id=1)).rowcount


def program_errors_of_the_server(lib: Library) -> Iterator[Any]:
    sql, m = lib.sql, _jobs(lib)
    engine = lib.engine()
    m.base.metadata.create_all(engine)
    with engine.connect() as connection:
        for statement in (
            "INSERT INTO job (id) VALUES (1), (1)",
            "INSERT INTO job (kind) VALUES ('much longer than the twenty allowed')",
            "INSERT INTO job (tries) VALUES (99999)",
            "SELEC 1",
            "SELECT * FROM nowhere",
            "SELECT nothing FROM job",
            "SELECT j.id FROM job j, job k WHERE id = 1",
            "CREATE TABLE job (id INTEGER)",
            "SELECT (SELECT 1 UNION SELECT 2)",
            "KILL QUERY 4000000000",
        ):
            try:
                connection.execute(sql.text(statement)).close()
            except lib.exc.DBAPIError as error:
                yield statement, type(error).__name__, error.orig.args[0], error.statement
            connection.rollback()
        with connection.begin():
            for key in (1, 1, 2):
                try:
                    with connection.begin_nested():
                        connection.execute(sql.insert(m.Job).values(id=key))
                except lib.exc.IntegrityError as error:
                    yield error.orig.args
        yield connection.scalars(sql.select(m.Job.id).order_by(m.Job.id)).all()
