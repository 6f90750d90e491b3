"""The command ``takecover replay``: it parses, plays alerts that were, and prints them; no arithmetic."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from takecover.cli_errors import reported
from takecover.errors import InputError

if TYPE_CHECKING:
    from takecover.workflow.live.replay import Step

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


def replay(
    file: Annotated[
        Path, typer.Argument(help="History of alerts (CSV): region or oblast, started_at, finished_at.")
    ],
    since: Annotated[
        datetime, typer.Option("--from", formats=FORMATS, help="Alerts that began from then, UTC.")
    ],
    until: Annotated[datetime, typer.Option(formats=FORMATS, help="Alerts that began until then, UTC.")],
    to: Annotated[
        str, typer.Option(help="The running server, started with --exercise.")
    ] = "http://127.0.0.1:8321",
    speed: Annotated[
        float, typer.Option(min=0.01, max=100_000, help="Seconds of that night for each second of now.")
    ] = 10.0,
    region: Annotated[str, typer.Option(help="Region, where the file has several.")] = "",
) -> None:
    """Play a night's alerts through a running server, always as an exercise; TAKECOVER_ALERT_TOKEN opens its door."""
    with reported():
        import asyncio

        import httpx

        from takecover import settings
        from takecover.io import alert_history
        from takecover.store.opening import server_time
        from takecover.workflow.live.replay import Server, play, steps

        token = settings.read().alert_token
        if token is None:
            raise InputError(
                f"{settings.ALERT_TOKEN}: is not set. Give the token that the server was started with."
            )
        spans = alert_history.read(file, region)
        played = steps(spans, since.replace(tzinfo=UTC), until.replace(tzinfo=UTC))

        async def run() -> None:
            async with httpx.AsyncClient(base_url=to, timeout=30.0) as client:
                server = Server(client, token)
                await server.check_exercise()
                typer.echo(f"EXERCISE: {len(played)} messages to {to}, {speed:g} times as fast as they were.")
                await play(played, speed, server.send, server_time, asyncio.sleep, _tell)

        asyncio.run(run())


def _tell(step: Step) -> None:
    typer.echo(f"  {step.at:%Y-%m-%d %H:%M:%S} UTC  {'all clear' if step.is_end else 'alert'}")
