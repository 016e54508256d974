"""The house keeps its floors: a room imports only rooms above it, nowhere against the arrow."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import ormolu

PACKAGE = Path(ormolu.__file__).parent

# Ground floor first: a room may import itself and whatever stands before it.
FLOORS = [
    "deferred", "exc", "deprecation", "inspection", "codegen", "graph", "event",
    "io", "types", "sql", "schema", "sql.ddl", "compiler", "dialects", "pool", "engine", "events",
    "orm.exc", "orm.instances", "orm.mapping", "orm.loading", "orm.flush", "orm.session",
    "orm", "ext", "testing",
]  # fmt: skip

# The dialects stand beside the engine, not under the ORM.
FORBIDDEN = {"dialects": {"engine", "pool"}}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str | None:
    """The longest floor name that is a prefix of the module's dotted name."""
    names = [f for f in FLOORS if module == f or module.startswith(f + ".")]
    return max(names, key=len, default=None)


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Every `ormolu…` module that the file imports, anywhere in it, type-checking included."""
    module = dotted(path)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "ormolu":
                    yield node.lineno, alias.name.partition(".")[2]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".") if package else []
                parts = parts[: len(parts) - node.level + 1]
                base = ".".join(["ormolu", *parts, *([base] if base else [])])
            if base.split(".")[0] == "ormolu":
                target = base.partition(".")[2]
                for alias in node.names:
                    inner = f"{target}.{alias.name}" if target else alias.name
                    is_module = (PACKAGE / Path(*inner.split("."))).with_suffix(".py").exists()
                    is_package = (PACKAGE / Path(*inner.split(".")) / "__init__.py").exists()
                    yield node.lineno, inner if is_module or is_package else target


def in_type_checking(path: Path) -> set[int]:
    """Line numbers inside `if TYPE_CHECKING:`: names for annotations cost nothing at run time."""
    lines: set[int] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            for inner in node.body:
                lines.update(range(inner.lineno, (inner.end_lineno or inner.lineno) + 1))
    return lines


def test_every_module_is_in_a_room() -> None:
    homeless = [dotted(p) for p in modules() if dotted(p) and room_of(dotted(p)) is None]
    assert homeless == []


def test_rooms_import_only_rooms_above_them() -> None:
    wrong = []
    for path in modules():
        module = dotted(path)
        room = room_of(module)
        if room is None:
            continue
        typing_only = in_type_checking(path)
        for line, target in imports_of(path):
            other = room_of(target)
            if other is None or other == room or line in typing_only:
                continue
            if FLOORS.index(other) > FLOORS.index(room) or other in FORBIDDEN.get(room, ()):
                wrong.append(f"{path.relative_to(PACKAGE)}:{line} imports {target}")
    assert wrong == []


def test_nothing_of_ormolu_is_imported_inside_a_function() -> None:
    hidden = []
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                for inner in ast.walk(node):
                    if isinstance(inner, ast.ImportFrom) and (
                        inner.level or (inner.module or "").startswith("ormolu")
                    ):
                        hidden.append(f"{path.relative_to(PACKAGE)}:{inner.lineno}")
    assert hidden == []


def test_only_codegen_calls_exec() -> None:
    callers = [
        dotted(path)
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("exec", "eval")
    ]
    assert set(callers) <= {"codegen", "orm.mapping.evaluation"}
    assert "codegen" in callers


def test_no_file_is_a_maze() -> None:
    assert [(dotted(p), n) for p in modules() if (n := p.read_text().count("\n")) > 800] == []


# What costs more than it brings before it is used; `ormolu.deferred` and `__getattr__` put it off.
HEAVY = [
    "aiosqlite", "ast", "asyncio", "dataclasses", "greenlet", "inspect", "json", "linecache",
    "logging", "pickle", "platform", "sqlalchemy", "sqlite3", "traceback", "typing_extensions",
    "urllib.parse", "uuid",
    "ormolu.compiler.sql_compiler", "ormolu.compiler.statement", "ormolu.dialects.base",
    "ormolu.dialects.inspector", "ormolu.dialects.reflected", "ormolu.engine.async_engine",
    "ormolu.engine.create", "ormolu.engine.engine", "ormolu.engine.errors", "ormolu.engine.many",
    "ormolu.engine.streaming", "ormolu.engine.twophase", "ormolu.engine.url",
    "ormolu.exc.database", "ormolu.exc.parameters",
    "ormolu.ext", "ormolu.io.async_loop", "ormolu.io.drivers", "ormolu.orm.session.async_session",
    "ormolu.orm.flush.failures", "ormolu.orm.loading.streaming", "ormolu.orm.session.bulk",
    "ormolu.orm.session.query", "ormolu.orm.session.scoped",
    "ormolu.pool.impl", "ormolu.sql.expression", "ormolu.sql.function_types",
    "ormolu.sql.visitors",
]  # fmt: skip


def test_importing_the_orm_stays_light() -> None:
    program = f"import sys, ormolu.orm; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    # Without `site`, whose .pth files may import anything; so the path is given.
    found = subprocess.run(
        [sys.executable, "-S", "-c", program],
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.split() == []
