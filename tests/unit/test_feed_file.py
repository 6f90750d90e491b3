"""The file of feeds: what it may say, and every fault of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from takecover.errors import InputError, SourceError
from takecover.io import feed_file

GOOD = """
[[feed]]
kind = "alerts_in_ua"
id = "in-ua"
address = "https://alerts.example.org/v1/alerts/active.json"
token_file = "token"
[feed.regions]
31 = ["city"]

[[feed]]
kind = "folder"
id = "drop"
address = "alerts"
period_s = 5
is_exercise = true
token_env = "DROP_TOKEN"
"""


def _read(tmp_path: Path, text: str) -> tuple[feed_file.FeedSpec, ...]:
    path = tmp_path / "feeds.toml"
    path.write_text(text)
    return feed_file.read(path, {"DROP_TOKEN": "two"})


def test_feeds_are_read_with_their_tokens_from_a_file_and_from_the_environment(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("one\n")
    first, second = _read(tmp_path, GOOD)
    assert (first.source, first.token, first.period_s) == ("feed:in-ua", "one", 10.0)
    assert first.regions == {"31": ("city",)}
    assert (second.kind, second.token, second.period_s, second.is_exercise) == ("folder", "two", 5.0, True)
    assert "one" not in repr(first)


def test_a_file_without_feeds_names_none(tmp_path: Path) -> None:
    assert _read(tmp_path, "") == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "folder"', 'kind = "pigeon"', "feed 2.kind: 'pigeon' is not allowed"),
        ('kind = "folder"\n', "", "feed 2.kind: is missing"),
        ('id = "drop"', 'id = "in-ua"', "'in-ua' is given to several feeds"),
        ('id = "drop"', 'id = "a b"', "feed 2.id: 'a b' is not allowed"),
        ("period_s = 5", "period_s = 0", "seconds from 1 to 3600"),
        ("period_s = 5", "period_s = true", "feed 2.period_s: 'True' is not allowed"),
        ("is_exercise = true", 'is_exercise = "yes"', "true or false"),
        ("is_exercise = true", "colour = 3", "feed 2.colour: is unknown"),
        ("period_s = 5", "period_s = 1e999", "seconds from 1 to 3600"),
        (
            "period_s = 5",
            f"period_s = 0x{'f' * 9000}",
            "feed.period_s: is a whole number of more than 64 bits",
        ),
        ("period_s = 5", f"period_s = {'9' * 5000}", "is no TOML"),
        ("period_s = 5", f"period_s = {'[' * 9000}", "is nested too deeply"),
        ("DROP_TOKEN", "NO_TOKEN", "'NO_TOKEN' is not in the environment"),
        ('"https://alerts', '"ftp://alerts', "feed 1.address"),
        ('["city"]', "[]", "feed 1.regions.31: is no list of areas"),
        ('[[feed]]\nkind = "alerts', '[other]\n[[feed]]\nkind = "alerts', "'other' is unknown"),
    ],
)
def test_every_fault_is_told_by_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    (tmp_path / "token").write_text("one")
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        _read(tmp_path, GOOD.replace(old, new, 1))
    assert message in str(caught.value)


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        _read(tmp_path, GOOD)
    assert len(caught.value.faults) == 1
    with pytest.raises(InputError) as caught:
        _read(tmp_path, GOOD.replace('"drop"', '""').replace("period_s = 5", "period_s = 9999"))
    assert len(caught.value.faults) == 3


@pytest.mark.parametrize("text", ["[[feed", "\ufeff[[feed]]", "feed = 3", "feed = [3]"])
def test_what_is_no_file_of_feeds_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError):
        _read(tmp_path, text)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not there"):
        feed_file.read(tmp_path / "none.toml", {})
