"""What is assumed about one raid: when, how long, who comes, how fast, which doors are shut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

REGISTERED, EXISTS, USABLE, OPEN = "registered", "exists", "usable", "open"
COUNTS = (REGISTERED, EXISTS, USABLE, OPEN)
"""What of the places a plan may count on, from the register down to what is open at this hour."""


SPLIT_GROUP = "walking"
"""The group of a city that a scenario may split: people who can use stairs."""


@dataclass(frozen=True)
class Scenario:
    """A named and dated set of assumptions; what stands last assumes nothing where it is left out.

    Attributes
    ----------
    name
        What a person calls it.
    dated
        ISO 8601 date of the assumptions.
    period
        One of the city's periods; empty for its first.
    time_limit_s
        Time from the siren to the strike that the plan is made for [s].
    compare_limits_s
        Further limits at which plan and scramble are compared [s], ascending.
    turnout
        Share of the people who come, above 0 and at most 1.
    speed_m_s
        Walking speed of each mobility group on level ground [m/s], by group name.
    steps_speed_factor
        Speed on stairs over speed on level ground.
    closed_shelter_ids
        Shelters that nobody gets into.
    closed_entrance_ids
        Entrances that nobody gets through, of shelters that are open.
    escalators_run
        False where the power is out: escalators are stairs.
    count_on
        One of `COUNTS`: which places a plan may fill.
    threat
        Name of a threat of ``threats.csv`` whose warning times hold; empty for none.
    warning_times_s, warning_weights
        Warning times of its own [s], ascending, 0 or below where the siren comes too late, and the thousandths of the
        strikes that leave each; empty where the time limit alone holds.
    compare_turnouts
        Further shares of the people who come, ascending, for which figures are given beside the first.
    group_shares
        Shares of the walking people by the group that they are split into, together at most 1; empty for no split.
    group_shares_by_zone
        The same for single districts, by their id; a group that is not named there has its share of the city.
    group_steps_factor
        Speed on stairs over speed on level ground of single groups; `steps_speed_factor` for all others.
    delay_median_s
        Half of the people have left so long after the siren [s], by period; at once where a period is not named.
    delay_spread
        Standard deviation of the logarithm of that delay, by period; 0 where all leave together.
    delay_cohorts
        Groups of equal size that the delay is cut into.
    has_doors
        False for a plan of places alone: doors let everyone through at once, and all leave with the siren.
    slot_s
        Length of a slot of the reckoning over time [s].
    norm_profile
        Name of the table of norms that the report shows.
    seed
        Seed of the whole-people rounding.
    """

    name: str
    dated: str
    period: str
    time_limit_s: int
    compare_limits_s: tuple[int, ...]
    turnout: float
    speed_m_s: Mapping[str, float]
    steps_speed_factor: float
    closed_shelter_ids: tuple[str, ...]
    norm_profile: str
    seed: int
    closed_entrance_ids: tuple[str, ...] = ()
    escalators_run: bool = True
    count_on: str = REGISTERED
    delay_median_s: Mapping[str, float] = field(default_factory=dict)
    delay_spread: Mapping[str, float] = field(default_factory=dict)
    delay_cohorts: int = 5
    threat: str = ""
    warning_times_s: tuple[int, ...] = ()
    warning_weights: tuple[int, ...] = ()
    compare_turnouts: tuple[float, ...] = ()
    group_shares: Mapping[str, float] = field(default_factory=dict)
    group_shares_by_zone: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    group_steps_factor: Mapping[str, float] = field(default_factory=dict)
    has_doors: bool = False
    slot_s: int = 30

    def steps_factor(self, group: str) -> float:
        """Speed on stairs over speed on level ground of one group."""
        return self.group_steps_factor.get(group, self.steps_speed_factor)
