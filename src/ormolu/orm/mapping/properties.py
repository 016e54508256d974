"""The mapped properties other than relationships, and the functions that declare them.

`ColumnProperty` is a column (or SQL expression) mapped to an attribute; `SynonymProperty` another
name for one. `MappedColumn` is what `mapped_column()` gives: a column that waits for the name and
the annotation of its attribute.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ormolu import exc
from ormolu.orm.instances.attributes import Mapped
from ormolu.orm.instances.history import History, get_history
from ormolu.schema import Column, SchemaItem
from ormolu.schema.name_and_type import name_and_type
from ormolu.sql.elements import ColumnElement
from ormolu.sql.operators import Operator
from ormolu.types import TypeEngine

T = TypeVar("T")


class _Unset:
    """Told apart from None, which is a value."""

    def __repr__(self) -> str:
        return "<not given>"

    def __bool__(self) -> bool:
        return False


UNSET: Any = _Unset()


class DataclassOptions:
    """What the dataclass of `MappedAsDataclass` is told about one attribute."""

    __slots__ = ("compare", "default", "default_factory", "hash", "init", "kw_only", "repr")

    def __init__(
        self,
        init: Any = UNSET,
        repr: Any = UNSET,
        default: Any = UNSET,
        default_factory: Any = UNSET,
        compare: Any = UNSET,
        kw_only: Any = UNSET,
        hash: Any = UNSET,
    ) -> None:
        self.init = init
        self.repr = repr
        self.default = default
        self.default_factory = default_factory
        self.compare = compare
        self.kw_only = kw_only
        self.hash = hash

    def given(self) -> dict[str, Any]:
        """The options that were given, as keywords of ``dataclasses.field``."""
        found = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in found.items() if value is not UNSET}


class MapperProperty:
    """What every mapped property has: its key, its mapper and ``info``."""

    is_property = True
    is_relationship = False
    key: str
    parent: Any

    def __init__(self, doc: str | None = None, info: dict[Any, Any] | None = None) -> None:
        self.doc = doc
        self.info: dict[Any, Any] = {} if info is None else info
        self.dataclass_options: DataclassOptions | None = None

    def bind(self, parent: Any, key: str) -> None:
        """Take the place ``key`` in a mapper."""
        self.parent = parent
        self.key = key

    @property
    def class_attribute(self) -> Any:
        """The attribute on the class."""
        return getattr(self.parent.class_, self.key)

    def history_of(self, instance: object) -> History:
        """The history of this attribute on an object."""
        return get_history(instance, self.key)

    def __str__(self) -> str:
        return f"{self.parent.class_.__name__}.{self.key}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {getattr(self, 'key', 'unmapped')}>"


class ColumnProperty(MapperProperty):
    """A column or SQL expression that an attribute holds the value of.

    ``columns`` its columns, the first the one that is read; ``expression`` the same one, or the
    SQL expression; ``deferred``, whether it is loaded only when used; ``group``, the deferred
    attributes that are loaded together; ``raiseload``, whether loading it late is an error.
    """

    def __init__(
        self,
        columns: Sequence[Any],
        *,
        deferred: bool = False,
        group: str | None = None,
        raiseload: bool = False,
        active_history: bool = False,
        expire_on_flush: bool = True,
        comparator_factory: Any = None,
        doc: str | None = None,
        info: dict[Any, Any] | None = None,
    ) -> None:
        super().__init__(doc, info)
        self.columns: list[Any] = list(columns)
        self.deferred = deferred
        self.group = group
        self.raiseload = raiseload
        self.active_history = active_history
        self.expire_on_flush = expire_on_flush
        if comparator_factory is not None:
            raise _no_comparator(type(self).__name__)
        self.comparator_factory = comparator_factory

    @property
    def expression(self) -> Any:
        """The column or expression that is read."""
        return self.columns[0]

    @property
    def is_column(self) -> bool:
        """Whether it stands for a column of the table, and not an expression."""
        return isinstance(self.columns[0], Column)

    def rebuilt(self) -> ColumnProperty:
        """An equal property, for another class that inherits the declaration."""
        return ColumnProperty(
            self.columns,
            deferred=self.deferred,
            group=self.group,
            raiseload=self.raiseload,
            active_history=self.active_history,
            expire_on_flush=self.expire_on_flush,
            comparator_factory=self.comparator_factory,
            doc=self.doc,
            info=dict(self.info),
        )


class SynonymProperty(MapperProperty):
    """Another name for a mapped attribute."""

    def __init__(
        self,
        name: str,
        *,
        descriptor: Any = None,
        comparator_factory: Any = None,
        doc: str | None = None,
        info: dict[Any, Any] | None = None,
    ) -> None:
        super().__init__(doc, info)
        self.name = name
        self.descriptor = descriptor
        if comparator_factory is not None:
            raise _no_comparator(type(self).__name__)
        self.comparator_factory = comparator_factory


Synonym = SynonymProperty


class MappedColumn(Mapped[T]):
    """A column that a class body declares; it waits for the name and type of its attribute."""

    __slots__ = (
        "active_history",
        "annotated_default",
        "column",
        "dataclass_options",
        "deferred",
        "deferred_group",
        "deferred_raiseload",
        "given_name",
        "given_nullable",
        "given_type",
        "sort_order",
        "use_existing_column",
    )

    def __init__(self, column: Column[T], **options: Any) -> None:
        self.column = column
        self.given_name: bool = options.pop("given_name", True)
        self.given_type: bool = options.pop("given_type", True)
        self.given_nullable: bool = options.pop("given_nullable", True)
        self.deferred: bool = options.pop("deferred", False)
        self.deferred_group: str | None = options.pop("deferred_group", None)
        self.deferred_raiseload: bool = options.pop("deferred_raiseload", False)
        self.active_history: bool = options.pop("active_history", False)
        self.sort_order: int = options.pop("sort_order", 0)
        self.use_existing_column: bool = options.pop("use_existing_column", False)
        self.dataclass_options: DataclassOptions = options.pop("dataclass_options", None) or (
            DataclassOptions()
        )

    def copied(self) -> MappedColumn[T]:
        """The same declaration with a column of its own, for a mixin or ``Annotated``."""
        options = {name: getattr(self, name) for name in _COPIED}
        return MappedColumn(self.column._copy(), **options)

    def as_property(self) -> ColumnProperty:
        """The property that maps the column."""
        found = ColumnProperty(
            [self.column],
            deferred=self.deferred,
            group=self.deferred_group,
            raiseload=self.deferred_raiseload,
            active_history=self.active_history,
            doc=self.column.doc,
            info=self.column.info,
        )
        found.dataclass_options = self.dataclass_options
        return found

    @property
    def name(self) -> Any:
        """The column's name."""
        return self.column.name

    @property
    def foreign_keys(self) -> Any:
        """The column's foreign keys."""
        return self.column.foreign_keys

    def __clause_element__(self) -> Column[T]:
        return self.column

    def operate(self, op: Operator, *other: Any, **kwargs: Any) -> Any:
        return self.column.operate(op, *other, **kwargs)

    def reverse_operate(self, op: Operator, other: Any, **kwargs: Any) -> Any:
        return self.column.reverse_operate(op, other, **kwargs)


_COPIED = (
    "given_name",
    "given_type",
    "given_nullable",
    "deferred",
    "deferred_group",
    "deferred_raiseload",
    "active_history",
    "sort_order",
    "use_existing_column",
    "dataclass_options",
)


def mapped_column(
    __name_pos: str | type[TypeEngine[Any]] | TypeEngine[Any] | SchemaItem | None = None,
    __type_pos: type[TypeEngine[Any]] | TypeEngine[Any] | SchemaItem | None = None,
    /,
    *args: SchemaItem,
    init: bool = UNSET,
    repr: bool = UNSET,
    default: Any = UNSET,
    default_factory: Callable[[], Any] = UNSET,
    compare: bool = UNSET,
    kw_only: bool = UNSET,
    hash: bool | None = UNSET,
    nullable: bool | None = UNSET,
    primary_key: bool | None = False,
    deferred: bool = UNSET,
    deferred_group: str | None = None,
    deferred_raiseload: bool = False,
    use_existing_column: bool = False,
    name: str | None = None,
    type_: type[TypeEngine[Any]] | TypeEngine[Any] | None = None,
    doc: str | None = None,
    key: str | None = None,
    info: dict[Any, Any] | None = None,
    insert_default: Any = UNSET,
    active_history: bool = False,
    sort_order: int = 0,
    **column_options: Any,
) -> MappedColumn[Any]:
    """Declare a mapped column in a class body.

    Name and type come first, each optional: the name is the attribute's, the type follows from the
    annotation ``Mapped[...]``, which also says whether NULL is allowed. Then foreign keys and
    constraints, and the parameters of `Column`. ``deferred`` columns are loaded when first used;
    ``insert_default`` is the column's default when ``default`` is a dataclass's;
    ``init``, ``repr``, ``default_factory``, ``compare``, ``kw_only`` and ``hash`` are for
    dataclasses. Raises `ArgumentError` for an unknown parameter.
    """
    name, type_, items = name_and_type(name, type_, (__name_pos, __type_pos, *args))
    if nullable is not UNSET:
        column_options["nullable"] = nullable
    column_options |= _column_default(default, insert_default)
    column_options |= {"primary_key": bool(primary_key), "key": key, "doc": doc, "info": info}
    column: Column[Any] = Column(name, type_, *items, **column_options)
    return MappedColumn(
        column,
        given_name=name is not None,
        given_type=type_ is not None,
        given_nullable=nullable is not UNSET and nullable is not None,
        deferred=bool(deferred) or (deferred_group is not None and deferred is UNSET),
        deferred_group=deferred_group,
        deferred_raiseload=deferred_raiseload,
        active_history=active_history,
        sort_order=sort_order,
        use_existing_column=use_existing_column,
        dataclass_options=DataclassOptions(
            init, repr, default, default_factory, compare, kw_only, hash
        ),
    )


def _column_default(default: Any, insert_default: Any) -> dict[str, Any]:
    """The column's default out of the two parameters; a dataclass's ``default=None`` is none."""
    if insert_default is not UNSET:
        return {"default": insert_default}
    return {} if default is UNSET or default is None else {"default": default}


def column_property(
    column: Any,
    *additional_columns: Any,
    group: str | None = None,
    deferred: bool = False,
    raiseload: bool = False,
    comparator_factory: Any = None,
    active_history: bool = False,
    expire_on_flush: bool = True,
    info: dict[Any, Any] | None = None,
    doc: str | None = None,
    **dataclass_options: Any,
) -> Any:
    """Map a column or a SQL expression to an attribute."""
    found = ColumnProperty(
        [_plain(each) for each in (column, *additional_columns)],
        deferred=deferred,
        group=group,
        raiseload=raiseload,
        active_history=active_history,
        expire_on_flush=expire_on_flush,
        comparator_factory=comparator_factory,
        doc=doc,
        info=info,
    )
    found.dataclass_options = DataclassOptions(**dataclass_options)
    return found


def _plain(column: Any) -> ColumnElement[Any]:
    while not isinstance(column, ColumnElement) and hasattr(column, "__clause_element__"):
        column = column.__clause_element__()
    if hasattr(column, "scalar_subquery"):
        column = column.scalar_subquery()
    return column  # type: ignore[no-any-return]


def deferred(
    column: Any,
    *additional_columns: Any,
    group: str | None = None,
    raiseload: bool = False,
    active_history: bool = False,
    comparator_factory: Any = None,
    info: dict[Any, Any] | None = None,
    doc: str | None = None,
    **dataclass_options: Any,
) -> Any:
    """Map a column that is loaded only when it is first used."""
    return column_property(
        column,
        *additional_columns,
        group=group,
        deferred=True,
        raiseload=raiseload,
        active_history=active_history,
        comparator_factory=comparator_factory,
        info=info,
        doc=doc,
        **dataclass_options,
    )


def synonym(
    name: str,
    *,
    map_column: bool | None = None,
    descriptor: Any = None,
    comparator_factory: Any = None,
    info: dict[Any, Any] | None = None,
    doc: str | None = None,
    **dataclass_options: Any,
) -> Any:
    """Another name for a mapped attribute, readable, writable and usable in statements."""
    if map_column:
        raise exc.ArgumentError(
            f"synonym({name!r}, map_column=True) is not needed in a declarative class: declare "
            f"{name!r} as a column and name the synonym after the attribute you want"
        )
    found = SynonymProperty(
        name, descriptor=descriptor, comparator_factory=comparator_factory, doc=doc, info=info
    )
    found.dataclass_options = DataclassOptions(**dataclass_options)
    return found


def _no_comparator(kind: str) -> exc.ArgumentError:
    return exc.ArgumentError(
        f"comparator_factory is not available on {kind}: give the column a TypeDecorator whose "
        "comparator_factory has the operators"
    )
