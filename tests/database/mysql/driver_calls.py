"""What some work calls of a driver: how much of it an adapter goes around."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any


def calls(work: Callable[[], Any], driver: ModuleType, *types: type) -> list[str]:
    """Do some work twice; return what the second time calls of a driver.

    :param driver: the driver's package; its functions in Python are named after a colon.
    :param types: types of the driver's written in C, whose methods are named as they are.
    """
    assert driver.__file__ is not None
    home = Path(driver.__file__).parent
    called = []

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == "c_call" and isinstance(getattr(argument, "__self__", None), types):
            called.append(argument.__name__)
        elif event == "call" and Path(frame.f_code.co_filename).parent == home:
            called.append(f":{frame.f_code.co_qualname}")

    work()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return called
