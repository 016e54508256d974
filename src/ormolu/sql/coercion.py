"""What a caller passes, made into the node that its place (its role) needs.

Every place where a user's object enters a statement goes through one of these functions; each
raises `ArgumentError` naming the object and saying what to write. Hand-written SQL is accepted as
a plain string where `text` is.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final

from .. import inspection
from ..exc import ArgumentError, SAWarning
from ..types import BOOLEANTYPE, Boolean
from . import operators as ops
from .columns import literal_column
from .constants import FALSE, NULL, TRUE
from .elements import BindParameter, ClauseElement, ColumnElement
from .entity import Entity
from .label import LabelReference
from .literals import COMPARISONS
from .node import Node
from .text import TextClause

if TYPE_CHECKING:
    from ..types import TypeEngine


def resolve(given: Any) -> Any:
    """The SQL element behind an object (a mapped attribute's column), or None when it has none."""
    for _ in range(8):
        if isinstance(given, Node):
            return given
        method = getattr(given, "__clause_element__", None)
        if method is None or isinstance(given, type):
            return None
        given = method()
    return None


def entity_of(given: Any) -> Entity | None:
    """The ORM entity that a class, an alias or a mapper is, or None."""
    if isinstance(given, Entity):
        return given
    if isinstance(given, Node):
        return None
    mapper = given.__dict__.get("__mapper__") if isinstance(given, type) else None
    if mapper is None:
        mapper = inspection.inspect(given, raiseerr=False)
    return mapper if isinstance(mapper, Entity) else None


def as_scalar(found: Any) -> Any:
    """A statement, or a subquery of it, as one value; None for what is neither.

    It warns: `scalar_subquery()` says what is meant.
    """
    statement = found.element if getattr(found, "__visit_name__", "") == "subquery" else found
    make = getattr(statement, "scalar_subquery", None)
    if make is None:
        return None
    warnings.warn(
        "implicitly coercing SELECT object to scalar subquery; please use the .scalar_subquery() "
        "method to produce a scalar subquery.",
        SAWarning,
        stacklevel=4,
    )
    return make()


def expression(given: Any, what: str = "SQL expression") -> Any:
    """A value in a statement: not a plain Python value, since one place may not hold binds.

    Plain values are accepted and become binds; a string becomes text nowhere here.
    """
    if isinstance(given, ColumnElement):
        return given
    found = resolve(given)
    if found is None:
        return operand(given)
    if isinstance(found, ColumnElement | TextClause):
        return found
    scalar = as_scalar(found)
    if scalar is not None:
        return scalar
    raise ArgumentError(f"{what} expected, got {given!r}.")


def expressions(given: Iterable[Any]) -> list[Any]:
    """Each as an element of an ORDER BY or PARTITION BY list; strings are SQL text of a column."""
    return [literal_column(g) if isinstance(g, str) else expression(g) for g in given]


def operand(
    given: Any,
    beside: ColumnElement[Any] | None = None,
    operator: ops.Operator | None = None,
    type_: TypeEngine[Any] | None = None,
    name: str | None = None,
) -> Any:
    """A value beside another: an expression as it is, None as NULL, a plain value as a bind.

    ``beside`` gives a bind its name and its type; ``type_`` and ``name`` overrule it.
    """
    if isinstance(given, ColumnElement):
        if beside is not None and type(given) is BindParameter and _untyped(given):
            return given._copy(type=beside.type)
        return given
    if given is None:
        if beside is None or operator is None or operator.comparison:
            return NULL
        return beside._bind_for(operator, None)
    if not isinstance(given, _PLAIN):
        found = resolve(given)
        if found is not None:
            return _operand_node(found, given)
    if type_ is None and beside is not None and operator is not None:
        return beside._bind_for(operator, given)
    if name is None and beside is not None:
        name = beside.key
    if type(given) is bool and type_ is None:
        type_ = BOOLEANTYPE
    return BindParameter(name, given, type_, unique=True)


def _operand_node(found: Any, given: Any) -> Any:
    if isinstance(found, ColumnElement | TextClause):
        return found
    scalar = as_scalar(found)
    if scalar is not None:
        return scalar
    if isinstance(found, ClauseElement) and hasattr(found, "self_group"):
        return found
    raise ArgumentError(f"SQL expression element or literal value expected, got {given!r}.")


def _untyped(bind: BindParameter[Any]) -> bool:
    return bind.type._is_null


_PLAIN: Final = (int, str, float, bytes)


def where(given: Any) -> Any:
    """A condition, for WHERE, HAVING, ON and ``and_()``. A string is SQL text."""
    if type(given) in COMPARISONS:
        return given
    if isinstance(given, ColumnElement):
        return given.self_group(ops.is_true) if isinstance(given.type, Boolean) else given
    if given is None:
        return NULL
    if given is True:
        return TRUE
    if given is False:
        return FALSE
    if isinstance(given, str):
        return TextClause(given)
    found = resolve(given)
    if isinstance(found, ColumnElement):
        return where(found)
    if isinstance(found, ClauseElement) and not hasattr(found, "selected_columns"):
        return found
    scalar = as_scalar(found)
    if scalar is not None:
        return scalar
    if isinstance(given, FunctionType):  # a lambda: its time is now, as lambda_stmt()'s
        return where(given())
    raise ArgumentError(
        f"SQL expression for WHERE/HAVING role expected, got {given!r}."
        " Write a comparison such as table.c.name == value."
    )


def order_by(given: Any) -> Any:
    """Something to order or group by; a string names a label or column of the statement."""
    if isinstance(given, ColumnElement):
        return given
    if isinstance(given, str):
        return LabelReference(given)
    found = resolve(given)
    if isinstance(found, ColumnElement | TextClause):
        return found
    if isinstance(found, Node) and found.__visit_name__ == "order_by_list":
        return found
    scalar = as_scalar(found)
    if scalar is not None:
        return scalar
    if isinstance(given, bool):
        return TRUE if given else FALSE
    raise ArgumentError(
        "Column expression or label name expected for ORDER BY / GROUP BY / DISTINCT, "
        f"got {given!r}."
    )


def select_column(given: Any) -> Any:
    """An element of a columns clause: an expression, a FROM, an ORM entity or attribute."""
    if isinstance(given, ClauseElement):
        if given.supports_execution and hasattr(given, "scalar_subquery"):
            raise ArgumentError(
                "Column expression, FROM clause, or other columns clause element expected, "
                f"got {given!r}. Write .scalar_subquery() for its value, .subquery() for its rows."
            )
        return given
    if isinstance(given, type):
        mapper = given.__dict__.get("__mapper__")
        if mapper is not None:
            return mapper
    elif getattr(given, "_plugin", None) is not None:
        return given
    entity = entity_of(given)
    if entity is not None:
        return entity
    if given is None:
        return NULL
    if isinstance(given, bool):
        return TRUE if given else FALSE
    if isinstance(given, int | float):
        return literal_column(repr(given))
    if isinstance(given, str):
        raise ArgumentError(
            f"Textual column expression {given!r} should be explicitly declared with "
            f"text({given!r}), or use column({given!r}) for more specificity"
        )
    found = resolve(given)
    if found is not None:
        return found
    hint = ""
    if isinstance(given, list | tuple | set):
        hint = f" Did you mean to say select({', '.join(repr(g) for g in given)})?"
    raise ArgumentError(
        "Column expression, FROM clause, or other columns clause element expected, "
        f"got {given!r}.{hint}"
    )


def from_(given: Any, what: str = "FROM expression") -> Any:
    """A FROM element or an ORM entity. A SELECT becomes an anonymous subquery; a string is text."""
    if hasattr(type(given), "_all_from_columns"):
        return given
    if isinstance(given, Entity):
        return given
    if isinstance(given, TextClause):
        return given
    if isinstance(given, str):
        return TextClause(given)
    subquery = getattr(given, "subquery", None)
    if isinstance(given, ClauseElement) and subquery is not None:
        return subquery()
    as_from = getattr(given, "_as_from", None)
    if isinstance(given, ColumnElement) and as_from is not None:
        return as_from()
    entity = entity_of(given)
    if entity is not None:
        return entity
    if getattr(given, "_plugin", None) is not None and not isinstance(given, type):
        return given
    found = resolve(given)
    if found is not None and found is not given:
        return from_(found, what)
    raise ArgumentError(f"{what}, such as a Table or alias() object expected, got {given!r}.")


def statement(given: Any) -> Any:
    """An executable statement; a string is SQL text.

    Raises `ObjectNotExecutableError` through the engine, not here: other objects pass unchanged.
    """
    return TextClause(given) if isinstance(given, str) else given


def column_key(given: Any) -> str:
    """The key of a column given by name, by `Column` or by mapped attribute.

    Raises `ArgumentError` for anything else.
    """
    if isinstance(given, str):
        return given
    found = resolve(given)
    key = getattr(found, "key", None)
    if key is None:
        raise ArgumentError(f"Column name or Column expected as a key, got {given!r}.")
    return key  # type: ignore[no-any-return]


def value(given: Any, column: ColumnElement[Any]) -> Any:
    """A value to store in a column: an expression as it is, anything else a bind of its type."""
    if isinstance(given, ColumnElement):
        return operand(given, column, ops.eq)
    if given is not None and not isinstance(given, _PLAIN):
        found = resolve(given)
        if found is not None:
            return _operand_node(found, given)
    return BindParameter(column.key, given, column.type, unique=True)
