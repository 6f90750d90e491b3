"""Metro loads of Model Kyiv beside the counts that the city gave: `python scripts/metro_counts.py`.

Prints the table of docs/metro-counts.md. Takes some seconds on two cores once everything is compiled.
"""

from __future__ import annotations

from dataclasses import replace

from takecover import cities
from takecover.analysis import (
    departures,
    doorways,
    five_numbers,
    reach,
    scramble,
    timeline,
    turnout,
)
from takecover.model.city import City
from takecover.model.scenario import Scenario
from takecover.workflow.scenario import default

HORIZON_S = 1800
"""People who have not reached a station half an hour after the siren are not counted."""

SHARES = (
    ("night of 29 May 2023, over 9,000 of 3.2 million", 0.0028),
    ("a bad night of 2025, 24,000 of 3.7 million", 0.0065),
    ("day of 29 May 2023, over 41,000 of 3.2 million", 0.013),
    ("who said so, August 2023", 0.069),
    ("everybody", 1.0),
)
"""Turnouts of the facts, and what they are the shares of."""


def metro_load(city: City, scenario: Scenario) -> tuple[int, int]:
    """People who set out, and those of them under cover in a station at the horizon."""
    costs = reach.reach(city, scenario, HORIZON_S)
    came = turnout.turnout(city.demand, 0, scenario.turnout, scenario.seed)
    people = came[costs.origin_idx, costs.group_idx]
    hops = tuple(reach.between_shelters(city, scenario, HORIZON_S, g) for g in range(len(city.demand.groups)))
    ran = scramble.scramble(
        costs,
        hops,
        departures.departures(city, scenario, costs, people),
        doorways.doorways(city, scenario),
        five_numbers.places(city, scenario),
        timeline.moments(HORIZON_S * 10, [HORIZON_S * 10]),
    )
    load = timeline.load(ran, HORIZON_S * 10, len(city.shelters))
    return int(people.sum()), int(load[city.shelters.kinds == "metro_station"].sum())


def main() -> None:
    """Print the table."""
    city = cities.make("model-kyiv-small")
    base = default(city, "2026-11-25")
    others = city.shelters.shelter_ids[city.shelters.kinds != "metro_station"]
    only_metro = replace(base, closed_shelter_ids=tuple(others.tolist()))
    print(
        "| turnout | people who set out | in stations, to any nearest shelter | in stations, to stations alone |"
    )
    print("| --- | --- | --- | --- |")
    for words, share in SHARES:
        set_out, nearest = metro_load(city, replace(base, turnout=share))
        _, alone = metro_load(city, replace(only_metro, turnout=share))
        print(f"| {share:.2%}: {words} | {set_out:,} | {nearest:,} | {alone:,} |")


if __name__ == "__main__":
    main()
