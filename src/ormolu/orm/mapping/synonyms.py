"""`SynonymAttribute`: another name for a mapped attribute, on class and objects."""

from __future__ import annotations

from typing import Any


class SynonymAttribute:
    """A data descriptor that hands everything to the attribute it is a synonym of."""

    is_attribute = True
    is_mapper = False

    def __init__(self, mapper: Any, prop: Any) -> None:
        self._class = mapper.class_
        self.property = prop
        self.key = prop.key
        self.name = prop.name
        self.parent = mapper

    def __get__(self, instance: Any, owner: Any) -> Any:
        if instance is None:
            return getattr(owner, self.name)
        if self.property.descriptor is not None:
            return self.property.descriptor.__get__(instance, owner)
        return getattr(instance, self.name)

    def __set__(self, instance: Any, value: Any) -> None:
        if self.property.descriptor is not None:
            self.property.descriptor.__set__(instance, value)
        else:
            setattr(instance, self.name, value)
