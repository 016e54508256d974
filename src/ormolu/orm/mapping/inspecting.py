"""What ``inspect()`` gives for mapped classes, their objects, attributes and aliases."""

from __future__ import annotations

from typing import Any

from ormolu.inspection import register
from ormolu.orm.instances.attributes import QueryableAttribute
from ormolu.orm.instances.instance_state import InstanceState
from ormolu.orm.instances.state import STATE
from ormolu.orm.mapping.aliased import AliasedClass, AliasedEntity
from ormolu.orm.mapping.mapper import Mapper


@register(type)
def _of_class(subject: type[Any]) -> Mapper | None:
    mapper: Mapper | None = getattr(subject, "__mapper__", None)
    if mapper is not None:
        mapper.registry.configure()
    return mapper


@register(object)
def _of_object(subject: Any) -> InstanceState | None:
    return InstanceState(subject) if hasattr(type(subject), STATE) else None


@register(Mapper, AliasedEntity, QueryableAttribute, InstanceState)
def _itself(subject: Any) -> Any:
    return subject


@register(AliasedClass)
def _of_alias(subject: AliasedClass) -> AliasedEntity:
    return subject._sa_aliased
