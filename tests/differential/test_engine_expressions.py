"""Results, rows and connections, one expression each: SQLAlchemy's answer is ormolu's answer.

Every program runs in its own transaction on tables with the same rows. Compared are the value, or
the class of the exception.
"""

from __future__ import annotations

import collections.abc
import copy
import importlib
import pickle
import re
from collections.abc import Iterator
from typing import Any

import pytest

# fmt: off
PROGRAMS = r"""
r().keys()
repr(r().keys())
list(r().keys())
len(r().keys())
'id' in r().keys(), 'nope' in r().keys(), t.c.id in r().keys()
r().keys() == ['id', 'name']
r().scalars().keys()
r().mappings().keys()
r().mappings().all()
r().mappings().first()
r().mappings().first()['name']
r().mappings().first()[t.c.name]
r().mappings().first()[0]
r().mappings().first().nope
r().mappings().fetchone()
r().mappings().fetchmany(2)
r().mappings().fetchall()
r().mappings().one()
r().mappings().one_or_none()
r1().mappings().one()
r1().mappings().one_or_none()
r0().mappings().one()
r0().mappings().one_or_none()
list(r().mappings().partitions(2))
r().mappings().columns('name').all()
r().mappings().columns('name', 'id').first()
r().mappings().unique().all()
list(r().mappings())
next(r().mappings())
r().mappings().closed
r().scalars().all()
r().scalars(1).all()
r().scalars('name').all()
r().scalars(t.c.name).all()
r().scalars(5).all()
r().scalars(-1).all()
r().scalars().first()
r().scalars().one()
r1().scalars().one()
r0().scalars().one()
r0().scalars().one_or_none()
r().scalars().one_or_none()
r().scalars().fetchmany(2)
r().scalars().fetchall()
list(r().scalars().partitions(2))
list(r().scalars())
next(r().scalars())
r().scalars().fetchone()
r().tuples().all()
r().tuples().first()
type(r().tuples()).__name__
r().t.all()
type(r().scalars()).__name__, type(r().mappings()).__name__, type(r()).__name__
r().columns('id').all()
r().columns(t.c.name, 'id').all()
r().columns(0).all()
r().columns(0).scalars().all()
r().columns(1, 0).columns(1).all()
r().columns('nope')
r().columns(7)
r().columns('name').mappings().all()
r().columns('name').keys()
r().columns('name').first().name
r().columns('name').first().id
r().scalar()
r0().scalar()
r().scalar_one()
r1().scalar_one()
r0().scalar_one()
r0().scalar_one_or_none()
r().scalar_one_or_none()
r1().scalar_one_or_none()
r().one()
r1().one()
r0().one()
r().one_or_none()
r0().one_or_none()
r().first()
r0().first()
r().fetchone()
r0().fetchone()
r().fetchmany()
r().fetchmany(2)
r().yield_per(2).fetchmany()
r().fetchall()
next(r())
next(r0())
list(r())
list(r().partitions(2))
list(r().partitions())
list(r().yield_per(2).partitions())
list(r().yield_per(1).partitions(2))
(lambda x: (x.fetchone(), x.fetchmany(1), x.all(), x.all(), x.fetchone()))(r())
(lambda x: (x.fetchall(), x.fetchall(), x.closed))(r())
(lambda x: (x.all(), x.first()))(r())
(lambda x: (x.all(), x.one()))(r())
(lambda x: (x.all(), x.one_or_none()))(r())
(lambda x: (x.all(), list(x)))(r())
(lambda x: (x.all(), x.scalars().all()))(r())
(lambda x: (x.all(), x.keys()))(r())
(lambda x: (x.close(), x.keys()))(r())
(lambda x: (x.close(), x.closed))(r())
(lambda x: (x.close(), x.close()))(r())
(lambda x: (x.close(), x.fetchone()))(r())
(lambda x: (x.close(), x.first()))(r())
(lambda x: (x.close(), list(x)))(r())
(lambda x: (x.close(), x.scalars()) and None)(r())
(lambda x: (x.close(), x.scalars().all()))(r())
(lambda x: (x.close(), x.columns(0)) and None)(r())
(lambda x: (x.close(), x.mappings()) and None)(r())
(lambda x: (x.close(), x.freeze()))(r())
(lambda x: (x.first(), x.fetchone()))(r())
(lambda x: (x.first(), x.closed))(r())
(lambda x: (x.one(), x.closed))(r1())
(lambda x: (x.scalar(), x.closed))(r())
(lambda x: (x.scalar(), x.all()))(r())
(lambda x: (x.all(), x.closed))(r())
(lambda x: (list(x), x.closed))(r())
(lambda x: (x.fetchone(), x.closed))(r())
(lambda x: (x.fetchmany(10), x.closed))(r())
(lambda x: (x.fetchmany(10), x.fetchmany(10), x.closed))(r())
(lambda x: (x.__enter__() is x, x.__exit__(None, None, None), x.closed))(r())
(lambda s: (s.first(), s.closed))(r().scalars())
(lambda s: (s.all(), s.all()))(r().scalars())
(lambda s: (s.close(), s.all()))(r().scalars())
(lambda s: (s.close(), s.closed))(r().mappings())
(lambda s: (s.__enter__() is s, s.__exit__(None, None, None), s.closed))(r().scalars())
rg().unique().all()
rg().unique(lambda row: row[0]).all()
rg().scalars().unique().all()
rg().unique().scalars().all()
rg().unique().fetchmany(1)
rg().unique().fetchone()
rg().unique().first()
rg().unique().one()
rg().columns(0).unique().all()
rg().unique().columns(0).all()
rg().mappings().unique().all()
rg().unique().mappings().all()
list(rg().unique().partitions(1))
list(rg().unique())
rg().unique().scalar_one()
rg().unique().scalar_one_or_none()
rg().scalars().unique(lambda x: 1).all()
rg().scalars().unique().one()
r().freeze()().all()
r().freeze()().scalars().all()
(lambda f: (f().all(), f().first(), f().mappings().one_or_none))(r().freeze()) and None
(lambda f: (f().all(), f().scalars().all(), f().keys()))(r().freeze())
(lambda f: [tuple(row) for row in f.data])(r().freeze())
(lambda f: f.with_new_rows([(9, 'z')])().all())(r().freeze())
(lambda f: f.with_new_rows([(9, 'z')])().first().name)(r().freeze())
type(r().freeze()).__name__, type(r().freeze()()).__name__
rg().unique().freeze()().all()
r().merge(r()).all()
r().merge(r1(), r0()).all()
type(r().merge(r())).__name__
r().merge(r()).scalars().all()
r().merge(r()).mappings().first()
r().merge(r()).keys()
r().merge(r()).rowcount
r().merge(r()).unique().all()
(lambda m: (m.close(), m.closed))(r().merge(r()))
row._fields
row._mapping
dict(row._mapping)
row._mapping.keys()
list(row._mapping.keys())
list(row._mapping.items())
list(row._mapping.values())
len(row._mapping)
list(row._mapping)
'id' in row._mapping, 'x' in row._mapping, t.c.id in row._mapping, 0 in row._mapping
row._mapping['id']
row._mapping[t.c.id]
row._mapping[0]
row._mapping[u.c.id]
row._mapping[t.c.x]
row._mapping.get('id'), row._mapping.get('zz'), row._mapping.get('zz', 4)
row._mapping == {'id': 1, 'name': 'a'}
row._mapping != {'id': 1, 'name': 'a'}
row._mapping == row._mapping
repr(row._mapping)
str(row)
row._asdict()
row._tuple() == (1, 'a')
row._t == (1, 'a')
row.tuple() == (1, 'a')
row.t == (1, 'a')
row.count(1), row.index('a')
row.id, row.name
row.nope
row['id']
row[0], row[1], row[-1]
row[2]
row[0:1]
row[t.c.id]
row == (1, 'a'), row != (1, 'a'), row == (1, 'b'), row == [1, 'a']
row < (2,), row <= (1, 'a'), row > (0,), row >= (1, 'b')
row < 5
row == row2, row < row2
hash(row) == hash((1, 'a'))
{row: 1}[(1, 'a')]
len(row), list(row), tuple(row)
1 in row, 'id' in row
setattr(row, 'id', 5)
setattr(row, 'other', 5)
delattr(row, 'id')
row.__setitem__(0, 5)
pickle.loads(pickle.dumps(row)) == row
pickle.loads(pickle.dumps(row)).name
pickle.loads(pickle.dumps(row))._mapping['name']
pickle.loads(pickle.dumps(row))._fields
copy.copy(row).name
copy.deepcopy(row).name
pickle.loads(pickle.dumps(row._mapping))['name']
bool(row), bool(c.execute(select(t.c.id)).first())
sorted([row2, row]) == [row, row2]
match_row(row)
c.execute(select(t.c.id, u.c.id).where(t.c.id == u.c.tid)).first().id
c.execute(select(t.c.id, u.c.id).where(t.c.id == u.c.tid)).first()._mapping['id']
c.execute(select(t.c.id, u.c.id).where(t.c.id == u.c.tid)).first()._mapping[u.c.id]
c.execute(select(t.c.id, u.c.id).where(t.c.id == u.c.tid)).first()._mapping[t.c.id]
c.execute(select(t.c.id, u.c.id).where(t.c.id == u.c.tid)).first().id_1
c.execute(select(t.c.id, u.c.id).where(t.c.id == u.c.tid)).keys()
c.execute(select(t.c.id, u.c.id).where(t.c.id == u.c.tid)).scalars('id').all()
c.execute(text("select 1 as a, 2 as a")).keys()
c.execute(text("select 1 as a, 2 as a")).mappings().first()
c.execute(text("select 1 as a, 2 as b")).first()._asdict()
c.execute(text("select 1 as \"count\", 2 as \"index\", 3 as \"t\", 4 as \"tuple\"")).first()._mapping
c.execute(text("select 1 as \"count\", 2 as \"index\"")).first().count
c.execute(text("select 1 as \"_fields\", 2 as \"_x\"")).first()._x
c.execute(text("select 1 as \"_fields\", 2 as \"keys\"")).first().keys
c.execute(text("select t.id, t.name from t")).first()._mapping[t.c.id]
c.execute(text("select t.id, t.name from t").columns(t.c.id, t.c.name)).first()._mapping[t.c.id]
c.execute(text("select id, name from t").columns(id=Integer)).first()._mapping['id']
c.execute(select(t.c.id.label('z'), func.count(), literal(3)).group_by(t.c.id)).first()._mapping
c.execute(select(t.c.id.label('z'))).first().z
c.execute(select(func.count(t.c.id))).first().count
c.execute(select(func.count(t.c.id))).first()._mapping['count_1']
c.execute(select(func.count(t.c.id))).keys()
c.execute(select(t.c.id + 1)).keys()
c.execute(select(text('id')).select_from(t)).keys()
c.execute(select(literal_column('1'), literal_column('2').label('q'))).keys()
c.execute(union(select(t.c.id), select(u.c.id))).first()._mapping[t.c.id]
c.execute(select(t).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)).keys()
c.execute(select(t).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)).first()._mapping[t.c.id]
c.execute(select(t.c.id, u.c.id).where(t.c.id == u.c.tid).set_label_style(LABEL_STYLE_NONE)).first().id
c.execute(insert(t).values(name='z')).rowcount
c.execute(insert(t).values(name='z')).lastrowid
c.execute(insert(t).values(name='z')).inserted_primary_key
c.execute(insert(t).values(name='z')).inserted_primary_key.id
c.execute(insert(t).values(name='z')).inserted_primary_key_rows
c.execute(insert(t), [{'name': 'z'}, {'name': 'y'}]).inserted_primary_key_rows
c.execute(insert(t), [{'name': 'z'}, {'name': 'y'}]).rowcount
c.execute(insert(t).returning(t.c.id), [{'name': 'z'}, {'name': 'y'}]).inserted_primary_key_rows
c.execute(insert(t).returning(t.c.id).values(name='z')).inserted_primary_key
c.execute(insert(t).values(name='z').returning(t.c.id)).returns_rows
c.execute(insert(t).values(name='z')).returned_defaults
c.execute(insert(t).values(name='z')).returned_defaults_rows
c.execute(insert(t).values(name='z')).is_insert
c.execute(insert(t).values(name='z')).returns_rows
c.execute(insert(t).values(name='z')).last_inserted_params()
c.execute(insert(t), {'name': 'z'}).last_inserted_params()
c.execute(insert(t), [{'name': 'z'}, {'name': 'y'}]).last_inserted_params()
c.execute(insert(t).values(name='z')).last_updated_params()
c.execute(insert(t).values(name='z')).prefetch_cols()
c.execute(insert(t).values(name='z')).postfetch_cols()
c.execute(insert(w).values(a='z')).prefetch_cols()
c.execute(insert(w).values(a='z')).postfetch_cols()
c.execute(insert(w).values(a='z')).lastrow_has_defaults()
c.execute(insert(t).values(name='z')).lastrow_has_defaults()
c.execute(insert(w).values(a='z')).last_inserted_params()
c.execute(insert(w).values(a='z').return_defaults()).returned_defaults
c.execute(insert(w).values(a='z').return_defaults(w.c.s)).returned_defaults._mapping
c.execute(insert(w).values(a='z').return_defaults()).inserted_primary_key
c.execute(insert(w).return_defaults(), [{'a': 'z'}, {'a': 'y'}]).returned_defaults_rows
c.execute(insert(w).return_defaults(), [{'a': 'z'}, {'a': 'y'}]).inserted_primary_key_rows
c.execute(update(w).values(a='z').return_defaults()).returned_defaults
c.execute(update(t).values(name='q')).rowcount
c.execute(update(t).values(name='q').where(t.c.id == 99)).rowcount
c.execute(update(t).values(name='q')).last_updated_params()
c.execute(update(t).values(name='q')).last_inserted_params()
c.execute(update(t).values(name='q')).lastrow_has_defaults()
c.execute(update(t).values(name='q')).is_insert
c.execute(update(t).values(name='q')).inserted_primary_key
c.execute(update(t).values(name='q')).postfetch_cols()
c.execute(update(t).values(name='q')).prefetch_cols()
c.execute(update(w).values(a='q')).prefetch_cols()
c.execute(update(w).values(a='q')).postfetch_cols()
c.execute(update(t).values(name='q')).supports_sane_rowcount()
c.execute(update(t).values(name='q')).supports_sane_multi_rowcount()
c.execute(delete(u)).rowcount
c.execute(delete(u)).closed
c.execute(delete(u)).keys()
c.execute(delete(u)).scalars().all()
c.execute(delete(u)).fetchone()
c.execute(delete(u)).first()
c.execute(delete(u)).one()
c.execute(delete(u)).scalar()
c.execute(delete(u)).mappings().all()
c.execute(delete(u)).close()
list(c.execute(delete(u)))
c.execute(delete(u)).fetchmany(2)
c.execute(delete(u)).columns('id').all()
c.execute(delete(u)).unique().all()
c.execute(delete(u)).yield_per(3).all()
c.execute(select(t.c.id)).rowcount
c.execute(select(t.c.id)).is_insert
c.execute(select(t.c.id)).returns_rows
c.execute(select(t.c.id)).closed
c.execute(select(t.c.id)).prefetch_cols()
c.execute(select(t.c.id)).postfetch_cols()
c.execute(select(t.c.id)).last_inserted_params()
c.execute(select(t.c.id)).last_updated_params()
c.execute(select(t.c.id)).lastrow_has_defaults()
c.execute(select(t.c.id)).returned_defaults
c.execute(select(t.c.id), execution_options={'preserve_rowcount': True}).rowcount
c.execute(insert(t).values(name='z'), execution_options={'preserve_rowcount': True}).rowcount
c.execute(insert(t).values(name='z').returning(t.c.id), execution_options={'preserve_rowcount': True}).all()
c.execute(text("insert into t (name) values ('z')")).rowcount
c.execute(text("insert into t (name) values ('z')")).lastrowid
c.execute(text("insert into t (name) values ('z')")).inserted_primary_key
c.execute(text("insert into t (name) values ('z')")).is_insert
c.execute(text("delete from u")).rowcount
c.execute(text("select 1")).rowcount
c.execute(text("create table zz (a int)")).returns_rows
c.execute(select(t.c.id)).context.statement
c.execute(select(t.c.id)).context.compiled.string
c.execute(select(t.c.id).where(t.c.id == 1)).context.parameters
c.execute(insert(t).values(name='z')).context.isinsert, c.execute(update(t).values(name='z')).context.isupdate, c.execute(delete(u)).context.isdelete
c.execute(insert(t).values(name='z')).context.executemany
c.execute(insert(t), [{'name': 'z'}, {'name': 'y'}]).context.executemany
c.execute(insert(t).values(name='z')).context.compiled_parameters
c.execute(insert(t), [{'name': 'z'}, {'name': 'y'}]).context.compiled_parameters
c.execute(select(t.c.id)).context.is_text, c.execute(text('select 1')).context.is_text
c.execute(select(t.c.id)).context.isinsert
c.execute(select(t.c.id)).context.dialect.name
c.execute(select(t.c.id)).context.engine is c.engine
c.execute(select(t.c.id)).context.root_connection is c
c.execute(select(t.c.id)).context.connection is not None
c.execute(select(t.c.id)).context.invoked_statement is not None
c.execute(select(t.c.id), execution_options={'foo': 'bar'}).context.execution_options['foo']
c.execute(select(t.c.id)).splice_horizontally(c.execute(select(t.c.name))).all()
c.execute(insert(t).returning(t.c.id), [{'name': 'a'}, {'name': 'b'}]).splice_horizontally(c.execute(insert(u).returning(u.c.tid, u.c.v), [{'tid': 5, 'v': 50}, {'tid': 6, 'v': 60}])).all()
c.execute(insert(t).returning(t.c.id), [{'name': 'a'}, {'name': 'b'}]).splice_vertically(c.execute(insert(t).returning(t.c.id), [{'name': 'c'}])).all()
c.exec_driver_sql('select 1').all()
c.exec_driver_sql('select ?', (5,)).all()
c.exec_driver_sql('select ? as a, ? as b', (5, 6)).mappings().all()
c.exec_driver_sql('select :a', {'a': 5}).all()
c.exec_driver_sql('insert into u (tid, v) values (?, ?)', [(1, 11), (2, 12)]).rowcount
c.exec_driver_sql('insert into u (tid, v) values (:a, :b)', [{'a': 1, 'b': 13}]).rowcount
c.exec_driver_sql('select ?', [5]).all()
c.exec_driver_sql('select ?', 5).all()
c.exec_driver_sql('select 1', ()).all()
c.exec_driver_sql('select 1', []).all()
c.exec_driver_sql('select 1', None).all()
c.exec_driver_sql('selec')
c.exec_driver_sql('select 1', execution_options={'stream_results': True}).all()
c.exec_driver_sql('insert into u (tid) values (1)').lastrowid
c.exec_driver_sql('insert into u (tid) values (1)').inserted_primary_key
c.exec_driver_sql('select 1 as x, 2 as y').keys()
c.exec_driver_sql('select 1 as "t.x"').keys()
c.exec_driver_sql('select 1 as "t.x"', execution_options={'sqlite_raw_colnames': True}).keys()
c.exec_driver_sql('select 1 as "t.x"').first().x
c.execute('select 1' and text('select 1'), ()).all()
c.execute(text('select 1'), []).all()
c.execute(text('select 1'), {}).all()
c.execute(text('select :a'), {'a': 1}, execution_options={'x': 1}).all()
c.execute(text('select :a'), [{'a': 1}]).all()
c.execute(text('select :a'), [{'a': 1}, {'a': 2}]).all()
c.execute(text('select :a'), (1,))
c.execute(text('select :a'), [(1,)])
c.execute(text('select :a'), 'abc')
c.execute(text('select :a'), {'b': 1})
c.execute(text('select :a'), {'a': object()})
c.execute(text('select :a'), {'a': [1, 2]})
c.execute(text('select :a'), a=1)
c.execute()
c.execute(None)
c.execute(select(t.c.id).where(t.c.id == bindparam('q')), {'q': 1, 'other': 2}).all()
c.execute(insert(u), [{'tid': 1}, {'v': 2}])
c.execute(insert(u), [{'tid': 1, 'v': 40}, {'tid': 1}])
c.execute(insert(u), [{'tid': 1}, {'tid': 1, 'v': 41}]).rowcount
c.execute(insert(u), ({'tid': 1}, {'tid': 2})).rowcount
c.execute(insert(u), [])
c.execute(insert(u), {}).inserted_primary_key
c.execute(DDL('create table zz (a int)')).returns_rows
c.execute(schema.CreateTable(Table('zz', MetaData(), Column('a', Integer)))).returns_rows
c.execute(func.lower('A')).all()
c.scalar(func.lower('A'))
c.scalar(text('select 5'))
c.scalar(select(t.c.id).where(t.c.id == 77))
c.scalar(delete(u))
c.scalars(select(t.c.name, t.c.id)).all()
c.scalars(delete(u)).all()
c.scalar(select(bindparam('a')), {'a': 3})
c.scalars(select(bindparam('a')), {'a': 3}).all()
c.execute(select(t.c.id), execution_options={'yield_per': 1}).all()
c.execute(select(t.c.id), execution_options={'yield_per': 2}).fetchmany()
list(c.execute(select(t.c.id), execution_options={'yield_per': 2}).partitions())
list(c.execute(select(t.c.id), execution_options={'yield_per': 2}).scalars().partitions())
c.execute(select(t.c.id), execution_options={'stream_results': True}).fetchmany(2)
c.execute(select(t.c.id), execution_options={'stream_results': True}).first()
c.execute(select(t.c.id), execution_options={'stream_results': True, 'max_row_buffer': 2}).all()
c.execute(select(t.c.id), execution_options={'stream_results': True}).rowcount
c.execute(select(t.c.id).execution_options(yield_per=2)).mappings().all()
c.execute(delete(u), execution_options={'stream_results': True}).rowcount
c.execute(insert(t).returning(t.c.id), [{'name': 'q'}, {'name': 'w'}], execution_options={'yield_per': 1}).all()
c.execute(text('select id from t'), execution_options={'yield_per': 1}).all()
(lambda x: (x.fetchone(), x.close(), x.closed))(c.execute(select(t.c.id), execution_options={'yield_per': 1}))
c.execute(select(t.c.id), execution_options={'yield_per': 1}).yield_per(2).all()
c.execution_options(yield_per=1).execute(select(t.c.id)).all()
dict(c.get_execution_options())
c.execution_options(foo=1) is c
dict(c.execution_options(foo=1).get_execution_options())
c.execution_options(isolation_level='AUTOCOMMIT')
c.execution_options(isolation_level='nope')
c.get_isolation_level()
c.default_isolation_level
c.begin()
c.begin_twophase()
c.begin_nested().is_active
c.begin_nested().is_valid
type(c.begin_nested()).__name__, type(c.get_transaction()).__name__
(c.begin_nested(), c.in_nested_transaction())[1]
(lambda n: c.get_nested_transaction() is n)(c.begin_nested())
c.get_transaction() is c.get_transaction()
(lambda n: (n.__enter__() is n, n.__exit__(None, None, None), n.is_active))(c.begin_nested())
(lambda n: (n.close(), n.is_active, c.in_nested_transaction()))(c.begin_nested())
(lambda n: (n.close(), n.commit()))(c.begin_nested())
(lambda n: (n.rollback(), n.commit()))(c.begin_nested())
(lambda n, m: (m.rollback(), n.is_active, n.rollback(), n.is_active))(c.begin_nested(), c.begin_nested())
(lambda n: (c.rollback(), n.is_active))(c.begin_nested())
c.in_transaction(), c.in_nested_transaction(), c.get_nested_transaction()
c.closed, c.invalidated, c.dialect.name, c.engine.name, c.engine.driver
c.connection.dbapi_connection is c.connection.driver_connection
c.connection.is_valid, c.connection.is_detached
c.connection.info is c.info
c.connection.cursor().execute('select 1').fetchall()
c.connection.dbapi_connection.execute('select 1').fetchall()
repr(type(c.engine.url).__name__)
str(c.engine.url), c.engine.url.database
bool(c.engine.echo), c.engine.hide_parameters
dict(c.engine.get_execution_options())
c.engine.dialect.paramstyle, c.engine.dialect.name, c.engine.dialect.driver, c.engine.dialect.positional
c.dialect.supports_statement_cache, c.dialect.insert_returning, c.dialect.update_returning, c.dialect.delete_returning
c.dialect.supports_alter, c.dialect.supports_sequences, c.dialect.max_identifier_length, c.dialect.supports_native_boolean
c.dialect.supports_sane_rowcount, c.dialect.supports_sane_multi_rowcount, c.dialect.supports_default_values, c.dialect.supports_multivalues_insert
c.dialect.use_insertmanyvalues, c.dialect.insertmanyvalues_page_size, c.dialect.postfetch_lastrowid, c.dialect.supports_comments
c.dialect.is_async, c.dialect.has_terminate, c.dialect.default_schema_name, c.dialect.default_paramstyle, c.dialect.supports_identity_columns
c.dialect.identifier_preparer.quote('select'), c.dialect.identifier_preparer.quote('abc'), c.dialect.identifier_preparer.quote_identifier('abc')
c.dialect.identifier_preparer.format_table(t), c.dialect.identifier_preparer.format_column(t.c.id)
c.dialect.server_version_info is not None
c.dialect.get_isolation_level_values(c.connection.dbapi_connection)
c.dialect.statement_compiler.__name__ is not None
type(c.dialect.type_compiler_instance).__name__ is not None
c.dialect.type_descriptor(Integer()).__class__.__name__
c.dialect.is_disconnect(Exception('x'), None, None)
c.dialect.create_connect_args(c.engine.url)[0]
c.schema_for_object(t)
inspect(c).__class__.__name__, inspect(c.engine).__class__.__name__
inspect(c.engine).bind is c.engine
inspect(c).bind is c, inspect(c).engine is c.engine, inspect(c).dialect is c.dialect
inspect(c).default_schema_name
engine_mod.result_tuple(['a', 'b'])((1, 2))._mapping
engine_mod.result_tuple(['a', 'b'])((1, 2)).b
engine_mod.result_tuple(['a', 'b'])((1, 2))
IteratorResult(SimpleResultMetaData(['a', 'b']), iter([(1, 2), (3, 4)])).all()
IteratorResult(SimpleResultMetaData(['a', 'b']), iter([(1, 2), (3, 4)])).scalars('b').all()
IteratorResult(SimpleResultMetaData(['a', 'b']), iter([(1, 2), (3, 4)])).mappings().first()
IteratorResult(SimpleResultMetaData(['a', 'b']), iter([(1, 2), (3, 4)])).first().b
(lambda x: (x.close(), x.all()))(IteratorResult(SimpleResultMetaData(['a', 'b']), iter([(1, 2), (3, 4)])))
(lambda x: (x.all(), x.closed, x.all()))(IteratorResult(SimpleResultMetaData(['a', 'b']), iter([(1, 2), (3, 4)])))
ChunkedIteratorResult(SimpleResultMetaData(['a']), lambda n: iter([[(1,), (2,)], [(3,)]])).all()
list(ChunkedIteratorResult(SimpleResultMetaData(['a']), lambda n: iter([[(1,), (2,)], [(3,)]])).partitions(2))
ChunkedIteratorResult(SimpleResultMetaData(['a']), lambda n: iter([[(n,)]])).yield_per(7).all()
ChunkedIteratorResult(SimpleResultMetaData(['a']), lambda n: iter([[1, 2], [3]]), source_supports_scalars=True).scalars().all()
ChunkedIteratorResult(SimpleResultMetaData(['a']), lambda n: iter([[1, 2], [3]]), source_supports_scalars=True).all()
ChunkedIteratorResult(SimpleResultMetaData(['a']), lambda n: iter([[(1,), (2,)], [(3,)]]), dynamic_yield_per=True).fetchmany(2)
MergedResult(SimpleResultMetaData(['a']), [IteratorResult(SimpleResultMetaData(['a']), iter([(1,)])), IteratorResult(SimpleResultMetaData(['a']), iter([(2,)]))]).all()
""".strip().splitlines()  # noqa: E501
# fmt: on

RESULTS = ("SimpleResultMetaData", "MergedResult", "IteratorResult", "ChunkedIteratorResult")
_UNLIKE = re.compile(r"0x[0-9a-f]+|sqlalchemy|ormolu")


def match_row(row: Any) -> Any:
    match row:
        case (1, name):
            return name
    return None


class Library:
    """One library with its names and an engine on filled tables."""

    def __init__(self, name: str) -> None:
        sa: Any = importlib.import_module(name)
        metadata = sa.MetaData()
        t = sa.Table(
            "t",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("name", sa.String(20)),
            sa.Column("x", sa.Float),
            sa.Column("g", sa.Integer),
        )
        u = sa.Table(
            "u",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("tid", sa.Integer),
            sa.Column("v", sa.Integer, unique=True, nullable=True),
        )
        w = sa.Table(
            "w",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("a", sa.String(20)),
            sa.Column("p", sa.Integer, default=7, onupdate=8),
            sa.Column("s", sa.Integer, server_default="9"),
        )
        self.engine = sa.create_engine(
            "sqlite://", poolclass=importlib.import_module(f"{name}.pool").StaticPool
        )
        if name == "sqlalchemy":
            listen = sa.event.listen
            listen(self.engine, "connect", lambda raw, _: setattr(raw, "isolation_level", None))
            listen(self.engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN"))
        with self.engine.begin() as connection:
            metadata.create_all(connection)
            rows = [("a", 1.5, 1), ("b", 2.5, 1), (None, 3.5, 2)]
            connection.execute(sa.insert(t), [{"name": n, "x": x, "g": g} for n, x, g in rows])
            connection.execute(sa.insert(u), [{"tid": 1, "v": 1}, {"tid": 3, "v": 3}])
        names = {each: getattr(sa, each) for each in dir(sa) if not each.startswith("_")}
        result = importlib.import_module(f"{name}.engine.result")
        self.names = {
            **names,
            "t": t,
            "u": u,
            "w": w,
            "schema": importlib.import_module(f"{name}.schema"),
            "pickle": pickle,
            "copy": copy,
            "collections": collections,
            "match_row": match_row,
            "engine_mod": importlib.import_module(f"{name}.engine"),
            **{each: getattr(result, each) for each in RESULTS},
        }

    def run(self, program: str) -> str:
        sa = self.names
        statement = sa["select"](sa["t"].c.id, sa["t"].c.name).order_by(sa["t"].c.id)
        grouped = sa["select"](sa["t"].c.g).order_by(sa["t"].c.id)
        with self.engine.connect() as connection:
            transaction = connection.begin()
            rows = connection.execute(statement).all()
            extra = {
                "c": connection,
                "r": lambda: connection.execute(statement),
                "r1": lambda: connection.execute(statement.limit(1)),
                "r0": lambda: connection.execute(statement.limit(0)),
                "rg": lambda: connection.execute(grouped),
                "row": rows[0],
                "row2": rows[1],
            }
            try:
                outcome = described(eval(program, {**sa, **extra}))
            except Exception as error:
                outcome = type(error).__name__
            transaction.rollback()
        return outcome


def described(found: Any) -> str:
    if isinstance(found, list | tuple) and type(found) in (list, tuple):
        return f"{type(found).__name__}[{', '.join(map(described, found))}]"
    if hasattr(found, "all") and hasattr(found, "close"):
        return "a result"
    if hasattr(found, "__visit_name__"):
        return str(found)
    return _UNLIKE.sub("…", repr(found))


@pytest.fixture(scope="module")
def libraries() -> Iterator[tuple[Library, Library]]:
    both = Library("ormolu"), Library("sqlalchemy")
    yield both
    for library in both:
        library.engine.dispose()


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.filterwarnings("ignore")
def test_program_gives_the_same_on_both(libraries: tuple[Library, Library], program: str) -> None:
    ours, theirs = (library.run(program) for library in libraries)
    assert ours == theirs
