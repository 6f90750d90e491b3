"""Small worlds whose plans follow by arithmetic, for the tests of everything that shows a plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from takecover.cities import toys
from takecover.model.city import City, Source
from takecover.model.scenario import Scenario
from takecover.workflow import plan as workflow
from takecover.workflow.outcome import Choices, Outcome

SCENARIO = Scenario(
    name="test",
    dated="2026-11-24",
    period="night",
    time_limit_s=240,
    compare_limits_s=(120, 240, 480),
    turnout=1.0,
    speed_m_s={"walking": 1.0, "step_free": 0.5},
    steps_speed_factor=0.5,
    closed_shelter_ids=(),
    norm_profile="ukraine",
    seed=1,
)
"""A metre takes a second on foot, and two in a wheelchair."""


def row() -> City:
    """Five origins of 1, 2, 4, 8, 16 people, 100 m apart, and one shelter of five places at the first.

    Within 240 s three origins of 1, 2 and 4 reach it, at 0, 100 and 200 s. Five get in: 1 + 2 + 2 of the third, who
    walk 0 + 200 + 400 s. Outside stay 2 without a place and 24 too far away.
    """
    return toys.grid(5, 1, 100.0, people=[1, 2, 4, 8, 16], shelters=[toys.Cover((0,), capacity=5)])


def town(side: int = 16, seed: int = 1, shelters: int = 14) -> City:
    """A grid with both groups, stairs, four districts, a few withheld shelters, and fewer places than people."""
    draw = np.random.default_rng(seed)
    count = side * side
    doors = draw.choice(count, shelters, replace=False).tolist()
    covers = [
        toys.Cover(
            (toys.Door(node, is_step_free=i % 3 > 0),), int(draw.integers(40, 200)), is_withheld=i % 5 == 3
        )
        for i, node in enumerate(doors)
    ]
    half = side // 2
    return toys.grid(
        side,
        side,
        60.0,
        people=draw.integers(0, 12, count).tolist(),
        step_free_people=draw.integers(0, 3, count).tolist(),
        shelters=covers,
        steps=[(i, i + 1) for i in range(0, count - 1, 5) if (i + 1) % side],
        zone_of_node=[(i % side) // half + 2 * (i // side // half) for i in range(count)],
    )


def hostile() -> City:
    """A town in which every name tries to be more than a name."""
    city = town()
    attack = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    shelters = city.shelters
    return replace(
        city,
        title=attack,
        title_uk=attack + "'",
        shelters=replace(
            shelters,
            names=np.array([f'{attack}"{i}' for i in range(len(shelters))]),
            kinds=np.full(len(shelters), attack),
        ),
        zones=replace(city.zones, names=np.array([f"{attack}{i}" for i in range(len(city.zones))])),
        sources=(Source("streets", attack, attack, attack, attack),),
        notices=(attack,),
        notices_uk=(attack + "!",),
    )


def planned(city: City, out: Path, choices: Choices | None = None, **changes: object) -> Outcome:
    """The city planned into a folder, under the test's scenario with some changes."""
    scenario = replace(SCENARIO, **changes)  # type: ignore[arg-type]
    return workflow.plan(city, scenario, out, choices)
