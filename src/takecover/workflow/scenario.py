"""The scenario of a job: from a file or from options, upon what the table of parameters says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from takecover import parameters, threats
from takecover.errors import Faults, InputError
from takecover.io import scenario_file
from takecover.model import check
from takecover.model.city import City
from takecover.model.demand import MobilityGroup
from takecover.model.scenario import OPEN, Scenario

USUAL_WEIGHTS = (333, 334, 333)
"""Thousandths of the strikes that leave each of the three compared times: a third each, an assumption."""

NORM_PROFILE = "ukraine"
"""Norms that a report shows where a scenario names none."""


@dataclass(frozen=True)
class Wishes:
    """What a person asks for; None or empty where nothing is said.

    Attributes
    ----------
    file
        A scenario file.
    time_limit_s, turnout, period, speed_m_s, closed_shelter_ids, closed_entrance_ids, count_on, seed,
    threat, delay_median_s, escalators_run, has_doors
        As in `Scenario`.
    warning
        Warning times [s] and the thousandths of the strikes that leave each.
    is_split
        True to split the walking people into adults, children and older people.
    """

    file: Path | None = None
    time_limit_s: int | None = None
    turnout: float | None = None
    period: str | None = None
    speed_m_s: Mapping[str, float] = field(default_factory=dict)
    closed_shelter_ids: tuple[str, ...] = ()
    closed_entrance_ids: tuple[str, ...] = ()
    count_on: str | None = None
    threat: str | None = None
    warning: Mapping[int, int] = field(default_factory=dict)
    delay_median_s: Mapping[str, float] = field(default_factory=dict)
    escalators_run: bool | None = None
    has_doors: bool | None = None
    is_split: bool = False
    seed: int | None = None

    @property
    def has_options(self) -> bool:
        """True where anything but a file is asked for."""
        return replace(self, file=None) != Wishes()


def scenario_for(city: City, wishes: Wishes, today: str) -> Scenario:
    """The scenario that is asked for, checked against the city.

    Parameters
    ----------
    city
        The city.
    wishes
        A file, or options, or neither.
    today
        ISO 8601 date that assumptions bear where no file dates them.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        With every fault of the file or of the options.
    """
    base = default(city, today)
    if wishes.file is not None:
        return scenario_file.read(wishes.file, city, base)
    options: dict[str, Any] = {
        "time_limit_s": wishes.time_limit_s,
        "turnout": wishes.turnout,
        "period": wishes.period,
        "count_on": wishes.count_on,
        "threat": wishes.threat,
        "escalators_run": wishes.escalators_run,
        "has_doors": wishes.has_doors,
        "seed": wishes.seed,
    }
    given = {name: value for name, value in options.items() if value is not None}
    if wishes.threat in threats.names():
        given.setdefault("time_limit_s", threats.usual_time_s(str(wishes.threat)))
    elif usual_s := threats.usual_of(sorted(wishes.warning.items())):
        given.setdefault("time_limit_s", usual_s)
    if wishes.is_split:
        given |= _split()
    times_s, weights = _warning(base, wishes)
    asked = replace(
        base,
        name="options" if wishes.has_options else base.name,
        speed_m_s={**base.speed_m_s, **_split_speeds_m_s(wishes.is_split), **wishes.speed_m_s},
        warning_times_s=times_s,
        warning_weights=weights,
        delay_median_s={**base.delay_median_s, **wishes.delay_median_s},
        closed_shelter_ids=wishes.closed_shelter_ids,
        closed_entrance_ids=wishes.closed_entrance_ids,
        **given,
    )
    faults = Faults("options")
    try:
        check.scenario(asked, city)
    except InputError as error:
        faults.messages.extend(error.faults)
    faults.raise_if_any()
    return asked


def default(city: City, today: str) -> Scenario:
    """The scenario that the table of parameters gives: everybody comes, in the city's first period."""
    value = parameters.value
    return Scenario(
        name="default",
        dated=today,
        period=city.demand.periods[0],
        time_limit_s=int(value("default_time_limit_s")),
        compare_limits_s=tuple(
            int(value(f"compare_limit_{which}_s")) for which in ("short", "middle", "long")
        ),
        turnout=value("turnout_default"),
        speed_m_s={group.name: _speed_m_s(group) for group in city.demand.groups},
        steps_speed_factor=value("steps_speed_factor"),
        closed_shelter_ids=(),
        norm_profile=NORM_PROFILE,
        seed=1,
        count_on=OPEN,
        compare_turnouts=(
            round(value("turnout_poll"), 2),
            value("turnout_middle"),
            value("turnout_default"),
        ),
        delay_median_s={period: value(f"delay_{_hour(period)}_median_s") for period in city.demand.periods},
        delay_spread={period: value(f"delay_{_hour(period)}_spread") for period in city.demand.periods},
        delay_cohorts=int(value("delay_cohorts")),
        warning_times_s=tuple(
            int(value(f"compare_limit_{which}_s")) for which in ("short", "middle", "long")
        ),
        warning_weights=USUAL_WEIGHTS,
        has_doors=True,
        slot_s=int(value("slot_s")),
    )


def _warning(base: Scenario, wishes: Wishes) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Warning times and weights; the usual ones only where neither a time, a threat nor places alone are asked for."""
    asked = wishes.warning
    if not asked and wishes.time_limit_s is None and wishes.threat is None and wishes.has_doors is not False:
        return base.warning_times_s, base.warning_weights
    times_s = tuple(sorted(asked))
    return times_s, tuple(asked[time_s] for time_s in times_s)


def _hour(period: str) -> str:
    """The hours that a period's delay is taken from: people asleep take longer."""
    return "night" if "night" in period else "day"


def _speed_m_s(group: MobilityGroup) -> float:
    """Speed of a group [m/s], by what hinders it."""
    return parameters.value("step_free_speed_m_s" if group.needs_step_free else "walking_speed_m_s")


def _split() -> dict[str, Any]:
    """Children and older people as the table of parameters has them; adults keep the name of the group."""
    value = parameters.value
    return {
        "group_shares": {"children": value("child_share"), "older": value("older_share")},
        "group_steps_factor": {
            "children": value("child_steps_factor"),
            "older": value("older_steps_factor"),
        },
    }


def _split_speeds_m_s(is_split: bool) -> dict[str, float]:
    value = parameters.value
    if not is_split:
        return {}
    return {"children": value("child_speed_m_s"), "older": value("older_speed_m_s")}
