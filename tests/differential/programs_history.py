"""Programs about attribute history, expiry, merging and making objects transient."""

from __future__ import annotations

from typing import Any

from library import Library


def _named(item: Any) -> Any:
    return (
        getattr(item, "name", getattr(item, "title", item)) if hasattr(item, "__mapper__") else item
    )


def _history(lib: Library, obj: Any, *names: str) -> list[Any]:
    """The history of attributes, related objects by name."""
    return [
        [
            [_named(item) for item in part]
            for part in getattr(lib.sql.inspect(obj).attrs, name).history
        ]
        for name in names
    ]


def program_history_of_transient(lib: Library) -> Any:
    m = lib.blog()
    user = m.User(name="u")
    log = [_history(lib, user, "name", "age")]
    user.name = "v"
    user.posts.append(m.Post(title="p"))
    log.append(_history(lib, user, "name", "posts"))
    post = m.Post(title="q", author=user)
    log.append(_history(lib, post, "author"))
    return log


def program_history_of_columns(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    ann = session.get(m.User, 1)
    log = [_history(lib, ann, "name", "age")]
    ann.name = "x"
    log.append(_history(lib, ann, "name", "age"))
    ann.name = "y"
    log.append(_history(lib, ann, "name"))
    ann.name = "ann"
    log.append(_history(lib, ann, "name"))
    ann.age = None
    log.append(_history(lib, ann, "age"))
    del ann.age
    log.append(_history(lib, ann, "age"))
    session.rollback()
    ann.name = "z"
    session.flush()
    log.append(_history(lib, ann, "name"))
    session.rollback()
    session.close()
    return log


def program_history_of_relationships(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    bob, cyd = session.get(m.User, 2), session.get(m.User, 3)
    first = bob.posts[0]
    bob.posts.remove(first)
    bob.posts.append(m.Post(title="new"))
    log = [_history(lib, bob, "posts"), _history(lib, first, "author")]
    first.author = cyd
    log.append(_history(lib, first, "author"))
    log.append(_history(lib, cyd, "posts"))
    session.rollback()
    session.close()
    return log


def program_history_of_expired(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    ann = session.get(m.User, 1)
    session.expire(ann)
    log = [_history(lib, ann, "name")]
    ann.name = "set while expired"
    log.append(_history(lib, ann, "name"))
    session.flush()
    log += [_history(lib, ann, "name"), ann.age]
    session.commit()
    session.close()
    return log, lib.dump(m, engine)["users"]


def program_attribute_states(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    ann = session.get(m.User, 1)
    state = lib.sql.inspect(ann)
    log: list[Any] = [
        state.attrs.name.value,
        str(state.attrs.posts.loaded_value),
        sorted(attribute.key for attribute in state.attrs),
        state.has_identity,
        state.identity,
        state.mapper.class_ is m.User,
        state.session is session,
        state.key == lib.orm.util.identity_key(m.User, 1),
        sorted(state.unloaded),
        state.transient, state.pending, state.persistent, state.deleted, state.detached,
        state.object is ann,
    ]  # fmt: skip
    session.close()
    return log


def program_object_session(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    ann, new = session.get(m.User, 1), m.User(name="n")
    object_session = lib.orm.object_session
    log = [object_session(ann) is session, object_session(new)]
    session.add(new)
    log.append(object_session(new) is session)
    session.close()
    log += [object_session(ann), lib.error(lambda: object_session(object()))]
    return log


def program_make_transient(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    ann = session.get(m.User, 1)
    lib.orm.make_transient(ann)
    log = [lib.states(ann), ann.name, ann in session]
    ann.id, ann.name = None, "copy"
    session.add(ann)
    session.commit()
    log.append(ann.id)
    back = m.User(id=2)
    lib.orm.make_transient_to_detached(back)
    log.append(lib.states(back))
    session.add(back)
    log += [lib.states(back), back.name]
    log.append(lib.error(lambda: lib.orm.make_transient_to_detached(back)))
    session.close()
    return log, lib.dump(m, engine)["users"]


def program_expire_collection(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    ann = session.get(m.User, 1)
    before = [p.id for p in ann.posts]
    with session.no_autoflush:
        session.execute(lib.sql.insert(m.Post.__table__).values(id=9, title="t", author_id=1))
    log = [before, [p.id for p in ann.posts]]
    session.expire(ann, ["posts"])
    log += ["posts" in ann.__dict__, [p.id for p in ann.posts]]
    ann.posts.append(m.Post(title="lost"))
    session.expire(ann, ["posts"])
    log.append(len(ann.posts))
    session.refresh(ann, ["posts", "age"])
    log.append(len(ann.posts))
    session.refresh(ann)
    session.rollback()
    session.close()
    return log


def program_merge_graph(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    tag = m.Tag(id=1, name="X")
    given = m.Post(id=1, title="merged", author_id=2, tags=[tag, m.Tag(name="new")])
    merged = session.merge(given)
    log = [[t.name for t in merged.tags], merged.author.name, merged.stars, tag in session]
    session.commit()
    session.close()
    return log, lib.dump(m, engine)


def program_merge_without_load(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    one = lib.orm.Session(engine)
    ann = one.get(m.User, 1)
    one.close()
    sent = lib.statements(engine)
    two = lib.orm.Session(engine)
    copy = two.merge(ann, load=False)
    log = [len(sent), copy.name, lib.states(copy), two.is_modified(copy), copy is ann]
    log.append(lib.error(lambda: two.merge(m.User(name="new"), load=False)))
    two.close()
    return log


def program_merge_detached_changes(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    one = lib.orm.Session(engine)
    ann = one.get(m.User, 1)
    one.close()
    ann.age = 77
    two = lib.orm.Session(engine)
    merged = two.merge(ann)
    log = [merged.age, two.is_modified(merged)]
    two.commit()
    two.close()
    return log, lib.dump(m, engine)["users"]


def program_detached_added_again(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    one = lib.orm.Session(engine)
    ann = one.get(m.User, 1)
    one.close()
    ann.age = 31
    two = lib.orm.Session(engine)
    two.add(ann)
    log = [ann in two.dirty, [p.id for p in ann.posts]]
    two.commit()
    other = lib.orm.Session(engine)
    same = other.get(m.User, 1)
    log.append(lib.error(lambda: two.add(same)))
    other.close()
    log.append(lib.error(lambda: two.add(same)))
    two.close()
    return log, lib.dump(m, engine)["users"]
