"""Brings next month's register into a city: shows what is new, gone and changed, and writes it only when told to."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from takecover import parameters
from takecover.analysis import update as updating
from takecover.analysis.places import Unplaced
from takecover.analysis.update import Change, Update
from takecover.errors import SourceError
from takecover.io import city_folder, corrections, register_cells
from takecover.workflow.around_register import around_city
from takecover.workflow.check_register import placed
from takecover.workflow.read_register import Listing, read_register

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class UpdateOrder:
    """What to update.

    Attributes
    ----------
    city
        Folder of a built city; its ``corrections.csv`` holds what was put right by hand.
    shelters
        The new register.
    today
        Day of the update.
    is_applied
        True to write the city anew; False to show only.
    listing, is_swapped
        What the person says of the register.
    changes
        A CSV file for every change; written before the city, so that a city is never changed without its list.
    """

    city: Path
    shelters: Path
    today: datetime.date
    is_applied: bool = False
    listing: Listing = field(default_factory=Listing)
    is_swapped: bool | None = None
    changes: Path | None = None


def update_city(order: UpdateOrder, progress: Progress | None = None) -> tuple[Update, tuple[str, ...]]:
    """Set the register against the city, and write the city where the order says so.

    Returns
    -------
    Update, tuple of str
        What changes, and how the register was read.

    Raises
    ------
    SourceError
        If a file cannot be read or the folder not be written; the city is as it was.
    InputError
        If a file is broken.
    """
    city = city_folder.read(order.city, progress)
    by_hand = corrections.read(order.city)
    build = dict(city_folder.read_head(order.city).build)
    around = around_city(city, order.today)
    register = read_register(order.shelters, order.listing)
    register, said = placed(register, around, order.listing, order.is_swapped, progress)
    limit_m = float(build.get("snap_limit_m", parameters.value("snap_limit_m")))
    before = city_folder.read_unplaced(order.city)
    radius_m = parameters.value("duplicate_radius_m")
    found = updating.update(city, register, by_hand, radius_m, limit_m, before)
    if found.waiting:
        said = (
            *said,
            f"Shelters: {found.waiting:,} rows could not be placed, as before; see unplaced.parquet.",
        )
    if order.changes is not None:
        _write_changes(found.changes, order.changes)
    if order.is_applied:
        _write(order, found, build, before)
    return found, (*said, *register.shelters.findings)


def _write(order: UpdateOrder, found: Update, build: dict[str, object], before: Sequence[Unplaced]) -> None:
    """The city with the new register; rows that were out of it before and are no shelters stay listed."""
    old = [row for row in before if row.subject != "shelter"]
    counts = {
        what: len({c.shelter_id for c in found.changes if c.what == what})
        for what in ("new", "gone", "changed")
    }
    done = build.get("updates", [])
    earlier = done if isinstance(done, list) else []
    build["updates"] = [
        *earlier,
        {"dated": order.today.isoformat(), "shelters": order.shelters.name, **counts},
    ]
    city_folder.write(
        found.city,
        order.city,
        unplaced=(*found.unplaced, *old),
        build=build,
        more={corrections.NAME: corrections.text(found.corrections)} if found.corrections else {},
    )


def _write_changes(changes: tuple[Change, ...], path: Path) -> None:
    """Write the changes as a table.

    Raises
    ------
    SourceError
        If the file cannot be written.
    """
    try:
        path.write_text(as_csv(changes), encoding="utf-8")
    except OSError as error:
        raise SourceError(
            f"--changes {path}: cannot be written ({error.strerror or error}). Nothing was changed. Give another file."
        ) from error


def as_csv(changes: tuple[Change, ...]) -> str:
    """The changes as a table; what a spreadsheet would run is disarmed."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(Change._fields)
    for change in changes:
        writer.writerow([register_cells.disarmed(cell) for cell in change])
    return file.getvalue()
