"""Density before doors, surges at stair heads, and the worst doors: answers by arithmetic."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from crowds import batches_of, doorways_of, hops_of
from takecover import parameters
from takecover.analysis import crowding, timeline
from takecover.analysis.arrive import arrive, unhindered
from takecover.cities import toys
from takecover.model.shelters import Shelters
from takecover.model.timeline import Timeline

BASEMENT_M2 = 12.0


def shelters(*kinds: str, doors: int = 1) -> Shelters:
    """One shelter of each kind, each with so many doors."""
    covers = [toys.Cover(tuple([0] * doors), 10_000) for _ in kinds]
    return replace(toys.grid(2, 1, shelters=covers).shelters, kinds=np.array(kinds))


def crowd(
    table: Shelters, parties: list[tuple[int, int, int]], flows: list[int], horizon_ds: int = 6000
) -> Timeline:
    doors = table.entrances.shelter_idx.tolist()
    nowhere = hops_of([[] for _ in doors], doors)
    moment_ds = timeline.moments(horizon_ds)
    return arrive(batches_of(parties), doorways_of(doors, flows), table.capacity, [nowhere], moment_ds)


def test_density_is_the_longest_queue_over_the_ground_before_the_door():
    table = shelters("basement", "metro_station")
    result = crowd(table, [(0, 0, 61), (1, 0, 61)], [1000, 1000])
    found = crowding.crowding(table, result)
    assert found.area_m2.tolist() == [BASEMENT_M2, 60.0]
    assert found.density_per_m2.tolist() == [60 / BASEMENT_M2, 1.0]
    assert [crowding.LEVELS[level] for level in found.level] == ["alarm", "free"]
    assert found.ground_m2.tolist() == [30.0, 30.0]
    assert found.is_warned.tolist() == [True, False]


@pytest.mark.parametrize(
    ("density_per_m2", "level"),
    [
        (1.99, "free"),
        (2.0, "slowed"),
        (3.99, "slowed"),
        (4.0, "alarm"),
        (5.55, "dangerous"),
        (7.1, "critical"),
    ],
)
def test_a_level_begins_at_its_threshold(density_per_m2, level):
    assert crowding.LEVELS[int(crowding.levels(np.array([density_per_m2]))[0])] == level


def test_the_thresholds_ascend_and_there_is_a_level_more():
    at = [parameters.value(name) for name in crowding.THRESHOLDS]
    assert at == sorted(at)
    assert len(crowding.LEVELS) == len(at) + 1


def test_density_over_time_falls_as_people_pass():
    table = shelters("basement")
    result = crowd(table, [(0, 0, 61)], [1000])
    over_time = crowding.density_over_time(table, result)[0]
    assert over_time[:4].tolist() == [60 / 12, 50 / 12, 40 / 12, 30 / 12]
    assert over_time[-1] == 0


def test_a_surge_is_twice_what_a_stair_takes_within_a_minute():
    # A door of 1 a second takes 60 a minute: 121 at once are a surge, 120 are not, nor are 240 over two minutes.
    table = shelters("basement", "basement", "basement")
    spread = [(2, 100 * k, 20) for k in range(12)]
    found = crowding.crowding(table, crowd(table, [(0, 0, 121), (1, 0, 120), *spread], [1000] * 3))
    assert found.surge.tolist() == [121 / 60, 2.0, 2.0]
    assert found.is_surge.tolist() == [True, False, False]


def test_a_surge_on_a_ramp_is_told_but_not_flagged():
    table = shelters("car_park")
    found = crowding.crowding(table, crowd(table, [(0, 0, 300)], [1000]))
    assert found.surge.tolist() == [5.0]
    assert found.is_surge.tolist() == [False]


def test_a_door_without_a_meter_has_no_surge():
    table = shelters("basement")
    result = arrive(
        batches_of([(0, 0, 500)]),
        unhindered(table.entrances.shelter_idx, 1),
        table.capacity,
        [hops_of([[]], [0])],
        timeline.moments(100),
    )
    assert crowding.crowding(table, result).surge.tolist() == [0.0]


def test_the_only_open_door_is_flagged_where_somebody_comes():
    table = shelters("basement", "basement", doors=2)
    found = crowding.crowding(table, crowd(table, [(0, 0, 1), (2, 0, 1), (3, 0, 1)], [1000, 0, 1000, 1000]))
    assert found.is_single.tolist() == [True, False, False, False]


def test_the_worst_doors_are_those_with_the_longest_queues_and_withheld_ones_can_be_left_out():
    table = shelters("basement", "basement", "basement", "basement")
    result = crowd(table, [(0, 0, 5), (1, 0, 9), (2, 0, 9), (3, 0, 1)], [1000, 1000, 500, 1000])
    found = crowding.crowding(table, result)
    everyone = np.ones(4, bool)
    assert crowding.worst(found, result, everyone).tolist() == [2, 1, 0]
    assert crowding.worst(found, result, everyone, count=1).tolist() == [2]
    assert crowding.worst(found, result, np.array([True, True, False, True])).tolist() == [1, 0]
