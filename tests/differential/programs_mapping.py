"""Programs about mappings: collections, keys, cascades, orders, and special attributes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from library import Library


def _parents(lib: Library, child_columns: Any = None, **relationship: Any) -> tuple[Any, Any]:
    """`Parent.children` with these arguments of `relationship()`, and an engine."""
    sql, orm = lib.sql, lib.orm
    base = orm.declarative_base()

    class Parent(base):  # type: ignore[misc, valid-type]
        __tablename__ = "parents"
        id = sql.Column(sql.Integer, primary_key=True)
        name = sql.Column(sql.String(20))
        children = orm.relationship("Child", **relationship)

    class Child(base):  # type: ignore[misc, valid-type]
        __tablename__ = "children"
        id = sql.Column(sql.Integer, primary_key=True)
        name = sql.Column(sql.String(20))
        rank = sql.Column(sql.Integer, default=0)
        parent_id = sql.Column(sql.ForeignKey("parents.id"))

    engine = lib.engine()
    base.metadata.create_all(engine)
    return SimpleNamespace(base=base, Parent=Parent, Child=Child), engine


def program_collection_set(lib: Library) -> Any:
    m, engine = _parents(lib, collection_class=set, backref="parent")
    session = lib.orm.Session(engine)
    one, two = m.Child(name="one"), m.Child(name="two")
    parent = m.Parent(name="p", children={one, two})
    session.add_all([one, two, parent])
    session.commit()
    log = [sorted(c.name for c in parent.children), type(parent.children) is set]
    parent.children.discard(one)
    parent.children |= {m.Child(name="three")}
    log += [one.parent, sorted(c.name for c in parent.children)]
    session.commit()
    parent.children.clear()
    session.commit()
    session.close()
    return log, lib.dump(m, engine)


def program_collection_dict(lib: Library) -> Any:
    keyed = lib.orm.attribute_keyed_dict("name")
    m, engine = _parents(
        lib, collection_class=keyed, backref="parent", cascade="all, delete-orphan"
    )
    session = lib.orm.Session(engine)
    parent = m.Parent(name="p")
    parent.children["a"] = m.Child(name="a")
    parent.children["b"] = m.Child(name="b")
    session.add(parent)
    session.commit()
    log = [sorted(parent.children), parent.children["a"].parent is parent]
    del parent.children["a"]
    parent.children["b"] = m.Child(name="b", rank=2)
    child = m.Child(name="c", parent=parent)
    session.add(child)
    log.append((sorted(parent.children), parent.children["c"] is child))
    session.commit()
    log.append(parent.children.pop("c").name)
    session.commit()
    session.close()
    return log, lib.dump(m, engine)


def program_collection_list_operations(lib: Library) -> Any:
    m, _ = _parents(lib, backref="parent", order_by="Child.id")
    a, b, c, d = (m.Child(name=n) for n in "abcd")
    parent = m.Parent(children=[a, b])
    log = []

    def note() -> None:
        log.append(([x.name for x in parent.children], [x.parent is parent for x in (a, b, c, d)]))

    parent.children.insert(0, c)
    note()
    parent.children[1] = d
    note()
    parent.children[0:2] = [a]
    note()
    del parent.children[0]
    note()
    parent.children.extend([c, d])
    note()
    parent.children += [a]
    note()
    log.append(parent.children.pop().name)
    parent.children.remove(c)
    note()
    parent.children.clear()
    note()
    log.append(lib.error(lambda: parent.children.append("no child")))
    log.append(lib.error(lambda: setattr(parent, "children", 5)))
    log.append(lib.error(lambda: setattr(parent, "children", None)))
    return log


def program_order_by(lib: Library) -> Any:
    m, engine = _parents(lib, order_by="Child.rank.desc()")
    session = lib.orm.Session(engine)
    session.add(
        m.Parent(
            id=1,
            children=[m.Child(name=n, rank=r) for n, r in (("a", 2), ("b", 9), ("c", 5))],
        )
    )
    session.commit()
    sent = lib.statements(engine)
    parent = session.get(m.Parent, 1)
    log = [[c.name for c in parent.children]]
    session.close()
    return log, [sql for sql, _ in sent]


def program_viewonly(lib: Library) -> Any:
    m, engine = _parents(lib, viewonly=True)
    session = lib.orm.Session(engine)
    parent, child = m.Parent(id=1), m.Child(id=1, parent_id=1)
    session.add_all([parent, child])
    session.commit()
    log = [parent.children == [child]]
    parent.children.append(m.Child(name="not saved"))
    log.append(session.is_modified(parent))
    session.commit()
    log.append(len(parent.children))
    session.close()
    return log, lib.dump(m, engine)


def program_passive_deletes(lib: Library) -> Any:
    log = []
    for passive in (False, True, "all"):
        m, engine = _parents(lib, passive_deletes=passive)
        session = lib.orm.Session(engine)
        session.add(m.Parent(id=1, children=[m.Child(id=1), m.Child(id=2)]))
        session.commit()
        parent = session.get(m.Parent, 1)
        assert parent.name is None
        sent = lib.statements(engine)
        session.delete(parent)
        session.commit()
        session.close()
        log.append((list(sent), lib.dump(m, engine)))
    return log


def program_delete_with_loaded_children(lib: Library) -> Any:
    log = []
    for cascade in ("save-update, merge", "all", "all, delete-orphan"):
        m, engine = _parents(lib, cascade=cascade, backref="parent", order_by="Child.id")
        session = lib.orm.Session(engine)
        session.add(m.Parent(id=1, children=[m.Child(id=1), m.Child(id=2)]))
        session.commit()
        parent = session.get(m.Parent, 1)
        children = list(parent.children)
        sent = lib.statements(engine)
        session.delete(parent)
        log.append([child in session.deleted for child in children])
        session.flush()
        log.append(list(sent))
        session.commit()
        log.append([lib.states(child) for child in children])
        session.close()
        log.append(lib.dump(m, engine))
    return log


def program_one_to_one_replaced(lib: Library) -> Any:
    log = []
    for cascade in ("save-update, merge", "all, delete-orphan"):
        m, engine = _parents(lib, uselist=False, cascade=cascade, backref="parent")
        session = lib.orm.Session(engine)
        old, new = m.Child(name="old"), m.Child(name="new")
        parent = m.Parent(name="p", children=old)
        session.add(parent)
        session.commit()
        parent.children = new
        log.append(new.parent is parent)
        session.commit()
        log.append((lib.states(old), parent.children.name))
        parent.children = None
        session.commit()
        session.close()
        log.append(lib.dump(m, engine))
    return log


def program_many_to_one_to_none(lib: Library) -> Any:
    m, engine = _parents(lib, backref="parent")
    session = lib.orm.Session(engine)
    session.add(m.Parent(id=1, children=[m.Child(id=1), m.Child(id=2)]))
    session.commit()
    child = session.get(m.Child, 1)
    child.parent = None
    session.get(m.Child, 2).parent_id = None
    session.commit()
    log = [child.parent, session.get(m.Parent, 1).children]
    child.parent_id = 1
    session.commit()
    log.append(child.parent.id)
    session.close()
    return log, lib.dump(m, engine)


def program_no_backref_cascade(lib: Library) -> Any:
    m, engine = _parents(lib, backref="parent")
    session = lib.orm.Session(engine)
    parent = m.Parent(name="p")
    session.add(parent)
    by_backref = m.Child(name="x", parent=parent)
    by_append = m.Child(name="y")
    log = [by_backref in session]
    parent.children.append(by_append)
    log.append(by_append in session)
    session.expunge(parent)
    log += [parent in session, by_append in session]
    session.close()
    return log


def program_composite_keys(lib: Library) -> Any:
    sql, orm = lib.sql, lib.orm
    base = orm.declarative_base()

    class Place(base):  # type: ignore[misc, valid-type]
        __tablename__ = "places"
        x = sql.Column(sql.Integer, primary_key=True)
        y = sql.Column(sql.Integer, primary_key=True)
        name = sql.Column(sql.String(10))
        things = orm.relationship("Thing", back_populates="place", order_by="Thing.id")

    class Thing(base):  # type: ignore[misc, valid-type]
        __tablename__ = "things"
        __table_args__ = (sql.ForeignKeyConstraint(["px", "py"], ["places.x", "places.y"]),)
        id = sql.Column(sql.Integer, primary_key=True)
        px = sql.Column(sql.Integer)
        py = sql.Column(sql.Integer)
        place = orm.relationship("Place", back_populates="things")

    engine = lib.engine()
    base.metadata.create_all(engine)
    session = orm.Session(engine)
    session.add_all([Place(x=1, y=2, name="a", things=[Thing(id=1)]), Place(x=2, y=1, name="b")])
    session.commit()
    sent = lib.statements(engine)
    place = session.get(Place, (1, 2))
    log = [
        place.name,
        session.get(Place, {"y": 1, "x": 2}).name,
        sql.inspect(place).identity,
        [t.px for t in place.things],
        lib.error(lambda: session.get(Place, 1)),
        lib.error(lambda: session.get(Place, {"x": 1})),
    ]
    session.expunge_all()
    loaded = session.scalars(
        sql.select(Place).options(orm.selectinload(Place.things)).order_by(Place.x)
    ).all()
    log.append([(p.name, len(p.things)) for p in loaded])
    place = loaded[0]
    place.x = 7
    place.things.append(Thing(id=2))
    session.commit()
    session.close()
    m = SimpleNamespace(base=base)
    return log, lib.dump(m, engine), [sql_ for sql_, _ in sent]


def program_tree(lib: Library) -> Any:
    m, engine = lib.filled_blog()
    session = lib.orm.Session(engine)
    root = session.get(m.Node, 1)
    child = m.Node(name="c")
    root.children[0].children.append(m.Node(name="a2", children=[m.Node(name="deep")]))
    session.flush()
    child.parent = root
    session.add(child)
    session.commit()

    def names(node: Any) -> Any:
        return node.name, [names(c) for c in node.children]

    log = [names(root), [n.name for n in (session.get(m.Node, 4).parent, root)]]
    child.parent = root.children[0]
    session.commit()
    log.append(names(root))
    session.close()
    return log, lib.dump(m, engine)["nodes"]


def program_association_object(lib: Library) -> Any:
    sql, orm = lib.sql, lib.orm
    base = orm.declarative_base()

    class Order(base):  # type: ignore[misc, valid-type]
        __tablename__ = "orders"
        id = sql.Column(sql.Integer, primary_key=True)
        lines = orm.relationship(
            "Line", back_populates="order", cascade="all, delete-orphan", order_by="Line.item_id"
        )

    class Line(base):  # type: ignore[misc, valid-type]
        __tablename__ = "lines"
        order_id = sql.Column(sql.ForeignKey("orders.id"), primary_key=True)
        item_id = sql.Column(sql.ForeignKey("items.id"), primary_key=True)
        count = sql.Column(sql.Integer)
        order = orm.relationship("Order", back_populates="lines")
        item = orm.relationship("Item")

    class Item(base):  # type: ignore[misc, valid-type]
        __tablename__ = "items"
        id = sql.Column(sql.Integer, primary_key=True)
        name = sql.Column(sql.String(10))

    engine = lib.engine()
    base.metadata.create_all(engine)
    session = orm.Session(engine)
    items = [Item(id=i, name=f"i{i}") for i in (1, 2, 3)]
    order = Order(lines=[Line(item=items[0], count=1), Line(item=items[1], count=2)])
    session.add_all([order, *items])
    session.commit()
    log = [[(x.item.name, x.count) for x in order.lines]]
    del order.lines[0]
    order.lines.append(Line(item=items[2], count=9))
    session.commit()
    log.append([(x.item.name, x.count) for x in order.lines])
    session.delete(order)
    session.commit()
    session.close()
    return log, lib.dump(SimpleNamespace(base=base), engine)


def program_post_update(lib: Library) -> Any:
    sql, orm = lib.sql, lib.orm
    base = orm.declarative_base()

    class Team(base):  # type: ignore[misc, valid-type]
        __tablename__ = "teams"
        id = sql.Column(sql.Integer, primary_key=True)
        captain_id = sql.Column(sql.ForeignKey("players.id", name="fk_captain"))
        captain = orm.relationship("Player", foreign_keys=[captain_id], post_update=True)
        players = orm.relationship(
            "Player", foreign_keys="Player.team_id", back_populates="team", order_by="Player.id"
        )

    class Player(base):  # type: ignore[misc, valid-type]
        __tablename__ = "players"
        id = sql.Column(sql.Integer, primary_key=True)
        team_id = sql.Column(sql.ForeignKey("teams.id"))
        team = orm.relationship("Team", foreign_keys=[team_id], back_populates="players")

    engine = lib.engine()
    base.metadata.create_all(engine)
    sent = lib.statements(engine)
    session = orm.Session(engine)
    team = Team(id=1, players=[Player(id=1), Player(id=2)])
    team.captain = team.players[0]
    session.add(team)
    session.commit()
    log = [team.captain.id, [p.id for p in team.players]]
    team.captain = team.players[1]
    session.commit()
    with engine.connect() as connection:
        log.append([tuple(r) for r in connection.execute(sql.select(Team.__table__))])
    players = list(team.players)
    session.delete(team)
    for player in players:
        session.delete(player)
    session.commit()
    session.close()
    return log, [sql_ for sql_, _ in sent if not sql_.startswith("SELECT")]


def _gadget(lib: Library) -> tuple[Any, Any]:
    sql, orm = lib.sql, lib.orm
    base = orm.declarative_base()

    class Gadget(base):  # type: ignore[misc, valid-type]
        __tablename__ = "gadgets"
        id = sql.Column(sql.Integer, primary_key=True)
        name = sql.Column(sql.String(20))
        price = sql.Column(sql.Integer)
        notes = orm.deferred(sql.Column(sql.String(50)))
        extra = orm.deferred(sql.Column(sql.String(50)), group="more")
        more = orm.deferred(sql.Column(sql.String(50)), group="more")
        title = orm.synonym("name")
        double = orm.column_property(price * 2)

        @orm.validates("price", "notes")
        def check(self, key: str, value: Any) -> Any:
            if key == "price" and value is not None and value < 0:
                raise ValueError(key)
            return value if key == "price" else f"[{value}]"

    engine = lib.engine()
    base.metadata.create_all(engine)
    session = orm.Session(engine)
    session.add(Gadget(id=1, name="lamp", price=5, notes="n", extra="e", more="m"))
    session.commit()
    session.close()
    return Gadget, engine


def program_deferred(lib: Library) -> Any:
    Gadget, engine = _gadget(lib)
    sent = lib.statements(engine)
    session = lib.orm.Session(engine)
    lamp = session.get(Gadget, 1)
    log = [sorted(k for k in lamp.__dict__ if k[0] != "_"), lamp.notes, lamp.extra]
    log.append(sorted(k for k in lamp.__dict__ if k[0] != "_"))
    session.expunge_all()
    options = [lib.orm.undefer(Gadget.notes), lib.orm.undefer_group("more")]
    for option in options:
        lamp = session.scalars(lib.sql.select(Gadget).options(option)).one()
        log.append(sorted(k for k in lamp.__dict__ if k[0] != "_"))
        session.expunge_all()
    lamp = session.scalars(
        lib.sql.select(Gadget).options(lib.orm.defer(Gadget.name, raiseload=True))
    ).one()
    log.append(lib.error(lambda: lamp.name))
    session.close()
    return log, sent


def program_column_property_and_synonym(lib: Library) -> Any:
    Gadget, engine = _gadget(lib)
    session = lib.orm.Session(engine)
    select = lib.sql.select
    lamp = session.get(Gadget, 1)
    log = [lamp.double, lamp.title]
    lamp.title = "torch"
    lamp.price = 8
    session.commit()
    log += [lamp.name, lamp.double]
    log.append(session.scalars(select(Gadget.id).where(Gadget.title == "torch")).all())
    log.append(session.scalars(select(Gadget.double).where(Gadget.double > 3)).all())
    log += [str(select(Gadget)), str(select(Gadget.title)), str(select(Gadget.double))]
    log.append(session.scalars(select(Gadget).filter_by(title="torch", double=16)).one() is lamp)
    session.close()
    return log


def program_validates(lib: Library) -> Any:
    Gadget, _ = _gadget(lib)
    gadget = Gadget(name="x", notes="n")
    log = [gadget.notes, lib.error(lambda: setattr(gadget, "price", -1)), gadget.price]
    gadget.price = 4
    log += [gadget.price, lib.error(lambda: Gadget(price=-1))]
    return log


def program_mapper_inspection(lib: Library) -> Any:
    m = lib.blog()
    mapper = lib.sql.inspect(m.User)
    alias = lib.sql.inspect(lib.orm.aliased(m.User, name="u"))
    return [
        mapper.class_ is m.User,
        [c.key for c in mapper.column_attrs],
        sorted(r.key for r in mapper.relationships),
        sorted(a.key for a in mapper.attrs),
        [c.name for c in mapper.primary_key],
        mapper.local_table.name,
        mapper.relationships["posts"].mapper.class_ is m.Post,
        mapper.relationships["posts"].direction.name,
        mapper.relationships["profile"].uselist,
        lib.sql.inspect(m.Post).relationships["author"].direction.name,
        lib.sql.inspect(m.Post).relationships["tags"].direction.name,
        str(mapper.relationships["posts"].primaryjoin),
        sorted(mapper.relationships["posts"].cascade),
        [c.name for c in mapper.relationships["posts"].remote_side],
        alias.mapper is mapper,
        alias.name,
        lib.orm.class_mapper(m.User) is mapper,
        lib.error(lambda: lib.orm.class_mapper(object)),
        lib.error(lambda: lib.sql.inspect(object())),
        lib.sql.inspect(object(), raiseerr=False),
        str(m.User.name), str(m.User.posts), m.User.name.key, m.User.name.property.columns[0].name,
    ]  # fmt: skip


def program_mapping_mistakes(lib: Library) -> Any:
    sql, orm = lib.sql, lib.orm

    def no_key() -> None:
        class NoKey(orm.declarative_base()):  # type: ignore[misc]
            __tablename__ = "no_key"
            name = sql.Column(sql.String(5))

    def no_table() -> None:
        class NoTable(orm.declarative_base()):  # type: ignore[misc]
            id = sql.Column(sql.Integer, primary_key=True)

    def unknown_target() -> None:
        class Lost(orm.declarative_base()):  # type: ignore[misc]
            __tablename__ = "lost"
            id = sql.Column(sql.Integer, primary_key=True)
            other = orm.relationship("Nowhere")

        Lost.registry.configure()

    def no_foreign_key() -> None:
        base = orm.declarative_base()

        class A(base):  # type: ignore[misc, valid-type]
            __tablename__ = "a"
            id = sql.Column(sql.Integer, primary_key=True)
            bs = orm.relationship("B")

        class B(base):  # type: ignore[misc, valid-type]
            __tablename__ = "b"
            id = sql.Column(sql.Integer, primary_key=True)

        base.registry.configure()

    def bad_cascade() -> None:
        orm.relationship("X", cascade="everything")

    def orphan_on_many_side() -> None:
        base = orm.declarative_base()

        class A(base):  # type: ignore[misc, valid-type]
            __tablename__ = "a"
            id = sql.Column(sql.Integer, primary_key=True)

        class B(base):  # type: ignore[misc, valid-type]
            __tablename__ = "b"
            id = sql.Column(sql.Integer, primary_key=True)
            a_id = sql.Column(sql.ForeignKey("a.id"))
            a = orm.relationship("A", cascade="all, delete-orphan")

        base.registry.configure()

    def twice() -> None:
        base = orm.declarative_base()
        sql.Table("t", base.metadata, sql.Column("id", sql.Integer))
        sql.Table("t", base.metadata, sql.Column("id", sql.Integer))

    mistakes = (
        no_key, no_table, unknown_target, no_foreign_key, bad_cascade, orphan_on_many_side, twice,
    )  # fmt: skip
    return [lib.error(mistake) for mistake in mistakes]
