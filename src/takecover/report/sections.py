"""What the sections of the planner's report show of the figures: which rows, in which order, and a few sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from takecover.model.doorways import UNMETERED_PER_KS

WORST, WORST_BELOW = 10, 5
"""Rows of each table of shelters, and stretches in which the plan is worse, that are shown."""

FLICKER = 0.02
"""A stretch that costs less than this share of the worst one is only counted."""

STEPS = ("registered", "exists", "usable", "open", "in_time")
"""The five numbers of places, each a part of the one before."""

LOST_AT_MOST = 0.01
"""Share of those under cover that a broadcast may lose and still be called good."""

CALM = ("free", "slowed")
"""Densities before a door that are no reason for a warning."""

_UNMETERED_PER_MIN = UNMETERED_PER_KS * 60 / 1000


@dataclass(frozen=True)
class Step:
    """Places left at one of the five numbers, and those that were lost since the one before."""

    name: str
    places: int
    lost: int
    is_counted: bool


@dataclass(frozen=True)
class Door:
    """A door as the table shows it; no flow where nothing meters it."""

    row: Mapping[str, Any]
    flow_per_min: float | None
    warnings: tuple[str, ...]


def worst(shelters: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """The shelters at the head of each table; ties go to the larger, then to the lower id."""

    def first(rows: Sequence[Mapping[str, Any]], *keys: str) -> list[Mapping[str, Any]]:
        return sorted(rows, key=lambda s: (*(-s[key] for key in (*keys, "capacity")), s["shelter_id"]))[
            :WORST
        ]

    return {
        "price": first(
            [s for s in shelters if (s["price_people"], s["price_s"]) > (0, 0)], "price_people", "price_s"
        ),
        "turned_away": first([s for s in shelters if s["turned_away"]], "turned_away"),
        "full": first([s for s in shelters if s["load"]], "utilisation"),
    }


def below(figures: Mapping[str, Any]) -> list[tuple[str, list[Mapping[str, Any]], int]]:
    """When the plan is worse, before the last strike that it is made for and from it on.

    Which it is (`weighed` before the last of several strikes), the stretches to tell, and how many more.
    """
    spans, strikes_s = figures["below"], figures["warning"]["time_s"]
    found = []
    for which, own in (
        ("early" if len(strikes_s) == 1 else "weighed", [s for s in spans if s["from_s"] < strikes_s[-1]]),
        ("late", [s for s in spans if s["from_s"] >= strikes_s[-1]]),
    ):
        told = worst_below(own)
        if told:
            found.append((which, told, len(own) - len(told)))
    return found


def worst_below(spans: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The stretches in which the plan lies farthest below the scramble, in the order of time; no mere flickers."""
    farthest = sorted(spans, key=lambda span: -span["largest"])[:WORST_BELOW]
    return sorted(
        (span for span in farthest if span["largest"] >= FLICKER * farthest[0]["largest"]),
        key=lambda span: span["from_s"],
    )


def shelter_counts(shelters: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many shelters there are, are full, get nobody, have no place, and would gain people by one more place."""
    return {
        "count": len(shelters),
        "full": sum(0 < s["capacity"] <= s["load"] for s in shelters),
        "idle": sum(s["load"] == 0 for s in shelters),
        "placeless": sum(s["capacity"] == 0 for s in shelters),
        "with_gain": sum(s["price_people"] > 0 for s in shelters),
    }


def steps(places: Mapping[str, Any]) -> list[Step]:
    """The fall from the registered places of the city to those that can be entered in time."""
    counts = [places["city"][name] for name in STEPS]
    before = [counts[0], *counts[:-1]]
    return [
        Step(name, count, last - count, name == places["count_on"])
        for name, count, last in zip(STEPS, counts, before, strict=True)
    ]


def place_districts(figures: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each district that is one, with its five numbers."""
    by_key = {row["key"]: row for row in figures["places"]["districts"]}
    return [
        (district, by_key[district["zone_id"]])
        for district in figures["districts"]
        if district["zone_id"] and district["zone_id"] in by_key
    ]


def doors(rows: Sequence[Mapping[str, Any]]) -> list[Door]:
    """The worst doors of a crowd, with what there is to warn of."""
    return [
        Door(
            row,
            None if row["flow_per_min"] >= _UNMETERED_PER_MIN else row["flow_per_min"],
            tuple(
                ([] if row["warning"] in CALM else [row["warning"]])
                + (["surge"] if row["is_surge"] else [])
                + (["single"] if row["is_single"] else [])
            ),
        )
        for row in rows
    ]


def cells(guidance: Mapping[str, Any]) -> list[tuple[float, list[Mapping[str, Any]]]]:
    """The table of what is priced for against who comes: each priced share with its cells, both ascending."""
    priced = sorted({cell["priced_for"] for cell in guidance["cells"]})
    return [
        (
            share,
            sorted(
                (cell for cell in guidance["cells"] if cell["priced_for"] == share),
                key=lambda cell: float(cell["comes"]),
            ),
        )
        for share in priced
    ]


def is_good(guidance: Mapping[str, Any]) -> bool:
    """True where the prices that are broadcast lose little, whoever comes."""
    return worst_loss(guidance) < LOST_AT_MOST


def worst_loss(guidance: Mapping[str, Any]) -> float:
    """The most that what is broadcast loses, as a share of those under cover by the plan for whoever comes."""
    own = [cell for cell in guidance["cells"] if cell["priced_for"] == guidance["priced_for"]]
    return float(max((cell["lost_share"] for cell in own), default=0.0))
