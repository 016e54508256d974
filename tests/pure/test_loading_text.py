"""The Core SQL that ORM SELECTs are lowered to."""

from __future__ import annotations

import re

import pytest
from loading_models import Comment, Post, Tag, User

from ormolu import func, select, union
from ormolu.orm import aliased, contains_eager, defer, joinedload, load_only

P = aliased(Post)
U = aliased(User, name="u")

CASES = {
    "relationship join": (
        lambda: select(User).join(User.posts),
        "SELECT users.id, users.name FROM users JOIN posts ON users.id = posts.user_id",
    ),
    "entity and its column": (
        lambda: select(User, User.name),
        "SELECT users.id, users.name, users.name AS name__1 FROM users",
    ),
    "two entities": (
        lambda: select(User, Post).join(Post.author),
        "SELECT users.id, users.name, posts.id AS id_1, posts.title, posts.user_id "
        "FROM posts JOIN users ON users.id = posts.user_id",
    ),
    "columns and a label": (
        lambda: select(User.name, Post.title.label("t")).join(User.posts),
        "SELECT users.name, posts.title AS t FROM users JOIN posts ON users.id = posts.user_id",
    ),
    "alias": (
        lambda: select(P).where(P.title == "x"),
        "SELECT posts_1.id, posts_1.title, posts_1.user_id FROM posts AS posts_1 "
        "WHERE posts_1.title = :title_1",
    ),
    "join to an alias": (
        lambda: select(User, P).join(P, User.posts),
        "SELECT users.id, users.name, posts_1.id AS id_1, posts_1.title, posts_1.user_id "
        "FROM users JOIN posts AS posts_1 ON users.id = posts_1.user_id",
    ),
    "of_type": (
        lambda: select(User).join(User.posts.of_type(P)).where(P.id == 1),
        "SELECT users.id, users.name FROM users JOIN posts AS posts_1 "
        "ON users.id = posts_1.user_id WHERE posts_1.id = :id_1",
    ),
    "outer join": (
        lambda: select(User).outerjoin(User.posts).where(Post.title == "x"),
        "SELECT users.id, users.name FROM users LEFT OUTER JOIN posts "
        "ON users.id = posts.user_id WHERE posts.title = :title_1",
    ),
    "join by foreign key": (
        lambda: select(User).join(Post),
        "SELECT users.id, users.name FROM users JOIN posts ON users.id = posts.user_id",
    ),
    "many-to-many join": (
        lambda: select(User).join(User.tags).where(Tag.name == "x"),
        "SELECT users.id, users.name FROM users JOIN user_tag AS user_tag_1 "
        "ON users.id = user_tag_1.user_id JOIN tags ON tags.id = user_tag_1.tag_id "
        "WHERE tags.name = :name_1",
    ),
    "join of an alias's relationship": (
        lambda: select(P).join(P.author),
        "SELECT posts_1.id, posts_1.title, posts_1.user_id FROM posts AS posts_1 "
        "JOIN users ON users.id = posts_1.user_id",
    ),
    "chained joins": (
        lambda: select(User).join(User.posts).join(Post.comments),
        "SELECT users.id, users.name FROM users JOIN posts ON users.id = posts.user_id "
        "JOIN comments ON posts.id = comments.post_id",
    ),
    "select_from": (
        lambda: select(Post.title).select_from(User).join(User.posts),
        "SELECT posts.title FROM users JOIN posts ON users.id = posts.user_id",
    ),
    "joined": (
        lambda: select(User).options(joinedload(User.posts)),
        "SELECT users.id, users.name, posts_1.id AS id_1, posts_1.title, posts_1.user_id "
        "FROM users LEFT OUTER JOIN posts AS posts_1 ON users.id = posts_1.user_id "
        "ORDER BY posts_1.id",
    ),
    "joined, nested": (
        lambda: (
            select(User)
            .options(joinedload(User.posts).joinedload(Post.comments))
            .where(User.name == "a")
            .order_by(User.name)
        ),
        "SELECT users.id, users.name, comments_1.id AS id_1, comments_1.post_id, comments_1.body, "
        "posts_1.id AS id_2, posts_1.title, posts_1.user_id "
        "FROM users LEFT OUTER JOIN posts AS posts_1 ON users.id = posts_1.user_id "
        "LEFT OUTER JOIN comments AS comments_1 ON posts_1.id = comments_1.post_id "
        "WHERE users.name = :name_1 ORDER BY users.name, posts_1.id",
    ),
    "inner below outer": (
        lambda: select(User).options(
            joinedload(User.posts).joinedload(Post.author, innerjoin=True)
        ),
        "SELECT users.id, users.name, users_1.id AS id_1, users_1.name AS name_1, "
        "posts_1.id AS id_2, posts_1.title, posts_1.user_id FROM users LEFT OUTER JOIN "
        "(posts AS posts_1 JOIN users AS users_1 ON users_1.id = posts_1.user_id) "
        "ON users.id = posts_1.user_id ORDER BY posts_1.id",
    ),
    "inner": (
        lambda: select(Post).options(joinedload(Post.author, innerjoin=True)),
        "SELECT posts.id, posts.title, posts.user_id, users_1.id AS id_1, users_1.name "
        "FROM posts JOIN users AS users_1 ON users_1.id = posts.user_id",
    ),
    "joined many-to-many": (
        lambda: select(User).options(joinedload(User.tags)),
        "SELECT users.id, users.name, tags_1.id AS id_1, tags_1.name AS name_1 "
        "FROM users LEFT OUTER JOIN (user_tag AS user_tag_1 JOIN tags AS tags_1 "
        "ON tags_1.id = user_tag_1.tag_id) ON users.id = user_tag_1.user_id",
    ),
    "joined with a limit": (
        lambda: (
            select(User)
            .options(joinedload(User.posts))
            .where(User.name == "a")
            .order_by(User.name)
            .limit(3)
        ),
        "SELECT anon_1.id, anon_1.name, posts_1.id AS id_1, posts_1.title, posts_1.user_id "
        "FROM (SELECT users.id AS id, users.name AS name FROM users WHERE users.name = :name_1 "
        "ORDER BY users.name LIMIT :param_1) AS anon_1 LEFT OUTER JOIN posts AS posts_1 "
        "ON anon_1.id = posts_1.user_id ORDER BY anon_1.name, posts_1.id",
    ),
    "ordered by an expression, with a limit": (
        lambda: (
            select(User, Post.title)
            .join(User.posts)
            .options(joinedload(User.tags))
            .order_by(func.lower(User.name), Post.title.desc())
            .limit(3)
        ),
        "SELECT anon_1.id, anon_1.name, anon_1.title, anon_1.lower_1, tags_1.id AS id_1, "
        "tags_1.name AS name_1 FROM (SELECT users.id AS id, users.name AS name, "
        "posts.title AS title, lower(users.name) AS lower_1 FROM users JOIN posts "
        "ON users.id = posts.user_id ORDER BY lower(users.name), posts.title DESC "
        "LIMIT :param_1) AS anon_1 LEFT OUTER JOIN (user_tag AS user_tag_1 JOIN tags AS tags_1 "
        "ON tags_1.id = user_tag_1.tag_id) ON anon_1.id = user_tag_1.user_id "
        "ORDER BY anon_1.lower_1, anon_1.title DESC",
    ),
    "a joined many-to-one needs no subquery": (
        lambda: select(Post).options(joinedload(Post.author)).limit(3),
        "SELECT posts.id, posts.title, posts.user_id, users_1.id AS id_1, users_1.name "
        "FROM posts LEFT OUTER JOIN users AS users_1 ON users_1.id = posts.user_id "
        "LIMIT :param_1",
    ),
    "joined with criteria": (
        lambda: select(User).options(joinedload(User.posts.and_(Post.title == "x"))),
        "SELECT users.id, users.name, posts_1.id AS id_1, posts_1.title, posts_1.user_id "
        "FROM users LEFT OUTER JOIN posts AS posts_1 ON users.id = posts_1.user_id "
        "AND posts_1.title = :title_1 ORDER BY posts_1.id",
    ),
    "contains_eager": (
        lambda: select(User).join(User.posts).options(contains_eager(User.posts)),
        "SELECT posts.id, posts.title, posts.user_id, users.id AS id_1, users.name "
        "FROM users JOIN posts ON users.id = posts.user_id",
    ),
    "defer": (lambda: select(User).options(defer(User.name)), "SELECT users.id FROM users"),
    "load_only": (
        lambda: select(Post).options(load_only(Post.title)),
        "SELECT posts.id, posts.title FROM posts",
    ),
    "in a subquery": (
        lambda: select(User).where(User.id.in_(select(Post.user_id).join(Post.comments))),
        "SELECT users.id, users.name FROM users WHERE users.id IN (SELECT posts.user_id "
        "FROM posts JOIN comments ON posts.id = comments.post_id)",
    ),
    "union": (
        lambda: union(select(User).where(User.id == 1), select(User).where(User.id == 2)),
        "SELECT users.id, users.name FROM users WHERE users.id = :id_1 "
        "UNION SELECT users.id, users.name FROM users WHERE users.id = :id_2",
    ),
    "grouped": (
        lambda: (
            select(User, func.count(Comment.id).label("n"))
            .join(User.posts)
            .join(Post.comments)
            .group_by(User.id)
        ),
        "SELECT users.id, users.name, count(comments.id) AS n FROM users "
        "JOIN posts ON users.id = posts.user_id JOIN comments ON posts.id = comments.post_id "
        "GROUP BY users.id",
    ),
    "named alias": (lambda: select(U.name), "SELECT u.name FROM users AS u"),
}


@pytest.mark.parametrize("name", CASES)
def test_text(name):
    build, expected = CASES[name]
    assert re.sub(r"\s+", " ", str(build())) == expected
