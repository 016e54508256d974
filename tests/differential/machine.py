"""Carries out session operations on one library and keeps a log that the other's must equal.

After every operation its outcome (a value, or the class of the exception) and the states of all
objects are noted; at the end the tables are dumped. Foreign keys are enforced, so that statements
in a wrong order fail.

What ormolu intends to differ in (docs/differences.md) is brought to one level here: after a failed
flush and its rollback, ormolu's pending objects are made transient, as SQLAlchemy has made them;
attributes of detached objects aren't read. New users are given every attribute: one that was left
out is NULL after the flush, as ormolu knows, while SQLAlchemy asks, and so flushes, when it is
read.
"""

from __future__ import annotations

import functools
import gc
import operator
import warnings
from types import SimpleNamespace
from typing import Any

from invariants import check_session
from library import Library


class World:
    """The models and the database of one library, made once and filled anew for every program."""

    def __init__(self, root: str) -> None:
        self.lib = Library(root)
        self.m, self.engine = self.lib.filled_blog()
        self.rows = self.lib.dump(self.m, self.engine)
        with self.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            connection.exec_driver_sql("BEGIN")
        gc.collect()
        gc.freeze()

    def fill(self) -> None:
        tables = self.m.base.metadata.sorted_tables
        with self.engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            for table in reversed(tables):
                connection.exec_driver_sql(f"DELETE FROM {table.name}")
            for table in tables:
                rows = self.rows[table.name]
                if rows:
                    marks = ", ".join("?" * len(rows[0]))
                    connection.exec_driver_sql(f"INSERT INTO {table.name} VALUES ({marks})", rows)


@functools.cache
def world(root: str) -> World:
    return World(root)


def run(root: str, program: list[tuple[Any, ...]], *, siblings: bool = False) -> list[Any]:
    """The log of a program.

    :param siblings: have ormolu load lazy attributes for all siblings, which shows in when a flush
        comes about; so both libraries flush after every operation then.
    """
    machine_world = world(root)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # When the collector comes by chance, so would what a session still has.
        gc.disable()
        try:
            return Machine(machine_world, siblings).run(program)
        finally:
            gc.enable()


def plain(value: Any) -> Any:
    """An outcome as data: an SQL expression that waits to be flushed is shown as such."""
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return value if isinstance(value, (int, str, type(None))) else "expression"


title, label = operator.attrgetter("title"), operator.attrgetter("name")


class Machine:
    """One run of a program."""

    def __init__(self, world: World, siblings: bool = False) -> None:
        self.siblings = siblings
        self.lib = world.lib
        self.m: SimpleNamespace = world.m
        self.engine = world.engine
        world.fill()
        options = {"lazy_batch": siblings} if self.lib.root == "ormolu" else {}
        self.session = self.lib.orm.Session(self.engine, **options)
        self.held: list[Any] = []  # what was loaded in passing lives on, until it is forgotten
        self.users = self._all(self.m.User)
        self.posts = self._all(self.m.Post)
        self.tags = self._all(self.m.Tag)
        self.nodes = self._all(self.m.Node)
        self.profiles: list[Any] = []
        self.savepoints: list[Any] = []
        self.log: list[Any] = []

    def _all(self, entity: Any) -> list[Any]:
        found = list(self.session.scalars(self.lib.sql.select(entity).order_by(entity.id)))
        self.held += found
        return found

    def run(self, program: list[tuple[Any, ...]]) -> list[Any]:
        for step in program:
            outcome = self.lib.error(lambda step=step: getattr(self, step[0])(*step[1:]))
            if self.siblings and step[0] != "commit":
                self.log.append(self.lib.error(self.session.flush))
            self.log.append((step, plain(outcome), self.session.is_active, self.states()))
            if not self.session.is_active:
                self.recover()
                self.log.append(("recovered", self.session.is_active, self.states()))
            if self.lib.root == "ormolu":
                check_session(self.session, committed=step[0] == "commit" and outcome is None)
        self.log.append(("final commit", self.lib.error(self.session.commit)))
        self.session.close()
        self.log.append(self.lib.dump(self.m, self.engine))
        return self.log

    def recover(self) -> None:
        """Roll back the savepoint that failed, or everything, and go on."""
        while self.savepoints and not self.savepoints[-1].is_active:
            self.savepoints.pop().rollback()
            if self.session.is_active:
                break
        else:
            self.session.rollback()
            self.savepoints.clear()
        if self.lib.root == "ormolu":
            for obj in list(self.session.new):
                self.lib.orm.make_transient(obj)
        # These refer to users that don't know them any more. SQLAlchemy silently drops such a post
        # as an orphan of the old user when it is given to another.
        self.posts = [p for p in self.posts if self.lib.states(p) != "transient"] or self.posts[:1]
        # Some of these SQLAlchemy leaves unreadable: transient, with expired attributes.
        self.users = [u for u in self.users if self.lib.states(u) != "transient"] or self.users[:1]

    @property
    def objects(self) -> list[Any]:
        return [*self.users, *self.posts, *self.nodes, *self.profiles, *self.tags]

    def states(self) -> str:
        new, deleted = self.session.new, self.session.deleted
        return " ".join(
            self.lib.states(o)[:4] + "+" * (o in new) + "-" * (o in deleted) for o in self.objects
        )

    def user(self, index: int) -> Any:
        return self.users[index % len(self.users)]

    def post(self, index: int) -> Any:
        return self.posts[index % len(self.posts)]

    def node(self, index: int) -> Any:
        return self.nodes[index % len(self.nodes)]

    def any(self, index: int) -> Any:
        found = [
            *self.users[:4],
            *self.posts[:4],
            *self.nodes[-2:],
            *self.profiles[-2:],
            *self.users[4:],
        ]
        return found[index % len(found)]

    def attached(self, *objects: Any) -> bool:
        """Whether none is detached or deleted: only such objects' attributes are touched."""
        return all(self.lib.states(o) in ("transient", "pending", "persistent") for o in objects)

    def usable(self, *objects: Any) -> bool:
        """As `attached`, and with loaded columns: their relationships are touched next.

        SQLAlchemy loads an expired object's columns before it loads a relationship of it; ormolu
        leaves them, so that a later read autoflushes where SQLAlchemy's has no need to.
        """
        if self.attached(*objects):
            for obj in objects:
                for name in type(obj).__mapper__.column_attrs.keys():  # noqa: SIM118
                    getattr(obj, name)
        # What is given a new parent while it is marked for deletion SQLAlchemy leaves marked, for
        # the flush after the next.
        marked = self.session.deleted
        return self.attached(*objects) and not any(o in marked for o in objects)

    def whole(self, obj: Any) -> Any:
        """The object; what cascades reach from it doesn't hang on who loaded its collections."""
        if self.siblings and self.lib.states(obj) == "persistent" and self.usable(obj):
            for name in ("posts", "profile", "tags", "children"):
                getattr(obj, name, None)
        return obj

    # -- making and changing -----------------------------------------------------------------

    def add_user(self, name: str | None) -> None:
        self.users.append(self.m.User(name=name, age=None))
        self.session.add(self.users[-1])

    def make_user(self, name: str | None) -> None:
        self.users.append(self.m.User(name=name, age=None))

    def add_post(self, title: int, author: int) -> None:
        post = self.m.Post(title=f"t{title}")
        self.posts.append(post)
        if self.usable(self.user(author)):
            post.author = self.user(author)
        self.session.add(post)

    def make_post(self, title: int) -> None:
        self.posts.append(self.m.Post(title=f"t{title}"))

    def add_node(self, parent: int) -> None:
        node = self.m.Node(name="n")
        if self.usable(self.node(parent)):
            node.parent = self.node(parent)
        self.nodes.append(node)
        self.session.add(node)

    def add_profile(self, user: int) -> None:
        profile = self.m.Profile(bio="b")
        self.profiles.append(profile)
        if self.usable(self.user(user)):
            # SQLAlchemy overlooks the former one where only that one's side is loaded.
            _ = self.user(user).profile
        if self.usable(self.user(user)):
            self.user(user).profile = profile
        self.session.add(profile)

    def move_profile(self, profile: int, user: int) -> None:
        if self.profiles:
            chosen = self.profiles[profile % len(self.profiles)]
            if self.usable(chosen, self.user(user)):
                chosen.user = self.user(user)

    def drop_profile(self, user: int) -> None:
        if self.usable(self.user(user)):
            self.user(user).profile = None

    def rename(self, user: int, name: str | None) -> None:
        if self.lib.states(self.user(user)) != "deleted":
            # SQLAlchemy updates in the order of keys, ormolu rows with the same columns together:
            # one of them may meet a name that the other has just freed.
            self.session.flush()
            self.user(user).name = name

    def set_age(self, user: int, age: int) -> None:
        if self.attached(self.user(user)):
            self.user(user).age = age

    def age_by_sql(self, user: int) -> None:
        if self.usable(self.user(user)):
            self.user(user).age = self.lib.sql.func.coalesce(self.m.User.age, 0) + 1

    def rekey(self, user: int, key: int) -> None:
        # Not of one inserted in this transaction: rolled back, SQLAlchemy has it detached.
        if self.usable(self.user(user)) and (self.user(user).id or 9) <= 3:
            self.user(user).id = key

    def set_author(self, post: int, user: int) -> None:
        chosen = self.post(post)
        if not self.usable(chosen, self.user(user)):
            return
        # SQLAlchemy drops a pending post as an orphan of the user that it leaves.
        if self.lib.states(chosen) != "pending" or chosen.author is None:
            chosen.author = self.user(user)

    def set_author_id(self, post: int, key: int) -> None:
        for user in self.users:
            self.whole(user)
        if self.attached(self.post(post)):
            self.post(post).author_id = key
            self.session.flush()  # a foreign key and its relationship are not to be changed at once

    def append_post(self, user: int, post: int) -> None:
        chosen, owner = self.post(post), self.user(user)
        if self.usable(chosen, owner) and chosen not in owner.posts:
            owner.posts.append(chosen)

    def remove_post(self, user: int, post: int) -> None:
        if self.usable(self.user(user)) and self.post(post) in self.user(user).posts:
            self.user(user).posts.remove(self.post(post))

    def replace_posts(self, user: int, posts: list[int]) -> None:
        chosen = {id(self.post(p)): self.post(p) for p in posts}.values()
        if self.usable(self.user(user)):
            _ = self.user(user).posts
        # Loading may flush. SQLAlchemy refuses a deleted item when half of the list is replaced.
        if self.usable(self.user(user), *chosen):
            self.user(user).posts = list(chosen)

    def tag(self, post: int, tag: int) -> None:
        chosen = self.tags[tag % len(self.tags)]
        if self.usable(self.post(post), chosen) and chosen not in self.post(post).tags:
            self.post(post).tags.append(chosen)

    def untag(self, post: int, tag: int) -> None:
        chosen = self.tags[tag % len(self.tags)]
        if self.usable(self.post(post), chosen) and chosen in self.post(post).tags:
            self.post(post).tags.remove(chosen)

    def tag_back(self, tag: int, post: int) -> None:
        chosen = self.tags[tag % len(self.tags)]
        if self.usable(self.post(post), chosen) and self.post(post) not in chosen.posts:
            chosen.posts.append(self.post(post))

    def set_parent(self, node: int, parent: int) -> None:
        child, other = self.node(node), self.node(parent)
        if self.usable(child, other) and child is not other:
            ancestor = other
            while ancestor is not None and ancestor is not child and self.usable(ancestor):
                ancestor = ancestor.parent
            if ancestor is None:
                child.parent = other

    # -- coming and going --------------------------------------------------------------------

    def delete(self, index: int) -> None:
        self._delete(self.any(index))

    def delete_post(self, post: int) -> None:
        self._delete(self.post(post))

    def delete_tag(self, tag: int) -> None:
        self._delete(self.tags[tag % len(self.tags)])

    def _delete(self, obj: Any) -> None:
        # SQLAlchemy would send a second DELETE, and warn that it matched nothing.
        # It would also insert the association rows that were added since the last flush.
        if any(type(o) is self.m.Post for o in (*self.session.new, *self.session.dirty)):
            self.session.flush()
        for user in self.users:
            self.whole(user)
        is_user = type(obj) is self.m.User and self.usable(obj)
        if is_user and any(self.lib.states(p) == "deleted" for p in obj.posts):
            # SQLAlchemy would cascade to these, and find that their links are gone.
            self.session.expire(obj, ["posts"])
        if self.lib.sql.inspect(obj).was_deleted:
            return
        if self.lib.states(obj) == "detached" and (self.siblings or "tags" in vars(obj)):
            # Of what is deleted SQLAlchemy leaves the links to objects that are in no session.
            return
        if self.usable(obj) or self.lib.states(obj) != "deleted":
            self.session.delete(obj)

    def add(self, index: int) -> None:
        self.session.add(self.any(index))

    def expunge(self, index: int) -> None:
        self.session.expunge(self.whole(self.any(index)))

    def make_transient(self, index: int) -> None:
        if self.lib.states(self.any(index)) != "deleted":
            self.lib.orm.make_transient(self.any(index))

    def forget(self, index: int) -> None:
        """Drop the machine's references: what nobody else holds is collected."""
        for held in (self.users, self.posts):
            if len(held) > 1:
                held.pop(index % len(held))
        self.held.clear()
        gc.collect()

    # -- reading -----------------------------------------------------------------------------

    def read(self, obj: Any, reader: Any) -> Any:
        """What a reader gives for an object, if that is not deleted by the autoflush meanwhile."""
        value = reader(obj) if self.usable(obj) else None
        return value if self.attached(obj) else None

    def read_user(self, user: int) -> Any:
        return self.read(self.user(user), lambda u: (u.id, u.name, u.age))

    def read_posts(self, user: int) -> Any:
        return self.read(self.user(user), lambda u: [self.read(p, title) for p in u.posts])

    def read_author(self, post: int) -> Any:
        return self.read(self.post(post), lambda p: p.author and self.read(p.author, label))

    def read_profile(self, user: int) -> Any:
        return self.read(
            self.user(user), lambda u: u.profile and self.read(u.profile, lambda p: p.bio)
        )

    def read_tags(self, post: int) -> Any:
        return self.read(self.post(post), lambda p: [self.read(t, label) for t in p.tags])

    def read_tree(self, node: int) -> Any:
        return self.read(
            self.node(node), lambda n: ([self.read(c, label) for c in n.children], n.parent is None)
        )

    def is_modified(self, index: int) -> Any:
        return self.session.is_modified(self.any(index))

    def dirty(self) -> Any:
        """The changed objects; `session.dirty` itself is only said to be optimistic."""
        dirty = self.session.dirty
        return [o in dirty and self.session.is_modified(o) for o in self.objects]

    def expire(self, index: int) -> None:
        if type(self.any(index)) in (self.m.Post, self.m.User):
            # A post that forgets its new author is an orphan of the old one, or not, as the order
            # of SQLAlchemy's sets has it; expiring the author expires the post too.
            self.session.flush()
        self.session.expire(self.whole(self.any(index)))

    def expire_some(self, user: int, names: list[str]) -> None:
        if plain(vars(self.user(user)).get("age")) == "expression":
            # The load of the other attributes flushes; SQLAlchemy gives None for what that flush
            # expired meanwhile, though the row has a value.
            self.session.flush()
        self.session.expire(self.user(user), names)

    def refresh(self, index: int) -> Any:
        self.session.refresh(self.whole(self.any(index)))

    def refresh_some(self, user: int, names: list[str]) -> None:
        self.session.refresh(self.user(user), names)

    def get(self, key: int) -> Any:
        user = self.session.get(self.m.User, key)
        self.held.append(user)
        return user and (user.name, user.age)

    def get_post(self, key: int) -> Any:
        post = self.session.get(self.m.Post, key)
        self.held.append(post)
        return post and (post.title, post.author_id)

    def query(self) -> Any:
        select = self.lib.sql.select(self.m.Post.id, self.m.User.name).join(self.m.Post.author)
        return [tuple(row) for row in self.session.execute(select.order_by(self.m.Post.id))]

    def query_users(self, strategy: str) -> Any:
        User = self.m.User
        select = self.lib.sql.select(User).order_by(User.id)
        if strategy:
            select = select.options(getattr(self.lib.orm, strategy)(User.posts))
        found = self.session.scalars(select).unique().all()
        self.held += found
        return [(u.id, u.name, u.age, [p.title for p in u.posts]) for u in found]

    def query_again(self) -> Any:
        User = self.m.User
        select = (
            self.lib.sql.select(User).order_by(User.id).execution_options(populate_existing=True)
        )
        # Replacing a one-to-one that isn't loaded any more SQLAlchemy forgets the old profile.
        found = self.session.scalars(select).all()
        self.held += found
        return [(u.id, u.name, u.age, bool(u.profile)) for u in found]

    # -- statements --------------------------------------------------------------------------

    def bulk_update(self, limit: int, age: int) -> Any:
        User = self._loaded(self.m.User)
        statement = self.lib.sql.update(User).where(User.id > limit).values(age=age)
        return self.session.execute(statement).rowcount

    def bulk_delete(self, key: int) -> Any:
        Post = self._loaded(self.m.Post)
        return self.session.execute(self.lib.sql.delete(Post).where(Post.id == key)).rowcount

    def _loaded(self, entity: Any) -> Any:
        """None of its objects is expired: SQLAlchemy evaluates no criteria on those, even keys."""
        self._all(entity)
        return entity

    def bulk_insert(self, name: str | None) -> Any:
        self.session.execute(self.lib.sql.insert(self.m.User), [{"name": name, "age": 9}])

    def behind_update(self, key: int, age: int) -> None:
        connection = self.session.connection()
        connection.exec_driver_sql("UPDATE users SET age = ? WHERE id = ?", (age, key))

    def behind_delete(self, key: int) -> None:
        self.session.flush()
        connection = self.session.connection()
        connection.exec_driver_sql("DELETE FROM post_tags WHERE post_id = ?", (key,))
        connection.exec_driver_sql("DELETE FROM posts WHERE id = ?", (key,))

    # -- merge -------------------------------------------------------------------------------

    def merge(self, key: int, name: str | None) -> Any:
        self.session.get(self.m.User, key)  # finds out if its row is gone; merge() would raise
        merged = self.session.merge(self.m.User(id=key, name=name))
        if merged not in self.users:
            self.users.append(merged)
        return merged.name

    def merge_graph(self, key: int, name: str | None, posts: list[int]) -> Any:
        for entity, ident in [(self.m.User, key), *[(self.m.Post, p) for p in posts]]:
            self.session.get(entity, ident)
        given = self.m.User(id=key, name=name)
        given.posts = [self.m.Post(id=p, title=f"m{p}") for p in posts]
        merged = self.session.merge(given)
        if merged not in self.users:
            self.users.append(merged)
        for post in merged.posts:
            if post not in self.posts:
                self.posts.append(post)
        return merged.name, [p.title for p in merged.posts]

    def merge_own(self, index: int) -> Any:
        # The merge of a deleted object is a new pending one; when it and what was around it are
        # written hangs on the order of SQLAlchemy's sets.
        if self.usable(self.any(index)) and self.lib.states(self.any(index)) != "transient":
            return self.session.merge(self.any(index)) is self.any(index)
        return None

    # -- the transaction ---------------------------------------------------------------------

    def flush(self) -> None:
        self.session.flush()

    def flush_one(self, user: int) -> None:
        if self.attached(self.user(user)):
            self.session.flush([self.user(user)])

    def commit(self) -> None:
        self.session.commit()
        self.savepoints.clear()

    def rollback(self) -> None:
        self.session.rollback()
        self.savepoints.clear()

    def close(self) -> None:
        if any(self.lib.states(o) == "deleted" for o in self.objects):
            # SQLAlchemy's close() would leave these attached to the closed session.
            self.session.rollback()
        self.session.close()
        self.savepoints.clear()

    def expire_all(self) -> None:
        self.session.expire_all()

    def nested(self) -> None:
        if len(self.savepoints) < 3:
            self.savepoints.append(self.session.begin_nested())

    def release(self) -> None:
        if self.savepoints:
            self.savepoints[-1].commit()
            self.savepoints.pop()

    def undo(self) -> None:
        if self.savepoints:
            self.savepoints.pop().rollback()
