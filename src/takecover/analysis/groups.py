"""People who can use stairs, split into adults, children and older people, who walk at speeds of their own.

A city holds two groups; what splits the first is an assumption of the scenario, not a fact of the city.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from takecover.analysis import order
from takecover.dtypes import COUNT
from takecover.model.city import City
from takecover.model.demand import Demand, MobilityGroup
from takecover.model.scenario import SPLIT_GROUP, Scenario


def split(city: City, scenario: Scenario) -> City:
    """Split the walking people by the shares of the scenario.

    Parameters
    ----------
    city
        Origins with their districts and groups.
    scenario
        Shares by group, for the city and for single districts, and a speed for each group.

    Returns
    -------
    City
        The city with the new groups behind its own; the same object where the scenario splits nothing. The scenario
        holds for both, but may be checked against the first alone.

    Notes
    -----
    Group after group takes its share of those whom the groups before it have left: in each district the people stand in
    a queue along the Hilbert curve, origin after origin, and every so-many-th of them is of the group, from a seeded
    first one on. Nobody is made up or lost; the total of a group in a district is less than two people from its exact
    share, also where every origin is one person. Whole-number arithmetic throughout.
    """
    if not scenario.group_shares:
        return city
    demand = city.demand
    names = [group.name for group in demand.groups]
    at = names.index(SPLIT_GROUP)
    shares = _shares(city, scenario)
    rng = np.random.default_rng(scenario.seed)
    columns = [list(people.T) for people in demand.people]
    for people in columns:
        taken: dict[str, np.ndarray] = {}
        used = [Fraction(0)] * len(shares)
        for name in scenario.group_shares:
            of_rest = [
                own[name] / (1 - gone) if gone < 1 else Fraction(0)
                for own, gone in zip(shares, used, strict=True)
            ]
            taken[name] = _every_so_many(demand, people[at], of_rest, rng)
            people[at] = people[at] - taken[name]
            used = [gone + own[name] for own, gone in zip(shares, used, strict=True)]
        people.extend(taken.values())
    groups = (*demand.groups, *(MobilityGroup(name, False) for name in scenario.group_shares))
    whole = np.stack([np.stack(people, axis=1) for people in columns])
    return replace(city, demand=replace(demand, groups=groups, people=whole))


def _shares(city: City, scenario: Scenario) -> list[dict[str, Fraction]]:
    """Shares by group of each district, and last of those in none."""
    everywhere = {name: Fraction(str(float(share))) for name, share in scenario.group_shares.items()}
    found = []
    for zone_id in city.zones.zone_ids.tolist():
        own = scenario.group_shares_by_zone.get(str(zone_id), {})
        found.append(everywhere | {name: Fraction(str(float(share))) for name, share in own.items()})
    return [*found, everywhere]


def _every_so_many(
    demand: Demand, people: np.ndarray, shares: list[Fraction], rng: np.random.Generator
) -> np.ndarray:
    """People of each origin who are of a group, by the group's share in each district, shape (n,) int64."""
    taken = np.zeros(len(people), COUNT)
    rows = order.spatial(demand.lon, demand.lat, demand.origin_ids)
    zone_idx = np.where(demand.zone_idx < 0, len(shares) - 1, demand.zone_idx)[rows]
    for zone, share in enumerate(shares):
        own = rows[zone_idx == zone]
        up_to = np.concatenate([[0], np.cumsum(people[own])]).tolist()
        first = int(rng.integers(share.denominator)) if share.denominator < 1 << 62 else 0
        count = [(n * share.numerator + first) // share.denominator for n in up_to]
        taken[own] = np.diff(np.array(count, COUNT))
    return taken
