"""Guards over every node class: no slot may be missing from the key, the traversal or the copy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import ormolu
from ormolu import (
    Integer,
    String,
    and_,
    bindparam,
    case,
    cast,
    column,
    exists,
    extract,
    func,
    literal,
    or_,
    select,
    table,
    text,
    true,
    tuple_,
    type_coerce,
    values,
)
from ormolu.sql import operators as ops
from ormolu.sql.boolean import ExpressionClauseList
from ormolu.sql.clauses import ForUpdate, JoinSpec
from ormolu.sql.elements import ClauseList
from ormolu.sql.executable import Executable
from ormolu.sql.expressions import TryCast, TypeClause
from ormolu.sql.fromclause import FromGrouping
from ormolu.sql.keys import normalise
from ormolu.sql.label import FixedText
from ormolu.sql.node import CONST, FACT, KEYED, NODE, NODES, PAIRS, TYPE, VALUE, Node, fields_of
from ormolu.sql.order_by_list import OrderByList
from ormolu.sql.select import Select
from ormolu.sql.select_clauses import Clause, Clauses
from ormolu.sql.traversal import iterate

users = table("users", column("id", Integer), column("name", String), column("age", Integer))
posts = table("posts", column("id", Integer), column("user_id", Integer))
u, p = users.c, posts.c


class Template(tuple[str, ...]):
    """What ``t"…"`` gives since Python 3.14, as far as `tstring` looks at it."""

    __module__ = "string.templatelib"


ABSTRACT = {
    "AliasedReturnsRows",
    "ClauseElement",
    "ColumnElement",
    "Conditional",
    "Executable",
    "Extensible",
    "FromClause",
    "FunctionElement",
    "GenerativeSelect",
    "GenericFunction",
    "_Windowed",
    "CollectionAggregateFunction",
    "OrderedSetAgg",
    "ReturnTypeFromOptionalArgs",
    "AnsiFunction",
    "NamedColumn",
    "ReturnTypeFromArgs",
    "ReturnsRows",
    "Selectable",
    "LambdaElement",
    "Lateral",
    "SelectBase",
    "TypedReturnsRows",
    "UpdateBase",
    "ValuesBase",
    "_SelectFrom",
}


def node_classes() -> list[type[Node]]:
    """Every node class of the sql package."""
    found: dict[type[Node], None] = {}
    todo: list[type[Node]] = [Node]
    while todo:
        for cls in todo.pop().__subclasses__():
            if cls.__module__.startswith("ormolu.sql.") and cls not in found:
                found[cls] = None
                todo.append(cls)
    return sorted(found, key=lambda cls: cls.__qualname__)


def samples() -> Iterator[Any]:
    """One statement or expression, at least, with each node class in it."""
    query = select(u.id, u.name).where(u.id == 5, u.name.like("a%", escape="/"))
    recursive = select(u.id).cte("tree", recursive=True)
    yield query
    yield recursive.union_all(select(recursive.c.id + 1)).alias("again")
    yield recursive.alias("again")
    yield query.order_by("name", u.id.desc()).group_by(u.id).limit(3).offset(4)
    yield query.distinct(u.id).having(func.count() > 1).fetch(3).with_for_update(of=u.id)
    yield query.prefix_with("A").suffix_with("B").correlate(posts).add_cte(recursive)
    yield query.join(posts, u.id == p.user_id, isouter=True).select_from(users)
    yield select(users.join(posts, u.id == p.user_id)).correlate_except(posts)
    yield select(users.alias("x"), users.alias(), query.subquery().alias("s"))
    yield select(query.lateral("l"), users.tablesample(func.system(1), "t", seed=literal(3)))
    yield query.union(select(p.id, p.user_id).limit(1))
    yield select(u.id.in_(select(p.user_id)), u.id.in_([1, 2]), u.id.in_([1, u.age]))
    yield select(query.with_only_columns(u.id).scalar_subquery(), exists().where(u.id == 1))
    yield values(column("a", Integer), name="v").data([(1,), (2,)])
    table = ormolu.Table("t", ormolu.MetaData(), ormolu.Column("a", Integer))
    yield select(select(func.max(u.id).label("x")).subquery(), table.alias().c.a)
    yield and_(table.c.a == 5, table.c.a != 6)
    yield u.id.in_(values(column("a", Integer)).data([(1,)]).scalar_values())
    rows = func.f(1).table_valued("a", column("b", Integer), with_ordinality="n")
    yield select(rows.render_derived(with_types=True).lateral("r"), rows.column)
    yield select(column("x"), func.f(1).scalar_table_valued("x")).select_from(func.f(1))
    yield select(u.id).with_hint(users, "h").with_statement_hint("s")
    yield text("SELECT :a").bindparams(a=3).columns(column("a", Integer))
    yield select(u.id.label("x"), u.id.label(None), -u.id, ~u.id, true(), ormolu.false())
    yield select(case((u.id == 1, 2), else_=3), case({1: 2}, value=u.id), cast(u.id, String))
    yield select(TryCast(u.id, String), type_coerce(u.id, String), extract("year", u.id))
    yield select(column("list", ormolu.ARRAY(Integer))[1:8:2])
    yield select(tuple_(u.id, u.age), u.id == ormolu.any_(query.scalar_subquery()))
    yield select(u.name.collate("x"), ormolu.null(), ~column("flag", ormolu.Boolean))
    yield select(func.f(1), func.count().over(partition_by=u.id, order_by=u.id, rows=(None, 0)))
    yield select(func.count().filter(u.id == 1), func.sum(u.id).within_group(u.age))
    yield and_(u.id == 1, or_(u.id == 2, bindparam("q") == u.name), u.id.between(1, 2))
    yield u.name.regexp_match("x", flags="i")
    yield users.insert().values(name="x").returning(u.id).prefix_with("OR IGNORE")
    yield users.insert().from_select(["id"], select(p.id))
    yield users.insert().values([{"name": "a"}, {"name": "b"}])
    yield users.update().where(u.id == 1).values(name="x")
    yield users.update().ordered_values(("name", "x"))
    yield users.delete().where(u.id == 1).add_cte(recursive)
    yield users.delete().using(posts).with_hint("X").with_dialect_options(mysql_limit=3)
    yield users.insert().return_defaults(u.id, supplemental_cols=[u.age])
    yield users.update().values(age=ormolu.from_dml_column(u.id) + 1)
    yield ormolu.SavepointClause("s")
    yield ormolu.RollbackToSavepointClause("s")
    yield ormolu.ReleaseSavepointClause("s")
    yield ormolu.lambda_stmt(lambda: users.delete())
    yield ormolu.tstring(Template(("SELECT 1",)))
    yield FromGrouping(users.join(posts, u.id == p.user_id))
    yield func.now()
    yield func.current_date()
    yield func.sum(u.id).over(rows=(-1, 2), exclude="TIES")
    yield func.sum(u.id).aggregate_order_by(u.name).over(groups=(None, 0))
    yield func.contains(u.id, p.id).as_comparison(1, 2)
    yield ExpressionClauseList(ops.add, u.id, literal(3), type_=Integer)
    yield OrderByList([u.id, u.name.desc()])
    yield TypeClause(String(3))
    arguments: dict[str, tuple[Any, ...]] = {
        "aggregate_strings": (u.name, ","),
        "cast": (u.id, String),
        "char_length": (u.id,),
        "count": (u.id,),
        "extract": ("year", u.id),
        "next_value": (ormolu.Sequence("s"),),
    }
    for name in sorted(ormolu.sql.functions.registry):
        yield getattr(func, name)(*arguments.get(name, ()))


def sampled() -> dict[type[Node], list[Node]]:
    found: dict[type[Node], list[Node]] = {}
    for sample in samples():
        for node in iterate(sample):
            found.setdefault(type(node), []).append(node)
    return found


SAMPLED = sampled()


@pytest.mark.parametrize("cls", node_classes(), ids=lambda cls: cls.__qualname__)
def test_every_slot_is_declared_as_a_field(cls: type[Node]) -> None:
    slots = {slot for base in cls.__mro__ for slot in base.__dict__.get("__slots__", ())} - {
        "_key",
        "_binds",
        "_anon",
        "__weakref__",
        "__dict__",
        "_log",  # of which the clauses of a Select are written out: see the next test
        "_facts",  # of a LiteralBind: its key and type
        "_sealed",  # of a LiteralComparison: its _key and _binds
    }
    slots |= {name for name, value in vars(cls).items() if isinstance(value, Clause)}
    assert slots == dict(fields_of(cls)).keys() & slots
    assert not dict(fields_of(cls)).keys() - slots - {"_proxies"}


def test_the_clauses_of_a_select_are_those_that_its_log_is_written_out_to() -> None:
    declared = {name for name, value in vars(Select).items() if isinstance(value, Clause)}
    assert declared == set(Clauses.__slots__)


@pytest.mark.parametrize("cls", node_classes(), ids=lambda cls: cls.__qualname__)
def test_every_node_class_has_a_sample_or_is_abstract(cls: type[Node]) -> None:
    assert (cls in SAMPLED) != (cls.__qualname__ in ABSTRACT)


@pytest.mark.parametrize("cls", list(SAMPLED), ids=lambda cls: cls.__qualname__)
def test_key_binds_and_anon_follow_from_the_fields(cls: type[Node]) -> None:
    for node in SAMPLED[cls]:
        if isinstance(node, Executable) or node._identity:
            continue  # a statement's key is in the order of its calls; a table's is unique
        again = node._copy()
        assert normalise((again._key,)) == normalise((node._key,))
        assert again._anon == node._anon
        assert [id(bind) for bind in again._binds] == [id(bind) for bind in node._binds] or (
            issubclass(cls, ormolu.sql.BindParameter)
        )


CACHED = [cls for cls, nodes in SAMPLED.items() if ormolu.sql.keys.key_of(nodes[0]) is not None]


@pytest.mark.parametrize("cls", CACHED, ids=lambda cls: cls.__qualname__)
def test_each_keyed_field_changes_the_key(cls: type[Node]) -> None:
    node = SAMPLED[cls][0]
    for name, kind in fields_of(cls):
        value = getattr(node, name)
        other = not value if isinstance(value, bool) else OTHER.get(kind)
        if kind in (FACT, VALUE) or cls._identity:
            continue
        changed = node._copy(**{name: other})
        same = node._copy()
        assert normalise((changed._key,)) != normalise((same._key,)), name


OTHER: dict[Any, Any] = {
    NODE: literal(123.5),
    NODES: (literal(123.5), FixedText("other")),
    PAIRS: ((literal(123.5), literal("x")),),
    TYPE: ormolu.LargeBinary(99),
    KEYED: ops.custom_op("@@"),
    CONST: "something else",
}


def test_copies_with_replaced_children_get_a_new_key_and_share_the_binds() -> None:
    condition = and_(u.id == 5, u.name == "x")
    changed = ormolu.sql.traversal.replace_columns(
        condition, lambda found: p.id if found is u.id else None
    )
    assert changed._key != condition._key
    assert changed._binds == condition._binds or all(
        a is b for a, b in zip(changed._binds, condition._binds, strict=True)
    )
    assert condition._key == and_(u.id == 5, u.name == "x")._key


def test_unchanged_expressions_are_shared_by_replace() -> None:
    condition = and_(u.id == 5, u.name == "x")
    assert ormolu.sql.traversal.replace(condition, lambda node: None) is condition


def test_join_and_for_update_are_sampled_by_construction() -> None:
    assert JoinSpec in SAMPLED
    assert ForUpdate in SAMPLED
    assert ClauseList in SAMPLED
