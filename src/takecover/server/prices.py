"""The prices of a running city, whole: one answer for everybody, made once for each set."""

from __future__ import annotations

from typing import Any

from takecover.server.bare import SCHEMAS, Bare
from takecover.server.shapes import Prices
from takecover.server.state import OPERATION as STATE
from takecover.server.state import StateRoute
from takecover.workflow.live.live import Live
from takecover.workflow.live.price_board import ADDRESS

OPERATION: dict[str, Any] = {
    "summary": "Prices",
    "operationId": "prices",
    "description": "What one more place of each public shelter gains, for the scenario that the set names.\n\n"
    "A shelter's price rises as places run short. Do not take the one best door: draw among the doors by weights. "
    "`is_current` is false where no set is to be used. The state and the stream tell of each new set under `prices`.",
    "parameters": STATE["parameters"],
    "responses": {
        "200": {
            "description": "The newest set; without prices before the first.",
            "content": {"application/json": {"schema": {"$ref": f"{SCHEMAS}Prices"}}},
        },
        "304": {"description": "It is as you have it."},
    },
}


def route(live: Live) -> Bare:
    """The path of the prices."""
    return Bare(ADDRESS, StateRoute(lambda: live.prices.public), OPERATION, Prices)
