"""Reading a declarative class: from its body and its mixins to a table and properties.

The order of attributes is the order of declaration, the class itself before its mixins, these in
the order of its ancestry; the nearest declaration of a name counts. What a mixin declares is copied
for each class, so that classes never share a column.
"""

from __future__ import annotations

from typing import Any

from ormolu import exc
from ormolu.event import listen
from ormolu.orm import exc as orm_exc
from ormolu.orm.instances.attributes import QueryableAttribute
from ormolu.orm.mapping import annotated
from ormolu.orm.mapping.annotated import Annotation
from ormolu.orm.mapping.declared import declared_attr, handlers_of, validators_of
from ormolu.orm.mapping.mapper import Mapper, no_inheritance
from ormolu.orm.mapping.properties import (
    ColumnProperty,
    MappedColumn,
    MapperProperty,
    mapped_column,
)
from ormolu.orm.mapping.relationship import Relationship
from ormolu.schema import Column, Table
from ormolu.types.annotations import type_for_annotation


class Scan:
    """What one class declares: ``properties`` by key and the ``columns`` of its table."""

    def __init__(self, class_: type[Any], registry: Any) -> None:
        self.class_ = class_
        self.registry = registry
        self.properties: dict[str, Any] = {}
        self._seen: set[str] = set()
        self.columns: list[tuple[int, Column[Any]]] = []
        self.table: Any = self._directive("__table__")
        for base in self._bases():
            self._read(base)

    def _bases(self) -> list[type[Any]]:
        return [
            base
            for base in self.class_.__mro__
            if base is self.class_ or "__mapper__" not in base.__dict__
        ]

    def _directive(self, name: str) -> Any:
        """A name with a meaning to the mapping, of the class or its mixins."""
        for base in self._bases():
            if name in base.__dict__:
                value = base.__dict__[name]
                if isinstance(value, declared_attr):
                    return value.fget(self.class_)
                if hasattr(value, "__get__"):
                    return getattr(self.class_, name)
                return value
        return None

    def _read(self, base: type[Any]) -> None:
        given = getattr(base, "__annotations__", {})
        body = base.__dict__
        names = [*given, *[name for name in body if name not in given]]
        if base is not self.class_:
            names = [*body, *[name for name in given if name not in body]]
        elif given and any(name not in given for name in body):
            order = {name: place for place, name in enumerate(body)}
            names = _declared_order(list(given), order, names)
        for name in names:
            if name.startswith("__") or name in self._seen:
                continue
            self._seen.add(name)
            annotation = None
            value = body.get(name)
            if name in given:
                annotation = annotated.parse(base, name, given[name])
                if annotation is None:
                    self._check_unmapped(base, name, given[name], value)
            if isinstance(value, declared_attr):
                value = value.fget(self.class_)
                annotation = annotation or _returned(base, name)
            elif base is not self.class_:
                value = _copied(value)
            self._declare(name, value, annotation)

    def _check_unmapped(self, base: type[Any], name: str, given: Any, value: Any) -> None:
        """Refuse an annotation without ``Mapped[]`` where a mapped one must be meant."""
        if annotated.is_class_variable(given) or self._directive("__allow_unmapped__"):
            return
        own = base is self.class_
        meant = isinstance(value, MapperProperty | MappedColumn)
        if meant or (own and name not in base.__dict__) or (not own and isinstance(value, Column)):
            raise orm_exc.MappedAnnotationError(
                f'Type annotation for "{self.class_.__name__}.{name}" can\'t be correctly '
                f"interpreted: write {name}: Mapped[{annotated.spelled(given)}], or ClassVar[...] "
                "for what is not mapped; __allow_unmapped__ = True on the class ignores such "
                "annotations"
            )

    def _declare(self, name: str, value: Any, annotation: Annotation | None) -> None:
        if isinstance(value, QueryableAttribute):
            return
        if value is None and annotation is None:
            return
        if value is None or not _is_mapped(value):
            if annotation is None:
                return
            default = {} if value is None else {"default": value}
            value = self._from_annotation(name, annotation, default)
        if isinstance(value, Relationship):
            self._relationship(name, value, annotation)
        elif isinstance(value, MappedColumn):
            self._mapped_column(name, value, annotation)
        elif isinstance(value, Column):
            self._column(name, value, 0)
            self.properties[name] = ColumnProperty([value])
        elif isinstance(value, ColumnProperty):
            for column in value.columns:
                if isinstance(column, Column) and column.table is None:
                    self._column(name, column, 0)
            self.properties[name] = value
        elif isinstance(value, MapperProperty):
            self.properties[name] = value

    def _from_annotation(
        self, name: str, annotation: Annotation, default: dict[str, Any]
    ) -> MappedColumn[Any]:
        """The column that an annotation alone declares, or the one in its ``Annotated``."""
        for found in annotation.metadata:
            if isinstance(found, MappedColumn):
                return found.copied()
        return mapped_column(**default)

    def _relationship(self, name: str, value: Relationship, annotation: Annotation | None) -> None:
        if annotation is not None:
            collection = annotation.collection()
            target = annotation.type if collection is None else collection[1]
            if value.argument is None:
                value.argument = annotated.target_of(target)
            if collection is not None and value.collection_class is None:
                value.collection_class = collection[0]
            dynamic = annotated.is_dynamic(annotation)
            if dynamic is not None:
                value.lazy = dynamic
            elif value.uselist is None and value.collection_class is None:
                value.uselist = False
        if value.argument is None:
            raise exc.ArgumentError(
                f"relationship {self.class_.__name__}.{name} has no target: give the class, or "
                f'annotate the attribute: {name}: Mapped["Target"] = relationship()'
            )
        self.properties[name] = value

    def _mapped_column(
        self, name: str, value: MappedColumn[Any], annotation: Annotation | None
    ) -> None:
        column = value.column
        if annotation is not None:
            value = self._merged(value, annotation)
            column = value.column
            if not value.given_nullable and not column.primary_key:
                column.nullable = annotation.optional
            # A foreign key without a type takes that of the column it refers to.
            if not value.given_type and not column.foreign_keys:
                self._set_type(name, column, annotation)
        self._column(name, column, value.sort_order)
        self.properties[name] = value

    def _merged(self, value: MappedColumn[Any], annotation: Annotation) -> MappedColumn[Any]:
        """The declaration with what an ``Annotated`` column adds to it."""
        for found in annotation.metadata:
            if isinstance(found, MappedColumn) and found is not value:
                self._merge(value, found.copied())
        return value

    def _merge(self, value: MappedColumn[Any], pattern: MappedColumn[Any]) -> None:
        column, other = value.column, pattern.column
        if not value.given_type and pattern.given_type:
            column.type = other.type
            value.given_type = True
        if not value.given_nullable and pattern.given_nullable:
            column.nullable = other.nullable
            value.given_nullable = True
        column.primary_key = column.primary_key or other.primary_key
        for foreign_key in list(other.foreign_keys):
            column.append_foreign_key(foreign_key._copy())
        for name in ("default", "server_default", "onupdate", "index", "unique", "comment"):
            if getattr(column, name, None) is None and getattr(other, name, None) is not None:
                setattr(column, name, getattr(other, name))

    def _set_type(self, name: str, column: Column[Any], annotation: Annotation) -> None:
        known = self.registry.type_annotation_map
        found, _ = type_for_annotation(annotation.whole, known)
        if found is None:
            found, _ = type_for_annotation(annotation.type, known)
        if found is not None:
            column.type = found
        elif not column.foreign_keys:
            raise orm_exc.MappedAnnotationError(
                f"Could not locate SQLAlchemy Core type for Python type {annotation.type!r} in "
                f"{self.class_.__name__}.{name}: give the SQL type, mapped_column(String), or add "
                "the Python type to the type_annotation_map of the registry"
            )

    def _column(self, name: str, column: Column[Any], sort_order: int) -> None:
        if column.name is None:
            column._set_name(name)
        if all(column is not known for _, known in self.columns):
            self.columns[:] = [
                (order, known) for order, known in self.columns if known.key != column.key
            ]
            self.columns.append((sort_order, column))

    def build_table(self) -> Any:
        """The table: ``__table__``, or made from ``__tablename__`` and the columns.

        Raises `InvalidRequestError` when the class declares neither.
        """
        if self.table is not None:
            self._check_table_columns()
            return self.table
        name = self._directive("__tablename__")
        if name is None:
            raise exc.InvalidRequestError(
                f"Class {self.class_!r} does not have a __table__ or __tablename__ specified and "
                "does not inherit from an existing table-mapped class."
            )
        args, options = _table_args(self.class_, self._directive("__table_args__"))
        ordered = [column for _, column in sorted(self.columns, key=lambda pair: pair[0])]
        metadata = getattr(self.class_, "metadata", None)
        if metadata is None:
            metadata = self.registry.metadata
        return Table(name, metadata, *ordered, *args, **options)

    def _check_table_columns(self) -> None:
        for _, column in self.columns:
            if column.table is None:
                raise exc.ArgumentError(
                    f"Can't add additional column {column.key!r} when specifying __table__ on "
                    f"{self.class_.__name__}; add it to the Table"
                )

    def mapper_options(self) -> dict[str, Any]:
        """The keywords of ``__mapper_args__``."""
        return dict(self._directive("__mapper_args__") or {})


def map_class(registry: Any, class_: type[Any]) -> Mapper:
    """Map a declarative class and give it its table.

    Raises `ArgumentError` and `InvalidRequestError` for declarations that can't be mapped.
    """
    for base in class_.__mro__[1:]:
        if "__mapper__" in base.__dict__:
            raise no_inheritance(class_, f"its base {base.__name__} is mapped")
    scan = Scan(class_, registry)
    table = scan.build_table()
    mapper: Mapper = registry.add(
        class_, table, properties=scan.properties, **scan.mapper_options()
    )
    for key, method, removes in validators_of(class_):
        add_validator(mapper, key, method, removes)
    return mapper


def add_validator(mapper: Mapper, key: str, method: Any, removes: bool) -> None:
    """Have a method check the values of one attribute."""
    if not mapper.has_property(key):
        return
    attribute = mapper.attribute(key)
    check, check_removed = handlers_of(key, method, removes)
    for name in ("set", "append"):
        listen(attribute, name, check, retval=True)
    if check_removed is not None:
        listen(attribute, "remove", check_removed)
    mapper.validators[key] = (method.__name__, {"include_removes": removes})


def _declared_order(given: list[str], order: dict[str, int], names: list[str]) -> list[str]:
    """Annotated names in their order, each other name where the body has it.

    A name with only an annotation has no place in the body; it stays before the next one that has.
    """
    result: list[str] = []
    placed = [name for name in given if name in order]
    others = [name for name in names if name not in given]
    for name in given:
        if name in order:
            while others and order[others[0]] < order[name]:
                result.append(others.pop(0))
            placed.remove(name)
        result.append(name)
    return [*result, *others]


def _returned(base: type[Any], name: str) -> Annotation | None:
    """The annotation of what a ``@declared_attr`` returns."""
    given = base.__dict__[name].fget.__annotations__.get("return")
    return None if given is None else annotated.parse(base, name, given)


def _copied(value: Any) -> Any:
    if isinstance(value, MappedColumn):
        return value.copied()
    if isinstance(value, Column):
        return value._copy()
    if isinstance(value, (ColumnProperty, Relationship)):
        return value.rebuilt()
    return value


def _is_mapped(value: Any) -> bool:
    return isinstance(value, (MappedColumn, Column, MapperProperty))


def _table_args(class_: type[Any], given: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if given is None:
        return (), {}
    if isinstance(given, dict):
        return (), given
    if isinstance(given, (tuple, list)):
        if given and isinstance(given[-1], dict):
            return tuple(given[:-1]), given[-1]
        return tuple(given), {}
    raise exc.ArgumentError(
        f"__table_args__ of {class_.__name__} must be a tuple, a dict, or a tuple that ends with a "
        "dict; a tuple of one needs a comma: (UniqueConstraint(...),)"
    )
