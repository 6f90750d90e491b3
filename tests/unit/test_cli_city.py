"""``takecover city``: what a person sees, and the exit codes."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
import rich.console
import rich.progress
import typer
from typer.testing import CliRunner, Result

from takecover import cli_errors, cli_progress
from takecover.cities import toys
from takecover.cli_city import city_app
from takecover.cli_progress import shown_progress
from takecover.errors import InputError, InternalError, SourceError, StoreError
from takecover.io import city_folder
from takecover.model import check

STREETS = {
    "elements": [
        *({"type": "node", "id": k, "lon": 17.65 + k / 1000, "lat": 59.85} for k in range(4)),
        {"type": "way", "id": 9, "nodes": [0, 1, 2, 3], "tags": {"highway": "residential"}},
    ]
}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "streets.json").write_text(json.dumps(STREETS))
    (tmp_path / "shelters.csv").write_text(
        "id,places,lat,lon\na,10,17.651,59.85\nb,20,17.652,59.85\nc,5,18,60\n"
    )
    (tmp_path / "people.csv").write_text("lon,lat,residents\n17.651,59.85,30\n")
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(city_app, [str(argument) for argument in arguments])


def build(files: Path, *more: object, people: object = 100, shelters: str = "shelters.csv") -> Result:
    sources = ("--streets", files / "streets.json", "--shelters", files / shelters, "--people", people)
    return run("build", "toy", *sources, "--out", files / "out", *more)


def test_a_city_is_built_and_what_is_wrong_is_said(files: Path) -> None:
    result = build(files)
    assert result.exit_code == 0, result.output
    assert "Shelters  2 of 3 in the list, 30 places" in result.stdout
    assert "100 by night" in result.stdout
    assert "latitude and longitude are swapped" in result.stdout
    assert "© OpenStreetMap contributors" in result.stdout
    document = json.loads((files / "out" / "city.json").read_text(encoding="utf-8"))
    assert document["build"]["is_swapped"] is True
    assert document["build"]["counts"]["shelters_outside_area"] == 1
    assert document["title_uk"] == "Toy"


def test_the_check_of_a_build_names_the_sources_in_words_and_as_data(files: Path) -> None:
    build(files)
    page = (files / "out-check" / "report.html").read_text(encoding="utf-8")
    record = json.loads((files / "out-check" / "check.json").read_text(encoding="utf-8"))
    assert record["attributions"] == ["© OpenStreetMap contributors"]
    licences = {source["subject"]: source["licence"] for source in record["sources"]}
    assert licences == {"streets": "ODbL 1.0", "shelters": "not stated", "people": "not stated"}
    assert "<td>ODbL 1.0</td>" in page
    assert page.count("© OpenStreetMap contributors") >= 2


def test_shelters_of_a_map_are_no_list_to_send_back(files: Path) -> None:
    tags = {"military": "bunker", "bunker_type": "bomb_shelter", "capacity": "30"}
    bunker = {"type": "node", "id": 50, "lon": 17.651, "lat": 59.85, "tags": tags}
    (files / "streets.json").write_text(json.dumps({"elements": [*STREETS["elements"], bunker]}))
    result = build(files, shelters="streets.json")
    assert result.exit_code == 0, result.output
    assert "Shelters  1 of 1 in the list, 30 places" in result.stdout
    assert "row by row" not in result.stdout
    assert not (files / "out-check").exists()


def test_people_come_from_a_file_and_titles_from_the_person(files: Path) -> None:
    result = build(
        files, "--title", "Toy town", "--title-uk", "Містечко", people=f"{files / 'people.csv'}:residents"
    )
    assert result.exit_code == 0, result.output
    city = city_folder.read(files / "out")
    assert (city.title, city.title_uk, int(city.demand.people.sum())) == ("Toy town", "Містечко", 30)


def area(zone_id: str, west: float, east: float, **more: object) -> dict[str, object]:
    """A strip of the toy town."""
    ring = [[west, 59.8495], [east, 59.8495], [east, 59.8505], [west, 59.8505], [west, 59.8495]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"id": zone_id, **more}, "geometry": shape}


AREAS = {
    "type": "FeatureCollection",
    "features": [
        area("w", 17.6495, 17.6515, name="West", people=40, age_0_14=10, age_15_up=30),
        area("e", 17.6515, 17.6535, name="East", people=20, age_0_14=0, age_15_up=20),
    ],
}


def test_areas_give_people_with_ages_and_districts(files: Path) -> None:
    (files / "areas.geojson").write_text(json.dumps(AREAS), encoding="utf-8")
    areas = files / "areas.geojson"
    result = build(files, "--districts", areas, people=areas)
    assert result.exit_code == 0, result.output
    assert "Districts 2" in result.stdout
    assert "Ages      10 under 15, 50 from 15 to 64, 0 from 65" in result.stdout
    city = city_folder.read(files / "out")
    assert city.ages is not None
    assert (city.ages.people.sum(axis=1) == city.demand.people[0].sum(axis=1)).all()
    assert city.zones.names.tolist() == ["East", "West"]
    assert city.zones.zone_ids[city.demand.zone_idx[0]] == ("w" if city.demand.lon[0] < 17.6515 else "e")
    assert (city.shelters.zone_idx >= 0).all()
    assert {"people", "districts"} <= {source.subject for source in city.sources}
    assert any("known by area" in notice for notice in city.notices)
    assert "Ages" in run("info", files / "out").stdout


def test_night_and_day_are_two_periods_of_one_city(files: Path) -> None:
    (files / "people.csv").write_text("id,lon,lat,home,work\na,17.651,59.85,30,0\nb,17.652,59.85,5,50\n")
    path = files / "people.csv"
    result = build(files, "--people", f"day={path}:work", people=f"night={path}:home")
    assert result.exit_code == 0, result.output
    assert "35 by night at 2 origins" in result.stdout
    assert "50 by day at 2 origins" in result.stdout
    city = city_folder.read(files / "out")
    assert city.demand.periods == ("night", "day")
    at = [city.demand.origin_ids.tolist().index(name) for name in ("a", "b")]
    assert city.demand.people.sum(axis=2)[:, at].tolist() == [[30, 5], [0, 50]]


def test_a_column_of_logarithms_is_asked_about(files: Path) -> None:
    rows = "\n".join(f"17.65{k},59.85,{1.5 + k / 10}" for k in range(10))
    (files / "people.csv").write_text(f"lon,lat,people\n{rows}\n")
    asked = build(files, people=files / "people.csv")
    assert asked.exit_code == 3
    assert "Say which: --people-log10, --people-ln or --people-plain" in asked.stderr
    told = build(files, "--people-log10", people=files / "people.csv")
    assert told.exit_code == 0, told.output
    assert "read as log10 of people, as told" in told.stdout
    both = build(files, "--people-log10", "--people-ln", people=files / "people.csv")
    assert both.exit_code == 3
    assert "--people-log10 and --people-ln exclude each other" in both.stderr


def test_info_checks_and_shows_a_city(files: Path) -> None:
    build(files)
    result = run("info", files / "out")
    assert result.exit_code == 0, result.output
    assert "every rule is kept" in result.stdout
    assert "streets: OpenStreetMap, ODbL 1.0" in result.stdout
    assert "What was found when it was built" in result.stdout


def test_info_knows_a_city_without_a_build(tmp_path: Path) -> None:
    city_folder.write(check.city(toys.grid(2, 1, shelters=[toys.Cover((0,), 3)])), tmp_path / "toy")
    result = run("info", tmp_path / "toy")
    assert result.exit_code == 0, result.output
    assert "Toy grid (toy-grid): every rule is kept" in result.stdout
    assert "Districts 1" in result.stdout


def test_a_made_city_is_written_and_read(tmp_path: Path) -> None:
    result = run("make", "model-kyiv-small", "--out", tmp_path / "kyiv")
    assert result.exit_code == 0, result.output
    assert "What every output will say" in result.stdout
    assert city_folder.read(tmp_path / "kyiv").is_modelled


def test_the_person_has_the_last_word_on_swapping(files: Path) -> None:
    result = build(files, "--no-swap-lat-lon")
    assert result.exit_code == 3
    assert "build with --swap-lat-lon" in result.stderr


def test_faults_of_all_files_are_named_at_once_and_nothing_is_written(files: Path) -> None:
    (files / "streets.json").write_text("{}")
    (files / "bad.csv").write_text("id,places,lat,lon\na,x,59,17\nb,1,y,17\n")
    result = build(files, people=0, shelters="bad.csv")
    assert result.exit_code == 3
    assert "city toy: 4 faults found." in result.stderr
    assert "has no list 'elements'" in result.stderr
    assert "bad.csv: line 2, places: 'x' is no number" in result.stderr
    assert "bad.csv: line 3, lat: 'y' is no number" in result.stderr
    assert "0 is no number of people" in result.stderr
    assert "Traceback" not in result.output
    assert not (files / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--snap-limit-m", "0"), 3, "--snap-limit-m: 0 m is out of range"),
        (("--snap-limit-m", "nan"), 3, "--snap-limit-m: nan m is out of range"),
        (("--snap-limit-m", "wide"), 2, "Error"),
        (("--unknown",), 2, "Error"),
    ],
)
def test_wrong_options_have_their_exit_codes(
    files: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    result = build(files, *arguments)
    assert result.exit_code == code
    assert said in result.stderr


def test_streets_without_a_way_on_foot_are_told_with_the_faults_of_the_other_files(files: Path) -> None:
    (files / "streets.json").write_text(json.dumps({"elements": STREETS["elements"][:4]}))
    result = build(files, people=0)
    assert result.exit_code == 3
    assert "no walkable street found" in result.stderr
    assert "0 is no number of people" in result.stderr
    assert not (files / "out").exists()


def test_a_file_that_is_not_there_is_exit_code_4(files: Path) -> None:
    result = build(files, shelters="none.csv")
    assert result.exit_code == 4
    assert "none.csv: is not there" in result.stderr


def test_a_folder_that_is_not_ours_is_left_alone(files: Path) -> None:
    (files / "out").mkdir()
    (files / "out" / "thesis.txt").write_text("years of work")
    assert build(files).exit_code == 3
    assert [path.name for path in (files / "out").iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("command", [("info", "nowhere"), ("make", "nowhere", "--out", "nowhere")])
def test_a_city_that_is_nowhere_is_refused_with_those_that_are(command: tuple[str, ...]) -> None:
    result = run(*command)
    assert result.exit_code == 3
    assert "Give a folder or one of model-kyiv-small" in result.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError("a"), 3),
        (SourceError("a"), 4),
        (StoreError("a"), 1),
        (InternalError("a"), 1),
        (RuntimeError("a"), 1),
        (MemoryError(), 1),
    ],
)
def test_each_kind_of_error_has_its_exit_code(
    error: Exception, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as caught, cli_errors.reported():
        raise error
    assert caught.value.exit_code == code
    assert capsys.readouterr().err.startswith("error: ")


def test_an_unforeseen_error_shows_its_traceback_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cli_errors.DEBUG, "1")
    with pytest.raises(RuntimeError), cli_errors.reported():
        raise RuntimeError("a")


def test_an_error_cannot_write_to_the_terminal_what_it_likes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), cli_errors.reported():
        raise InputError("\n".join(["\x1b[2Jred", *("line" for _ in range(100))]))
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert said.endswith("... and 41 more.\n")


def test_an_exit_passes_through() -> None:
    with pytest.raises(typer.Exit) as caught, cli_errors.reported():
        raise typer.Exit(2)
    assert caught.value.exit_code == 2


def test_progress_is_silent_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with shown_progress() as tell:
        tell("reading", 0.5)
    assert capsys.readouterr().err == ""


def test_the_bar_appears_within_a_long_first_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rich.console.Console, "is_terminal", True)
    monkeypatch.setattr(cli_progress, "SHOWN_AFTER_S", 0.2)
    shown = threading.Event()
    monkeypatch.setattr(rich.progress.Progress, "start", lambda bar: shown.set())
    with shown_progress() as tell:
        tell("reading", 0.0)
        assert shown.wait(10)


def test_a_short_job_shows_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rich.console.Console, "is_terminal", True)
    monkeypatch.setattr(cli_progress, "SHOWN_AFTER_S", 3600.0)
    shown = threading.Event()
    monkeypatch.setattr(rich.progress.Progress, "start", lambda bar: shown.set())
    with shown_progress() as tell:
        tell("reading", 0.0)
    assert not shown.is_set()
