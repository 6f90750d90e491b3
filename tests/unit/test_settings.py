"""Settings: from the environment or from files, and no secret ever shows itself."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from takecover import settings
from takecover.errors import InputError, SourceError
from takecover.store.opening import place_of

ADDRESS = "postgresql://duty:geheim@db.example/raid"


def test_the_address_comes_from_the_environment_a_file_or_is_a_file_here(tmp_path: Path) -> None:
    path = tmp_path / "address"
    path.write_text(f"{ADDRESS}\n", encoding="utf-8")
    assert settings.read({"TAKECOVER_JOURNAL": ADDRESS}).journal.reveal() == ADDRESS
    assert settings.read({"TAKECOVER_JOURNAL_FILE": str(path)}).journal.reveal() == ADDRESS
    assert settings.read({}).journal.reveal() == "takecover-journal.sqlite"


def test_a_secret_shows_itself_in_no_message_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    found = settings.read({"TAKECOVER_JOURNAL": ADDRESS})
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("test").info("%s %r %s", found, found.journal, {"journal": found.journal})
    assert "geheim" not in caplog.text + f"{found}{found!r}{found.journal}{vars(found)}"
    assert settings.Secret("a") == settings.Secret("a") != settings.Secret("b")
    assert len({settings.Secret("a"), settings.Secret("a")}) == 1


def test_no_name_of_a_place_holds_its_password() -> None:
    place = place_of(ADDRESS, 1)
    assert "geheim" not in place.name
    assert "db.example/raid" in place.name
    place.close()


def test_what_contradicts_itself_is_empty_or_unreadable_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="are both set"):
        settings.read({"TAKECOVER_JOURNAL": ADDRESS, "TAKECOVER_JOURNAL_FILE": "x"})
    with pytest.raises(InputError, match="TAKECOVER_JOURNAL: is empty"):
        settings.read({"TAKECOVER_JOURNAL": " "})
    with pytest.raises(SourceError, match="cannot be read"):
        settings.read({"TAKECOVER_JOURNAL_FILE": str(tmp_path / "none")})
