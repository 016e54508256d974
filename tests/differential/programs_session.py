"""Programs about the session: states, transactions, identity, flush, expiry."""

from __future__ import annotations

from typing import Any

from library import Library


def program_states(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    log = []
    user = m.User(name="dan")
    log.append(lib.states(user))
    session = lib.orm.Session(engine)
    session.add(user)
    log.append((lib.states(user), user in session, user in session.new, len(session.new)))
    session.flush()
    log.append((lib.states(user), user.id, lib.sql.inspect(user).identity, len(session.new)))
    session.delete(user)
    log.append((lib.states(user), user in session.deleted))
    session.flush()
    log.append((lib.states(user), user in session))
    session.commit()
    log.append(lib.states(user))
    other = session.get(m.User, 1)
    session.expunge(other)
    log.append((lib.states(other), other.name, len(list(session))))
    session.add(other)
    log.append(lib.states(other))
    session.close()
    log.append(lib.states(other))
    return log


def program_rollback_restores(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    new = m.User(name="dan")
    ann = session.get(m.User, 1)
    cyd = session.get(m.User, 3)
    session.add(new)
    ann.name = "changed"
    session.delete(cyd)
    session.flush()
    session.rollback()
    log = [lib.states(new), new.id, ann.name, lib.states(cyd), cyd.name, new in session]
    session.close()
    return log, lib.dump(m, engine)


def program_expire_and_refresh(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    ann = session.get(m.User, 1)
    session.execute(lib.sql.update(m.User.__table__).where(m.User.id == 1).values(age=99))
    log = [ann.age]
    session.expire(ann, ["age"])
    log.append(ann.age)
    ann.name = "not flushed"
    session.refresh(ann, ["age"])
    log += [ann.name, lib.sql.inspect(ann).modified]
    with session.no_autoflush:
        session.refresh(ann)
    log += [ann.name, ann in session.dirty]
    session.expire_all()
    log += [sorted(lib.sql.inspect(ann).expired_attributes), ann.name]
    session.rollback()
    session.close()
    return log


def program_commit_expires(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    sent = lib.statements(engine)
    session = lib.orm.Session(engine)
    ann = session.get(m.User, 1)
    session.commit()
    before = len(sent)
    names = (ann.name, ann.age)
    after = len(sent)
    session.close()
    keep = lib.orm.Session(engine, expire_on_commit=False)
    bob = keep.get(m.User, 2)
    keep.commit()
    count = len(sent)
    return names, after - before, bob.name, len(sent) - count


def program_autoflush(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    session.add(m.User(name="dan"))
    count = lib.sql.select(lib.sql.func.count()).select_from(m.User)
    with session.no_autoflush:
        first = session.scalar(count)
    second = session.scalar(count)
    session.rollback()
    session.close()
    return first, second


def program_identity_map(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    sent = lib.statements(engine)
    session = lib.orm.Session(engine)
    first = session.get(m.User, 1)
    same = session.get(m.User, 1)
    again = session.scalars(lib.sql.select(m.User).where(m.User.name == "ann")).one()
    key = lib.orm.util.identity_key(instance=first) if hasattr(lib.orm, "util") else None
    return first is same, again is first, len(sent), key is not None, session.get(m.User, 77)


def program_get_forms(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    return [
        session.get(m.User, 1).name,
        session.get(m.User, (2,)).name,
        session.get(m.User, {"id": 3}).name,
        session.get_one(m.User, 1).name,
        lib.error(lambda: session.get_one(m.User, 77)),
        lib.error(lambda: session.get(m.User, (1, 2))),
    ]


def program_savepoints(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    log = []
    kept, lost, deep = m.User(name="kept"), m.User(name="lost"), m.User(name="deep")
    session.add(kept)
    outer = session.begin_nested()
    session.add(lost)
    session.flush()
    with session.begin_nested():
        session.add(deep)
    log.append((session.in_nested_transaction(), lib.states(deep)))
    outer.rollback()
    log.append([lib.states(x) for x in (kept, lost, deep)])
    session.commit()
    session.close()
    return log, lib.dump(m, engine)["users"]


def program_failed_flush(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    session.add(m.User(name="ann"))
    log = [lib.error(session.flush)]
    log.append(lib.error(lambda: session.scalars(lib.sql.select(m.User)).all() and "usable"))
    session.rollback()
    session.expunge_all()
    log.append(len(session.scalars(lib.sql.select(m.User)).all()))
    session.close()
    return log[0], log[2], lib.dump(m, engine)["users"]


def program_refusals(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    one, two = lib.orm.Session(engine), lib.orm.Session(engine)
    ann = one.get(m.User, 1)
    log = [
        lib.error(lambda: two.add(ann)),
        lib.error(lambda: one.add("not mapped")),
        lib.error(lambda: one.delete(m.User(name="new"))),
        lib.error(lambda: one.expunge(m.User(name="new"))),
        lib.error(lambda: one.refresh(m.User(name="new"))),
        lib.error(lambda: m.User(nonsense=1)),
        lib.error(lambda: one.query(m.User).filter_by(nonsense=1).all()),
        lib.error(lambda: one.execute(lib.sql.text("select * from nowhere"))),
        lib.error(lambda: lib.orm.Session().execute(lib.sql.text("select 1"))),
        lib.error(lambda: one.get(object, 1)),
        lib.error(lambda: one.scalars(lib.sql.select(m.User.nonsense))),
        lib.error(lambda: lib.sql.select(m.User).where("a" == 1) and "built"),
    ]
    one.close()
    with lib.orm.Session(engine) as three:
        three.begin()
        log.append(lib.error(three.begin))
        log.append(lib.error(lambda: three.commit()))
    return log


def program_merge(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    given = m.User(id=1, name="merged", posts=[m.Post(id=2, title="kept"), m.Post(title="new")])
    merged = session.merge(given)
    log = [merged is given, merged.name, lib.states(merged), lib.states(given), len(merged.posts)]
    fresh = session.merge(m.User(id=50, name="fresh"))
    log += [lib.states(fresh), fresh.name]
    session.commit()
    session.close()
    return log, lib.dump(m, engine)


def program_is_modified(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    ann = session.get(m.User, 1)
    log = [session.is_modified(ann), ann in session.dirty]
    ann.name = "ann"
    log += [session.is_modified(ann), ann in session.dirty]
    ann.name = "other"
    log += [
        session.is_modified(ann),
        [list(h) if h else h for h in lib.sql.inspect(ann).attrs.name.history],
    ]
    session.rollback()
    return log


def program_transaction_flags(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    log: list[Any] = [session.in_transaction(), session.get_transaction() is None]
    session.get(m.User, 1)
    log += [session.in_transaction(), session.get_transaction() is None, session.is_active]
    session.commit()
    log += [session.in_transaction(), session.in_nested_transaction()]
    with session.begin():
        log += [session.in_transaction(), lib.error(session.begin)]
    log.append(session.in_transaction())
    session.close()
    return log


def program_factories(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    factory = lib.orm.sessionmaker(bind=engine, expire_on_commit=False)
    with factory.begin() as session:
        session.add(m.User(name="dan"))
    factory.configure(autoflush=False)
    session = factory()
    log = [session.autoflush, session.expire_on_commit]
    session.close()
    scoped = lib.orm.scoped_session(factory)
    log += [scoped() is scoped(), scoped.get(m.User, 4).name]
    first = scoped()
    scoped.remove()
    log.append(scoped() is first)
    scoped.remove()
    return log


def program_two_engines(lib: Library) -> Any:
    m, filled = lib.filled_blog()
    empty = lib.engine()
    m.base.metadata.create_all(empty)
    users, posts = m.User.__table__, m.Post.__table__
    select, func = lib.sql.select, lib.sql.func
    statements = [
        select(m.User),
        select(m.User.name),
        select(lib.orm.aliased(m.User)),
        select(func.count(m.User.id)),
        select(func.count()).select_from(users),
        select(users.c.name),
        select(users.c.name).select_from(posts.join(users)),
        select(select(users.c.name).subquery()),
        lib.sql.union(select(users.c.name), select(users.c.name)),
        select(m.Post.id),
        lib.sql.text("select * from users"),
    ]
    log: list[Any] = []
    for binds in ({m.User: filled}, {users: filled}, {lib.sql.inspect(m.User): filled}):
        session = lib.orm.Session(empty, binds=binds)
        log.append([len(session.execute(statement).all()) for statement in statements])
        log.append([session.query(m.User).count(), len(session.get(m.User, 1).posts)])
        changes = (lib.sql.update(users).values(age=1), lib.sql.update(m.User).values(age=2))
        log.append([session.execute(change).rowcount for change in changes])
        # A mapper beside a text finds the bind of its class, not that of its table.
        by_mapper = [] if users in binds else [{"mapper": m.User}]
        for arguments in (*by_mapper, {"clause": users}, {"clause": select(m.User)}):
            text = lib.sql.text("select * from users")
            log.append(len(session.execute(text, bind_arguments=arguments).all()))
            log.append(session.connection(bind_arguments=arguments).engine is filled)
        session.rollback()
        session.close()
    return log
