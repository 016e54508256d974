"""Core programs, one expression each: what SQLAlchemy answers and sends, ormolu answers and sends.

Every program runs in its own transaction on tables with the same rows. Compared are the value (or
the class of the exception), and the SQL with its parameters.
"""

from __future__ import annotations

import datetime
import importlib
import re
from collections.abc import Iterator
from typing import Any

import pytest

# fmt: off
PROGRAMS = r"""
c.execute(select(t)).all()
c.execute(select(t.c.name.label('n'), t.c.x + 1).where(t.c.x > 2).order_by(desc('n'))).all()
c.execute(select(t.c.id, func.row_number().over(partition_by=t.c.g, order_by=t.c.x.desc())).order_by(t.c.id)).all()
c.execute(select(func.sum(t.c.x).over(rows=(None, 0), order_by=t.c.id))).scalars().all()
c.execute(select(func.count()).select_from(t)).scalar()
c.execute(select(func.count(t.c.id.distinct()))).scalar_one()
c.execute(select(t.c.g, func.count(), func.max(t.c.x), func.avg(t.c.x)).group_by(t.c.g).having(func.count() > 1).order_by(t.c.g)).all()
c.execute(select(case((t.c.x > 3, 'hi'), (t.c.x > 2, 'mid'), else_='lo').label('k'), t.c.id).order_by('k', t.c.id)).all()
c.execute(select(case({'a': 1, 'b': 2}, value=t.c.name, else_=0))).all()
c.execute(select(cast(t.c.x, Integer), cast('5', Integer), cast(t.c.id, String))).all()
c.execute(select(type_coerce(t.c.id, String), type_coerce('v', String))).all()
c.execute(select(literal(5), literal('x').label('l'), literal_column("'q'"), null(), true(), false())).all()
c.execute(select(t.c.id).where(exists().where(u.c.tid == t.c.id))).all()
c.execute(select(t.c.id).where(~exists(select(u.c.id).where(u.c.tid == t.c.id)))).all()
c.execute(select(t.c.id, select(func.count(u.c.id)).where(u.c.tid == t.c.id).scalar_subquery().label('n'))).all()
c.execute(select(t.c.id).where(t.c.id.in_(select(u.c.tid)))).all()
c.execute(select(t.c.id).where(t.c.id.in_([]))).all()
c.execute(select(t.c.id).where(t.c.id.not_in([]))).all()
c.execute(select(t.c.id).where(tuple_(t.c.id, t.c.name).in_([(1, 'a'), (2, 'zz')]))).all()
c.execute(select(t.c.id).where(t.c.id.in_(bindparam('ids', expanding=True))), {'ids': [1, 3]}).all()
c.execute(text('select * from t where id = :i'), {'i': 2}).mappings().all()
c.execute(text('select id, name from t where id in :ids').bindparams(bindparam('ids', expanding=True)), {'ids': [1, 2]}).all()
c.execute(text('select id, x from t').columns(t.c.id, t.c.x)).all()
c.execute(text("select '\\:x', name from t where name = :n").bindparams(n='a')).all()
c.execute(select(text('id'), text('name')).select_from(text('t'))).all()
c.execute(select(column('id'), column('x')).select_from(table('t'))).all()
c.execute(select(t.join(u)).order_by(u.c.id)).all()
c.execute(select(t, u).join_from(t, u)).mappings().all()
c.execute(select(t.c.name, u.c.v).outerjoin(u, t.c.id == u.c.tid).order_by(t.c.id, u.c.id)).all()
c.execute(select(t.alias('a').c.id)).keys()
c.execute(select(t.c.id, t.c.id, u.c.id).where(t.c.id == u.c.tid)).keys()
c.execute(select(t.c.id, u.c.id).where(t.c.id == u.c.tid)).first()._mapping
c.execute(union(select(t.c.id), select(u.c.id)).order_by('id')).scalars().all()
c.execute(union_all(select(t.c.id), select(u.c.id)).limit(3)).all()
c.execute(select(t.c.id).union_all(select(u.c.id)).order_by(t.c.id.desc()).offset(1).limit(2)).all()
c.execute(intersect(select(t.c.id), select(u.c.tid))).all()
c.execute(except_(select(t.c.id), select(u.c.tid))).all()
c.execute(select(select(t.c.id, t.c.x).where(t.c.x > 1).subquery('s').c.x)).all()
(lambda q: c.execute(select(q).where(q.c.id > 1)).all())(select(t).cte('q'))
(lambda q: c.execute(select(q)).all())((lambda b: b.union_all(select(b.c.n + 1).where(b.c.n < 5)))(select(literal(1).label('n')).cte('r', recursive=True)))
c.execute(select(t.c.id).limit(2).offset(1).order_by(t.c.id)).all()
c.execute(select(t.c.id).offset(1)).all()
c.execute(select(t.c.id).slice(1, 3)).all()
c.execute(select(t.c.name).distinct()).all()
c.execute(select(t.c.id).where(t.c.name.like('a%'))).all()
c.execute(select(t.c.id).where(t.c.name.ilike('A%'))).all()
c.execute(select(t.c.id).where(t.c.name.contains('a', autoescape=True))).all()
c.execute(select(t.c.id).where(t.c.name.startswith('a/', autoescape=True))).all()
c.execute(select(t.c.id).where(t.c.name.is_(None))).all()
c.execute(select(t.c.id).where(t.c.name == None)).all()
c.execute(select(t.c.id).where(t.c.name.is_distinct_from('a'))).all()
c.execute(select(t.c.id).where(t.c.x.between(1, 3))).all()
c.execute(select(t.c.id).where(not_(or_(t.c.x < 2, t.c.name == 'a')))).all()
c.execute(select(t.c.id).where(and_(True, t.c.x > 1))).all()
c.execute(select(t.c.id).where(or_(False, t.c.x > 1))).all()
c.execute(select(t.c.id).where(and_())).all()
c.execute(select(t.c.id).where(t.c.b)).all()
c.execute(select(t.c.id).where(~t.c.b)).all()
c.execute(select(t.c.id / 2, t.c.id // 2, t.c.id % 2, -t.c.id, t.c.name + 'x', t.c.name.concat('y'))).all()
c.execute(select(func.lower(t.c.name), func.coalesce(t.c.name, 'none'), func.length(t.c.name), func.abs(-5), func.now() != None)).all()
c.execute(select(extract('year', t.c.d))).all()
c.execute(select(t.c.d, t.c.j)).all()
c.execute(select(t.c.j['k'], t.c.j['k'].as_integer())).all()
c.execute(select(t.c.id).order_by(t.c.x.desc().nulls_last(), t.c.id)).all()
c.execute(select(t.c.id).order_by(None)).all()
c.execute(select(t.c.id).where(t.c.id == bindparam('p')), {'p': 2}).all()
c.execute(select(t.c.id).where(t.c.id == bindparam('p'))).all()
c.execute(select(t.c.id).params(p=1)).all()
c.execute(select(t.c.id).where(t.c.id == bindparam('p')).params(p=1)).all()
c.execute(insert(t).values(name='n1')).inserted_primary_key
c.execute(insert(t), {'name': 'n2', 'x': 9}).inserted_primary_key
c.execute(insert(t), [{'name': 'n3'}, {'name': 'n4'}]).rowcount
c.execute(insert(t).returning(t.c.id, t.c.name), [{'name': 'n3'}, {'name': 'n4'}]).all()
c.execute(insert(t).values([{'name': 'm1'}, {'name': 'm2'}]).returning(t.c.id)).scalars().all()
c.execute(insert(t).values([{'name': 'm1'}, {'x': 1}]))
c.execute(insert(t).values(nope=1))
c.execute(insert(t), [{'name': 'a'}, {'x': 1}])
c.execute(insert(t).from_select(['name', 'x'], select(t.c.name, t.c.x))).rowcount
c.execute(insert(t).values(name=select(t.c.name).where(t.c.id == 1).scalar_subquery())).rowcount
c.execute(insert(t).values((50, 'tt'))).inserted_primary_key
c.execute(insert(t).values(id=60, x=func.abs(-3)).returning(t)).all()
c.execute(insert(t)).inserted_primary_key
c.execute(insert(t).values(id=1))
c.execute(insert(u).values(tid=None))
c.execute(update(t).values(x=t.c.x + 1).where(t.c.id == 1)).rowcount
c.execute(update(t).where(t.c.id == 1).values(x=5).returning(t.c.x)).scalar_one()
c.execute(update(t).where(t.c.id == bindparam('b_id')).values(x=bindparam('nx')), [{'b_id': 1, 'nx': 2}, {'b_id': 2, 'nx': 2}]).rowcount
c.execute(update(t).where(t.c.id == bindparam('id')), {'id': 1, 'x': 2}).rowcount
c.execute(update(t).values({t.c.name: 'zz', 'x': 3})).rowcount
c.execute(update(t).ordered_values((t.c.x, 3), (t.c.name, 'q')).where(t.c.id == 2)).rowcount
c.execute(update(t).values(name='j').where(t.c.id == u.c.tid)).rowcount
c.execute(update(t)).rowcount
c.execute(delete(u).where(u.c.id == 1)).rowcount
c.execute(delete(u).returning(u.c.id)).all()
c.execute(select(t)).one()
c.execute(select(t).where(t.c.id == 99)).one()
c.execute(select(t).where(t.c.id == 99)).one_or_none()
c.execute(select(t)).one_or_none()
c.execute(select(t.c.id)).scalar_one()
c.execute(select(t.c.id).where(t.c.id == 99)).scalar_one_or_none()
c.execute(select(t.c.id).where(t.c.id == 99)).scalar()
c.execute(select(t.c.id).where(t.c.id == 99)).first()
c.execute(select(t.c.id, t.c.name)).fetchmany(2)
c.execute(select(t.c.id, t.c.name)).fetchone()
list(c.execute(select(t.c.id)).partitions(2))
c.execute(select(t.c.g)).unique().all()
c.execute(select(t.c.id, t.c.name)).columns('name').all()
c.execute(select(t.c.id, t.c.name)).columns(1, 0).all()
c.execute(select(t.c.id, t.c.name)).scalars('name').all()
c.execute(select(t.c.id, t.c.name)).scalars(1).unique().all()
c.execute(select(t.c.id, t.c.name)).scalars('nope').all()
c.execute(select(t.c.id, t.c.name)).columns('nope').all()
c.execute(select(t.c.id, t.c.name)).tuples().all()
c.scalars(select(t.c.id)).all()
c.scalar(select(t.c.id).order_by(t.c.id))
c.execute(select(t.c.id)).all()[0].nope
c.execute(select(t.c.id)).all()[0]['id']
c.execute(select(t.c.id)).all()[0]._mapping['nope']
c.execute(select(t.c.id, t.c.name)).all()[0]._asdict()
c.execute(select(t.c.id, t.c.name)).all()[0]._fields
c.execute(select(t.c.id, t.c.name)).all()[0]._t
c.execute(select(t.c.id, t.c.name)).all()[0].t
repr(c.execute(select(t.c.id, t.c.name)).first())
c.execute(select(t.c.id, t.c.name)).first() == (1, 'a')
c.execute(select(t.c.id)).first() < (5,)
hash(c.execute(select(t.c.id)).first()) == hash((1,))
c.execute(select(t.c.id, t.c.name)).first()[0:1]
(lambda r: (r.all(), r.all()))(c.execute(select(t.c.id)))
(lambda r: (r.close(), r.all()))(c.execute(select(t.c.id)))
(lambda r: (r.first(), r.closed))(c.execute(select(t.c.id)))
(lambda r: (r.first(), r.first()))(c.execute(select(t.c.id)))
c.execute(update(t).values(x=1)).all()
c.execute(update(t).values(x=1)).returns_rows
c.execute(insert(t).values(x=1)).first()
c.execute(select(t.c.id)).inserted_primary_key
c.execute(insert(t), [{'x': 1}, {'x': 2}]).inserted_primary_key
c.execute(insert(t).values(x=4)).last_inserted_params()
c.execute(text('selec 1'))
c.execute(text('select * from nope'))
c.execute(text('select :a'))
c.exec_driver_sql('select 1').scalar()
c.exec_driver_sql('select ?', (5,)).scalar()
c.exec_driver_sql('insert into u (tid) values (?)', [(1,), (2,)]).rowcount
c.execute(t)
c.execute(t.c.id == 1)
c.execute(5)
c.execute(select(t.c.id), 5)
c.execute(select(t.c.id), [1])
c.execute(select())
c.execute(select(5))
c.execute(func.now()) is not None
c.execute(func.abs(-4)).scalar()
c.scalar(func.max(t.c.id))
t.c.nope
t.c['nope']
select(t).filter_by(name='a').compile().string
select(t).filter_by(nope='a')
select(t).join(u).filter_by(v=1).compile().string
select(t).subquery().c.keys()
select(t.c.id).scalar_subquery().type
select('id')
select(t).order_by('nope').compile()
str(select(t).group_by('name'))
str(select(t).with_only_columns(t.c.id).where(t.c.x == 1))
str(select(t).add_columns(u.c.id))
str(select(t.c.id).correlate(None))
str(select(t).select_from(u))
str(select(t).with_for_update())
str(select(t).prefix_with('HIGH').suffix_with('LOW'))
str(select(t.c.id).where(t.c.id == any_(select(u.c.id).scalar_subquery())))
str(select(t.c.name.op('~')('x')))
str(select(t.c.name.collate('NOCASE')))
str(select(func.foo.bar(1)))
str(select(func.count(t.c.id).filter(t.c.x > 1)))
str(select(t.c.id).join(u, t.c.id == u.c.tid, full=True))
str(select(t.c.id).join(t.alias(), onclause=text('1=1')))
str(t.select().where(t.c.id == 1))
str(t.insert().values(x=1)), str(t.update().values(x=1)), str(t.delete())
select(t).selected_columns.keys()
select(t).get_final_froms()[0].name
select(t.c.id).compare(select(t.c.id))
str(values(column('a', Integer), column('b', String), name='v').data([(1, 'x'), (2, 'y')]).select())
str(select(lateral(select(u.c.id).where(u.c.tid == t.c.id)).c.id, t.c.id))
bool(t.c.id == t.c.id), bool(t.c.id == t.c.x)
bool(t.c.id > 1)
repr(t.c.id), repr(t), str(t), repr(u.c.tid)
list(t.c)
t.c.id in t.c
inspect(c).get_table_names()
inspect(c).get_pk_constraint('t')
inspect(c).get_foreign_keys('u')
inspect(c).get_indexes('t')
inspect(c).get_unique_constraints('u')
inspect(c).get_columns('nope')
inspect(c).has_table('t'), inspect(c).has_table('nope')
repr([ (x.name, str(x.type), x.nullable, x.primary_key) for x in Table('t', MetaData(), autoload_with=c).columns])
repr([list(x.foreign_keys)[0].target_fullname for x in Table('u', MetaData(), autoload_with=c).columns if x.foreign_keys])
Table('nope', MetaData(), autoload_with=c)
(lambda m: (m.reflect(c), sorted(m.tables)))(MetaData())
c.begin()
c.in_transaction(), c.in_nested_transaction()
(lambda n: (c.execute(insert(u).values(v=77)), n.rollback(), c.scalar(select(func.count()).where(u.c.v == 77))))(c.begin_nested())[2]
(lambda n: (c.execute(insert(u).values(v=77)), n.commit(), n.is_active, c.scalar(select(func.count()).where(u.c.v == 77))))(c.begin_nested())[2:]
(lambda n: (n.commit(), n.commit()))(c.begin_nested())
(lambda n: (n.rollback(), n.rollback(), n.is_active))(c.begin_nested())
c.get_transaction() is not None, c.get_nested_transaction()
c.closed, c.invalidated
c.execute(select(t.c.id).execution_options(yield_per=2)).all()
c.execute(select(t.c.id), execution_options={'stream_results': True}).all()
c.execute(select(t.c.id).where(t.c.id == 'abc')).all()
c.execute(insert(t).values(b='maybe'))
c.execute(insert(t).values(d='not a date'))
str(select(t.c.id).compile(compile_kwargs={'literal_binds': True}))
str(select(t.c.id).where(t.c.name == "o'x").compile(compile_kwargs={'literal_binds': True}))
str(select(t.c.id).where(t.c.id.in_([1,2])).compile(compile_kwargs={'literal_binds': True}))
str(select(t.c.id).where(t.c.d == None).compile(compile_kwargs={'literal_binds': True}))
str(select(t.c.id).where(t.c.id.in_([1,2])).compile(compile_kwargs={'render_postcompile': True}))
select(t.c.id).where(t.c.id == 4, t.c.x == 3.5).compile().params
c.execute(select(t.c.id).where(t.c.id == bindparam(None, 2))).all()
c.execute(select(literal(1) + 1, literal('a') + 'b', literal(2) * 3.0)).all()
c.execute(select(func.json_extract('{"a": 1}', '$.a'))).scalar()
c.execute(select(t.c.id, t.c.name).where(t.c.name.in_(['a', None]))).all()
c.execute(select(t.c.id).where(t.c.name.in_('abc')))
c.execute(select(t.c.id).where(t.c.id.in_(5)))
c.execute(select(t.c.id).where(t.c.id.in_({1: 2}))).all()
c.execute(select(t.c.id).where(t.c.id.in_(range(3)))).all()
c.execute(select(t.c.id).limit(bindparam('n')), {'n': 1}).all()
c.execute(select(t.c.id).limit(literal(1) + 1)).all()
c.execute(select(aliased_t.c.id).select_from(t.join(aliased_t, t.c.id == aliased_t.c.id))).all()
c.execute(select(distinct(t.c.g))).all()
c.execute(select(t.c.id).where(between(t.c.id, 1, 2, symmetric=True))).all()
c.execute(select(t.c.id.label('z')).where(literal_column('z') > 1)).all()
c.execute(select((t.c.id + t.c.x).label('s')).order_by('s').group_by('s')).all()
c.execute(select(func.coalesce(func.max(t.c.id), 0) + 1)).scalar()
c.execute(select(t.c.name.regexp_replace('a', 'b'))).all()
c.execute(select(func.strftime('%Y', t.c.d))).all()
c.execute(select(t.c.name % 'x')).all()
c.execute(text("select '%', '%%'")).first()
c.execute(select(literal('%'))).first()
c.execute(select(literal_column("'100%'"))).first()
""".strip().splitlines()  # noqa: E501
# fmt: on

_UNLIKE = re.compile(r"0x[0-9a-f]+|sqlalchemy|ormolu")
_ASKS_THE_CATALOG = ("inspect(", "autoload_with", "reflect(", "savepoint", "begin_nested")


class Library:
    """One library with its names, an engine on two filled tables, and the log of what was sent."""

    def __init__(self, name: str, url: str = "sqlite://") -> None:
        sa: Any = importlib.import_module(name)
        metadata = sa.MetaData()
        t = sa.Table(
            "t",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("name", sa.String(20), index=True),
            sa.Column("x", sa.Float),
            sa.Column("b", sa.Boolean),
            sa.Column("d", sa.DateTime),
            sa.Column("j", sa.JSON),
            sa.Column("g", sa.Integer, default=7),
        )
        u = sa.Table(
            "u",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("tid", sa.ForeignKey("t.id")),
            sa.Column("v", sa.Integer, unique=True, nullable=True),
        )
        self.sent: list[Any] = []
        self.engine = sa.create_engine(url)
        with self.engine.begin() as connection:
            metadata.create_all(connection)
            connection.execute(sa.insert(t), _rows())
            children = [{"tid": 1, "v": 1}, {"tid": 1, "v": 2}, {"tid": 3, "v": 3}]
            connection.execute(sa.insert(u), children)
        sa.event.listen(self.engine, "before_cursor_execute", self._note)
        names = {each: getattr(sa, each) for each in dir(sa) if not each.startswith("_")}
        schema = importlib.import_module(f"{name}.schema")
        self.names = {**names, "t": t, "u": u, "aliased_t": t.alias("al"), "schema": schema}

    def _note(self, connection: Any, cursor: Any, sql: str, params: Any, *rest: Any) -> None:
        self.sent.append((sql, params, rest[-1]))

    def run(self, program: str) -> tuple[str, list[Any]]:
        self.sent.clear()
        with self.engine.connect() as connection, connection.begin() as transaction:
            try:
                found = eval(program, {**self.names, "c": connection})
                outcome = _described(found)
            except Exception as error:
                outcome = type(error).__name__
            transaction.rollback()
        return outcome, [] if any(w in program for w in _ASKS_THE_CATALOG) else list(self.sent)


def _rows() -> list[dict[str, Any]]:
    day = datetime.datetime(2020, 1, 2, 3)
    return [
        {"name": "a", "x": 1.5, "b": True, "d": day, "j": {"k": 1}, "g": 1},
        {"name": "b", "x": 2.5, "b": False, "d": None, "j": None, "g": 1},
        {"name": None, "x": 3.5, "b": None, "d": None, "j": [1], "g": 2},
    ]


def _described(found: Any) -> str:
    if hasattr(found, "__visit_name__"):
        return str(found)
    if hasattr(found, "all") and hasattr(found, "keys"):
        return "a result"
    return _UNLIKE.sub("", repr(found))


@pytest.fixture(scope="module")
def libraries() -> Iterator[tuple[Library, Library]]:
    both = Library("sqlalchemy"), Library("ormolu")
    yield both
    for library in both:
        library.engine.dispose()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_does_what_it_does_on_sqlalchemy(
    libraries: tuple[Library, Library], program: str
) -> None:
    theirs, ours = libraries
    assert ours.run(program) == theirs.run(program)
