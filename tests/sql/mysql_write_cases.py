"""INSERT, UPDATE and DELETE that both libraries must write alike for MySQL and MariaDB.

See `mysql_expression_cases`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Build = Callable[[Any, Any, Any], Any]

WRITES: dict[str, Build] = {
    "insert": lambda sa, my, k: sa.insert(k.w),
    "insert a value": lambda sa, my, k: sa.insert(k.w).values(akey="x"),
    "insert without values": lambda sa, my, k: sa.insert(k.w).values(),
    "insert into a table of a key alone": lambda sa, my, k: sa.insert(
        sa.Table("e", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))
    ).values(),
    "insert rows": lambda sa, my, k: sa.insert(k.w).values([{"akey": "a"}, {"akey": "b"}]),
    "insert returning": lambda sa, my, k: (
        sa.insert(k.w).values(akey="x").returning(k.w.c.id, k.w.c.akey)
    ),
    "insert returning a table": lambda sa, my, k: sa.insert(k.w).values(akey="x").returning(k.w),
    "insert returning expressions": lambda sa, my, k: (
        sa.insert(k.w).values(akey="x").returning(sa.func.lower(k.w.c.akey), k.w.c.id.label("q"))
    ),
    "insert ignore": lambda sa, my, k: sa.insert(k.w).prefix_with("IGNORE").values(akey="x"),
    "insert from select": lambda sa, my, k: sa.insert(k.w).from_select(
        ["akey", "b"], sa.select(k.t.c.name, k.t.c.id)
    ),
    "insert from a select with a cte": lambda sa, my, k: sa.insert(k.w).from_select(
        ["akey", "b"], sa.select(k.cte.c.id, k.cte.c.id)
    ),
    "insert expressions": lambda sa, my, k: sa.insert(k.w).values(
        b=k.w.c.b + 1, akey=sa.func.lower("X")
    ),
    "insert a subquery": lambda sa, my, k: sa.insert(k.w).values(
        b=sa.select(sa.func.max(k.t.c.id)).scalar_subquery()
    ),
    "upsert a value": lambda sa, my, k: k.i.on_duplicate_key_update(akey="y"),
    "upsert the inserted value": lambda sa, my, k: k.i.on_duplicate_key_update(
        akey=k.i.inserted.akey
    ),
    "upsert expressions": lambda sa, my, k: k.i.on_duplicate_key_update(
        akey=k.i.inserted.akey + "z", b=k.w.c.b + 1, Up=k.i.inserted.Up
    ),
    "upsert from a dictionary in the table's order": lambda sa, my, k: k.i.on_duplicate_key_update(
        {"b": 5, "akey": "q"}
    ),
    "upsert from a list in its own order": lambda sa, my, k: k.i.on_duplicate_key_update(
        [("b", 5), ("akey", "q")]
    ),
    "upsert by column": lambda sa, my, k: k.i.on_duplicate_key_update({k.w.c.b: 5}),
    "upsert a function of the inserted value": lambda sa, my, k: k.i.on_duplicate_key_update(
        akey=sa.func.lower(k.i.inserted.akey)
    ),
    "upsert a named bind": lambda sa, my, k: k.i.on_duplicate_key_update(b=sa.bindparam("bb")),
    "upsert null": lambda sa, my, k: k.i.on_duplicate_key_update(akey=None),
    "upsert a case": lambda sa, my, k: k.i.on_duplicate_key_update(
        b=sa.case((k.i.inserted.b > 3, 1), else_=k.w.c.b)
    ),
    "upsert from select": lambda sa, my, k: (
        my.insert(k.w)
        .from_select(["akey", "b"], sa.select(k.t.c.name, k.t.c.id))
        .on_duplicate_key_update(akey="x")
    ),
    "upsert returning": lambda sa, my, k: k.i.on_duplicate_key_update(akey="y").returning(k.w.c.id),
    "upsert without values": lambda sa, my, k: my.insert(k.w).on_duplicate_key_update(
        akey=sa.text("VALUES(a)")
    ),
    "upsert a subquery": lambda sa, my, k: k.i.on_duplicate_key_update(
        b=sa.select(sa.func.max(k.t.c.id)).scalar_subquery()
    ),
    "upsert last_insert_id": lambda sa, my, k: k.i.on_duplicate_key_update(
        id=sa.func.last_insert_id(k.w.c.id)
    ),
    "upsert a string with percent": lambda sa, my, k: k.i.on_duplicate_key_update(akey="50%"),
    "upsert after functions": lambda sa, my, k: (
        my.insert(k.w)
        .values(akey=sa.func.lower("a"))
        .on_duplicate_key_update(akey=sa.func.upper("a"))
    ),
    "upsert two inserted values": lambda sa, my, k: k.i.on_duplicate_key_update(
        b=k.i.inserted.b, akey=sa.literal("x") + k.i.inserted.akey
    ),
    "update": lambda sa, my, k: sa.update(k.w),
    "update a value": lambda sa, my, k: sa.update(k.w).values(akey="x").where(k.w.c.id == 1),
    "update with a second table": lambda sa, my, k: (
        sa.update(k.w).values(akey="x").where(k.w.c.id == k.t.c.id)
    ),
    "update two tables": lambda sa, my, k: (
        sa.update(k.w).values({k.w.c.akey: k.t.c.name, k.t.c.name: "q"}).where(k.w.c.id == k.t.c.id)
    ),
    "update from a second table": lambda sa, my, k: (
        sa.update(k.w).values(akey=k.t.c.name).where(k.w.c.id == k.t.c.id)
    ),
    "update by a correlated subquery": lambda sa, my, k: sa.update(k.w).values(
        b=sa.select(k.t.c.id).where(k.t.c.id == k.w.c.id).scalar_subquery()
    ),
    "update limited": lambda sa, my, k: sa.update(k.w).values(akey="x").ext(my.limit(5)),
    "update limited by a mysql option": lambda sa, my, k: (
        sa.update(k.w).with_dialect_options(mysql_limit=5).values(akey="x")
    ),
    "update limited by a mariadb option": lambda sa, my, k: (
        sa.update(k.w).with_dialect_options(mariadb_limit=5).values(akey="x")
    ),
    "update ordered": lambda sa, my, k: sa.update(k.w).ordered_values(
        (k.w.c.Up, 1), (k.w.c.akey, "x")
    ),
    "update returning": lambda sa, my, k: sa.update(k.w).values(akey="x").returning(k.w.c.id),
    "update with a prefix": lambda sa, my, k: (
        sa.update(k.w).prefix_with("LOW_PRIORITY").values(akey="x")
    ),
    "update with an index hint": lambda sa, my, k: (
        sa.update(k.w).with_hint("USE INDEX a").values(akey="x")
    ),
    "update of two tables with an index hint": lambda sa, my, k: (
        sa.update(k.w).with_hint("USE INDEX a").values(akey="x").where(k.w.c.id == k.t.c.id)
    ),
    "update with a cte": lambda sa, my, k: (
        sa.update(k.w).values(akey="x").where(k.w.c.id.in_(sa.select(k.cte.c.id)))
    ),
    "update of an alias": lambda sa, my, k: sa.update(k.wx).values(b=5).where(k.wx.c.id == 3),
    "update where exists": lambda sa, my, k: (
        sa.update(k.w).values(b=1).where(sa.exists().where(k.t.c.id == k.w.c.id))
    ),
    "update limited by a bind": lambda sa, my, k: (
        sa.update(k.w).values(b=1).ext(my.limit(sa.bindparam("q")))
    ),
    "update limited by a literal column": lambda sa, my, k: (
        sa.update(k.w).values(b=1).ext(my.limit(sa.literal_column("5")))
    ),
    "update of a join": lambda sa, my, k: sa.update(k.w.join(k.t, k.w.c.id == k.t.c.id)).values(
        {k.w.c.akey: "x", k.t.c.name: "y"}
    ),
    "update in a schema": lambda sa, my, k: sa.update(k.u).values(v=1),
    "update in a schema with a second table": lambda sa, my, k: (
        sa.update(k.u).values(v=k.t.c.id).where(k.u.c.tid == k.t.c.id)
    ),
    "update from an alias": lambda sa, my, k: (
        sa.update(k.w).values(akey=k.a.c.name).where(k.w.c.id == k.a.c.id)
    ),
    "update from a subquery": lambda sa, my, k: (
        lambda q: sa.update(k.w).values(akey=q.c.name).where(k.w.c.id == q.c.id)
    )(sa.select(k.t).subquery("qq")),
    "delete": lambda sa, my, k: sa.delete(k.w),
    "delete where": lambda sa, my, k: sa.delete(k.w).where(k.w.c.id == 1),
    "delete with a second table": lambda sa, my, k: sa.delete(k.w).where(k.w.c.id == k.t.c.id),
    "delete using a join": lambda sa, my, k: (
        sa.delete(k.w).using(k.w.join(k.t, k.w.c.id == k.t.c.id)).where(k.t.c.name == "x")
    ),
    "delete limited": lambda sa, my, k: sa.delete(k.w).where(k.w.c.id == 1).ext(my.limit(5)),
    "delete limited by a mysql option": lambda sa, my, k: sa.delete(k.w).with_dialect_options(
        mysql_limit=5
    ),
    "delete returning": lambda sa, my, k: sa.delete(k.w).where(k.w.c.id == 1).returning(k.w.c.id),
    "delete with an index hint": lambda sa, my, k: sa.delete(k.w).with_hint("USE INDEX a"),
    "delete with a prefix": lambda sa, my, k: sa.delete(k.w).prefix_with("QUICK"),
    "delete with a cte": lambda sa, my, k: sa.delete(k.w).where(
        k.w.c.id.in_(sa.select(k.cte.c.id))
    ),
    "delete of an alias": lambda sa, my, k: sa.delete(k.wx).where(k.wx.c.id == 1),
    "delete of an alias with a second table": lambda sa, my, k: sa.delete(k.wx).where(
        k.wx.c.id == k.t.c.id
    ),
    "delete with a second table returning": lambda sa, my, k: (
        sa.delete(k.w).where(k.w.c.id == k.t.c.id).returning(k.w.c.id)
    ),
    "delete in a schema with a second table": lambda sa, my, k: sa.delete(k.u).where(
        k.u.c.tid == k.t.c.id
    ),
    "delete with an aliased second table": lambda sa, my, k: sa.delete(k.w).where(
        k.w.c.id == k.a.c.id
    ),
    "delete of two tables limited": lambda sa, my, k: (
        sa.delete(k.w).where(k.w.c.id == k.t.c.id).ext(my.limit(3))
    ),
    "delete limited to nothing": lambda sa, my, k: sa.delete(k.w).ext(my.limit(0)),
}
