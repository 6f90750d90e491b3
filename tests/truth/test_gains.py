"""What one more place gains, against the definition: solve again with one more place."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
from hypothesis import given, settings

import worlds as towns
from takecover.analysis.gains import gains
from takecover.analysis.overtime import assign_over_time
from takecover.model.doorways import UNMETERED_PER_KS
from takecover.model.warning import WarningTimes
from timeworlds import World, doors, world, worlds


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_a_price_over_time_is_exactly_what_one_more_place_gains(made: World) -> None:
    for rounding in ("against", "for"):
        plan = assign_over_time(*made, rounding=rounding)
        units, ds = gains(plan, made.doorways, made.warning)
        for s in range(len(made.capacity)):
            more = made.capacity.copy()
            more[s] += 1
            after = assign_over_time(*made._replace(capacity=more), rounding=rounding)
            gained = plan.certificate.primal - after.certificate.primal
            assert (units[s], ds[s]) == gained


def test_a_place_behind_a_shut_door_gains_nothing() -> None:
    way = doors([0, 1], [0, UNMETERED_PER_KS])
    made = world([[(0, 10), (1, 20)]], way, [[5]], [0, 3], WarningTimes.single(25), 250)
    plan = assign_over_time(*made)
    assert [part.tolist() for part in gains(plan, way, made.warning)] == [[0, 1], [0, -20]]


def test_a_place_that_is_reached_before_some_strikes_only_gains_a_part_of_a_person(tmp_path: Path) -> None:
    """Whoever is third at the door walks 200 s, waits 2 s and goes 12 s down; 70 % of strikes leave so long."""
    towns.planned(
        towns.row(),
        tmp_path / "plan",
        has_doors=True,
        warning_times_s=(90, 240),
        warning_weights=(300, 700),
        time_limit_s=240,
    )
    shelter = pq.read_table(tmp_path / "plan" / "shelters.parquet").to_pylist()[0]
    assert (shelter["capacity"], shelter["price_people"], shelter["price_s"]) == (5, 0.7, -214.0)
