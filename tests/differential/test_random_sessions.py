"""Random sequences of session operations, on ormolu and on SQLAlchemy in turn; see `machine`."""

from __future__ import annotations

from typing import Any

import machine
from hypothesis import example, given
from hypothesis import strategies as st

ref = st.integers(0, 7)
key = st.integers(1, 6)
name = st.sampled_from(["ann", "bob", "eve", "fay", "gus", None])
names = st.lists(
    st.sampled_from(["name", "age", "posts", "profile"]), min_size=1, max_size=2, unique=True
)
few = st.lists(ref, max_size=2, unique=True)
ages = st.integers(0, 3)

operation = st.one_of(
    st.tuples(st.sampled_from(["add_user", "make_user"]), name),
    st.tuples(st.just("add_post"), ref, ref),
    st.tuples(st.just("make_post"), ref),
    st.tuples(st.sampled_from(["add_node", "add_profile", "drop_profile"]), ref),
    st.tuples(st.just("rename"), ref, name),
    st.tuples(st.just("set_age"), ref, ages),
    st.tuples(st.just("age_by_sql"), ref),
    st.tuples(st.sampled_from(["rekey", "set_author_id"]), ref, key),
    st.tuples(st.sampled_from(["set_author", "append_post", "remove_post"]), ref, ref),
    st.tuples(st.sampled_from(["tag", "untag", "tag_back"]), ref, ref),
    st.tuples(st.sampled_from(["set_parent", "move_profile"]), ref, ref),
    st.tuples(st.just("replace_posts"), ref, few),
    st.tuples(st.sampled_from(["delete", "delete_post", "delete_tag"]), ref),
    st.tuples(st.sampled_from(["add", "expunge", "make_transient", "forget"]), ref),
    st.tuples(st.sampled_from(["read_user", "read_posts", "read_author"]), ref),
    st.tuples(st.sampled_from(["read_profile", "read_tags", "read_tree", "is_modified"]), ref),
    st.tuples(st.sampled_from(["expire", "refresh"]), ref),
    st.tuples(st.sampled_from(["expire_some", "refresh_some"]), ref, names),
    st.tuples(st.sampled_from(["get", "get_post", "bulk_delete", "behind_delete"]), key),
    st.tuples(st.sampled_from(["bulk_update", "behind_update"]), key, ages),
    st.tuples(st.just("query_users"), st.sampled_from(["", "selectinload", "joinedload"])),
    st.tuples(st.just("bulk_insert"), name),
    st.tuples(st.just("merge"), key, name),
    st.tuples(st.just("merge_graph"), key, name, st.lists(key, max_size=2, unique=True)),
    st.tuples(st.sampled_from(["merge_own", "flush_one"]), ref),
    st.tuples(st.sampled_from(["flush", "commit", "rollback", "nested", "release", "undo"])),
    st.tuples(st.sampled_from(["expire_all", "close", "query", "query_again", "dirty"])),
)  # fmt: skip


@given(st.lists(operation, min_size=3, max_size=14))
@example([("age_by_sql", 0), ("expire_some", 0, ["name"]), ("read_user", 0)])
@example([("read_tags", 1), ("close",), ("delete_post", 1)])
@example([("query_users", ""), ("expunge", 3), ("replace_posts", 1, [])])
@example([("add_profile", 0), ("expire_all",), ("add_profile", 0)])
@example([("add_user", "eve"), ("replace_posts", 0, []), ("merge", 4, "ann"), ("add_post", 0, 3)])
def test_random_session_operations_end_alike(program: list[tuple[Any, ...]]) -> None:
    compare(program)


@given(st.lists(operation, min_size=3, max_size=14))
def test_random_operations_with_sibling_loading_end_alike(program: list[tuple[Any, ...]]) -> None:
    compare(program, siblings=True)


def compare(program: list[tuple[Any, ...]], **options: Any) -> None:
    ours = machine.run("ormolu", program, **options)
    theirs = machine.run("sqlalchemy", program, **options)
    for mine, other in zip(ours, theirs, strict=False):
        assert mine == other
    assert len(ours) == len(theirs)
