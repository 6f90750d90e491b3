"""What a report tells of minutes, doors and other crowds, as plain numbers; a part of `figures`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WarningFigures:
    """When the strike may come [s], each with its thousandths; the threat's name, empty where it is none's."""

    threat: str
    time_s: tuple[int, ...]
    weight: tuple[int, ...]


@dataclass(frozen=True)
class DelayFigures:
    """From the siren to leaving, an assumption: median [s], spread of its logarithm, mean of each cohort [s]."""

    median_s: float
    spread: float
    cohort_s: tuple[float, ...]


@dataclass(frozen=True)
class ExpectedFigures:
    """Expected people under cover when the strike comes."""

    scramble: float
    guided: float
    plan: float


@dataclass(frozen=True)
class BracketFigures:
    """Between what the plan's slots promise against us and what no plan can exceed, at the time limit.

    All of the best plan for just that limit: `promised` by its slots, `arrived` as the doors let its people in,
    `fifo_lost` promised and not in because queues are first come, first in; `with_rest` where those whom it sends
    nowhere run to the nearest besides.
    """

    promised: int
    arrived: int
    bound: int
    fifo_lost: int
    with_rest: int


@dataclass(frozen=True)
class PlaceFigures:
    """Where the people of a crowd are at each time; the seven add up to everyone."""

    staying: tuple[int, ...]
    walking: tuple[int, ...]
    queueing: tuple[int, ...]
    entering: tuple[int, ...]
    in_hall: tuple[int, ...]
    under_cover: tuple[int, ...]
    stranded: tuple[int, ...]


@dataclass(frozen=True)
class WhereaboutsFigures:
    """Both crowds over time [s]."""

    time_s: tuple[float, ...]
    plan: PlaceFigures
    scramble: PlaceFigures


@dataclass(frozen=True)
class FillFigures:
    """How full each shelter is at each time [s]: one text a time, one digit a shelter, 0 empty to 9 full."""

    time_s: tuple[float, ...]
    plan: tuple[str, ...]
    scramble: tuple[str, ...]


@dataclass(frozen=True)
class DoorFigures:
    """A door at its worst: longest queue and when, longest wait, density and what that means (`crowding.LEVELS`)."""

    entrance_id: str
    shelter_id: str
    name: str
    kind: str
    lon: float
    lat: float
    flow_per_min: float
    queue: int
    queue_at_s: float
    wait_s: float
    density_per_m2: float
    warning: str
    is_surge: bool
    is_single: bool


@dataclass(frozen=True)
class WorstDoorFigures:
    """The ten worst doors of either crowd."""

    plan: tuple[DoorFigures, ...]
    scramble: tuple[DoorFigures, ...]


@dataclass(frozen=True)
class TurnoutFigures:
    """People under cover at the time limit where another share of the people comes."""

    turnout: float
    people: int
    scramble: int
    plan: int
    guided: int
    bound: int


@dataclass(frozen=True)
class CellFigures:
    """What a broadcast priced for one turnout does to another: expected people lost against the plan made for that one.

    `overfilled` are shelters that turn people away because they are full, by the time limit.
    """

    priced_for: float
    comes: float
    under_cover: int
    lost: int
    lost_share: float
    overfilled: int


@dataclass(frozen=True)
class FollowedFigures:
    """People under cover where a share follows the broadcast and the rest run to the nearest."""

    share: float
    under_cover: int
    followers: int
    followers_under_cover: int
    rest: int
    rest_under_cover: int


@dataclass(frozen=True)
class GuidanceFigures:
    """What is broadcast, what it does to crowds that it was not priced for, and what each share that follows gains."""

    kind: str
    numbers: int
    spread_s: float
    priced_for: float
    misfit: float
    cells: tuple[CellFigures, ...]
    followed: tuple[FollowedFigures, ...]
