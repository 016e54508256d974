"""The flush of one new object: what `session.add(obj)`, `session.commit()` come to.

Programs that write one object per transaction pay for a flush per row, so here the phases of
`run.py` are one step with the same outcome. It is for an object whose key is all that the database
has to make, and whose related objects need nothing: no relationship is set. Whatever asks for more
(defaults, versions, handlers, SQL expressions as values, a value that does not convert, a key that
is given) is no business of this module: `single_insert` says None, and the phases take over.

What an object needs depends on which attributes are set, not on their values, and programs make
their objects in few ways. So it is decided once for the names in the object's dict, in their
order, and kept beside the mapper's other statements (`Forms.singles`).
"""

from __future__ import annotations

import weakref
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias

from ormolu import exc
from ormolu.deferred import deferred
from ormolu.orm.flush.actions import InsertRows
from ormolu.orm.flush.inserts import PLAIN, check_all_came_back
from ormolu.orm.flush.outcome import let_go_taken
from ormolu.orm.flush.statements import Forms, SingleForm, forms_of
from ormolu.orm.instances.state import STATE

if TYPE_CHECKING:
    from ormolu.engine.core import ConnectionCore
    from ormolu.io.requests import Execute, FetchAll
    from ormolu.orm.flush import failures
    from ormolu.orm.mapping.mapper import Mapper
else:
    failures = deferred("ormolu.orm.flush.failures")

_PATTERNS = 64

#: The connection, the statement, the object and its parameters.
SingleInsert: TypeAlias = "tuple[ConnectionCore, SingleForm, Any, Any]"


class Lacking(Enum):
    """What `single_insert` can't get by itself."""

    CONNECTION = "the connection has to be waited for"


def single_insert(session: Any) -> SingleInsert | Lacking | None:
    """What the flush of the session's one new object sends, or None when it takes the phases.

    The caller has seen that nothing is modified or deleted, and that nobody listens to the session.
    Where the connection is lacking, it is to ask again when the session has one.
    """
    (obj,) = session._new.values()
    own = obj.__dict__
    mapper = type(obj).__mapper__
    dispatch = mapper.dispatch
    if dispatch.before_insert or dispatch.after_insert or not mapper.configured:
        return None
    if not PLAIN.issuperset(map(type, own.values())):
        return None
    core = session._core or session._connection_now()
    if core is None:
        return Lacking.CONNECTION
    if core.observed:
        return None
    forms = forms_of(core, mapper)
    names = tuple(own)
    form = forms.singles[names] if names in forms.singles else _decide(forms, names)
    if form is None or own[STATE].pending:
        return None
    for name in form.unset:
        own[name] = None
    try:
        row = form.row(own)
    except Exception:
        return None
    return core, form, obj, row


def _decide(forms: Forms, names: tuple[str, ...]) -> SingleForm | None:
    """The form for objects whose dict has these names, kept for the next one."""
    if len(forms.singles) >= _PATTERNS:
        forms.singles.clear()
    form = forms.singles[names] = _form(forms, names)
    return form


def _form(forms: Forms, names: tuple[str, ...]) -> SingleForm | None:
    columns, mapper = forms.columns, forms.mapper
    if columns.defaults or columns.version is not None or not columns.generated:
        return None
    if columns.asked:  # by another statement, where there is no RETURNING
        return None
    if not mapper._relationships.keys().isdisjoint(names):
        return None
    mask = columns.mask_of(names)
    if mask is None:
        return None
    return forms.insert(mask).single(columns.generated, names, columns.always)


def request_of(core: ConnectionCore, form: SingleForm, row: Any) -> Execute | FetchAll:
    """The request; its reply is for `returned_key` if the form returns the key."""
    core.request.sql = form.sql
    request = core.request if form.returns else core.execute_request
    request.sql = form.sql
    request.params = row
    return request


def returned_key(found: Any) -> Any:
    """The key that the database made and gave back as a row.

    :raises FlushError: when the row didn't come back.
    """
    check_all_came_back(1, found)
    return found[0][0]


def refused(
    core: ConnectionCore, form: SingleForm, obj: Any, row: Any, error: BaseException
) -> BaseException:
    """The exception to raise for an error of the request; it names the object."""
    if not isinstance(error, core.driver_error):
        return error
    wrapped = core.wrap(error, form.sql, row)
    if isinstance(wrapped, exc.StatementError):
        failures.explain(wrapped, InsertRows(type(obj).__mapper__, [obj]))
    return wrapped


def accept(session: Any, form: SingleForm, obj: Any, key: Any) -> None:
    """Make the object persistent: `outcome.accept`, for one."""
    own = obj.__dict__
    mapper: Mapper = type(obj).__mapper__
    own[form.key] = key
    for name in form.blank:  # not before: should the INSERT fail, it is left out again
        own[name] = None
    entries = session._identity.of(mapper)
    if key in entries:
        let_go_taken(session, entries, [key], [obj])
    ref = entries[key] = weakref.ref(obj)
    membership = session._membership
    if len(membership.fresh) < membership.fresh_limit:
        membership.fresh.append([ref])
    else:
        membership.arrive([ref])
    own[STATE] = membership.shared(mapper)
    transaction = session._transaction
    if transaction.inserted is None:
        transaction.inserted = [ref]
    else:
        transaction.inserted.append(ref)
    session._new.clear()
