"""Starts everything in order: city, journal, feeds, application; and ends it in the other order."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import SystemRandom

from takecover import settings
from takecover.model.feed import FeedSpec
from takecover.server.app import make_app
from takecover.server.asked import Site
from takecover.server.built import NOT_BUILT, is_built
from takecover.server.run import Tls, bound, keep_what_is_there, raise_descriptors, serve
from takecover.settings import Secret
from takecover.store.accounts import AccountBook
from takecover.store.opening import open_journal, server_time
from takecover.store.outbox import Outbox
from takecover.workflow.live.accounts import Accounts
from takecover.workflow.live.links import link
from takecover.workflow.live.listening import listening, read_feeds
from takecover.workflow.live.live import Live
from takecover.workflow.live.night import Player, night_for
from takecover.workflow.live.practice import practice_officers
from takecover.workflow.live.pricing import pricing
from takecover.workflow.live.subscribing import speaking, voices_of
from takecover.workflow.load_city import load_city


@dataclass(frozen=True)
class Order:
    """What is to be served.

    Attributes
    ----------
    city
        Folder of a city, or the name of a made one.
    journal
        Address of the journal; the environment's where None.
    feeds
        File that names the sources of alerts; none where None.
    host, port
        Where to listen; port 0 takes a free one.
    is_exercise
        True to show an exercise.
    night_speed
        Seconds of the exercise night for each second of now; 0 plays none.
    tls
        Certificate and key; plain HTTP where None.
    """

    city: str
    journal: str | None
    feeds: Path | None
    host: str
    port: int
    is_exercise: bool
    night_speed: float = 0.0
    tls: Tls | None = None


async def start(order: Order, tell: Callable[[str], None]) -> None:
    """Serve until a signal to stop comes.

    Parameters
    ----------
    order
        What is to be served.
    tell
        Takes the lines that a person at the terminal sees.

    Raises
    ------
    InputError, SourceError, StoreError
        A file, the journal or the address is at fault; nothing was started.
    """
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    found = settings.read()
    specs = () if order.feeds is None else read_feeds(order.feeds, os.environ, order.is_exercise)
    raise_descriptors()
    sock = bound(order.host, order.port)
    try:
        city = load_city(order.city)
        journal = open_journal(order.journal or found.journal.reveal())
        try:
            live, outbox = Live(city, journal, server_time, order.is_exercise), Outbox(journal.place)
            accounts = Accounts(
                AccountBook(journal.place), journal, server_time, is_exercise=order.is_exercise
            )
            app = make_app(site_for(live, found, outbox, accounts), SystemRandom())
            name = f"[{order.host}]" if ":" in order.host else order.host
            scheme = "http" if order.tls is None else "https"
            address = f"{scheme}://{name}:{sock.getsockname()[1]}"

            is_up = asyncio.Event()
            officers = practice_officers(accounts) if order.night_speed and order.is_exercise else {}

            def say_where() -> None:
                for line in lines(live, address, specs, is_open=found.alert_token is not None):
                    tell(line)
                if order.night_speed:
                    tell(f"  Night    plays again and again, {order.night_speed:g} times as fast as it was")
                    for line in practice_lines(live, address, officers, found.link_key):
                        tell(line)
                keep_what_is_there()
                tell("Ctrl-C stops it.")
                is_up.set()

            async with (
                live.working(),
                listening(live, specs, SystemRandom()),
                speaking(live, outbox, found, SystemRandom()),
                playing(live, order.night_speed),
                pricing(live, is_up),
            ):
                await serve(app, sock, stop, say_where, live.close, order.tls)
        finally:
            journal.close()
    finally:
        sock.close()


def site_for(live: Live, found: settings.Settings, outbox: Outbox, accounts: Accounts) -> Site:
    """What the routes work with, by the settings of the surroundings.

    Raises
    ------
    InputError
        A key is none.
    """
    push = voices_of(found).push
    return Site(
        live,
        found.alert_token,
        found.link_key,
        found.cap_sender,
        outbox=outbox,
        accounts=accounts,
        push_public_key=None if push is None else push.public_key,
        replay_token=found.replay_token,
    )


@asynccontextmanager
async def playing(live: Live, speed: float) -> AsyncIterator[None]:
    """Play the exercise night for as long as the body runs; nothing where the speed is 0."""
    if not speed:
        yield
        return
    night = await asyncio.to_thread(night_for, live.city)
    async with live.keeping("exercise night", Player(live, night, speed, asyncio.sleep).play_for_ever()):
        yield


def practice_lines(live: Live, address: str, officers: Mapping[str, str], key: Secret | None) -> list[str]:
    """With what to practise: officers with their passwords, and a warden's link, of a made-up city alone.

    The link would open a real shelter's report in any other city, on every server with the same key.
    """
    found = [
        f"  Log in   as {user_id}, password {password} (for this run; exercise only)"
        for user_id, password in officers.items()
    ]
    if key is None or not live.city.is_modelled:
        return found
    shelters = live.city.shelters
    first = str(shelters.shelter_ids[~shelters.is_withheld][0])
    token = link("warden", first, (live.now() + timedelta(days=1)).date()).token(key)
    return [*found, f"  Warden   {address}/w/{token}"]


def lines(live: Live, address: str, specs: Sequence[FeedSpec], *, is_open: bool) -> list[str]:
    """What a person at the terminal sees once the server is up."""
    feeds = ", ".join(spec.feed_id for spec in specs) or "none"
    found = [
        f"{live.city.title} is served{', as an EXERCISE: nothing here is real' if live.is_exercise else ''}."
    ]
    if live.city.is_modelled:
        found.append("  This city is made up: nothing of it is fit for a real raid.")
    return [
        *found,
        *([] if is_built() else [f"  {NOT_BUILT}"]),
        f"  Public   {address}/",
        f"  State    {address}/api/v1/state",
        f"  Changes  {address}/api/v1/stream",
        f"  API      {address}/api/v1/openapi.json",
        f"  Notices  {address}/cap/feed.atom",
        f"  Office   {address}/login",
        f"  Health   {address}/healthz",
        f"  Feeds    {feeds}; alerts sent to {address}/api/v1/alerts are "
        + ("taken with the token" if is_open else f"refused (no {settings.ALERT_TOKEN})"),
    ]
