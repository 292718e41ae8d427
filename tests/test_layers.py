"""Imports point downwards only, heavy packages stay in their layer, and importing stays light."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import multivector

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "multivector"

HEAVY = (
    "altair",
    "jinja2",
    "numba",
    "pandas",
    "pooch",
    "pyarrow",
    "requests",
    "scipy.stats",
    "starlette",
    "vl_convert",
)

# The only layers (modules or packages below multivector) that may import each of these.
ONLY_IN = {
    "altair": {"render"},
    "cyclopts": {"cli", "commands"},
    "jinja2": {"render"},
    "numba": {"stats"},
    "pooch": {"download", "store"},
    "requests": {"download", "store"},
    "starlette": {"render"},
    "uvicorn": {"render"},
    "vl_convert": {"render"},
}

STATS_MAY_IMPORT = {*sys.stdlib_module_names, "numpy", "scipy", "numba"}


def imports(path: Path) -> set[str]:
    """Return the full names that a file imports, at any depth inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def layer(path: Path) -> str:
    """Return the module or package directly below multivector that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


FILES = sorted(PACKAGE.rglob("*.py"))


@cache
def loaded_by(module: str) -> frozenset[str]:
    """Return the names of all modules that importing one loads in a fresh interpreter."""
    code = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return frozenset(json.loads(done.stdout))


def test_the_tests_see_the_package_of_this_folder() -> None:
    assert Path(multivector.__path__[0]).resolve() == PACKAGE.resolve()
    assert len(FILES) > 2


def test_layers() -> None:
    command = [sys.executable, "-c", "import importlinter.cli as cli; cli.lint_imports_command()"]
    done = subprocess.run(
        [*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 kept, 0 broken" in done.stdout


@pytest.mark.parametrize("module", ["multivector", "multivector.errors", "multivector.settings"])
def test_importing_loads_nothing_heavy(module: str) -> None:
    assert not loaded_by(module).intersection(HEAVY)


@pytest.mark.parametrize("package", sorted(ONLY_IN))
def test_heavy_packages_stay_in_their_layer(package: str) -> None:
    users = {layer(f) for f in FILES for name in imports(f) if name.split(".")[0] == package}
    assert users <= ONLY_IN[package]


def test_stats_knows_arrays_and_errors_only() -> None:
    strange = {
        f"{file.name}: {name}"
        for file in FILES
        if layer(file) == "stats"
        for name in imports(file)
        if name.split(".")[0] not in STATS_MAY_IMPORT
        and not name.startswith(("multivector.errors.", "multivector.stats"))
    }
    assert not strange


def test_only_the_command_line_imports_the_whole_package() -> None:
    """``from multivector import X`` would hide an upward import from the layers' contract."""
    modules = {f"multivector.{layer(f)}" for f in FILES}
    hidden = {
        f"{file.relative_to(PACKAGE)}: {name}"
        for file in FILES
        if layer(file) not in ("cli", "__main__", "__init__")
        for name in imports(file)
        if name == "multivector"
        or (name.count(".") == 1 and name.startswith("multivector.") and name not in modules)
    }
    assert not hidden
