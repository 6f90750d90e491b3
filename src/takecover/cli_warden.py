"""The commands ``takecover warden ...``: they parse, make links and print; no arithmetic."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from takecover.cli_actor import As, actor_with
from takecover.cli_errors import reported
from takecover.cli_journal import Address, opened_journal
from takecover.cli_progress import shown_progress
from takecover.errors import InputError

if TYPE_CHECKING:
    from takecover.settings import Secret
    from takecover.workflow.live.links import Term

warden_app = typer.Typer(
    no_args_is_help=True, help="Make the links by which wardens and sensors report, and take them back."
)

City = Annotated[str, typer.Argument(help="Folder of a city, or the name of a made one.")]
Shelter = Annotated[str, typer.Argument(help="Id of the shelter.")]
Season = Annotated[
    datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day of the season, such as 2027-04-30.")
]
Until = Annotated[
    datetime,
    typer.Option(
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"],
        help="Last day of the season, such as 2027-04-30; with --from, when the night ends: 2026-11-30T08:00.",
    ),
]
From = Annotated[
    datetime | None,
    typer.Option(
        "--from",
        formats=["%Y-%m-%dT%H:%M"],
        help="For one night: when it begins, in the time of this machine, such as 2026-11-29T20:00.",
        show_default=False,
    ),
]
Issue = Annotated[int, typer.Option(min=1, help="One more than the last one, after links were taken back.")]


def _term(begins: datetime | None, until: datetime) -> Term:
    from takecover.workflow.live.links import night

    if begins is not None:
        return night(begins.astimezone(), until.astimezone())
    if until.time() != time(0, 0):
        raise typer.BadParameter("has a time of day, which needs --from", param_hint="--until")
    return until.date()


def _key() -> Secret:
    from takecover import settings

    key = settings.read().link_key
    if key is None:
        raise InputError(
            f"{settings.LINK_KEY}: is not set. Put 32 or more random characters into a file, and name it in "
            f"{settings.LINK_KEY}_FILE; the server needs the same."
        )
    return key


@warden_app.command()
def links(
    city: City,
    until: Until,
    address: Annotated[
        str, typer.Option(help="Where phones reach the server: https://shelters.city.example.")
    ],
    out: Annotated[Path, typer.Option(help="HTML file to write; it opens every door, so keep it safe.")],
    begins: From = None,
    issue: Issue = 1,
    shelter: Annotated[
        list[str] | None,
        typer.Option(help="Only this shelter. May be repeated.", show_default=False),
    ] = None,
) -> None:
    """Write the sheet of links with codes to scan, one for each shelter, for a season or for one night."""
    with reported(), shown_progress() as tell:
        from takecover.server.pages import good_from, good_until
        from takecover.server.sheet import sheet
        from takecover.workflow.live.links import for_shelters, write_sheet
        from takecover.workflow.load_city import load_city

        key = _key()
        if not address.startswith(("http://", "https://")):
            raise typer.BadParameter("begins with neither https:// nor http://", param_hint="--address")
        term = _term(begins, until)
        found = load_city(city, tell)
        made = for_shelters(found, term, issue, tuple(shelter or ()))
        write_sheet(out, sheet(found, made, address.rstrip("/"), key, term, is_file=True))
        since = f"from {good_from(term)} " if begins else ""
        typer.echo(f"Wrote {len(made):,} links, good {since}until {good_until(term)}, to {out}.")


@warden_app.command()
def sensor(
    city: City,
    shelter: Shelter,
    name: Annotated[str, typer.Option(help="Which sensor: letters a to z, digits, hyphens.")],
    until: Season,
    issue: Issue = 1,
) -> None:
    """Print the token of a sensor or an automatic door."""
    with reported(), shown_progress() as tell:
        from takecover.workflow.live.links import for_shelters, link
        from takecover.workflow.load_city import load_city

        key = _key()
        for_shelters(load_city(city, tell), until.date(), issue, (shelter,))
        made = link("sensor", shelter, until.date(), issue, name)
        typer.echo(made.token(key))


@warden_app.command()
def revoke(
    shelter: Shelter,
    until: Until,
    begins: From = None,
    issue: Issue = 1,
    sensor: Annotated[str, typer.Option(help="Name of the sensor; a warden's link where not given.")] = "",
    by: As = "",
    journal: Address = None,
) -> None:
    """Take a link back, at once and on every server of this journal; an officer does, by their password."""
    with reported(), opened_journal(journal) as opened:
        from takecover.store.opening import server_time
        from takecover.workflow.live.links import link
        from takecover.workflow.live.reporting import revoke as take_back

        taken = link("sensor" if sensor else "warden", shelter, _term(begins, until), issue, sensor)
        event = take_back(opened, taken, actor_with(opened, by, "issue_links"), server_time())
        typer.echo(f"Taken back, event {event.seq:,}. For a new link, give --issue {issue + 1}.")
