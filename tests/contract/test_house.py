"""The house rules that a machine can check: sizes, names, docstrings, lock files, and docs that tell the truth."""

from __future__ import annotations

import ast
import doctest
import importlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import takecover

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
BAD_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "data2", "v2"}
HEAVY = {
    "sqlalchemy",
    "alembic",
    "psycopg",
    "numba",
    "llvmlite",
    "geopandas",
    "pandas",
    "pyarrow",
    "pyproj",
    "shapely",
    "jinja2",
    "PIL",
    "scipy",
}
GROUPS = ("city", "journal", "user", "warden", "webhook")
"""Commands that have commands of their own."""
NAME_OF_IMPORT = {"argon2": "argon2-cffi", "PIL": "pillow"}
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".in",
    ".sh",
    ".csv",
    ".cff",
    ".html",
    ".css",
    ".js",
    ".ts",
    ".json",
    ".npmrc",
    ".yml",
    "",
}
LEFT_OUT = {
    ".git",
    ".venv",
    ".venv-lowest",
    "build",
    "built",
    "dist",
    "node_modules",
    "__pycache__",
    ".hypothesis",
} | {f".{tool}_cache" for tool in ("pytest", "mypy", "ruff")}

# Written in pieces, so that this file does not hold what it forbids.
MACHINE_PATHS = re.compile(
    "|".join(f"(?<![\\w.:/])/{folder}/\\w" for folder in ("home", "root", "work", "tmp", "opt"))
)
ADDRESSES = re.compile(
    "|".join(["pypi\\." + "org", "python" + "hosted", "npm" + "js\\.org", "-index" + "-url"])
)
LOCK_LINE = re.compile(
    r"#.*|(?P<pin>[a-z0-9._-]+==[\w.+!]+)( ; [\w.'\" =<>!()]+)?( \\)?|    --hash=sha256:[0-9a-f]{64}( \\)?"
)


def files(repository: Path) -> list[Path]:
    """Every file that is or would be committed; by walking where the repository came without its history."""
    if (repository / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "-z"],
            cwd=repository,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        found = [repository / name for name in listed.split("\0") if name]
    else:
        found = [p for p in repository.rglob("*") if not LEFT_OUT & set(p.relative_to(repository).parts)]
    return sorted(path for path in found if path.is_file())


def sources(repository: Path) -> list[Path]:
    """The program's own modules, and the benchmarks."""
    return sorted(p for folder in ("src", "benchmarks") for p in (repository / folder).rglob("*.py"))


def command_lines(text: str, program: str) -> list[list[str]]:
    """The words of each call of a program in the code blocks and inline code of a page."""
    blocks = re.findall(r"```(?:\w*)\n(.*?)```", text, flags=re.DOTALL) + re.findall(r"`([^`\n]+)`", text)
    lines = [line.strip() for block in blocks for line in re.sub(r"\\\n\s*", " ", block).splitlines()]
    calls = [re.split(r"\s+#\s", line)[0].split() for line in lines]
    return [words[1:] for words in calls if len(words) > 1 and words[0] == program]


def pages(repository: Path) -> list[Path]:
    """Every page of the documentation, but for the records of decisions, which are never changed afterwards."""
    docs = [p for p in (repository / "docs").rglob("*.md") if "decisions" not in p.parts]
    return [repository / "README.md", repository / "CONTRIBUTING.md", *sorted(docs)]


def run_takecover(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, as the installed command would."""
    return subprocess.run(
        [sys.executable, "-c", "from takecover.cli import main; main()", *words],
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"},
        timeout=60,
    )


def test_no_module_is_longer_than_400_lines(repository: Path) -> None:
    lengths = {p.name: len(p.read_text(encoding="utf-8").splitlines()) for p in sources(repository)}
    assert len(lengths) > 10
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_50_lines_without_its_docstring(repository: Path) -> None:
    too_long = []
    for path in sources(repository):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) is not None else node.body
                length = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
                if length > LONGEST_FUNCTION:
                    too_long.append(f"{path.name}:{node.lineno}: {node.name} has {length} lines")
    assert too_long == []


def test_no_file_is_named_for_having_no_purpose(repository: Path) -> None:
    bad = [
        path.relative_to(repository).as_posix()
        for path in files(repository)
        for part in path.relative_to(repository).with_suffix("").parts
        if BAD_NAMES & set(part.lower().split("_"))
    ]
    assert bad == []


def test_every_module_says_what_it_is_for(repository: Path) -> None:
    modules = [*sources(repository), *sorted((repository / "tests").rglob("*.py"))]
    silent = [
        p.as_posix() for p in modules if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_every_public_function_of_the_program_has_a_docstring(repository: Path) -> None:
    silent = [
        f"{path.name}: {node.name}"
        for path in sorted((repository / "src").rglob("*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert silent == []


def test_no_file_names_a_machine_or_a_registry(repository: Path) -> None:
    found = []
    for path in files(repository):
        if path.suffix in TEXT and path.name != "LICENSE":
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                if MACHINE_PATHS.search(line) or ADDRESSES.search(line):
                    found.append(f"{path.relative_to(repository).as_posix()}:{number}: {line.strip()[:80]}")
    assert found == []


@pytest.mark.parametrize("name", ["build", "web", "runtime", "test", "bench", "lowest"])
def test_a_lock_file_holds_versions_and_hashes_and_nothing_else(repository: Path, name: str) -> None:
    lines = (repository / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not LOCK_LINE.fullmatch(line)] == []
    pins = [i for i, line in enumerate(lines) if (match := LOCK_LINE.fullmatch(line)) and match["pin"]]
    assert pins
    assert [lines[i] for i in pins if "--hash" not in lines[i + 1]] == []


def test_the_tests_run_on_the_same_versions_as_the_program(repository: Path) -> None:
    def pins(name: str) -> set[str]:
        text = (repository / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        return {
            match["pin"]
            for line in text.splitlines()
            if (match := LOCK_LINE.fullmatch(line)) and match["pin"]
        }

    assert pins("runtime") <= pins("test")
    assert pins("runtime") <= pins("bench")


def test_help_answers_without_importing_anything_heavy() -> None:
    code = (
        "import sys\n"
        "sys.argv = ['takecover', '--help']\n"
        "from takecover.cli import main\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    assert not stop.code, stop.code\n"
        f"print('HEAVY', sorted({HEAVY!r} & set(sys.modules)))\n"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert answer.returncode == 0, answer.stderr
    assert "plan" in answer.stdout
    assert answer.stdout.splitlines()[-1] == "HEAVY []"


def test_every_example_in_a_docstring_runs_and_gives_what_it_says(repository: Path) -> None:
    source = repository / "src"
    with_examples = [p for p in sorted(source.rglob("*.py")) if ">>> " in p.read_text(encoding="utf-8")]
    failed = attempted = 0
    for path in with_examples:
        dotted = ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")
        result = doctest.testmod(importlib.import_module(dotted))
        failed += result.failed
        attempted += result.attempted
    assert attempted >= len(with_examples) > 0
    assert failed == 0


def test_the_version_is_the_same_wherever_it_stands(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert takecover.__version__ == project["version"]
    assert f"\nversion: {project['version']}\n" in (repository / "CITATION.cff").read_text(encoding="utf-8")


def test_every_package_that_the_program_imports_is_declared(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.match(r"[\w-]+", line)[0].lower() for line in project["dependencies"]}
    imported = set()
    for path in sorted((repository / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add((node.module or "").split(".")[0])
    outside = {NAME_OF_IMPORT.get(name, name) for name in imported - sys.stdlib_module_names - {"takecover"}}
    assert "numpy" in outside
    assert outside - declared == set()


def test_every_dependency_is_explained_in_its_record(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    record = next((repository / "docs" / "decisions").glob("*-dependencies.md")).read_text(encoding="utf-8")
    rows = [line for line in record.splitlines() if line.startswith("|")]
    unexplained = [
        line
        for line in project["dependencies"]
        for name, version in [line.split(">=")]
        if not any(name in row.split("|")[1] and version in row.split("|")[4] for row in rows)
    ]
    assert unexplained == []


def test_every_make_target_named_in_the_docs_exists(repository: Path) -> None:
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    named = {
        word
        for page in pages(repository)
        for words in command_lines(page.read_text(encoding="utf-8"), "make")
        for word in words
        if re.fullmatch(r"[a-z-]+", word)
    }
    assert {"demo", "test"} <= named
    assert named <= targets


def test_every_command_and_option_named_in_the_docs_exists(repository: Path) -> None:
    wrong = []
    called = set()
    for page in pages(repository):
        for words in command_lines(page.read_text(encoding="utf-8"), "takecover"):
            command = words[:2] if words[0] in GROUPS else words[:1]
            if command[0].startswith("-"):
                command = []
            answer = run_takecover(*command, "--help")
            called.add(" ".join(command))
            known = set(re.findall(r"--[a-z][a-z0-9-]+", answer.stdout))
            asked = {word.split("=")[0] for word in words if word.startswith("--")}
            if answer.returncode != 0 or not asked <= known:
                wrong.append(f"{page.name}: takecover {' '.join(words)} (unknown: {sorted(asked - known)})")
    assert {"plan", "city build"} <= called
    assert wrong == []


def test_every_command_is_in_the_readme(repository: Path) -> None:
    import typer.main

    from takecover.cli import app

    top = typer.main.get_command(app)
    names = []
    for name, command in top.commands.items():
        names += [f"{name} {inner}" for inner in command.commands] if hasattr(command, "commands") else [name]
    readme = (repository / "README.md").read_text(encoding="utf-8")
    assert names
    assert [name for name in names if f"takecover {name}" not in readme] == []


def test_every_decision_record_has_its_parts(repository: Path) -> None:
    records = sorted((repository / "docs" / "decisions").glob("[0-9]*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path in records:
        text = path.read_text(encoding="utf-8")
        parts = re.findall(
            r"^(?:\*\*(Date|Status):\*\*|## (Context|Decision|Consequences)$)", text, re.MULTILINE
        )
        assert [a or b for a, b in parts] == ["Date", "Status", "Context", "Decision", "Consequences"], (
            path.name
        )


def test_links_between_pages_lead_somewhere(repository: Path) -> None:
    broken = []
    for page in [*pages(repository), *(repository / "docs" / "decisions").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []


@pytest.mark.parametrize(
    ("text", "program", "calls"),
    [
        ("```\nmake demo\nmake test  # all\n```", "make", [["demo"], ["test"]]),
        ("run `takecover plan X --out DIR`.", "takecover", [["plan", "X", "--out", "DIR"]]),
        ("```sh\ntakecover plan X \\\n    --public\n```", "takecover", [["plan", "X", "--public"]]),
        ("takecover in prose is no command; nor is `takecover`", "takecover", []),
    ],
)
def test_commands_are_found_in_pages(text: str, program: str, calls: list[list[str]]) -> None:
    assert command_lines(text, program) == calls


@pytest.mark.parametrize(
    "line",
    [
        "numpy>=2",
        "--index" + "-url https://x",
        "numpy @ file:///x",
        "    --hash=md5:00",
        "    # via pandas",
        "numpy",
    ],
)
def test_a_lock_line_with_anything_else_is_refused(line: str) -> None:
    assert LOCK_LINE.fullmatch(line) is None


@pytest.mark.parametrize("text", ["see /" + "home/x/y", '"/' + 'tmp/x"', "pypi." + "org"])
def test_a_machine_path_or_a_registry_is_seen(text: str) -> None:
    assert MACHINE_PATHS.search(text) or ADDRESSES.search(text)


@pytest.mark.parametrize("text", ["../shared/data", "https://x.org/tmp/y", "docs/work/x", "a /tmp folder"])
def test_an_address_or_a_relative_path_is_not_taken_for_a_machine_path(text: str) -> None:
    assert not MACHINE_PATHS.search(text)
    assert not ADDRESSES.search(text)
