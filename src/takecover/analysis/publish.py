"""The figures as the public may see them: bands in place of counts, and no proof, price or time that would undo them.

To be made only from a plan of the city without its withheld shelters (`withhold`); it hides numbers, not shelters.
"""

from __future__ import annotations

from typing import Any

from takecover.analysis import bands
from takecover.analysis.figures import (
    REASONS,
    ComparisonFigures,
    DistrictFigures,
    Figures,
    ShelterFigures,
)

MARKING = "public"


def publish(figures: Figures) -> dict[str, Any]:
    """Turn figures into bands.

    Parameters
    ----------
    figures
        Figures of a plan that never knew of a withheld shelter.

    Returns
    -------
    dict
        As JSON has it. A band is ``[lowest, highest]``, both included; ``…_percent`` is a band of a share.
    """
    plain = figures.as_dict()
    people = figures.people
    return {
        "format": plain["format"],
        "marking": MARKING,
        "city": plain["city"],
        "scenario": plain["scenario"],
        "time_limit_s": figures.time_limit_s,
        "warning": plain["warning"],
        "delay": plain["delay"],
        "people": _people(people),
        "places": _people(sum(shelter.capacity for shelter in figures.shelters)),
        "shelter_count": len(figures.shelters),
        "under_cover_percent": _percent(figures.under_cover, people),
        "unserved_percent": _percent(figures.unserved, people),
        "unserved": _people(figures.unserved),
        "unserved_by_reason": {name: _people(plain["unserved_by_reason"][name]) for name in REASONS},
        "scramble": {"under_cover_percent": _percent(figures.scramble.under_cover, people)},
        "is_proven": tuple(figures.certificate.gap) == (0, 0),
        "comparison": [_comparison(row, people) for row in figures.comparison],
        "districts": [_district(row) for row in figures.districts],
        "shelters": [_shelter(row) for row in figures.shelters],
    }


def _comparison(row: ComparisonFigures, people: int) -> dict[str, Any]:
    return {
        "time_limit_s": row.time_limit_s,
        "scramble_percent": _percent(row.scramble_under_cover, people),
        "plan_percent": _percent(row.plan_under_cover, people),
        "bound_percent": _percent(row.bound, people),
    }


def _district(row: DistrictFigures) -> dict[str, Any]:
    return {
        "zone_id": row.zone_id,
        "name": row.name,
        "name_uk": row.name_uk,
        "people": _people(row.people),
        "under_cover_percent": _percent(row.under_cover, row.people),
        "scramble_percent": _percent(row.scramble_under_cover, row.people),
        "places": _people(row.capacity),
        "shelters": row.shelters,
    }


def _shelter(row: ShelterFigures) -> dict[str, Any]:
    return {
        "shelter_id": row.shelter_id,
        "name": row.name,
        "kind": row.kind,
        "lon": row.lon,
        "lat": row.lat,
        "zone_id": row.zone_id,
        "places": _people(row.capacity),
        "level": bands.level(row.load, row.capacity),
    }


def _people(count: int) -> list[int]:
    return list(bands.people(count))


def _percent(part: int, whole: int) -> list[int]:
    return list(bands.percent(part, whole))
