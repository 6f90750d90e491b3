"""Checks a list of shelters, with a built city or loose files: a report, and an annotated copy of the list."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from takecover.analysis import inspection, listed
from takecover.analysis.build import BuildReport
from takecover.analysis.inspection import Inspection
from takecover.analysis.register import Register
from takecover.analysis.station_doors import MetroEntrances
from takecover.analysis.surroundings import Surroundings
from takecover.analysis.swap import Box, judge
from takecover.errors import InputError
from takecover.io import (
    annotated,
    city_folder,
    grids,
    population,
    registry,
    station_entrances,
    whole,
)
from takecover.io.sheet import Sheet
from takecover.model.city import City, Source
from takecover.progress import Progress
from takecover.report import check_page
from takecover.report.check_page import About
from takecover.workflow import fetched
from takecover.workflow.around_register import Around, Loose, around_city, around_files
from takecover.workflow.read_register import Listing, read_register, settled

MARKER = "check.json"
REPORT = "report.html"
FORMAT = "takecover-check/1"
NOTHING_SAID: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckOrder:
    """What to check.

    Attributes
    ----------
    out
        Folder to appear, with the report and the annotated copy.
    today
        Day of the check.
    city
        Folder of a built city; None for loose files.
    shelters
        The city's own list; None to check the shelters of the built city.
    listing, is_swapped
        What the person says of the list.
    streets, districts, people, entrances
        Loose files beside the list, where there is no built city; empty where there are none.
    people_scale
        What a column of people holds, as in `io.population`.
    title
        What the list is of; made of the file's name where empty.
    lang
        Language of the annotated copy, and in which the report opens.
    """

    out: Path
    today: datetime.date
    city: Path | None = None
    shelters: Path | None = None
    listing: Listing = field(default_factory=Listing)
    is_swapped: bool | None = None
    streets: Path | None = None
    districts: str = ""
    people: Sequence[str] = ()
    people_scale: str | None = None
    entrances: Path | None = None
    title: str = ""
    lang: str = "en"


@dataclass(frozen=True, eq=False)
class Checked:
    """What a check found and wrote.

    Attributes
    ----------
    found
        What the rules found.
    register
        The rows.
    about
        How the list was read, where it and what it was checked with came from, and what must be said of them.
    report, copy
        Files that were written.
    """

    found: Inspection
    register: Register
    about: About
    report: Path
    copy: Path


def check_register(order: CheckOrder, progress: Progress | None = None) -> Checked:
    """Check a list, alone or with what is known around it.

    Raises
    ------
    SourceError
        If a file cannot be read or the folder not be written.
    InputError
        If there is nothing to check, or a file is broken.
    """
    tell = progress or (lambda stage, share: None)
    if order.city is None and order.shelters is None:
        raise InputError("Nothing to check. Name the folder of a city, or give --shelters FILE.")
    whole.refuse(order.out, MARKER)
    tell("reading", 0.0)
    city = city_folder.read(order.city, progress) if order.city is not None else None
    around, beside, sources = _around(city, order, progress)
    if order.shelters is None and city is not None:
        register, said = listed.register_of(city), NOTHING_SAID
        sheet = _sheet_of(register, city, order)
    else:
        path = order.shelters or Path()
        register = read_register(path, order.listing)
        sheet = registry.open_sheet(path, order.listing.sheet)
        register, said = placed(register, around, order.listing, order.is_swapped, tell)
        own = fetched.named([register.shelters.source], [path])
        sources = (*own, *(source for source in sources if source.subject != own[0].subject))
    title = order.title.strip() or (city.title if city is not None else sheet.path.stem.replace("_", " "))
    title_uk = order.title.strip() or (city.title_uk if city is not None else title)
    reading = (*said, *register.shelters.findings, *beside)
    about = _about(order, (title, title_uk), reading, sources, city)
    return write(register, sheet, around, about, order, tell)


def check_built(
    city: City,
    register: Register,
    shelters: Path,
    report: BuildReport,
    out: Path,
    listing: Listing,
    entrances: MetroEntrances | None = None,
) -> Checked:
    """Check the list that a city was just built of, with all that the city knows.

    Parameters
    ----------
    city, report
        The city, and what was found when it was built.
    register, shelters, listing
        The list as the build read it, its file, and what the person says of it.
    out
        Folder to appear.
    entrances
        Metro entrances that the build joined to the list's stations.
    """
    rows = register.shelters
    if report.is_swapped:
        register = replace(register, shelters=replace(rows, lon=rows.lat, lat=rows.lon))
    order = CheckOrder(out, datetime.date.today(), shelters=shelters, listing=listing)
    around = around_city(city, order.today, entrances)
    sheet = registry.open_sheet(shelters, listing.sheet)
    about = _about(order, (city.title, city.title_uk), report.findings, city.sources, city)
    return write(register, sheet, around, about, order, lambda stage, share: None)


def write(
    register: Register,
    sheet: Sheet,
    around: Surroundings,
    about: About,
    order: CheckOrder,
    tell: Progress,
) -> Checked:
    """Check rows whose points are in degrees, and write the report and the annotated copy, both or none."""
    tell("checking", 0.5)
    found = inspection.inspect(register, around)
    name = f"{sheet.path.stem}-to-mend{'-personal-data' if register.columns_to_guard else ''}{annotated.suffix(sheet)}"
    about = replace(about, copy_name=name)
    tell("writing", 0.8)
    with whole.folder(order.out, marker=MARKER) as fresh:
        html = check_page.render(found, register, around.zones, about, order.lang)
        (fresh / REPORT).write_text(html, encoding="utf-8")
        words = annotated.Words(*check_page.copy_words(register, about.attributions, order.lang))
        annotated.write(sheet, _notes(found, register, order.lang), words, fresh / name)
        (fresh / MARKER).write_text(_record(found, register, about), encoding="utf-8")
    tell("written", 1.0)
    return Checked(found, register, about, order.out / REPORT, order.out / name)


def placed(
    register: Register,
    around: Surroundings,
    listing: Listing,
    is_swapped: bool | None,
    progress: Progress | None = None,
) -> tuple[Register, tuple[str, ...]]:
    """The register with its points in degrees and the right way round, and what is to be said of that."""
    register, said = settled(register, around.area, listing, progress)
    rows = register.shelters
    area = around.area or grids.COUNTRIES.get(register.language)
    if is_swapped is None and area is None:
        return register, said
    verdict = judge(rows.lon, rows.lat, area or Box(0.0, 0.0, 0.0, 0.0))
    if not (verdict.is_beyond_doubt if is_swapped is None else is_swapped):
        return register, said
    where = "the city" if around.area is not None else "the country of the list's language"
    why = (
        "as told"
        if is_swapped
        else f"so {verdict.inside_swapped:,} rows lie in {where}, in place of {verdict.inside_as_given:,}"
    )
    turned = replace(register, shelters=replace(rows, lon=rows.lat, lat=rows.lon))
    return turned, (*said, f"Shelters: latitude and longitude are swapped ({why}); put right for the check.")


def _around(city: City | None, order: CheckOrder, progress: Progress | None) -> Around:
    """What is known around the list, how loose files were read, and where it came from."""
    if city is not None:
        entrances = None if order.entrances is None else station_entrances.read(order.entrances)
        more = () if entrances is None else (entrances.source,)
        sources = tuple(dict.fromkeys((*city.sources, *more)))
        return Around(around_city(city, order.today, entrances), (), sources)
    loose = Loose(order.streets, order.districts, order.people, order.people_scale, order.entrances)
    return around_files(loose, order.today, progress)


def _sheet_of(register: Register, city: City, order: CheckOrder) -> Sheet:
    """The shelters of a city as rows of text, for a copy to send to a clerk."""
    rows = register.shelters
    columns = (
        rows.shelter_ids,
        rows.names,
        rows.kinds,
        rows.capacity,
        rows.lat,
        rows.lon,
        register.districts,
    )
    answers = np.array(["no", "yes"])[rows.step_free]
    texts_of = [[str(value) for value in column.tolist()] for column in (*columns, answers)]
    return Sheet(
        path=Path(f"{city.name}.xlsx"),
        header=listed.COLUMNS,
        rows=tuple(zip(*texts_of, strict=True)),
        lines=tuple(rows.line.tolist()),
        unit="row",
    )


def _about(
    order: CheckOrder,
    titles: tuple[str, str],
    reading: Sequence[str],
    sources: Sequence[Source],
    city: City | None,
) -> About:
    """What the report says beside the findings; the name of the copy is not known yet."""
    notices = ((), ()) if city is None else (city.notices, city.notices_uk)
    return About(*titles, order.today.isoformat(), "", reading, sources, *notices, _files(order))


def _files(order: CheckOrder) -> tuple[str, ...]:
    """Files that were used beside the list, by their names without folders."""
    files = {
        "city": order.city,
        "streets": order.streets,
        "districts": Path(order.districts) if order.districts else None,
        "entrances": order.entrances,
    }
    said = [f"{name}: {path.name}" for name, path in files.items() if path is not None]
    return (*said, *(f"people: {name}" for name in population.file_names(order.people)))


def _notes(found: Inspection, register: Register, lang: str) -> dict[int, annotated.Note]:
    """What to mend in each row, in the language of the clerk."""
    notes = {}
    for row, remarks in found.of_row().items():
        weight = check_page.heaviest(remarks)
        text = " ".join(check_page.sentence(remark, register, lang) for remark in remarks)
        notes[row] = annotated.Note(weight, check_page.word(weight, lang), text)
    return notes


def _record(found: Inspection, register: Register, about: About) -> str:
    """The check as data: counts by rule, what was missing, completeness by district, whom to name."""
    record = {
        "format": FORMAT,
        "checked_on": about.day,
        "rows": len(register),
        "rows_by_weight": inspection.weights(found),
        "remarks_by_rule": dict(found.checked),
        "not_checked": {name: list(needs) for name, needs in found.unchecked.items()},
        "completeness": found.whole.score,
        "districts": [each._asdict() for each in found.districts],
        "fields": list(inspection.FIELDS),
        "personal_columns": list(register.columns_to_guard),
        "reading": list(about.reading),
        "sources": [vars(source) for source in about.sources],
        "attributions": list(about.attributions),
        "notices": list(about.notices),
    }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"
