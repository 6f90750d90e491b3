"""The commands ``takecover city check`` and ``update``: lists of shelters from month to month; no arithmetic."""

from __future__ import annotations

import datetime
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from takecover.cli_city import (
    ANSWERS,
    Columns,
    Crs,
    Entrances,
    Geocoder,
    GeocoderCache,
    GeocoderPlace,
    Norms,
    SheetName,
    city_app,
    listing_of,
    people_scale_of,
    print_list,
)
from takecover.cli_errors import reported
from takecover.cli_progress import shown_progress

if TYPE_CHECKING:
    from takecover.workflow.check_register import Checked

__all__ = ["city_app"]

SHOWN = 12
"""Kinds of remark that the terminal shows; the report has them all."""

Lang = Annotated[str, typer.Option(help="Language of the annotated copy: en or uk; the report speaks both.")]


@city_app.command()
def check(
    out: Annotated[Path, typer.Option(help="Folder to write the report and the annotated copy to.")],
    city: Annotated[
        Path | None,
        typer.Argument(help="Folder of a built city; leave it out to check loose files.", show_default=False),
    ] = None,
    shelters: Annotated[
        Path | None,
        typer.Option(help="The city's own list: CSV, XLSX, GeoJSON, GeoPackage.", show_default=False),
    ] = None,
    streets: Annotated[
        Path | None, typer.Option(help="Streets, without a built city.", show_default=False)
    ] = None,
    districts: Annotated[
        str, typer.Option(help="Outlines of districts, without a built city.", metavar="FILE[:name_column]")
    ] = "",
    people: Annotated[
        list[str] | None,
        typer.Option(help="People, without a built city, as in city build.", metavar="FILE[:column]"),
    ] = None,
    people_log10: Annotated[
        bool, typer.Option("--people-log10", help="People are logarithms to base 10.")
    ] = False,
    entrances: Entrances = None,
    swap_lat_lon: Annotated[
        bool | None,
        typer.Option("--swap-lat-lon/--no-swap-lat-lon", help="As in city build.", show_default=False),
    ] = None,
    columns: Columns = None,
    crs: Crs = None,
    norms: Norms = None,
    sheet: SheetName = None,
    geocoder: Geocoder = "",
    geocoder_place: GeocoderPlace = "",
    geocoder_cache: GeocoderCache = ANSWERS,
    title: Annotated[str, typer.Option(help="What the list is of, on the report.")] = "",
    lang: Lang = "en",
) -> None:
    """Check a list of shelters: a report, and a copy of the list with what to mend in each row."""
    with reported():
        from takecover.workflow.check_register import CheckOrder, check_register

        order = CheckOrder(
            out=out,
            today=datetime.date.today(),
            city=city,
            shelters=shelters,
            listing=listing_of(columns, crs, norms, sheet, (geocoder, geocoder_place, geocoder_cache)),
            is_swapped=swap_lat_lon,
            streets=streets,
            districts=districts,
            people=people or (),
            people_scale=people_scale_of(log10=people_log10),
            entrances=entrances,
            title=title,
            lang=_language(lang),
        )
        began = time.monotonic()
        with shown_progress() as tell:
            checked = check_register(order, tell)
        typer.echo(f"Checked {len(checked.register):,} rows in {time.monotonic() - began:.1f} s\n")
        print_checked(checked)


def print_checked(checked: Checked) -> None:
    """What a check found, in a few lines."""
    from takecover.analysis import inspection
    from takecover.report import texts

    counts = inspection.weights(checked.found)
    typer.echo(
        f"  Rows          {counts['wrong']:,} with something wrong, {counts['doubtful']:,} doubtful, "
        f"{counts['gap']:,} with a gap, {len(checked.register) - sum(counts.values()):,} clean"
    )
    typer.echo(f"  Completeness  {checked.found.whole.score:.0%}")
    made = sorted(checked.found.checked.items(), key=lambda each: -each[1])
    lines = [f"{count:,} {texts.say(f'rule.{name}', 'en').unescape()}" for name, count in made if count]
    print_list("What was found", shown_kinds(lines))
    needs = sorted({need for each in checked.found.unchecked.values() for need in each})
    print_list(
        f"Not checked: {len(checked.found.unchecked)} rules, for want of",
        [str(texts.say(f"need.{need}", "en").unescape()) for need in needs],
    )
    print_list("How the list was read", checked.about.reading)
    print_list("What every output says", (*checked.about.notices, *checked.about.attributions))
    typer.echo(f"\nReport          {checked.report}")
    typer.echo(f"Annotated copy  {checked.copy}")
    if checked.register.columns_to_guard:
        typer.echo(
            "The copy keeps the clerk's own columns, also those with personal data: send it to the clerk alone."
        )


def shown_kinds(lines: list[str]) -> list[str]:
    """The first kinds of remark, and how many kinds more the report has.

    Examples
    --------
    >>> shown_kinds(["a"] * 13)[-1], len(shown_kinds(["a"] * 12))
    ('and 1 kind more, in the report', 12)
    """
    rest = len(lines) - SHOWN
    if rest <= 0:
        return lines
    return [*lines[:SHOWN], f"and {rest} {'kind' if rest == 1 else 'kinds'} more, in the report"]


def _language(lang: str) -> str:
    if lang not in ("en", "uk"):
        raise typer.BadParameter(f"{lang!r} is none of: en, uk", param_hint="--lang")
    return lang


@city_app.command()
def update(
    city: Annotated[Path, typer.Argument(help="Folder of a built city.")],
    shelters: Annotated[Path, typer.Option(help="Next month's list.")],
    apply: Annotated[bool, typer.Option("--apply", help="Write the city; without it, only show.")] = False,
    changes: Annotated[
        Path | None, typer.Option(help="Write every change to this CSV file.", show_default=False)
    ] = None,
    swap_lat_lon: Annotated[
        bool | None,
        typer.Option("--swap-lat-lon/--no-swap-lat-lon", help="As in city build.", show_default=False),
    ] = None,
    columns: Columns = None,
    crs: Crs = None,
    norms: Norms = None,
    sheet: SheetName = None,
    geocoder: Geocoder = "",
    geocoder_place: GeocoderPlace = "",
    geocoder_cache: GeocoderCache = ANSWERS,
) -> None:
    """Show what next month's list changes in a city; corrections made by hand (corrections.csv) are kept."""
    with reported():
        from takecover.workflow.update_city import UpdateOrder, update_city

        listing = listing_of(columns, crs, norms, sheet, (geocoder, geocoder_place, geocoder_cache))
        order = UpdateOrder(city, shelters, datetime.date.today(), apply, listing, swap_lat_lon, changes)
        with shown_progress() as tell:
            found, reading = update_city(order, tell)
        for what in ("gone", "new", "changed", "correction"):
            told = [change for change in found.changes if change.what == what]
            shown = [
                " ".join(
                    filter(None, (c.shelter_id, c.name, c.field, f"{c.was or '-'} -> {c.now or '-'}", c.why))
                )
                for c in told[:SHOWN]
            ]
            more = [f"and {len(told) - SHOWN:,} more"] if len(told) > SHOWN else []
            print_list(f"{what.capitalize()}: {len(told):,}", [*shown, *more])
        print_list("How the list was read", reading)
        if changes is not None:
            typer.echo(f"\nEvery change: {changes}")
        typer.echo(
            f"\n{city} is written anew." if apply else "\nNothing is written. Say --apply to write the city."
        )
