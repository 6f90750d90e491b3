"""The terminal shows the first kinds of remark and counts the others in good English."""

import pytest

from takecover.cli_registers import SHOWN, shown_kinds


@pytest.mark.parametrize(
    ("beyond", "last"),
    [(0, "x"), (1, "and 1 kind more, in the report"), (2, "and 2 kinds more, in the report")],
)
def test_kinds_beyond_those_shown_are_counted(beyond: int, last: str) -> None:
    shown = shown_kinds(["x"] * (SHOWN + beyond))
    assert shown[-1] == last
    assert len(shown) == SHOWN + min(beyond, 1)
