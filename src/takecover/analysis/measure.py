"""A plan and the scramble beside it, as the figures that a person reads.

Counts whole people and deciseconds; a second is made of ten of them only when a figure is done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from takecover.analysis import curves, timeline
from takecover.analysis import figures as fig
from takecover.analysis.five_numbers import FiveNumbers
from takecover.analysis.minutes import Crowds, Minutes
from takecover.analysis.reasons import Reasons
from takecover.analysis.tally import tally
from takecover.errors import InternalError
from takecover.model.city import City
from takecover.model.plan import Certificate, Plan
from takecover.model.scenario import Scenario
from takecover.model.timeline import Timeline

NO_DISTRICT = ("", "In no district", "Поза районами")
"""Id and names of the row for people and shelters that stand in no district."""


@dataclass(frozen=True, eq=False)
class _ByRow:
    """What is counted of each row of the cost table, by the name of the figure, each of shape (r,) int64."""

    people: np.ndarray
    under_cover: np.ndarray
    unserved: np.ndarray
    too_far: np.ndarray
    no_step_free_way: np.ndarray
    left_too_late: np.ndarray
    door_shut: np.ndarray
    door_too_narrow: np.ndarray
    no_place: np.ndarray
    scramble_under_cover: np.ndarray

    def summed(self, position_idx: np.ndarray, size: int) -> list[dict[str, int]]:
        """Each figure by position, as one mapping for each position."""
        sums = {name: tally(position_idx, column, size).tolist() for name, column in vars(self).items()}
        return [{name: column[i] for name, column in sums.items()} for i in range(size)]


def measure(
    city: City,
    scenario: Scenario,
    plan: Plan,
    crowds: Crowds,
    reasons: Reasons,
    numbers: FiveNumbers,
    minutes: Minutes,
) -> fig.Figures:
    """Count everything that a report shows.

    Parameters
    ----------
    city, scenario
        What the plan was made from.
    plan
        The plan as it stands at the scenario's time limit.
    crowds
        What becomes of everyone, run at least to the longest limit; the plan's limit is one of their moments.
    reasons
        Why the plan leaves people outside.
    numbers
        What is left of the registered places.
    minutes
        What is told of the minutes besides.

    Returns
    -------
    Figures
        The figures, in the order of ``plan.json``.

    Raises
    ------
    InternalError
        If the parts do not belong together or do not add up.

    Notes
    -----
    Curves are step functions of the decisecond. Counts at a limit, and the stretches in which the plan lies below
    the scramble, are read from them exactly; only what is drawn is sampled.
    """
    scramble = crowds.scramble
    _check(scenario, plan, scramble, reasons, minutes)
    entries = np.flatnonzero(plan.flow)
    walk_ds, flow = plan.costs.walk_time_ds[entries].astype(np.int64), plan.flow[entries]
    plan_curve, scramble_curve, guided_curve = (
        curves.under_cover(crowd.time_ds, crowd.people, scramble.horizon_ds)
        for crowd in (crowds.plan, scramble, crowds.guided)
    )
    people, under_cover = int(plan.people.sum()), plan.under_cover
    total_walk_ds = int(walk_ds @ flow)
    scrambled = _scramble(plan, scramble)
    by_row = _by_row(plan, scramble, reasons)
    return fig.Figures(
        format=fig.FORMAT,
        city=_city(city),
        scenario=scenario,
        time_limit_s=scenario.time_limit_s,
        people=people,
        under_cover=under_cover,
        unserved=people - under_cover,
        unserved_by_reason=fig.ReasonFigures(
            **{name: int(getattr(reasons, name).sum()) for name in fig.REASONS}
        ),
        total_walk_time_s=total_walk_ds / 10,
        mean_walk_time_s=total_walk_ds / 10 / max(under_cover, 1),
        scramble=scrambled,
        gain=under_cover - scrambled.under_cover,
        certificate=_certificate(plan.certificate, minutes),
        warning=minutes.warning,
        delay=minutes.delay,
        expected=minutes.expected,
        bracket=minutes.bracket,
        comparison=_comparison(scenario, plan_curve, scramble_curve, minutes),
        curves=_curves(plan_curve, scramble_curve, guided_curve, minutes),
        below=tuple(
            fig.BelowFigures(low.from_ds / 10, low.to_ds / 10, low.largest, low.at_ds / 10)
            for low in curves.below(plan_curve, scramble_curve)
        ),
        districts=_districts(city, plan, by_row),
        groups=_groups(city, plan, by_row),
        shelters=_shelters(city, plan, scramble),
        places=_places(city, scenario, numbers),
        whereabouts=minutes.whereabouts,
        fill=minutes.fill,
        doors=minutes.doors,
        turnouts=minutes.turnouts,
        guidance=minutes.guidance,
        counts=_counts(city, plan),
    )


def _check(scenario: Scenario, plan: Plan, scramble: Timeline, reasons: Reasons, minutes: Minutes) -> None:
    """Refuse parts that were made for other limits or that do not add up."""
    limit_ds = scenario.time_limit_s * 10
    if plan.costs.time_limit_ds != limit_ds or limit_ds not in scramble.moment_ds:
        raise InternalError(
            f"measure: plan for {plan.costs.time_limit_ds} ds and scramble counted at {len(scramble.moment_ds)} "
            f"moments, but the scenario's limit is {limit_ds} ds. Make the plan for it, and count at it."
        )
    longest_ds = 10 * max((scenario.time_limit_s, *scenario.compare_limits_s))
    if scramble.horizon_ds < longest_ds:
        raise InternalError(
            f"measure: the scramble ends at {scramble.horizon_ds} ds, before the longest limit of {longest_ds} ds."
        )
    missing = [s for s in scenario.compare_limits_s if s not in minutes.bound_time_s]
    if missing:
        raise InternalError(f"measure: no bound is given for the compared limits of {missing} s.")
    if (reasons.total() != plan.unserved).any():
        raise InternalError("measure: the reasons do not add up to the people whom the plan leaves outside.")


def _counts(city: City, plan: Plan) -> fig.CountFigures:
    return fig.CountFigures(
        origins=len(city.demand),
        shelters=len(city.shelters),
        entrances=len(city.shelters.entrances),
        nodes=city.network.node_count,
        segments=city.network.segment_count,
        candidate_entries=len(plan.flow),
    )


def _city(city: City) -> fig.CityFigures:
    return fig.CityFigures(
        name=city.name,
        title=city.title,
        title_uk=city.title_uk,
        is_modelled=city.is_modelled,
        notices=city.notices,
        notices_uk=city.notices_uk,
        attributions=city.attributions,
        sources=city.sources,
    )


def _scramble(plan: Plan, scramble: Timeline) -> fig.ScrambleFigures:
    """The scramble as it stands at the plan's limit."""
    limit_ds = plan.costs.time_limit_ds
    is_in = scramble.time_ds <= limit_ds
    inside = scramble.people[is_in]
    under_cover = int(inside.sum())
    return fig.ScrambleFigures(
        under_cover=under_cover,
        unserved=int(plan.people.sum()) - under_cover,
        turned_away=timeline.met(scramble, limit_ds),
        total_walk_time_s=int(inside @ scramble.time_ds[is_in].astype(np.int64)) / 10,
    )


def _certificate(certificate: Certificate, minutes: Minutes) -> fig.CertificateFigures:
    primal, dual, gap = (
        (int(pair.people), int(pair.ds)) for pair in (certificate.primal, certificate.dual, certificate.gap)
    )
    return fig.CertificateFigures(primal, dual, gap, minutes.units_per_person, minutes.slot_s)


def _comparison(
    scenario: Scenario, plan_curve: np.ndarray, scramble_curve: np.ndarray, minutes: Minutes
) -> tuple[fig.ComparisonFigures, ...]:
    bounds = dict(zip(minutes.bound_time_s, minutes.bound, strict=True))
    return tuple(
        fig.ComparisonFigures(
            time_limit_s=limit_s,
            scramble_under_cover=int(scramble_curve[limit_s * 10]),
            plan_under_cover=int(plan_curve[limit_s * 10]),
            bound=bounds[limit_s],
        )
        for limit_s in scenario.compare_limits_s
    )


def _curves(
    plan_curve: np.ndarray, scramble_curve: np.ndarray, guided_curve: np.ndarray, minutes: Minutes
) -> fig.CurveFigures:
    at_ds = curves.grid_ds(len(plan_curve) - 1)
    return fig.CurveFigures(
        time_s=tuple((at_ds / 10).tolist()),
        scramble=tuple(scramble_curve[at_ds].tolist()),
        guided=tuple(guided_curve[at_ds].tolist()),
        plan=tuple(plan_curve[at_ds].tolist()),
        bound_time_s=minutes.bound_time_s,
        bound=minutes.bound,
    )


def _by_row(plan: Plan, scramble: Timeline, reasons: Reasons) -> _ByRow:
    return _ByRow(
        people=plan.people,
        under_cover=plan.people - plan.unserved,
        unserved=plan.unserved,
        too_far=reasons.too_far,
        no_step_free_way=reasons.no_step_free_way,
        left_too_late=reasons.left_too_late,
        door_shut=reasons.door_shut,
        door_too_narrow=reasons.door_too_narrow,
        no_place=reasons.no_place,
        scramble_under_cover=timeline.by_row(scramble, plan.costs.time_limit_ds, len(plan.people)),
    )


def _districts(city: City, plan: Plan, by_row: _ByRow) -> tuple[fig.DistrictFigures, ...]:
    """Every district, and a last row for what is in none where there is any."""
    zones, size = city.zones, len(city.zones) + 1
    counted = by_row.summed(city.demand.zone_idx[plan.costs.origin_idx], size)  # -1, in none, is the last
    shelter_zone_idx = city.shelters.zone_idx
    capacity, load, shelters = (
        tally(shelter_zone_idx, amount, size).tolist()
        for amount in (plan.capacity, plan.load, np.ones(len(shelter_zone_idx), np.int64))
    )
    names = [
        *zip(zones.zone_ids.tolist(), zones.names.tolist(), zones.names_uk.tolist(), strict=True),
        NO_DISTRICT,
    ]
    found = [
        fig.DistrictFigures(
            zone_id=zone_id,
            name=name,
            name_uk=name_uk,
            **counted[i],
            capacity=capacity[i],
            load=load[i],
            shelters=shelters[i],
        )
        for i, (zone_id, name, name_uk) in enumerate(names)
    ]
    return tuple(found if found[-1].people or found[-1].shelters else found[:-1])


def _groups(city: City, plan: Plan, by_row: _ByRow) -> tuple[fig.GroupFigures, ...]:
    counted = by_row.summed(plan.costs.group_idx, len(city.demand.groups))
    return tuple(
        fig.GroupFigures(name=group.name, **counts)
        for group, counts in zip(city.demand.groups, counted, strict=True)
    )


def _shelters(city: City, plan: Plan, scramble: Timeline) -> tuple[fig.ShelterFigures, ...]:
    shelters, limit_ds = city.shelters, plan.costs.time_limit_ds
    zone_ids = np.array([*city.zones.zone_ids.tolist(), NO_DISTRICT[0]], dtype=object)
    columns = (
        shelters.shelter_ids,
        shelters.names,
        shelters.kinds,
        shelters.lon,
        shelters.lat,
        zone_ids[shelters.zone_idx],  # -1, in none, is the last
        plan.capacity,
        plan.load,
        plan.load / np.maximum(plan.capacity, 1),
        plan.price_people,
        plan.price_ds / 10,
        timeline.load(scramble, limit_ds, len(shelters)),
        timeline.turned_away(scramble, limit_ds, len(shelters)),
        shelters.is_withheld,
    )
    return tuple(
        fig.ShelterFigures(*row) for row in zip(*(column.tolist() for column in columns), strict=True)
    )


def _places(city: City, scenario: Scenario, numbers: FiveNumbers) -> fig.PlacesFigures:
    """The five numbers as sums over the city and its districts, and of each shelter."""
    zones = city.zones
    keys = [*zones.zone_ids.tolist(), NO_DISTRICT[0]]
    by_zone = _steps(numbers, keys, lambda places: tally(city.shelters.zone_idx, places, len(keys)))
    has_rest = bool((city.shelters.zone_idx < 0).any())
    return fig.PlacesFigures(
        count_on=scenario.count_on,
        city=_steps(numbers, [""], lambda places: places.sum(keepdims=True))[0],
        districts=by_zone if has_rest else by_zone[:-1],
        shelters=_steps(numbers, city.shelters.shelter_ids.tolist(), lambda places: places),
    )


def _steps(
    numbers: FiveNumbers, keys: Sequence[str], summed: Callable[[np.ndarray], np.ndarray]
) -> tuple[fig.StepFigures, ...]:
    columns = [summed(places).tolist() for places in vars(numbers).values()]
    return tuple(
        fig.StepFigures(key, *row) for key, row in zip(keys, zip(*columns, strict=True), strict=True)
    )
