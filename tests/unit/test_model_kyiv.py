"""Model Kyiv as it comes out: totals to the person, bridges the only crossings, the same city at each size."""

from __future__ import annotations

import dataclasses
import hashlib

import numpy as np
import pytest

from takecover import cities, parameters
from takecover.analysis import order
from takecover.cities import model_kyiv
from takecover.cities.model_kyiv import facts, mesh
from takecover.cities.model_kyiv.terrain import Terrain, to_plane
from takecover.errors import InputError
from takecover.model import check
from takecover.model.city import City

SIZES = ("small", "medium", "full")
NODES = {"small": 20_000, "medium": 100_000, "full": 350_000}
ORIGINS = {"small": 6_000, "medium": 18_000, "full": 50_000}


@pytest.fixture(scope="module")
def made() -> dict[str, City]:
    return {size: cities.make(f"model-kyiv-{size}") for size in SIZES}


@pytest.fixture(scope="module")
def terrain() -> Terrain:
    return Terrain.from_facts(model_kyiv.SEED)


def digest(city: City) -> str:
    """Hash of every array of a city."""
    found = hashlib.sha256()

    def add(value: object) -> None:
        if dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                add(getattr(value, field.name))
        elif isinstance(value, np.ndarray) and value.dtype != object:
            found.update(np.ascontiguousarray(value).tobytes())

    for part in (city.network, city.demand, city.shelters, city.zones):
        add(part)
    return found.hexdigest()


def crossings(city: City, terrain: Terrain) -> np.ndarray:
    network = city.network
    x_m, y_m = to_plane(network.lon, network.lat)
    ends = np.stack([network.tail, network.head], axis=1)
    return terrain.crosses_water(x_m[ends], y_m[ends])


def test_names_are_those_that_can_be_made():
    assert cities.names() == ("model-kyiv-small", "model-kyiv-medium", "model-kyiv-full")
    assert tuple(model_kyiv.SIZES) == cities.SIZES
    with pytest.raises(
        InputError, match=r"'atlantis' is none that Takecover makes\. Give one of model-kyiv-small"
    ):
        cities.make("atlantis")


@pytest.mark.parametrize("size", SIZES)
def test_each_size_passes_the_checking_door(made, size):
    city = check.city(made[size])
    assert city.network.node_count == NODES[size]
    assert len(city.demand) == ORIGINS[size]
    assert city.name == f"model-kyiv-{size}"


@pytest.mark.parametrize("size", SIZES)
def test_people_are_right_to_the_person_in_every_district(made, size):
    demand = made[size].demand
    residents = facts.counts("districts.csv", "people")
    everyone = np.bincount(demand.zone_idx, weights=demand.people.sum(axis=(0, 2)))
    step_free = np.bincount(demand.zone_idx, weights=demand.people[0, :, 1])
    assert everyone.tolist() == residents.tolist()
    assert step_free.tolist() == np.rint(residents * parameters.value("step_free_share")).tolist()
    assert demand.people.sum() == 2_887_259
    assert demand.people.sum(axis=2).min() >= 1


@pytest.mark.parametrize("size", SIZES)
def test_shelters_are_as_many_as_the_city_says_and_hold_as_many(made, size):
    shelters = made[size].shelters
    is_station = shelters.kinds == "metro_station"
    assert np.bincount(shelters.zone_idx).tolist() == facts.counts("districts.csv", "shelters").tolist()
    assert int(is_station.sum()) == 46
    assert int(shelters.capacity.sum()) == parameters.value("registered_places")
    assert int(shelters.capacity[is_station].sum()) == parameters.value("metro_system_places")
    assert int(shelters.capacity.min()) >= 20
    assert int((shelters.kinds == "basement").sum()) == 2_301 + 866
    assert int(shelters.is_withheld.sum()) == round(parameters.value("withheld_share") * 4_353)
    assert not shelters.is_withheld[is_station].any()


def test_every_size_has_the_same_shelters_in_the_same_places(made):
    first = made["small"].shelters
    for size in ("medium", "full"):
        other = made[size].shelters
        for column in ("shelter_ids", "names", "kinds", "lon", "lat", "capacity", "zone_idx", "is_withheld"):
            assert (getattr(first, column) == getattr(other, column)).all(), column
        for column in ("entrance_ids", "shelter_idx", "lon", "lat", "is_step_free"):
            assert (getattr(first.entrances, column) == getattr(other.entrances, column)).all(), column


def test_finer_streets_come_nearer_to_the_doors(made):
    offset_m = [np.median(made[size].shelters.entrances.snap.offset_m) for size in SIZES]
    assert offset_m[0] > offset_m[1] > offset_m[2]
    assert offset_m[0] < 60.0


def test_a_station_has_two_doors_some_50_to_120_m_apart(made):
    shelters = made["small"].shelters
    doors = shelters.entrances
    assert np.bincount(doors.shelter_idx)[shelters.kinds == "metro_station"].tolist() == [2] * 46
    x_m, y_m = to_plane(doors.lon, doors.lat)
    first = np.flatnonzero(shelters.kinds[doors.shelter_idx] == "metro_station")[::2]
    apart_m = np.hypot(x_m[first] - x_m[first + 1], y_m[first] - y_m[first + 1])
    assert apart_m.min() > 49.0
    assert apart_m.max() < 121.0


def test_a_tenth_of_the_doors_is_step_free_and_some_stations_have_a_lift(made):
    shelters = made["small"].shelters
    doors = shelters.entrances
    is_station = shelters.kinds[doors.shelter_idx] == "metro_station"
    share = parameters.value("step_free_entrance_share")
    assert int(doors.is_step_free[~is_station].sum()) == round(share * (~is_station).sum())
    assert (
        int(doors.is_step_free[is_station].sum())
        == int(facts.marks("stations.csv", "is_step_free").sum())
        == 9
    )


@pytest.mark.parametrize("size", SIZES)
def test_everything_is_joined_to_everything(made, size):
    network = made[size].network
    assert np.unique(mesh.components(network.node_count, network.tail, network.head)).tolist() == [0]


@pytest.mark.parametrize("size", SIZES)
def test_without_bridges_the_banks_and_islands_are_apart(made, terrain, size):
    network = made[size].network
    is_dry = ~crossings(made[size], terrain)
    label = mesh.components(network.node_count, network.tail[is_dry], network.head[is_dry])
    x_m, y_m = to_plane(network.lon, network.lat)
    khreshchatyk, pozniaky, hidropark, trukhaniv = (
        int(label[np.argmin(np.hypot(x_m - x, y_m - y))])
        for x, y in zip(
            *to_plane(np.array([30.523, 30.635, 30.577, 30.551]), np.array([50.447, 50.398, 50.446, 50.470])),
            strict=True,
        )
    )
    assert len({khreshchatyk, pozniaky, hidropark, trukhaniv}) == 4
    assert (label == khreshchatyk).sum() > 0.4 * network.node_count
    assert (label == pozniaky).sum() > 0.2 * network.node_count


@pytest.mark.parametrize("size", SIZES)
def test_only_bridges_cross_the_water(made, terrain, size):
    city = made[size]
    network = city.network
    x_m, y_m = to_plane(network.lon, network.lat)
    crossing = np.flatnonzero(crossings(city, terrain))
    ends = facts.footbridges()
    west_x_m, west_y_m = to_plane(ends[:, 0, 0], ends[:, 0, 1])
    east_x_m, east_y_m = to_plane(ends[:, 1, 0], ends[:, 1, 1])
    for node in (network.tail[crossing], network.head[crossing]):
        along = [
            np.hypot(x_m[node] - wx, y_m[node] - wy)
            + np.hypot(x_m[node] - ex, y_m[node] - ey)
            - np.hypot(wx - ex, wy - ey)
            for wx, wy, ex, ey in zip(west_x_m, west_y_m, east_x_m, east_y_m, strict=True)
        ]
        assert np.min(along, axis=0).max() < 1.0


@pytest.mark.parametrize("size", SIZES)
def test_nobody_lives_and_no_door_opens_on_a_bridge_or_a_stair(made, terrain, size):
    city = made[size]
    is_barred = city.network.is_steps | crossings(city, terrain)
    for points in (city.demand.snap, city.shelters.entrances.snap):
        assert points.segment_idx.min() >= 0
        assert not is_barred[points.segment_idx].any()


@pytest.mark.parametrize("size", SIZES)
def test_streets_are_as_dense_as_in_a_city(made, size):
    network = made[size].network
    assert 2.4 < 2 * network.segment_count / network.node_count < 2.7
    x_m, y_m = to_plane(network.lon, network.lat)
    away_m = np.hypot(x_m, y_m)
    per_km2 = [
        ((away_m >= a) & (away_m < b)).sum() / (np.pi * (b**2 - a**2) / 1e6)
        for a, b in ((0, 3_000), (3_000, 8_000), (8_000, 14_000))
    ]
    assert per_km2[0] > 1.5 * per_km2[1]
    assert per_km2[1] > 1.5 * per_km2[2]


def test_lengths_are_those_on_the_ground(made):
    network = made["small"].network
    x_m, y_m = to_plane(network.lon, network.lat)
    straight_m = np.hypot(x_m[network.head] - x_m[network.tail], y_m[network.head] - y_m[network.tail])
    np.testing.assert_allclose(network.length_m, straight_m, atol=0.006)
    assert network.length_m.min() > 1.0


def test_stairs_stand_on_the_slopes_of_the_right_bank(made):
    network = made["full"].network
    assert 500 < int(network.is_steps.sum()) < 5_000
    assert (np.abs(network.climb_m[network.is_steps]) > 0.1 * network.length_m[network.is_steps]).all()
    assert network.lon[network.tail[network.is_steps]].max() < 30.58
    assert np.abs(network.climb_m).max() < 90.0


def test_nodes_stand_in_spatial_order(made):
    network = made["small"].network
    assert (np.diff(order.hilbert(network.lon, network.lat)) >= 0).all()


def test_the_same_name_gives_the_same_bytes_and_another_seed_another_city(made):
    assert digest(model_kyiv.make("small")) == digest(made["small"])
    assert digest(model_kyiv.make("small", seed=1)) != digest(made["small"])


def test_every_output_is_told_that_the_streets_are_modelled(made):
    for city in made.values():
        assert city.is_modelled
        assert "Not for use in a real raid" in city.notices[0]
        assert "Не для використання під час справжньої тривоги" in city.notices_uk[0]
        assert len(city.notices) == len(city.notices_uk)
        assert {source.subject for source in city.sources} >= {"streets", "people", "shelters", "water"}


def test_progress_rises_to_the_whole():
    told: list[tuple[str, float]] = []
    cities.make("model-kyiv-small", lambda stage, share: told.append((stage, share)))
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert told[-1] == ("done", 1.0)


def test_stations_have_a_hall_for_their_doors_with_escalators_where_they_are_deep(made):
    shelters = made["small"].shelters
    is_station = shelters.kinds == "metro_station"
    assert len(shelters.halls) == is_station.sum() == 46
    assert (shelters.entrances.hall_idx >= 0).tolist() == is_station[shelters.entrances.shelter_idx].tolist()
    of_halls = shelters.elements.kinds[shelters.elements.hall_idx >= 0].tolist()
    assert {kind: of_halls.count(kind) for kind in set(of_halls)} == {
        "gate": 46,
        "escalator": 20,
        "stair": 26,
    }
    arsenalna = int(np.flatnonzero(shelters.shelter_ids == "M-Arsenalna")[0])
    assert shelters.inspections.depth_m[arsenalna] == 105.5


def test_inspections_are_drawn_in_the_proportions_of_the_facts_and_say_so(made):
    shelters = made["small"].shelters
    found, is_station = shelters.inspections, shelters.kinds == "metro_station"
    states = found.states[~is_station].tolist()
    assert [states.count(state) for state in ("fit", "after_work", "unfit")] == [2800, 904, 603]
    assert (found.existences[~is_station] == "missing").sum() == round(0.07 * 4307)
    assert set(found.states[is_station].tolist()) == {"fit"}
    assert set(found.openings[is_station].tolist()) == {"always"}
    assert set(found.verified_by.tolist()) == {"Modelled: drawn by lot in the proportions of June 2023"}
    is_locked = np.zeros(len(shelters), bool)
    is_locked[shelters.entrances.shelter_idx[shelters.entrances.locks == "locked"]] = True
    assert is_locked.sum() == round(0.11 * 4307)
    assert not is_locked[is_station].any()
