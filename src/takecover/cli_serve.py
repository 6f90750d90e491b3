"""The command ``takecover serve``: it parses, starts the server and prints where it is; no arithmetic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from takecover.cli_errors import reported
from takecover.cli_journal import Address


def serve(
    city: Annotated[str, typer.Argument(help="Folder of a city, or the name of a made one.")],
    journal: Address = None,
    feeds: Annotated[
        Path | None, typer.Option(help="File that names the sources of alerts (TOML).", show_default=False)
    ] = None,
    host: Annotated[
        str,
        typer.Option(help="Address of this machine to listen on; others reach only what a proxy passes on."),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8321,
    exercise: Annotated[
        bool, typer.Option("--exercise", help="Show an exercise, and nothing that is real.")
    ] = False,
    night: Annotated[
        bool | None,
        typer.Option(
            "--night/--no-night",
            help="Play the packaged exercise night again and again. Shows an exercise. Where not said: yes for a made "
            "city without feeds.",
            show_default=False,
        ),
    ] = None,
    speed: Annotated[
        float, typer.Option(min=0.1, max=1000, help="Seconds of that night for each second of now.")
    ] = 20.0,
    tls_cert: Annotated[
        Path | None, typer.Option(help="Certificate, as PEM, to serve over TLS.", show_default=False)
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option(help="Key of the certificate, as PEM.", show_default=False)
    ] = None,
) -> None:
    """Serve a city under alert: alerts and reports in, one state out, in which every fact has an age.

    Runs until it is stopped with Ctrl-C or a TERM signal.
    """
    with reported():
        import asyncio

        from takecover.server.run import Tls
        from takecover.server.start import Order, start

        if (tls_cert is None) != (tls_key is None):
            raise typer.BadParameter("Give --tls-cert and --tls-key, or neither.", param_hint="--tls-cert")
        tls = None if tls_cert is None or tls_key is None else Tls(tls_cert, tls_key)

        plays = night if night is not None else feeds is None and not Path(city).exists()
        order = Order(city, journal, feeds, host, port, exercise or plays, speed if plays else 0.0, tls)
        with asyncio.Runner() as runner:
            runner.run(start(order, typer.echo))
        typer.echo("Stopped.")
