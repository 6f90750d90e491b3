"""The feeds of a city, made from a file that names them, and listened to for as long as the server runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from takecover.analysis.situation_alerts import rows
from takecover.analysis.situation_topics import ALERTS
from takecover.errors import InputError
from takecover.feeds.listen import Feed, Health, listen
from takecover.model.event import Draft
from takecover.model.feed import FeedSpec
from takecover.workflow.live.live import Live

if TYPE_CHECKING:
    import httpx

LOG = logging.getLogger("takecover.feeds")
POST = "posted"
"""Feed id of the alerts that are posted to the server itself."""


def read_feeds(path: Path, environment: Mapping[str, str], is_exercise: bool) -> tuple[FeedSpec, ...]:
    """The feeds of a file, fit for the world that the server shows.

    Raises
    ------
    InputError
        The file is broken, a feed takes the server's own name, or a real feed is to be heard in an exercise.
    SourceError
        The file cannot be read.
    """
    from takecover.io import feed_file

    specs = feed_file.read(path, environment)
    if any(spec.feed_id == POST for spec in specs):
        raise InputError(
            f"{path}: '{POST}' is the name of alerts sent to this server. Give the feed another."
        )
    real = [spec.feed_id for spec in specs if not spec.is_exercise]
    if is_exercise and real:
        raise InputError(
            f"{path}: {', '.join(real)} is real, and the server shows an exercise. Leave it out, or mark a feed that "
            "is made for the exercise with is_exercise = true."
        )
    return specs


def make_feed(spec: FeedSpec, client: httpx.AsyncClient, live: Live) -> Feed:
    """The feed of a specification, which remembers by the journal what was on before."""
    from takecover.feeds import alerts_in_ua, oref, ukrainealarm
    from takecover.feeds.cap_feed import CapFeed
    from takecover.feeds.folder import FolderFeed
    from takecover.io import atom, cap

    known = rows(live.followed.situation.state(spec.is_exercise).trails.get(ALERTS, ())).values()
    match spec.kind:
        case "alerts_in_ua":
            return alerts_in_ua.feed(spec, client, known)
        case "ukrainealarm":
            return ukrainealarm.feed(spec, client, known)
        case "oref":
            return oref.OrefFeed(spec, client, known)
        case "cap":
            return CapFeed(spec, client, live.areas, atom.read, cap.read)
        case _:
            return FolderFeed(spec, live.areas, cap.read_file)


@asynccontextmanager
async def listening(live: Live, specs: Sequence[FeedSpec], rng: Random) -> AsyncIterator[None]:
    """Listen to every feed while the body runs.

    Parameters
    ----------
    live
        Takes the events, and is told how each feed does.
    specs
        The feeds; none is fine.
    rng
        Chance, to ask services at odd moments.
    """
    import httpx

    async def record(drafts: tuple[Draft, ...]) -> None:
        for each in await live.record(*drafts):
            if isinstance(each, InputError):
                LOG.warning("not recorded: %s", each)

    def show(health: Health) -> None:
        live.health[health.feed_id] = health

    async with httpx.AsyncClient(follow_redirects=False) as client, AsyncExitStack() as running:
        for spec in specs:
            live.health[spec.feed_id] = Health(spec.feed_id)
            job = listen(make_feed(spec, client, live), record, show, live.now, asyncio.sleep, rng)
            await running.enter_async_context(live.keeping(f"feed {spec.feed_id}", job))
        yield
