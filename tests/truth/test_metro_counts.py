"""The page that sets Model Kyiv beside the counts in the Metro shows what the script gives."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from takecover import cities


def test_the_page_of_metro_counts_shows_the_table_that_the_script_prints(repository: Path) -> None:
    spec = importlib.util.spec_from_file_location("metro_counts", repository / "scripts" / "metro_counts.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    page = (repository / "docs" / "metro-counts.md").read_text(encoding="utf-8").splitlines()
    assert f"| {' | '.join(script.HEADS)} |" in page
    assert all(any(line.startswith(f"| {words} |") for line in page) for words, _ in script.SHARES)
    assert script.row(cities.make("model-kyiv-small"), *script.SHARES[0]) in page
