"""The packaged exercise night: its true times, its order, and that it is an exercise through and through."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from served import Served, run
from takecover.errors import StoreError
from takecover.model.city import City
from takecover.model.event import Draft
from takecover.model.event_payloads import IncidentReported, PeopleCounted, ShelterReported
from takecover.workflow.live.night import Player, night_for
from takecover.workflow.load_city import load_city


@pytest.fixture(scope="module")
def city() -> City:
    """Model Kyiv, small."""
    return load_city("model-kyiv-small")


def test_the_alert_has_the_times_of_the_official_history(city: City) -> None:
    night = night_for(city)
    assert f"{night.span.started_at:%H:%M:%S} {night.span.finished_at:%H:%M:%S}" == "02:06:11 04:46:50"
    assert (night.alert_s, night.all_clear_s) == (71.0, 9710.0)


def test_stations_open_after_the_siren_and_hold_no_more_than_a_fifth_of_their_places(city: City) -> None:
    night, table = night_for(city), city.shelters
    places = dict(zip(map(str, table.shelter_ids), table.capacity.tolist(), strict=True))
    stations = {str(i) for i in table.shelter_ids[table.kinds == "metro_station"]}
    opened = [
        said
        for said in night.said
        if isinstance(said.payload, ShelterReported) and said.payload.shelter_id in stations
    ]
    assert {said.payload.shelter_id for said in opened} == stations
    assert all(night.alert_s < said.at_s < night.all_clear_s for said in opened)
    counts = [said.payload for said in night.said if isinstance(said.payload, PeopleCounted)]
    at_stations = [count for count in counts if count.shelter_id in stations]
    assert all(count.people <= 0.2 * places[count.shelter_id] for count in at_stations)
    most = {name: max(c.people for c in at_stations if c.shelter_id == name) for name in stations}
    assert 5_000 < sum(most.values()) < 15_000


def test_everything_is_said_within_the_night_and_of_places_that_the_city_has(city: City) -> None:
    night, known = night_for(city), set(map(str, city.shelters.shelter_ids))
    assert [said.at_s for said in night.said] == sorted(said.at_s for said in night.said)
    assert all(0 < said.at_s < night.ends_s for said in night.said)
    for said in night.said:
        if not isinstance(said.payload, IncidentReported):
            assert said.payload.shelter_id in known
            assert said.source == f"warden:{said.payload.shelter_id}"
    incidents = [s.payload.status for s in night.said if isinstance(s.payload, IncidentReported)]
    assert incidents == ["reported", "searching", "closed"]


def test_a_city_without_such_places_has_the_alert_alone_and_it_ends(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        words: list[set[str]] = []

        async def sleep(seconds: float) -> None:
            words.append({area["word"] for area in (await served.state())["areas"]})
            served.clock.turn(seconds)

        night = night_for(served.live.city)
        await asyncio.wait_for(Player(served.live, night, 20.0, sleep).play(), 20)
        state = await served.state()
        assert words[0] == {"unknown"}
        assert {"on"} in words
        assert {"unknown"} not in words[1:]
        assert {area["word"] for area in state["areas"]} == {"none"}
        assert state["is_exercise"] is True

    run(body, tmp_path, is_exercise=True)


def test_what_cannot_be_recorded_is_left_out_and_the_night_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def body(served: Served) -> None:
        refused = 0
        record_all = served.live.record_all

        async def fails_at_first(*drafts: Draft) -> object:
            nonlocal refused
            refused += 1
            if refused <= 2:
                raise StoreError("The disk is full.")
            return await record_all(*drafts)

        async def sleep(seconds: float) -> None:
            served.clock.turn(seconds)

        monkeypatch.setattr(served.live, "record_all", fails_at_first)
        await Player(served.live, night_for(served.live.city), 20.0, sleep).play()
        assert refused > 2
        assert caplog.messages == ["left out of the exercise night: The disk is full."] * 2
        assert {area["word"] for area in (await served.state())["areas"]} == {"none"}

    run(body, tmp_path, is_exercise=True)
