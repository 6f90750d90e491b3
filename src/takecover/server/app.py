"""The application: every route over one running city."""

from __future__ import annotations

from random import Random

from fastapi import FastAPI

from takecover import __version__
from takecover.server import (
    alerts,
    cap,
    health,
    hints,
    map_data,
    officer,
    officer_acts,
    officer_data,
    officer_erasure,
    officer_links,
    officer_notices,
    pages,
    prices,
    public,
    push,
    replays,
    reports,
    signing_in,
    state,
    stream,
)
from takecover.server.asked import Site
from takecover.server.bare import Application
from takecover.server.headers import SecureHeaders
from takecover.server.problems import Problem, refuse_in_one_shape

ROUTERS = (
    alerts.router,
    cap.router,
    pages.router,
    public.router,
    map_data.router,
    reports.router,
    hints.router,
    push.router,
    replays.router,
    health.router,
    signing_in.router,
    officer.router,
    officer_acts.router,
    officer_data.router,
    officer_erasure.router,
    officer_links.router,
    officer_notices.router,
)


def make_app(site: Site, rng: Random) -> FastAPI:
    """The ASGI application.

    Parameters
    ----------
    site
        The running city and the secrets that open doors.
    rng
        Chance, to spread what clients do at once.
    """
    app = Application(
        state.route(site.live),
        stream.route(site.live, rng),
        prices.route(site.live),
        reports.route(site),
        title="Takecover",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses={"4XX": {"model": Problem}, "503": {"model": Problem}},
    )
    app.state.site = site
    app.state.rng = rng
    refuse_in_one_shape(app)
    for router in ROUTERS:
        app.include_router(router)
    app.add_middleware(SecureHeaders)
    return app
