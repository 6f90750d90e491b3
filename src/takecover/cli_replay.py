"""The command ``takecover replay``: it parses, plays a raid that was, and prints; no arithmetic."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from takecover.cli_errors import reported
from takecover.cli_journal import address_of
from takecover.cli_progress import shown_progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from takecover.analysis.raids import Raid
    from takecover.settings import Secret
    from takecover.workflow.live.replay import Played, Score

RAID = "raid"


def replay(
    what: Annotated[
        str,
        typer.Argument(
            help="raid: of the journal that --journal or the environment names. Or a file: a SQLite journal, an export "
            "(JSON lines), a history of alerts (CSV: region or oblast, started_at, finished_at). Or postgresql://..."
        ),
    ],
    which: Annotated[
        str, typer.Argument(help="Raid by its number in --list or its local date; the last where not given.")
    ] = "",
    since: Annotated[
        str,
        typer.Option(
            "--from", help="Play what was recorded from then: 2023-05-30T02:00 (local), or with a zone."
        ),
    ] = "",
    until: Annotated[str, typer.Option(help="Play what was recorded until then.")] = "",
    to: Annotated[
        str, typer.Option(help="The running server, started with --exercise.")
    ] = "http://127.0.0.1:8321",
    speed: Annotated[
        float, typer.Option(min=0.1, max=10_000, help="Seconds of that night for each second of now.")
    ] = 10.0,
    region: Annotated[str, typer.Option(help="Region, where a history has several.")] = "",
    journal: Annotated[
        str | None,
        typer.Option(
            help="Journal of `raid`, as in takecover journal; else the environment's.", show_default=False
        ),
    ] = None,
    is_listed: Annotated[bool, typer.Option("--list", help="List the raids, and play none.")] = False,
    is_exercise: Annotated[
        bool, typer.Option("--exercise", help="Has to be said: a replay is an exercise, and nothing else.")
    ] = False,
) -> None:
    """Play a raid through a running exercise, without names and free words; TAKECOVER_REPLAY_TOKEN opens its door."""
    if not is_exercise and not is_listed:
        raise typer.BadParameter("say it: a replay is always an exercise", param_hint="--exercise")
    if bool(since) != bool(until) or (since and which):
        raise typer.BadParameter("give both --from and --until, or a raid", param_hint="--from")
    with reported():
        from takecover.analysis.raids import raids
        from takecover.workflow.live import recordings
        from takecover.workflow.live.replay import chosen, score

        token = None if is_listed else _token()
        span = (_time("--from", since), _time("--until", until)) if since else None
        with recordings.opened(address_of(journal) if what == RAID else what, region, speed) as recording:
            if is_listed:
                for number, raid in enumerate(raids(recording.alerts()), start=1):
                    typer.echo(_line(number, raid))
                return
            if span is None:
                raid = chosen(raids(recording.alerts()), which)
                found = score(recording, raid.began_at, raid.ended_at, raid.is_exercise)
            else:
                found = score(recording, *span)
        if token is not None:
            _play(found, to, token, speed)


def _token() -> Secret:
    from takecover import settings
    from takecover.errors import InputError

    token = settings.read().replay_token
    if token is None:
        raise InputError(
            f"{settings.REPLAY_TOKEN}: is not set. Give the token that the server was started with."
        )
    return token


def _time(option: str, text: str) -> datetime:
    """A time with its zone, or of this machine's own."""
    from takecover.errors import InputError

    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError) as error:
        raise InputError(
            f"{option}: {text!a:.60} is no time. Give 2023-05-30T02:00, or with a zone: ...+03:00."
        ) from error


def _line(number: int, raid: Raid) -> str:
    began = f"{raid.began_at.astimezone():%Y-%m-%d %H:%M}"
    ended = "goes on" if raid.ended_at is None else f"{raid.ended_at.astimezone():%Y-%m-%d %H:%M}"
    where = ", ".join(raid.area_ids[:3]) + (
        f" and {len(raid.area_ids) - 3} more" if len(raid.area_ids) > 3 else ""
    )
    world = "  EXERCISE" if raid.is_exercise else ""
    return (
        f"{number:>4}  {began} to {ended}  {', '.join(raid.threats)}: {where} ({raid.alerts} alerts){world}"
    )


def _play(found: Score, to: str, token: Secret, speed: float) -> None:
    """Play it until it is over or Ctrl-C, and say how it went."""
    import asyncio

    typer.echo(
        f"EXERCISE: {len(found.events):,} events of {found.since.astimezone():%Y-%m-%d %H:%M} to {to}, "
        f"{speed:g} times as fast as they were. Ctrl-C ends it."
    )
    with shown_progress() as bar:

        def tell(at: datetime, played: int) -> None:
            bar(f"{at.astimezone():%H:%M:%S}, event {played:,}", played / len(found.events))

        done = asyncio.run(_run(found, to, token, speed, tell))
    end = "Played to its end" if done.is_whole else "Stopped"
    left = f" {done.left_out:,} acts on the system were left out." if done.left_out else ""
    typer.echo(f"{end}: {done.events:,} of {done.of:,} events.{left} Its alerts and the exercise were ended.")


async def _run(
    found: Score, to: str, token: Secret, speed: float, tell: Callable[[datetime, int], None]
) -> Played:
    import asyncio
    import signal

    import httpx

    from takecover.store.opening import server_time
    from takecover.workflow.live.replay import Player, Server

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)

    async def wait(seconds: float) -> bool:
        if seconds > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), seconds)
        return stop.is_set()

    async with httpx.AsyncClient(base_url=to, timeout=30.0) as client:
        return await Player(Server(client, token), speed, server_time, wait, tell).play(found)
