"""Model Kyiv: a city made from facts (stations, districts, people, river, bridges, shelters) and a seed.

Its streets are made up. Nothing of it is fit for a real raid.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from takecover.cities.model_kyiv import cover, facts, people, streets
from takecover.cities.model_kyiv.terrain import Terrain
from takecover.model.city import City, Source, Zones

SEED = 20230530
"""The night of the raid that the project begins with."""


@dataclass(frozen=True)
class Size:
    """How finely the city is made.

    Attributes
    ----------
    nodes
        Nodes of the street network.
    origins
        Blocks that people set out from.
    """

    nodes: int
    origins: int


SIZES = {"small": Size(20_000, 6_000), "medium": Size(100_000, 18_000), "full": Size(350_000, 50_000)}
"""The same area, people and shelters at each size; only streets and origins coarsen."""

SIZES_UK = {"small": "малий", "medium": "середній", "full": "повний"}

NOTICES = (
    "The streets of Model Kyiv are modelled: they come from a seed and exist nowhere. Not for use in a real raid.",
    "Stations, district totals of people and shelters, and the bridges are facts; the river, the outlines of the "
    "districts, hills, and the places and sizes of all shelters but the stations are sketched or drawn by lot, "
    "as is which of them are missing, unfit or locked; doors, stairs and escalators of stations are assumed by type.",
)
NOTICES_UK = (
    "Вулиці Модельного Києва змодельовані: їх створено за випадковим числом, насправді таких вулиць немає. "
    "Не для використання під час справжньої тривоги.",
    "Станції метро, кількість мешканців і укриттів за районами та мости є фактами; річку, межі районів і пагорби "
    "накреслено від руки, а розташування й місткість укриттів, крім станцій, визначено жеребом, "
    "як і те, які з них відсутні, непридатні чи замкнені; двері, сходи й ескалатори станцій прийнято за типом станції.",
)


def make(size: str, progress: Callable[[str, float], None] | None = None, *, seed: int = SEED) -> City:
    """Make Model Kyiv; the same size and seed give the same city, bit for bit.

    Parameters
    ----------
    size
        One of `SIZES`.
    progress
        Told the stage and how much is done, 0 to 1.
    seed
        Seed of streets, blocks and the shelters other than stations.
    """
    tell = progress or (lambda stage, share: None)
    tell("laying out the ground", 0.0)
    terrain = Terrain.from_facts(seed)
    tell("cutting streets", 0.02)
    made = streets.build(terrain, SIZES[size].nodes, seed)
    tell("placing shelters", 0.7)
    shelters = cover.place(terrain, made, seed)
    tell("settling people", 0.85)
    demand = people.settle(terrain, made, SIZES[size].origins, seed)
    tell("done", 1.0)
    return City(
        name=f"model-kyiv-{size}",
        title=f"Model Kyiv ({size})",
        title_uk=f"Модельний Київ ({SIZES_UK[size]})",
        network=made.network,
        demand=demand,
        shelters=shelters,
        zones=Zones(
            zone_ids=facts.texts("districts.csv", "zone_id"),
            names=facts.texts("districts.csv", "name"),
            names_uk=facts.texts("districts.csv", "name_uk"),
            outlines=facts.district_outlines(),
        ),
        water=np.array([facts.water()], dtype=object),
        sources=tuple(Source(**row) for row in facts.rows("sources.csv")),
        notices=NOTICES,
        notices_uk=NOTICES_UK,
        is_modelled=True,
    )
