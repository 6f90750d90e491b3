"""A document as ``plan.json`` holds it, with round numbers for all that is told of minutes, doors and broadcasts.

Built on the figures of any plan, so that a page can be tried with warnings, surges and losses that no small world has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

COHORT_S = (62.4, 118.7, 181.3, 278.0, 599.2)
TURNOUTS = (0.07, 0.3, 1.0)


def sample(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with every figure over time replaced by one that follows from its people and its two totals."""
    people, plan, scramble = document["people"], document["under_cover"], document["scramble"]["under_cover"]
    bound = round(plan * 1.05)
    time_s = np.asarray(document["curves"]["time_s"])
    rise = time_s / max(time_s[-1], 1)
    curves = {
        "time_s": time_s.tolist(),
        "scramble": (scramble * rise**0.7).astype(int).tolist(),
        "guided": (0.5 * (scramble + plan) * rise**0.8).astype(int).tolist(),
        "plan": (plan * rise**0.9).astype(int).tolist(),
        "bound_time_s": time_s[::6].tolist(),
        "bound": (bound * rise[::6] ** 0.7).astype(int).tolist(),
    }
    return {
        **document,
        "warning": {"threat": "ballistic", "time_s": [0, 240, 600, 1200], "weight": [400, 300, 200, 100]},
        "delay": {"median_s": 180.0, "spread": 0.8, "cohort_s": list(COHORT_S)},
        "expected": {"scramble": scramble * 0.4, "guided": plan * 0.45, "plan": plan * 0.5},
        "bracket": {
            "promised": plan + 12,
            "arrived": plan,
            "bound": bound,
            "fifo_lost": 12,
            "with_rest": plan + 5,
        },
        "certificate": {
            "primal": [1500, 400],
            "dual": [1500, 400],
            "gap": [0, 0],
            "units_per_person": 1000,
            "slot_s": 30.0,
        },
        "curves": curves,
        "whereabouts": _whereabouts(time_s[::3], people, plan, scramble),
        "fill": _fill(len(document["shelters"]), float(time_s[-1])),
        "doors": {"plan": _doors(document, 40), "scramble": _doors(document, 400)},
        "turnouts": [_turnout(share, people, plan, scramble, bound) for share in TURNOUTS],
        "guidance": _guidance(document, people, plan, scramble),
    }


def _whereabouts(time_s: np.ndarray, people: int, plan: int, scramble: int) -> dict[str, Any]:
    rise = time_s / max(time_s[-1], 1)
    found: dict[str, Any] = {"time_s": time_s.tolist()}
    for crowd, inside in (("plan", plan), ("scramble", scramble)):
        counts = {
            "under_cover": inside * rise,
            "entering": people * 0.02 * rise,
            "in_hall": people * 0.03 * rise,
            "queueing": (people - inside) * 0.3 * rise,
            "walking": (people - inside) * rise * (1 - rise),
            "stranded": people * 0.04 * rise,
        }
        whole = {name: np.asarray(count).astype(np.int64) for name, count in counts.items()}
        found[crowd] = {
            "staying": (people - np.sum(list(whole.values()), axis=0)).tolist(),
            **{name: count.tolist() for name, count in whole.items()},
        }
    return found


def _fill(shelters: int, last_s: float) -> dict[str, Any]:
    steps = range(21)
    return {
        "time_s": [last_s * step / 20 for step in steps],
        "plan": ["".join(str(min(9, (step * (1 + i % 3)) // 3)) for i in range(shelters)) for step in steps],
        "scramble": ["".join(str(min(9, step * (i % 4))) for i in range(shelters)) for step in steps],
    }


def _doors(document: Mapping[str, Any], queue: int) -> list[dict[str, Any]]:
    words = ("critical", "dangerous", "alarm", "slowed", "free")
    return [
        {
            "entrance_id": f"{shelter['shelter_id']}-1",
            "shelter_id": shelter["shelter_id"],
            "name": shelter["name"],
            "kind": shelter["kind"],
            "lon": shelter["lon"],
            "lat": shelter["lat"],
            "flow_per_min": 6e7 if i == 4 else 55.2,
            "queue": queue * (10 - i),
            "queue_at_s": 300.0 + i,
            "wait_s": 90.0 + i,
            "density_per_m2": max(7.5 - i, 0.4),
            "warning": words[min(i, 4)],
            "is_surge": i == 1,
            "is_single": i == 2,
        }
        for i, shelter in enumerate(document["shelters"][:10])
    ]


def _turnout(share: float, people: int, plan: int, scramble: int, bound: int) -> dict[str, Any]:
    counts = {"scramble": scramble, "plan": plan, "guided": (plan + scramble) // 2, "bound": bound}
    return {
        "turnout": share,
        "people": round(people * share),
        **{name: round(count * share) for name, count in counts.items()},
    }


def _guidance(document: Mapping[str, Any], people: int, plan: int, scramble: int) -> dict[str, Any]:
    cells = [
        {
            "priced_for": priced,
            "comes": comes,
            "under_cover": round(plan * comes),
            "lost": round(plan * comes * loss),
            "lost_share": loss,
            "overfilled": round(1000 * loss),
        }
        for priced in TURNOUTS
        for comes in TURNOUTS
        for loss in [round(0.004 + 0.03 * max(0.0, comes - priced), 4)]
    ]
    shares = (0.0, 0.1, 0.3, 0.5, 0.7, 1.0)
    followed = []
    for share in shares:
        followers = round(people * share)
        inside = scramble + (plan - scramble) * share**0.6
        of_followers = round(inside * share * (1.08 if share < 1 else 1))
        followed.append(
            {
                "share": share,
                "under_cover": round(inside),
                "followers": followers,
                "followers_under_cover": of_followers,
                "rest": people - followers,
                "rest_under_cover": round(inside) - of_followers,
            }
        )
    return {
        "kind": "shelter",
        "numbers": len(document["shelters"]),
        "spread_s": 60.0,
        "priced_for": 1.0,
        "misfit": 0.12,
        "cells": cells,
        "followed": followed,
    }
