"""The page on security names tests: each of them exists, and no line stands without one."""

from __future__ import annotations

import re
from pathlib import Path


def _rows(repository: Path) -> list[list[str]]:
    page = (repository / "docs/security.md").read_text(encoding="utf-8")
    table = page.split("## OWASP ASVS", 1)[1].split("**Not met", 1)[0]
    rows = [line.strip("| \n").split("|") for line in table.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in rows if not row[0].startswith(("lines", "---"))]


def test_every_line_of_the_table_names_a_test_that_exists(repository: Path) -> None:
    written = {
        name
        for path in (repository / "tests").rglob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    rows = _rows(repository)
    assert len(rows) > 25
    for lines, _, test in rows:
        assert re.search(r"\d+\.\d+\.\d+", lines), lines
        assert test.strip("`") in written, test
