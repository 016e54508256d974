"""Programs about the legacy Query."""

from __future__ import annotations

from typing import Any

from library import Library


def program_everyday_query(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    q = session.query(m.User)
    posts = session.query(m.Post)
    log = [
        [u.name for u in q.order_by(m.User.id).all()],
        q.filter_by(name="bob").first().id,
        q.filter(m.User.age > 26).one().name,
        q.filter_by(name="nobody").first(),
        q.filter_by(name="nobody").one_or_none(),
        lib.error(lambda: q.filter_by(name="nobody").one()),
        lib.error(lambda: q.one()),
        q.count(),
        q.filter(m.User.age.is_(None)).count(),
        session.query(lib.sql.func.count(m.User.id)).scalar(),
        q.get(2).name,
        [u.name for u in q.order_by(m.User.id.desc()).limit(2).offset(1)],
        [u.name for u in q.order_by(m.User.id)[1:3]],
        q.order_by(m.User.id)[0].name,
        session.query(q.filter_by(name="ann").exists()).scalar(),
        [(a, b) for a, b in session.query(m.User.name, m.User.age).order_by(m.User.id)],
        [
            p.title
            for p in posts.join(m.Post.author).filter(m.User.name == "ann").order_by(m.Post.id)
        ],
        [p.title for p in posts.join(m.User).filter_by(name="bob").order_by(m.Post.id)],
        [n for (n,) in session.query(m.User.name).distinct().order_by(m.User.name)],
        [
            (n, c)
            for n, c in session.query(m.User.name, lib.sql.func.count(m.Post.id))
            .outerjoin(m.User.posts)
            .group_by(m.User.name)
            .order_by(m.User.name)
        ],
        q.filter(m.User.name.in_(["ann", "bob"]))
        .order_by(m.User.id)
        .with_entities(m.User.id)
        .all()[1][0],
    ]
    session.close()
    return log


def program_query_texts(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    q = session.query(m.User)
    return [
        str(q),
        str(q.filter(m.User.name == "x").order_by(m.User.id).limit(3)),
        str(session.query(m.User.name, m.Post).join(m.User.posts)),
        str(q.filter_by(name="x").subquery().select()),
        str(session.query(m.Post).filter(m.Post.author.has(m.User.age > 3))),
    ]


def program_query_statements_sent(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    sent = lib.statements(engine)
    session = lib.orm.Session(engine)
    q = session.query(m.User)
    q.count()
    q.filter_by(name="x").first()
    session.query(q.filter_by(name="x").exists()).scalar()
    q.order_by(m.User.name).limit(2).offset(1).all()
    session.get(m.User, 1)
    session.close()
    return sent


def program_query_update_delete(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    ann = session.get(m.User, 1)
    five = session.get(m.Post, 5)
    log = [
        session.query(m.User).filter(m.User.id < 3).update({"age": 7}),
        ann.age,
        session.query(m.User).filter_by(name="cyd").update({m.User.age: m.User.age + 1}),
        session.query(m.Post).filter(m.Post.id == 5).delete(),
        five in session,
    ]
    session.commit()
    return log, lib.dump(m, engine)
