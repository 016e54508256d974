"""What the methods of URLs give, and what they refuse, is what SQLAlchemy's do."""

from __future__ import annotations

import copy
import importlib
import pickle
from collections.abc import Mapping
from typing import Any

import pytest

# fmt: off
PROGRAMS = r"""
U.create('a', host='h').set(port=5)
U.create('a', port='x')
U.create('a', port=5.5).port
U.create(None)
U.create('a', query={'x': 1})
U.create('a', query={'x': ['1', '2']}).query
U.create('a', query={'x': ('1',)}).query
U.create('a', query={'x': []}).query
U.create('a', query='x=1')
U.create('a', query=None)
U.create('a', query=[('x', '1')])
U.create('a', username=5)
U.create('a', 'u', 'p', 'h', 1, 'd').set(password=None).password
U.create('a', 'u', 'p').set(drivername='b+c').get_driver_name()
mk('postgresql://h/d?a=1&b=2&a=3').update_query_string('a=5&c=6').query
mk('postgresql://h/d?a=1&b=2&a=3').update_query_string('a=5&c=6', append=True).query
mk('postgresql://h/d?a=1').update_query_dict({'a': '2'}).query
mk('postgresql://h/d?a=1').update_query_dict({'a': ['2', '3']}, append=True).query
mk('postgresql://h/d?a=1').update_query_dict({'a': 2})
mk('postgresql://h/d?a=1').update_query_pairs([('a', '2'), ('a', '3')]).query
mk('postgresql://h/d?a=1').update_query_pairs([('a', '2')], append=True).query
mk('postgresql://h/d?a=1').update_query_pairs([('a', ['2', '3'])]).query
mk('postgresql://h/d?a=1&b=2').difference_update_query(['a', 'z']).query
mk('postgresql://h/d?a=1&b=2&a=3').normalized_query
mk('postgresql://h/d?a=1').difference_update_query([]).query
mk('postgresql://u:p@h/d').render_as_string()
mk('postgresql://u:p@h/d').render_as_string(hide_password=False)
mk('postgresql://u:p@h/d').render_as_string(False)
str(mk('postgresql://u:p@h/d'))
repr(mk('postgresql://u:p@h/d'))
mk('postgresql://u:p@h/d') == mk('postgresql://u:p@h/d')
mk('postgresql://u:p@h/d') == 'postgresql://u:p@h/d'
mk('postgresql://u:p@h/d') != mk('postgresql://u:p@h/e')
hash(mk('postgresql://u:p@h/d')) == hash(mk('postgresql://u:p@h/d'))
mk('postgresql://u:p@h/d').translate_connect_args()
mk('postgresql://u:p@h:5/d').translate_connect_args(username='user')
mk('postgresql://u:p@h:5/d').translate_connect_args(username='user', password=None)
mk('sqlite://').get_backend_name(), mk('sqlite+aiosqlite://').get_driver_name(), mk('sqlite://').get_driver_name()
mk('sqlite://').get_dialect().name
mk('nope://').get_dialect()
mk('nope+x://').get_backend_name()
pickle.loads(pickle.dumps(mk('postgresql://u:p@h/d?x=1&x=2'))).render_as_string(False)
copy.copy(mk('sqlite://')) is not None, copy.deepcopy(mk('sqlite:///x')).database
mk('sqlite://')._replace(database='x').database
mk('sqlite://')[0], len(mk('sqlite://')), tuple(mk('sqlite://'))[:6]
mk(None)
mk(5)
mk('x')
mk('sqlite:///x?a=&b', keep_blank_values=True).query
mk('sqlite:///x?a=&b').query
mk('sqlite:///x').query.get('a')
setattr(mk('sqlite:///x'), 'database', 'y')
mk(mk('sqlite:///x')).database
mk('postgresql://h/d').set(query={'a': ['1', '2']}).render_as_string()
mk('postgresql://h/d').set(host='').render_as_string()
mk('postgresql://u@h/d').set(username='').render_as_string()
U.create('a', host='h', database='d b').render_as_string()
U.create('a', username='u s', password='p@:/').render_as_string(False)
U.create('a', host='::1', port=4).render_as_string()
""".strip().splitlines()
# fmt: on


def outcome(root: str, program: str) -> str:
    module: Any = importlib.import_module(f"{root}.engine.url")
    names = {"U": module.URL, "mk": module.make_url, "pickle": pickle, "copy": copy}
    try:
        found = eval(program, names)
    except Exception as error:
        return type(error).__name__
    return repr(dict(found) if isinstance(found, Mapping) else found)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_url_does_the_same_on_both(program: str) -> None:
    assert outcome("ormolu", program) == outcome("sqlalchemy", program)
