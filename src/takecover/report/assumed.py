"""What a plan assumes of leaving, coming and the strike, as a sentence in both languages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from takecover import parameters
from takecover.report import markup, texts

WHOLE = 1000
"""The weights of all warning times together: they are thousandths."""


SINGULAR = {"children": "child"}
"""Groups whose parameters are called otherwise than they are."""

DOORS = (
    "level_constant_m_s",
    "stair_constant_m_s",
    "escalator_flow_per_s",
    "gate_flow_per_s",
    "cover_depth_m",
    "basement_door_width_m",
    "basement_stair_width_m",
    "underpass_stair_width_m",
    "car_park_ramp_width_m",
    "sealed_door_width_m",
    "sealed_stair_width_m",
    "metro_door_width_m",
    "metro_door_leaves",
    "metro_stair_width_m",
    "metro_forecourt_m2",
    "underpass_forecourt_m2",
    "car_park_forecourt_m2",
    "basement_forecourt_m2",
)
"""Parameters of ways in that a report shows besides the delay."""


@dataclass(frozen=True)
class ParameterRow:
    """A number behind the plan: what was used, and where it stands in the table of parameters."""

    name: str
    unit: str
    value: float
    low: float
    high: float
    standing: str
    source: str
    is_own: bool


def line(figures: Mapping[str, Any]) -> Markup:
    """What every output must say.

    Parameters
    ----------
    figures
        The figures of a plan, as in ``plan.json``, for planners or for the public.
    """
    return markup.in_each(lambda lang: sentence(figures, lang))


def sentence(figures: Mapping[str, Any], lang: str) -> Markup:
    """The same in one language."""
    return texts.say(
        "assumed.line",
        lang,
        leave=_leave(figures, lang),
        turnout=figures["scenario"]["turnout"],
        strike=strike(figures["warning"], lang),
    )


def _leave(figures: Mapping[str, Any], lang: str) -> Markup:
    """When people leave."""
    delay = figures["delay"]
    if delay["median_s"] == 0:
        return texts.say("assumed.at_once", lang)
    cohorts = [texts.clock(seconds, lang) for seconds in delay["cohort_s"]]
    return texts.say(
        "assumed.delay",
        lang,
        median_s=delay["median_s"],
        spread=texts.number(delay["spread"], lang, 1),
        cohorts=", ".join(cohorts),
    )


def strike(warning: Mapping[str, Any], lang: str) -> Markup:
    """When the strike comes: one time, or several with their shares, and the threat that leaves them."""
    times = [
        Markup("{} ({})").format(_when(time_s, lang), texts.share(weight / WHOLE, lang))
        for time_s, weight in zip(warning["time_s"], warning["weight"], strict=True)
    ]
    several = _when(warning["time_s"][0], lang) if len(times) == 1 else Markup(", ").join(times)
    if not warning["threat"]:
        return several
    return texts.say(
        "assumed.threat", lang, threat=texts.say(f"threat.{warning['threat']}", lang), times=several
    )


def _when(time_s: int, lang: str) -> Markup:
    """One warning time; none where the siren comes with the strike or after it."""
    return texts.say("assumed.after" if time_s > 0 else "assumed.no_time", lang, time_s=time_s)


def expected(figures: Mapping[str, Any]) -> Markup | None:
    """Expected people under cover when the strike comes, where it may come at several times."""
    if len(figures["warning"]["time_s"]) == 1:
        return None
    counts = {name: round(figures["expected"][name]) for name in ("scramble", "guided", "plan")}
    return markup.in_each(
        lambda lang: texts.say(
            "headline.expected",
            lang,
            **{
                name: Markup('<b class="n-{}">{}</b>').format(name, texts.number(count, lang))
                for name, count in counts.items()
            },
        )
    )


def parameter_rows(figures: Mapping[str, Any]) -> list[ParameterRow]:
    """The numbers that this plan rests on, with what it used in place of the default."""
    scenario = figures["scenario"]
    used = {
        f"{SINGULAR.get(group, group)}_speed_m_s": speed for group, speed in scenario["speed_m_s"].items()
    }
    used["steps_speed_factor"] = scenario["steps_speed_factor"]
    return _rows((*used, "step_free_share", "step_free_entrance_share", "snap_limit_m"), used)


def door_rows(figures: Mapping[str, Any]) -> list[ParameterRow]:
    """The numbers that stand in where nobody has measured a door, a stair or a delay; none where doors do not count."""
    scenario = figures["scenario"]
    if not scenario["has_doors"]:
        return []
    period = scenario["period"]
    used = {}
    for name, asked in (("median_s", scenario["delay_median_s"]), ("spread", scenario["delay_spread"])):
        if f"delay_{period}_{name}" in {entry.name for entry in parameters.table()}:
            used[f"delay_{period}_{name}"] = asked.get(period, 0.0)
    return _rows((*used, *DOORS), used)


def _rows(names: Collection[str], used: Mapping[str, float]) -> list[ParameterRow]:
    """Rows of some parameters in the order of the table, with what the plan used of them where it is its own."""
    rows = []
    for entry in parameters.table():
        if entry.name not in names:
            continue
        number = used.get(entry.name, entry.default)
        rows.append(
            ParameterRow(
                name=entry.name,
                unit=entry.unit,
                value=number,
                low=entry.low,
                high=entry.high,
                standing=entry.standing,
                source=entry.source,
                is_own=number != entry.default,
            )
        )
    return rows
