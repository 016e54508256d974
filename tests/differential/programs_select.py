"""Programs about select(), its parts, and their results."""

from __future__ import annotations

from typing import Any

from library import Library


def _run(lib: Library, *statements: Any) -> list[Any]:
    """Text and rows of each statement built by the functions of `(lib, models)`."""
    m, engine = lib.filled_blog()
    results = []
    with lib.orm.Session(engine) as session:
        for build in statements:
            statement = build(lib.sql, m)
            rows = [tuple(row) for row in session.execute(statement)]
            results.append((str(statement), rows))
        session.rollback()
    return results


def program_columns_and_where(lib: Library) -> Any:
    return _run(
        lib,
        lambda sa, m: sa.select(m.User.id, m.User.name).where(m.User.age > 26).order_by(m.User.id),
        lambda sa, m: sa.select(m.User.name).where(m.User.age.is_(None)),
        lambda sa, m: sa.select(m.User.name).where(m.User.age.is_not(None)).order_by(m.User.name),
        lambda sa, m: (
            sa.select(m.User.name).where(m.User.name.in_(["ann", "cyd"])).order_by("name")
        ),
        lambda sa, m: sa.select(m.User.name).where(m.User.name.not_in(["ann"])).order_by(m.User.id),
        lambda sa, m: sa.select(m.User.name).where(m.User.name.in_([])),
        lambda sa, m: sa.select(m.User.name).where(m.User.name.like("%n%")).order_by(m.User.id),
        lambda sa, m: sa.select(m.User.name).where(m.User.name.ilike("A%")),
        lambda sa, m: sa.select(m.User.name).where(m.User.name.startswith("a")),
        lambda sa, m: sa.select(m.User.name).where(m.User.name.contains("%", autoescape=True)),
        lambda sa, m: sa.select(m.User.name).where(m.User.age.between(20, 28)),
        lambda sa, m: sa.select(m.User.name).filter_by(name="bob"),
        lambda sa, m: sa.select(m.Post.title).where(m.Post.stars == 1, m.Post.id < 3),
    )


def program_boolean_logic(lib: Library) -> Any:
    return _run(
        lib,
        lambda sa, m: sa.select(m.User.id).where(
            sa.or_(m.User.name == "ann", sa.and_(m.User.age < 26, m.User.id != 2))
        ),
        lambda sa, m: sa.select(m.User.id).where(~(m.User.name == "ann")).order_by(m.User.id),
        lambda sa, m: sa.select(m.User.id).where(sa.not_(sa.or_(m.User.id == 1, m.User.id == 2))),
        lambda sa, m: sa.select(m.User.id).where(
            (m.User.id == 1) | (m.User.id == 2) & (m.User.age > 3)
        ),
        lambda sa, m: sa.select(m.User.id).where(sa.and_(True, m.User.id == 1)),
        lambda sa, m: sa.select(m.User.id).where(sa.false()),
    )


def program_ordering_and_limits(lib: Library) -> Any:
    return _run(
        lib,
        lambda sa, m: sa.select(m.User.name).order_by(m.User.name.desc()),
        lambda sa, m: sa.select(m.User.name).order_by(m.User.age.asc().nulls_last(), m.User.id),
        lambda sa, m: sa.select(m.User.name).order_by(sa.desc(m.User.id)).limit(1),
        lambda sa, m: sa.select(m.User.name).order_by(m.User.id).limit(2).offset(1),
        lambda sa, m: sa.select(m.User.name).order_by(m.User.id).offset(2),
        lambda sa, m: sa.select(m.Post.author_id).distinct().order_by(m.Post.author_id),
    )


def program_aggregates(lib: Library) -> Any:
    return _run(
        lib,
        lambda sa, m: sa.select(sa.func.count()).select_from(m.User),
        lambda sa, m: sa.select(sa.func.count(m.User.id), sa.func.max(m.User.age)),
        lambda sa, m: (
            sa.select(m.Post.author_id, sa.func.sum(m.Post.stars).label("total"))
            .group_by(m.Post.author_id)
            .having(sa.func.count(m.Post.id) > 1)
            .order_by("total", m.Post.author_id)
        ),
        lambda sa, m: sa.select(sa.func.coalesce(m.User.age, 0)).order_by(m.User.id),
        lambda sa, m: sa.select(sa.func.lower(sa.func.upper(m.User.name))).order_by(m.User.id),
    )


def program_case_cast_exists(lib: Library) -> Any:
    return _run(
        lib,
        lambda sa, m: sa.select(
            sa.case((m.User.age > 26, "old"), (m.User.age.is_(None), "unknown"), else_="young")
        ).order_by(m.User.id),
        lambda sa, m: sa.select(sa.cast(m.User.age, sa.String)).order_by(m.User.id),
        lambda sa, m: (
            sa.select(m.User.name)
            .where(sa.exists().where(m.Post.author_id == m.User.id))
            .order_by(m.User.id)
        ),
        lambda sa, m: sa.select(m.User.name).where(
            ~sa.select(m.Post.id).where(m.Post.author_id == m.User.id).exists()
        ),
        lambda sa, m: sa.select(
            m.User.name,
            sa.select(sa.func.count(m.Post.id))
            .where(m.Post.author_id == m.User.id)
            .scalar_subquery(),
        ).order_by(m.User.id),
        lambda sa, m: sa.select(
            sa.select(sa.func.max(m.Post.stars)).scalar_subquery().label("best")
        ),
    )


def program_joins(lib: Library) -> Any:
    return _run(
        lib,
        lambda sa, m: sa.select(m.User.name, m.Post.title).join(m.User.posts).order_by(m.Post.id),
        lambda sa, m: (
            sa.select(m.User.name, m.Post.title)
            .join(m.Post, m.Post.author_id == m.User.id)
            .order_by(m.Post.id)
        ),
        lambda sa, m: sa.select(m.User.name, m.Post.title).join(m.Post).order_by(m.Post.id),
        lambda sa, m: (
            sa.select(m.User.name, m.Post.title)
            .outerjoin(m.User.posts)
            .order_by(m.User.id, m.Post.id)
        ),
        lambda sa, m: (
            sa.select(m.Post.title, m.Tag.name).join(m.Post.tags).order_by(m.Post.id, m.Tag.id)
        ),
        lambda sa, m: (
            sa.select(sa.func.count())
            .select_from(m.User)
            .join(m.User.posts)
            .join(m.Post.tags)
            .where(m.Tag.name == "y")
        ),
        lambda sa, m: (
            sa.select(m.Post.title).join(m.Post.author).filter_by(name="ann").order_by(m.Post.id)
        ),
    )


def program_aliases_and_subqueries(lib: Library) -> Any:
    aliased = lib.orm.aliased

    def self_join(sa: Any, m: Any) -> Any:
        child = aliased(m.Node)
        return sa.select(m.Node.name, child.name).join(child, m.Node.children).order_by(child.id)

    def self_join_of_type(sa: Any, m: Any) -> Any:
        child = aliased(m.Node, name="child")
        return (
            sa.select(m.Node.name, child.name)
            .join(m.Node.children.of_type(child))
            .order_by(child.id)
        )

    def subquery(sa: Any, m: Any) -> Any:
        counts = (
            sa.select(m.Post.author_id, sa.func.count().label("posts"))
            .group_by(m.Post.author_id)
            .subquery()
        )
        return (
            sa.select(m.User.name, counts.c.posts)
            .join(counts, counts.c.author_id == m.User.id)
            .order_by(m.User.id)
        )

    def cte(sa: Any, m: Any) -> Any:
        best = sa.select(m.Post.author_id).where(m.Post.stars > 0).cte("best")
        return (
            sa.select(m.User.name)
            .where(m.User.id.in_(sa.select(best.c.author_id)))
            .order_by(m.User.id)
        )

    def table_alias(sa: Any, m: Any) -> Any:
        t = m.User.__table__.alias("u")
        return sa.select(t.c.name).where(t.c.id == 1)

    return _run(lib, self_join, self_join_of_type, subquery, cte, table_alias)


def program_unions(lib: Library) -> Any:
    return _run(
        lib,
        lambda sa, m: sa.union(
            sa.select(m.User.name).where(m.User.id == 1), sa.select(m.Tag.name)
        ).order_by("name"),
        lambda sa, m: (
            sa.union_all(sa.select(m.User.id), sa.select(m.Tag.id)).order_by("id").limit(4)
        ),
    )


def program_relationship_comparisons(lib: Library) -> Any:
    return _run(
        lib,
        lambda sa, m: sa.select(m.User.name).where(m.User.posts.any()).order_by(m.User.id),
        lambda sa, m: sa.select(m.User.name).where(m.User.posts.any(m.Post.stars == 2)),
        lambda sa, m: sa.select(m.User.name).where(~m.User.posts.any()),
        lambda sa, m: sa.select(m.Post.id).where(m.Post.author.has(name="ann")).order_by(m.Post.id),
        lambda sa, m: sa.select(m.Post.id).where(m.Post.tags.any(name="y")).order_by(m.Post.id),
        lambda sa, m: sa.select(m.Node.id).where(m.Node.parent == None),  # noqa: E711
    )


def program_entities(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    sa = lib.sql
    with lib.orm.Session(engine) as session:
        users = session.scalars(sa.select(m.User).order_by(m.User.id)).all()
        pairs = session.execute(
            sa.select(m.User, m.Post).join(m.User.posts).order_by(m.Post.id)
        ).all()
        mixed = session.execute(
            sa.select(m.User, m.User.name, sa.literal(5)).order_by(m.User.id)
        ).all()
        row = session.execute(sa.select(m.User.id, m.User.name).order_by(m.User.id)).first()
        result = (
            [u.name for u in users],
            [(u.name, p.title) for u, p in pairs],
            all(u in users for u, _ in pairs),
            [(u.id, n, five) for u, n, five in mixed],
            row._mapping["name"],
            row._fields,
            row.name,
            tuple(row),
            str(sa.select(m.User)),
            session.execute(sa.select(m.User).where(m.User.id == 9)).first(),
            lib.error(lambda: session.execute(sa.select(m.User)).scalar_one()),
            lib.error(lambda: session.scalars(sa.select(m.User).where(m.User.id == 9)).one()),
            session.execute(sa.select(m.User.id).order_by(m.User.id)).scalars().all(),
            [dict(r) for r in session.execute(sa.select(m.User.id, m.User.age)).mappings()],
        )
        session.rollback()
    return result


def program_dml(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    sa = lib.sql
    with lib.orm.Session(engine) as session:
        ann = session.get(m.User, 1)
        cyd = session.get(m.User, 3)
        updated = session.execute(
            sa.update(m.User).where(m.User.id == 1).values(age=m.User.age + 1)
        ).rowcount
        age = ann.age
        returned = session.execute(
            sa.insert(m.User).values(name="dan").returning(m.User.id, m.User.name)
        ).all()
        many = session.scalars(
            sa.insert(m.User).returning(m.User), [{"name": "eve"}, {"name": "fay"}]
        ).all()
        plain = session.execute(sa.insert(m.Tag), [{"name": "t1"}, {"name": "t2"}])
        deleted = session.execute(sa.delete(m.User).where(m.User.id == 3)).rowcount
        back = session.execute(
            sa.update(m.Post)
            .where(m.Post.id < 3)
            .values(stars=9)
            .returning(m.Post.id, m.Post.stars)
        ).all()
        result = (
            updated, age, [tuple(r) for r in returned], [(u.id, u.name) for u in many],
            deleted, sorted(tuple(r) for r in back), cyd in session, plain is not None,
        )  # fmt: skip
        session.commit()
    return result, lib.dump(m, engine)


def program_core_texts_of_dml(lib: Library) -> Any:
    m = lib.blog()
    sa, users = lib.sql, m.User.__table__
    return [
        str(sa.insert(users)),
        str(sa.insert(users).values(name="x")),
        str(sa.update(users).where(users.c.id == 1).values(name="x", age=users.c.age + 1)),
        str(sa.delete(users).where(users.c.name.in_(["a", "b"]))),
        str(sa.insert(users).values(name="x").returning(users.c.id)),
        str(sa.update(m.User).where(m.User.name == "x").values(age=3)),
        str(sa.delete(m.User).where(m.User.age < 3)),
        str(sa.select(m.User).join(m.User.posts).where(m.Post.title == "x")),
        str(sa.select(m.User.name).where(m.User.id == sa.bindparam("key"))),
        str(sa.text("select :a").bindparams(a=1)),
    ]
