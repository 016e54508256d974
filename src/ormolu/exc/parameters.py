"""The text of parameters, as errors and the log show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["Parameters", "parameters_text"]

_MAX_CHARS = 300
_MAX_SETS = 10
_MAX_VALUES = 100

Parameters = Mapping[str, object] | Sequence[object] | None
"""One set of parameters, or a sequence of sets."""


def parameters_text(params: object, ismulti: bool | None = None) -> str:
    """The text of parameters for a log line or an error: long values and lists are shortened.

    Of many sets the first eight and the last two are shown; each value is cut at 300 characters.
    ``ismulti=None`` finds out by looking, and then cuts one set as a whole.
    """
    if ismulti is None:
        if not (isinstance(params, list) and params and _is_set(params[0])):
            return _cut(params)
    elif not ismulti or not isinstance(params, Sequence):
        return _set_text(params)
    assert isinstance(params, Sequence)
    if len(params) <= _MAX_SETS:
        return f"[{', '.join(map(_set_text, params))}]"
    head = ", ".join(map(_set_text, params[: _MAX_SETS - 2]))
    tail = ", ".join(map(_set_text, params[-2:]))
    shown = f"displaying {_MAX_SETS} of {len(params)} total bound parameter sets"
    return f"[{head}  ... {shown} ...  {tail}]"


def _is_set(value: object) -> bool:
    return isinstance(value, (tuple, list, Mapping))


def _cut(value: object) -> str:
    text = repr(value)
    extra = len(text) - _MAX_CHARS
    if extra <= 0:
        return text
    half = _MAX_CHARS // 2
    return f"{text[:half]} ... ({extra} characters truncated) ... {text[-half:]}"


def _set_text(params: object) -> str:
    if isinstance(params, Mapping):
        return "{" + _join_cut([f"{key!r}: {_cut(value)}" for key, value in params.items()]) + "}"
    if isinstance(params, (tuple, list)):
        values = _join_cut([_cut(value) for value in params])
        if isinstance(params, list):
            return f"[{values}]"
        return f"({values},)" if len(params) == 1 else f"({values})"
    return _cut(params)


def _join_cut(texts: list[str]) -> str:
    extra = len(texts) - _MAX_VALUES
    if extra <= 0:
        return ", ".join(texts)
    half = _MAX_VALUES // 2
    head, tail = ", ".join(texts[:half]), ", ".join(texts[-half:])
    return f"{head} ... {extra} parameters truncated ... {tail}"
