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

SPANS_S = (1800, 3600)
"""People are counted half an hour and an hour after the siren; the alerts of the counts lasted longer."""

SHARES = (
    ("0.28 %, as in the Metro in the night of 29 May 2023", 0.0028),
    ("0.65 %, as in a bad night of 2025", 0.0065),
    ("1.3 %, as by day on 29 May 2023", 0.013),
    ("6.9 %, who said so", 0.069),
    ("everybody", 1.0),
)
"""Turnouts of the facts, and what they are the shares of."""


HEADS = (
    "turnout",
    "people who set out",
    "in stations after half an hour, if everyone goes to the nearest shelter of any kind",
    "the same, if everyone goes to the nearest station",
    "after an hour",
)
"""Columns of the table."""


def only_metro(city: City, scenario: Scenario) -> Scenario:
    """The same with every other shelter closed, so that people go to stations alone."""
    others = city.shelters.shelter_ids[city.shelters.kinds != "metro_station"]
    return replace(scenario, closed_shelter_ids=tuple(others.tolist()))


def metro_load(city: City, scenario: Scenario) -> tuple[int, ...]:
    """People who set out, and those of them under cover in a station after each span."""
    horizon_s = SPANS_S[-1]
    costs = reach.reach(city, scenario, horizon_s)
    came = turnout.turnout(city.demand, 0, scenario.turnout, scenario.seed)
    people = came[costs.origin_idx, costs.group_idx]
    hops = tuple(reach.between_shelters(city, scenario, horizon_s, g) for g in range(len(city.demand.groups)))
    ran = scramble.scramble(
        costs,
        hops,
        departures.departures(city, scenario, costs, people),
        doorways.doorways(city, scenario),
        five_numbers.places(city, scenario),
        timeline.moments(horizon_s * 10, [span_s * 10 for span_s in SPANS_S]),
    )
    is_station = city.shelters.kinds == "metro_station"
    loads = (timeline.load(ran, span_s * 10, len(city.shelters))[is_station].sum() for span_s in SPANS_S)
    return int(people.sum()), *(int(load) for load in loads)


def row(city: City, words: str, share: float) -> str:
    """One row of the table."""
    base = replace(default(city, "2026-11-25"), turnout=share)
    set_out, nearest, _ = metro_load(city, base)
    _, soon, later = metro_load(city, only_metro(city, base))
    return f"| {words} | {set_out:,} | {nearest:,} | {soon:,} | {later:,} |"


def main() -> None:
    """Print the table."""
    city = cities.make("model-kyiv-small")
    print(f"| {' | '.join(HEADS)} |")
    print(f"|{' --- |' * len(HEADS)}")
    for words, share in SHARES:
        print(row(city, words, share))


if __name__ == "__main__":
    main()
