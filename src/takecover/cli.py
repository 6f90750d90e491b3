"""The command ``takecover``: it parses, calls a workflow and prints; no arithmetic.

Imports nothing heavy before a command runs, so that help is there at once.
"""

from __future__ import annotations

import gc
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from takecover import __version__
from takecover.cli_errors import reported
from takecover.cli_journal import journal_app
from takecover.cli_progress import shown_progress
from takecover.cli_registers import city_app
from takecover.cli_replay import replay
from takecover.cli_serve import serve
from takecover.cli_user import user_app
from takecover.cli_warden import warden_app
from takecover.cli_webhook import push_keys, webhook_app

if TYPE_CHECKING:
    from takecover.workflow.scenario import Wishes

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Get a city's people under cover in an air raid: a plan with a proof that no plan is better.",
)
app.add_typer(city_app, name="city")
app.add_typer(journal_app, name="journal")
app.command()(serve)
app.command()(replay)
app.add_typer(user_app, name="user")
app.add_typer(warden_app, name="warden")
app.add_typer(webhook_app, name="webhook")
app.command("push-keys")(push_keys)

LANGUAGES = ("en", "uk")

FEW_COLLECTIONS = 20_000
"""Objects made before cycles are looked for while a city is planned; at 700 it took 0.2 s of the small city's 4.5."""

_TIME = re.compile(r"(\d{1,9})\s*(s|min)?", re.ASCII)


def main() -> None:
    """Run the command line: 0 done, 1 our fault, 2 wrong use, 3 bad input, 4 source unreachable."""
    try:
        app()
    finally:
        # The interpreter looks through every object for cycles again as it ends, 0.4 s after a plan of the small city.
        gc.freeze()


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"takecover {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Options of every command."""


@app.command()
def plan(
    city: Annotated[
        str, typer.Argument(help="Folder of a city, or a made one: model-kyiv-small, -medium, -full.")
    ],
    out: Annotated[Path, typer.Option(help="Folder to write the report and the tables to.")],
    scenario: Annotated[
        Path | None, typer.Option(help="Scenario as a TOML file, in place of the options below.")
    ] = None,
    time_limit: Annotated[
        str | None, typer.Option(help="Time from the siren to the strike: 10min or 600s.", show_default=False)
    ] = None,
    turnout: Annotated[
        float | None,
        typer.Option(help="Share of the people who come, above 0 and at most 1.", show_default=False),
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="Period of the city, such as night.", show_default=False)
    ] = None,
    speed: Annotated[
        list[str] | None,
        typer.Option(help="Speed of a group in m/s: walking=1.1. May be repeated.", show_default=False),
    ] = None,
    close: Annotated[
        list[str] | None,
        typer.Option(help="Id of a shelter that is shut. May be repeated.", show_default=False),
    ] = None,
    close_entrance: Annotated[
        list[str] | None,
        typer.Option(help="Id of an entrance that is shut. May be repeated.", show_default=False),
    ] = None,
    count_on: Annotated[
        str | None,
        typer.Option(
            help="Places that count: registered, exists, usable or open (the default).", show_default=False
        ),
    ] = None,
    threat: Annotated[
        str | None,
        typer.Option(
            help="Threat whose warning times hold: drone, cruise, ballistic, zircon, artillery, rocket.",
            show_default=False,
        ),
    ] = None,
    warning: Annotated[
        list[str] | None,
        typer.Option(
            help="A warning time in seconds and its thousandths, 240=300. May be repeated.",
            show_default=False,
        ),
    ] = None,
    delay: Annotated[
        list[str] | None,
        typer.Option(
            help="Seconds after the siren when half have left: night=180. May be repeated.",
            show_default=False,
        ),
    ] = None,
    places_only: Annotated[
        bool,
        typer.Option("--places-only", help="Places alone: doors let everyone through, all leave at once."),
    ] = False,
    no_power: Annotated[bool, typer.Option("--no-power", help="Every escalator stands still.")] = False,
    split_groups: Annotated[
        bool, typer.Option("--split-groups", help="Children and older people walk at speeds of their own.")
    ] = False,
    seed: Annotated[
        int | None, typer.Option(help="Seed of the rounding to whole people.", show_default=False)
    ] = None,
    compare: Annotated[
        Path | None, typer.Option(help="Folder of another plan, to set beside this one.", show_default=False)
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="For publication: bands for counts, no withheld shelter.")
    ] = False,
    write_costs: Annotated[
        bool, typer.Option("--write-costs", help="Also write every walk, for other solvers.")
    ] = False,
    lang: Annotated[str, typer.Option(help="Language that the report opens in: en or uk.")] = "en",
    threads: Annotated[int, typer.Option(min=1, max=256, help="Searches made at a time.")] = 2,
) -> None:
    """Plan a city: who goes where, who is left outside and why, and the proof that no plan is better.

    Writes report.html, plan.json, and tables for QGIS, GeoPandas and DuckDB.
    """
    if lang not in LANGUAGES:
        raise typer.BadParameter(f"'{lang}' is none of: {', '.join(LANGUAGES)}", param_hint="--lang")
    if public and (compare or write_costs):
        raise typer.BadParameter(
            "shows bands only; leave out --compare and --write-costs", param_hint="--public"
        )
    with reported():
        from takecover.workflow.scenario import Wishes

        wishes = Wishes(
            file=scenario,
            time_limit_s=_seconds(time_limit),
            turnout=turnout,
            period=period,
            speed_m_s=_numbers(speed or [], "--speed", "walking=1.1"),
            threat=threat,
            warning=_warning(warning or []),
            delay_median_s=_numbers(delay or [], "--delay", "night=180"),
            escalators_run=False if no_power else None,
            has_doors=False if places_only else None,
            is_split=split_groups,
            closed_shelter_ids=tuple(close or ()),
            closed_entrance_ids=tuple(close_entrance or ()),
            count_on=count_on,
            seed=seed,
        )
        if scenario is not None and wishes.has_options:
            raise typer.BadParameter(
                "stands in place of the other options; give one or the other", param_hint="--scenario"
            )
        _plan(
            city,
            out,
            wishes,
            compare=compare,
            public=public,
            write_costs=write_costs,
            lang=lang,
            threads=threads,
        )


def _plan(
    name: str,
    out: Path,
    wishes: Wishes,
    *,
    compare: Path | None,
    public: bool,
    write_costs: bool,
    lang: str,
    threads: int,
) -> None:
    """Load the city, plan it, and show the summary."""
    import datetime

    from rich.console import Console

    from takecover.report import terminal
    from takecover.workflow import compiling
    from takecover.workflow import plan as workflow
    from takecover.workflow.load_city import load_city
    from takecover.workflow.outcome import Choices
    from takecover.workflow.scenario import scenario_for

    gc.set_threshold(FEW_COLLECTIONS)
    choices = Choices(lang, public, write_costs, compare, threads)
    today = datetime.date.today().isoformat()
    with shown_progress() as tell, compiling.announced(lambda words: typer.echo(words, err=True)):
        city = load_city(name, tell)
        outcome = workflow.plan(city, scenario_for(city, wishes, today), out, choices, tell)
    Console().print(terminal.summary(outcome.document, out / "report.html", outcome.difference))


def _seconds(text: str | None) -> int | None:
    """``10min``, ``600s`` or ``600`` as seconds."""
    if text is None:
        return None
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise typer.BadParameter(f"'{text}' is no time; give 10min or 600s", param_hint="--time-limit")
    return int(found[1]) * (60 if found[2] == "min" else 1)


def _numbers(texts: list[str], option: str, example: str) -> dict[str, float]:
    """``walking=1.1`` as a name and its number."""
    numbers: dict[str, float] = {}
    for text in texts:
        name, _, number = text.partition("=")
        name = name.strip()
        if name in numbers:
            raise typer.BadParameter(f"'{name}' stands twice; give it once", param_hint=option)
        try:
            numbers[name] = float(number)
        except ValueError:
            raise typer.BadParameter(
                f"'{text}' is no name and number; give {example}", param_hint=option
            ) from None
    return numbers


def _warning(texts: list[str]) -> dict[int, int]:
    """``240=300`` as a time [s] and its thousandths."""
    found = {}
    for text in texts:
        time_s, _, permille = text.partition("=")
        try:
            found[int(time_s)] = int(permille)
        except ValueError:
            raise typer.BadParameter(
                f"'{text}' is no warning time; give 240=300", param_hint="--warning"
            ) from None
    return found
