"""The commands on the samples in docs/howto-build-a-city.md, run as they are written."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from takecover.cli import app

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs" / "howto-build-a-city.md").read_text(encoding="utf-8")
SAMPLES = PAGE.split("## The samples", 1)[1]
COMMANDS = [
    shlex.split(line)
    for block in re.findall(r"```sh\n(.*?)```", SAMPLES, re.DOTALL)
    for line in block.replace("\\\n", " ").splitlines()
]
ROWS = {
    "kyiv-check": (4382, 923, 2949, 81),
    "negev-check": (439, 154, 58, 42),
    "norway-check": (316, 27, 34, 0),
    "uppsala-list-check": (8000, 293, 166, 7),
}
"""Rows, and those with something wrong, doubtful, or not stated, as the table of the page has them."""


def test_every_sample_has_one_command() -> None:
    outs = [command[command.index("--out") + 1].removeprefix("build/") for command in COMMANDS]
    assert outs == ["uppsala", "porto-alegre", "venice", "porto", *ROWS]
    table = SAMPLES.split("| list | rows |", 1)[1]
    for row in ROWS.values():
        assert " | ".join(f"{count:,}" for count in row) in table


def test_every_file_that_a_command_names_is_there(shared_data: Path) -> None:
    named = [Path(word) for command in COMMANDS for word in command if word.startswith(("DATA/", "docs/"))]
    assert len(named) == 21
    for path in named:
        real = shared_data / path.relative_to("DATA") if path.parts[0] == "DATA" else REPOSITORY / path
        assert real.is_file(), path


@pytest.mark.parametrize(
    "command", COMMANDS, ids=[command[-1].removeprefix("build/") for command in COMMANDS]
)
def test_a_command_works_as_it_is_written(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "DATA").symlink_to(shared_data)
    (tmp_path / "docs").symlink_to(REPOSITORY / "docs")
    result = CliRunner().invoke(app, command[1:])
    assert result.exit_code == 0, result.output
    name = command[-1].removeprefix("build/")
    if name in ROWS:
        rows, wrong, doubtful, gap = ROWS[name]
        assert f"Checked {rows:,} rows" in result.stdout
        assert f"{wrong:,} with something wrong, {doubtful:,} doubtful, {gap:,} with a gap" in result.stdout
    assert (tmp_path / command[-1]).is_dir()
