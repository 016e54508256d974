"""Have pytest explain the suite's assertions; imported before the modules that hold them."""

from pathlib import Path

import pytest

_loaded = {"__init__", "assertions"}
_modules = {path.stem for path in Path(__file__).parent.glob("*.py")} - _loaded
pytest.register_assert_rewrite(*(f"{__package__}.{module}" for module in sorted(_modules)))
