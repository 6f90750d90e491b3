"""The rules of what a scenario assumes about the strike, about who comes, and about how people differ."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

from takecover import threats
from takecover.errors import Faults
from takecover.model.city import City
from takecover.model.scenario import SPLIT_GROUP, Scenario
from takecover.model.warning import WHOLE

LATEST_SIREN_S, LONGEST_WARNING_S = -3600, 6 * 3600
"""Between these lies every warning time [s]; below 0 the siren comes after the strike."""


def admit(scenario: Scenario, city: City, faults: Faults) -> None:
    """Note every fault of the assumptions."""
    for rule in (threat_is_known, warning_times_ascend, weights_are_thousandths, turnouts_ascend):
        rule(scenario, faults)
    steps_factors_are_shares(scenario, faults)
    for city_rule in (split_is_a_share, district_shares_are_known):
        city_rule(scenario, city, faults)


def threat_is_known(scenario: Scenario, faults: Faults) -> None:
    """A threat is one of the table, and stands alone."""
    if scenario.threat and scenario.threat not in threats.names():
        known = ", ".join(threats.names())
        faults.add(f"scenario.threat: {scenario.threat!a:.80} is unknown. Give one of {known}.")
    if scenario.threat and scenario.warning_times_s:
        faults.add("scenario.warning_times_s: stand beside a threat. Give one or the other.")


def warning_times_ascend(scenario: Scenario, faults: Faults) -> None:
    """Warning times are whole seconds, each longer than the one before, and one at least is above 0."""
    times_s = scenario.warning_times_s
    bad = [t for t in times_s if not _is_whole(t) or not LATEST_SIREN_S <= t <= LONGEST_WARNING_S]
    for time_s in bad:
        remedy = f"Give whole seconds from {LATEST_SIREN_S} to {LONGEST_WARNING_S}"
        faults.add(f"scenario.warning_times_s: {time_s!r:.80} is no warning time. {remedy}.")
    if times_s and not bad:
        if any(b <= a for a, b in itertools.pairwise(times_s)):
            faults.add(f"scenario.warning_times_s: {times_s} do not ascend. Give each once, shortest first.")
        if max(times_s) <= 0:
            faults.add("scenario.warning_times_s: none is above 0, so that no plan helps. Give one that is.")


def weights_are_thousandths(scenario: Scenario, faults: Faults) -> None:
    """Each warning time has a weight of whole thousandths, and all together are a thousand."""
    weights, count = scenario.warning_weights, len(scenario.warning_times_s)
    if len(weights) != count:
        faults.add(f"scenario.warning_weights: {len(weights)} for {count} warning times. Give one for each.")
    elif any(not _is_whole(weight) or weight < 1 for weight in weights):
        faults.add(f"scenario.warning_weights: {weights} are no thousandths. Give whole numbers from 1.")
    elif weights and sum(weights) != WHOLE:
        faults.add(f"scenario.warning_weights: add up to {sum(weights)}. Give thousandths of {WHOLE} in all.")


def turnouts_ascend(scenario: Scenario, faults: Faults) -> None:
    """Turnouts to compare are shares, each greater than the one before."""
    shares = scenario.compare_turnouts
    bad = [share for share in shares if not _is_share(share)]
    for share in bad:
        faults.add(f"scenario.compare_turnouts: {share!r:.80} is no share. Give above 0, at most 1.")
    if not bad and any(b <= a for a, b in itertools.pairwise(shares)):
        faults.add(f"scenario.compare_turnouts: {shares} do not ascend. Give each once, smallest first.")


def steps_factors_are_shares(scenario: Scenario, faults: Faults) -> None:
    """No group is faster on stairs than on level ground, and each is one that has a speed."""
    for name, factor in scenario.group_steps_factor.items():
        if not _is_share(factor):
            found = f"{factor!r:.80} for group {name!a:.80}"
            faults.add(f"scenario.group_steps_factor: {found} is no share. Give above 0 and at most 1.")
        if name not in scenario.speed_m_s:
            faults.add(f"scenario.group_steps_factor: no speed is given for {name!a:.80}. Name a group.")


def split_is_a_share(scenario: Scenario, city: City, faults: Faults) -> None:
    """New groups have names and shares of their own, and leave nobody in less than no group."""
    if not scenario.group_shares:
        return
    taken = {group.name for group in city.demand.groups}
    if SPLIT_GROUP not in taken:
        faults.add(
            f"scenario.group_shares: {city.name} has no group '{SPLIT_GROUP}' to split. Leave them out."
        )
    for name in taken & set(scenario.group_shares):
        faults.add(f"scenario.group_shares: {city.name} has a group {name!a:.80} already. Give another name.")
    _shares_fit("scenario.group_shares", scenario.group_shares, faults)


def district_shares_are_known(scenario: Scenario, city: City, faults: Faults) -> None:
    """Shares of a district are of districts that are there, and of groups that the city is split into."""
    known = set(city.zones.zone_ids.tolist())
    for zone_id, shares in scenario.group_shares_by_zone.items():
        field = f"scenario.group_shares_by_zone: {zone_id!a:.80}"
        if zone_id not in known:
            faults.add(f"{field} is no district of {city.name}. Give its id.")
        for name in set(shares) - set(scenario.group_shares):
            faults.add(
                f"{field} names the group {name!a:.80}, which group_shares does not. Name it there too."
            )
        _shares_fit(field, {**scenario.group_shares, **shares}, faults)


def _shares_fit(field: str, shares: Mapping[str, float], faults: Faults) -> None:
    bad = {name: share for name, share in shares.items() if not _is_share(share, with_zero=True)}
    for name, share in bad.items():
        faults.add(f"{field}: {share!r:.80} for {name!a:.80} is no share. Give 0 to 1.")
    if not bad and math.fsum(shares.values()) > 1:
        faults.add(f"{field}: add up to {math.fsum(shares.values()):g}. Give at most 1 in all.")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_share(value: object, *, with_zero: bool = False) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return (value >= 0 if with_zero else value > 0) and value <= 1
