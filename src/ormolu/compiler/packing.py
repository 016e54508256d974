"""The generated functions that carry values from a statement to the driver.

For a statement with the slots ``id_1`` (a bind of the statement, no converter) and ``name`` (an
execution parameter with converter)::

    def pack(b, p):
        return (b[0].value, f1(p['name']),)

    def expand(b, p):                       # only with IN lists
        v0 = [f0(x) for x in b[0].value]
        return sql_for((len(v0),), ()), (*v0, b[1].value,)

A missing parameter surfaces as ``KeyError``; only then is it looked at closely, so that the good
path
tests nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ormolu import codegen, exc
from ormolu.compiler.binds import BindLayout, BindSlot, list_names
from ormolu.compiler.features import Paramstyle
from ormolu.types.numbers import BARE

__all__ = [
    "Expand",
    "Pack",
    "PackMany",
    "Packed",
    "build_expand",
    "build_pack",
    "build_pack_many",
    "converted_source",
]

Packed = tuple[Any, ...] | dict[str, Any]
Pack = Callable[[Sequence[Any], Mapping[str, Any]], Packed]
PackMany = Callable[[Sequence[Any], Sequence[Mapping[str, Any]]], list[Packed]]
Expand = Callable[[Sequence[Any], Mapping[str, Any]], tuple[str, Packed]]

_EMPTY: tuple[Any, ...] = ()
_TEXTS_KEPT = 64


def build_pack(slots: tuple[BindSlot, ...], style: Paramstyle) -> Pack:
    """Generate ``pack(b, p)`` for one execution."""
    if not slots and style in ("qmark", "format", "numeric_dollar"):
        return _pack_nothing
    namespace: dict[str, Any] = {"missing": _missing_raiser(slots)}
    packed = _packed_source(slots, style, namespace)
    if not any(slot.key is not None for slot in slots):
        return codegen.build("pack", f"def pack(b, p):\n    return {packed}\n", namespace)
    source = (
        "def pack(b, p):\n"
        "    try:\n"
        f"        return {packed}\n"
        "    except KeyError as error:\n"
        "        missing(p, error)\n"
    )
    return codegen.build("pack", source, namespace)


def build_pack_many(slots: tuple[BindSlot, ...], style: Paramstyle) -> PackMany:
    """Generate ``pack_many(b, rows)`` for an ``executemany``."""
    namespace: dict[str, Any] = {"missing": _missing_raiser(slots)}
    packed = _packed_source(slots, style, namespace)
    source = (
        "def pack_many(b, rows):\n"
        "    try:\n"
        f"        return [{packed} for p in rows]\n"
        "    except KeyError as error:\n"
        "        for p in rows:\n"
        "            missing(p, error, False)\n"
        "        raise\n"
    )
    return codegen.build("pack_many", source, namespace)


def build_expand(layout: BindLayout) -> Expand:
    """Generate ``expand(b, p)``: the text for the lengths of the IN lists, and the flat values.

    A value that is written into the text is given to ``sql_for`` as text instead.
    """
    namespace: dict[str, Any] = {
        "missing": _missing_raiser(layout.slots),
        "sql_for": _texts_by_length(layout),
    }
    lines = ["def expand(b, p):", "    try:"]
    lists: dict[str, str] = {}
    literals: dict[str, str] = {}
    for position, slot in enumerate(layout.slots):
        if slot.name in lists or slot.name in literals:
            continue
        if slot.literal is not None:
            literals[slot.name] = f"l{position}"
            lines.append(f"        l{position} = {_literal_source(slot, position, namespace)}")
        elif slot.expanding:
            lists[slot.name] = f"v{position}"
            lines.append(f"        v{position} = {_list_source(slot, position, namespace)}")
    lengths = "".join(f"len({name}), " for name in lists.values())
    texts = "".join(f"{name}, " for name in literals.values())
    packed = _expanded_source(layout, lists, namespace)
    lines += [
        f"        return sql_for(({lengths}), ({texts})), {packed}",
        "    except KeyError as error:",
        "        missing(p, error)",
    ]
    return codegen.build("expand", "\n".join(lines) + "\n", namespace)


def _packed_source(
    slots: tuple[BindSlot, ...], style: Paramstyle, namespace: dict[str, Any]
) -> str:
    """Return the expression of the values: a tuple, or a dict for the named styles."""
    values = _one_per_name(slots) if style != "qmark" and style != "format" else slots
    sources = [_value_source(slot, i, namespace) for i, slot in enumerate(values)]
    if style in ("named", "pyformat"):
        pairs = (f"{slot.name!r}: {src}" for slot, src in zip(values, sources, strict=True))
        return "{" + ", ".join(pairs) + "}"
    return "(" + "".join(f"{source}, " for source in sources) + ")"


def _one_per_name(slots: tuple[BindSlot, ...]) -> tuple[BindSlot, ...]:
    return tuple({slot.name: slot for slot in slots}.values())


def _value_source(slot: BindSlot, position: int, namespace: dict[str, Any]) -> str:
    source = _source(slot, position, namespace)
    if slot.processor is None or slot.expanding:
        return source
    return converted_source(source, position, slot.processor, namespace)


def converted_source(
    source: str, position: int, processor: Callable[[Any], Any], namespace: dict[str, Any]
) -> str:
    """Return the expression of a value as a processor makes it, with what it names put there.

    :param position: what tells the names of this value from those of others.
    """
    bare = BARE.get(processor)
    namespace[f"f{position}"] = processor if bare is None else bare
    if bare is None:
        return f"f{position}({source})"
    # A class that makes values of its own kind: most are that already, and a call costs more.
    own, value = f"f{position}", f"x{position}"
    return f"({value} if type({value} := {source}) is {own} or {value} is None else {own}({value}))"


def _source(slot: BindSlot, position: int, namespace: dict[str, Any]) -> str:
    """Return the source of the unprocessed value, with its constant put into the namespace."""
    if slot.constant is not None and slot.key is None and not slot.calls:
        namespace[f"k{position}"] = slot.constant.value
        return f"k{position}"
    if slot.constant is not None:
        namespace[f"k{position}"] = slot.constant
    return slot.source(f"k{position}")


def _list_source(slot: BindSlot, position: int, namespace: dict[str, Any]) -> str:
    """Return the expression of one IN list, converted; tuples are flattened later."""
    source = _source(slot, position, namespace)
    if slot.arity:
        if not any(slot.processors):
            return f"[tuple(x) for x in {source}]"
        calls = []
        for i, processor in enumerate(slot.processors):
            if processor is not None:
                namespace[f"f{position}_{i}"] = processor
            calls.append(f"x[{i}]" if processor is None else f"f{position}_{i}(x[{i}])")
        return f"[({''.join(call + ', ' for call in calls)}) for x in {source}]"
    if slot.processor is None:
        return f"list({source})"
    namespace[f"f{position}"] = slot.processor
    return f"[f{position}(x) for x in {source}]"


def _literal_source(slot: BindSlot, position: int, namespace: dict[str, Any]) -> str:
    """Return the expression of the texts of a value, or a list, that is written into the text."""
    namespace[f"t{position}"] = slot.literal_texts
    source = _source(slot, position, namespace)
    return f"tuple(t{position}({source if slot.expanding else f'({source},)'}))"


def _expanded_source(layout: BindLayout, lists: dict[str, str], namespace: dict[str, Any]) -> str:
    style = layout.style
    slots = layout.slots if style in ("qmark", "format") else _one_per_name(layout.slots)
    slots = tuple(slot for slot in slots if slot.literal is None)
    parts = []
    # Numbered after the lists, whose names in the generated code count from 0.
    for position, slot in enumerate(slots, len(layout.slots)):
        if not slot.expanding:
            source = _value_source(slot, position, namespace)
            parts.append(
                source if style not in ("named", "pyformat") else f"{slot.name!r}: {source}"
            )
            continue
        values = lists[slot.name]
        flat = f"(y for x in {values} for y in x)" if slot.arity else values
        if style in ("named", "pyformat"):
            namespace[f"names{position}"] = _namer(slot)
            parts.append(f"**dict(zip(names{position}(len({values})), {flat}))")
        else:
            parts.append(f"*{flat}")
    body = "".join(f"{part}, " for part in parts)
    return f"{{{body}}}" if style in ("named", "pyformat") else f"({body})"


def _namer(slot: BindSlot) -> Callable[[int], list[str]]:
    return lambda length: list_names(slot, length)


def _texts_by_length(layout: BindLayout) -> Callable[..., str]:
    """Return a function from list lengths (and literals) to text; it keeps its recent answers."""
    late = [slot for slot in layout.slots if slot.late]
    lists = list(dict.fromkeys(slot.name for slot in late if slot.literal is None))
    written = list(dict.fromkeys(slot.name for slot in late if slot.literal is not None))
    texts: dict[Any, str] = {}

    def sql_for(lengths: tuple[int, ...], literals: tuple[tuple[str, ...], ...]) -> str:
        text = texts.get((lengths, literals))
        if text is None:
            if len(texts) >= _TEXTS_KEPT:
                texts.clear()
            text = texts[lengths, literals] = layout.text_for(
                dict(zip(lists, lengths, strict=True)), dict(zip(written, literals, strict=True))
            )
        return text

    return sql_for


def _missing_raiser(slots: tuple[BindSlot, ...]) -> Callable[..., None]:
    """Return what turns the ``KeyError`` of a missing parameter into a clear error."""
    wanted = [
        s.key
        for s in slots
        if s.key is not None and s.constant is None and (s.index is None or s.required)
    ]

    def missing(params: Mapping[str, Any], error: KeyError, final: bool = True) -> None:
        for key in wanted:
            if key not in params:
                raise exc.StatementError(
                    f"A value is required for bind parameter {key!r}", None, params, error
                ) from None
        if final:
            raise error

    return missing


def _pack_nothing(binds: Sequence[Any], params: Mapping[str, Any]) -> Packed:
    return _EMPTY
