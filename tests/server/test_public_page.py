"""The public page: whole without a script, in two languages, and silent about what is withheld."""

from __future__ import annotations

from pathlib import Path

import pytest

from served import BEARER, Served, cap_message, run
from takecover.model.event_payloads import ShelterReported
from takecover.server import built, pages


def test_the_page_says_what_is_on_in_the_readers_language_and_turns_with_the_state(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        english = await served.client.get("/", headers={"Accept-Language": "en-GB"})
        assert "It is not known whether there is an alert" in english.text
        assert "Unknown is not an all-clear" in english.text
        headers = {**BEARER, "Content-Type": "application/cap+xml"}
        await served.client.post("/api/v1/alerts", content=cap_message(), headers=headers)
        ukrainian = await served.client.get("/")
        assert 'lang="uk"' in ukrainian.text
        assert "Повітряна тривога" in ukrainian.text
        assert "Air raid alert" in (await served.client.get("/?lang=en")).text
        assert "© OpenStreetMap contributors" in ukrainian.text
        assert "EXERCISE" not in english.text

    run(body, tmp_path)


def test_a_shelter_is_listed_by_name_and_a_withheld_one_is_nowhere(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        city = served.live.city.shelters
        shown, withheld = (
            str(city.shelter_ids[city.is_withheld == is_withheld][0]) for is_withheld in (False, True)
        )
        before = (await served.client.get("/?lang=en")).text
        await served.said(ShelterReported(withheld, "shut"), "e-1", f"warden:{withheld}")
        assert (await served.client.get("/?lang=en")).text == before
        await served.said(ShelterReported(shown, "shut"), "e-2", f"warden:{shown}")
        after = (await served.client.get("/?lang=en")).text
        assert f'data-shelter="{shown}"' in after
        assert '<span class="band shut">Shut</span>' in after
        assert withheld not in after

    run(body, tmp_path)


def test_an_exercise_says_so_on_the_page_and_in_its_title(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        page = (await served.client.get("/?lang=en")).text
        assert page.count("EXERCISE · nothing here is real") == 2
        assert "НАВЧАННЯ" in (await served.client.get("/?lang=uk")).text

    run(body, tmp_path, is_exercise=True)


def test_without_built_scripts_the_page_is_whole_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(built, "entries", dict)
    monkeypatch.setattr(built, "files", dict)
    pages.static_files.cache_clear()
    pages._addresses.cache_clear()

    async def body(served: Served) -> None:
        page = (await served.client.get("/?lang=en")).text
        assert "installed without the scripts of its pages" in page
        assert "<script" not in page
        assert "It is not known whether there is an alert" in page
        worker = await served.client.get("/w/worker.js")
        assert (worker.status_code, "make web" in worker.text) == (404, True)

    try:
        run(body, tmp_path)
    finally:
        pages.static_files.cache_clear()
        pages._addresses.cache_clear()
