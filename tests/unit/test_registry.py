"""Lists of shelters: known columns are read, others never; every broken row is named with its line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from takecover.analysis.parsed import NO, UNKNOWN, YES, ParsedShelters
from takecover.analysis.register import DERIVED, GIVEN, UNSAID
from takecover.errors import InputError, SourceError
from takecover.io import csv_table, registry

SWEDISH = "id,skyddsrumsnr,gatuadress,kommunnamn,antalplatser,latitude,longitude\n"
ENGLISH = "shelter_id,name,kind,capacity,lat,lon,step_free,withheld\n"


def file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    target = path / "list.csv"
    target.write_bytes(text.encode(encoding))
    return target


def shelters(path: Path) -> ParsedShelters:
    return registry.read(path).shelters


def test_the_swedish_list_is_read_by_its_own_names(tmp_path: Path) -> None:
    rows = shelters(file(tmp_path, SWEDISH + "8,121-3,Storgatan 1,Uppsala,190,17.9,59.3\n"))
    assert rows.shelter_ids.tolist() == ["121-3"]
    assert rows.names.tolist() == ["Storgatan 1"]
    assert rows.capacity.tolist() == [190]
    assert (rows.lat.tolist(), rows.lon.tolist()) == ([17.9], [59.3])
    assert rows.kinds.tolist() == ["shelter"]
    assert rows.step_free.tolist() == [UNKNOWN]
    assert rows.line.tolist() == [2]
    assert "1 other was not read" in rows.findings[-1]


def test_an_english_list_says_kind_step_free_and_withheld(tmp_path: Path) -> None:
    text = (
        ENGLISH + "b,Hall,Garage,75.0,50.4,30.5,yes,\na,Pit,tent,0,50.4,30.5,No,yes\nc,,,5,50.4,30.5,?,no\n"
    )
    rows = shelters(file(tmp_path, text))
    assert rows.kinds.tolist() == ["car_park", "shelter", "shelter"]
    assert rows.capacity.tolist() == [75, 0, 5]
    assert rows.step_free.tolist() == [YES, NO, UNKNOWN]
    assert rows.is_withheld.tolist() == [False, True, False]
    assert "1 kinds are not known and read as 'shelter' (first: 'tent')" in rows.findings[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_byte_order_marks_and_delimiters_make_no_difference(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    text = "shelter_id,name,places,lat,lon\n1,Ängen,10,59.85,17.65\n".replace(",", delimiter)
    rows = shelters(file(tmp_path, text, encoding))
    assert (rows.shelter_ids.tolist(), rows.names.tolist()) == (["1"], ["Ängen"])
    assert (rows.lat.tolist(), rows.lon.tolist()) == ([59.85], [17.65])


def test_a_decimal_comma_is_a_point(tmp_path: Path) -> None:
    rows = shelters(file(tmp_path, "id;places;lat;lon\n1;10;59,85;17,65\n"))
    assert (rows.lat.tolist(), rows.lon.tolist()) == ([59.85], [17.65])


def test_a_row_without_a_position_is_kept(tmp_path: Path) -> None:
    rows = shelters(file(tmp_path, "id,places,lat,lon\n1,10,,\n2,10,59.85,\n"))
    assert np.isnan(rows.lon).tolist() == [True, True]
    assert np.isnan(rows.lat).tolist() == [True, True]


def test_where_there_is_no_id_the_line_stands_for_it(tmp_path: Path) -> None:
    rows = shelters(file(tmp_path, 'name,places,lat,lon\n"a\nb",10,1,2\n\nc,10,1,2\n'))
    assert rows.shelter_ids.tolist() == ["line-3", "line-5"]
    assert rows.names.tolist() == ["a b", "c"]


def test_owners_and_phones_never_come_in(tmp_path: Path) -> None:
    text = (
        "id,name,owner,contact_name,phone,places,lat,lon\n"
        '1,"School, +380 44 123 45 67",Ivan,Olena,0441234567,10,50,30\n'
        "2,Hall a.b@c.ua,Ivan,Olena,0441234567,10,50,30\n"
        "3,Vul. 12-14 01001,Ivan,Olena,0441234567,10,50,30\n"
    )
    rows = shelters(file(tmp_path, text))
    assert rows.names.tolist() == ["School", "Hall", "Vul. 12-14 01001"]
    assert "taken out of 2 cells" in rows.findings[0]
    assert "'owner', 'contact_name', 'phone' may hold personal data" in rows.findings[1]
    assert not any("Ivan" in str(value) or "Olena" in str(value) for value in vars(rows).values())


BROKEN: list[tuple[str, str, str]] = [
    (
        "capacity a word",
        "1,many,59,17",
        "line 2, places: 'many' is no number. Give places as a whole number from 0.",
    ),
    ("capacity negative", "1,-5,59,17", "line 2, places: '-5' is negative"),
    ("capacity half", "1,5.5,59,17", "line 2, places: '5.5' is not whole"),
    ("capacity infinite", "1,inf,59,17", "line 2, places: 'inf' is no number"),
    ("capacity of a country", "1,2000000,59,17", "line 2, places: '2000000' is beyond belief"),
    ("capacity spelt out", "1,five,59,17", "line 2, places: 'five' is no number"),
    ("capacity 1e999", "1,1e999,59,17", "line 2, places: '1e999' is beyond belief"),
    ("capacity a formula", "1,=1+1,59,17", "line 2, places: '=1+1' is no number"),
    ("capacity in other digits", "1,१२,59,17", "is no number"),
    ("latitude a word", "1,5,north,17", "line 2, lat: 'north' is no number"),
    ("latitude NaN", "1,5,nan,17", "line 2, lat: 'nan' is no number"),
    ("latitude beyond any grid", "1,5,664000000,17", "line 2, lat: '664000000' is beyond belief"),
    ("longitude infinite", "1,5,59,-Infinity", "line 2, lon: '-Infinity' is no number"),
    ("longitude with an underscore", "1,5,59,1_7", "line 2, lon: '1_7' is no number"),
    ("id empty", ",5,59,17", "line 2, id: '' is no id"),
    ("id with an escape", "a\x1bb,5,59,17", "line 2, id: 'a\\x1bb' is no id"),
    ("id too long", f"{'a' * 101},5,59,17", "is no id. Give 1 to 100 characters"),
    ("too few cells", "1,5,59", "line 2: has 3 columns, the header 4"),
    ("too many cells", "1,5,59,17,9", "line 2: has 5 columns, the header 4"),
    ("a quote left open", '"1,5,59,17', "line 2: is no CSV (unexpected end of data)"),
    ("a cell of 200,000 characters", f"{'a' * 200_000},5,59,17", "is no CSV (field larger than field limit"),
    ("a zero byte", "1\x00,5,59,17", "holds zero bytes"),
    ("no row", "", "the file has no rows"),
]


@pytest.mark.parametrize(("rows", "said"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_row_is_refused_in_words(tmp_path: Path, rows: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        registry.read(file(tmp_path, f"id,places,lat,lon\n{rows}\n"))
    assert said in str(caught.value)


def test_every_broken_row_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        registry.read(file(tmp_path, "id,places,lat,lon\n1,x,59,17\n2,5,y,17\n1,5,59,z\n"))
    lines = [message.split(",", 1)[0] for message in caught.value.faults]
    assert lines == ["line 2", "line 3", "line 4", "line 4"]


def test_a_table_that_never_fits_its_header_is_not_read_to_its_end(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        registry.read(file(tmp_path, "id,places,lat,lon\n" + "1,2\n" * 1000))
    assert len(caught.value.faults) == csv_table.MOST_FAULTS + 1
    assert "reading stopped" in caught.value.faults[-1]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("eins,zwei", "no column is recognised among 'eins', 'zwei'. Say which is which"),
        ("id,places,lat,lon,lat", "header: column 'lat' stands more than once"),
    ],
)
def test_a_header_that_will_not_do_is_refused_in_words(tmp_path: Path, header: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        registry.read(file(tmp_path, f"{header}\n{','.join('1' for _ in header.split(','))}\n"))
    assert said in str(caught.value)


def test_a_file_in_another_encoding_is_read_and_told(tmp_path: Path) -> None:
    rows = shelters(file(tmp_path, "id,name,places,lat,lon\n1,a,5,1,2\n2,Ä,5,1,2\n", "latin-1"))
    assert rows.names.tolist() == ["a", "Ä"]
    assert rows.findings[0] == "Shelters: the letters are read as cp1252, by their fit; look at the names."


def test_a_row_without_places_is_kept_and_told(tmp_path: Path) -> None:
    found = registry.read(file(tmp_path, "id,places,lat,lon\n1,,59,17\n2,n/a,59,17\n3,8,59,17\n"))
    assert found.shelters.capacity.tolist() == [0, 0, 8]
    assert found.capacity_from.tolist() == [UNSAID, UNSAID, GIVEN]
    assert "2 rows state no places; counted as 0" in found.shelters.findings[0]


def test_places_are_made_of_areas_only_where_none_are_stated(tmp_path: Path) -> None:
    path = file(tmp_path, "id,places,area,lat,lon\n1,,60,59,17\n2,8,60,59,17\n3,,,59,17\n4,,0,59,17\n")
    found = registry.read(path, registry.Reading(area_per_person_m2=0.6))
    assert found.shelters.capacity.tolist() == [100, 8, 0, 0]
    assert found.capacity_from.tolist() == [DERIVED, GIVEN, UNSAID, UNSAID]
    assert (
        "places of 1 rows are made of their floor areas, by a norm; 1 are given" in found.shelters.findings[0]
    )


def test_a_few_broken_cells_are_noted_and_their_rows_kept(tmp_path: Path) -> None:
    found = registry.read(
        file(tmp_path, "id,places,lat,lon\n1,5,59,17\n2,many,59,17\n3,5,nan,17\n4,5,59,17\n5,5,59,17\n")
    )
    assert [(n.row_idx, n.column, n.rule) for n in found.notes] == [
        (1, "places", "broken_cell"),
        (2, "lat", "broken_cell"),
    ]
    assert found.shelters.capacity.tolist() == [5, 0, 5, 5, 5]
    assert np.isnan(found.shelters.lon).tolist() == [False, False, True, False, False]
    assert "2 cells cannot be read (first: line 3, places: 'many' is no number" in found.shelters.findings[0]


def test_an_id_that_stands_twice_keeps_both_rows(tmp_path: Path) -> None:
    found = registry.read(file(tmp_path, "id,places,lat,lon\n1,5,59,17\n2,5,59,17\n2,6,59,17\n4,5,59,17\n"))
    assert found.shelters.shelter_ids.tolist() == ["1", "2", "line-4", "4"]
    assert (found.notes[0].found, found.notes[0].reason) == ("'2'", "stands twice")
    assert found.shelters.findings[0] == (
        "Shelters: 1 ids cannot be used (first: line 4: '2' stands twice); such a row is named by its line and counts "
        "as a shelter of its own."
    )


def test_a_column_called_number_that_repeats_is_taken_for_no_ids(tmp_path: Path) -> None:
    rows = "".join(f"{k % 3},5,59,17\n" for k in range(30))
    found = registry.read(file(tmp_path, f"number,places,lat,lon\n{rows}"))
    assert found.shelters.shelter_ids.tolist()[:2] == ["line-2", "line-3"]
    assert "shelter_id" not in found.columns
    assert (
        "the column 'number' repeats ids or has none in more rows than a list of ids would"
        in (found.shelters.findings[0])
    )


def test_a_column_is_named_by_the_person(tmp_path: Path) -> None:
    path = file(tmp_path, "id,sitze,lat,lon\n1,5,59,17\n")
    found = registry.read(path, registry.Reading({"capacity": "sitze"}))
    assert found.shelters.capacity.tolist() == [5]
    with pytest.raises(
        InputError, match=r"--map capacity: there is no column 'stuhl'\. Name one of id, sitze"
    ):
        registry.read(path, registry.Reading({"capacity": "stuhl"}))
    with pytest.raises(
        InputError, match=r"--map seats=sitze: there is no such role\. Give one of shelter_id, name"
    ):
        registry.read(path, registry.Reading({"seats": "sitze"}))


def test_the_header_is_found_below_titles(tmp_path: Path) -> None:
    text = (
        "Реєстр укриттів;;\nстаном на 01.11.2026;;\nАдреса;Місткість, осіб;Район\nвул. Нова, 1;1 200;Поділ\n"
    )
    found = registry.read(file(tmp_path, text, "cp1251"))
    assert found.shelters.capacity.tolist() == [1200]
    assert found.districts.tolist() == ["Поділ"]
    assert found.shelters.line.tolist() == [4]
    assert "2 lines above the header were not read" in found.shelters.findings[1]


def test_holders_are_told_apart_and_not_kept(tmp_path: Path) -> None:
    text = "Адреса;Балансоутримувач;Телефон\nа;ЖЕК 5;1\nб;Іван Петренко;2\nв; ЖЕК  5;3\nг;;4\n"
    found = registry.read(file(tmp_path, text))
    assert found.holder_idx.tolist() == [0, 1, 0, -1]
    assert found.personal_columns == ("Балансоутримувач", "Телефон")
    assert "Петренко" not in repr([vars(found), vars(found.shelters)])


def test_status_hours_dates_and_ramps_are_understood(tmp_path: Path) -> None:
    text = (
        "Адреса;Стан;Режим роботи;Дата обстеження;Вид укриття;Пандус\n"
        "а;готове;Цілодобово;01.03.2026;Підвал з пандусом;\n"
        "б;не готове;з 10:00 до 18:00;2025-11-02;Підземний паркінг;Відсутній\n"
        "в;будується;;учора;Підвал;так\n"
    )
    found = registry.read(file(tmp_path, text))
    assert found.is_usable.tolist() == [YES, NO, NO]
    assert found.exists.tolist() == [YES, YES, NO]
    assert found.is_always_open.tolist() == [YES, NO, UNKNOWN]
    assert found.verified_on.astype(str).tolist() == ["2026-03-01", "2025-11-02", "NaT"]
    assert found.shelters.step_free.tolist() == [YES, NO, YES]
    assert [(n.row_idx, n.rule) for n in found.notes] == [(2, "broken_cell")]


def test_a_file_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "LARGEST_BYTES", 10)
    with pytest.raises(InputError, match="is larger than"):
        registry.read(file(tmp_path, "id,places,lat,lon\n1,5,1,2\n"))


def test_a_file_that_is_not_there_is_a_source_that_fails(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not there"):
        registry.read(tmp_path / "none.csv")


def test_a_file_of_one_endless_line_is_refused_at_once(tmp_path: Path) -> None:
    """Streets given as shelters: JSON in one line reads as a header of half a million columns."""
    text = ",".join(f'[{{"id": {k}' for k in range(100_000))
    with pytest.raises(InputError, match=r"line 1: has 100,000 columns\. Give a table of at most 1,000"):
        registry.read(file(tmp_path, text))
