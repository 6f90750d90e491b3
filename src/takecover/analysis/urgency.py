"""Which shelter needs the officer first: by its band, what residents hint, and how long nobody has spoken of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from takecover.analysis.public_state import PublicPlaces, band, shown_band
from takecover.analysis.situation import Rules, State
from takecover.analysis.situation_view import FRESH, UNKNOWN, Fact, ShelterView, shelter, shelter_ids

URGENCIES = ("shut", "hinted", "full", "filling", "silent", "open", "unheard")
"""Why a shelter stands where it does, the most urgent first; ``hinted`` is one that residents say is shut or full while
its own people do not, ``silent`` one whose last word is no longer fresh."""


@dataclass(frozen=True, slots=True)
class ShelterNow:
    """One shelter as the office sees it.

    Attributes
    ----------
    shelter_id
        Which.
    capacity
        Places by the register.
    urgency
        One of `URGENCIES`.
    status
        Its band: ``open``, ``filling``, ``full``, ``shut`` or ``unknown``.
    said
        The word that the band comes from; None where there is none.
    view
        Everything that is known of it.
    """

    shelter_id: str
    capacity: int
    urgency: str
    status: str
    said: Fact | None
    view: ShelterView


def by_urgency(state: State, places: PublicPlaces, at: datetime, rules: Rules) -> tuple[ShelterNow, ...]:
    """Every shelter that anything was said of, the most urgent first, then the largest, then by id.

    Parameters
    ----------
    state
        The world that is shown.
    places
        The shelters, withheld ones too where the reader may know of them; of others nothing is told.
    at
        The server's time.
    rules
        How long words are fresh.
    """
    found = [
        now(shelter(state, each, at, rules), places) for each in shelter_ids(state) if each in places.capacity
    ]
    return tuple(sorted(found, key=_order))


def now(view: ShelterView, places: PublicPlaces) -> ShelterNow:
    """One shelter of which something may have been said."""
    said = band(view, places)
    status = UNKNOWN if said is None else shown_band(said)
    return ShelterNow(
        view.shelter_id, places.capacity[view.shelter_id], _urgency(view, said, status), status, said, view
    )


def _urgency(view: ShelterView, said: Fact | None, status: str) -> str:
    is_hinted = any(said is None or hint.as_of > said.as_of for hint in view.hints)
    if status not in ("shut", "full") and is_hinted:
        return "hinted"
    if said is None:
        return "unheard"
    if status in ("shut", "full", "filling"):
        return status
    return "open" if said.freshness == FRESH else "silent"


def _order(each: ShelterNow) -> tuple[int, int, str]:
    return URGENCIES.index(each.urgency), -each.capacity, each.shelter_id


def counted(shelters: tuple[ShelterNow, ...], places: PublicPlaces) -> Mapping[str, int]:
    """How many shelters there are of each band, all of the city; what nobody spoke of is unknown."""
    found = dict.fromkeys(("shut", "full", "filling", "open", UNKNOWN), 0)
    for each in shelters:
        found[each.status] += 1
    found[UNKNOWN] += len(places.capacity) - len(shelters)
    return found
