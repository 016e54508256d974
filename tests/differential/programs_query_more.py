"""More programs about Query, and about options and criteria of statements."""

from __future__ import annotations

from typing import Any

from library import Library


def _query(lib: Library, *builds: Any) -> list[Any]:
    """Text and rows of each query built by the functions of `(session, models)`."""
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    log = []
    for build in builds:
        query = build(session, m)
        rows = [tuple(row) if hasattr(row, "_mapping") else row.id for row in query]
        log.append((str(query), rows))
    session.close()
    return log


def program_query_unions(lib: Library) -> Any:
    return _query(
        lib,
        lambda s, m: (u := s.query(m.User)).filter_by(id=1).union(u.filter_by(id=2)),
        lambda s, m: (u := s.query(m.User)).filter_by(id=1).union(u).filter(m.User.name != "bob"),
        lambda s, m: (u := s.query(m.User)).union_all(u).order_by(m.User.id).limit(2),
        lambda s, m: (u := s.query(m.User)).intersect(u.filter(m.User.id > 1)).order_by(m.User.id),
        lambda s, m: (u := s.query(m.User)).except_(u.filter(m.User.id > 1)),
        lambda s, m: s.query(m.User.id).union(s.query(m.Post.id)).order_by(m.User.id),
        lambda s, m: (u := s.query(m.User)).union(u).join(m.User.posts).filter(m.Post.id == 3),
        lambda s, m: (
            (u := s.query(m.User)).union(u).with_entities(m.User.name).order_by(m.User.name)
        ),
        lambda s, m: (u := s.query(m.User)).union(u).filter_by(name="ann"),
        lambda s, m: s.query(m.User.id.label("x")).union(s.query(m.Tag.id)).order_by("x"),
    )


def program_query_joins(lib: Library) -> Any:
    aliased = lib.orm.aliased

    def through_alias(s: Any, m: Any) -> Any:
        child = aliased(m.Node)
        return s.query(m.Node).join(child, m.Node.children).filter(child.name == "a1")

    return _query(
        lib,
        lambda s, m: s.query(m.User).join(m.User.posts).order_by(m.User.id),
        lambda s, m: (
            s.query(m.User).join(m.Post, m.Post.author_id == m.User.id).order_by(m.Post.id)
        ),
        lambda s, m: s.query(m.User).outerjoin(m.User.profile).order_by(m.User.id),
        lambda s, m: (
            s.query(m.Post).join(m.Post.tags).filter(m.Tag.name == "y").order_by(m.Post.id)
        ),
        lambda s, m: s.query(m.Post.id).select_from(m.User).join(m.User.posts).order_by(m.Post.id),
        lambda s, m: s.query(m.Post).join(m.Post.author).filter_by(name="bob").order_by(m.Post.id),
        through_alias,
    )


def program_query_grouping(lib: Library) -> Any:
    func = lib.sql.func
    return _query(
        lib,
        lambda s, m: (
            s.query(m.Post.author_id, func.count(m.Post.id))
            .group_by(m.Post.author_id)
            .having(func.count(m.Post.id) > 2)
        ),
        lambda s, m: s.query(m.Post.stars).distinct().order_by(m.Post.stars),
        lambda s, m: s.query(func.max(m.User.age)),
        lambda s, m: s.query(m.User.name.label("n")).order_by("n"),
        lambda s, m: s.query(m.User.id, m.User.id, m.Post.id).filter(
            m.Post.id == 2, m.User.id == m.Post.author_id
        ),
    )


def program_query_subqueries(lib: Library) -> Any:
    def against_subquery(s: Any, m: Any) -> Any:
        counts = (
            s.query(m.Post.author_id, lib.sql.func.count().label("n"))
            .group_by(m.Post.author_id)
            .subquery()
        )
        return (
            s.query(m.User.name, counts.c.n)
            .join(counts, m.User.id == counts.c.author_id)
            .order_by(m.User.id)
        )

    def in_subquery(s: Any, m: Any) -> Any:
        return s.query(m.User).filter(
            m.User.id.in_(s.query(m.Post.author_id).filter(m.Post.id < 3).scalar_subquery())
        )

    def labelled(s: Any, m: Any) -> Any:
        count = s.query(lib.sql.func.count(m.Post.id)).filter(m.Post.author_id == m.User.id)
        return s.query(m.User.name, count.label("n")).order_by(m.User.id)

    def entity_of_subquery(s: Any, m: Any) -> Any:
        older = lib.orm.aliased(m.User, s.query(m.User).filter(m.User.age > 26).subquery())
        return s.query(older).filter(older.name == "ann")

    return _query(lib, against_subquery, labelled, entity_of_subquery)


def program_query_options(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    sent = lib.statements(engine)
    session = lib.orm.Session(engine)
    query = session.query(m.User).order_by(m.User.id)
    log = []
    for option in (
        lib.orm.joinedload(m.User.posts),
        lib.orm.selectinload(m.User.posts),
        lib.orm.joinedload(m.User.profile),
        lib.orm.load_only(m.User.name),
        lib.orm.defer(m.User.age),
    ):
        log.append([(u.name, len(u.posts)) for u in query.options(option)])
        session.expunge_all()
    log.append([u.name for u in query.options(lib.orm.joinedload(m.User.posts)).limit(2)])
    session.close()
    return log, [sql for sql, _ in sent if "posts_1" in sql]


def program_query_results(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    pair = session.query(m.User, m.User.name.label("n")).order_by(m.User.id)
    row = pair.first()
    by_text = lib.sql.text("select * from users where id = 2")
    log = [
        row.n, row[0].id, row._fields, row.User is row[0],
        [d["name"] for d in pair.column_descriptions],
        session.query(m.User).filter_by(id=77).scalar(),
        session.query(m.User.name).filter_by(id=1).scalar(),
        lib.error(lambda: session.query(m.User.name).scalar()),
        session.query(m.User.name).filter_by(id=1).one()[0],
        session.query(m.User).from_statement(by_text).one().name,
        session.query(m.User).filter(lib.sql.text("id = :x")).params(x=3).one().name,
        lib.error(lambda: session.query(m.User)[-1]),
        session.query(m.User).populate_existing().filter_by(id=1).one().name,
        lib.error(lambda: session.query(m.User).limit(1).filter_by(id=1)),
        lib.error(lambda: session.query(m.User).filter_by(nonsense=1)),
        lib.error(lambda: session.query(m.User).join("posts")),
        session.query(m.User).filter(m.User.posts.any(m.Post.stars == 2)).count(),
        session.query(m.User).filter_by(id=1).exists() is not None,
    ]  # fmt: skip
    session.close()
    return log


def program_label_styles(lib: Library) -> Any:
    m, sql = lib.blog(), lib.sql
    both = sql.select(m.User.id, m.Post.id, m.User.id)
    styles = [
        sql.LABEL_STYLE_NONE,
        sql.LABEL_STYLE_DEFAULT,
        sql.LABEL_STYLE_DISAMBIGUATE_ONLY,
        sql.LABEL_STYLE_TABLENAME_PLUS_COL,
    ]
    log = [str(both.set_label_style(style)) for style in styles]
    log += [both.set_label_style(style).get_label_style().name for style in styles]
    labelled = sql.select(m.User.__table__).set_label_style(styles[3])
    log += [labelled.subquery().c.keys(), str(labelled.subquery().select())]
    return log


def program_with_loader_criteria(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    sent = lib.statements(engine)
    session = lib.orm.Session(engine)
    starred = lib.orm.with_loader_criteria(m.Post, m.Post.stars > 0)
    select = lib.sql.select
    log = [
        [p.id for p in session.scalars(select(m.Post).options(starred).order_by(m.Post.id))],
        [
            (u.name, [p.id for p in u.posts])
            for u in session.scalars(
                select(m.User)
                .options(lib.orm.selectinload(m.User.posts), starred)
                .order_by(m.User.id)
            )
        ],
    ]
    session.close()
    return log, sent


def program_refresh_statements(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    ann = session.get(m.User, 1)
    sent = lib.statements(engine)
    session.refresh(ann)
    session.refresh(ann, ["name"])
    session.expire(ann, ["age"])
    assert ann.age == 30
    session.expire(ann)
    assert ann.name == "ann"
    session.refresh(ann, with_for_update=True)
    session.close()
    return sent


def program_relationship_to_object(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    ann = session.get(m.User, 1)
    select, post = lib.sql.select, session.get(m.Post, 1)
    statements = [
        select(m.Post.id).where(m.Post.author == ann).order_by(m.Post.id),
        select(m.Post.id).where(m.Post.author != ann).order_by(m.Post.id),
        select(m.User.id).where(m.User.posts.contains(post)),
    ]
    log = [(str(s), session.scalars(s).all()) for s in statements]
    session.close()
    return log


def program_contains_many_to_many(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    post = session.get(m.Post, 1)
    statement = lib.sql.select(m.Tag.id).where(m.Tag.posts.contains(post)).order_by(m.Tag.id)
    log = str(statement), session.scalars(statement).all()
    session.close()
    return log


def program_union_of_columns_names(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    row = session.query(m.User.id).union(session.query(m.Post.id)).order_by(m.User.id).first()
    session.close()
    return row._fields
