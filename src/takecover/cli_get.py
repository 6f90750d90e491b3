"""The command ``takecover city get``: it parses, calls the workflow and prints; no arithmetic."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from takecover.cli_errors import reported
from takecover.cli_progress import shown_progress


def get(
    name: Annotated[str, typer.Argument(help="The city's name, as OpenStreetMap writes it.")],
    out: Annotated[Path, typer.Option(help="Folder for the files.")],
    streets_from: Annotated[
        str, typer.Option(help="overpass (small) or geofabrik (a country's).")
    ] = "overpass",
    people_from: Annotated[str, typer.Option(help="worldpop, kontur or none.")] = "worldpop",
    districts_from: Annotated[str, typer.Option(help="overpass or none.")] = "overpass",
    district_level: Annotated[
        str,
        typer.Option(help="admin_level of the districts; the first below the city's own where not given."),
    ] = "",
    bbox: Annotated[
        str | None,
        typer.Option(help="Area in degrees, instead of the name's.", metavar="W,S,E,N", show_default=False),
    ] = None,
    relation: Annotated[
        int | None,
        typer.Option(help="Boundary in OpenStreetMap, where several have the name.", show_default=False),
    ] = None,
    country: Annotated[
        str,
        typer.Option(help="Code of the country (UKR for WorldPop, UA for Kontur); found where not given."),
    ] = "",
    overpass_url: Annotated[
        str | None, typer.Option(help="Another Overpass service.", show_default=False)
    ] = None,
    geofabrik_url: Annotated[
        str | None, typer.Option(help="A mirror of Geofabrik.", show_default=False)
    ] = None,
    worldpop_url: Annotated[
        str | None, typer.Option(help="A mirror of WorldPop.", show_default=False)
    ] = None,
    worldpop_set: Annotated[
        str | None, typer.Option(help="Another set of WorldPop.", show_default=False)
    ] = None,
    kontur_url: Annotated[str | None, typer.Option(help="A mirror of Kontur.", show_default=False)] = None,
    kontur_edition: Annotated[str | None, typer.Option(help="YYYYMMDD.", show_default=False)] = None,
) -> None:
    """Fetch streets, districts and people of a city, politely; a download that was cut off goes on the next time."""
    with reported():
        from takecover.workflow.get_city import Request, Services, get_city

        given = {
            "overpass_url": overpass_url,
            "geofabrik_url": geofabrik_url,
            "worldpop_url": worldpop_url,
            "kontur_url": kontur_url,
            "worldpop_set": worldpop_set,
            "kontur_edition": kontur_edition,
        }
        services = Services(**{key: value.rstrip("/") for key, value in given.items() if value})
        request = Request(
            name=name,
            out=out,
            streets_from=streets_from,
            people_from=people_from,
            districts_from=districts_from,
            district_level=district_level.strip(),
            bbox=_area(bbox),
            relation_id=relation,
            country=country.strip(),
            services=services,
        )
        began = time.monotonic()
        with shown_progress() as tell:
            record = get_city(request, tell)
        typer.echo(f"{name}: fetched in {time.monotonic() - began:.1f} s into {out}\n")
        for file in record.files:
            said = f"{file.source.name}, {file.source.licence}"
            typer.echo(f"  {file.file:<16} {file.size_bytes / 1e6:>9,.1f} MB  {said}")
        subjects = {file.source.subject for file in record.files}
        if districts_from != "none" and "districts" not in subjects:
            typer.echo(
                "\nDistricts: none were found below the city's level. Give --district-level, or a file."
            )
        options = " ".join(f"--{file.source.subject} {out / file.file}" for file in record.files)
        typer.echo(f"\nNext: takecover city build NAME {options} --shelters LIST --out DIR")


def _area(text: str | None) -> tuple[float, float, float, float] | None:
    """Four numbers of an option."""
    from takecover.errors import InputError

    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise InputError(
            f"--bbox: {text!a:.60} is no area. Give WEST,SOUTH,EAST,NORTH in degrees."
        ) from error
    return west, south, east, north
