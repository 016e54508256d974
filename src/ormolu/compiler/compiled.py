"""The compiled form of a statement: text, the layout of its binds, and the columns it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ormolu.compiler.binds import BindLayout, BindSlot, list_names
from ormolu.compiler.packing import (
    Expand,
    Pack,
    Packed,
    PackMany,
    build_expand,
    build_pack,
    build_pack_many,
)
from ormolu.exc import InvalidRequestError

if TYPE_CHECKING:
    from ormolu.compiler.sentinels import Sentinels
    from ormolu.compiler.target import Target
    from ormolu.schema import Column
    from ormolu.sql.elements import BindParameter
    from ormolu.types import TypeEngine

__all__ = ["Compiled", "ExpandedState", "InsertKeys", "Kind", "Prefetch", "ResultColumn"]

Kind = Literal["select", "insert", "update", "delete", "text", "ddl"]


class ResultColumn:
    """One column of a result.

    ``name`` is what the statement calls it, ``keys`` are the objects and strings by which a row may
    be asked for it, ``type`` converts it, ``element`` is the expression it comes from.
    """

    __slots__ = ("element", "keys", "name", "type")

    def __init__(
        self, name: str, keys: tuple[Any, ...], type_: TypeEngine[Any], element: Any
    ) -> None:
        self.name = name
        self.keys = keys
        self.type = type_
        self.element = element

    def __repr__(self) -> str:
        return f"ResultColumn({self.name!r}, {self.type!r})"


class Prefetch:
    """A column whose Python-side default the engine computes for each row before execution.

    The value goes into the row's parameters under ``key``. ``default`` is the ``ColumnDefault``:
    a scalar (``arg`` is the value) or a callable (``arg(context)`` gives it).
    """

    __slots__ = ("column", "default", "key")

    def __init__(self, column: Column[Any], key: str, default: Any) -> None:
        self.column = column
        self.key = key
        self.default = default

    def __repr__(self) -> str:
        return f"Prefetch({self.key!r}, {self.default!r})"


class InsertKeys:
    """Where each part of ``inserted_primary_key`` comes from.

    ``sources`` has one entry per primary key column: ``("slot", the BindSlot of its value)``,
    ``("lastrowid", None)``, ``("returned", position in the implicit RETURNING)`` or
    ``("unknown", None)``.
    """

    __slots__ = ("sources",)

    def __init__(self, sources: tuple[tuple[str, Any], ...]) -> None:
        self.sources = sources

    def read(
        self,
        binds: Sequence[BindParameter[Any]],
        params: Mapping[str, Any],
        lastrowid: int | None,
        returned: Sequence[Any] | None,
    ) -> tuple[Any, ...]:
        """Return the primary key of one inserted row, None for parts that cannot be known."""
        key: list[Any] = []
        for source, where in self.sources:
            if source == "slot":
                value = where.peek(binds, params)
                key.append(lastrowid if value is None else value)
            elif source == "lastrowid":
                key.append(lastrowid)
            elif source == "returned" and returned is not None:
                key.append(returned[where])
            else:
                key.append(None)
        return tuple(key)


class ExpandedState(NamedTuple):
    """A statement with its IN lists written out.

    ``parameters`` are the values by name, ``positiontup`` the names in the order of the text, and
    ``parameter_expansion`` the names that each list became.
    """

    statement: str
    parameters: dict[str, Any]
    positiontup: list[str]
    parameter_expansion: dict[str, list[str]]

    @property
    def positional_parameters(self) -> tuple[Any, ...]:
        """The values in the order of the text."""
        return tuple([self.parameters[name] for name in self.positiontup])

    @property
    def additional_parameters(self) -> dict[str, Any]:
        """The same as ``parameters``."""
        return self.parameters


class Compiled:
    """A statement's text for one dialect, reusable by every statement with an equal key.

    - ``sql``: the text; IN lists still stand as ``__[POSTCOMPILE_name]`` when ``expanding``.
    - ``kind``: ``select``, ``insert``, ``update``, ``delete``, ``text`` or ``ddl``.
    - ``binds``: the :class:`BindSlot` objects in the order of the text.
    - ``pack(binds, params)``: the values for the driver, a tuple for a positional paramstyle and a
      dict for a named one. ``binds`` is the ``_binds`` of the statement being executed.
    - ``pack_many(binds, rows)``: the same for every row of an ``executemany``.
    - ``expand(binds, params)``: ``(sql, packed)`` with the IN lists written out.
    - ``columns``: the result columns, empty when there are none.
    - ``shared``: groups of indexes of ``_binds`` at which one bind node stood; a statement may
      reuse
      this form only if its nodes are shared in the same way (:meth:`matches`).
    - ``prefetch``: Python-side defaults to compute per row. ``postfetch``: columns whose value the
      database computes and nothing returns. ``implicit_returning``: columns added in RETURNING
      to learn the primary key. ``insert_keys``: how to find ``inserted_primary_key``.
    - ``sentinels``: the columns at the end of RETURNING that match rows with parameter sets.
    - ``returning``: whether the statement gives rows because it asked (RETURNING), or is a SELECT.
    """

    __slots__ = (
        "_layout",
        "_statement",
        "binds",
        "columns",
        "dialect",
        "expand",
        "expanding",
        "implicit_returning",
        "insert_keys",
        "kind",
        "multi_values",
        "pack",
        "pack_many",
        "postfetch",
        "prefetch",
        "returning",
        "sentinels",
        "shared",
        "sql",
        "table",
        "written_out",
    )

    pack: Pack
    pack_many: PackMany
    expand: Expand

    def __init__(
        self,
        *,
        kind: Kind,
        layout: BindLayout,
        dialect: Target,
        statement: Any,
        columns: tuple[ResultColumn, ...] = (),
        prefetch: tuple[Prefetch, ...] = (),
        postfetch: tuple[Column[Any], ...] = (),
        implicit_returning: tuple[Column[Any], ...] = (),
        insert_keys: InsertKeys | None = None,
        returning: bool = False,
        multi_values: bool = False,
        sentinels: Sentinels | None = None,
        table: Any = None,
    ) -> None:
        self.sql = layout.sql
        self.kind: Kind = kind
        self.dialect = dialect
        self.columns = columns
        self.prefetch = prefetch
        self.postfetch = postfetch
        self.implicit_returning = implicit_returning
        self.insert_keys = insert_keys
        self.returning = returning
        self.multi_values = multi_values
        self.sentinels = sentinels
        self.table = table
        self.shared = layout.shared
        self.binds: tuple[BindSlot, ...] = layout.slots
        self.expanding: bool = layout.expanding
        self._layout = layout
        self._statement = statement
        #: ``sql`` has the IN lists and literals written out (``render_postcompile``)
        self.written_out = False

    def __getattr__(self, name: str) -> Any:
        # The value functions are generated when first asked for: a statement that is only printed,
        # or never executed with many rows, needs none of them.
        layout = self._layout
        if name == "pack":
            self.pack = build_pack(layout.slots, layout.style)
            return self.pack
        if name == "pack_many":
            self.pack_many = build_pack_many(layout.slots, layout.style)
            return self.pack_many
        if name == "expand":
            self.expand = build_expand(layout) if layout.expanding else self._plain
            return self.expand
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _plain(self, binds: Sequence[Any], params: Mapping[str, Any]) -> tuple[str, Packed]:
        return self.sql, self.pack(binds, params)

    @property
    def statement(self) -> Any:
        """The statement that was compiled (the first one with its key)."""
        return self._statement

    @property
    def string(self) -> str:
        """The text, as SQLAlchemy names it."""
        return self.sql

    @property
    def params(self) -> dict[str, Any]:
        """The values of the compiled statement by bind name, unprocessed; None where absent."""
        return self.construct_params(_check=False)

    def construct_params(
        self, params: Mapping[str, Any] | None = None, *, _check: bool = True
    ) -> dict[str, Any]:
        """Return the values by bind name, with ``params`` overriding the statement's own.

        :raises InvalidRequestError: with ``_check``, when a required value is missing.
        """
        given = params or {}
        if _check:
            for slot in self.binds:
                if slot.required and slot.key not in given:
                    raise InvalidRequestError(
                        f"A value is required for bind parameter {slot.name!r}"
                    )
        if self.written_out:
            return dict(self.construct_expanded_state(given).parameters)
        binds = self._binds_with(given)
        return {slot.name: slot.peek(binds, given) for slot in self.binds}

    def _binds_with(self, given: Mapping[str, Any]) -> Sequence[BindParameter[Any]]:
        """The statement's binds; those with generated names have the values given under these."""
        binds = list(self._layout.node_binds)
        for slot in self.binds:
            if slot.key is None and slot.index is not None and slot.name in given:
                binds[slot.index] = binds[slot.index]._copy(value=given[slot.name])
        return binds

    def construct_expanded_state(self, params: Mapping[str, Any] | None = None) -> ExpandedState:
        """Return the text and the values with the IN lists (and literals) written out."""
        given = params or {}
        binds = self._binds_with(given)
        values: dict[str, Any] = {}
        expansion: dict[str, list[str]] = {}
        for slot in self.binds:
            value = slot.peek(binds, given)
            if slot.literal is not None:
                continue
            if not slot.expanding:
                values[slot.name] = value
                continue
            names = expansion[slot.name] = list_names(slot, len(value or ()))
            flat = [each for row in value or () for each in (row if slot.arity else (row,))]
            values.update(zip(names, flat, strict=True))
        order = [
            name
            for slot in self.binds
            if slot.literal is None
            for name in expansion.get(slot.name, (slot.name,))
        ]
        text = self.expand(binds, given)[0] if self.expanding else self.sql
        return ExpandedState(text, values, order, expansion)

    @property
    def positional(self) -> bool:
        """Whether the text has its binds by position."""
        return self.dialect.paramstyle in ("qmark", "format", "numeric_dollar")

    @property
    def positiontup(self) -> list[str] | None:
        """The bind names in the order of the text; None for a named paramstyle."""
        if not self.positional:
            return None
        if self.written_out:
            return self.construct_expanded_state().positiontup
        return [slot.name for slot in self.binds]

    @property
    def bind_names(self) -> dict[Any, str]:
        """The name of each bind node of the statement."""
        nodes = self._layout.node_binds
        return {
            slot.constant if slot.index is None else nodes[slot.index]: slot.name
            for slot in self.binds
            if slot.index is not None or slot.constant is not None
        }

    @property
    def isinsert(self) -> bool:
        """Whether the statement is an INSERT."""
        return self.kind == "insert"

    @property
    def isupdate(self) -> bool:
        """Whether the statement is an UPDATE."""
        return self.kind == "update"

    @property
    def isdelete(self) -> bool:
        """Whether the statement is a DELETE."""
        return self.kind == "delete"

    @property
    def isddl(self) -> bool:
        """Whether the statement is DDL."""
        return self.kind == "ddl"

    @property
    def preparer(self) -> Any:
        """What quotes the names."""
        return self.dialect.identifier_preparer

    @property
    def execution_options(self) -> Mapping[str, Any]:
        """The options of the statement that was compiled."""
        options: Mapping[str, Any] = getattr(self._statement, "_execution_options", {})
        return options

    def matches(self, binds: Sequence[Any]) -> bool:
        """Say whether ``binds`` repeat their nodes where the compiled statement did."""
        return all(binds[group[0]] is binds[i] for group in self.shared for i in group[1:])

    def __str__(self) -> str:
        return self.sql

    def __repr__(self) -> str:
        return f"<Compiled {self.kind} {self.sql!r}>"
