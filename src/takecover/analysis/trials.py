"""What happens when others come than was planned for, and when only some follow: the tables behind the broadcast."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from takecover.analysis import figures_time as fig
from takecover.analysis import timeline
from takecover.analysis.guide import part
from takecover.analysis.setting import Setting
from takecover.analysis.tally import tally
from takecover.errors import InternalError
from takecover.model.broadcast import Broadcast
from takecover.model.departures import Departures
from takecover.model.plan_over_time import PlanOverTime
from takecover.model.timeline import Timeline

SHARES = (0.1, 0.3, 0.5, 0.7)
"""Shares of the people who follow the broadcast, besides none and all, for the curve of what that gains."""


@dataclass(frozen=True, eq=False)
class Trial:
    """One turnout: everyone, the plan made for them, what is broadcast for it, and what becomes of them.

    Attributes
    ----------
    departures
        Everyone, by when they leave.
    plan
        The best plan for them.
    sent
        What would be broadcast for that plan.
    led, scrambled, guided
        Those whom the plan sends; everyone to the nearest; everyone by that broadcast.
    """

    departures: Departures
    plan: PlanOverTime
    sent: Broadcast
    led: Timeline
    scrambled: Timeline
    guided: Timeline


def trial(setting: Setting, departures: Departures, turnout: float) -> Trial:
    """Plan for a crowd, and let it come by each rule of behaviour."""
    plan = setting.plan(departures)
    sent = setting.broadcast(plan, turnout)
    return Trial(
        departures=departures,
        plan=plan,
        sent=sent,
        led=setting.led(plan),
        scrambled=setting.scrambled(departures),
        guided=setting.guided(departures, sent),
    )


Each = Callable[[Callable[..., Any], Iterable[Any]], Iterator[Any]]
"""Calls a function with each of several things and gives the answers in their order, as `map` and a pool's do."""


class Followed(NamedTuple):
    """Everyone of one turnout who follows what is made for another: the figures, and the crowd where it is kept."""

    cell: fig.CellFigures
    inside: int
    crowd: Timeline | None


@dataclass(frozen=True, eq=False)
class Chosen:
    """What is broadcast: the prices made for one of the turnouts, whichever comes.

    Attributes
    ----------
    priced_for
        The turnout that they are made for.
    sent
        The broadcast.
    guided
        What becomes of everyone who follows it at the plan's own turnout.
    inside
        People of each turnout who are under cover by the limit if all follow it.
    cells
        The same of every broadcast that there was to choose from, against the plan for whoever comes.
    """

    priced_for: float
    sent: Broadcast
    guided: Timeline
    inside: dict[float, int]
    cells: tuple[fig.CellFigures, ...]


def followed(
    setting: Setting, trials: Mapping[float, Trial], turnout: float, each: Each = map
) -> Iterator[Followed]:
    """Let every crowd follow every broadcast.

    Parameters
    ----------
    setting
        What all crowds have in common.
    trials
        One for each turnout.
    turnout
        The turnout of the plan: crowds of it are kept, all others are large and no longer needed.
    each
        How they are worked out: all at once by a pool's ``map``; the answers are the same.

    Returns
    -------
    Iterator
        By the turnout that is priced for, then the one that comes.
    """

    def follow(pair: tuple[float, float]) -> Followed:
        priced, comes = pair
        own = trials[comes]
        crowd = own.guided if priced == comes else setting.guided(own.departures, trials[priced].sent)
        kept = crowd if comes == turnout else None
        return Followed(_cell(setting, priced, comes, own, crowd), setting.inside(crowd), kept)

    return each(follow, [(priced, comes) for priced in trials for comes in trials])


def chosen(trials: Mapping[float, Trial], followed: Iterable[Followed]) -> Chosen:
    """Choose the prices whose worst loss over the turnouts is least.

    A loss is a share of those whom the plan made for the turnout would have under cover when the strike comes.

    Parameters
    ----------
    trials
        One for each turnout.
    followed
        What `followed` found.

    Raises
    ------
    InternalError
        If it found nothing.
    """
    found = list(followed)
    if not found:
        raise InternalError("trials: there is no turnout to choose a broadcast for.")
    rows = {
        priced: [each for each in found if each.cell.priced_for == priced]
        for priced in dict.fromkeys(each.cell.priced_for for each in found)
    }
    best = min(rows, key=lambda priced: max(each.cell.lost_share for each in rows[priced]))
    return Chosen(
        priced_for=best,
        sent=trials[best].sent,
        guided=next(each.crowd for each in rows[best] if each.crowd is not None),
        inside={each.cell.comes: each.inside for each in rows[best]},
        cells=tuple(each.cell for each in found),
    )


def turnouts(
    setting: Setting, trials: Mapping[float, Trial], sent: Chosen, bounds: Mapping[float, int]
) -> tuple[fig.TurnoutFigures, ...]:
    """People under cover at the limit for each turnout, by each rule of behaviour.

    Parameters
    ----------
    setting
        What all crowds have in common.
    trials
        One for each turnout.
    sent
        What is broadcast, whoever comes.
    bounds
        The bound [people] at the limit of each turnout.
    """
    return tuple(
        fig.TurnoutFigures(
            turnout=turnout,
            people=int(found.departures.people.sum()),
            scramble=setting.inside(found.scrambled),
            plan=setting.inside(found.led),
            guided=sent.inside[turnout],
            bound=bounds[turnout],
        )
        for turnout, found in trials.items()
    )


def guidance(
    setting: Setting, trials: Mapping[float, Trial], sent: Chosen, seed: int, each: Each = map
) -> fig.GuidanceFigures:
    """What is broadcast, what it does to crowds that it was not priced for, and what a share of followers gains.

    Parameters
    ----------
    setting
        What all crowds have in common.
    trials
        One for each turnout.
    sent
        What is broadcast.
    seed
        Which people follow where not all do.
    each
        As in `followed`.
    """
    largest = max(trials)
    return fig.GuidanceFigures(
        kind=sent.sent.kind,
        numbers=sent.sent.numbers,
        spread_s=sent.sent.spread_ds / 10,
        priced_for=sent.priced_for,
        misfit=round(sent.sent.misfit, 4),
        cells=sent.cells,
        followed=_curve(setting, trials[largest], sent.sent, sent.inside[largest], seed, each),
    )


def _cell(setting: Setting, priced_for: float, comes: float, own: Trial, found: Timeline) -> fig.CellFigures:
    best, reached = setting.expected(own.led), setting.expected(found)
    turned_full = found.turned_full[:, timeline.at(found, setting.limit_ds)]
    by_shelter = tally(found.doorways.shelter_idx, turned_full, len(setting.capacity))
    return fig.CellFigures(
        priced_for=priced_for,
        comes=comes,
        under_cover=round(reached),
        lost=round(best - reached),
        lost_share=round((best - reached) / max(best, 1), 4),
        overfilled=int((by_shelter > 0).sum()),
    )


def _curve(
    setting: Setting, everyone: Trial, sent: Broadcast, all_led: int, seed: int, each: Each
) -> tuple[fig.FollowedFigures, ...]:
    """People under cover at the limit against the share that follows, from nobody to everyone (`all_led`)."""
    people = int(everyone.departures.people.sum())
    nobody = setting.inside(everyone.scrambled)
    return (
        fig.FollowedFigures(0.0, nobody, 0, 0, people, nobody),
        *each(lambda share: _part(setting, everyone.departures, sent, share, seed), SHARES),
        fig.FollowedFigures(1.0, all_led, people, all_led, 0, 0),
    )


def _part(
    setting: Setting, everyone: Departures, sent: Broadcast, share: float, seed: int
) -> fig.FollowedFigures:
    """Both parts of a crowd, counted apart."""
    followers = part(everyone, share, seed)
    crowd = setting.guide(everyone, sent, followers)
    found = setting.arrived(crowd.batches)
    is_in = found.time_ds <= setting.limit_ds
    inside = tally(found.batch_idx[is_in], found.people[is_in], len(crowd.batches))
    of_followers = int(inside[crowd.is_led].sum())
    total, led_people = int(inside.sum()), int(followers.people.sum())
    return fig.FollowedFigures(
        share=share,
        under_cover=total,
        followers=led_people,
        followers_under_cover=of_followers,
        rest=int(everyone.people.sum()) - led_people,
        rest_under_cover=total - of_followers,
    )
