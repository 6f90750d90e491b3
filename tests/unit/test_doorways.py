"""Ways into shelters as queues: the least flow rules, times to cover follow by arithmetic, closed is shut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import twins_reach as twins
from takecover.analysis.doorways import doorways
from takecover.analysis.ways import USUAL
from takecover.cities import toys
from takecover.errors import InputError
from takecover.model import check
from takecover.model.doorways import Doorways
from takecover.model.inspections import Inspections
from takecover.model.rules_shelters import KINDS

BRISK_M_S = {"walking": 1.19, "step_free": 0.71}
"""Speeds at which nobody is slower than a crowd, 0.54 m/s on stairs and 0.7 m/s on the level."""


def brisk(**changed):
    """A scenario in which all go through the ways as one crowd."""
    return twins.scenario(speed_m_s=BRISK_M_S, **changed)


def street(kinds: list[str]):
    """A street with one shelter of each kind, each with one door."""
    city = toys.grid(len(kinds) + 1, 1, shelters=[toys.Cover((i,), 10) for i in range(len(kinds))])
    return replace(city, shelters=replace(city.shelters, kinds=np.array(kinds)))


def test_there_is_a_usual_way_into_every_kind_of_shelter():
    assert set(USUAL) == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "flow_per_ks", "to_cover_ds"),
    [
        # door (0.9 - 0.3) x 1.3158; 3 m down is 6 m of stair at 0.54 m/s
        ("basement", 789, 112),
        ("shelter", 789, 112),
        # stair (3.0 - 0.18) x 1.0150; 4 m down is 8 m of stair
        ("underpass", 2862, 149),
        # ramp (3.0 - 0.4) x 1.3158; 3.5 m down is 23.3 m of ramp at 0.7 m/s
        ("car_park", 3421, 334),
        # door (0.8 - 0.3) x 1.3158; 4 m down is 8 m of stair
        ("sealed_shelter", 657, 149),
        # stair (2.4 - 0.18) x 1.0150 is less than four leaves; cover begins 4 m down of 10
        ("metro_station", 2253, 149),
    ],
)
def test_the_usual_ways_follow_by_arithmetic(kind, flow_per_ks, to_cover_ds):
    found = doorways(street([kind]), brisk())
    assert found.flow_per_ks.tolist() == [flow_per_ks]
    assert found.to_cover_ds[0].tolist() == [to_cover_ds]
    assert found.hall_idx.tolist() == [-1]
    assert found.to_hall_ds.tolist() == [[0], [0]]
    assert not found.is_shut.any()


def test_a_closed_shelter_shuts_its_doors_and_a_closed_entrance_itself_alone():
    city = toys.grid(5, 1, shelters=[toys.Cover((0, 1), 10), toys.Cover((2, 3), 10)])
    case = twins.scenario(closed_shelter_ids=("S001",), closed_entrance_ids=("S002-2",))
    found = doorways(city, case)
    assert found.shelter_idx.tolist() == [0, 0, 1, 1]
    assert found.is_shut.tolist() == [True, True, False, True]
    assert found.flow_per_ks.tolist() == [0, 0, 789, 0]


def test_a_locked_entrance_is_shut_where_open_places_count_and_an_unknown_one_is_not():
    doors = tuple(toys.Door(i, lock=lock) for i, lock in enumerate(("open", "locked", "unknown")))
    city = toys.grid(3, 1, shelters=[toys.Cover(doors, 10)])
    assert doorways(city, twins.scenario(count_on="open")).is_shut.tolist() == [False, True, False]
    assert not doorways(city, twins.scenario(count_on="usable")).is_shut.any()


def hall_of(*parts: toys.Part, doors: tuple[toys.Door, ...]):
    """The doorways of one shelter with a hall."""
    city = check.city(toys.grid(3, 1, shelters=[toys.Cover(doors, 100, hall=parts)]))
    return doorways(city, brisk())


def test_two_doors_share_an_escalator_and_a_third_does_not():
    part = toys.Part
    found = hall_of(
        part(kind="escalator", length_m=30.0),
        part(5.0, length_m=7.0),
        doors=(
            toys.Door(0, parts=(part(2.0, length_m=7.0), part(1.5, length_m=3.5)), into_hall=True),
            toys.Door(1, parts=(part(3.0),), into_hall=True),
            toys.Door(2, parts=(part(0.5, length_m=1.4),)),
        ),
    )
    assert found.flow_per_ks.tolist() == [1500, 3000, 500]
    assert found.hall_idx.tolist() == [0, 0, -1]
    assert found.to_hall_ds[0].tolist() == [150, 0, 0]
    # 30 m of belt at 0.75 m/s, and 7 m of corridor in 10 s
    assert found.to_cover_ds[0].tolist() == [500, 500, 20]
    assert found.hall_flow_per_ks.tolist() == [1875]
    assert found.hall_shelter_idx.tolist() == [0]


def test_when_the_power_is_out_the_shared_escalator_is_a_stair():
    doors = (toys.Door(0, parts=(toys.Part(2.0),), into_hall=True),)
    cover = toys.Cover(doors, 100, hall=(toys.Part(kind="escalator", length_m=5.4, width_m=1.0),))
    found = doorways(toys.grid(2, 1, shelters=[cover]), brisk(escalators_run=False))
    # (1.0 - 0.3) x 1.0150, and 5.4 m at 0.54 m/s
    assert found.hall_flow_per_ks.tolist() == [710]
    assert found.to_cover_ds.tolist() == [[100], [100]]


def test_cover_begins_four_metres_down_wherever_that_is():
    cover = toys.Cover((toys.Door(0, parts=(toys.Part(1.0, length_m=10.0),) * 3, into_hall=False),), 10)
    city = toys.grid(2, 1, shelters=[cover])
    elements = replace(city.shelters.elements, drop_m=np.array([3.0, 2.0, 5.0]))
    city = replace(city, shelters=replace(city.shelters, elements=elements))
    # the first corridor whole, and half of the second: 15 m at 0.7 m/s
    assert doorways(city, brisk()).to_cover_ds[0].tolist() == [215]


def test_people_who_are_deep_enough_in_the_hall_are_under_cover_once_they_are_through_it():
    cover = toys.Cover(
        (toys.Door(0, parts=(toys.Part(1.0, length_m=7.0),), into_hall=True),),
        10,
        hall=(toys.Part(1.0, length_m=70.0),),
    )
    city = toys.grid(2, 1, shelters=[cover])
    elements = replace(city.shelters.elements, drop_m=np.array([4.0, 0.0]))
    found = doorways(replace(city, shelters=replace(city.shelters, elements=elements)), brisk())
    assert (found.to_hall_ds[0].tolist(), found.to_cover_ds[0].tolist()) == ([100], [0])


def test_a_depth_that_was_found_takes_the_place_of_the_usual_one():
    city = street(["basement", "underpass"])
    text = np.array([""])
    found = Inspections(
        shelter_idx=np.array([0], np.int32),
        existences=text,
        states=text,
        openings=text,
        protection_classes=text,
        depth_m=np.array([1.5]),
        verified_on=text,
        verified_by=text,
    )
    city = replace(city, shelters=replace(city.shelters, inspections=found))
    assert doorways(city, brisk()).to_cover_ds.tolist() == [[56, 149]] * 2


def test_unknown_closures_are_named_all_at_once():
    case = twins.scenario(closed_shelter_ids=("S009",), closed_entrance_ids=("S001-7",))
    with pytest.raises(InputError, match=r"'S009'") as error:
        doorways(street(["basement"]), case)
    assert len(error.value.faults) == 2


def test_an_entrance_is_shut_where_its_hall_is():
    hall = np.array([0, 0, -1], np.int32)
    zeros = np.zeros(3, np.int32)
    found = Doorways(zeros, np.array([5, 0, 7]), hall, zeros[None], zeros[None], np.array([0]), np.array([0]))
    assert found.is_shut.tolist() == [True, True, False]
    assert found.flow_per_ks.tolist() == [5, 0, 7]
