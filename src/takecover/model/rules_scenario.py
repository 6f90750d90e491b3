"""The rules of a scenario, alone and for the city that it is played in."""

from __future__ import annotations

import datetime
import itertools
import math

from takecover.errors import Faults
from takecover.model import rules_assumptions
from takecover.model.city import City
from takecover.model.scenario import COUNTS, Scenario

LONGEST_LIMIT_S = 6 * 3600
"""No time limit is longer."""

WIDEST_SPREAD = 3.0
"""No delay spreads wider: at 3 the slowest in a hundred take a thousand times as long as half of the people."""

MOST_COHORTS = 60
"""No delay is cut finer."""

SLOWEST_M_S, FASTEST_M_S = 0.1, 10.0
"""Between these lies every speed of a person who walks, rolls or runs [m/s]."""


def admit(scenario: Scenario, city: City, faults: Faults) -> Scenario:
    """The scenario as it is. Notes every fault."""
    for rule in (
        scenario_is_named_and_dated,
        time_limit_is_plausible,
        compare_limits_ascend,
        turnout_is_a_share,
    ):
        rule(scenario, faults)
    for rule in (steps_factor_is_a_share, seed_is_whole, delays_are_plausible, cohorts_are_few):
        rule(scenario, faults)
    counted_places_are_known(scenario, faults)
    rules_assumptions.admit(scenario, city, faults)
    for city_rule in (
        period_is_known,
        each_group_has_a_speed,
        each_speed_has_a_group,
        closed_shelters_are_known,
        closed_entrances_are_known,
        delays_are_for_known_periods,
    ):
        city_rule(scenario, city, faults)
    return scenario


def scenario_is_named_and_dated(scenario: Scenario, faults: Faults) -> None:
    """The scenario has a name and a date of its assumptions."""
    if not scenario.name.strip():
        faults.add("scenario.name: is empty. Give it a name.")
    try:
        datetime.date.fromisoformat(scenario.dated)
    except (TypeError, ValueError):
        faults.add(f"scenario.dated: {scenario.dated!r:.80} is no date. Give YYYY-MM-DD.")


def _limit_fault(limit: object) -> str:
    """What is wrong with a time limit; empty where nothing is."""
    if isinstance(limit, bool) or not isinstance(limit, int):
        return f"{limit!r:.80} is no whole number of seconds"
    return "" if 0 < limit <= LONGEST_LIMIT_S else f"{limit} s is out of range"


def time_limit_is_plausible(scenario: Scenario, faults: Faults) -> None:
    """The time limit is above 0 and at most six hours."""
    if fault := _limit_fault(scenario.time_limit_s):
        faults.add(f"scenario.time_limit_s: {fault}. Give 1 to {LONGEST_LIMIT_S}.")


def compare_limits_ascend(scenario: Scenario, faults: Faults) -> None:
    """There is a limit to compare at least, and each is a time limit longer than the one before."""
    limits = scenario.compare_limits_s
    if not limits:
        faults.add("scenario.compare_limits_s: is empty. Give at least one time, such as [240, 600, 1200].")
    found = [fault for fault in map(_limit_fault, limits) if fault]
    for fault in found:
        faults.add(f"scenario.compare_limits_s: {fault}. Give 1 to {LONGEST_LIMIT_S}.")
    if not found and any(b <= a for a, b in itertools.pairwise(limits)):
        faults.add(f"scenario.compare_limits_s: {limits} do not ascend. Give each once, shortest first.")


def _is_number_in(value: object, low: float, high: float, *, with_low: bool) -> bool:
    """True for a finite number in the range."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return False
    return (low <= value if with_low else low < value) and value <= high


def turnout_is_a_share(scenario: Scenario, faults: Faults) -> None:
    """Turnout is above 0 and at most 1."""
    if not _is_number_in(scenario.turnout, 0, 1, with_low=False):
        faults.add(
            f"scenario.turnout: {scenario.turnout!r:.80} is no share. Give above 0, at most 1 (0.3 is 30 %)."
        )


def steps_factor_is_a_share(scenario: Scenario, faults: Faults) -> None:
    """Stairs are walked slower than level ground, or as fast."""
    if not _is_number_in(scenario.steps_speed_factor, 0, 1, with_low=False):
        found = f"{scenario.steps_speed_factor!r:.80}"
        faults.add(f"scenario.steps_speed_factor: {found} is no share. Give above 0 and at most 1.")


def seed_is_whole(scenario: Scenario, faults: Faults) -> None:
    """The seed is a whole number that a generator takes."""
    seed = scenario.seed
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**63:
        faults.add(f"scenario.seed: {seed!r:.80} is no seed. Give a whole number from 0 to 2^63 - 1.")


def period_is_known(scenario: Scenario, city: City, faults: Faults) -> None:
    """The period is one of the city's; empty stands for its first."""
    if scenario.period and scenario.period not in city.demand.periods:
        known = ", ".join(city.demand.periods)
        faults.add(
            f"scenario.period: {scenario.period!r:.80} is unknown in {city.name}. Give one of {known}."
        )


def each_group_has_a_speed(scenario: Scenario, city: City, faults: Faults) -> None:
    """Each mobility group of the city has a speed that a person can have."""
    for name in dict.fromkeys([*(group.name for group in city.demand.groups), *scenario.group_shares]):
        speed = scenario.speed_m_s.get(name)
        if speed is None:
            faults.add(f"scenario.speed_m_s: has no speed for group {name!a:.80}. Give one in m/s.")
        elif not _is_number_in(speed, SLOWEST_M_S, FASTEST_M_S, with_low=True):
            remedy = f"Give {SLOWEST_M_S} to {FASTEST_M_S} m/s"
            faults.add(
                f"scenario.speed_m_s: {speed!r:.80} for group {name!a:.80} is no speed of a person. {remedy}."
            )


def each_speed_has_a_group(scenario: Scenario, city: City, faults: Faults) -> None:
    """No speed is given for a group that the city does not have: a slip that would change nothing, unseen."""
    known = [group.name for group in city.demand.groups] + list(scenario.group_shares)
    for name in scenario.speed_m_s:
        if name not in known:
            faults.add(
                f"scenario.speed_m_s: {city.name} has no group {name!a:.80}. Give one of: {', '.join(known)}."
            )


def delays_are_plausible(scenario: Scenario, faults: Faults) -> None:
    """Half have left within six hours, and the spread is that of people, not of noise."""
    for field, most in (("delay_median_s", LONGEST_LIMIT_S), ("delay_spread", WIDEST_SPREAD)):
        for period, number in getattr(scenario, field).items():
            if not _is_number_in(number, 0, most, with_low=True):
                faults.add(
                    f"scenario.{field}: {number!r:.80} for {period!a:.80} is out of range. Give 0 to {most}."
                )


def cohorts_are_few(scenario: Scenario, faults: Faults) -> None:
    """The delay is cut into at least one cohort, and into no more than are worth reckoning with."""
    count = scenario.delay_cohorts
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_COHORTS:
        faults.add(
            f"scenario.delay_cohorts: {count!r:.80} is no number of cohorts. Give 1 to {MOST_COHORTS}."
        )


def counted_places_are_known(scenario: Scenario, faults: Faults) -> None:
    """What a plan counts on is one of the steps from the register to the open door."""
    if scenario.count_on not in COUNTS:
        found = f"{scenario.count_on!r:.80}"
        faults.add(f"scenario.count_on: {found} is no such step. Give one of {', '.join(COUNTS)}.")


def delays_are_for_known_periods(scenario: Scenario, city: City, faults: Faults) -> None:
    """No delay is given for a period that the city does not have: a slip that would change nothing, unseen."""
    known = city.demand.periods
    for field in ("delay_median_s", "delay_spread"):
        for period in getattr(scenario, field):
            if period not in known:
                remedy = f"Give one of: {', '.join(known)}"
                faults.add(f"scenario.{field}: {city.name} has no period {period!a:.80}. {remedy}.")


def closed_shelters_are_known(scenario: Scenario, city: City, faults: Faults) -> None:
    """Each shelter that is closed is one of the city's and is named once."""
    _closed_are_known(
        "shelter", scenario.closed_shelter_ids, city.shelters.shelter_ids.tolist(), city, faults
    )


def closed_entrances_are_known(scenario: Scenario, city: City, faults: Faults) -> None:
    """Each entrance that is closed is one of the city's and is named once."""
    known = city.shelters.entrances.entrance_ids.tolist()
    _closed_are_known("entrance", scenario.closed_entrance_ids, known, city, faults)


def _closed_are_known(
    noun: str, closed: tuple[str, ...], known: list[str], city: City, faults: Faults
) -> None:
    for wrong_id in sorted(set(closed) - set(known)):
        faults.add(f"scenario.closed_{noun}_ids: {wrong_id!a:.80} is no {noun} of {city.name}. Give its id.")
    for wrong_id in sorted({i for i in closed if closed.count(i) > 1}):
        faults.add(f"scenario.closed_{noun}_ids: {wrong_id!a:.80} stands more than once. Give it once.")
