"""Settles what is known of people in every period and says how it was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from takecover.analysis import notices, origins, zones
from takecover.analysis.notices import Notice
from takecover.analysis.origins import PlacedPeople
from takecover.analysis.parsed import (
    ParsedAreas,
    ParsedHouses,
    ParsedPeople,
    ParsedTotals,
    PeriodPeople,
)
from takecover.analysis.settle import Ground, Settled, settle
from takecover.model.city import Source, Zones

People = ParsedPeople | int | Sequence[PeriodPeople]
"""Points with people or a number to spread along residential streets, by night; or what is known of each period."""


def periods_of(people: People) -> tuple[PeriodPeople, ...]:
    """What is known of each period."""
    if isinstance(people, int):
        return (PeriodPeople(origins.PERIODS[0], people, None),)
    if isinstance(people, ParsedPeople):
        return (PeriodPeople(origins.PERIODS[0], None, people),)
    return tuple(people)


def place(
    known: Sequence[PeriodPeople], ground: Ground, districts: Zones, step_free_share: float
) -> tuple[PlacedPeople, tuple[str, ...]]:
    """Settle the people of every period and join them; with what is to be said of districts by name.

    Raises
    ------
    InputError
        If nobody is in the area of the streets, or people by name are of no district.
    """
    settled: list[Settled] = []
    said: list[str] = []
    for part in known:
        if isinstance(part.totals, ParsedTotals):
            areas = zones.join(part.totals, districts)
            said += areas.findings
            part = replace(part, totals=areas)
        settled.append(settle(part, ground))
    return origins.join([part.period for part in known], settled, step_free_share), tuple(dict.fromkeys(said))


def sources(known: Sequence[PeriodPeople]) -> tuple[Source, ...]:
    """Where the people came from, each source once."""
    found = []
    for part in known:
        if isinstance(part.totals, int):
            how = "spread along streets" if part.houses is None else "spread over houses"
            found.append(Source("people", f"a number given by hand, {how}", "not stated"))
        elif part.totals is not None:
            found.append(part.totals.source)
        if part.houses is not None:
            found.append(part.houses.source)
    return tuple(dict.fromkeys(found))


def findings(known: Sequence[PeriodPeople]) -> tuple[str, ...]:
    """What the readers saw, each sentence once."""
    tables = [table for part in known for table in (part.totals, part.houses)]
    return tuple(
        dict.fromkeys(text for t in tables if t is not None and not isinstance(t, int) for text in t.findings)
    )


def told(
    known: Sequence[PeriodPeople], *, is_pedestrian_town: bool = False, least_floor_m2: float = 0.0
) -> tuple[Notice, ...]:
    """What every output must say of where people are.

    Parameters
    ----------
    known
        People by period.
    is_pedestrian_town
        Whether people are taken to live along pedestrian streets (`spread.is_pedestrian_town`).
    least_floor_m2
        Less floor for each person than this is told [m2].
    """
    said: list[Notice] = []
    for part in known:
        by_size = isinstance(part.houses, ParsedHouses)
        if isinstance(part.totals, int) and part.houses is None:
            said.append(notices.people_are_spread(part.totals, is_pedestrian_town=is_pedestrian_town))
        elif isinstance(part.totals, int):
            said.append(notices.people_are_in_houses(part.totals, by_size=by_size))
        elif isinstance(part.totals, ParsedAreas | ParsedTotals):
            said.append(
                notices.people_are_of_areas()
                if part.houses is None
                else notices.people_of_areas_are_in_houses(by_size=by_size)
            )
        if isinstance(part.houses, ParsedHouses):
            area_m2 = float(part.houses.floor_area_m2.sum()) / max(_count(part.totals), 1.0)
            if area_m2 < least_floor_m2:
                said.append(notices.houses_are_few(area_m2))
    return tuple(dict.fromkeys(said))


def _count(totals: int | ParsedAreas | ParsedTotals | None) -> float:
    """People in all."""
    if totals is None:
        return 0.0
    return float(totals) if isinstance(totals, int) else float(totals.people.sum())
