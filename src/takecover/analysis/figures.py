"""Everything that a report shows and that ``plan.json`` carries, as plain numbers in the order of that file.

Field names are the keys of the file. Nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

from takecover.analysis.figures_time import (
    BracketFigures,
    DelayFigures,
    ExpectedFigures,
    FillFigures,
    GuidanceFigures,
    TurnoutFigures,
    WarningFigures,
    WhereaboutsFigures,
    WorstDoorFigures,
)
from takecover.model.city import Source
from takecover.model.scenario import Scenario

REASONS = ("too_far", "no_step_free_way", "left_too_late", "door_shut", "door_too_narrow", "no_place")
"""Why people are left outside, in the order in which every table gives them."""

FORMAT = "takecover-plan/2"
"""Format of ``plan.json``; changes where a key changes its meaning or goes."""


@dataclass(frozen=True)
class CityFigures:
    """The city, and what every output must say of it; as in `City`."""

    name: str
    title: str
    title_uk: str
    is_modelled: bool
    notices: tuple[str, ...]
    notices_uk: tuple[str, ...]
    attributions: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class ReasonFigures:
    """People left outside by reason; they add up to the unserved."""

    too_far: int
    no_step_free_way: int
    left_too_late: int
    door_shut: int
    door_too_narrow: int
    no_place: int


@dataclass(frozen=True)
class ScrambleFigures:
    """The scramble at the time limit; `turned_away` are the people turned away at least once by then."""

    under_cover: int
    unserved: int
    turned_away: int
    total_walk_time_s: float


@dataclass(frozen=True)
class CertificateFigures:
    """Proof of a plan in its slots: each a pair (units of people lost, deciseconds); a gap of (0, 0) proves it optimal.

    A person under cover whenever the strike comes is worth `units_per_person` units; a slot lasts `slot_s`.
    """

    primal: tuple[int, int]
    dual: tuple[int, int]
    gap: tuple[int, int]
    units_per_person: int
    slot_s: float


@dataclass(frozen=True)
class ComparisonFigures:
    """Scramble, this plan, and the most that any plan could have, at one time."""

    time_limit_s: int
    scramble_under_cover: int
    plan_under_cover: int
    bound: int


@dataclass(frozen=True)
class CurveFigures:
    """People under cover by each time [s] after the siren, that time included.

    `guided` is everyone following what is broadcast; `bound` the most that any plan could have, at fewer times.
    """

    time_s: tuple[float, ...]
    scramble: tuple[int, ...]
    guided: tuple[int, ...]
    plan: tuple[int, ...]
    bound_time_s: tuple[float, ...]
    bound: tuple[int, ...]


@dataclass(frozen=True)
class BelowFigures:
    """A stretch of time, its end left out, in which the plan has fewer people under cover than the scramble."""

    from_s: float
    to_s: float
    largest: int
    at_s: float


@dataclass(frozen=True)
class DistrictFigures:
    """People who set out in a district, and the shelters that stand in it; no id where it is in no district."""

    zone_id: str
    name: str
    name_uk: str
    people: int
    under_cover: int
    unserved: int
    too_far: int
    no_step_free_way: int
    left_too_late: int
    door_shut: int
    door_too_narrow: int
    no_place: int
    scramble_under_cover: int
    capacity: int
    load: int
    shelters: int


@dataclass(frozen=True)
class GroupFigures:
    """People of a mobility group."""

    name: str
    people: int
    under_cover: int
    unserved: int
    too_far: int
    no_step_free_way: int
    left_too_late: int
    door_shut: int
    door_too_narrow: int
    no_place: int
    scramble_under_cover: int


@dataclass(frozen=True)
class ShelterFigures:
    """A shelter: its load in the plan, what one more place is worth, and its scramble by the time limit.

    `utilisation` is load over capacity, 0 where there are no places. `zone_id` is empty where it is in no district.
    `price_people` and `price_s` are what one more place gains: whole people, or, where there are several warning times,
    people expected, and time saved [s].
    """

    shelter_id: str
    name: str
    kind: str
    lon: float
    lat: float
    zone_id: str
    capacity: int
    load: int
    utilisation: float
    price_people: float
    price_s: float
    scramble_load: int
    turned_away: int
    is_withheld: bool


@dataclass(frozen=True)
class StepFigures:
    """Places that are left at each step from the register to the door in time, none more than the one before.

    `key` is empty for the city, else the id of a district (empty where it is in none) or of a shelter. `unverified`
    are those among `open` of which one step at least nobody has looked at.
    """

    key: str
    registered: int
    exists: int
    usable: int
    open: int
    in_time: int
    unverified: int


@dataclass(frozen=True)
class PlacesFigures:
    """The five numbers of the city, its districts and its shelters, and which of them the plan counts on."""

    count_on: str
    city: StepFigures
    districts: tuple[StepFigures, ...]
    shelters: tuple[StepFigures, ...]


@dataclass(frozen=True)
class CountFigures:
    """Size of the problem."""

    origins: int
    shelters: int
    entrances: int
    nodes: int
    segments: int
    candidate_entries: int


@dataclass(frozen=True)
class Figures:
    """Figures of one plan, in the order of ``plan.json``.

    People are whole; times are seconds, exact to a tenth. `unserved_by_reason` adds up to `unserved`, the districts
    and the groups each to the whole city.
    """

    format: str
    city: CityFigures
    scenario: Scenario
    time_limit_s: int
    people: int
    under_cover: int
    unserved: int
    unserved_by_reason: ReasonFigures
    total_walk_time_s: float
    mean_walk_time_s: float
    scramble: ScrambleFigures
    gain: int
    certificate: CertificateFigures
    warning: WarningFigures
    delay: DelayFigures
    expected: ExpectedFigures
    bracket: BracketFigures
    comparison: tuple[ComparisonFigures, ...]
    curves: CurveFigures
    below: tuple[BelowFigures, ...]
    districts: tuple[DistrictFigures, ...]
    groups: tuple[GroupFigures, ...]
    shelters: tuple[ShelterFigures, ...]
    places: PlacesFigures
    whereabouts: WhereaboutsFigures
    fill: FillFigures
    doors: WorstDoorFigures
    turnouts: tuple[TurnoutFigures, ...]
    guidance: GuidanceFigures
    counts: CountFigures

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON has them: mappings, lists, text, numbers and truth values only."""
        plain: dict[str, Any] = _plain(self)
        return plain


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in (int, float, str, bool):
        return value
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return {name: _plain(getattr(value, name)) for name in _names(kind)} if is_dataclass(kind) else value


@cache
def _names(kind: type) -> tuple[str, ...]:
    """Fields of a kind of figures; asked once for each kind, not for each of some thousand rows."""
    return tuple(field.name for field in fields(kind))
