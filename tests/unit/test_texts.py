"""Every word of the report exists in both languages, and numbers are written as each language writes them."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from takecover.analysis.figures import REASONS
from takecover.errors import InternalError
from takecover.report import texts

KEYS = sorted(texts.phrases())
REPORT = Path(texts.__file__).parent
FAMILIES = {
    *("noun", "unit", "parameter", "norm", "standing"),
    *("group", "kind", "period", "subject", "reason", "price"),
    *("rule", "mend", "need", "field", "weight", "row_unit", "fault"),
    *("file", "difference", "marking", "cannot", "public", "proof", "below"),
    *("threat", "curves", "overtime", "where", "fill", "doors", "warning", "guidance", "step"),
}
"""Phrases that are asked for by a name that is put together."""


def values(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


def test_each_phrase_has_words_in_every_language_and_nothing_else() -> None:
    for key, phrase in texts.phrases().items():
        assert set(phrase) == set(texts.LANGUAGES), key
        assert all(words.strip() == words and words for words in phrase.values()), key


def test_each_phrase_names_the_same_values_in_every_language() -> None:
    for key, phrase in texts.phrases().items():
        assert values(phrase["en"]) == values(phrase["uk"]), key


def test_what_is_said_in_ukrainian_is_in_ukrainian() -> None:
    for key, phrase in texts.phrases().items():
        words = re.sub(r"\{[^}]*\}", "", phrase["uk"])
        assert not re.search("[ыэъё]", words, re.IGNORECASE), key
        assert re.search("[а-яіїєґ]", words, re.IGNORECASE), key


def test_no_phrase_is_left_that_nothing_asks_for() -> None:
    sources = "".join(p.read_text(encoding="utf-8") for p in REPORT.rglob("*") if p.suffix in {".py", ".j2"})
    asked = set(re.findall(r'["\']([a-z_0-9]+(?:\.[a-z_0-9]+)+)["\']', sources))
    asked |= {f"{name}.title" for name in re.findall(r'id="([a-z]+)"', sources)}
    assert {key for key in KEYS if key not in asked and key.split(".")[0] not in FAMILIES} == set()


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_has_a_name_and_an_explanation(reason: str) -> None:
    assert f"reason.{reason}" in KEYS
    assert f"reason.{reason}.why" in KEYS


@pytest.mark.parametrize(
    ("number", "en", "uk"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1234, "1,234", "1\u202f234"),
        (-1234567, "−1,234,567", "−1\u202f234\u202f567"),
    ],
)
def test_thousands_are_set_apart(number: int, en: str, uk: str) -> None:
    assert texts.number(number, "en") == en
    assert texts.number(number, "uk") == uk


def test_a_tenth_has_the_decimal_sign_of_its_language_and_nothing_is_never_negative() -> None:
    assert texts.tenths(1234.56, "en") == "1,234.6"
    assert texts.tenths(1234.56, "uk") == "1\u202f234,6"
    assert texts.tenths(-0.01, "en") == "0.0"


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0 %"),
        (1, "100 %"),
        (0.5, "50 %"),
        (0.0625, "6.2 %"),
        (0.9512, "95.1 %"),
        (1e-9, "<0.1 %"),
        (1 - 1e-9, ">99.9 %"),
    ],
)
def test_a_share_is_never_rounded_to_nothing_or_to_all(share: float, words: str) -> None:
    assert texts.percent(share, "en").replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("seconds", "en", "uk"),
    [
        (0, "0 s", "0 с"),
        (59.4, "59 s", "59 с"),
        (60, "1 min", "1 хв"),
        (222, "3 min 42 s", "3 хв 42 с"),
        (3600, "1 h", "1 год"),
        (3725, "1 h 2 min", "1 год 2 хв"),
        (-90, "−1 min 30 s", "−1 хв 30 с"),
    ],
)
def test_a_duration_is_written_with_its_units(seconds: float, en: str, uk: str) -> None:
    assert texts.duration(seconds, "en").replace("\u00a0", " ") == en
    assert texts.duration(seconds, "uk").replace("\u00a0", " ") == uk


@pytest.mark.parametrize(
    ("word", "counts"),
    [
        ("особа", (1, 21, 101, 1_000_001)),
        ("особи", (2, 4, 22, 104, 1_000_003)),
        ("осіб", (0, 5, 11, 12, 14, 25, 111, 112, 1_000_000)),
    ],
)
def test_a_counted_noun_takes_the_form_of_its_count(word: str, counts: tuple[int, ...]) -> None:
    assert {texts.noun(count, "people", "uk") for count in counts} == {word}


def test_one_is_a_person_and_two_are_people() -> None:
    assert [texts.noun(n, "people", "en") for n in (0, 1, 2)] == ["people", "person", "people"]


def test_a_moment_is_minutes_and_seconds() -> None:
    assert [texts.clock(s, "en") for s in (0, 59.6, 125, 4000)] == ["0:00", "1:00", "2:05", "66:40"]


def test_a_band_without_an_upper_end_ends_in_a_plus() -> None:
    assert texts.band((500, 999), "en") == "500–999"
    assert texts.band((1000, None), "uk") == "1\u202f000+"
    assert texts.percents((90, 100), "en") == "90–100\u00a0%"


@given(st.text())
def test_a_value_is_text_whatever_it_holds(value: str) -> None:
    said = texts.say("shelters.unnamed", "en", id=value)
    assert Markup(said).unescape() == f"no name, id {value}" or "&" in value
    assert "<" not in str(said)


def test_a_missing_phrase_or_value_is_our_fault_and_is_named() -> None:
    with pytest.raises(InternalError, match=r"no\.such"):
        texts.say("no.such", "en")
    with pytest.raises(InternalError, match="'id'"):
        texts.say("shelters.unnamed", "en")
