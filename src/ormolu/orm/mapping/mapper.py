"""`Mapper`: what is known of one mapped class.

A mapper is complete as soon as it is made, but for its relationships: those refer to other classes
and are completed by `configure_mappers()`, which runs once when a mapping is first used. Columns,
keys, setters and the class's methods are in place at once.

As an `Entity` a mapper stands in statements: ``select(User)``.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping
from typing import Any

from ormolu import exc
from ormolu.event import register_target
from ormolu.orm import exc as orm_exc
from ormolu.orm.instances import setters as make
from ormolu.orm.instances.attributes import InstrumentedAttribute
from ormolu.orm.instances.construct import constructor
from ormolu.orm.instances.instrument import dict_setter, instrument, make_twin, uninstrument
from ormolu.orm.instances.links import ColumnImpl, Link
from ormolu.orm.instances.state import identity_of, unmapped
from ormolu.orm.mapping.comparators import RelationshipAttribute
from ormolu.orm.mapping.events import MapperEvents
from ormolu.orm.mapping.namespace import Namespace
from ormolu.orm.mapping.properties import (
    ColumnProperty,
    MappedColumn,
    MapperProperty,
    SynonymProperty,
)
from ormolu.orm.mapping.relationship import Relationship
from ormolu.orm.mapping.synonyms import SynonymAttribute
from ormolu.schema import Column
from ormolu.sql.entity import Entity
from ormolu.sql.node import next_token

_LATER = (
    "polymorphic_on",
    "polymorphic_identity",
    "polymorphic_load",
    "with_polymorphic",
    "concrete",
    "inherit_condition",
    "inherit_foreign_keys",
)


class Mapper(Entity):
    """The mapping of a class to a table.

    ``class_``, ``local_table``, ``primary_key`` (its columns) and ``pk_keys`` (their attributes);
    ``attrs`` all properties by key, ``column_attrs``, ``relationships`` and ``synonyms`` by kind;
    ``columns`` the columns by attribute key, ``key_of_column`` the reverse; ``twin`` and
    ``setters`` serve loading and writing; ``collection_links`` the collections.

    Raises `ArgumentError` when the class can't be mapped as asked.
    """

    is_mapper = True
    is_aliased_class = False
    is_attribute = False
    is_instance = False
    is_selectable = False
    is_clause_element = False
    inherits: Mapper | None = None
    polymorphic_on: Any = None
    polymorphic_identity: Any = None
    selectable: Any = None
    dispatch: MapperEvents = MapperEvents()

    def __init__(
        self,
        class_: type[Any],
        local_table: Any,
        *,
        registry: Any,
        properties: Mapping[str, Any] | None = None,
        primary_key: Iterable[Any] | None = None,
        inherits: Any = None,
        version_id_col: Any = None,
        version_id_generator: Any = None,
        include_properties: Iterable[str] | None = None,
        exclude_properties: Iterable[str] | None = None,
        column_prefix: str | None = None,
        eager_defaults: Any = "auto",
        batch: bool = True,
        confirm_deleted_rows: bool = True,
        passive_updates: bool = True,
        passive_deletes: bool = False,
        legacy_is_orphan: bool = False,
        allow_partial_pks: bool = True,
        always_refresh: bool = False,
        **options: Any,
    ) -> None:
        _refuse_later(class_, inherits, options)
        self.class_ = class_
        self.registry = registry
        self.local_table = local_table
        self.persist_selectable = local_table
        self.selectable = local_table
        self.base_mapper = self
        self.version_id_col = _column(version_id_col)
        self.version_id_generator = version_id_generator
        self.eager_defaults = eager_defaults
        self.batch = batch
        self.confirm_deleted_rows = confirm_deleted_rows
        self.allow_partial_pks = allow_partial_pks
        self.always_refresh = always_refresh
        self.legacy_is_orphan = legacy_is_orphan
        self._primary_key_argument = primary_key
        self._start()
        self._map(dict(properties or {}), include_properties, exclude_properties, column_prefix)

    def _start(self) -> None:
        """Give it what every new mapper begins with: an identity, nothing mapped."""
        self._key = next_token()
        self.dispatch = MapperEvents(type(self).dispatch)
        self._binds = ()
        self._anon = False
        self.entity = self.class_
        self.mapper = self
        self.configured = False
        self.plain_names: set[str] = set()
        self.setters: make.Setters = {}
        self.collection_links: dict[str, Link] = {}
        self.validators: dict[str, tuple[str, dict[str, Any]]] = {}
        self._attrs: dict[str, MapperProperty] = {}
        self._column_attrs: dict[str, ColumnProperty] = {}
        self._relationships: dict[str, Relationship] = {}
        self._synonyms: dict[str, SynonymProperty] = {}
        self._columns: dict[str, Column[Any]] = {}
        self.key_of_column: dict[Any, str] = {}
        self._attrs_namespace = Namespace(self._attrs, f"{self}.attrs")
        self._relationships_namespace = Namespace(self._relationships, f"{self}.relationships")
        self.column_attrs = Namespace(self._column_attrs, f"{self}.column_attrs")
        self.synonyms = Namespace(self._synonyms, f"{self}.synonyms")
        self.columns = Namespace(self._columns, f"{self}.columns")
        self.c = self.columns

    def _map(
        self,
        properties: dict[str, Any],
        include: Iterable[str] | None,
        exclude: Iterable[str] | None,
        prefix: str | None,
    ) -> None:
        taken: dict[int, str] = {}
        for key, value in properties.items():
            value = properties[key] = as_property(value)
            if isinstance(value, ColumnProperty):
                taken.update({id(column): key for column in value.columns})
        included = None if include is None else set(include)
        excluded = set(exclude or ())
        order: dict[str, Any] = {}
        for column in self.local_table.c:
            taken_by = taken.get(id(column))
            if taken_by is not None:
                order.setdefault(taken_by, properties[taken_by])
            elif column.key not in excluded and (included is None or column.key in included):
                name = f"{prefix or ''}{column.key}"
                order.setdefault(name, properties.get(name) or ColumnProperty([column]))
        order.update(properties)
        # Expressions are selected before the table's own columns, as they always were.
        order = dict(sorted(order.items(), key=lambda item: not _is_expression(item[1])))
        self.primary_key = self._find_primary_key()
        instrument(self.class_, self.setters, self.plain_names)
        for key, value in order.items():
            self.add_property(key, value)
        self._check_primary_key()
        self.twin = make_twin(self.class_)
        self.put_dict = dict_setter(self.class_)
        type.__setattr__(self.class_, "__mapper__", self)
        if "__table__" not in self.class_.__dict__:
            type.__setattr__(self.class_, "__table__", self.local_table)

    def _find_primary_key(self) -> tuple[Column[Any], ...]:
        given = self._primary_key_argument
        if given is not None:
            return tuple([_column(column) for column in given])
        found = tuple(self.local_table.primary_key)
        if not found:
            raise exc.ArgumentError(
                f"Mapper {self} could not assemble any primary key columns for mapped table "
                f"'{self.local_table.name}'; mark a column with primary_key=True, or give "
                "__mapper_args__ = {'primary_key': [...]}"
            )
        return found

    def _check_primary_key(self) -> None:
        missing = [str(c) for c in self.primary_key if c not in self.key_of_column]
        if missing:
            raise exc.ArgumentError(
                f"Mapper {self} maps no attribute for its primary key: {', '.join(missing)}"
            )
        self.pk_keys: tuple[str, ...] = tuple([self.key_of_column[c] for c in self.primary_key])
        self.pk_key = self.pk_keys[0] if len(self.pk_keys) == 1 else None

    def add_property(self, key: str, value: Any) -> None:
        """Map one more attribute: a column, an expression, a relationship or a synonym."""
        prop = as_property(value)
        prop.bind(self, key)
        self._attrs[key] = prop
        if isinstance(prop, ColumnProperty):
            self._add_column(key, prop)
        elif isinstance(prop, Relationship):
            self._add_relationship(key, prop)
        elif isinstance(prop, SynonymProperty):
            self._synonyms[key] = prop
            self._install(key, SynonymAttribute(self, prop))
        for name in ("_loads", "_flush_plan_cache"):
            self.__dict__.pop(name, None)

    def _add_column(self, key: str, prop: ColumnProperty) -> None:
        for column in prop.columns:
            if isinstance(column, Column) and column.table is None:
                self.local_table.append_column(column)
            self.key_of_column.setdefault(column, key)
        self._column_attrs[key] = prop
        if isinstance(prop.columns[0], Column):
            self._columns[key] = prop.columns[0]
        impl = ColumnImpl(self.class_, key, prop.active_history)
        attribute: InstrumentedAttribute[Any] = InstrumentedAttribute(
            self.class_, key, self, prop, impl, prop.expression
        )
        self._install(key, attribute)
        if prop.active_history:
            self.setters[key] = make.listened_column_setter(attribute)
        else:
            self.setters[key] = None

    def _add_relationship(self, key: str, prop: Relationship) -> None:
        self._relationships[key] = prop
        prop.link = Link(self.class_, key)
        attribute: RelationshipAttribute[Any] = RelationshipAttribute(
            self.class_, key, self, prop, prop.link
        )
        self._install(key, attribute)
        self.setters[key] = _configuring_setter(self, key)
        self.configured = False
        self.registry.needs_configure()

    def _install(self, key: str, attribute: Any) -> None:
        type.__setattr__(self.class_, key, attribute)

    def finish(self) -> None:
        """Install the setters of the relationships; the last step of configuration."""
        for key, prop in self._relationships.items():
            attribute = self.attribute(key)
            setter = make.collection_setter if prop.uselist else make.related_setter
            self.setters[key] = setter(attribute)
        self.configured = True

    def listen_to(self, key: str) -> None:
        """Use the setter with handlers for a column attribute, from now on."""
        if key in self._column_attrs:
            self.setters[key] = make.listened_column_setter(self.attribute(key))
            if getattr(self.class_.__dict__.get("__init__"), "_sa_default", False):
                self.install_constructor()

    def install_constructor(self) -> None:
        """Give the class the constructor that takes its attributes as keywords."""
        columns = frozenset(
            key for key in self._column_attrs if self.attribute(key).impl.listeners is None
        )
        type.__setattr__(self.class_, "__init__", constructor(columns, self.check_keywords))

    def check_keywords(self, names: Iterable[str]) -> None:
        """Refuse constructor keywords that are no attributes: TypeError.

        A name that is missing may be that of a backref, which configuration makes.
        """
        class_ = self.class_
        for name in names:
            if hasattr(class_, name):
                continue
            self.registry.configure()
            if not hasattr(class_, name):
                raise TypeError(
                    f"{name!r} is an invalid keyword argument for {class_.__name__}; it has "
                    f"{', '.join(self._attrs)}"
                )

    def attribute(self, key: str) -> Any:
        """The attribute of that key on the class."""
        for class_ in self.class_.__mro__:
            if key in class_.__dict__:
                return class_.__dict__[key]
        raise exc.InvalidRequestError(f"{self} has no attribute {key!r}")

    def get_property(self, key: str) -> MapperProperty:
        """The property of that key. Raises `InvalidRequestError` when there is none."""
        self.registry.configure()
        found = self._attrs.get(key)
        if found is None:
            raise exc.InvalidRequestError(
                f"Mapper '{self}' has no property '{key}'; it has {', '.join(self._attrs)}"
            )
        return found

    def has_property(self, key: str) -> bool:
        """Whether there is a property of that key."""
        return key in self._attrs

    def get_property_by_column(self, column: Any) -> MapperProperty:
        """The property of a column. Raises `UnmappedColumnError` when it is not mapped."""
        key = self.key_of_column.get(column)
        if key is None:
            raise orm_exc.UnmappedColumnError(f"No column {column} is configured on mapper {self}")
        return self._attrs[key]

    @property
    def all_orm_descriptors(self) -> Namespace[Any]:
        """The mapped attributes and the class's other SQL-capable descriptors, by name."""
        found: dict[str, Any] = {}
        for class_ in self.class_.__mro__:
            for key, value in class_.__dict__.items():
                if key not in found and _is_descriptor(value):
                    found[key] = value
        return Namespace(found, f"{self}.all_orm_descriptors")

    def isa(self, other: Mapper) -> bool:
        """Whether this mapper is ``other`` or inherits from it."""
        mapper: Mapper | None = self
        while mapper is not None and mapper is not other:
            mapper = mapper.inherits
        return mapper is not None

    def common_parent(self, other: Mapper) -> bool:
        """Whether both belong to one hierarchy."""
        return self.base_mapper is other.base_mapper

    def iterate_to_root(self) -> Iterable[Mapper]:
        """This mapper, then those it inherits from."""
        mapper: Mapper | None = self
        while mapper is not None:
            yield mapper
            mapper = mapper.inherits

    @property
    def self_and_descendants(self) -> tuple[Mapper, ...]:
        """This mapper and those that inherit from it."""
        return tuple([m for m in self.registry.mappers if m.isa(self)])

    def primary_key_from_instance(self, instance: object) -> list[Any]:
        """The values of the primary key attributes as they are in memory."""
        own = instance.__dict__
        return [own.get(key) for key in self.pk_keys]

    def identity_key_from_instance(self, instance: Any) -> tuple[Any, ...]:
        """``(class, primary key, identity token)`` of an object."""
        if not isinstance(instance, self.class_):
            raise unmapped(instance)
        key = identity_of(instance)
        if key is None:
            return (self.base_mapper.class_, tuple(self.primary_key_from_instance(instance)), None)
        return self.identity_key_from_primary_key(key if len(self.pk_keys) > 1 else (key,))

    def identity_key_from_primary_key(
        self, primary_key: Iterable[Any], identity_token: Any = None
    ) -> tuple[Any, ...]:
        """``(class, primary key, identity token)`` for primary key values."""
        return (self.base_mapper.class_, tuple(primary_key), identity_token)

    def identity_key_from_row(self, row: Any, identity_token: Any = None) -> tuple[Any, ...]:
        """``(class, primary key, identity token)`` of a row with the primary key columns."""
        values = [row._mapping[column] for column in self.primary_key]
        return self.identity_key_from_primary_key(values, identity_token)

    @property
    def attrs(self) -> Namespace[MapperProperty]:
        """All properties by key, backrefs included."""
        self.registry.configure()
        return self._attrs_namespace

    @property
    def relationships(self) -> Namespace[Relationship]:
        """The relationships by key, backrefs included."""
        self.registry.configure()
        return self._relationships_namespace

    def key_of_column_name(self, name: str) -> str:
        """The attribute of the column of that name."""
        return self.key_of_column[self.local_table.c[name]]

    def _columns_for_select(self) -> tuple[Any, ...]:
        return tuple([prop.expression for prop in self._column_attrs.values() if not prop.deferred])

    def __clause_element__(self) -> Any:
        return self.local_table

    def dispose(self) -> None:
        """Take the mapping from the class."""
        uninstrument(self.class_)
        for key in (*self._attrs, "__mapper__"):
            if key in self.class_.__dict__:
                type.__delattr__(self.class_, key)

    def __str__(self) -> str:
        return f"Mapper[{self.class_.__name__}({self.local_table.name})]"

    def __repr__(self) -> str:
        return f"<Mapper at {id(self):#x}; {self.class_.__name__}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return (getattr, (self.class_, "__mapper__"))


register_target(Mapper)


def as_property(value: Any) -> MapperProperty:
    """The property that a declared value stands for.

    Raises `ArgumentError` when it is nothing that can be mapped.
    """
    if isinstance(value, MapperProperty):
        return value
    if isinstance(value, MappedColumn):
        return value.as_property()
    if isinstance(value, (list, tuple)):
        return ColumnProperty([_column(each) for each in value])
    if hasattr(value, "__clause_element__") or hasattr(value, "_binds"):
        return ColumnProperty([_column(value)])
    raise exc.ArgumentError(
        f"{value!r} can't be mapped: give a Column, column_property(), relationship() or synonym()"
    )


def _column(value: Any) -> Any:
    if isinstance(value, MappedColumn):
        return value.column
    if isinstance(value, ColumnProperty):
        return value.expression
    if isinstance(value, InstrumentedAttribute):
        return value.expression
    return value


def _is_descriptor(value: Any) -> bool:
    return getattr(value, "extension_type", None) is not None or isinstance(
        value, (InstrumentedAttribute, SynonymAttribute)
    )


def no_inheritance(class_: type[Any], reason: str) -> exc.ArgumentError:
    """The error for a class that is to inherit the mapping of another."""
    return exc.ArgumentError(
        f"{class_.__name__}: mapped inheritance ({reason}) is not available. Map each class to a "
        "table of its own, with the shared columns on a mixin or on a base with __abstract__ = True"
    )


def _refuse_later(class_: type[Any], inherits: Any, options: dict[str, Any]) -> None:
    used = [name for name in _LATER if options.get(name) is not None]
    if inherits is not None:
        used.append("inherits")
    if used:
        raise no_inheritance(class_, ", ".join(used))
    if options:
        raise exc.ArgumentError(
            f"{class_.__name__}: unknown mapper argument {next(iter(options))!r}"
        )


def _configuring_setter(mapper: Mapper, key: str) -> make.Setter:
    """A setter that configures the mappers and hands over to the one that is then in place."""
    ref = weakref.ref(mapper)

    def configure_and_set(obj: Any, value: Any) -> None:
        found = ref()
        if found is None:
            raise exc.InvalidRequestError(f"The mapper of {type(obj).__name__} was disposed of")
        found.registry.configure()
        setter = found.setters[key]
        assert setter is not None
        setter(obj, value)

    return configure_and_set


def _is_expression(prop: Any) -> bool:
    return isinstance(prop, ColumnProperty) and not isinstance(prop.columns[0], Column)
