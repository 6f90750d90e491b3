"""What a report tells of the minutes: where everyone is, how full each shelter is, which doors are the worst."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takecover.analysis import crowding, timeline
from takecover.analysis import figures_time as fig
from takecover.model.city import City
from takecover.model.departures import Departures
from takecover.model.scenario import Scenario
from takecover.model.timeline import Timeline
from takecover.model.warning import WarningTimes


@dataclass(frozen=True, eq=False)
class Crowds:
    """What becomes of everyone, by three rules of behaviour.

    Attributes
    ----------
    plan
        Those whom the plan sends, as it says; nobody else sets out.
    scramble
        Everyone to the nearest.
    guided
        Everyone by what is broadcast.
    """

    plan: Timeline
    scramble: Timeline
    guided: Timeline


@dataclass(frozen=True)
class Minutes:
    """What a report tells of the minutes; the fields as in `figures.Figures` and `figures.CurveFigures`."""

    warning: fig.WarningFigures
    delay: fig.DelayFigures
    expected: fig.ExpectedFigures
    bracket: fig.BracketFigures
    bound_time_s: tuple[float, ...]
    bound: tuple[int, ...]
    whereabouts: fig.WhereaboutsFigures
    fill: fig.FillFigures
    doors: fig.WorstDoorFigures
    turnouts: tuple[fig.TurnoutFigures, ...]
    guidance: fig.GuidanceFigures
    units_per_person: int
    slot_s: float


FILL_STEPS = 20
"""Pictures of the city over time, from the siren to the horizon, besides the first."""

_FULL = 9


def warning(scenario: Scenario, times: WarningTimes) -> fig.WarningFigures:
    """When the strike may come, in seconds and thousandths."""
    return fig.WarningFigures(scenario.threat, tuple(times.time_s.tolist()), tuple(times.weight.tolist()))


def delay(scenario: Scenario, period: str, delay_ds: np.ndarray) -> fig.DelayFigures:
    """What is assumed of the time from the siren to leaving: nothing where doors do not count, as all leave at once."""
    return fig.DelayFigures(
        median_s=float(scenario.delay_median_s.get(period, 0.0)) if scenario.has_doors else 0.0,
        spread=float(scenario.delay_spread.get(period, 0.0)) if scenario.has_doors else 0.0,
        cohort_s=tuple((delay_ds / 10).tolist()),
    )


def whereabouts(crowds: Crowds, departures: Departures) -> fig.WhereaboutsFigures:
    """Where the people of the plan and of the scramble are, at every third moment and the last."""
    plan, scramble = crowds.plan, crowds.scramble
    people = int(departures.people.sum())
    kept = np.unique(np.append(np.arange(0, len(plan.moment_ds), 3), len(plan.moment_ds) - 1))
    return fig.WhereaboutsFigures(
        time_s=tuple((plan.moment_ds[kept] / 10).tolist()),
        plan=_places(plan, people, kept),
        scramble=_places(scramble, people, kept),
    )


def _places(crowd: Timeline, people: int, kept: np.ndarray) -> fig.PlaceFigures:
    where = timeline.whereabouts(crowd, people)
    names = ("staying", "walking", "queueing", "entering", "in_hall", "under_cover", "stranded")
    return fig.PlaceFigures(**{name: tuple(getattr(where, name)[kept].tolist()) for name in names})


def fill(crowds: Crowds, capacity: np.ndarray) -> fig.FillFigures:
    """How full each shelter is over time, one digit each: 0 empty, 9 full."""
    plan, scramble = crowds.plan, crowds.scramble
    at_ds = np.linspace(0, plan.horizon_ds, FILL_STEPS + 1).astype(np.int64)
    return fig.FillFigures(
        time_s=tuple((at_ds / 10).tolist()),
        plan=tuple(_digits(plan, int(time_ds), capacity) for time_ds in at_ds),
        scramble=tuple(_digits(scramble, int(time_ds), capacity) for time_ds in at_ds),
    )


def _digits(crowd: Timeline, time_ds: int, capacity: np.ndarray) -> str:
    load = timeline.load(crowd, time_ds, len(capacity))
    digit = np.where(
        load >= capacity, np.where(capacity > 0, _FULL, 0), load * _FULL // np.maximum(capacity, 1)
    )
    digit = np.where((load > 0) & (digit == 0), 1, digit)
    return "".join(map(str, digit.tolist()))


def doors(city: City, crowd: Timeline) -> tuple[fig.DoorFigures, ...]:
    """The ten worst doors of a crowd, by queue."""
    found = crowding.crowding(city.shelters, crowd)
    worst = crowding.worst(found, crowd, np.ones(len(crowd.doorways), np.bool_))
    shelters, entrances = city.shelters, city.shelters.entrances
    rows = []
    for door in worst.tolist():
        shelter = int(entrances.shelter_idx[door])
        rows.append(
            fig.DoorFigures(
                entrance_id=str(entrances.entrance_ids[door]),
                shelter_id=str(shelters.shelter_ids[shelter]),
                name=str(shelters.names[shelter]),
                kind=str(shelters.kinds[shelter]),
                lon=float(entrances.lon[door]),
                lat=float(entrances.lat[door]),
                flow_per_min=int(crowd.doorways.flow_per_ks[door]) * 60 / 1000,
                queue=int(crowd.doors.queue[door]),
                queue_at_s=int(crowd.doors.queue_ds[door]) / 10,
                wait_s=int(crowd.doors.wait_ds[door]) / 10,
                density_per_m2=round(float(found.density_per_m2[door]), 2),
                warning=crowding.LEVELS[int(found.level[door])],
                is_surge=bool(found.is_surge[door]),
                is_single=bool(found.is_single[door]),
            )
        )
    return tuple(rows)
