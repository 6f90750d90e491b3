"""The page of figures: each part lies between marks of its own and is written by what measured it, never by hand."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).parent / "README.md"


def rewrite(begin: str, end: str, text: str) -> Path:
    """Write the part of the page between two marks; the rest stays.

    Raises
    ------
    ValueError
        If the page has lost its marks.
    """
    before, found, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{PAGE.name} has lost the marks between which figures are written. Put them back.")
    PAGE.write_text(f"{before}{begin}\n\n{text}\n{end}{after}", encoding="utf-8")
    return PAGE
