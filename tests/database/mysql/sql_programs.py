"""Statements that both libraries must send alike, with the same answers, on MySQL and MariaDB.

Each takes a library, its MySQL dialect and the tables of `tables`.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

Build = Callable[[Any, Any, Any], Any]

DOCUMENT = {
    "a": {"b": [10, {"c": "x"}]},
    "n": 1.5,
    "yes": True,
    "no": False,
    "null": None,
    "s": "str",
    "d": "12.50",
    "%x": 1,
    "é": 4,
}


def tables(sa: Any, my: Any) -> SimpleNamespace:
    """Two tables of a library: ``item`` with a column of many types, and ``part``, of items."""
    metadata = sa.MetaData()
    item = sa.Table(
        "item",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("g", sa.Integer),
        sa.Column("n", sa.Integer, default=3, onupdate=9),
        sa.Column("s", sa.String(50), unique=True),
        sa.Column("d", sa.DateTime),
        sa.Column("exact", sa.Numeric(10, 2)),
        sa.Column("f", sa.Float),
        sa.Column("b", sa.Boolean),
        sa.Column("bits", my.BIT(8)),
        sa.Column("e", my.ENUM("a", "b")),
        sa.Column("u", my.BIGINT(unsigned=True)),
        sa.Column("uid", sa.Uuid),
        sa.Column("bin", sa.LargeBinary),
        sa.Column("j", sa.JSON),
        sa.Column("Odd Col", sa.Integer, key="odd"),
        sa.Column("words", sa.Text),
        sa.Index("by_n", "n"),
        sa.Index("by_words", "words", mysql_prefix="FULLTEXT", mariadb_prefix="FULLTEXT"),
    )
    part = sa.Table(
        "part",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("item_id", sa.ForeignKey("item.id")),
        sa.Column("s", sa.String(50)),
        sa.Column("n", sa.Integer),
    )
    return SimpleNamespace(metadata=metadata, item=item, i=item.c, part=part, p=part.c)


ITEMS: list[dict[str, Any]] = [
    {
        "id": i,
        "g": i % 3,
        "n": i * 7 % 5,
        "s": f"str%{i}_\\x'",
        "d": dt.datetime(2024, 1, i, 10, i, 5),
        "exact": Decimal(i) / 4,
        "f": i / 4,
        "b": bool(i % 2),
        "bits": i,
        "e": "ab"[i % 2],
        "u": 2**64 - i,
        "uid": uuid.UUID(int=i),
        "bin": bytes([i, 255 - i]),
        "j": DOCUMENT if i == 1 else [i, None],
        "words": f"some words number{i}",
    }
    for i in range(1, 9)
]
PARTS = [{"id": i, "item_id": 1 + i % 3, "s": f"p{i}", "n": i} for i in range(1, 8)]


def _numbers(sa: Any, t: Any) -> Any:
    n = sa.select(sa.literal(1).label("n")).cte("numbers", recursive=True)
    return n.union_all(sa.select(n.c.n + 1).where(n.c.n < 5))


def _beside(sa: Any, t: Any) -> Any:
    other = t.item.alias("other")
    return sa.select(other.c.id.label("x")).where(other.c.g == t.i.g, other.c.n > t.i.n)


def _ids(sa: Any, t: Any, *conditions: Any) -> Any:
    return sa.select(t.i.id).where(*conditions).order_by(t.i.id)


SELECTS: dict[str, Build] = {
    "everything": lambda sa, my, t: sa.select(t.item).order_by(t.i.id),
    "hint": lambda sa, my, t: _ids(sa, t, t.i.n == 3).with_hint(t.item, "FORCE INDEX (by_n)"),
    "optimizer hint": lambda sa, my, t: _ids(sa, t).prefix_with("/*+ NO_INDEX_MERGE(item) */"),
    "straight join": lambda sa, my, t: _ids(sa, t).prefix_with("STRAIGHT_JOIN"),
    "limit and offset": lambda sa, my, t: _ids(sa, t).limit(2).offset(3),
    "offset": lambda sa, my, t: _ids(sa, t).offset(3),
    "union": lambda sa, my, t: sa.union(sa.select(t.i.id), sa.select(t.p.n)).order_by("id"),
    "except": lambda sa, my, t: sa.except_(sa.select(t.i.id), sa.select(t.p.n)).order_by("id"),
    "intersect": lambda sa, my, t: sa.intersect(sa.select(t.i.id), sa.select(t.i.n)).order_by("id"),
    "except all": lambda sa, my, t: sa.except_all(sa.select(t.i.g), sa.select(t.i.n)).order_by("g"),
    "windows": lambda sa, my, t: sa.select(
        t.i.id,
        sa.func.row_number().over(partition_by=t.i.g, order_by=t.i.n.desc()),
        sa.func.sum(t.i.n).over(order_by=t.i.id, rows=(-1, 0)),
        sa.func.first_value(t.i.n).over(order_by=t.i.id, rows=(None, None)),
    ).order_by(t.i.id),
    "groups of a window": lambda sa, my, t: sa.select(
        sa.func.sum(t.i.n).over(order_by=t.i.id, groups=(-1, 1))
    ),
    "filter of an aggregate": lambda sa, my, t: sa.select(sa.func.sum(t.i.n).filter(t.i.n > 1)),
    "rollup": lambda sa, my, t: sa.select(t.i.g, sa.func.count()).group_by(sa.func.rollup(t.i.g)),
    "aggregate strings": lambda sa, my, t: sa.select(
        sa.func.aggregate_strings(t.i.e, "|").aggregate_order_by(t.i.id.desc())
    ),
    "recursion": lambda sa, my, t: sa.select(_numbers(sa, t).c.n),
    "lateral": lambda sa, my, t: (
        lambda beside: (
            sa.select(t.i.id, beside.c.x).outerjoin(beside, sa.true()).order_by(t.i.id, beside.c.x)
        )
    )(_beside(sa, t).lateral("beside")),
    "full join": lambda sa, my, t: sa.select(t.i.id).select_from(
        t.item.join(t.part, t.i.id == t.p.id, full=True)
    ),
    "tuples": lambda sa, my, t: _ids(sa, t, sa.tuple_(t.i.g, t.i.n).in_([(1, 2), (0, 1)])),
    "no tuples": lambda sa, my, t: _ids(sa, t, sa.tuple_(t.i.g, t.i.n).in_([])),
    "like": lambda sa, my, t: _ids(sa, t, t.i.s.startswith("str%1_\\", autoescape=True)),
    "regexp": lambda sa, my, t: _ids(sa, t, t.i.s.regexp_match("^STR.[1-3]", flags="i")),
    "regexp replace": lambda sa, my, t: sa.select(t.i.s.regexp_replace("[0-9]", "N")),
    "match": lambda sa, my, t: _ids(sa, t, t.i.words.match("+number3 -foo")),
    "match in natural language": lambda sa, my, t: _ids(
        sa, t, my.match(t.i.words, against="number3").in_natural_language_mode()
    ),
    "arithmetic": lambda sa, my, t: sa.select(
        t.i.n / 2, t.i.n // 2, t.i.n % 3, -t.i.n, t.i.exact / 3, t.i.exact // 2, t.i.f // 1
    ).order_by(t.i.id),
    "bits": lambda sa, my, t: sa.select(
        t.i.n.bitwise_and(1), t.i.n.bitwise_xor(1), t.i.n.bitwise_not(), t.i.n.bitwise_lshift(2)
    ).order_by(t.i.id),
    "distinct from": lambda sa, my, t: _ids(sa, t, t.i.n.is_distinct_from(3)),
    "booleans": lambda sa, my, t: _ids(sa, t, t.i.b, ~t.i.b.is_(sa.false())),
    "types": lambda sa, my, t: _ids(
        sa,
        t,
        t.i.uid == uuid.UUID(int=3),
        t.i.bin == b"\x03\xfc",
        t.i.e == "b",
        t.i.u == 2**64 - 3,
        t.i.exact == Decimal("0.75"),
    ),
    "collation": lambda sa, my, t: _ids(sa, t, sa.collate(t.i.s, "utf8mb4_bin") == "nothing"),
    "extract": lambda sa, my, t: sa.select(
        *[sa.extract(field, t.i.d) for field in ("year", "quarter", "week", "microsecond")]
    ).order_by(t.i.id),
    "casts": lambda sa, my, t: sa.select(
        sa.cast(t.i.n, sa.String(10)),
        sa.cast(t.i.s, sa.LargeBinary),
        sa.cast(t.i.d, sa.Date),
        sa.cast(t.i.exact, sa.Integer),
        sa.cast(t.i.n, sa.Float),
        sa.cast(t.i.n, my.BIGINT(unsigned=True)),
        sa.cast(t.i.n, sa.Numeric(10, 3)),
    ).order_by(t.i.id),
    "nulls first": lambda sa, my, t: sa.select(t.i.id).order_by(t.i.n.nulls_first()),
    "for update": lambda sa, my, t: _ids(sa, t).with_for_update(of=t.item, skip_locked=True),
    "for share": lambda sa, my, t: _ids(sa, t).with_for_update(read=True, nowait=True),
    "an unknown table locked": lambda sa, my, t: _ids(sa, t).with_for_update(of=t.part),
    "a column that is missing": lambda sa, my, t: sa.select(sa.literal_column("nosuch")),
    "a function that is missing": lambda sa, my, t: sa.select(sa.func.nosuch(1)),
}


def _read(name: str, read: Callable[[Any], Any]) -> Build:
    return lambda sa, my, t: sa.select(read(t.i.j[name])).where(t.i.id == 1)


DOCUMENTS: dict[str, Build] = {
    "an element": _read("a", lambda found: found),
    "a path": lambda sa, my, t: sa.select(t.i.j["a", "b", 1, "c"]).where(t.i.id == 1),
    "a chain": lambda sa, my, t: sa.select(t.i.j["a"]["b"][0].as_integer()).where(t.i.id == 1),
    "float": _read("n", lambda found: found.as_float()),
    "numeric": _read("d", lambda found: found.as_numeric(10, 2)),
    "boolean": _read("yes", lambda found: found.as_boolean()),
    "not": _read("no", lambda found: ~found.as_boolean()),
    "string": _read("s", lambda found: found.as_string()),
    "json": _read("a", lambda found: found.as_json()),
    "null": _read("null", lambda found: found.as_string()),
    "percent": _read("%x", lambda found: found.as_integer()),
    "not ASCII": _read("é", lambda found: found),
    "compared": lambda sa, my, t: _ids(sa, t, t.i.j["s"].as_string() == "str"),
    "compared as it is": lambda sa, my, t: _ids(sa, t, t.i.j["s"] == "str"),
    "a number compared": lambda sa, my, t: _ids(sa, t, t.i.j[0].as_integer() > 4),
    "a document compared": lambda sa, my, t: _ids(sa, t, t.i.j["a"] == DOCUMENT["a"]),
    "JSON's null": lambda sa, my, t: _ids(sa, t, t.i.j["null"] == sa.JSON.NULL),
    "SQL's null": lambda sa, my, t: _ids(sa, t, t.i.j["null"].is_(sa.null())),
    "ordered": lambda sa, my, t: sa.select(t.i.id).order_by(t.i.j[0].as_integer().desc(), t.i.id),
    "contains": lambda sa, my, t: _ids(sa, t, sa.func.json_contains(t.i.j, "10", "$.a.b")),
    "set": lambda sa, my, t: sa.update(t.item).values(j=sa.func.json_set(t.i.j, "$.n", 8)),
    "a new one": lambda sa, my, t: sa.update(t.item).values(j={"q": None}),
    "none": lambda sa, my, t: sa.update(t.item).values(j=None),
}


def _upsert(my: Any, t: Any, **values: Any) -> Any:
    return my.insert(t.item).values(**{"id": 1, "s": "new", "n": 5, **values})


def _on_duplicate(change: Callable[[Any, Any, Any], dict[str, Any]]) -> Build:
    def build(sa: Any, my: Any, t: Any) -> Any:
        statement = _upsert(my, t)
        return statement.on_duplicate_key_update(**change(sa, statement.inserted, t))

    return build


WRITES: dict[str, Build] = {
    "upsert": _on_duplicate(lambda sa, new, t: {"n": new.n, "s": t.i.s + new.s}),
    "upsert of values": _on_duplicate(lambda sa, new, t: {"odd": 7, "j": {"a": 1}, "n": None}),
    "upsert by a case": _on_duplicate(
        lambda sa, new, t: {"n": sa.case((new.n > t.i.n, new.n), else_=t.i.n)}
    ),
    "upsert by a condition": _on_duplicate(lambda sa, new, t: {"n": new.n.between(1, 9)}),
    "upsert that keeps the row": _on_duplicate(lambda sa, new, t: {"id": t.i.id}),
    "upsert of many rows": lambda sa, my, t: (
        lambda statement: statement.on_duplicate_key_update(
            [("n", statement.inserted.n + 1), ("s", statement.inserted.s)]
        )
    )(my.insert(t.item).values([{"id": 1, "s": "x", "n": 2}, {"id": 99, "s": "y", "n": 3}])),
    "upsert from a select": lambda sa, my, t: (
        my.insert(t.item)
        .from_select(["id", "n"], sa.select(t.p.id, t.p.n))
        .on_duplicate_key_update(n=t.i.n + 100)
    ),
    "ignore": lambda sa, my, t: sa.insert(t.item).prefix_with("IGNORE").values(id=1, n=1),
    "twice": lambda sa, my, t: sa.insert(t.item).values(id=1),
    "too long": lambda sa, my, t: sa.insert(t.item).values(s="x" * 51),
    "out of range": lambda sa, my, t: sa.insert(t.item).values(u=-1),
    "no such item": lambda sa, my, t: sa.insert(t.part).values(item_id=999),
    "defaults": lambda sa, my, t: sa.insert(t.part),
    "from a select": lambda sa, my, t: sa.insert(t.part).from_select(
        ["s"], sa.select(sa.func.concat(t.p.s, "!")).where(t.p.n < 3)
    ),
    "from a cte": lambda sa, my, t: (
        lambda cte: sa.insert(t.part).from_select(["n"], sa.select(cte.c.n))
    )(_numbers(sa, t)),
    "update of joined tables": lambda sa, my, t: (
        sa.update(t.part).values({t.p.s: t.i.e, t.i.n: 0}).where(t.p.item_id == t.i.id)
    ),
    "update of joined tables that note changes": lambda sa, my, t: (
        sa.update(t.part).values({t.p.s: "q", t.i.g: t.p.n}).where(t.p.item_id == t.i.id)
    ),
    "update of a join": lambda sa, my, t: sa.update(t.item.join(t.part)).values({t.i.n: t.p.n}),
    "update by a cte": lambda sa, my, t: (
        lambda cte: sa.update(t.part).values(n=0).where(t.p.n.in_(sa.select(cte.c.n)))
    )(_numbers(sa, t)),
    "update in order": lambda sa, my, t: sa.update(t.part).ordered_values(
        (t.p.n, t.p.n + 1), (t.p.s, "z")
    ),
    "update with a limit": lambda sa, my, t: sa.update(t.part).values(n=0).ext(my.limit(2)),
    "delete of joined tables": lambda sa, my, t: sa.delete(t.part).where(
        t.p.item_id == t.i.id, t.i.g == 1
    ),
    "delete by a subquery": lambda sa, my, t: sa.delete(t.part).where(
        t.p.item_id.in_(sa.select(t.i.id).where(t.i.g == 1))
    ),
    "delete with a limit": lambda sa, my, t: sa.delete(t.part).with_dialect_options(mysql_limit=2),
    "delete of what is needed": lambda sa, my, t: sa.delete(t.item).where(t.i.id == 1),
}
