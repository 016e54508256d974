"""Random sequences of session operations, run on ormolu and on SQLAlchemy in turn.

After every operation the outcome (a value, or the class of the exception) and the states of all
objects are noted; at the end the tables are dumped. Both logs must be equal. A program ends at the
first error that the database or the flush raises: what a session looks like after that is one of
ormolu's intended differences, and has tests of its own.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from library import Library

FATAL = {"IntegrityError", "FlushError", "StaleDataError", "PendingRollbackError", "OperationalError"}

ref = st.integers(0, 5)
name = st.sampled_from(["ann", "bob", "eve", "fay", "gus", None])

operation = st.one_of(
    st.tuples(st.just("add_user"), name),
    st.tuples(st.just("add_post"), ref, ref),
    st.tuples(st.just("add_node"), ref),
    st.tuples(st.just("rename"), ref, name),
    st.tuples(st.just("set_age"), ref, st.integers(0, 3)),
    st.tuples(st.just("set_author"), ref, ref),
    st.tuples(st.just("append_post"), ref, ref),
    st.tuples(st.just("remove_post"), ref, ref),
    st.tuples(st.just("replace_posts"), ref, st.lists(ref, max_size=2, unique=True)),
    st.tuples(st.just("tag"), ref, ref),
    st.tuples(st.just("untag"), ref, ref),
    st.tuples(st.just("set_parent"), ref, ref),
    st.tuples(st.just("delete_user"), ref),
    st.tuples(st.just("delete_post"), ref),
    st.tuples(st.just("read_posts"), ref),
    st.tuples(st.just("read_author"), ref),
    st.tuples(st.just("expire"), ref),
    st.tuples(st.just("refresh"), ref),
    st.tuples(st.just("get"), st.integers(1, 6)),
    st.tuples(st.just("merge"), st.integers(1, 6), name),
    st.tuples(st.sampled_from(["flush", "commit", "rollback", "expire_all", "query", "nested", "release", "undo"])),
)  # fmt: skip


class Machine:
    """Carries out operations on one library and keeps the log."""

    def __init__(self, lib: Library) -> None:
        self.lib = lib
        self.m: SimpleNamespace
        self.m, self.engine = lib.filled_blog()
        self.session = lib.orm.Session(self.engine)
        self.users = list(self.session.scalars(lib.sql.select(self.m.User).order_by(self.m.User.id)))
        self.posts = list(self.session.scalars(lib.sql.select(self.m.Post).order_by(self.m.Post.id)))
        self.tags = list(self.session.scalars(lib.sql.select(self.m.Tag).order_by(self.m.Tag.id)))
        self.nodes = list(self.session.scalars(lib.sql.select(self.m.Node).order_by(self.m.Node.id)))
        self.savepoints: list[Any] = []
        self.log: list[Any] = []

    def run(self, program: list[tuple[Any, ...]]) -> list[Any]:
        for step in program:
            outcome = self.lib.error(lambda step=step: getattr(self, step[0])(*step[1:]))
            self.log.append((step, outcome, self.states()))
            if isinstance(outcome, str) and outcome in FATAL:
                self.session.rollback()
                break
        else:
            self.log.append(("final commit", self.lib.error(self.session.commit)))
        self.session.close()
        self.log.append(self.lib.dump(self.m, self.engine))
        return self.log

    def states(self) -> list[str]:
        return [self.lib.states(o)[:4] for o in (*self.users, *self.posts, *self.nodes)]

    def user(self, index: int) -> Any:
        return self.users[index % len(self.users)]

    def post(self, index: int) -> Any:
        return self.posts[index % len(self.posts)]

    def attached(self, obj: Any) -> bool:
        """Whether `obj` is not detached or deleted: only such objects' attributes are touched."""
        return self.lib.states(obj) in ("transient", "pending", "persistent")

    # -- operations --------------------------------------------------------------------------

    def add_user(self, name: str | None) -> None:
        self.users.append(self.m.User(name=name))
        self.session.add(self.users[-1])

    def add_post(self, title: int, author: int) -> None:
        post = self.m.Post(title=f"t{title}")
        self.posts.append(post)
        if self.attached(self.user(author)):
            post.author = self.user(author)
        self.session.add(post)

    def add_node(self, parent: int) -> None:
        node = self.m.Node(name="n")
        if self.attached(self.nodes[parent % len(self.nodes)]):
            node.parent = self.nodes[parent % len(self.nodes)]
        self.nodes.append(node)
        self.session.add(node)

    def rename(self, user: int, name: str | None) -> None:
        if self.attached(self.user(user)):
            self.user(user).name = name

    def set_age(self, user: int, age: int) -> None:
        if self.attached(self.user(user)):
            self.user(user).age = age

    def set_author(self, post: int, user: int) -> None:
        if self.attached(self.post(post)) and self.attached(self.user(user)):
            self.post(post).author = self.user(user)

    def append_post(self, user: int, post: int) -> None:
        if self.attached(self.post(post)) and self.attached(self.user(user)):
            if self.post(post) not in self.user(user).posts:
                self.user(user).posts.append(self.post(post))

    def remove_post(self, user: int, post: int) -> None:
        if self.attached(self.user(user)) and self.post(post) in self.user(user).posts:
            self.user(user).posts.remove(self.post(post))

    def replace_posts(self, user: int, posts: list[int]) -> None:
        chosen = {id(self.post(p)): self.post(p) for p in posts}.values()
        if self.attached(self.user(user)) and all(map(self.attached, chosen)):
            self.user(user).posts = list(chosen)

    def tag(self, post: int, tag: int) -> None:
        chosen = self.tags[tag % len(self.tags)]
        if self.attached(self.post(post)) and chosen not in self.post(post).tags:
            self.post(post).tags.append(chosen)

    def untag(self, post: int, tag: int) -> None:
        chosen = self.tags[tag % len(self.tags)]
        if self.attached(self.post(post)) and chosen in self.post(post).tags:
            self.post(post).tags.remove(chosen)

    def set_parent(self, node: int, parent: int) -> None:
        child, other = self.nodes[node % len(self.nodes)], self.nodes[parent % len(self.nodes)]
        if self.attached(child) and self.attached(other) and child is not other:
            ancestor = other
            while ancestor is not None and ancestor is not child:
                ancestor = ancestor.parent
            if ancestor is None:
                child.parent = other

    def delete_user(self, user: int) -> None:
        self.session.delete(self.user(user))

    def delete_post(self, post: int) -> None:
        self.session.delete(self.post(post))

    def read_posts(self, user: int) -> Any:
        if self.attached(self.user(user)):
            return [(p.id, p.title) for p in self.user(user).posts]
        return None

    def read_author(self, post: int) -> Any:
        if self.attached(self.post(post)):
            author = self.post(post).author
            return author and author.name
        return None

    def expire(self, user: int) -> None:
        self.session.expire(self.user(user))

    def refresh(self, user: int) -> Any:
        self.session.refresh(self.user(user))
        return self.user(user).name

    def get(self, key: int) -> Any:
        user = self.session.get(self.m.User, key)
        return user and (user.name, user.age)

    def merge(self, key: int, name: str | None) -> Any:
        merged = self.session.merge(self.m.User(id=key, name=name))
        if merged not in self.users:
            self.users.append(merged)
        return merged.name

    def flush(self) -> None:
        self.session.flush()

    def commit(self) -> None:
        self.session.commit()
        self.savepoints.clear()

    def rollback(self) -> None:
        self.session.rollback()
        self.savepoints.clear()

    def expire_all(self) -> None:
        self.session.expire_all()

    def query(self) -> Any:
        select = self.lib.sql.select(self.m.Post.id, self.m.User.name).join(self.m.Post.author)
        return [tuple(row) for row in self.session.execute(select.order_by(self.m.Post.id))]

    def nested(self) -> None:
        if len(self.savepoints) < 3:
            self.savepoints.append(self.session.begin_nested())

    def release(self) -> None:
        if self.savepoints:
            self.savepoints.pop().commit()

    def undo(self) -> None:
        if self.savepoints:
            self.savepoints.pop().rollback()


@given(st.lists(operation, min_size=3, max_size=14))
def test_random_session_operations_end_alike(program: list[tuple[Any, ...]]) -> None:
    ours = Machine(Library("ormolu")).run(program)
    theirs = Machine(Library("sqlalchemy")).run(program)
    for mine, other in zip(ours, theirs, strict=False):
        assert mine == other
    assert len(ours) == len(theirs)
