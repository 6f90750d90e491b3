"""Reads a list of shelters from CSV, XLSX, GeoJSON or GeoPackage, by the names that lists give their columns.

Only columns of known roles are read: owners, contacts and phones never enter a city, and a phone in another column is
taken out and told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from takecover.analysis.parsed import ParsedShelters
from takecover.analysis.register import DERIVED, GIVEN, Register
from takecover.dtypes import COUNT
from takecover.errors import Faults, InputError, SourceError
from takecover.io import csv_table, feature_table, register_words, workbook
from takecover.io.register_columns import Cells
from takecover.io.sheet import Sheet
from takecover.model.city import Source

_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Reading:
    """How a person says that a list is to be read.

    Attributes
    ----------
    columns
        Column of a role, where it is not recognised.
    area_per_person_m2
        Floor area of one place [m2], to make places of areas where a row states none; None to make none.
    sheet
        Sheet of a workbook or layer of a GeoPackage; found where None.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    area_per_person_m2: float | None = None
    sheet: str | None = None


def read(path: Path, how: Reading | None = None) -> Register:
    """Read a list of shelters.

    Parameters
    ----------
    path
        The list; its kind is told by its content.
    how
        What the person says of it.

    Returns
    -------
    Register
        Positions as the file has them: whether they are swapped, or in a national grid, is for `analysis.swap` and
        `io.grids` to tell. A row without a position has NaN, a row without places 0. Where the list has no ids,
        ``line-<number>`` stands for them. A cell that cannot be read is noted, and its row is kept.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If it is no table, a named column is not there, or most rows hold a broken cell: all faults at once.
    """
    how = how or Reading()
    sheet = open_sheet(path, how.sheet)
    columns, personal, language = register_words.find_columns(sheet.header, how.columns)
    if not columns:
        shown = ", ".join(repr(name) for name in sheet.header if name)
        raise InputError(
            f"{path}: no column is recognised among {shown:.300}. Say which is which, such as --map capacity=COLUMN "
            f"(roles: {', '.join(register_words.roles())})."
        )
    cells = Cells(sheet, columns, how.area_per_person_m2)
    register = _register(path, sheet, cells, personal, language)
    _refuse_another_kind(path, cells, len(register))
    return register


def open_sheet(path: Path, named: str | None = None) -> Sheet:
    """The rows of a list, whatever its format.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If it is no table that Takecover reads.
    """
    head = _first_bytes(path)
    if head.startswith(b"PK\x03\x04"):
        return workbook.read(path, register_words.score, named)
    if head.startswith(b"SQLite format 3\x00"):
        return feature_table.read_geopackage(path, named)
    if head.startswith(_OLD_WORKBOOK):
        raise InputError(f"{path}: is a workbook of the old kind. Save it as XLSX or CSV.")
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return feature_table.read_geojson(path)
    return csv_table.read(path, register_words.score)


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(64)
    except FileNotFoundError as error:
        raise SourceError(f"{path}: is not there. Give the path of a file.") from error
    except OSError as error:
        raise SourceError(
            f"{path}: cannot be read ({error.strerror or error}). Give a file that can."
        ) from error


def _register(path: Path, sheet: Sheet, cells: Cells, personal: tuple[str, ...], language: str) -> Register:
    lon, lat = cells.positions()
    capacity, capacity_from, area_m2 = cells.capacities()
    addresses, names = cells.texts("address"), cells.texts("name")
    kinds, kinds_said = cells.kinds()
    ids = cells.ids()
    shelters = ParsedShelters(
        shelter_ids=np.array(ids, dtype=np.str_),
        names=np.array(
            [name or address for name, address in zip(names, addresses, strict=True)], dtype=np.str_
        ),
        kinds=np.array(kinds, dtype=np.str_),
        lon=lon,
        lat=lat,
        capacity=np.array(capacity, dtype=COUNT),
        step_free=cells.step_free(kinds_said),
        is_withheld=cells.withheld(),
        line=np.array(sheet.lines, dtype=np.int64),
        source=Source("shelters", path.name, "not stated"),
    )
    register = Register(
        shelters=shelters,
        addresses=np.array(addresses, dtype=np.str_),
        former_addresses=np.array(cells.texts("former_address"), dtype=np.str_),
        districts=np.array(cells.texts("district"), dtype=np.str_),
        kinds_said=np.array(kinds_said, dtype=np.str_),
        buildings=np.array(cells.texts("building"), dtype=np.str_),
        hours=np.array(cells.texts("hours"), dtype=np.str_),
        protection_classes=np.array(cells.protection_classes(), dtype="<U16"),
        capacity_from=capacity_from,
        area_m2=area_m2,
        depth_m=cells.amounts("depth_m"),
        verified_on=cells.dates("verified_on"),
        exists=cells.exist(),
        is_usable=cells.usable(),
        is_always_open=cells.always_open(),
        entrance_count=cells.counts("entrances"),
        names_ramp=np.array([register_words.says_ramp(said) for said in kinds_said], dtype=np.bool_),
        is_kind_known=np.array(
            [register_words.kind_of(said) is not None for said in kinds_said], dtype=np.bool_
        ),
        holder_idx=cells.holders(),
        notes=cells.noted(),
        columns=cells.columns,
        personal_columns=personal,
        language=language,
        unit=sheet.unit,
        epsg=sheet.epsg,
    )
    findings = (*_of_ids(sheet, register, cells.no_ids), *_findings(sheet, register))
    return replace(register, shelters=replace(shelters, findings=findings))


def _of_ids(sheet: Sheet, register: Register, no_ids: str) -> tuple[str, ...]:
    """What is to be said of ids that are none."""
    if no_ids:
        return (
            f"Shelters: the column {no_ids[:60]!r} repeats ids or has none in more rows than a list of ids would; "
            f"each row is named by its {register.unit} and counts as a shelter of its own.",
        )
    broken = [note for note in register.notes if note.rule == "id_broken"]
    if not broken:
        return ()
    where = f"{register.unit} {sheet.lines[broken[0].row_idx]}: {broken[0].found} {broken[0].reason}"
    return (
        f"Shelters: {len(broken):,} ids cannot be used (first: {where}); such a row is named by its {register.unit} "
        "and counts as a shelter of its own.",
    )


def _findings(sheet: Sheet, register: Register) -> tuple[str, ...]:
    """What was seen and not used, as sentences."""
    rules = [note.rule for note in register.notes]
    first = next((note for note in register.notes if note.rule == "broken_cell"), None)
    unknown = sorted(
        {said for said in register.kinds_said.tolist() if said and not register_words.kind_of(said)}
    )
    given, derived = (int((register.capacity_from == code).sum()) for code in (GIVEN, DERIVED))
    said = [f"Shelters: {finding}." for finding in sheet.findings]
    if first is not None:
        where = f"{register.unit} {sheet.lines[first.row_idx]}, {first.column}: {first.found} {first.reason}"
        said.append(f"Shelters: {rules.count('broken_cell'):,} cells cannot be read (first: {where}).")
    if count := rules.count("personal_data"):
        said.append(f"Shelters: a phone number or mail address was taken out of {count:,} cells.")
    if unknown:
        shown = ", ".join(repr(word[:40]) for word in unknown[:3])
        said.append(f"Shelters: {len(unknown)} kinds are not known and read as 'shelter' (first: {shown}).")
    if derived:
        said.append(
            f"Shelters: places of {derived:,} rows are made of their floor areas, by a norm; {given:,} are given."
        )
    if unsaid := len(register) - given - derived:
        said.append(f"Shelters: {unsaid:,} rows state no places; counted as 0.")
    if register.personal_columns:
        shown = ", ".join(repr(name[:40]) for name in register.personal_columns)
        said.append(f"Shelters: the columns {shown} may hold personal data; they enter nothing.")
    used = ", ".join(repr(name[:60]) for name in dict.fromkeys(register.columns.values()))
    rest = len(sheet.header) - len(set(register.columns.values()))
    others = "1 other was" if rest == 1 else f"{rest} others were"
    return (*said, f"Shelters: read the columns {used}; {others} not read.")


def _refuse_another_kind(path: Path, cells: Cells, rows: int) -> None:
    """Raise where most rows hold a broken cell: this is no register, or its columns are other ones."""
    if 2 * cells.broken_rows > rows:
        faults = Faults(str(path))
        for message in cells.faults_in_order():
            faults.add(message)
        faults.raise_if_any()
