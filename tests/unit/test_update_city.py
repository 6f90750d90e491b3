"""Next month's register: what is new, gone and changed; doors stay, corrections win and say why, nothing is lost."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import worlds
from takecover.analysis.never_placed import GONE_REASON
from takecover.analysis.update import CHANGED, CORRECTION, FIELDS, GONE, NEW, Correction, Update
from takecover.cities import make
from takecover.cli_registers import city_app
from takecover.errors import InputError
from takecover.io import city_folder, corrections
from takecover.model import check
from takecover.model.city import City
from takecover.workflow.update_city import UpdateOrder, as_csv, update_city

TODAY = datetime.date(2026, 12, 25)


def listed(city: City, *, ids: bool = True) -> list[list[str]]:
    """The shelters of a city as rows of a register."""
    s = city.shelters
    columns = [s.names, s.kinds, s.capacity, s.lon, s.lat]
    rows = [[str(v) for v in row] for row in zip(*(c.tolist() for c in columns), strict=True)]
    return [[i, *row] for i, row in zip(s.shelter_ids.tolist(), rows, strict=True)] if ids else rows


def updated(folder: Path, rows: list[list[str]], *, ids: bool = True, apply: bool = False) -> Update:
    path = folder.parent / "next.csv"
    head = [*(["id"] if ids else []), "name", "kind", "capacity", "lon", "lat"]
    path.write_text("\n".join(";".join(row) for row in [head, *rows]) + "\n", encoding="utf-8")
    return update_city(UpdateOrder(folder, path, TODAY, is_applied=apply))[0]


@pytest.fixture
def town(tmp_path: Path) -> Path:
    city_folder.write(worlds.town(), tmp_path / "town")
    return tmp_path / "town"


def said(found: Update, what: str) -> list[tuple[str, str, str, str]]:
    return [(c.shelter_id, c.field, c.was, c.now) for c in found.changes if c.what == what]


@pytest.mark.parametrize("ids", [True, False])
def test_the_same_register_changes_nothing(town: Path, ids: bool) -> None:
    city = city_folder.read(town)
    rows = listed(city, ids=ids)
    if not ids and len({row[0] for row in rows}) < len(rows):
        pytest.skip("two shelters of this town bear one name")
    found = updated(town, rows, ids=ids)
    assert [c for c in found.changes if c.field not in ("lon", "lat")] == []
    for name in ("shelter_ids", "capacity", "kinds"):
        assert getattr(found.city.shelters, name).tolist() == getattr(city.shelters, name).tolist()
    assert (
        found.city.shelters.entrances.entrance_ids.tolist() == city.shelters.entrances.entrance_ids.tolist()
    )


def test_new_gone_and_changed_are_told_and_only_written_when_applied(town: Path) -> None:
    city = city_folder.read(town)
    rows = listed(city)
    gone, changed = rows.pop(0)[0], rows[0][0]
    was, rows[0][3] = rows[0][3], "777"
    rows.append(["N1", "New hall", "basement", "12", rows[0][4], rows[0][5]])
    found = updated(town, rows)
    assert said(found, GONE)[0][0] == gone
    assert said(found, NEW) == [("N1", "", "", "12")]
    assert (changed, "capacity", was, "777") in said(found, CHANGED)
    assert city_folder.read(town).shelters.shelter_ids.tolist() == city.shelters.shelter_ids.tolist()
    updated(town, rows, apply=True)
    after = city_folder.read(town)
    assert set(after.shelters.shelter_ids.tolist()) == set(city.shelters.shelter_ids.tolist()) - {gone} | {
        "N1"
    }
    left = [row for row in city_folder.read_unplaced(town) if row.reason == GONE_REASON]
    assert [row.row_id for row in left] == [gone]
    updated(town, rows, apply=True)
    assert [row.row_id for row in city_folder.read_unplaced(town) if row.reason == GONE_REASON] == [gone]
    assert len(city_folder.read_head(town).build["updates"]) == 2


def test_a_row_that_could_not_be_placed_before_is_no_news(town: Path) -> None:
    rows = listed(city_folder.read(town), ids=False)
    far = ["Far hall", "basement", "40", "0.0", "0.0"]
    first = updated(town, [*rows, far], ids=False, apply=True)
    assert [(c.name, c.why) for c in first.changes if c.what == NEW] == [("Far hall", "not placed")]
    assert first.waiting == 0
    again = updated(town, [far, *rows, ["Lost hall", "basement", "9", "", ""]], ids=False)
    assert [(c.name, c.why) for c in again.changes if c.what == NEW] == [("Lost hall", "not placed")]
    assert again.waiting == 1
    assert "Far hall" in [row.name for row in again.unplaced]


@pytest.mark.parametrize("ids", [True, False])
def test_a_row_that_was_never_placed_and_is_gone_is_told_and_stays_listed(town: Path, ids: bool) -> None:
    rows = listed(city_folder.read(town), ids=ids)
    own = [[f"F{i}"] if ids else [] for i in range(4)]
    far = [*own[0], "Far hall", "basement", "40", "0.0", "0.0"]
    lost = [[*own[i], "Lost hall", "basement", str(8 + i), "", ""] for i in (1, 2, 3)]
    updated(town, [*rows, far, *lost], ids=ids, apply=True)
    found = updated(town, [*rows, *lost[:2]], ids=ids, apply=True)
    told = [(c.name, c.was, c.why) for c in found.changes if c.what == GONE]
    assert told == [
        ("Far hall", "40", "had not been placed"),
        ("Lost hall", "11", "had not been placed"),
    ]
    left = {row.name: row.detail for row in city_folder.read_unplaced(town) if row.reason == GONE_REASON}
    assert left["Lost hall"] == ("is no longer in the register; was not placed before: has no position")
    assert set(left) == {"Far hall", "Lost hall"}
    again = updated(town, [*rows, *lost[:2]], ids=ids)
    assert [c for c in again.changes if c.what in (GONE, NEW)] == []


def test_a_row_whose_place_was_mended_is_new_and_not_gone(town: Path) -> None:
    rows = listed(city_folder.read(town), ids=False)
    updated(town, [*rows, ["Lost hall", "basement", "9", "", ""]], ids=False, apply=True)
    found = updated(town, [*rows, ["Lost hall", "basement", "9", rows[0][3], rows[0][4]]], ids=False)
    assert [(c.name, c.what) for c in found.changes if c.what in (GONE, NEW)] == [("Lost hall", NEW)]


def outside(town: Path) -> list[tuple[str, str, str]]:
    """What is not in the city of a town: name, id and reason."""
    return sorted((row.name, row.row_id, row.reason) for row in city_folder.read_unplaced(town))


def test_a_row_of_another_id_is_another_row_though_it_bears_the_name(town: Path) -> None:
    rows = listed(city_folder.read(town))
    updated(town, [*rows, ["F1", "Lost hall", "basement", "8", "", ""]], apply=True)
    found = updated(town, [*rows, ["F9", "Lost hall", "basement", "9", "", ""]], apply=True)
    assert said(found, GONE) == [("F1", "", "8", "")]
    assert said(found, NEW) == [("F9", "", "", "9")]
    assert found.waiting == 0
    assert outside(town) == [("Lost hall", "F1", GONE_REASON), ("Lost hall", "F9", "no_position")]


def test_a_row_of_another_id_at_the_same_place_is_the_same_row(town: Path) -> None:
    rows = listed(city_folder.read(town))
    updated(town, [*rows, ["F1", "Far hall", "basement", "8", "0.0", "0.0"]], apply=True)
    found = updated(town, [*rows, ["F9", "Far hall", "basement", "8", "0.0", "0.0"]])
    assert [c for c in found.changes if c.what in (GONE, NEW)] == []
    assert found.waiting == 1


def test_a_second_row_of_one_name_is_new_though_the_first_waits(town: Path) -> None:
    rows = listed(city_folder.read(town), ids=False)
    lost = ["Lost hall", "basement", "8", "", ""]
    updated(town, [*rows, lost], ids=False, apply=True)
    found = updated(town, [*rows, lost, lost], ids=False)
    assert [(c.name, c.why) for c in found.changes if c.what == NEW] == [("Lost hall", "not placed")]
    assert found.waiting == 1


def test_names_of_general_words_are_told_apart(town: Path) -> None:
    rows = listed(city_folder.read(town), ids=False)
    updated(town, [*rows, ["Avenue", "basement", "8", "", ""]], ids=False, apply=True)
    found = updated(town, [*rows, ["Street", "basement", "8", "", ""]], ids=False)
    assert [(c.name, c.what) for c in found.changes if c.what in (GONE, NEW)] == [
        ("Avenue", GONE),
        ("Street", NEW),
    ]


def test_a_row_that_is_gone_stays_listed_though_its_line_is_anothers_now(town: Path) -> None:
    rows = listed(city_folder.read(town), ids=False)
    one, other = (["basement", "8", "0.0", "0.0"], ["basement", "9", "", ""])
    updated(town, [*rows, ["Far hall", *one]], ids=False, apply=True)
    updated(town, rows, ids=False, apply=True)
    line = f"line-{len(rows) + 2}"
    assert outside(town) == [("Far hall", line, GONE_REASON)]
    updated(town, [*rows, ["Lost hall", *other]], ids=False, apply=True)
    assert outside(town) == [("Far hall", line, GONE_REASON), ("Lost hall", line, "no_position")]
    updated(town, [*rows, ["Lost hall", *other], ["Far hall", *one]], ids=False, apply=True)
    assert [name for name, _, reason in outside(town) if reason == GONE_REASON] == []


def test_a_row_that_is_gone_stays_listed_while_another_of_its_name_waits(town: Path) -> None:
    rows = listed(city_folder.read(town), ids=False)
    lost = ["Lost hall", "basement", "8", "", ""]
    updated(town, [*rows, lost, lost], ids=False, apply=True)
    for _ in range(3):
        updated(town, [*rows, lost], ids=False, apply=True)
        assert sorted(reason for _, _, reason in outside(town)) == [GONE_REASON, "no_position"]


def correct(town: Path, *made: Correction) -> None:
    (town / corrections.NAME).write_text(corrections.text(made), encoding="utf-8")


@pytest.mark.parametrize(
    ("register_says", "ends_with", "why", "stands"),
    [
        ("30", 120, "kept: the register says what it said then", 1),
        ("120", 120, "the register now says the same; the correction is done", 0),
        ("99", 120, "kept: the register now says 99; look", 1),
    ],
)
def test_a_correction_by_hand_wins_until_the_register_says_the_same(
    town: Path, register_says: str, ends_with: int, why: str, stands: int
) -> None:
    rows = listed(city_folder.read(town))
    shelter_id, rows[0][3] = rows[0][0], register_says
    correct(town, Correction(shelter_id, "capacity", "30", "120", "measured", "2026-11-01"))
    found = updated(town, rows, apply=True)
    assert [c.why for c in found.changes if c.what == CORRECTION] == [why]
    after = city_folder.read(town)
    assert after.shelters.capacity[after.shelters.shelter_ids == shelter_id].tolist() == [ends_with]
    assert len(corrections.read(town)) == stands


def test_a_correction_of_a_row_that_is_gone_is_kept(town: Path) -> None:
    rows = listed(city_folder.read(town))
    made = Correction(rows[0][0], "name", "x", "Hall", "seen", "2026-11-01")
    correct(town, made)
    updated(town, rows[1:], apply=True)
    assert corrections.read(town) == (made,)


def test_doors_elements_and_inspections_of_shelters_that_stay_are_kept(tmp_path: Path) -> None:
    city = check.city(make("model-kyiv-small"))
    city_folder.write(city, tmp_path / "kyiv")
    rows = listed(city)
    dropped = rows.pop(3)[0]
    rows[5][3] = "4321"
    before, after = city.shelters, updated(tmp_path / "kyiv", rows).city.shelters
    stays = np.isin(before.entrances.shelter_idx, np.flatnonzero(before.shelter_ids != dropped))
    assert after.entrances.entrance_ids.tolist() == before.entrances.entrance_ids[stays].tolist()
    assert after.entrances.locks.tolist() == before.entrances.locks[stays].tolist()
    assert after.shelter_ids.tolist() == [i for i in before.shelter_ids.tolist() if i != dropped]
    assert len(before.elements) > len(after.elements) > 0.9 * len(before.elements)
    named = dict(
        zip(
            before.shelter_ids[before.inspections.shelter_idx].tolist(),
            before.inspections.states,
            strict=True,
        )
    )
    kept = dict(
        zip(after.shelter_ids[after.inspections.shelter_idx].tolist(), after.inspections.states, strict=True)
    )
    named.pop(dropped, None)
    assert kept == named


def test_a_shelter_that_has_moved_is_placed_anew(town: Path) -> None:
    city = city_folder.read(town)
    rows = listed(city)
    rows[0][4:] = rows[1][4:]
    found = updated(town, rows)
    at = found.city.shelters.shelter_ids.tolist().index(rows[0][0])
    assert found.city.shelters.lon[at] == float(rows[1][4])
    assert len(found.city.shelters) == len(city.shelters)


def test_the_table_of_changes_runs_nothing(town: Path) -> None:
    rows = listed(city_folder.read(town))
    rows.append(["N1", "=1+1", "basement", "12", rows[0][4], rows[0][5]])
    assert "'=1+1" in as_csv(updated(town, rows).changes)


def test_a_table_of_changes_that_cannot_be_written_is_told(town: Path, tmp_path: Path) -> None:
    rows = "\n".join(";".join(row) for row in listed(city_folder.read(town)))
    (tmp_path / "next.csv").write_text(f"id;name;kind;capacity;lon;lat\n{rows}\n", encoding="utf-8")
    words = ("update", town, "--shelters", tmp_path / "next.csv", "--changes", tmp_path / "none" / "c.csv")
    before = {path.name: path.read_bytes() for path in town.iterdir() if path.is_file()}
    done = CliRunner().invoke(city_app, [str(word) for word in (*words, "--apply")])
    assert done.exit_code == 4
    told = "c.csv: cannot be written (No such file or directory). Nothing was changed. Give another file."
    assert told in done.stderr
    assert {path.name: path.read_bytes() for path in town.iterdir() if path.is_file()} == before


GOOD = ("S001", "capacity", "30", "120", "measured", "2026-11-01")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("", *GOOD[1:]), "corrects no field of a shelter"),
        ((GOOD[0], "owner", *GOOD[2:]), "Give an id and one of name, kind, capacity, lon, lat"),
        ((*GOOD[:3], "many", *GOOD[4:]), "line 2, 'capacity': 'many' is no number"),
        ((*GOOD[:3], "-5", *GOOD[4:]), "is negative"),
        ((GOOD[0], "lat", "1", "nan", *GOOD[4:]), "is no number"),
        ((GOOD[0], "lat", "1", "91", *GOOD[4:]), "is no degree"),
        ((GOOD[0], "lon", "1", "", *GOOD[4:]), "is no degree"),
        ((GOOD[0], "kind", "shelter", "tent", *GOOD[4:]), "is no kind. Give one of metro_station"),
        ((GOOD[0], "name", "x", "Hall, 063-619-36-01", *GOOD[4:]), "holds a phone or a mail address"),
    ],
)
def test_a_broken_correction_is_refused_in_words(tmp_path: Path, row: tuple[str, ...], said: str) -> None:
    (tmp_path / corrections.NAME).write_text(corrections.text([Correction(*row)]), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        corrections.read(tmp_path)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [("a,b\n1,2\n", "header: is 'a, b'. Give format, shelter_id"), ("", "")],
)
def test_a_table_of_another_form_is_refused_and_an_empty_one_is_none(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / corrections.NAME).write_text(text, encoding="utf-8")
    if not said:
        assert corrections.read(tmp_path) == ()
        return
    with pytest.raises(InputError) as caught:
        corrections.read(tmp_path)
    assert said in str(caught.value)


def test_a_newer_table_is_refused(tmp_path: Path) -> None:
    text = corrections.text([Correction(*GOOD)]).replace("corrections/1", "corrections/2")
    (tmp_path / corrections.NAME).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="format is 'takecover-corrections/2'"):
        corrections.read(tmp_path)


def test_what_a_correction_may_set_is_what_a_register_says() -> None:
    assert FIELDS == ("name", "kind", "capacity", "lon", "lat")
