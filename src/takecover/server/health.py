"""Whether the server works, for the machine that watches it; and a look at how each feed does."""

from __future__ import annotations

from fastapi import APIRouter, Response

from takecover.model.event_fields import write_moment
from takecover.server.asked import TheSite
from takecover.server.shapes import FeedHealth, Health

router = APIRouter()


@router.get("/healthz", response_model=Health, responses={503: {"model": Health}})
async def healthz(response: Response, site: TheSite) -> Health:
    """200 while the journal is reached and everything runs, 503 otherwise. A silent feed is no fault of the server."""
    live = site.live
    if not live.is_whole:
        response.status_code = 503
    return Health(
        is_exercise=live.is_exercise,
        status="ok" if live.is_whole else "failing",
        is_journal_reached=not live.followed.failure,
        stopped=list(live.stopped),
        version=live.public.version,
        feeds=[
            FeedHealth(
                feed_id=each.feed_id,
                last_heard_at=None if each.last_heard_at is None else write_moment(each.last_heard_at),
                failures=each.failures,
            )
            for each in live.health.values()
        ],
    )
