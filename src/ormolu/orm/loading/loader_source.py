"""The text of generated loaders.

A loader turns the rows of one statement into objects, in one loop without calls into Python code
for an ordinary row. `source_of` writes it from a `RowPlan`. For ``select(User)`` with the columns
``id, name``::

    def load(rows, known0, shared0):
        objects = []
        append = objects.append
        find0 = known0.get
        sibling0 = shared0.siblings.append
        for (c0, c1) in rows:
            r0 = find0(c0)
            if r0 is None or (o0 := r0()) is None:
                o0 = Twin0()
                o0.id = c0
                o0.name = c1
                o0._sa_instance_state = shared0
                o0.__class__ = Class0
                known0[c0] = r0 = ref(o0)
                sibling0(r0)
            else:
                s0 = o0._sa_instance_state
                if s0.__class__ is not Shared or s0.path is not None:
                    fill0(o0, s0, shared0, (c0, c1))
            append(o0)
        return objects, ()

The second part of the reply lists, per entity with relationships to be loaded later, its objects.
The cases choose lines; none is tested per row:

* A converter is written into the store, and absent where the type needs none. A converted primary
  key is converted first, since the identity map is keyed by Python values.
* ``known`` is the identity map's inner dict, ``shared`` the one state of all objects of this result
  (`ormolu.orm.instances.state`). An object that is there already is left alone when its state is
  `Shared` and complete (``path`` is None); everything else goes through ``fill`` (`filling`), which
  refreshes what expired and adds what was not loaded.
* A *twin* (see `instrument.make_twin`) takes the stores without the class's ``__setattr__``; a
  class without one is filled through its dict.
* ``nullable``: an outer join may give no entity; its primary key is then NULL, and the object None.
* A joined many-to-one is made before the object that refers to it, so that the reference is one
  more store. A joined collection gathers its items in a list per parent (``group``), made into
  the mapped collection class after the loop: nothing is appended to an instrumented collection
  row by row. Items are gathered in a dict keyed by identity instead where a row can repeat them
  (more than one collection, or a join besides the collection's own).
* Rows of a select-in load begin with the parent's key; objects go into ``groups[key]``.

Rejected: a generator per row (0.3 µs), closures called per entity (0.1 µs each), and merging
eager collections in a second pass over object tuples (a tuple per row).
"""

from __future__ import annotations

import keyword
import weakref
from collections.abc import Callable
from typing import Any

from ormolu import codegen
from ormolu.orm.instances.collections import loaded
from ormolu.orm.instances.state import STATE, Shared
from ormolu.orm.loading.filling import Filler
from ormolu.orm.loading.layout import EntityPlan, JoinedPlan, Place, RowPlan

Loader = Callable[..., Any]


def build_loader(plan: RowPlan, *, overwrite: bool = False, repeats: bool = False) -> Loader:
    """Generate the loader of a row layout.

    ``overwrite`` is populate_existing; ``repeats`` says that the statement's own joins may repeat
    an entity, so that items of joined collections must be told apart.
    """
    writer = _Writer(plan, overwrite, repeats)
    return codegen.build("load", writer.source(), writer.namespace)


def _is_plain(name: str) -> bool:
    """Whether a name can stand in ``o.name``."""
    return name.isidentifier() and not keyword.iskeyword(name)


class _Writer:
    """Collects the lines of one loader, and the names they refer to."""

    def __init__(self, plan: RowPlan, overwrite: bool, repeats: bool) -> None:
        self.plan = plan
        self.overwrite = overwrite
        collections = sum(
            joined.relationship.uselist for entity in plan.entities for joined in entity.joined
        )
        # A parent that was itself joined comes back with each object that refers to it.
        joined_parent = any(
            joined.relationship.uselist
            for entity in plan.entities
            if not any(item is entity for item in plan.items)
            for joined in entity.joined
        )
        self.by_identity = repeats or collections > 1 or joined_parent or bool(plan.groups)
        self.namespace: dict[str, Any] = {
            "ref": weakref.ref,
            "Shared": Shared,
            "loaded": loaded,
            "new": object.__new__,
        }
        self.lines: list[str] = []
        self.indent = 1

    def put(self, text: str) -> None:
        self.lines.append("    " * self.indent + text)

    # -- the frame --------------------------------------------------------------------------

    def source(self) -> str:
        entities = self.plan.entities
        arguments = "".join(f", known{e.number}, shared{e.number}" for e in entities)
        groups = ", groups" if self.plan.groups else ""
        self.indent = 0
        self.put(f"def load(rows{groups}{arguments}):")
        self.indent = 1
        self.prologue(entities)
        self.put(f"for {self.unpacking()} in rows:")
        self.indent = 2
        for place in self.key_places():
            self.convert_in_place(place)
        for item in self.plan.items:
            if isinstance(item, EntityPlan):
                self.entity(item)
        self.emit_row()
        self.indent = 1
        self.epilogue(entities)
        return "\n".join(self.lines) + "\n"

    def prologue(self, entities: list[EntityPlan]) -> None:
        if not self.plan.groups:
            self.put("objects = []")
            self.put("append = objects.append")
        for entity in entities:
            n = entity.number
            self.put(f"find{n} = known{n}.get")
            self.put(f"sibling{n} = shared{n}.siblings.append")
            if entity.later:
                self.put(f"later{n} = []")
            if self.gathers(entity):
                self.put(f"parents{n} = {{}}")
            self.register(entity)

    def register(self, entity: EntityPlan) -> None:
        n = entity.number
        mapper = entity.mapper
        self.namespace[f"Class{n}"] = mapper.class_
        if mapper.twin is not None:
            self.namespace[f"Twin{n}"] = mapper.twin
        self.namespace[f"fill{n}"] = Filler(entity, self.overwrite).fill
        for joined in entity.joined:
            self.namespace[f"link{joined.child.number}"] = joined.link

    def unpacking(self) -> str:
        used = self.used_positions()
        names = [f"c{i}" if i in used else "_" for i in range(self.plan.width)]
        return "(" + ", ".join(names) + (",)" if len(names) == 1 else ")")

    def used_positions(self) -> set[int]:
        places = list(self.plan.groups)
        for item in self.plan.items:
            if isinstance(item, Place):
                places.append(item)
        for entity in self.plan.entities:
            places += entity.keys
            places += [place for _, place in entity.stores]
        return {place.index for place in places}

    def key_places(self) -> list[Place]:
        keys = [*self.plan.groups, *[key for e in self.plan.entities for key in e.keys]]
        return list({place.index: place for place in keys if place.converter is not None}.values())

    def convert_in_place(self, place: Place) -> None:
        name = f"c{place.index}"
        self.namespace[f"v{place.index}"] = place.converter
        if place.takes_none:
            self.put(f"{name} = v{place.index}({name})")
        else:
            self.put(f"if {name} is not None:")
            self.put(f"    {name} = v{place.index}({name})")

    def value(self, place: Place) -> str:
        """The expression of a place's Python value."""
        name = f"c{place.index}"
        if place.converter is None or place.index in {key.index for key in self.key_places()}:
            return name
        self.namespace[f"v{place.index}"] = place.converter
        call = f"v{place.index}({name})"
        return call if place.takes_none else f"None if {name} is None else {call}"

    @staticmethod
    def key(places: list[Place]) -> str:
        names = ", ".join(f"c{place.index}" for place in places)
        return names if len(places) == 1 else f"({names})"

    # -- one entity -------------------------------------------------------------------------

    @staticmethod
    def gathers(entity: EntityPlan) -> bool:
        return entity.has_collections

    def entity(self, entity: EntityPlan) -> None:
        """Write what gives ``o<n>``, and adds the row to its collections."""
        n = entity.number
        depth = self.indent
        if entity.nullable:
            self.put(f"if c{entity.keys[0].index} is None:")
            self.put(f"    o{n} = None")
            self.put("else:")
            self.indent += 1
        if self.gathers(entity):
            self.gathering_entity(entity)
        else:
            self.plain_entity(entity)
        self.indent = depth

    def plain_entity(self, entity: EntityPlan) -> None:
        for joined in entity.joined:
            self.entity(joined.child)
        self.find_or_make(entity)

    def gathering_entity(self, entity: EntityPlan) -> None:
        """An entity that rows repeat: looked up among this result's parents first."""
        n = entity.number
        key = self.key(entity.keys)
        collections = [j for j in entity.joined if j.relationship.uselist]
        for joined in entity.joined:
            if not joined.relationship.uselist:
                self.entity(joined.child)
        groups = "".join(f", g{j.child.number}" for j in collections)
        self.put(f"p{n} = parents{n}.get({key})")
        self.put(f"if p{n} is None:")
        self.indent += 1
        self.find_or_make(entity)
        empty = "{}" if self.by_identity else "[]"
        for joined in collections:
            self.put(f"g{joined.child.number} = {empty}")
        self.put(f"parents{n}[{key}] = (o{n}{groups or ','})")
        if self.emits_here(entity):
            self.put(f"append(o{n})")
        self.indent -= 1
        self.put("else:")
        self.put(f"    o{n}{groups or ','} = p{n}")
        for joined in collections:
            self.entity(joined.child)
            self.gather(joined)

    def gather(self, joined: JoinedPlan) -> None:
        n = joined.child.number
        if joined.child.nullable:
            self.put(f"if o{n} is not None:")
            self.indent += 1
        if self.by_identity:
            self.put(f"g{n}[{self.key(joined.child.keys)}] = o{n}")
        else:
            self.put(f"g{n}.append(o{n})")
        if joined.child.nullable:
            self.indent -= 1

    def find_or_make(self, entity: EntityPlan) -> None:
        n = entity.number
        self.put(f"r{n} = find{n}({self.key(entity.keys)})")
        self.put(f"if r{n} is None or (o{n} := r{n}()) is None:")
        self.indent += 1
        self.make(entity)
        self.indent -= 1
        self.put("else:")
        self.indent += 1
        self.meet(entity)
        self.indent -= 1

    def make(self, entity: EntityPlan) -> None:
        """A new object."""
        n = entity.number
        stores = [(name, self.value(place)) for name, place in entity.stores]
        for joined in entity.joined:
            if not joined.relationship.uselist:
                stores.append((joined.relationship.key, f"o{joined.child.number}"))
        stores.append((STATE, f"shared{n}"))
        if entity.mapper.twin is not None and all(_is_plain(name) for name, _ in stores):
            self.put(f"o{n} = Twin{n}()")
            for name, value in stores:
                self.put(f"o{n}.{name} = {value}")
            self.put(f"o{n}.__class__ = Class{n}")
        else:
            self.put(f"o{n} = new(Class{n})")
            self.put(f"d = o{n}.__dict__")
            for name, value in stores:
                self.put(f"d[{name!r}] = {value}")
        key = self.key(entity.keys)
        self.put(f"known{n}[{key}] = r{n} = ref(o{n})")
        self.put(f"sibling{n}(r{n})")
        if entity.later:
            self.put(f"later{n}.append(o{n})")

    def meet(self, entity: EntityPlan) -> None:
        """An object that the session knows already."""
        n = entity.number
        values = "".join(f"{self.value(place)}, " for _, place in entity.stores)
        fill = f"fill{n}(o{n}, s{n}, shared{n}, ({values.rstrip(' ') or ''}))"
        self.put(f"s{n} = o{n}._sa_instance_state")
        if self.overwrite:
            self.put(f"if s{n} is not shared{n}:")
        elif entity.partial:
            self.put(f"if s{n}.__class__ is not Shared:")
        else:
            self.put(f"if s{n}.__class__ is not Shared or s{n}.path is not None:")
        self.put(f"    {fill}")
        for joined in entity.joined:
            if not joined.relationship.uselist:
                self.refer(entity, joined)
        if entity.later:
            self.put(f"later{n}.append(o{n})")

    def refer(self, entity: EntityPlan, joined: JoinedPlan) -> None:
        """A joined many-to-one of an object that is there: set where it is not loaded."""
        key = joined.relationship.key
        self.put(f"if {key!r} not in o{entity.number}.__dict__:")
        self.put(f"    o{entity.number}.__dict__[{key!r}] = o{joined.child.number}")

    # -- what a row gives -------------------------------------------------------------------

    def emits_here(self, entity: EntityPlan) -> bool:
        """Whether the entity is emitted on its first row alone, the statement's only result."""
        return self.plan.single and not self.plan.groups and self.plan.items[0] is entity

    def emit_row(self) -> None:
        items = self.plan.items
        if self.plan.groups:
            self.emit_grouped(items[0])
        elif self.plan.single:
            first = items[0]
            if isinstance(first, Place):
                self.put(f"append({self.value(first)})")
            elif not self.gathers(first):
                self.put(f"append(o{first.number})")
            elif first.nullable:
                self.put(f"if o{first.number} is None:")
                self.put("    append(None)")
        else:
            values = [
                self.value(item) if isinstance(item, Place) else f"o{item.number}" for item in items
            ]
            self.put(f"append(({', '.join(values)}{',' if len(values) == 1 else ''}))")

    def emit_grouped(self, item: EntityPlan | Place) -> None:
        assert isinstance(item, EntityPlan)
        key = self.key(self.plan.groups)
        if self.gathers(item):
            self.put(f"groups[{key}][{self.key(item.keys)}] = o{item.number}")
        else:
            self.put(f"groups[{key}].append(o{item.number})")

    def epilogue(self, entities: list[EntityPlan]) -> None:
        for entity in reversed(entities):
            collections = [j for j in entity.joined if j.relationship.uselist]
            if collections:
                self.store_collections(entity, collections)
        later = [f"later{e.number}" for e in entities if e.later]
        result = "None" if self.plan.groups else "objects"
        self.put(f"return {result}, ({', '.join(later)},)" if later else f"return {result}, ()")

    def store_collections(self, entity: EntityPlan, collections: list[JoinedPlan]) -> None:
        n = entity.number
        groups = "".join(f", g{j.child.number}" for j in collections)
        self.put(f"for o{n}{groups} in parents{n}.values():")
        for joined in collections:
            c = joined.child.number
            items = f"g{c}.values()" if self.by_identity else f"g{c}"
            store = f"loaded(o{n}, link{c}, {items})"
            if self.overwrite:
                self.put(f"    {store}")
            else:
                self.put(f"    if {joined.relationship.key!r} not in o{n}.__dict__:")
                self.put(f"        {store}")
