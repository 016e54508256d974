"""Programs about events: of sessions, attributes and mappers."""

from __future__ import annotations

from typing import Any

from library import Library


def program_session_events_in_order(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    log: list[str] = []
    listen = lib.sql.event.listen
    listen(session, "before_flush", lambda s, c, i: log.append("before_flush"))
    listen(session, "after_flush", lambda s, c: log.append("after_flush"))
    listen(session, "after_flush_postexec", lambda s, c: log.append("after_flush_postexec"))
    listen(session, "before_commit", lambda s: log.append("before_commit"))
    listen(session, "after_commit", lambda s: log.append("after_commit"))
    listen(session, "after_rollback", lambda s: log.append("after_rollback"))
    listen(session, "after_soft_rollback", lambda s, t: log.append("after_soft_rollback"))
    listen(session, "after_begin", lambda s, t, c: log.append("after_begin"))
    session.add(m.Tag(name="n"))
    session.commit()
    log.append("--")
    session.add(m.Tag(name="o"))
    session.flush()
    session.rollback()
    log.append("--")
    session.get(m.Tag, 1)
    session.commit()
    session.close()
    return log


def program_object_events(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    with engine.begin() as connection:
        connection.execute(lib.sql.insert(m.Tag.__table__), [{"id": 4, "name": "w"}])
    session = lib.orm.Session(engine)
    log: list[Any] = []
    for name in (
        "transient_to_pending", "pending_to_persistent", "persistent_to_deleted",
        "deleted_to_detached", "persistent_to_transient", "pending_to_transient",
        "loaded_as_persistent", "persistent_to_detached", "detached_to_persistent",
        "deleted_to_persistent",
    ):  # fmt: skip

        def note(session: Any, instance: Any, name: str = name) -> None:
            log.append((name, type(instance).__name__))

        lib.sql.event.listen(session, name, note)
    tag = m.Tag(name="n")
    session.add(tag)
    session.flush()
    session.delete(tag)
    session.flush()
    session.rollback()
    log.append("--")
    one = session.get(m.Tag, 4)
    session.expunge(one)
    session.add(one)
    session.delete(one)
    session.flush()
    session.rollback()
    log.append("--")
    session.add(m.Tag(name="p"))
    session.expunge_all()
    session.close()
    return log


def program_loaded_as_persistent(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    log: list[Any] = []

    def note(session: Any, obj: Any) -> None:
        log.append((type(obj).__name__, obj.id))

    lib.sql.event.listen(session, "loaded_as_persistent", note)
    eager = lib.orm.selectinload(m.User.posts)
    users = session.scalars(lib.sql.select(m.User).order_by(m.User.id).options(eager)).all()
    log.append("--")
    posts = [post.tags for post in users[0].posts[:1]]
    session.scalars(lib.sql.select(m.User)).all()
    log.append(len(posts))
    by_text = lib.sql.text("select * from nodes where id < 3")
    nodes = session.scalars(lib.sql.select(m.Node).from_statement(by_text)).all()
    session.close()
    return log, len(nodes)


def program_with_parent(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    select, with_parent = lib.sql.select, lib.orm.with_parent
    ann, post, node = session.get(m.User, 1), session.get(m.Post, 1), session.get(m.Node, 2)
    other = lib.orm.aliased(m.Post)
    of_ann = select(m.Post.id).where(with_parent(ann, m.User.posts)).order_by(m.Post.id)
    log = [
        str(of_ann),
        session.scalars(of_ann).all(),
        session.scalars(select(m.User.name).where(with_parent(post, m.Post.author))).all(),
        sorted(session.scalars(select(m.Tag.name).where(with_parent(post, m.Post.tags)))),
        session.scalars(select(m.Node.name).where(with_parent(node, m.Node.children))).all(),
        session.scalars(select(m.Node.name).where(with_parent(node, m.Node.parent))).all(),
        session.scalars(
            select(other.id).where(with_parent(ann, m.User.posts.of_type(other))).order_by(other.id)
        ).all(),
        lib.error(lambda: with_parent(ann, "posts")),
    ]
    session.close()
    return log


def program_lazy_loads_of_expired_objects(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    text = lib.sql.text
    session = lib.orm.Session(engine)
    post = session.get(m.Post, 1)
    log = [post.author.name]
    session.commit()
    with engine.begin() as connection:
        connection.execute(text("update posts set author_id = 3 where id = 1"))
    log.append(post.author.name)
    users = session.scalars(lib.sql.select(m.User).order_by(m.User.id)).all()
    session.commit()
    with engine.begin() as connection:
        connection.execute(text("delete from users where id = 1"))
    log.append(lib.error(lambda: users[0].posts))
    log.append([post.id for post in users[1].posts])
    session.rollback()
    session.expire(post)
    session.commit()
    with engine.begin() as connection:
        connection.execute(text("delete from posts where id = 1"))
    log.extend([lib.error(lambda: post.author), lib.error(lambda: post.tags)])
    session.close()
    return log


def program_before_flush_adds(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)

    def audit(session: Any, context: Any, instances: Any) -> None:
        for obj in list(session.new):
            if isinstance(obj, m.Tag) and not obj.name.startswith("log"):
                session.add(m.Tag(name=f"log {obj.name}"))

    lib.sql.event.listen(session, "before_flush", audit)
    session.add(m.Tag(name="new"))
    session.commit()
    session.close()
    return sorted(row[1] for row in lib.dump(m, engine)["tags"])


def program_attribute_events(lib: Library) -> Any:
    m = lib.blog()
    log: list[Any] = []
    listen = lib.sql.event.listen
    listen(m.User.name, "set", lambda t, v, old, i: log.append(("set", v, str(old).split(".")[-1])))
    listen(m.User.posts, "append", lambda t, v, i: log.append(("append", v.title)))
    listen(m.User.posts, "remove", lambda t, v, i: log.append(("remove", v.title)))
    listen(m.Post.author, "set", lambda t, v, old, i: log.append(("author", v and v.name)))
    user = m.User(name="a")
    user.name = "b"
    post = m.Post(title="p")
    user.posts.append(post)
    post.author = None
    user.posts = [post, m.Post(title="q")]
    user.posts = []
    return log


def program_attribute_event_changes_value(lib: Library) -> Any:
    m = lib.blog()

    @lib.sql.event.listens_for(m.User.name, "set", retval=True)
    def upper(target: Any, value: str, old: Any, initiator: Any) -> str:
        return value.upper()

    user = m.User(name="ann")
    log = [user.name]
    user.name = "bob"
    log.append(user.name)
    lib.sql.event.remove(m.User.name, "set", upper)
    user.name = "cyd"
    return [*log, user.name]


def program_mapper_events(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    log: list[Any] = []
    for name in (
        "before_insert", "after_insert", "before_update", "after_update", "before_delete",
        "after_delete",
    ):  # fmt: skip

        def note(mapper: Any, connection: Any, target: Any, name: str = name) -> None:
            log.append((name, target.name, target.id))

        lib.sql.event.listen(m.User, name, note)
    lib.sql.event.listen(m.User, "load", lambda target, context: log.append(("load", target.id)))
    lib.sql.event.listen(
        m.User, "refresh", lambda target, context, attrs: log.append(("refresh", target.id))
    )
    session = lib.orm.Session(engine)
    session.add_all([m.User(name="x"), m.User(name="y")])
    session.commit()
    ann = session.get(m.User, 1)
    ann.age = 1
    session.commit()
    assert ann.age == 1
    session.delete(ann)
    session.rollback()
    session.delete(session.get(m.User, 3))
    session.flush()
    session.close()
    return log


def program_before_insert_sets_a_value(lib: Library) -> Any:
    m, engine = lib.filled_blog()

    @lib.sql.event.listens_for(m.Tag, "before_insert")
    def shout(mapper: Any, connection: Any, target: Any) -> None:
        target.name = target.name.upper()

    session = lib.orm.Session(engine)
    tag = m.Tag(name="loud")
    session.add(tag)
    session.commit()
    session.close()
    return lib.dump(m, engine)["tags"]


def program_engine_events(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    log: list[str] = []
    listen = lib.sql.event.listen
    listen(engine, "begin", lambda c: log.append("begin"))
    listen(engine, "commit", lambda c: log.append("commit"))
    listen(engine, "rollback", lambda c: log.append("rollback"))
    listen(engine, "savepoint", lambda c, name: log.append("savepoint"))
    session = lib.orm.Session(engine)
    session.get(m.Tag, 1)
    with session.begin_nested():
        session.add(m.Tag(name="n"))
    session.commit()
    session.get(m.Tag, 1)
    session.rollback()
    session.close()
    return log


def program_do_orm_execute(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    log: list[Any] = []

    def seen(state: Any) -> None:
        log.append((state.is_select, state.is_update, state.is_delete, state.is_relationship_load))

    lib.sql.event.listen(session, "do_orm_execute", seen)
    session.scalars(lib.sql.select(m.Tag)).all()
    session.execute(lib.sql.update(m.Tag).values(name="x"))
    session.execute(lib.sql.delete(m.post_tags))
    session.close()
    return log


def program_event_mistakes(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    event = lib.sql.event

    def handler(*args: Any) -> None: ...

    session = lib.orm.Session(engine)
    event.listen(session, "before_commit", handler)
    return [
        lib.error(lambda: event.listen(session, "no_such_event", handler)),
        lib.error(lambda: event.listen(m.User.name, "before_insert", handler)),
        event.contains(session, "before_commit", handler),
        event.remove(session, "before_commit", handler),
        event.contains(session, "before_commit", handler),
        lib.error(lambda: event.remove(session, "before_commit", handler)),
    ]
