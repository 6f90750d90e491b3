"""Workbooks are read within bounds: the sheet with the list, the header below titles, no bomb, no entity."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from takecover.errors import InputError, SourceError
from takecover.io import registry, workbook

Change = Callable[[dict[str, bytes]], None]


def book(
    path: Path, *rows: list[Any], title: str = "list", more: dict[str, list[list[Any]]] | None = None
) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for name, content in (more or {}).items():
        other = made.create_sheet(name)
        for row in content:
            other.append(row)
    target = path / "list.xlsx"
    made.save(target)
    return target


def repacked(path: Path, change: Change) -> Path:
    """The workbook with its parts changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


HEAD, ROW = ["id", "places", "lat", "lon", "verified"], ["a", 10, 59.85, 17.65, datetime.date(2026, 3, 1)]


def test_numbers_dates_and_texts_are_read_as_typed(tmp_path: Path) -> None:
    found = registry.read(book(tmp_path, HEAD, ROW, ["b", "1 200", "59,86", 17.5, "02.03.2026"]))
    assert found.shelters.capacity.tolist() == [10, 1200]
    assert found.shelters.lat.tolist() == [59.85, 59.86]
    assert found.verified_on.astype(str).tolist() == ["2026-03-01", "2026-03-02"]
    assert found.shelters.line.tolist() == [2, 3]
    assert found.unit == "row"


def test_the_sheet_with_the_list_is_found_and_told(tmp_path: Path) -> None:
    path = book(tmp_path, ["Зведення"], ["усього", 5], more={"Перелік": [HEAD, ROW], "x": [["y"]]})
    found = registry.read(path)
    assert found.shelters.shelter_ids.tolist() == ["a"]
    assert "sheet 'Перелік' of 3 is read" in found.shelters.findings[0].encode().decode("unicode_escape") or (
        "of 3 is read" in found.shelters.findings[0]
    )
    assert registry.read(path, registry.Reading(sheet="Перелік")).shelters.capacity.tolist() == [10]
    with pytest.raises(InputError, match="has no sheet 'Other'"):
        registry.read(path, registry.Reading(sheet="Other"))


def test_a_header_of_two_rows_with_merged_cells_is_read_by_the_lower_one(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        ["Реєстр захисних споруд", None, None, None],
        ["Адреса", "Координати", None, "Місткість"],
        [None, "широта", "довгота", None],
        ["вул. Нова, 1", 50.45, 30.52, 80],
    )
    found = registry.read(path)
    assert (found.shelters.lat.tolist(), found.shelters.lon.tolist()) == ([50.45], [30.52])
    assert found.shelters.capacity.tolist() == [80]
    assert any("the header takes two rows" in finding for finding in found.shelters.findings)


def _bomb(parts: dict[str, bytes]) -> None:
    parts["xl/media/x.bin"] = bytes(3_000_000)


def _entity(parts: dict[str, bytes]) -> None:
    sheet = parts["xl/worksheets/sheet1.xml"]
    doctype = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    parts["xl/worksheets/sheet1.xml"] = doctype + sheet


def _no_book(parts: dict[str, bytes]) -> None:
    del parts["xl/workbook.xml"]


def _cut(parts: dict[str, bytes]) -> None:
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:200]


def _far_row(parts: dict[str, bytes]) -> None:
    part = "xl/worksheets/sheet1.xml"
    parts[part] = parts[part].replace(b'<row r="2"', b'<row r="1048576"')


def _many_parts(parts: dict[str, bytes]) -> None:
    parts.update({f"x{k}": b"" for k in range(50)})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_bomb, "unpacks to more than 1 MB: a zip bomb"),
        (_entity, "declares a document type: XML entities are not read"),
        (_no_book, "is an archive, but no XLSX workbook"),
        (_cut, "is a broken workbook"),
        (_far_row, "has no row below its header"),
        (_many_parts, "parts. Give a workbook of at most 40"),
    ],
)
def test_a_hostile_workbook_is_refused_in_words(
    tmp_path: Path, change: Change, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "LARGEST_UNPACKED_BYTES", 1_000_000)
    monkeypatch.setattr(workbook, "MOST_PARTS", 40)
    path = repacked(book(tmp_path, HEAD, ROW), change)
    with pytest.raises(InputError) as caught:
        registry.read(path)
    assert said in str(caught.value)


def test_a_real_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = book(tmp_path, HEAD, ROW)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/bomb.xml", "w") as part,
    ):
        for _ in range(320):
            part.write(bytes(1_000_000))
    assert path.stat().st_size < 1_000_000
    with pytest.raises(InputError, match="unpacks to more than 300 MB: a zip bomb"):
        registry.read(path)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "no sheet has a row"),
        ([HEAD], "has no row below its header"),
        ([[*HEAD, "lat"], [*ROW, 1]], "column 'lat' stands more than once"),
        ([HEAD, [*ROW, *[None] * 1200, "x"]], "has more than 1,000 columns"),
    ],
)
def test_a_sheet_that_is_no_list_is_refused_in_words(
    tmp_path: Path, rows: list[list[Any]], said: str
) -> None:
    with pytest.raises(InputError) as caught:
        registry.read(book(tmp_path, *rows))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04" + bytes(200), "is a broken archive"),
        (b"\xd0\xcf\x11\xe0" + bytes(200), "is a workbook of the old kind. Save it as XLSX or CSV"),
    ],
)
def test_bytes_that_only_look_like_a_workbook_are_refused(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(data)
    with pytest.raises(InputError, match=said):
        registry.read(path)


def test_a_workbook_that_is_not_there_is_a_source_that_fails(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not there"):
        workbook.admit(tmp_path / "none.xlsx")
