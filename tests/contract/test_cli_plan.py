"""The command ``takecover plan`` from outside: exit codes, words on stderr, no traceback, help at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import worlds
from takecover.io import city_folder


def run(*arguments: str | Path, where: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from takecover.cli import main; main()", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=where,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "80"},
        check=False,
    )


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city") / "row"
    city_folder.write(worlds.row(), folder)
    return folder


OPTIONS = ("--places-only", "--time-limit", "4min", "--speed", "walking=1.0", "--speed", "step_free=0.5")


def test_a_plan_is_made_and_told(city: Path, tmp_path: Path) -> None:
    done = run("plan", city, "--out", tmp_path / "plan", *OPTIONS, "--lang", "uk", "--write-costs")
    assert (done.returncode, done.stderr) == (0, "") or "compiling" in done.stderr
    assert "Under cover within 4" in done.stdout
    found = json.loads((tmp_path / "plan" / "plan.json").read_text(encoding="utf-8"))
    assert (found["under_cover"], found["unserved"]) == (5, 26)
    assert '<html lang="uk"' in (tmp_path / "plan" / "report.html").read_text(encoding="utf-8")
    assert (tmp_path / "plan" / "costs.parquet").is_file()


def test_a_scenario_file_does_the_same_as_options(city: Path, tmp_path: Path) -> None:
    raid = tmp_path / "raid.toml"
    raid.write_text("has_doors = false\ntime_limit_s = 240\nspeed_m_s = { walking = 1.0, step_free = 0.5 }\n")
    done = run("plan", city, "--out", tmp_path / "plan", "--scenario", raid)
    assert done.returncode == 0
    assert json.loads((tmp_path / "plan" / "plan.json").read_text(encoding="utf-8"))["under_cover"] == 5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Missing argument"),
        (("x",), "Missing option '--out'"),
        (("x", "--out", "y", "--time-limit", "soon"), "'soon' is no time; give 10min or 600s"),
        (("x", "--out", "y", "--time-limit", "9" * 5000), "is no time; give 10min or 600s"),
        (("x", "--out", "y", "--time-limit", "٦٠٠"), "is no time; give 10min or 600s"),
        (
            ("x", "--out", "y", "--speed", "walking=1", "--speed", "walking=2"),
            "'walking' stands twice; give it once",
        ),
        (("x", "--out", "y", "--speed", "fast"), "'fast' is no name and number; give walking=1.1"),
        (("x", "--out", "y", "--delay", "late"), "'late' is no name and number; give night=180"),
        (("x", "--out", "y", "--warning", "soon"), "'soon' is no warning time; give 240=300"),
        (("x", "--out", "y", "--lang", "de"), "'de' is none of: en, uk"),
        (("x", "--out", "y", "--threads", "0"), "--threads"),
        (("x", "--out", "y", "--public", "--write-costs"), "leave out --compare and --write-costs"),
        (("x", "--out", "y", "--scenario", "z", "--turnout", "0.5"), "give one or the other"),
        (("x", "--out", "y", "--no-such"), "No such option"),
    ],
)
def test_wrong_use_is_exit_code_2_with_a_hint(arguments: tuple[str, ...], words: str, tmp_path: Path) -> None:
    done = run("plan", *arguments, where=tmp_path)
    assert done.returncode == 2
    assert words in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("atlantis",), "is no folder and no city that Takecover makes"),
        (("",), "is no folder and no city that Takecover makes"),
        (("CITY", "--turnout", "7"), "scenario.turnout: 7.0 is no share"),
        (("CITY", "--period", "noon"), "'noon' is unknown"),
        (("CITY", "--close", "S9"), "'S9' is no shelter"),
        (("CITY", "--speed", "flying=3", "--time-limit", "0s", "--turnout", "0"), "options: 3 faults found"),
    ],
)
def test_bad_input_is_exit_code_3_and_nothing_is_written(
    city: Path, arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    named = [str(city) if part == "CITY" else part for part in arguments]
    done = run("plan", *named, "--out", "plan", where=tmp_path)
    assert done.returncode == 3
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_broken_scenario_file_is_exit_code_3_with_every_fault(city: Path, tmp_path: Path) -> None:
    (tmp_path / "raid.toml").write_text("time_limt_s = 600\nturnout = 'all'\n")
    done = run("plan", city, "--out", "plan", "--scenario", "raid.toml", where=tmp_path)
    assert done.returncode == 3
    assert "raid.toml: 2 faults found." in done.stderr
    assert "Did you mean 'time_limit_s'?" in done.stderr
    assert not (tmp_path / "plan").exists()


@pytest.mark.parametrize("arguments", [("--scenario", "none.toml"), ("--compare", "none")])
def test_a_file_that_is_not_there_is_exit_code_4(
    city: Path, arguments: tuple[str, ...], tmp_path: Path
) -> None:
    done = run("plan", city, "--out", "plan", *arguments, where=tmp_path)
    assert done.returncode == 4
    assert "is not there" in done.stderr


def test_each_fault_of_a_plan_to_compare_is_told_once(city: Path, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text('{"format": "takecover-plan/2"}')
    done = run("plan", city, "--out", "plan", "--compare", "plan.json", where=tmp_path)
    assert done.returncode == 3
    lines = done.stderr.splitlines()
    assert len(lines) > 5
    assert len(set(lines)) == len(lines)


def test_somebody_elses_folder_is_refused_and_left_alone(city: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    done = run("plan", city, "--out", tmp_path)
    assert done.returncode == 3
    assert "not ours to replace" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_the_package_runs_as_a_module_like_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "takecover", "plan"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Usage: python -m takecover plan" in done.stderr
    assert "Missing argument" in done.stderr


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; sys.argv = ['takecover', '--help']\n"
        "from takecover.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    heavy = {
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
    assert "plan" in done.stdout
    assert not [name for name in heavy if f"'{name}'" in done.stdout.splitlines()[-1]]


def test_a_plan_does_without_what_is_slow_to_import(city: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from takecover.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "plan", city, "--out", tmp_path / "plan"],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    loaded = done.stdout.splitlines()[-1]
    assert "'numba.np.arraymath'" in loaded
    slow = ("pandas", "geopandas", "scipy.linalg", "numpy.f2py", "sqlalchemy", "fastapi", "openpyxl")
    assert not [name for name in slow if f"'{name}'" in loaded]


def test_the_version_is_told() -> None:
    assert run("--version").stdout == "takecover 0.1.0\n"
