"""A scenario file is read whole, and every fault in it is told at once."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import worlds
from takecover import cities
from takecover.errors import InputError, SourceError
from takecover.io import scenario_file
from takecover.workflow.scenario import default

CITY = worlds.row()


def read(tmp_path: Path, text: str | bytes) -> worlds.Scenario:
    path = tmp_path / "raid.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return scenario_file.read(path, CITY, worlds.SCENARIO)


def test_an_empty_file_is_the_default_scenario(tmp_path: Path) -> None:
    assert read(tmp_path, "") == worlds.SCENARIO


def test_a_file_as_windows_writes_it_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, b"\xef\xbb\xbfseed = 7\r\nturnout = 0.3\r\n")
    assert (found.seed, found.turnout) == (7, 0.3)


def test_every_key_is_read(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
        name = "Ballistic, at night"
        dated = "2026-01-31"
        period = "night"
        time_limit_s = 300
        compare_limits_s = [60, 300]
        turnout = 0.3
        speed_m_s = { walking = 1, step_free = 0.7 }
        steps_speed_factor = 0.4
        closed_shelter_ids = ["S001"]
        norm_profile = "finland"
        seed = 7
        """,
    )
    assert found == worlds.Scenario(
        name="Ballistic, at night",
        dated="2026-01-31",
        period="night",
        time_limit_s=300,
        compare_limits_s=(60, 300),
        turnout=0.3,
        speed_m_s={"walking": 1.0, "step_free": 0.7},
        steps_speed_factor=0.4,
        closed_shelter_ids=("S001",),
        norm_profile="finland",
        seed=7,
    )


def test_one_speed_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    assert read(tmp_path, "speed_m_s = { walking = 2 }").speed_m_s == {"walking": 2.0, "step_free": 0.5}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("time_limits_s = 600", "'time_limits_s' is no key of a scenario. Did you mean 'time_limit_s'?"),
        ("zzz = 1", "Give one of: name, dated, period"),
        ("time_limit_s = '10min'", "time_limit_s: '10min' is not a whole number"),
        ("time_limit_s = true", "time_limit_s: True is not a whole number"),
        ("time_limit_s = 0", "scenario.time_limit_s: 0 s is out of range"),
        ("compare_limits_s = [240, 'x']", "is not a list of whole seconds"),
        ("compare_limits_s = [600, 240]", "do not ascend"),
        ("compare_limits_s = []", "compare_limits_s: is empty"),
        ("turnout = 'all'", "turnout: 'all' is not a number"),
        ("turnout = 1.5", "scenario.turnout: 1.5 is no share"),
        ("turnout = nan", "scenario.turnout: nan is no share"),
        ("speed_m_s = 1.2", "speed_m_s: 1.2 is not a table of speeds"),
        ("speed_m_s = { walking = 99 }", "99.0 for group 'walking' is no speed of a person"),
        ("speed_m_s = { walkng = 1 }", "toy-grid has no group 'walkng'. Give one of: walking, step_free"),
        ("steps_speed_factor = 0", "scenario.steps_speed_factor: 0 is no share"),
        ("closed_shelter_ids = ['S999']", "'S999' is no shelter of toy-grid"),
        ("closed_shelter_ids = [1]", "is not a list of ids"),
        ("period = 'noon'", "'noon' is unknown in toy-grid"),
        ("name = ''", "scenario.name: is empty"),
        ("dated = 'May'", "scenario.dated: 'May' is no date"),
        ("dated = 2026-11-24", 'is not a date as text, such as "2026-11-24"'),
        ("norm_profile = 'utopia'", "norm_profile: 'utopia' is unknown"),
        ("seed = -1", "scenario.seed: -1 is no seed"),
        ("a = ", "is no TOML"),
        (b"\xff", "is not UTF-8 text"),
        ("a = " + "[" * 5000 + "]" * 5000, "is nested too deeply. Write it as: time_limit_s = 600"),
        ("seed = " + "9" * 5000, "is no TOML: Exceeds the limit"),
        ("turnout = " + "9" * 400, "turnout: is a whole number of more than 64 bits"),
        ("period = 0x" + "f" * 9000, "period: is a whole number of more than 64 bits"),
        ("speed_m_s = { walking = " + "9" * 400 + " }", "speed_m_s.walking: is a whole number of more than"),
        ("compare_limits_s = [1, " + "9" * 20 + "]", "compare_limits_s: is a whole number of more than 64"),
    ],
)
def test_each_fault_is_told_with_its_remedy(tmp_path: Path, text: str | bytes, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert words in str(caught.value)
    assert "raid.toml" in str(caught.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(
            tmp_path, "turn_out = 1\nseed = 'x'\ntime_limit_s = -5\nperiod = 'noon'\nnorm_profile = 'utopia'"
        )
    assert len(caught.value.faults) == 5
    assert str(caught.value).startswith(f"{tmp_path / 'raid.toml'}: 5 faults found.")


def test_a_missing_file_is_a_source_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none\.toml: is not there"):
        scenario_file.read(tmp_path / "none.toml", CITY, worlds.SCENARIO)


def test_the_example_in_the_docs_holds_every_key_and_fits_its_city(repository: Path, tmp_path: Path) -> None:
    text = (repository / "docs" / "howto-plan-a-city.md").read_text(encoding="utf-8")
    example = text.split("```toml\n")[1].split("```")[0]
    (tmp_path / "raid.toml").write_text(example, encoding="utf-8")
    city = cities.make("model-kyiv-small")
    found = scenario_file.read(tmp_path / "raid.toml", city, default(city, "2026-11-24"))
    assert set(tomllib.loads(example)) == set(scenario_file.KEYS)
    assert found.closed_shelter_ids == ("M-Arsenalna",)
    assert found.speed_m_s == {"walking": 1.0, "step_free": 0.6, "children": 0.84, "older": 0.97}
    assert found.group_shares_by_zone == {"DAR": {"children": 0.2}}
