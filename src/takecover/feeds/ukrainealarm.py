"""ukrainealarm: regions of Ukraine with the alerts in force in each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from takecover.analysis.alert_lists import Listed
from takecover.analysis.situation_alerts import AlertRow
from takecover.errors import Faults
from takecover.feeds import json_list
from takecover.feeds.listing import ListingFeed
from takecover.feeds.polite import Address
from takecover.model.feed import FeedSpec

if TYPE_CHECKING:
    import httpx

THREATS = {
    "AIR": "air",
    "ARTILLERY": "artillery",
    "URBAN_FIGHTS": "fighting",
    "CHEMICAL": "chemical",
    "NUCLEAR": "nuclear",
}
NO_ALERT = "INFO"
"""A word to the people of a region that is no alert."""


def feed(spec: FeedSpec, client: httpx.AsyncClient, rows: Iterable[AlertRow] = ()) -> ListingFeed:
    """The feed, ready to be asked; regions are the service's ``regionId``."""
    address = Address(client, spec.address, {"Authorization": spec.token} if spec.token else None)
    return ListingFeed(spec, address, read, rows)


def read(data: bytes) -> tuple[Listed, ...]:
    """The alerts in force of an answer.

    Raises
    ------
    InputError
        If it is no such answer: all faults at once.
    """
    faults = Faults("ukrainealarm")
    found = []
    for number, region in enumerate(json_list.rows(json_list.loads(data), "the answer")):
        place = f"[{number}].activeAlerts"
        region_id = json_list.text(region, "regionId", f"[{number}]", faults)
        for row in json_list.rows(region.get("activeAlerts", []), place):
            kind = json_list.text(row, "type", place, faults)
            if kind == NO_ALERT:
                continue
            threat = THREATS.get(kind, "other")
            began_at = json_list.time(row, "lastUpdate")
            found.append(Listed(f"{region_id}:{kind}", region_id, threat, began_at=began_at))
    faults.raise_if_any()
    return tuple(found)
