"""Expressions that both libraries must write alike for MySQL and MariaDB.

``(sa, my, k) -> expression``: ``sa`` is the library, ``my`` its ``dialects.mysql``, ``k`` the
tables and statements of `mysql_parts.parts`.
"""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from collections.abc import Callable
from typing import Any

Build = Callable[[Any, Any, Any], Any]

EXPRESSIONS: dict[str, Build] = {
    "plus between strings": lambda sa, my, k: k.t.c.name + "x",
    "plus of three strings": lambda sa, my, k: k.t.c.name + k.t.c.name + "y",
    "like a concatenation": lambda sa, my, k: k.t.c.name.like("a" + k.t.c.name),
    "concat": lambda sa, my, k: k.t.c.name.concat("z"),
    "a concatenation compared": lambda sa, my, k: k.t.c.name + "x" == "y",
    "contains": lambda sa, my, k: k.t.c.name.contains("x"),
    "startswith with autoescape": lambda sa, my, k: k.t.c.name.startswith("x", autoescape=True),
    "ilike": lambda sa, my, k: k.t.c.name.ilike("x%"),
    "not ilike with a backslash as escape": lambda sa, my, k: k.t.c.name.not_ilike(
        "x", escape="\\"
    ),
    "like with a backslash as escape": lambda sa, my, k: k.t.c.name.like("x\\%", escape="\\"),
    "like with a slash as escape": lambda sa, my, k: k.t.c.name.like("x/%", escape="/"),
    "icontains": lambda sa, my, k: k.t.c.name.icontains("x"),
    "iendswith": lambda sa, my, k: k.t.c.name.iendswith("x"),
    "modulo": lambda sa, my, k: k.t.c.id % 5,
    "modulo of columns": lambda sa, my, k: k.t.c.id % k.t.c.id,
    "division of integers": lambda sa, my, k: k.t.c.id / 5,
    "floor division of integers": lambda sa, my, k: k.t.c.id // 5,
    "floor division of floats": lambda sa, my, k: k.t.c.x // 5,
    "division of floats": lambda sa, my, k: k.t.c.x / 5,
    "power": lambda sa, my, k: k.t.c.id**2,
    "is distinct from": lambda sa, my, k: k.t.c.id.is_distinct_from(5),
    "is not distinct from null": lambda sa, my, k: k.t.c.id.is_not_distinct_from(None),
    "is distinct from null": lambda sa, my, k: k.t.c.id.is_distinct_from(None),
    "regexp match": lambda sa, my, k: k.t.c.name.regexp_match("a"),
    "not regexp match": lambda sa, my, k: ~k.t.c.name.regexp_match("a"),
    "regexp match with flags": lambda sa, my, k: k.t.c.name.regexp_match("a", flags="i"),
    "not regexp match with flags": lambda sa, my, k: ~k.t.c.name.regexp_match("a", flags="ig"),
    "regexp replace": lambda sa, my, k: k.t.c.name.regexp_replace("a", "b"),
    "regexp replace with flags": lambda sa, my, k: k.t.c.name.regexp_replace("a", "b", flags="i"),
    "match": lambda sa, my, k: k.t.c.name.match("a"),
    "not match": lambda sa, my, k: ~k.t.c.name.match("a"),
    "match without boolean mode": lambda sa, my, k: k.t.c.name.match("a", mysql_boolean_mode=False),
    "match in two modes": lambda sa, my, k: k.t.c.name.match("a", mysql_natural_language=True),
    "match with an unknown modifier": lambda sa, my, k: k.t.c.name.match("a", mysql_foo=True),
    "match function of two columns": lambda sa, my, k: my.match(k.t.c.name, k.t.c.b, against="x"),
    "match function in boolean mode": lambda sa, my, k: my.match(
        k.t.c.name, against="x", in_boolean_mode=True
    ),
    "match function in natural language mode": lambda sa, my, k: my.match(
        k.t.c.name, against="x"
    ).in_natural_language_mode(),
    "match function with query expansion": lambda sa, my, k: my.match(
        k.t.c.name, against="x"
    ).with_query_expansion(),
    "match function in natural language with expansion": lambda sa, my, k: (
        my.match(k.t.c.name, against="x").in_natural_language_mode().with_query_expansion()
    ),
    "match function in boolean mode with expansion": lambda sa, my, k: (
        my.match(k.t.c.name, against="x").in_boolean_mode().with_query_expansion()
    ),
    "match function in boolean and natural mode": lambda sa, my, k: (
        my.match(k.t.c.name, against="x").in_boolean_mode().in_natural_language_mode()
    ),
    "not match function": lambda sa, my, k: ~my.match(k.t.c.name, against="x"),
    "match function compared": lambda sa, my, k: my.match(k.t.c.name, against="x") > 0.5,
    "match function labelled": lambda sa, my, k: my.match(k.t.c.name, against="x").label("q"),
    "match function against an expression": lambda sa, my, k: my.match(
        k.t.c.name, against=sa.func.lower("x")
    ),
    "match function in a conjunction": lambda sa, my, k: sa.and_(
        my.match(k.t.c.name, against="x"), k.t.c.id == 1
    ),
    "match function against a column": lambda sa, my, k: my.match(k.t.c.name, against=k.t.c.name),
    "document element by name": lambda sa, my, k: k.t.c.j["a"],
    "document element by number": lambda sa, my, k: k.t.c.j[5],
    "document element by path": lambda sa, my, k: k.t.c.j["a", 1, "b"],
    "document element as string": lambda sa, my, k: k.t.c.j["a"].as_string(),
    "document element as integer": lambda sa, my, k: k.t.c.j["a"].as_integer(),
    "document element as float": lambda sa, my, k: k.t.c.j["a"].as_float(),
    "document element as boolean": lambda sa, my, k: k.t.c.j["a"].as_boolean(),
    "document element as numeric": lambda sa, my, k: k.t.c.j["a"].as_numeric(10, 2),
    "document element as json": lambda sa, my, k: k.t.c.j["a"].as_json(),
    "document element as string compared": lambda sa, my, k: k.t.c.j["a"].as_string() == "x",
    "document element as boolean compared": lambda sa, my, k: k.t.c.j["a"].as_boolean() == True,  # noqa: E712
    "document element compared": lambda sa, my, k: k.t.c.j["a"] == "x",
    "document path as string": lambda sa, my, k: k.t.c.j["a", "b"].as_string(),
    "document path as integer": lambda sa, my, k: k.t.c.j["a", 1].as_integer(),
    "document path as float": lambda sa, my, k: k.t.c.j["a", 1].as_float(),
    "document path as boolean": lambda sa, my, k: k.t.c.j["a", 1].as_boolean(),
    "document element of an element": lambda sa, my, k: k.t.c.j["a"]["b"],
    "document element as string concatenated": lambda sa, my, k: k.t.c.j["a"].as_string() + "x",
    "document element is null": lambda sa, my, k: k.t.c.j["a"] == None,  # noqa: E711
    "true": lambda sa, my, k: sa.true(),
    "false": lambda sa, my, k: sa.false(),
    "boolean column": lambda sa, my, k: k.t.c.b,
    "negated boolean column": lambda sa, my, k: ~k.t.c.b,
    "boolean equals true": lambda sa, my, k: k.t.c.b == True,  # noqa: E712
    "boolean is true": lambda sa, my, k: k.t.c.b.is_(True),
    "conjunction with true": lambda sa, my, k: sa.and_(k.t.c.b, sa.true()),
    "boolean is false": lambda sa, my, k: k.t.c.b.is_(sa.false()),
    "in a list": lambda sa, my, k: k.t.c.id.in_([1, 2]),
    "not in a list": lambda sa, my, k: k.t.c.id.not_in([1, 2]),
    "in nothing": lambda sa, my, k: k.t.c.id.in_([]),
    "not in nothing": lambda sa, my, k: k.t.c.id.not_in([]),
    "tuple in a list": lambda sa, my, k: sa.tuple_(k.t.c.id, k.t.c.name).in_([(1, "a")]),
    "tuple in nothing": lambda sa, my, k: sa.tuple_(k.t.c.id, k.t.c.name).in_([]),
    "desc nulls first": lambda sa, my, k: k.t.c.id.desc().nulls_first(),
    "nulls last": lambda sa, my, k: k.t.c.id.nulls_last(),
    "between": lambda sa, my, k: k.t.c.id.between(1, 2),
    "between symmetric": lambda sa, my, k: k.t.c.id.between(1, 2, symmetric=True),
    "collate": lambda sa, my, k: k.t.c.name.collate("utf8_bin"),
    "collate with a name to be quoted": lambda sa, my, k: sa.collate(k.t.c.name, "Utf8 x"),
    "function now": lambda sa, my, k: sa.func.now(),
    "function localtimestamp": lambda sa, my, k: sa.func.localtimestamp(),
    "function localtime": lambda sa, my, k: sa.func.localtime(),
    "function current_timestamp": lambda sa, my, k: sa.func.current_timestamp(),
    "function sysdate": lambda sa, my, k: sa.func.sysdate(),
    "function utc_timestamp": lambda sa, my, k: sa.func.utc_timestamp(),
    "function utc_timestamp with digits": lambda sa, my, k: sa.func.utc_timestamp(6),
    "function current_date": lambda sa, my, k: sa.func.current_date(),
    "function random": lambda sa, my, k: sa.func.random(),
    "function char_length": lambda sa, my, k: sa.func.char_length("x"),
    "function concat": lambda sa, my, k: sa.func.concat("a", "b"),
    "rollup": lambda sa, my, k: sa.func.rollup(k.t.c.id),
    "cube": lambda sa, my, k: sa.func.cube(k.t.c.id),
    "grouping sets": lambda sa, my, k: sa.func.grouping_sets(k.t.c.id),
    "aggregate strings": lambda sa, my, k: sa.func.aggregate_strings(k.t.c.name, ","),
    "ordered group_concat": lambda sa, my, k: sa.func.group_concat(k.t.c.name).aggregate_order_by(
        k.t.c.id
    ),
    "next value function": lambda sa, my, k: sa.func.next_value(sa.Sequence("s")),
    "next value of a sequence": lambda sa, my, k: sa.Sequence("s").next_value(),
    "extract year": lambda sa, my, k: sa.extract("year", k.t.c.d),
    "extract milliseconds": lambda sa, my, k: sa.extract("milliseconds", k.t.c.d),
    "extract an unknown field": lambda sa, my, k: sa.extract("dow", k.t.c.d),
    "bitwise xor": lambda sa, my, k: k.t.c.id.bitwise_xor(1),
    "bitwise not": lambda sa, my, k: k.t.c.id.bitwise_not(),
    "bitwise shift": lambda sa, my, k: k.t.c.id.bitwise_lshift(1),
    "operator by its name": lambda sa, my, k: k.t.c.name.op("regexp")("x"),
    "operator percent": lambda sa, my, k: k.t.c.id.op("%")(5),
    "operator of two percents": lambda sa, my, k: k.t.c.name.op("%%")(5),
    "aggregate with filter": lambda sa, my, k: sa.func.max(k.t.c.id).filter(k.t.c.id > 1),
    "window": lambda sa, my, k: sa.func.max(k.t.c.id).over(order_by=k.t.c.id),
    "within group": lambda sa, my, k: sa.func.percentile_cont(0.5).within_group(k.t.c.id),
    "literal with backslash, quote and percent": lambda sa, my, k: sa.literal("a\\b'c%d"),
    "literal column with percent": lambda sa, my, k: sa.literal_column("'a%b'"),
    "text with percent and bind": lambda sa, my, k: sa.text("a % :b").bindparams(b="50%"),
    "literal with a line break": lambda sa, my, k: sa.literal("a\nb"),
    "literal datetime": lambda sa, my, k: sa.literal(dt.datetime(2020, 1, 2, 3, 4, 5, 6)),
    "literal time": lambda sa, my, k: sa.literal(dt.time(3, 4, 5, 6)),
    "literal date": lambda sa, my, k: sa.literal(dt.date(2020, 1, 2)),
    "literal decimal": lambda sa, my, k: sa.literal(decimal.Decimal("1.50")),
    "literal boolean": lambda sa, my, k: sa.literal(True),
    "literal uuid": lambda sa, my, k: sa.literal(uuid.UUID(int=5)),
    "literal negative integer": lambda sa, my, k: sa.literal(-5),
    "literal float": lambda sa, my, k: sa.literal(1e20),
    "literal null": lambda sa, my, k: sa.literal(None),
    "any of a select": lambda sa, my, k: k.t.c.id == sa.any_(sa.select(k.u.c.id).scalar_subquery()),
    "exists": lambda sa, my, k: sa.exists(sa.select(k.u.c.id)),
    "case": lambda sa, my, k: sa.case((k.t.c.id == 1, "a"), else_="b"),
    "reserved word and upper case": lambda sa, my, k: sa.column("select") + sa.column("Upper"),
    "name with a backtick": lambda sa, my, k: sa.column("a`b"),
    "name with a space": lambda sa, my, k: sa.column("a b"),
    "name with a leading dollar": lambda sa, my, k: sa.column("$a"),
    "name with a leading digit": lambda sa, my, k: sa.column("1a"),
    "name with a dollar": lambda sa, my, k: sa.column("a$"),
    "name that is not ascii": lambda sa, my, k: sa.column("é"),
    "name with a percent": lambda sa, my, k: sa.column("a%b"),
    "name with a colon": lambda sa, my, k: sa.column("a:b"),
    "bind name with special characters": lambda sa, my, k: sa.bindparam("a(b)%c:d", 5) == k.t.c.id,
    "function of a string with percent": lambda sa, my, k: sa.func.foo("x%"),
    "function of a package": lambda sa, my, k: sa.func.pkg.fn(1),
    "function name to be quoted": lambda sa, my, k: getattr(sa.func, "Foo Bar")(1),
    "negative": lambda sa, my, k: -k.t.c.id,
    "negated comparison": lambda sa, my, k: ~(k.t.c.id == 1),
    "function greatest": lambda sa, my, k: sa.func.greatest(1, 2),
    "group_concat distinct": lambda sa, my, k: sa.func.group_concat(k.t.c.name.distinct()),
    "count distinct": lambda sa, my, k: sa.func.count(k.t.c.id.distinct()),
    "count": lambda sa, my, k: sa.func.count(),
}
