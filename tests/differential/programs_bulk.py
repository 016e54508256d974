"""Programs about UPDATE, DELETE and INSERT of many rows, and the objects of the session."""

from __future__ import annotations

from typing import Any

from library import Library


def _update(lib: Library, synchronize: Any) -> Any:
    m, engine = lib.filled_blog()
    sent = lib.statements(engine)
    session = lib.orm.Session(engine)
    users = session.scalars(lib.sql.select(m.User).order_by(m.User.id)).all()
    sent.clear()
    result = session.execute(
        lib.sql.update(m.User).where(m.User.age > 26).values(age=50, name=m.User.name + "!"),
        execution_options={"synchronize_session": synchronize},
    )
    held = [sorted(k for k in u.__dict__ if k in ("name", "age")) for u in users]
    log = [result.rowcount, held, [u.age for u in users], [u.name for u in users], list(sent)]
    session.rollback()
    session.close()
    return log


def program_update_synchronize_auto(lib: Library) -> Any:
    return _update(lib, "auto")


def program_update_synchronize_evaluate(lib: Library) -> Any:
    return _update(lib, "evaluate")


def program_update_synchronize_fetch(lib: Library) -> Any:
    return _update(lib, "fetch")


def program_update_synchronize_false(lib: Library) -> Any:
    return _update(lib, False)


def program_update_synchronize_misspelt(lib: Library) -> Any:
    return lib.error(lambda: _update(lib, "nonsense"))


def _delete(lib: Library, synchronize: Any) -> Any:
    m, engine = lib.filled_blog()
    sent = lib.statements(engine)
    session = lib.orm.Session(engine)
    posts = session.scalars(lib.sql.select(m.Post).order_by(m.Post.id)).all()
    sent.clear()
    statement = lib.sql.delete(m.Post).where(m.Post.stars == 1)
    result = session.execute(statement, execution_options={"synchronize_session": synchronize})
    log = [result.rowcount, [post in session for post in posts], list(sent)]
    log.append([lib.states(post) for post in posts])
    session.rollback()
    log.append([lib.states(post) for post in posts])
    session.close()
    return log


def program_delete_synchronize_auto(lib: Library) -> Any:
    return _delete(lib, "auto")


def program_delete_synchronize_evaluate(lib: Library) -> Any:
    return _delete(lib, "evaluate")


def program_delete_synchronize_fetch(lib: Library) -> Any:
    return _delete(lib, "fetch")


def program_delete_synchronize_false(lib: Library) -> Any:
    return _delete(lib, False)


def program_evaluate_refuses_functions(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    session.get(m.User, 1)
    statement = lib.sql.update(m.User).where(lib.sql.func.lower(m.User.name) == "ann").values(age=1)
    options = {"synchronize_session": "evaluate"}
    log = [lib.error(lambda: session.execute(statement, execution_options=options).rowcount)]
    log.append(session.execute(statement).rowcount)
    log.append(session.get(m.User, 1).age)
    session.close()
    return log


def program_update_by_primary_key(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    session.execute(lib.sql.update(m.User), [{"id": 1, "age": 5}, {"id": 2, "age": 6}])
    session.commit()
    session.close()
    return lib.dump(m, engine)["users"]


def program_insert_many_returning(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    tags = session.scalars(
        lib.sql.insert(m.Tag).returning(m.Tag, sort_by_parameter_order=True),
        [{"name": "p"}, {"name": "q"}],
    ).all()
    log = [[t.name for t in tags], [lib.states(t) for t in tags]]
    session.execute(lib.sql.insert(m.Post), [{"title": "t", "author_id": 1}])
    session.commit()
    session.close()
    return log, lib.dump(m, engine)


def program_insert_from_select(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    source = lib.sql.select(m.User.name).where(m.User.id > 1)
    statement = lib.sql.insert(m.Tag).from_select(["name"], source)
    session.execute(statement)
    session.commit()
    session.close()
    return str(statement), lib.dump(m, engine)["tags"]


def program_update_with_subquery(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    best = (
        lib.sql.select(lib.sql.func.max(m.Post.stars))
        .where(m.Post.author_id == m.User.id)
        .scalar_subquery()
    )
    statement = lib.sql.update(m.User).values(age=best)
    session.execute(statement, execution_options={"synchronize_session": False})
    session.commit()
    session.close()
    return str(statement), lib.dump(m, engine)["users"]


def program_bulk_save(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    session.bulk_insert_mappings(m.Tag, [{"name": "m1"}, {"name": "m2"}])
    session.bulk_update_mappings(m.Tag, [{"id": 1, "name": "X"}])
    session.bulk_save_objects([m.Tag(name="o1"), m.Tag(name="o2")])
    session.commit()
    session.close()
    return lib.dump(m, engine)["tags"]


def program_update_delete_of_table(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    table = m.User.__table__
    with engine.begin() as connection:
        updated = connection.execute(
            lib.sql.update(table).where(table.c.id == lib.sql.bindparam("b_id")).values(age=1),
            [{"b_id": 1}, {"b_id": 2}],
        ).rowcount
        gone = connection.execute(lib.sql.delete(table).where(table.c.age == None)).rowcount  # noqa: E711
        inserted = connection.execute(lib.sql.insert(table), {"name": "zed"})
        key = inserted.inserted_primary_key[0]
    return updated, gone, key, lib.dump(m, engine)["users"]


def program_query_delete_and_refusals(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    query = session.query(m.Post)
    log = [
        lib.error(lambda: query.limit(1).delete()),
        lib.error(lambda: query.order_by(m.Post.id).update({"stars": 1})),
        lib.error(lambda: query.join(m.Post.author).delete()),
        lib.error(lambda: query.update({"nonsense": 1})),
        query.filter(m.Post.stars > 5).delete(),
        query.filter(m.Post.title.like("%1")).update(
            {m.Post.stars: 7}, synchronize_session="fetch"
        ),
    ]
    session.commit()
    session.close()
    return log, lib.dump(m, engine)["posts"]
