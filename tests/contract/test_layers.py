"""The layers of the design, enforced: imports go down only, siblings never import each other, the core stays pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "takecover"
ROWS = (
    ("cli",),
    ("server",),
    ("workflow",),
    ("report", "store", "io", "feeds", "cities", "settings"),
    ("analysis",),
    ("model", "kernels"),
    ("parameters", "norms", "threats"),
    ("packaged",),
    ("errors", "dtypes", "progress"),
)
"""From the top down; a part may import what stands in a lower row."""

RANK = {part: rank for rank, row in enumerate(ROWS) for part in row}
CORE = {part for row in ROWS[4:] for part in row}
READERS = {"packaged"}
"""The one module of the core that may read: the package's own tables."""

# fmt: off
IMPURE = {
    "asyncio", "csv", "ctypes", "fsspec", "geopandas", "glob", "http", "httpx", "importlib", "io", "json",
    "logging", "mmap", "multiprocessing", "os", "pandas", "pathlib", "pickle", "polars", "pyarrow", "pyogrio",
    "random", "requests", "secrets", "shutil", "signal", "socket", "sqlite3", "subprocess", "sys", "tempfile",
    "time", "urllib", "uuid", "warnings",
}
# fmt: on
READER_NEEDS = {"csv", "importlib"}
IMPURE_CALLS = {"open", "print", "input", "exec", "eval"}


def part_of(module: str) -> str:
    """The part of the house that a dotted module belongs to; a split of the command line is still the command line, and
    so is ``python -m takecover``.
    """
    first = module.split(".")[1] if "." in module else ""
    return "cli" if first.startswith("cli_") or first == "__main__" else first


def imports(tree: ast.AST, module: str, is_package: bool) -> Iterator[tuple[int, str]]:
    """Line and absolute dotted name of everything imported, at the top or inside a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = module.split(".") if is_package else module.split(".")[:-1]
                base = ".".join([*parents[: len(parents) - node.level + 1], *filter(None, [base])])
            if base == PACKAGE:
                yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, base


def import_faults(tree: ast.AST, module: str, is_package: bool) -> Iterator[tuple[int, str]]:
    """Imports that go up, go sideways, or bring the outside world into the core."""
    mine = part_of(module)
    for line, name in imports(tree, module, is_package):
        if name.split(".")[0] != PACKAGE:
            allowed = READER_NEEDS if mine in READERS else set()
            if mine in CORE and name.split(".")[0] in IMPURE - allowed:
                yield line, f"the pure core imports {name}"
            continue
        other = part_of(name)
        if other not in RANK:
            if other and not other.startswith("__"):
                yield line, f"imports {name}, which is in no layer"
        elif mine not in RANK:
            yield line, f"imports {name}, and {module} itself is in no layer"
        elif other != mine and RANK[other] == RANK[mine]:
            yield line, f"imports its sibling {name}"
        elif RANK[other] < RANK[mine]:
            yield line, f"imports upwards: {name}"


def call_faults(tree: ast.AST, module: str) -> Iterator[tuple[int, str]]:
    """Calls by which the core would touch the outside world without importing anything."""
    if part_of(module) in CORE:
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in IMPURE_CALLS
            ):
                yield node.lineno, f"the pure core calls {node.func.id}()"


def is_parallel(function: ast.FunctionDef) -> bool:
    """True where a decorator says ``parallel=True``."""
    return any(
        keyword.arg == "parallel" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        for decorator in function.decorator_list
        if isinstance(decorator, ast.Call)
        for keyword in decorator.keywords
    )


def prange_faults(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Functions where ``prange`` would run serially without a word, or ``parallel=True`` has nothing to do."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            has_prange = any(
                isinstance(inner, ast.Call) and ast.unparse(inner.func).split(".")[-1] == "prange"
                for inner in ast.walk(node)
            )
            if has_prange and not is_parallel(node):
                yield node.lineno, f"{node.name} has prange without parallel=True"
            if is_parallel(node) and not has_prange:
                yield node.lineno, f"{node.name} has parallel=True without prange"


def faults(package: Path) -> list[str]:
    """Every broken rule below a package folder, as ``file:line: fault``."""
    found = []
    for path in sorted(package.rglob("*.py")):
        is_package = path.name == "__init__.py"
        names = [PACKAGE, *path.relative_to(package).with_suffix("").parts]
        module = ".".join(names[:-1] if is_package else names)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for line, fault in (
            *import_faults(tree, module, is_package),
            *call_faults(tree, module),
            *prange_faults(tree),
        ):
            found.append(f"{path.relative_to(package).as_posix()}:{line}: {fault}")
    return found


def test_every_import_of_the_package_obeys_the_layers(repository: Path) -> None:
    assert faults(repository / "src" / PACKAGE) == []


def test_every_part_of_the_package_has_a_layer(repository: Path) -> None:
    package = repository / "src" / PACKAGE
    parts = {part_of(f"{PACKAGE}.{path.stem}") for path in package.glob("*.py") if path.stem != "__init__"}
    parts |= {path.parent.name for path in package.glob("*/__init__.py")}
    assert parts >= {"analysis", "kernels", "model", "errors", "parameters"}
    assert parts - set(RANK) == set()


@pytest.mark.parametrize(
    ("file", "text", "fault"),
    [
        ("model/city.py", "from takecover.analysis import reach\n", "imports upwards: takecover.analysis"),
        ("analysis/reach.py", "import takecover.workflow.plan\n", "imports upwards: takecover.workflow.plan"),
        (
            "analysis/reach.py",
            "def f():\n    from takecover.io import osm\n",
            "imports upwards: takecover.io",
        ),
        (
            "model/costs.py",
            "from takecover.kernels.heap import pop\n",
            "imports its sibling takecover.kernels.heap",
        ),
        ("kernels/heap.py", "from takecover import model\n", "imports its sibling takecover.model"),
        ("report/page.py", "from ..io import tables\n", "imports its sibling takecover.io"),
        ("io/__init__.py", "from ..cities import toys\n", "imports its sibling takecover.cities"),
        (
            "server/app.py",
            "from takecover.cli_city import city_app\n",
            "imports upwards: takecover.cli_city",
        ),
        ("errors.py", "from takecover import parameters\n", "imports upwards: takecover.parameters"),
        ("analysis/assign.py", "from takecover.extras import x\n", "which is in no layer"),
        ("extras.py", "from takecover import errors\n", "takecover.extras itself is in no layer"),
        ("analysis/measure.py", "import pandas as pd\n", "the pure core imports pandas"),
        ("analysis/measure.py", "def f():\n    import os.path\n", "the pure core imports os.path"),
        ("model/city.py", "from pathlib import Path\n", "the pure core imports pathlib"),
        ("parameters.py", "import csv\n", "the pure core imports csv"),
        ("packaged.py", "import json\n", "the pure core imports json"),
        ("kernels/heap.py", "import time\n", "the pure core imports time"),
        ("analysis/reach.py", "print(open('x').read())\n", "the pure core calls open()"),
        ("kernels/a.py", "@njit\ndef f(n):\n    for i in prange(n):\n        pass\n", "f has prange without"),
        ("kernels/a.py", "@njit(parallel=False)\ndef f(n):\n    numba.prange(n)\n", "f has prange without"),
        (
            "kernels/a.py",
            "@njit(parallel=True)\ndef f(n):\n    return n\n",
            "f has parallel=True without prange",
        ),
    ],
)
def test_a_broken_rule_is_found(tmp_path: Path, file: str, text: str, fault: str) -> None:
    path = tmp_path / PACKAGE / file
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    found = faults(tmp_path / PACKAGE)
    assert found
    assert all(line.startswith(f"{file}:") for line in found)
    assert any(fault in line for line in found)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("cli.py", "from takecover.cli_city import city_app\nfrom takecover.workflow import plan\n"),
        (
            "workflow/plan.py",
            "import time\nfrom takecover.analysis import reach\nfrom takecover.io import osm\n",
        ),
        (
            "analysis/assign.py",
            "from takecover.model import costs\nfrom takecover.kernels import transport\n",
        ),
        ("analysis/assign.py", "from .reach import reach\nfrom ..errors import InternalError\n"),
        ("model/__init__.py", "from .city import City\n"),
        ("model/city.py", "from takecover import __version__\nimport numpy as np\n"),
        ("packaged.py", "import csv\nfrom importlib import resources\nfrom takecover import errors\n"),
        (
            "kernels/a.py",
            "@njit(parallel=True, cache=True)\ndef f(n):\n    for i in prange(n):\n        pass\n",
        ),
    ],
)
def test_what_the_design_allows_is_no_fault(tmp_path: Path, file: str, text: str) -> None:
    path = tmp_path / PACKAGE / file
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    assert faults(tmp_path / PACKAGE) == []
