"""Generated functions: source, names, tracebacks."""

from __future__ import annotations

import gc
import linecache
import traceback

import pytest

from ormolu import codegen


def test_function_carries_its_source_and_sees_its_namespace() -> None:
    source = "def add(x):\n    return x + n\n"
    add = codegen.build("demo", source, {"n": 2})
    assert add(1) == 3
    assert add.__source__ == source  # type: ignore[attr-defined]


def test_tracebacks_show_the_generated_line() -> None:
    fail = codegen.build("demo", "def fail():\n    return 1 / 0  # here\n", {})
    try:
        fail()
    except ZeroDivisionError:
        shown = traceback.format_exc()
    assert "<ormolu:demo:" in shown
    assert "# here" in shown


def test_text_goes_when_the_function_does() -> None:
    function = codegen.build("demo", "def f():\n    pass\n", {})
    filename = function.__code__.co_filename
    assert filename in linecache.cache
    del function
    gc.collect()
    assert filename not in linecache.cache


def test_source_without_a_function_is_refused() -> None:
    with pytest.raises(ValueError, match="no top-level function"):
        codegen.build("demo", "x = 1\n", {})
