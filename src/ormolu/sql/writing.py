"""What INSERT, UPDATE and DELETE have in common.

``_values`` are expressions, ``_keys`` the keys of their columns, in the order given. What few of
these statements have is in one object, `WriteClauses`, so that copying a statement is cheap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from ..exc import ArgumentError, InvalidRequestError
from . import coercion
from .boolean import and_
from .collections import ColumnCollection
from .elements import ClauseElement, ColumnElement
from .executable import Executable
from .extension import Extensible
from .fromclause import FromClause
from .label import FixedText
from .naming import Named, name_columns
from .node import CONST, FACT, NODE, NODES, Kind, Node
from .selectbase import _CTE, SelectBase

if TYPE_CHECKING:
    from typing import NoReturn, Self

    from .cte import CTE


class WriteClauses(Node):
    """The clauses that few INSERT, UPDATE and DELETE have.

    - ``prefixes``, ``prefix_dialects``: what follows the keyword, and for which dialect (``"*"``:
      all).
    - ``hints``, ``hint_tables``: (text, dialect) pairs and the tables that they are for.
    - ``ctes``, ``nested``: those of ``add_cte()``, and whether each is written at this statement.
    - ``extensions``, ``positions``: syntax extensions, and the place of each.
    - ``sort_by_parameter_order``: of RETURNING.
    - ``return_defaults``: whether the statement fetches what the database generates; of those
      columns only ``default_columns`` when there are any, and ``supplemental`` besides.
    - ``options``: ``with_dialect_options()``, as (dialect, name, value).
    """

    __slots__ = (
        "ctes",
        "default_columns",
        "extensions",
        "hint_tables",
        "hints",
        "nested",
        "options",
        "positions",
        "prefix_dialects",
        "prefixes",
        "return_defaults",
        "sort_by_parameter_order",
        "supplemental",
    )
    _fields: ClassVar[Mapping[str, Kind]] = {
        "prefixes": NODES,
        "prefix_dialects": CONST,
        "hints": CONST,
        "hint_tables": NODES,
        "ctes": NODES,
        "nested": CONST,
        "extensions": NODES,
        "positions": CONST,
        "sort_by_parameter_order": CONST,
        "return_defaults": CONST,
        "default_columns": NODES,
        "supplemental": NODES,
        "options": CONST,
    }
    __visit_name__ = "rare"

    prefixes: tuple[Any, ...]
    prefix_dialects: tuple[str, ...]
    hints: tuple[tuple[str, str], ...]
    hint_tables: tuple[Any, ...]
    ctes: tuple[Any, ...]
    nested: tuple[bool, ...]
    extensions: tuple[Any, ...]
    positions: tuple[str, ...]
    sort_by_parameter_order: bool
    return_defaults: bool
    default_columns: tuple[Any, ...]
    supplemental: tuple[Any, ...]
    options: tuple[tuple[str, str, Any], ...]

    def __init__(self) -> None:
        for name in self.__slots__:
            setattr(self, name, ())
        self.sort_by_parameter_order = self.return_defaults = False
        self._seal()


PLAIN_WRITE: Final = WriteClauses()


class UpdateBase(Extensible, Executable, ClauseElement):
    """Base of INSERT, UPDATE and DELETE.

    ``table`` is the FROM element written to; ``_entity`` the ORM entity it was given as, or None.
    """

    __slots__ = ("_entity", "_names", "_rare", "_returning", "table")
    _fields: ClassVar[Mapping[str, Kind]] = {
        "table": NODE,
        "_entity": NODE,
        "_returning": NODES,
        "_rare": NODE,
        "_names": FACT,
    }

    is_dml = True
    table: Any
    _entity: Any
    _returning: tuple[Any, ...]
    _rare: WriteClauses
    _names: tuple[tuple[Any, ...], tuple[Named, ...]] | None

    def _init_dml(self, table: Any) -> None:
        self._init_executable()
        self._names = None
        if isinstance(table, str | SelectBase):
            raise ArgumentError(
                f"subject table for an INSERT, UPDATE or DELETE expected, got {table!r}: "
                "write a Table, table() or mapped class"
            )
        target = coercion.from_(table, "subject table for an INSERT, UPDATE or DELETE")
        self._entity = None
        if not isinstance(target, FromClause):
            self._entity = target
            self._plugin = target._plugin
            local = getattr(target, "local_table", None)
            target = target.selectable if local is None else local
        self.table = target
        self._returning = ()
        self._rare = PLAIN_WRITE

    def _with_rare(self, **changes: Any) -> Self:
        return self._copy(_rare=self._rare._copy(**changes))

    def returning(self, *cols: Any, sort_by_parameter_order: bool = False) -> Any:
        """A copy with RETURNING: columns, or a table or mapped class for all of its columns.

        ``sort_by_parameter_order`` gives the rows in the order of the parameters (INSERT only).
        Raises `InvalidRequestError` after ``return_defaults()``.
        """
        if self._rare.return_defaults:
            raise InvalidRequestError(
                "return_defaults() is already configured on this statement: "
                "write one of returning() and return_defaults()"
            )
        if sort_by_parameter_order and not self.is_insert:
            raise ArgumentError(
                "The 'sort_by_parameter_order' argument to returning() only applies to INSERT "
                "statements"
            )
        columns = tuple([coercion.select_column(column) for column in cols])
        plugins = [c._plugin for c in columns if getattr(c, "_plugin", None) is not None]
        new = self._copy(_returning=self._returning + columns)
        if sort_by_parameter_order:
            new = new._with_rare(sort_by_parameter_order=True)
        if plugins:
            new._plugin = plugins[0]
        return new

    def return_defaults(
        self,
        *cols: Any,
        supplemental_cols: Iterable[Any] | None = None,
        sort_by_parameter_order: bool = False,
    ) -> Self:
        """A copy that fetches what the database generates, for ``result.returned_defaults``.

        :param cols: only these columns; without them, all that have a server-side default.
        :param supplemental_cols: further columns to fetch.
        :param sort_by_parameter_order: fetch in the order of the parameters.
        :raises CompileError: when it is compiled, if the statement has ``returning()`` too.
        """
        extra = tuple([coercion.resolve(column) for column in supplemental_cols or ()])
        rare = self._rare
        return self._with_rare(
            return_defaults=True,
            default_columns=rare.default_columns
            + tuple([coercion.resolve(self._named_column(column)) for column in cols]),
            supplemental=rare.supplemental + extra,
            sort_by_parameter_order=rare.sort_by_parameter_order or sort_by_parameter_order,
        )

    def _named_column(self, given: Any) -> Any:
        return self.table.columns[given] if isinstance(given, str) else given

    def named_columns(self) -> tuple[Named, ...]:
        """The columns of RETURNING with the names that they have in SQL.

        They are named once, for a CTE of this statement refers to the same names.
        """
        known = self._names
        if known is None or known[0] is not self._returning:
            known = self._names = self._returning, name_columns(self._selected)
        return known[1]

    @property
    def _sorted(self) -> bool:
        return self._rare.sort_by_parameter_order

    @property
    def _selected(self) -> tuple[ColumnElement[Any], ...]:
        found: list[Any] = []
        for column in self._returning:
            if isinstance(column, FromClause):
                found.extend(column._all_from_columns)
            elif hasattr(column, "_columns_for_select"):
                found.extend(column._columns_for_select())
            else:
                found.append(coercion.resolve(column))
        return tuple(found)

    @property
    def returning_column_descriptions(self) -> list[dict[str, Any]]:
        """What each element of RETURNING is."""
        return [
            {"name": getattr(c, "name", None), "type": getattr(c, "type", c), "expr": c}
            for c in self._returning
        ]

    @property
    def exported_columns(self) -> ColumnCollection[Any]:
        """The columns of RETURNING."""
        return ColumnCollection((column._proxy_key, column) for column in self._selected)

    @property
    def entity_description(self) -> dict[str, Any]:
        """What the statement writes to."""
        of_orm = {} if self._entity is None else {"entity": self._entity}
        return {"name": self.table.name, "table": self.table, **of_orm}

    def prefix_with(self, *prefixes: Any, dialect: str = "*") -> Self:
        """A copy with these written after the statement's keyword, for one dialect or for all."""
        added = tuple([FixedText(p) if isinstance(p, str) else p for p in prefixes])
        rare = self._rare
        return self._with_rare(
            prefixes=rare.prefixes + added,
            prefix_dialects=rare.prefix_dialects + (dialect,) * len(added),
        )

    def with_hint(self, text: str, selectable: Any = None, dialect_name: str = "*") -> Self:
        """A copy with a hint for a table (the one written to), for one dialect or for all."""
        table = self.table if selectable is None else coercion.from_(selectable)
        rare = self._rare
        return self._with_rare(
            hints=(*rare.hints, (text, dialect_name)), hint_tables=(*rare.hint_tables, table)
        )

    def with_dialect_options(self, **options: Any) -> Self:
        """A copy with options of one dialect, ``<dialect>_<option>=value``.

        Raises `TypeError` for a name without dialect and `ArgumentError` for a value that can't be
        part of a key. What a dialect doesn't know it refuses when it compiles the statement.
        """
        return self._with_rare(
            options=self._rare.options
            + tuple([_dialect_option(name, value) for name, value in options.items()])
        )

    @property
    def dialect_options(self) -> dict[str, dict[str, Any]]:
        """Dialect name -> its options for this statement."""
        found: dict[str, dict[str, Any]] = {}
        for dialect, name, value in self._rare.options:
            found.setdefault(dialect, {})[name] = value
        return found

    @property
    def dialect_kwargs(self) -> dict[str, Any]:
        """The dialect options as they were given: ``<dialect>_<option>`` -> value."""
        return {f"{dialect}_{name}": value for dialect, name, value in self._rare.options}

    kwargs = dialect_kwargs

    def add_cte(self, *ctes: Any, nest_here: bool = False) -> Self:
        """A copy with CTEs in WITH that it doesn't refer to.

        ``nest_here`` writes them at this statement, also where it stands within another.
        """
        rare = self._rare
        return self._with_rare(ctes=rare.ctes + ctes, nested=rare.nested + (nest_here,) * len(ctes))

    def cte(self, name: str | None = None, recursive: bool = False, nesting: bool = False) -> CTE:
        """``WITH name AS (this … RETURNING …)``."""
        return _CTE[0](self, name, recursive, nesting)  # type: ignore[no-any-return]

    def params(self, *_: Any, **__: Any) -> NoReturn:
        """Raises `NotImplementedError`: their values are those of ``values()``."""
        raise NotImplementedError(
            "params() is not supported for INSERT/UPDATE/DELETE statements. "
            "To set the values for an INSERT or UPDATE statement, use stmt.values(**parameters)."
        )

    def is_derived_from(self, fromclause: Any) -> bool:
        """Whether it draws from a FROM element; it is none itself, so never."""
        return False

    @property
    def entity_namespace(self) -> Any:
        """Where `filter_by` finds names."""
        return (
            self.table.entity_namespace if self._entity is None else self._entity.entity_namespace
        )

    @property
    def _from_objects(self) -> tuple[Any, ...]:
        return ()

    def _column(self, key: str) -> Any:
        """The table's column of a key, or of an entity's attribute of that name.

        None where there is none: unknown keys are an error of compilation.
        """
        known = None if self._entity is None else self._entity.mapper.columns.get(key)
        return self.table.columns.get(key) if known is None else known

    def _pairs(self, given: Any) -> dict[str, Any]:
        """Values as key -> expression, from a mapping or from a row in the table's order."""
        if isinstance(given, Mapping):
            items = [(self._key_of(key), value) for key, value in given.items()]
        elif isinstance(given, tuple | list):
            columns = list(self.table.columns)
            if len(given) > len(columns):
                raise ArgumentError(
                    f"{len(given)} values given for {self.table.description!r}, "
                    f"which has {len(columns)} columns"
                )
            items = [(c.key, v) for c, v in zip(columns, given, strict=False)]
        else:
            raise ArgumentError(
                f"values() takes keywords, a dictionary, a tuple or a list of these, not {given!r}"
            )
        return {key: self._expression(key, value) for key, value in items}

    def _key_of(self, given: Any) -> str:
        return coercion.column_key(given)

    def _expression(self, key: str, value: Any) -> Any:
        column = self._column(key)
        if column is None:
            return coercion.operand(value, name=key)
        return coercion.value(value, column)


def _dialect_option(name: str, value: Any) -> tuple[str, str, Any]:
    dialect, underscore, option = name.partition("_")
    if not underscore or not option:
        raise TypeError(
            f"Additional arguments should be named <dialectname>_<argument>, got {name!r}"
        )
    try:
        hash(value)
    except TypeError:
        raise ArgumentError(
            f"The dialect option {name}={value!r} can't be part of a statement's key: "
            "write a hashable value"
        ) from None
    return dialect, option, value


class ValuesBase(UpdateBase):
    """Base of INSERT and UPDATE: statements with values.

    ``_valued`` says that ``values()`` was called; without it, all columns are printed.
    """

    __slots__ = ("_keys", "_valued", "_values")
    _fields: ClassVar[Mapping[str, Kind]] = {"_keys": CONST, "_values": NODES, "_valued": CONST}

    _keys: tuple[str, ...]
    _values: tuple[Any, ...]
    _valued: bool

    def _init_values(self, table: Any) -> None:
        self._init_dml(table)
        self._keys = self._values = ()
        self._valued = False

    @staticmethod
    def _given(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The one argument of ``values()``, or its keywords."""
        if len(args) > 1:
            raise ArgumentError(
                "Only a single dictionary/tuple or list of dictionaries/tuples is accepted "
                "positionally."
            )
        if args and kwargs:
            raise ArgumentError("Can't pass positional and **kwargs to values() simultaneously")
        return args[0] if args else kwargs

    def _with_values(self, pairs: Mapping[str, Any], **more: Any) -> Self:
        merged = dict(zip(self._keys, self._values, strict=True))
        merged.update(pairs)
        more["_valued"] = True
        return self._copy(_keys=tuple(merged), _values=tuple(merged.values()), **more)


class Conditional(UpdateBase):
    """Base of UPDATE and DELETE: statements with a WHERE clause (each declares the slot)."""

    __slots__ = ()

    _where: tuple[Any, ...]

    def where(self, *whereclause: Any) -> Self:
        """A copy with these conditions added, joined by AND."""
        added = tuple([coercion.where(clause) for clause in whereclause])
        return self._copy(_where=self._where + added)

    filter = where

    @property
    def whereclause(self) -> ColumnElement[Any] | None:
        """The conditions as one, or None."""
        if not self._where:
            return None
        return self._where[0] if len(self._where) == 1 else and_(*self._where)

    def filter_by(self, **kwargs: Any) -> Self:
        """A copy with ``name = value`` conditions.

        Raises `InvalidRequestError` for a name that the table or entity doesn't have.
        """
        return self.where(*[self._named(name) == value for name, value in kwargs.items()])

    def _named(self, name: str) -> Any:
        if self._entity is not None:
            found = getattr(self._entity.entity_namespace, name, None)
        else:
            found = self.table.columns.get(name)
        if found is None:
            raise InvalidRequestError(
                f'Entity namespace for "{self.table.description}" has no property "{name}"'
            )
        return found

    @property
    def _extra_froms(self) -> list[FromClause]:
        """The FROM elements that the conditions and values draw from, besides the table."""
        drawn = list(getattr(self, "_using", ()))
        drawn += [f for criterion in self._where for f in criterion._from_objects]
        drawn += [f for value in getattr(self, "_values", ()) for f in value._from_objects]
        for column, value in getattr(self, "_others", ()):
            drawn += [*column._from_objects, *value._from_objects]
        return list({id(f): f for f in drawn if f is not self.table}.values())
