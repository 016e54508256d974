"""Programs of applications, written for one library and moved to the other.

Each is a generator of what it would print, and runs on whichever database its library has.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from library import Library


def _made(lib: Library, base: Any) -> Any:
    engine = lib.engine()
    base.metadata.create_all(engine)
    return engine


class Colour(enum.Enum):
    """What is stored by name."""

    red = 1
    green = 2


def _readings(lib: Library) -> SimpleNamespace:
    sql = lib.sql
    base = lib.orm.declarative_base()
    count = iter(range(1, 100))

    class Reading(base):  # type: ignore[misc, valid-type]
        __tablename__ = "reading"
        id = sql.Column(sql.Integer, primary_key=True)
        value = sql.Column("measured", sql.Integer)
        colour = sql.Column("shade", sql.Enum(Colour))
        seen = sql.Column("seen_by", sql.Integer, onupdate=lambda: next(count))
        changes = sql.Column(
            sql.Integer, default=0, onupdate=sql.text("coalesce(reading.changes, 0) + 1")
        )
        twice = sql.Column(sql.Integer, sql.Computed("measured * 2"))
        other = sql.Column(sql.Integer)
        more = lib.orm.column_property(value + 100)

    return SimpleNamespace(base=base, Reading=Reading)


def program_an_update_tells_objects_what_else_it_changed(lib: Library) -> Iterator[Any]:
    sql, m = lib.sql, _readings(lib)
    engine, reading = _made(lib, m.base), m.Reading
    with lib.orm.Session(engine) as session:
        session.add_all([reading(id=i, value=i, other=i) for i in (1, 2)])
        session.commit()
        for synchronize in ("evaluate", "fetch", "auto", False):
            found = session.scalars(sql.select(reading).order_by(reading.id)).all()
            statement = sql.update(reading).where(reading.id == 1).values(value=10)
            options = {"synchronize_session": synchronize}
            session.execute(statement, execution_options=options)
            yield synchronize, sorted(sql.inspect(found[0]).unloaded)
            yield [(r.value, r.seen, r.changes, r.twice, r.other, r.more) for r in found]
            session.rollback()
        yield found[0].more
        found[0].value = 7
        session.flush()
        yield sorted(sql.inspect(found[0]).unloaded), found[0].more, found[0].twice


def program_values_by_attribute_have_their_columns_type(lib: Library) -> Iterator[Any]:
    sql, m = lib.sql, _readings(lib)
    engine, reading = _made(lib, m.base), m.Reading
    with lib.orm.Session(engine) as session:
        session.execute(sql.insert(reading).values(id=1, colour=Colour.red, value=1))
        session.execute(
            sql.insert(reading).values(
                [{"id": 2, "colour": Colour.green}, {"id": 3, "colour": None}]
            )
        )
        session.execute(sql.update(reading).where(reading.id == 1).values(colour=Colour.green))
        session.execute(
            sql.update(reading).values({reading.colour: Colour.red}).where(reading.id == 3)
        )
        yield [r.colour for r in session.scalars(sql.select(reading).order_by(reading.id))]
        session.commit()
    yield str(sql.update(reading).values(colour=Colour.red, seen=1))
    yield str(sql.insert(reading).values(value=1, colour=None))


def _letters(lib: Library) -> SimpleNamespace:
    """Parents that have their children joined whenever they are loaded."""
    sql, orm = lib.sql, lib.orm
    base = orm.declarative_base()

    class Parent(base):  # type: ignore[misc, valid-type]
        __tablename__ = "parent"
        id = sql.Column(sql.Integer, primary_key=True)
        name = sql.Column(sql.String(10))
        children = orm.relationship("Child", lazy="joined", order_by="Child.id.desc()")

    class Child(base):  # type: ignore[misc, valid-type]
        __tablename__ = "child"
        id = sql.Column(sql.Integer, primary_key=True)
        parent_id = sql.Column(sql.ForeignKey("parent.id"))

    return SimpleNamespace(base=base, Parent=Parent, Child=Child)


def program_what_is_inside_of_a_statement_joins_nothing(lib: Library) -> Iterator[Any]:
    sql, orm, m = lib.sql, lib.orm, _letters(lib)
    engine, parent, child = _made(lib, m.base), m.Parent, m.Child
    with orm.Session(engine) as session:
        session.add_all([parent(name="a", children=[child(), child(), child()]), parent(name="b")])
        session.commit()
        query = session.query(parent)
        yield query.count(), query.limit(1).count(), query.distinct().count(), len(query.all())
        yield query.options(orm.joinedload(parent.children)).count()
        yield query.join(parent.children).count(), query.union(query).count()
        inner = sql.select(parent).subquery()
        yield session.scalar(sql.select(sql.func.count()).select_from(inner)), str(inner.select())
        both = sql.union_all(sql.select(parent), sql.select(parent)).order_by("id")
        yield session.execute(both).all(), str(both)
        again = orm.aliased(parent, sql.select(parent).where(parent.name == "a").subquery())
        found = session.scalars(sql.select(again).order_by(again.id)).unique().all()
        yield [(p.name, len(p.children)) for p in found]
        known = sql.select(parent.id).where(parent.id.in_(sql.select(parent.id)))
        yield session.scalars(known.order_by(parent.id)).all()
        yield session.scalar(sql.select(sql.exists(sql.select(parent))))
        shared = sql.select(parent).cte("shared")
        yield session.scalars(sql.select(shared.c.name).order_by(shared.c.name)).all()


def program_a_row_that_was_gone_comes_back_by_a_rollback(lib: Library) -> Iterator[Any]:
    sql, m = lib.sql, _letters(lib)
    engine, child = _made(lib, m.base), m.Child
    with lib.orm.Session(engine) as session:
        session.add(child(id=1))
        session.commit()
        found = session.get(child, 1)
        session.execute(sql.delete(child.__table__))
        session.expire(found)
        yield lib.error(lambda: found.parent_id)
        session.rollback()
        yield session.get(child, 1) is found
        found.parent_id = 99
        session.rollback()
        yield found.parent_id, list(session.dirty)


def program_indexes_by_name_in_an_order(lib: Library) -> Iterator[Any]:
    sql = lib.sql
    table = sql.Table(
        "log",
        sql.MetaData(),
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("kind", sql.String(10)),
        sql.Column("made_at", sql.Integer),
        sql.Index("ix_log", "kind", sql.desc("made_at")),
        sql.Index("ix_made", sql.asc("made_at")),
    )
    engine = lib.engine()
    table.metadata.create_all(engine)
    indexes = sql.inspect(engine).get_indexes("log")
    yield sorted((index["name"], index["column_names"]) for index in indexes)
    for index in sorted(table.indexes, key=lambda each: each.name):
        yield str(sql.schema.CreateIndex(index).compile(engine))


def _courses(lib: Library) -> SimpleNamespace:
    """Students whose enrolments are objects, and who have friends."""
    sql, orm = lib.sql, lib.orm
    base = orm.declarative_base()
    friendships = sql.Table(
        "friend",
        base.metadata,
        sql.Column("a", sql.ForeignKey("student.id"), primary_key=True),
        sql.Column("b", sql.ForeignKey("student.id"), primary_key=True),
    )

    class Student(base):  # type: ignore[misc, valid-type]
        __tablename__ = "student"
        id = sql.Column(sql.Integer, primary_key=True)
        name = sql.Column(sql.String(30), nullable=False)
        enrolments = orm.relationship(
            "Enrolment", back_populates="student", cascade="all, delete-orphan"
        )
        friends = orm.relationship(
            "Student",
            secondary=friendships,
            primaryjoin="Student.id == friend.c.a",
            secondaryjoin="Student.id == friend.c.b",
            order_by="Student.id",
        )

    class Course(base):  # type: ignore[misc, valid-type]
        __tablename__ = "course"
        code = sql.Column(sql.String(10), primary_key=True)
        term = sql.Column(sql.Integer, primary_key=True, autoincrement=False)
        title = sql.Column(sql.String(50))

    class Enrolment(base):  # type: ignore[misc, valid-type]
        __tablename__ = "enrolment"
        student_id = sql.Column(sql.ForeignKey("student.id"), primary_key=True)
        code = sql.Column(sql.String(10), primary_key=True)
        term = sql.Column(sql.Integer, primary_key=True, autoincrement=False)
        grade = sql.Column(sql.Numeric(3, 1))
        student = orm.relationship(Student, back_populates="enrolments")
        course = orm.relationship(Course)
        __table_args__ = (
            sql.ForeignKeyConstraint(["code", "term"], ["course.code", "course.term"]),
        )

    return SimpleNamespace(base=base, Student=Student, Course=Course, Enrolment=Enrolment)


def program_students_and_courses(lib: Library) -> Iterator[Any]:
    sql, orm, m = lib.sql, lib.orm, _courses(lib)
    engine = _made(lib, m.base)
    student, enrolment, course = m.Student, m.Enrolment, m.Course
    with orm.Session(engine) as session:
        courses = [course(code=f"C{i}", term=t, title=f"t{i}") for i in range(3) for t in (1, 2)]
        students = [student(name=name) for name in "abcd"]
        session.add_all([*courses, *students])
        session.flush()
        for i, each in enumerate(students):
            each.enrolments = [enrolment(course=c, grade=i + 0.5) for c in courses[: i + 1]]
            each.friends = students[:i]
        session.commit()
        yield [
            (s.name, sorted((e.code, e.term, e.grade) for e in s.enrolments), len(s.friends))
            for s in students
        ]
        pairs = sql.tuple_(enrolment.code, enrolment.term).in_([("C1", 1), ("C0", 2)])
        order = (enrolment.student_id, enrolment.code)
        yield session.scalars(sql.select(enrolment.student_id).where(pairs).order_by(*order)).all()
        named = student.friends.any(student.name == "b")
        yield session.scalars(sql.select(student.name).where(named).order_by(student.id)).all()
        session.expunge_all()
        loaded = (
            sql.select(student)
            .order_by(student.id)
            .options(
                orm.selectinload(student.enrolments).joinedload(enrolment.course),
                orm.joinedload(student.friends),
            )
        )
        found = session.scalars(loaded.limit(3).offset(1)).unique().all()
        yield [
            (s.name, sorted(e.course.title for e in s.enrolments), [f.name for f in s.friends])
            for s in found
        ]
        last = found[-1]
        last.enrolments = last.enrolments[:1]
        last.friends.pop(0)
        session.commit()
        yield len(last.enrolments), [f.name for f in last.friends]
        session.delete(last)
        session.commit()
        counted = sql.select(sql.func.count()).select_from(enrolment)
        yield session.scalar(counted), session.get(enrolment, (2, "C0", 1)).grade


def program_trees_by_recursion(lib: Library) -> Iterator[Any]:
    sql, orm = lib.sql, lib.orm
    m = lib.blog()
    engine, node = _made(lib, m.base), m.Node

    def grown(name: str, depth: int) -> Any:
        return node(name=name, children=[grown(f"{name}{i}", depth - 1) for i in range(2) if depth])

    with orm.Session(engine) as session:
        session.add(grown("r", 3))
        session.commit()
        root = sql.select(
            node.id, node.name, sql.cast(node.name, sql.String(200)).label("path")
        ).where(node.parent_id.is_(None))
        above = root.cte("above", recursive=True)
        below = orm.aliased(node)
        path = sql.cast(above.c.path + "/" + below.name, sql.String(200))
        tree = above.union_all(
            sql.select(below.id, below.name, path).join(above, below.parent_id == above.c.id)
        )
        yield session.scalars(sql.select(tree.c.path).order_by(tree.c.path)).all()
        session.expunge_all()
        top = session.scalars(
            sql.select(node)
            .where(node.parent_id.is_(None))
            .options(orm.selectinload(node.children, recursion_depth=-1))
        ).one()
        left, right = top.children
        right.children.append(left.children[0])
        session.commit()
        yield [n.name for n in left.children], [n.name for n in right.children]
        yield session.scalars(
            sql.select(node.name).where(node.parent.has(name="r1")).order_by(node.name)
        ).all()


def program_update_events_of_what_was_touched(lib: Library) -> Iterator[Any]:
    sql, m = lib.sql, lib.blog()
    engine = _made(lib, m.base)
    seen: list[tuple[str, str]] = []
    for name in ("before_update", "after_update"):
        for mapped in (m.User, m.Post):

            def note(_mapper: Any, _connection: Any, obj: Any, name: str = name) -> None:
                seen.append((name, type(obj).__name__))

            sql.event.listen(mapped, name, note)
    with lib.orm.Session(engine) as session:
        user = m.User(name="ann", posts=[m.Post(title="a"), m.Post(title="b")])
        session.add(user)
        session.commit()

        def told() -> list[tuple[str, str]]:
            session.commit()
            found = sorted(seen)
            seen.clear()
            return found

        user.name = user.name + ""
        yield told()
        user.name = "bea"
        yield told()
        user.posts.append(m.Post(title="c"))
        yield told()
        user.posts[0].title = "z"
        user.posts[0].title = "a"
        yield told()
        user.posts.pop()
        yield told()


def program_soft_deletes(lib: Library) -> Iterator[Any]:
    """Criteria of entities, whatever of them is selected."""
    sql, orm = lib.sql, lib.orm
    base = orm.declarative_base()

    class Soft:
        deleted = sql.Column(sql.Integer)

    class Owner(Soft, base):  # type: ignore[misc, valid-type]
        __tablename__ = "owner"
        id = sql.Column(sql.Integer, primary_key=True)
        name = sql.Column(sql.String(10))
        pets = orm.relationship("Pet", back_populates="owner", order_by="Pet.id")

    class Pet(Soft, base):  # type: ignore[misc, valid-type]
        __tablename__ = "pet"
        id = sql.Column(sql.Integer, primary_key=True)
        name = sql.Column(sql.String(10))
        owner_id = sql.Column(sql.ForeignKey("owner.id"))
        owner = orm.relationship(Owner, back_populates="pets")

    engine, select = _made(lib, base), sql.select
    with orm.Session(engine) as session:
        gone, left = Owner(name="gone", deleted=1), Owner(name="left")
        gone.pets = [Pet(name="a")]
        left.pets = [Pet(name="b"), Pet(name="c", deleted=1)]
        session.add_all([gone, left])
        session.commit()
        session.expunge_all()

        @sql.event.listens_for(session, "do_orm_execute")
        def leave_out(state: Any) -> None:
            if state.is_select:
                there = orm.with_loader_criteria(
                    Soft, lambda cls: cls.deleted.is_(None), include_aliases=True
                )
                state.statement = state.statement.options(there)

        other = orm.aliased(Owner)
        for statement in (
            select(Owner.name),
            select(Owner.name, Pet.name).join(Owner.pets),
            select(Owner.name, Pet.name).outerjoin(Owner.pets),
            select(Pet.name, Owner.name).join(Owner, Owner.id == Pet.owner_id),
            select(sql.func.count()).select_from(Owner),
            select(sql.func.count(Pet.id)),
            select(other.name),
            select(Pet.name).join(Pet.owner),
            select(sql.literal(1)).where(Owner.name == "gone"),
            select(Owner.__table__.c.name).order_by(Owner.__table__.c.name),
        ):
            yield str(statement), session.execute(statement).all()
        for load in (orm.lazyload, orm.selectinload, orm.joinedload):
            owners = session.scalars(select(Owner).options(load(Owner.pets))).unique().all()
            yield [(owner.name, [pet.name for pet in owner.pets]) for owner in owners]
            session.expunge_all()
