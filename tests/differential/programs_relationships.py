"""Programs about relationships: both sides, cascades, loading."""

from __future__ import annotations

from typing import Any

from library import Library


def program_back_populates(lib: Library) -> Any:
    m = lib.blog()
    user, post = m.User(name="u"), m.Post(title="p")
    user.posts.append(post)
    log: list[Any] = [post.author is user]
    other = m.User(name="o")
    post.author = other
    log += [user.posts, other.posts == [post]]
    other.posts.remove(post)
    log.append(post.author)
    other.posts = [post, m.Post(title="q")]
    log += [[p.author is other for p in other.posts]]
    profile = m.Profile(user=user)
    log += [user.profile is profile]
    user.profile = None
    log += [profile.user]
    tag = m.Tag(name="t", posts=[post])
    log += [post.tags == [tag]]
    root, leaf = m.Node(name="r"), m.Node(name="l")
    leaf.parent = root
    log.append(root.children == [leaf])
    return log


def program_graph_insert(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    tags = [m.Tag(name="n1"), m.Tag(name="n2")]
    user = m.User(
        name="dan",
        profile=m.Profile(bio="b"),
        posts=[m.Post(title="a", tags=tags), m.Post(title="b", tags=tags[:1])],
    )
    session.add(user)
    session.add(
        m.Node(
            name="r", children=[m.Node(name="c1", children=[m.Node(name="g")]), m.Node(name="c2")]
        )
    )
    session.commit()
    log = [
        user.posts[0].author_id == user.id,
        [t.name for t in user.posts[0].tags],
        user.profile.bio,
    ]
    session.close()
    return log, lib.dump(m, engine)


def program_delete_cascade(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    session.delete(session.get(m.User, 1))
    session.commit()
    session.close()
    return lib.dump(m, engine)


def program_delete_nulls_out(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    session.add(m.Profile(bio="x", user_id=3))
    session.commit()
    session.delete(session.get(m.User, 3))
    session.delete(session.get(m.Node, 1))
    session.commit()
    session.close()
    return lib.dump(m, engine)


def program_delete_orphan(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    bob = session.get(m.User, 2)
    gone = bob.posts.pop(0)
    bob.posts.append(m.Post(title="instead"))
    pending = m.Post(title="never")
    bob.posts.append(pending)
    bob.posts.remove(pending)
    session.commit()
    log = [lib.states(gone), lib.states(pending), [p.title for p in bob.posts]]
    session.close()
    return log, lib.dump(m, engine)


def program_many_to_many_changes(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    post = session.get(m.Post, 1)
    x, z = session.get(m.Tag, 1), session.get(m.Tag, 3)
    post.tags.remove(x)
    post.tags.append(z)
    session.flush()
    log = [[t.name for t in post.tags], [p.id for p in z.posts]]
    session.delete(session.get(m.Tag, 2))
    session.commit()
    log.append([t.name for t in post.tags])
    session.close()
    return log, lib.dump(m, engine)


def program_reparent(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    post = session.get(m.Post, 1)
    before = post.author.name
    post.author = session.get(m.User, 3)
    session.flush()
    log = [before, post.author_id, [p.id for p in session.get(m.User, 3).posts]]
    node = session.get(m.Node, 4)
    node.parent = session.get(m.Node, 3)
    session.commit()
    log.append([c.name for c in session.get(m.Node, 3).children])
    session.close()
    return log, lib.dump(m, engine)


def _loaded_by(lib: Library, make: Any) -> Any:
    m, engine = lib.filled_blog()
    sent = lib.statements(engine)
    session = lib.orm.Session(engine)
    statement = lib.sql.select(m.User).options(make(lib.orm, m)).order_by(m.User.id)
    users = session.scalars(statement).unique().all()
    queries = len(sent)
    graph = [(u.name, [(p.title, [t.name for t in p.tags]) for p in u.posts]) for u in users]
    text = sent[0][0]
    session.close()
    return queries, graph, text


def program_selectinload(lib: Library) -> Any:
    return _loaded_by(lib, lambda orm, m: orm.selectinload(m.User.posts).selectinload(m.Post.tags))


def program_joinedload(lib: Library) -> Any:
    return _loaded_by(lib, lambda orm, m: orm.joinedload(m.User.posts).joinedload(m.Post.tags))


def program_joined_then_selectin(lib: Library) -> Any:
    return _loaded_by(lib, lambda orm, m: orm.joinedload(m.User.posts).selectinload(m.Post.tags))


def program_many_to_one_loading(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    log = []
    for option in (lib.orm.selectinload, lib.orm.joinedload, lib.orm.lazyload):
        sent = lib.statements(engine)
        session = lib.orm.Session(engine)
        posts = session.scalars(
            lib.sql.select(m.Post).options(option(m.Post.author)).order_by(m.Post.id)
        ).all()
        queries = len(sent) if option is not lib.orm.lazyload else None
        log.append((queries, [p.author.name for p in posts]))
        session.close()
    return log


def program_joinedload_with_limit(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    sent = lib.statements(engine)
    session = lib.orm.Session(engine)
    statement = (
        lib.sql.select(m.User)
        .options(lib.orm.joinedload(m.User.posts))
        .order_by(m.User.id)
        .limit(2)
    )
    users = session.scalars(statement).unique().all()
    log = [(u.name, len(u.posts)) for u in users]
    log.append(lib.error(lambda: session.scalars(statement).all()))
    session.close()
    return log, sent


def program_raiseload(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    user = session.scalars(
        lib.sql.select(m.User).options(lib.orm.raiseload(m.User.posts)).where(m.User.id == 1)
    ).one()
    log = [lib.error(lambda: user.posts), lib.error(lambda: user.profile)]
    session.close()
    log.append(lib.error(lambda: user.profile and None))
    other = lib.orm.Session(engine)
    ann = other.get(m.User, 1)
    other.close()
    log.append(lib.error(lambda: ann.posts))
    return log


def program_contains_eager_and_defer(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    users = (
        session.scalars(
            lib.sql.select(m.User)
            .join(m.User.posts)
            .where(m.Post.stars > 0)
            .options(lib.orm.contains_eager(m.User.posts))
            .order_by(m.User.id, m.Post.id)
        )
        .unique()
        .all()
    )
    log: list[Any] = [[(u.name, [p.id for p in u.posts]) for u in users]]
    session.expunge_all()
    sent = lib.statements(engine)
    ann = session.scalars(
        lib.sql.select(m.User).options(lib.orm.defer(m.User.age)).where(m.User.id == 1)
    ).one()
    log += ["age" in ann.__dict__, ann.age, list(sent)]
    session.expunge_all()
    bob = session.scalars(
        lib.sql.select(m.User).options(lib.orm.load_only(m.User.name)).where(m.User.id == 2)
    ).one()
    log += [sorted(k for k in bob.__dict__ if k != "_sa_instance_state"), bob.age]
    session.close()
    return log


def program_lazy_statements(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    ann = session.get(m.User, 1)
    sent = lib.statements(engine)
    titles = [p.title for p in ann.posts]
    tags = [t.name for t in ann.posts[0].tags]
    same = ann.posts[0].author is ann
    session.close()
    return titles, tags, same, sent


def program_mapping_styles(lib: Library) -> Any:
    sa, orm = lib.sql, lib.orm
    registry = orm.registry()
    table = sa.Table(
        "things",
        registry.metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("the_name", sa.String(20), key="the_name"),
        sa.Column("kind", sa.String(5), default="k"),
    )

    class Thing:
        def __init__(self, name: str) -> None:
            self.name = name

    registry.map_imperatively(Thing, table, properties={"name": table.c.the_name})

    class Base(orm.DeclarativeBase):  # type: ignore[misc, name-defined]
        pass

    engine = lib.engine()
    registry.metadata.create_all(engine)
    session = orm.Session(engine)
    session.add(Thing("one"))
    session.commit()
    thing = session.scalars(sa.select(Thing).where(Thing.name == "one")).one()
    log = [
        thing.name,
        thing.kind,
        str(sa.select(Thing)),
        [a.key for a in sa.inspect(Thing).column_attrs],
    ]
    session.close()
    return log
