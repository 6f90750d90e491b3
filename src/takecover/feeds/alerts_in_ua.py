"""alerts.in.ua: the list of alerts in force in Ukraine.

It asks for at most twelve questions a minute from one address; more than that and it shuts the door.

References
----------
https://devs.alerts.in.ua/ ; a history answer of the same service is what the reader is tried on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from takecover.analysis.alert_lists import Listed
from takecover.analysis.situation_alerts import AlertRow
from takecover.errors import Faults, InputError
from takecover.feeds import json_list
from takecover.feeds.listing import ListingFeed
from takecover.feeds.polite import Address
from takecover.model.feed import FeedSpec

if TYPE_CHECKING:
    import httpx

THREATS = {
    "air_raid": "air",
    "artillery_shelling": "artillery",
    "urban_fights": "fighting",
    "chemical": "chemical",
    "nuclear": "nuclear",
}


def feed(spec: FeedSpec, client: httpx.AsyncClient, rows: Iterable[AlertRow] = ()) -> ListingFeed:
    """The feed, ready to be asked; regions are the service's ``location_uid``."""
    address = Address(client, spec.address, {"Authorization": f"Bearer {spec.token}"} if spec.token else None)
    return ListingFeed(spec, address, read, rows)


def read(data: bytes) -> tuple[Listed, ...]:
    """The alerts in force of an answer, active or history; those with an end are left out.

    Raises
    ------
    InputError
        If it is no such answer: all faults at once.
    """
    value = json_list.loads(data)
    if not isinstance(value, dict):
        raise InputError("it is no object with alerts.")
    faults = Faults("alerts.in.ua")
    found = [
        _listed(row, f"alerts[{number}]", faults)
        for number, row in enumerate(json_list.rows(value.get("alerts"), "alerts"))
        if not row.get("finished_at") and not row.get("deleted_at")
    ]
    faults.raise_if_any()
    return tuple(found)


def _listed(row: Mapping[str, Any], place: str, faults: Faults) -> Listed:
    kind = json_list.text(row, "alert_type", place, faults)
    return Listed(
        key=json_list.text(row, "id", place, faults),
        region_id=json_list.text(row, "location_uid", place, faults),
        threat=THREATS.get(kind, "other"),
        began_at=json_list.time(row, "started_at"),
        message=str(row.get("notes") or ""),
    )
