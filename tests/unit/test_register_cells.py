"""Cells as clerks write them: numbers, coordinates, dates, phones, and what a spreadsheet would run."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takecover.io import register_cells as cell


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("120", 120), ("1 200", 1200), ("1\u00a0200", 1200), ("1,200", 1200), ("1.200", 1200), ("1'200", 1200),
        ("12 000 осіб", 12000), ("бл. 200", 200), ("до 50 чол.", 50), ("~80", 80), ("75.0", 75), ("300 platser", 300),
        ("1.234.567", 1234567), ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("45,5 м2", 45.5), ("60 кв.м", 60),
        ("1e3", 1000),
    ],
)  # fmt: skip
def test_amounts_are_read_as_clerks_write_them(text: str, value: float) -> None:
    assert cell.quantity(text) == value


@pytest.mark.parametrize(
    ("parse", "text", "said"),
    [
        (cell.quantity, "", "is empty"),
        (cell.quantity, "many", "is no number"),
        (cell.quantity, "-5", "is negative"),
        (cell.quantity, "nan", "is no number"),
        (cell.quantity, "inf", "is no number"),
        (cell.quantity, "=1+1", "is no number"),
        (cell.quantity, "1,2,3", "is no number"),
        (cell.quantity, "9" * 61, "is no number"),
        (cell.quantity, "1e99", "is beyond belief"),
        (cell.quantity, "120-130", "is no number"),
        (cell.places, "5.5", "is not whole"),
        (cell.places, "2000000", "is beyond belief"),
        (cell.coordinate, "north", "is no number"),
        (cell.coordinate, "nan", "is no number"),
        (cell.coordinate, "1e999", "is beyond belief"),
        (cell.coordinate, "50.45.3", "is no number"),
        (cell.date, "yesterday", "is no date"),
        (cell.date, "31.02.2026", "is no date"),
        (cell.date, "0001", "is no date"),
        (cell.date, "1697328000000", "is no date"),
    ],
)
def test_a_broken_cell_is_refused_in_words(parse: Callable[[str], Any], text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("59,85", 59.85), ("50°27'00\"N", 50.45), ("30° 31,2'", None), ("17°39′E", 17.65), ("33°52'S", -(33 + 52 / 60)),
        ("6 640 000.5", 6640000.5), ("-51.2", -51.2), ("648000", 648000.0),
    ],
)  # fmt: skip
def test_coordinates_come_in_degrees_minutes_and_metres(text: str, value: float | None) -> None:
    if value is None:
        with pytest.raises(ValueError, match="is no number"):
            cell.coordinate(text)
    else:
        assert cell.coordinate(text) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-01", (2026, 3, 1)), ("01.03.2026", (2026, 3, 1)), ("1/3/2026", (2026, 3, 1)), ("2025", (2025, 1, 1)),
        ("2026-03-01 10:00:00", (2026, 3, 1)), ("01.03.2026 р.", (2026, 3, 1)), ("", None),
    ],
)  # fmt: skip
def test_dates_are_read_with_the_day_first(text: str, day: tuple[int, int, int] | None) -> None:
    assert cell.date(text) == (None if day is None else datetime.date(*day))


@pytest.mark.parametrize(
    "text",
    [
        "+380 44 123 45 67",
        "063-619-36-01",
        " (096) 4177503",
        "290-90-70",
        "044 123-45-67",
        "a.b@c.ua",
        "08-123 456 78",
    ],
)
def test_phones_and_mail_addresses_are_seen_and_taken_out(text: str) -> None:
    assert cell.has_contact(f"School, {text}")
    assert cell.without_contact(f"School, {text}") in ("School", "School, (")


@pytest.mark.parametrize(
    "text",
    [
        "вул. Нова, 12-14",
        "01001 Київ",
        "121663-3",
        "2023-02-15",
        "Storgatan 26-32",
        "30.5241361",
        "№ 100-200-300",
    ],
)
def test_addresses_ids_and_dates_are_not_taken_for_phones(text: str) -> None:
    assert not cell.has_contact(text)


@pytest.mark.parametrize(
    "text", ["=1+1", "=HYPERLINK(1)", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1", " =1", "+380"]
)
def test_what_a_spreadsheet_would_run_is_disarmed(text: str) -> None:
    assert cell.is_formula(text)
    assert cell.disarmed(text) == "'" + text


@pytest.mark.parametrize("text", ["-5", "-5.5", "", "-", "a=b", "вул. -", "5", "—"])
def test_what_it_would_not_run_is_left_alone(text: str) -> None:
    assert cell.disarmed(text) == text


@given(st.text(max_size=40))
def test_any_cell_is_read_or_refused_and_disarmed_once(text: str) -> None:
    for parse in (cell.quantity, cell.places, cell.coordinate, cell.date):
        with suppress(ValueError):
            parse(text)
    assert not cell.is_formula(cell.disarmed(text))
    assert len(cell.without_contact(text)) <= 40


@given(st.integers(0, 999_999))
def test_grouped_thousands_are_the_same_number(number: int) -> None:
    for mark in (" ", ",", "\u202f", "'"):
        assert cell.places(f"{number:,}".replace(",", mark)) == number
