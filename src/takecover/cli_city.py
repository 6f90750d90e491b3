"""The commands ``takecover city ...``: they parse, call a workflow and print; no arithmetic."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from takecover.cli_errors import reported
from takecover.cli_get import get
from takecover.cli_progress import shown_progress
from takecover.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from takecover.model.city import City
    from takecover.workflow.read_register import Listing

city_app = typer.Typer(
    no_args_is_help=True, help="Fetch or build a city from its files, write a made one, or look at one."
)

city_app.command()(get)

Title = Annotated[str, typer.Option(help="Name on pages, in English; the short name where not given.")]
TitleUk = Annotated[str, typer.Option(help="Name on pages, in Ukrainian.")]

Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="ROLE=COLUMN",
        help="Column of the list for a role, such as capacity=Місткість; repeatable.",
    ),
]
Crs = Annotated[
    int | None,
    typer.Option(
        metavar="EPSG",
        help="Coordinate system of the list's points; found out where not given.",
        show_default=False,
    ),
]
Norms = Annotated[
    str | None,
    typer.Option(
        metavar="COUNTRY",
        help="Make places of floor areas by this country's norm, where none are stated.",
        show_default=False,
    ),
]
SheetName = Annotated[
    str | None,
    typer.Option(
        "--sheet",
        help="Sheet of a workbook, or layer of a GeoPackage; found where not given.",
        show_default=False,
    ),
]


Entrances = Annotated[
    Path | None,
    typer.Option(
        help="Entrances of the list's metro stations: data of OpenStreetMap, such as the file of the streets.",
        show_default=False,
    ),
]
Geocoder = Annotated[
    str,
    typer.Option(
        metavar="URL",
        help="Geocoder (Nominatim's API) for rows without coordinates; their addresses are sent to it.",
    ),
]
GeocoderPlace = Annotated[
    str, typer.Option(help='What follows every address that is asked: "Kyiv, Ukraine".')
]
GeocoderCache = Annotated[
    Path, typer.Option(help="File that remembers the geocoder's answers; a second run goes on.")
]
ANSWERS = Path("geocoded.jsonl")


def listing_of(
    columns: list[str] | None,
    crs: int | None,
    norms: str | None,
    sheet: str | None,
    geocoder: tuple[str, str, Path],
    assumed_places: int | None = None,
) -> Listing:
    """What the person says of a list of shelters."""
    from takecover.workflow.read_register import Listing

    said = {}
    for text in columns or ():
        role, sign, name = text.partition("=")
        if not sign or not name.strip():
            raise typer.BadParameter(
                f"{text!r} is no role and column; give capacity=COLUMN", param_hint="--map"
            )
        said[role.strip()] = name.strip()
    return Listing(said, crs, norms, sheet, assumed_places, *geocoder)


@city_app.command()
def build(
    name: Annotated[str, typer.Argument(help="Short name: lower-case letters, digits, hyphens.")],
    streets: Annotated[
        Path, typer.Option(help="Streets: .osm.pbf, .osm(.bz2, .gz), Overpass JSON, GeoPackage, GeoJSON.")
    ],
    shelters: Annotated[
        Path, typer.Option(help="Shelters: CSV, XLSX, GeoJSON, GeoPackage, or OpenStreetMap data.")
    ],
    people: Annotated[
        list[str],
        typer.Option(
            help="N people, or FILE[:column]: points, H3 cells or districts (CSV), a grid (GeoTIFF), areas, houses or "
            "points (GeoJSON, GeoPackage). Twice to spread totals over houses; night=... and day=... for two periods.",
            metavar="[PERIOD=]N|FILE[:column]",
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder to write the city to.")],
    swap_lat_lon: Annotated[
        bool | None,
        typer.Option(
            "--swap-lat-lon/--no-swap-lat-lon",
            help="The shelter list has latitude and longitude swapped, or has not; found out where not given.",
            show_default=False,
        ),
    ] = None,
    districts: Annotated[
        str, typer.Option(help="Outlines of districts (GeoJSON, GeoPackage).", metavar="FILE[:name_column]")
    ] = "",
    people_log10: Annotated[
        bool, typer.Option("--people-log10", help="People at points are given as logarithms to base 10.")
    ] = False,
    people_ln: Annotated[
        bool, typer.Option("--people-ln", help="People at points are given as natural logarithms.")
    ] = False,
    people_plain: Annotated[
        bool,
        typer.Option("--people-plain", help="People at points are people, though they look like logarithms."),
    ] = False,
    snap_limit_m: Annotated[
        float | None,
        typer.Option(help="Farthest from a street, in metres; 100 where not given.", show_default=False),
    ] = None,
    elevation: Annotated[
        Path | None,
        typer.Option(help="Heights: a GeoTIFF, for how far streets climb.", show_default=False),
    ] = None,
    places_where_unknown: Annotated[
        int | None,
        typer.Option(metavar="N", help="Places of a shelter whose list states none.", show_default=False),
    ] = None,
    entrances: Entrances = None,
    private: Annotated[
        bool, typer.Option("--private", help="Let people onto private ways and yards.")
    ] = False,
    columns: Columns = None,
    crs: Crs = None,
    norms: Norms = None,
    sheet: SheetName = None,
    geocoder: Geocoder = "",
    geocoder_place: GeocoderPlace = "",
    geocoder_cache: GeocoderCache = ANSWERS,
    title: Title = "",
    title_uk: TitleUk = "",
) -> None:
    """Build a city from streets, shelters and people, and say what is wrong with them."""
    with reported():
        from takecover.workflow.build_city import Order, build_city, check_folder, is_checked

        asking = (geocoder, geocoder_place, geocoder_cache)
        listing = listing_of(columns, crs, norms, sheet, asking, places_where_unknown)
        scale = people_scale_of(log10=people_log10, ln=people_ln, plain=people_plain)
        order = Order(
            name,
            streets,
            shelters,
            people,
            out,
            title,
            title_uk,
            swap_lat_lon,
            snap_limit_m,
            private,
            listing,
            people_scale=scale,
            districts=districts,
            elevation=elevation,
            entrances=entrances,
        )
        began = time.monotonic()
        with shown_progress() as tell:
            city, report = build_city(order, tell)
        typer.echo(f"{city.title}: built in {time.monotonic() - began:.1f} s, written to {out}\n")
        _print_city(city, report.counts.get("shelters_read"))
        print_list("What was found", report.findings)
        said = ", ".join((f"{len(city.notices)} notices (takecover city info {out})", *city.attributions))
        typer.echo(f"\nEvery output will carry {said}.")
        if is_checked(shelters):
            typer.echo(f"The list with what to mend, row by row: {check_folder(out)}")
        typer.echo(f"Next: takecover plan {out} --out DIR")


@city_app.command()
def make(
    name: Annotated[str, typer.Argument(help="model-kyiv-small, model-kyiv-medium or model-kyiv-full.")],
    out: Annotated[Path, typer.Option(help="Folder to write the city to.")],
) -> None:
    """Write a city that Takecover makes itself, as a folder."""
    with reported():
        from takecover.workflow.build_city import make_city

        began = time.monotonic()
        with shown_progress() as tell:
            city = make_city(name, out, tell)
        typer.echo(f"{city.title}: made in {time.monotonic() - began:.1f} s, written to {out}\n")
        _print_city(city)
        print_list("What every output will say", (*city.notices, *city.attributions))


@city_app.command()
def info(
    city: Annotated[str, typer.Argument(help="Folder of a city, or the name of a made one.")],
) -> None:
    """Check a city and show what is in it and where it came from."""
    with reported():
        from takecover.workflow.load_city import build_findings, load_city

        with shown_progress() as tell:
            found = load_city(city, tell)
        typer.echo(f"{found.title} ({found.name}): every rule is kept\n")
        _print_city(found)
        lines = [
            f"{source.subject}: {source.name}, {source.licence}{f', {source.dated}' if source.dated else ''}"
            for source in found.sources
        ]
        print_list("Where it came from", lines)
        print_list("What was found when it was built", build_findings(city))
        print_list("What every output says", (*found.notices, *found.attributions))


def people_scale_of(**said: bool) -> str | None:
    """The one thing that was said of the column of people, or None."""
    chosen = [scale for scale, is_said in said.items() if is_said]
    if len(chosen) > 1:
        options = " and ".join(f"--people-{scale}" for scale in chosen)
        raise InputError(f"{options} exclude each other. Give one of them.")
    return chosen[0] if chosen else None


def _print_city(city: City, shelters_read: int | None = None) -> None:
    """What is in a city, in a few lines."""
    from takecover.analysis import ages

    network, demand, shelters = city.network, city.demand, city.shelters
    listed = f" of {shelters_read:,} in the list" if shelters_read is not None else ""
    typer.echo(
        f"  Streets   {network.node_count:,} nodes, {network.segment_count:,} segments, "
        f"{network.length_m.sum() / 1000:,.0f} km, {int(network.is_steps.sum()):,} of them stairs"
    )
    typer.echo(
        f"  Shelters  {len(shelters):,}{listed}, {int(shelters.capacity.sum()):,} places, "
        f"{len(shelters.entrances):,} entrances"
    )
    for period, people in zip(demand.periods, demand.people, strict=True):
        groups = ", ".join(
            f"{int(people[:, g].sum()):,} {group.name}" for g, group in enumerate(demand.groups)
        )
        typer.echo(f"  People    {int(people.sum()):,} by {period} at {len(demand):,} origins ({groups})")
    if (known := ages.stages(city)) is not None:
        parts = f"{known.children:,} under 15, {known.adults:,} from 15 to 64, {known.old:,} from 65"
        typer.echo(f"  Ages      {parts}")
    if len(city.zones):
        typer.echo(f"  Districts {len(city.zones):,}")


def print_list(head: str, lines: Sequence[str]) -> None:
    """A heading and one line for each entry, wrapped to the terminal; nothing where there is none."""
    if not lines:
        return
    import shutil
    import textwrap

    width = min(shutil.get_terminal_size().columns, 110)
    typer.echo(f"\n{head}")
    for line in lines:
        typer.echo(textwrap.fill(line, width, initial_indent="  - ", subsequent_indent="    "))
